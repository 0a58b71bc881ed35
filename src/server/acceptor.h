/* Accepts connections in the place of libmicrohttpd, which can do so for one socket alone, and where ending that
   races with its own threads (MHD_quiesce_daemon may abort the process). They are handed to its daemons in turn,
   which serve all of them, whatever socket they came by, as soon as their clients have begun to speak HTTP; those that
   speak something else get a 400. */
#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "base/error.h"

struct acceptor;
struct connections;
struct listeners;

/* All is borrowed. */
struct acceptor_settings {
	struct MHD_Daemon *const *daemons;
	size_t daemon_count;
	const struct listeners *listeners;
	/* How many there are: the acceptor counts up, whoever sees one end counts down. Clients beyond the most
	   wait until there is room. */
	_Atomic size_t *connections;
	size_t connections_most;
	struct connections *watched; /* each has to be admitted by them */
	int64_t idle_time; /* microseconds until one is closed whose client says nothing */
};

/* Starts the thread. NULL with the error set. */
struct acceptor *acceptor_start(const struct acceptor_settings *settings,
                                struct error *error) MUST_CHECK;

/* Waits until the thread has ended: nothing is handed over any more. Clients that have said nothing yet are handed
   over before, and those that wait to be accepted, unless systemd keeps the sockets. NULL is fine. */
void acceptor_stop(struct acceptor *acceptor);

#endif
