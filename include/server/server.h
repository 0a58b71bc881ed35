/* The HTTP server: sockets and threads of libmicrohttpd around the requests of its exchanges. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/error.h"
#include "config/config.h"

struct listeners;

struct server;

/* Starts the threads that serve over these sockets, and over those for operators; all are the server's from now on,
   also where it cannot begin: NULL then, with the error set. Signals that must not end the process are blocked or
   ignored before. */
struct server *server_start(struct config_snapshot *snapshot, struct listeners *listeners,
                            struct listeners *admin_listeners, struct error *error) MUST_CHECK;

/* Changes the settings of requests that begin from now on; those under way end with theirs. Only LIVE_OPTIONS may
   differ from what the server runs with. One thread at a time. */
void server_reload(struct server *server, struct config_snapshot *snapshot);

/* Opens the access log anew, where it has been moved away, or as new settings say. What goes wrong is logged. One
   thread at a time. */
void server_reopen_logs(struct server *server, const struct config *config);

/* Whether all threads that serve connections do their work: each notices within so many milliseconds that somebody
   hangs up. */
bool server_responds(struct server *server, int milliseconds);

/* Refuses new connections, gives each that is there its next answer (server.drain_timeout), and ends the threads. */
void server_stop(struct server *server);

#endif
