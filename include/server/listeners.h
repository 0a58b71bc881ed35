/* The sockets that clients connect to, one for each place of a setting, several for a name with several
   addresses. */
#ifndef SERVER_LISTENERS_H
#define SERVER_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct config;
struct listeners;
struct places;

/* Opens sockets at all places of a setting, which is named in errors; they take connections from now on. NULL with
   the error set, which names the place that failed. The file of a unix socket that nobody listens at is replaced. */
struct listeners *listeners_open(const struct config *config, const struct places *places,
                                 const char *setting, struct error *error) MUST_CHECK;
/* Removes the files of unix sockets too. NULL is fine. */
void listeners_close(struct listeners *listeners);

/* The sockets: none blocks, all take connections. */
size_t listeners_count(const struct listeners *listeners);
int listeners_socket(const struct listeners *listeners, size_t index);

/* A line in the log for each, such as `listening on http://127.0.0.1:8000/`. */
void listeners_log(const struct listeners *listeners, const char *what);

/* From now on nobody can connect: new connections are refused, and unix sockets are gone, so that another server
   may take their places. The sockets stay open, for threads that still wait for connections. */
void listeners_shut(struct listeners *listeners);

#endif
