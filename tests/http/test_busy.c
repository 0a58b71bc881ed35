/* More is asked for than can be made: who is told so, and what goes on. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/flights.h"
#include "support/postgres.h"
#include "support/server.h"
#include "support/watching.h"
#include "support/wire.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define SECOND INT64_C(1000000)
#define SHOWN "Accept: text/html\r\nAccept-Encoding: gzip\r\n"

static struct test_database database;

/* --- Pages that take their time: one thread makes them. --- */

enum { CROWD_LEAST = 50, CROWD_MOST = 800 };

struct crowd {
	struct wire wires[CROWD_MOST];
	size_t count;
};

static void ask_page(struct wire *wire, int port, size_t number)
{
	char target[128];

	snprintf(target, sizeof(target), LIST "?mode=detailed&limit=100&n=%zu", number);
	wire_open(wire, port);
	wire_ask(wire, "GET", target, "Host: a\r\n" SHOWN);
}

/* As many different pages as take so long to be made. */
static void ask_pages(struct crowd *crowd, int port, int64_t duration)
{
	struct reply reply;
	struct wire wire;
	int64_t begin = 0, each;

	for (size_t i = 0; i < 3; i++) { /* the first has to load what it shows */
		begin = clock_monotonic();
		ask_page(&wire, port, CROWD_MOST + i);
		wire_read(&wire, false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
		wire_close(&wire);
	}
	each = clock_monotonic() - begin;
	crowd->count = (size_t)(duration / each);
	if (crowd->count < CROWD_LEAST)
		crowd->count = CROWD_LEAST;
	if (crowd->count > CROWD_MOST)
		crowd->count = CROWD_MOST;
	for (size_t i = 0; i < crowd->count; i++)
		ask_page(&crowd->wires[i], port, i);
	/* Connections are taken in their order: with this one all are there. */
	wire_get(port, "/health", NULL, &reply);
	reply_fini(&reply);
}

static void assert_busy(const struct reply *reply)
{
	assert_int_equal(reply->status, 503);
	assert_string_equal(reply_header(reply, "Retry-After"), "5");
	assert_null(reply_header(reply, "ETag"));
	assert_non_null(strstr(reply->body, "The server is busy."));
}

/* Each is answered; returns how many by 503. */
static size_t read_pages(struct crowd *crowd)
{
	size_t refused = 0;

	for (size_t i = 0; i < crowd->count; i++) {
		struct reply reply;

		wire_read(&crowd->wires[i], false, &reply);
		if (reply.status != 200) {
			assert_busy(&reply);
			refused++;
		}
		reply_fini(&reply);
		wire_close(&crowd->wires[i]);
	}
	return refused;
}

/* Nobody waits longer for his page to be made than for the database. */
static void test_pages_have_a_deadline(void **state)
{
	static struct crowd crowd;
	struct test_server server;
	size_t refused;

	(void)state;
	server_start(&server, database.conninfo, WORDS("database.timeout=2"));
	ask_pages(&crowd, server.port, 5 * SECOND);
	refused = read_pages(&crowd);
	assert_in_range(refused, 1, crowd.count - 1);
	server_stop(&server, NULL);
}

/* At the end, whoever waits for his turn is told so, and nothing is left behind. */
static void test_end_with_a_queue(void **state)
{
	static struct crowd crowd;
	struct test_server server;
	struct output output;

	(void)state;
	server_start(&server, database.conninfo, WORDS("database.timeout=60"));
	ask_pages(&crowd, server.port, 12 * SECOND);
	kill(server.process.pid, SIGTERM);
	assert_in_range(read_pages(&crowd), 1, crowd.count - 1);
	server_stop(&server, &output);
	assert_null(strstr(output.err, "left behind"));
	output_fini(&output);
}

static int set_up(void **state)
{
	(void)state;
	test_database_init_schema(&database);
	flights_import_samples(&database);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_database_fini(&database);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages_have_a_deadline),
		cmocka_unit_test(test_end_with_a_queue),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests_name("busy", tests, set_up, tear_down);
}
