/* Waits for something to become true. */
#ifndef SUPPORT_POLL_H
#define SUPPORT_POLL_H

#include <stdbool.h>
#include <time.h>

#include "base/clock.h"

#define POLL_LEAST INT64_C(2000) /* microseconds between two checks */
#define POLL_MOST INT64_C(50000)

/* False when it did not within the seconds given. Checks again after a twentieth of the time that has passed,
   so that a long wait takes little CPU time from what it waits for. */
static inline bool poll_until(bool (*done)(void *), void *user, int seconds)
{
	int64_t begin = clock_monotonic();

	while (!done(user)) {
		int64_t gone = clock_monotonic() - begin;
		int64_t pause = gone / 20;

		if (gone > seconds * INT64_C(1000000))
			return false;
		if (pause < POLL_LEAST)
			pause = POLL_LEAST;
		if (pause > POLL_MOST)
			pause = POLL_MOST;
		nanosleep(&(struct timespec){0, pause * 1000}, NULL);
	}
	return true;
}

#endif
