/* How fast to go: when a page that failed is asked for again and how large, when to give up, and how
   long the budget of requests makes wait. Decisions alone, without clocks or network. */
#ifndef SYNC_PACE_H
#define SYNC_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/settings.h"
#include "sync/source.h"

#define SYNC_SECOND INT64_C(1000000)
#define SYNC_HOUR (3600 * SYNC_SECOND)

/* What is wrong with an answer, by what to do about it. */
enum pace_fault {
	FAULT_NONE,
	FAULT_SLOW, /* timed out here or behind the upstream's proxy, or too large: a smaller page may do */
	FAULT_SERVER,    /* 5xx */
	FAULT_BROKEN,    /* the connection, or a body that is not what it should be */
	FAULT_THROTTLED, /* 429, or 503 that says when to come again */
	FAULT_REFUSED,   /* 401, 403: asking again does not help */
	FAULT_USELESS,   /* other statuses, redirects to elsewhere, TLS: neither */
	FAULT_STOPPED,
};

/* Tells what is wrong with an answer; writes it for people, such as `502 Bad Gateway`. */
#define PACE_TEXT_SIZE 320
enum pace_fault pace_judge(const struct sync_answer *answer, char text[static PACE_TEXT_SIZE]);

/* The pace of one pass. */
struct pace {
	const struct sync_settings *settings;
	int64_t limit;     /* flights to ask for at once */
	unsigned good;     /* pages since the limit was last changed */
	int64_t failures;  /* of the page under way */
	int64_t throttled; /* times in a row */
	int64_t waited;    /* for throttling, in this pass */
	uint64_t random;   /* of the jitter */
};

void pace_init(struct pace *pace, const struct sync_settings *settings, uint64_t seed);

/* A page came: the next may be larger again after three good ones in a row. */
void pace_good(struct pace *pace);

/* A page failed. Whether to ask again, and after what time: for a throttled one `asked` (what the upstream
   said; -1: nothing), for others an exponential back-off with jitter. *wait is also set for a throttled one
   that is not asked for again. May halve the limit. */
bool pace_again(struct pace *pace, enum pace_fault fault, int64_t asked, int64_t *wait);

/* How long to wait before the next request, that no hour has more than the budget: `stamps` are the times
   of the last ones, ascending, as many as the budget at least or all of the last hour. */
int64_t pace_budget_wait(int64_t budget, const int64_t *stamps, size_t count, int64_t now);

/* When the background tries again after so many failed passes in a row: soon at first, then at the
   interval. */
int64_t pace_pass_wait(int64_t failures, int64_t interval);

#endif
