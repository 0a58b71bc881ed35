/* Full passes: every page, from the beginning or from where one was cut off.

   A list that comes in the order of ids is read once from end to end. One that does not is read as it comes:
   pages may overlap and flights fall between them, where the order changes from request to request or the
   list moves. Then the pass goes through it again until it has met as many flights as there are, a few times
   at most. */
#include <inttypes.h>

#include "flights.h"
#include "pass_internal.h"
#include "upstream/url.h"

/* Times that a pass goes through a list in no order. Where each page is one by chance, three times through
   nine pages show 96 % of the flights: more is not worth the requests, and the next pass goes on with it. */
#define SWEEPS_MOST 3

/* In place of a progress line. */
static void log_progress(struct pass *pass)
{
	if (!pass->order->observer.show)
		log_info("sync: page %" PRId64 ": %" PRId64 " of %" PRId64 " flights",
		         pass->record.pages, pass->record.flights, pass->record.upstream_count);
}

static int64_t url_offset(const char *url)
{
	int64_t offset;

	return url_parameter(url, "offset", &offset) ? offset : 0;
}

static void set_next(struct pass *pass, int64_t limit, int64_t offset)
{
	strbuf_reset(&pass->record.next);
	url_list_page(&pass->record.next, pass->settings->upstream.url, pass->list->path, limit,
	              offset);
}

/* Notes that the list's count moved. Where it became smaller, flights have moved from the page that was read
   to the one before: false, with the pass set back by as many - unless the list is in no order. */
static bool accept_count(struct pass *pass, int64_t count, int64_t offset)
{
	struct pass_record *record = &pass->record;
	int64_t before = record->upstream_count;

	record->upstream_count = count;
	if (before < 0 || count == before)
		return true;
	if (record->consistent) {
		pass_log(pass, LOG_WARNING,
		         "sync: the upstream's count moved from %" PRId64 " to %" PRId64
		         " during the pass: it deletes nothing",
		         before, count);
		pass_add_message(pass, "the count moved from %" PRId64 " to %" PRId64, before,
		                 count);
	}
	record->consistent = false;
	if (count > before || offset == 0 || !record->ordered)
		return true;
	offset -= before - count;
	record->last_id = 0; /* it reads flights again that it has read */
	set_next(pass, pass->pace.limit, offset < 0 ? 0 : offset);
	return false;
}

/* Reads the next page and stores it, unless the pass was set back. */
static bool read_page(struct pass *pass)
{
	struct page_position position = {.offset = url_offset(pass->record.next.data),
	                                 .last_id = pass->record.last_id};
	struct upstream_page page;
	bool done = pass_check_page_limit(pass);

	if (!done)
		return false;
	done = pass_fetch(pass, pass->record.next.data, &position, &page);
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
	return (int64_t)ids_count(&pass->seen) >= pass->record.upstream_count;
}

/* Reads pages until the list's end; where it goes through the list again, until all flights are there. */
static bool sweep(struct pass *pass)
{
	while (pass->record.next.length > 0) {
		pass_show_progress(pass);
		if (!read_page(pass))
			return false;
		if (pass->record.sweeps > 1 && all_seen(pass))
			strbuf_reset(&pass->record.next);
	}
	return true;
}

/* Whether flights fell between the pages of a list in no order, which can be looked for once more. */
static bool sweep_again(struct pass *pass)
{
	struct pass_record *record = &pass->record;
	int64_t pages = record->upstream_count / pass->pace.limit + 1;

	if (record->ordered || all_seen(pass) || record->sweeps == SWEEPS_MOST ||
	    record->pages + pages > pass->settings->page_limit)
		return false;
	pass_log(pass, LOG_INFO,
	         "sync: %zu of %" PRId64 " flights were read: goes through the list again",
	         ids_count(&pass->seen), record->upstream_count);
	record->sweeps++;
	record->last_id = 0;
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
	set_next(pass, pass->settings->upstream.page_size, 0);
	return (pass->order->dry_run || record_begin(pass->session, pass->settings->upstream.url,
	                                             &pass->record, pass->error)) &&
	       read_to_end(pass);
}

/* Takes over a pass that was cut off, if there is one. */
static bool resume(struct pass *pass)
{
	int64_t stale = pass->record.started - pass->settings->stale;
	bool *resumed = &pass->summary->resumed;

	if (pass->order->dry_run)
		return true;
	if (!record_resume(pass->session, pass->settings->upstream.url, stale, &pass->record,
	                   &pass->seen, resumed, pass->error))
		return false;
	if (*resumed)
		pass_log(pass, LOG_INFO, "sync: goes on with a full pass behind %" PRId64 " pages",
		         pass->record.pages);
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
	record_init(&pass->record, PASS_FULL, now);
	pace_init(&pass->pace, &pass->settings->upstream, (uint64_t)now);
	return begin(pass);
}

bool pass_full(struct pass *pass)
{
	if (!flights_stored(pass->session, &pass->stored, pass->error) || !resume(pass))
		return false;
	if (!pass->summary->resumed)
		return begin(pass);
	return read_to_end(pass) ||
	       (pass->end == PASS_FAILED && pass->restart && begin_again(pass));
}
