/* A hash table of counted entries, and the list in order of their last use. */
#include "cache/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash_table.h"
#include "base/memory.h"

struct cache_entry {
	_Atomic size_t references;
	void *thing;
	size_t size;
	void (*destroy)(void *thing);
};

/* An entry's place in a cache. */
struct slot {
	struct hash_node node;
	struct slot *newer, *older; /* by last use; `older` links slots that were taken out */
	struct cache_entry *entry;
	uint64_t stamp;
	int64_t good_until;
	size_t cost;
	size_t key_length;
	char key[];
};

#define ASKED_PLACES 16384 /* a power of two */
#define ASKED_TIME_BITS 8
#define ASKED_TIMES 16 /* in which as many bytes are asked for as the cache holds */

struct cache {
	/* A part of each key's hash, by another part of it; the lowest bits are the time, which goes by
	   the bytes that were asked for. */
	_Atomic uint32_t asked[ASKED_PLACES];
	_Atomic uint64_t asked_bytes;
	uint64_t seed;        /* of the keys' hashes */
	pthread_mutex_t lock; /* guards all below */
	size_t budget;
	struct hash_table slots;
	struct slot *newest, *oldest;
	struct cache_counts counts;
};

struct cache_entry *cache_entry_new(void *thing, size_t size, void (*destroy)(void *thing))
{
	struct cache_entry *entry = must(malloc(sizeof(*entry)));
	*entry = (struct cache_entry){
		.references = 1, .thing = thing, .size = size, .destroy = destroy};
	return entry;
}

void *cache_entry_thing(const struct cache_entry *entry)
{
	return entry->thing;
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
	entry->destroy(entry->thing);
	free(entry);
}

struct cache *cache_new(size_t budget)
{
	struct cache *cache = must(calloc(1, sizeof(*cache)));
	pthread_mutex_init(&cache->lock, NULL);
	cache->seed = hash_seed();
	cache->budget = budget;
	return cache;
}

/* With a seed that nobody knows: keys come from clients, who could otherwise have them all in one chain. */
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

/* Takes the slot out; the entry is added to *dropped, to be given back outside the lock. */
static void remove_slot(struct cache *cache, struct slot *slot, struct slot **dropped)
{
	hash_table_remove(&cache->slots, &slot->node);
	unlink_use(cache, slot);
	cache->counts.bytes -= slot->cost;
	cache->counts.entries--;
	slot->older = *dropped;
	*dropped = slot;
}

static void give_back(struct slot *dropped)
{
	while (dropped != NULL) {
		struct slot *next = dropped->older;
		cache_entry_unref(dropped->entry);
		free(dropped);
		dropped = next;
	}
}

/* The clock is read only where it matters. */
static bool is_good(const struct slot *slot, uint64_t stamp)
{
	return slot->stamp == stamp &&
	       (slot->good_until == CACHE_GOOD_FOR_EVER || slot->good_until > clock_monotonic());
}

struct cache_entry *cache_get(struct cache *cache, const void *key, size_t length, uint64_t stamp)
{
	struct cache_entry *entry = NULL;
	struct slot *dropped = NULL;
	uint64_t hash = hash_key(cache, key, length);
	pthread_mutex_lock(&cache->lock);
	struct slot *slot = find(cache, hash, key, length);
	if (slot != NULL && is_good(slot, stamp)) {
		entry = cache_entry_ref(slot->entry);
		if (cache->newest != slot) {
			unlink_use(cache, slot);
			link_newest(cache, slot);
		}
		cache->counts.hits++;
	} else {
		if (slot != NULL)
			remove_slot(cache, slot, &dropped);
		cache->counts.misses++;
	}
	pthread_mutex_unlock(&cache->lock);
	give_back(dropped);
	return entry;
}

bool cache_asked_before(struct cache *cache, const void *key, size_t length, size_t size)
{
	const uint32_t times = (1 << ASKED_TIME_BITS) - 1;
	uint64_t hash = hash_key(cache, key, length);
	uint64_t bytes = atomic_fetch_add_explicit(&cache->asked_bytes, size, memory_order_relaxed);
	uint32_t now = (uint32_t)(bytes / (cache->budget / ASKED_TIMES + 1)) & times;
	uint32_t mark = (uint32_t)(hash >> 32) & ~times;
	uint32_t before = atomic_exchange_explicit(&cache->asked[hash & (ASKED_PLACES - 1)],
	                                           mark | now, memory_order_relaxed);
	return (before & ~times) == mark && ((now - before) & times) <= ASKED_TIMES;
}

void cache_put(struct cache *cache, const void *key, size_t length, uint64_t stamp,
               int64_t good_until, struct cache_entry *entry)
{
	size_t cost = sizeof(struct slot) + length + sizeof(struct cache_entry) + entry->size;
	struct slot *dropped = NULL;
	if (cost > cache->budget / 8)
		return;
	struct slot *slot = must(malloc(sizeof(*slot) + length));
	*slot = (struct slot){.entry = cache_entry_ref(entry),
	                      .stamp = stamp,
	                      .good_until = good_until,
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
	give_back(dropped);
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
	give_back(cache->newest);
	hash_table_fini(&cache->slots);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}
