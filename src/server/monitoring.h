/* What operators read: whether the process lives, whether all that is promised holds, and Prometheus' metrics. */
#ifndef MONITORING_H
#define MONITORING_H

#include "protocol/router.h"
#include "response.h"

struct server_state;

/* The answer of /health, /live, /ready or /metrics; never waits for anything. `in_full`: to operators alone, with
   the database's own words on what is wrong. */
void monitoring_answer(struct server_state *state, enum route route, bool in_full,
                       struct answer *answer);

#endif
