/* Answers are as new as the data: soon after a commit, never older again, never of two states; also over
   a standby. */
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cluster.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define READERS 12
#define STATES_LEAST 21 /* that readers have to see */

static void commit(const char *sql)
{
	free(test_sql(database.conninfo, sql));
}

/* --- Soon after a commit --- */

/* How long the server, PostgreSQL and we have waited for a processor so far. */
static int64_t run_delay(void)
{
	return watch_run_delays(server.process.pid) + cluster_run_delay();
}

/* How long after its commit a change is seen, in microseconds, without the waits for a processor. The writer
   stays connected, so that the sum of waits does not lose those of its backend. */
static int64_t delay_of(struct wire *wire, PGconn *writer, const char *target, const char *sql,
                        const char *text)
{
	int64_t begin, end, waited;
	PGresult *result;

	assert_int_equal(watch_status(wire, target), 200); /* kept from now on */
	assert_int_equal(watch_status(wire, target), 200);
	result = PQexec(writer, sql);
	begin = clock_monotonic();
	assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
	PQclear(result);
	waited = run_delay();
	assert_true(poll_until(watch_has_come, &(struct awaited){wire, target, text}, 20));
	end = clock_monotonic();
	return end - begin - (run_delay() - waited);
}

static const struct {
	const char *target, *sql, *text;
} changes[] = {
	{LIST, "UPDATE spacecraft_flight SET destination = 'One' WHERE id = 3", "\"One\""},
	{LIST "3/", "UPDATE spacecraft_flight SET destination = 'Two' WHERE id = 3", "\"Two\""},
	{LIST "?mode=detailed", "UPDATE spacecraft SET name = 'Three' WHERE id = 4", "\"Three\""},
	{LIST "?ordering=-id", "UPDATE spacecraft SET name = 'Four' WHERE id = 602", "\"Four\""},
	{LIST "?limit=1", "INSERT INTO spacecraft_flight (id) VALUES (5000)", "\"count\":251"},
	{LIST "?spacecraft=289", "UPDATE spacecraft_flight SET spacecraft_id = 289 WHERE id = 5000",
         "\"count\":23"},
	{LIST "?limit=1", "DELETE FROM spacecraft_flight WHERE id = 5000", "\"count\":250"},
	{LIST "3/",
         "WITH l AS (INSERT INTO launch (id, name) VALUES ("
         "'00000000-0000-4000-8000-000000000009', 'Five') ON CONFLICT (id) DO UPDATE SET name = "
         "'Five' RETURNING id)"
         " UPDATE spacecraft_flight SET launch_id = l.id FROM l WHERE spacecraft_flight.id = 3",
         "\"Five\""},
	{LIST "3/", "BEGIN; UPDATE launch SET name = 'Six'; SELECT 1; COMMIT", "\"Six\""},
	{LIST "3/", "UPDATE spacecraft_flight SET launch_id = NULL", "\"launch\":null"},
};

/* A machine that is busy otherwise may delay some, but not many. */
static void assert_seen_within(int64_t most)
{
	PGconn *writer = PQconnectdb(database.conninfo);
	struct wire wire;
	int late = 0;

	assert_int_equal(PQstatus(writer), CONNECTION_OK);
	wire_open(&wire, server.port);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		int64_t delay =
			delay_of(&wire, writer, changes[i].target, changes[i].sql, changes[i].text);

		if (delay > most)
			printf("%s: seen after %lld us\n", changes[i].sql, (long long)delay);
		late += delay > most;
	}
	assert_in_range(late, 0, 2);
	wire_close(&wire);
	PQfinish(writer);
}

static void test_seen_within_100_ms(void **state)
{
	static const char *const caches[] = {"cache.size=256M", "cache.size=0"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		server_start(&server, database.conninfo, WORDS(caches[i]));
		assert_seen_within(watch_bound(100));
		server_stop(&server, NULL);
	}
}

/* A standby is asked each second. */
static void test_seen_by_a_standby(void **state)
{
	char conninfo[600];
	struct wire wire;

	(void)state;
	snprintf(conninfo, sizeof(conninfo), "%s dbname=%s", standby_start(), database.name);
	server_start(&server, conninfo, NULL);
	assert_seen_within(watch_bound(1100));
	/* It also goes on when the standby is made a primary. */
	free(test_sql(conninfo, "SELECT pg_promote()"));
	wire_open(&wire, server.port);
	free(test_sql(conninfo, "UPDATE spacecraft SET name = 'Promoted' WHERE id = 2"));
	assert_true(poll_until(watch_has_come, &(struct awaited){&wire, LIST, "\"Promoted\""}, 10));
	assert_true(poll_until(watch_is_told, &(struct told){&wire, conninfo, 0}, 10));
	wire_close(&wire);

	server_stop(&server, NULL);
	standby_stop();
}

/* --- Never older, never mixed --- */

static const struct {
	const char *target, *lines;
} reads[] = {
	{LIST "?limit=100", ""},
	{LIST "?limit=100&mode=detailed", ""},
	{LIST "?limit=100&ordering=-id", ""},
	{LIST "?limit=20&offset=10", "Accept: application/json; indent=1\r\n"},
	{LIST "?limit=100&spacecraft=4", ""},
	{LIST "1/", ""},
};

#define READS (sizeof(reads) / sizeof(reads[0]))

/* Every commit writes one number into all flights and spacecraft: finds it in an answer. */
static int number_of(const struct reply *reply)
{
	static const char *const keys[] = {"\"destination\":", "\"name\":"};
	int number = -1;

	assert_int_equal(reply->status, 200);
	for (size_t i = 0; i < 2; i++) {
		const char *at = reply->body;

		while ((at = strstr(at, keys[i]))) {
			int found = -1;

			at += strlen(keys[i]);
			if (sscanf(at, " \"N%d\"", &found) != 1)
				continue; /* another thing's name */
			if (number >= 0 && found != number)
				fail_msg("one answer shows %d and %d", number, found);
			number = found;
		}
	}
	assert_true(number >= 0);
	return number;
}

static bool is_writing(PGconn *writer)
{
	assert_int_equal(PQconsumeInput(writer), 1);
	return PQisBusy(writer);
}

/* Commits in the server, one after the other, while we read: so many, and more of them, for a minute at most,
   until `enough` has a row. */
static PGconn *start_writer(const char *conninfo, int commits)
{
	PGconn *writer = PQconnectdb(conninfo);
	/* Below valgrind fewer, and slower, so that readers see as many. */
	bool slow = getenv("TEST_WRAPPER") != NULL;
	char sql[700];

	assert_int_equal(PQstatus(writer), CONNECTION_OK);
	snprintf(sql, sizeof(sql),
	         "DO $$ DECLARE i int := 0; BEGIN WHILE i < %d OR NOT EXISTS (SELECT FROM enough)"
	         " AND clock_timestamp() < statement_timestamp() + interval '1 minute' LOOP i := i "
	         "+ 1;"
	         " UPDATE spacecraft_flight SET destination = 'N' || i;"
	         " UPDATE spacecraft SET name = 'N' || i; COMMIT;"
	         " IF i %% %d = 0 THEN PERFORM pg_sleep(%s); END IF; END LOOP; END $$",
	         slow ? commits / 10 + 30 : commits, slow ? 1 : 7, slow ? "0.15" : "0.01");
	assert_int_equal(PQsendQuery(writer, sql), 1);
	return writer;
}

static void end_writer(PGconn *writer)
{
	PGresult *result = PQgetResult(writer);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s", PQerrorMessage(writer));
	PQclear(result);
	PQfinish(writer);
}

/* Connections that each ask for something else as soon as they are answered. */
struct reader {
	struct wire wire;
	size_t number, asked; /* which it is, how often it has asked */
	int seen;             /* the newest that anyone had seen when it asked last */
};

static void reader_ask(struct reader *reader, int seen)
{
	/* Some ask for the same at the same time, some for another page than before. */
	size_t read = (reader->number / 2 + reader->asked++) % READS;
	char all[256];

	reader->seen = seen;
	snprintf(all, sizeof(all), "Host: %c\r\n%s", "ab"[reader->asked / 5 % 2],
	         reads[read].lines);
	wire_ask(&reader->wire, "GET", reads[read].target, all);
}

static int reader_take(struct reader *reader)
{
	struct reply reply;
	int number;

	wire_read(&reader->wire, false, &reply);
	number = number_of(&reply);
	if (number < reader->seen)
		fail_msg("%s: %d after %d", reader->wire.asked, number, reader->seen);
	reply_fini(&reply);
	return number;
}

/* Takes those answers that are there and asks anew; returns the newest that was ever seen. */
static int read_some(struct reader readers[static READERS], int seen)
{
	struct pollfd watched[READERS];

	for (size_t i = 0; i < READERS; i++)
		watched[i] = (struct pollfd){.fd = readers[i].wire.fd, .events = POLLIN};
	assert_true(poll(watched, READERS, WIRE_SECONDS * 1000) > 0);
	for (size_t i = 0; i < READERS; i++) {
		int number;

		if (watched[i].revents == 0)
			continue;
		number = reader_take(&readers[i]);
		seen = number > seen ? number : seen;
		reader_ask(&readers[i], seen);
	}
	return seen;
}

static void assert_order(int commits, const char *const settings[])
{
	struct test_database small;
	struct reader readers[READERS] = {0};
	PGconn *writer;
	size_t asked = 0;
	int seen = 0, states = 0;

	test_database_init_schema(&small);
	free(test_sql(
		small.conninfo,
		"CREATE TABLE enough ();"
		"INSERT INTO spacecraft (id, name) SELECT i, 'N0' FROM generate_series(1, 9) i;"
		"INSERT INTO spacecraft_flight (id, spacecraft_id, destination)"
		" SELECT i, i % 9 + 1, 'N0' FROM generate_series(1, 40) i"));
	server_start(&server, small.conninfo, settings);
	for (size_t i = 0; i < READERS; i++) {
		wire_open(&readers[i].wire, server.port);
		readers[i].number = i;
		reader_ask(&readers[i], 0);
	}
	writer = start_writer(small.conninfo, commits);
	while (is_writing(writer)) {
		int newest = read_some(readers, seen);

		if (newest > seen && ++states == STATES_LEAST)
			free(test_sql(small.conninfo, "INSERT INTO enough DEFAULT VALUES"));
		seen = newest;
	}
	end_writer(writer);
	for (size_t i = 0; i < READERS; i++) {
		asked += readers[i].asked;
		wire_close(&readers[i].wire);
	}
	printf("%zu answers showed %d states\n", asked, states);
	assert_true(states >= STATES_LEAST);
	server_stop(&server, NULL);
	test_database_fini(&small);
}

static void test_never_older_never_mixed(void **state)
{
	(void)state;
	assert_order(1000, WORDS("cache.size=256M"));
	assert_order(200, WORDS("cache.size=256M", "server.threads=2", "server.workers=8"));
	assert_order(200, WORDS("cache.size=0"));
	assert_order(200, WORDS("cache.size=300K"));
}

/* --- Restored --- */

/* A dump restored in place brings an older version back: answers are of its data, and kept again. */
static void test_version_goes_back(void **state)
{
	(void)state;
	serve(NULL);
	assert_int_equal(watch_status(&client, LIST), 200);
	commit("UPDATE spacecraft SET name = 'Restored' WHERE id = 2;"
	       "UPDATE catalog_version SET version = 1");
	assert_true(
		poll_until(watch_has_come, &(struct awaited){&client, LIST, "\"Restored\""}, 10));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	serve_end(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seen_within_100_ms),
		cmocka_unit_test(test_seen_by_a_standby),
		cmocka_unit_test(test_never_older_never_mixed),
		cmocka_unit_test(test_version_goes_back),
	};

	return RUN_TESTS("fresh", tests, set_up_cluster, tear_down);
}
