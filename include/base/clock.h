/* The time of day and a clock that never goes back. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Microseconds since 1970 (UTC); the moment given to clock_fix, where one was. */
int64_t clock_now(void);

/* Stops clock_now at a moment, so that live values can be compared byte for byte. Before any thread starts. */
void clock_fix(int64_t moment);

/* Microseconds of CLOCK_MONOTONIC. */
int64_t clock_monotonic(void);

/* So many seconds from now, as pthread's waits with a bound take it (CLOCK_REALTIME). */
struct timespec clock_bound(int seconds);

#endif
