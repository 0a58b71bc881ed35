/* How fast to request pages: when one that failed is requested again and how large, when to give up, and how
   long to wait for the budget of requests. Pure decisions, without clock or network. */
#ifndef UPSTREAM_PACE_H
#define UPSTREAM_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "upstream/settings.h"
#include "upstream/source.h"

/* What is wrong with a response, by what to do about it. */
enum pace_fault {
	FAULT_NONE,
	FAULT_SLOW, /* timed out here or behind the upstream's proxy, or too large: a smaller page may do */
	FAULT_SERVER,    /* 5xx */
	FAULT_BROKEN,    /* the connection, or a body that is not what it should be */
	FAULT_THROTTLED, /* 429, or 503 that says when to come again */
	FAULT_REFUSED,   /* 401, 403: a retry does not help */
	FAULT_USELESS,   /* other statuses, redirects to another origin, TLS: neither does it */
	FAULT_STOPPED,
};

/* What is wrong with a response; writes it for people, such as `502 Bad Gateway`. */
#define PACE_TEXT_SIZE 320
enum pace_fault pace_classify(const struct upstream_response *response,
                              char text[static PACE_TEXT_SIZE]);

/* The pace of one pass. */
struct pace {
	const struct upstream_settings *settings;
	int64_t limit;     /* documents to request at once */
	int64_t good;      /* pages since the limit was last changed */
	int64_t patience;  /* so many of them, and a page may be larger again */
	bool grown;        /* the limit was last made larger */
	int64_t failures;  /* of the current page */
	int64_t throttled; /* times in a row */
	int64_t waited;    /* for throttling, in this pass */
	uint64_t random;   /* of the jitter */
};

/* `limit` is the size of pages that was found before; 0: as the settings say. */
void pace_init(struct pace *pace, const struct upstream_settings *settings, int64_t limit,
               uint64_t seed);

/* A page was read: after three in a row the next one may be larger again; after twice as many each time that
   this was too much. */
void pace_succeeded(struct pace *pace);

/* A page failed. Whether to request it again, and after what time: for a throttled one `retry_after` (what
   the upstream said; -1: nothing), for others an exponential back-off with jitter. *wait is also set for a
   throttled one that is given up. May halve the limit. */
bool pace_retry(struct pace *pace, enum pace_fault fault, int64_t retry_after, int64_t *wait);

/* How long to wait before the next request so that no hour has more than the budget. `stamps` are the times
   of the last requests, ascending: at least as many as the budget, or all of the last hour. */
int64_t pace_budget_wait(int64_t budget, const int64_t *stamps, size_t count, int64_t now);

/* The budget where none is set: the original's 15 requests an hour less some for others who share the
   address; any number of requests (0) for every other upstream. */
int64_t pace_default_budget(const char *upstream);

#endif
