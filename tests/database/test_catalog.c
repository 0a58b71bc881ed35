/* Catalogs: what a row of a list takes in memory, and that lists and filters out of memory have the rows, in the order,
   that the same statement in PostgreSQL gives. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/temporal.h"
#include "repository/catalog.h"
#include "repository/session.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fixture.h"

#define ROWS 20000
#define BYTES_A_ROW 24
#define SHOWN 200 /* rows, at most, in a list that is compared */

static struct session *session;

static int set_up(void **state)
{
	struct error error = {0};

	set_up_schema(state);
	session = session_open(database.conninfo, SESSION_READS, &error);
	assert_non_null(session);
	return 0;
}

static int teardown(void **state)
{
	session_close(session);
	return tear_down(state);
}

static struct catalog *read_catalog(const struct resource *resource)
{
	struct error error = {0};
	struct catalog *catalog = NULL;

	assert_true(catalog_read(session, &resource, 1, &catalog, &error));
	return catalog;
}

/* --- Memory. --- */

static size_t allocated(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* Where another allocator stands in for the C library's (ASan, valgrind), there is nothing to see. */
static void assert_small(const struct resource *resource)
{
	catalog_unref(read_catalog(resource)); /* statements are prepared */
	size_t before = allocated();
	struct catalog *catalog = read_catalog(resource);
	size_t used = allocated() - before;

	assert_int_equal(catalog_count(catalog), ROWS);
	printf("%-20s %.1f bytes a row\n", resource->name, (double)used / ROWS);
	assert_in_range(used, 0, ROWS * BYTES_A_ROW + 8192);
	catalog_unref(catalog);
}

static void test_memory(void **state)
{
	char sql[1000];

	(void)state;
	snprintf(sql, sizeof(sql),
	         "INSERT INTO spacecraft (id) SELECT i FROM generate_series(1, 100) i;"
	         "INSERT INTO launch (id, name, net) SELECT md5(i::text)::uuid, 'Launch ' || i,"
	         " CASE WHEN i %% 10 > 0 THEN timestamptz '1942-10-03Z' + i * interval '1 day' END"
	         " FROM generate_series(1, %1$d) i;"
	         "INSERT INTO event (id, name, date) SELECT i, 'Event ' || i,"
	         " timestamptz '1957-10-04Z' + i * interval '1 hour' FROM generate_series(1, %1$d) "
	         "i;"
	         "INSERT INTO spacecraft_flight (id, spacecraft_id) SELECT i, i %% 100 + 1"
	         " FROM generate_series(1, %1$d) i;"
	         "INSERT INTO agency (id, name) SELECT i, 'Agency ' || i FROM generate_series(1, "
	         "%1$d) i",
	         ROWS);
	free(test_sql(database.conninfo, sql));
	assert_small(&resource_launch);
	assert_small(&resource_event);
	assert_small(&resource_spacecraft_flight);
	assert_small(&resource_agency);
	free(test_sql(database.conninfo,
	              "TRUNCATE launch, event, spacecraft_flight, spacecraft, agency CASCADE"));
}

/* --- What is listed. --- */

/* Ids with commas between. */
static void add_id(struct strbuf *ids, const struct resource *resource, struct key key)
{
	char text[KEY_TEXT_SIZE];

	key_format(resource->uuid, key, text);
	strbuf_printf(ids, "%s%s", ids->length > 0 ? "," : "", text);
}

static void assert_ids(struct strbuf *ids, const char *sql)
{
	char *expected = test_sql(database.conninfo, sql);

	assert_string_equal(ids->data ? ids->data : "", expected);
	free(expected);
	strbuf_fini(ids);
}

/* As SQL, which rows `t` the list has at the moment $now. */
static void write_window(const struct endpoint *list, const char *now, char sql[200])
{
	static const char *const compare[] = {[WINDOW_FROM] = ">=", [WINDOW_UNTIL] = "<="};

	if (list->window == WINDOW_ALL)
		snprintf(sql, 200, "true");
	else
		snprintf(sql, 200, "t.%s %s timestamptz '%s' + interval '%lld seconds'",
		         list->order, compare[list->window], now,
		         (long long)(list->window_shift / MICROSECONDS));
}

static void assert_list(const struct catalog *catalog, const struct endpoint *list, const char *now)
{
	const char *way = list->latest_first ? "DESC" : "ASC";
	struct catalog_range range = {.list = list, .limit = SHOWN};
	struct strbuf page = STRBUF_INIT, single = STRBUF_INIT;
	struct key keys[SHOWN];
	char window[200], sql[800];
	size_t count;

	assert_true(moment_parse(now, &range.now));
	write_window(list, now, window);
	size_t found = catalog_page(catalog, &range, keys, &count);
	assert_int_equal(found, count);
	for (size_t i = 0; i < found; i++)
		add_id(&page, list->resource, keys[i]);
	snprintf(sql, sizeof(sql),
	         "SELECT string_agg(id::text, ',' ORDER BY %1$s %2$s%3$s, id %2$s) FROM %4$s t"
	         " WHERE %5$s",
	         list->order, way, list->latest_first ? " NULLS FIRST" : " NULLS LAST",
	         list->resource->name, window);
	assert_ids(&page, sql);
	for (size_t row = 0; row < catalog_count(catalog); row++)
		if (catalog_lists(catalog, list, catalog_key(catalog, row), range.now))
			add_id(&single, list->resource, catalog_key(catalog, row));
	snprintf(sql, sizeof(sql),
	         "SELECT string_agg(id::text, ',' ORDER BY id) FROM %s t WHERE %s",
	         list->resource->name, window);
	assert_ids(&single, sql);
}

/* All lists of launches around moments that rows have, and the next moment of a row. */
static void assert_lists(void)
{
	static const char *const moments[] = {
		"0001-01-01T00:00:00Z",        "1969-07-16T13:32:00Z",
		"2024-05-05T23:59:59.999999Z", "2024-05-06T00:00:00Z",
		"2024-05-07T00:00:00Z",        "2024-05-07T00:00:00.000001Z",
		"2024-05-08T00:00:00.500000Z", "2031-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z"};
	struct catalog *catalog = read_catalog(&resource_launch);

	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		char sql[200], *next;
		int64_t moment;

		assert_list(catalog, &endpoint_launch, moments[i]);
		assert_list(catalog, &endpoint_launch_upcoming, moments[i]);
		assert_list(catalog, &endpoint_launch_previous, moments[i]);
		assert_true(moment_parse(moments[i], &moment));
		snprintf(sql, sizeof(sql),
		         "SELECT coalesce((extract(epoch FROM min(net)) * 1000000)::bigint,"
		         " 9223372036854775807) FROM launch WHERE net >= '%s'",
		         moments[i]);
		next = test_sql(database.conninfo, sql);
		assert_int_equal(catalog_moment_from(catalog, moment), strtoll(next, NULL, 10));
		free(next);
	}
	catalog_unref(catalog);
}

static void test_lists(void **state)
{
	(void)state;
	assert_lists(); /* of no rows */
	free(test_sql(database.conninfo,
	              "INSERT INTO launch (id, net) SELECT md5(i::text)::uuid, CASE WHEN i % 9 > 0"
	              " THEN timestamptz '2024-05-01Z' + i / 2 * interval '4 hours' END"
	              " FROM generate_series(1, 100) i"));
	assert_lists();
	/* A launch of the 1940s, and one that is 200 years later than that. */
	free(test_sql(database.conninfo,
	              "INSERT INTO launch (id, net) VALUES (md5('early')::uuid, '1942-10-03Z'),"
	              " (md5('late')::uuid, '2142-10-03Z')"));
	assert_lists();
	free(test_sql(
		database.conninfo,
		"DELETE FROM launch WHERE net > '2100-01-01Z';"
		"UPDATE launch SET net = net + interval '500 milliseconds' WHERE id::text < '8'"));
	assert_lists();
}

/* --- What a filter finds. --- */

static void assert_filtered(const struct catalog *catalog, int64_t spacecraft)
{
	struct condition condition = {.key = {0, (uint64_t)spacecraft}};
	struct catalog_range range = {
		.list = &endpoint_spacecraft_flight, .condition = &condition, .limit = SHOWN};
	struct strbuf page = STRBUF_INIT, single = STRBUF_INIT;
	struct key keys[SHOWN];
	char sql[200];
	size_t count;

	for (size_t i = 0; i < endpoint_spacecraft_flight.filter_count; i++)
		if (endpoint_spacecraft_flight.filters[i].indexed)
			condition.filter = &endpoint_spacecraft_flight.filters[i];
	size_t found = catalog_page(catalog, &range, keys, &count);
	for (size_t i = 0; i < found; i++)
		add_id(&page, &resource_spacecraft_flight, keys[i]);
	for (size_t row = 0; row < catalog_count(catalog); row++)
		if (catalog_meets(catalog, catalog_key(catalog, row), &condition))
			add_id(&single, &resource_spacecraft_flight, catalog_key(catalog, row));
	snprintf(sql, sizeof(sql),
	         "SELECT string_agg(id::text, ',' ORDER BY id) FROM spacecraft_flight"
	         " WHERE spacecraft_id = %lld",
	         (long long)spacecraft);
	assert_ids(&page, sql);
	assert_ids(&single, sql);
}

static void assert_filters(void)
{
	static const int64_t spacecraft[] = {INT64_MIN + 1, -1,         0,        1, 7,
	                                     123456789,     UINT32_MAX, INT64_MAX};
	struct catalog *catalog = read_catalog(&resource_spacecraft_flight);

	for (size_t i = 0; i < sizeof(spacecraft) / sizeof(spacecraft[0]); i++)
		assert_filtered(catalog, spacecraft[i]);
	catalog_unref(catalog);
}

static void test_filters(void **state)
{
	(void)state;
	free(test_sql(database.conninfo, "INSERT INTO spacecraft (id) VALUES (1), (7), "
	                                 "(123456789), (4294967295), (-1), (9223372036854775807);"
	                                 "INSERT INTO spacecraft_flight (id, spacecraft_id)"
	                                 " SELECT i, (ARRAY[1, 7, 123456789, NULL])[i % 4 + 1] "
	                                 "FROM generate_series(1, 30) i"));
	assert_filters();
	free(test_sql(database.conninfo,
	              "INSERT INTO spacecraft_flight (id, spacecraft_id)"
	              " VALUES (51, -1), (52, 4294967295), (-53, 9223372036854775807)"));
	assert_filters();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_filters),
	};

	return RUN_TESTS("catalog", tests, set_up, teardown);
}
