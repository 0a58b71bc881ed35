/* The thread that accepts connections. */
#include "acceptor.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "connections.h"
#include "server/listeners.h"

enum {
	/* How long it takes at most until room among the connections, or among the files, is noticed. */
	FULL_MILLISECONDS = 10,
	AT_ONCE = 16, /* connections of one socket before the next has its turn */
};

struct acceptor {
	struct acceptor_settings settings;
	int stop; /* an eventfd, readable from when the thread is to end */
	pthread_t thread;
	size_t next;            /* the daemon whose turn it is */
	struct pollfd polled[]; /* `stop`, then the sockets */
};

static void hand_over(struct acceptor *acceptor, int fd, const struct sockaddr *address,
                      socklen_t length)
{
	const struct acceptor_settings *settings = &acceptor->settings;
	struct MHD_Daemon *daemon = settings->daemons[acceptor->next++ % settings->daemon_count];

	if (!connections_admit(settings->watched, address)) {
		close(fd);
		return;
	}
	atomic_fetch_add(settings->connections, 1);
	if (MHD_add_connection(daemon, fd, address, length) != MHD_YES) { /* it has closed it */
		atomic_fetch_sub(settings->connections, 1);
		connections_dismiss(settings->watched, address);
	}
}

static bool is_full(const struct acceptor *acceptor)
{
	return atomic_load(acceptor->settings.connections) >= acceptor->settings.connections_most;
}

enum accepted { ACCEPTED, NOBODY, NO_ROOM /* here or in the system */ };

static enum accepted accept_from(struct acceptor *acceptor, int listener)
{
	struct sockaddr_storage address = {0};
	socklen_t length = sizeof(address);
	int fd;

	if (is_full(acceptor))
		return NO_ROOM;
	fd = accept4(listener, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		hand_over(acceptor, fd, (const struct sockaddr *)&address, length);
		return ACCEPTED;
	}
	return errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM ? NO_ROOM
	                                                                                 : NOBODY;
}

/* Some connections of each socket that has any, so that none waits for the others. */
static bool accept_some(struct acceptor *acceptor, size_t count)
{
	for (size_t i = 1; i < count; i++) {
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
	for (size_t i = 1; i < count && !listeners_inherited(acceptor->settings.listeners); i++)
		while (accept_from(acceptor, acceptor->polled[i].fd) == ACCEPTED)
			continue;
}

static void *run(void *context)
{
	struct acceptor *acceptor = context;
	size_t count = listeners_count(acceptor->settings.listeners) + 1;
	bool room = true;

	/* Without room only for the end, and then again. */
	for (;;) {
		int ready = poll(acceptor->polled, room ? count : 1, room ? -1 : FULL_MILLISECONDS);

		if (ready > 0 && acceptor->polled[0].revents != 0)
			break;
		room = ready <= 0 || accept_some(acceptor, count);
	}
	accept_waiting(acceptor, count);
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
		must(calloc(1, sizeof(*acceptor) + (count + 1) * sizeof(struct pollfd)));
	int failed;

	acceptor->settings = *settings;
	acceptor->stop = eventfd(0, EFD_CLOEXEC);
	acceptor->polled[0] = (struct pollfd){.fd = acceptor->stop, .events = POLLIN};
	for (size_t i = 0; i < count; i++)
		acceptor->polled[i + 1] = (struct pollfd){
			.fd = listeners_socket(settings->listeners, i), .events = POLLIN};
	failed = acceptor->stop < 0 ? errno : start_thread(acceptor);
	if (failed == 0)
		return acceptor;
	error_set(error, "cannot start the thread that accepts connections: %s", strerror(failed));
	if (acceptor->stop >= 0)
		close(acceptor->stop);
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
	free(acceptor);
}
