/* The ids of all flights and spacecraft, and pages of them. */
#include "repository/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "repository/session.h"
#include "repository/wire.h"

#define NO_SPACECRAFT INT64_MIN

static const struct statement read_flights = {
	"SELECT id, spacecraft_id FROM spacecraft_flight ORDER BY id", 0, NULL};
static const struct statement read_spacecraft = {
	"SELECT id, CASE WHEN count(*) OVER () <= 1000 THEN coalesce(name, '') END"
	" FROM spacecraft ORDER BY id",
	0, NULL};
_Static_assert(CATALOG_NAMES_MAX == 1000, "the statement says the same number");

static int64_t bigint(const PGresult *result, int line, int column)
{
	if (PQgetisnull(result, line, column))
		return NO_SPACECRAFT;
	return (int64_t)wire_get64(PQgetvalue(result, line, column));
}

/* What qsort_r sorts by: a flight's place by its spacecraft, then by id, which is the place itself. */
static int compare_places(const void *a, const void *b, void *flown_by)
{
	const int64_t *spacecraft = flown_by;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	if (spacecraft[x] != spacecraft[y])
		return spacecraft[x] < spacecraft[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void take_flights(struct catalog *catalog, const PGresult *result)
{
	size_t count = (size_t)PQntuples(result);
	catalog->flight_count = count;
	catalog->flights = must(calloc(count + 1, sizeof(int64_t)));
	catalog->flown_by = must(calloc(count + 1, sizeof(int64_t)));
	catalog->by_spacecraft = must(calloc(count + 1, sizeof(uint32_t)));
	for (size_t i = 0; i < count; i++) {
		catalog->flights[i] = bigint(result, (int)i, 0);
		catalog->flown_by[i] = bigint(result, (int)i, 1);
		catalog->by_spacecraft[i] = (uint32_t)i;
	}
	qsort_r(catalog->by_spacecraft, count, sizeof(uint32_t), compare_places, catalog->flown_by);
}

static void take_spacecraft(struct catalog *catalog, const PGresult *result)
{
	size_t count = (size_t)PQntuples(result);
	catalog->spacecraft_count = count;
	catalog->spacecraft = must(calloc(count + 1, sizeof(int64_t)));
	if (count <= CATALOG_NAMES_MAX)
		catalog->names = must(calloc(count + 1, sizeof(char *)));
	for (size_t i = 0; i < count; i++) {
		catalog->spacecraft[i] = bigint(result, (int)i, 0);
		if (catalog->names != NULL)
			catalog->names[i] = must(strdup(PQgetvalue(result, (int)i, 1)));
	}
}

struct catalog *catalog_read(struct session *session, int64_t version, struct error *error)
{
	if (!session_send(session, &read_flights, NULL, error) ||
	    !session_send(session, &read_spacecraft, NULL, error) || !session_sync(session, error))
		return NULL;
	struct catalog *catalog = must(calloc(1, sizeof(*catalog)));
	catalog->references = 1;
	catalog->version = version;
	PGresult *flights = session_result(session, error);
	PGresult *spacecraft = flights ? session_result(session, error) : NULL;
	if (spacecraft != NULL) {
		take_flights(catalog, flights);
		take_spacecraft(catalog, spacecraft);
	}
	bool done = session_finish(session, error) && spacecraft != NULL;
	PQclear(flights);
	PQclear(spacecraft);
	if (done)
		return catalog;
	catalog_unref(catalog);
	return NULL;
}

struct catalog *catalog_ref(struct catalog *catalog)
{
	__atomic_add_fetch(&catalog->references, 1, __ATOMIC_RELAXED);
	return catalog;
}

void catalog_unref(struct catalog *catalog)
{
	if (catalog == NULL || __atomic_sub_fetch(&catalog->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t i = 0; catalog->names != NULL && i < catalog->spacecraft_count; i++)
		free(catalog->names[i]);
	free(catalog->names);
	free(catalog->spacecraft);
	free(catalog->by_spacecraft);
	free(catalog->flown_by);
	free(catalog->flights);
	free(catalog);
}

/* The first place whose id is not below `id`. */
static size_t lower_bound(const int64_t *ids, size_t count, int64_t id)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool catalog_has_spacecraft(const struct catalog *catalog, int64_t spacecraft)
{
	size_t place = lower_bound(catalog->spacecraft, catalog->spacecraft_count, spacecraft);
	return place < catalog->spacecraft_count && catalog->spacecraft[place] == spacecraft;
}

bool catalog_has_flight(const struct catalog *catalog, int64_t flight, const int64_t *spacecraft)
{
	size_t place = lower_bound(catalog->flights, catalog->flight_count, flight);
	return place < catalog->flight_count && catalog->flights[place] == flight &&
	       (spacecraft == NULL || catalog->flown_by[place] == *spacecraft);
}

/* The first of by_spacecraft that is flown by `spacecraft` or a higher one. */
static size_t first_flown_by(const struct catalog *catalog, int64_t spacecraft)
{
	size_t low = 0, high = catalog->flight_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (catalog->flown_by[catalog->by_spacecraft[middle]] < spacecraft)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t catalog_page(const struct catalog *catalog, const int64_t *spacecraft, int64_t offset,
                    size_t limit, int64_t *ids, size_t *count)
{
	size_t first = 0, all = catalog->flight_count;
	if (spacecraft != NULL) {
		first = first_flown_by(catalog, *spacecraft);
		size_t end =
			*spacecraft == INT64_MAX ? all : first_flown_by(catalog, *spacecraft + 1);
		all = end - first;
	}
	*count = all;
	if ((uint64_t)offset >= all)
		return 0;
	size_t found = all - (size_t)offset < limit ? all - (size_t)offset : limit;
	for (size_t i = 0; i < found; i++) {
		size_t place = first + (size_t)offset + i;
		ids[i] = catalog->flights[spacecraft ? catalog->by_spacecraft[place] : place];
	}
	return found;
}
