/* The cache: its budget, the order of eviction, admission, reference counts, generations and expiry. */
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
#define GENERATION 7

/* --- What the tests cache: it counts how often it was destroyed and what is alive in all. --- */

struct cached_value {
	size_t size;
	_Atomic int destroyed;
};

static _Atomic size_t live_bytes;

static void value_destroy(void *data)
{
	struct cached_value *value = data;

	atomic_fetch_add(&value->destroyed, 1);
	atomic_fetch_sub(&live_bytes, value->size);
}

static struct cache_entry *value_entry(struct cached_value *value, size_t size)
{
	value->size = size;
	value->destroyed = 0;
	atomic_fetch_add(&live_bytes, size);
	return cache_entry_new(value, size, value_destroy);
}

/* Puts the value and leaves the cache with the only reference, if it keeps the entry at all. */
static void put_value(struct cache *cache, int key, struct cached_value *value, size_t size)
{
	struct cache_entry *entry = value_entry(value, size);

	cache_put(cache, &key, sizeof(key), GENERATION, CACHE_NEVER_EXPIRES, entry);
	cache_entry_unref(entry);
}

static bool has(struct cache *cache, int key)
{
	struct cache_entry *entry = cache_get(cache, &key, sizeof(key), GENERATION);

	cache_entry_unref(entry);
	return entry != NULL;
}

/* What one look at a key that has no good entry shows of it. */
static struct cache_sight sight_of(struct cache *cache, int key, uint64_t generation)
{
	struct cache_sight sight;

	assert_null(cache_look(cache, &key, sizeof(key), generation, &sight));
	return sight;
}

/* What an entry counts for beside its size, with keys of one int. */
static size_t overhead(void)
{
	struct cache *cache = cache_new(BUDGET);
	struct cached_value value;
	size_t bytes;

	put_value(cache, 1, &value, 1000);
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
	static struct cached_value values[20000];
	const size_t count = sizeof(values) / sizeof(values[0]);
	struct cache *cache = cache_new(BUDGET);
	struct cache_counts counts = {0};
	struct random random;

	(void)state;
	random_init(&random, random_seed("cache"));
	live_bytes = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t evictions = counts.evictions;

		put_value(cache, (int)random_below(&random, 500), &values[i], random_size(&random));
		counts = cache_counts(cache);
		assert_true(counts.bytes <= BUDGET);
		assert_true(live_bytes <= counts.bytes);
		assert_true(counts.evictions == evictions || counts.bytes >= BUDGET / 8 * 7);
	}
	assert_true(counts.evictions > 100);
	assert_true(counts.entries > 10 && counts.entries <= 500);
	cache_free(cache);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(values[i].destroyed, 1);
	assert_int_equal(live_bytes, 0);
}

/* One that would take more than an eighth of the budget is not kept and drives nothing out. */
static void test_eighth(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	const size_t most = BUDGET / 8 - overhead();
	struct cached_value values[10];

	(void)state;
	for (int i = 0; i < 8; i++)
		put_value(cache, i, &values[i], most);
	put_value(cache, 8, &values[8], most + 1);
	assert_false(has(cache, 8));
	assert_int_equal(values[8].destroyed, 1);
	put_value(cache, 9, &values[9], 3 * BUDGET);
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
	static struct cached_value values[10000];
	const int count = sizeof(values) / sizeof(values[0]);
	struct cache *cache = cache_new(16 * BUDGET);

	(void)state;
	for (int i = 0; i < count; i++)
		put_value(cache, i, &values[i], 100);
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
	struct cached_value values[10];

	(void)state;
	for (int i = 0; i < 8; i++)
		put_value(cache, i, &values[i], size);
	assert_true(has(cache, 0)); /* a use: now 1 is the least recently used */
	put_value(cache, 8, &values[8], size);
	assert_int_equal(cache_counts(cache).evictions, 1);
	assert_int_equal(values[1].destroyed, 1);
	assert_int_equal(values[0].destroyed, 0);
	put_value(cache, 9, &values[9], size);
	assert_int_equal(values[2].destroyed, 1);
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
	static struct cached_value values[20000];
	struct cache *cache = cache_new(BUDGET);
	struct model model = {.room = 100};
	const size_t size = BUDGET / model.room - overhead();
	struct random random;

	(void)state;
	random_init(&random, random_seed("cache"));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		int key = (int)random_below(&random, 150);

		if (random_percent(&random, 60)) {
			assert_int_equal(has(cache, key), model_use(&model, key));
			continue;
		}
		put_value(cache, key, &values[i], size);
		model_put(&model, key);
		assert_int_equal(cache_counts(cache).entries, model.count);
	}
	assert_int_equal(model.count, model.room);
	cache_free(cache);
}

/* --- Admission. --- */

/* Requests the number; caches a value of that size for it where it is missing and admitted. Whether it was there. */
static bool request(struct cache *cache, int number, struct cached_value *value, size_t size)
{
	bool cached = has(cache, number);

	if (!cached && cache_admits(cache, &number, sizeof(number), size))
		put_value(cache, number, value, size);
	return cached;
}

/* Of one round over so many numbers, how many were there; `values`: for those that are not. */
static int request_round(struct cache *cache, int count, struct cached_value *values, size_t size)
{
	int cached = 0;

	for (int i = 0; i < count; i++)
		cached += request(cache, i, &values[i], size);
	return cached;
}

static void test_second_time(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	int one = 1, two = 2;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(sight_of(cache, one, GENERATION).requested, i > 0);
		assert_int_equal(cache_admits(cache, &one, sizeof(one), SIZE), i > 0);
	}
	assert_false(sight_of(cache, two, GENERATION).requested);
	assert_false(cache_admits(cache, &two, sizeof(two), SIZE));
	cache_free(cache);
}

static void test_size_limit(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	const size_t most = BUDGET / 8 - overhead();
	int key = 1;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_false(has(cache, key));
	assert_true(cache_admits(cache, &key, sizeof(key), most));
	assert_false(cache_admits(cache, &key, sizeof(key), most + 1));
	cache_free(cache);
}

/* Round and round: a crowd that the cache has room for is cached from the second round on; of one that is larger, as
   many as there is room for, which are not pushed out by the others. */
static void test_crowds(void **state)
{
	static const int crowds[] = {50, 90, 130, 1000};
	static struct cached_value values[4][1000];
	const int room = (int)(BUDGET / (SIZE + overhead()));

	(void)state;
	for (size_t i = 0; i < sizeof(crowds) / sizeof(crowds[0]); i++) {
		struct cache *cache = cache_new(BUDGET);
		int kept = crowds[i] < room ? crowds[i] : room;

		/* Places in the sketch are shared now and then. */
		assert_int_equal(request_round(cache, crowds[i], values[0], SIZE), 0);
		assert_in_range(cache_counts(cache).entries, 0, crowds[i] / 20);
		assert_in_range(request_round(cache, crowds[i], values[1], SIZE), 0,
		                crowds[i] / 20);
		for (int round = 2; round < 4; round++)
			assert_in_range(request_round(cache, crowds[i], values[round], SIZE),
			                kept * 9 / 10, kept);
		cache_free(cache);
	}
}

/* What is requested all the time stays while floods of other keys come: each once, each twice in a row, small ones
   and as large as they may be. */
static void test_floods(void **state)
{
	enum { HOT = 90, FLOOD = 3000 };
	static struct cached_value hot[HOT], values[FLOOD];
	static const struct {
		size_t size;
		int times;
	} floods[] = {{SIZE, 1}, {SIZE, 2}, {BUDGET / 9, 1}, {BUDGET / 9, 2}, {BUDGET / 9, 3}};
	struct cache *cache = cache_new(BUDGET);
	int key = HOT;

	(void)state;
	for (int round = 0; round < 5; round++)
		(void)request_round(cache, HOT, hot, SIZE);
	for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++) {
		int missed = 0;

		for (int n = 0; n < FLOOD; n++, key++) {
			for (int time = 0; time < floods[i].times; time++)
				(void)request(cache, key, &values[n], floods[i].size);
			missed += !request(cache, n % HOT, &hot[n % HOT], SIZE);
		}
		assert_in_range(missed, 0, FLOOD / 100);
	}
	cache_free(cache);
}

/* One that was popular once, and is the next to go, keeps nobody out but those that it is compared with. */
static void test_one_popular(void **state)
{
	static struct cached_value values[400];
	struct cache *cache = cache_new(BUDGET);
	const int room = (int)(BUDGET / (SIZE + overhead()));
	int cached = 0;

	(void)state;
	for (int n = 0; n < 50; n++)
		(void)request(cache, 0, &values[0], SIZE);
	for (int key = 1; key < room; key++)
		for (int n = 0; n < 2; n++)
			(void)request(cache, key, &values[key], SIZE);
	assert_int_equal(cache_counts(cache).entries, room);
	for (int key = 200; key < 210; key++)
		for (int n = 0; n < 6; n++)
			cached += request(cache, key, &values[key], SIZE);
	assert_true(cached > 10);
	cache_free(cache);
}

/* What was popular once makes room for what is now. */
static void test_popularity_passes(void **state)
{
	enum { CROWD = 90, ROUNDS = 40 };
	static struct cached_value values[ROUNDS][CROWD];
	struct cache *cache = cache_new(BUDGET);
	int cached = 0;

	(void)state;
	for (int round = 0; round < 20; round++)
		(void)request_round(cache, CROWD, values[0], SIZE);
	for (int round = 0; round < ROUNDS; round++) {
		cached = 0;
		for (int i = 0; i < CROWD; i++)
			cached += request(cache, CROWD + i, &values[round][i], SIZE);
	}
	assert_in_range(cached, CROWD * 9 / 10, CROWD);
	cache_free(cache);
}

/* Requests count for half as much after a while in which others were missed, and for nothing in the end. */
static void test_requests_are_forgotten(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	int key = -1;

	(void)state;
	assert_false(has(cache, key));
	assert_true(sight_of(cache, key, GENERATION).requested);
	for (int other = 0; other < 1 << 16; other++)
		assert_false(has(cache, other));
	assert_false(sight_of(cache, key, GENERATION).requested);
	cache_free(cache);
}

/* One look tells of an entry that it does not give, and of one that it does. */
static void test_sight(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct cached_value value;
	struct cache_sight sight;
	struct cache_entry *entry;
	int key = 1;

	(void)state;
	assert_false(sight_of(cache, key, GENERATION).present);
	put_value(cache, key, &value, SIZE);
	entry = cache_look(cache, &key, sizeof(key), GENERATION, &sight);
	assert_non_null(entry);
	cache_entry_unref(entry);
	assert_true(sight.present && sight.requested);
	assert_true(sight_of(cache, key, GENERATION + 1).present);
	assert_int_equal(cache_counts(cache).hits, 1);
	assert_int_equal(cache_counts(cache).misses, 2);
	cache_free(cache);
}

static void test_no_budget(void **state)
{
	struct cache *cache = cache_new(0);
	struct cached_value value;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_false(request(cache, 1, &value, 0));
	put_value(cache, 1, &value, 0);
	assert_int_equal(value.destroyed, 1);
	assert_false(has(cache, 1));
	cache_free(cache);
}

/* --- Reference counts. --- */

static void test_holder_outlives_cache(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct cached_value value;
	struct cache_entry *entry = value_entry(&value, SIZE);
	struct cache_entry *found;

	(void)state;
	cache_put(cache, "1", 1, GENERATION, CACHE_NEVER_EXPIRES, entry);
	found = cache_get(cache, "1", 1, GENERATION);
	assert_ptr_equal(found, entry);
	assert_ptr_equal(cache_entry_value(found), &value);
	cache_entry_unref(entry);
	cache_free(cache);
	assert_int_equal(value.destroyed, 0);
	cache_entry_ref(found);
	cache_entry_unref(found);
	assert_int_equal(value.destroyed, 0);
	cache_entry_unref(found);
	assert_int_equal(value.destroyed, 1);
}

static void test_cache_outlives_holder(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct cached_value value;

	(void)state;
	put_value(cache, 1, &value, SIZE);
	assert_int_equal(value.destroyed, 0);
	assert_true(has(cache, 1));
	assert_int_equal(value.destroyed, 0);
	cache_free(cache);
	assert_int_equal(value.destroyed, 1);
}

static void test_never_cached(void **state)
{
	struct cached_value value;
	struct cache_entry *entry = value_entry(&value, SIZE);

	(void)state;
	cache_entry_unref(NULL);
	assert_int_equal(value.destroyed, 0);
	cache_entry_unref(entry);
	assert_int_equal(value.destroyed, 1);
	cache_free(NULL);
}

/* What is put under a key that is taken already replaces what was there, at once and in the counts. */
static void test_replaced(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct cached_value first, second;
	size_t bytes;

	(void)state;
	put_value(cache, 1, &first, SIZE);
	bytes = cache_counts(cache).bytes;
	put_value(cache, 1, &second, 2 * SIZE);
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
	struct cached_value value;
	struct cache_entry *entry = value_entry(&value, SIZE);

	(void)state;
	for (int i = 0; i < 2; i++)
		cache_put(caches[i], "1", 1, GENERATION, CACHE_NEVER_EXPIRES, entry);
	cache_entry_unref(entry);
	cache_free(caches[0]);
	assert_int_equal(value.destroyed, 0);
	cache_free(caches[1]);
	assert_int_equal(value.destroyed, 1);
}

#define THREADS 4
#define ROUNDS 5000

struct visitor {
	struct cache *cache;
	pthread_t thread;
	uint64_t seed;
	struct cached_value values[ROUNDS];
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
		struct cache_entry *entry =
			cache_get(visitor->cache, &key, sizeof(key), GENERATION);

		put_value(visitor->cache, (int)random_below(&random, 50), &visitor->values[i],
		          random_below(&random, BUDGET / 16));
		if (entry != NULL) {
			const struct cached_value *value = cache_entry_value(entry);

			visitor->wrong += value->destroyed != 0;
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
			assert_int_equal(visitors[i].values[j].destroyed, 1);
	}
}

/* --- Generations and expiry. --- */

/* An entry for key 1. */
static void put(struct cache *cache, struct cached_value *value, uint64_t generation,
                int64_t expires_at)
{
	struct cache_entry *entry = value_entry(value, SIZE);

	cache_put(cache, "1", 1, generation, expires_at, entry);
	cache_entry_unref(entry);
}

static bool found(struct cache *cache, uint64_t generation)
{
	struct cache_entry *entry = cache_get(cache, "1", 1, generation);

	cache_entry_unref(entry);
	return entry != NULL;
}

/* It is there for who takes what is outdated, with what there is to know of it, and nobody else. */
static void assert_outdated(struct cache *cache, const struct cached_value *value,
                            uint64_t generation, int64_t put_since)
{
	uint64_t found_generation = 0;
	int64_t put_at = 0;
	struct cache_counts before = cache_counts(cache);
	struct cache_entry *entry = cache_get_outdated(cache, "1", 1, &found_generation, &put_at);

	assert_non_null(entry);
	assert_ptr_equal(cache_entry_value(entry), value);
	assert_int_equal(found_generation, generation);
	assert_in_range(put_at, put_since, clock_monotonic());
	cache_entry_unref(entry);
	assert_int_equal(value->destroyed, 0);
	assert_int_equal(cache_counts(cache).hits, before.hits);
	assert_int_equal(cache_counts(cache).misses, before.misses);
	assert_int_equal(before.entries, 1);
}

/* An entry of another generation is a miss, and stays for who takes what is outdated. */
static void test_generations(void **state)
{
	static const uint64_t others[] = {0, GENERATION - 1, GENERATION + 1,
	                                  UINT64_C(1) << 32 | GENERATION, UINT64_MAX};
	struct cache *cache = cache_new(BUDGET);
	struct cached_value values[sizeof(others) / sizeof(others[0])];

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		int64_t begin = clock_monotonic();

		put(cache, &values[i], GENERATION, CACHE_NEVER_EXPIRES);
		assert_true(found(cache, GENERATION));
		assert_false(found(cache, others[i]));
		assert_outdated(cache, &values[i], GENERATION, begin);
		assert_int_equal(cache_counts(cache).hits, i + 1);
		assert_int_equal(cache_counts(cache).misses, i + 1);
		assert_int_equal(cache_counts(cache).evictions, 0);
	}
	cache_free(cache);
}

/* A newer generation takes the older one's key over. */
static void test_next_generation(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct cached_value older, newer;
	int64_t begin = clock_monotonic();

	(void)state;
	put(cache, &older, GENERATION, CACHE_NEVER_EXPIRES);
	put(cache, &newer, GENERATION + 1, CACHE_NEVER_EXPIRES);
	assert_int_equal(older.destroyed, 1);
	assert_true(found(cache, GENERATION + 1));
	assert_false(found(cache, GENERATION));
	assert_outdated(cache, &newer, GENERATION + 1, begin);
	cache_free(cache);
}

/* Under a key that was never put, or whose entry was evicted, nothing is outdated either. */
static void test_nothing_outdated(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	uint64_t generation;
	int64_t put_at;

	(void)state;
	assert_null(cache_get_outdated(cache, "1", 1, &generation, &put_at));
	cache_free(cache);
}

/* What is no longer good is not found, and counts as such. */
static void test_good_until(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	struct cached_value values[4];
	int64_t now = clock_monotonic();

	(void)state;
	put(cache, &values[0], 1, CACHE_NEVER_EXPIRES);
	assert_true(found(cache, 1));
	put(cache, &values[1], 1, now + INT64_C(3600000000));
	assert_true(found(cache, 1));
	assert_int_equal(cache_counts(cache).hits, 2);
	put(cache, &values[2], 1, now);
	assert_false(found(cache, 1));
	assert_int_equal(cache_counts(cache).hits, 2);
	assert_int_equal(cache_counts(cache).misses, 1);
	assert_outdated(cache, &values[2], 1, now);
	put(cache, &values[3], 1, CACHE_NEVER_EXPIRES);
	assert_false(found(cache, 2));
	assert_outdated(cache, &values[3], 1, now);
	cache_free(cache);
}

static bool is_gone(void *cache)
{
	return !found(cache, GENERATION);
}

/* An entry that was good goes when its time is over, and not before. */
static void test_expires(void **state)
{
	struct cache *cache = cache_new(BUDGET);
	int64_t begin = clock_monotonic(), expires_at = begin + 50000;
	struct cached_value value;

	(void)state;
	put(cache, &value, GENERATION, expires_at);
	assert_true(poll_until(is_gone, cache, 10));
	assert_true(clock_monotonic() >= expires_at);
	assert_outdated(cache, &value, GENERATION, begin);
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
		cmocka_unit_test(test_size_limit),
		cmocka_unit_test(test_crowds),
		cmocka_unit_test(test_floods),
		cmocka_unit_test(test_one_popular),
		cmocka_unit_test(test_popularity_passes),
		cmocka_unit_test(test_requests_are_forgotten),
		cmocka_unit_test(test_sight),
		cmocka_unit_test(test_no_budget),
		cmocka_unit_test(test_holder_outlives_cache),
		cmocka_unit_test(test_cache_outlives_holder),
		cmocka_unit_test(test_never_cached),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_two_caches),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_next_generation),
		cmocka_unit_test(test_nothing_outdated),
		cmocka_unit_test(test_good_until),
		cmocka_unit_test(test_expires),
	};

	return RUN_TESTS("cache", tests, NULL, NULL);
}
