/* Recent passes: what can have changed, read in the way that the list's table says; all of the list where the
   upstream does not obey that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/temporal.h"
#include "known.h"
#include "pass_internal.h"
#include "upstream/url.h"

/* Rows that a pass reads by their own addresses, at most. */
#define ROWS_MOST 20

/* Reads a page; upstream_page_fini is due after either result. */
static bool read_page(struct pass *pass, const char *url, struct page_position *position,
                      const struct key *before, struct upstream_page *page)
{
	*page = (struct upstream_page){.count = 0};
	if (!pass_check_page_limit(pass))
		return false;
	pass_show_progress(pass);
	return pass_fetch(pass, url, position, before, page);
}

/* Stores a page that is what it should be, and moves the position to what follows. */
static bool take_page(struct pass *pass, struct page_position *position,
                      const struct upstream_page *page)
{
	pass->progress.read += (int64_t)page->document_count;
	position->offset += (int64_t)page->document_count;
	return pass_store_page(pass, page, NULL);
}

/* --- The pages with rows that can change by themselves. --- */

/* Reads the page at the address and stores it; the address becomes that of what follows, empty at the list's end. */
static bool read_window_page(struct pass *pass, struct strbuf *url, struct page_position *position,
                             const struct key *before)
{
	struct upstream_page page;
	bool done = read_page(pass, url->data, position, before, &page);

	if (done) {
		pass->record.upstream_count = page.count;
		done = take_page(pass, position, &page);
		strbuf_reset(url);
		strbuf_str(url, page.next ? page.next : "");
	}
	upstream_page_fini(&page);
	return done;
}

/* Reads a window in one page or, where pages have become smaller, in several; with the last window also
   what follows it. */
static bool read_window(struct pass *pass, const struct plan_window *window, bool last)
{
	struct page_position position = {.offset = window->offset};
	struct strbuf url = STRBUF_INIT;
	int64_t end = window->offset + window->limit;
	const struct key *before = NULL;
	bool done;

	url_list_page(&url, &pass->request, window->limit, window->offset);
	do {
		done = read_window_page(pass, &url, &position, before);
		before = &pass->record.last;
	} while (done && pass->record.ordered && url.length > 0 && (last || position.offset < end));
	strbuf_fini(&url);
	return done;
}

/* A recent pass cannot tell which rows are gone, or have another place, but that some are: the next full
   pass comes sooner then. */
static bool check_drift(struct pass *pass, const struct active_rows *wanted)
{
	struct active_rows now = {.total = 0};
	bool done = active_rows_find(pass->session, pass->list, pass_now(pass), &now, pass->error);

	for (size_t i = 0; i < keys_count(&wanted->keys); i++)
		if (!keys_contain(&pass->seen, keys_array(&wanted->keys)[i]))
			pass->record.consistent = false;
	if (!keys_contain(&pass->seen, wanted->last)) /* which was at the list's end */
		pass->record.consistent = false;
	if (!pass->order->dry_run && now.total != pass->record.upstream_count)
		pass->record.consistent = false;
	if (!pass->record.consistent)
		pass_add_message(pass, "the list moved: a full pass comes sooner");
	active_rows_fini(&now);
	return done;
}

static bool read_windows(struct pass *pass, const struct active_rows *active)
{
	const int64_t *offsets = (const int64_t *)(const void *)active->offsets.data;
	size_t most = active->offsets.length / sizeof(*offsets) + 1;
	struct plan_window *windows = must(calloc(most, sizeof(*windows)));
	size_t count = plan_windows(offsets, most - 1, active->total,
	                            pass->settings->upstream.page_size, windows);
	bool done = true;

	pass->progress.count = -1;
	for (size_t i = 0; i < count && done && pass->record.ordered; i++)
		done = read_window(pass, &windows[i], i + 1 == count);
	free(windows);
	return done && (!pass->record.ordered || check_drift(pass, active));
}

static bool read_active(struct pass *pass)
{
	struct active_rows active = {.total = 0};
	bool done = active_rows_find(pass->session, pass->list, pass->record.started, &active,
	                             pass->error) &&
	            read_windows(pass, &active);

	active_rows_fini(&active);
	return done;
}

/* --- What a filter or an order shows. --- */

/* A way of asking for what has changed, and where it is. The upstream ignores without a word what it does not know, so
   that each page is checked. */
struct changes {
	struct url_list request;
	bool (*holds)(const struct pass *pass, const struct upstream_page *page, int64_t since);
	struct page_position position;
	int64_t since; /* RECENT_SINCE: no document is from before it; else 0 */
};

/* Reads the next page and stores it, unless it shows that the upstream does not obey. After either result
   upstream_page_fini is due. */
static bool read_changes(struct pass *pass, struct changes *changes, struct upstream_page *page)
{
	struct strbuf url = STRBUF_INIT;
	bool done;

	url_list_page(&url, &changes->request, pass->pace.limit, changes->position.offset);
	done = read_page(pass, url.data, &changes->position, NULL, page);
	strbuf_fini(&url);
	if (!done)
		return false;
	if (changes->holds(pass, page, changes->since))
		return take_page(pass, &changes->position, page);
	pass_note_disobeyed(pass, changes->request.filter ? changes->request.filter
	                                                  : changes->request.ordering);
	return true;
}

/* The time of a document's field; NO_MOMENT: null, or no time. */
#define NO_MOMENT INT64_MIN
static int64_t document_moment(const struct upstream_document *document, const char *field)
{
	const json_t *json = json_object_get(document->json, field);
	int64_t moment;

	return json_is_string(json) && moment_parse(json_string_value(json), &moment) ? moment
	                                                                              : NO_MOMENT;
}

static const struct upstream_document *last_document(const struct upstream_page *page)
{
	return &page->documents[page->document_count - 1];
}

/* Whether no document is from before `since`, or before the one that precedes it. */
static bool is_since(const struct pass *pass, const struct upstream_page *page, int64_t since)
{
	for (size_t i = 0; i < page->document_count; i++) {
		int64_t moment = document_moment(&page->documents[i], pass->list->upkeep.by);

		if (moment == NO_MOMENT || moment < since)
			return false;
		since = moment;
	}
	return true;
}

/* Reads a page from `since` on, and moves that to its last document: what changes meanwhile, and so goes to the end,
   moves nothing off the next page then. *more is whether there is one. */
static bool read_since_page(struct pass *pass, struct changes *changes, bool *more)
{
	char moment[TEMPORAL_TEXT_SIZE], filter[TEMPORAL_TEXT_SIZE + 64];
	struct upstream_page page;
	bool done;

	moment_format(changes->since, moment);
	snprintf(filter, sizeof(filter), "%s__gte=%s", pass->list->upkeep.by, moment);
	changes->request.filter = filter;
	done = read_changes(pass, changes, &page);
	*more = done && pass->obeyed && page.next != NULL;
	if (done && pass->obeyed && page.document_count > 0) {
		int64_t last = document_moment(last_document(&page), pass->list->upkeep.by);

		if (last > changes->since)
			changes->position.offset = 0;
		changes->since = last;
	}
	upstream_page_fini(&page);
	return done;
}

/* Others of the last second that was read may have come since. */
#define SINCE_OVERLAP (60 * MICROSECONDS)
static bool read_since(struct pass *pass)
{
	struct changes changes = {.request = pass->request,
	                          .holds = is_since,
	                          .since = pass->about.changed_until - SINCE_OVERLAP};
	bool more = true;

	changes.request.ordering = pass->list->upkeep.by;
	while (more)
		if (!read_since_page(pass, &changes, &more))
			return false;
	if (!pass->obeyed || changes.since <= pass->about.changed_until)
		return true;
	pass->about.changed_until = changes.since;
	return pass_store_about(pass, pass->error);
}

/* Whether a document may come right before another one where the field descends: those without a value first. */
static bool precedes(const struct pass *pass, const struct upstream_document *a,
                     const struct upstream_document *b)
{
	const char *field = pass->list->upkeep.by;
	int64_t first, second;

	if (ordering_is_id(field))
		return key_compare(pass->list->resource->uuid, a->key, b->key) > 0;
	first = document_moment(a, field);
	second = document_moment(b, field);
	return first == NO_MOMENT || (second != NO_MOMENT && first >= second);
}

static bool descends(const struct pass *pass, const struct upstream_page *page, int64_t since)
{
	(void)since;
	for (size_t i = 1; i < page->document_count; i++)
		if (!precedes(pass, &page->documents[i - 1], &page->documents[i]))
			return false;
	return true;
}

/* Whether the page ends with a document that has no value. */
static bool ends_without_value(const struct pass *pass, const struct upstream_page *page)
{
	const char *field = pass->list->upkeep.by;

	return page->document_count > 0 && !ordering_is_id(field) &&
	       document_moment(last_document(page), field) == NO_MOMENT;
}

static bool read_newest(struct pass *pass)
{
	char ordering[64];
	struct changes changes = {.request = pass->request, .holds = descends};
	bool done = true, more = true;

	snprintf(ordering, sizeof(ordering), "-%s", pass->list->upkeep.by);
	changes.request.ordering = ordering;
	while (done && more && pass->obeyed) {
		int64_t created = pass->record.created;
		struct upstream_page page;

		done = read_changes(pass, &changes, &page);
		more = done && page.next &&
		       (pass->record.created > created || ends_without_value(pass, &page));
		upstream_page_fini(&page);
	}
	return done;
}

static bool all_true(const struct pass *pass, const struct upstream_page *page, int64_t since)
{
	(void)since;
	for (size_t i = 0; i < page->document_count; i++)
		if (!json_is_true(json_object_get(page->documents[i].json, pass->list->upkeep.by)))
			return false;
	return true;
}

/* Rows that were in the subset and are not any more: they are read by their own addresses. */
static bool read_those_that_left(struct pass *pass, const struct strbuf *before)
{
	struct strbuf left = STRBUF_INIT;
	bool done = true;

	keys_subtract(before, &pass->seen, &left);
	for (size_t i = 0; i < keys_count(&left) && i < ROWS_MOST && done; i++) {
		struct upstream_page page;

		done = pass_fetch_row(pass, keys_array(&left)[i], &page);
		if (done && page.document_count > 0)
			done = pass_store_page(pass, &page, NULL);
		else if (done)
			pass->record.consistent = false; /* it is gone */
		upstream_page_fini(&page);
	}
	if (keys_count(&left) > ROWS_MOST)
		pass->record.consistent = false;
	strbuf_fini(&left);
	return done;
}

static bool read_subset(struct pass *pass)
{
	char filter[64];
	struct changes changes = {.request = pass->request, .holds = all_true};
	struct strbuf before = STRBUF_INIT;
	bool done = stored_read_true(pass->session, pass->list, pass->list->upkeep.by, &before,
	                             pass->error);
	bool more = true;

	snprintf(filter, sizeof(filter), "%s=true", pass->list->upkeep.by);
	changes.request.filter = filter;
	while (done && more && pass->obeyed) {
		struct upstream_page page;

		done = read_changes(pass, &changes, &page);
		more = done && page.next != NULL;
		upstream_page_fini(&page);
	}
	done = done && (!pass->obeyed || read_those_that_left(pass, &before));
	strbuf_fini(&before);
	return done;
}

/* --- The pass. --- */

static bool begin(struct pass *pass)
{
	/* Only that of ids is checked while pages are read. */
	pass->record.ordered = pass->list->upkeep.recent == RECENT_ACTIVE;
	pass->obeyed = true;
	return pass->order->dry_run || record_begin(pass->session, &pass->record, pass->error);
}

static bool end(struct pass *pass)
{
	pass_report_unknown(pass);
	return pass->order->dry_run || record_end(pass->session, &pass->record, pass_now(pass),
	                                          "done", pass->summary->message, pass->error);
}

/* Where the upstream does not obey what the pass would go by, a full one does instead. */
static bool read_all(struct pass *pass)
{
	pass->record.kind = pass->progress.kind = PASS_FULL;
	return pass_full(pass);
}

/* A full pass is to come in its turn: this one has not seen what it should. */
static bool stand_back(struct pass *pass)
{
	pass->end = PASS_SUSPENDED;
	return record_end(pass->session, &pass->record, pass_now(pass), "failed",
	                  pass->summary->message, pass->error) &&
	       error_set(pass->error, "%s", pass->summary->message);
}

/* The upstream has been found not to obey: what was read is stored, and a full pass begins. */
static bool go_on_with_all(struct pass *pass)
{
	int64_t now = pass_now(pass);

	pass->record.consistent = false;
	pass_add_message(pass, "the upstream does not obey %s: a full pass follows",
	                 pass->list->upkeep.recent == RECENT_ACTIVE ? "ordering"
	                                                            : pass->list->upkeep.by);
	/* Among others it takes its turn. */
	if (pass->order->as_due && pass->settings->list_count > 1)
		return stand_back(pass);
	if (!end(pass))
		return false;
	pass->summary->message[0] = '\0';
	strbuf_reset(&pass->seen);
	record_fini(&pass->record);
	record_init(&pass->record, pass->settings->upstream.url, pass->list, PASS_FULL, now);
	return read_all(pass);
}

/* Whether the list is known well enough for recent passes. */
static bool can_be_recent(struct pass *pass, bool *can)
{
	struct active_rows known = {.total = 0};
	bool done = true;

	*can = false;
	switch (pass->list->upkeep.recent) {
	case RECENT_NONE:
	case RECENT_WHOLE:
		break;
	case RECENT_ACTIVE: /* offsets are those of what is known */
		done = active_rows_find(pass->session, pass->list, pass->record.started, &known,
		                        pass->error);
		*can = known.total > 0 && pass->about.ordered;
		break;
	case RECENT_SINCE:
		*can = pass->about.filled && obeys(pass->about.disobeyed, pass->record.started) &&
		       pass->about.changed_until > 0;
		break;
	case RECENT_NEWEST:
	case RECENT_SUBSET:
		*can = pass->about.filled && obeys(pass->about.disobeyed, pass->record.started);
	}
	active_rows_fini(&known);
	return done;
}

static bool read_recent(struct pass *pass)
{
	switch (pass->list->upkeep.recent) {
	case RECENT_ACTIVE:
		return read_active(pass);
	case RECENT_SINCE:
		return read_since(pass);
	case RECENT_NEWEST:
		return read_newest(pass);
	default:
		return read_subset(pass);
	}
}

bool pass_recent(struct pass *pass)
{
	bool can, obeyed;

	if (!can_be_recent(pass, &can))
		return false;
	if (!can)
		return read_all(pass);
	if (!begin(pass) || !read_recent(pass))
		return false;
	obeyed = pass->list->upkeep.recent == RECENT_ACTIVE ? pass->record.ordered : pass->obeyed;
	return obeyed ? end(pass) : go_on_with_all(pass);
}
