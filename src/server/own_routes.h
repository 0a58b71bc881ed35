/* Answers of the server's own routes, beside the endpoints, that are made anew each time. What changes with the settings
   alone is theirs. */
#ifndef OWN_ROUTES_H
#define OWN_ROUTES_H

#include "protocol/decision.h"
#include "response.h"

struct server_state;
struct settings;

/* What operators read: the answer of /health, /live, /ready or /metrics; never waits for anything. `in_full`: to
   operators alone, with the database's own words on what is wrong. */
void monitoring_answer(struct server_state *state, enum route route, bool in_full,
                       struct answer *answer);

/* The answer of any such route. */
void own_route_answer(struct server_state *state, const struct settings *settings,
                      const struct decision *decision, struct answer *answer);

#endif
