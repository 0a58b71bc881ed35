/* Cuts pages into documents and checks them against what is due. */
#include "sync/page.h"

#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "page_values.h"
#include "sync/url.h"

enum page_part { PART_COUNT = 1, PART_NEXT = 2, PART_RESULTS = 4, PART_ALL = 7 };

/* A page while it is read. */
struct cutting {
	struct sync_page *page;
	struct reader reader;
	unsigned seen;           /* parts, by bits */
	struct strbuf documents; /* struct sync_document */
	const char *part;        /* that is being read, for errors */
};

static bool slice_is(struct slice slice, const char *text)
{
	return slice.length == strlen(text) && memcmp(slice.data, text, slice.length) == 0;
}

/* Passes a flight's document and takes its id from it. */
static bool document_read(struct cutting *cutting, struct sync_document *document)
{
	struct reader *reader = &cutting->reader;
	const char *begin;
	bool first = true;
	struct slice key;
	enum step step;

	*document = (struct sync_document){.id = 0};
	if (reader_peek(reader) != READER_OBJECT)
		return reader_wrong(reader, reader->at, "a flight");
	begin = reader->at;
	if (!reader_enter(reader))
		return false;
	while ((step = reader_key(reader, &first, &key)) == STEP_MORE) {
		bool is_id = slice_is(key, "id") && document->id == 0;

		if (is_id ? !page_number_read(reader, 1, "the flight's id", &document->id)
		          : !reader_skip(reader))
			return false;
	}
	if (step == STEP_DONE && document->id == 0)
		return reader_wrong(reader, reader->at - 1, "an id before the flight's end");
	document->text = begin;
	document->length = (size_t)(reader->at - begin);
	return step == STEP_DONE;
}

static bool results_read(struct cutting *cutting)
{
	struct reader *reader = &cutting->reader;
	struct sync_document document;
	bool first = true;
	enum step step;

	if (reader_peek(reader) != READER_LIST)
		return reader_wrong(reader, reader->at, "a list of flights");
	if (!reader_enter(reader))
		return false;
	while ((step = reader_item(reader, &first)) == STEP_MORE) {
		if (!document_read(cutting, &document))
			return false;
		strbuf_add(&cutting->documents, &document, sizeof(document));
	}
	return step == STEP_DONE;
}

static bool part_read(struct cutting *cutting, struct slice name)
{
	struct reader *reader = &cutting->reader;
	unsigned part = slice_is(name, "count")     ? PART_COUNT
	                : slice_is(name, "next")    ? PART_NEXT
	                : slice_is(name, "results") ? PART_RESULTS
	                                            : 0;

	if (cutting->seen & part)
		return reader_wrong(reader, reader->at, "each part of the page once");
	cutting->seen |= part;
	switch (part) {
	case PART_COUNT:
		cutting->part = "count: ";
		return page_number_read(reader, 0, "a number of flights", &cutting->page->count);
	case PART_NEXT:
		cutting->part = "next: ";
		return page_link_read(reader, &cutting->page->arena, &cutting->page->next);
	case PART_RESULTS:
		cutting->part = "results: ";
		return results_read(cutting);
	default:
		return reader_skip(reader);
	}
}

static bool page_cut(struct cutting *cutting)
{
	struct reader *reader = &cutting->reader;
	bool first = true;
	struct slice name;
	enum step step;

	cutting->part = "";
	if (reader_peek(reader) != READER_OBJECT)
		return reader_wrong(reader, reader->at, "a page of flights");
	if (!reader_enter(reader))
		return false;
	while ((step = reader_key(reader, &first, &name)) == STEP_MORE) {
		if (!part_read(cutting, name))
			return false;
		cutting->part = "";
	}
	if (step != STEP_DONE || !reader_finish(reader))
		return false;
	return cutting->seen == PART_ALL ||
	       reader_wrong(reader, reader->at, "count, next and results");
}

static void documents_take(struct sync_page *page, const struct strbuf *documents)
{
	page->document_count = documents->length / sizeof(*page->documents);
	page->documents = arena_array(&page->arena, page->document_count, sizeof(*page->documents));
	if (page->document_count > 0)
		memcpy(page->documents, documents->data, documents->length);
}

bool sync_page_read(struct sync_page *page, const char *name, const char *text, size_t length,
                    struct error *error)
{
	struct cutting cutting = {.page = page, .documents = STRBUF_INIT};
	bool read;

	*page = (struct sync_page){.count = 0};
	arena_init(&page->arena);
	reader_init(&cutting.reader, text, length, &page->arena);
	read = page_cut(&cutting);
	if (read)
		documents_take(page, &cutting.documents);
	else
		reader_explain(&cutting.reader, name, cutting.part, error);
	strbuf_fini(&cutting.documents);
	return read;
}

void sync_page_fini(struct sync_page *page)
{
	arena_fini(&page->arena);
}

static bool ids_check(const struct sync_page *page, int64_t last_id, struct error *error)
{
	for (size_t i = 0; i < page->document_count; i++) {
		int64_t id = page->documents[i].id;

		if (id == last_id)
			return error_set(error, "flight %" PRId64 " comes twice", id);
		if (id < last_id)
			return error_set(error,
			                 "flight %" PRId64 " comes after flight %" PRId64
			                 ", out of order",
			                 id, last_id);
		last_id = id;
	}
	return true;
}

/* `next` must go on right behind the flights of this page: a limit that the upstream has made smaller
   is no mistake, but flights that are left out are. */
static bool next_check(const struct sync_page *page, const struct sync_place *place,
                       struct error *error)
{
	int64_t end = place->offset + (int64_t)page->document_count;
	int64_t offset;

	if (!sync_url_is_list(page->next, place->upstream))
		return error_set(error, "next leads away from the upstream's list: %.200s",
		                 page->next);
	if (page->document_count == 0)
		return error_set(error, "no flights, but a next page");
	if (!sync_url_parameter(page->next, "offset", &offset) || offset != end)
		return error_set(error,
		                 "next does not go on with flight number %" PRId64 ": %.200s", end,
		                 page->next);
	return end < page->count ||
	       error_set(error, "a next page, though the count of %" PRId64 " flights is reached",
	                 page->count);
}

bool sync_page_check(const struct sync_page *page, const struct sync_place *place,
                     struct error *error)
{
	int64_t end = place->offset + (int64_t)page->document_count;

	if (!ids_check(page, place->last_id, error))
		return false;
	if ((int64_t)page->document_count > place->limit)
		return error_set(error, "%zu flights, more than the %" PRId64 " asked for",
		                 page->document_count, place->limit);
	if (page->next)
		return next_check(page, place, error);
	/* Behind the end is where a list that became shorter leaves us. */
	if (end == page->count || (page->document_count == 0 && end > page->count))
		return true;
	return error_set(error,
	                 "the list ends after %" PRId64
	                 " flights, though it says that it has %" PRId64,
	                 end, page->count);
}
