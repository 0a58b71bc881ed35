/* Reads how sync stands and writes it for people. */
#include "sync/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/temporal.h"
#include "flights.h"
#include "plan.h"
#include "record.h"
#include "repository/execute.h"

/* ($1 upstream) */
static const struct statement select_last = {
	.sql = "SELECT kind, started, touched, ended, outcome, message, flights::bigint,"
	       " created::bigint, changed::bigint, deleted::bigint"
	       " FROM sync_pass WHERE upstream = $1::text ORDER BY id DESC LIMIT 1",
};

/* Whether a pass holds the lock, by the two halves of its number. */
static const struct statement select_locked = {
	.sql = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
	       " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
	       " AND classid::bigint = " RECORD_LOCK " >> 32"
	       " AND objid::bigint = " RECORD_LOCK " & 4294967295 AND objsubid = 1)",
};

static const struct statement select_installed = {
	.sql = "SELECT (extract(epoch FROM min(applied_at)) * 1000000)::bigint FROM schema_version",
};

/* Times are microseconds since 1970; 0: never. */
struct status {
	const struct sync_settings *settings;
	int64_t now;
	int64_t installed; /* when the schema was made */
	int64_t under_way; /* a pass holds the lock */
	PGresult *last;    /* of select_last; it may have no row */
	struct plan_state state;
	struct plan_promise promise;
};

static bool read_promise(struct session *session, struct status *status, struct error *error)
{
	struct flights_active active = {.total = 0};
	bool read = flights_find_active(session, status->now, &active, error);
	size_t count = active.offsets.length / sizeof(int64_t);
	struct plan_window *windows = must(calloc(count + 1, sizeof(*windows)));

	count = plan_windows((const int64_t *)(const void *)active.offsets.data, count,
	                     active.total, status->settings->upstream.page_size, windows);
	status->promise =
		plan_promise(status->settings, active.total, status->state.unordered ? 0 : count);
	free(windows);
	flights_active_fini(&active);
	return read;
}

static bool read_status(struct session *session, struct status *status, struct error *error)
{
	const char *upstream = status->settings->upstream.url;

	return execute(session, &select_last, ARGUMENTS(STRING(upstream)), &status->last, error) &&
	       execute_number(session, &select_installed, NO_ARGUMENTS, &status->installed,
	                      error) &&
	       execute_number(session, &select_locked, NO_ARGUMENTS, &status->under_way, error) &&
	       record_plan_state(session, status->settings, status->now, &status->state, error) &&
	       read_promise(session, status, error);
}

/* Whether more time has passed since then than was promised, and one interval more: a pass is seen once it is
   done, which takes as long as its responses. */
static bool is_late(const struct status *status, int64_t since, int64_t promised)
{
	return status->now - since > promised + status->settings->interval;
}

/* One pass that failed is no problem where others worked; where none has, it is. One that is still to come is
   none until it is later than promised, counted from when there were tables for it. */
static bool has_never_worked(const struct status *status)
{
	if (status->state.full_started > 0)
		return false;
	return status->state.failures > 0 ||
	       (status->settings->interval > 0 &&
	        is_late(status, status->installed, status->promise.any));
}

/* The moment from which on is_late or has_never_worked. */
static int64_t find_good_until(const struct status *status)
{
	const struct plan_state *state = &status->state;
	int64_t full = state->full_started + status->promise.any;
	int64_t recent = state->done_started + status->promise.recent;

	if (state->full_started == 0 && state->failures > 0)
		return 0;
	if (state->full_started == 0)
		full = recent = status->installed + status->promise.any;
	return (full < recent ? full : recent) + status->settings->interval;
}

bool sync_age(struct session *session, const struct sync_settings *settings, int64_t now,
              int64_t *done, int64_t *good_until, struct error *error)
{
	struct status status = {.settings = settings, .now = now};
	bool read = execute_number(session, &select_installed, NO_ARGUMENTS, &status.installed,
	                           error) &&
	            record_plan_state(session, settings, now, &status.state, error) &&
	            read_promise(session, &status, error);

	*done = status.state.done_started;
	*good_until = read ? find_good_until(&status) : 0;
	return read;
}

/* NULL: none. Where all passes are made by hand, nothing is promised. */
static const char *find_problem(const struct status *status)
{
	const struct plan_state *state = &status->state;
	bool by_hand = status->settings->interval == 0;

	if (state->refused && (!by_hand || state->full_started == 0))
		return "the upstream does not let us in";
	if (has_never_worked(status))
		return "no full pass has been done yet";
	if (by_hand || state->full_started == 0)
		return NULL;
	if (is_late(status, state->full_started, status->promise.any))
		return "no full pass for too long";
	if (is_late(status, state->done_started, status->promise.recent))
		return "no pass for too long";
	return NULL;
}

/* `5 min`, of a time that is not negative. */
static void write_span(struct strbuf *out, int64_t microseconds)
{
	int64_t seconds = microseconds > 0 ? microseconds / MICROSECONDS : 0;

	if (seconds < 120)
		strbuf_printf(out, "%" PRId64 " s", seconds);
	else if (seconds < 7200)
		strbuf_printf(out, "%" PRId64 " min", seconds / 60);
	else if (seconds < 172800)
		strbuf_printf(out, "%" PRId64 " h", seconds / 3600);
	else
		strbuf_printf(out, "%" PRId64 " days", seconds / 86400);
}

static void write_last(const struct status *status, struct strbuf *out)
{
	const PGresult *last = status->last;
	int64_t ended = result_moment(last, 0, 3);
	const char *outcome = result_text(last, 0, 4);
	const char *message = result_text(last, 0, 5);

	if (outcome[0] == '\0')
		outcome = status->under_way ? "under way" : "cut off";
	strbuf_printf(out, "last pass over %s %s, %s ", status->settings->upstream.url,
	              result_text(last, 0, 0), outcome);
	write_span(out, status->now - (ended ? ended : result_moment(last, 0, 2)));
	strbuf_printf(out,
	              " ago, %" PRId64 " flights (%" PRId64 " new, %" PRId64 " changed, %" PRId64
	              " deleted)",
	              result_bigint(last, 0, 6), result_bigint(last, 0, 7),
	              result_bigint(last, 0, 8), result_bigint(last, 0, 9));
	if (message[0] != '\0')
		strbuf_printf(out, ": %s", message);
}

static void write_next(const struct status *status, struct strbuf *out)
{
	const struct sync_settings *settings = status->settings;
	int64_t next = plan_next(&status->state, settings);

	if (settings->interval == 0) {
		strbuf_str(out, "; next when asked for (sync.interval is 0)");
		return;
	}
	if (next > status->now) {
		strbuf_str(out, "; next in ");
		write_span(out, next - status->now);
	} else if (!status->under_way) {
		strbuf_str(out, "; next at once");
	}
	if (status->state.unordered)
		strbuf_str(out, "; the upstream does not obey ordering, so that every pass reads "
		                "its whole list");
	strbuf_str(out, "; changes are seen within ");
	write_span(out, status->promise.recent);
	strbuf_str(out, ", any within ");
	write_span(out, status->promise.any);
}

static void write_status(const struct status *status, struct strbuf *out)
{
	int64_t full_started = status->state.full_started;

	if (PQntuples(status->last) == 0)
		strbuf_printf(out, "no pass over %s yet", status->settings->upstream.url);
	else
		write_last(status, out);
	if (full_started > 0 && full_started != status->state.last_started) {
		strbuf_str(out, "; last full pass ");
		write_span(out, status->now - full_started);
		strbuf_str(out, " ago");
	}
	write_next(status, out);
}

bool sync_status(struct session *session, const struct sync_settings *settings, int64_t now,
                 struct strbuf *line, struct error *error)
{
	struct status status = {.settings = settings, .now = now};
	const char *problem = NULL;
	bool done = read_status(session, &status, error);

	if (done) {
		write_status(&status, line);
		problem = find_problem(&status);
	}
	if (problem)
		error_set(error, "%s; %s", problem, line->data);
	PQclear(status.last);
	return done && !problem;
}
