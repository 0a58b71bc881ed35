/* Generations: which is the newest, until when another one was, and whether the database is away. */
#include "repository/generations.h"

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/poll.h"

static void test_versions_grow_within_an_era(void **state)
{
	struct generations generations;
	uint64_t first;

	(void)state;
	generations_init(&generations);
	assert_int_equal(generations_newest(&generations), 0);
	/* Before the first era nothing can be told of a snapshot. */
	assert_int_equal(generations_observe(&generations, 0, 7), 0);
	generations_begin_era(&generations, 7);
	first = generations_newest(&generations);
	assert_int_equal(generation_version(first), 7);
	assert_true(generations_observe(&generations, first, 9) > first);
	assert_int_equal(generation_version(generations_newest(&generations)), 9);
	/* An older snapshot that took longer. */
	assert_int_equal(generations_observe(&generations, first, 7), first);
	assert_int_equal(generation_version(generations_newest(&generations)), 9);
	generations_fini(&generations);
}

static void test_an_era_makes_all_before_old(void **state)
{
	struct generations generations;
	uint64_t first, second;

	(void)state;
	generations_init(&generations);
	generations_begin_era(&generations, 1000);
	first = generations_newest(&generations);
	generations_begin_era(&generations, 3);
	second = generations_newest(&generations);
	assert_true(second > first);
	assert_true(generation_era(second) > generation_era(first));
	/* Of a snapshot from before nobody knows whether it is newer than that. */
	assert_int_equal(generations_observe(&generations, first, 2000), 0);
	assert_int_equal(generations_newest(&generations), second);
	generations_fini(&generations);
}

static bool has_passed(void *moment)
{
	return clock_monotonic() > *(int64_t *)moment;
}

static void pass_time(void)
{
	int64_t end = clock_monotonic() + 3000;

	assert_true(poll_until(has_passed, &end, 10));
}

/* The newest is good until now; those before until there was a newer one. */
static void test_good_until(void **state)
{
	struct generations generations;
	uint64_t first, last;
	int64_t before, after;

	(void)state;
	generations_init(&generations);
	generations_begin_era(&generations, 1);
	first = generations_newest(&generations);
	pass_time();
	before = clock_monotonic();
	assert_true(generations_good_until(&generations, first) >= before);
	generations_observe(&generations, first, 2);
	after = clock_monotonic();
	pass_time();
	assert_in_range(generations_good_until(&generations, first), before, after);
	last = generations_newest(&generations);
	assert_true(generations_good_until(&generations, last) > after);
	/* One that never was the newest. */
	assert_int_equal(generations_good_until(&generations, last + 1), 0);
	for (int64_t version = 3; version <= 3 + GENERATIONS_REMEMBERED; version++)
		generations_observe(&generations, last, version);
	assert_int_equal(generations_good_until(&generations, first), 0);
	generations_fini(&generations);
}

/* While the database is away the newest is good until it was last seen. */
static void test_away(void **state)
{
	struct generations generations;
	uint64_t newest, presence;
	int64_t before, after;

	(void)state;
	generations_init(&generations);
	generations_begin_era(&generations, 1);
	newest = generations_newest(&generations);
	before = clock_monotonic();
	generations_note_presence(&generations);
	after = clock_monotonic();
	presence = generations_presence(&generations);
	pass_time();
	assert_false(generations_away(&generations));
	generations_note_absence(&generations, presence, false);
	assert_true(generations_away(&generations));
	assert_in_range(generations_good_until(&generations, newest), before, after);
	/* A snapshot that was read ends it at once. */
	generations_observe(&generations, newest, 1);
	assert_false(generations_away(&generations));
	assert_true(generations_good_until(&generations, newest) > after);
	generations_fini(&generations);
}

/* Who noticed nothing of the database does not outvote who has heard of it meanwhile. */
static void test_presence_wins(void **state)
{
	struct generations generations;
	uint64_t presence;

	(void)state;
	generations_init(&generations);
	generations_begin_era(&generations, 1);
	presence = generations_presence(&generations);
	generations_observe(&generations, generations_newest(&generations), 1);
	generations_note_absence(&generations, presence, false);
	assert_false(generations_away(&generations));
	/* Also where it was away when that one began to try. */
	generations_note_absence(&generations, generations_presence(&generations), false);
	assert_true(generations_away(&generations));
	presence = generations_presence(&generations);
	generations_note_presence(&generations);
	generations_note_absence(&generations, presence, false);
	assert_false(generations_away(&generations));
	generations_fini(&generations);
}

/* It is silent only while it is away: any sign of it ends both, and each attempt says which it is now. */
static void test_silent(void **state)
{
	struct generations generations;
	uint64_t presence;

	(void)state;
	generations_init(&generations);
	generations_begin_era(&generations, 1);
	presence = generations_presence(&generations);
	generations_note_absence(&generations, presence, true);
	assert_true(generations_silent(&generations));
	assert_true(generations_away(&generations));
	/* Somebody who began at the same time was refused meanwhile; and one who began later waits again. */
	generations_note_absence(&generations, presence, false);
	assert_false(generations_silent(&generations));
	assert_true(generations_away(&generations));
	generations_note_absence(&generations, generations_presence(&generations), true);
	assert_true(generations_silent(&generations));
	presence = generations_presence(&generations);
	generations_observe(&generations, generations_newest(&generations), 1);
	assert_false(generations_silent(&generations));
	assert_false(generations_away(&generations));
	generations_note_absence(&generations, presence, true);
	assert_false(generations_silent(&generations));
	generations_fini(&generations);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions_grow_within_an_era),
		cmocka_unit_test(test_an_era_makes_all_before_old),
		cmocka_unit_test(test_good_until),
		cmocka_unit_test(test_away),
		cmocka_unit_test(test_presence_wins),
		cmocka_unit_test(test_silent),
	};

	return RUN_TESTS("generations", tests, NULL, NULL);
}
