/* Follows the version of the data by LISTEN, or by polling on a standby. */
#include "repository/change_feed.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "repository/migrate.h"
#include "repository/session.h"
#include "repository/wire.h"

enum {
	POLL_MILLISECONDS =
		1000, /* between reads on a standby, and between checks of the connection on a primary */
	RETRY_MILLISECONDS = 500,    /* between attempts to connect */
	ANSWER_MILLISECONDS = 60000, /* after which a connection counts as lost */
	STOP_SECONDS = 2,            /* how long change_feed_stop waits for the thread */
	VERSION_BITS = 40,           /* of a generation; the connection's number is above them */
};

struct change_feed {
	pthread_t thread;
	char *conninfo;
	int stop; /* an eventfd */
	_Atomic uint64_t generation;
	_Atomic bool connected;
	pthread_mutex_t lock; /* over the status */
	struct change_feed_status status;
};

static const struct statement read_version = {
	"SELECT version, pg_is_in_recovery(),"
	" (SELECT coalesce(max(s.version), 0)::bigint FROM schema_version s)"
	" FROM catalog_version",
	0, NULL};

static uint64_t generation_of(uint64_t connection, int64_t version)
{
	return connection << VERSION_BITS | (uint64_t)version;
}

uint64_t change_feed_generation(const struct change_feed *feed)
{
	return atomic_load_explicit(&feed->generation, memory_order_acquire);
}

bool change_feed_connected(const struct change_feed *feed)
{
	return atomic_load(&feed->connected);
}

void change_feed_status(struct change_feed *feed, struct change_feed_status *status)
{
	pthread_mutex_lock(&feed->lock);
	*status = feed->status;
	pthread_mutex_unlock(&feed->lock);
}

static void set_connected(struct change_feed *feed, bool connected, const struct error *error)
{
	pthread_mutex_lock(&feed->lock);
	if (feed->status.connected != connected)
		feed->status.since = clock_monotonic();
	feed->status.connected = connected;
	feed->status.error = *error;
	pthread_mutex_unlock(&feed->lock);
	atomic_store(&feed->connected, connected);
}

/* A migration while it runs is seen: one that was missing at first, or one of a newer program. */
static void set_schema_version(struct change_feed *feed, int64_t version)
{
	struct error found = {""};
	pthread_mutex_lock(&feed->lock);
	bool changed = feed->status.schema_version != version;
	feed->status.schema_version = version;
	pthread_mutex_unlock(&feed->lock);
	if (changed && !migrate_version_fits(version, &found))
		log_warning("%s", found.text);
	else if (changed)
		log_debug("schema: version %lld", (long long)version);
}

uint64_t change_feed_observe(struct change_feed *feed, uint64_t before, int64_t version)
{
	uint64_t observed = generation_of(before >> VERSION_BITS, version);
	uint64_t newest = change_feed_generation(feed);
	if (before == 0)
		return 0;
	while (newest >> VERSION_BITS == before >> VERSION_BITS && newest < observed)
		if (atomic_compare_exchange_weak(&feed->generation, &newest, observed))
			break;
	return newest >> VERSION_BITS == before >> VERSION_BITS ? observed : 0;
}

/* Waits until the socket is readable or the time is over. True: the thread is to stop. */
static bool wait_for(struct change_feed *feed, int socket, int milliseconds)
{
	struct pollfd watched[] = {{.fd = feed->stop, .events = POLLIN},
	                           {.fd = socket, .events = POLLIN}};
	int ready = poll(watched, socket >= 0 ? 2 : 1, milliseconds);
	return (ready > 0 && watched[0].revents != 0) || (ready < 0 && errno != EINTR);
}

/* Waits for the result, but not beyond change_feed_stop: a database that hangs must not delay the end. */
static bool await_answer(struct change_feed *feed, PGconn *connection, struct error *error)
{
	int64_t end = clock_monotonic() + ANSWER_MILLISECONDS * INT64_C(1000);
	while (PQisBusy(connection)) {
		if (clock_monotonic() > end)
			return error_set(error, "PostgreSQL does not answer");
		if (wait_for(feed, PQsocket(connection), POLL_MILLISECONDS))
			return false;
		if (!PQconsumeInput(connection))
			return error_set(error, "connection lost");
	}
	return true;
}

static bool read_state(struct change_feed *feed, struct session *session, int64_t *version,
                       bool *standby, struct error *error)
{
	if (!session_send(session, &read_version, NULL, error) || !session_sync(session, error) ||
	    !await_answer(feed, session_connection(session), error))
		return false;
	PGresult *result = session_result(session, error);
	bool done = result != NULL && PQntuples(result) == 1;
	if (done) {
		*version = (int64_t)wire_get64(PQgetvalue(result, 0, 0));
		*standby = PQgetvalue(result, 0, 1)[0] != 0;
		set_schema_version(feed, (int64_t)wire_get64(PQgetvalue(result, 0, 2)));
	} else {
		error_set(error, "table catalog_version is empty");
	}
	PQclear(result);
	return session_finish(session, error) && done;
}

static void forget_notifications(PGconn *connection)
{
	PGnotify *notification;
	while ((notification = PQnotifies(connection)) != NULL)
		PQfreemem(notification);
}

/* Reads the version after each notification, until the connection is lost (the error is set) or the thread is to
   stop (it is not). LISTEN comes before the read that counts, so that no change is missed between the two. */
static void follow_changes(struct change_feed *feed, struct session *session, struct error *error)
{
	uint64_t connection = (change_feed_generation(feed) >> VERSION_BITS) + 1;
	int64_t version = 0, before = 0;
	bool standby = false, listening = false, first = true;
	for (;;) {
		if (!read_state(feed, session, &version, &standby, error))
			return;
		/* A promoted standby takes LISTEN; a version that went back is that of another database,
		   restored in place of this one. Both need a new connection. */
		if (!first && ((!standby && !listening) || version < before))
			return;
		if (first) {
			listening = !standby;
			if (listening && !session_run(session, "LISTEN catalog_changed", error))
				return;
			if (!read_state(feed, session, &version, &standby, error))
				return;
			atomic_store(&feed->generation, generation_of(connection, version));
			set_connected(feed, true, error);
			log_info("change feed: %s", standby ? "polling a standby" : "listening");
			first = false;
		}
		change_feed_observe(feed, connection << VERSION_BITS, version);
		before = version;
		if (wait_for(feed, PQsocket(session_connection(session)), POLL_MILLISECONDS))
			return;
		if (!PQconsumeInput(session_connection(session))) {
			error_set(error, "connection lost");
			return;
		}
		forget_notifications(session_connection(session));
	}
}

/* False, with the error set, without a schema. One of another version may still do: the servers of an older
   program go on while a newer one is installed. */
static bool check_schema(struct change_feed *feed, struct session *session, struct error *error)
{
	int version;
	if (!migrate_version(session, &version, error))
		return false;
	set_schema_version(feed, version);
	return version > 0 || migrate_version_fits(version, error);
}

static void *change_feed_thread(void *argument)
{
	struct change_feed *feed = argument;
	struct error last = {""};
	while (!wait_for(feed, -1, 0)) {
		struct error error = {""};
		struct session *session =
			session_open_by(feed->conninfo, SESSION_WATCHES,
		                        &(struct patience){.stop = feed->stop}, &error);
		if (session != NULL && check_schema(feed, session, &error))
			follow_changes(feed, session, &error);
		set_connected(feed, false, &error);
		session_close(session);
		if (error_is_set(&error) && strcmp(error.text, last.text) != 0)
			log_warning("no change feed: %s", error.text);
		last = error;
		if (wait_for(feed, -1, error_is_set(&error) ? RETRY_MILLISECONDS : 0))
			break;
	}
	return NULL;
}

struct change_feed *change_feed_start(const char *conninfo, struct error *error)
{
	struct change_feed *feed = must(calloc(1, sizeof(*feed)));
	feed->conninfo = must(strdup(conninfo));
	feed->status.since = clock_monotonic();
	pthread_mutex_init(&feed->lock, NULL);
	feed->stop = eventfd(0, EFD_CLOEXEC);
	if (feed->stop < 0 || pthread_create(&feed->thread, NULL, change_feed_thread, feed) != 0) {
		error_set(error, "cannot start the thread of the change feed: %s", strerror(errno));
		if (feed->stop >= 0)
			close(feed->stop);
		pthread_mutex_destroy(&feed->lock);
		free(feed->conninfo);
		free(feed);
		return NULL;
	}
	return feed;
}

void change_feed_stop(struct change_feed *feed)
{
	if (feed == NULL)
		return;
	(void)!write(feed->stop, &(uint64_t){1}, sizeof(uint64_t));
	struct timespec until = clock_bound(STOP_SECONDS);
	if (pthread_timedjoin_np(feed->thread, NULL, &until) != 0)
		return;
	close(feed->stop);
	pthread_mutex_destroy(&feed->lock);
	free(feed->conninfo);
	free(feed);
}
