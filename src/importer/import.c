/* Imports: their life, and the kinds of texts they read. */
#include "importer/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/temporal.h"
#include "import_internal.h"
#include "importer/parse.h"
#include "resources/endpoint.h"

struct import *import_new(const int64_t *as_of)
{
	struct import *import = must(calloc(1, sizeof(*import)));

	import->tables = must(calloc(resource_count, sizeof(*import->tables)));
	arena_init(&import->arena);
	arena_init(&import->scratch);
	import->as_of_given = as_of != NULL;
	import->as_of = as_of ? *as_of : clock_now();
	return import;
}

void import_free(struct import *import)
{
	if (!import)
		return;
	for (size_t i = 0; i < resource_count; i++)
		table_fini(&import->tables[i]);
	free(import->tables);
	strbuf_fini(&import->documents);
	strbuf_fini(&import->reached);
	unknown_fields_fini(&import->unknown);
	arena_fini(&import->scratch);
	arena_fini(&import->arena);
	free(import);
}

static bool read_documents(struct reading *reading, const struct resource *resource,
                           const json_t *list)
{
	if (!json_is_array(list))
		return reading_refuse(reading, "a list of documents", list);
	for (size_t i = 0; i < json_array_size(list); i++) {
		path_index(&reading->path, i);
		if (!document_read(reading, resource, json_array_get(list, i)))
			return false;
		path_leave(&reading->path);
	}
	return true;
}

static bool check_count(struct reading *reading, const json_t *json)
{
	return json_is_null(json) || (json_is_integer(json) && json_integer_value(json) >= 0) ||
	       reading_refuse(reading, "a number of documents or null", json);
}

static bool check_link(struct reading *reading, const json_t *json)
{
	return is_page_link(json) || reading_refuse(reading, "the address of a page or null", json);
}

static bool read_page_member(struct reading *reading, const struct resource *resource,
                             const char *name, const json_t *value)
{
	if (strcmp(name, "results") == 0)
		return read_documents(reading, resource, value);
	if (strcmp(name, "count") == 0)
		return check_count(reading, value);
	if (strcmp(name, "next") == 0 || strcmp(name, "previous") == 0)
		return check_link(reading, value);
	if (strcmp(name, "as_of") == 0 || strcmp(name, "list") == 0)
		return true; /* read before its documents */
	reading->path.document = 0;
	unknown_fields_add(&reading->import->unknown, &reading->path);
	return true;
}

/* A page that the command export has written says when all of it was true. */
static bool read_as_of(struct reading *reading, const json_t *json)
{
	const json_t *as_of = json_object_get(json, "as_of");
	const char *text = json_string_value(as_of);

	path_name(&reading->path, "as_of");
	if (as_of && (!text || !moment_parse(text, &reading->text_moment)))
		return reading_refuse(reading, "a time such as 2025-04-13T02:53:55Z", as_of);
	path_leave(&reading->path);
	reading->moment_given = as_of != NULL;
	return true;
}

/* And of which list it is, which documents without an url cannot say. */
static bool read_list(struct reading *reading, const json_t *json, const struct resource **resource)
{
	const json_t *list = json_object_get(json, "list");
	const char *path = json_string_value(list);
	const struct endpoint *endpoint = path ? endpoint_at(text_of(path)) : NULL;

	if (!list)
		return true;
	path_name(&reading->path, "list");
	if (!endpoint)
		return reading_refuse(reading, "the path of a list such as \"agencies\"", list);
	path_leave(&reading->path);
	*resource = endpoint->resource;
	return true;
}

static bool read_page(struct reading *reading, const struct resource *resource, const json_t *json)
{
	json_t *page = iterable(json);

	if (!resource && !read_list(reading, json, &resource))
		return false;
	if (!reading->import->as_of_given && !read_as_of(reading, json))
		return false;
	for (void *at = json_object_iter(page); at; at = json_object_iter_next(page, at)) {
		const char *name = json_object_iter_key(at);

		path_name(&reading->path, name);
		if (!read_page_member(reading, resource, name, json_object_iter_value(at)))
			return false;
		path_leave(&reading->path);
	}
	return true;
}

static bool read_text(struct reading *reading, const struct resource *resource, const json_t *json)
{
	if (json_is_array(json))
		return read_documents(reading, resource, json);
	if (!json_is_object(json))
		return reading_refuse(
			reading, "a document, a list of documents or a page with results", json);
	return json_object_get(json, "results") ? read_page(reading, resource, json)
	                                        : document_read(reading, resource, json);
}

static struct reading begin_reading(struct import *import, const char *name, struct error *error)
{
	return (struct reading){.import = import,
	                        .name = name,
	                        .text_moment = import->as_of,
	                        .moment_given = import->as_of_given,
	                        .error = error};
}

static bool read_values(struct import *import, const struct resource *resource, const char *name,
                        const struct json_values *values, struct error *error)
{
	struct reading reading = begin_reading(import, name, error);
	char line_name[256];
	int64_t moment = moment_of_text(import, values);

	for (size_t i = 0; i < values->count; i++) {
		snprintf(line_name, sizeof(line_name), "%.200s:%d", name, values->items[i].line);
		if (values->count > 1)
			reading.name = line_name;
		reading.text_moment = moment;
		reading.moment_given = import->as_of_given;
		if (!read_text(&reading, resource, values->items[i].json))
			return false;
	}
	return true;
}

bool import_text(struct import *import, const struct resource *resource, const char *name,
                 const char *text, size_t length, struct error *error)
{
	struct json_values values;
	struct arena arena;
	bool read;

	if (length > IMPORT_TEXT_MAX)
		return error_set(error, "%s: longer than %zu bytes", name, IMPORT_TEXT_MAX);
	arena_init(&arena);
	read = parse_json_values(&arena, name, text, length, &values, error) &&
	       read_values(import, resource, name, &values, error);
	json_values_fini(&values);
	arena_fini(&arena);
	return read;
}

bool import_document(struct import *import, const struct resource *resource, const char *name,
                     const json_t *json, struct error *error)
{
	struct reading reading = begin_reading(import, name, error);

	return document_read(&reading, resource, json);
}

const struct unknown_fields *import_unknown_fields(const struct import *import)
{
	return &import->unknown;
}
