/* Decides on passes over all lists. */
#include "schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "upstream/pace.h"

/* In that time all lists together are to be read once: the rest of three days is for pages that fail, and for looking
   at rows that a pass did not find. */
#define ROUND (66 * HOUR_MICROSECONDS)
/* Unhurried full passes make one request in so many of the budget. */
#define UNHURRIED 16

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

void schedule_add_request(struct schedule *schedule, int64_t at)
{
	strbuf_add(&schedule->requests, &at, sizeof(at));
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

/* Whether it is read again and again between full passes over others. */
static bool is_frequent(const struct schedule_list *list)
{
	return list->state.full_started > 0 &&
	       (!list->state.whole || list_is_read_whole(list->list));
}

/* Requests of one of these passes. */
static double frequent_cost(const struct schedule_list *list)
{
	if (!is_frequent(list))
		return 0;
	if (list_is_read_whole(list->list))
		return (double)pages_of(list);
	return list->state.recent_requests > 1 ? list->state.recent_requests : 1;
}

/* Whether its full passes have time, since recent ones and other lists tell what is new and what changes. */
static bool is_unhurried(const struct schedule_list *list)
{
	return list->list->upkeep.unhurried && is_frequent(list);
}

static int64_t every(const struct schedule_list *list)
{
	return list->list->upkeep.every > 0 ? list->list->upkeep.every : 1;
}

/* --- The budget. --- */

/* A list alone has the whole budget: its passes do not get in each other's way. */
static bool shares_budget(const struct sync_settings *settings)
{
	return settings->list_count > 1 && settings->upstream.budget > 0;
}

/* The time of a request where the budget is spread evenly; else 0. */
static int64_t slot_of(const struct sync_settings *settings)
{
	return shares_budget(settings) ? HOUR_MICROSECONDS / settings->upstream.budget : 0;
}

int64_t schedule_wait(const struct sync_settings *settings, const struct strbuf *requests,
                      int64_t now)
{
	const int64_t *times = (const int64_t *)(const void *)requests->data;
	size_t count = requests->length / sizeof(*times);
	int64_t slot = slot_of(settings);
	int64_t wait = pace_budget_wait(settings->upstream.budget, times, count, now);

	return slot == 0 || count == 0 ? wait : later(wait, times[count - 1] + slot - now);
}

/* So much sooner than necessary frequent passes begin: a request may fail, and one of a full pass may just have been
   made. */
static int64_t lead_of(const struct sync_settings *settings)
{
	return slot_of(settings) * 3 / 2;
}

/* Requests an hour of frequent passes. They wait for their turn as well, for half a request on average. */
static double frequent_requests(const struct schedule *schedule, int64_t interval)
{
	int64_t lead = lead_of(schedule->settings) + slot_of(schedule->settings) / 2;
	double requests = 0;

	for (size_t i = 0; i < schedule->count; i++) {
		const struct schedule_list *list = &schedule->lists[i];

		requests += frequent_cost(list) * (double)HOUR_MICROSECONDS /
		            (double)later(interval * every(list) - lead, 1);
	}
	return requests;
}

/* Requests of a round over all lists, but for those that have their own pace. */
static double requests_of_round(const struct schedule *schedule)
{
	double requests = 0;

	for (size_t i = 0; i < schedule->count; i++)
		if (!is_unhurried(&schedule->lists[i]))
			requests += (double)pages_of(&schedule->lists[i]);
	return requests;
}

/* Requests an hour over lists that have their own pace. */
static double unhurried_requests(const struct schedule *schedule)
{
	double requests = 0;

	for (size_t i = 0; i < schedule->count; i++)
		if (is_unhurried(&schedule->lists[i]))
			requests += (double)schedule->settings->upstream.budget / UNHURRIED;
	return requests;
}

/* The interval that leaves enough to full passes, to within a minute. */
static int64_t base_interval(const struct schedule *schedule)
{
	int64_t interval = schedule->settings->interval;
	double budget = (double)schedule->settings->upstream.budget;
	double reserve = unhurried_requests(schedule) +
	                 requests_of_round(schedule) * (double)HOUR_MICROSECONDS / (double)ROUND;

	if (!shares_budget(schedule->settings))
		return interval;
	if (reserve > budget / 2)
		reserve = budget / 2;
	while (frequent_requests(schedule, interval) > budget - reserve)
		interval += 60 * MICROSECONDS;
	return interval;
}

/* Requests an hour that are left to the round; 0: any number. */
static double round_budget(const struct schedule *schedule, int64_t interval)
{
	double left = (double)schedule->settings->upstream.budget;

	if (!shares_budget(schedule->settings))
		return left;
	left -= unhurried_requests(schedule);
	if (interval > 0)
		left -= frequent_requests(schedule, interval);
	return left < 1 ? 1 : left;
}

/* --- What is promised. --- */

/* How long a full pass over the list takes. */
static int64_t time_of_pass(const struct schedule *schedule, const struct schedule_list *list)
{
	double requests = (double)pages_of(list);

	if (is_unhurried(list))
		return (int64_t)(requests * 5 / 4) * UNHURRIED * slot_of(schedule->settings);
	return (int64_t)(requests / schedule->round_budget * (double)HOUR_MICROSECONDS);
}

/* A pass stands back for others: a short one takes as long as a long one at times, and this a sixth more. */
static int64_t time_of_longest(const struct schedule *schedule)
{
	int64_t longest = 0;

	for (size_t i = 0; i < schedule->count; i++)
		if (!is_unhurried(&schedule->lists[i]))
			longest = later(longest, time_of_pass(schedule, &schedule->lists[i]));
	return longest + longest / 6;
}

/* Between two full passes over the same list. */
static int64_t time_of_round(const struct schedule *schedule, const struct schedule_list *list)
{
	int64_t full_interval = schedule->settings->full_interval;
	int64_t round = (int64_t)(requests_of_round(schedule) / schedule->round_budget *
	                          (double)HOUR_MICROSECONDS);

	if (is_unhurried(list))
		round = time_of_pass(schedule, list);
	/* Where they follow each other without a break, lists keep their turns. */
	return round > full_interval ? round + round / 20 : full_interval + round;
}

/* The time that so many requests take at most, whatever of the budget is used up before. */
static int64_t requests_time(const struct sync_settings *settings, int64_t requests)
{
	if (settings->upstream.budget <= 0)
		return 0;
	return (requests + settings->upstream.budget - 1) / settings->upstream.budget *
	       HOUR_MICROSECONDS;
}

/* Of a list that has the whole budget. */
static struct schedule_promise promise_alone(const struct schedule *schedule,
                                             const struct schedule_list *list)
{
	const struct sync_settings *settings = schedule->settings;
	bool whole = list->state.whole;
	int64_t full = requests_time(settings, pages_of(list) + 1);
	int64_t requests = later((int64_t)(frequent_cost(list) + 0.5), 1);
	int64_t recent = whole ? full : requests_time(settings, requests);
	int64_t seen = later(recent, list->interval) + full;
	int64_t any = seen + (whole ? 0 : settings->full_interval);

	return (struct schedule_promise){.recent = seen, .any = any, .gone = any};
}

static struct schedule_promise promise_of(const struct schedule *schedule,
                                          const struct schedule_list *list)
{
	int64_t any, took;

	if (!shares_budget(schedule->settings))
		return promise_alone(schedule, list);
	any = time_of_round(schedule, list) + HOUR_MICROSECONDS;
	took = is_unhurried(list) ? time_of_pass(schedule, list) : time_of_longest(schedule);
	return (struct schedule_promise){
		.recent = is_frequent(list) ? list->interval : any, .any = any, .gone = any + took};
}

int64_t schedule_good_until(const struct schedule *schedule, const struct schedule_list *list)
{
	const struct plan_state *state = &list->state;
	int64_t full = state->full_started + list->promise.gone;
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

void schedule_plan(struct schedule *schedule)
{
	int64_t interval;

	for (size_t i = 0; i < schedule->count; i++)
		sum_up(schedule, &schedule->lists[i]);
	interval = base_interval(schedule);
	schedule->round_budget = round_budget(schedule, interval);
	for (size_t i = 0; i < schedule->count; i++) {
		struct schedule_list *list = &schedule->lists[i];

		list->interval = list->list->upkeep.recent == RECENT_NONE
		                         ? schedule->settings->full_interval
		                         : interval * every(list);
		list->promise = promise_of(schedule, list);
	}
	if (shares_budget(schedule->settings))
		schedule->wait =
			schedule_wait(schedule->settings, &schedule->requests, schedule->now);
	schedule->blocked_until = find_blocked(schedule);
	strbuf_fini(&schedule->requests);
}

/* --- The next pass. --- */

/* A pass that could come next. */
struct candidate {
	struct schedule_turn turn;
	bool urgent; /* it comes before full passes */
	bool begun;
	int64_t since; /* urgent: when it is due; else when what it reads next was last read, 0: never */
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

static int64_t due_of(const struct schedule_list *list)
{
	return list->state.done_started + list->interval;
}

static struct candidate candidate_of(const struct schedule *schedule,
                                     const struct schedule_list *list, enum pass_kind kind,
                                     int64_t at)
{
	int64_t let_in = later(schedule->wait > 0 ? schedule->now + schedule->wait : 0,
	                       schedule->blocked_until);
	bool urgent = is_frequent(list) && (kind == PASS_RECENT || list->state.whole);

	return (struct candidate){
		.turn = {list->list, kind, later(at, let_in)},
		.urgent = urgent,
		.begun = list->state.suspended,
		.since = urgent ? due_of(list) : last_read(&list->state),
	};
}

static bool comes_before(const struct candidate *a, const struct candidate *b, int64_t now)
{
	bool a_due = a->turn.at <= now, b_due = b->turn.at <= now;

	if (!a_due || !b_due)
		return a->turn.at < b->turn.at;
	if (a->urgent != b->urgent)
		return a->urgent;
	return a->since != b->since ? a->since < b->since : a->begun && !b->begun;
}

static void consider(const struct schedule *schedule, struct candidate *best,
                     struct candidate candidate)
{
	if (!best->turn.list || comes_before(&candidate, best, schedule->now))
		*best = candidate;
}

static int compare_due(const void *a, const void *b)
{
	int64_t x = due_of(*(const struct schedule_list *const *)a);
	int64_t y = due_of(*(const struct schedule_list *const *)b);

	return (x > y) - (x < y);
}

/* Frequent passes are made in the order of their promises, and as late as these allow, so that full ones get all that
   they leave: the queue begins when each, one behind the other, is done just in time. */
static void consider_queue(const struct schedule *schedule, struct candidate *best)
{
	const struct schedule_list *queue[ENDPOINTS_MAX];
	int64_t slot = slot_of(schedule->settings), begin = INT64_MAX;
	size_t count = 0;

	for (size_t i = 0; i < schedule->count; i++)
		if (is_frequent(&schedule->lists[i]) && schedule->lists[i].state.failures == 0)
			queue[count++] = &schedule->lists[i];
	if (count == 0)
		return;
	qsort(queue, count, sizeof(const struct schedule_list *), compare_due);
	for (size_t i = count; i-- > 0;) {
		int64_t due = due_of(queue[i]);
		int64_t cost = (int64_t)(frequent_cost(queue[i]) + 0.5);

		begin = (due < begin ? due : begin) - cost * slot;
	}
	consider(schedule, best,
	         candidate_of(schedule, queue[0], queue[0]->state.whole ? PASS_FULL : PASS_RECENT,
	                      begin - lead_of(schedule->settings)));
}

/* One of these passes that failed is tried again in a time of its own. */
static void consider_again(const struct schedule *schedule, const struct schedule_list *list,
                           struct candidate *best)
{
	const struct plan_state *state = &list->state;

	consider(schedule, best,
	         candidate_of(schedule, list, state->whole ? PASS_FULL : PASS_RECENT,
	                      state->last_ended +
	                              plan_failure_wait(state->failures, list->interval)));
}

/* A full pass may wait for long until it has its turn: meanwhile frequent ones go on, and do not put it off. */
static void consider_full(const struct schedule *schedule, const struct schedule_list *list,
                          int64_t at, struct candidate *best)
{
	if (list->state.failures == 0)
		at = is_unhurried(list)
		             ? list->state.touched + UNHURRIED * slot_of(schedule->settings)
		             : 0;
	consider(schedule, best, candidate_of(schedule, list, PASS_FULL, at));
}

static void consider_list(const struct schedule *schedule, const struct schedule_list *list,
                          struct candidate *best)
{
	struct sync_settings own = *schedule->settings;
	const struct plan_state *state = &list->state;
	enum pass_kind kind;
	int64_t at;

	own.interval = list->interval;
	kind = state->suspended ? PASS_FULL : plan_kind(state, &own, schedule->now);
	at = state->suspended ? 0 : plan_next(state, &own);
	if (schedule->count == 1 || !is_frequent(list)) {
		consider(schedule, best, candidate_of(schedule, list, kind, at));
		return;
	}
	if (state->failures > 0)
		consider_again(schedule, list, best);
	if (kind == PASS_FULL && !state->whole)
		consider_full(schedule, list, at, best);
}

struct schedule_turn schedule_next(struct schedule *schedule, const struct endpoint *running)
{
	struct candidate best = {.turn.list = NULL};

	if (schedule->count > 1)
		consider_queue(schedule, &best);
	for (size_t i = 0; i < schedule->count; i++) {
		if (schedule->lists[i].list == running)
			schedule->lists[i].state.suspended = true;
		consider_list(schedule, &schedule->lists[i], &best);
	}
	return best.turn;
}
