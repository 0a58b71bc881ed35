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
   is as good as none. */
struct cache_entry *cache_get(struct cache *cache, const void *key, size_t length,
                              uint64_t generation);

/* Likewise, and tells what else the same look at the key shows. */
struct cache_sight {
	bool present;   /* an entry is there, be it one that cache_get would not give */
	bool requested; /* the key was, before this time or so, and not too many others since */
};
struct cache_entry *cache_look(struct cache *cache, const void *key, size_t length,
                               uint64_t generation, struct cache_sight *sight);

/* The entry under the key, of whatever generation, also where it has expired; NULL: there is none. For who knows that
   nothing newer is to be had. */
struct cache_entry *cache_get_outdated(struct cache *cache, const void *key, size_t length,
                                       uint64_t *generation, int64_t *put_at);

/* Valid for as long as its generation is. */
#define CACHE_NEVER_EXPIRES INT64_MAX

/* Puts the entry under the key, in place of any other, until it expires (by clock_monotonic). Takes a reference of
   its own. An entry larger than an eighth of the budget is not cached. */
void cache_put(struct cache *cache, const void *key, size_t length, uint64_t generation,
               int64_t expires_at, struct cache_entry *entry);

/* Whether a value of that size is worth its place under the key, which cache_get has looked for: the key was requested
   before, and more often than all that would be evicted. So no flood of keys that are requested once or twice, however
   large their values are, evicts what is requested all the time. Now and then it errs, either way. */
bool cache_admits(struct cache *cache, const void *key, size_t length, size_t size);

struct cache_counts {
	size_t bytes, entries;
	uint64_t hits, misses, evictions;
};
struct cache_counts cache_counts(struct cache *cache);

#endif
