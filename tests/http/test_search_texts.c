/* The texts that searches of flights and launches look in: whatever is written, in whichever order, each row has the text
   of what it refers to once the transaction has ended. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Rows whose text is not what it would be if it were made now, or that have none; and what is left over. */
#define WRONG(resource) \
	"(SELECT count(*) FILTER (WHERE s.* IS DISTINCT FROM f.*)" \
	" + (SELECT count(*) FROM " resource "_search_due)" \
	" + abs((SELECT count(*) FROM " resource ") - count(*))" \
	" FROM " resource "_search s FULL JOIN " resource "_search_texts(" \
	"ARRAY(SELECT id FROM " resource ")) f USING (id))"

static const char wrong[] = "SELECT " WRONG("spacecraft_flight") " + " WRONG("launch");

#define FLIGHTS "spacecraft_flight_search"
#define LAUNCHES "launch_search"

/* How many flights have that in their text. */
static void assert_found(const char *term, const char *count)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM spacecraft_flight_search WHERE text LIKE '%%%s%%'", term);
	test_sql_is(database.conninfo, sql, count);
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
		const char *table, *column, *search;
	} columns[] = {
		{"spacecraft_flight", "destination", FLIGHTS},
		{"spacecraft", "name", FLIGHTS},
		{"spacecraft", "serial_number", FLIGHTS},
		{"spacecraft_configuration", "name", FLIGHTS},
		{"agency", "name", FLIGHTS},
		{"agency", "abbrev", FLIGHTS},
		{"launch", "name", FLIGHTS},
		{"mission", "name", FLIGHTS},
		{"mission", "type", FLIGHTS},
		{"launcher_configuration", "name", FLIGHTS},
		{"launcher_configuration", "full_name", FLIGHTS},
		{"astronaut", "name", FLIGHTS},
		{"launch", "name", LAUNCHES},
		{"launch", "launch_designator", LAUNCHES},
		{"agency", "name", LAUNCHES},
		{"agency", "abbrev", LAUNCHES},
		{"mission", "name", LAUNCHES},
		{"pad", "name", LAUNCHES},
		{"location", "name", LAUNCHES},
		{"launcher_configuration", "name", LAUNCHES},
		{"spacecraft", "name", LAUNCHES},
	};

	(void)state;
	free(test_sql(database.conninfo, "UPDATE launcher_configuration"
	                                 " SET manufacturer_id = (SELECT min(id) FROM agency)"));
	for (size_t i = 0; i < COUNT(columns); i++) {
		char sql[300];

		snprintf(sql, sizeof(sql), "UPDATE %s SET %s = 'Änderung %zu'", columns[i].table,
		         columns[i].column, i);
		free(test_sql(database.conninfo, sql));
		test_sql_is(database.conninfo, wrong, "0");
		snprintf(sql, sizeof(sql),
		         "SELECT count(*) > 0 FROM %s WHERE text LIKE '%%änderung %zu%%'",
		         columns[i].search, i);
		test_sql_is(database.conninfo, sql, "t");
	}
}

/* Every reference on the way, likewise. */
static void test_references(void **state)
{
	static const struct {
		const char *table, *column, *value, *search;
	} references[] = {
		{"spacecraft_flight", "spacecraft_id", "(SELECT max(id) FROM spacecraft)", FLIGHTS},
		{"spacecraft_flight", "launch_id", "(SELECT id FROM launch ORDER BY id LIMIT 1)",
	         FLIGHTS},
		{"spacecraft", "spacecraft_config_id", "7001", FLIGHTS},
		{"spacecraft_configuration", "agency_id", "7002", FLIGHTS},
		{"launch", "mission_id", "7003", FLIGHTS},
		{"launch", "launch_service_provider_id", "7002", FLIGHTS},
		{"launch", "rocket_id", "7004", FLIGHTS},
		{"rocket", "configuration_id", "7005", FLIGHTS},
		{"launch", "pad_id", "7009", LAUNCHES},
		{"pad", "location_id", "7010", LAUNCHES},
		{"launcher_configuration", "manufacturer_id", "7011", LAUNCHES},
		{"astronaut_flight", "astronaut_id", "7006", FLIGHTS},
		{"spacecraft_flight_launch_crew", "astronaut_flight_id", "7007", FLIGHTS},
		{"spacecraft_flight_onboard_crew", "astronaut_flight_id", "7007", FLIGHTS},
		{"spacecraft_flight_landing_crew", "astronaut_flight_id", "7007", FLIGHTS},
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
	              "INSERT INTO astronaut_flight (id, astronaut_id) VALUES (7007, 7008);"
	              "INSERT INTO pad (id, name) VALUES (7009, 'Seven nine');"
	              "INSERT INTO location (id, name) VALUES (7010, 'Seven ten');"
	              "INSERT INTO agency (id, name) VALUES (7011, 'Seven eleven')"));
	for (size_t i = 0; i < COUNT(references); i++) {
		const char *search = references[i].search;
		char sql[300];
		char *before;

		snprintf(sql, sizeof(sql), "SELECT md5(string_agg(text, ' ' ORDER BY id)) FROM %s",
		         search);
		before = test_sql(database.conninfo, sql);
		snprintf(sql, sizeof(sql), "UPDATE %s SET %s = %s", references[i].table,
		         references[i].column, references[i].value);
		free(test_sql(database.conninfo, sql));
		test_sql_is(database.conninfo, wrong, "0");
		snprintf(sql, sizeof(sql),
		         "SELECT md5(string_agg(text, ' ' ORDER BY id)) = '%s' FROM %s", before,
		         search);
		/* Crews are of the same few persons by then. */
		if (strstr(references[i].table, "_crew") == NULL)
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

/* --- What searches of launches find. --- */

static void assert_count(const char *path, json_int_t count)
{
	struct answer answer;
	json_t *page;

	http_get(&server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	page = json_loadb(answer.body, answer.body_length, 0, NULL);
	if (json_integer_value(json_object_get(page, "count")) != count ||
	    json_array_size(json_object_get(page, "results")) != (size_t)count)
		fail_msg("%s: %.300s", path, answer.body);
	json_decref(page);
	answer_fini(&answer);
}

#define LIST "/2.3.0/launches/"

/* Launch 1 has two flights, 2 has one; both are to come, 3 has been. */
static const char launches[] =
	"INSERT INTO launch (id, name, launch_designator, net) SELECT"
	" ('00000000-0000-4000-8000-00000000000' || i)::uuid, 'Quartz ' || i, 'D-' || i,"
	" now() + (ARRAY['1 day', '1 day', '-9 days'])[i]::interval FROM generate_series(1, 3) i;"
	"INSERT INTO spacecraft (id, name) VALUES (9001, 'Onyx'), (9002, 'Beryl');"
	"INSERT INTO spacecraft_flight (id, spacecraft_id, launch_id)"
	" VALUES (9001, 9001, '00000000-0000-4000-8000-000000000001'),"
	" (9002, 9002, '00000000-0000-4000-8000-000000000001'),"
	" (9003, 9001, '00000000-0000-4000-8000-000000000002')";

static const struct {
	const char *path;
	json_int_t count;
} searches[] = {
	{LIST "?search=quartz", 3},
	{LIST "?search=quartz&ordering=-name", 3},
	{LIST "?search=ONYX", 2},
	{LIST "?search=onyx&ordering=id", 2},
	{LIST "?search=onyx+quartz", 2},
	{LIST "?search=beryl+quartz", 1},
	/* No flight is of both: all terms have to be found in one combination of rows. */
	{LIST "?search=onyx+beryl", 0},
	{LIST "?search=onyx+beryl+quartz&ordering=-net", 0},
	{LIST "?search=d-1+onyx&name=Quartz+1", 1},
	{LIST "?search=d-1+onyx&name=Quartz+2", 0},
	{LIST "upcoming/?search=quartz", 2},
	{LIST "upcoming/?search=quartz+onyx&ordering=-name", 2},
	{LIST "upcoming/?search=onyx+beryl", 0},
	/* This list does not search designators. */
	{LIST "upcoming/?search=d-1", 0},
	{LIST "upcoming/?search=d-1+quartz", 0},
	{LIST "previous/?search=d-3", 1},
	{LIST "previous/?search=d-3+quartz", 1},
	{LIST "previous/?search=d-1", 0},
};

static void test_searches_of_launches(void **state)
{
	(void)state;
	free(test_sql(database.conninfo, launches));
	test_sql_is(database.conninfo, wrong, "0");
	server_start(&server, database.conninfo, WORDS("server.search_percent=100"));
	for (size_t i = 0; i < COUNT(searches); i++)
		assert_count(searches[i].path, searches[i].count);
	/* A flight that goes elsewhere leaves one combination. */
	free(test_sql(database.conninfo,
	              "UPDATE spacecraft_flight SET launch_id = NULL WHERE id = 9002;"
	              "DELETE FROM spacecraft_flight WHERE id = 9003"));
	test_sql_is(database.conninfo, wrong, "0");
	test_sql_is(database.conninfo, "SELECT count(*) FROM launch_search WHERE several", "0");
	assert_count(LIST "?search=onyx", 1);
	server_stop(&server, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fields, set_up_samples, tear_down),
		cmocka_unit_test_setup_teardown(test_columns, set_up_samples, tear_down),
		cmocka_unit_test_setup_teardown(test_references, set_up_samples, tear_down),
		cmocka_unit_test_setup_teardown(test_agencies, set_up_samples, tear_down),
		cmocka_unit_test_setup_teardown(test_crews, set_up_samples, tear_down),
		cmocka_unit_test_setup_teardown(test_each_crew, set_up_samples, tear_down),
		cmocka_unit_test_setup_teardown(test_transactions, set_up_samples, tear_down),
		cmocka_unit_test_setup_teardown(test_searches_of_launches, set_up_samples,
	                                        tear_down),
	};

	return RUN_TESTS("search_texts", tests, NULL, NULL);
}
