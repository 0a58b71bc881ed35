/* Which pass over which list comes next, how the budget is shared, and what is promised. */
#include <stdio.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "sync/schedule.h"

#define MINUTE (60 * MICROSECONDS)
#define HOUR HOUR_MICROSECONDS
#define DAY DAY_MICROSECONDS
#define NOW (1000 * DAY)

/* A list with recent passes, one without, and a short one that is read whole each time. */
static const struct sync_settings several = {
	.lists = {&endpoint_launch, &endpoint_pad, &endpoint_space_station},
	.list_count = 3,
	.interval = HOUR,
	.full_interval = DAY,
	.stale = 6 * HOUR,
	.upstream = {.budget = 12, .page_size = 100},
};

static struct schedule schedule;

static void begin(const struct sync_settings *settings)
{
	schedule_init(&schedule, settings, NOW);
}

static void add(const char *path, struct plan_pass pass)
{
	schedule_add_pass(&schedule, path, &pass);
}

/* A pass that was done, so many minutes ago. */
static struct plan_pass done(enum pass_kind kind, int64_t minutes, int64_t count)
{
	return (struct plan_pass){.kind = kind,
	                          .outcome = PLAN_DONE,
	                          .started = NOW - minutes * MINUTE,
	                          .touched = NOW - minutes * MINUTE,
	                          .ended = NOW - minutes * MINUTE,
	                          .consistent = true,
	                          .count = count,
	                          .requests = 1};
}

/* A full pass that stands back since so many minutes. */
static struct plan_pass suspended(int64_t began, int64_t minutes, int64_t count)
{
	return (struct plan_pass){.kind = PASS_FULL,
	                          .outcome = PLAN_OPEN,
	                          .started = NOW - began * MINUTE,
	                          .touched = NOW - minutes * MINUTE,
	                          .consistent = true,
	                          .has_next = true,
	                          .suspended = true,
	                          .count = count};
}

/* What comes next, in how many minutes; 0: now. */
static void next_is(const struct endpoint *running, const struct endpoint *list,
                    enum pass_kind kind, int64_t minutes)
{
	struct schedule_turn turn = schedule_next(&schedule, running);
	int64_t found = turn.at <= NOW ? 0 : (turn.at - NOW) / MINUTE;

	if (turn.list != list || turn.kind != kind || found != minutes)
		fail_msg("%s, %s, in %d min", turn.list->path,
		         turn.kind == PASS_FULL ? "full" : "recent", (int)found);
}

static void filled(void)
{
	add("launches", done(PASS_RECENT, 10, 0));
	add("launches", done(PASS_FULL, 20 * 60, 8000));
	add("pads", done(PASS_FULL, 19 * 60, 244));
	add("space_stations", done(PASS_FULL, 60, 15));
}

/* What has never been read comes in the settings' order, which is by rank. */
static void test_filling(void **state)
{
	(void)state;
	begin(&several);
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_launch, PASS_FULL, 0);
	begin(&several);
	add("launches", done(PASS_FULL, 10, 8000));
	add("space_stations", done(PASS_FULL, 9, 15));
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_pad, PASS_FULL, 0);
}

static void test_recent_first(void **state)
{
	(void)state;
	begin(&several);
	filled();
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_launch, PASS_RECENT, 37);
	begin(&several);
	add("launches", done(PASS_RECENT, 61, 0));
	add("launches", done(PASS_FULL, 30 * 60, 8000));
	add("pads", done(PASS_FULL, 40 * 60, 244));
	add("space_stations", done(PASS_FULL, 60, 15));
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_launch, PASS_RECENT, 0);
	/* Then the list that was read longest ago, though another one is due as well. */
	begin(&several);
	add("launches", done(PASS_RECENT, 1, 0));
	add("launches", done(PASS_FULL, 30 * 60, 8000));
	add("pads", done(PASS_FULL, 40 * 60, 244));
	add("space_stations", done(PASS_FULL, 60, 15));
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_pad, PASS_FULL, 0);
}

/* A full pass that waits for its turn keeps no recent one from coming, nor the other way round. */
static void test_both(void **state)
{
	(void)state;
	for (int minutes = 30; minutes < 70; minutes += 35) {
		begin(&several);
		add("launches", done(PASS_RECENT, minutes, 0));
		add("launches", done(PASS_FULL, 30 * 60, 8000));
		add("pads", done(PASS_FULL, 60, 244));
		add("space_stations", done(PASS_FULL, 60, 15));
		schedule_plan(&schedule);
		next_is(NULL, &endpoint_launch, minutes < 60 ? PASS_FULL : PASS_RECENT, 0);
	}
}

/* Of what is due that comes first which was read longest ago: of a pass that stands back, its next page. Launches were
   read 60 hours ago, in 30 hours. */
static void test_suspended(void **state)
{
	static const struct {
		int64_t read;    /* of 8000 */
		int64_t touched; /* the last page, in hours; beyond 6 the pass begins anew */
		int64_t pads;    /* read so many hours ago */
		bool goes_on;
	} cases[] = {
		{0, 1, 59, true},     {0, 1, 61, false},   {4000, 1, 44, true},
		{4000, 1, 46, false}, {4000, 7, 46, true}, {4000, 5, 46, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan_pass again = suspended(50 * 60, cases[i].touched * 60, 8000);
		struct plan_pass before = done(PASS_FULL, 60 * 60, 8000);

		again.documents = cases[i].read;
		before.ended = before.started + 30 * HOUR;
		begin(&several);
		add("launches", done(PASS_RECENT, 1, 0));
		add("launches", again);
		add("launches", before);
		add("pads", done(PASS_FULL, cases[i].pads * 60, 244));
		add("space_stations", done(PASS_FULL, 60, 15));
		schedule_plan(&schedule);
		next_is(NULL, cases[i].goes_on ? &endpoint_launch : &endpoint_pad, PASS_FULL, 0);
	}
}

/* At first what has begun goes on before others begin. */
static void test_begun(void **state)
{
	(void)state;
	begin(&several);
	add("pads", suspended(60, 10, 244));
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_pad, PASS_FULL, 0);
}

/* A pass under way goes on as long as nothing comes before it. */
static void test_running(void **state)
{
	(void)state;
	for (int64_t hours = 30; hours < 60; hours += 25) {
		begin(&several);
		add("launches", done(PASS_RECENT, 1, 0));
		add("launches", done(PASS_FULL, hours * 60, 8000));
		add("pads", suspended(1, 0, 244));
		add("pads", done(PASS_FULL, 40 * 60, 244));
		add("space_stations", done(PASS_FULL, 60, 15));
		schedule_plan(&schedule);
		next_is(&endpoint_pad, hours < 40 ? &endpoint_pad : &endpoint_launch, PASS_FULL, 0);
	}
}

static void requested(int64_t minutes)
{
	schedule_add_request(&schedule, NOW - minutes * MINUTE);
}

/* The budget is spread evenly, a request in five minutes, and none is made of which the last hour is full. */
static void test_budget(void **state)
{
	(void)state;
	begin(&several);
	add("launches", done(PASS_RECENT, 59, 0));
	add("launches", done(PASS_FULL, 30 * 60, 8000));
	add("pads", done(PASS_FULL, 60, 244));
	add("space_stations", done(PASS_FULL, 60, 15));
	requested(30);
	requested(2);
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_launch, PASS_RECENT, 3);
	begin(&several);
	filled();
	for (int i = 0; i < 12; i++)
		requested(40 - i);
	schedule_plan(&schedule);
	assert_int_equal(schedule.wait, 20 * MINUTE);
}

/* A list alone does not share: its passes wait by themselves. */
static void test_alone(void **state)
{
	struct sync_settings alone = several;

	(void)state;
	alone.list_count = 1;
	begin(&alone);
	for (int i = 0; i < 12; i++)
		requested(40 - i);
	schedule_plan(&schedule);
	assert_int_equal(schedule.wait, 0);
	assert_true(schedule.round_budget == 12);
	next_is(NULL, &endpoint_launch, PASS_FULL, 0);
}

/* Passes that are promised at once begin in time for all of them: three requests take 15 minutes, and there are seven and
   a half to spare. */
static void test_queue(void **state)
{
	static const struct sync_settings four = {
		.lists = {&endpoint_launch, &endpoint_spacecraft_flight, &endpoint_docking_event,
	                  &endpoint_event, &endpoint_pad},
		.list_count = 5,
		.interval = HOUR,
		.full_interval = DAY,
		.stale = 6 * HOUR,
		.upstream = {.budget = 12, .page_size = 100},
	};
	static const struct {
		int64_t launches, flights, dockings, events; /* minutes since then */
		const struct endpoint *first;                /* NULL: a full pass comes before */
	} cases[] = {
		{37, 37, 37, 10, NULL},
		{39, 38, 38, 10, &endpoint_launch},
		{38, 38, 39, 10, &endpoint_docking_event},
		{47, 10, 10, 10, NULL},
		{48, 10, 10, 10, &endpoint_launch},
		{43, 10, 10, 104, &endpoint_event},
		{42, 10, 10, 102, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&four);
		add("launches", done(PASS_RECENT, cases[i].launches, 0));
		add("launches", done(PASS_FULL, 20 * 60, 8000));
		add("spacecraft_flights", done(PASS_RECENT, cases[i].flights, 0));
		add("spacecraft_flights", done(PASS_FULL, 20 * 60, 900));
		add("docking_events", done(PASS_RECENT, cases[i].dockings, 0));
		add("docking_events", done(PASS_FULL, 20 * 60, 700));
		add("events", done(PASS_RECENT, cases[i].events, 0));
		add("events", done(PASS_FULL, 20 * 60, 1500));
		add("pads", done(PASS_FULL, 30 * 60, 244));
		schedule_plan(&schedule);
		if (cases[i].first)
			next_is(NULL, cases[i].first, PASS_RECENT, 0);
		else
			next_is(NULL, &endpoint_pad, PASS_FULL, 0);
	}
}

/* All updates are read at a page in 16 requests' time, however long ago that was last done: other lists come between. */
static void test_unhurried(void **state)
{
	static const struct sync_settings two = {
		.lists = {&endpoint_update, &endpoint_pad},
		.list_count = 2,
		.interval = HOUR,
		.full_interval = DAY,
		.stale = 6 * HOUR,
		.upstream = {.budget = 12, .page_size = 100},
	};

	(void)state;
	for (int64_t minutes = 79; minutes <= 80; minutes++) {
		begin(&two);
		add("updates", done(PASS_RECENT, 5, 0));
		add("updates", suspended(20 * 60, minutes, 15000));
		add("updates", done(PASS_FULL, 9 * 24 * 60, 15000));
		add("pads", done(PASS_FULL, 30 * 60, 244));
		schedule_plan(&schedule);
		next_is(NULL, minutes < 80 ? &endpoint_pad : &endpoint_update, PASS_FULL, 0);
	}
}

/* Where frequent passes would take all, they come less often: 300 pages in 66 hours leave 7.45 an hour. One pass each
   interval and one each six, ten minutes earlier for the room they need, are 7.24 at 19 minutes and 8.1 at 18. */
static void test_stretched(void **state)
{
	struct sync_settings hasty = several;

	(void)state;
	hasty.interval = 5 * MINUTE;
	begin(&hasty);
	add("launches", done(PASS_RECENT, 1, 0));
	add("launches", done(PASS_FULL, 60, 29700));
	add("pads", done(PASS_FULL, 60, 99));
	add("space_stations", done(PASS_FULL, 60, 15));
	schedule_plan(&schedule);
	assert_int_equal(schedule.lists[0].interval, 19 * MINUTE);
	assert_int_equal(schedule.lists[0].promise.recent, 19 * MINUTE);
	/* 300 pages, 4.76 an hour, a twentieth more, and an hour. */
	assert_in_range(schedule.lists[1].promise.any, 67 * HOUR, 68 * HOUR);
	/* What was deleted is known at a pass's end: one over launches takes 62.6 hours, and a sixth more. */
	assert_in_range(schedule.lists[1].promise.gone, 140 * HOUR, 141 * HOUR);
	assert_in_range(schedule.lists[0].promise.gone, 140 * HOUR, 141 * HOUR);
}

/* One list that is refused is all that are. */
/* What is promised of flights alone, of which a recent pass takes so many requests; 0: the list obeys no ordering. */
static struct schedule_promise alone(int64_t budget, int64_t count, int64_t requests)
{
	const struct sync_settings settings = {
		.lists = {&endpoint_spacecraft_flight},
		.list_count = 1,
		.interval = 30 * MINUTE,
		.full_interval = DAY,
		.stale = 6 * HOUR,
		.upstream = {.budget = budget, .page_size = 100},
	};
	struct plan_pass recent = done(PASS_RECENT, 1, count);

	recent.requests = requests;
	begin(&settings);
	schedule_set_list(&schedule, "spacecraft_flights", requests > 0, requests > 0, 0);
	if (requests > 0)
		add("spacecraft_flights", recent);
	add("spacecraft_flights", done(PASS_FULL, 60, count));
	schedule_plan(&schedule);
	return schedule.lists[0].promise;
}

static void test_promise_alone(void **state)
{
	struct schedule_promise promise = alone(12, 900, 3);

	(void)state;
	/* Three pages, and ten, get through within an hour each, whatever went before. */
	assert_int_equal(promise.recent, 2 * HOUR);
	assert_int_equal(promise.any, 26 * HOUR);
	assert_int_equal(promise.gone, promise.any);
	assert_int_equal(alone(12, 2400, 13).recent, 5 * HOUR);
	/* Where all passes are full ones, one begins when the one before is done. */
	promise = alone(12, 900, 0);
	assert_int_equal(promise.recent, 2 * HOUR);
	assert_int_equal(promise.any, promise.recent);
	assert_int_equal(alone(0, 900, 3).recent, 30 * MINUTE);
}

static void test_refused(void **state)
{
	struct plan_pass refused = done(PASS_FULL, 5, 0);

	(void)state;
	refused.outcome = PLAN_REFUSED;
	begin(&several);
	add("pads", refused);
	add("launches", done(PASS_RECENT, 90, 0));
	add("launches", done(PASS_FULL, 30 * 60, 8000));
	schedule_plan(&schedule);
	assert_int_equal(schedule_next(&schedule, NULL).at, NOW + (24 * 60 - 5) * MINUTE);
	/* Until one is let in. */
	begin(&several);
	add("launches", done(PASS_RECENT, 4, 0));
	add("launches", done(PASS_FULL, 30 * 60, 8000));
	add("pads", refused);
	add("space_stations", done(PASS_FULL, 60, 15));
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_launch, PASS_FULL, 0);
}

/* What does not obey is read whole. */
static void test_disobeyed(void **state)
{
	(void)state;
	begin(&several);
	add("launches", done(PASS_FULL, 70, 8000));
	add("pads", done(PASS_FULL, 60, 244));
	add("space_stations", done(PASS_FULL, 60, 15));
	schedule_set_list(&schedule, "launches", true, false, 50);
	schedule_plan(&schedule);
	assert_int_equal(schedule.lists[0].page_size, 50);
	next_is(NULL, &endpoint_launch, PASS_FULL, 0);
	assert_int_equal(schedule.lists[0].promise.recent, schedule.lists[0].promise.any);
}

/* Passes over lists that are not chosen say nothing. */
static void test_others(void **state)
{
	(void)state;
	begin(&several);
	filled();
	add("events", done(PASS_FULL, 5000, 15));
	schedule_set_list(&schedule, "events", false, false, 5);
	schedule_plan(&schedule);
	next_is(NULL, &endpoint_launch, PASS_RECENT, 37);
}

static void test_good_until(void **state)
{
	(void)state;
	begin(&several);
	schedule.installed = NOW - HOUR;
	add("launches", done(PASS_RECENT, 10, 0));
	add("launches", done(PASS_FULL, 20 * 60, 8000));
	schedule_plan(&schedule);
	assert_int_equal(schedule_good_until(&schedule, &schedule.lists[0]),
	                 NOW - 10 * MINUTE + schedule.lists[0].promise.recent + HOUR);
	assert_int_equal(schedule_good_until(&schedule, &schedule.lists[1]),
	                 NOW - HOUR + schedule.lists[1].promise.any + HOUR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filling),    cmocka_unit_test(test_recent_first),
		cmocka_unit_test(test_both),       cmocka_unit_test(test_suspended),
		cmocka_unit_test(test_begun),      cmocka_unit_test(test_running),
		cmocka_unit_test(test_budget),     cmocka_unit_test(test_alone),
		cmocka_unit_test(test_queue),      cmocka_unit_test(test_unhurried),
		cmocka_unit_test(test_stretched),  cmocka_unit_test(test_refused),
		cmocka_unit_test(test_disobeyed),  cmocka_unit_test(test_others),
		cmocka_unit_test(test_good_until), cmocka_unit_test(test_promise_alone),
	};

	return RUN_TESTS("sync_schedule", tests, NULL, NULL);
}
