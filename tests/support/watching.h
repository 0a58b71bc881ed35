/* Looks at what a server answers over time: what has come, how fast, how often it was made. */
#ifndef SUPPORT_WATCHING_H
#define SUPPORT_WATCHING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "support/wire.h"

/* So many milliseconds in microseconds; more where sanitizers or valgrind make everything slow. */
int64_t watch_bound(int64_t milliseconds);

/* Microseconds that a process's threads were ready to run and had to wait for a processor; 0 where the kernel
   does not count them. */
int64_t watch_run_delay(pid_t pid);
/* The same of a server and of ourselves, who watch it. */
int64_t watch_run_delays(pid_t server);

/* A GET with header lines beside Host, or "". */
void watch_ask(struct wire *wire, const char *target, const char *lines, struct reply *reply);
int watch_status(struct wire *wire, const char *target);
/* A metric of /metrics, in whole numbers: the sum of its series. */
long long watch_metric(struct wire *wire, const char *name);

/* For poll_until: whether a text is in the answer by now. */
struct awaited {
	struct wire *wire;
	const char *target, *text;
};
bool watch_has_come(void *awaited);

/* For poll_until: whether the target is answered out of the cache by now. */
bool watch_is_cached(void *awaited);

/* For poll_until: whether a change that is committed now (to spacecraft 2, whose flight 1 is) shows on
   the list within 100 ms. */
struct told {
	struct wire *wire;
	const char *conninfo;
	int count; /* 0 at first */
};
bool watch_is_told(void *told);

#endif
