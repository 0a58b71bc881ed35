/* The throttle: a sliding log of each client's requests, so that no more than `requests` are
   answered within any `period`. The clients' logs together take a bounded amount of memory; those
   without a request for longest are dropped first. Any thread may call. Times are those of
   clock_monotonic. */
#ifndef PROTOCOL_THROTTLE_H
#define PROTOCOL_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/* A rate of more is taken as one of this many, so that a single log has a bound too. */
#define THROTTLE_REQUESTS_MOST 1000000

struct throttle_rate {
	int64_t requests; /* 1 or more */
	int64_t period;   /* microseconds */
};

struct throttle;

/* NULL where its lock cannot be set up. `memory` bytes are enough for all but one client's log. */
struct throttle *throttle_new(const struct throttle_rate *rate, size_t memory);
void throttle_free(struct throttle *throttle); /* NULL is fine */

/* Changes the rate; requests that were answered before count on. */
void throttle_set_rate(struct throttle *throttle, const struct throttle_rate *rate);

/* Whether a request is to be answered, which is then logged. If not, *wait is the number of whole
   seconds (1 or more) until one is. IPv6 clients are those of one /64. */
bool throttle_admit(struct throttle *throttle, const struct ip *client, int64_t now, int64_t *wait);

struct throttle_status {
	int64_t requests;
	int64_t period_seconds;
	int64_t used; /* of the requests, within the last period */
	int64_t wait; /* seconds until the next request is answered; 0: it would be now */
};

/* Does not count as a request. */
void throttle_status_of(struct throttle *throttle, const struct ip *client, int64_t now,
                        struct throttle_status *status);

/* Bytes in use. */
size_t throttle_memory(struct throttle *throttle);

#endif
