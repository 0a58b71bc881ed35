/* What is answered while PostgreSQL hangs or is away, after it is back, and at the server's end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "support/cluster.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define MILLISECOND INT64_C(1000)
#define READERS 12

static void commit(const char *sql)
{
	free(test_sql(database.conninfo, sql));
}

/* Until both are answered out of the cache, which the server trusts once it has news of changes. */
static void warm(struct wire *wire)
{
	assert_true(poll_until(watch_is_cached, &(struct awaited){wire, LIST, NULL}, 10));
	assert_true(poll_until(watch_is_cached, &(struct awaited){wire, LIST "1/", NULL}, 10));
}

/* Time until an answer came, without what the server and we waited for a processor meanwhile. */
static int64_t hit_duration(struct wire *wire, const char *target)
{
	int64_t delay = watch_run_delays(server.process.pid);
	int64_t begin = clock_monotonic(), end;

	assert_int_equal(watch_status(wire, target), 200);
	end = clock_monotonic();
	return end - begin - (watch_run_delays(server.process.pid) - delay);
}

/* Kept answers for so long, and more than twenty: each within the bound, but for one in a hundred. */
static void assert_hits(struct wire *wire, int milliseconds, int64_t most)
{
	int64_t end = clock_monotonic() + milliseconds * MILLISECOND;
	long slow = 0, all = 0;

	while (clock_monotonic() < end || all <= 20) {
		slow += hit_duration(wire, all % 2 ? LIST : LIST "1/") > most;
		all++;
	}
	if (slow > all / 100)
		fail_msg("%ld of %ld kept answers took longer than %lld us", slow, all,
		         (long long)most);
}

static void assert_unavailable(const struct reply *reply)
{
	const char *wait = reply_header(reply, "Retry-After");

	assert_int_equal(reply->status, 503);
	assert_non_null(wait);
	assert_in_range(strtol(wait, NULL, 10), 1, 60);
	assert_string_equal(reply_header(reply, "Content-Type"), "application/json");
	assert_null(reply_header(reply, "ETag"));
	assert_null(reply_header(reply, "Cache-Control"));
}

/* More misses than there are workers, each for something else. */
static void ask_misses(struct wire wires[static READERS], int port, const char *mark)
{
	for (size_t i = 0; i < READERS; i++) {
		char target[128];

		snprintf(target, sizeof(target), LIST "?mode=detailed&offset=%zu&%s", 5 + i, mark);
		wire_open(&wires[i], port);
		wire_ask(&wires[i], "GET", target, "Host: a\r\n");
	}
}

static void read_misses(struct wire wires[static READERS], int64_t since, int64_t most)
{
	for (size_t i = 0; i < READERS; i++) {
		struct reply reply;

		wire_read(&wires[i], false, &reply);
		assert_unavailable(&reply);
		if (reply.at - since > most)
			fail_msg("503 came after %lld us", (long long)(reply.at - since));
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
}

static bool miss_is_answered(void *user)
{
	static int count;
	char target[128];

	snprintf(target, sizeof(target), LIST "?limit=3&ordering=destination&n=%d", ++count);
	return watch_status(user, target) == 200;
}

static void test_hanging(void **state)
{
	struct wire wires[READERS];
	int64_t begin;

	(void)state;
	serve(WORDS("database.timeout=2", "server.workers=3"));
	warm(&client);
	assert_int_equal(watch_status(&client, LIST "?ordering=-id"), 200);
	for (int i = 0; i < 2; i++) { /* over connections that there are, then over new ones */
		cluster_freeze();
		begin = clock_monotonic();
		ask_misses(wires, server.port, i ? "again" : "first");
		assert_hits(&client, 1000, watch_bound(20));
		read_misses(wires, begin, watch_bound(5000));
		assert_hits(&client, 500, watch_bound(20));
		cluster_thaw();
		assert_true(poll_until(miss_is_answered, &client, 10));
	}
	commit("UPDATE spacecraft SET name = 'After' WHERE id = 2");
	assert_true(poll_until(watch_has_come, &(struct awaited){&client, LIST, "\"After\""}, 10));
	serve_end(NULL);
}

static void test_away_and_back(void **state)
{
	struct wire wires[READERS];
	int64_t begin;

	(void)state;
	serve(NULL);
	warm(&client);
	cluster_stop();
	begin = clock_monotonic();
	ask_misses(wires, server.port, "gone");
	assert_hits(&client, 500, watch_bound(20));
	read_misses(wires, begin, watch_bound(3000));
	assert_true(
		poll_until(watch_has_come, &(struct awaited){&client, "/health", "\"lost\""}, 10));
	assert_hits(&client, 500, watch_bound(20));
	cluster_start();
	assert_true(poll_until(miss_is_answered, &client, 10));
	assert_true(poll_until(watch_has_come,
	                       &(struct awaited){&client, "/health", "\"connected\""}, 10));
	assert_true(poll_until(watch_is_told, &(struct told){&client, database.conninfo, 0}, 10));
	/* A restart that nobody noticed costs no request. */
	cluster_stop();
	cluster_start();
	assert_int_equal(watch_status(&client, LIST "?ordering=-id&limit=7"), 200);
	serve_end(NULL);
}

/* What the log says is why the first try failed, not that no time was left for another. */
static void test_log_tells_the_cause(void **state)
{
	struct output output;
	struct reply reply;

	(void)state;
	cluster_freeze();
	server_start(&server, database.conninfo, WORDS("database.timeout=1"));
	wire_get(server.port, LIST, NULL, &reply);
	assert_unavailable(&reply);
	assert_non_null(strstr(reply.body, "The database cannot be reached"));
	reply_fini(&reply);
	cluster_thaw();
	server_stop(&server, &output);
	assert_non_null(strstr(output.err, LIST ": cannot connect to PostgreSQL"));
	output_fini(&output);
}

/* Started without a database, it serves once there is one. */
static void test_database_comes_later(void **state)
{
	struct reply reply;

	(void)state;
	cluster_stop();
	serve(NULL);
	watch_ask(&client, LIST, "", &reply);
	assert_unavailable(&reply);
	reply_fini(&reply);
	assert_int_equal(watch_status(&client, "/health"), 503);
	assert_int_equal(watch_status(&client, LIST "abc/"), 404);
	cluster_start();
	assert_true(poll_until(miss_is_answered, &client, 10));
	assert_int_equal(watch_status(&client, LIST), 200);
	serve_end(NULL);
}

static bool is_healthy(void *wire)
{
	return watch_status(wire, "/health") == 200;
}

static bool is_unhealthy(void *wire)
{
	return watch_status(wire, "/health") == 503;
}

/* /health is 200 where the cache carries on, and only there. */
static void test_health_without_a_cache(void **state)
{
	struct test_server kept, bare;
	struct wire with, without;

	(void)state;
	server_start(&kept, database.conninfo, NULL);
	server_start(&bare, database.conninfo, WORDS("cache.size=0"));
	wire_open(&with, kept.port);
	wire_open(&without, bare.port);
	warm(&with);
	assert_true(poll_until(miss_is_answered, &without, 10));
	/* Its feed of changes may begin after its first answer. */
	assert_true(poll_until(is_healthy, &without, 10));
	cluster_stop();
	assert_true(poll_until(is_unhealthy, &without, 10));
	assert_int_equal(watch_status(&without, LIST), 503);
	assert_true(
		poll_until(watch_has_come, &(struct awaited){&with, "/health", "\"lost\""}, 10));
	assert_int_equal(watch_status(&with, "/health"), 200);
	assert_int_equal(watch_status(&with, LIST), 200);
	cluster_start();
	assert_true(poll_until(miss_is_answered, &without, 10));
	wire_close(&with);
	wire_close(&without);
	server_stop(&kept, NULL);
	server_stop(&bare, NULL);
}

/* --- Once for all --- */

static void test_made_once_for_all(void **state)
{
	struct wire wires[READERS];
	struct reply replies[READERS];
	long long before;

	(void)state;
	serve(NULL);
	warm(&client);
	before = watch_metric(&client, "http_responses_made_total");
	cluster_freeze(); /* so that all of them wait */
	for (size_t i = 0; i < READERS; i++) {
		wire_open(&wires[i], server.port);
		wire_ask(&wires[i], "GET", LIST "?ordering=-destination&limit=100",
		         "Host: a\r\nAccept-Encoding: gzip\r\n");
	}
	/* They were taken once a later request over their threads was. */
	assert_hits(&client, 300, watch_bound(1000));
	cluster_thaw();
	for (size_t i = 0; i < READERS; i++) {
		wire_read(&wires[i], false, &replies[i]);
		assert_int_equal(replies[i].status, 200);
		assert_int_equal(replies[i].body_length, replies[0].body_length);
		assert_memory_equal(replies[i].body, replies[0].body, replies[0].body_length);
		wire_close(&wires[i]);
	}
	for (size_t i = 0; i < READERS; i++)
		reply_fini(&replies[i]);
	assert_int_equal(watch_metric(&client, "http_responses_made_total"), before + 1);
	serve_end(NULL);
}

/* --- The end --- */

static void test_end_waits_for_answers(void **state)
{
	struct reply reply;
	struct wire wire, idle;

	(void)state;
	server_start(&server, database.conninfo, NULL);
	wire_open(&idle, server.port);
	warm(&idle);
	wire_open(&wire, server.port);
	cluster_freeze();
	wire_ask(&wire, "GET", LIST "?ordering=-mission_end", "Host: a\r\n");
	assert_int_equal(watch_status(&idle, LIST), 200);
	kill(server.process.pid, SIGTERM);
	assert_true(poll_until(server_refuses_connections, &server, 5));
	cluster_thaw();
	wire_read(&wire, false, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	wire_close(&wire);
	wire_close(&idle);
	server_stop(&server, NULL);
}

/* Within ten seconds, which server_stop bounds. */
static void test_end_while_hanging(void **state)
{
	struct wire wires[READERS];
	struct reply reply;

	(void)state;
	serve(NULL);
	warm(&client);
	cluster_freeze();
	ask_misses(wires, server.port, "end");
	assert_hits(&client, 100, watch_bound(1000));
	server_stop(&server, NULL);
	cluster_thaw();
	for (size_t i = 0; i < READERS; i++) {
		if (wire_take(&wires[i], false, &reply))
			reply_fini(&reply);
		wire_close(&wires[i]);
	}
	wire_close(&client);
	/* And while it connects. */
	cluster_freeze();
	server_start(&server, database.conninfo, NULL);
	server_stop(&server, NULL);
	cluster_thaw();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hanging),
		cmocka_unit_test(test_away_and_back),
		cmocka_unit_test(test_log_tells_the_cause),
		cmocka_unit_test(test_database_comes_later),
		cmocka_unit_test(test_health_without_a_cache),
		cmocka_unit_test(test_made_once_for_all),
		cmocka_unit_test(test_end_waits_for_answers),
		cmocka_unit_test(test_end_while_hanging),
	};

	return RUN_TESTS("outage", tests, set_up_cluster, tear_down);
}
