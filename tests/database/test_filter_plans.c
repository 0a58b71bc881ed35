/* How PostgreSQL reads for each filter, ordering and search of each list, among 100,000 launches and flights: no page of
   ten takes more than one scan of each table on the way for the count, and one for the page. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "protocol/query.h"
#include "support/cmocka.h"
#include "support/many_rows.h"
#include "support/plans.h"
#include "support/postgres.h"

static struct test_database many;
static PGconn *connection;

#define TABLES_MAX 64
#define SMALL 5000 /* rows; less is no harm to read as a whole */

/* What a plan reads. */
struct reading {
	size_t count; /* of tables */
	const char *tables[TABLES_MAX];
	double rows;    /* from all of them, with those that conditions removed */
	double scanned; /* rows of large tables that are read as a whole */
};

static double number_of(const json_t *node, const char *key)
{
	return json_number_value(json_object_get(node, key));
}

static void add_table(struct reading *reading, const char *table)
{
	for (size_t i = 0; i < reading->count; i++)
		if (strcmp(reading->tables[i], table) == 0)
			return;
	assert_true(reading->count < TABLES_MAX);
	reading->tables[reading->count++] = table;
}

static void read_node(const json_t *node, struct reading *reading)
{
	const char *table = json_string_value(json_object_get(node, "Relation Name"));
	const char *type = json_string_value(json_object_get(node, "Node Type"));
	double rows = (number_of(node, "Actual Rows") + number_of(node, "Rows Removed by Filter") +
	               number_of(node, "Rows Removed by Index Recheck")) *
	              number_of(node, "Actual Loops");
	json_t *child;
	size_t i;

	if (table != NULL) {
		add_table(reading, table);
		reading->rows += rows;
		if (strcmp(type, "Seq Scan") == 0 && rows > SMALL)
			reading->scanned += rows;
	}
	json_array_foreach(json_object_get(node, "Plans"), i, child) read_node(child, reading);
}

/* Of the resource or the list that has it. */
static double rows_of_table(const char *table)
{
	for (size_t r = 0; r < resource_count; r++) {
		if (strcmp(resources[r]->name, table) == 0)
			return (double)many_rows_of(resources[r]);
		for (size_t i = 0; i < resources[r]->field_count; i++)
			if (resources[r]->fields[i].kind == MANY &&
			    strcmp(resources[r]->fields[i].column, table) == 0)
				return (double)many_rows_of(resources[r]) * 4 / 3;
	}
	return (double)many_rows_of(&resource_spacecraft_flight); /* a search table */
}

/* Selections that read too much; all of them are printed. */
static size_t faults;

/* Once for the count and once for the page. */
#define PARTS 2

static struct reading check(const struct selection *selection, const char *what)
{
	struct reading reading = {.count = 0};
	json_t *plan = plan_of(connection, selection);
	double most = SMALL;

	read_node(json_object_get(plan, "Plan"), &reading);
	for (size_t i = 0; i < reading.count; i++)
		most += PARTS * rows_of_table(reading.tables[i]);
	printf("%-80s %8.2f ms %8.0f of %8.0f rows\n", what, number_of(plan, "Execution Time"),
	       reading.rows, most);
	if (reading.rows > most) {
		faults++;
		printf("too many: ");
		json_dumpf(plan, stdout, 0);
		printf("\n");
	}
	json_decref(plan);
	return reading;
}

/* Whether the query has what its one parameter says: one that is ignored would prove nothing. */
static bool selects(const struct query *query, const char *raw)
{
	size_t length = strlen(raw);

	if (strncmp(raw, "ordering=", 9) == 0)
		return query->sorts[0].ordering != NULL &&
		       strcmp(query->sorts[0].ordering->term, raw + 9 + (raw[9] == '-')) == 0;
	if (strncmp(raw, "search=", 7) == 0)
		return query->term_count > 0;
	return length == 0 || query->condition_count == 1;
}

/* Runs what a query selects from a list. */
static struct reading check_query(const struct endpoint *endpoint, const char *raw)
{
	struct arena arena;
	struct query query;
	struct reading reading;
	char what[256];

	arena_init(&arena);
	assert_true(query_parse(&arena, text_of(raw), endpoint, &query));
	if (query.has_errors)
		fail_msg("%s?%s is refused", endpoint->path, raw);
	if (!selects(&query, raw))
		fail_msg("%s?%s selects nothing of its own", endpoint->path, raw);
	struct selection selection = {.endpoint = endpoint,
	                              .conditions = query.conditions,
	                              .condition_count = query.condition_count,
	                              .sorts = query.sorts,
	                              .sort_count = query.sort_count,
	                              .terms = query.terms,
	                              .term_count = query.term_count,
	                              .counted = query.condition_count > 0 || query.term_count > 0,
	                              .now = INT64_C(1600000000000000),
	                              .limit = 10};
	snprintf(what, sizeof(what), "%s?%s", endpoint->path, raw);
	reading = check(&selection, what);
	arena_fini(&arena);
	return reading;
}

/* A value that some rows have. */
static const char *value_for(const struct filter *filter)
{
	switch (filter->match) {
	case MATCH_BOOLEAN:
		return filter->filters == FILTERS_FALSE ? "false" : "true";
	case MATCH_DATE:
		return "1980-02-03";
	case MATCH_MOMENT:
		return "2010-02-03T04:05:06Z";
	case MATCH_NUMBER:
		return filter->lookup == LOOKUP_CONTAINS ? "7" : "20";
	case MATCH_NUMBERS:
		return filter->lookup == LOOKUP_YEAR ? "2010,2012" : "3,5,7";
	case MATCH_UUIDS:
		return "00000000-0000-0000-0000-000000000007,00000000-0000-0000-0000-000000000008";
	case MATCH_TEXT:
		return filter->lookup == LOOKUP_EXACT ? "name+7" : "7+c4";
	case MATCH_TEXTS:
		return "name+7,name+8";
	case MATCH_CHOICE:
	case MATCH_CHOICES:
		break;
	}
	return "7";
}

static bool chooses_uuid(const struct endpoint *endpoint, const struct filter *filter)
{
	struct field_path path = field_path_of(endpoint->resource, filter->path);

	return filter->match == MATCH_CHOICE && field_path_end(&path)->of->uuid;
}

/* As its documents count them. */
#define FILTERS_OF_THE_ORIGINAL 735

static void test_filters(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t e = 0; e < endpoint_count; e++)
		for (size_t i = 0; i < endpoints[e]->filter_count; i++) {
			const struct filter *filter = &endpoints[e]->filters[i];
			char raw[256];

			snprintf(raw, sizeof(raw), "%s=%s", filter->name,
			         chooses_uuid(endpoints[e], filter)
			                 ? "00000000-0000-0000-0000-000000000007"
			                 : value_for(filter));
			(void)check_query(endpoints[e], raw);
			count += !filter->own;
		}
	assert_int_equal(count, FILTERS_OF_THE_ORIGINAL);
	assert_int_equal(faults, 0);
}

static void test_orderings(void **state)
{
	(void)state;
	for (size_t e = 0; e < endpoint_count; e++) {
		size_t count;
		const struct ordering *orderings = endpoint_orderings(endpoints[e], &count);

		(void)check_query(endpoints[e], "");
		for (size_t i = 0; i < count; i++)
			/* What only the framework's rule makes an ordering is sorted alike either way. */
			for (int descending = 0;
			     descending < (i < endpoints[e]->ordering_count ? 2 : 1);
			     descending++) {
				char raw[256];

				snprintf(raw, sizeof(raw), "ordering=%s%s", descending ? "-" : "",
				         orderings[i].term);
				(void)check_query(endpoints[e], raw);
			}
	}
	assert_int_equal(faults, 0);
}

/* Words that few rows of a list have, that all have, and both: texts are read once for the count and once for the page. */
static void test_searches(void **state)
{
	static const char *const searches[] = {"search=7+c4", "search=name", "search=name+7",
	                                       "search=name&ordering=-id"};

	(void)state;
	for (size_t e = 0; e < endpoint_count; e++)
		for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++)
			if (endpoints[e]->search_table != NULL)
				(void)check_query(endpoints[e], searches[i]);
	assert_int_equal(faults, 0);
}

/* Where nothing is found, no row is gone through for a page that is empty. */
static void test_nothing_found(void **state)
{
	static const char *const queries[] = {"mission__orbit__name=nowhere", "lsp__name=nobody",
	                                      "rocket__configuration__name=none",
	                                      "pad__location__celestial_body__id=99"};

	(void)state;
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct reading reading = check_query(&endpoint_launch, queries[i]);

		if (reading.rows > SMALL)
			fail_msg("%s reads %.0f rows", queries[i], reading.rows);
	}
}

/* What the documents of each list give as examples. */
static const struct {
	const char *path, *queries[4];
} examples[] = {
	{"agencies", {"abbrev=NASA", "search=SpaceX", "ordering=-total_launch_count"}},
	{"astronauts", {"has_flown=true", "search=Pesquet", "ordering=-time_in_space"}},
	{"celestial_bodies", {"search=Mars", "ordering=-name"}},
	{"docking_events", {"space_station_target__id=6", "search=Salyut", "ordering=-docking"}},
	{"events", {"type__ids=2,8", "search=Flyby", "ordering=-last_updated"}},
	{"events/previous", {"type__ids=2,8", "search=Flyby", "ordering=-last_updated"}},
	{"events/upcoming", {"type__ids=2,8", "search=Flyby", "ordering=-last_updated"}},
	{"expeditions", {"space_station=18", "search=Kelly", "ordering=-start"}},
	{"landings", {"spacecraft__ids=39,37", "search=B1059", "ordering=downrange_distance"}},
	{"launcher_configuration_families",
         {"manufacturer__name=SpaceX", "search=Ariane", "ordering=-total_launch_count"}},
	{"launcher_configurations",
         {"manufacturer__name=SpaceX", "search=Soyuz", "ordering=-total_launch_count"}},
	{"launchers", {"is_placeholder=True", "search=B1048", "ordering=-flights"}},
	{"launches", {"pad__location=13", "search=Starlink", "ordering=-last_updated"}},
	{"launches/previous", {"pad__location=13", "search=Starlink", "ordering=-last_updated"}},
	{"launches/upcoming",
         {"hide_recent_previous=True", "search=Starlink", "ordering=-last_updated"}},
	{"locations",
         {"country_code=NZL", "search=Cape+Canaveral", "ordering=-total_launch_count"}},
	{"mission_patches", {"agency__id=147", "search=Ariane", "ordering=priority"}},
	{"pads", {"location__id=11", "search=39A", "ordering=-orbital_launch_attempt_count"}},
	{"payload_flights", {"payload=2"}},
	{"payloads", {"program__id=18", "search=EarthCare"}},
	{"space_stations", {"onboard_crew__gte=1", "search=Salyut", "ordering=founded"}},
	{"spacecraft", {"is_placeholder=True", "search=Endeavour", "ordering=-flights_count"}},
	{"spacecraft_configuration_families",
         {"manufacturer=121", "search=Northrop", "ordering=name"}},
	{"spacecraft_configurations", {"human_rated=True", "search=Dragon", "ordering=name"}},
	{"spacecraft_flights", {"spacecraft=289"}},
	{"spacewalks", {"program__name=Apollo", "search=Hubble", "ordering=-duration"}},
	{"updates", {"launch__launch_service_provider=121", "ordering=-created_on"}},
};

/* No large table is read as a whole. */
static void test_examples(void **state)
{
	size_t scans = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct endpoint *endpoint = endpoint_at(text_of(examples[i].path));

		assert_non_null(endpoint);
		for (size_t k = 0; k < 4 && examples[i].queries[k] != NULL; k++) {
			const char *raw = examples[i].queries[k];
			struct reading reading = check_query(endpoint, raw);

			if (reading.scanned == 0)
				continue;
			printf("%s?%s scans %.0f rows\n", examples[i].path, raw, reading.scanned);
			scans++;
		}
	}
	assert_int_equal(scans, 0);
}

static int set_up(void **state)
{
	(void)state;
	test_database_init_schema(&many);
	many_rows_store(many.conninfo, 100000, 100000, 8);
	connection = plans_connect(many.conninfo);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	PQfinish(connection);
	test_database_fini(&many);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),  cmocka_unit_test(test_orderings),
		cmocka_unit_test(test_searches), cmocka_unit_test(test_nothing_found),
		cmocka_unit_test(test_examples),
	};

	return RUN_TESTS("filter_plans", tests, set_up, tear_down);
}
