/* Each client's share of the workers' time for its searches, which may cost a thousand times what other requests do.
   What a client has not used is kept for some seconds. Times are those of clock_monotonic; any thread may call. */
#ifndef SEARCH_SHARE_H
#define SEARCH_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct search_share;

/* New. `percent` of the time of so many workers is a client's. */
struct search_share *search_share_new(size_t workers, int64_t percent);
void search_share_free(struct search_share *share); /* NULL is fine */

/* A search between its admission and its end. */
struct search_ticket {
	uint32_t slot;
	int64_t reserved; /* microseconds */
};

/* Whether the client may search now; if not, *wait is the number of whole seconds (1 or more) until it may. What
   searches take usually is reserved until search_share_leave. IPv6 clients are those of one /64. */
bool search_share_admit(struct search_share *share, const struct ip *client, int64_t now,
                        struct search_ticket *ticket, int64_t *wait);

/* That a worker was busy with it for so many microseconds. */
void search_share_spend(struct search_share *share, const struct search_ticket *ticket,
                        int64_t spent);

/* Gives back what was reserved. */
void search_share_leave(struct search_share *share, struct search_ticket *ticket);

#endif
