/* Writes the documentation page from the OpenAPI document. */
#include <jansson.h>
#include <string.h>

#include "base/embed.h"
#include "docs_format.h"
#include "layout.h"
#include "page_internal.h"
#include "serializer/openapi.h"

#define COMPONENTS "#/components/"

/* An iteration over the members of a JSON object. */
struct members {
	json_t *object;
	void *iterator;
};

struct docs_slots {
	json_t *document, *components;
	/* Iterations, and the current member's key and parts. */
	struct members paths, responses, schemas, properties;
	const json_t *operation, *parameter, *response, *schema, *property;
	struct text description;
	struct text path, operation_id, summary;
	struct text parameter_name, parameter_in;
	struct text status;
	struct text schema_name, property_name;
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
	size_t length;

	if (strncmp(reference, COMPONENTS, strlen(COMPONENTS)) != 0)
		return value;
	reference += strlen(COMPONENTS);
	length = slash > reference ? (size_t)(slash - reference) : 0;
	if (length >= sizeof(section))
		return value;
	memcpy(section, reference, length);
	section[length] = '\0';
	return json_object_get(json_object_get(slots->components, section), slash + 1);
}

/* --- Operations. --- */

static bool next_operation(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *paths = json_object_get(slots->document, "paths");
	const json_t *path = next_member(&slots->paths, paths, index);

	if (!path)
		return false;
	slots->operation = json_object_get(path, "get");
	slots->path = text_of(key_of(&slots->paths));
	slots->operation_id = text_of(string_of(slots->operation, "operationId"));
	slots->summary = text_of(string_of(slots->operation, "summary"));
	return true;
}

static void write_operation_text(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_description(out, string_of(slots->operation, "description"));
}

static bool next_parameter(void *context, size_t index)
{
	struct docs_slots *slots = context;
	const json_t *parameters = json_object_get(slots->operation, "parameters");

	slots->parameter = resolve(slots, json_array_get(parameters, index));
	slots->parameter_name = text_of(string_of(slots->parameter, "name"));
	slots->parameter_in = text_of(string_of(slots->parameter, "in"));
	return slots->parameter;
}

static void write_parameter_type(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_type(out, json_object_get(slots->parameter, "schema"));
}

static void write_parameter_text(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_inline(out, string_of(slots->parameter, "description"));
}

static bool next_response(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *responses = json_object_get(slots->operation, "responses");
	const json_t *response = next_member(&slots->responses, responses, index);

	if (!response)
		return false;
	slots->response = resolve(slots, response);
	slots->status = text_of(key_of(&slots->responses));
	return true;
}

static void write_response_type(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;
	const json_t *content = json_object_get(slots->response, "content");
	const json_t *json = json_object_get(content, "application/json");

	docs_write_type(out, json_object_get(json, "schema"));
}

static void write_response_text(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_inline(out, string_of(slots->response, "description"));
}

/* --- Schemas. --- */

static bool next_schema(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *schemas = json_object_get(slots->components, "schemas");

	slots->schema = next_member(&slots->schemas, schemas, index);
	if (!slots->schema)
		return false;
	slots->schema_name = text_of(key_of(&slots->schemas));
	return true;
}

static bool has_schema_text(const void *context)
{
	const struct docs_slots *slots = context;

	return json_object_get(slots->schema, "description");
}

static void write_schema_text(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_inline(out, string_of(slots->schema, "description"));
}

static bool has_properties(const void *context)
{
	const struct docs_slots *slots = context;

	return json_object_get(slots->schema, "properties");
}

static bool has_no_properties(const void *context)
{
	return !has_properties(context);
}

static void write_schema_type(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_type(out, slots->schema);
}

static bool next_property(void *context, size_t index)
{
	struct docs_slots *slots = context;
	json_t *properties = json_object_get(slots->schema, "properties");

	slots->property = next_member(&slots->properties, properties, index);
	if (!slots->property)
		return false;
	slots->property_name = text_of(key_of(&slots->properties));
	return true;
}

static void write_property_type(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_type(out, slots->property);
}

static void write_property_text(struct strbuf *out, const void *context)
{
	const struct docs_slots *slots = context;

	docs_write_inline(out, string_of(slots->property, "description"));
}

EMBED(docs_html, "src/browsable/docs.html");

static const struct markup_slot slot_table[] = {
	{"description", .member = MARKUP_MEMBER(struct docs_slots, description)},
	{"operation", .each = next_operation},
	{"operation_id", .member = MARKUP_MEMBER(struct docs_slots, operation_id)},
	{"summary", .member = MARKUP_MEMBER(struct docs_slots, summary)},
	{"path", .member = MARKUP_MEMBER(struct docs_slots, path)},
	{"operation_text", .html = write_operation_text},
	{"parameter", .each = next_parameter},
	{"parameter_name", .member = MARKUP_MEMBER(struct docs_slots, parameter_name)},
	{"parameter_in", .member = MARKUP_MEMBER(struct docs_slots, parameter_in)},
	{"parameter_type", .html = write_parameter_type},
	{"parameter_text", .html = write_parameter_text},
	{"response", .each = next_response},
	{"status", .member = MARKUP_MEMBER(struct docs_slots, status)},
	{"response_type", .html = write_response_type},
	{"response_text", .html = write_response_text},
	{"schema", .each = next_schema},
	{"schema_name", .member = MARKUP_MEMBER(struct docs_slots, schema_name)},
	{"has_schema_text", .when = has_schema_text},
	{"schema_text", .html = write_schema_text},
	{"no_properties", .when = has_no_properties},
	{"schema_type", .html = write_schema_type},
	{"properties", .when = has_properties},
	{"property", .each = next_property},
	{"property_name", .member = MARKUP_MEMBER(struct docs_slots, property_name)},
	{"property_type", .html = write_property_type},
	{"property_text", .html = write_property_text},
};

const struct markup docs_markup = {docs_html, docs_html_end, slot_table,
                                   sizeof(slot_table) / sizeof(slot_table[0])};

void page_write_docs(struct strbuf *out)
{
	struct docs_slots slots = {.document = openapi_document("/")};
	struct strbuf list_name = STRBUF_INIT, list_url = STRBUF_INIT;
	struct layout layout = {
		.title = "Documentation – Spacecraft Flights",
		.crumb_count = 2,
		.skip_to = "reference",
		.main = &docs_markup,
		.main_context = &slots,
	};

	slots.components = json_object_get(slots.document, "components");
	slots.description =
		text_of(string_of(json_object_get(slots.document, "info"), "description"));
	endpoint_write_list_name(endpoints[0], &list_name);
	endpoint_write_list_url(endpoints[0], &list_url);
	layout.crumbs[0] = (struct layout_crumb){list_name.data, list_url.data};
	layout.crumbs[1] = (struct layout_crumb){"Documentation", VERSION_PATH "docs/"};
	layout_write(&layout, out);
	strbuf_fini(&list_name);
	strbuf_fini(&list_url);
	json_decref(slots.document);
}
