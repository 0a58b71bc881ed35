/* Which pass is due when, the pages of recent ones, and what they promise. */
#include <stdlib.h>

#include "support/cmocka.h"
#include "sync/pace.h"
#include "sync/plan.h"

#define MINUTE (60 * SYNC_SECOND)

static const struct sync_settings settings = {
	.interval = 30 * MINUTE,
	.full_interval = 24 * SYNC_HOUR,
	.budget = 12,
	.page_size = 100,
};

static void test_kind(void **state)
{
	const int64_t now = 1000 * 24 * SYNC_HOUR;
	struct plan_state plan = {.full_started = 0};

	(void)state;
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_FULL);
	plan.full_started = now - SYNC_HOUR;
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_RECENT);
	plan.full_started = now - 24 * SYNC_HOUR;
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_FULL);
	plan.full_started = now - 5 * SYNC_HOUR;
	plan.drifted = true;
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_RECENT);
	plan.full_started = now - 6 * SYNC_HOUR;
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_FULL);
	/* One that was cut off goes on; when it fails, recent passes come in between. */
	plan = (struct plan_state){.full_started = now - SYNC_HOUR, .unfinished = true};
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_FULL);
	plan.failures = 1;
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_RECENT);
	plan.failures = 2;
	assert_int_equal(plan_kind(&plan, &settings, now), SYNC_FULL);
}

static void test_next(void **state)
{
	const int64_t now = 1000 * 24 * SYNC_HOUR;
	struct plan_state plan = {.last_started = 0};

	(void)state;
	assert_int_equal(plan_next(&plan, &settings), 0);
	plan = (struct plan_state){.last_started = now, .last_ended = now + MINUTE};
	assert_int_equal(plan_next(&plan, &settings), now + 30 * MINUTE);
	plan.failures = 1;
	assert_int_equal(plan_next(&plan, &settings), now + 6 * MINUTE);
	plan.failures = 9;
	assert_int_equal(plan_next(&plan, &settings), now + 31 * MINUTE);
	plan.refused = true;
	assert_int_equal(plan_next(&plan, &settings), now + MINUTE + 24 * SYNC_HOUR);
	plan = (struct plan_state){.last_started = now, .last_ended = now, .cut_off = true};
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

static void test_promise(void **state)
{
	struct sync_settings open = settings;
	struct plan_promise promise = plan_promise(&settings, 900, 3);

	(void)state;
	/* Three pages, and ten, get through within an hour each, whatever went before. */
	assert_int_equal(promise.recent, 2 * SYNC_HOUR);
	assert_int_equal(promise.any, 26 * SYNC_HOUR);
	promise = plan_promise(&settings, 2400, 13);
	assert_int_equal(promise.recent, 5 * SYNC_HOUR);
	open.budget = 0;
	promise = plan_promise(&open, 900, 3);
	assert_int_equal(promise.recent, 30 * MINUTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kind),    cmocka_unit_test(test_next),
		cmocka_unit_test(test_windows), cmocka_unit_test(test_windows_cover),
		cmocka_unit_test(test_promise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
