/* Counts requests by route and status, and how long they took. */
#ifndef REQUEST_COUNTS_H
#define REQUEST_COUNTS_H

#include <stdint.h>

#include "base/strbuf.h"
#include "protocol/decision.h"

/* The number of a decision's route, for request_count: that of enum route, or one of each endpoint's own. */
unsigned request_route_of(const struct decision *decision);

/* Writes what the label of its counts says. */
void request_route_write(struct strbuf *out, unsigned route);

/* Counts a request that is answered. `microseconds`: from its first line to its response, which is still to be sent.
   Any thread, cheap: threads have counts of their own. */
void request_count(unsigned route, int status, int64_t microseconds);

/* Writes the counts of all threads in Prometheus' text format. */
void request_counts_write(struct strbuf *out);

#endif
