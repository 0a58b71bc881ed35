/* Which pass to make when, and which pages a recent one reads. Pure decisions, from what is stored.

   What can change by itself is on few pages: flights that are new (at the list's end), to come, under
   way or just over. Recent passes read those, each interval; full passes read everything, each
   full interval, and are the only ones that delete. Where the upstream does not obey `ordering`, nobody knows
   which pages these are: then all passes are full ones, as many as the interval and the budget allow. */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/passes.h"
#include "sync/settings.h"

/* A flight that ended no longer ago is still worked on: landing, recovery, durations. */
#define PLAN_SETTLED_DAYS 7
/* One without an end whose spacecraft is no longer in space may still get one for as long after launch. */
#define PLAN_LOST_DAYS 30

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
	bool consistent;    /* the list did not move, and no flight that was known is missing */
	bool has_next;      /* there is a page that it has not read */
	int64_t not_before; /* the upstream throttled it until then; 0: it did not */
};

/* The passes so far, summed up; times are 0 for never. */
struct plan_state {
	bool unfinished;      /* a full pass that can be resumed */
	int64_t full_started; /* of the last full pass that was done */
	int64_t done_started; /* of the last pass that was done */
	bool drifted; /* since the last full one flights were missing, or had moved on the list */
	int64_t last_started, last_ended;
	bool last_done;
	bool cut_off;       /* the last one has no end: it is under way, or was killed */
	int64_t failures;   /* passes that failed, in a row, up to the last */
	bool refused;       /* the last one, by the upstream */
	bool full_failed;   /* the last one is a full pass that failed */
	int64_t not_before; /* until then the upstream has throttled those that failed */
	/* The upstream does not obey `ordering`: where on its list a flight is cannot be known. */
	bool unordered;
};

/* Takes the passes over the upstream (all but `unordered`), newest first, back to the last full one that was done; all that are
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

/* How long a change can stay unseen while the upstream works, beside the time that its responses take:
   one of a flight that recent passes read, and any other. windows 0: there are no recent passes, since the
   upstream does not obey `ordering`. */
struct plan_promise {
	int64_t recent, any;
};
struct plan_promise plan_promise(const struct sync_settings *settings, int64_t total,
                                 size_t windows);

#endif
