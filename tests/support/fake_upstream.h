/* An upstream on a free port that speaks the recorded rules (pages, throttle, api-throttle, gzip) over
   plain sockets, with faults on demand. Threads of the test's own process serve it. */
#ifndef SUPPORT_FAKE_UPSTREAM_H
#define SUPPORT_FAKE_UPSTREAM_H

#include "support/fake_list.h"

/* X(name, words): what is wrong with the answer to a request for the list. */
#define FAKE_FAULTS(X) \
	X(NONE, "nothing") \
	X(THROTTLED_SECONDS, "429, Retry-After: 1") \
	X(THROTTLED_DATE, "429, Retry-After as a date") \
	X(THROTTLED_BARE, "429 without Retry-After") \
	X(UNAUTHORIZED, "401") \
	X(FORBIDDEN, "403") \
	X(NOT_FOUND, "404") \
	X(ERROR_500, "500") \
	X(ERROR_502, "502, an HTML page") \
	X(ERROR_503, "503, Retry-After: 1") \
	X(ERROR_504, "504") \
	X(RESET, "reset in the middle") \
	X(RESET_EARLY, "reset before the answer") \
	X(CLOSED, "closed in the middle") \
	X(STALL, "no answer") \
	X(STALL_MIDDLE, "half an answer, then silence") \
	X(DRIP, "a byte at a time") \
	X(TRUNCATED, "half a body of the right length") \
	X(GZIP_BROKEN, "gzip, a byte of it wrong") \
	X(GZIP_CUT, "half a gzip") \
	X(HTML_200, "200, but an HTML page") \
	X(WRONG_JSON, "JSON with a missing comma") \
	X(WRONG_SHAPE, "JSON of another shape") \
	X(LATIN_1, "JSON that is not in UTF-8") \
	X(NULL_RESULTS, "results: null") \
	X(WRONG_FLIGHT, "a flight whose mission_end is a number") \
	X(EMPTY, "no flights, count 0") \
	X(SHORT, "a flight too few, and no next") \
	X(SKIPPED, "a flight too few, though next goes on behind it") \
	X(COUNT_MORE, "count one more") \
	X(COUNT_LESS, "count one less") \
	X(REPEATED, "the first page again") \
	X(NEXT_ELSEWHERE, "next on another host") \
	X(NEXT_OTHER_PATH, "next on another path") \
	X(NEXT_ENDLESS, "next to the same page") \
	X(DUPLICATE, "a flight twice") \
	X(DISORDER, "flights out of order") \
	X(REDIRECT_LOOP, "a redirect to itself") \
	X(REDIRECT_ELSEWHERE, "a redirect to another host") \
	X(REDIRECT_ONCE, "a redirect on the same host") \
	X(HUGE, "an answer of 100 MB") \
	X(HUGE_GZIP, "100 MB in a small gzip") \
	X(HUGE_HEADER, "a header of 1 MB")

enum fake_fault {
#define X(name, words) FAKE_##name,
	FAKE_FAULTS(X)
#undef X
		FAKE_FAULT_COUNT
};

extern const char *const fake_fault_words[];

struct fake_upstream;

/* New, with an empty list. */
struct fake_upstream *fake_upstream_new(void);
void fake_upstream_free(struct fake_upstream *upstream);

const char *fake_upstream_url(const struct fake_upstream *upstream);

/* The list, for the test to fill; between these two calls no answer is made. */
struct fake_list *fake_upstream_lock(struct fake_upstream *upstream);
void fake_upstream_unlock(struct fake_upstream *upstream);

/* The origin of links in its pages, as where it is behind a proxy; NULL: its own. Borrowed. */
void fake_upstream_public(struct fake_upstream *upstream, const char *origin);

/* After `after` further good answers, the next `times` have the fault. Replaces what was set before. */
void fake_upstream_fault(struct fake_upstream *upstream, enum fake_fault fault, int after,
                         int times);

/* The order of its pages, whatever `ordering` a request has. */
void fake_upstream_order(struct fake_upstream *upstream, enum fake_order order);

/* Answers 429 to more than so many requests in so many seconds, as the original does; 0: to none. */
void fake_upstream_throttle(struct fake_upstream *upstream, int requests, int seconds);

/* Is called with the list locked before each page is made; n counts requests from 1. */
void fake_upstream_hook(struct fake_upstream *upstream,
                        void (*hook)(struct fake_list *list, int n, void *user), void *user);

/* Requests for the list since the start, and the targets and headers of one (from 0; "" for none). Texts
   are the upstream's and stay. */
int fake_upstream_requests(struct fake_upstream *upstream);
const char *fake_upstream_target(struct fake_upstream *upstream, int n);
const char *fake_upstream_head(struct fake_upstream *upstream, int n);
/* Waits until there were so many requests for the list. */
void fake_upstream_await(struct fake_upstream *upstream, int count);
/* Requests for api-throttle, and connections. */
int fake_upstream_throttle_requests(struct fake_upstream *upstream);
int fake_upstream_connections(struct fake_upstream *upstream);

#endif
