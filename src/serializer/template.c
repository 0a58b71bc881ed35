/* Texts with holes: written from values, filled in for answers. */
#include "serializer/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/temporal.h"
#include "serializer/json_text.h"

enum hole_kind {
	HOLE_BASE,
	HOLE_SUFFIX,
	HOLE_GROWING, /* a duration that counts from its origin to its end, in its unit */
	HOLE_ELAPSED, /* likewise, null before it */
};

struct template_hole {
	size_t at; /* in the text */
	int64_t origin, end;
	int32_t unit;
	enum hole_kind kind;
};

struct writer {
	struct template_maker *maker;
	struct strbuf text;
	struct template_hole *holes;
	size_t hole_count, hole_capacity;
	size_t url_count;
	bool live;
};

/* A value's text as it was first written, with the holes in it, whose places count from its begin. */
struct fragment {
	const json_t *value;
	struct strbuf text;
	struct template_hole *holes;
	size_t hole_count, url_count;
	bool live;
};

/* --- Fragments. --- */

void template_maker_init(struct template_maker *maker)
{
	*maker = (struct template_maker){NULL, 0, 0};
}

void template_maker_fini(struct template_maker *maker)
{
	for (size_t i = 0; i < maker->place_count; i++) {
		if (maker->fragments[i] == NULL)
			continue;
		strbuf_fini(&maker->fragments[i]->text);
		free(maker->fragments[i]->holes);
		free(maker->fragments[i]);
	}
	free(maker->fragments);
}

/* Where the value's fragment is, or the empty place where it belongs. The table has a place. */
static struct fragment **fragment_place(const struct template_maker *maker, const json_t *value)
{
	size_t mask = maker->place_count - 1;
	size_t i = ((uintptr_t)value >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32 & mask;
	while (maker->fragments[i] != NULL && maker->fragments[i]->value != value)
		i = (i + 1) & mask;
	return &maker->fragments[i];
}

static void grow_maker(struct template_maker *maker)
{
	struct template_maker larger = {.place_count =
	                                        maker->place_count ? 2 * maker->place_count : 64,
	                                .used = maker->used};
	larger.fragments = must(calloc(larger.place_count, sizeof(struct fragment *)));
	for (size_t i = 0; i < maker->place_count; i++)
		if (maker->fragments[i] != NULL)
			*fragment_place(&larger, maker->fragments[i]->value) = maker->fragments[i];
	free(maker->fragments);
	*maker = larger;
}

/* --- Writing. --- */

static struct template_hole *add_hole(struct writer *writer, enum hole_kind kind)
{
	if (writer->hole_count == writer->hole_capacity)
		writer->holes =
			grow_array(writer->holes, &writer->hole_capacity, sizeof(*writer->holes));
	struct template_hole *hole = &writer->holes[writer->hole_count++];
	*hole = (struct template_hole){.at = writer->text.length, .kind = kind};
	return hole;
}

static void write_url(struct writer *writer, const json_t *path)
{
	strbuf_char(&writer->text, '"');
	add_hole(writer, HOLE_BASE);
	strbuf_add(&writer->text, json_string_value(path), json_string_length(path));
	add_hole(writer, HOLE_SUFFIX);
	strbuf_char(&writer->text, '"');
	writer->url_count++;
}

static void write_growing(struct writer *writer, enum kind kind, const json_t *value)
{
	struct template_hole *hole =
		add_hole(writer, kind == ELAPSED ? HOLE_ELAPSED : HOLE_GROWING);
	hole->origin = json_integer_value(json_array_get(value, 0));
	hole->unit = (int32_t)json_integer_value(json_array_get(value, 1));
	hole->end = json_integer_value(json_array_get(value, 2));
	writer->live = true;
}

static void write_scalar(struct writer *writer, enum kind kind, const json_t *value)
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
	case JSON_ARRAY:
		write_growing(writer, kind, value);
		break;
	default:
		strbuf_add(&writer->text, "null", 4);
	}
}

static void write_object(struct writer *writer, const struct resource *resource, enum view_id view,
                         const json_t *object);

static void write_list(struct writer *writer, const struct resource *resource, enum view_id view,
                       const json_t *list)
{
	strbuf_char(&writer->text, '[');
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (i > 0)
			strbuf_char(&writer->text, ',');
		write_object(writer, resource, view, json_array_get(list, i));
	}
	strbuf_char(&writer->text, ']');
}

static void write_field(struct writer *writer, const struct field *field, enum view_id at,
                        const json_t *value)
{
	if (field->kind == URL)
		write_url(writer, value);
	else if (kind_is_list(field->kind) && json_is_array(value))
		write_list(writer, field->of, at, value);
	else if (field->kind == ONE && json_is_object(value))
		write_object(writer, field->of, at, value);
	else
		write_scalar(writer, field->kind, value);
}

/* The object has the view's fields in their order, so that both are walked side by side. */
static void write_fields(struct writer *writer, const struct resource *resource, enum view_id view,
                         const json_t *object)
{
	void *member = json_object_iter((json_t *)object);
	char before = '{';
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		enum view_id at = field_shown(resource, field, view);
		if (at == ABSENT)
			continue;
		strbuf_char(&writer->text, before);
		before = ',';
		strbuf_char(&writer->text, '"');
		strbuf_str(&writer->text, field->name);
		strbuf_add(&writer->text, "\":", 2);
		write_field(writer, field, at, json_object_iter_value(member));
		member = json_object_iter_next((json_t *)object, member);
	}
	strbuf_char(&writer->text, '}');
}

static void write_fragment(struct writer *writer, const struct fragment *fragment)
{
	size_t begin = writer->text.length;
	for (size_t i = 0; i < fragment->hole_count; i++) {
		struct template_hole *hole = add_hole(writer, fragment->holes[i].kind);
		*hole = fragment->holes[i];
		hole->at += begin;
	}
	strbuf_add(&writer->text, fragment->text.data, fragment->text.length);
	writer->url_count += fragment->url_count;
	writer->live = writer->live || fragment->live;
}

/* Writes the value by itself, for all that have it. */
static struct fragment *new_fragment(struct template_maker *maker, const struct resource *resource,
                                     enum view_id view, const json_t *object)
{
	struct writer writer = {.maker = maker, .text = STRBUF_INIT};
	struct fragment *fragment = must(malloc(sizeof(*fragment)));
	write_fields(&writer, resource, view, object);
	*fragment = (struct fragment){
		.value = object,
		.text = writer.text,
		.holes = writer.holes,
		.hole_count = writer.hole_count,
		.url_count = writer.url_count,
		.live = writer.live,
	};
	if (2 * maker->used >= maker->place_count)
		grow_maker(maker);
	*fragment_place(maker, object) = fragment;
	maker->used++;
	return fragment;
}

static void write_object(struct writer *writer, const struct resource *resource, enum view_id view,
                         const json_t *object)
{
	struct template_maker *maker = writer->maker;
	if (!json_is_object(object)) {
		strbuf_add(&writer->text, "null", 4);
		return;
	}
	/* One reference is the maker's of the values; with two more it is part of two others. */
	if (object->refcount <= 2) {
		write_fields(writer, resource, view, object);
		return;
	}
	struct fragment *fragment = maker->place_count ? *fragment_place(maker, object) : NULL;
	if (fragment == NULL)
		fragment = new_fragment(maker, resource, view, object);
	write_fragment(writer, fragment);
}

struct template *template_new(struct template_maker *maker, const struct resource *resource,
                              enum view_id view, const json_t *value)
{
	struct writer writer = {.maker = maker, .text = STRBUF_INIT};
	struct template *template = must(malloc(sizeof(*template)));
	write_object(&writer, resource, view, value);
	*template = (struct template){
		.holes = writer.holes,
		.hole_count = writer.hole_count,
		.url_count = writer.url_count,
		.live = writer.live,
	};
	template->text = strbuf_steal(&writer.text, &template->length);
	return template;
}

void template_free(struct template *template)
{
	if (template == NULL)
		return;
	free(template->text);
	free(template->holes);
	free(template);
}

static bool begins_later(const struct template_hole *hole, int64_t now)
{
	return hole->kind == HOLE_ELAPSED && now < hole->origin && now < hole->end;
}

/* Filling writes behind room that was made for all of it: a page has tens of thousands of holes. */
static char *put(char *end, const char *text, size_t length)
{
	memcpy(end, text, length);
	return end + length;
}

static char *put_duration(char *end, const struct template_hole *hole, int64_t now)
{
	char text[TEMPORAL_TEXT_SIZE];
	if (begins_later(hole, now))
		return put(end, "null", 4);
	int64_t elapsed = (now < hole->end ? now : hole->end) - hole->origin;
	int64_t rest = (elapsed % hole->unit + hole->unit) % hole->unit;
	size_t length = duration_format(elapsed - rest, text);
	*end++ = '"';
	end = put(end, text, length);
	*end++ = '"';
	return end;
}

void template_fill(const struct template *template, const struct rendering *rendering,
                   struct strbuf *out)
{
	char *end = strbuf_reserve(out, template_filled_size(template, rendering));
	const char *text = template->text;
	size_t done = 0;
	for (size_t i = 0; i < template->hole_count; i++) {
		const struct template_hole *hole = &template->holes[i];
		end = put(end, text + done, hole->at - done);
		done = hole->at;
		if (hole->kind == HOLE_BASE)
			end = put(end, rendering->base, rendering->base_length);
		else if (hole->kind == HOLE_SUFFIX)
			end = put(end, rendering->suffix, rendering->suffix_length);
		else
			end = put_duration(end, hole, rendering->now);
	}
	end = put(end, text + done, template->length - done);
	*end = '\0';
	out->length = (size_t)(end - out->data);
}

size_t template_filled_size(const struct template *template, const struct rendering *rendering)
{
	size_t urls = template->url_count * (rendering->base_length + rendering->suffix_length);
	/* A duration's text is shorter than that by more than its quotes. */
	size_t durations = (template->hole_count - 2 * template->url_count) * TEMPORAL_TEXT_SIZE;
	return template->length + urls + durations;
}

int64_t template_good_for(const struct template *template, int64_t now)
{
	int64_t good_for = INT64_MAX;
	for (size_t i = 0; template->live && i < template->hole_count; i++) {
		const struct template_hole *hole = &template->holes[i];
		if (hole->unit == 0 || now >= hole->end)
			continue;
		/* What has not begun stays null until then. */
		int64_t changes = begins_later(hole, now) ? hole->origin - now : MICROSECONDS;
		good_for = changes < good_for ? changes : good_for;
	}
	return good_for;
}

size_t template_size(const struct template *template)
{
	return sizeof(*template) + template->length + 1 +
	       template->hole_count * sizeof(*template->holes);
}
