/* Which pass is due when after which others, and the pages of recent ones. */
#include <stdlib.h>

#include "base/temporal.h"
#include "support/cmocka.h"
#include "sync/plan.h"

#define MINUTE (60 * MICROSECONDS)

static const struct sync_settings settings = {
	.interval = 30 * MINUTE,
	.full_interval = 24 * HOUR_MICROSECONDS,
	.upstream.budget = 12,
	.upstream.page_size = 100,
	.stale = 6 * HOUR_MICROSECONDS,
};

#define NOW (1000 * 24 * HOUR_MICROSECONDS)

/* A pass of a history: its times in minutes before now. */
struct made {
	enum pass_kind kind;
	enum plan_outcome outcome;
	int64_t began, ended;            /* ended: NEVER for one without an end */
	enum { STILL, MOVED, DUE } left; /* the list moved meanwhile; a page is still due */
};
#define NEVER INT64_MAX

static struct plan_pass pass_of(const struct made *made)
{
	return (struct plan_pass){
		.kind = made->kind,
		.outcome = made->outcome,
		.started = NOW - made->began * MINUTE,
		.touched = NOW - made->began * MINUTE,
		.ended = made->ended == NEVER ? 0 : NOW - made->ended * MINUTE,
		.consistent = made->left != MOVED,
		.has_next = made->left == DUE,
	};
}

/* What was made, newest first, and what comes of it: the kind, and in how many minutes. */
#define AT_ONCE (-1)
static const struct {
	const char *name;
	struct made made[6]; /* up to one that did not begin */
	enum pass_kind kind;
	int64_t minutes;
} histories[] = {
	{"all is well",
         {{PASS_RECENT, PLAN_DONE, 10, 9, STILL},
          {PASS_RECENT, PLAN_DONE, 40, 39, STILL},
          {PASS_FULL, PLAN_DONE, 70, 60, STILL}},
         PASS_RECENT,
         20},
	{"a day after the last full one",
         {{PASS_RECENT, PLAN_DONE, 10, 9, STILL}, {PASS_FULL, PLAN_DONE, 1440, 1430, STILL}},
         PASS_FULL,
         20},
	{"flights are missing",
         {{PASS_RECENT, PLAN_DONE, 10, 9, STILL},
          {PASS_RECENT, PLAN_DONE, 40, 39, MOVED},
          {PASS_FULL, PLAN_DONE, 360, 350, STILL}},
         PASS_FULL,
         20},
	{"flights are missing, too early",
         {{PASS_RECENT, PLAN_DONE, 10, 9, MOVED}, {PASS_FULL, PLAN_DONE, 359, 350, STILL}},
         PASS_RECENT,
         20},
	{"the full pass itself saw the list move",
         {{PASS_RECENT, PLAN_DONE, 10, 9, STILL}, {PASS_FULL, PLAN_DONE, 360, 350, MOVED}},
         PASS_FULL,
         20},
	{"only what was done tells of missing flights",
         {{PASS_RECENT, PLAN_DONE, 10, 9, STILL},
          {PASS_RECENT, PLAN_FAILED, 40, 39, MOVED},
          {PASS_FULL, PLAN_DONE, 360, 350, STILL}},
         PASS_RECENT,
         20},
	{"the first one of all failed", {{PASS_FULL, PLAN_FAILED, 4, 2, DUE}}, PASS_FULL, 3},
	{"a recent one failed",
         {{PASS_RECENT, PLAN_FAILED, 4, 2, STILL}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         3},
	{"a full one failed",
         {{PASS_FULL, PLAN_FAILED, 4, 2, DUE}, {PASS_FULL, PLAN_DONE, 1440, 1430, STILL}},
         PASS_RECENT,
         3},
	{"then it goes on",
         {{PASS_RECENT, PLAN_DONE, 3, 2, STILL},
          {PASS_FULL, PLAN_FAILED, 9, 8, DUE},
          {PASS_FULL, PLAN_DONE, 1440, 1430, STILL}},
         PASS_FULL,
         27},
	{"and fails again, though it began before the recent one",
         {{PASS_FULL, PLAN_FAILED, 60, 1, DUE},
          {PASS_RECENT, PLAN_DONE, 31, 30, STILL},
          {PASS_FULL, PLAN_FAILED, 60, 36, STILL},
          {PASS_FULL, PLAN_DONE, 1500, 1490, STILL}},
         PASS_RECENT,
         4},
	{"everything fails, a recent one last",
         {{PASS_RECENT, PLAN_FAILED, 4, 2, STILL},
          {PASS_FULL, PLAN_FAILED, 60, 20, DUE},
          {PASS_RECENT, PLAN_FAILED, 50, 30, STILL},
          {PASS_FULL, PLAN_FAILED, 60, 58, STILL},
          {PASS_FULL, PLAN_DONE, 1500, 1490, STILL}},
         PASS_FULL,
         28},
	{"everything fails, a full one last",
         {{PASS_FULL, PLAN_FAILED, 60, 2, DUE},
          {PASS_RECENT, PLAN_FAILED, 31, 30, STILL},
          {PASS_FULL, PLAN_FAILED, 60, 38, STILL},
          {PASS_RECENT, PLAN_DONE, 61, 60, STILL},
          {PASS_FULL, PLAN_DONE, 1500, 1490, STILL}},
         PASS_RECENT,
         18},
	{"a full one failed that cannot go on",
         {{PASS_FULL, PLAN_FAILED, 4, 2, STILL}, {PASS_FULL, PLAN_DONE, 1500, 1490, STILL}},
         PASS_RECENT,
         3},
	{"and is made anew",
         {{PASS_RECENT, PLAN_DONE, 3, 2, STILL},
          {PASS_FULL, PLAN_FAILED, 9, 8, STILL},
          {PASS_FULL, PLAN_DONE, 1500, 1490, STILL}},
         PASS_FULL,
         27},
	{"a full one that failed began too long ago to go on",
         {{PASS_RECENT, PLAN_DONE, 3, 2, STILL},
          {PASS_FULL, PLAN_FAILED, 360, 8, DUE},
          {PASS_FULL, PLAN_DONE, 600, 590, STILL}},
         PASS_RECENT,
         27},
	{"refused when it went on",
         {{PASS_FULL, PLAN_REFUSED, 60, 1, DUE},
          {PASS_RECENT, PLAN_DONE, 31, 30, STILL},
          {PASS_FULL, PLAN_FAILED, 60, 36, STILL},
          {PASS_FULL, PLAN_DONE, 1500, 1490, STILL}},
         PASS_RECENT,
         1439},
	{"refused, but somebody made one by hand since",
         {{PASS_RECENT, PLAN_DONE, 3, 2, STILL},
          {PASS_FULL, PLAN_REFUSED, 9, 8, STILL},
          {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         27},
	{"cut off",
         {{PASS_FULL, PLAN_OPEN, 3, NEVER, DUE}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_FULL,
         AT_ONCE},
	{"cut off, but there is a recent one since",
         {{PASS_RECENT, PLAN_DONE, 3, 2, STILL},
          {PASS_FULL, PLAN_OPEN, 9, NEVER, DUE},
          {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_FULL,
         27},
	{"a recent one is cut off",
         {{PASS_RECENT, PLAN_OPEN, 3, NEVER, STILL}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         AT_ONCE},
	{"the clock is a little ahead",
         {{PASS_RECENT, PLAN_DONE, -20, -21, STILL}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         50},
	{"the clock was a day ahead",
         {{PASS_RECENT, PLAN_DONE, -1440, -1441, STILL}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         AT_ONCE},
	{"the clock was a day ahead during a full pass",
         {{PASS_RECENT, PLAN_DONE, 10, 9, STILL},
          {PASS_FULL, PLAN_DONE, -1440, -1450, STILL},
          {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_FULL,
         20},
	{"the clock was a day ahead when a pass failed",
         {{PASS_RECENT, PLAN_FAILED, -1440, -1441, STILL}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         AT_ONCE},
	{"the clock was a day ahead when a pass was refused",
         {{PASS_RECENT, PLAN_REFUSED, -1440, -1441, STILL}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         AT_ONCE},
	{"the clock was put right before a full pass went on, which failed",
         {{PASS_FULL, PLAN_FAILED, -1440, 2, DUE}, {PASS_FULL, PLAN_DONE, 60, 50, STILL}},
         PASS_RECENT,
         3},
};

static void test_histories(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(histories) / sizeof(histories[0]); i++) {
		struct plan_pass passes[6];
		struct plan_state plan;
		size_t count = 0;
		int64_t next, minutes = histories[i].minutes;

		for (; histories[i].made[count].began; count++)
			passes[count] = pass_of(&histories[i].made[count]);
		plan = plan_state_of(passes, count, &settings, NOW);
		next = plan_next(&plan, &settings);
		if (plan_kind(&plan, &settings, NOW) != histories[i].kind)
			fail_msg("%s: the wrong kind", histories[i].name);
		plan.whole = true;
		assert_int_equal(plan_kind(&plan, &settings, NOW), PASS_FULL);
		if (minutes == AT_ONCE ? next > NOW : next != NOW + minutes * MINUTE)
			fail_msg("%s: in %.1f min", histories[i].name,
			         (double)(next - NOW) / (double)MINUTE);
	}
}

/* The same history with one setting changed and without. */
static void test_settings_count(void **state)
{
	const struct made refused = {PASS_FULL, PLAN_REFUSED, 9, 8, STILL};
	const struct made moved = {PASS_FULL, PLAN_DONE, 120, 110, MOVED};
	const struct made cut_off = {PASS_FULL, PLAN_OPEN, 480, NEVER, DUE};
	struct sync_settings short_day = settings, patient = settings;
	struct plan_pass pass = pass_of(&refused);
	struct plan_state plan = plan_state_of(&pass, 1, &settings, NOW);

	(void)state;
	short_day.full_interval = 8 * HOUR_MICROSECONDS;
	patient.stale = 12 * HOUR_MICROSECONDS;
	assert_int_equal(plan_next(&plan, &settings), NOW + (24 * 60 - 8) * MINUTE);
	assert_int_equal(plan_next(&plan, &short_day), NOW + (8 * 60 - 8) * MINUTE);
	pass = pass_of(&moved);
	plan = plan_state_of(&pass, 1, &settings, NOW);
	assert_int_equal(plan_kind(&plan, &settings, NOW), PASS_RECENT);
	assert_int_equal(plan_kind(&plan, &short_day, NOW), PASS_FULL);
	pass = pass_of(&cut_off);
	assert_false(plan_state_of(&pass, 1, &settings, NOW).unfinished);
	assert_true(plan_state_of(&pass, 1, &patient, NOW).unfinished);
}

static void test_no_history(void **state)
{
	struct plan_state plan = plan_state_of(NULL, 0, &settings, NOW);

	(void)state;
	assert_int_equal(plan_kind(&plan, &settings, NOW), PASS_FULL);
	assert_int_equal(plan_next(&plan, &settings), 0);
}

/* Failures in a row bring the next one to the interval, and no further. */
static void test_failures(void **state)
{
	static const int64_t minutes[] = {5, 10, 20, 30, 30, 30, 30};
	struct plan_pass passes[8] = {
		pass_of(&(struct made){PASS_FULL, PLAN_DONE, 600, 590, STILL})};

	(void)state;
	for (size_t count = 2; count <= 8; count++) {
		struct plan_state plan;

		for (size_t i = count - 1; i > 0; i--)
			passes[i] = passes[i - 1];
		passes[0] = pass_of(&(struct made){PASS_RECENT, PLAN_FAILED, 1, 0, STILL});
		plan = plan_state_of(passes, count, &settings, NOW);
		assert_int_equal(plan.failures, count - 1);
		assert_int_equal(plan_next(&plan, &settings), NOW + minutes[count - 2] * MINUTE);
	}
}

/* What a throttling upstream asked for holds until a pass was done, whatever failed since. */
static void test_throttled(void **state)
{
	struct plan_pass passes[] = {
		pass_of(&(struct made){PASS_RECENT, PLAN_FAILED, 4, 2, STILL}),
		pass_of(&(struct made){PASS_FULL, PLAN_FAILED, 9, 8, DUE}),
		pass_of(&(struct made){PASS_RECENT, PLAN_DONE, 60, 59, STILL}),
		pass_of(&(struct made){PASS_RECENT, PLAN_FAILED, 90, 89, STILL}),
	};
	struct plan_state plan;

	(void)state;
	passes[3].not_before = NOW + 48 * HOUR_MICROSECONDS;
	plan = plan_state_of(passes, 4, &settings, NOW);
	assert_int_equal(plan_next(&plan, &settings), NOW + 8 * MINUTE);
	passes[1].not_before = NOW + 3 * MINUTE;
	plan = plan_state_of(passes, 4, &settings, NOW);
	assert_int_equal(plan_next(&plan, &settings), NOW + 8 * MINUTE);
	passes[1].not_before = NOW + 24 * HOUR_MICROSECONDS;
	plan = plan_state_of(passes, 4, &settings, NOW);
	assert_int_equal(plan_next(&plan, &settings), NOW + 24 * HOUR_MICROSECONDS);
	passes[0].ended = 0;
	passes[0].outcome = PLAN_OPEN;
	plan = plan_state_of(passes, 4, &settings, NOW);
	assert_int_equal(plan_next(&plan, &settings), NOW + 24 * HOUR_MICROSECONDS);
	/* Said when the clock was ahead. */
	passes[1].ended = NOW + 24 * HOUR_MICROSECONDS;
	plan = plan_state_of(passes, 4, &settings, NOW);
	assert_int_equal(plan_next(&plan, &settings), 0);
}

static void windows_are(const int64_t *places, size_t count, int64_t total, int64_t limit,
                        const int64_t *offsets, size_t expected)
{
	struct plan_window windows[200] = {{0, 0}};
	size_t found = plan_windows(places, count, total, limit, windows);

	assert_int_equal(found, expected);
	for (size_t i = 0; i < expected; i++) {
		assert_int_equal(windows[i].offset, offsets[i]);
		assert_int_equal(windows[i].limit, limit);
	}
}

#define LIST(...) ((const int64_t[]){__VA_ARGS__}), sizeof((const int64_t[]){__VA_ARGS__}) / 8

static void test_windows(void **state)
{
	(void)state;
	windows_are(NULL, 0, 0, 100, LIST(0));
	windows_are(NULL, 0, 900, 100, LIST(897));
	windows_are(LIST(850, 880, 899), 900, 100, LIST(848));
	windows_are(LIST(10, 105, 890), 900, 100, LIST(8, 888));
	/* Too near to the end of a page to be sure of. */
	windows_are(LIST(10, 106, 890), 900, 100, LIST(8, 104, 888));
	windows_are(LIST(0, 1, 2), 3, 100, LIST(0));
	windows_are(LIST(0, 2, 4), 5, 1, LIST(0, 2, 4));
}

/* Every place is covered however it moves by a flight or two, and no page could be saved by a greedy
   choice from the other end. */
static void test_windows_cover(void **state)
{
	(void)state;
	srandom(7);
	for (int round = 0; round < 2000; round++) {
		int64_t total = 1 + random() % 1000;
		int64_t places[1000];
		struct plan_window windows[1001];
		size_t count = 0, used, backwards = 0;
		int64_t begin = total + 1000;

		for (int64_t i = 0; i < total; i++)
			if (random() % 40 == 0)
				places[count++] = i;
		used = plan_windows(places, count, total, 100, windows);
		for (size_t i = 0; i <= count; i++) {
			int64_t place = i < count ? places[i] : total - 1;
			bool covered = false;

			for (size_t w = 0; w < used; w++)
				covered =
					covered || ((place < 2 || windows[w].offset <= place - 2) &&
				                    place < windows[w].offset + 100);
			assert_true(covered);
		}
		for (size_t i = count + 1; i-- > 0;) {
			int64_t place = i < count ? places[i] : total - 1;

			if (place >= begin)
				continue;
			backwards++;
			begin = place - 99;
		}
		assert_true(used <= 2 * backwards);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_histories),     cmocka_unit_test(test_settings_count),
		cmocka_unit_test(test_no_history),    cmocka_unit_test(test_failures),
		cmocka_unit_test(test_throttled),     cmocka_unit_test(test_windows),
		cmocka_unit_test(test_windows_cover),
	};

	return RUN_TESTS("sync_plan", tests, NULL, NULL);
}
