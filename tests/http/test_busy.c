/* More is asked for than can be made: who is told so, and what goes on. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define SECOND INT64_C(1000000)
#define SHOWN "Accept: text/html\r\nAccept-Encoding: gzip\r\n"

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

/* As many different pages as take so long to be made, at least. */
static void ask_pages(struct crowd *crowd, int port, int64_t duration)
{
	struct reply reply;
	struct wire wire;
	int64_t each = INT64_MAX; /* the fastest: the machine may be busy otherwise */

	for (size_t i = 0; i < 6; i++) {
		int64_t begin = clock_monotonic();

		ask_page(&wire, port, CROWD_MOST + i);
		wire_read(&wire, false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
		wire_close(&wire);
		if (clock_monotonic() - begin < each)
			each = clock_monotonic() - begin;
	}
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
	size_t refused;

	(void)state;
	server_start(&server, database.conninfo, WORDS("database.timeout=2"));
	ask_pages(&crowd, server.port, 10 * SECOND);
	refused = read_pages(&crowd);
	assert_in_range(refused, 1, crowd.count - 1);
	server_stop(&server, NULL);
}

/* At the end, whoever waits for his turn is told so, and nothing is left behind. */
static void test_end_with_a_queue(void **state)
{
	static struct crowd crowd;
	struct output output;

	(void)state;
	server_start(&server, database.conninfo, WORDS("database.timeout=60"));
	ask_pages(&crowd, server.port, 24 * SECOND);
	kill(server.process.pid, SIGTERM);
	assert_in_range(read_pages(&crowd), 1, crowd.count - 1);
	server_stop(&server, &output);
	assert_null(strstr(output.err, "left behind"));
	output_fini(&output);
}

/* --- Pages that nobody reads: memory for them has an end. --- */

#define ROOM ((64 << 20) + (1 << 19)) /* of a server with 1 MiB of cache */
#define LARGE LIST "?mode=detailed&limit=100&n="

/* From an address that few others come from, so that no client has more than its share. */
static void ask_large(struct wire *wire, int port, size_t number)
{
	char target[128], source[32];

	snprintf(target, sizeof(target), LARGE "%zu", number);
	snprintf(source, sizeof(source), "127.0.2.%zu", number / 8 + 1);
	wire_open_from(wire, source, port);
	wire_ask(wire, "GET", target, "Host: a\r\nAccept: text/html\r\n");
}

/* Something else each time, so that it has to be made. */
static int status_of_new(struct wire *wire)
{
	static int count;
	char target[128];

	snprintf(target, sizeof(target), LIST "?limit=3&n=%d", ++count);
	return watch_status(wire, target);
}

static bool is_answered(void *wire)
{
	return status_of_new(wire) == 200;
}

static void test_answers_that_nobody_reads(void **state)
{
	static struct crowd crowd;
	struct reply reply;
	struct wire wire;
	size_t length, refused;

	(void)state;
	server_start(&server, database.conninfo, WORDS("cache.size=1M"));
	ask_large(&wire, server.port, CROWD_MOST);
	wire_read(&wire, false, &reply);
	length = reply.body_length;
	reply_fini(&reply);
	wire_close(&wire);
	wire_open(&wire, server.port);
	assert_true(
		poll_until(watch_is_cached, &(struct awaited){&wire, LIST "?limit=1", NULL}, 10));
	crowd.count = ROOM / length + 10;
	assert_in_range(crowd.count, 1, CROWD_MOST);
	for (size_t i = 0; i < crowd.count; i++) { /* one after the other, so that none waits */
		ask_large(&crowd.wires[i], server.port, i);
		assert_true(wire_readable(&crowd.wires[i], WIRE_SECONDS * 1000));
	}
	/* Large ones alone are refused, and what is cached is shared by all. */
	assert_int_equal(status_of_new(&wire), 200);
	watch_ask(&wire, LARGE "new", "Accept: text/html\r\n", &reply);
	assert_int_equal(reply.status, 503);
	reply_fini(&reply);
	assert_int_equal(watch_status(&wire, LIST "?limit=1"), 200);
	/* How long a page will be is known within a half of it. */
	assert_in_range(watch_metric(&wire, "http_answer_bytes"), ROOM - 3 * length / 2, ROOM);
	refused = read_pages(&crowd);
	assert_in_range(refused, 1, crowd.count - 1);
	assert_true(poll_until(is_answered, &wire, 10));
	assert_in_range(watch_metric(&wire, "http_answer_bytes"), 0, 2 << 20);
	wire_close(&wire);
	server_stop(&server, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages_have_a_deadline),
		cmocka_unit_test(test_end_with_a_queue),
		cmocka_unit_test(test_answers_that_nobody_reads),
	};

	return RUN_TESTS("busy", tests, set_up_samples, tear_down);
}
