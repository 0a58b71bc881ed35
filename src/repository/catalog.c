/* The ids of a resource's rows, sorted, indexes for its filters, and the moments that put its lists in order. */
#include "repository/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/temporal.h"
#include "layout.h"
#include "repository/session.h"
#include "repository/wire.h"

#define NO_VALUE INT64_MIN
#define NO_MOMENT INT64_MAX

/* The rows in order of a value of theirs, then by id. A row's number is its position by id. The values are kept in 32 bits
   where all of them are so many steps from the least, as ids and moments in whole seconds mostly are. */
struct order {
	int64_t none; /* stands for no value */
	int64_t least, step;
	uint32_t *steps; /* by row; NO_STEPS: no value */
	int64_t *values; /* by row; NULL: `steps` has them */
	uint32_t *rows;
};

#define NO_STEPS UINT32_MAX

struct filter_index {
	const struct filter *filter;
	struct order order; /* by what its reference refers to */
};

struct catalog {
	const struct resource *resource;
	size_t count;
	uint64_t *low, *high; /* of the keys, ascending; `high` only of uuids */
	char **names;         /* by row; NULL: none */
	struct filter_index *indexes;
	size_t index_count;
	struct order moments; /* that put the lists in order; no rows: they are in order of id */
	int references;
};

/* --- Orders. --- */

static int64_t order_value(const struct order *order, size_t row)
{
	if (order->values != NULL)
		return order->values[row];
	if (order->steps[row] == NO_STEPS)
		return order->none;
	return order->least + order->steps[row] * order->step;
}

static bool fits(const struct order *order, int64_t value)
{
	uint64_t distance = (uint64_t)value - (uint64_t)order->least;
	return distance % (uint64_t)order->step == 0 && distance / (uint64_t)order->step < NO_STEPS;
}

/* Keeps the values in half the memory, where they fit. */
static void order_pack(struct order *order, size_t count)
{
	order->least = INT64_MAX;
	for (size_t i = 0; i < count; i++)
		if (order->values[i] != order->none && order->values[i] < order->least)
			order->least = order->values[i];
	for (size_t i = 0; i < count; i++)
		if (order->values[i] != order->none && !fits(order, order->values[i]))
			return;
	order->steps = must(malloc((count + 1) * sizeof(uint32_t)));
	for (size_t i = 0; i < count; i++)
		order->steps[i] =
			order->values[i] == order->none
				? NO_STEPS
				: (uint32_t)((order->values[i] - order->least) / order->step);
	free(order->values);
	order->values = NULL;
}

static int compare_rows(const void *a, const void *b, void *user)
{
	const int64_t *values = user;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	if (values[x] != values[y])
		return values[x] < values[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Takes values of the rows, by row, and makes their order. */
static struct order order_new(int64_t *values, size_t count, int64_t none, int64_t step)
{
	struct order order = {.none = none, .step = step, .values = values};
	order.rows = must(malloc((count + 1) * sizeof(uint32_t)));
	for (size_t i = 0; i < count; i++)
		order.rows[i] = (uint32_t)i;
	qsort_r(order.rows, count, sizeof(uint32_t), compare_rows, values);
	order_pack(&order, count);
	return order;
}

static void order_free(struct order *order)
{
	free(order->steps);
	free(order->values);
	free(order->rows);
}

/* How many of the rows have a smaller value. */
static size_t order_below(const struct order *order, size_t count, int64_t value)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (order_value(order, order->rows[middle]) < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* --- Reading. --- */

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

static int64_t read_moment(const PGresult *result, int row, int column)
{
	int64_t moment;

	if (PQgetisnull(result, row, column))
		return NO_MOMENT;
	moment = (int64_t)wire_get64(PQgetvalue(result, row, column));
	return moment < NO_MOMENT - WIRE_EPOCH ? moment + WIRE_EPOCH : NO_MOMENT;
}

static struct order read_moments(const PGresult *result, size_t count, int column)
{
	int64_t *values = must(malloc((count + 1) * sizeof(int64_t)));
	for (size_t i = 0; i < count; i++)
		values[i] = read_moment(result, (int)i, column);
	return order_new(values, count, NO_MOMENT, MICROSECONDS);
}

static struct order read_references(const PGresult *result, size_t count, int column)
{
	int64_t *values = must(malloc((count + 1) * sizeof(int64_t)));
	for (size_t i = 0; i < count; i++)
		values[i] = PQgetisnull(result, (int)i, column)
		                    ? NO_VALUE
		                    : (int64_t)wire_get64(PQgetvalue(result, (int)i, column));
	return order_new(values, count, NO_VALUE, 1);
}

static void read_names(struct catalog *catalog, const PGresult *result, int column)
{
	if (column >= PQnfields(result) || catalog->count > CATALOG_NAMES_MAX)
		return;
	catalog->names = must(calloc(catalog->count + 1, sizeof(char *)));
	for (size_t i = 0; i < catalog->count; i++)
		catalog->names[i] = must(strdup(PQgetvalue(result, (int)i, column)));
}

/* From the result of the layout's statement `catalog`, whose columns are the id, those of the indexed filters, that of
   the order and the name. */
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
		index->order = read_references(result, catalog->count, column++);
	}
	if (endpoint != NULL && endpoint->order != NULL)
		catalog->moments = read_moments(result, catalog->count, column++);
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
	for (size_t i = 0; i < catalog->index_count; i++)
		order_free(&catalog->indexes[i].order);
	free(catalog->indexes);
	order_free(&catalog->moments);
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

static const struct order *index_of(const struct catalog *catalog,
                                    const struct condition *condition)
{
	for (size_t i = 0; i < catalog->index_count; i++)
		if (catalog->indexes[i].filter == condition->filter)
			return &catalog->indexes[i].order;
	abort(); /* the filter is not indexed: the caller is wrong */
}

bool catalog_meets(const struct catalog *catalog, struct key key, const struct condition *condition)
{
	size_t row;
	return find_row(catalog, key, &row) &&
	       order_value(index_of(catalog, condition), row) == (int64_t)condition->key.low;
}

/* --- Lists. --- */

/* Rows that follow each other: in order of a filter's values, of the lists' order, or of their keys (`rows` NULL). */
struct span {
	const uint32_t *rows;
	size_t first, count;
};

static struct span meeting(const struct catalog *catalog, const struct condition *condition)
{
	const struct order *index = index_of(catalog, condition);
	int64_t value = (int64_t)condition->key.low;
	size_t first = order_below(index, catalog->count, value);
	size_t end =
		value == INT64_MAX ? catalog->count : order_below(index, catalog->count, value + 1);
	return (struct span){index->rows, first, end - first};
}

static size_t count_before(const struct catalog *catalog, int64_t moment)
{
	return order_below(&catalog->moments, catalog->count, moment);
}

/* What a list has at that moment. */
static struct span listed(const struct catalog *catalog, const struct endpoint *list, int64_t now)
{
	size_t first = 0, end = catalog->count;
	int64_t bound = now + list->window_shift;
	if (list->window == WINDOW_FROM) {
		first = count_before(catalog, bound);
		end = count_before(catalog, NO_MOMENT);
	} else if (list->window == WINDOW_UNTIL) {
		end = count_before(catalog, bound + 1);
	}
	return (struct span){catalog->moments.rows, first, end - first};
}

bool catalog_lists(const struct catalog *catalog, const struct endpoint *list, struct key key,
                   int64_t now)
{
	size_t row;
	if (!find_row(catalog, key, &row))
		return false;
	if (list->window == WINDOW_ALL)
		return true;
	int64_t bound = now + list->window_shift;
	int64_t moment = order_value(&catalog->moments, row);
	return list->window == WINDOW_FROM ? moment >= bound && moment != NO_MOMENT
	                                   : moment <= bound;
}

int64_t catalog_moment_from(const struct catalog *catalog, int64_t from)
{
	size_t next = count_before(catalog, from);
	return next < catalog->count ? order_value(&catalog->moments, catalog->moments.rows[next])
	                             : NO_MOMENT;
}

/* A row leaves a list after its moment has come to the list's bound, and enters one at that very moment. */
int64_t catalog_list_until(const struct catalog *catalog, const struct endpoint *list, int64_t now)
{
	int64_t bound = now + list->window_shift, next;
	if (list->window == WINDOW_ALL)
		return INT64_MAX;
	next = catalog_moment_from(catalog, bound + (list->window == WINDOW_UNTIL));
	if (next == NO_MOMENT)
		return INT64_MAX;
	return next - list->window_shift - (list->window == WINDOW_UNTIL);
}

size_t catalog_page(const struct catalog *catalog, const struct catalog_range *range,
                    struct key *keys, size_t *count)
{
	struct span span = range->condition ? meeting(catalog, range->condition)
	                                    : listed(catalog, range->list, range->now);
	*count = span.count;
	if ((uint64_t)range->offset >= span.count)
		return 0;
	size_t left = span.count - (size_t)range->offset;
	size_t found = left < range->limit ? left : range->limit;
	for (size_t i = 0; i < found; i++) {
		size_t place = (size_t)range->offset + i;
		if (range->list->latest_first)
			place = span.count - 1 - place;
		place += span.first;
		keys[i] = catalog_key(catalog, span.rows ? span.rows[place] : place);
	}
	return found;
}
