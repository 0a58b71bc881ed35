/* Writes the OpenAPI document as people read it. */
#include "reference.h"

#include <string.h>

#include "base/embed.h"
#include "reference_parts.h"
#include "serializer/openapi.h"

/* A place in an object whose members are gone through. */
struct place {
	json_t *object;
	void *iterator;
};

struct reference_context {
	json_t *document;
	json_t *components;
	struct place operation, answer, schema, field; /* of these rounds */
	const json_t *parameter;
};

static bool next_member(struct place *place, json_t *object, size_t number)
{
	if (number == 0)
		*place = (struct place){object, json_object_iter(object)};
	else
		place->iterator = json_object_iter_next(place->object, place->iterator);
	return place->iterator != NULL;
}

static const char *key_of(const struct place *place)
{
	return json_object_iter_key(place->iterator);
}

static json_t *value_of(const struct place *place)
{
	return json_object_iter_value(place->iterator);
}

/* "" where there is none. */
static const char *string_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* What a reference stands for, or the value itself. */
static json_t *resolve(const struct reference_context *self, json_t *value)
{
	const char *reference = json_string_value(json_object_get(value, "$ref"));
	char section[32];
	const char *slash;

	if (!reference || strncmp(reference, "#/components/", 13) != 0)
		return value;
	slash = strchr(reference + 13, '/');
	if (!slash || (size_t)(slash - reference - 13) >= sizeof(section))
		return value;
	memcpy(section, reference + 13, (size_t)(slash - reference - 13));
	section[slash - reference - 13] = '\0';
	return json_object_get(json_object_get(self->components, section), slash + 1);
}

static void write_description(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	strbuf_str(out, string_of(json_object_get(self->document, "info"), "description"));
}

static bool next_operation(void *context, size_t number)
{
	struct reference_context *self = context;

	return next_member(&self->operation, json_object_get(self->document, "paths"), number);
}

static json_t *operation_of(const struct reference_context *self)
{
	return json_object_get(value_of(&self->operation), "get");
}

static void write_operation_id(struct strbuf *out, void *context)
{
	strbuf_str(out, string_of(operation_of(context), "operationId"));
}

static void write_summary(struct strbuf *out, void *context)
{
	strbuf_str(out, string_of(operation_of(context), "summary"));
}

static void write_path(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	strbuf_str(out, key_of(&self->operation));
}

static void write_text(struct strbuf *out, void *context)
{
	reference_write_paragraphs(out, string_of(operation_of(context), "description"));
}

static bool next_parameter(void *context, size_t number)
{
	struct reference_context *self = context;
	const json_t *parameters = json_object_get(operation_of(self), "parameters");

	self->parameter = resolve(self, json_array_get(parameters, number));
	return self->parameter != NULL;
}

static void write_parameter_name(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	strbuf_str(out, string_of(self->parameter, "name"));
}

static void write_parameter_in(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	strbuf_str(out, string_of(self->parameter, "in"));
}

static void write_parameter_type(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	reference_write_type(out, json_object_get(self->parameter, "schema"));
}

static void write_parameter_text(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	reference_write_line(out, string_of(self->parameter, "description"));
}

static bool next_answer(void *context, size_t number)
{
	struct reference_context *self = context;

	return next_member(&self->answer, json_object_get(operation_of(self), "responses"), number);
}

static void write_status(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	strbuf_str(out, key_of(&self->answer));
}

static void write_answer_type(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;
	const json_t *content = json_object_get(resolve(self, value_of(&self->answer)), "content");
	const json_t *json = json_object_get(content, "application/json");

	reference_write_type(out, json_object_get(json, "schema"));
}

static void write_answer_text(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	reference_write_line(out, string_of(resolve(self, value_of(&self->answer)), "description"));
}

static bool next_schema(void *context, size_t number)
{
	struct reference_context *self = context;

	bool found =
		next_member(&self->schema, json_object_get(self->components, "schemas"), number);

	/* Types say "or null" of themselves. */
	while (found && strcmp(key_of(&self->schema), "Null") == 0)
		found = next_member(&self->schema, NULL, number + 1);
	return found;
}

static void write_schema_name(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	strbuf_str(out, key_of(&self->schema));
}

static bool has_schema_text(void *context, size_t number)
{
	const struct reference_context *self = context;

	return number == 0 && json_object_get(value_of(&self->schema), "description");
}

static void write_schema_meaning(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	reference_write_line(out, string_of(value_of(&self->schema), "description"));
}

static bool has_fields(void *context, size_t number)
{
	const struct reference_context *self = context;

	return number == 0 && json_object_get(value_of(&self->schema), "properties");
}

static bool has_type_alone(void *context, size_t number)
{
	return number == 0 && !has_fields(context, 0);
}

static void write_schema_type(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	reference_write_type(out, value_of(&self->schema));
}

static bool next_field(void *context, size_t number)
{
	struct reference_context *self = context;

	return next_member(&self->field, json_object_get(value_of(&self->schema), "properties"),
	                   number);
}

static void write_field_name(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	strbuf_str(out, key_of(&self->field));
}

static void write_field_type(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	reference_write_type(out, value_of(&self->field));
}

static void write_field_text(struct strbuf *out, void *context)
{
	const struct reference_context *self = context;

	reference_write_line(out, string_of(value_of(&self->field), "description"));
}

EMBED(reference_html, "src/browsable/reference.html");

static const struct markup_slot slots[] = {
	{"description", .text = write_description},
	{"operation", .round = next_operation},
	{"operation_id", .text = write_operation_id},
	{"summary", .text = write_summary},
	{"path", .text = write_path},
	{"text", .html = write_text},
	{"parameter", .round = next_parameter},
	{"parameter_name", .text = write_parameter_name},
	{"parameter_in", .text = write_parameter_in},
	{"parameter_type", .html = write_parameter_type},
	{"parameter_text", .html = write_parameter_text},
	{"answer", .round = next_answer},
	{"status", .text = write_status},
	{"answer_type", .html = write_answer_type},
	{"answer_text", .html = write_answer_text},
	{"schema", .round = next_schema},
	{"schema_name", .text = write_schema_name},
	{"schema_text", .round = has_schema_text},
	{"schema_meaning", .html = write_schema_meaning},
	{"type_alone", .round = has_type_alone},
	{"schema_type", .html = write_schema_type},
	{"fields", .round = has_fields},
	{"field", .round = next_field},
	{"field_name", .text = write_field_name},
	{"field_type", .html = write_field_type},
	{"field_text", .html = write_field_text},
};

const struct markup reference_markup = {reference_html, reference_html_end, slots,
                                        sizeof(slots) / sizeof(slots[0])};

void reference_write(struct strbuf *out)
{
	struct reference_context self = {.document = openapi_document()};

	self.components = json_object_get(self.document, "components");
	markup_write(&reference_markup, &self, out);
	json_decref(self.document);
}
