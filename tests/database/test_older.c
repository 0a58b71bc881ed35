/* An older document does not overwrite what a newer one has said: of its flight or spacecraft, whether that
   changed since or not, and of all that it refers to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/importing.h"
#include "support/syncing.h"

static void sql_is(const char *sql, const char *expected)
{
	test_sql_is(database.conninfo, sql, expected);
}

static int64_t moment(const char *text)
{
	int64_t value;

	assert_true(moment_parse(text, &value));
	return value;
}

/* Imports a text that was true at a time of one day: `12:00:00`. */
static struct import_counts import_at(const char *time, const char *text)
{
	char full[40];
	int64_t as_of;

	snprintf(full, sizeof(full), "2024-01-01T%sZ", time);
	as_of = moment(full);
	return import_flights(database.conninfo, text, &as_of);
}

static void is_older(struct import_counts counts)
{
	assert_int_equal(counts.older, 1);
	assert_int_equal(counts.documents, 1);
	assert_int_equal(counts.rows, 0);
}

#define FLIGHT(id, destination, ...) \
	"{\"id\": " id ", \"destination\": \"" destination "\"" __VA_ARGS__ "}"
#define DESTINATIONS "SELECT string_agg(destination, ' ' ORDER BY id) FROM spacecraft_flight"

static void test_flight(void **state)
{
	(void)state;
	assert_counts(import_at("12:00:00", FLIGHT("1", "noon")), 1, 0, 0);
	is_older(import_at("11:00:00", FLIGHT("1", "before")));
	is_older(import_at("11:59:59", FLIGHT("1", "noon")));
	sql_is(DESTINATIONS, "noon");
	/* Answers tell their time in whole seconds. */
	assert_counts(import_at("11:59:59.000001", FLIGHT("1", "same")), 0, 1, 0);
	assert_counts(import_at("13:00:00", FLIGHT("1", "after")), 0, 1, 0);
	sql_is(DESTINATIONS, "after");
}

/* Also where the newer one changed nothing, or was in another text of the same import. */
static void test_unchanged(void **state)
{
	(void)state;
	import_at("12:00:00", FLIGHT("1", "noon"));
	assert_counts(import_at("15:00:00", FLIGHT("1", "noon")), 0, 0, 1);
	is_older(import_at("13:00:00", FLIGHT("1", "between")));
	sql_is(DESTINATIONS, "noon");
	sql_is("SELECT version FROM catalog_version", "2");
	sql_is("SELECT resource || key FROM import_document WHERE as_of ="
	       " '2024-01-01T15:00:00Z'",
	       "spacecraft_flight1");
}

#define OF_AGENCY(id, name) \
	FLIGHT(id, "x", \
	       ", \"spacecraft\": {\"id\": " id ", \"spacecraft_config\": {\"id\": 1, " \
	       "\"agency\": {\"id\": 44, \"name\": \"" name "\", \"country\": [{\"id\": " id \
	       "}]}}}")
#define AGENCY \
	"SELECT name || ' ' || (SELECT string_agg(country_id::text, ',') FROM agency_country)" \
	" FROM agency"

/* An older document of a flight that is new is stored, but for what others have said later. */
static void test_shared(void **state)
{
	(void)state;
	import_at("12:00:00", OF_AGENCY("1", "new name"));
	assert_counts(import_at("11:00:00", OF_AGENCY("2", "old name")), 1, 0, 0);
	sql_is(AGENCY, "new name 1");
	sql_is(DESTINATIONS, "x x");
	/* One that is older altogether brings nothing, not even what it alone has. */
	is_older(import_at("10:00:00", OF_AGENCY("2", "older")));
	is_older(import_at("10:00:00", FLIGHT("2", "x", ", \"landing\": {\"id\": 9}")));
	sql_is("SELECT count(*) FROM landing", "0");
	assert_counts(import_at("12:00:01", OF_AGENCY("2", "newest")), 0, 1, 0);
	sql_is(AGENCY, "newest 2");
}

/* Lists belong to their owner's row. */
static void test_lists(void **state)
{
	(void)state;
	import_at("12:00:00", FLIGHT("1", "x", ", \"launch_crew\": [{\"id\": 1}, {\"id\": 2}]"));
	is_older(import_at("11:00:00", FLIGHT("1", "x", ", \"launch_crew\": [{\"id\": 3}]")));
	is_older(import_at("11:00:00", FLIGHT("1", "x", ", \"launch_crew\": []")));
	sql_is("SELECT string_agg(astronaut_flight_id::text, ' ' ORDER BY position)"
	       " FROM spacecraft_flight_launch_crew",
	       "1 2");
}

/* A flight under way tells its time by its duration. */
#define UNDER_WAY(duration, craft) \
	"{\"id\": 1, \"launch\": {\"id\": \"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", \"net\": " \
	"\"2024-01-01T00:00:00Z\"}, \"mission_end\": null, \"duration\": \"" duration "\", " \
	"\"spacecraft\": {\"id\": 1, \"name\": \"" craft "\", \"in_space\": true, " \
	"\"time_in_space\": \"" duration "\"}}"

static void test_own_time(void **state)
{
	(void)state;
	import_text_is(database.conninfo, UNDER_WAY("P2D", "two"), 1, 0, 0);
	is_older(import_flights(database.conninfo, UNDER_WAY("P1D", "one"), NULL));
	import_text_is(database.conninfo, UNDER_WAY("P3D", "three"), 0, 1, 0);
	sql_is("SELECT name FROM spacecraft", "three");
	sql_is("SELECT as_of = '2024-01-04' FROM spacecraft", "t");
}

/* Of several texts in one import, the one that was true last counts, wherever it comes. */
static void test_texts(void **state)
{
	static const char *const texts[] = {UNDER_WAY("P2D", "two"), UNDER_WAY("P3D", "three"),
	                                    UNDER_WAY("P1D", "one")};
	struct import *import = import_new(NULL);
	struct import_counts counts;
	struct error error = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_true(import_text(import, &resource_spacecraft_flight, "text", texts[i],
		                        strlen(texts[i]), &error));
	assert_true(import_run(import, database.conninfo, false, &counts, &error));
	assert_counts(counts, 1, 0, 0);
	import_free(import);
	sql_is("SELECT name || ' ' || time_in_space FROM spacecraft", "three 3 days");
	sql_is("SELECT as_of = '2024-01-04' FROM spacecraft", "t");
	is_older(import_flights(database.conninfo, UNDER_WAY("P2D", "two"), NULL));
}

/* Documents of spacecraft are no different. */
static void test_spacecraft(void **state)
{
	static const char *const names[] = {"noon", "before"};
	struct import_counts counts;
	struct error error = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		int64_t as_of = moment(i ? "2024-01-01T11:00:00Z" : "2024-01-01T12:00:00Z");
		struct import *import = import_new(&as_of);
		json_t *json = json_pack("{s:i, s:s}", "id", 7, "name", names[i]);

		assert_true(import_document(import, &resource_spacecraft, "7", json, &error));
		assert_true(import_run(import, database.conninfo, false, &counts, &error));
		import_free(import);
		json_decref(json);
	}
	is_older(counts);
	sql_is("SELECT name FROM spacecraft", "noon");
	/* A flight that has it in an older state is stored all the same. */
	assert_counts(
		import_at("11:00:00", "{\"id\": 1, \"spacecraft\": {\"id\": 7, \"name\": \"x\"}}"),
		1, 0, 0);
	sql_is("SELECT name FROM spacecraft", "noon");
}

/* What was deleted may come again. */
static void test_deleted(void **state)
{
	(void)state;
	import_at("12:00:00", FLIGHT("1", "noon"));
	sql_is("DELETE FROM spacecraft_flight", "");
	assert_counts(import_at("11:00:00", FLIGHT("1", "before")), 1, 0, 0);
	is_older(import_at("10:00:00", FLIGHT("1", "long before")));
	assert_counts(import_at("11:30:00", FLIGHT("1", "again")), 0, 1, 0);
}

/* A time that is still to come was a clock's mistake. */
static void test_ahead(void **state)
{
	int64_t ahead = (int64_t)time(NULL) * MICROSECONDS + 26 * HOUR_MICROSECONDS;

	(void)state;
	import_flights(database.conninfo, FLIGHT("1", "tomorrow"), &ahead);
	import_text_is(database.conninfo, FLIGHT("1", "now"), 0, 1, 0);
	is_older(import_at("12:00:00", FLIGHT("1", "noon")));
	sql_is(DESTINATIONS, "now");
}

/* Rows of before there were such times are taken as older than anything. */
static void test_unknown_times(void **state)
{
	(void)state;
	import_at("12:00:00", OF_AGENCY("1", "noon"));
	sql_is("UPDATE agency SET stated_at = NULL; DELETE FROM import_document", "");
	sql_is("UPDATE spacecraft_flight SET stated_at = NULL", "");
	assert_counts(import_at("11:00:00", OF_AGENCY("1", "before")), 0, 1, 0);
	sql_is("SELECT name FROM agency", "before");
}

/* A pass stores no answer that is older than what is there, and says so. */
static void test_sync(void **state)
{
	int64_t later = (int64_t)time(NULL) * MICROSECONDS + HOUR_MICROSECONDS / 2;
	struct fake_upstream *upstream = fake_upstream_new();
	struct sync_settings settings = sync_settings_quick(fake_upstream_url(upstream));
	struct sync_run run;

	(void)state;
	import_flights(database.conninfo, FLIGHT("2", "later"), &later);
	fake_list_fill(fake_upstream_lock(upstream), 3, "first");
	fake_upstream_unlock(upstream);
	sync_run_is(&run, &settings, database.conninfo, PASS_DONE);
	sync_run_line_has(&run, "3 flights: 2 new, 0 changed, 0 unchanged, 1 older than what is "
	                        "stored, 0 deleted");
	sync_run_fini(&run);
	sql_is(DESTINATIONS, "first 1 later first 3");
	sql_is("SELECT older FROM sync_pass", "1");
	fake_upstream_free(upstream);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_schema, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flight),  TEST(test_unchanged),     TEST(test_shared),
		TEST(test_lists),   TEST(test_own_time),      TEST(test_texts),
		TEST(test_deleted), TEST(test_spacecraft),    TEST(test_ahead),
		TEST(test_sync),    TEST(test_unknown_times),
	};

	return RUN_TESTS("older documents", tests, NULL, NULL);
}
