/* Runs passes: takes the lock, resumes or begins, reads page after page, and ends them. */
#include "pass.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/metrics.h"
#include "base/temporal.h"
#include "pass_internal.h"
#include "schedule.h"

#define LOCK_WAIT (3 * MICROSECONDS)
#define LOCK_RETRY (MICROSECONDS / 20)

void pass_add_message(struct pass *pass, const char *format, ...)
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
	const struct pass_observer *observer = &pass->order->observer;
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (observer->hide)
		observer->hide(observer->context);
	log_write(level, "%s", text);
}

void pass_report_unknown(struct pass *pass)
{
	struct strbuf line = STRBUF_INIT;

	if (unknown_fields_line(&pass->unknown, &line)) {
		pass_log(pass, LOG_WARNING, "sync: %s", line.data);
		pass_add_message(pass, "%s", line.data);
	}
	strbuf_fini(&line);
	unknown_fields_fini(&pass->unknown);
}

void pass_show_progress(struct pass *pass)
{
	const struct pass_observer *observer = &pass->order->observer;

	pass->progress.pages = pass->record.pages;
	pass->progress.documents = pass->record.documents;
	pass->progress.count = pass->record.upstream_count;
	if (observer->show)
		observer->show(observer->context, &pass->progress, pass_now(pass));
}

bool pass_check_page_limit(struct pass *pass)
{
	if (pass->record.pages < pass->settings->page_limit)
		return true;
	pass->end = PASS_FAILED;
	pass->restart = true;
	return error_set(pass->error, "%s has more pages than sync.page_limit, %" PRId64,
	                 pass->settings->upstream.url, pass->settings->page_limit);
}

/* Records why the pass ended, for the status; not where the database is what failed. */
static void record_failure(struct pass *pass)
{
	const char *outcome = pass->end == PASS_REFUSED ? "refused" : "failed";
	struct error error = {0};

	metric_add(METRIC_sync_failures_total, 1);
	if (pass->record.id == 0 || !session_alive(pass->session))
		return;
	if (pass->restart)
		strbuf_reset(&pass->record.next);
	if (!record_end(pass->session, &pass->record, pass_now(pass), outcome, pass->error->text,
	                &error))
		pass_log(pass, LOG_WARNING, "sync: the pass's end cannot be stored: %s",
		         error.text);
}

static void fill_summary(struct pass *pass)
{
	struct pass_summary *summary = pass->summary;
	const struct pass_record *record = &pass->record;

	summary->kind = record->kind;
	summary->documents = record->documents;
	summary->created = record->created;
	summary->changed = record->changed;
	summary->older = record->older;
	summary->deleted = record->deleted;
	summary->pages = record->pages;
	summary->requests = record->requests;
	summary->took = pass_now(pass) - pass->progress.began;
}

static enum pass_end run_to_end(struct pass *pass)
{
	bool done = pass->record.kind == PASS_FULL ? pass_full(pass) : pass_recent(pass);

	fill_summary(pass);
	pass_report_unknown(pass); /* of one that failed */
	if (done) {
		metric_add(METRIC_sync_passes_total, 1);
		return pass->trouble ? PASS_TROUBLED : PASS_DONE;
	}
	if (pass->end == PASS_DONE)
		pass->end = PASS_FAILED; /* by the database, which sets the error alone */
	/* One that was stopped is left as if killed, so that the next one resumes it. */
	if (pass->end != PASS_INTERRUPTED && pass->end != PASS_SUSPENDED)
		record_failure(pass);
	return pass->end;
}

bool pass_may_go_on(struct pass *pass)
{
	const struct sync_settings *settings = pass->settings;
	int64_t now = pass_now(pass);
	struct schedule schedule;
	struct schedule_turn turn;

	/* A list alone has nobody to stand back for. */
	if (!pass->order->as_due || settings->list_count < 2)
		return true;
	if (!record_schedule(pass->session, settings, now, &schedule, pass->error))
		return false;
	turn = schedule_next(&schedule, pass->list);
	if (turn.list == pass->list && turn.kind == PASS_FULL && turn.at <= now)
		return true;
	pass->record.suspended = true;
	if (!record_update(pass->session, &pass->record, now, pass->error))
		return false;
	pass->end = PASS_SUSPENDED;
	return error_set(pass->error, "stands back for another pass");
}

bool pass_store_about(struct pass *pass, struct error *error)
{
	return pass->order->dry_run || record_set_list(pass->session, pass->settings->upstream.url,
	                                               pass->list, &pass->about, error);
}

/* With the lock: which pass it is. False where none is due, or the database failed. */
static bool choose_pass(struct session *session, const struct pass_order *order, int64_t now,
                        struct schedule_turn *turn, struct error *error)
{
	struct schedule schedule;

	*turn = (struct schedule_turn){order->list, order->kind, now};
	if (!order->as_due)
		return true;
	if (!record_schedule(session, order->settings, now, &schedule, error))
		return false;
	*turn = schedule_next(&schedule, NULL);
	return turn->list && turn->at <= now;
}

/* --- How a list is requested. --- */

/* The ordering of full passes; `id` where the upstream takes it. */
static const char *full_ordering(const struct endpoint *list, bool filled)
{
	const struct upkeep *upkeep = &list->upkeep;

	if (!filled && upkeep->filling)
		return upkeep->filling;
	if (upkeep->ordering)
		return upkeep->ordering;
	/* Lists whose ordering fields the original does not name take their own columns. */
	if (list->orders_by_id || list->orders_by_all_fields || list->ordering_count == 0)
		return "id";
	return list->orderings[0].term;
}

/* The mode of a single row's view, where the table does not say another. */
static const char *list_mode(const struct endpoint *list)
{
	if (list->upkeep.mode)
		return list->upkeep.mode;
	for (size_t i = 0; i < MODES_MAX && list->modes[i].name; i++)
		if (list->modes[i].view == list->one)
			return list->modes[i].name;
	return list->modes[0].name;
}

/* Also the size of pages, which the list's passes before have found. */
static bool prepare(struct pass *pass, enum pass_kind kind, int64_t now)
{
	const char *upstream = pass->settings->upstream.url;

	snprintf(pass->path, sizeof(pass->path), VERSION_PATH "%s/", pass->list->path);
	pass->request = (struct url_list){
		.upstream = upstream, .path = pass->path, .mode = list_mode(pass->list)};
	if (!record_list(pass->session, upstream, pass->list, &pass->about, pass->error))
		return false;
	pass->request.ordering = full_ordering(pass->list, pass->about.filled);
	pace_init(&pass->pace, &pass->settings->upstream, pass->about.page_size, (uint64_t)now);
	record_init(&pass->record, upstream, pass->list, kind, now);
	pass->progress =
		(struct pass_progress){.list = pass->list, .kind = kind, .began = now, .count = -1};
	pass->summary->list = pass->list;
	return true;
}

/* Remembers the size of pages with which answers came in time, for the list's next pass. */
static void store_page_size(struct pass *pass)
{
	int64_t size = pass->pace.limit < pass->settings->upstream.page_size ? pass->pace.limit : 0;
	struct error error = {0};

	/* Where no answer came, its size need not have been the reason. */
	if (pass->pace.good == 0 || size == pass->about.page_size || !session_alive(pass->session))
		return;
	pass->about.page_size = size;
	if (!pass_store_about(pass, &error))
		pass_log(pass, LOG_DEBUG, "sync: %s", error.text);
}

static enum pass_end run_locked(struct session *session, const struct pass_order *order,
                                struct pass_summary *summary, struct error *error)
{
	struct pass pass = {.session = session,
	                    .order = order,
	                    .settings = order->settings,
	                    .summary = summary,
	                    .error = error,
	                    .response = UPSTREAM_RESPONSE_INIT};
	int64_t now = pass_now(&pass);
	struct schedule_turn turn;
	enum pass_end end;

	if (!choose_pass(session, order, now, &turn, error))
		return error_is_set(error) ? PASS_FAILED : PASS_BUSY;
	pass.list = turn.list;
	if (!prepare(&pass, turn.kind, now))
		return PASS_FAILED;
	end = run_to_end(&pass);
	store_page_size(&pass);
	record_fini(&pass.record);
	strbuf_fini(&pass.response.body);
	strbuf_fini(&pass.response.location);
	strbuf_fini(&pass.seen);
	strbuf_fini(&pass.stored);
	return end;
}

/* The session of a process that was killed holds the lock until PostgreSQL has noticed: a command waits for
   that. */
static bool take_lock(struct session *session, const struct pass_order *order, bool *locked,
                      struct error *error)
{
	for (int64_t waited = 0;; waited += LOCK_RETRY) {
		if (!record_lock(session, locked, error))
			return false;
		if (*locked || order->as_due || waited >= LOCK_WAIT ||
		    !order->source.wait(order->source.context, LOCK_RETRY))
			return true;
	}
}

enum pass_end pass_run(struct session *session, const struct pass_order *order,
                       struct pass_summary *summary, struct error *error)
{
	struct error ignored = {0};
	enum pass_end end;
	bool locked;

	*summary = (struct pass_summary){.kind = order->kind, .dry_run = order->dry_run};
	if (!take_lock(session, order, &locked, error))
		return PASS_FAILED;
	if (!locked) {
		error_set(error, "another sync is under way on this database");
		return PASS_BUSY;
	}
	end = run_locked(session, order, summary, error);
	if (session_alive(session) && !record_unlock(session, &ignored))
		log_debug("sync: %s", ignored.text);
	return end;
}

void pass_summary_write(const struct pass_summary *summary, const char *upstream,
                        struct strbuf *out)
{
	int64_t unchanged =
		summary->documents - summary->created - summary->changed - summary->older;

	strbuf_printf(out,
	              "%s%s pass over %s %s in %.1f s: ", summary->dry_run ? "dry run of a " : "",
	              summary->kind == PASS_FULL ? "full" : "recent", upstream,
	              summary->resumed ? "resumed and done" : "done",
	              (double)summary->took / (double)MICROSECONDS);
	strbuf_printf(out,
	              "%" PRId64 " %s: %" PRId64 " new, %" PRId64 " changed, %" PRId64
	              " unchanged, ",
	              summary->documents, endpoint_noun(summary->list, summary->documents),
	              summary->created, summary->changed, unchanged);
	if (summary->older > 0)
		strbuf_printf(out, "%" PRId64 " older than what is stored, ", summary->older);
	strbuf_printf(out, "%" PRId64 " deleted; ", summary->deleted);
	strbuf_count(out, summary->pages, "page", "pages");
	strbuf_str(out, ", ");
	strbuf_count(out, summary->requests, "request", "requests");
	if (summary->message[0] != '\0')
		strbuf_printf(out, "; %s", summary->message);
}
