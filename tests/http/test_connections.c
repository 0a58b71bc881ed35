/* The server's connections to PostgreSQL: how many there are, whatever is slow, locked or frozen, and where they lead
   while a host is silent. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "repository/execute.h"
#include "repository/session.h"
#include "support/cluster.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define SECOND INT64_C(1000000)
#define OURS " FROM pg_stat_activity WHERE application_name = 'spacecraft-flights'"

/* In PostgreSQL's log, of requests to cancel as well. */
#define CONNECTED "connection received"
#define TIMEOUT "canceling statement due to lock timeout"

enum { WORKERS = 4, CLIENTS = 8 };

static int count_connections(void)
{
	char *text = test_sql(test_postgres(), "SELECT count(*)" OURS);
	int count = atoi(text);

	free(text);
	return count;
}

/* Something else each time, in an order that only the database knows. */
static void ask_new(struct wire *wire)
{
	static int number;
	char target[128];

	snprintf(target, sizeof(target), LIST "?limit=1&ordering=destination&n=%d", ++number);
	wire_ask(wire, "GET", target, "Host: a\r\n");
}

static int status_of_new(struct wire *wire)
{
	struct reply reply;
	int status;

	ask_new(wire);
	wire_read(wire, false, &reply);
	status = reply.status;
	reply_fini(&reply);
	return status;
}

static bool is_answered(void *wire)
{
	return status_of_new(wire) == 200;
}

/* So many clients at once, until each of the workers has a connection. */
static bool all_connect(void *unused)
{
	struct wire wires[CLIENTS];

	(void)unused;
	for (size_t i = 0; i < CLIENTS; i++) {
		wire_open(&wires[i], server.port);
		ask_new(&wires[i]);
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		struct reply reply;

		wire_read(&wires[i], false, &reply);
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
	return count_connections() == WORKERS + 1;
}

/* Clients that ask again as soon as they were answered, for so long; how many connections there were at most. */
static int most_connections(int64_t duration)
{
	int64_t end = clock_monotonic() + duration;
	struct wire wires[CLIENTS];
	int most = 0;

	for (size_t i = 0; i < CLIENTS; i++) {
		wire_open(&wires[i], server.port);
		ask_new(&wires[i]);
	}
	while (clock_monotonic() < end) {
		int count = count_connections();

		most = count > most ? count : most;
		for (size_t i = 0; i < CLIENTS; i++) {
			struct reply reply;

			if (!wire_readable(&wires[i], 20))
				continue;
			wire_read(&wires[i], false, &reply);
			reply_fini(&reply);
			ask_new(&wires[i]);
		}
	}
	for (size_t i = 0; i < CLIENTS; i++)
		wire_close(&wires[i]);
	return most;
}

static char *process_ids(void)
{
	return test_sql(test_postgres(), "SELECT string_agg(pid::text, ' ' ORDER BY pid)" OURS);
}

/* In how many lines of PostgreSQL's log the text is. */
static int count_log_lines(const char *text)
{
	char host[256], path[300], line[1024];
	int count = 0;
	FILE *log;

	assert_int_equal(sscanf(test_postgres(), "host=%255s", host), 1);
	snprintf(path, sizeof(path), "%s/postgres.log", host);
	log = fopen(path, "re");
	assert_non_null(log);
	while (fgets(line, sizeof(line), log))
		count += strstr(line, text) != NULL;
	fclose(log);
	return count;
}

/* A locked table: PostgreSQL ends the statements, and the connections stay the same. */
static void test_locked(void **state)
{
	char *before, *after;
	int timeouts;

	(void)state;
	serve(WORDS("server.workers=4", "database.timeout=1"));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	assert_true(poll_until(all_connect, NULL, 20));
	before = process_ids();
	timeouts = count_log_lines(TIMEOUT);
	test_lock(database.conninfo, "spacecraft_flight");
	assert_in_range(most_connections(6 * SECOND), WORKERS, WORKERS + 1);
	test_unlock();
	assert_true(poll_until(is_answered, &client, 10));
	assert_true(count_log_lines(TIMEOUT) > timeouts);
	after = process_ids();
	assert_string_equal(after, before);
	free(before);
	free(after);
	serve_end(NULL);
}

static bool is_other_answered(void *wire)
{
	static int number;
	char target[96];

	snprintf(target, sizeof(target), "/2.3.0/agencies/?ordering=-name&n=%d", ++number);
	return watch_status(wire, target) == 200;
}

/* While one table is locked and requested all the time, requests that read others are answered. */
static void test_locked_and_others(void **state)
{
	struct wire wires[CLIENTS];
	int64_t begun, end;
	int answered = 0, asked = 0;

	(void)state;
	serve(WORDS("server.workers=4", "database.timeout=3"));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	test_lock(database.conninfo, "spacecraft_flight");
	begun = clock_monotonic();
	for (size_t i = 0; i < CLIENTS; i++) {
		wire_open(&wires[i], server.port);
		ask_new(&wires[i]);
	}
	/* The first ones wait in vain, with all workers, for a quarter of the time. */
	for (size_t i = 0; i < CLIENTS; i++) {
		struct reply reply;

		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 503);
		reply_fini(&reply);
		ask_new(&wires[i]);
	}
	assert_in_range(clock_monotonic() - begun, 0, watch_bound(1500));
	assert_true(poll_until(is_other_answered, &client, 1));
	end = clock_monotonic() + 4 * SECOND;
	while (clock_monotonic() < end) {
		answered += is_other_answered(&client);
		asked++;
		for (size_t i = 0; i < CLIENTS; i++) {
			struct reply reply;

			if (!wire_readable(&wires[i], 0))
				continue;
			wire_read(&wires[i], false, &reply);
			assert_int_equal(reply.status, 503);
			reply_fini(&reply);
			ask_new(&wires[i]);
		}
	}
	assert_true(answered > 20);
	assert_true(answered >= asked * 9 / 10);
	test_unlock();
	assert_true(poll_until(is_answered, &client, 10));
	for (size_t i = 0; i < CLIENTS; i++)
		wire_close(&wires[i]);
	serve_end(NULL);
}

static void signal_processes(const char *ids, int signal)
{
	char *end;

	for (long id = strtol(ids, &end, 10); id > 0; id = strtol(end, &end, 10))
		assert_int_equal(kill((pid_t)id, signal), 0);
}

/* Processes of PostgreSQL that stand still, while new ones would answer: no others are started in their stead. */
static void test_frozen_processes(void **state)
{
	char *ids;
	int most;

	(void)state;
	serve(WORDS("server.workers=4", "database.timeout=1"));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	assert_true(poll_until(all_connect, NULL, 20));
	ids = process_ids();
	signal_processes(ids, SIGSTOP);
	most = most_connections(8 * SECOND);
	signal_processes(ids, SIGCONT);
	assert_in_range(most, WORKERS, WORKERS + 2);
	assert_true(poll_until(is_answered, &client, 10));
	assert_true(poll_until(all_connect, NULL, 20));
	free(ids);
	serve_end(NULL);
}

/* PostgreSQL as a whole stands still, and goes on: nothing comes upon it then but one attempt to cancel for each of
   the workers, and a little more. */
static void test_frozen_and_back(void **state)
{
	struct wire wires[CLIENTS];
	int64_t end;
	int before;

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.workers=4", "database.timeout=1"));
	wire_open(&wires[0], server.port);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&wires[0], LIST, NULL}, 10));
	assert_true(poll_until(all_connect, NULL, 20));
	free(test_sql(test_postgres(), "ALTER SYSTEM SET log_connections = on"));
	free(test_sql(test_postgres(), "SELECT pg_reload_conf()"));
	for (size_t i = 1; i < CLIENTS; i++)
		wire_open(&wires[i], server.port);
	before = count_log_lines(CONNECTED);
	cluster_freeze();
	end = clock_monotonic() + 8 * SECOND;
	while (clock_monotonic() < end) {
		for (size_t i = 0; i < CLIENTS; i++)
			ask_new(&wires[i]);
		for (size_t i = 0; i < CLIENTS; i++) {
			struct reply reply;

			wire_read(&wires[i], false, &reply);
			assert_int_equal(reply.status, 503);
			reply_fini(&reply);
		}
	}
	cluster_thaw();
	assert_true(poll_until(is_answered, &wires[0], 10));
	assert_in_range(count_log_lines(CONNECTED) - before, 0, 2 * WORKERS + 2);
	free(test_sql(test_postgres(), "ALTER SYSTEM RESET log_connections"));
	free(test_sql(test_postgres(), "SELECT pg_reload_conf()"));
	for (size_t i = 0; i < CLIENTS; i++)
		wire_close(&wires[i]);
	server_stop(&server, NULL);
}

/* --- A silent host. --- */

/* A socket that listens and never accepts. */
static int silent_socket(int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

/* Once it is known to be silent, the other is taken at once. */
static void test_silent_host_is_avoided(void **state)
{
	struct output output;
	char host[256], conninfo[1024];
	int port, fd = silent_socket(&port);

	(void)state;
	assert_int_equal(sscanf(database.conninfo, "host=%255s", host), 1);
	snprintf(conninfo, sizeof(conninfo), "%s host=127.0.0.1,%s port=%d,5432", database.conninfo,
	         host, port);
	serve_on(conninfo, WORDS("database.timeout=6", "server.workers=1"));
	assert_int_equal(status_of_new(&client), 200);
	for (int i = 0; i < 3; i++) {
		int64_t begin;

		free(test_sql(test_postgres(),
		              "SELECT count(pg_terminate_backend(pid, 5000))" OURS));
		begin = clock_monotonic();
		assert_int_equal(status_of_new(&client), 200);
		assert_in_range(clock_monotonic() - begin, 0, watch_bound(1000));
	}
	serve_end(&output);
	assert_non_null(strstr(output.err, "does not answer"));
	output_fini(&output);
	close(fd);
}

/* Whether a connection with these attributes leads to the standby, which is the second host. */
static int64_t is_standby(const char *conninfo, enum session_use use, const char *attributes)
{
	static const struct statement recovers = {"SELECT pg_is_in_recovery()", 0, NULL};
	struct error error = {""};
	struct session *session;
	int64_t standby = -1;
	char all[1300];

	snprintf(all, sizeof(all), "%s %s", conninfo, attributes);
	session = session_open(all, use, &error);
	if (session == NULL || !execute_number(session, &recovers, NO_ARGUMENTS, &standby, &error))
		fail_msg("%s: %s", attributes, error.text);
	session_close(session);
	return standby;
}

static void assert_hosts_are_chosen(const char *conninfo)
{
	assert_int_equal(is_standby(conninfo, SESSION_READS, ""), 0);
	assert_int_equal(is_standby(conninfo, SESSION_READS, "target_session_attrs=any"), 0);
	assert_int_equal(is_standby(conninfo, SESSION_READS, "target_session_attrs=standby"), 1);
	assert_int_equal(is_standby(conninfo, SESSION_READS, "target_session_attrs=prefer-standby"),
	                 1);
	assert_int_equal(is_standby(conninfo, SESSION_WRITES, ""), 0);
	/* What is said wins. */
	assert_int_equal(is_standby(conninfo, SESSION_WRITES, "target_session_attrs=standby"), 1);
}

/* The first of two hosts stands still while its connections are in use: requests that wait there go to the other one,
   where all that come later are answered at once. */
static void test_first_host_freezes(void **state)
{
	char host[256], conninfo[1200];
	int64_t frozen_at, end;
	int answered = 0, refused = 0;

	(void)state;
	assert_int_equal(sscanf(database.conninfo, "host=%255s", host), 1);
	assert_non_null(strstr(standby_start(), " port=5433 "));
	snprintf(conninfo, sizeof(conninfo), "%s host=%s,%s port=5432,5433", database.conninfo,
	         host, host);
	assert_hosts_are_chosen(conninfo);
	serve_on(conninfo, WORDS("database.timeout=10", "server.workers=2"));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	assert_true(poll_until(is_answered, &client, 10));
	cluster_freeze();
	frozen_at = clock_monotonic();
	assert_int_equal(status_of_new(&client), 200);
	assert_in_range(clock_monotonic() - frozen_at, 0, watch_bound(6000));
	end = clock_monotonic() + 4 * SECOND;
	while (clock_monotonic() < end)
		status_of_new(&client) == 200 ? answered++ : refused++;
	printf("%d answered, %d refused\n", answered, refused);
	assert_int_equal(refused, 0);
	assert_true(answered > 100);
	cluster_thaw();
	assert_int_equal(status_of_new(&client), 200);
	serve_end(NULL);
	standby_stop();
}

#define TEST(name) cmocka_unit_test_teardown(name, repair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_locked),
		TEST(test_locked_and_others),
		TEST(test_frozen_processes),
		TEST(test_frozen_and_back),
		TEST(test_silent_host_is_avoided),
		TEST(test_first_host_freezes),
	};

	return RUN_TESTS("connections", tests, set_up_cluster, tear_down);
}
