/* Nodes are found by their hash while the table grows and shrinks, also where hashes are equal. */
#include "base/hash_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/cmocka.h"

#define ITEMS 5000

struct item {
	int before; /* so that a node is not where its item is */
	struct hash_node node;
	uint64_t key;
	bool present;
};

static struct item *find(const struct hash_table *table, uint64_t key, uint64_t hash)
{
	for (struct hash_node *node = hash_table_first(table, hash); node;
	     node = hash_table_next(node)) {
		struct item *item = CONTAINER_OF(node, struct item, node);

		assert_true(node->hash == hash);
		if (item->key == key)
			return item;
	}
	return NULL;
}

static void test_empty(void **state)
{
	struct hash_table table;

	(void)state;
	hash_table_init(&table);
	assert_null(hash_table_first(&table, 0));
	assert_null(hash_table_first(&table, UINT64_MAX));
	hash_table_fini(&table);
	assert_null(hash_table_first(&table, 0));
}

/* Hashes of few values, so that each has many nodes. */
static uint64_t crowded(uint64_t key)
{
	return key % 7;
}

/* Hashes that differ in their high bits alone: one bucket, but not one hash. */
static uint64_t shifted(uint64_t key)
{
	return key << 40;
}

static void add_and_remove(uint64_t (*hash)(uint64_t))
{
	struct item *items = must(calloc(ITEMS, sizeof(*items)));
	struct hash_table table;
	size_t present = 0;

	hash_table_init(&table);
	srand(1);
	for (int step = 0; step < 4 * ITEMS; step++) {
		struct item *item = &items[rand() % ITEMS];

		item->key = (uint64_t)(item - items);
		if (item->present)
			hash_table_remove(&table, &item->node);
		else
			hash_table_add(&table, &item->node, hash(item->key));
		item->present = !item->present;
		present += item->present ? 1 : (size_t)-1;
		assert_int_equal(table.count, present);
	}
	for (uint64_t key = 0; key < ITEMS; key++)
		assert_ptr_equal(find(&table, key, hash(key)),
		                 items[key].present ? &items[key] : NULL);
	hash_table_fini(&table);
	assert_int_equal(table.count, 0);
	free(items);
}

static void test_spread(void **state)
{
	(void)state;
	add_and_remove(hash_integer);
}

static void test_equal_hashes(void **state)
{
	(void)state;
	add_and_remove(crowded);
	add_and_remove(shifted);
}

static void test_each_of_a_hash(void **state)
{
	struct item items[40] = {0};
	struct hash_table table;
	unsigned found = 0;

	(void)state;
	hash_table_init(&table);
	for (size_t i = 0; i < 40; i++)
		hash_table_add(&table, &items[i].node, i % 4);
	for (struct hash_node *node = hash_table_first(&table, 3); node;
	     node = hash_table_next(node))
		found++;
	assert_int_equal(found, 10);
	hash_table_fini(&table);
}

/* The buckets double so that chains stay short, and are a power of two. */
static void test_growth(void **state)
{
	struct item *items = must(calloc(ITEMS, sizeof(*items)));
	struct hash_table table;
	size_t longest = 0;

	(void)state;
	hash_table_init(&table);
	for (uint64_t i = 0; i < ITEMS; i++) {
		hash_table_add(&table, &items[i].node, hash_integer(i));
		assert_true(table.bucket_count >= table.count);
		assert_int_equal(table.bucket_count & (table.bucket_count - 1), 0);
	}
	assert_true(table.bucket_count < 2 * ITEMS);
	for (size_t i = 0; i < table.bucket_count; i++) {
		size_t length = 0;

		for (struct hash_node *node = table.buckets[i]; node; node = node->next)
			length++;
		longest = length > longest ? length : longest;
	}
	assert_in_range(longest, 1, 12);
	hash_table_fini(&table);
	free(items);
}

static void test_reserve(void **state)
{
	struct item items[100] = {0};
	struct hash_table table;
	struct hash_node **buckets;

	(void)state;
	hash_table_init(&table);
	hash_table_reserve(&table, 100);
	assert_null(hash_table_first(&table, 1));
	assert_int_equal(table.bucket_count, 128);
	buckets = table.buckets;
	for (uint64_t i = 0; i < 100; i++)
		hash_table_add(&table, &items[i].node, hash_integer(i));
	assert_ptr_equal(table.buckets, buckets);
	hash_table_fini(&table);
}

static void test_hashes(void **state)
{
	unsigned seen[256] = {0};

	(void)state;
	assert_true(hash_bytes("ab", 2, 1) == hash_bytes("ab", 2, 1));
	assert_true(hash_bytes("ab", 2, 1) != hash_bytes("ab", 2, 2));
	assert_true(hash_bytes("ab", 2, 1) != hash_bytes("ac", 2, 1));
	assert_true(hash_bytes("ab", 2, 1) != hash_bytes("ab", 1, 1));
	assert_true(hash_seed() != hash_seed());
	/* Steps of a power of two, as pointers and ids have them, spread over the low bits. */
	for (uint64_t i = 0; i < 256 * 16; i++)
		seen[hash_integer(i << 12) & 255]++;
	for (size_t i = 0; i < 256; i++)
		assert_in_range(seen[i], 2, 40);
	assert_true(hash_pointer(seen) == hash_pointer(seen));
	assert_true(hash_pointer(seen) != hash_pointer(seen + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),        cmocka_unit_test(test_spread),
		cmocka_unit_test(test_equal_hashes), cmocka_unit_test(test_each_of_a_hash),
		cmocka_unit_test(test_growth),       cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_reserve),
	};

	return RUN_TESTS("hash table", tests, NULL, NULL);
}
