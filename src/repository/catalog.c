/* The ids of a resource's rows, sorted, and indexes for its filters. */
#include "repository/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "layout.h"
#include "repository/session.h"
#include "repository/wire.h"

#define NO_VALUE INT64_MIN

/* The rows in order of a reference of theirs, then by id. A row's number is its position by id. */
struct filter_index {
	const struct filter *filter;
	int64_t *values; /* by row: what the reference refers to; NO_VALUE: null */
	uint32_t *rows;  /* in order of their values, then of their numbers */
};

struct catalog {
	const struct resource *resource;
	size_t count;
	uint64_t *low, *high; /* of the keys, ascending; `high` only of uuids */
	char **names;         /* by row; NULL: none */
	struct filter_index *indexes;
	size_t index_count;
	int references;
};

/* --- Reading. --- */

static int compare_rows(const void *a, const void *b, void *user)
{
	const int64_t *values = user;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	if (values[x] != values[y])
		return values[x] < values[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void read_keys(struct catalog *catalog, const PGresult *result)
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

static void read_index(struct catalog *catalog, struct filter_index *index, const PGresult *result,
                       int column)
{
	index->values = must(calloc(catalog->count + 1, sizeof(int64_t)));
	index->rows = must(calloc(catalog->count + 1, sizeof(uint32_t)));
	for (size_t i = 0; i < catalog->count; i++) {
		bool null = PQgetisnull(result, (int)i, column);
		index->values[i] =
			null ? NO_VALUE : (int64_t)wire_get64(PQgetvalue(result, (int)i, column));
		index->rows[i] = (uint32_t)i;
	}
	qsort_r(index->rows, catalog->count, sizeof(uint32_t), compare_rows, index->values);
}

static void read_names(struct catalog *catalog, const PGresult *result, int column)
{
	if (column >= PQnfields(result) || catalog->count > CATALOG_NAMES_MAX)
		return;
	catalog->names = must(calloc(catalog->count + 1, sizeof(char *)));
	for (size_t i = 0; i < catalog->count; i++)
		catalog->names[i] = must(strdup(PQgetvalue(result, (int)i, column)));
}

/* From the result of the layout's statement `catalog`, whose columns are the id, those of the indexed filters and
   the name. */
static struct catalog *catalog_new(const struct resource *resource, const PGresult *result)
{
	const struct endpoint *endpoint = endpoint_of(resource);
	struct catalog *catalog = must(calloc(1, sizeof(*catalog)));
	int column = 1;
	*catalog = (struct catalog){
		.resource = resource, .count = (size_t)PQntuples(result), .references = 1};
	read_keys(catalog, result);
	if (endpoint != NULL)
		catalog->indexes =
			must(calloc(endpoint->filter_count + 1, sizeof(struct filter_index)));
	for (size_t i = 0; endpoint != NULL && i < endpoint->filter_count; i++) {
		if (!endpoint->filters[i].indexed)
			continue;
		struct filter_index *index = &catalog->indexes[catalog->index_count++];
		index->filter = &endpoint->filters[i];
		read_index(catalog, index, result, column++);
	}
	read_names(catalog, result, column);
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
		free(catalog->indexes[i].rows);
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

struct key catalog_key(const struct catalog *catalog, size_t row)
{
	return (struct key){catalog->high ? catalog->high[row] : 0, catalog->low[row]};
}

const char *catalog_name(const struct catalog *catalog, size_t row)
{
	return catalog->names ? catalog->names[row] : NULL;
}

/* The number of a key's row; false: there is none. */
static bool find_row(const struct catalog *catalog, struct key key, size_t *row)
{
	size_t low = 0, high = catalog->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (key_compare(catalog->resource->uuid, catalog_key(catalog, middle), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*row = low;
	return low < catalog->count && key_equal(catalog_key(catalog, low), key);
}

bool catalog_has(const struct catalog *catalog, struct key key)
{
	size_t row;
	return find_row(catalog, key, &row);
}

static const struct filter_index *index_of(const struct catalog *catalog,
                                           const struct condition *condition)
{
	for (size_t i = 0; i < catalog->index_count; i++)
		if (catalog->indexes[i].filter == condition->filter)
			return &catalog->indexes[i];
	abort(); /* the filter is not indexed: the caller is wrong */
}

bool catalog_meets(const struct catalog *catalog, struct key key, const struct condition *condition)
{
	size_t row;
	return find_row(catalog, key, &row) &&
	       index_of(catalog, condition)->values[row] == (int64_t)condition->key.low;
}

/* How many rows have a smaller value. */
static size_t count_below(const struct catalog *catalog, const struct filter_index *index,
                          int64_t value)
{
	size_t low = 0, high = catalog->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->values[index->rows[middle]] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t catalog_page(const struct catalog *catalog, const struct condition *condition,
                    int64_t offset, size_t limit, struct key *keys, size_t *count)
{
	const struct filter_index *index = condition ? index_of(catalog, condition) : NULL;
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
		size_t row = first + (size_t)offset + i;
		keys[i] = catalog_key(catalog, index ? index->rows[row] : row);
	}
	return found;
}
