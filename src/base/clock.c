/* Reads the system's clocks, or stands still for tests and replays. */
#include "base/clock.h"

#include <stdbool.h>

static bool fixed;
static int64_t fixed_moment;

static int64_t clock_read(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
	return fixed ? fixed_moment : clock_read(CLOCK_REALTIME);
}

void clock_fix(int64_t moment)
{
	fixed = true;
	fixed_moment = moment;
}

int64_t clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

struct timespec clock_bound(int seconds)
{
	struct timespec bound;

	clock_gettime(CLOCK_REALTIME, &bound);
	bound.tv_sec += seconds;
	return bound;
}
