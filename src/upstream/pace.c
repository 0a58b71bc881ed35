/* Decides on waits, retries and sizes of pages. */
#include "upstream/pace.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/temporal.h"

/* Pages do not get smaller than this, unless the setting is: then the size is not the problem. */
#define PAGE_LEAST 5
#define GOOD_PAGES 3
#define PATIENCE_KNOWN 24 /* where an earlier pass has found the limit */
#define PATIENCE_MOST 96
/* A page that is throttled more often than that in a row is given up, however short the waits are. */
#define THROTTLED_MOST 20
#define THROTTLED_DEFAULT_WAIT (60 * MICROSECONDS)

static const struct {
	long status;
	const char *name;
} statuses[] = {
	{301, "Moved Permanently"},
	{302, "Found"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{406, "Not Acceptable"},
	{429, "Too Many Requests"},
	{500, "Internal Server Error"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
};

static const char *status_name(long status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	return "";
}

static enum pace_fault classify_status(const struct upstream_response *response)
{
	switch (response->status) {
	case 200:
		return FAULT_NONE;
	case 401:
	case 403:
		return FAULT_REFUSED;
	case 429:
		return FAULT_THROTTLED;
	case 503:
		return response->retry_after >= 0 ? FAULT_THROTTLED : FAULT_SERVER;
	case 408:
	case 504:
	case 522: /* these two of a proxy that fronts many sites: no connection, no response in time */
	case 524:
		return FAULT_SLOW;
	default:
		return response->status >= 500 ? FAULT_SERVER : FAULT_USELESS;
	}
}

enum pace_fault pace_classify(const struct upstream_response *response,
                              char text[static PACE_TEXT_SIZE])
{
	const char *name = status_name(response->status);

	snprintf(text, PACE_TEXT_SIZE, "%s", response->text);
	switch (response->outcome) {
	case UPSTREAM_COMPLETE:
		break;
	case UPSTREAM_TIMED_OUT:
	case UPSTREAM_TOO_LARGE:
		return FAULT_SLOW;
	case UPSTREAM_BROKEN:
		return FAULT_BROKEN;
	case UPSTREAM_REJECTED:
		return FAULT_USELESS;
	case UPSTREAM_STOPPED:
		return FAULT_STOPPED;
	}
	snprintf(text, PACE_TEXT_SIZE, "%ld%s%s", response->status, name[0] ? " " : "", name);
	if (response->status == 200 && !response->json) {
		snprintf(text, PACE_TEXT_SIZE, "an answer that is not JSON");
		return FAULT_BROKEN;
	}
	return classify_status(response);
}

void pace_init(struct pace *pace, const struct upstream_settings *settings, int64_t limit,
               uint64_t seed)
{
	*pace = (struct pace){.settings = settings,
	                      .limit = settings->page_size,
	                      .patience = GOOD_PAGES,
	                      .random = seed | 1};
	if (limit > 0 && limit < settings->page_size) {
		pace->limit = limit;
		pace->patience = PATIENCE_KNOWN;
	}
}

static void set_limit(struct pace *pace, int64_t limit)
{
	if (limit > pace->settings->page_size)
		limit = pace->settings->page_size;
	if (limit < PAGE_LEAST && limit < pace->settings->page_size)
		limit = PAGE_LEAST < pace->settings->page_size ? PAGE_LEAST
		                                               : pace->settings->page_size;
	pace->limit = limit;
	pace->good = 0;
}

static void make_larger(struct pace *pace)
{
	pace->grown = true;
	set_limit(pace, 2 * pace->limit);
}

void pace_succeeded(struct pace *pace)
{
	pace->failures = 0;
	pace->throttled = 0;
	if (++pace->good >= pace->patience && pace->limit < pace->settings->page_size)
		make_larger(pace);
}

/* xorshift64; 0 to just below 1. */
static double random_fraction(struct pace *pace)
{
	pace->random ^= pace->random << 13;
	pace->random ^= pace->random >> 7;
	pace->random ^= pace->random << 17;
	return (double)(pace->random >> 11) / (double)(UINT64_C(1) << 53);
}

/* Doubles from failure to failure up to the most; from half of that to all of it, by chance, so that
   many mirrors do not come back at the same moment. */
static int64_t backoff(struct pace *pace, int64_t failures)
{
	int64_t wait = pace->settings->backoff;

	for (int64_t i = 1; i < failures && wait < pace->settings->backoff_most; i++)
		wait *= 2;
	if (wait > pace->settings->backoff_most)
		wait = pace->settings->backoff_most;
	return (int64_t)((double)wait * (1 + random_fraction(pace)) / 2);
}

static bool retry_throttled(struct pace *pace, int64_t retry_after, int64_t *wait)
{
	int64_t least = backoff(pace, ++pace->throttled);

	*wait = retry_after > 0 ? retry_after : THROTTLED_DEFAULT_WAIT;
	if (*wait < least)
		*wait = least;
	if (pace->throttled > THROTTLED_MOST || *wait > pace->settings->wait_most - pace->waited)
		return false;
	pace->waited += *wait;
	return true;
}

/* A page that was made larger again was too large: the next try comes later. */
static void make_smaller(struct pace *pace)
{
	if (pace->grown && pace->patience < PATIENCE_MOST)
		pace->patience *= 2;
	pace->grown = false;
	set_limit(pace, pace->limit / 2);
}

bool pace_retry(struct pace *pace, enum pace_fault fault, int64_t retry_after, int64_t *wait)
{
	*wait = 0;
	switch (fault) {
	case FAULT_THROTTLED:
		return retry_throttled(pace, retry_after, wait);
	case FAULT_SLOW:
	case FAULT_SERVER:
	case FAULT_BROKEN:
		break;
	default:
		return false;
	}
	if (++pace->failures > pace->settings->retries)
		return false;
	/* Servers that run out of time say so with 500 and 502 too. */
	if (fault == FAULT_SLOW || (fault == FAULT_SERVER && pace->failures > 1))
		make_smaller(pace);
	*wait = backoff(pace, pace->failures);
	return true;
}

int64_t pace_budget_wait(int64_t budget, const int64_t *stamps, size_t count, int64_t now)
{
	int64_t wait;

	if (budget <= 0 || count < (size_t)budget)
		return 0;
	wait = stamps[count - (size_t)budget] + HOUR_MICROSECONDS - now;
	/* A clock that was set back must not stop us for longer than an hour. */
	return wait < 0 ? 0 : wait > HOUR_MICROSECONDS ? HOUR_MICROSECONDS : wait;
}

#define ORIGINAL "thespacedevs.com"
#define ORIGINAL_BUDGET 12

int64_t pace_default_budget(const char *upstream)
{
	const char *host = strstr(upstream, "://");
	size_t length, suffix = strlen(ORIGINAL);

	host = host ? host + 3 : upstream;
	length = strcspn(host, ":/");
	if (length < suffix || strncasecmp(host + length - suffix, ORIGINAL, suffix) != 0)
		return 0;
	return length == suffix || host[length - suffix - 1] == '.' ? ORIGINAL_BUDGET : 0;
}
