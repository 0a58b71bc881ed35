/* Writes the documentation page from the OpenAPI document. */
#include <jansson.h>
#include <stdio.h>

#include "base/embed.h"
#include "page_internal.h"
#include "serializer/openapi.h"

#define COMPONENTS "#/components/"
#define HEADING "#### "

/* An iteration over the members of a JSON object. */
/* Where the server's paths begin, as seen from this page: its links are relative, so that it is right below every
   prefix. */
#define DOCS_ROOT "../.."

struct members {
	json_t *object;
	void *iterator;
};

struct docs_slots {
	json_t *document, *components;
	struct text prefix, description;
	struct members paths, responses, schemas, properties;
	const json_t *operation, *object; /* the current ones */
	struct text path, operation_id, summary;
	bool has_properties;
	/* Of the current parameter, response, object or property. */
	struct text name, in, markdown;
	const json_t *schema;
};

/* The value of the first member if the index is 0, else that of the next; NULL at the end. */
static json_t *next_member(struct members *members, json_t *object, size_t index)
{
	if (index == 0)
		*members = (struct members){object, json_object_iter(object)};
	else
		members->iterator = json_object_iter_next(members->object, members->iterator);
	return json_object_iter_value(members->iterator);
}

static const char *key_of(const struct members *members)
{
	return json_object_iter_key(members->iterator);
}

/* "" if there is none. */
static const char *string_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The value itself, or the component that its `$ref` refers to. */
static const json_t *resolve(const struct docs_slots *slots, const json_t *value)
{
	const char *reference = string_of(value, "$ref");
	const char *slash = strrchr(reference, '/');
	char section[32];

	if (strncmp(reference, COMPONENTS, strlen(COMPONENTS)) != 0)
		return value;
	reference += strlen(COMPONENTS);
	snprintf(section, sizeof(section), "%.*s", (int)(slash - reference), reference);
	return json_object_get(json_object_get(slots->components, section), slash + 1);
}

/* --- Types: "string (date-time) or null", a link to an object, "array of" one. --- */

static void write_type(struct strbuf *out, const json_t *schema);

static void escape(struct strbuf *out, const char *text)
{
	markup_escape(out, text, strlen(text));
}

/* A link to the section of the schema that a `$ref` names. */
static void write_reference(struct strbuf *out, const char *reference)
{
	const char *slash = strrchr(reference, '/');
	const char *name = slash ? slash + 1 : reference;

	strbuf_str(out, "<a href=\"#");
	escape(out, name);
	strbuf_str(out, "\">");
	escape(out, name);
	strbuf_str(out, "</a>");
}

/* The alternatives; of an allOf, which wraps a single reference, that. */
static void write_choice(struct strbuf *out, const json_t *choices)
{
	const char *separator = "";
	const json_t *choice;
	size_t i;

	json_array_foreach(choices, i, choice)
	{
		strbuf_str(out, separator);
		write_type(out, choice);
		separator = " or ";
	}
}

static void write_values(struct strbuf *out, const json_t *values)
{
	const json_t *value;
	size_t i;

	json_array_foreach(values, i, value)
	{
		const char *text = json_string_value(value);

		strbuf_str(out, i > 0 ? ", <code>" : ": <code>");
		escape(out, text ? text : "null");
		strbuf_str(out, "</code>");
	}
}

static void write_plain_type(struct strbuf *out, const json_t *schema)
{
	const char *type = string_of(schema, "type");
	const char *format = string_of(schema, "format");

	escape(out, type[0] ? type : "string");
	if (format[0]) {
		strbuf_str(out, " (");
		escape(out, format);
		strbuf_char(out, ')');
	}
	write_values(out, json_object_get(schema, "enum"));
}

static void write_type(struct strbuf *out, const json_t *schema)
{
	const char *reference = string_of(schema, "$ref");
	const char *type = string_of(schema, "type");
	const json_t *choices = json_object_get(schema, "oneOf");

	if (!choices)
		choices = json_object_get(schema, "allOf");
	if (reference[0]) {
		write_reference(out, reference);
	} else if (choices) {
		write_choice(out, choices);
	} else if (strcmp(type, "array") == 0) {
		strbuf_str(out, "array of ");
		write_type(out, json_object_get(schema, "items"));
	} else {
		write_plain_type(out, schema);
	}
	if (json_is_true(json_object_get(schema, "nullable")))
		strbuf_str(out, " or null");
}

/* --- Descriptions: Markdown with `code` and [links](url), and headings between paragraphs. --- */

/* `code` at the beginning of the text; returns its length, 0 if there is none. */
static size_t write_code(struct strbuf *out, struct text text)
{
	struct text code, rest = text_from(text, 1);

	if (text.data[0] != '`' || !text_has(rest, '`'))
		return 0;
	text_split(&rest, '`', &code);
	strbuf_str(out, "<code>");
	markup_escape(out, code.data, code.length);
	strbuf_str(out, "</code>");
	return code.length + 2;
}

/* The same for [text](url). */
static size_t write_link(struct strbuf *out, struct text text)
{
	const char *middle = text.data[0] == '[' ? memmem(text.data, text.length, "](", 2) : NULL;
	const char *end =
		middle ? memchr(middle, ')', (size_t)(text.data + text.length - middle)) : NULL;

	if (!end)
		return 0;
	/* A path of the server. */
	strbuf_str(out, middle[2] == '/' ? "<a href=\"" DOCS_ROOT : "<a href=\"");
	markup_escape(out, middle + 2, (size_t)(end - middle - 2));
	strbuf_str(out, "\">");
	markup_escape(out, text.data + 1, (size_t)(middle - text.data - 1));
	strbuf_str(out, "</a>");
	return (size_t)(end - text.data) + 1;
}

static void write_inline(struct strbuf *out, struct text text)
{
	while (text.length > 0) {
		size_t length = write_code(out, text);

		if (length == 0)
			length = write_link(out, text);
		if (length == 0)
			markup_escape(out, text.data, length = 1);
		text = text_from(text, length);
	}
}

static void write_description(struct strbuf *out, const char *description)
{
	struct text line, rest = text_of(description);

	while (text_split(&rest, '\n', &line)) {
		bool heading = line.length >= strlen(HEADING) &&
		               memcmp(line.data, HEADING, strlen(HEADING)) == 0;

		if (line.length == 0)
			continue;
		strbuf_str(out, heading ? "<h3>" : "<p>");
		write_inline(out, heading ? text_from(line, strlen(HEADING)) : line);
		strbuf_str(out, heading ? "</h3>\n" : "</p>\n");
	}
}

/* --- The template. --- */

static bool next_operation(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *paths = json_object_get(slots->document, "paths");
	const json_t *path = next_member(&slots->paths, paths, index);

	slots->operation = json_object_get(path, "get");
	slots->path = text_of(key_of(&slots->paths));
	slots->operation_id = text_of(string_of(slots->operation, "operationId"));
	slots->summary = text_of(string_of(slots->operation, "summary"));
	return path;
}

static void write_operation_text(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	write_description(out, string_of(slots->operation, "description"));
}

/* Makes something with a description the current item. */
static void set_item(struct docs_slots *slots, const char *name, const json_t *item,
                     const json_t *schema)
{
	slots->name = text_of(name);
	slots->markdown = text_of(string_of(item, "description"));
	slots->schema = schema;
}

static bool next_parameter(void *context, size_t index)
{
	struct docs_slots *slots = context;
	const json_t *parameters = json_object_get(slots->operation, "parameters");
	const json_t *parameter = resolve(slots, json_array_get(parameters, index));

	set_item(slots, string_of(parameter, "name"), parameter,
	         json_object_get(parameter, "schema"));
	slots->in = text_of(string_of(parameter, "in"));
	return parameter;
}

static bool next_response(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *responses = json_object_get(slots->operation, "responses");
	const json_t *response = resolve(slots, next_member(&slots->responses, responses, index));
	const json_t *content = json_object_get(response, "content");
	const json_t *json = json_object_get(content, "application/json");

	set_item(slots, key_of(&slots->responses), response, json_object_get(json, "schema"));
	return response;
}

static bool next_object(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *schemas = json_object_get(slots->components, "schemas");

	slots->object = next_member(&slots->schemas, schemas, index);
	set_item(slots, key_of(&slots->schemas), slots->object, slots->object);
	slots->has_properties = json_object_get(slots->object, "properties");
	return slots->object;
}

static bool next_property(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *properties = json_object_get(slots->object, "properties");
	const json_t *property = next_member(&slots->properties, properties, index);

	set_item(slots, key_of(&slots->properties), property, property);
	return property;
}

static void write_item_type(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	write_type(out, slots->schema);
}

static void write_item_text(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	write_inline(out, slots->markdown);
}

EMBED(docs_html, "src/browsable/docs.html");

static const struct markup_slot slot_table[] = {
	MARKUP_TEXT(struct docs_slots, prefix),
	MARKUP_TEXT(struct docs_slots, description),
	{"operation", .each = next_operation},
	MARKUP_TEXT(struct docs_slots, operation_id),
	MARKUP_TEXT(struct docs_slots, summary),
	MARKUP_TEXT(struct docs_slots, path),
	{"operation_text", .html = write_operation_text},
	{"parameter", .each = next_parameter},
	{"response", .each = next_response},
	{"object", .each = next_object},
	MARKUP_FLAG(struct docs_slots, has_properties),
	{"property", .each = next_property},
	MARKUP_TEXT(struct docs_slots, name),
	MARKUP_TEXT(struct docs_slots, in),
	MARKUP_TEXT(struct docs_slots, markdown),
	{"type", .html = write_item_type},
	{"text", .html = write_item_text},
};

const struct markup docs_markup = MARKUP(docs_html, slot_table);

void page_write_docs(struct strbuf *out)
{
	struct docs_slots slots = {.document = openapi_document(OPENAPI_SAME_SERVER),
	                           .prefix = text_of(DOCS_ROOT)};
	struct arena arena;
	struct layout layout = {
		.title = "Documentation – " PAGE_BRAND,
		.prefix = slots.prefix,
		.crumb_count = 2,
		.skip_to = "reference",
		.main = &docs_markup,
		.main_context = &slots,
		.description = "Paths, parameters and objects of the API.",
	};

	arena_init(&arena);
	slots.components = json_object_get(slots.document, "components");
	slots.description =
		text_of(string_of(json_object_get(slots.document, "info"), "description"));
	layout.crumbs[0] =
		(struct layout_crumb){endpoint_list_name(&arena, endpoints[0]),
	                              endpoint_list_url(&arena, slots.prefix, endpoints[0])};
	layout.crumbs[1] = (struct layout_crumb){"Documentation", DOCS_ROOT VERSION_PATH "docs/"};
	layout_write(&layout, out);
	arena_fini(&arena);
	json_decref(slots.document);
}
