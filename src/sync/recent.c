/* Recent passes: the pages with flights that can have changed by themselves, and whatever is new behind
   them; the whole list where the upstream does not obey `ordering`. */
#include <stdlib.h>

#include "base/memory.h"
#include "flights.h"
#include "pass_internal.h"
#include "upstream/url.h"

/* Reads the page at the address and stores it; moves the position and the address to what follows, which is
   empty at the list's end. */
static bool read_page(struct pass *pass, struct strbuf *url, struct page_position *position)
{
	struct upstream_page page;
	bool done = pass_check_page_limit(pass);

	if (!done)
		return false;
	pass_show_progress(pass);
	done = pass_fetch(pass, url->data, position, &page);
	if (done) {
		pass->progress.read += (int64_t)page.document_count;
		pass->record.upstream_count = page.count;
		done = pass_store_page(pass, &page, NULL);
		position->offset += (int64_t)page.document_count;
		position->last_id = pass->record.last_id;
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
	bool done;

	url_list_page(&url, pass->settings->upstream.url, pass->list->path, window->limit,
	              window->offset);
	do
		done = read_page(pass, &url, &position);
	while (done && pass->record.ordered && url.length > 0 && (last || position.offset < end));
	strbuf_fini(&url);
	return done;
}

/* A recent pass cannot tell which flights are gone, or have another place, but that some are: the next full
   pass comes sooner then. */
static bool check_drift(struct pass *pass, const struct flights_active *wanted)
{
	struct flights_active now = {.total = 0};
	bool done = flights_find_active(pass->session, pass_now(pass), &now, pass->error);

	for (size_t i = 0; i < ids_count(&wanted->ids); i++)
		if (!ids_contain(&pass->seen, ids_array(&wanted->ids)[i]))
			pass->record.consistent = false;
	if (!ids_contain(&pass->seen, wanted->last)) /* which was at the list's end */
		pass->record.consistent = false;
	if (!pass->order->dry_run && now.total != pass->record.upstream_count)
		pass->record.consistent = false;
	if (!pass->record.consistent)
		pass_add_message(pass, "the list moved: a full pass comes sooner");
	flights_active_fini(&now);
	return done;
}

static bool read_windows(struct pass *pass, const struct flights_active *active)
{
	size_t most = ids_count(&active->offsets) + 1;
	struct plan_window *windows = must(calloc(most, sizeof(*windows)));
	size_t count = plan_windows(ids_array(&active->offsets), most - 1, active->total,
	                            pass->settings->upstream.page_size, windows);
	bool done = true;

	pass->progress.count = -1;
	for (size_t i = 0; i < count && done && pass->record.ordered; i++)
		done = read_window(pass, &windows[i], i + 1 == count);
	free(windows);
	return done && (!pass->record.ordered || check_drift(pass, active));
}

static bool begin(struct pass *pass)
{
	return pass->order->dry_run || record_begin(pass->session, pass->settings->upstream.url,
	                                            &pass->record, pass->error);
}

static bool end(struct pass *pass)
{
	pass_report_unknown(pass);
	return pass->order->dry_run || record_end(pass->session, &pass->record, pass_now(pass),
	                                          "done", pass->summary->message, pass->error);
}

/* Where the order is not that of ids, pages are of no use by their offsets: a full pass does instead. */
static bool read_all(struct pass *pass)
{
	pass->record.kind = pass->progress.kind = PASS_FULL;
	return pass_full(pass);
}

/* The upstream has been found not to obey: what was read is stored, and a full pass begins. */
static bool go_on_with_all(struct pass *pass)
{
	int64_t now = pass_now(pass);

	pass->record.consistent = false;
	pass_add_message(pass, "the upstream does not obey ordering: a full pass follows");
	if (!end(pass))
		return false;
	pass->summary->message[0] = '\0';
	strbuf_reset(&pass->seen);
	record_fini(&pass->record);
	record_init(&pass->record, PASS_FULL, now);
	return read_all(pass);
}

bool pass_recent(struct pass *pass)
{
	struct flights_active active = {.total = 0};
	bool done = flights_find_active(pass->session, pass->record.started, &active, pass->error);

	/* The offsets are those of a full pass. */
	if (done && (active.total == 0 || !pass->trusts_order)) {
		done = read_all(pass);
	} else if (done) {
		done = begin(pass) && read_windows(pass, &active) &&
		       (pass->record.ordered ? end(pass) : go_on_with_all(pass));
	}
	flights_active_fini(&active);
	return done;
}
