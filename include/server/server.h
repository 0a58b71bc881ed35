/* The HTTP server: sockets and threads of libmicrohttpd around the requests of its exchanges. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/error.h"

struct config;

struct listeners;

/* Opens sockets at all places of server.listen, which take connections from now on; NULL with the error set,
   which names the place that failed. The file of a unix socket that nobody listens at is replaced. */
struct listeners *listeners_open(const struct config *config, struct error *error) MUST_CHECK;
/* Removes the files of unix sockets too. NULL is fine. */
void listeners_close(struct listeners *listeners);

/* Serves over these sockets, which it closes, until SIGTERM or SIGINT, then lets requests under way end. False:
   it could not begin. These signals must not have handlers, and threads that were started before must have
   them blocked. */
bool server_run(const struct config *config, struct listeners *listeners,
                struct error *error) MUST_CHECK;

#endif
