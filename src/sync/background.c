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

struct sync_background {
	const struct sync_settings *settings;
	const char *conninfo;
	struct sync_client *client;
	pthread_t thread;
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
	background->session = session_open(background->conninfo, SESSION_WRITES, error);
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
	sync_summary_write(summary, background->settings->upstream, &line);
	log_info("sync: %s", line.data);
	strbuf_fini(&line);
}

/* Whether one was made, so that the next is to be planned. */
static bool pass_make(struct sync_background *background, struct error *error)
{
	struct sync_order order = {.settings = background->settings,
	                           .source = sync_client_source(background->client),
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

	if (!sync_status_read(background->session, background->settings, now, &status, error))
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
	const struct sync_settings *settings = background->settings;
	struct sync_source source = sync_client_source(background->client);
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

static void *background_run(void *context)
{
	struct sync_background *background = context;
	struct sync_source source = sync_client_source(background->client);
	int64_t wait = 0;

	while (source.wait(source.context, wait)) {
		struct error error = {0};
		bool due = false;

		wait = LOOK_MOST < background->settings->interval ? LOOK_MOST
		                                                  : background->settings->interval;
		if (due_look(background, &due, &wait, &error) && due &&
		    pass_make(background, &error))
			wait = 0;
		if (error_is_set(&error))
			error_log(background, &error);
	}
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

struct sync_background *sync_background_start(const struct sync_settings *settings,
                                              const char *conninfo, struct error *error)
{
	struct sync_background *background = must(calloc(1, sizeof(*background)));

	background->settings = settings;
	background->conninfo = conninfo;
	background->client = sync_client_new(settings, error);
	if (background->client && thread_start(background))
		return background;
	error_set(error, "the thread of sync cannot be started");
	sync_client_free(background->client);
	free(background);
	return NULL;
}

void sync_background_stop(struct sync_background *background)
{
	struct timespec until;

	if (!background)
		return;
	sync_client_stop(background->client);
	until = clock_bound(STOP_SECONDS);
	if (pthread_timedjoin_np(background->thread, NULL, &until) != 0) {
		log_warning("sync: ended while the database does not answer");
		_exit(EXIT_SUCCESS);
	}
	sync_client_free(background->client);
	free(background);
}
