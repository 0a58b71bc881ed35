/* Chains of nodes in buckets that double. */
#include "base/hash_table.h"

#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

#include "base/memory.h"

#define BUCKETS_FIRST ((size_t)16)

void hash_table_init(struct hash_table *table)
{
	*table = (struct hash_table){NULL, 0, 0};
}

void hash_table_fini(struct hash_table *table)
{
	free(table->buckets);
	hash_table_init(table);
}

static struct hash_node **bucket_of(const struct hash_table *table, uint64_t hash)
{
	return &table->buckets[hash & (table->bucket_count - 1)];
}

static void link_node(struct hash_table *table, struct hash_node *node)
{
	struct hash_node **bucket = bucket_of(table, node->hash);

	node->next = *bucket;
	*bucket = node;
}

static void set_buckets(struct hash_table *table, size_t bucket_count)
{
	struct hash_table larger = {.bucket_count = bucket_count, .count = table->count};

	larger.buckets = must(calloc(bucket_count, sizeof(struct hash_node *)));
	for (size_t i = 0; i < table->bucket_count; i++)
		for (struct hash_node *node = table->buckets[i], *next; node; node = next) {
			next = node->next;
			link_node(&larger, node);
		}
	free(table->buckets);
	*table = larger;
}

void hash_table_reserve(struct hash_table *table, size_t count)
{
	size_t bucket_count = BUCKETS_FIRST;

	while (bucket_count < count)
		bucket_count *= 2;
	set_buckets(table, bucket_count);
}

void hash_table_add(struct hash_table *table, struct hash_node *node, uint64_t hash)
{
	if (table->count >= table->bucket_count)
		set_buckets(table, table->bucket_count ? 2 * table->bucket_count : BUCKETS_FIRST);
	node->hash = hash;
	link_node(table, node);
	table->count++;
}

void hash_table_remove(struct hash_table *table, struct hash_node *node)
{
	struct hash_node **link = bucket_of(table, node->hash);

	while (*link != node)
		link = &(*link)->next;
	*link = node->next;
	node->next = NULL;
	table->count--;
}

uint64_t hash_bytes(const void *data, size_t length, uint64_t seed)
{
	return XXH3_64bits_withSeed(data, length, seed);
}

uint64_t hash_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		abort(); /* does not happen: the kernel waits until it has so few bytes */
	return seed;
}
