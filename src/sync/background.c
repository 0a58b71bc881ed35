/* Makes the passes that are due, in a thread of its own. */
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
#include "repository/migrate.h"
#include "repository/session.h"
#include "store.h"
#include "sync/client.h"
#include "sync/pace.h"
#include "sync/pass.h"
#include "sync/status.h"

enum { STOP_SECONDS = 5 }; /* how long the end waits for a database that hangs */

/* How long it takes at most until another server's death, or a pass by hand, is noticed. */
#define LOOK_MOST (5 * SYNC_SECOND)

/* Settings and what is made of them. */
struct setup {
	struct config_snapshot *snapshot;
	struct sync_settings settings;
	struct sync_client *client;
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

/* The same error again and again is one line. */
static void error_log(struct sync_background *background, const struct error *error)
{
	bool same = strcmp(background->last_error, error->text) == 0;

	log_write(same ? LOG_DEBUG : LOG_ERROR, "sync: %s", error->text);
	memcpy(background->last_error, error->text, sizeof(error->text));
}

static bool session_ensure(struct sync_background *background, struct error *error)
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

static void summary_log(struct sync_background *background, const struct sync_summary *summary)
{
	struct strbuf line = STRBUF_INIT;

	background->last_error[0] = '\0';
	sync_summary_write(summary, background->setup->settings.upstream, &line);
	log_info("sync: %s", line.data);
	strbuf_fini(&line);
}

/* Whether one was made, so that the next is to be planned. */
static bool pass_make(struct sync_background *background, struct error *error)
{
	struct sync_order order = {.settings = &background->setup->settings,
	                           .source = sync_client_source(background->setup->client),
	                           .as_due = true};
	struct sync_summary summary;

	switch (sync_pass(background->session, &order, &summary, error)) {
	case SYNC_DONE:
	case SYNC_TROUBLED:
		summary_log(background, &summary);
		return true;
	case SYNC_BUSY:
	case SYNC_INTERRUPTED:
		*error = (struct error){.text = ""};
		break;
	case SYNC_FAILED:
	case SYNC_REFUSED:
		break;
	}
	return false;
}

/* Tells those who watch how sync stands, also where another server makes the passes. */
static bool status_publish(struct sync_background *background, int64_t now, struct error *error)
{
	struct sync_status status;

	if (!sync_status_read(background->session, &background->setup->settings, now, &status,
	                      error))
		return false;
	metric_set(METRIC_sync_last_start_timestamp_seconds, status.started / SYNC_SECOND);
	metric_set(METRIC_sync_last_done_timestamp_seconds, status.done_started / SYNC_SECOND);
	metric_set(METRIC_sync_last_done, strcmp(status.outcome, "done") == 0);
	metric_set(METRIC_sync_next_timestamp_seconds, status.next / SYNC_SECOND);
	return true;
}

/* Whether a pass is due, and else when to look again; false with the error set where nobody knows. */
static bool due_look(struct sync_background *background, bool *due, int64_t *wait,
                     struct error *error)
{
	const struct sync_settings *settings = &background->setup->settings;
	struct sync_source source = sync_client_source(background->setup->client);
	int64_t now = source.now(source.context);
	struct plan_state state;
	int64_t left;

	if (!session_ensure(background, error) ||
	    !store_plan_state(background->session, settings, now, &state, error) ||
	    !status_publish(background, now, error))
		return false;
	left = plan_next(&state, settings) - now;
	*due = left <= 0;
	if (left > 0 && left < *wait)
		*wait = left;
	return true;
}

/* Makes the pass that is due, if one is. Returns how long to wait until the next look. */
static int64_t due_make(struct sync_background *background)
{
	int64_t interval = background->setup->settings.interval;
	int64_t wait = LOOK_MOST < interval ? LOOK_MOST : interval;
	struct error error = {0};
	bool due = false;

	if (due_look(background, &due, &wait, &error) && due && pass_make(background, &error))
		wait = 0;
	if (error_is_set(&error))
		error_log(background, &error);
	return wait;
}

static void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	sync_client_free(setup->client);
	config_snapshot_unref(setup->snapshot);
	free(setup);
}

static struct setup *setup_new(struct config_snapshot *snapshot, struct error *error)
{
	struct setup *setup = must(calloc(1, sizeof(*setup)));

	setup->snapshot = config_snapshot_ref(snapshot);
	sync_settings_init(&setup->settings, &snapshot->config);
	setup->client = sync_client_new(&setup->settings, error);
	if (setup->client)
		return setup;
	setup_free(setup);
	return NULL;
}

/* With the lock: takes the settings that were handed over. */
static void settings_take(struct sync_background *background)
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
static bool turn_await(struct sync_background *background, int64_t wait)
{
	int64_t until = clock_monotonic() + wait;
	struct timespec end = {until / SYNC_SECOND, until % SYNC_SECOND * 1000};
	int timed_out = 0;
	bool goes_on;

	pthread_mutex_lock(&background->lock);
	while (!has_news(background) && timed_out == 0)
		timed_out = pthread_cond_timedwait(&background->wake, &background->lock, &end);
	/* No passes are wanted; later perhaps. */
	while (!has_news(background) && background->setup->settings.interval == 0)
		pthread_cond_wait(&background->wake, &background->lock);
	if (background->next && !background->stopping)
		settings_take(background);
	goes_on = !background->stopping;
	pthread_mutex_unlock(&background->lock);
	return goes_on;
}

static void *background_run(void *context)
{
	struct sync_background *background = context;
	int64_t wait = 0;

	while (turn_await(background, wait))
		wait = background->setup->settings.interval > 0 ? due_make(background) : 0;
	session_close(background->session);
	return NULL;
}

/* Signals are the main thread's. */
static bool thread_start(struct sync_background *background)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&background->thread, NULL, background_run, background) == 0;
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
	if (background->setup && thread_start(background))
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
	sync_client_stop(background->setup->client);
	pthread_cond_signal(&background->wake);
	pthread_mutex_unlock(&background->lock);
	until = clock_bound(STOP_SECONDS);
	if (pthread_timedjoin_np(background->thread, NULL, &until) != 0) {
		log_warning("sync: ended while the database does not answer");
		_exit(EXIT_SUCCESS);
	}
	background_free(background);
}
