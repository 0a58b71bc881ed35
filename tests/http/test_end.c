/* The end of a server whose clients go on asking over the connections that they have. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"

#define CLIENTS 16
/* More than the system holds for a connection: it is being sent until it is read. */
#define PAGE "/2.3.0/spacecraft_flights/?limit=100&mode=detailed"
#define LARGE (256 * 1024)

static void ask(struct wire *wire)
{
	wire_ask(wire, "GET", PAGE, "Host: a\r\n");
}

static void open_clients(struct wire wires[static CLIENTS], int port)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		struct reply reply;

		wire_open(&wires[i], port);
		ask(&wires[i]);
		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 200);
		assert_true(reply.body_length > LARGE);
		assert_null(reply_header(&reply, "Connection"));
		reply_fini(&reply);
		ask(&wires[i]);
	}
}

/* Takes the next answer, whole; false, where none came or it was the last. */
static bool goes_on(struct wire *wire)
{
	struct reply reply;
	const char *connection;
	bool last;

	if (!wire_take(wire, false, &reply))
		return false;
	assert_int_equal(reply.status, 200);
	connection = reply_header(&reply, "Connection");
	last = connection != NULL;
	if (last)
		assert_string_equal(connection, "close");
	reply_fini(&reply);
	if (last) {
		assert_true(wire_readable(wire, WIRE_SECONDS * 1000));
		assert_false(wire_take(wire, false, &reply));
	}
	return !last;
}

/* Each client gets what it asked for before, and at most one answer more. They take turns, so that there is
   always one that is being answered. */
static void test_kept_connections_end(void **state)
{
	struct wire wires[CLIENTS];

	(void)state;
	server_start(&server, database.conninfo, NULL);
	open_clients(wires, server.port);
	kill(server.process.pid, SIGTERM);
	assert_true(poll_until(server_refuses_connections, &server, 5));
	for (size_t i = 0; i < CLIENTS; i++) {
		if (goes_on(&wires[i])) {
			ask(&wires[i]);
			assert_false(goes_on(&wires[i]));
		}
		wire_close(&wires[i]);
	}
	server_stop(&server, NULL);
}

/* --- Connections that were idle. --- */

#define IDLE 64
#define SMALL "/2.3.0/spacecraft_flights/?limit=1"

static void ask_small(struct wire *wire)
{
	wire_ask(wire, "GET", SMALL, "Host: a\r\n");
}

/* Each is answered once more, and told that it was the last time. */
static void test_idle_connections_get_their_next_answer(void **state)
{
	struct wire wires[IDLE];

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.drain_timeout=30"));
	for (size_t i = 0; i < IDLE; i++) {
		wire_open(&wires[i], server.port);
		ask_small(&wires[i]);
		assert_true(goes_on(&wires[i]));
	}
	kill(server.process.pid, SIGTERM);
	assert_true(poll_until(server_refuses_connections, &server, 5));
	for (size_t i = 0; i < IDLE; i++) {
		struct reply reply;

		ask_small(&wires[i]);
		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 200);
		assert_string_equal(reply_header(&reply, "Connection"), "close");
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
	/* With the last of them it ends, long before its time is over. */
	server_stop(&server, NULL);
}

/* Neither is one that has not said anything before. */
static void test_silent_connections_get_an_answer(void **state)
{
	struct reply reply;

	(void)state;
	serve(WORDS("server.drain_timeout=30"));
	assert_false(wire_readable(&client, 100));
	kill(server.process.pid, SIGTERM);
	assert_true(poll_until(server_refuses_connections, &server, 5));
	ask_small(&client);
	wire_read(&client, false, &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply_header(&reply, "Connection"), "close");
	reply_fini(&reply);
	serve_end(NULL);
}

/* Those that do not ask are waited for as long as was set. */
static void test_idle_connections_are_cut_in_the_end(void **state)
{
	struct reply reply;
	int64_t begin;

	(void)state;
	serve(WORDS("server.drain_timeout=2"));
	ask_small(&client);
	assert_true(goes_on(&client));
	begin = clock_monotonic();
	kill(server.process.pid, SIGTERM);
	assert_true(wire_readable(&client, 10000));
	assert_false(wire_take(&client, false, &reply));
	assert_true(clock_monotonic() - begin > 1900000);
	serve_end(NULL);
}

/* Who has connected before the end, as far as the system told it, is answered. */
static void test_connections_that_nobody_has_accepted_yet(void **state)
{
	struct wire wires[IDLE];

	(void)state;
	server_start(&server, database.conninfo, NULL);
	for (size_t i = 0; i < IDLE; i++) {
		wire_open(&wires[i], server.port);
		ask_small(&wires[i]);
	}
	kill(server.process.pid, SIGTERM);
	for (size_t i = 0; i < IDLE; i++) {
		struct reply reply;

		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
	server_stop(&server, NULL);
}

/* --- Requests that wait for the database. --- */

static bool workers_wait(void *count)
{
	char *waiting =
		test_sql(database.conninfo,
	                 "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
	                 " AND datname = current_database()");
	bool all = atoi(waiting) >= *(int *)count;

	free(waiting);
	return all;
}

/* All of them get an answer, though the database never gives one: those under way, and those behind them. */
static void test_who_waits_is_refused(void **state)
{
	struct wire wires[IDLE];
	int workers = 2;

	(void)state;
	server_start(&server, database.conninfo,
	             WORDS("server.drain_timeout=1", "server.workers=2", "database.timeout=12"));
	test_lock(database.conninfo, "spacecraft_flight");
	for (size_t i = 0; i < IDLE; i++) {
		char target[100];

		snprintf(target, sizeof(target), "%s&offset=%zu", SMALL, i);
		wire_open(&wires[i], server.port);
		wire_ask(&wires[i], "GET", target, "Host: a\r\n");
	}
	assert_true(poll_until(workers_wait, &workers, 4));
	kill(server.process.pid, SIGTERM);
	for (size_t i = 0; i < IDLE; i++) {
		struct reply reply;

		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 503);
		assert_non_null(reply_header(&reply, "Retry-After"));
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
	server_stop(&server, NULL);
	test_unlock();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_connections_end),
		cmocka_unit_test(test_idle_connections_get_their_next_answer),
		cmocka_unit_test(test_silent_connections_get_an_answer),
		cmocka_unit_test(test_idle_connections_are_cut_in_the_end),
		cmocka_unit_test(test_connections_that_nobody_has_accepted_yet),
		cmocka_unit_test(test_who_waits_is_refused),
	};

	return RUN_TESTS("end", tests, set_up_samples, tear_down);
}
