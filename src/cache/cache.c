/* A hash table of slots that hold entries, a list of them by last use, and how often keys were requested. */
#include "cache/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash_table.h"
#include "base/memory.h"
#include "frequency.h"

struct cache_entry {
	_Atomic size_t references;
	void *value;
	size_t size;
	void (*destroy)(void *value);
};

/* An entry under its key. */
struct slot {
	struct hash_node node;
	struct slot *newer, *older; /* by last use; `older` links removed slots */
	struct cache_entry *entry;
	uint64_t generation;
	int64_t put_at, expires_at; /* by clock_monotonic */
	size_t cost;
	size_t key_length;
	char key[];
};

/* No entry takes more than that part of the budget. */
#define SHARE_MOST 8

struct cache {
	uint64_t seed;        /* of the keys' hashes */
	pthread_mutex_t lock; /* guards all below */
	size_t budget;
	struct hash_table slots;
	struct slot *newest, *oldest;
	struct frequency *frequency;
	struct cache_counts counts;
};

struct cache_entry *cache_entry_new(void *value, size_t size, void (*destroy)(void *value))
{
	struct cache_entry *entry = must(malloc(sizeof(*entry)));
	*entry = (struct cache_entry){
		.references = 1, .value = value, .size = size, .destroy = destroy};
	return entry;
}

void *cache_entry_value(const struct cache_entry *entry)
{
	return entry->value;
}

struct cache_entry *cache_entry_ref(struct cache_entry *entry)
{
	atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
	return entry;
}

void cache_entry_unref(struct cache_entry *entry)
{
	if (entry == NULL ||
	    atomic_fetch_sub_explicit(&entry->references, 1, memory_order_acq_rel) > 1)
		return;
	entry->destroy(entry->value);
	free(entry);
}

struct cache *cache_new(size_t budget)
{
	struct cache *cache = must(calloc(1, sizeof(*cache)));
	pthread_mutex_init(&cache->lock, NULL);
	cache->seed = hash_seed();
	cache->budget = budget;
	cache->frequency = frequency_new();
	return cache;
}

/* With a secret seed: clients choose keys, and could otherwise choose them all for one bucket. */
static uint64_t hash_key(const struct cache *cache, const void *key, size_t length)
{
	return hash_bytes(key, length, cache->seed);
}

static struct slot *find(const struct cache *cache, uint64_t hash, const void *key, size_t length)
{
	struct hash_node *node = hash_table_first(&cache->slots, hash);
	for (; node != NULL; node = hash_table_next(node)) {
		struct slot *slot = CONTAINER_OF(node, struct slot, node);
		if (slot->key_length == length && memcmp(slot->key, key, length) == 0)
			return slot;
	}
	return NULL;
}

static void unlink_use(struct cache *cache, struct slot *slot)
{
	*(slot->newer ? &slot->newer->older : &cache->newest) = slot->older;
	*(slot->older ? &slot->older->newer : &cache->oldest) = slot->newer;
}

static void link_newest(struct cache *cache, struct slot *slot)
{
	slot->newer = NULL;
	slot->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = slot;
	cache->newest = slot;
}

/* Removes a slot and adds it to *dropped, to be released outside the lock. */
static void remove_slot(struct cache *cache, struct slot *slot, struct slot **dropped)
{
	hash_table_remove(&cache->slots, &slot->node);
	unlink_use(cache, slot);
	cache->counts.bytes -= slot->cost;
	cache->counts.entries--;
	slot->older = *dropped;
	*dropped = slot;
}

static void release_slots(struct slot *dropped)
{
	while (dropped != NULL) {
		struct slot *next = dropped->older;
		cache_entry_unref(dropped->entry);
		free(dropped);
		dropped = next;
	}
}

/* The clock is read only where it matters. */
static bool is_valid(const struct slot *slot, uint64_t generation)
{
	return slot->generation == generation &&
	       (slot->expires_at == CACHE_NEVER_EXPIRES || slot->expires_at > clock_monotonic());
}

struct cache_entry *cache_look(struct cache *cache, const void *key, size_t length,
                               uint64_t generation, struct cache_sight *sight)
{
	struct cache_entry *entry = NULL;
	uint64_t hash = hash_key(cache, key, length);
	pthread_mutex_lock(&cache->lock);
	struct slot *slot = find(cache, hash, key, length);
	if (slot != NULL && is_valid(slot, generation)) {
		entry = cache_entry_ref(slot->entry);
		if (cache->newest != slot) {
			unlink_use(cache, slot);
			link_newest(cache, slot);
		}
		cache->counts.hits++;
	} else {
		cache->counts.misses++;
	}
	frequency_record(cache->frequency, hash, entry == NULL);
	sight->present = slot != NULL;
	/* What is cached was admitted for that. */
	sight->requested = entry != NULL || frequency_of(cache->frequency, hash) > 1;
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

struct cache_entry *cache_get(struct cache *cache, const void *key, size_t length,
                              uint64_t generation)
{
	struct cache_sight ignored;
	return cache_look(cache, key, length, generation, &ignored);
}

struct cache_entry *cache_get_outdated(struct cache *cache, const void *key, size_t length,
                                       uint64_t *generation, int64_t *put_at)
{
	struct cache_entry *entry = NULL;
	uint64_t hash = hash_key(cache, key, length);
	pthread_mutex_lock(&cache->lock);
	struct slot *slot = find(cache, hash, key, length);
	if (slot != NULL) {
		entry = cache_entry_ref(slot->entry);
		*generation = slot->generation;
		*put_at = slot->put_at;
	}
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

/* What the value takes. */
static size_t cost_of(size_t key_length, size_t size)
{
	return sizeof(struct slot) + key_length + sizeof(struct cache_entry) + size;
}

/* Whether `requests` are more than those of all that would be evicted for so many bytes. What they are
   compared with counts as newest afterwards, so that the next ones are compared with others. */
static bool outweighs(struct cache *cache, unsigned requests, size_t cost)
{
	size_t freed = cache->budget - cache->counts.bytes;
	unsigned others = 0;
	for (struct slot *slot = cache->oldest, *newer; freed < cost; slot = newer) {
		newer = slot->newer;
		freed += slot->cost;
		others += frequency_of(cache->frequency, slot->node.hash);
		if (others < requests)
			continue;
		while (cache->oldest != newer) {
			slot = cache->oldest;
			unlink_use(cache, slot);
			link_newest(cache, slot);
		}
		return false;
	}
	return true;
}

bool cache_admits(struct cache *cache, const void *key, size_t length, size_t size)
{
	size_t cost = cost_of(length, size);
	uint64_t hash = hash_key(cache, key, length);
	if (cost > cache->budget / SHARE_MOST)
		return false;
	pthread_mutex_lock(&cache->lock);
	unsigned requests = frequency_of(cache->frequency, hash);
	bool admits = requests > 1 &&
	              (find(cache, hash, key, length) != NULL || outweighs(cache, requests, cost));
	pthread_mutex_unlock(&cache->lock);
	return admits;
}

void cache_put(struct cache *cache, const void *key, size_t length, uint64_t generation,
               int64_t expires_at, struct cache_entry *entry)
{
	size_t cost = cost_of(length, entry->size);
	struct slot *dropped = NULL;
	if (cost > cache->budget / SHARE_MOST)
		return;
	struct slot *slot = must(malloc(sizeof(*slot) + length));
	*slot = (struct slot){.entry = cache_entry_ref(entry),
	                      .generation = generation,
	                      .put_at = clock_monotonic(),
	                      .expires_at = expires_at,
	                      .cost = cost,
	                      .key_length = length};
	memcpy(slot->key, key, length);
	uint64_t hash = hash_key(cache, key, length);
	pthread_mutex_lock(&cache->lock);
	struct slot *before = find(cache, hash, key, length);
	if (before != NULL)
		remove_slot(cache, before, &dropped);
	while (cache->counts.bytes + cost > cache->budget) {
		remove_slot(cache, cache->oldest, &dropped);
		cache->counts.evictions++;
	}
	hash_table_add(&cache->slots, &slot->node, hash);
	link_newest(cache, slot);
	cache->counts.bytes += cost;
	cache->counts.entries++;
	pthread_mutex_unlock(&cache->lock);
	release_slots(dropped);
}

struct cache_counts cache_counts(struct cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	struct cache_counts counts = cache->counts;
	pthread_mutex_unlock(&cache->lock);
	return counts;
}

void cache_free(struct cache *cache)
{
	if (cache == NULL)
		return;
	release_slots(cache->newest);
	hash_table_fini(&cache->slots);
	frequency_free(cache->frequency);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}
