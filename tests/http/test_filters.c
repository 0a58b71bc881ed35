/* Filters: what those of flights select, and every kind of match and lookup over fields of every type. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "protocol/query.h"
#include "repository/selection.h"
#include "repository/execute.h"
#include "repository/session.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fixture.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- Flights, over HTTP. --- */

static const char flights[] =
	"INSERT INTO spacecraft (id, name, in_space) VALUES (1, 'A', true), (2, 'B', false), (3, "
	"'C', NULL);"
	"INSERT INTO launch (id, name, net) VALUES"
	" ('00000000-0000-0000-0000-000000000001', 'One', '2024-01-01T00:00Z'),"
	" ('00000000-0000-0000-0000-000000000002', 'Two', '2024-06-30T12:00Z'),"
	" ('00000000-0000-0000-0000-000000000003', 'Three', NULL);"
	"INSERT INTO spacecraft_flight (id, mission_end, spacecraft_id, launch_id) VALUES"
	" (1, NULL, NULL, NULL),"
	" (2, '2024-02-29T23:59:59.5Z', 1, '00000000-0000-0000-0000-000000000001'),"
	" (3, '2025-01-01T00:00:00Z', 2, '00000000-0000-0000-0000-000000000002'),"
	" (4, '2025-08-25T11:05:00Z', 3, '00000000-0000-0000-0000-000000000003'),"
	" (5, '2024-12-31T23:59:59.999999Z', 1, '00000000-0000-0000-0000-000000000001')";

static const struct {
	const char *query, *ids; /* or, beginning with {, the body of a 400 */
} cases[] = {
	{"mission_end=2025-01-01", "3"},
	{"mission_end=2025-01-01T02:00%2B02:00", "3"},
	{"mission_end=2025-01-01T02:00:01", ""},
	{"mission_end=2024-02-29T23:59:59.5", "2"},
	{"mission_end=", "1,2,3,4,5"},
	{"mission_end__gt=2025-01-01", "4"},
	{"mission_end__gte=2025-01-01T00:00:00Z", "3,4"},
	{"mission_end__lt=2025-01-01", "2,5"},
	{"mission_end__lte=20250101T000000Z", "2,3,5"},
	{"mission_end__lt=0001-01-01T00:00%2B23:00", ""},
	{"mission_end__gt=2024-12-31&mission_end__lt=2025-08-25T11:05:00,5", "3,4,5"},
	{"mission_end__year=2024", "2,5"},
	{"mission_end__year=2025.9,2024", "2,3,4,5"},
	{"mission_end__year=2023", ""},
	{"mission_end__year=0,-5,10000,99999999999999999999", ""},
	{"mission_end__year=9999", ""},
	{"mission_end__year=,", ""},
	{"mission_end__month=12,8", "4,5"},
	{"mission_end__month=13", ""},
	{"mission_end__month=1,1", "3"},
	{"mission_end__day=29,31,99999999999999999999", "2,5"},
	{"mission_end__day=1&mission_end__month=1&mission_end__year=2025", "3"},
	{"mission_end__day=,,", ""},
	{"spacecraft__in_space=true", "2,5"},
	{"spacecraft__in_space=0", "3"},
	{"spacecraft__in_space=maybe", "1,2,3,4,5"},
	{"launch__net__gt=2024-01-01", "3"},
	{"launch__net__gte=2024-01-01", "2,3,5"},
	{"launch__net__lt=2024-06-30T12:00", "2,5"},
	{"launch__net__lte=2024-06-30T12:00", "2,3,5"},
	{"launch__net__gte=2024-01-01&spacecraft__in_space=true&mission_end__year=2024&spacecraft="
         "1",
         "2,5"},
	{"mission_end__gte=2024&ordering=-mission_end",
         "{\"mission_end__gte\":[\"Enter a valid date/time.\"]}"},
	{"ordering=-mission_end&mission_end__gte=2024-12-01", "4,3,5"},
	{"ordering=mission_end&mission_end__lt=2025-01-02&limit=2", "2,5"},
	{"launch__net__gt=x&mission_end__year=2024,y&spacecraft=z&mission_end=+&spacecraft__in_"
         "space=2",
         "{\"spacecraft\":[\"Select a valid choice. That choice is not one of the available "
         "choices.\"],"
         "\"mission_end\":[\"Enter a valid date/time.\"],\"mission_end__year\":[\"Enter a "
         "number.\"],"
         "\"launch__net__gt\":[\"Enter a valid date/time.\"]}"},
	{"spacecraft=99&launch__net__lte=x",
         "{\"spacecraft\":[\"Select a valid choice. That choice is not one of the available "
         "choices.\"],"
         "\"launch__net__lte\":[\"Enter a valid date/time.\"]}"},
	{"mission_end__icontains=2024&launch__net=x&mission_end__week=1", "1,2,3,4,5"},
};

static void write_ids(const char *body, struct strbuf *out)
{
	json_t *page = json_loads(body, 0, NULL), *row;
	size_t i, count = (size_t)json_integer_value(json_object_get(page, "count"));

	json_array_foreach(json_object_get(page, "results"), i, row) strbuf_printf(
		out, "%s%lld", i > 0 ? "," : "", json_integer_value(json_object_get(row, "id")));
	assert_true(count >= json_array_size(json_object_get(page, "results")));
	json_decref(page);
}

static void test_flights(void **state)
{
	(void)state;
	serve(NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct strbuf target = STRBUF_INIT, ids = STRBUF_INIT;
		bool refused = cases[i].ids[0] == '{';
		struct reply reply;

		strbuf_printf(&target, LIST "?%s", cases[i].query);
		wire_ask(&client, "GET", target.data, "Host: a\r\n");
		wire_read(&client, false, &reply);
		if (reply.status != (refused ? 400 : 200))
			fail_msg("%s: %d %s", cases[i].query, reply.status, reply.body);
		strbuf_str(&ids, "");
		if (refused)
			strbuf_add(&ids, reply.body, reply.body_length);
		else
			write_ids(reply.body, &ids);
		if (strcmp(ids.data, cases[i].ids) != 0)
			fail_msg("%s: %s, not %s", cases[i].query, ids.data, cases[i].ids);
		reply_fini(&reply);
		strbuf_fini(&target);
		strbuf_fini(&ids);
	}
	serve_end(NULL);
}

/* One flight has to pass them as well. */
static void test_one_flight(void **state)
{
	static const struct {
		const char *target;
		int status;
	} targets[] = {
		{LIST "3/?mission_end__year=2025", 200},
		{LIST "3/?mission_end__year=2024", 404},
		{LIST "3/?spacecraft__in_space=false&launch__net__lte=2024-06-30T12:00&search=two",
	         200},
		{LIST "1/?mission_end__lt=9999-01-01", 404},
		{LIST "9/?mission_end__lt=x", 400},
	};

	(void)state;
	serve(NULL);
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct reply reply;

		wire_ask(&client, "GET", targets[i].target, "Host: a\r\n");
		wire_read(&client, false, &reply);
		if (reply.status != targets[i].status)
			fail_msg("%s: %d", targets[i].target, reply.status);
		reply_fini(&reply);
	}
	serve_end(NULL);
}

/* --- All kinds, over endpoints that are none of the API's. --- */

#define ALL(match_, path_) \
	{.name = #path_, .path = #path_, .match = (match_)}, \
		{.name = #path_ "__gt", .path = #path_, .match = (match_), .lookup = LOOKUP_GT}, \
		{.name = #path_ "__gte", .path = #path_, .match = (match_), .lookup = LOOKUP_GTE}, \
		{.name = #path_ "__lt", .path = #path_, .match = (match_), .lookup = LOOKUP_LT}, \
	{ \
		.name = #path_ "__lte", .path = #path_, .match = (match_), .lookup = LOOKUP_LTE \
	}
#define PART(path_, name_, lookup_) \
	{ \
		.name = #path_ name_, .path = #path_, .match = MATCH_NUMBERS, .lookup = lookup_ \
	}

static const struct filter of_configurations[] = {
	ALL(MATCH_NUMBER, id),
	ALL(MATCH_NUMBER, crew_capacity),
	ALL(MATCH_NUMBER, height),
	ALL(MATCH_DATE, maiden_flight),
	ALL(MATCH_NUMBER, agency__founding_year),
	PART(maiden_flight, "__day", LOOKUP_DAY),
	PART(maiden_flight, "__month", LOOKUP_MONTH),
	PART(maiden_flight, "__year", LOOKUP_YEAR),
	{.name = "ids", .path = "id", .match = MATCH_NUMBERS},
	{.name = "agency__name", .path = "agency__name", .match = MATCH_TEXT},
};

static const struct endpoint configurations = {
	.resource = &resource_spacecraft_configuration,
	.modes = {{"normal", NORMAL}},
	.filters = of_configurations,
	.filter_count = COUNT(of_configurations),
};

static const char configuration_rows[] = "INSERT INTO agency (id, name, founding_year) VALUES (1, "
					 "'NASA', 1958), (2, 'SpaceX', 2002);"
					 "INSERT INTO spacecraft_configuration (id, agency_id, "
					 "crew_capacity, height, maiden_flight) VALUES"
					 " (1, 1, 3, 11.03, '1968-10-11'), (2, 2, 7, 8.1, "
					 "'2020-05-30'), (3, NULL, 0, -2.5, '2019-12-31'),"
					 " (4, 1, NULL, NULL, NULL)";

static const struct {
	const char *query, *ids;
} of_kinds[] = {
	{"crew_capacity=3", "1"},
	{"crew_capacity=3.9", "1"},
	{"crew_capacity=-0.9", "3"},
	{"crew_capacity__gt=2.5", "1,2"},
	{"crew_capacity__gt=3.5", "2"},
	{"crew_capacity__gte=3.5", "2"},
	{"crew_capacity__gte=3", "1,2"},
	{"crew_capacity__gte=-0.5", "1,2,3"},
	{"crew_capacity__lt=3.5", "1,3"},
	{"crew_capacity__lt=3", "3"},
	{"crew_capacity__lte=3.5", "1,3"},
	{"crew_capacity__lte=6.5", "1,3"},
	{"crew_capacity=2147483648", ""},
	{"crew_capacity__gt=2147483648", ""},
	{"crew_capacity__gte=1e20", ""},
	{"crew_capacity__lt=2147483648", "1,2,3,4"},
	{"crew_capacity__lt=2147483647", "1,2,3"},
	{"crew_capacity__lt=2147483646.5", "1,2,3"},
	{"crew_capacity__lte=1e20", "1,2,3,4"},
	{"crew_capacity__gt=-2147483649", "1,2,3,4"},
	{"crew_capacity__gte=-1e999999999", "1,2,3,4"},
	{"crew_capacity__gte=-2147483648", "1,2,3"},
	{"crew_capacity__lt=-1e20", ""},
	{"id__gt=2.0", "3,4"},
	{"id=2&id__lte=2", "2"},
	{"height=8.1", "2"},
	{"height__gt=8.1", "1"},
	{"height__gte=8.1", "1,2"},
	{"height__lt=-2.4", "3"},
	{"height__lte=1e40", "1,2,3"},
	{"height__gt=-1e999999999", "1,2,3"},
	{"maiden_flight=2020-5-30", "2"},
	{"maiden_flight=May+30,+2020", "2"},
	{"maiden_flight__gt=1968-10-11", "2,3"},
	{"maiden_flight__gte=10/11/1968", "1,2,3"},
	{"maiden_flight__lt=2019-12-31", "1"},
	{"maiden_flight__lte=2019-12-31", "1,3"},
	{"maiden_flight__year=2019,2020", "2,3"},
	{"maiden_flight__month=12,10", "1,3"},
	{"maiden_flight__day=30,31,11", "1,2,3"},
	{"agency__founding_year=1958", "1,4"},
	{"agency__founding_year__gt=1958", "2"},
	{"agency__founding_year__lt=99999999999", "1,2,3,4"},
	{"agency__name=+SpaceX", "2"},
	{"agency__name=spacex", ""},
	{"ids=4,1,1,77", "1,4"},
	{"ids=,", ""},
	{"ids=2&crew_capacity__lt=99999999999&height__gt=8&maiden_flight__year=2020&agency__name="
         "SpaceX",
         "2"},
};

static void select_ids(struct session *session, const char *raw, struct strbuf *ids)
{
	struct error error = {0};
	struct arena arena;
	struct query query;
	struct key keys[10];
	size_t found = 0, count = 0;

	arena_init(&arena);
	assert_true(query_parse(&arena, text_of(raw), &configurations, &query));
	if (query.has_errors || query.condition_count == 0)
		fail_msg("not as filters: %s", raw);
	struct selection selection = {.endpoint = &configurations,
	                              .conditions = query.conditions,
	                              .condition_count = query.condition_count,
	                              .sorts = query.sorts,
	                              .sort_count = query.sort_count,
	                              .counted = true,
	                              .limit = COUNT(keys)};
	if (!selection_read(session, &selection, keys, &found, &count, &error))
		fail_msg("%s: %s", raw, error.text);
	assert_int_equal(found, count);
	for (size_t i = 0; i < found; i++)
		strbuf_printf(ids, "%s%llu", i > 0 ? "," : "", (unsigned long long)keys[i].low);
	arena_fini(&arena);
}

static void test_kinds(void **state)
{
	struct error error = {0};
	struct session *session = session_open(database.conninfo, SESSION_READS, &error);
	int64_t version;

	(void)state;
	assert_non_null(session);
	assert_true(snapshot_begin(session, &version, &error));
	for (size_t i = 0; i < COUNT(of_kinds); i++) {
		struct strbuf ids = STRBUF_INIT;

		strbuf_str(&ids, "");
		select_ids(session, of_kinds[i].query, &ids);
		if (strcmp(ids.data, of_kinds[i].ids) != 0)
			fail_msg("%s: %s, not %s", of_kinds[i].query, ids.data, of_kinds[i].ids);
		strbuf_fini(&ids);
	}
	assert_true(snapshot_end(session, &error));
	session_close(session);
}

/* A statement whose text comes again is prepared, once on each session, whatever its values are. */
static void test_prepared(void **state)
{
	static const struct statement prepared = {
		"SELECT count(*) FROM pg_prepared_statements"
		" WHERE statement LIKE 'WITH selected%crew_capacity > %'",
		0, NULL};
	struct error error = {0};
	struct session *session = session_open(database.conninfo, SESSION_READS, &error);
	static const int64_t expected[] = {0, 1, 1};
	int64_t version, count;

	(void)state;
	assert_non_null(session);
	assert_true(snapshot_begin(session, &version, &error));
	for (int i = 0; i < 3; i++) {
		struct strbuf ids = STRBUF_INIT;
		char query[64];

		snprintf(query, sizeof(query), "crew_capacity__gt=%d&crew_capacity__lte=4", i);
		select_ids(session, query, &ids);
		strbuf_fini(&ids);
		assert_true(execute_number(session, &prepared, NULL, 0, &count, &error));
		assert_int_equal(count, expected[i]);
	}
	assert_true(snapshot_end(session, &error));
	session_close(session);
}

static int set_up(void **state)
{
	set_up_schema(state);
	free(test_sql(database.conninfo, flights));
	free(test_sql(database.conninfo, configuration_rows));
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flights),
		cmocka_unit_test(test_one_flight),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_prepared),
	};

	return RUN_TESTS("filters", tests, set_up, tear_down);
}
