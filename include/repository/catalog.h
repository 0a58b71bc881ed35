/* The ids of all rows of a resource, kept in memory: a page in order of id, filtered by at most one indexed
   filter, and the choices of a filter, need no database. A catalog never changes; a new one replaces it. */
#ifndef REPOSITORY_CATALOG_H
#define REPOSITORY_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "resources/endpoint.h"

struct session;

/* How many rows a catalog has names of, at most; where there are more, it has none. */
#define CATALOG_NAMES_MAX 1000

struct catalog;

/* Reads the catalogs of some resources in the session's snapshot, in one round trip. Each is new, with one
   reference. False, with none of them read: the error is set. */
bool catalog_read(struct session *session, const struct resource *const *wanted, size_t count,
                  struct catalog **catalogs, struct error *error) MUST_CHECK;

/* Any thread. */
struct catalog *catalog_ref(struct catalog *catalog);
void catalog_unref(struct catalog *catalog); /* NULL is fine */

size_t catalog_count(const struct catalog *catalog);
struct key catalog_key(const struct catalog *catalog, size_t place);

/* The name of the row at that place, by ids; NULL where the catalog has no names. Borrowed. */
const char *catalog_name(const struct catalog *catalog, size_t place);

/* Whether there is such a row. */
bool catalog_has(const struct catalog *catalog, struct key key);

/* Whether there is such a row and it meets a condition whose filter is indexed. */
bool catalog_meets(const struct catalog *catalog, struct key key,
                   const struct condition *condition);

/* The keys of a page by id, of all rows or of those that meet a condition whose filter is indexed (or NULL),
   into `keys` (room for limit). Returns how many there are on the page; *count tells how many in all. */
size_t catalog_page(const struct catalog *catalog, const struct condition *condition,
                    int64_t offset, size_t limit, struct key *keys, size_t *count);

#endif
