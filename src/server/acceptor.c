/* The thread that accepts connections, and hears what their clients say first. */
#include "acceptor.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "connections.h"
#include "framing.h"
#include "server/listeners.h"

enum {
	/* How long it takes at most until room among the connections, or among the files, is noticed. */
	FULL_MILLISECONDS = 10,
	AT_ONCE = 16,     /* connections of one socket before the next has its turn */
	FIRST_SOCKET = 2, /* of what is polled */
};

/* A connection whose client has not said enough yet. */
struct silent {
	struct silent *next, *previous;
	int fd;
	int64_t since; /* by clock_monotonic */
	struct sockaddr_storage address;
	socklen_t length;
};

struct acceptor {
	struct acceptor_settings settings;
	int stop; /* an eventfd, readable from when the thread is to end */
	pthread_t thread;
	size_t next;                    /* the daemon whose turn it is */
	int silent_events;              /* an epoll of those below */
	struct silent *oldest, *newest; /* in the order in which they came */
	struct pollfd polled[];         /* `stop`, `silent_events`, then the sockets */
};

/* --- Connections, until the library has them. --- */

static void dismiss(struct acceptor *acceptor, const struct silent *connection)
{
	atomic_fetch_sub(acceptor->settings.connections, 1);
	connections_dismiss(acceptor->settings.watched,
	                    (const struct sockaddr *)&connection->address);
}

static void hand_over(struct acceptor *acceptor, const struct silent *connection)
{
	const struct acceptor_settings *settings = &acceptor->settings;
	struct MHD_Daemon *daemon = settings->daemons[acceptor->next++ % settings->daemon_count];

	if (MHD_add_connection(daemon, connection->fd,
	                       (const struct sockaddr *)&connection->address,
	                       connection->length) != MHD_YES)
		dismiss(acceptor, connection); /* it is closed */
}

/* False: nothing is to be done with it yet. */
static bool act_on(struct acceptor *acceptor, const struct silent *connection,
                   enum greeting greeting)
{
	switch (greeting) {
	case GREETING_NONE:
		return false;
	case GREETING_HTTP:
		hand_over(acceptor, connection);
		return true;
	case GREETING_OTHER:
		greeting_refuse(connection->fd);
		break;
	case GREETING_GONE:
		close(connection->fd);
		break;
	}
	dismiss(acceptor, connection);
	return true;
}

static void remove_silent(struct acceptor *acceptor, struct silent *silent)
{
	(void)epoll_ctl(acceptor->silent_events, EPOLL_CTL_DEL, silent->fd, NULL);
	*(silent == acceptor->oldest ? &acceptor->oldest : &silent->previous->next) = silent->next;
	*(silent == acceptor->newest ? &acceptor->newest : &silent->next->previous) =
		silent->previous;
	free(silent);
}

static void await_greeting(struct acceptor *acceptor, const struct silent *connection)
{
	struct silent *silent = must(malloc(sizeof(*silent)));
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = silent};

	*silent = *connection;
	silent->previous = acceptor->newest;
	if (acceptor->newest != NULL)
		acceptor->newest->next = silent;
	else
		acceptor->oldest = silent;
	acceptor->newest = silent;
	if (epoll_ctl(acceptor->silent_events, EPOLL_CTL_ADD, silent->fd, &event) == 0)
		return;
	remove_silent(acceptor, silent);
	hand_over(acceptor, connection); /* which can do without */
}

static void begin(struct acceptor *acceptor, struct silent *connection)
{
	if (!connections_admit(acceptor->settings.watched,
	                       (const struct sockaddr *)&connection->address)) {
		close(connection->fd);
		return;
	}
	atomic_fetch_add(acceptor->settings.connections, 1);
	if (!act_on(acceptor, connection, greeting_of(connection->fd)))
		await_greeting(acceptor, connection);
}

/* --- Those that have said nothing yet. --- */

static void hear_silent(struct acceptor *acceptor)
{
	struct epoll_event events[AT_ONCE];
	int count = epoll_wait(acceptor->silent_events, events, AT_ONCE, 0);

	for (int i = 0; i < count; i++) {
		struct silent *silent = events[i].data.ptr;
		enum greeting greeting = greeting_of(silent->fd);

		if (greeting != GREETING_NONE) {
			struct silent connection = *silent;

			remove_silent(acceptor, silent);
			(void)act_on(acceptor, &connection, greeting);
		}
	}
}

/* Closes those that were silent for too long; in how many milliseconds the next one has been, -1: there is none. */
static int expire_silent(struct acceptor *acceptor)
{
	int64_t now = clock_monotonic();

	while (acceptor->oldest != NULL) {
		struct silent connection = *acceptor->oldest;
		int64_t left = connection.since + acceptor->settings.idle_time - now;

		if (left > 0)
			return (int)(left / 1000) + 1;
		remove_silent(acceptor, acceptor->oldest);
		(void)act_on(acceptor, &connection, GREETING_GONE);
	}
	return -1;
}

/* At the end: each may still have one answer. */
static void hand_over_silent(struct acceptor *acceptor)
{
	while (acceptor->oldest != NULL) {
		struct silent connection = *acceptor->oldest;

		remove_silent(acceptor, acceptor->oldest);
		hand_over(acceptor, &connection);
	}
}

/* --- The sockets. --- */

static bool is_full(const struct acceptor *acceptor)
{
	return atomic_load(acceptor->settings.connections) >= acceptor->settings.connections_most;
}

enum accepted { ACCEPTED, NOBODY, NO_ROOM /* here or in the system */ };

static enum accepted accept_from(struct acceptor *acceptor, int listener)
{
	struct silent connection = {.length = sizeof(connection.address),
	                            .since = clock_monotonic()};

	if (is_full(acceptor))
		return NO_ROOM;
	connection.fd = accept4(listener, (struct sockaddr *)&connection.address,
	                        &connection.length, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (connection.fd >= 0) {
		begin(acceptor, &connection);
		return ACCEPTED;
	}
	return errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM ? NO_ROOM
	                                                                                 : NOBODY;
}

/* Some connections of each socket that has any, so that none waits for the others. */
static bool accept_some(struct acceptor *acceptor, size_t count)
{
	for (size_t i = FIRST_SOCKET; i < count; i++) {
		enum accepted accepted = acceptor->polled[i].revents != 0 ? ACCEPTED : NOBODY;

		for (int n = 0; n < AT_ONCE && accepted == ACCEPTED; n++)
			accepted = accept_from(acceptor, acceptor->polled[i].fd);
		if (accepted == NO_ROOM)
			return false;
	}
	return true;
}

/* At the end: clients that are connected already, as far as they know. Where the sockets stay open in another
   process, that will accept them. */
static void accept_waiting(struct acceptor *acceptor, size_t count)
{
	for (size_t i = FIRST_SOCKET;
	     i < count && !listeners_inherited(acceptor->settings.listeners); i++)
		while (accept_from(acceptor, acceptor->polled[i].fd) == ACCEPTED)
			continue;
}

static void *run(void *context)
{
	struct acceptor *acceptor = context;
	size_t count = listeners_count(acceptor->settings.listeners) + FIRST_SOCKET;
	bool room = true;

	/* Without room for those that are there alone, and then again. */
	for (;;) {
		int bound = expire_silent(acceptor);
		int ready = poll(acceptor->polled, room ? count : FIRST_SOCKET,
		                 room ? bound : FULL_MILLISECONDS);

		if (ready > 0 && acceptor->polled[0].revents != 0)
			break;
		if (ready > 0 && acceptor->polled[1].revents != 0)
			hear_silent(acceptor);
		room = ready <= 0 || !room || accept_some(acceptor, count);
	}
	accept_waiting(acceptor, count);
	hand_over_silent(acceptor);
	return NULL;
}

/* Signals are the main thread's. */
static int start_thread(struct acceptor *acceptor)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&acceptor->thread, NULL, run, acceptor);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

struct acceptor *acceptor_start(const struct acceptor_settings *settings, struct error *error)
{
	size_t count = listeners_count(settings->listeners);
	struct acceptor *acceptor =
		must(calloc(1, sizeof(*acceptor) + (count + FIRST_SOCKET) * sizeof(struct pollfd)));
	int failed;

	acceptor->settings = *settings;
	acceptor->stop = eventfd(0, EFD_CLOEXEC);
	acceptor->silent_events = epoll_create1(EPOLL_CLOEXEC);
	acceptor->polled[0] = (struct pollfd){.fd = acceptor->stop, .events = POLLIN};
	acceptor->polled[1] = (struct pollfd){.fd = acceptor->silent_events, .events = POLLIN};
	for (size_t i = 0; i < count; i++)
		acceptor->polled[i + FIRST_SOCKET] = (struct pollfd){
			.fd = listeners_socket(settings->listeners, i), .events = POLLIN};
	failed = acceptor->stop < 0 || acceptor->silent_events < 0 ? errno : start_thread(acceptor);
	if (failed == 0)
		return acceptor;
	error_set(error, "cannot start the thread that accepts connections: %s", strerror(failed));
	if (acceptor->stop >= 0)
		close(acceptor->stop);
	if (acceptor->silent_events >= 0)
		close(acceptor->silent_events);
	free(acceptor);
	return NULL;
}

void acceptor_stop(struct acceptor *acceptor)
{
	if (!acceptor)
		return;
	(void)eventfd_write(acceptor->stop, 1);
	pthread_join(acceptor->thread, NULL);
	close(acceptor->stop);
	close(acceptor->silent_events);
	free(acceptor);
}
