/* The ids of all rows of a resource in memory, so that a page in order of id, filtered by at most one indexed
   filter, and the choices of a filter need no database. Immutable: after a change a new catalog replaces it. */
#ifndef REPOSITORY_CATALOG_H
#define REPOSITORY_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "resources/endpoint.h"

struct session;

struct catalog;

/* Reads the catalogs of some resources in the session's snapshot, in one round trip. Each is new, with one
   reference. False, with the error set: none was read. */
bool catalog_read(struct session *session, const struct resource *const *wanted, size_t count,
                  struct catalog **catalogs, struct error *error) MUST_CHECK;

/* Any thread. */
struct catalog *catalog_ref(struct catalog *catalog);
void catalog_unref(struct catalog *catalog); /* NULL is fine */

size_t catalog_count(const struct catalog *catalog);

/* The key of a row; rows are numbered from 0 in order of their keys. */
struct key catalog_key(const struct catalog *catalog, size_t row);

/* The name of a row; NULL where the catalog has no names. Borrowed. */
const char *catalog_name(const struct catalog *catalog, size_t row);

/* Whether there is such a row. */
bool catalog_has(const struct catalog *catalog, struct key key);

/* Whether there is such a row and it meets a condition whose filter is indexed. */
bool catalog_meets(const struct catalog *catalog, struct key key,
                   const struct condition *condition);

/* Writes the keys of a page, in order, to `keys` (room for `limit`): of all rows or, where `condition` is not NULL,
   of those that meet it; its filter must be indexed. Returns how many; *count: on all pages together. */
size_t catalog_page(const struct catalog *catalog, const struct condition *condition,
                    int64_t offset, size_t limit, struct key *keys, size_t *count);

#endif
