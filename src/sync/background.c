/* Runs the passes that are due, in a thread of its own. */
#include "sync/background.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/temporal.h"
#include "repository/migrate.h"
#include "repository/session.h"
#include "pass.h"
#include "record.h"
#include "upstream/client.h"

enum { STOP_SECONDS = 5 }; /* how long the end waits for a database that hangs */

/* How long to wait before a pass that is due is tried again: another server makes it, or the database could
   not be reached. */
#define RETRY_WAIT (5 * MICROSECONDS)
/* How long it takes at most until a pass that was made by hand is noticed. */
#define IDLE_WAIT (60 * MICROSECONDS)

struct sync_background {
	const struct sync_settings *settings;
	const char *conninfo;
	struct upstream_client *client;
	pthread_t thread;
	/* The thread's own. */
	struct session *session;
	char last_error[sizeof(((struct error *)NULL)->text)];
};

/* An error that comes again and again is logged once. */
static void log_new_error(struct sync_background *background, const struct error *error)
{
	bool same = strcmp(background->last_error, error->text) == 0;

	log_write(same ? LOG_DEBUG : LOG_ERROR, "sync: %s", error->text);
	memcpy(background->last_error, error->text, sizeof(error->text));
}

static bool ensure_session(struct sync_background *background, struct error *error)
{
	if (background->session && session_alive(background->session))
		return true;
	session_close(background->session);
	background->session = session_open(background->conninfo, SESSION_WRITES, error);
	if (background->session && !migrate_check(background->session, error)) {
		session_close(background->session);
		background->session = NULL;
	}
	return background->session != NULL;
}

static void log_summary(struct sync_background *background, const struct pass_summary *summary)
{
	struct strbuf line = STRBUF_INIT;

	background->last_error[0] = '\0';
	pass_summary_write(summary, background->settings->upstream.url, &line);
	log_info("sync: %s", line.data);
	strbuf_fini(&line);
}

/* Whether a pass was done, so that the next one is to be planned. */
static bool run_pass(struct sync_background *background, struct error *error)
{
	struct pass_order order = {.settings = background->settings,
	                           .source = upstream_client_source(background->client),
	                           .as_due = true};
	struct pass_summary summary;

	switch (pass_run(background->session, &order, &summary, error)) {
	case PASS_DONE:
	case PASS_TROUBLED:
		log_summary(background, &summary);
		return true;
	case PASS_BUSY:
	case PASS_INTERRUPTED:
		*error = (struct error){.text = ""};
		break;
	case PASS_FAILED:
	case PASS_REFUSED:
		break;
	}
	return false;
}

/* The gauges, also where another server makes the passes. */
static void publish(const struct plan_state *state, int64_t next)
{
	metric_set(METRIC_sync_last_start_timestamp_seconds, state->last_started / MICROSECONDS);
	metric_set(METRIC_sync_last_done_timestamp_seconds, state->done_started / MICROSECONDS);
	metric_set(METRIC_sync_last_done, state->last_done);
	metric_set(METRIC_sync_next_timestamp_seconds, next / MICROSECONDS);
}

/* How long until the next pass is due; false with the error set where the database cannot tell. */
static bool find_due(struct sync_background *background, int64_t now, int64_t *left,
                     struct error *error)
{
	const struct sync_settings *settings = background->settings;
	struct plan_state state;
	int64_t next;

	if (!ensure_session(background, error) ||
	    !record_plan_state(background->session, settings, now, &state, error))
		return false;
	next = plan_next(&state, settings);
	publish(&state, next);
	*left = next - now;
	return true;
}

/* Makes the pass that is due, if one is. Returns how long to wait before the next call. */
static int64_t run_due(struct sync_background *background, int64_t now)
{
	int64_t interval = background->settings->interval;
	int64_t wait = RETRY_WAIT < interval ? RETRY_WAIT : interval;
	struct error error = {0};
	int64_t left;

	if (find_due(background, now, &left, &error)) {
		if (left > 0)
			return left < IDLE_WAIT ? left : IDLE_WAIT;
		if (run_pass(background, &error))
			wait = 0;
	}
	if (error_is_set(&error))
		log_new_error(background, &error);
	return wait;
}

static void *run_background(void *context)
{
	struct sync_background *background = context;
	struct upstream_source source = upstream_client_source(background->client);
	int64_t wait = 0;

	while (source.wait(source.context, wait))
		wait = run_due(background, source.now(source.context));
	session_close(background->session);
	return NULL;
}

/* Signals are the main thread's. */
static bool start_thread(struct sync_background *background)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&background->thread, NULL, run_background, background) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

struct sync_background *sync_background_start(const struct sync_settings *settings,
                                              const char *conninfo, struct error *error)
{
	struct sync_background *background = must(calloc(1, sizeof(*background)));

	background->settings = settings;
	background->conninfo = conninfo;
	background->client = upstream_client_new(&settings->upstream, error);
	if (background->client && start_thread(background))
		return background;
	error_set(error, "the thread of sync cannot be started");
	upstream_client_free(background->client);
	free(background);
	return NULL;
}

void sync_background_stop(struct sync_background *background)
{
	struct timespec until;

	if (!background)
		return;
	upstream_client_stop(background->client);
	until = clock_bound(STOP_SECONDS);
	if (pthread_timedjoin_np(background->thread, NULL, &until) != 0) {
		log_warning("sync: ended while the database does not answer");
		_exit(EXIT_SUCCESS);
	}
	upstream_client_free(background->client);
	free(background);
}
