/* Makes a session good again whose result did not come in time: cancels what PostgreSQL does for it, and reads what is
   still to come. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/temporal.h"
#include "session_internal.h"

/* A request to cancel what the session's process does. libpq waits for PostgreSQL to take it, without bound, and so
   on a thread of its own: there is one at most for each session. */
struct cancel {
	PGcancel *request;
	_Atomic int references; /* of the session and the thread */
	_Atomic bool done;
};

static void cancel_unref(struct cancel *cancel)
{
	if (cancel == NULL || atomic_fetch_sub(&cancel->references, 1) > 1)
		return;
	PQfreeCancel(cancel->request);
	free(cancel);
}

static void *cancel_thread(void *argument)
{
	struct cancel *cancel = argument;
	char ignored[256];
	(void)PQcancel(cancel->request, ignored, sizeof(ignored));
	atomic_store(&cancel->done, true);
	cancel_unref(cancel);
	return NULL;
}

/* Where that fails the statement ends by statement_timeout. */
static struct cancel *start_cancel(PGconn *connection)
{
	struct cancel *cancel = must(calloc(1, sizeof(*cancel)));
	pthread_t thread;
	cancel->request = PQgetCancel(connection);
	atomic_init(&cancel->references, 2);
	bool started = cancel->request != NULL &&
	               pthread_create(&thread, NULL, cancel_thread, cancel) == 0;
	if (started) {
		pthread_detach(thread);
	} else {
		atomic_store(&cancel->references, 1);
		atomic_store(&cancel->done, true);
	}
	return cancel;
}

void session_forget_cancel(struct session *session)
{
	cancel_unref(session->cancel);
	session->cancel = NULL;
}

enum {
	MEND_MILLISECONDS = 20,    /* for each call */
	MEND_SECONDS = 1,          /* after which another host is taken, where there is one */
	RESET_MILLISECONDS = 1000, /* for the round trip that makes it good again */
};

/* Reads all that was still to come; false: some of it is not there yet. */
static bool read_remains(struct session *session)
{
	PGconn *connection = session->connection;
	if (PQflush(connection) < 0 || PQconsumeInput(connection) == 0)
		return true; /* lost */
	while (PQstatus(connection) == CONNECTION_OK) {
		if (PQisBusy(connection))
			return false;
		PGresult *result = PQgetResult(connection);
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
			session->syncs--;
		bool end = result == NULL && session->syncs == 0;
		PQclear(result);
		if (end)
			return true;
	}
	return true;
}

/* A cancel request that is still on its way would hit the next statement. */
static bool has_calmed_down(struct session *session)
{
	return read_remains(session) && atomic_load(&session->cancel->done);
}

static enum mending finish_mending(struct session *session)
{
	session_forget_cancel(session);
	session->pending_first = session->pending_count = 0;
	session->late = session->failed = false;
	session->patience.deadline = clock_monotonic() + RESET_MILLISECONDS * INT64_C(1000);
	session_reset(session);
	if (session_alive(session)) {
		host_set_frozen(session->host, false);
		return MENDING_DONE;
	}
	return session->late ? MENDING_WAITS : MENDING_IN_VAIN;
}

enum mending session_mend(struct session *session)
{
	struct patience patience = {clock_monotonic() + MEND_MILLISECONDS * INT64_C(1000), -1};
	if (session_is_lost(session))
		return MENDING_IN_VAIN;
	if (session->cancel == NULL)
		session->cancel = start_cancel(session->connection);
	while (!has_calmed_down(session))
		if (await_socket(PQsocket(session->connection), POLLIN, &patience, NULL) !=
		    AWAITED_READY)
			break;
	if (PQstatus(session->connection) != CONNECTION_OK)
		return MENDING_IN_VAIN;
	if (has_calmed_down(session))
		return finish_mending(session);
	if (session->alone || clock_monotonic() < session->late_since + MEND_SECONDS * MICROSECONDS)
		return MENDING_WAITS;
	host_avoid(session->host, false);
	return MENDING_IN_VAIN;
}
