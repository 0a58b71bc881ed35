/* Puts the OpenAPI document together: what src/serializer/openapi.json says, the paths of the endpoints,
   generated from their tables, and the schemas of the views that these serve. */
#include "serializer/openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "json_new.h"
#include "openapi_schema.h"
#include "resources/all.h"

/* What is not an endpoint's: info, other paths, shared components. */
EMBED(openapi_json, "src/serializer/openapi.json");

/* --- Texts. --- */

/* `a`, `b` and `c`: the name of that index. */
static void write_name(struct strbuf *out, const char *name, size_t index, size_t count)
{
	const char *separator = index == 0 ? "" : index + 1 < count ? ", " : " and ";

	strbuf_printf(out, "%s`%s`", separator, name);
}

static size_t mode_count(const struct endpoint *endpoint)
{
	size_t count = 0;

	while (count < MODES_MAX && endpoint->modes[count].name)
		count++;
	return count;
}

static void write_example(struct strbuf *out, const struct endpoint *endpoint, const char *name,
                          const char *value)
{
	const char *path = endpoint->path;

	strbuf_printf(out, "[/%s/?%s%s](" VERSION_PATH "%s/?%s%s)", path, name, value, path, name,
	              value);
}

static void write_modes(struct strbuf *out, const struct endpoint *endpoint)
{
	size_t count = mode_count(endpoint);

	if (count == 0)
		return;
	strbuf_str(out, "#### Modes\nLevels of detail in the response - ");
	for (size_t i = 0; i < count; i++)
		strbuf_printf(out, "%s`%s`", i > 0 ? ", " : "", endpoint->modes[i].name);
	strbuf_str(out, "\n\nExample - ");
	write_example(out, endpoint, "mode=", endpoint->modes[count - 1].name);
	strbuf_str(out, "\n\n");
}

static void write_filters(struct strbuf *out, const struct endpoint *endpoint)
{
	if (endpoint->filter_count == 0)
		return;
	strbuf_str(out, "#### Filters\nParameters - ");
	for (size_t i = 0; i < endpoint->filter_count; i++)
		strbuf_printf(out, "%s`%s`", i > 0 ? ", " : "", endpoint->filters[i].name);
	strbuf_str(out, "\n\nExample - ");
	write_example(out, endpoint, endpoint->example, "");
	strbuf_str(out, "\n\n");
}

/* The help that the original shows for the list. */
static json_t *list_description(const struct endpoint *endpoint)
{
	struct strbuf text = STRBUF_INIT;

	write_modes(&text, endpoint);
	write_filters(&text, endpoint);
	strbuf_str(&text, "#### Number of results\nUse `limit` to control the number of "
	                  "objects in the response (max 100)\n\nExample - ");
	write_example(&text, endpoint, "limit=", "2");
	strbuf_str(&text, "\n\n#### Format\nSwitch to JSON output - ");
	write_example(&text, endpoint, "format=", "json");
	strbuf_str(&text, "\n\n#### Help\nFind all the FAQs and support links on the documentation "
	                  "homepage - [lldev.thespacedevs.com/docs]"
	                  "(https://lldev.thespacedevs.com/docs/)");
	return json_text(&text);
}

/* --- Parameters. --- */

/* Takes the description, the schema and the example, which may be NULL. */
static json_t *query_parameter(const char *name, json_t *description, json_t *schema,
                               json_t *example)
{
	return must(json_pack("{s:s, s:s, s:b, s:o, s:o, s:o*}", "name", name, "in", "query",
	                      "required", 0, "description", must(description), "schema",
	                      must(schema), "example", example));
}

static json_t *shared_parameter(const char *name)
{
	return must(json_pack("{s:s+}", "$ref", "#/components/parameters/", name));
}

static json_t *mode_parameter(const struct endpoint *endpoint)
{
	const char *standard = endpoint->modes[0].name;
	json_t *names = must(json_array());

	for (size_t i = 0; i < mode_count(endpoint); i++)
		array_append(names, json_string(endpoint->modes[i].name));
	return query_parameter(
		"mode",
		json_sprintf("Level of detail in the response. Anything else counts as `%s`.",
	                     standard),
		json_pack("{s:s, s:o, s:s}", "type", "string", "enum", names, "default", standard),
		json_string(endpoint->modes[mode_count(endpoint) - 1].name));
}

static json_t *ordering_parameter(const struct endpoint *endpoint)
{
	struct strbuf text = STRBUF_INIT;
	size_t count = endpoint->ordering_count + 1;

	strbuf_str(&text, "Which fields to use when ordering the results: a list with commas of ");
	write_name(&text, "id", 0, count);
	for (size_t i = 1; i < count; i++)
		write_name(&text, endpoint->orderings[i - 1].term, i, count);
	strbuf_str(&text, ", each with `-` before it for descending order.");
	if (endpoint->orders_by_all_fields)
		strbuf_str(&text,
		           " So do all other scalar fields, and those one reference away, such as "
		           "`launch__name`.");
	strbuf_str(&text, " Others are ignored.");
	return query_parameter(
		"ordering", json_text(&text),
		json_pack("{s:s, s:s}", "type", "string", "default", "id"),
		must(json_sprintf("-%s", endpoint->ordering_count > 0 ? endpoint->orderings[0].term
	                                                              : "id")));
}

static json_t *search_parameter(const struct endpoint *endpoint)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_str(&text, "Search terms, each of which must be found, in any case, in one of ");
	if (endpoint->search_count == 0)
		strbuf_printf(&text, "these: %s", endpoint->search_hint);
	for (size_t i = 0; i < endpoint->search_count; i++)
		write_name(&text, endpoint->search[i], i, endpoint->search_count);
	strbuf_str(&text, ". Double quotes keep words together.");
	return query_parameter("search", json_text(&text), json_pack("{s:s}", "type", "string"),
	                       must(json_string("dragon")));
}

static const char *const comparisons[] = {
	[LOOKUP_EXACT] = "",
	[LOOKUP_GT] = "after ",
	[LOOKUP_GTE] = "not before ",
	[LOOKUP_LT] = "before ",
	[LOOKUP_LTE] = "not after ",
	[LOOKUP_DAY] = "a day of the month, or a list with commas, of ",
	[LOOKUP_MONTH] = "a month, or a list with commas, of ",
	[LOOKUP_YEAR] = "a year, or a list with commas, of ",
};

static json_t *filter_description(const struct endpoint *endpoint, const struct filter *filter)
{
	const char *nouns = endpoint->nouns, *label = filter->label;
	int first = tolower((unsigned char)label[0]);

	switch (filter->match) {
	case MATCH_CHOICE:
		return json_sprintf("Only %s of the %c%s with this id.", nouns, first, label + 1);
	case MATCH_BOOLEAN:
		return json_sprintf("Only %s whose `%s` is this. Other values are ignored.", nouns,
		                    filter->path);
	case MATCH_TEXT:
		return json_sprintf("Only %s with exactly this %c%s.", nouns, first, label + 1);
	default:
		return json_sprintf("Only %s by `%s`: %s%c%s.", nouns, filter->path,
		                    comparisons[filter->lookup], first, label + 1);
	}
	abort(); /* a mistake in a table */
}

static json_t *filter_schema(const struct endpoint *endpoint, const struct filter *filter)
{
	struct field_path path = field_path_of(endpoint->resource, filter->path);

	switch (filter->match) {
	case MATCH_CHOICE:
		return schema_of_key(field_path_end(&path)->of);
	case MATCH_BOOLEAN:
		return must(json_pack("{s:s}", "type", "boolean"));
	case MATCH_NUMBER:
		return must(json_pack("{s:s}", "type", "number"));
	case MATCH_DATE:
		return must(json_pack("{s:s, s:s}", "type", "string", "format", "date"));
	case MATCH_MOMENT:
		return must(json_pack("{s:s, s:s}", "type", "string", "format", "date-time"));
	default:
		return must(json_pack("{s:s}", "type", "string"));
	}
}

/* All filters but that of the name `without`, which may be NULL. */
static void add_filters(json_t *parameters, const struct endpoint *endpoint, const char *without)
{
	for (size_t i = 0; i < endpoint->filter_count; i++) {
		const struct filter *filter = &endpoint->filters[i];

		if (without && strcmp(filter->name, without) == 0)
			continue;
		array_append(parameters,
		             query_parameter(filter->name, filter_description(endpoint, filter),
		                             filter_schema(endpoint, filter),
		                             filter->match == MATCH_BOOLEAN ? json_true() : NULL));
	}
}

static json_t *list_parameters(const struct endpoint *endpoint)
{
	json_t *parameters = must(json_array());

	array_append(parameters, shared_parameter("limit"));
	if (mode_count(endpoint) > 0)
		array_append(parameters, mode_parameter(endpoint));
	array_append(parameters, shared_parameter("offset"));
	array_append(parameters, ordering_parameter(endpoint));
	if (endpoint->search_hint)
		array_append(parameters, search_parameter(endpoint));
	add_filters(parameters, endpoint, NULL);
	array_append(parameters, shared_parameter("format"));
	return parameters;
}

static json_t *row_parameters(const struct endpoint *endpoint)
{
	const struct resource *resource = endpoint->resource;
	json_t *parameters = must(json_array());

	array_append(parameters,
	             json_pack("{s:s, s:s, s:b, s:o, s:o}", "name", "id", "in", "path", "required",
	                       1, "description",
	                       must(json_sprintf("A unique %s identifying this %s.",
	                                         resource->uuid ? "UUID" : "integer value",
	                                         endpoint->title)),
	                       "schema", schema_of_key(resource)));
	if (endpoint->search_hint)
		array_append(parameters, search_parameter(endpoint));
	/* Some generators take a filter by id and the path's id for one parameter. */
	add_filters(parameters, endpoint, "id");
	array_append(parameters, shared_parameter("format"));
	return parameters;
}

/* --- Responses. --- */

/* The schemas that an endpoint has beside those of its views. */
struct schema_names {
	char page[128]; /* of the list */
	char item[128]; /* in a page: any of the modes' views, or the only one */
	char errors[128];
};

static struct schema_names names_of(const struct endpoint *endpoint)
{
	struct schema_names names;

	snprintf(names.page, sizeof(names.page), "PaginatedPolymorphic%sEndpointList",
	         endpoint->model);
	if (mode_count(endpoint) > 0)
		snprintf(names.item, sizeof(names.item), "Polymorphic%sEndpoint", endpoint->model);
	else
		snprintf(names.item, sizeof(names.item), "%s",
		         resource_view(endpoint->resource, endpoint->one)->schema);
	snprintf(names.errors, sizeof(names.errors), "%sErrors", endpoint->model);
	return names;
}

/* Takes the description, the schema and the example, which may be NULL. Pages for browsers are left out: as
   another content they would give each client a type that is either. */
static json_t *response(json_t *description, json_t *schema, json_t *example)
{
	return must(json_pack("{s:o, s:{s:{s:o, s:o*}}}", "description", must(description),
	                      "content", "application/json", "schema", must(schema), "example",
	                      example));
}

/* The first filter that refuses a value; any other value of a boolean is no filter. */
static json_t *error_example(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->filter_count; i++)
		if (endpoint->filters[i].match == MATCH_CHOICE)
			return must(json_pack("{s:[s]}", endpoint->filters[i].name,
			                      "Select a valid choice. That choice is not one of "
			                      "the available choices."));
	return NULL;
}

/* Filters answer with an object of messages, the search with a list. */
static json_t *invalid_response(const struct endpoint *endpoint)
{
	struct schema_names names = names_of(endpoint);

	return response(json_string("A parameter's value cannot be served."),
	                json_pack("{s:[o, {s:s, s:{s:s}}]}", "oneOf",
	                          schema_reference(names.errors), "type", "array", "items", "type",
	                          "string"),
	                error_example(endpoint));
}

static json_t *missing_response(const struct endpoint *endpoint)
{
	json_t *detail = must(json_sprintf("No %s matches the given query.", endpoint->model));

	return response(
		json_sprintf("There is no such %s, or the filters and the search exclude it "
	                     "(`No %s matches the given query.`); or the id or the `format` is not "
	                     "valid (`Not found.`).",
	                     endpoint->noun, endpoint->model),
		schema_reference("ErrorDetail"), json_pack("{s:o}", "detail", detail));
}

/* All responses of a path; takes the first and `missing`. */
static json_t *responses(const struct endpoint *endpoint, json_t *good, json_t *missing)
{
	static const struct {
		const char *status, *component;
	} shared[] = {
		{"405", "MethodNotAllowed"},
		{"406", "NotAcceptable"},
		{"429", "Throttled"},
		{"503", "Unavailable"},
	};
	json_t *all = must(json_pack("{s:o, s:o, s:o}", "200", good, "400",
	                             invalid_response(endpoint), "404", missing));

	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		object_set(all, shared[i].status,
		           json_pack("{s:s+}", "$ref", "#/components/responses/",
		                     shared[i].component));
	return all;
}

static json_t *list_responses(const struct endpoint *endpoint)
{
	struct schema_names names = names_of(endpoint);

	return responses(endpoint,
	                 response(json_sprintf("A page of %s.", endpoint->nouns),
	                          schema_reference(names.page), NULL),
	                 must(json_pack("{s:s}", "$ref", "#/components/responses/NotFound")));
}

static json_t *row_responses(const struct endpoint *endpoint)
{
	const struct view *view = resource_view(endpoint->resource, endpoint->one);

	return responses(
		endpoint,
		response(json_sprintf("The %s%s%s.", endpoint->noun, view->mode ? ", always " : "",
	                              view->mode ? view->mode : ""),
	                 schema_reference(view->schema), NULL),
		missing_response(endpoint));
}

/* --- Paths. --- */

/* `agencies_list` */
static json_t *operation_id(const struct endpoint *endpoint, const char *action)
{
	char name[128];

	snprintf(name, sizeof(name), "%s_%s", endpoint->path, action);
	for (char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash, '/'))
		*slash = '_';
	return must(json_string(name));
}

static void add_list_path(json_t *paths, const struct endpoint *endpoint)
{
	char path[128];

	snprintf(path, sizeof(path), VERSION_PATH "%s/", endpoint->path);
	object_set(paths, path,
	           json_pack("{s:{s:o, s:s+, s:o, s:o, s:[s], s:o}}", "get", "operationId",
	                     operation_id(endpoint, "list"), "summary", "List ", endpoint->titles,
	                     "description", list_description(endpoint), "parameters",
	                     list_parameters(endpoint), "tags", endpoint->titles, "responses",
	                     list_responses(endpoint)));
}

static void add_row_path(json_t *paths, const struct endpoint *endpoint)
{
	char path[128];
	json_t *description = json_sprintf("One %s with all that belongs to it. Parameters of the "
	                                   "list other than these do not matter here.",
	                                   endpoint->noun);

	snprintf(path, sizeof(path), VERSION_PATH "%s/{id}/", endpoint->path);
	object_set(paths, path,
	           json_pack("{s:{s:o, s:s+, s:o, s:o, s:[s], s:o}}", "get", "operationId",
	                     operation_id(endpoint, "retrieve"), "summary", "Get ", endpoint->title,
	                     "description", must(description), "parameters",
	                     row_parameters(endpoint), "tags", endpoint->titles, "responses",
	                     row_responses(endpoint)));
}

/* --- Schemas. --- */

static json_t *link_schema(const char *description)
{
	return must(json_pack("{s:s, s:s, s:b, s:s}", "type", "string", "format", "uri", "nullable",
	                      1, "description", description));
}

static json_t *page_schema(const struct endpoint *endpoint, const char *item)
{
	json_t *count = must(
		json_pack("{s:s, s:i, s:o}", "type", "integer", "minimum", 0, "description",
	                  must(json_sprintf("The %s on all pages together.", endpoint->nouns))));

	json_t *results = must(json_pack(
		"{s:s, s:o, s:o}", "type", "array", "items", schema_reference(item), "description",
		must(json_sprintf("The %s on this page.", endpoint->nouns))));

	return must(json_pack(
		"{s:s, s:o, s:{s:o, s:o, s:o, s:o}, s:[s, s, s, s]}", "type", "object",
		"description", must(json_sprintf("A page of %s.", endpoint->nouns)), "properties",
		"count", count, "next", link_schema("The next page; null on the last."), "previous",
		link_schema("The previous page; null on the first."), "results", results,
		"required", "count", "next", "previous", "results"));
}

static json_t *item_schema(const struct endpoint *endpoint)
{
	json_t *views = must(json_array()), *mapping = must(json_object());

	for (size_t i = 0; i < mode_count(endpoint); i++) {
		const struct view *view =
			resource_view(endpoint->resource, endpoint->modes[i].view);

		array_append(views, schema_reference(view->schema));
		object_set(mapping, view->mode,
		           json_pack("s+", "#/components/schemas/", view->schema));
	}
	return must(json_pack("{s:o, s:{s:s, s:o}}", "oneOf", views, "discriminator",
	                      "propertyName", "response_mode", "mapping", mapping));
}

/* The messages by filter, of those that have any; any other value of a boolean is no filter. */
static json_t *errors_schema(const struct endpoint *endpoint)
{
	json_t *properties = must(json_object());

	for (size_t i = 0; i < endpoint->filter_count; i++)
		if (endpoint->filters[i].match != MATCH_BOOLEAN)
			object_set(properties, endpoint->filters[i].name,
			           json_pack("{s:s, s:{s:s}, s:s++}", "type", "array", "items",
			                     "type", "string", "description",
			                     "What is wrong with the value of `",
			                     endpoint->filters[i].name, "`."));
	return must(json_pack("{s:s, s:s, s:o, s:i}", "type", "object", "description",
	                      "Messages, by the parameter whose value cannot be served.",
	                      "properties", properties, "minProperties", 1));
}

static void add_endpoint_schemas(json_t *schemas, const struct endpoint *endpoint)
{
	struct schema_names names = names_of(endpoint);

	object_set(schemas, names.page, page_schema(endpoint, names.item));
	if (mode_count(endpoint) > 0)
		object_set(schemas, names.item, item_schema(endpoint));
	object_set(schemas, names.errors, errors_schema(endpoint));
}

static void add_view_schemas(json_t *schemas, const struct endpoint *endpoint)
{
	for (size_t i = 0; i < mode_count(endpoint); i++)
		schemas_add_view(schemas, endpoint->resource, endpoint->modes[i].view);
	schemas_add_view(schemas, endpoint->resource, endpoint->one);
}

/* --- The document. --- */

/* Replaces a member of `parent`, an object, by `first` with the object's own members behind; takes `first`. */
static void put_first(json_t *parent, const char *name, json_t *first)
{
	if (json_object_update(first, json_object_get(parent, name)) != 0)
		out_of_memory();
	object_set(parent, name, first);
}

/* Those of the endpoints come first, as their paths do. */
static void add_tags(json_t *document)
{
	json_t *tags = json_object_get(document, "tags");

	for (size_t i = 0; i < endpoint_count; i++) {
		json_t *tag =
			must(json_pack("{s:s, s:o}", "name", endpoints[i]->titles, "description",
		                       must(json_sprintf("The list of %s, and one by its id.",
		                                         endpoints[i]->nouns))));

		if (json_array_insert_new(tags, i, tag) != 0)
			out_of_memory();
	}
}

json_t *openapi_document(const char *server)
{
	json_t *document = must(json_loads(openapi_json, 0, NULL));
	json_t *paths = must(json_object()), *schemas = must(json_object());

	object_set(document, "servers", json_pack("[{s:s}]", "url", server));
	add_tags(document);
	for (size_t i = 0; i < endpoint_count; i++) {
		add_list_path(paths, endpoints[i]);
		add_row_path(paths, endpoints[i]);
		add_endpoint_schemas(schemas, endpoints[i]);
	}
	put_first(document, "paths", paths);
	put_first(json_object_get(document, "components"), "schemas", schemas);
	for (size_t i = 0; i < endpoint_count; i++)
		add_view_schemas(schemas, endpoints[i]);
	return document;
}

void openapi_write(struct strbuf *out, const char *server)
{
	json_t *document = openapi_document(server);
	char *text = must(json_dumps(document, JSON_COMPACT));

	strbuf_str(out, text);
	free(text);
	json_decref(document);
}
