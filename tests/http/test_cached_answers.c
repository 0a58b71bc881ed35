/* Answers from the cache against those of a server without one: the same bytes, whatever else was requested
   before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/random.h"

#define FLIGHTS "/2.3.0/spacecraft_flights/"
#define SPACECRAFT "/2.3.0/spacecraft/"
#define CLOCK "server.clock=2025-04-13T12:00:00Z"

/* Flights and spacecraft of the same ids, with documents so large that lists of them are sent in pieces. */
static const char more_rows[] =
	"INSERT INTO spacecraft (id, name, in_space) SELECT id, 'Spacecraft ' || id, false"
	" FROM spacecraft_flight ON CONFLICT DO NOTHING;"
	"UPDATE spacecraft SET description = repeat('A long description. ', 1500)";

static const char *const targets[] = {
	FLIGHTS "864/",
	SPACECRAFT "864/",
	FLIGHTS "864/?format=json",
	FLIGHTS "?limit=1",
	FLIGHTS "?limit=1&mode=detailed",
	FLIGHTS "?limit=100",
	FLIGHTS "?limit=100&mode=detailed",
	FLIGHTS "?limit=100&mode=detailed&format=json",
	SPACECRAFT "?limit=1",
	SPACECRAFT "?limit=100",
	SPACECRAFT "?limit=100&mode=detailed",
};

static const char *const heads[] = {
	"Host: one.example\r\n",
	"Host: two.example\r\n",
	"Host: one.example\r\nAccept: application/json; indent=2\r\n",
	"Host: one.example\r\nAccept: text/html\r\n",
	"Host: one.example\r\nAccept-Encoding: gzip\r\n",
	"Host: one.example\r\nAccept-Encoding: zstd\r\n",
};

#define TARGETS (sizeof(targets) / sizeof(targets[0]))
#define HEADS (sizeof(heads) / sizeof(heads[0]))

static int setup(void **state)
{
	set_up_samples(state);
	free(test_sql(database.conninfo, more_rows));
	return 0;
}

static void get(struct wire *wire, size_t request, struct reply *reply)
{
	wire_ask(wire, "GET", targets[request / HEADS], heads[request % HEADS]);
	wire_read(wire, false, reply);
}

static void assert_same_header(const struct reply *reply, const struct reply *expected,
                               const char *name)
{
	const char *a = reply_header(reply, name), *b = reply_header(expected, name);

	assert_string_equal(a ? a : "", b ? b : "");
}

static void assert_same(const struct reply *reply, const struct reply *expected, size_t request)
{
	assert_int_equal(reply->status, expected->status);
	assert_same_header(reply, expected, "Content-Type");
	assert_same_header(reply, expected, "Content-Encoding");
	assert_same_header(reply, expected, "ETag");
	if (reply->body_length != expected->body_length ||
	    memcmp(reply->body, expected->body, expected->body_length) != 0)
		fail_msg("%s with %s: %.300s", targets[request / HEADS], heads[request % HEADS],
		         reply->body);
}

static void test_same_as_without_cache(void **state)
{
	static struct reply expected[TARGETS * HEADS];
	struct test_server cached, bare;
	struct random random;
	struct wire wire;

	(void)state;
	server_start(&bare, database.conninfo, WORDS(CLOCK, "cache.size=0"));
	wire_open(&wire, bare.port);
	for (size_t i = 0; i < TARGETS * HEADS; i++)
		get(&wire, i, &expected[i]);
	wire_close(&wire);
	server_stop(&bare, NULL);

	server_start(&cached, database.conninfo, WORDS(CLOCK));
	wire_open(&wire, cached.port);
	random_init(&random, random_seed("cached_answers"));
	for (size_t i = 0; i < 4 * TARGETS * HEADS; i++) {
		size_t request = random_below(&random, TARGETS * HEADS);
		struct reply reply;

		get(&wire, request, &reply);
		assert_same(&reply, &expected[request], request);
		reply_fini(&reply);
	}
	wire_close(&wire);
	server_stop(&cached, NULL);
	for (size_t i = 0; i < TARGETS * HEADS; i++)
		reply_fini(&expected[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_without_cache),
	};

	return RUN_TESTS("cached_answers", tests, setup, tear_down);
}
