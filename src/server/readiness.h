/* Whether all that the server promises holds now, as `check` would say it. */
#ifndef READINESS_H
#define READINESS_H

#include <stdbool.h>

struct server_state;
struct strbuf;

/* Appends a line for each condition, `database: ok` or `database: FAILED: no connection for 12 s`, unless `lines` is
   NULL, and sets the gauge `ready` of each. True: all hold. `in_full`: with the database's own words, which name
   hosts and roles. Never waits. */
bool readiness_check(struct server_state *state, bool in_full, struct strbuf *lines);

#endif
