/* The texts that a search of flights looks in: whatever is written, in whichever order, each flight has the text
   of what it refers to once the transaction has ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/postgres.h"
#include "support/sample.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct test_database database;

/* Flights whose text is not what it would be if it were made now, or that have none; and what is left over. */
static const char wrong[] =
	"SELECT count(*) FILTER (WHERE s.text IS DISTINCT FROM f.text)"
	" + (SELECT count(*) FROM spacecraft_flight_search_due)"
	" + abs((SELECT count(*) FROM spacecraft_flight) - count(*))"
	" FROM spacecraft_flight_search s FULL JOIN spacecraft_flight_search_texts("
	"ARRAY(SELECT id FROM spacecraft_flight)) f USING (id)";

/* How many flights have that in their text. */
static void assert_found(const char *term, const char *count)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM spacecraft_flight_search WHERE text LIKE '%%%s%%'", term);
	test_sql_is(database.conninfo, sql, count);
}

static int set_up(void **state)
{
	(void)state;
	sample_database_init(&database);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_database_fini(&database);
	return 0;
}

static void test_fields(void **state)
{
	(void)state;
	test_sql_is(
		database.conninfo,
		"SELECT replace(text, E'\\x1F', '|') FROM spacecraft_flight_search WHERE id = 840",
		"anne mcclain|c210|crew dragon 2|crew dragon endurance|crew-10|falcon 9|"
		"falcon 9 block 5|falcon 9 block 5 | crew-10|human exploration|"
		"international space station|kirill peskov|nichole ayers|spx|spacex|takuya onishi");
	test_sql_is(database.conninfo, wrong, "0");
}

/* Every column that a text is made of, as the one thing that changes. */
static void test_columns(void **state)
{
	static const struct {
		const char *table, *column;
	} columns[] = {
		{"spacecraft_flight", "destination"},
		{"spacecraft", "name"},
		{"spacecraft", "serial_number"},
		{"spacecraft_configuration", "name"},
		{"agency", "name"},
		{"agency", "abbrev"},
		{"launch", "name"},
		{"mission", "name"},
		{"mission", "type"},
		{"launcher_configuration", "name"},
		{"launcher_configuration", "full_name"},
		{"astronaut", "name"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(columns); i++) {
		char sql[300];

		snprintf(sql, sizeof(sql), "UPDATE %s SET %s = 'Änderung %zu'", columns[i].table,
		         columns[i].column, i);
		free(test_sql(database.conninfo, sql));
		test_sql_is(database.conninfo, wrong, "0");
		snprintf(sql, sizeof(sql),
		         "SELECT count(*) > 0 FROM spacecraft_flight_search"
		         " WHERE text LIKE '%%änderung %zu%%'",
		         i);
		test_sql_is(database.conninfo, sql, "t");
	}
}

/* Every reference on the way, likewise. */
static void test_references(void **state)
{
	static const struct {
		const char *table, *column, *value;
	} references[] = {
		{"spacecraft_flight", "spacecraft_id", "(SELECT max(id) FROM spacecraft)"},
		{"spacecraft_flight", "launch_id", "(SELECT id FROM launch ORDER BY id LIMIT 1)"},
		{"spacecraft", "spacecraft_config_id", "7001"},
		{"spacecraft_configuration", "agency_id", "7002"},
		{"launch", "mission_id", "7003"},
		{"launch", "launch_service_provider_id", "7002"},
		{"launch", "rocket_id", "7004"},
		{"rocket", "configuration_id", "7005"},
		{"astronaut_flight", "astronaut_id", "7006"},
		{"spacecraft_flight_launch_crew", "astronaut_flight_id", "7007"},
		{"spacecraft_flight_onboard_crew", "astronaut_flight_id", "7007"},
		{"spacecraft_flight_landing_crew", "astronaut_flight_id", "7007"},
	};

	(void)state;
	free(test_sql(database.conninfo,
	              "INSERT INTO spacecraft_configuration (id, name) VALUES (7001, 'Seven one');"
	              "INSERT INTO agency (id, name) VALUES (7002, 'Seven two');"
	              "INSERT INTO mission (id, name) VALUES (7003, 'Seven three');"
	              "INSERT INTO rocket (id) VALUES (7004);"
	              "INSERT INTO launcher_configuration (id, name) VALUES (7005, 'Seven five');"
	              "INSERT INTO astronaut (id, name) VALUES (7006, 'Seven six'), (7008, 'Seven "
	              "eight');"
	              "INSERT INTO astronaut_flight (id, astronaut_id) VALUES (7007, 7008)"));
	for (size_t i = 0; i < COUNT(references); i++) {
		char sql[300];
		char *before =
			test_sql(database.conninfo, "SELECT md5(string_agg(text, ' ' ORDER BY id))"
		                                    " FROM spacecraft_flight_search");

		snprintf(sql, sizeof(sql), "UPDATE %s SET %s = %s", references[i].table,
		         references[i].column, references[i].value);
		free(test_sql(database.conninfo, sql));
		test_sql_is(database.conninfo, wrong, "0");
		snprintf(sql, sizeof(sql),
		         "SELECT md5(string_agg(text, ' ' ORDER BY id)) = '%s'"
		         " FROM spacecraft_flight_search",
		         before);
		/* Crews are of the same few persons by then. */
		if (i < 9)
			test_sql_is(database.conninfo, sql, "f");
		free(before);
	}
}

/* An agency that only launches, and one that only has the spacecraft. */
static void test_agencies(void **state)
{
	(void)state;
	free(test_sql(database.conninfo,
	              "INSERT INTO agency (id, name) VALUES (7001, 'Launching'), (7002, 'Owning');"
	              "UPDATE launch SET launch_service_provider_id = 7001;"
	              "UPDATE spacecraft_configuration SET agency_id = 7002"));
	test_sql_is(database.conninfo, wrong, "0");
	free(test_sql(database.conninfo, "UPDATE agency SET name = 'Renamed' WHERE id = 7001"));
	test_sql_is(database.conninfo, wrong, "0");
	free(test_sql(database.conninfo, "UPDATE agency SET abbrev = 'RN' WHERE id = 7002"));
	test_sql_is(database.conninfo, wrong, "0");
	assert_found("launching", "0");
	test_sql_is(database.conninfo,
	            "SELECT count(*) = count(*) FILTER (WHERE text LIKE '%owning%' AND text LIKE "
	            "'%renamed%')"
	            " FROM spacecraft_flight_search",
	            "t");
}

static void test_crews(void **state)
{
	static const char *const statements[] = {
		"DELETE FROM spacecraft_flight_launch_crew WHERE spacecraft_flight_id = 840",
		"DELETE FROM spacecraft_flight_onboard_crew",
		"DELETE FROM spacecraft_flight_landing_crew WHERE spacecraft_flight_id = 840",
		"INSERT INTO astronaut (id, name) VALUES (9001, 'Nora Neu');"
		"INSERT INTO astronaut_flight (id, astronaut_id) VALUES (9001, 9001);"
		"INSERT INTO spacecraft_flight_landing_crew VALUES (864, 0, 9001)",
		"UPDATE spacecraft_flight_landing_crew SET spacecraft_flight_id = 415, position = "
		"99"
		" WHERE spacecraft_flight_id = 864",
		"TRUNCATE spacecraft_flight_landing_crew",
		"DELETE FROM spacecraft_flight WHERE id = 579",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(statements); i++) {
		free(test_sql(database.conninfo, statements[i]));
		test_sql_is(database.conninfo, wrong, "0");
		if (i == 3 || i == 4)
			assert_found("nora neu", "1");
	}
	assert_found("nora neu", "0");
	assert_found("anne mcclain", "0");
	test_sql_is(database.conninfo,
	            "SELECT count(*) FROM spacecraft_flight_search WHERE id = 579", "0");
}

/* Each list of crew has triggers of its own. */
static void test_each_crew(void **state)
{
	static const char *const crews[] = {"launch", "onboard", "landing"};

	(void)state;
	free(test_sql(database.conninfo,
	              "INSERT INTO astronaut (id, name) VALUES (9001, 'Nora Neu');"
	              "INSERT INTO astronaut_flight (id, astronaut_id) VALUES (9001, 9001)"));
	for (size_t i = 0; i < COUNT(crews); i++) {
		char sql[160];

		snprintf(sql, sizeof(sql),
		         "INSERT INTO spacecraft_flight_%s_crew VALUES (864, 99, 9001)", crews[i]);
		free(test_sql(database.conninfo, sql));
		assert_found("nora neu", "1");
		snprintf(sql, sizeof(sql),
		         "DELETE FROM spacecraft_flight_%s_crew WHERE astronaut_flight_id = 9001",
		         crews[i]);
		free(test_sql(database.conninfo, sql));
		assert_found("nora neu", "0");
	}
}

/* Rows of one transaction in any order, what it takes back, and what does not count. */
static void test_transactions(void **state)
{
	(void)state;
	free(test_sql(database.conninfo,
	              "BEGIN;"
	              "INSERT INTO spacecraft_flight (id, spacecraft_id, launch_id)"
	              " VALUES (9100, 9101, '00000000-0000-0000-0000-000000009102');"
	              "INSERT INTO spacecraft_flight_launch_crew VALUES (9100, 0, 9103);"
	              "INSERT INTO spacecraft (id, name, spacecraft_config_id) VALUES (9101, "
	              "'Later A', 9104);"
	              "INSERT INTO launch (id, name, launch_service_provider_id)"
	              " VALUES ('00000000-0000-0000-0000-000000009102', 'Later B', 9105);"
	              "INSERT INTO astronaut_flight (id, astronaut_id) VALUES (9103, 9106);"
	              "INSERT INTO spacecraft_configuration (id, agency_id) VALUES (9104, 9105);"
	              "INSERT INTO agency (id, name, abbrev) VALUES (9105, 'Later C', E'L\\x1FC');"
	              "INSERT INTO astronaut (id, name) VALUES (9106, 'Later D');"
	              "COMMIT"));
	test_sql_is(
		database.conninfo,
		"SELECT replace(text, E'\\x1F', '|') FROM spacecraft_flight_search WHERE id = 9100",
		"l c|later a|later b|later c|later d");
	free(test_sql(database.conninfo,
	              "BEGIN; SAVEPOINT a; UPDATE agency SET name = 'Void' WHERE id = 9105; "
	              "ROLLBACK TO a;"
	              "UPDATE astronaut SET name = 'Later E' WHERE id = 9106; COMMIT;"
	              "BEGIN; UPDATE agency SET name = 'Void' WHERE id = 9105; ROLLBACK"));
	test_sql_is(database.conninfo, wrong, "0");
	assert_found("void", "0");
	assert_found("later e", "1");
	free(test_sql(
		database.conninfo,
		"CREATE TABLE before AS SELECT xmin::text AS x, id FROM spacecraft_flight_search;"
		"UPDATE agency SET total_launch_count = 7; UPDATE launch SET net = now();"
		"UPDATE spacecraft SET in_space = true; UPDATE spacecraft_flight SET mission_end = "
		"now();"
		"UPDATE agency SET name = name; UPDATE astronaut SET age = 50"));
	test_sql_is(database.conninfo,
	            "SELECT count(*) FROM spacecraft_flight_search s JOIN before b USING (id)"
	            " WHERE s.xmin::text <> b.x",
	            "0");
	free(test_sql(database.conninfo, "TRUNCATE spacecraft_flight CASCADE"));
	test_sql_is(database.conninfo, "SELECT count(*) FROM spacecraft_flight_search", "0");
	test_sql_is(database.conninfo, wrong, "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_columns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_references, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_agencies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_crews, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_each_crew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_transactions, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("search_texts", tests, NULL, NULL);
}
