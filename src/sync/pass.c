/* Makes passes: takes the lock, goes on or begins, reads page after page, and ends them. */
#include "sync/pass.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/metrics.h"
#include "pass_parts.h"
#include "sync/url.h"

#define LOCK_WAIT (3 * SYNC_SECOND)
#define LOCK_LOOK (SYNC_SECOND / 20)

void pass_note(struct pass *pass, const char *format, ...)
{
	char *message = pass->summary->message;
	size_t used = strlen(message);
	va_list arguments;

	if (used > 0 && used < sizeof(pass->summary->message) - 3) {
		memcpy(message + used, "; ", 3);
		used += 2;
	}
	va_start(arguments, format);
	vsnprintf(message + used, sizeof(pass->summary->message) - used, format, arguments);
	va_end(arguments);
}

void pass_log(struct pass *pass, enum log_level level, const char *format, ...)
{
	const struct sync_observer *observer = &pass->order->observer;
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (observer->hide)
		observer->hide(observer->context);
	log_write(level, "%s", text);
}

static void progress_show(struct pass *pass)
{
	const struct sync_observer *observer = &pass->order->observer;

	pass->progress.pages = pass->record.pages;
	pass->progress.flights = pass->record.flights;
	pass->progress.count = pass->record.upstream_count;
	if (observer->show)
		observer->show(observer->context, &pass->progress, pass_now(pass));
}

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
static bool count_look(struct pass *pass, const struct sync_page *page, struct sync_place *place)
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
	if (page->count > before || place->offset == 0)
		return true;
	place->offset -= before - page->count;
	if (place->offset < 0)
		place->offset = 0;
	place->last_id = 0;
	strbuf_reset(&record->next);
	sync_url_list(&record->next, pass->settings->upstream, pass->pace.limit, place->offset);
	return false;
}

/* Where the page goes on, for the record. */
static void next_set(struct pass *pass, const struct sync_page *page)
{
	struct store_pass *record = &pass->record;

	/* Not the largest so far: a pass that was set back goes through the same flights again. */
	if (page->document_count > 0)
		record->last_id = page->documents[page->document_count - 1].id;
	strbuf_reset(&record->next);
	if (page->next)
		strbuf_str(&record->next, page->next);
}

static bool page_limit_check(struct pass *pass)
{
	if (pass->record.pages < pass->settings->page_limit)
		return true;
	pass->end = SYNC_FAILED;
	pass->begin_anew = true;
	return error_set(pass->error, "%s has more than the %" PRId64 " pages of sync.page_limit",
	                 pass->settings->upstream, pass->settings->page_limit);
}

/* Reads the page that is due and stores it. */
static bool full_page(struct pass *pass, bool *set_back)
{
	struct sync_place place = {.offset = url_offset(pass->record.next.data),
	                           .count = pass->record.upstream_count,
	                           .last_id = *set_back ? 0 : pass->record.last_id,
	                           .upstream = pass->settings->upstream};
	struct sync_page page;
	bool done = page_limit_check(pass);

	if (!done)
		return false;
	done = pass_fetch(pass, pass->record.next.data, &place, &page);
	if (done && count_look(pass, &page, &place)) {
		pass->progress.read += (int64_t)page.document_count;
		next_set(pass, &page);
		done = pass_store(pass, &page);
		progress_log(pass);
		*set_back = false;
	} else if (done) {
		*set_back = true;
	}
	sync_page_fini(&page);
	return done;
}

static bool full_run(struct pass *pass)
{
	bool set_back = false;

	while (pass->record.next.length > 0) {
		progress_show(pass);
		if (!full_page(pass, &set_back))
			return false;
	}
	progress_show(pass);
	return pass_finish(pass);
}

/* One page of a recent pass, with those that follow the last one. */
static bool window_run(struct pass *pass, const struct plan_window *window, bool last)
{
	struct sync_place place = {.offset = window->offset, .upstream = pass->settings->upstream};
	bool done = true, more = true;

	sync_url_list(&pass->record.next, pass->settings->upstream, window->limit, window->offset);
	while (done && more) {
		struct sync_page page;

		if (!page_limit_check(pass))
			return false;
		progress_show(pass);
		done = pass_fetch(pass, pass->record.next.data, &place, &page);
		if (done) {
			pass->progress.read += (int64_t)page.document_count;
			pass->record.upstream_count = page.count;
			next_set(pass, &page);
			place.offset += (int64_t)page.document_count;
			place.last_id = pass->record.last_id;
			more = last && pass->record.next.length > 0;
			if (!more)
				strbuf_reset(&pass->record.next);
			done = pass_store(pass, &page);
		}
		sync_page_fini(&page);
	}
	strbuf_reset(&pass->record.next);
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
	struct plan_window *windows = calloc(most, sizeof(*windows));
	size_t count;
	bool done = true;

	if (!windows)
		abort();
	count = plan_windows(id_array(places), most - 1, total, pass->settings->page_size, windows);
	pass->progress.count = -1;
	for (size_t i = 0; i < count && done; i++) {
		pass->record.last_id = 0;
		done = window_run(pass, &windows[i], i + 1 == count);
	}
	free(windows);
	return done && drift_look(pass, ids);
}

static const char *outcome_name(enum sync_end end)
{
	return end == SYNC_REFUSED ? "refused" : "failed";
}

/* Writes why the pass ended, so that status can tell; if the database is what failed, nothing is. */
static void failure_put(struct pass *pass)
{
	struct error ignored = {0};

	metric_add(METRIC_sync_failures_total, 1);
	if (pass->record.id == 0 || !session_alive(pass->session))
		return;
	if (pass->begin_anew || pass->record.kind == SYNC_RECENT)
		strbuf_reset(&pass->record.next);
	if (!store_pass_end(pass->session, &pass->record, pass_now(pass), outcome_name(pass->end),
	                    pass->error->text, &ignored))
		log_debug("sync: %s", ignored.text);
}

/* A fresh full pass looks at every document again, if any came changed since the last one began: shared
   resources that went to and fro meanwhile could have been passed over. */
static bool digests_begin(struct pass *pass)
{
	bool changed;

	if (!store_documents_changed(pass->session, &changed, pass->error))
		return false;
	pass->ignore_digests = changed && pass->order->try_only;
	return !changed || pass->order->try_only ||
	       store_documents_distrust(pass->session, pass->error);
}

static bool full_begin(struct pass *pass)
{
	const char *upstream = pass->settings->upstream;

	strbuf_reset(&pass->record.next);
	sync_url_list(&pass->record.next, upstream, pass->settings->page_size, 0);
	return digests_begin(pass) &&
	       (pass->order->try_only ||
	        store_pass_begin(pass->session, upstream, &pass->record, pass->error));
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

static bool full_pass(struct pass *pass)
{
	if (!store_flights(pass->session, &pass->stored, pass->error) || !full_resume(pass))
		return false;
	if (!pass->summary->resumed)
		return full_begin(pass) && full_run(pass);
	return full_run(pass) || (pass->end == SYNC_FAILED && pass->begin_anew && full_anew(pass));
}

static bool recent_end(struct pass *pass)
{
	return pass->order->try_only ||
	       store_pass_end(pass->session, &pass->record, pass_now(pass), "done",
	                      pass->summary->message[0] ? pass->summary->message : NULL,
	                      pass->error);
}

/* Where no full pass has been made yet, there is nothing to plan by. */
static bool recent_pass(struct pass *pass)
{
	struct strbuf places = STRBUF_INIT, ids = STRBUF_INIT;
	int64_t total = 0;
	bool done = store_places(pass->session, pass->record.started, &places, &ids, &total,
	                         pass->error);

	if (done && total == 0) {
		pass->record.kind = pass->progress.kind = SYNC_FULL;
		done = full_pass(pass);
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

static void summary_fill(struct pass *pass)
{
	struct sync_summary *summary = pass->summary;
	const struct store_pass *record = &pass->record;

	summary->kind = record->kind;
	summary->flights = record->flights;
	summary->created = record->created;
	summary->changed = record->changed;
	summary->deleted = record->deleted;
	summary->pages = record->pages;
	summary->requests = record->requests;
	summary->took = pass_now(pass) - pass->progress.began;
}

static enum sync_end pass_run(struct pass *pass)
{
	bool done = pass->record.kind == SYNC_FULL ? full_pass(pass) : recent_pass(pass);

	summary_fill(pass);
	if (done) {
		metric_add(METRIC_sync_passes_total, 1);
		return pass->trouble ? SYNC_TROUBLED : SYNC_DONE;
	}
	if (pass->end == SYNC_DONE)
		pass->end = SYNC_FAILED; /* the database, where nobody has said what */
	/* One that was stopped is left as if killed: whoever comes next goes on. */
	if (pass->end != SYNC_INTERRUPTED)
		failure_put(pass);
	return pass->end;
}

/* With the lock: what kind of pass it is. False where none is due, or the database failed. */
static bool kind_settle(struct session *session, const struct sync_order *order, int64_t now,
                        enum sync_kind *kind, struct error *error)
{
	const struct sync_settings *settings = order->settings;
	struct plan_state state;

	*kind = order->kind;
	if (!order->as_due)
		return true;
	if (!store_plan_state(session, settings->upstream, now - settings->stale, &state, error) ||
	    plan_next(&state, settings) > now)
		return false;
	*kind = plan_kind(&state, settings, now);
	return true;
}

static enum sync_end pass_locked(struct session *session, const struct sync_order *order,
                                 struct sync_summary *summary, struct error *error)
{
	struct pass pass = {.session = session,
	                    .order = order,
	                    .settings = order->settings,
	                    .summary = summary,
	                    .error = error,
	                    .answer = SYNC_ANSWER_INIT};
	int64_t now = pass_now(&pass);
	enum sync_kind kind;
	enum sync_end end;

	if (!kind_settle(session, order, now, &kind, error))
		return error_is_set(error) ? SYNC_FAILED : SYNC_BUSY;
	pace_init(&pass.pace, pass.settings, (uint64_t)now);
	store_pass_init(&pass.record, kind, now);
	pass.progress = (struct sync_progress){.kind = kind, .began = now, .count = -1};
	end = pass_run(&pass);
	store_pass_fini(&pass.record);
	strbuf_fini(&pass.answer.body);
	strbuf_fini(&pass.seen);
	strbuf_fini(&pass.stored);
	return end;
}

/* A process that was killed keeps the lock until PostgreSQL has noticed: a command waits for that. */
static bool lock_take(struct session *session, const struct sync_order *order, bool *taken,
                      struct error *error)
{
	for (int64_t waited = 0;; waited += LOCK_LOOK) {
		if (!store_lock(session, taken, error))
			return false;
		if (*taken || order->as_due || waited >= LOCK_WAIT ||
		    !order->source.wait(order->source.context, LOCK_LOOK))
			return true;
	}
}

enum sync_end sync_pass(struct session *session, const struct sync_order *order,
                        struct sync_summary *summary, struct error *error)
{
	struct error ignored = {0};
	enum sync_end end;
	bool taken;

	*summary = (struct sync_summary){.kind = order->kind, .try_only = order->try_only};
	if (!lock_take(session, order, &taken, error))
		return SYNC_FAILED;
	if (!taken) {
		error_set(error, "another sync is under way on this database");
		return SYNC_BUSY;
	}
	end = pass_locked(session, order, summary, error);
	if (session_alive(session) && !store_unlock(session, &ignored))
		log_debug("sync: %s", ignored.text);
	return end;
}

void sync_summary_write(const struct sync_summary *summary, const char *upstream,
                        struct strbuf *out)
{
	int64_t unchanged = summary->flights - summary->created - summary->changed;

	strbuf_printf(out,
	              "%s%s pass over %s %s in %.1f s: ", summary->try_only ? "dry run of a " : "",
	              summary->kind == SYNC_FULL ? "full" : "recent", upstream,
	              summary->resumed ? "resumed and done" : "done",
	              (double)summary->took / (double)SYNC_SECOND);
	strbuf_printf(out,
	              "%" PRId64 " flights: %" PRId64 " new, %" PRId64 " changed, %" PRId64
	              " unchanged, %" PRId64 " deleted; %" PRId64 " pages, %" PRId64 " requests",
	              summary->flights, summary->created, summary->changed, unchanged,
	              summary->deleted, summary->pages, summary->requests);
	if (summary->message[0] != '\0')
		strbuf_printf(out, "; %s", summary->message);
}
