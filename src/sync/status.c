/* Reads how sync stands and writes it for people. */
#include "sync/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/temporal.h"
#include "record.h"
#include "repository/execute.h"
#include "schedule.h"

/* ($1 upstream) */
static const struct statement select_last = {
	.sql = "SELECT kind, started, touched, ended, outcome, message, documents::bigint,"
	       " created::bigint, changed::bigint, deleted::bigint, list, suspended"
	       " FROM sync_pass WHERE upstream = $1::text ORDER BY id DESC LIMIT 1",
};

/* Whether a pass holds the lock, by the two halves of its number. */
static const struct statement select_locked = {
	.sql = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
	       " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
	       " AND classid::bigint = " RECORD_LOCK " >> 32"
	       " AND objid::bigint = " RECORD_LOCK " & 4294967295 AND objsubid = 1)",
};

/* Times are microseconds since 1970; 0: never. */
struct status {
	const struct sync_settings *settings;
	int64_t now;
	int64_t under_way; /* a pass holds the lock */
	PGresult *last;    /* of select_last; it may have no row */
	struct schedule schedule;
};

static bool read_status(struct session *session, struct status *status, struct error *error)
{
	const char *upstream = status->settings->upstream.url;

	return execute(session, &select_last, ARGUMENTS(STRING(upstream)), &status->last, error) &&
	       execute_number(session, &select_locked, NO_ARGUMENTS, &status->under_way, error) &&
	       record_schedule(session, status->settings, status->now, &status->schedule, error);
}

/* --- What is wrong. --- */

/* Whether more time has passed since then than was promised, and one interval more: a pass is seen once it is
   done, which takes as long as its responses. */
static bool is_late(const struct status *status, int64_t since, int64_t promised)
{
	return status->now - since > promised + status->settings->interval;
}

/* One pass that failed is no problem where others worked; where none has, it is. One that is still to come is
   none until it is later than promised, counted from when there were tables for it. */
static bool has_never_worked(const struct status *status, const struct schedule_list *list)
{
	if (list->state.full_started > 0)
		return false;
	return list->state.failures > 0 ||
	       (status->settings->interval > 0 &&
	        is_late(status, status->schedule.installed, list->promise.any));
}

/* NULL: none. Where all passes are made by hand, nothing is promised. */
static const char *find_problem(const struct status *status, const struct schedule_list *list)
{
	const struct plan_state *state = &list->state;
	bool by_hand = status->settings->interval == 0;

	if (state->refused && (!by_hand || state->full_started == 0))
		return "the upstream does not let us in";
	if (has_never_worked(status, list))
		return "no full pass has been done yet";
	if (by_hand || state->full_started == 0)
		return NULL;
	if (is_late(status, state->full_started, list->promise.gone))
		return "no full pass for too long";
	if (is_late(status, state->done_started, list->promise.recent))
		return "no pass for too long";
	return NULL;
}

/* Appends the problems of all lists, each with the list where there are several. */
static void write_problems(const struct status *status, struct strbuf *out)
{
	for (size_t i = 0; i < status->schedule.count; i++) {
		const struct schedule_list *list = &status->schedule.lists[i];
		const char *problem = find_problem(status, list);

		if (!problem)
			continue;
		strbuf_str(out, out->length > 0 ? ", " : "");
		if (status->schedule.count > 1)
			strbuf_printf(out, "%s: ", list->list->path);
		strbuf_str(out, problem);
	}
}

/* --- How it stands. --- */

/* Passes over lists that are not read any more are told of, too. */
static void write_documents(struct strbuf *out, const char *path, int64_t count)
{
	const struct endpoint *list = endpoint_at((struct text){path, strlen(path)});

	strbuf_count(out, count, list ? list->noun : "document", list ? list->nouns : "documents");
}

static void write_last(const struct status *status, struct strbuf *out)
{
	const PGresult *last = status->last;
	int64_t ended = result_moment(last, 0, 3);
	const char *outcome = result_text(last, 0, 4);
	const char *message = result_text(last, 0, 5);

	if (outcome[0] == '\0')
		outcome = status->under_way             ? "under way"
		          : result_boolean(last, 0, 11) ? "waiting for its turn"
		                                        : "cut off";
	strbuf_printf(out, "last pass over %s %s, %s ", status->settings->upstream.url,
	              result_text(last, 0, 0), outcome);
	strbuf_span(out, status->now - (ended ? ended : result_moment(last, 0, 2)), SPAN_DOWN);
	strbuf_str(out, " ago, ");
	write_documents(out, result_text(last, 0, 10), result_bigint(last, 0, 6));
	strbuf_printf(out, " (%" PRId64 " new, %" PRId64 " changed, %" PRId64 " deleted)",
	              result_bigint(last, 0, 7), result_bigint(last, 0, 8),
	              result_bigint(last, 0, 9));
	if (message[0] != '\0')
		strbuf_printf(out, ": %s", message);
}

static void write_next(struct status *status, struct strbuf *out)
{
	int64_t next = schedule_next(&status->schedule, NULL).at;

	if (status->settings->interval == 0) {
		strbuf_str(out, "; next when asked for (sync.interval is 0)");
	} else if (next > status->now) {
		strbuf_str(out, "; next in ");
		strbuf_span(out, next - status->now, SPAN_DOWN);
	} else if (!status->under_way) {
		strbuf_str(out, "; next at once");
	}
}

/* How long changes may stay unseen, and why. */
static void write_promise(const struct status *status, const struct schedule_list *list,
                          struct strbuf *out)
{
	if (status->settings->interval == 0)
		return;
	if (!list->ordered || !list->obeys)
		strbuf_str(out, "; the upstream does not obey ordering, so that every pass reads "
		                "its whole list");
	strbuf_str(out, "; changes are seen within ");
	strbuf_span(out, list->promise.recent, SPAN_UP);
	strbuf_str(out, ", any within ");
	strbuf_span(out, list->promise.any, SPAN_UP);
	if (list->promise.gone > list->promise.any) {
		strbuf_str(out, ", what was deleted within ");
		strbuf_span(out, list->promise.gone, SPAN_UP);
	}
}

/* How far a full pass is, and how long it takes still, as far as the budget says. */
static void write_progress(const struct status *status, const struct schedule_list *list,
                           struct strbuf *out)
{
	int64_t left = list->state.count - list->state.read;
	int64_t requests = left / list->page_size + 1;

	strbuf_printf(out, ", being read: %" PRId64 " of %" PRId64, list->state.read,
	              list->state.count);
	if (status->schedule.round_budget <= 0 || left <= 0)
		return;
	strbuf_str(out, ", ");
	strbuf_span(out,
	            (int64_t)((double)requests * HOUR_MICROSECONDS / status->schedule.round_budget),
	            SPAN_DOWN);
	strbuf_str(out, " left");
}

/* A line of one list among several. */
static void write_list(const struct status *status, const struct schedule_list *list,
                       struct strbuf *out)
{
	const struct plan_state *state = &list->state;

	strbuf_printf(out, "%s  %s: ", out->length > 0 ? "\n" : "", list->list->path);
	if (state->full_started == 0) {
		strbuf_str(out, "not complete yet");
	} else {
		strbuf_printf(out, "%" PRId64 ", all read ", state->count);
		strbuf_span(out, status->now - state->full_started, SPAN_DOWN);
		strbuf_str(out, " ago");
	}
	if (state->done_started > state->full_started) {
		strbuf_str(out, ", changes ");
		strbuf_span(out, status->now - state->done_started, SPAN_DOWN);
		strbuf_str(out, " ago");
	}
	if (state->unfinished)
		write_progress(status, list, out);
	write_promise(status, list, out);
}

static void write_status(struct status *status, struct strbuf *out, struct strbuf *lists)
{
	const struct schedule *schedule = &status->schedule;
	const struct plan_state *only = schedule->count == 1 ? &schedule->lists[0].state : NULL;

	if (PQntuples(status->last) == 0)
		strbuf_printf(out, "no pass over %s yet", status->settings->upstream.url);
	else
		write_last(status, out);
	if (only && only->full_started > 0 && only->full_started != only->last_started) {
		strbuf_str(out, "; last full pass ");
		strbuf_span(out, status->now - only->full_started, SPAN_DOWN);
		strbuf_str(out, " ago");
	}
	write_next(status, out);
	if (only)
		write_promise(status, &schedule->lists[0], out);
	for (size_t i = 0; i < schedule->count && !only; i++)
		write_list(status, &schedule->lists[i], lists);
}

bool sync_status(struct session *session, const struct sync_settings *settings, int64_t now,
                 struct strbuf *line, struct strbuf *lists, struct error *error)
{
	struct status status = {.settings = settings, .now = now};
	struct strbuf problems = STRBUF_INIT;
	bool done = read_status(session, &status, error);

	if (done) {
		write_problems(&status, &problems);
		write_status(&status, line, lists);
	}
	if (problems.length > 0) {
		error_set(error, "%s; %s", problems.data, line->data);
		done = false;
	}
	strbuf_fini(&problems);
	PQclear(status.last);
	return done;
}
