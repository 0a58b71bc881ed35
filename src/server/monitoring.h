/* What operators read: whether answers can be made, and Prometheus' metrics. */
#ifndef MONITORING_H
#define MONITORING_H

#include "response.h"

struct server_state;

/* 200 while answers can be made, also while the database is away and the cache carries on. */
void monitoring_health(struct server_state *state, struct answer *answer);

/* All metrics, in Prometheus' text format. */
void monitoring_metrics(struct server_state *state, struct answer *answer);

#endif
