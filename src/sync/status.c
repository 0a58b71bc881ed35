/* Reads how sync stands and writes it for people and for machines. */
#include "sync/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "statement.h"
#include "store.h"
#include "sync/pace.h"

/* So many passes in a row may fail before the first one is done. */
#define FAILURES_MOST 3

/* ($1 upstream) */
static const struct statement select_last = {
	.sql = "SELECT kind, started, touched, ended, outcome, message, pages::bigint, "
	       "flights::bigint,"
	       " created::bigint, changed::bigint, deleted::bigint, upstream_count,"
	       " (SELECT max(started) FROM sync_pass WHERE upstream = $1 AND outcome = 'done')"
	       " FROM sync_pass WHERE upstream = $1::text ORDER BY id DESC LIMIT 1",
};

/* The two halves of the lock's number. */
static const struct statement select_locked = {
	.sql = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
	       " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
	       " AND classid::bigint = 8318820318303549806 >> 32"
	       " AND objid::bigint = 8318820318303549806 & 4294967295 AND objsubid = 1)",
};

static void last_take(struct sync_status *status, const PGresult *result)
{
	status->kind = strcmp(result_text(result, 0, 0), "full") == 0 ? SYNC_FULL : SYNC_RECENT;
	status->started = result_moment(result, 0, 1);
	status->touched = result_moment(result, 0, 2);
	status->ended = result_moment(result, 0, 3);
	snprintf(status->outcome, sizeof(status->outcome), "%s", result_text(result, 0, 4));
	snprintf(status->message, sizeof(status->message), "%s", result_text(result, 0, 5));
	status->pages = result_bigint(result, 0, 6);
	status->flights = result_bigint(result, 0, 7);
	status->created = result_bigint(result, 0, 8);
	status->changed = result_bigint(result, 0, 9);
	status->deleted = result_bigint(result, 0, 10);
	status->upstream_count = result_bigint(result, 0, 11);
	status->done_started = result_moment(result, 0, 12);
}

static bool last_read(struct session *session, const struct sync_settings *settings,
                      struct sync_status *status, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;

	argument_text(&arguments, settings->upstream);
	if (!statement_run(session, &select_last, &arguments, &result, error))
		return false;
	if (PQntuples(result) > 0)
		last_take(status, result);
	PQclear(result);
	if (!statement_run(session, &select_locked, NULL, &result, error))
		return false;
	status->under_way = result_boolean(result, 0, 0);
	PQclear(result);
	return true;
}

static bool requests_read(struct session *session, int64_t now, struct sync_status *status,
                          struct error *error)
{
	struct strbuf stamps = STRBUF_INIT;
	bool read = store_requests(session, now, &stamps, error);

	status->requests = (int64_t)(stamps.length / sizeof(int64_t));
	strbuf_fini(&stamps);
	return read;
}

static bool promise_read(struct session *session, const struct sync_settings *settings, int64_t now,
                         struct sync_status *status, struct error *error)
{
	struct strbuf places = STRBUF_INIT, ids = STRBUF_INIT;
	size_t count;
	int64_t total = 0;
	bool read = store_places(session, now, &places, &ids, &total, error);
	struct plan_window *windows;

	count = places.length / sizeof(int64_t);
	windows = must(calloc(count + 1, sizeof(*windows)));
	count = plan_windows((const int64_t *)(const void *)places.data, count, total,
	                     settings->page_size, windows);
	status->promise = plan_promise(settings, total, count);
	free(windows);
	strbuf_fini(&places);
	strbuf_fini(&ids);
	return read;
}

/* One that failed comes back by itself; but not one that never worked, or is not let in. */
static const char *wrong_find(const struct sync_status *status,
                              const struct sync_settings *settings, int64_t now)
{
	if (settings->interval == 0)
		return NULL;
	if (strcmp(status->outcome, "refused") == 0)
		return "the upstream does not let us in";
	if (status->full_started == 0)
		return status->failures > FAILURES_MOST ? "no full pass was ever done" : NULL;
	if (now - status->full_started > status->promise.any + settings->full_interval)
		return "no full pass for too long";
	return NULL;
}

bool sync_status_read(struct session *session, const struct sync_settings *settings, int64_t now,
                      struct sync_status *status, struct error *error)
{
	struct plan_state state;

	*status = (struct sync_status){.kind = SYNC_FULL};
	if (!last_read(session, settings, status, error) ||
	    !store_plan_state(session, settings, now, &state, error) ||
	    !requests_read(session, now, status, error) ||
	    !promise_read(session, settings, now, status, error))
		return false;
	status->full_started = state.full_started;
	status->failures = state.failures;
	if (settings->interval > 0)
		status->next = plan_next(&state, settings);
	status->wrong = wrong_find(status, settings, now);
	return true;
}

/* `5 min`, of a time that is not negative. */
static void span_add(struct strbuf *out, int64_t microseconds)
{
	int64_t seconds = microseconds > 0 ? microseconds / SYNC_SECOND : 0;

	if (seconds < 120)
		strbuf_printf(out, "%" PRId64 " s", seconds);
	else if (seconds < 7200)
		strbuf_printf(out, "%" PRId64 " min", seconds / 60);
	else if (seconds < 172800)
		strbuf_printf(out, "%" PRId64 " h", seconds / 3600);
	else
		strbuf_printf(out, "%" PRId64 " days", seconds / 86400);
}

static const char *kind_name(enum sync_kind kind)
{
	return kind == SYNC_FULL ? "full" : "recent";
}

static const char *result_name(const struct sync_status *status)
{
	if (status->outcome[0] != '\0')
		return status->outcome;
	return status->under_way ? "under way" : "cut off";
}

static void next_text(const struct sync_status *status, const struct sync_settings *settings,
                      int64_t now, struct strbuf *out)
{
	if (settings->interval == 0) {
		strbuf_str(out, "; next when asked for (sync.interval is 0)");
	} else if (status->next <= now) {
		strbuf_str(out, status->under_way ? "" : "; next at once");
	} else {
		strbuf_str(out, "; next in ");
		span_add(out, status->next - now);
	}
	if (settings->interval > 0) {
		strbuf_str(out, "; changes are seen within ");
		span_add(out, status->promise.recent);
		strbuf_str(out, ", any within ");
		span_add(out, status->promise.any);
	}
}

void sync_status_text(const struct sync_status *status, const struct sync_settings *settings,
                      int64_t now, struct strbuf *out)
{
	int64_t since = status->ended ? status->ended : status->touched;

	if (status->started == 0) {
		strbuf_printf(out, "no pass over %s yet", settings->upstream);
	} else {
		strbuf_printf(out, "last pass over %s %s, %s ", settings->upstream,
		              kind_name(status->kind), result_name(status));
		span_add(out, now - since);
		strbuf_printf(out,
		              " ago, %" PRId64 " flights (%" PRId64 " new, %" PRId64
		              " changed, %" PRId64 " deleted)",
		              status->flights, status->created, status->changed, status->deleted);
	}
	if (status->message[0] != '\0')
		strbuf_printf(out, ": %s", status->message);
	if (status->full_started > 0 && status->full_started != status->started) {
		strbuf_str(out, "; last full pass ");
		span_add(out, now - status->full_started);
		strbuf_str(out, " ago");
	}
	next_text(status, settings, now, out);
}
