/* The cache: its budget, the order of eviction, the second-hit filter, reference counts, generations and
   expiry. */
#include "cache/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "support/cmocka.h"
#include "support/poll.h"
#include "support/random.h"

#define BUDGET ((size_t)1 << 20)
#define SIZE (BUDGET / 100)
#define STAMP 7

/* --- What the tests cache: it counts how often it was destroyed and what is alive in all. --- */

struct thing {
	size_t size;
	_Atomic int destroyed;
};

static _Atomic size_t live_bytes;

static void thing_destroy(void *data)
{
	struct thing *thing = data;

	atomic_fetch_add(&thing->destroyed, 1);
	atomic_fetch_sub(&live_bytes, thing->size);
}

static struct cache_entry *thing_entry(struct thing *thing, size_t size)
{
	thing->size = size;
	thing->destroyed = 0;
	atomic_fetch_add(&live_bytes, size);
	return cache_entry_new(thing, size, thing_destroy);
}

/* Puts the thing and leaves the cache with the only reference, if it keeps the entry at all. */
static void put_thing(struct cache *cache, int key, struct thing *thing, size_t size)
{
	struct cache_entry *entry = thing_entry(thing, size);

	cache_put(cache, &key, sizeof(key), STAMP, CACHE_GOOD_FOR_EVER, entry);
	cache_entry_unref(entry);
}

static bool has(struct cache *cache, int key)
{
	struct cache_entry *entry = cache_get(cache, &key, sizeof(key), STAMP);

	cache_entry_unref(entry);
	return entry != NULL;
}

/* What an entry counts for beside its size, with keys of one int. */
static size_t overhead(void)
{
	struct cache *cache = cache_new(BUDGET);
	struct thing thing;
	size_t bytes;

	put_thing(cache, 1, &thing, 1000);
	bytes = cache_counts(cache).bytes;
	cache_free(cache);
	assert_true(bytes >= 1000 + sizeof(int));
	return bytes - 1000;
}

/* --- The budget. --- */

static size_t random_size(struct random *random)
{
	if (random_percent(random, 5))
		return random_below(random, 2 * BUDGET);
	if (random_percent(random, 30))
		return random_below(random, BUDGET / 8);
	return random_below(random, 2000);
}

/* Puts of all sizes, again and again under the same keys. No entry is larger than an eighth of the budget,
   so that an eviction which frees no more than it has to leaves seven eighths in use. */
static void test_budget_is_kept(void **state)
{
	static struct thing things[20000];
	const size_t count = sizeof(things) / sizeof(things[0]);
	struct cache *cache = cache_new(BUDGET);
	struct cache_counts counts = {0};
	struct random random;

	(void)state;
	random_init(&random, random_seed("cache"));
	live_bytes = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t evictions = counts.evictions;

		put_thing(cache, (int)random_below(&random, 500), &things[i], random_size(&random));
		counts = cache_counts(cache);
		assert_true(counts.bytes <= BUDGET);
		assert_true(live_bytes <= counts.bytes);
		assert_true(counts.evictions == evictions || counts.bytes >= BUDGET / 8 * 7);
	}
	assert_true(counts.evictions > 100);
	assert_true(counts.entries > 10 && counts.entries <= 500);
	cache_free(cache);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(things[i].destroyed, 1);
	assert_int_equal(live_bytes, 0);
}

/* One that would take more than an eighth of the budget is not kept and drives nothing out. */
static void test_eighth(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	const size_t most = BUDGET / 8 - overhead();
	struct thing things[10];

	(void)state;
	for (int i = 0; i < 8; i++)
		put_thing(cache, i, &things[i], most);
	put_thing(cache, 8, &things[8], most + 1);
	assert_false(has(cache, 8));
	assert_int_equal(things[8].destroyed, 1);
	put_thing(cache, 9, &things[9], 3 * BUDGET);
	assert_false(has(cache, 9));
	for (int i = 0; i < 8; i++)
		assert_true(has(cache, i));
	assert_int_equal(cache_counts(cache).bytes, BUDGET);
	assert_int_equal(cache_counts(cache).evictions, 0);
	cache_free(cache);
}

/* The hash table grows with its entries, and every one of them is still found. */
static void test_many_entries(void **state)
{
	static struct thing things[10000];
	const int count = sizeof(things) / sizeof(things[0]);
	struct cache *cache = cache_new(16 * BUDGET);

	(void)state;
	for (int i = 0; i < count; i++)
		put_thing(cache, i, &things[i], 100);
	for (int i = 0; i < count; i++)
		assert_true(has(cache, i));
	assert_false(has(cache, count));
	assert_int_equal(cache_counts(cache).entries, count);
	assert_int_equal(cache_counts(cache).hits, count);
	assert_int_equal(cache_counts(cache).misses, 1);
	cache_free(cache);
}

/* --- The order of eviction. --- */

static void test_oldest_is_evicted(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	const size_t size = BUDGET / 8 - overhead();
	struct thing things[10];

	(void)state;
	for (int i = 0; i < 8; i++)
		put_thing(cache, i, &things[i], size);
	assert_true(has(cache, 0)); /* a use: now 1 is the least recently used */
	put_thing(cache, 8, &things[8], size);
	assert_int_equal(cache_counts(cache).evictions, 1);
	assert_int_equal(things[1].destroyed, 1);
	assert_int_equal(things[0].destroyed, 0);
	put_thing(cache, 9, &things[9], size);
	assert_int_equal(things[2].destroyed, 1);
	for (int i = 0; i < 10; i++)
		assert_int_equal(has(cache, i), i != 1 && i != 2);
	cache_free(cache);
}

/* What the cache should hold: keys by their last use, the newest first. */
struct model {
	int keys[100];
	size_t count, room;
};

/* Whether the key is there; it is the newest then. */
static bool model_use(struct model *model, int key)
{
	size_t i = 0;

	while (i < model->count && model->keys[i] != key)
		i++;
	if (i == model->count)
		return false;
	memmove(model->keys + 1, model->keys, i * sizeof(int));
	model->keys[0] = key;
	return true;
}

static void model_put(struct model *model, int key)
{
	if (model_use(model, key))
		return;
	if (model->count < model->room)
		model->count++;
	memmove(model->keys + 1, model->keys, (model->count - 1) * sizeof(int));
	model->keys[0] = key;
}

static void test_random_use(void **state)
{
	static struct thing things[20000];
	struct cache *cache = cache_new(BUDGET);
	struct model model = {.room = 100};
	const size_t size = BUDGET / model.room - overhead();
	struct random random;

	(void)state;
	random_init(&random, random_seed("cache"));
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		int key = (int)random_below(&random, 150);

		if (random_percent(&random, 60)) {
			assert_int_equal(has(cache, key), model_use(&model, key));
			continue;
		}
		put_thing(cache, key, &things[i], size);
		model_put(&model, key);
		assert_int_equal(cache_counts(cache).entries, model.count);
	}
	assert_int_equal(model.count, model.room);
	cache_free(cache);
}

/* --- The second-hit filter. --- */

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
	struct thing thing;

	(void)state;
	assert_false(asked(cache, 1));
	assert_false(asked(cache, 2));
	put_thing(cache, 1, &thing, 0);
	assert_int_equal(thing.destroyed, 1);
	assert_false(has(cache, 1));
	cache_free(cache);
}

/* --- Reference counts. --- */

static void test_holder_outlives_cache(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct thing thing;
	struct cache_entry *entry = thing_entry(&thing, SIZE);
	struct cache_entry *found;

	(void)state;
	cache_put(cache, "1", 1, STAMP, CACHE_GOOD_FOR_EVER, entry);
	found = cache_get(cache, "1", 1, STAMP);
	assert_ptr_equal(found, entry);
	assert_ptr_equal(cache_entry_thing(found), &thing);
	cache_entry_unref(entry);
	cache_free(cache);
	assert_int_equal(thing.destroyed, 0);
	cache_entry_ref(found);
	cache_entry_unref(found);
	assert_int_equal(thing.destroyed, 0);
	cache_entry_unref(found);
	assert_int_equal(thing.destroyed, 1);
}

static void test_cache_outlives_holder(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct thing thing;

	(void)state;
	put_thing(cache, 1, &thing, SIZE);
	assert_int_equal(thing.destroyed, 0);
	assert_true(has(cache, 1));
	assert_int_equal(thing.destroyed, 0);
	cache_free(cache);
	assert_int_equal(thing.destroyed, 1);
}

static void test_never_cached(void **state)
{
	struct thing thing;
	struct cache_entry *entry = thing_entry(&thing, SIZE);

	(void)state;
	cache_entry_unref(NULL);
	assert_int_equal(thing.destroyed, 0);
	cache_entry_unref(entry);
	assert_int_equal(thing.destroyed, 1);
	cache_free(NULL);
}

/* What is put under a key that is taken already replaces what was there, at once and in the counts. */
static void test_replaced(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct thing first, second;
	size_t bytes;

	(void)state;
	put_thing(cache, 1, &first, SIZE);
	bytes = cache_counts(cache).bytes;
	put_thing(cache, 1, &second, 2 * SIZE);
	assert_int_equal(first.destroyed, 1);
	assert_int_equal(second.destroyed, 0);
	assert_true(has(cache, 1));
	assert_int_equal(cache_counts(cache).entries, 1);
	assert_int_equal(cache_counts(cache).bytes, bytes + SIZE);
	assert_int_equal(cache_counts(cache).evictions, 0);
	cache_free(cache);
	assert_int_equal(first.destroyed, 1);
	assert_int_equal(second.destroyed, 1);
}

/* One entry in two caches lives as long as it is in one of them. */
static void test_two_caches(void **state)
{
	struct cache *caches[] = {cache_new(BUDGET), cache_new(BUDGET)};
	struct thing thing;
	struct cache_entry *entry = thing_entry(&thing, SIZE);

	(void)state;
	for (int i = 0; i < 2; i++)
		cache_put(caches[i], "1", 1, STAMP, CACHE_GOOD_FOR_EVER, entry);
	cache_entry_unref(entry);
	cache_free(caches[0]);
	assert_int_equal(thing.destroyed, 0);
	cache_free(caches[1]);
	assert_int_equal(thing.destroyed, 1);
}

#define THREADS 4
#define ROUNDS 5000

struct visitor {
	struct cache *cache;
	pthread_t thread;
	uint64_t seed;
	struct thing things[ROUNDS];
	int wrong;
};

/* cmocka's assertions belong to the main thread, so this one counts. */
static void *visit(void *argument)
{
	struct visitor *visitor = argument;
	struct random random;

	random_init(&random, visitor->seed);
	for (int i = 0; i < ROUNDS; i++) {
		int key = (int)random_below(&random, 50);
		struct cache_entry *entry = cache_get(visitor->cache, &key, sizeof(key), STAMP);

		put_thing(visitor->cache, (int)random_below(&random, 50), &visitor->things[i],
		          random_below(&random, BUDGET / 16));
		if (entry != NULL) {
			const struct thing *thing = cache_entry_thing(entry);

			visitor->wrong += thing->destroyed != 0;
			cache_entry_unref(entry);
		}
	}
	return NULL;
}

/* Threads that evict what others hold: nothing is destroyed under its holder, all of it once. */
static void test_threads(void **state)
{
	static struct visitor visitors[THREADS];
	struct cache *cache = cache_new(BUDGET);
	uint64_t seed = random_seed("cache");

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		visitors[i].cache = cache;
		visitors[i].seed = seed + (uint64_t)i;
		assert_int_equal(pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(visitors[i].thread, NULL), 0);
	assert_true(cache_counts(cache).bytes <= BUDGET);
	assert_true(cache_counts(cache).evictions > 0);
	cache_free(cache);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(visitors[i].wrong, 0);
		for (int j = 0; j < ROUNDS; j++)
			assert_int_equal(visitors[i].things[j].destroyed, 1);
	}
}

/* --- Generations and expiry. --- */

/* An entry for key 1. */
static void put(struct cache *cache, struct thing *thing, uint64_t stamp, int64_t good_until)
{
	struct cache_entry *entry = thing_entry(thing, SIZE);

	cache_put(cache, "1", 1, stamp, good_until, entry);
	cache_entry_unref(entry);
}

static bool found(struct cache *cache, uint64_t stamp)
{
	struct cache_entry *entry = cache_get(cache, "1", 1, stamp);

	cache_entry_unref(entry);
	return entry != NULL;
}

static void assert_is_empty(struct cache *cache, const struct thing *dropped)
{
	assert_int_equal(dropped->destroyed, 1);
	assert_int_equal(cache_counts(cache).entries, 0);
	assert_int_equal(cache_counts(cache).bytes, 0);
}

/* An entry of another generation is a miss and leaves the cache with it, so that it does not come back. */
static void test_generations(void **state)
{
	static const uint64_t others[] = {0, STAMP - 1, STAMP + 1, UINT64_C(1) << 32 | STAMP,
	                                  UINT64_MAX};
	struct cache *cache = cache_new(BUDGET);

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct thing thing;

		put(cache, &thing, STAMP, CACHE_GOOD_FOR_EVER);
		assert_true(found(cache, STAMP));
		assert_false(found(cache, others[i]));
		assert_is_empty(cache, &thing);
		assert_false(found(cache, STAMP));
		assert_int_equal(cache_counts(cache).hits, i + 1);
		assert_int_equal(cache_counts(cache).misses, 2 * (i + 1));
		assert_int_equal(cache_counts(cache).evictions, 0);
	}
	cache_free(cache);
}

/* A newer generation takes the older one's key over. */
static void test_next_generation(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct thing older, newer;

	(void)state;
	put(cache, &older, STAMP, CACHE_GOOD_FOR_EVER);
	put(cache, &newer, STAMP + 1, CACHE_GOOD_FOR_EVER);
	assert_int_equal(older.destroyed, 1);
	assert_true(found(cache, STAMP + 1));
	assert_false(found(cache, STAMP));
	assert_is_empty(cache, &newer);
	cache_free(cache);
}

/* What is no longer good is not found, counts as such, and takes no more room. */
static void test_good_until(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct thing things[4];
	int64_t now = clock_monotonic();

	(void)state;
	put(cache, &things[0], 1, CACHE_GOOD_FOR_EVER);
	assert_true(found(cache, 1));
	put(cache, &things[1], 1, now + INT64_C(3600000000));
	assert_true(found(cache, 1));
	assert_int_equal(cache_counts(cache).hits, 2);
	put(cache, &things[2], 1, now);
	assert_false(found(cache, 1));
	assert_int_equal(cache_counts(cache).hits, 2);
	assert_int_equal(cache_counts(cache).misses, 1);
	assert_is_empty(cache, &things[2]);
	put(cache, &things[3], 1, CACHE_GOOD_FOR_EVER);
	assert_false(found(cache, 2));
	assert_is_empty(cache, &things[3]);
	cache_free(cache);
}

static bool is_gone(void *cache)
{
	return !found(cache, STAMP);
}

/* An entry that was good goes when its time is over, and not before. */
static void test_expires(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	int64_t good_until = clock_monotonic() + 50000;
	struct thing thing;

	(void)state;
	put(cache, &thing, STAMP, good_until);
	assert_true(poll_until(is_gone, cache, 10));
	assert_true(clock_monotonic() >= good_until);
	assert_is_empty(cache, &thing);
	cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_budget_is_kept),
		cmocka_unit_test(test_eighth),
		cmocka_unit_test(test_many_entries),
		cmocka_unit_test(test_oldest_is_evicted),
		cmocka_unit_test(test_random_use),
		cmocka_unit_test(test_second_time),
		cmocka_unit_test(test_crowds),
		cmocka_unit_test(test_no_budget),
		cmocka_unit_test(test_holder_outlives_cache),
		cmocka_unit_test(test_cache_outlives_holder),
		cmocka_unit_test(test_never_cached),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_two_caches),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_next_generation),
		cmocka_unit_test(test_good_until),
		cmocka_unit_test(test_expires),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
