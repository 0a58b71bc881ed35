/* Follows the version of the data by LISTEN, or by polling on a standby. */
#include "repository/change_feed.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/temporal.h"
#include "generations.h"
#include "repository/migrate.h"
#include "repository/session.h"
#include "repository/wire.h"

enum {
	POLL_MILLISECONDS = 1000,   /* between reads of the version, at most */
	ANSWER_MILLISECONDS = 1250, /* after which a connection counts as lost */
	FIRST_CONNECT_MILLISECONDS =
		1500, /* the same for connecting, as long as the database was not silent */
	CONNECT_MILLISECONDS =
		35000,            /* and while it is: who waits notices at once that it goes on */
	RETRY_MILLISECONDS = 500, /* between attempts to connect */
	ASIDE_MILLISECONDS = 200, /* between looks at a connection that hangs */
	STOP_SECONDS = 2,         /* how long change_feed_stop waits for the thread */
};

/* A state of the data as the database has it. */
struct reading {
	int64_t version;
	/* Names the state among all that have had its version: after a failover, or a restored dump, others come
	   to the same version. Empty: a database before migration 0012 has no names. */
	char name[40];
	bool standby;
};

struct change_feed {
	pthread_t thread;
	char *conninfo;
	int stop, check; /* eventfds */
	struct generations generations;
	_Atomic bool connected;
	pthread_mutex_t lock; /* over the status and `verdicts` */
	struct change_feed_status status;
	uint64_t verdicts; /* how often it was found out whether the database is there */
	pthread_cond_t verdict;
	/* The thread's own. */
	int64_t connect_milliseconds; /* for the next attempt */
	struct reading last;   /* what the newest generation was made from; version 0: nothing */
	struct session *aside; /* hangs, in whose stead there is another one; or NULL */
};

static const struct statement read_version = {
	"SELECT v.version, pg_is_in_recovery(),"
	" (SELECT coalesce(max(s.version), 0)::bigint FROM schema_version s),"
	" coalesce(to_jsonb(v) ->> 'state', '')"
	" FROM catalog_version v",
	0, NULL};

uint64_t change_feed_generation(const struct change_feed *feed)
{
	return generations_newest(&feed->generations);
}

uint64_t change_feed_observe(struct change_feed *feed, uint64_t before, int64_t version)
{
	return generations_observe(&feed->generations, before, version);
}

bool change_feed_connected(const struct change_feed *feed)
{
	return atomic_load(&feed->connected);
}

bool change_feed_silent(const struct change_feed *feed)
{
	return generations_silent(&feed->generations);
}

bool change_feed_away(const struct change_feed *feed)
{
	return generations_away(&feed->generations);
}

int64_t change_feed_good_until(struct change_feed *feed, uint64_t generation)
{
	return generations_good_until(&feed->generations, generation);
}

static void signal_event(int event)
{
	(void)!write(event, &(uint64_t){1}, sizeof(uint64_t));
}

uint64_t change_feed_presence(const struct change_feed *feed)
{
	return generations_presence(&feed->generations);
}

void change_feed_suspect(struct change_feed *feed, uint64_t presence)
{
	generations_note_absence(&feed->generations, presence, true);
	signal_event(feed->check);
}

void change_feed_verify(struct change_feed *feed, int64_t microseconds)
{
	int64_t end = clock_monotonic() + microseconds;
	struct timespec until = {end / MICROSECONDS, end % MICROSECONDS * 1000};
	int timed_out = 0;
	pthread_mutex_lock(&feed->lock);
	uint64_t before = feed->verdicts;
	signal_event(feed->check);
	while (feed->verdicts == before && timed_out == 0)
		timed_out = pthread_cond_timedwait(&feed->verdict, &feed->lock, &until);
	pthread_mutex_unlock(&feed->lock);
}

static void tell_verdict(struct change_feed *feed)
{
	pthread_mutex_lock(&feed->lock);
	feed->verdicts++;
	pthread_cond_broadcast(&feed->verdict);
	pthread_mutex_unlock(&feed->lock);
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

/* Waits until the socket is readable, somebody wants to know how the database is, or the time is over. True: the
   thread is to stop. */
static bool wait_for(struct change_feed *feed, int socket, int milliseconds)
{
	struct pollfd watched[] = {{.fd = feed->stop, .events = POLLIN},
	                           {.fd = feed->check, .events = POLLIN},
	                           {.fd = socket, .events = POLLIN}};
	int ready = poll(watched, socket >= 0 ? 3 : 2, milliseconds);
	uint64_t count;
	if (ready > 0 && watched[1].revents != 0)
		(void)!read(feed->check, &count, sizeof(count));
	return (ready > 0 && watched[0].revents != 0) || (ready < 0 && errno != EINTR);
}

static void take_reading(struct change_feed *feed, const PGresult *result, struct reading *reading)
{
	reading->version = (int64_t)wire_get64(PQgetvalue(result, 0, 0));
	reading->standby = PQgetvalue(result, 0, 1)[0] != 0;
	set_schema_version(feed, (int64_t)wire_get64(PQgetvalue(result, 0, 2)));
	snprintf(reading->name, sizeof(reading->name), "%s", PQgetvalue(result, 0, 3));
}

static void give_time(struct session *session)
{
	session_set_deadline(session, clock_monotonic() + ANSWER_MILLISECONDS * INT64_C(1000));
}

/* One that is not answered in time says that the database is away, unless somebody else has heard of it meanwhile. */
static bool read_state(struct change_feed *feed, struct session *session, struct reading *reading,
                       struct error *error)
{
	uint64_t presence = generations_presence(&feed->generations);
	give_time(session);
	PGresult *result = NULL;
	if (session_send(session, &read_version, NULL, error) && session_sync(session, error))
		result = session_result(session, error);
	bool done = result != NULL && PQntuples(result) == 1;
	if (done)
		take_reading(feed, result, reading);
	else
		error_set(error, "table catalog_version is empty");
	PQclear(result);
	done = session_finish(session, error) && done;
	if (done) {
		generations_note_presence(&feed->generations);
		tell_verdict(feed);
	} else if (session_is_late(session)) {
		generations_note_absence(&feed->generations, presence, true);
	}
	return done;
}

static void forget_notifications(PGconn *connection)
{
	PGnotify *notification;
	while ((notification = PQnotifies(connection)) != NULL)
		PQfreemem(notification);
}

static bool same_state(const struct reading *a, const struct reading *b)
{
	return a->version == b->version && a->name[0] != '\0' && strcmp(a->name, b->name) == 0;
}

/* Where the connection finds the data as they were when the last one was lost, nothing has become old. */
static void begin_following(struct change_feed *feed, const struct reading *reading)
{
	uint64_t newest = change_feed_generation(feed);
	if (!same_state(&feed->last, reading) || generation_version(newest) != reading->version)
		generations_begin_era(&feed->generations, reading->version);
	feed->last = *reading;
	set_connected(feed, true, &(struct error){""});
	log_info("change feed: %s", reading->standby ? "polling a standby" : "listening");
}

/* LISTEN comes before the read that counts, so that no change is missed between the two. */
static bool listen_to_changes(struct change_feed *feed, struct session *session,
                              struct reading *reading, struct error *error)
{
	if (!read_state(feed, session, reading, error))
		return false;
	give_time(session);
	if (!reading->standby && !session_run(session, "LISTEN catalog_changed", error))
		return false;
	return read_state(feed, session, reading, error);
}

/* Whether another database, or one that was restored, has taken the place of that of before; a promoted standby takes
   LISTEN. All need a new connection. */
static bool is_another(const struct reading *last, const struct reading *reading)
{
	return (last->standby && !reading->standby) || reading->version < last->version ||
	       (reading->version == last->version && strcmp(last->name, reading->name) != 0);
}

/* Whether a connection that hung is closed by now. */
static bool has_ended(struct session *session)
{
	if (session_mend(session) == MENDING_WAITS)
		return false;
	session_close(session);
	return true;
}

static void end_aside(struct change_feed *feed)
{
	if (feed->aside != NULL && has_ended(feed->aside))
		feed->aside = NULL;
}

/* Reads the version after each notification, and each second, until the connection is lost (the error is set) or
   the thread is to stop (it is not). */
static void follow_changes(struct change_feed *feed, struct session *session, struct error *error)
{
	struct reading reading;
	PGconn *connection = session_connection(session);
	if (!listen_to_changes(feed, session, &reading, error))
		return;
	begin_following(feed, &reading);
	while (!wait_for(feed, PQsocket(connection), POLL_MILLISECONDS)) {
		if (!PQconsumeInput(connection)) {
			error_set(error, "connection lost");
			return;
		}
		forget_notifications(connection);
		end_aside(feed);
		if (!read_state(feed, session, &reading, error) ||
		    is_another(&feed->last, &reading))
			return;
		change_feed_observe(feed, change_feed_generation(feed), reading.version);
		feed->last = reading;
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

/* NULL with the error set. An attempt that took its time says that the database is silent; any that failed, that
   it is away, unless somebody else has heard of it meanwhile. */
static struct session *connect_feed(struct change_feed *feed, struct error *error)
{
	uint64_t presence = generations_presence(&feed->generations);
	int64_t begin = clock_monotonic();
	int64_t time = feed->connect_milliseconds * INT64_C(1000);
	struct patience patience = {begin + time, feed->stop};
	struct session *session =
		session_open_by(feed->conninfo, SESSION_WATCHES, &patience, error);
	if (session == NULL) {
		bool late = clock_monotonic() - begin >= FIRST_CONNECT_MILLISECONDS * INT64_C(1000);
		feed->connect_milliseconds = CONNECT_MILLISECONDS;
		generations_note_absence(&feed->generations, presence, late);
		tell_verdict(feed);
		if (late && feed->aside != NULL)
			session_give_up_host(feed->aside, NULL);
	} else if (feed->aside != NULL) {
		session_give_up_host(feed->aside, session);
	}
	return session;
}

/* Closes a connection that was lost. One that hangs would leave PostgreSQL with a process of which nobody knows: it
   is kept aside while another one is opened, but never more than one. */
static void leave_session(struct change_feed *feed, struct session *session)
{
	if (!session_is_late(session)) {
		session_close(session);
		return;
	}
	while (feed->aside != NULL && !wait_for(feed, -1, ASIDE_MILLISECONDS)) {
		if (has_ended(feed->aside))
			feed->aside = NULL;
		else if (has_ended(session))
			return;
	}
	session_close(feed->aside);
	feed->aside = session;
}

/* Follows one connection to its end; returns whether there was any. */
static bool follow_connection(struct change_feed *feed, struct error *error)
{
	bool followed = false;
	struct session *session = connect_feed(feed, error);
	end_aside(feed);
	if (session != NULL) {
		give_time(session);
		if (check_schema(feed, session, error))
			follow_changes(feed, session, error);
		followed = change_feed_connected(feed);
		feed->connect_milliseconds = FIRST_CONNECT_MILLISECONDS;
	}
	set_connected(feed, false, error);
	if (session != NULL)
		leave_session(feed, session);
	return followed;
}

static void *change_feed_thread(void *argument)
{
	struct change_feed *feed = argument;
	struct error last = {""};
	while (!wait_for(feed, -1, 0)) {
		struct error error = {""};
		bool followed = follow_connection(feed, &error);
		if (wait_for(feed, -1, 0))
			break;
		/* Each loss is worth a line, but not each attempt after it. */
		if (error_is_set(&error) && (followed || strcmp(error.text, last.text) != 0))
			log_warning("no change feed: %s", error.text);
		last = error;
		if (wait_for(feed, -1, followed ? 0 : RETRY_MILLISECONDS))
			break;
	}
	session_close(feed->aside);
	return NULL;
}

static void init_feed(struct change_feed *feed, const char *conninfo)
{
	pthread_condattr_t monotonic;
	feed->conninfo = must(strdup(conninfo));
	feed->status.since = clock_monotonic();
	feed->connect_milliseconds = FIRST_CONNECT_MILLISECONDS;
	feed->stop = eventfd(0, EFD_CLOEXEC);
	feed->check = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	generations_init(&feed->generations);
	pthread_mutex_init(&feed->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&feed->verdict, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

static void free_feed(struct change_feed *feed)
{
	if (feed->stop >= 0)
		close(feed->stop);
	if (feed->check >= 0)
		close(feed->check);
	pthread_cond_destroy(&feed->verdict);
	pthread_mutex_destroy(&feed->lock);
	generations_fini(&feed->generations);
	free(feed->conninfo);
	free(feed);
}

struct change_feed *change_feed_start(const char *conninfo, struct error *error)
{
	struct change_feed *feed = must(calloc(1, sizeof(*feed)));
	init_feed(feed, conninfo);
	int failed = feed->stop < 0 || feed->check < 0
	                     ? errno
	                     : pthread_create(&feed->thread, NULL, change_feed_thread, feed);
	if (failed == 0)
		return feed;
	error_set(error, "cannot start the thread of the change feed: %s", strerror(failed));
	free_feed(feed);
	return NULL;
}

void change_feed_stop(struct change_feed *feed)
{
	if (feed == NULL)
		return;
	signal_event(feed->stop);
	struct timespec until = clock_bound(STOP_SECONDS);
	if (pthread_timedjoin_np(feed->thread, NULL, &until) == 0)
		free_feed(feed);
}
