/* Lists of the rows that refer to a row: a spacecraft's flights. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/watching.h"

#define SPACECRAFT "/2.3.0/spacecraft/"
#define FLIGHTS "/2.3.0/spacecraft_flights/"

/* A spacecraft without flights, and one whose flights were not stored in the order of their ids. */
static const char more_rows[] =
	"INSERT INTO spacecraft (id, name) VALUES (900001, 'None'), (900002, 'Three');"
	"INSERT INTO spacecraft_flight (id, spacecraft_id)"
	" VALUES (900013, 900002), (900011, 900002), (900012, 900002)";

static int setup(void **state)
{
	set_up_samples(state);
	free(test_sql(database.conninfo, more_rows));
	server_start(
		&server, database.conninfo,
		(const char *const[]){"server.clock=2025-04-13T12:00:00Z", "cache.size=0", NULL});
	return 0;
}

static json_t *get(const char *path)
{
	struct answer answer;
	json_t *body;

	http_get(&server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	body = json_loads(answer.body, 0, NULL);
	assert_non_null(body);
	answer_fini(&answer);
	return body;
}

static json_int_t id_of(const json_t *object)
{
	return json_integer_value(json_object_get(object, "id"));
}

/* The same flights as the list of those has, in its order and its normal view. */
static void test_flights_of_a_spacecraft(void **state)
{
	json_t *spacecraft = get(SPACECRAFT "289/");
	json_t *page = get(FLIGHTS "?spacecraft=289");
	json_t *flights = json_object_get(spacecraft, "flights");

	(void)state;
	assert_int_equal(json_array_size(flights), 5);
	assert_true(json_equal(flights, json_object_get(page, "results")));
	for (size_t i = 0; i < 5; i++) {
		const json_t *flight = json_array_get(flights, i);

		assert_string_equal(json_string_value(json_object_get(flight, "response_mode")),
		                    "normal");
		assert_int_equal(id_of(json_object_get(flight, "spacecraft")), 289);
		if (i > 0)
			assert_true(id_of(json_array_get(flights, i - 1)) < id_of(flight));
	}
	json_decref(spacecraft);
	json_decref(page);
}

static void test_order_and_empty_list(void **state)
{
	json_t *none = get(SPACECRAFT "900001/");
	json_t *three = get(SPACECRAFT "900002/");
	json_t *flights = json_object_get(three, "flights");

	(void)state;
	assert_true(json_is_array(json_object_get(none, "flights")));
	assert_int_equal(json_array_size(json_object_get(none, "flights")), 0);
	assert_int_equal(json_array_size(flights), 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(id_of(json_array_get(flights, i)), 900011 + i);
	json_decref(none);
	json_decref(three);
}

/* Alone and on a page a spacecraft is the same. */
static void test_detailed_list(void **state)
{
	json_t *page = get(SPACECRAFT "?mode=detailed&limit=100");
	json_t *results = json_object_get(page, "results");

	(void)state;
	assert_true(json_array_size(results) > 3);
	for (size_t i = 0; i < json_array_size(results); i++) {
		char path[64];
		json_t *row;

		snprintf(path, sizeof(path), SPACECRAFT "%lld/",
		         (long long)id_of(json_array_get(results, i)));
		row = get(path);
		assert_true(json_equal(row, json_array_get(results, i)));
		json_decref(row);
	}
	json_decref(page);
}

static void test_normal_list(void **state)
{
	json_t *page = get(SPACECRAFT "?limit=1");

	(void)state;
	assert_null(
		json_object_get(json_array_get(json_object_get(page, "results"), 0), "flights"));
	json_decref(page);
}

static long long round_trips_of(struct wire *wire, const char *path)
{
	long long before = watch_metric(wire, "db_round_trips_total");

	json_decref(get(path));
	return watch_metric(wire, "db_round_trips_total") - before;
}

/* One statement a table and level: the number of rows does not matter. */
static void test_round_trips(void **state)
{
	struct wire wire;
	long long one;

	(void)state;
	wire_open(&wire, server.port);
	one = round_trips_of(&wire, SPACECRAFT "289/");
	assert_in_range(one, 4, 8);
	assert_int_equal(round_trips_of(&wire, SPACECRAFT "?mode=detailed&limit=100"), one);
	wire_close(&wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flights_of_a_spacecraft),
		cmocka_unit_test(test_order_and_empty_list),
		cmocka_unit_test(test_detailed_list),
		cmocka_unit_test(test_normal_list),
		cmocka_unit_test(test_round_trips),
	};

	return RUN_TESTS("reverse lists", tests, setup, tear_down);
}
