/* Accepts connections where there are several sockets: libmicrohttpd can do so for one alone. They are handed to
   its daemons in turn, which serve all of them, whatever socket they came by. */
#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "base/error.h"

struct acceptor;
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
};

/* Starts the thread. NULL with the error set. */
struct acceptor *acceptor_start(const struct acceptor_settings *settings,
                                struct error *error) MUST_CHECK;

/* Waits until the thread has ended: nothing is handed over any more. NULL is fine. */
void acceptor_stop(struct acceptor *acceptor);

#endif
