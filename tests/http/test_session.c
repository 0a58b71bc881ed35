/* Sessions: after a failed batch, with hosts that do not respond, with tables that are locked or were edited by
   hand. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "repository/execute.h"
#include "repository/wire.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/fixture.h"
#include "support/flights.h"
#include "support/logs.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"

static struct session *open_session(enum session_use use)
{
	struct error error = {""};
	struct session *session = session_open(database.conninfo, use, &error);

	if (!session)
		fail_msg("%s", error.text);
	return session;
}

/* The last statement of a batch fails: no other is skipped. */
static void test_usable_after_failure(void **state)
{
	static const struct statement fails = {"SELECT 1 / (SELECT 0)", 0, NULL};
	struct session *session = open_session(SESSION_READS);
	struct error error = {""}, later = {""};
	int64_t version;

	(void)state;
	assert_true(snapshot_begin(session, &version, &error));
	assert_true(session_send(session, &fails, NULL, &error) && session_sync(session, &error));
	assert_null(session_result(session, &error));
	assert_non_null(strstr(error.text, "division by zero"));
	assert_false(session_finish(session, &later));
	assert_true(session_alive(session));
	assert_string_equal(later.text, "");
	if (!snapshot_begin(session, &version, &later) || !snapshot_end(session, &later))
		fail_msg("%s", later.text);
	session_close(session);
}

/* What libpq says of a lost connection has hints on further lines, which are none for a log. */
static void test_error_is_one_line(void **state)
{
	struct session *session = open_session(SESSION_READS);
	struct error error = {""};
	int64_t version;

	(void)state;
	assert_int_equal(shutdown(PQsocket(session_connection(session)), SHUT_RDWR), 0);
	assert_false(snapshot_begin(session, &version, &error));
	assert_string_equal(error.text, "PostgreSQL: server closed the connection unexpectedly");
	session_close(session);
}

/* Sessions that serve requests cannot write, whatever their role may do. */
static void test_readers_do_not_write(void **state)
{
	static const char insert[] = "INSERT INTO orbit (id) VALUES (1)";
	struct session *reader = open_session(SESSION_READS);
	struct session *writer = open_session(SESSION_WRITES);
	struct error error = {""};

	(void)state;
	assert_false(session_run(reader, insert, &error));
	assert_non_null(strstr(error.text, "read-only transaction"));
	error = (struct error){""};
	if (!session_run(writer, insert, &error) ||
	    !session_run(writer, "DELETE FROM orbit", &error))
		fail_msg("%s", error.text);
	session_close(reader);
	session_close(writer);
}

#define STATEMENTS 700

/* Runs all statements in one batch; each answers with its own number. */
static void run_all(struct session *session, const struct statement *statements)
{
	struct error error = {""};

	for (int i = 0; i < STATEMENTS; i++)
		assert_true(session_send(session, &statements[i], NULL, &error));
	assert_true(session_sync(session, &error));
	for (int i = 0; i < STATEMENTS; i++) {
		PGresult *result = session_result(session, &error);

		if (result == NULL)
			fail_msg("%s", error.text);
		assert_int_equal(wire_get32(PQgetvalue(result, 0, 0)), i);
		PQclear(result);
	}
	assert_true(session_finish(session, &error));
}

static uint64_t prepared_count(struct session *session)
{
	static const struct statement count = {"SELECT count(*) FROM pg_prepared_statements", 0,
	                                       NULL};
	struct error error = {""};
	PGresult *result;
	uint64_t found;

	assert_true(session_send(session, &count, NULL, &error) && session_sync(session, &error));
	result = session_result(session, &error);
	assert_non_null(result);
	found = wire_get64(PQgetvalue(result, 0, 0));
	PQclear(result);
	assert_true(session_finish(session, &error));
	return found;
}

/* Each is prepared once; again after a failure, which may have skipped preparations. */
static void test_prepared_once(void **state)
{
	static const struct statement fails = {"SELECT 1 / (SELECT 0)", 0, NULL};
	static struct statement statements[STATEMENTS];
	struct session *session = open_session(SESSION_READS);
	struct error error = {""};

	(void)state;
	for (int i = 0; i < STATEMENTS; i++) {
		char sql[40];

		snprintf(sql, sizeof(sql), "SELECT %d", i);
		statements[i].sql = strdup(sql);
	}
	run_all(session, statements);
	run_all(session, statements);
	assert_int_equal(prepared_count(session), STATEMENTS + 1);
	assert_true(session_send(session, &fails, NULL, &error) && session_sync(session, &error));
	assert_null(session_result(session, &error));
	assert_false(session_finish(session, &error));
	run_all(session, statements);
	assert_int_equal(prepared_count(session), STATEMENTS + 1);
	session_close(session);
	for (int i = 0; i < STATEMENTS; i++)
		free((char *)statements[i].sql);
}

static uint64_t process_id(struct session *session)
{
	static const struct statement own = {"SELECT pg_backend_pid()::bigint", 0, NULL};
	struct error error = {""};
	int64_t id = 0;

	if (!execute_number(session, &own, NO_ARGUMENTS, &id, &error))
		fail_msg("%s", error.text);
	return (uint64_t)id;
}

static bool is_mended(void *session)
{
	return session_mend(session) == MENDING_DONE;
}

/* What takes longer than its session has time is cancelled, and the session is good for others then. */
static void test_late_session_is_mended(void **state)
{
	static const struct statement lasts = {"SELECT pg_sleep(600)", 0, NULL};
	struct patience patience = {clock_monotonic() + INT64_C(10000000), -1};
	struct error error = {""}, late = {""};
	struct session *session =
		session_open_by(database.conninfo, SESSION_READS, &patience, &error);
	uint64_t id;

	(void)state;
	if (session == NULL)
		fail_msg("%s", error.text);
	id = process_id(session);
	session_set_deadline(session, clock_monotonic() + 100000);
	assert_false(execute(session, &lasts, NO_ARGUMENTS, NULL, &late));
	assert_string_equal(late.text, "PostgreSQL does not answer in time");
	assert_false(session_alive(session));
	assert_true(poll_until(is_mended, session, 10));
	assert_true(session_alive(session));
	session_set_deadline(session, clock_monotonic() + INT64_C(10000000));
	assert_int_equal(process_id(session), id);
	session_close(session);
}

/* Statements of a snapshot end before its session is late, and its time is over. */
static void test_statement_ends_in_time(void **state)
{
	static const struct statement lasts = {"SELECT pg_sleep(600)", 0, NULL};
	struct patience patience = {clock_monotonic() + INT64_C(10000000), -1};
	struct error error = {""};
	struct session *session =
		session_open_by(database.conninfo, SESSION_READS, &patience, &error);
	int64_t version;

	(void)state;
	if (session == NULL)
		fail_msg("%s", error.text);
	session_set_deadline(session, clock_monotonic() + INT64_C(2000000));
	assert_true(snapshot_begin(session, &version, &error));
	assert_false(execute(session, &lasts, NO_ARGUMENTS, NULL, &error));
	assert_non_null(strstr(error.text, "canceling statement due to statement timeout"));
	assert_true(session_alive(session));
	assert_false(session_was_locked_out(session));
	session_close(session);
}

/* The same for a lock, which is told apart. */
static void test_lock_ends_in_time(void **state)
{
	static const struct statement reads = {"SELECT count(*) FROM orbit", 0, NULL};
	struct patience patience = {clock_monotonic() + INT64_C(10000000), -1};
	struct error error = {""};
	struct session *session =
		session_open_by(database.conninfo, SESSION_READS, &patience, &error);
	int64_t version;

	(void)state;
	if (session == NULL)
		fail_msg("%s", error.text);
	session_set_deadline(session, clock_monotonic() + INT64_C(1000000));
	test_lock(database.conninfo, "orbit");
	assert_true(snapshot_begin(session, &version, &error));
	assert_false(execute(session, &reads, NO_ARGUMENTS, NULL, &error));
	assert_non_null(strstr(error.text, "canceling statement due to lock timeout"));
	assert_true(session_alive(session));
	assert_true(session_was_locked_out(session));
	session_set_deadline(session, clock_monotonic() + INT64_C(1000000));
	assert_false(session_was_locked_out(session));
	session_close(session);
	test_unlock();
}

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

/* The first of two hosts takes a third of the time, not all of it. */
static void test_silent_host(void **state)
{
	char host[256], conninfo[1024];
	int port, fd = silent_socket(&port);

	(void)state;
	assert_int_equal(sscanf(database.conninfo, "host=%255s", host), 1);
	snprintf(conninfo, sizeof(conninfo), "%s host=127.0.0.1,%s port=%d,5432", database.conninfo,
	         host, port);
	serve_on(conninfo, WORDS("database.timeout=6"));
	assert_int_equal(watch_status(&client, LIST), 200);
	serve_end(NULL);
	close(fd);
}

/* Hosts come from wherever libpq takes them: a service file, an URI, lists with defaults in them. */
static void test_where_hosts_come_from(void **state)
{
	char host[256], service[128], uri[700], text[512];
	const char *const conninfos[] = {"service=trial", uri, text};
	int port, fd = silent_socket(&port);
	FILE *file;

	(void)state;
	assert_int_equal(sscanf(database.conninfo, "host=%255s", host), 1);
	snprintf(service, sizeof(service), "/tmp/spacecraft-flights-service-%d", (int)getpid());
	file = fopen(service, "we");
	assert_non_null(file);
	fprintf(file, "[trial]\nhost=127.0.0.1,%s\nport=%d,5432\nuser=postgres\ndbname=%s\n", host,
	        port, database.name);
	fclose(file);
	setenv("PGSERVICEFILE", service, 1);
	snprintf(uri, sizeof(uri), "postgresql://postgres@127.0.0.1:%d,:5432/%s?host=127.0.0.1,%s",
	         port, database.name, host);
	snprintf(text, sizeof(text), "host=/nowhere,%s port=,5432 user=postgres dbname=%s", host,
	         database.name);
	for (size_t i = 0; i < sizeof(conninfos) / sizeof(conninfos[0]); i++) {
		struct patience patience = {clock_monotonic() + INT64_C(6000000), -1};
		struct error error = {""};
		struct session *session =
			session_open_by(conninfos[i], SESSION_WATCHES, &patience, &error);

		if (session == NULL)
			fail_msg("%s: %s", conninfos[i], error.text);
		session_close(session);
	}
	unsetenv("PGSERVICEFILE");
	unlink(service);
	close(fd);
}

/* How many of the server's connections wait for a lock. */
static bool connections_wait(void *count)
{
	char *waiting = test_sql(database.conninfo,
	                         "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
	                         "'Lock' AND application_name = 'spacecraft-flights'"
	                         " AND datname = current_database()");
	bool as_wanted = atoi(waiting) == *(int *)count;

	free(waiting);
	return as_wanted;
}

/* Requests that reached their deadline leave no connection that goes on waiting. */
static void test_nothing_waits_on(void **state)
{
	struct session *locker = open_session(SESSION_WRITES);
	struct error error = {""};

	(void)state;
	serve(WORDS("database.timeout=1"));
	assert_int_equal(watch_status(&client, LIST), 200); /* so that it has its catalog */
	assert_true(session_run(
		locker, "BEGIN; LOCK TABLE spacecraft_flight IN ACCESS EXCLUSIVE MODE", &error));
	assert_int_equal(watch_status(&client, LIST "?offset=7"), 503);
	assert_true(poll_until(connections_wait, &(int){0}, 10));
	assert_int_equal(watch_status(&client, LIST "?offset=8"), 503);
	assert_true(session_run(locker, "ROLLBACK", &error));
	assert_int_equal(watch_status(&client, LIST "?offset=7"), 200);
	session_close(locker);
	serve_end(NULL);
}

/* The end does not wait for a sync that waits for a lock. */
static void test_end_while_sync_waits(void **state)
{
	struct session *locker = open_session(SESSION_WRITES);
	struct error error = {""};

	(void)state;
	assert_true(session_run(locker, "BEGIN; LOCK TABLE sync_pass IN ACCESS EXCLUSIVE MODE",
	                        &error));
	server_start(&server, database.conninfo,
	             WORDS("sync.interval=60", "sync.upstream=http://127.0.0.1:9"));
	assert_true(poll_until(connections_wait, &(int){1}, 10));
	server_stop(&server, NULL); /* within ten seconds */
	session_close(locker);
}

/* JSON cannot express them; only SQL by hand stores them. */
static void test_infinities_are_null(void **state)
{
	struct reply reply;

	(void)state;
	flights_import_samples(&database);
	free(test_sql(database.conninfo,
	              "UPDATE celestial_body SET gravity = 'NaN', diameter = 'infinity';"
	              "UPDATE spacecraft_configuration SET maiden_flight = 'infinity';"
	              "UPDATE spacecraft_flight SET mission_end = '-infinity'"));
	server_start(&server, database.conninfo, NULL);
	wire_get(server.port, LIST "864/", NULL, &reply);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(reply.body, "\"gravity\":null"));
	assert_non_null(strstr(reply.body, "\"diameter\":null"));
	assert_non_null(strstr(reply.body, "\"maiden_flight\":null"));
	assert_non_null(strstr(reply.body, "\"mission_end\":null"));
	reply_fini(&reply);
	server_stop(&server, NULL);
}

/* As while pg_restore has created the table and not filled it yet. */
static void test_version_is_missing(void **state)
{
	(void)state;
	free(test_sql(database.conninfo, "DELETE FROM catalog_version"));
	server_start(&server, database.conninfo, NULL);
	log_await(&server.process, "no change feed: table catalog_version is empty", 1);
	server_stop(&server, NULL);
}

/* The original's texts may have any character. */
static void test_other_encodings_are_refused(void **state)
{
	struct output output;
	char setting[700];

	(void)state;
	free(test_sql(test_postgres(), "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' "
	                               "LOCALE 'C'"));
	snprintf(setting, sizeof(setting), "database.conninfo=%s dbname=latin", test_postgres());
	command_run(&output, WORDS("--set", setting, "migrate"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "the database's encoding is LATIN1 and has to be UTF8"));
	output_fini(&output);
	free(test_sql(test_postgres(), "DROP DATABASE latin"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_flights, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_usable_after_failure),
		TEST(test_error_is_one_line),
		TEST(test_prepared_once),
		TEST(test_readers_do_not_write),
		TEST(test_late_session_is_mended),
		TEST(test_statement_ends_in_time),
		TEST(test_lock_ends_in_time),
		TEST(test_silent_host),
		TEST(test_where_hosts_come_from),
		TEST(test_nothing_waits_on),
		TEST(test_end_while_sync_waits),
		TEST(test_infinities_are_null),
		TEST(test_version_is_missing),
		cmocka_unit_test(test_other_encodings_are_refused),
	};

	return RUN_TESTS("session", tests, NULL, NULL);
}
