/* Which pass over a list to make when, and which pages a recent one reads. Pure decisions, from what is stored.

   What can change by itself is on few pages. Recent passes read those, each interval; full passes read
   everything, each full interval, and are the only ones that delete. Where the upstream does not obey what recent
   passes go by, nobody knows which pages these are: then all passes are full ones, as many as the interval and
   the budget allow. schedule.h chooses among lists. */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/passes.h"
#include "sync/settings.h"

enum plan_outcome {
	PLAN_OPEN, /* under way, or cut off */
	PLAN_DONE,
	PLAN_FAILED,
	PLAN_REFUSED, /* by the upstream */
};

/* A pass that was made; times are microseconds since 1970. One that resumes another is a pass of its own,
   which began when that one did. */
struct plan_pass {
	enum pass_kind kind;
	int64_t started, touched;
	int64_t ended; /* 0: it has no end */
	enum plan_outcome outcome;
	bool consistent;    /* the list did not move, and no row that was known is missing */
	bool has_next;      /* there is a page that it has not read */
	bool suspended;     /* it has stood back for passes over other lists */
	int64_t not_before; /* the upstream throttled it until then; 0: it did not */
	int64_t count;      /* documents of the list, as the upstream said; 0: not known */
	int64_t documents, requests;
};

/* The passes so far, summed up; times are 0 for never. */
struct plan_state {
	bool unfinished;      /* a full pass that can be resumed */
	bool suspended;       /* and only waits for its turn */
	int64_t read;         /* its documents so far */
	int64_t touched;      /* when the last full pass stored a page; 0: there was none */
	int64_t full_started; /* of the last full pass that was done */
	int64_t full_took;    /* from then to its end */
	int64_t done_started; /* of the last pass that was done */
	bool drifted; /* since the last full one rows were missing, or had moved on the list */
	int64_t last_started, last_ended;
	bool last_done;
	bool cut_off;           /* the last one has no end: it is under way, or was killed */
	int64_t failures;       /* passes that failed, in a row, up to the last */
	bool refused;           /* the last one, by the upstream */
	bool full_failed;       /* the last one is a full pass that failed */
	int64_t not_before;     /* until then the upstream has throttled those that failed */
	int64_t count;          /* documents of the list; 0: not known */
	double recent_requests; /* of a recent pass, as those that were done took; 0: none was */
	/* Recent passes are of no use: the list has none, or the upstream does not obey what they go by. */
	bool whole;
};

/* Takes the passes over a list (all but `whole`), newest first, back to the last full one that was done; all that are
   known where there is none. Times more than an hour ahead count as never. */
struct plan_state plan_state_of(const struct plan_pass *passes, size_t count,
                                const struct sync_settings *settings, int64_t now);

enum pass_kind plan_kind(const struct plan_state *state, const struct sync_settings *settings,
                         int64_t now);

/* When the next pass is due. */
int64_t plan_next(const struct plan_state *state, const struct sync_settings *settings);

/* When to try again after so many failed passes in a row: soon at first, then at the interval. */
int64_t plan_failure_wait(int64_t failures, int64_t interval);

struct plan_window {
	int64_t offset, limit;
};

/* The fewest pages that cover the offsets (ascending, on a list of `total` flights) and the list's end. An
   offset may have moved by one or two since. `windows` has room for count + 1; returns how many there are.
   The last one reaches to the end; whatever follows it is new. */
size_t plan_windows(const int64_t *offsets, size_t count, int64_t total, int64_t limit,
                    struct plan_window *windows);

#endif
