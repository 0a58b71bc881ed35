/* The HTTP server: sockets and threads of libmicrohttpd around the requests of its exchanges. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/error.h"

struct config;

/* The socket that the configuration names, which takes connections from now on; -1 with the error set. */
int server_listen(const struct config *config, struct error *error) MUST_CHECK;

/* Serves over that socket, which it closes, until SIGTERM or SIGINT, then lets requests under way end. False:
   it could not begin. These signals must not have handlers, and threads that were started before must have
   them blocked. */
bool server_run(const struct config *config, int fd, struct error *error) MUST_CHECK;

#endif
