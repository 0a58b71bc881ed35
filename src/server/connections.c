/* A list of all connections, and a thread that walks through it every now and then.

   The library closes connections that are silent. Who sends a byte now and then is not, and would hold its place for
   ever; how many bytes have come, the system tells. A request begins with the first byte behind the one before, which
   is noticed at the next walk. */
#include "connections.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/temporal.h"
#include "tally.h"

enum { CLOSE_WAIT = 8 }; /* the system's TCP_CLOSE_WAIT, of a header that <linux/tcp.h> excludes */

struct connection {
	struct connections *all;
	struct connection *next, **place; /* in the list of all */
	int fd;
	struct ip address;
	_Atomic bool has_request;  /* which has come to its end and is not answered yet */
	_Atomic uint32_t requests; /* answered */
	/* The thread's: as of which request the next two are; bytes that had come then; when more had, or 0.
	   Bytes of answers that were taken, and when there were more of them last, or none unsent. */
	uint32_t seen;
	uint64_t received;
	int64_t begun;
	uint64_t taken;
	int64_t taken_at;
	bool closed; /* by the other side, which had its answers; the library may have missed that */
	/* What the system holds, for whom. */
	size_t held;
	struct ip client;
};

struct connections {
	struct connections_settings settings;
	struct tally *addresses;
	pthread_t thread;
	pthread_mutex_t
		lock; /* guards all below, and the thread's and held members of all connections */
	pthread_cond_t stop;
	bool stopping;
	struct connection *first;
	size_t count;
	bool full; /* and it was logged */
	int64_t refusal_logged;
};

/* What the system knows of a connection. */
struct progress {
	uint64_t received, taken; /* bytes of requests; of answers, by the other side */
	bool unsent;              /* some of an answer is not there yet */
	bool closed;              /* the other side sends no more */
};

/* False: it is not TCP, and who is on the other end of those is trusted. */
static bool find_progress(int fd, struct progress *progress)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0 ||
	    length < offsetof(struct tcp_info, tcpi_notsent_bytes) + sizeof(uint32_t))
		return false;
	*progress = (struct progress){info.tcpi_bytes_received, info.tcpi_bytes_acked,
	                              info.tcpi_unacked > 0 || info.tcpi_notsent_bytes > 0,
	                              info.tcpi_state == CLOSE_WAIT};
	return true;
}

static size_t bytes_unsent(int fd)
{
	int bytes = 0;
	return ioctl(fd, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? (size_t)bytes : 0;
}

/* --- What it holds of answers. --- */

static void release(struct connection *connection)
{
	if (connection->held > 0)
		send_budget_give_back(connection->all->settings.budget, &connection->client,
		                      connection->held);
	connection->held = 0;
}

static void release_what_is_sent(struct connection *connection)
{
	if (connection->held > 0 && bytes_unsent(connection->fd) < SEND_SMALL)
		release(connection);
}

/* --- The thread. --- */

/* Whether its request takes too long to come. */
static bool request_is_late(struct connection *connection, uint64_t received, int64_t now)
{
	uint32_t requests = atomic_load(&connection->requests);
	if (atomic_load(&connection->has_request))
		return false;
	if (connection->seen != requests) {
		connection->seen = requests;
		connection->received = received;
		connection->begun = 0;
	} else if (received != connection->received && connection->begun == 0) {
		connection->begun = now;
	}
	return connection->begun != 0 &&
	       now - connection->begun >= connection->all->settings.request_time;
}

/* Whether nothing of its answer was taken for too long. */
static bool takes_nothing(struct connection *connection, const struct progress *progress,
                          int64_t now)
{
	if (!progress->unsent || progress->taken != connection->taken ||
	    connection->taken_at == 0) {
		connection->taken = progress->taken;
		connection->taken_at = now;
	}
	return now - connection->taken_at >= connection->all->settings.send_time;
}

/* Whether nothing comes or goes any more, at one walk and at the next: where the end of what a client sends comes with a
   request, the library sees the request alone, and would wait for the next one. */
static bool is_over(struct connection *connection, const struct progress *progress)
{
	bool before = connection->closed;
	connection->closed = progress->closed && !progress->unsent &&
	                     !atomic_load(&connection->has_request) &&
	                     connection->seen == atomic_load(&connection->requests);
	return before && connection->closed;
}

/* What is unsent is dropped with it. The library notices and closes it. */
static void cut_off(const struct connection *connection)
{
	const struct linger none = {.l_onoff = 1};
	(void)setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	(void)shutdown(connection->fd, SHUT_RDWR);
}

static void check(struct connection *connection, int64_t now)
{
	struct progress progress;
	if (!atomic_load(&connection->has_request))
		release_what_is_sent(connection);
	if (!find_progress(connection->fd, &progress))
		return;
	/* The last of them notes which request is awaited. */
	if (takes_nothing(connection, &progress, now) || is_over(connection, &progress) ||
	    request_is_late(connection, progress.received, now))
		cut_off(connection);
}

static void *watch(void *context)
{
	struct connections *all = context;
	const int64_t least = all->settings.request_time < all->settings.send_time
	                              ? all->settings.request_time
	                              : all->settings.send_time;
	const int64_t pause = least / 10;
	pthread_mutex_lock(&all->lock);
	while (!all->stopping) {
		int64_t now = clock_monotonic();
		for (struct connection *one = all->first; one != NULL; one = one->next)
			check(one, now);
		int64_t due = now + pause;
		struct timespec until = {due / MICROSECONDS, due % MICROSECONDS * 1000};
		(void)pthread_cond_timedwait(&all->stop, &all->lock, &until);
	}
	pthread_mutex_unlock(&all->lock);
	return NULL;
}

struct connections *connections_start(const struct connections_settings *settings,
                                      struct error *error)
{
	struct connections *all = must(calloc(1, sizeof(*all)));
	pthread_condattr_t monotonic;
	all->settings = *settings;
	all->addresses = tally_new();
	pthread_mutex_init(&all->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&all->stop, &monotonic);
	pthread_condattr_destroy(&monotonic);
	int failed = pthread_create(&all->thread, NULL, watch, all);
	if (failed == 0)
		return all;
	error_set(error, "cannot start the thread that watches connections: %s", strerror(failed));
	tally_free(all->addresses);
	free(all);
	return NULL;
}

void connections_stop(struct connections *all)
{
	if (all == NULL)
		return;
	pthread_mutex_lock(&all->lock);
	all->stopping = true;
	pthread_cond_signal(&all->stop);
	pthread_mutex_unlock(&all->lock);
	pthread_join(all->thread, NULL);
	pthread_mutex_destroy(&all->lock);
	pthread_cond_destroy(&all->stop);
	tally_free(all->addresses);
	free(all);
}

/* --- How many there are. --- */

/* Unix sockets are all one. */
static struct ip address_of(const struct sockaddr *address)
{
	struct ip ip = {{0}};
	(void)ip_of_socket(address, &ip);
	return ip;
}

static bool may_have_any(const struct connections *all, const struct sockaddr *address)
{
	struct ip ip;
	return !ip_of_socket(address, &ip) || all->settings.is_trusted(all->settings.context, &ip);
}

static void log_refusal(struct connections *all, const struct ip *address)
{
	const int64_t pause = 60 * MICROSECONDS;
	char text[IP_TEXT_SIZE];
	int64_t now = clock_monotonic();
	pthread_mutex_lock(&all->lock);
	bool due = all->refusal_logged == 0 || now - all->refusal_logged >= pause;
	if (due)
		all->refusal_logged = now;
	pthread_mutex_unlock(&all->lock);
	ip_format(address, text);
	if (due)
		log_warning("%s has %zu connections; more are refused "
		            "(server.connections_per_address)",
		            text, all->settings.most_per_address);
}

bool connections_admit(struct connections *all, const struct sockaddr *address)
{
	struct ip ip = address_of(address);
	if (tally_of(all->addresses, &ip) >= (int64_t)all->settings.most_per_address &&
	    !may_have_any(all, address)) {
		log_refusal(all, &ip);
		return false;
	}
	tally_add(all->addresses, &ip, 1);
	return true;
}

void connections_dismiss(struct connections *all, const struct sockaddr *address)
{
	struct ip ip = address_of(address);
	tally_add(all->addresses, &ip, -1);
}

/* Full is logged once, until a quarter is free again. Whether it is to be now. */
static bool note_count(struct connections *all)
{
	bool full = all->count >= all->settings.most, before = all->full;
	if (all->count <= all->settings.most / 4 * 3)
		all->full = false;
	else if (full)
		all->full = true;
	return full && !before;
}

static void add(struct connections *all, struct connection *connection)
{
	pthread_mutex_lock(&all->lock);
	connection->next = all->first;
	connection->place = &all->first;
	if (all->first != NULL)
		all->first->place = &connection->next;
	all->first = connection;
	all->count++;
	bool full = note_count(all);
	pthread_mutex_unlock(&all->lock);
	if (full)
		log_warning("all %zu places for connections are taken (server.connections)",
		            all->settings.most);
}

static void begin(struct connections *all, struct MHD_Connection *mhd, void **context)
{
	/* What the library returns holds until it is asked again. */
	int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	const union MHD_ConnectionInfo *peer =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct connection *connection = must(calloc(1, sizeof(*connection)));
	connection->all = all;
	connection->fd = fd;
	connection->address = address_of(peer->client_addr);
	add(all, connection);
	*context = connection;
}

/* The socket is not closed yet. */
static void end(struct connection *connection)
{
	struct connections *all = connection->all;
	pthread_mutex_lock(&all->lock);
	*connection->place = connection->next;
	if (connection->next != NULL)
		connection->next->place = connection->place;
	all->count--;
	(void)note_count(all);
	release(connection);
	pthread_mutex_unlock(&all->lock);
	tally_add(all->addresses, &connection->address, -1);
	free(connection);
}

void connections_notify(void *connections, struct MHD_Connection *connection, void **context,
                        enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		begin(connections, connection, context);
	else
		end(*context);
}

/* --- Their requests. --- */

static struct connection *connection_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
	        ->socket_context;
}

void connection_request_complete(struct MHD_Connection *mhd)
{
	atomic_store(&connection_of(mhd)->has_request, true);
}

void connection_request_ended(struct MHD_Connection *mhd)
{
	struct connection *connection = connection_of(mhd);
	atomic_fetch_add(&connection->requests, 1);
	atomic_store(&connection->has_request, false);
}

void connection_hold(struct MHD_Connection *mhd, const struct ip *client, size_t bytes)
{
	struct connection *connection = connection_of(mhd);
	pthread_mutex_lock(&connection->all->lock);
	release(connection);
	connection->held = bytes;
	connection->client = *client;
	send_budget_take(connection->all->settings.budget, client, bytes);
	pthread_mutex_unlock(&connection->all->lock);
}
