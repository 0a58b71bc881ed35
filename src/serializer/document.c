/* Writes rows' objects as templates. */
#include "serializer/document.h"

#include <stdlib.h>

#include "base/memory.h"
#include "row_object.h"
#include "serializer/json_text.h"
#include "template_writer.h"

struct document_maker {
	struct row_objects objects;
};

struct document_maker *document_maker_new(const struct graph *graph)
{
	struct document_maker *maker = must(malloc(sizeof(*maker)));
	row_objects_init(&maker->objects, graph);
	return maker;
}

void document_maker_free(struct document_maker *maker)
{
	if (maker == NULL)
		return;
	row_objects_fini(&maker->objects);
	free(maker);
}

/* INT64_MAX: none. */
static int64_t moment_of(const json_t *value)
{
	return json_is_null(value) ? INT64_MAX : json_integer_value(value);
}

static void write_growing(struct template_writer *writer, const json_t *object)
{
	struct growing_duration duration = {
		.since = json_integer_value(json_object_get(object, "since")),
		.step = json_integer_value(json_object_get(object, "step")),
		.until = moment_of(json_object_get(object, "until")),
		.null_before = json_is_true(json_object_get(object, "null_before")),
	};
	template_write_duration(writer, &duration);
}

static void write_scalar(struct template_writer *writer, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		text_write_string(&writer->text, json_string_value(value),
		                  json_string_length(value));
		break;
	case JSON_REAL:
		text_write_real(&writer->text, json_real_value(value));
		break;
	case JSON_TRUE:
		strbuf_add(&writer->text, "true", 4);
		break;
	case JSON_FALSE:
		strbuf_add(&writer->text, "false", 5);
		break;
	case JSON_INTEGER:
		text_write_integer(&writer->text, json_integer_value(value));
		break;
	case JSON_OBJECT:
		write_growing(writer, value);
		break;
	default:
		strbuf_add(&writer->text, "null", 4);
	}
}

static void write_row(struct document_maker *maker, struct template_writer *writer,
                      struct row_object *object);

static void write_reference(struct document_maker *maker, struct template_writer *writer,
                            const json_t *value)
{
	if (json_is_object(value))
		write_row(maker, writer, row_object_of(&maker->objects, value));
	else
		strbuf_add(&writer->text, "null", 4);
}

static void write_listed(struct document_maker *maker, struct template_writer *writer,
                         const json_t *listed)
{
	size_t item = template_begin_item(writer, moment_of(json_object_get(listed, "from")),
	                                  moment_of(json_object_get(listed, "until")));
	write_reference(maker, writer, json_object_get(listed, "item"));
	template_end_item(writer, item);
}

static void write_list(struct document_maker *maker, struct template_writer *writer,
                       const struct field *field, const json_t *list)
{
	strbuf_char(&writer->text, '[');
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		if (field->from != NULL) {
			write_listed(maker, writer, item);
			continue;
		}
		if (i > 0)
			strbuf_char(&writer->text, ',');
		write_reference(maker, writer, item);
	}
	strbuf_char(&writer->text, ']');
}

static void write_field(struct document_maker *maker, struct template_writer *writer,
                        const struct field *field, const json_t *value)
{
	if (field->kind == URL)
		template_write_url(writer, json_string_value(value), json_string_length(value));
	else if (kind_is_one(field->kind))
		write_reference(maker, writer, value);
	else if (json_is_array(value))
		write_list(maker, writer, field, value);
	else
		write_scalar(writer, value);
}

/* The object has the view's fields in their order, so that both are walked side by side. */
static void write_fields(struct document_maker *maker, struct template_writer *writer,
                         const struct row_object *object)
{
	const struct resource *resource = object->resource;
	void *member = json_object_iter(object->json);
	char before = '{';
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		if (field_shown(resource, field, object->view) == ABSENT ||
		    (maker->objects.omits != NULL &&
		     json_object_get(object->json, field->name) == NULL))
			continue;
		strbuf_char(&writer->text, before);
		before = ',';
		strbuf_char(&writer->text, '"');
		strbuf_str(&writer->text, field->name);
		strbuf_add(&writer->text, "\":", 2);
		write_field(maker, writer, field, json_object_iter_value(member));
		member = json_object_iter_next(object->json, member);
	}
	strbuf_char(&writer->text, '}');
}

/* A row that is used several times is rendered by itself and copied. */
static void write_row(struct document_maker *maker, struct template_writer *writer,
                      struct row_object *object)
{
	if (object->uses < 2) {
		write_fields(maker, writer, object);
		return;
	}
	if (object->text == NULL) {
		struct template_writer own;
		template_writer_init(&own);
		write_fields(maker, &own, object);
		object->text = template_writer_finish(&own);
	}
	template_write_copy(writer, object->text);
}

void document_omit_lists(struct document_maker *maker,
                         bool (*omits)(void *context, const struct row *row,
                                       const struct field *field),
                         void *context)
{
	maker->objects.omits = omits;
	maker->objects.omits_context = context;
}

void document_announce(struct document_maker *maker, struct row *row, enum view_id view)
{
	(void)row_object_use(&maker->objects, row, view);
}

struct text_template *document_render(struct document_maker *maker, struct row *row,
                                      enum view_id view)
{
	struct template_writer writer;
	struct row_object *object = row->user[view - 1];
	template_writer_init(&writer);
	if (object != NULL)
		write_row(maker, &writer, object);
	else
		strbuf_add(&writer.text, "null", 4);
	return template_writer_finish(&writer);
}
