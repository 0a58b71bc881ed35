/* Goes through the hosts of a connection string, without libpq's own way through them: that cannot be interrupted, and
   forgets which of them did not answer. */
#include "connect.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/strbuf.h"
#include "base/temporal.h"
#include "target.h"

enum {
	AVOID_SECONDS = 30,       /* how long a silent host is not tried first */
	CONNECT_SECONDS = 10,     /* for a host, where there is no deadline */
	AVOID_ALONE_SECONDS = 3,  /* the same for a host that is the only one */
	WATCH_SECONDS = 2,        /* for the change feed, at a host beside which there are others */
	SLICE_MILLISECONDS = 200, /* after which it is looked whether a host is frozen */
};

/* --- Hosts. --- */

struct host {
	struct host *next;
	_Atomic int64_t avoid_until; /* by clock_monotonic; 0: it has answered since */
	_Atomic bool frozen;
	char name[]; /* address, name and port */
};

static struct {
	pthread_mutex_t lock;
	struct host *first; /* never removed: there are as many as settings name */
} hosts = {PTHREAD_MUTEX_INITIALIZER, NULL};

static struct host *host_of(const char *name)
{
	pthread_mutex_lock(&hosts.lock);
	struct host *host = hosts.first;
	while (host != NULL && strcmp(host->name, name) != 0)
		host = host->next;
	if (host == NULL) {
		host = must(calloc(1, sizeof(*host) + strlen(name) + 1));
		memcpy(host->name, name, strlen(name) + 1);
		host->next = hosts.first;
		hosts.first = host;
	}
	pthread_mutex_unlock(&hosts.lock);
	return host;
}

void host_avoid(struct host *host, bool alone)
{
	int64_t seconds = alone ? AVOID_ALONE_SECONDS : AVOID_SECONDS;
	int64_t until = clock_monotonic() + seconds * MICROSECONDS;
	if (atomic_exchange(&host->avoid_until, until) == 0)
		log_warning("PostgreSQL at %s does not answer", host->name);
}

bool host_is_frozen(const struct host *host)
{
	return atomic_load_explicit(&host->frozen, memory_order_relaxed);
}

void host_set_frozen(struct host *host, bool frozen)
{
	atomic_store(&host->frozen, frozen);
}

static void host_answered(struct host *host)
{
	atomic_store(&host->frozen, false);
	if (atomic_exchange(&host->avoid_until, 0) != 0)
		log_info("PostgreSQL at %s answers again", host->name);
}

/* --- The hosts of a connection string. --- */

/* One host of a target, in what libpq takes. */
struct candidate {
	struct host *host;
	char name[TARGET_ITEM_SIZE], address[TARGET_ITEM_SIZE], port[TARGET_ITEM_SIZE];
	bool tried;
};

static void candidate_init(struct candidate *candidate, const struct target *target, size_t index)
{
	struct strbuf name = STRBUF_INIT;
	*candidate = (struct candidate){.tried = false};
	if (target->count > 0) {
		target_item(candidate->name, target->hosts, index);
		target_item(candidate->address, target->addresses, index);
		target_item(candidate->port, target->ports, target->port_count > 1 ? index : 0);
	}
	const char *host = candidate->name[0] != '\0' ? candidate->name : target->hosts;
	const char *address =
		candidate->address[0] != '\0' ? candidate->address : target->addresses;
	const char *port = candidate->port[0] != '\0' ? candidate->port : target->ports;
	strbuf_printf(&name, "%s%s%s:%s",
	              host[0] != '\0' || address[0] != '\0' ? host : "localhost",
	              host[0] != '\0' && address[0] != '\0' ? "/" : "", address, port);
	candidate->host = host_of(name.data);
	strbuf_fini(&name);
}

/* --- Waiting. --- */

static int milliseconds_left(int64_t end)
{
	int64_t left = end == 0 ? SLICE_MILLISECONDS : (end - clock_monotonic()) / 1000 + 1;
	if (left < 0)
		return 0;
	return left < SLICE_MILLISECONDS ? (int)left : SLICE_MILLISECONDS;
}

enum awaited await_socket(int socket, short events, const struct patience *patience,
                          const struct host *host)
{
	for (;;) {
		if (patience->deadline != 0 && clock_monotonic() >= patience->deadline)
			return AWAITED_LATE;
		struct pollfd watched[] = {{.fd = socket, .events = events},
		                           {.fd = patience->stop, .events = POLLIN}};
		int ready = poll(watched, 2, milliseconds_left(patience->deadline));
		if (ready > 0 && watched[1].revents != 0)
			return AWAITED_STOPPED;
		if (ready > 0)
			return AWAITED_READY;
		if (host != NULL && host_is_frozen(host))
			return AWAITED_LATE;
	}
}

/* --- Connecting. --- */

/* Keepalives find a peer that has vanished within a minute. */
static PGconn *start_connection(const char *conninfo, const struct candidate *candidate,
                                const char *attributes)
{
	/* With expand_dbname the conninfo's own settings win over those before it, and those behind it
	   over them. */
	const char *const keywords[] = {
		"application_name",
		"keepalives_idle",
		"keepalives_interval",
		"keepalives_count",
		"tcp_user_timeout",
		"dbname",
		"host",
		"hostaddr",
		"port",
		"target_session_attrs",
		NULL,
	};
	const char *const values[] = {
		"spacecraft-flights",
		"30",
		"10",
		"3",
		"30000",
		conninfo,
		candidate->name,
		candidate->address,
		candidate->port,
		attributes,
		NULL,
	};
	return PQconnectStartParams(keywords, values, 1);
}

/* Until libpq knows whether it is connected; the connection's status says so then. */
static enum awaited await_connection(PGconn *connection, const struct patience *patience,
                                     const struct host *host)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	enum awaited awaited = AWAITED_READY;
	if (PQstatus(connection) == CONNECTION_BAD)
		return AWAITED_READY;
	while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
		short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		awaited = await_socket(PQsocket(connection), events, patience, host);
		if (awaited != AWAITED_READY)
			break;
		state = PQconnectPoll(connection);
	}
	return awaited;
}

static void set_connection_error(const PGconn *connection, struct error *error)
{
	const char *text = PQerrorMessage(connection);
	error_set(error, "cannot connect to PostgreSQL: %.*s", (int)strcspn(text, "\n"), text);
}

static PGconn *connect_one(const char *conninfo, enum session_use use, const char *attributes,
                           const struct patience *patience, const struct candidate *candidate,
                           bool alone, struct error *error)
{
	struct host *host = candidate->host;
	/* The change feed is who finds out that a frozen host answers again. */
	const struct host *watched = use == SESSION_READS ? host : NULL;
	PGconn *connection = must(start_connection(conninfo, candidate, attributes));
	enum awaited awaited = await_connection(connection, patience, watched);
	if (awaited == AWAITED_READY && PQstatus(connection) == CONNECTION_OK) {
		host_answered(host);
		return connection;
	}
	if (awaited == AWAITED_READY)
		set_connection_error(connection, error);
	else
		error_set(error, "cannot connect to PostgreSQL: %s does not answer", host->name);
	if (awaited == AWAITED_LATE)
		host_avoid(host, alone);
	PQfinish(connection);
	return NULL;
}

/* The host to try next: those that were silent lately come last, and not at all for requests, which need not wait
   for what others find out. NULL: none is left. */
static struct candidate *next_candidate(struct candidate *candidates, size_t count,
                                        enum session_use use)
{
	struct candidate *found = NULL;
	int64_t now = clock_monotonic(), until = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t avoid_until = atomic_load(&candidates[i].host->avoid_until);
		int64_t avoided = avoid_until > now ? avoid_until : 0;
		if (candidates[i].tried || (avoided > 0 && use == SESSION_READS))
			continue;
		if (found == NULL || avoided < until) {
			found = &candidates[i];
			until = avoided;
		}
	}
	/* When its time is over one session tries it again, not all at once. */
	if (found != NULL && until == 0 && atomic_load(&found->host->avoid_until) != 0)
		atomic_store(&found->host->avoid_until, now + AVOID_SECONDS * MICROSECONDS);
	return found;
}

/* Each host but the last has a third of the time, so that one that does not respond leaves time for the next. */
static struct patience patience_of(const struct target *target, enum session_use use,
                                   const struct patience *all, bool last)
{
	struct patience one = *all;
	int64_t now = clock_monotonic(), end = now + CONNECT_SECONDS * MICROSECONDS;
	if (target->timeout > 0)
		end = now + target->timeout * MICROSECONDS;
	else if (all->deadline != 0)
		end = last ? all->deadline : now + (all->deadline - now) / 3;
	if (use == SESSION_WATCHES && !last && end > now + WATCH_SECONDS * MICROSECONDS)
		end = now + WATCH_SECONDS * MICROSECONDS;
	one.deadline = all->deadline != 0 && all->deadline < end ? all->deadline : end;
	return one;
}

static PGconn *connect_any(const char *conninfo, enum session_use use, const char *attributes,
                           const struct target *target, const struct patience *patience,
                           struct host **host, struct error *error)
{
	size_t count = target->count > 0 ? target->count : 1;
	struct candidate *candidates = must(calloc(count, sizeof(*candidates)));
	struct candidate *candidate;
	PGconn *connection = NULL;
	for (size_t i = 0; i < count; i++)
		candidate_init(&candidates[i], target, i);
	for (size_t left = count; connection == NULL && left > 0; left--) {
		candidate = next_candidate(candidates, count, use);
		if (candidate == NULL)
			break;
		struct patience one = patience_of(target, use, patience, left == 1);
		candidate->tried = true;
		*host = candidate->host;
		connection =
			connect_one(conninfo, use, attributes, &one, candidate, count == 1, error);
	}
	if (connection == NULL && !error_is_set(error))
		error_set(error, "cannot connect to PostgreSQL: %s did not answer a moment ago",
		          candidates[0].host->name);
	free(candidates);
	return connection;
}

PGconn *connect_open(const char *conninfo, enum session_use use, const struct patience *patience,
                     struct host **host, bool *alone, struct error *error)
{
	struct target target;
	struct error first = {""};
	PGconn *connection = NULL;
	target_init(&target, conninfo, use == SESSION_WRITES);
	*alone = target.count == 1;
	const char *attributes = target.attributes;
	/* All hosts are tried for a standby before any is taken. */
	bool prefers = strcmp(attributes, "prefer-standby") == 0 && target.count > 1;
	if (prefers)
		connection = connect_any(conninfo, use, "standby", &target, patience, host, &first);
	if (connection == NULL)
		connection = connect_any(conninfo, use, prefers ? "any" : attributes, &target,
		                         patience, host, error);
	target_fini(&target);
	if (connection == NULL)
		metric_add(METRIC_db_errors_total, 1);
	return connection;
}
