/* Durations that grow with the clock: which of them do, and until when. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define LAUNCH "'00000000-0000-4000-8000-000000000001'"

static json_t *get(const char *path)
{
	struct answer answer;
	json_t *document;

	http_get(&server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	document = json_loadb(answer.body, answer.body_length, 0, NULL);
	assert_non_null(document);
	answer_fini(&answer);
	return document;
}

/* --- A spacecraft's durations, two days after they were true. --- */

static const char spacecraft_sql[] =
	"INSERT INTO spacecraft (id, in_space, time_in_space, time_docked, as_of)"
	" SELECT id, id <> 1, '10 days', '4 days', '2025-01-01T00:00:00Z'"
	" FROM generate_series(1, 4) AS id;"
	"INSERT INTO spacecraft_flight (id, spacecraft_id) SELECT id, id FROM generate_series(1, "
	"4) AS id;"
	"INSERT INTO docking_event (id, docking, departure) SELECT id, '2024-12-01T00:00:00Z',"
	" CASE WHEN id = 3 THEN timestamptz '2024-12-31T00:00:00Z' END"
	" FROM unnest(ARRAY[1, 3, 4]) AS id;"
	"INSERT INTO spacecraft_flight_docking_events (spacecraft_flight_id, position, "
	"docking_event_id)"
	" SELECT id, 0, id FROM unnest(ARRAY[1, 3, 4]) AS id";

static void test_spacecraft(void **state)
{
	static const struct {
		const char *path, *in_space, *docked;
	} flights[] = {
		{LIST "1/", "P10D", "P4D"}, /* on the ground, docked or not */
		{LIST "2/", "P12D", "P4D"}, /* in space, never docked */
		{LIST "3/", "P12D", "P4D"}, /* departed */
		{LIST "4/", "P12D", "P6D"}, /* docked */
	};

	(void)state;
	free(test_sql(database.conninfo, spacecraft_sql));
	server_start(&server, database.conninfo, WORDS("server.clock=2025-01-03T00:00:00Z"));
	for (size_t i = 0; i < sizeof(flights) / sizeof(flights[0]); i++) {
		json_t *flight = get(flights[i].path);
		const json_t *spacecraft = json_object_get(flight, "spacecraft");
		const char *in_space =
			json_string_value(json_object_get(spacecraft, "time_in_space"));
		const char *docked = json_string_value(json_object_get(spacecraft, "time_docked"));

		assert_string_equal(in_space, flights[i].in_space);
		assert_string_equal(docked, flights[i].docked);
		json_decref(flight);
	}
}

/* --- A flight's duration. --- */

static bool has_ended(void *unused)
{
	json_t *flight = get(LIST "1/");
	const char *duration = json_string_value(json_object_get(flight, "duration"));
	bool ended = duration && strcmp(duration, "P3DT2S") == 0;

	(void)unused;
	json_decref(flight);
	return ended;
}

/* An end that is known beforehand stops the duration of a document that was rendered before it. */
static void test_end_of_flight(void **state)
{
	json_t *flight;

	(void)state;
	server_start(&server, database.conninfo, NULL);
	free(test_sql(database.conninfo,
	              "INSERT INTO launch (id, net) VALUES (" LAUNCH ", now() - interval '3 days');"
	              "INSERT INTO spacecraft_flight (id, launch_id, mission_end)"
	              " VALUES (1, " LAUNCH ", now() + interval '2 seconds')"));
	assert_true(poll_until(has_ended, NULL, 10));
	/* Another suffix: this answer comes from the document, not from the cache of answers. */
	flight = get(LIST "1/?format=json");
	assert_string_equal(json_string_value(json_object_get(flight, "duration")), "P3DT2S");
	json_decref(flight);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_spacecraft, set_up_schema, tear_down),
		cmocka_unit_test_setup_teardown(test_end_of_flight, set_up_schema, tear_down),
	};

	return RUN_TESTS("live_durations", tests, NULL, NULL);
}
