/* Full passes: every page, from the beginning or from where one was cut off.

   A list that comes in the order of ids is read once from end to end. One that does not is read as it comes:
   pages may overlap and rows fall between them, where the order changes from request to request or the
   list moves. Then the pass goes through it again until it has met as many rows as there are, a few times
   at most.

   Where passes over other lists come between its pages, a pass may take more than a day, and no list stands still
   for as long. Then rows that it did not find are looked up one by one. */
#include <inttypes.h>

#include "known.h"
#include "pass_internal.h"
#include "upstream/url.h"

/* Times that a pass goes through a list in no order. Where each page is one by chance, three times through
   nine pages show 96 % of the rows: more is not worth the requests, and the next pass goes on with it. */
#define SWEEPS_MOST 3

/* In place of a progress line. */
static void log_progress(struct pass *pass)
{
	if (!pass->order->observer.show)
		log_info("sync: page %" PRId64 ": %" PRId64 " of %" PRId64 " %s",
		         pass->record.pages, pass->record.documents, pass->record.upstream_count,
		         endpoint_noun(pass->list, pass->record.upstream_count));
}

static int64_t url_offset(const char *url)
{
	int64_t offset;

	return url_parameter(url, "offset", &offset) ? offset : 0;
}

static void set_next(struct pass *pass, int64_t limit, int64_t offset)
{
	strbuf_reset(&pass->record.next);
	url_list_page(&pass->record.next, &pass->request, limit, offset);
}

/* Notes that the list's count moved. Where it became smaller, rows have moved from the page that was read
   to the one before: false, with the pass set back by as many - unless the list is in no
   order: then that is done while a long pass is under way, whose order may at least be the same. */
static bool accept_count(struct pass *pass, int64_t count, int64_t offset)
{
	struct pass_record *record = &pass->record;
	int64_t before = record->upstream_count;

	record->upstream_count = count;
	if (before < 0 || count == before)
		return true;
	if (record->consistent && !record->suspended) {
		pass_log(pass, LOG_WARNING,
		         "sync: the upstream's count moved from %" PRId64 " to %" PRId64
		         " during the pass",
		         before, count);
		pass_add_message(pass, "the count moved from %" PRId64 " to %" PRId64, before,
		                 count);
	}
	record->consistent = false;
	if (count > before || offset == 0 || !(record->ordered || record->suspended))
		return true;
	offset -= before - count;
	record->has_last = false; /* it reads rows again that it has read */
	set_next(pass, pass->pace.limit, offset < 0 ? 0 : offset);
	return false;
}

/* Reads the next page and stores it, unless the pass was set back. */
static bool read_page(struct pass *pass)
{
	struct page_position position = {.offset = url_offset(pass->record.next.data)};
	const struct key *before = pass->record.has_last ? &pass->record.last : NULL;
	struct upstream_page page;
	bool done = pass_check_page_limit(pass);

	if (!done)
		return false;
	done = pass_fetch(pass, pass->record.next.data, &position, before, &page);
	if (done && accept_count(pass, page.count, position.offset)) {
		pass->progress.read += (int64_t)page.document_count;
		done = pass_store_page(pass, &page, page.next);
		if (done)
			log_progress(pass);
	}
	upstream_page_fini(&page);
	return done;
}

static bool all_seen(const struct pass *pass)
{
	return (int64_t)keys_count(&pass->seen) >= pass->record.upstream_count;
}

/* While a long pass is under way, rows always fall between pages: going through the list again would find as many
   others as it misses. */
static bool enough_seen(const struct pass *pass)
{
	int64_t seen = (int64_t)keys_count(&pass->seen);

	return all_seen(pass) ||
	       (pass->record.suspended && seen >= pass->record.upstream_count * 9 / 10);
}

/* Reads pages until the list's end; where it goes through the list again, until all rows are there. */
static bool sweep(struct pass *pass)
{
	bool first = true;

	for (; pass->record.next.length > 0; first = false) {
		pass_show_progress(pass);
		if ((!first && !pass_may_go_on(pass)) || !read_page(pass))
			return false;
		if (pass->record.sweeps > 1 && all_seen(pass))
			strbuf_reset(&pass->record.next);
	}
	return true;
}

/* Whether rows fell between the pages of a list in no order, which can be looked for once more. */
static bool sweep_again(struct pass *pass)
{
	struct pass_record *record = &pass->record;
	int64_t pages = record->upstream_count / pass->pace.limit + 1;

	if (record->ordered || enough_seen(pass) || record->sweeps == SWEEPS_MOST ||
	    record->pages + pages > pass->settings->page_limit)
		return false;
	pass_log(pass, LOG_INFO, "sync: read %zu of %" PRId64 " %s: goes through the list again",
	         keys_count(&pass->seen), record->upstream_count,
	         endpoint_noun(pass->list, record->upstream_count));
	record->sweeps++;
	record->has_last = false;
	set_next(pass, pass->pace.limit, 0);
	return true;
}

static bool read_to_end(struct pass *pass)
{
	do
		if (!sweep(pass))
			return false;
	while (sweep_again(pass));
	pass_show_progress(pass);
	return pass_finish_full(pass);
}

static bool begin(struct pass *pass)
{
	set_next(pass, pass->pace.limit, 0);
	pass->record.ordered = ordering_is_id(pass->request.ordering);
	return (pass->order->dry_run || record_begin(pass->session, &pass->record, pass->error)) &&
	       read_to_end(pass);
}

/* Takes over a pass that was cut off, if there is one. */
static bool resume(struct pass *pass)
{
	int64_t stale = pass->record.started - pass->settings->stale;
	bool *resumed = &pass->summary->resumed;

	if (pass->order->dry_run)
		return true;
	if (!record_resume(pass->session, stale, &pass->record, &pass->seen, resumed, pass->error))
		return false;
	if (*resumed)
		pass_log(pass, pass->record.suspended ? LOG_DEBUG : LOG_INFO,
		         "sync: goes on with a full pass behind page %" PRId64, pass->record.pages);
	return true;
}

/* The list has changed too much meanwhile to go on with the resumed pass. */
static bool begin_again(struct pass *pass)
{
	int64_t now = pass_now(pass);

	pass_log(pass, LOG_INFO, "sync: begins anew, since it cannot go on: %s", pass->error->text);
	*pass->error = (struct error){.text = ""};
	pass->end = PASS_DONE;
	pass->summary->resumed = false;
	pass->summary->message[0] = '\0';
	strbuf_reset(&pass->seen);
	record_fini(&pass->record);
	record_init(&pass->record, pass->settings->upstream.url, pass->list, PASS_FULL, now);
	pace_init(&pass->pace, &pass->settings->upstream, pass->about.page_size, (uint64_t)now);
	return begin(pass);
}

bool pass_full(struct pass *pass)
{
	if (!stored_read(pass->session, pass->list, &pass->stored, pass->error) || !resume(pass))
		return false;
	if (!pass->summary->resumed)
		return begin(pass);
	return read_to_end(pass) ||
	       (pass->end == PASS_FAILED && pass->restart && begin_again(pass));
}
