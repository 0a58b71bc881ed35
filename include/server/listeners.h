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
/* The same with sockets that systemd has opened and handed over, the first `count` descriptors from
   SYSTEMD_SOCKET_FIRST on; it keeps them, so that clients wait there while this process is not. */
struct listeners *listeners_inherit(const struct config *config, int count,
                                    struct error *error) MUST_CHECK;
/* Shuts and closes them, and removes the files of unix sockets. NULL is fine. */
void listeners_close(struct listeners *listeners);

/* The sockets: none blocks, all take connections. */
size_t listeners_count(const struct listeners *listeners);
int listeners_socket(const struct listeners *listeners, size_t index);
/* Whether they stay open in another process. */
bool listeners_inherited(const struct listeners *listeners);

/* A line in the log for each, such as `listening on http://127.0.0.1:8000/`. */
void listeners_log(const struct listeners *listeners, const char *what);

/* From now on nobody can connect: new connections are refused, and unix sockets are gone, so that another server
   may take their places; where systemd has them too, clients wait. The sockets stay open, for threads that still
   wait for connections. */
void listeners_shut(struct listeners *listeners);

#endif
