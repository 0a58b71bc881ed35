/* How PostgreSQL selects rows of each endpoint, among 100,000 flights: by indexes, reading no large table as a
   whole. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "repository/selection.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/many_rows.h"
#include "support/plans.h"
#include "support/postgres.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void store_many(const char *conninfo)
{
	rows_store(
		conninfo,
		"INSERT INTO spacecraft_configuration (id, name) SELECT i, 'Type ' || md5(i::text)"
		" FROM generate_series(1, 2000) i;"
		"INSERT INTO spacecraft_status (id, name) SELECT i, 'Status ' || i"
		" FROM generate_series(1, 500) i;"
		"INSERT INTO spacecraft (id, name, serial_number, spacecraft_config_id, status_id,"
		" flights_count, mission_ends_count, time_docked, time_in_space, in_space,"
		" is_placeholder) SELECT i,"
		" CASE WHEN i % 50 > 0 THEN 'Spacecraft ' || i END,"
		" CASE WHEN i % 40 > 0 THEN 'SN-' || md5(i::text) END,"
		" i % 2000 + 1, i % 500 + 1, i % 7, i % 5, i * interval '1 hour',"
		" CASE WHEN i % 3 > 0 THEN i * interval '2 hours' END, i % 100 = 0, i % 90 = 0"
		" FROM generate_series(1, 20000) i;"
		"INSERT INTO mission (id, name) SELECT i, 'Mission ' || md5(i::text)"
		" FROM generate_series(1, 50000) i;"
		"INSERT INTO launch (id, name, mission_id, net)"
		" SELECT lpad(i::text, 32, '0')::uuid,"
		" CASE WHEN i % 30 > 0 THEN 'Launch ' || i END, i % 50000 + 1,"
		" CASE WHEN i % 20 > 0 THEN timestamptz '1960-01-01Z'"
		" + i * 7919 % 100000 * interval '5 hours' END"
		" FROM generate_series(1, 100000) i;"
		"INSERT INTO landing (id, success) SELECT i,"
		" CASE WHEN i % 10 > 0 THEN i % 3 > 0 END FROM generate_series(1, 60000) i;"
		"INSERT INTO spacecraft_flight (id, destination, mission_end, spacecraft_id,"
		" launch_id, landing_id, turn_around_time) SELECT i,"
		" CASE WHEN i = 77777 THEN 'Xanadu' WHEN i % 30 > 0 THEN"
		" (ARRAY['Low Earth Orbit', 'Tiangong', 'ISS', 'Moon'])[i % 4 + 1] || i % 977 END,"
		" CASE WHEN i % 9 > 0 THEN timestamptz '1961-01-01Z' + i * interval '5 hours' END,"
		" CASE WHEN i % 100 > 0 THEN i % 20000 + 1 END,"
		" CASE WHEN i % 70 > 0 THEN lpad(i::text, 32, '0')::uuid END,"
		" CASE WHEN i <= 60000 THEN i END,"
		" CASE WHEN i % 8 > 0 THEN i * 7919 % 100000 * interval '1 minute' END"
		" FROM generate_series(1, 100000) i;");
}

static const int64_t integers[] = {2018};

/* Near the first or the last of those that store_many makes. */
static int64_t moment_of(const struct filter *filter)
{
	bool before = filter->lookup == LOOKUP_LT || filter->lookup == LOOKUP_LTE;
	bool end = strcmp(filter->path, "mission_end") == 0;
	const char *text = end      ? before ? "1961-01-10T00:00:00Z" : "2018-01-05T00:00:00Z"
	                   : before ? "1960-01-10T00:00:00Z"
	                            : "2016-12-25T00:00:00Z";
	int64_t moment;

	assert_true(moment_parse(text, &moment));
	return moment;
}

/* A value that few rows have, or are beyond. */
static struct condition condition_of(const struct filter *filter)
{
	struct condition condition = {.filter = filter,
	                              .key = {0, 5},
	                              .truth = true,
	                              .text = text_of("Spacecraft 77"),
	                              .integers = integers,
	                              .count = COUNT(integers)};

	if (filter->match == MATCH_MOMENT)
		condition.moment = moment_of(filter);
	return condition;
}

static void walk_plan(const json_t *node, const char *what)
{
	static const char *const tables[] = {"spacecraft_flight", "launch", "spacecraft",
	                                     "spacecraft_flight_search"};
	const char *type = json_string_value(json_object_get(node, "Node Type"));
	const char *table = json_string_value(json_object_get(node, "Relation Name"));
	json_t *child;
	size_t i;

	if (json_number_value(json_object_get(node, "Actual Loops")) == 0)
		return; /* this part was not needed */
	for (i = 0; table && i < COUNT(tables); i++)
		if (strcmp(type, "Seq Scan") == 0 && strcmp(table, tables[i]) == 0)
			fail_msg("%s reads all of %s", what, table);
	json_array_foreach(json_object_get(node, "Plans"), i, child) walk_plan(child, what);
}

static void assert_plan(PGconn *connection, const struct selection *selection, const char *what)
{
	json_t *plan = plan_of(connection, selection);

	printf("%-40s %8.2f ms\n", what, json_real_value(json_object_get(plan, "Execution Time")));
	walk_plan(json_object_get(plan, "Plan"), what);
	json_decref(plan);
}

/* A condition that few rows meet must not be looked for in all of them; flags, days and months are met by so
   many that an index would not help. */
static bool is_selective(const struct filter *filter)
{
	return filter->match != MATCH_BOOLEAN && filter->lookup != LOOKUP_DAY &&
	       filter->lookup != LOOKUP_MONTH;
}

static void assert_plans_of_order(PGconn *connection, const struct endpoint *endpoint,
                                  const struct ordering *ordering, bool descending,
                                  bool few_filters)
{
	const struct text term = {"xanadu", 6};
	struct sort sorts[2] = {{ordering, descending}, {NULL, false}};
	struct selection selection = {
		.endpoint = endpoint, .sorts = sorts, .sort_count = ordering ? 2 : 1, .limit = 100};
	char order[64], what[192];

	snprintf(order, sizeof(order), "%s by %s%s", endpoint->nouns, descending ? "-" : "",
	         ordering ? ordering->term : "id");
	assert_plan(connection, &selection, order);
	selection.offset = 90;
	selection.limit = 10;
	assert_plan(connection, &selection, order);
	for (size_t i = 0; i < endpoint->filter_count; i++) {
		struct condition condition = condition_of(&endpoint->filters[i]);

		if (!is_selective(&endpoint->filters[i]) || (few_filters && i > 0))
			continue;
		selection.conditions = &condition;
		selection.condition_count = 1;
		selection.counted = !endpoint->filters[i].indexed;
		snprintf(what, sizeof(what), "%s, %s", order, endpoint->filters[i].name);
		assert_plan(connection, &selection, what);
		selection.terms = &term;
		selection.term_count = 1;
		selection.counted = true;
		snprintf(what, sizeof(what), "%s, %s, searched", order, endpoint->filters[i].name);
		assert_plan(connection, &selection, what);
		selection.term_count = 0;
	}
	selection.condition_count = 0;
	selection.terms = &term;
	selection.term_count = 1;
	selection.counted = true;
	snprintf(what, sizeof(what), "%s, searched", order);
	assert_plan(connection, &selection, what);
}

static void test_plans(void **state)
{
	const struct text term = {"xanadu", 6};
	const struct key flight = {0, 77777};
	const struct sort by_id = {NULL, false};
	/* Those that store_many has rows of. */
	const struct endpoint *const stored[] = {&endpoint_spacecraft_flight, &endpoint_spacecraft};
	struct test_database many;
	PGconn *connection;

	(void)state;
	test_database_init_schema(&many);
	store_many(many.conninfo);
	connection = plans_connect(many.conninfo);
	for (size_t e = 0; e < COUNT(stored); e++) {
		assert_plans_of_order(connection, stored[e], NULL, false, false);
		assert_plans_of_order(connection, stored[e], NULL, true, false);
		for (size_t i = 0; i < stored[e]->ordering_count; i++) {
			const struct ordering *ordering = &stored[e]->orderings[i];

			if (ordering->unindexed)
				continue;
			assert_plans_of_order(connection, stored[e], ordering, false, i > 0);
			assert_plans_of_order(connection, stored[e], ordering, true, i > 0);
		}
	}
	assert_plan(connection,
	            &(struct selection){.endpoint = &endpoint_spacecraft_flight,
	                                .sorts = &by_id,
	                                .sort_count = 1,
	                                .limit = 1,
	                                .key = &flight,
	                                .terms = &term,
	                                .term_count = 1,
	                                .counted = true},
	            "one flight searched");
	PQfinish(connection);
	test_database_fini(&many);
}

/* Orders without an index sort all rows, each of whose tables is read once. */
static size_t scans_of(const json_t *node)
{
	size_t scans = json_object_get(node, "Relation Name") != NULL, i;
	json_t *child;

	json_array_foreach(json_object_get(node, "Plans"), i, child) scans += scans_of(child);
	return scans;
}

static void test_unindexed(void **state)
{
	size_t count, tried = 0;
	const struct ordering *orderings = endpoint_orderings(&endpoint_spacecraft_flight, &count);
	struct test_database empty;
	PGconn *connection;

	(void)state;
	test_database_init_schema(&empty);
	connection = plans_connect(empty.conninfo);
	for (size_t i = 0; i < count; i++) {
		struct sort sorts[2] = {{&orderings[i], true}, {NULL, false}};
		struct selection selection = {.endpoint = &endpoint_spacecraft_flight,
		                              .sorts = sorts,
		                              .sort_count = 2,
		                              .limit = 10};
		struct field_path path =
			field_path_of(endpoint_spacecraft_flight.resource, orderings[i].term);
		size_t tables = path.count + (field_path_end(&path)->kind == ELAPSED);
		json_t *plan;

		if (!orderings[i].unindexed)
			continue;
		plan = plan_of(connection, &selection);
		if (scans_of(json_object_get(plan, "Plan")) != tables)
			fail_msg("by %s: %s", orderings[i].term, json_dumps(plan, 0));
		json_decref(plan);
		tried++;
	}
	assert_in_range(tried, 30, 60);
	PQfinish(connection);
	test_database_fini(&empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_unindexed),
	};

	return RUN_TESTS("selection_plans", tests, NULL, NULL);
}
