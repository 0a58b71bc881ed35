/* Decides on passes over all lists. */
#include "schedule.h"

#include <string.h>

#include "base/temporal.h"
#include "lists.h"
#include "upstream/pace.h"

/* In that time all lists together are to be read once; half a day less than what is promised. */
#define ROUND (60 * HOUR_MICROSECONDS)
/* What a recent pass may have to wait for others that fall due at the same time. */
#define RECENT_SLACK (HOUR_MICROSECONDS / 2)

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void schedule_init(struct schedule *schedule, const struct sync_settings *settings, int64_t now)
{
	*schedule =
		(struct schedule){.settings = settings, .now = now, .count = settings->list_count};
	for (size_t i = 0; i < schedule->count; i++)
		schedule->lists[i] =
			(struct schedule_list){.list = settings->lists[i],
		                               .ordered = true,
		                               .obeys = true,
		                               .page_size = settings->upstream.page_size};
}

static struct schedule_list *find_list(struct schedule *schedule, const char *path)
{
	for (size_t i = 0; i < schedule->count; i++)
		if (strcmp(schedule->lists[i].list->path, path) == 0)
			return &schedule->lists[i];
	return NULL;
}

void schedule_add_pass(struct schedule *schedule, const char *path, const struct plan_pass *pass)
{
	struct schedule_list *list = find_list(schedule, path);

	if (list)
		strbuf_add(&list->passes, pass, sizeof(*pass));
}

void schedule_set_list(struct schedule *schedule, const char *path, bool ordered, bool obeys,
                       int64_t page_size)
{
	struct schedule_list *list = find_list(schedule, path);

	if (!list)
		return;
	list->ordered = ordered;
	list->obeys = obeys;
	if (page_size > 0 && page_size < list->page_size)
		list->page_size = page_size;
}

void schedule_add_request(struct schedule *schedule, int64_t at, bool whole)
{
	strbuf_add(&schedule->requests, &at, sizeof(at));
	if (whole)
		strbuf_add(&schedule->whole_requests, &at, sizeof(at));
}

/* --- How lists stand. --- */

static bool has_recent(const struct schedule_list *list)
{
	switch (list->list->upkeep.recent) {
	case RECENT_NONE:
	case RECENT_WHOLE:
		return false;
	case RECENT_ACTIVE:
		return list->ordered;
	default:
		return list->obeys;
	}
}

static void sum_up(struct schedule *schedule, struct schedule_list *list)
{
	const struct plan_pass *passes = (const struct plan_pass *)(const void *)list->passes.data;

	list->state = plan_state_of(passes, list->passes.length / sizeof(*passes),
	                            schedule->settings, schedule->now);
	list->state.whole = !has_recent(list);
	strbuf_fini(&list->passes);
}

static int64_t pages_of(const struct schedule_list *list)
{
	return list->state.count / list->page_size + 1;
}

/* What of it comes between full passes over other lists, in requests. */
static int64_t recent_cost(const struct schedule_list *list)
{
	if (list->state.full_started == 0)
		return 0;
	if (list_is_read_whole(list->list))
		return pages_of(list);
	if (list->state.whole)
		return 0;
	return list->state.recent_requests > 0 ? list->state.recent_requests : 1;
}

static int64_t every(const struct schedule_list *list)
{
	return list->list->upkeep.every > 0 ? list->list->upkeep.every : 1;
}

/* --- The budget. --- */

static double requests_of_round(const struct schedule *schedule)
{
	double pages = 0;

	for (size_t i = 0; i < schedule->count; i++)
		pages += (double)pages_of(&schedule->lists[i]);
	return pages;
}

/* Requests that recent passes make in that time. */
static double recent_requests(const struct schedule *schedule, double interval)
{
	double requests = 0;

	for (size_t i = 0; i < schedule->count; i++)
		requests += (double)recent_cost(&schedule->lists[i]) /
		            (double)every(&schedule->lists[i]);
	return requests / interval * (double)HOUR_MICROSECONDS;
}

/* A list alone has the whole budget: its passes do not get in each other's way. */
static bool shares_budget(const struct schedule *schedule)
{
	return schedule->count > 1 && schedule->settings->upstream.budget > 0;
}

/* The interval that leaves enough for full passes. */
static int64_t affordable_interval(const struct schedule *schedule)
{
	double budget = (double)schedule->settings->upstream.budget;
	double reserve = requests_of_round(schedule) * (double)HOUR_MICROSECONDS / (double)ROUND;
	double needed = recent_requests(schedule, (double)HOUR_MICROSECONDS);

	if (reserve > budget / 2)
		reserve = budget / 2;
	return (int64_t)(needed / (budget - reserve) * (double)HOUR_MICROSECONDS);
}

static int64_t base_interval(const struct schedule *schedule)
{
	int64_t wanted = schedule->settings->interval;
	int64_t affordable = shares_budget(schedule) ? affordable_interval(schedule) : 0;

	return affordable > wanted ? affordable : wanted;
}

/* Requests an hour that full passes may make, so that recent ones find room when they fall due. */
static int64_t whole_budget(const struct schedule *schedule, int64_t interval)
{
	int64_t budget = schedule->settings->upstream.budget;
	double recent = interval > 0 ? recent_requests(schedule, (double)interval) : 0;
	int64_t left = (int64_t)((double)budget - recent + 0.5);

	return shares_budget(schedule) ? later(left, 1) : budget;
}

static int64_t wait_of(const struct schedule *schedule, const struct strbuf *times, int64_t budget)
{
	return pace_budget_wait(budget, (const int64_t *)(const void *)times->data,
	                        times->length / sizeof(int64_t), schedule->now);
}

/* --- What is promised. --- */

/* Between two full passes over the same list. */
static int64_t time_of_round(const struct schedule *schedule)
{
	int64_t full_interval = schedule->settings->full_interval;
	int64_t round = (int64_t)(requests_of_round(schedule) / (double)schedule->whole_budget *
	                          (double)HOUR_MICROSECONDS);

	/* Where they follow each other without a break, lists keep their turns. */
	return round > full_interval ? round + round / 8 : full_interval + round;
}

static struct plan_promise promise_of(const struct schedule *schedule,
                                      const struct schedule_list *list)
{
	int64_t any;

	if (!shares_budget(schedule)) {
		struct sync_settings own = *schedule->settings;
		int64_t windows = recent_cost(list);

		own.interval = list->interval;
		return plan_promise(&own, list->state.count,
		                    list->state.whole ? 0 : (size_t)(windows > 0 ? windows : 1));
	}
	any = time_of_round(schedule) + HOUR_MICROSECONDS;
	if (list->state.whole && !list_is_read_whole(list->list))
		return (struct plan_promise){any, any};
	return (struct plan_promise){list->interval + RECENT_SLACK, any};
}

int64_t schedule_good_until(const struct schedule *schedule, const struct schedule_list *list)
{
	const struct plan_state *state = &list->state;
	int64_t full = state->full_started + list->promise.any;
	int64_t recent = state->done_started + list->promise.recent;

	if (state->full_started == 0 && state->failures > 0)
		return 0;
	if (state->full_started == 0)
		full = recent = schedule->installed + list->promise.any;
	return (full < recent ? full : recent) + schedule->settings->interval;
}

/* --- The plan. --- */

/* Nobody is let in: what the last pass of all was told, or one that was throttled. */
static int64_t find_blocked(const struct schedule *schedule)
{
	const struct schedule_list *last = NULL;
	int64_t until = 0;

	for (size_t i = 0; i < schedule->count; i++) {
		const struct schedule_list *list = &schedule->lists[i];

		if (list->state.not_before > until)
			until = list->state.not_before;
		if (!last || list->state.last_ended > last->state.last_ended)
			last = list;
	}
	if (last && last->state.refused) {
		int64_t next = plan_next(&last->state, schedule->settings);

		until = next > until ? next : until;
	}
	return until;
}

static void plan_waits(struct schedule *schedule)
{
	schedule->wait =
		wait_of(schedule, &schedule->requests, schedule->settings->upstream.budget);
	schedule->whole_wait = later(schedule->wait, wait_of(schedule, &schedule->whole_requests,
	                                                     schedule->whole_budget));
}

void schedule_plan(struct schedule *schedule)
{
	int64_t interval;

	for (size_t i = 0; i < schedule->count; i++)
		sum_up(schedule, &schedule->lists[i]);
	interval = base_interval(schedule);
	schedule->whole_budget = whole_budget(schedule, interval);
	for (size_t i = 0; i < schedule->count; i++) {
		struct schedule_list *list = &schedule->lists[i];

		list->interval = list->list->upkeep.recent == RECENT_NONE
		                         ? schedule->settings->full_interval
		                         : interval * every(list);
		list->promise = promise_of(schedule, list);
	}
	if (shares_budget(schedule))
		plan_waits(schedule);
	schedule->blocked_until = find_blocked(schedule);
	strbuf_fini(&schedule->requests);
	strbuf_fini(&schedule->whole_requests);
}

/* --- The next pass. --- */

/* A pass that could come next. */
struct candidate {
	struct schedule_turn turn;
	bool urgent; /* it comes before full passes */
	bool begun;
	int64_t since; /* when what the full pass reads next was last read; 0: never */
};

/* When the page was last read that comes next: of a pass that has read half of the list, half of the time that the one
   before took after that began. */
static int64_t last_read(const struct plan_state *state)
{
	double part = 0;

	if (state->unfinished && state->count > 0 && state->full_started > 0)
		part = (double)state->read / (double)state->count;
	return state->full_started + (int64_t)((double)state->full_took * part);
}

static struct candidate candidate_of(const struct schedule *schedule,
                                     const struct schedule_list *list, enum pass_kind kind,
                                     int64_t at)
{
	bool urgent = kind == PASS_RECENT ||
	              (list_is_read_whole(list->list) && list->state.full_started > 0);
	int64_t wait = urgent ? schedule->wait : schedule->whole_wait;

	return (struct candidate){
		.turn = {list->list, kind,
	                 later(later(at, wait > 0 ? schedule->now + wait : 0),
	                       schedule->blocked_until)},
		.urgent = urgent,
		.begun = list->state.suspended,
		.since = last_read(&list->state),
	};
}

static bool comes_before(const struct candidate *a, const struct candidate *b, int64_t now)
{
	bool a_due = a->turn.at <= now, b_due = b->turn.at <= now;

	if (!a_due || !b_due)
		return a->turn.at < b->turn.at;
	if (a->urgent != b->urgent)
		return a->urgent;
	if (a->urgent)
		return a->turn.at < b->turn.at;
	return a->since != b->since ? a->since < b->since : a->begun && !b->begun;
}

static void consider(const struct schedule *schedule, struct candidate *best,
                     struct candidate candidate)
{
	if (!best->turn.list || comes_before(&candidate, best, schedule->now))
		*best = candidate;
}

/* When a recent pass is due while a full one waits for its turn. */
static int64_t recent_between(const struct schedule_list *list)
{
	const struct plan_state *state = &list->state;

	if (state->failures > 0)
		return state->last_ended + plan_failure_wait(state->failures, list->interval);
	return state->done_started + list->interval;
}

/* A full pass may wait for long until it has its turn: meanwhile recent ones go on, and do not put it off. */
static void consider_both(const struct schedule *schedule, const struct schedule_list *list,
                          int64_t full_at, struct candidate *best)
{
	consider(schedule, best,
	         candidate_of(schedule, list, PASS_FULL, list->state.failures > 0 ? full_at : 0));
	consider(schedule, best, candidate_of(schedule, list, PASS_RECENT, recent_between(list)));
}

static void consider_list(const struct schedule *schedule, const struct schedule_list *list,
                          struct candidate *best)
{
	struct sync_settings own = *schedule->settings;
	const struct plan_state *state = &list->state;
	bool has_both = schedule->count > 1 && !state->whole && state->full_started > 0;
	enum pass_kind kind;
	int64_t at;

	own.interval = list->interval;
	kind = state->suspended ? PASS_FULL : plan_kind(state, &own, schedule->now);
	at = state->suspended ? 0 : plan_next(state, &own);
	if (kind == PASS_FULL && has_both)
		consider_both(schedule, list, at, best);
	else
		consider(schedule, best, candidate_of(schedule, list, kind, at));
}

struct schedule_turn schedule_next(struct schedule *schedule, const struct endpoint *running)
{
	struct candidate best = {.turn.list = NULL};

	for (size_t i = 0; i < schedule->count; i++) {
		if (schedule->lists[i].list == running)
			schedule->lists[i].state.suspended = true;
		consider_list(schedule, &schedule->lists[i], &best);
	}
	return best.turn;
}
