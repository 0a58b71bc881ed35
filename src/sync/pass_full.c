/* Full passes: every page, from the beginning or from where one was cut off. */
#include <inttypes.h>

#include "pass_parts.h"
#include "sync/url.h"

/* What the log has in place of a progress line. */
static void progress_log(struct pass *pass)
{
	if (!pass->order->observer.show)
		log_info("sync: page %" PRId64 ": %" PRId64 " of %" PRId64 " flights",
		         pass->record.pages, pass->record.flights, pass->record.upstream_count);
}

static int64_t url_offset(const char *url)
{
	int64_t offset;

	return sync_url_parameter(url, "offset", &offset) ? offset : 0;
}

/* Notes that the list moved. Where it became shorter, flights have moved from the page that is due to
   the one before: false, with the pass set back by as many. */
static bool count_look(struct pass *pass, const struct sync_page *page, int64_t offset)
{
	struct store_pass *record = &pass->record;
	int64_t before = record->upstream_count;

	record->upstream_count = page->count;
	if (before < 0 || page->count == before)
		return true;
	if (record->consistent) {
		pass_log(pass, LOG_WARNING,
		         "sync: the upstream's count moved from %" PRId64 " to %" PRId64
		         " during the pass: it deletes nothing",
		         before, page->count);
		pass_note(pass, "the count moved from %" PRId64 " to %" PRId64, before,
		          page->count);
	}
	record->consistent = false;
	if (page->count > before || offset == 0)
		return true;
	offset -= before - page->count;
	/* It goes through flights again that it has read. */
	record->last_id = 0;
	strbuf_reset(&record->next);
	sync_url_list(&record->next, pass->settings->upstream, pass->pace.limit,
	              offset < 0 ? 0 : offset);
	return false;
}

/* Reads the page that is due and stores it, unless the pass was set back. */
static bool full_page(struct pass *pass)
{
	struct sync_place place = {.offset = url_offset(pass->record.next.data),
	                           .last_id = pass->record.last_id,
	                           .upstream = pass->settings->upstream};
	struct sync_page page;
	bool done = pass_page_limit(pass);

	if (!done)
		return false;
	done = pass_fetch(pass, pass->record.next.data, &place, &page);
	if (done && count_look(pass, &page, place.offset)) {
		pass->progress.read += (int64_t)page.document_count;
		done = pass_store(pass, &page, page.next);
		if (done)
			progress_log(pass);
	}
	sync_page_fini(&page);
	return done;
}

static bool full_run(struct pass *pass)
{
	while (pass->record.next.length > 0) {
		pass_show(pass);
		if (!full_page(pass))
			return false;
	}
	pass_show(pass);
	return pass_finish(pass);
}

static bool full_begin(struct pass *pass)
{
	const char *upstream = pass->settings->upstream;

	strbuf_reset(&pass->record.next);
	sync_url_list(&pass->record.next, upstream, pass->settings->page_size, 0);
	return pass->order->try_only ||
	       store_pass_begin(pass->session, upstream, &pass->record, pass->error);
}

/* Goes on with a pass that was cut off. */
static bool full_resume(struct pass *pass)
{
	int64_t stale = pass->record.started - pass->settings->stale;
	bool *resumed = &pass->summary->resumed;

	if (pass->order->try_only)
		return true;
	if (!store_pass_resume(pass->session, pass->settings->upstream, stale, &pass->record,
	                       &pass->seen, resumed, pass->error))
		return false;
	if (*resumed)
		pass_log(pass, LOG_INFO, "sync: goes on with a full pass behind %" PRId64 " pages",
		         pass->record.pages);
	return true;
}

/* The list has changed too much meanwhile to go on with it. */
static bool full_anew(struct pass *pass)
{
	int64_t now = pass_now(pass);

	pass_log(pass, LOG_INFO, "sync: begins anew, since it cannot go on: %s", pass->error->text);
	*pass->error = (struct error){.text = ""};
	pass->end = SYNC_DONE;
	pass->summary->resumed = false;
	pass->summary->message[0] = '\0';
	strbuf_reset(&pass->seen);
	store_pass_fini(&pass->record);
	store_pass_init(&pass->record, SYNC_FULL, now);
	pace_init(&pass->pace, pass->settings, (uint64_t)now);
	return full_begin(pass) && full_run(pass);
}

bool pass_full(struct pass *pass)
{
	if (!store_flights(pass->session, &pass->stored, pass->error) || !full_resume(pass))
		return false;
	if (!pass->summary->resumed)
		return full_begin(pass) && full_run(pass);
	return full_run(pass) || (pass->end == SYNC_FAILED && pass->begin_anew && full_anew(pass));
}
