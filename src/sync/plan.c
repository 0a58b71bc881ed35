/* Decides on passes and their pages. */
#include "sync/plan.h"

#include "sync/pace.h"

/* By how much a flight's place may be off: each one that is deleted before it moves it by one. */
#define SLACK 2

enum sync_kind plan_kind(const struct plan_state *state, const struct sync_settings *settings,
                         int64_t now)
{
	int64_t age = now - state->full_started;

	if (state->full_started == 0)
		return SYNC_FULL;
	/* A page that fails again and again must not keep recent passes from being made. */
	if (state->unfinished && state->failures % 2 == 0)
		return SYNC_FULL;
	if (state->unfinished)
		return SYNC_RECENT;
	if (age >= settings->full_interval ||
	    (state->drifted && age >= settings->full_interval / 4))
		return SYNC_FULL;
	return SYNC_RECENT;
}

int64_t plan_next(const struct plan_state *state, const struct sync_settings *settings)
{
	int64_t day = settings->full_interval;

	if (state->last_started == 0 || state->cut_off)
		return 0;
	if (state->refused)
		return state->last_ended + (settings->interval > day ? settings->interval : day);
	if (state->failures > 0)
		return state->last_ended + pace_pass_wait(state->failures, settings->interval);
	return state->last_started + settings->interval;
}

static int64_t at_least_zero(int64_t value)
{
	return value < 0 ? 0 : value;
}

size_t plan_windows(const int64_t *places, size_t count, int64_t total, int64_t limit,
                    struct plan_window *windows)
{
	int64_t slack = limit > 2 * SLACK ? SLACK : 0;
	int64_t end = 0; /* of what the windows cover */
	size_t used = 0;

	for (size_t i = 0; i <= count; i++) {
		/* Behind the places comes the last flight, as a mark where new ones begin. */
		int64_t place = i < count ? places[i] : at_least_zero(total - 1);
		int64_t offset;

		if (used > 0 && place + slack < end)
			continue;
		offset = at_least_zero(place - slack);
		windows[used++] = (struct plan_window){offset, limit};
		end = offset + limit;
	}
	return used;
}

/* The time in which so many requests get through, however many were made before. */
static int64_t requests_time(const struct sync_settings *settings, int64_t requests)
{
	if (settings->budget <= 0)
		return 0;
	return (requests + settings->budget - 1) / settings->budget * SYNC_HOUR;
}

struct plan_promise plan_promise(const struct sync_settings *settings, int64_t total,
                                 size_t windows)
{
	int64_t pages = (total + settings->page_size - 1) / settings->page_size + 1;
	int64_t recent = requests_time(settings, (int64_t)windows);
	int64_t full = requests_time(settings, pages);
	int64_t between = recent > settings->interval ? recent : settings->interval;

	return (struct plan_promise){between + full, settings->full_interval + between + full};
}
