/* What is answered while the database is away: what was true when it was last seen, with its age; and nothing outdated
   any more once it is back. */
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
#define SECOND INT64_C(1000000)
#define GZIP "Accept-Encoding: gzip\r\n"

enum { FLIGHTS = 25, ASKED = 1500 };

static void commit(const char *sql)
{
	free(test_sql(database.conninfo, sql));
}

/* One of the flights, or of the compressed pages, that are requested all the time. */
static void ask_hot(struct wire *wire, int number, struct reply *reply)
{
	char target[64];

	snprintf(target, sizeof(target), number % 2 ? LIST "?offset=%d" : LIST "%d/",
	         1 + number / 2 % FLIGHTS);
	watch_ask(wire, target, number % 2 ? GZIP : "", reply);
}

static void warm(struct wire *wire)
{
	assert_true(poll_until(watch_is_cached, &(struct awaited){wire, LIST, NULL}, 10));
	for (int i = 0; i < 3 * 2 * FLIGHTS; i++) {
		struct reply reply;

		ask_hot(wire, i, &reply);
		assert_int_equal(reply.status, 200);
		assert_null(reply_header(&reply, "Age"));
		assert_null(reply_header(&reply, "Cache-Status"));
		reply_fini(&reply);
	}
}

static bool is_away(void *wire)
{
	return watch_metric(wire, "db_connected") == 0;
}

static bool is_back(void *wire)
{
	return watch_metric(wire, "db_connected") == 1;
}

/* All are answered from the moment on that the database is away; with an age that does not go beyond `most` seconds once
   that is known. */
static void assert_all_answered(struct wire *wire, long most)
{
	bool known = false;

	for (int i = 0; i < ASKED; i++) {
		struct reply reply;
		const char *age, *status;

		ask_hot(wire, i, &reply);
		assert_int_equal(reply.status, 200);
		age = reply_header(&reply, "Age");
		status = reply_header(&reply, "Cache-Status");
		known = known || age != NULL;
		if (known) {
			assert_non_null(age);
			assert_non_null(status);
			assert_in_range(strtol(age, NULL, 10), 0, most);
			assert_non_null(strstr(status, "spacecraft-flights; hit; ttl="));
			assert_non_null(strstr(status, "; detail=stale-if-error"));
			assert_non_null(
				strstr(reply_header(&reply, "Access-Control-Expose-Headers"),
			               "Age, Cache-Status"));
		}
		if (i % 2 != 0)
			assert_string_equal(reply_header(&reply, "Content-Encoding"), "gzip");
		reply_fini(&reply);
	}
	assert_true(known);
}

/* One changed row, which makes all that is cached old, and then an outage. */
static void test_after_a_change(void **state)
{
	struct reply reply, again;
	char lines[160];

	(void)state;
	serve(NULL);
	warm(&client);
	watch_ask(&client, LIST "3/", "", &reply);
	commit("UPDATE spacecraft SET name = 'Changed' WHERE id = 2");
	assert_true(poll_until(watch_has_come,
	                       &(struct awaited){&client, LIST "?limit=4", "\"Changed\""}, 10));
	cluster_stop();
	assert_all_answered(&client, 30);
	/* The same answer, also to who has it already. */
	watch_ask(&client, LIST "3/", "", &again);
	assert_int_equal(again.body_length, reply.body_length);
	assert_memory_equal(again.body, reply.body, reply.body_length);
	assert_string_equal(reply_header(&again, "ETag"), reply_header(&reply, "ETag"));
	snprintf(lines, sizeof(lines), "If-None-Match: %s\r\n", reply_header(&reply, "ETag"));
	reply_fini(&again);
	watch_ask(&client, LIST "3/", lines, &again);
	assert_int_equal(again.status, 304);
	assert_non_null(reply_header(&again, "Age"));
	reply_fini(&again);
	reply_fini(&reply);
	assert_true(watch_metric(&client, "http_outdated_responses_total") > 0);
	assert_int_equal(watch_status(&client, "/health"), 200);
	/* What nobody has requested cannot be answered. */
	assert_int_equal(watch_status(&client, LIST "?limit=7&ordering=-id"), 503);
	cluster_start();
	assert_true(poll_until(watch_has_come, &(struct awaited){&client, LIST "1/", "\"Changed\""},
	                       10));
	watch_ask(&client, LIST "1/", "", &reply);
	assert_null(reply_header(&reply, "Age"));
	reply_fini(&reply);
	serve_end(NULL);
}

/* A connection that was lost and made again finds the data as they were: what is cached stays. */
static void test_after_a_reconnect(void **state)
{
	long long made;

	(void)state;
	serve(NULL);
	warm(&client);
	made = watch_metric(&client, "http_responses_made_total");
	cluster_stop();
	assert_true(poll_until(is_away, &client, 10));
	cluster_start();
	assert_true(poll_until(is_back, &client, 10));
	for (int i = 0; i < 2 * FLIGHTS; i++) {
		struct reply reply;

		ask_hot(&client, i, &reply);
		assert_int_equal(reply.status, 200);
		assert_null(reply_header(&reply, "Age"));
		reply_fini(&reply);
	}
	assert_int_equal(watch_metric(&client, "http_responses_made_total"), made);
	cluster_stop();
	assert_all_answered(&client, 30);
	cluster_start();
	assert_true(poll_until(is_back, &client, 10));
	serve_end(NULL);
}

/* The version is as it was, but the data are not: as after a failover to a standby that had missed something. */
static void test_same_version_other_data(void **state)
{
	(void)state;
	serve(NULL);
	warm(&client);
	commit("SET session_replication_role = replica;"
	       "UPDATE spacecraft SET name = 'Unnoticed' WHERE id = 2;"
	       "UPDATE catalog_version SET state = gen_random_uuid()");
	assert_true(poll_until(watch_has_come,
	                       &(struct awaited){&client, LIST "1/", "\"Unnoticed\""}, 10));
	serve_end(NULL);
}

/* From the first answer on that is not outdated, none shows an older state. */
static void test_order_when_back(void **state)
{
	bool seen = false;
	int fresh = 0;

	(void)state;
	serve(NULL);
	commit("UPDATE spacecraft SET name = 'Older' WHERE id IN (SELECT spacecraft_id FROM"
	       " spacecraft_flight WHERE id <= 25)");
	assert_true(
		poll_until(watch_has_come, &(struct awaited){&client, LIST "1/", "\"Older\""}, 10));
	warm(&client);
	commit("UPDATE spacecraft SET name = 'Newer' WHERE name = 'Older'");
	assert_true(poll_until(watch_has_come,
	                       &(struct awaited){&client, LIST "?limit=4", "\"Newer\""}, 10));
	cluster_stop();
	assert_true(poll_until(is_away, &client, 10));
	assert_true(
		poll_until(watch_has_come, &(struct awaited){&client, LIST "1/", "\"Older\""}, 10));
	cluster_start();
	for (int i = 0; fresh < 4 * FLIGHTS; i += 2) {
		struct reply reply;

		ask_hot(&client, i, &reply);
		assert_int_equal(reply.status, 200);
		if (reply_header(&reply, "Age") == NULL) {
			assert_null(strstr(reply.body, "\"Older\""));
			seen = true;
			fresh++;
		} else {
			assert_false(seen);
		}
		reply_fini(&reply);
	}
	serve_end(NULL);
}

static bool is_refused(void *wire)
{
	struct reply reply;
	bool refused;

	ask_hot(wire, 4, &reply);
	refused = reply.status == 503;
	if (!refused && reply_header(&reply, "Age"))
		assert_in_range(strtol(reply_header(&reply, "Age"), NULL, 10), 0, 2);
	reply_fini(&reply);
	return refused;
}

/* Beyond cache.stale_if_error nothing is answered, and the server says that it is not healthy. */
static void test_too_old(void **state)
{
	static const char *const limits[] = {"cache.stale_if_error=2", "cache.stale_if_error=0"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		int64_t begin;

		serve(WORDS(limits[i]));
		warm(&client);
		cluster_stop();
		begin = clock_monotonic();
		assert_true(poll_until(is_away, &client, 10));
		assert_true(poll_until(is_refused, &client, 10));
		if (i == 0)
			assert_true(clock_monotonic() - begin > SECOND);
		assert_int_equal(watch_status(&client, "/health"), 503);
		cluster_start();
		assert_true(poll_until(is_back, &client, 10));
		assert_false(is_refused(&client));
		serve_end(NULL);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, repair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_after_a_change),
		TEST(test_after_a_reconnect),
		TEST(test_same_version_other_data),
		TEST(test_order_when_back),
		TEST(test_too_old),
	};

	return RUN_TESTS("outdated", tests, set_up_cluster, tear_down);
}
