/* Imports: their life, the kinds of texts they read, and when what they read was true. */
#include "importer/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/temporal.h"
#include "import_internal.h"
#include "importer/parse.h"

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

static const struct import_value *known_value(const struct import_row *row, const char *name)
{
	const struct field *field = resource_field(row->shape->resource, name);
	size_t i = field ? (size_t)(field - row->shape->resource->fields) : 0;

	return field && row->known >> i & 1 && !row->values[i].null ? &row->values[i] : NULL;
}

#define MOMENT_FIRST (INT64_C(-62135596800) * MICROSECONDS) /* the year 1 */
#define MOMENT_END (INT64_C(253402300800) * MICROSECONDS)   /* the year 10000 */

/* A flight that has not ended has lasted from its launch to the moment of the response. */
static void find_moment(struct document *document)
{
	const struct import_row *row = document->row;
	const struct import_value *launch, *net, *duration;

	if (!row->shape->elapsed)
		return;
	launch = known_value(row, "launch");
	net = launch ? known_value(launch->row, "net") : NULL;
	duration = known_value(row, "duration");
	if (!duration || !net || known_value(row, "mission_end"))
		return;
	document->moment = net->integer + duration->integer;
	document->has_moment = document->moment >= MOMENT_FIRST && document->moment < MOMENT_END;
}

/* Finds out when the documents from `first` on, those of one text, were true. */
static void settle_documents(struct import *import, size_t first)
{
	bool found = false;
	int64_t latest = import->as_of;

	for (size_t i = first; i < document_count(import) && !import->as_of_given; i++) {
		struct document *document = document_at(import, i);

		find_moment(document);
		if (document->has_moment && (!found || document->moment > latest))
			latest = document->moment;
		found = found || document->has_moment;
	}
	for (size_t i = first; i < document_count(import); i++)
		if (!document_at(import, i)->has_moment)
			document_at(import, i)->moment = latest;
}

/* Rows whose live durations are in a document of the text were true when that was. */
static void settle_rows(struct import *import, const struct table *table, size_t first)
{
	for (struct import_row *row = table->first; row; row = row->next)
		if (row->live_by > first)
			row->as_of = document_at(import, row->live_by - 1)->moment;
}

static void settle(struct import *import, size_t first)
{
	settle_documents(import, first);
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i]->as_of)
			settle_rows(import, &import->tables[i], first);
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
	const char *link = json_string_value(json);

	return json_is_null(json) || (link && *link && strlen(link) == json_string_length(json)) ||
	       reading_refuse(reading, "the address of a page or null", json);
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
	reading->path.document = 0;
	unknown_fields_add(&reading->import->unknown, &reading->path);
	return true;
}

static bool read_page(struct reading *reading, const struct resource *resource, const json_t *json)
{
	json_t *page = iterable(json);

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

bool import_text(struct import *import, const struct resource *resource, const char *name,
                 const char *text, size_t length, struct error *error)
{
	struct reading reading = {.import = import, .name = name, .error = error};
	size_t first = document_count(import);
	struct arena arena;
	const json_t *json;
	bool read;

	if (length > IMPORT_TEXT_MAX)
		return error_set(error, "%s: longer than %zu bytes", name, IMPORT_TEXT_MAX);
	arena_init(&arena);
	json = parse_json(&arena, name, text, length, error);
	read = json && read_text(&reading, resource, json);
	arena_fini(&arena);
	if (read)
		settle(import, first);
	return read;
}

bool import_document(struct import *import, const struct resource *resource, const char *name,
                     const json_t *json, struct error *error)
{
	struct reading reading = {.import = import, .name = name, .error = error};
	size_t first = document_count(import);

	if (!document_read(&reading, resource, json))
		return false;
	settle(import, first);
	return true;
}

const struct unknown_fields *import_unknown_fields(const struct import *import)
{
	return &import->unknown;
}
