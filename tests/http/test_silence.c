/* PostgreSQL takes what is sent and does not answer: how soon that is noticed, and what becomes of requests. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "support/cluster.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/logs.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define SECOND INT64_C(1000000)

/* In an order that only the database knows. */
static int status_of_new(struct wire *wire)
{
	static int number;
	char target[128];

	snprintf(target, sizeof(target), LIST "?limit=1&ordering=destination&n=%d", ++number);
	return watch_status(wire, target);
}

static bool is_answered(void *wire)
{
	return status_of_new(wire) == 200;
}

static bool is_unready(void *wire)
{
	return watch_status(wire, "/ready") == 503;
}

/* The server has its change feed, and what is asked first is cached. */
static void begin(const char *const settings[])
{
	serve(settings);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	assert_true(poll_until(is_answered, &client, 10));
}

/* /health and /ready notice within three seconds, waits for a processor apart. */
static void test_is_noticed(void **state)
{
	int64_t frozen_at, delay;

	(void)state;
	begin(NULL);
	for (int i = 0; i < 2; i++) {
		cluster_freeze();
		frozen_at = clock_monotonic();
		delay = watch_run_delays(server.process.pid);
		assert_true(poll_until(watch_has_come,
		                       &(struct awaited){&client, "/health", "\"lost\""}, 20));
		assert_true(poll_until(is_unready, &client, 20));
		delay = watch_run_delays(server.process.pid) - delay;
		assert_in_range(clock_monotonic() - frozen_at, 0, watch_bound(3000) + delay);
		cluster_thaw();
		assert_true(poll_until(watch_has_come,
		                       &(struct awaited){&client, "/health", "\"connected\""}, 10));
	}
	serve_end(NULL);
}

/* The first request has its time; once it has waited in vain, others fail at once; and when PostgreSQL goes on, they
   are answered within a second. */
static void test_one_waits_for_all(void **state)
{
	int64_t asked_at;

	(void)state;
	begin(WORDS("database.timeout=1"));
	cluster_freeze();
	asked_at = clock_monotonic();
	assert_int_equal(status_of_new(&client), 503);
	assert_in_range(clock_monotonic() - asked_at, 0, watch_bound(1500));
	for (int i = 0; i < 20; i++) {
		asked_at = clock_monotonic();
		assert_int_equal(status_of_new(&client), 503);
		assert_in_range(clock_monotonic() - asked_at, 0, watch_bound(200));
	}
	cluster_thaw();
	asked_at = clock_monotonic();
	assert_true(poll_until(is_answered, &client, 10));
	assert_in_range(clock_monotonic() - asked_at, 0, watch_bound(1000));
	serve_end(NULL);
}

/* A request that has a long time ends when it is known that nothing will come. */
static void test_ends_before_its_time(void **state)
{
	int64_t asked_at;

	(void)state;
	begin(WORDS("database.timeout=60"));
	cluster_freeze();
	asked_at = clock_monotonic();
	assert_int_equal(status_of_new(&client), 503);
	assert_in_range(clock_monotonic() - asked_at, 0, watch_bound(6000));
	cluster_thaw();
	assert_true(poll_until(is_answered, &client, 10));
	serve_end(NULL);
}

/* --- The change feed's connection alone. --- */

static pid_t feed_process(void)
{
	char *text = test_sql(database.conninfo,
	                      "SELECT coalesce(max(pid), 0) FROM pg_stat_activity"
	                      " WHERE datname = current_database()"
	                      " AND query LIKE 'SELECT v.version, pg_is_in_recovery()%'");
	pid_t pid = atoi(text);

	free(text);
	return pid;
}

static bool has_feed(void *pid)
{
	*(pid_t *)pid = feed_process();
	return *(pid_t *)pid > 0;
}

static bool are_logged(void *count)
{
	return log_count(&server.process, "no change feed: ") == *(int *)count;
}

/* A change feed that hangs is noticed within five seconds, each time with a line in the log, and another one takes its
   place: changes are seen again. */
static void test_frozen_feed(void **state)
{
	char sql[128], text[32];

	(void)state;
	begin(NULL);
	for (int i = 1; i <= 2; i++) {
		int64_t frozen_at;
		pid_t pid;

		assert_true(poll_until(has_feed, &pid, 10));
		kill(pid, SIGSTOP);
		frozen_at = clock_monotonic();
		snprintf(text, sizeof(text), "\"Seen %d\"", i);
		snprintf(sql, sizeof(sql), "UPDATE spacecraft SET name = 'Seen %d' WHERE id = 2",
		         i);
		free(test_sql(database.conninfo, sql));
		assert_true(poll_until(watch_has_come, &(struct awaited){&client, LIST, text}, 20));
		assert_in_range(clock_monotonic() - frozen_at, 0, watch_bound(5000));
		assert_true(poll_until(are_logged, &i, 10));
		kill(pid, SIGCONT);
		assert_int_equal(status_of_new(&client), 200);
	}
	serve_end(NULL);
}

static pid_t parent_of(pid_t pid)
{
	char path[32], line[512] = "";
	int parent = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	assert_int_equal(sscanf(strrchr(line, ')'), ") %*c %d", &parent), 1);
	return parent;
}

/* The change feed hangs, and so does whoever would take a new connection of it; as long as requests are answered over
   the connections that are there, none is refused. */
static void test_answers_beside_frozen_feed(void **state)
{
	int64_t end;
	pid_t pid;

	(void)state;
	begin(WORDS("server.workers=1"));
	assert_true(poll_until(has_feed, &pid, 10));
	kill(parent_of(pid), SIGSTOP);
	kill(pid, SIGSTOP);
	for (end = clock_monotonic() + 5 * SECOND; clock_monotonic() < end;)
		assert_int_equal(status_of_new(&client), 200);
	assert_true(log_count(&server.process, "no change feed: ") > 0);
	cluster_thaw();
	serve_end(NULL);
}

#define TEST(name) cmocka_unit_test_teardown(name, repair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_is_noticed),
		TEST(test_one_waits_for_all),
		TEST(test_ends_before_its_time),
		TEST(test_frozen_feed),
		TEST(test_answers_beside_frozen_feed),
	};

	return RUN_TESTS("silence", tests, set_up_cluster, tear_down);
}
