/* Waits for something to become true, looking again every few milliseconds. */
#ifndef SUPPORT_POLL_H
#define SUPPORT_POLL_H

#include <stdbool.h>
#include <time.h>

#include "base/clock.h"

/* False when it did not within the seconds given. */
static inline bool poll_until(bool (*done)(void *), void *user, int seconds)
{
	int64_t end = clock_monotonic() + seconds * INT64_C(1000000);

	while (!done(user)) {
		if (clock_monotonic() > end)
			return false;
		nanosleep(&(struct timespec){0, 2000000}, NULL);
	}
	return true;
}

#endif
