/* What is kept, and for how long: what is cheap to make only where it is wanted often. */
#include "cache/cache.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "support/cmocka.h"

#define BUDGET ((size_t)1 << 20)
#define SIZE (BUDGET / 100)

/* Whether the number was asked for before, among things of SIZE. */
static bool asked(struct cache *cache, int number)
{
	return cache_asked_before(cache, &number, sizeof(number), SIZE);
}

static void test_second_time(void **state)
{
	struct cache *cache = cache_new(BUDGET);

	(void)state;
	assert_false(asked(cache, 1));
	assert_true(asked(cache, 1));
	assert_true(asked(cache, 1));
	assert_false(asked(cache, 2));
	cache_free(cache);
}

/* Round and round: a crowd that the cache has room for is kept at the second round, one that is much larger
   would only push itself out. */
static void test_crowds(void **state)
{
	static const struct {
		int size;
		bool kept;
	} crowds[] = {{50, true}, {90, true}, {130, false}, {1000, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(crowds) / sizeof(crowds[0]); i++) {
		struct cache *cache = cache_new(BUDGET);
		int again = 0;

		for (int n = 0; n < 2 * crowds[i].size; n++)
			again += asked(cache, n % crowds[i].size);
		/* Places are shared now and then, and times come round again. */
		if (crowds[i].kept)
			assert_in_range(again, crowds[i].size * 9 / 10, crowds[i].size);
		else
			assert_in_range(again, 0, crowds[i].size / 10);
		cache_free(cache);
	}
}

static void test_no_budget(void **state)
{
	struct cache *cache = cache_new(0);

	(void)state;
	assert_false(asked(cache, 1));
	assert_false(asked(cache, 2));
	cache_free(cache);
}

/* An entry for key 1. */
static void put(struct cache *cache, uint64_t stamp, int64_t good_until)
{
	struct cache_entry *entry = cache_entry_new(must(malloc(1)), SIZE, free);

	cache_put(cache, "1", 1, stamp, good_until, entry);
	cache_entry_unref(entry);
}

static bool found(struct cache *cache, uint64_t stamp)
{
	struct cache_entry *entry = cache_get(cache, "1", 1, stamp);

	cache_entry_unref(entry);
	return entry != NULL;
}

/* What is no longer good is not found, counts as such, and takes no more room. */
static void test_good_until(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	int64_t now = clock_monotonic();

	(void)state;
	put(cache, 1, CACHE_GOOD_FOR_EVER);
	assert_true(found(cache, 1));
	put(cache, 1, now + INT64_C(3600000000));
	assert_true(found(cache, 1));
	assert_int_equal(cache_counts(cache).hits, 2);
	put(cache, 1, now);
	assert_false(found(cache, 1));
	assert_int_equal(cache_counts(cache).hits, 2);
	assert_int_equal(cache_counts(cache).misses, 1);
	assert_int_equal(cache_counts(cache).entries, 0);
	put(cache, 1, CACHE_GOOD_FOR_EVER);
	assert_false(found(cache, 2));
	assert_int_equal(cache_counts(cache).entries, 0);
	cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_second_time),
		cmocka_unit_test(test_crowds),
		cmocka_unit_test(test_no_budget),
		cmocka_unit_test(test_good_until),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
