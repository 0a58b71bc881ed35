/* The end of a server whose clients go on asking over the connections that they have. */
#include <signal.h>
#include <stdlib.h>

#include "support/cmocka.h"
#include "support/flights.h"
#include "support/poll.h"
#include "support/postgres.h"
#include "support/server.h"
#include "support/wire.h"

#define CLIENTS 16
/* More than the system holds for a connection: it is being sent until it is read. */
#define PAGE "/2.3.0/spacecraft_flights/?limit=100&mode=detailed"
#define LARGE (256 * 1024)

static struct test_database database;

static bool refuses_connections(void *server)
{
	return !server_takes_connections(server);
}

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
	struct test_server server;

	(void)state;
	server_start(&server, database.conninfo, NULL);
	open_clients(wires, server.port);
	kill(server.process.pid, SIGTERM);
	assert_true(poll_until(refuses_connections, &server, 5));
	for (size_t i = 0; i < CLIENTS; i++) {
		if (goes_on(&wires[i])) {
			ask(&wires[i]);
			assert_false(goes_on(&wires[i]));
		}
		wire_close(&wires[i]);
	}
	server_stop(&server, NULL);
}

static int set_up(void **state)
{
	(void)state;
	samples_database_init(&database);
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
		cmocka_unit_test(test_kept_connections_end),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests_name("end", tests, set_up, tear_down);
}
