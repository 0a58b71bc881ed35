/* Which flights and spacecraft there are, kept in memory: pages without search or ordering need no
   database to know their flights. A catalog never changes; a new one takes its place. */
#ifndef REPOSITORY_CATALOG_H
#define REPOSITORY_CATALOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct session;

/* How many spacecraft a catalog can name; where there are more, it names none. */
#define CATALOG_NAMES_MAX 1000

struct catalog {
	int64_t version; /* of the data that it was read from */
	size_t flight_count;
	int64_t *flights;        /* ids, ascending */
	int64_t *flown_by;       /* each flight's spacecraft; INT64_MIN: none */
	uint32_t *by_spacecraft; /* flights' places in order of spacecraft, then id */
	size_t spacecraft_count;
	int64_t *spacecraft; /* ids, ascending */
	char **names;        /* theirs; NULL where there are too many */
	int references;
};

/* Reads the catalog in the session's snapshot, whose version the caller knows. New, with one reference. */
struct catalog *catalog_read(struct session *session, int64_t version,
                             struct error *error) MUST_CHECK;

/* Any thread. */
struct catalog *catalog_ref(struct catalog *catalog);
void catalog_unref(struct catalog *catalog); /* NULL is fine */

/* Whether there is such a spacecraft, or such a flight (flown by that spacecraft, unless it is NULL). */
bool catalog_has_spacecraft(const struct catalog *catalog, int64_t spacecraft);
bool catalog_has_flight(const struct catalog *catalog, int64_t flight, const int64_t *spacecraft);

/* The ids of a page by id, of all flights or of a spacecraft's, into `ids` (room for limit). Returns how
   many there are on the page; *count tells how many in all. */
size_t catalog_page(const struct catalog *catalog, const int64_t *spacecraft, int64_t offset,
                    size_t limit, int64_t *ids, size_t *count);

#endif
