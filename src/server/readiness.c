/* Checks the server, its database, the schema and the age of the data, from what their threads have noted. */
#include "readiness.h"

#include <inttypes.h>
#include <time.h>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/strbuf.h"
#include "base/temporal.h"
#include "outdated.h"
#include "repository/migrate.h"
#include "state.h"

/* What the conditions are read from, at one moment. */
struct situation {
	struct server_state *state;
	struct change_feed_status feed;
	bool in_full;
};

/* Each appends what there is to say: a reason, or, where the condition holds, what holds; true then. */
typedef bool check_function(const struct situation *seen, struct strbuf *text);

static bool check_server(const struct situation *seen, struct strbuf *text)
{
	bool serves = atomic_load(&seen->state->phase) == PHASE_SERVING;

	strbuf_str(text, serves ? "serving" : "it ends, and takes no connections");
	return serves;
}

static void write_outdated(struct server_state *state, struct strbuf *text)
{
	struct settings *settings = state_settings(state);

	if (outdated_would_do(state, settings))
		strbuf_str(text, ", outdated answers are given");
	settings_unref(settings);
}

static bool check_database(const struct situation *seen, struct strbuf *text)
{
	strbuf_str(text, seen->feed.connected ? "connected for " : "no connection for ");
	strbuf_span(text, clock_monotonic() - seen->feed.since, SPAN_DOWN);
	if (!seen->feed.connected)
		write_outdated(seen->state, text);
	if (!seen->feed.connected && error_is_set(&seen->feed.error))
		strbuf_printf(text, "; %s", seen->in_full ? seen->feed.error.text : "see the log");
	return seen->feed.connected;
}

/* While the database is away, as it was last seen. */
static bool check_schema(const struct situation *seen, struct strbuf *text)
{
	struct error error = {""};

	if (seen->feed.schema_version == 0 && !seen->feed.connected) {
		strbuf_str(text, "not known without the database");
		return false;
	}
	if (!migrate_version_fits(seen->feed.schema_version, &error)) {
		strbuf_str(text, error.text);
		return false;
	}
	strbuf_printf(text, "version %" PRId64, seen->feed.schema_version);
	return true;
}

/* The series of a family with the least value; false: there is none. */
static bool find_least(enum metric_family family, size_t *least)
{
	const char *label;
	int64_t value, found = INT64_MAX;

	for (size_t i = 0; i < METRIC_SERIES_MOST; i++)
		if (metric_series_value(family, i, &label, &value) && value < found) {
			found = value;
			*least = i;
		}
	return found < INT64_MAX;
}

static void write_age(struct strbuf *text, size_t list, int64_t now)
{
	const char *label;
	int64_t done;

	if (!metric_series_value(METRIC_FAMILY_sync_done_timestamp_seconds, list, &label, &done))
		return;
	strbuf_printf(text, "%s ", label);
	if (done > 0) {
		strbuf_span(text, (now - done) * MICROSECONDS, SPAN_DOWN);
		strbuf_str(text, " old");
	} else {
		strbuf_str(text, "never read");
	}
}

/* By the list that is nearest to the end of what is promised, or furthest beyond it. */
static bool check_data(const struct situation *seen, struct strbuf *text)
{
	struct settings *settings = state_settings(seen->state);
	bool promised = settings->config->sync_interval > 0;
	int64_t now = time(NULL), good_until = 0;
	const char *label;
	size_t list;

	settings_unref(settings);
	if (!promised) {
		strbuf_str(text, "no age is promised, since sync.interval is 0");
		return true;
	}
	if (!find_least(METRIC_FAMILY_sync_good_until_timestamp_seconds, &list)) {
		strbuf_str(text, "sync has not read yet how old it is");
		return false;
	}
	(void)metric_series_value(METRIC_FAMILY_sync_good_until_timestamp_seconds, list, &label,
	                          &good_until);
	write_age(text, list, now);
	strbuf_str(text,
	           now <= good_until ? ", promised for another " : ", older than promised by ");
	strbuf_span(text, (now <= good_until ? good_until - now : now - good_until) * MICROSECONDS,
	            SPAN_DOWN);
	return now <= good_until;
}

static const struct {
	const char *name;
	check_function *check;
} checks[] = {
	{"server", check_server},
	{"database", check_database},
	{"schema", check_schema},
	{"data", check_data},
};

bool readiness_check(struct server_state *state, bool in_full, struct strbuf *lines)
{
	struct situation seen = {.state = state, .in_full = in_full};
	struct strbuf text = STRBUF_INIT;
	bool ready = true;

	change_feed_status(state->feed, &seen.feed);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		bool holds;

		strbuf_reset(&text);
		holds = checks[i].check(&seen, &text);
		metric_series_set(METRIC_FAMILY_ready, i, checks[i].name, holds);
		if (lines)
			strbuf_printf(lines, "%s: %s%s\n", checks[i].name,
			              holds ? "ok, " : "FAILED: ", text.data);
		ready = ready && holds;
	}
	strbuf_fini(&text);
	return ready;
}
