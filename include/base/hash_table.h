/* A hash table whose nodes are members of what it holds: it allocates nothing but its buckets, and
   knows no keys. Whoever looks something up compares keys among the nodes of the key's hash:

       for (struct hash_node *node = hash_table_first(&table, hash); node; node = hash_table_next(node)) {
               struct thing *thing = CONTAINER_OF(node, struct thing, node);
               if (thing->id == id)
                       return thing;
       }
       return NULL;

   Chains hang from a power of two of buckets, which doubles as the nodes get more. No locks: one thread
   at a time, or the caller's lock. */
#ifndef BASE_HASH_TABLE_H
#define BASE_HASH_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* The struct that has `pointer` as its `member`. */
#define CONTAINER_OF(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

struct hash_node {
	struct hash_node *next; /* in its bucket */
	uint64_t hash;
};

struct hash_table {
	struct hash_node **buckets; /* NULL before the first node */
	size_t bucket_count;
	size_t count; /* of nodes */
};

/* An empty table, which is all zeros. Never fails. */
void hash_table_init(struct hash_table *table);

/* Has buckets for so many nodes at once, so that none of them makes the table double. Of an empty table. */
void hash_table_reserve(struct hash_table *table, size_t count);

/* Frees the buckets; the nodes are the caller's. The table is empty then. */
void hash_table_fini(struct hash_table *table);

/* Adds a node, which stays where it is until it is removed or the table ends. Several nodes may have one
   hash; the newest is found first, as long as the buckets do not double. */
void hash_table_add(struct hash_table *table, struct hash_node *node, uint64_t hash);

/* Removes a node that is in the table. */
void hash_table_remove(struct hash_table *table, struct hash_node *node);

/* That node, or the first one behind it, that has the hash; NULL: there is none. */
static inline struct hash_node *hash_node_match(struct hash_node *node, uint64_t hash)
{
	while (node && node->hash != hash)
		node = node->next;
	return node;
}

/* The first node of a hash, or NULL. */
static inline struct hash_node *hash_table_first(const struct hash_table *table, uint64_t hash)
{
	if (table->count == 0)
		return NULL;
	return hash_node_match(table->buckets[hash & (table->bucket_count - 1)], hash);
}

/* The next node of the same hash, or NULL. */
static inline struct hash_node *hash_table_next(const struct hash_node *node)
{
	return hash_node_match(node->next, node->hash);
}

/* A hash of bytes (XXH3). Where the bytes come from clients the seed is a secret, so that nobody can
   choose keys that all fall into one bucket. */
uint64_t hash_bytes(const void *data, size_t length, uint64_t seed);

/* A seed that nobody can guess. */
uint64_t hash_seed(void);

/* A hash of an integer whose low bits are as good as its high ones (the finalizer of SplitMix64). */
static inline uint64_t hash_integer(uint64_t value)
{
	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

static inline uint64_t hash_pointer(const void *pointer)
{
	return hash_integer((uintptr_t)pointer);
}

#endif
