/* The HTTP server: sockets and threads of libmicrohttpd around the answers of this room. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/error.h"

struct config;

/* Serves until SIGTERM or SIGINT, then lets requests under way end. False: it could not begin. The signals
   must not have handlers, and threads must not have been started before. */
bool server_run(const struct config *config, struct error *error) MUST_CHECK;

#endif
