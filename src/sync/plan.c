/* Decides on passes and their pages. */
#include "plan.h"

#include "base/temporal.h"

/* How far a row may have moved on the list: each one that is deleted before it moves it by one. */
#define SLACK 2
/* Clocks of servers over a database differ by less. */
#define AHEAD_MOST HOUR_MICROSECONDS

/* After a first failure; it doubles with each further one. */
#define FAILURE_WAIT (300 * MICROSECONDS)

static bool has_failed(const struct plan_pass *pass)
{
	return pass->outcome == PLAN_FAILED || pass->outcome == PLAN_REFUSED;
}

/* A moment of a clock that was ahead and is right again counts as 0: else nothing would be due until it is
   reached. */
static int64_t credible(int64_t moment, int64_t now)
{
	return moment > now + AHEAD_MOST ? 0 : moment;
}

static void sum_up_last(struct plan_state *state, const struct plan_pass *last, int64_t now)
{
	state->last_started = credible(last->started, now);
	state->last_ended = credible(last->ended ? last->ended : last->touched, now);
	state->last_done = last->outcome == PLAN_DONE;
	state->cut_off = last->ended == 0;
	state->refused = last->outcome == PLAN_REFUSED;
	state->full_failed = last->kind == PASS_FULL && has_failed(last);
}

/* One of the failures in a row. */
static void sum_up_failure(struct plan_state *state, const struct plan_pass *pass, int64_t now)
{
	state->failures++;
	if (credible(pass->ended, now) > 0 && pass->not_before > state->not_before)
		state->not_before = pass->not_before;
}

/* Whether the last full pass can be resumed. */
static void sum_up_unfinished(struct plan_state *state, const struct plan_pass *pass, int64_t stale)
{
	/* One that was suspended may take long. */
	int64_t since = pass->suspended ? pass->touched : pass->started;

	state->unfinished = pass->has_next && pass->outcome != PLAN_DONE && since > stale;
	state->suspended = state->unfinished && pass->suspended && pass->outcome == PLAN_OPEN;
	state->read = pass->documents;
	state->touched = pass->touched;
}

struct plan_state plan_state_of(const struct plan_pass *passes, size_t count,
                                const struct sync_settings *settings, int64_t now)
{
	struct plan_state state = {.last_started = 0};
	bool any_done = false, any_full = false;
	int64_t recent = 0;

	if (count > 0)
		sum_up_last(&state, &passes[0], now);
	for (size_t i = 0; i < count; i++) {
		const struct plan_pass *pass = &passes[i];
		bool done = pass->outcome == PLAN_DONE;
		bool full = pass->kind == PASS_FULL;

		/* A long full pass may end behind recent ones that began later. */
		if (done && credible(pass->started, now) > state.done_started)
			state.done_started = credible(pass->started, now);
		any_done = any_done || done;
		if (!any_done && has_failed(pass))
			sum_up_failure(&state, pass, now);
		state.drifted = state.drifted || (done && !pass->consistent);
		if (full && !any_full)
			sum_up_unfinished(&state, pass, now - settings->stale);
		if (state.count == 0 && full)
			state.count = pass->count;
		if (!full && done)
			state.recent_requests +=
				((double)pass->requests - state.recent_requests) / (double)++recent;
		any_full = any_full || full;
		if (full && done) {
			state.full_started = credible(pass->started, now);
			state.full_took = pass->ended - pass->started;
			break;
		}
	}
	return state;
}

enum pass_kind plan_kind(const struct plan_state *state, const struct sync_settings *settings,
                         int64_t now)
{
	int64_t age = now - state->full_started;

	if (state->full_started == 0 || state->whole)
		return PASS_FULL;
	/* A page that fails again and again must not prevent recent passes. */
	if (state->full_failed)
		return PASS_RECENT;
	if (state->unfinished || age >= settings->full_interval ||
	    (state->drifted && age >= settings->full_interval / 4))
		return PASS_FULL;
	return PASS_RECENT;
}

int64_t plan_failure_wait(int64_t failures, int64_t interval)
{
	int64_t wait = FAILURE_WAIT;

	for (int64_t i = 1; i < failures && wait < interval; i++)
		wait *= 2;
	return wait < interval ? wait : interval;
}

/* When the next pass is due if the upstream does not throttle. */
static int64_t next_unthrottled(const struct plan_state *state,
                                const struct sync_settings *settings)
{
	int64_t interval = settings->interval, full_interval = settings->full_interval;

	if (state->cut_off)
		return 0;
	if (state->refused)
		return state->last_ended + (interval > full_interval ? interval : full_interval);
	if (state->failures > 0)
		return state->last_ended + plan_failure_wait(state->failures, interval);
	return state->last_started > 0 ? state->last_started + interval : 0;
}

int64_t plan_next(const struct plan_state *state, const struct sync_settings *settings)
{
	int64_t next = next_unthrottled(state, settings);

	return next > state->not_before ? next : state->not_before;
}

static int64_t at_least_zero(int64_t value)
{
	return value < 0 ? 0 : value;
}

size_t plan_windows(const int64_t *offsets, size_t count, int64_t total, int64_t limit,
                    struct plan_window *windows)
{
	int64_t slack = limit > 2 * SLACK ? SLACK : 0;
	int64_t end = 0; /* of what the windows cover */
	size_t used = 0;

	for (size_t i = 0; i <= count; i++) {
		/* Behind the given ones comes the last flight: new ones follow it. */
		int64_t wanted = i < count ? offsets[i] : at_least_zero(total - 1);
		int64_t offset;

		if (used > 0 && wanted + slack < end)
			continue;
		offset = at_least_zero(wanted - slack);
		windows[used++] = (struct plan_window){offset, limit};
		end = offset + limit;
	}
	return used;
}
