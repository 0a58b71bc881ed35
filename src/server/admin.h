/* The port for operators, who get their answers there also while all threads for clients are busy, and when no Host
   is allowed that their tools would send. */
#ifndef ADMIN_H
#define ADMIN_H

#include "base/error.h"

struct admin;
struct listeners;
struct server_state;

/* Answers /health, /live, /ready and /metrics, by a thread for each socket; takes the sockets, of which there may be
   none, also where it cannot begin: NULL then, with the error set. The state must outlive it. */
struct admin *admin_start(struct server_state *state, struct listeners *listeners,
                          struct error *error) MUST_CHECK;

/* Ends the threads. NULL is fine. */
void admin_stop(struct admin *admin);

#endif
