/* The real server on a free port, and plain HTTP requests to it. */
#ifndef SUPPORT_SERVER_H
#define SUPPORT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "support/command.h"

struct test_server {
	struct process process;
	int port;
	char url[64]; /* http://127.0.0.1:PORT */
};

/* Starts `serve` over a database, with more settings (`section.key=value`, ended by NULL; or NULL for
   none), and waits until it takes connections. */
void server_start(struct test_server *server, const char *conninfo, const char *const settings[]);

/* The same with words of the test's own, which make it listen on the port: options, and `serve`. */
void server_start_words(struct test_server *server, int port, const char *const words[]);

/* For poll_until with a struct test_server. */
bool server_takes_connections(void *server);
bool server_refuses_connections(void *server);
/* The same: whether it has said itself that it listens, and not another server
   takes connections at its port. */
bool server_is_listening(void *server);

/* SIGTERM; asserts that it ended with 0 within ten seconds. What it said goes into `output` where that
   is not NULL (output_fini is the caller's then). */
void server_stop(struct test_server *server, struct output *output);

struct answer {
	long status;
	char *headers; /* as received, with the status line */
	char *body;
	size_t body_length;
};

/* GET of the server's url and `path`; header lines to send end with NULL, or NULL for none. Nothing is
   followed, decoded or kept alive between calls. */
void http_get(const struct test_server *server, const char *path, const char *const headers[],
              struct answer *answer);
void answer_fini(struct answer *answer);

/* A header's value in static memory, or NULL; the name in any case. */
const char *answer_header(const struct answer *answer, const char *name);

#endif
