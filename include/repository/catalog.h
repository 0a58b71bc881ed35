/* The ids of all rows of a resource in memory, so that a page of each of its lists in its own order, filtered by at
   most one indexed filter, and the choices of a filter need no database. Immutable: after a change of the data a new
   catalog replaces it; of lists whose rows change as time passes it knows when. */
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

/* Whether one of the resource's lists has that row at that moment. */
bool catalog_lists(const struct catalog *catalog, const struct endpoint *list, struct key key,
                   int64_t now);

/* The last moment, beginning with `now`, at which the list has the rows that it has now; INT64_MAX: there is none. */
int64_t catalog_list_until(const struct catalog *catalog, const struct endpoint *list, int64_t now);

/* The first moment from there on that a row has in the field of its lists' order; INT64_MAX: there is none. */
int64_t catalog_moment_from(const struct catalog *catalog, int64_t from);

/* Whether there is such a row and it meets a condition whose filter is indexed. */
bool catalog_meets(const struct catalog *catalog, struct key key,
                   const struct condition *condition);

struct catalog_range {
	const struct endpoint *list;
	const struct condition
		*condition; /* only rows that meet it; its filter must be indexed; or NULL */
	int64_t now;        /* for the list's window */
	int64_t offset;
	size_t limit;
};

/* Writes the keys of a page in the list's own order to `keys` (room for the limit). Returns how many; *count: on all
   pages together. */
size_t catalog_page(const struct catalog *catalog, const struct catalog_range *range,
                    struct key *keys, size_t *count);

#endif
