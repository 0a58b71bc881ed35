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
#include "schedule.h"
#include "upstream/client.h"

enum { STOP_SECONDS = 5 }; /* how long the end waits for a database that hangs */

/* How long to wait before a pass that is due is tried again: another server makes it, or the database could
   not be reached. */
#define RETRY_WAIT (5 * MICROSECONDS)
/* How long it takes at most until a pass that was made by hand is noticed. */
#define IDLE_WAIT (60 * MICROSECONDS)

/* Settings and what is made of them. */
struct setup {
	struct config_snapshot *snapshot;
	struct sync_settings settings;
	struct upstream_client *client;
};

struct sync_background {
	pthread_t thread;
	pthread_mutex_t lock; /* over what follows */
	pthread_cond_t wake;
	struct config_snapshot *next; /* the settings to take; NULL: none */
	bool stopping;
	struct setup *setup; /* replaced by the thread alone, which may read it without the lock */
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
	background->session = session_open(sync_conninfo(&background->setup->snapshot->config),
	                                   SESSION_WRITES, error);
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
	pass_summary_write(summary, background->setup->settings.upstream.url, &line);
	log_info("sync: %s", line.data);
	strbuf_fini(&line);
}

/* Whether a pass was done, so that the next one is to be planned. */
static bool run_pass(struct sync_background *background, struct error *error)
{
	struct pass_order order = {.settings = &background->setup->settings,
	                           .source = upstream_client_source(background->setup->client),
	                           .as_due = true};
	struct pass_summary summary;

	switch (pass_run(background->session, &order, &summary, error)) {
	case PASS_DONE:
	case PASS_TROUBLED:
		log_summary(background, &summary);
		return true;
	case PASS_SUSPENDED:
		*error = (struct error){.text = ""};
		return true;
	case PASS_BUSY:
	case PASS_INTERRUPTED:
		*error = (struct error){.text = ""};
		break;
	case PASS_FAILED:
	case PASS_UNREACHABLE:
	case PASS_REFUSED:
		break;
	}
	return false;
}

/* The gauges, also where another server makes the passes: of the last pass over any list. */
static void publish(const struct schedule *schedule, int64_t next)
{
	const struct plan_state *last = NULL;
	int64_t done = 0;

	for (size_t i = 0; i < schedule->count; i++) {
		const struct plan_state *state = &schedule->lists[i].state;

		if (!last || state->last_started > last->last_started)
			last = state;
		if (state->done_started > done)
			done = state->done_started;
	}
	if (!last)
		return;
	metric_set(METRIC_sync_last_start_timestamp_seconds, last->last_started / MICROSECONDS);
	metric_set(METRIC_sync_last_done_timestamp_seconds, done / MICROSECONDS);
	metric_set(METRIC_sync_last_done, last->last_done);
	metric_set(METRIC_sync_next_timestamp_seconds, next / MICROSECONDS);
}

/* Of each list, for /ready and alerts. */
static void publish_ages(const struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->count; i++) {
		const struct schedule_list *list = &schedule->lists[i];

		metric_series_set(METRIC_FAMILY_sync_done_timestamp_seconds, i, list->list->path,
		                  list->state.done_started / MICROSECONDS);
		metric_series_set(METRIC_FAMILY_sync_good_until_timestamp_seconds, i,
		                  list->list->path,
		                  schedule_good_until(schedule, list) / MICROSECONDS);
		metric_series_set(METRIC_FAMILY_sync_full_timestamp_seconds, i, list->list->path,
		                  list->state.full_started / MICROSECONDS);
		metric_series_set(METRIC_FAMILY_sync_promise_seconds, i, list->list->path,
		                  list->promise.recent / MICROSECONDS);
		metric_series_set(METRIC_FAMILY_sync_documents, i, list->list->path,
		                  list->state.count);
		metric_series_set(METRIC_FAMILY_sync_documents_read, i, list->list->path,
		                  list->state.read);
	}
}

/* How long until the next pass is due; false with the error set where the database cannot tell. */
static bool find_due(struct sync_background *background, int64_t now, int64_t *left,
                     struct error *error)
{
	const struct sync_settings *settings = &background->setup->settings;
	struct schedule schedule;
	int64_t next;

	if (!ensure_session(background, error) ||
	    !record_schedule(background->session, settings, now, &schedule, error))
		return false;
	next = schedule_next(&schedule, NULL).at;
	publish(&schedule, next);
	publish_ages(&schedule);
	*left = next - now;
	return true;
}

/* Makes the pass that is due, if one is. Returns how long to wait before the next call. */
static int64_t run_due(struct sync_background *background, int64_t now)
{
	int64_t interval = background->setup->settings.interval;
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

static void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	upstream_client_free(setup->client);
	config_snapshot_unref(setup->snapshot);
	free(setup);
}

static struct setup *setup_new(struct config_snapshot *snapshot, struct error *error)
{
	struct setup *setup = must(calloc(1, sizeof(*setup)));

	setup->snapshot = config_snapshot_ref(snapshot);
	if (sync_settings_init(&setup->settings, &snapshot->config, error))
		setup->client = upstream_client_new(&setup->settings.upstream, error);
	if (setup->client)
		return setup;
	setup_free(setup);
	return NULL;
}

/* With the lock: takes the settings that were handed over. */
static void take_settings(struct sync_background *background)
{
	struct error error = {0};
	struct setup *setup = setup_new(background->next, &error);

	config_snapshot_unref(background->next);
	background->next = NULL;
	if (!setup) {
		log_error("sync: goes on with the settings before: %s", error.text);
		return;
	}
	setup_free(background->setup);
	background->setup = setup;
	/* It may lead to another database now. */
	session_close(background->session);
	background->session = NULL;
	background->last_error[0] = '\0';
}

static bool has_news(const struct sync_background *background)
{
	return background->stopping || background->next;
}

/* Waits so many microseconds, or until there is something new; false: the thread is to end. */
static bool await_turn(struct sync_background *background, int64_t wait)
{
	int64_t until = clock_monotonic() + wait;
	struct timespec end = {until / MICROSECONDS, until % MICROSECONDS * 1000};
	int timed_out = 0;
	bool goes_on;

	pthread_mutex_lock(&background->lock);
	while (!has_news(background) && timed_out == 0)
		timed_out = pthread_cond_timedwait(&background->wake, &background->lock, &end);
	/* No passes are wanted; later perhaps. */
	while (!has_news(background) && background->setup->settings.interval == 0)
		pthread_cond_wait(&background->wake, &background->lock);
	if (background->next && !background->stopping)
		take_settings(background);
	goes_on = !background->stopping;
	pthread_mutex_unlock(&background->lock);
	return goes_on;
}

/* The time of day, as passes have it. */
static int64_t source_now(const struct sync_background *background)
{
	struct upstream_source source = upstream_client_source(background->setup->client);

	return source.now(source.context);
}

static void *run_background(void *context)
{
	struct sync_background *background = context;
	int64_t wait = 0;

	while (await_turn(background, wait))
		wait = background->setup->settings.interval > 0
		               ? run_due(background, source_now(background))
		               : 0;
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

static void background_free(struct sync_background *background)
{
	pthread_mutex_destroy(&background->lock);
	pthread_cond_destroy(&background->wake);
	config_snapshot_unref(background->next);
	setup_free(background->setup);
	free(background);
}

struct sync_background *sync_background_start(struct config_snapshot *snapshot, struct error *error)
{
	struct sync_background *background = must(calloc(1, sizeof(*background)));
	pthread_condattr_t attributes;

	pthread_mutex_init(&background->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&background->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	background->setup = setup_new(snapshot, error);
	if (background->setup && start_thread(background))
		return background;
	error_set(error, "the thread of sync cannot be started");
	background_free(background);
	return NULL;
}

void sync_background_reload(struct sync_background *background, struct config_snapshot *snapshot)
{
	pthread_mutex_lock(&background->lock);
	config_snapshot_unref(background->next);
	background->next = config_snapshot_ref(snapshot);
	pthread_cond_signal(&background->wake);
	pthread_mutex_unlock(&background->lock);
}

void sync_background_stop(struct sync_background *background)
{
	struct timespec until;

	if (!background)
		return;
	pthread_mutex_lock(&background->lock);
	background->stopping = true;
	upstream_client_stop(background->setup->client);
	pthread_cond_signal(&background->wake);
	pthread_mutex_unlock(&background->lock);
	until = clock_bound(STOP_SECONDS);
	if (pthread_timedjoin_np(background->thread, NULL, &until) != 0) {
		log_warning("sync: ended while the database does not answer");
		_exit(EXIT_SUCCESS);
	}
	background_free(background);
}
