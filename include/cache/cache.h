/* Things that are dear to make, kept within a budget of bytes; the ones used least recently go first.
   What is in a cache never changes and is counted: an entry lives until it is out of the cache and
   its last user has given it back. Any thread. */
#ifndef CACHE_CACHE_H
#define CACHE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cache;
struct cache_entry;

/* Budget 0: keeps nothing. */
struct cache *cache_new(size_t budget) __attribute__((returns_nonnull));
/* Entries that are still held outlive the cache. */
void cache_free(struct cache *cache);

/* A thing with one reference, the caller's, in no cache yet. `size` is what it counts for; `destroy`
   frees it when the last reference is given back, on that thread. */
struct cache_entry *cache_entry_new(void *thing, size_t size, void (*destroy)(void *thing))
	__attribute__((returns_nonnull));
void *cache_entry_thing(const struct cache_entry *entry);
struct cache_entry *cache_entry_ref(struct cache_entry *entry);
void cache_entry_unref(struct cache_entry *entry); /* NULL is fine */

/* The entry that was put under the key for that stamp, or NULL. One of another stamp, or whose time is over,
   is dropped. The reference is the caller's. */
struct cache_entry *cache_get(struct cache *cache, const void *key, size_t length, uint64_t stamp);

/* Good for as long as its stamp is. */
#define CACHE_GOOD_FOR_EVER INT64_MAX

/* Keeps the entry under the key until then (by clock_monotonic), in the place of what was there. Takes a
   reference of its own. An entry larger than an eighth of the budget is not kept. */
void cache_put(struct cache *cache, const void *key, size_t length, uint64_t stamp,
               int64_t good_until, struct cache_entry *entry);

/* Whether the key was asked for before, and since then no more bytes than the cache holds; notes that it is
   now, for a thing of that size. What is cheap to make is kept only then, so that a crowd of keys that come
   once, or too seldom, does not drive out what is dear, or wanted often. Now and then it errs, either way. */
bool cache_asked_before(struct cache *cache, const void *key, size_t length, size_t size);

struct cache_counts {
	size_t bytes, entries;
	uint64_t hits, misses, evictions;
};
struct cache_counts cache_counts(struct cache *cache);

#endif
