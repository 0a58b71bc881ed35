/* A reference-counted LRU cache with a budget of bytes. Cached values never change; an entry lives until it is
   evicted or replaced and its last user has released it. Any thread. */
#ifndef CACHE_CACHE_H
#define CACHE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cache;
struct cache_entry;

/* Budget 0: caches nothing. */
struct cache *cache_new(size_t budget) __attribute__((returns_nonnull));
/* Entries that somebody still has a reference to outlive the cache. */
void cache_free(struct cache *cache);

/* An entry with one reference, the caller's, in no cache yet. `size` is what the value counts for; `destroy`
   frees it on the thread that releases the last reference. */
struct cache_entry *cache_entry_new(void *value, size_t size, void (*destroy)(void *value))
	__attribute__((returns_nonnull));
void *cache_entry_value(const struct cache_entry *entry);
struct cache_entry *cache_entry_ref(struct cache_entry *entry);
void cache_entry_unref(struct cache_entry *entry); /* NULL is fine */

/* The entry under the key, or NULL; the reference is the caller's. One of another generation, or that has expired,
   is dropped. */
struct cache_entry *cache_get(struct cache *cache, const void *key, size_t length,
                              uint64_t generation);

/* Valid for as long as its generation is. */
#define CACHE_NEVER_EXPIRES INT64_MAX

/* Puts the entry under the key, in place of any other, until it expires (by clock_monotonic). Takes a reference of
   its own. An entry larger than an eighth of the budget is not cached. */
void cache_put(struct cache *cache, const void *key, size_t length, uint64_t generation,
               int64_t expires_at, struct cache_entry *entry);

/* Second-hit filter: true if this key was requested within the last cache-full of bytes; records the request, for
   a value of that size. Values that are cheap to make are put only then, so that a crowd of keys that are requested
   once does not evict what is expensive, or requested often. Now and then it errs, either way. */
bool cache_second_hit(struct cache *cache, const void *key, size_t length, size_t size);

struct cache_counts {
	size_t bytes, entries;
	uint64_t hits, misses, evictions;
};
struct cache_counts cache_counts(struct cache *cache);

#endif
