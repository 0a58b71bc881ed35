/* Connects to one of the hosts of a connection string in bounded time. Which of them were silent is known to the
   whole process for a while, so that not every session has to find that out for itself. */
#ifndef CONNECT_H
#define CONNECT_H

#include <libpq-fe.h>

#include "base/error.h"
#include "repository/patience.h"

/* A host of PostgreSQL, by name, address and port; lives as long as the process. Any thread. */
struct host;

/* A host that was silent is not tried first for 30 s. By sessions for requests it is not tried at all then: others
   find out, and requests need not wait. One that is alone is not avoided for longer than some seconds. */
void host_avoid(struct host *host, bool alone);

/* Whether all that is under way at the host is given up, since it does not answer at all; set by the change feed. */
bool host_is_frozen(const struct host *host);
void host_set_frozen(struct host *host, bool frozen);

/* Connects. `host` is the one that the connection leads to, which has others beside it where `alone` is false.
   NULL with the error set: it failed, or `patience` was over. */
PGconn *connect_open(const char *conninfo, enum session_use use, const struct patience *patience,
                     struct host **host, bool *alone, struct error *error) MUST_CHECK;

/* What waiting for a socket came to. */
enum awaited { AWAITED_READY, AWAITED_LATE, AWAITED_STOPPED };

/* Waits until one of the events comes to the socket, until the patience is over, or, where `host` is not NULL, the
   host is frozen. */
enum awaited await_socket(int socket, short events, const struct patience *patience,
                          const struct host *host);

#endif
