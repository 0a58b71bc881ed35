/* How PostgreSQL orders and searches 100,000 flights: by indexes, reading no large table as a whole. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "repository/search.h"
#include "support/cmocka.h"
#include "support/postgres.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const terms_of_order[SEARCH_COLUMNS] = {
	[SEARCH_BY_ID] = "id",
	[SEARCH_BY_DESTINATION] = "destination",
	[SEARCH_BY_MISSION_END] = "mission_end",
	[SEARCH_BY_SPACECRAFT] = "spacecraft",
	[SEARCH_BY_SPACECRAFT_NAME] = "spacecraft__name",
	[SEARCH_BY_LAUNCH_NET] = "launch__net",
	[SEARCH_BY_LANDING_SUCCESS] = "landing__success",
};

static void store_many(const char *conninfo)
{
	free(test_sql(
		conninfo,
		"INSERT INTO spacecraft (id, name, serial_number) SELECT i,"
		" CASE WHEN i % 50 > 0 THEN 'Spacecraft ' || i END, 'SN-' || md5(i::text)"
		" FROM generate_series(1, 20000) i;"
		"INSERT INTO mission (id, name) SELECT i, 'Mission ' || md5(i::text)"
		" FROM generate_series(1, 50000) i;"
		"INSERT INTO launch (id, name, mission_id, net)"
		" SELECT lpad(i::text, 32, '0')::uuid, 'Launch ' || i, i % 50000 + 1,"
		" CASE WHEN i % 20 > 0 THEN timestamptz '1960-01-01Z'"
		" + i * 7919 % 100000 * interval '5 hours' END"
		" FROM generate_series(1, 100000) i;"
		"INSERT INTO landing (id, success) SELECT i,"
		" CASE WHEN i % 10 > 0 THEN i % 3 > 0 END FROM generate_series(1, 60000) i;"
		"INSERT INTO spacecraft_flight (id, destination, mission_end, spacecraft_id,"
		" launch_id, landing_id) SELECT i, CASE WHEN i % 30 > 0 THEN"
		" (ARRAY['Low Earth Orbit', 'Tiangong', 'ISS', 'Moon'])[i % 4 + 1] || i % 977 END,"
		" CASE WHEN i % 9 > 0 THEN timestamptz '1961-01-01Z' + i * interval '5 hours' END,"
		" CASE WHEN i % 100 > 0 THEN i % 20000 + 1 END,"
		" CASE WHEN i % 70 > 0 THEN lpad(i::text, 32, '0')::uuid END,"
		" CASE WHEN i <= 60000 THEN i END FROM generate_series(1, 100000) i;"
		"UPDATE spacecraft_flight SET destination = 'Xanadu' WHERE id = 77777"));
	free(test_sql(conninfo, "VACUUM ANALYZE"));
}

/* As the server runs it: planned for the values. */
static char *plan_of(const char *conninfo, const struct search *search)
{
	struct strbuf sql = STRBUF_INIT;
	char *plan;

	strbuf_printf(&sql, "SET plan_cache_mode = force_custom_plan; PREPARE q(%s) AS ",
	              search->spacecraft ? "bigint, text" : "text");
	search_write_sql(search, &sql);
	strbuf_printf(&sql,
	              "; CREATE TEMPORARY TABLE plan (line json);"
	              "DO $$ DECLARE p json; BEGIN EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE"
	              " q(%s)' INTO p; INSERT INTO plan VALUES (p); END $$;"
	              "SELECT line FROM plan",
	              search->spacecraft ? "5, ''%xanadu%''" : "''%xanadu%''");
	plan = test_sql(conninfo, sql.data);
	strbuf_fini(&sql);
	return plan;
}

static void walk_plan(const json_t *node, const char *what)
{
	static const char *const tables[] = {"spacecraft_flight", "launch", "spacecraft",
	                                     "mission"};
	const char *type = json_string_value(json_object_get(node, "Node Type"));
	const char *table = json_string_value(json_object_get(node, "Relation Name"));
	json_t *child;
	size_t i;

	for (i = 0; table && i < COUNT(tables); i++)
		if (strcmp(type, "Seq Scan") == 0 && strcmp(table, tables[i]) == 0)
			fail_msg("%s reads all of %s", what, table);
	json_array_foreach(json_object_get(node, "Plans"), i, child) walk_plan(child, what);
}

static void assert_plan(const char *conninfo, const struct search *search, const char *what)
{
	char *text = plan_of(conninfo, search);
	json_t *plan = json_loads(text, 0, NULL);
	const json_t *top = json_array_get(plan, 0);

	assert_non_null(plan);
	printf("%-40s %8.2f ms\n", what, json_real_value(json_object_get(top, "Execution Time")));
	walk_plan(json_object_get(top, "Plan"), what);
	json_decref(plan);
	free(text);
}

static void test_plans(void **state)
{
	const struct search_term term = {"xanadu", 6};
	const int64_t one = 5, flight = 77777;
	struct test_database many;
	char what[128];

	(void)state;
	test_database_init_schema(&many);
	store_many(many.conninfo);
	for (int i = 0; i < 2 * SEARCH_COLUMNS; i++) {
		struct search_order order[2] = {{(enum search_column)(i / 2), i % 2},
		                                {SEARCH_BY_ID, false}};
		struct search search = {.order = order, .order_count = i < 2 ? 1 : 2, .limit = 100};

		snprintf(what, sizeof(what), "by %s%s", i % 2 ? "-" : "", terms_of_order[i / 2]);
		assert_plan(many.conninfo, &search, what);
		search.offset = 90;
		search.limit = 10;
		assert_plan(many.conninfo, &search, what);
		search.terms = &term;
		search.term_count = 1;
		snprintf(what, sizeof(what), "searched by %s%s", i % 2 ? "-" : "",
		         terms_of_order[i / 2]);
		assert_plan(many.conninfo, &search, what);
		search.spacecraft = &one;
		snprintf(what, sizeof(what), "searched of one by %s%s", i % 2 ? "-" : "",
		         terms_of_order[i / 2]);
		assert_plan(many.conninfo, &search, what);
		search.term_count = 0;
		snprintf(what, sizeof(what), "of one by %s%s", i % 2 ? "-" : "",
		         terms_of_order[i / 2]);
		assert_plan(many.conninfo, &search, what);
	}
	assert_plan(many.conninfo,
	            &(struct search){.order = &(struct search_order){SEARCH_BY_ID, false},
	                             .order_count = 1,
	                             .limit = 1,
	                             .flight = &flight,
	                             .terms = &term,
	                             .term_count = 1},
	            "one flight searched");
	test_database_fini(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
	};

	return cmocka_run_group_tests_name("search_plans", tests, NULL, NULL);
}
