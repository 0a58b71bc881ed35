/* The ids of a resource's rows, and pages of them. */
#include "repository/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "layout.h"
#include "repository/session.h"
#include "repository/wire.h"

#define NO_VALUE INT64_MIN

/* The places of the rows in order of what a reference of theirs is, then by id, which is the place itself. */
struct place_index {
	const struct filter *filter;
	int64_t *values; /* by place; NO_VALUE: null */
	uint32_t *places;
};

struct catalog {
	const struct resource *resource;
	size_t count;
	uint64_t *low, *high; /* of the keys, ascending; `high` only of uuids */
	char **names;         /* by place; NULL: none */
	struct place_index *indexes;
	size_t index_count;
	int references;
};

/* --- Reading. --- */

static int compare_places(const void *a, const void *b, void *user)
{
	const int64_t *values = user;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	if (values[x] != values[y])
		return values[x] < values[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void take_keys(struct catalog *catalog, const PGresult *result)
{
	bool uuid = catalog->resource->uuid;
	catalog->low = must(calloc(catalog->count + 1, sizeof(uint64_t)));
	if (uuid)
		catalog->high = must(calloc(catalog->count + 1, sizeof(uint64_t)));
	for (size_t i = 0; i < catalog->count; i++) {
		struct key key = wire_get_key(PQgetvalue(result, (int)i, 0), uuid);
		catalog->low[i] = key.low;
		if (uuid)
			catalog->high[i] = key.high;
	}
}

static void take_index(struct catalog *catalog, struct place_index *index, const PGresult *result,
                       int column)
{
	index->values = must(calloc(catalog->count + 1, sizeof(int64_t)));
	index->places = must(calloc(catalog->count + 1, sizeof(uint32_t)));
	for (size_t i = 0; i < catalog->count; i++) {
		bool null = PQgetisnull(result, (int)i, column);
		index->values[i] =
			null ? NO_VALUE
			     : (int64_t)wire_get64(PQgetvalue(result, (int)i, column));
		index->places[i] = (uint32_t)i;
	}
	qsort_r(index->places, catalog->count, sizeof(uint32_t), compare_places, index->values);
}

static void take_names(struct catalog *catalog, const PGresult *result, int column)
{
	if (column >= PQnfields(result) || catalog->count > CATALOG_NAMES_MAX)
		return;
	catalog->names = must(calloc(catalog->count + 1, sizeof(char *)));
	for (size_t i = 0; i < catalog->count; i++)
		catalog->names[i] = must(strdup(PQgetvalue(result, (int)i, column)));
}

/* The columns of the layout's statement: the id, what each indexed filter compares, the name. */
static struct catalog *catalog_new(const struct resource *resource, const PGresult *result)
{
	const struct endpoint *endpoint = endpoint_of(resource);
	struct catalog *catalog = must(calloc(1, sizeof(*catalog)));
	int column = 1;
	*catalog = (struct catalog){
		.resource = resource, .count = (size_t)PQntuples(result), .references = 1};
	take_keys(catalog, result);
	if (endpoint != NULL)
		catalog->indexes = must(calloc(endpoint->filter_count + 1, sizeof(struct place_index)));
	for (size_t i = 0; endpoint != NULL && i < endpoint->filter_count; i++) {
		if (!endpoint->filters[i].indexed)
			continue;
		struct place_index *index = &catalog->indexes[catalog->index_count++];
		index->filter = &endpoint->filters[i];
		take_index(catalog, index, result, column++);
	}
	take_names(catalog, result, column);
	return catalog;
}

bool catalog_read(struct session *session, const struct resource *const *wanted, size_t count,
                  struct catalog **catalogs, struct error *error)
{
	size_t read = 0;
	for (size_t i = 0; i < count; i++)
		if (!session_send(session, &layout_of(wanted[i]->index)->catalog, NULL, error))
			return false;
	if (!session_sync(session, error))
		return false;
	for (; read < count; read++) {
		PGresult *result = session_result(session, error);
		if (result == NULL)
			break;
		catalogs[read] = catalog_new(wanted[read], result);
		PQclear(result);
	}
	if (session_finish(session, error) && read == count)
		return true;
	while (read > 0)
		catalog_unref(catalogs[--read]);
	return false;
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
	for (size_t i = 0; catalog->names != NULL && i < catalog->count; i++)
		free(catalog->names[i]);
	for (size_t i = 0; i < catalog->index_count; i++) {
		free(catalog->indexes[i].values);
		free(catalog->indexes[i].places);
	}
	free(catalog->indexes);
	free(catalog->names);
	free(catalog->low);
	free(catalog->high);
	free(catalog);
}

/* --- Looking up. --- */

size_t catalog_count(const struct catalog *catalog)
{
	return catalog->count;
}

struct key catalog_key(const struct catalog *catalog, size_t place)
{
	return (struct key){catalog->high ? catalog->high[place] : 0, catalog->low[place]};
}

const char *catalog_name(const struct catalog *catalog, size_t place)
{
	return catalog->names ? catalog->names[place] : NULL;
}

/* The place of a key; false: there is no such row. */
static bool find_place(const struct catalog *catalog, struct key key, size_t *place)
{
	size_t low = 0, high = catalog->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (key_compare(catalog->resource->uuid, catalog_key(catalog, middle), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*place = low;
	return low < catalog->count && key_equal(catalog_key(catalog, low), key);
}

bool catalog_has(const struct catalog *catalog, struct key key)
{
	size_t place;
	return find_place(catalog, key, &place);
}

static const struct place_index *index_of(const struct catalog *catalog,
                                          const struct condition *condition)
{
	for (size_t i = 0; i < catalog->index_count; i++)
		if (catalog->indexes[i].filter == condition->filter)
			return &catalog->indexes[i];
	abort(); /* the filter is not indexed: a mistake of the caller */
}

bool catalog_meets(const struct catalog *catalog, struct key key, const struct condition *condition)
{
	size_t place;
	return find_place(catalog, key, &place) &&
	       index_of(catalog, condition)->values[place] == (int64_t)condition->key.low;
}

/* How many rows have a value below that. */
static size_t count_below(const struct catalog *catalog, const struct place_index *index,
                          int64_t value)
{
	size_t low = 0, high = catalog->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->values[index->places[middle]] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t catalog_page(const struct catalog *catalog, const struct condition *condition,
                    int64_t offset, size_t limit, struct key *keys, size_t *count)
{
	const struct place_index *index = condition ? index_of(catalog, condition) : NULL;
	size_t first = 0, all = catalog->count;
	if (index != NULL) {
		int64_t value = (int64_t)condition->key.low;
		first = count_below(catalog, index, value);
		if (value != INT64_MAX)
			all = count_below(catalog, index, value + 1);
		all -= first;
	}
	*count = all;
	if ((uint64_t)offset >= all)
		return 0;
	size_t found = all - (size_t)offset < limit ? all - (size_t)offset : limit;
	for (size_t i = 0; i < found; i++) {
		size_t place = first + (size_t)offset + i;
		keys[i] = catalog_key(catalog, index ? index->places[place] : place);
	}
	return found;
}
