/* Recent passes: the pages that can have changed by themselves, and whatever is new behind them. */
#include <stdlib.h>

#include "base/memory.h"
#include "pass_parts.h"
#include "sync/url.h"

/* Reads the page at the address and stores it. Behind it lie then the place and the address, which is empty
   where nothing follows. */
static bool recent_page(struct pass *pass, struct strbuf *url, struct sync_place *place)
{
	struct sync_page page;
	bool done = pass_page_limit(pass);

	if (!done)
		return false;
	pass_show(pass);
	done = pass_fetch(pass, url->data, place, &page);
	if (done) {
		pass->progress.read += (int64_t)page.document_count;
		pass->record.upstream_count = page.count;
		done = pass_store(pass, &page, NULL);
		place->offset += (int64_t)page.document_count;
		place->last_id = pass->record.last_id;
		strbuf_reset(url);
		strbuf_str(url, page.next ? page.next : "");
	}
	sync_page_fini(&page);
	return done;
}

/* What lies in one window, in one page or, where pages have become smaller, in several; with the last one
   also what follows it. */
static bool window_run(struct pass *pass, const struct plan_window *window, bool last)
{
	struct sync_place place = {.offset = window->offset, .upstream = pass->settings->upstream};
	struct strbuf url = STRBUF_INIT;
	int64_t end = window->offset + window->limit;
	bool done;

	sync_url_list(&url, pass->settings->upstream, window->limit, window->offset);
	do
		done = recent_page(pass, &url, &place);
	while (done && url.length > 0 && (last || place.offset < end));
	strbuf_fini(&url);
	return done;
}

static bool is_in(const struct strbuf *ids, int64_t id)
{
	for (size_t i = 0; i < id_count(ids); i++)
		if (id_array(ids)[i] == id)
			return true;
	return false;
}

/* A recent pass cannot tell what is gone, but that something is: the next full pass comes sooner then. */
static bool drift_look(struct pass *pass, const struct strbuf *wanted)
{
	struct strbuf places = STRBUF_INIT, ids = STRBUF_INIT;
	int64_t total = 0;
	bool done = store_places(pass->session, pass_now(pass), &places, &ids, &total, pass->error);

	for (size_t i = 0; i < id_count(wanted); i++)
		if (!is_in(&pass->seen, id_array(wanted)[i]))
			pass->record.consistent = false;
	if (!pass->order->try_only && total != pass->record.upstream_count)
		pass->record.consistent = false;
	if (!pass->record.consistent)
		pass_note(pass, "the list moved: a full pass comes sooner");
	strbuf_fini(&places);
	strbuf_fini(&ids);
	return done;
}

static bool recent_run(struct pass *pass, const struct strbuf *places, const struct strbuf *ids,
                       int64_t total)
{
	size_t most = id_count(places) + 1;
	struct plan_window *windows = must(calloc(most, sizeof(*windows)));
	size_t count;
	bool done = true;

	count = plan_windows(id_array(places), most - 1, total, pass->settings->page_size, windows);
	pass->progress.count = -1;
	for (size_t i = 0; i < count && done; i++)
		done = window_run(pass, &windows[i], i + 1 == count);
	free(windows);
	return done && drift_look(pass, ids);
}

static bool recent_end(struct pass *pass)
{
	pass_unknown_tell(pass);
	return pass->order->try_only || store_pass_end(pass->session, &pass->record, pass_now(pass),
	                                               "done", pass->summary->message, pass->error);
}

/* Where no full pass has been made yet, there is nothing to plan by. */
bool pass_recent(struct pass *pass)
{
	struct strbuf places = STRBUF_INIT, ids = STRBUF_INIT;
	int64_t total = 0;
	bool done = store_places(pass->session, pass->record.started, &places, &ids, &total,
	                         pass->error);

	if (done && total == 0) {
		pass->record.kind = pass->progress.kind = SYNC_FULL;
		done = pass_full(pass);
	} else if (done) {
		done = (pass->order->try_only ||
		        store_pass_begin(pass->session, pass->settings->upstream, &pass->record,
		                         pass->error)) &&
		       recent_run(pass, &places, &ids, total) && recent_end(pass);
	}
	strbuf_fini(&places);
	strbuf_fini(&ids);
	return done;
}
