/* What an import says that it did, and when it takes documents to have been true. */
#include <stdio.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/importing.h"

static void sql_is(const char *sql, const char *expected)
{
	test_sql_is(database.conninfo, sql, expected);
}

#define CRAFT(id, name) "{\"id\": " id ", \"spacecraft\": {\"id\": " id ", \"name\": \"" name "\", "
#define OF_NASA(name) \
	"\"spacecraft_config\": {\"id\": 9, \"agency\": {\"id\": 44, \"name\": \"" name "\"}}}}"

/* A flight changed if anything changed that its document reaches, not what it could reach. */
static void test_reach(void **state)
{
	(void)state;
	import_text_is(database.conninfo,
	               "[" CRAFT("1", "a") OF_NASA("NASA") ", " CRAFT("2", "b")
	                       OF_NASA("NASA") ", {\"id\": "
	                                       "3}]",
	               3, 0, 0);
	import_text_is(database.conninfo,
	               "[" CRAFT("1", "a") OF_NASA("NASA") ", " CRAFT("2", "c")
	                       OF_NASA("NASA") ", {\"id\": "
	                                       "3}]",
	               0, 1, 2);
	import_text_is(database.conninfo,
	               "[" CRAFT("1", "a") OF_NASA("Nasa") ", " CRAFT(
			       "2", "c") "\"spacecraft_config\": "
	                                 "{\"id\": 9}}}, {\"id\": 3}, {\"id\": 4}]",
	               1, 1, 2);
}

/* Flights inside others count as rows that are reached; a flight with several documents counts once. */
static void test_nested_and_repeated(void **state)
{
	static const char inside[] =
		"{\"id\": 1, \"docking_events\": [{\"id\": 5, \"flight_vehicle_target\": "
		"{\"id\": 2, \"destination\": \"%s\"}}]}";
	char text[512];

	(void)state;
	snprintf(text, sizeof(text), inside, "A");
	import_text_is(database.conninfo, text, 1, 0, 0);
	snprintf(text, sizeof(text), inside, "B");
	import_text_is(database.conninfo, text, 0, 1, 0);
	import_text_is(database.conninfo, "{\"id\": 2}", 0, 0, 1);
	import_text_is(database.conninfo,
	               "[{\"id\": 2}, {\"id\": 2, \"destination\": \"C\"}, {\"id\": 1}]", 0, 1, 1);
	import_text_is(database.conninfo,
	               "[{\"id\": 7}, {\"id\": 7, \"launch_crew\": [{\"id\": 1}]}, {\"id\": 7}]", 1,
	               0, 0);
	import_text_is(database.conninfo, "[{\"id\": 7, \"launch_crew\": []}, {\"id\": 7}]", 0, 1,
	               0);
	import_text_is(database.conninfo, "[]", 0, 0, 0);
}

/* To try is to know the counts and leave no trace. */
static void test_try(void **state)
{
	static const char text[] =
		"[{\"id\": 1}, {\"id\": 2, \"destination\": \"B\"}, {\"id\": 3}]";

	(void)state;
	import_text_is(database.conninfo, "[{\"id\": 1}, {\"id\": 2}]", 2, 0, 0);
	for (int i = 0; i < 2; i++) {
		struct import *import = import_new(NULL);
		struct import_counts counts;
		struct error error = {0};

		assert_true(import_text(import, &resource_spacecraft_flight, "text", text,
		                        strlen(text), &error));
		assert_true(import_run(import, database.conninfo, true, &counts, &error));
		assert_counts(counts, 1, 1, 1);
		import_free(import);
	}
	sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination IS NULL", "2");
	sql_is("SELECT version FROM catalog_version", "2");
}

#define AT(text) "'" text "'::timestamptz"

static int64_t moment(const char *text)
{
	int64_t value;

	assert_true(moment_parse(text, &value));
	return value;
}

#define FLIGHT(id, net, end, duration, craft, time_in_space) \
	"{\"id\": " id ", \"launch\": {\"id\": \"1b411bfa-86b8-4b88-8f01-6e97ca4b90" id \
	"\", \"net\": " net "}, \"mission_end\": " end ", \"duration\": " duration \
	", \"spacecraft\": {\"id\": " craft \
	", \"in_space\": true, \"time_in_space\": \"" time_in_space "\"}}"

#define UNDER_WAY FLIGHT("10", "\"2024-01-01T00:00:00Z\"", "null", "\"P1DT0.271204S\"", "1", "PT1H")
#define LATER_UNDER_WAY FLIGHT("11", "\"2024-01-01T00:00:00Z\"", "null", "\"P2D\"", "2", "PT2H")
#define ENDED \
	FLIGHT("12", "\"2020-01-01T00:00:00Z\"", "\"2020-01-02T00:00:00Z\"", "\"P1D\"", "3", "PT3H")
#define UPCOMING FLIGHT("13", "\"2099-01-01T00:00:00Z\"", "null", "null", "4", "PT4H")

#define AS_OF(craft) \
	"SELECT to_char(as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') FROM spacecraft" \
	" WHERE id = " craft

#define RECENT(craft) \
	"SELECT now() - as_of BETWEEN '0' AND '1 minute' FROM spacecraft WHERE id = " craft

/* Documents of any resource are imported, not only flights: a page of them, or one that is parsed. */
static void test_other_resource(void **state)
{
	static const char page[] =
		"{\"count\": 2, \"next\": null, \"results\": [{\"id\": 602, \"name\": "
		"\"Endeavour\","
		" \"time_in_space\": \"P1D\"}, {\"id\": 603, \"status\": {\"id\": 1}, \"x\": 1}]}";
	struct import *import = import_new(NULL);
	struct import_counts counts;
	struct error error = {0};
	json_t *document = json_pack("{s:i, s:s}", "id", 604, "name", "Columbia");

	(void)state;
	assert_true(import_text(import, &resource_spacecraft, "text", page, strlen(page), &error));
	assert_true(import_document(import, &resource_spacecraft, "604", document, &error));
	assert_int_equal(import_unknown_fields(import)->field_count, 1);
	assert_string_equal(import_unknown_fields(import)->fields[0].path, "x");
	assert_true(import_run(import, database.conninfo, false, &counts, &error));
	assert_counts(counts, 3, 0, 0);
	import_free(import);
	json_decref(document);
	sql_is("SELECT string_agg(id || ' ' || coalesce(name, '-'), ', ' ORDER BY id) FROM "
	       "spacecraft",
	       "602 Endeavour, 603 -, 604 Columbia");
	sql_is(RECENT("602"), "t");
	import = import_new(NULL);
	document = json_pack("{s:[{s:s}]}", "results", "id", "x");
	assert_false(import_document(import, &resource_spacecraft, "604", document, &error));
	assert_string_equal(error.text, "604: id: expected the object's id, found nothing");
	import_free(import);
	json_decref(document);
}

/* A flight under way tells when its document was true, to the microsecond. */
static void test_as_of_own(void **state)
{
	(void)state;
	import_flights(database.conninfo, UNDER_WAY, NULL);
	sql_is(AS_OF("1"), "2024-01-02 00:00:00.271204");
	import_flights(database.conninfo, ENDED, NULL);
	sql_is(RECENT("3"), "t");
	import_flights(database.conninfo, UPCOMING, NULL);
	sql_is(RECENT("4"), "t");
}

/* One answer was true at one time: flights that do not tell it take it from those that do. */
static void test_as_of_page(void **state)
{
	struct import *import = import_new(NULL);
	struct import_counts counts;
	struct error error = {0};
	static const char page[] =
		"{\"results\": [" ENDED ", " UNDER_WAY ", " LATER_UNDER_WAY ", " UPCOMING "]}";
	static const char other[] =
		"{\"id\": 20, \"spacecraft\": {\"id\": 5, \"time_in_space\": \"PT5H\"}}";

	(void)state;
	assert_true(import_text(import, &resource_spacecraft_flight, "page", page, strlen(page),
	                        &error));
	assert_true(import_text(import, &resource_spacecraft_flight, "other", other, strlen(other),
	                        &error));
	assert_true(import_run(import, database.conninfo, false, &counts, &error));
	import_free(import);
	sql_is(AS_OF("1"), "2024-01-02 00:00:00.271204");
	sql_is(AS_OF("2"), "2024-01-03 00:00:00.000000");
	sql_is(AS_OF("3"), "2024-01-03 00:00:00.000000");
	sql_is(AS_OF("4"), "2024-01-03 00:00:00.000000");
	sql_is(RECENT("5"), "t");
}

static void test_as_of_given(void **state)
{
	int64_t as_of = moment("2025-06-07T08:09:10.5Z");

	(void)state;
	import_flights(database.conninfo, "[" UNDER_WAY ", " ENDED "]", &as_of);
	sql_is(AS_OF("1"), "2025-06-07 08:09:10.500000");
	sql_is(AS_OF("3"), "2025-06-07 08:09:10.500000");
}

static void craft_is(const char *craft, const char *as_of, size_t rows, const char *expected)
{
	char text[512];
	int64_t at = moment(as_of);

	snprintf(text, sizeof(text), "{\"id\": 1, \"spacecraft\": {\"id\": 1, %s}}", craft);
	assert_int_equal(import_flights(database.conninfo, text, &at).rows, rows);
	sql_is("SELECT concat_ws('|', name, time_in_space, to_char(as_of AT TIME ZONE 'UTC', "
	       "'YYYY-MM-DD'))"
	       " FROM spacecraft",
	       expected);
}

/* as_of changes with its row, never alone, and not where a view leaves the live values out. */
static void test_as_of_moves(void **state)
{
	(void)state;
	craft_is("\"name\": \"A\"", "2024-01-01T00:00:00Z", 2, "A");
	craft_is("\"name\": \"A\", \"time_in_space\": \"PT1H\"", "2024-01-02T00:00:00Z", 1,
	         "A|01:00:00|2024-01-02");
	craft_is("\"name\": \"A\", \"time_in_space\": \"PT1H\"", "2024-01-03T00:00:00Z", 0,
	         "A|01:00:00|2024-01-02");
	craft_is("\"name\": \"B\"", "2024-01-04T00:00:00Z", 1, "B|01:00:00|2024-01-02");
	craft_is("\"name\": \"C\", \"time_in_space\": \"PT60M\"", "2024-01-05T00:00:00Z", 1,
	         "C|01:00:00|2024-01-05");
	craft_is("\"time_in_space\": \"PT2H\"", "2024-01-06T00:00:00Z", 1, "C|02:00:00|2024-01-06");
	craft_is("\"time_in_space\": null", "2024-01-07T00:00:00Z", 1, "C|2024-01-07");
}

static void test_as_of_of_astronauts(void **state)
{
	int64_t as_of = moment("2024-05-06T00:00:00Z");

	(void)state;
	import_flights(database.conninfo,
	               "{\"id\": 1, \"onboard_crew\": [{\"id\": 1, \"astronaut\": {\"id\": 3, "
	               "\"in_space\": true, "
	               "\"time_in_space\": \"P10D\"}}]}",
	               &as_of);
	sql_is("SELECT as_of = " AT("2024-05-06T00:00:00Z") " FROM astronaut", "t");
}

/* A duration beyond all years tells no time. */
static void test_as_of_out_of_range(void **state)
{
	(void)state;
	import_flights(
		database.conninfo,
		FLIGHT("10", "\"9999-01-01T00:00:00Z\"", "null", "\"P90000000D\"", "1", "PT1H"),
		NULL);
	sql_is(RECENT("1"), "t");
	import_flights(database.conninfo, FLIGHT("11", "null", "null", "\"P9D\"", "2", "PT1H"),
	               NULL);
	sql_is(RECENT("2"), "t");
}

static bool store(struct session *session, const char *text, struct error *error)
{
	struct import *import = import_new(NULL);
	struct import_counts counts;
	bool stored;

	assert_true(import_text(import, &resource_spacecraft_flight, "text", text, strlen(text),
	                        error));
	assert_true(session_run(session, "BEGIN", error));
	stored = import_store(import, session, &counts, error);
	if (stored)
		assert_true(session_run(session, "COMMIT", error));
	import_free(import);
	return stored;
}

/* A caller keeps his session over many imports, also over one that fails. */
static void test_session_goes_on(void **state)
{
	struct error error = {0};
	struct session *session = session_open(database.conninfo, SESSION_WRITES, &error);

	(void)state;
	assert_non_null(session);
	sql_is("ALTER TABLE spacecraft ADD CHECK (name <> 'B')", "");
	assert_true(store(session, CRAFT("1", "A") "\"image\": null}}", &error));
	assert_false(store(session, CRAFT("2", "B") "\"image\": null}}", &error));
	assert_non_null(strstr(error.text, "storing spacecraft: PostgreSQL: "));
	error = (struct error){0};
	assert_true(session_run(session, "ROLLBACK", &error));
	assert_true(store(session, CRAFT("3", "C") "\"image\": null}}", &error));
	session_close(session);
	sql_is("SELECT string_agg(name, ' ' ORDER BY id) FROM spacecraft", "A C");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_schema, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reach),
		TEST(test_nested_and_repeated),
		TEST(test_try),
		TEST(test_other_resource),
		TEST(test_as_of_own),
		TEST(test_as_of_page),
		TEST(test_as_of_given),
		TEST(test_as_of_moves),
		TEST(test_as_of_of_astronauts),
		TEST(test_as_of_out_of_range),
		TEST(test_session_goes_on),
	};

	return RUN_TESTS("import counts", tests, NULL, NULL);
}
