/* Parses pages and checks them against their position in the list. */
#include "upstream/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "importer/document.h"
#include "importer/parse.h"
#include "resources/resource.h"
#include "upstream/url.h"

static bool read_whole(const char *name, const char *path, const json_t *json, int64_t least,
                       const char *expected, int64_t *value, struct error *error)
{
	*value = json_integer_value(json);
	return (json_is_integer(json) && *value >= least) ||
	       refuse_value(name, path, expected, json, error);
}

static bool read_next(struct upstream_page *page, const char *name, const json_t *json,
                      struct error *error)
{
	page->next = json_string_value(json);
	return is_page_link(json) ||
	       refuse_value(name, "next", "the address of a page or null", json, error);
}

bool document_key(const struct resource *resource, const json_t *document, struct key *key)
{
	const json_t *id = json_object_get(document, "id");

	if (resource->uuid)
		return json_is_string(id) &&
		       uuid_parse((struct text){json_string_value(id), json_string_length(id)},
		                  key);
	*key = key_of_integer(json_integer_value(id));
	return json_is_integer(id) && json_integer_value(id) >= 0;
}

static bool read_document(struct upstream_document *document, const char *name,
                          const struct resource *resource, size_t i, const json_t *json,
                          struct error *error)
{
	char path[48];

	document->json = json;
	snprintf(path, sizeof(path), "results[%zu]", i);
	if (!json_is_object(json))
		return refuse_value(name, path, "an object", json, error);
	snprintf(path, sizeof(path), "results[%zu].id", i);
	return document_key(resource, json, &document->key) ||
	       refuse_value(name, path, resource->uuid ? "a uuid" : "an id of 0 or above",
	                    json_object_get(json, "id"), error);
}

static bool read_results(struct upstream_page *page, const char *name,
                         const struct resource *resource, const json_t *results,
                         struct error *error)
{
	if (!json_is_array(results))
		return refuse_value(name, "results", "a list of documents", results, error);
	page->document_count = json_array_size(results);
	page->documents = arena_array(&page->arena, page->document_count, sizeof(*page->documents));
	for (size_t i = 0; i < page->document_count; i++)
		if (!read_document(&page->documents[i], name, resource, i,
		                   json_array_get(results, i), error))
			return false;
	return true;
}

bool upstream_page_read(struct upstream_page *page, const char *name,
                        const struct resource *resource, const char *text, size_t length,
                        struct error *error)
{
	const json_t *json;

	*page = (struct upstream_page){.count = 0};
	json = parse_json(&page->arena, name, text, length, error);
	if (!json)
		return false;
	if (!json_is_object(json))
		return refuse_value(name, "", "a page of documents", json, error);
	return read_whole(name, "count", json_object_get(json, "count"), 0, "a number of documents",
	                  &page->count, error) &&
	       read_next(page, name, json_object_get(json, "next"), error) &&
	       read_results(page, name, resource, json_object_get(json, "results"), error);
}

void upstream_page_fini(struct upstream_page *page)
{
	arena_fini(&page->arena);
}

/* A list has documents of its own endpoint alone, as far as they tell by their url. */
static bool check_kinds(const struct upstream_page *page, const struct resource *resource,
                        struct error *error)
{
	char path[48];

	for (size_t i = 0; i < page->document_count; i++) {
		snprintf(path, sizeof(path), "results[%zu]", i);
		if (!document_kind("page", path, page->documents[i].json, resource, error))
			return false;
	}
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	return key_compare(true, *(const struct key *)a, *(const struct key *)b);
}

/* Whatever the order, no document comes twice on a page. */
static bool check_repeated(struct upstream_page *page, const struct resource *resource,
                           struct error *error)
{
	struct key *keys = arena_array(&page->arena, page->document_count, sizeof(*keys));
	char text[KEY_TEXT_SIZE];

	for (size_t i = 0; i < page->document_count; i++)
		keys[i] = page->documents[i].key;
	qsort(keys, page->document_count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < page->document_count; i++)
		if (key_equal(keys[i], keys[i - 1])) {
			key_format(resource->uuid, keys[i], text);
			return error_set(error, "document %s comes twice", text);
		}
	return true;
}

bool upstream_page_ascends(const struct upstream_page *page, const struct resource *resource,
                           const struct key *before, struct error *error)
{
	char text[KEY_TEXT_SIZE], text_before[KEY_TEXT_SIZE];

	for (size_t i = 0; i < page->document_count; i++) {
		const struct key *key = &page->documents[i].key;

		if (before && key_compare(resource->uuid, *key, *before) <= 0) {
			key_format(resource->uuid, *key, text);
			key_format(resource->uuid, *before, text_before);
			return error_set(error, "document %s comes after document %s, out of order",
			                 text, text_before);
		}
		before = key;
	}
	return true;
}

/* Who answers at sync.upstream may know himself by another name. */
static bool rebase_next(struct upstream_page *page, const struct page_position *position)
{
	struct strbuf url = STRBUF_INIT;
	bool rebased = url_rebase(&url, page->next, position->upstream, position->path);

	if (rebased)
		page->next = arena_string(&page->arena, url.data);
	strbuf_fini(&url);
	return rebased;
}

/* `next` must go on right behind the documents of this page: a limit that the upstream has made smaller
   is no mistake, but documents that are left out are. */
static bool check_next(struct upstream_page *page, const struct page_position *position,
                       struct error *error)
{
	int64_t end = position->offset + (int64_t)page->document_count;
	int64_t offset;

	if (!rebase_next(page, position))
		return error_set(error, "next leads away from the upstream's list: %.200s",
		                 page->next);
	if (page->document_count == 0)
		return error_set(error, "no documents, but a next page");
	if (!url_parameter(page->next, "offset", &offset) || offset != end)
		return error_set(error, "next does not go on with offset %" PRId64 ": %.200s", end,
		                 page->next);
	return end < page->count ||
	       error_set(error, "a next page, though the count, %" PRId64 ", is reached",
	                 page->count);
}

bool upstream_page_check(struct upstream_page *page, const struct page_position *position,
                         struct error *error)
{
	int64_t end = position->offset + (int64_t)page->document_count;

	if (!check_kinds(page, position->resource, error) ||
	    !check_repeated(page, position->resource, error))
		return false;
	if ((int64_t)page->document_count > position->limit)
		return error_set(error, "%zu documents, more than the %" PRId64 " requested",
		                 page->document_count, position->limit);
	if (page->next)
		return check_next(page, position, error);
	/* Where the list became shorter meanwhile, the position may lie behind its end. */
	if (end == page->count || (page->document_count == 0 && end > page->count))
		return true;
	return error_set(error,
	                 "the list ends behind document %" PRId64 ", though its count is %" PRId64,
	                 end, page->count);
}
