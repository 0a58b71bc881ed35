/* Makes passes: takes the lock, goes on or begins, reads page after page, and ends them. */
#include "sync/pass.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/metrics.h"
#include "pass_parts.h"

#define LOCK_WAIT (3 * SYNC_SECOND)
#define LOCK_LOOK (SYNC_SECOND / 20)

static const char *outcome_name(enum sync_end end)
{
	return end == SYNC_REFUSED ? "refused" : "failed";
}

/* Writes why the pass ended, so that status can tell; if the database is what failed, nothing is. */
static void failure_put(struct pass *pass)
{
	struct error unkept = {0};

	metric_add(METRIC_sync_failures_total, 1);
	if (pass->record.id == 0 || !session_alive(pass->session))
		return;
	if (pass->begin_anew)
		strbuf_reset(&pass->record.next);
	if (!store_pass_end(pass->session, &pass->record, pass_now(pass), outcome_name(pass->end),
	                    pass->error->text, &unkept))
		pass_log(pass, LOG_WARNING, "sync: the pass's end cannot be kept: %s", unkept.text);
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
	bool done = pass->record.kind == SYNC_FULL ? pass_full(pass) : pass_recent(pass);

	summary_fill(pass);
	pass_unknown_tell(pass); /* of one that failed */
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
	if (!store_plan_state(session, settings, now, &state, error) ||
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
	strbuf_fini(&pass.answer.location);
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
