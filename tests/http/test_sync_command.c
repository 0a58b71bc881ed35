/* Sync as a command: killed at any point, stopped, one of several; and what check says of it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/logs.h"
#include "support/syncing.h"

#define PAGES 5
#define PAGE 10
#define FLIGHTS (PAGES * PAGE)
#define FLIGHTS_ONLY "sync.endpoints=spacecraft_flights"

#define SYNC_WORDS(...) \
	WORDS("--set", mirror.database.setting, "--set", mirror.setting, "--set", FLIGHTS_ONLY, \
	      "--set", "sync.page_size=10", "--set", "sync.backoff=10", "--set", \
	      "sync.delete_percent=100", __VA_ARGS__, "sync")

static void start_sync(struct process *process)
{
	const char **words = command_words(SYNC_WORDS("--set", "log.level=info"));

	process_start(process, words, NULL, 0);
	free(words);
}

static void run_sync(int status)
{
	struct output output;

	command_run(&output, SYNC_WORDS("--set", "log.level=info"));
	if (output.status != status)
		fail_msg("sync ended with %d: %s%s", output.status, output.out, output.err);
	output_fini(&output);
}

static void process_end(struct process *process, int number, int status)
{
	struct output output;

	kill(process->pid, number);
	process_wait(process, 20, &output);
	if (output.status != status)
		fail_msg("ended with %d: %s", output.status, output.err);
	output_fini(&output);
}

/* Killed while it waits for each page in turn, it has stored those before, and goes on with that one. */
static void test_killed_at_page(void **state)
{
	(void)state;
	for (int page = 1; page <= PAGES; page++) {
		struct process process;
		char destination[16];
		int wanted = fake_upstream_requests(mirror.upstream) + page;

		snprintf(destination, sizeof(destination), "round %d", page);
		mirror_fill(FLIGHTS, destination);
		fake_upstream_fault(mirror.upstream, FAKE_STALL, page - 1, 1);
		start_sync(&process);
		fake_upstream_await(mirror.upstream, wanted);
		process_end(&process, SIGKILL, 128 + SIGKILL);
		assert_int_equal(mirror_count(destination), PAGE * (page - 1));
		run_sync(0);
		assert_int_equal(fake_upstream_requests(mirror.upstream),
		                 wanted + PAGES - (page - 1));
		assert_int_equal(mirror_count(destination), FLIGHTS);
	}
	mirror_sql_is("SELECT count(*) FROM sync_page", "0");
}

/* Killed at any moment behind the request for some page, it has stored whole pages. As often as it takes
   until enough kills came between the first page and the last. */
static void test_killed_anywhere(void **state)
{
	unsigned seed = 1234567;
	int cut_off = 0;

	(void)state;
	for (int round = 0; round < 200 && cut_off < 15; round++) {
		struct process process;
		char destination[16];
		int stored, wanted = fake_upstream_requests(mirror.upstream) + 1 +
		                     rand_r(&seed) % PAGES;

		snprintf(destination, sizeof(destination), "any %d", round);
		mirror_fill(FLIGHTS, destination);
		start_sync(&process);
		fake_upstream_await(mirror.upstream, wanted);
		nanosleep(&(struct timespec){0, (rand_r(&seed) % 8) * 1000000L}, NULL);
		process_kill(&process);
		stored = mirror_count(destination);
		cut_off += stored > 0 && stored < FLIGHTS;
		if (stored % PAGE != 0)
			fail_msg("round %d: %d flights stored", round, stored);
		run_sync(0);
		assert_int_equal(mirror_count(destination), FLIGHTS);
	}
	assert_int_equal(cut_off, 15);
}

/* The budget holds over processes; while it waits, SIGTERM ends it at once, and the next one goes on. */
static void test_budget(void **state)
{
	struct process process;
	const char **words = command_words(SYNC_WORDS("--set", "sync.budget=3"));

	(void)state;
	mirror_fill(FLIGHTS, "first");
	for (int round = 0; round < 2; round++) {
		process_start(&process, words, NULL, 0);
		log_await(&process, "waits", 1);
		assert_int_equal(fake_upstream_requests(mirror.upstream), 3);
		process_end(&process, SIGTERM, 1);
	}
	free(words);
	assert_int_equal(mirror_count("first"), 3 * PAGE);
	run_sync(0);
	assert_int_equal(fake_upstream_requests(mirror.upstream), PAGES);
	assert_int_equal(mirror_count("first"), FLIGHTS);
}

static void test_one_at_a_time(void **state)
{
	struct process process;
	struct output output;

	(void)state;
	mirror_fill(FLIGHTS, "first");
	fake_upstream_fault(mirror.upstream, FAKE_STALL, 0, 1);
	start_sync(&process);
	fake_upstream_await(mirror.upstream, 1);
	command_run(&output, SYNC_WORDS("--set", "log.level=info"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "another sync is under way"));
	output_fini(&output);
	process_end(&process, SIGINT, 1);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "0");
}

static void test_usage(void **state)
{
	struct output output;

	(void)state;
	free(test_sql(mirror.database.conninfo, "DELETE FROM schema_version WHERE version > 1"));
	command_run(&output, SYNC_WORDS("--set", "log.level=info"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "run migrate"));
	output_fini(&output);
	command_run(&output, WORDS("sync", "--since"));
	assert_int_equal(output.status, 2);
	assert_non_null(strstr(output.err, "--dry-run"));
	output_fini(&output);
}

static void parts_are_in(const char *text, const char *const *parts)
{
	for (; *parts; parts++)
		if (!strstr(text, *parts))
			fail_msg("no \"%s\" in: %s", *parts, text);
}

/* What check says of sync, with an interval such as `sync.interval=60`. */
static void check_says(const char *interval, int status, const char *const *parts)
{
	struct output output;

	command_run(&output, WORDS("--set", mirror.database.setting, "--set", mirror.setting,
	                           "--set", FLIGHTS_ONLY, "--set", interval, "check"));
	if (output.status != status)
		fail_msg("check ended with %d: %s", output.status, output.out);
	parts_are_in(output.out, parts);
	output_fini(&output);
}

#define PARTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void passes_age(const char *by)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "UPDATE sync_pass SET started = started - interval '%s'", by);
	free(test_sql(mirror.database.conninfo, sql));
}

static void test_check(void **state)
{
	(void)state;
	mirror_fill(FLIGHTS, "first");
	check_says("sync.interval=0", 0, PARTS("sync: ok, no pass over http://127.0.0.1:"));
	check_says("sync.interval=60", 0, PARTS("sync: ok, no pass", "; next at once"));
	/* Where one has been due for longer than promised, it is missing. */
	free(test_sql(mirror.database.conninfo,
	              "UPDATE schema_version SET applied_at = applied_at - interval '2 days'"));
	check_says("sync.interval=60", 1,
	           PARTS("sync: FAILED: no full pass has been done yet; no pass over http://127"));
	check_says("sync.interval=0", 0, PARTS("sync: ok, no pass over http://127.0.0.1:"));
	fake_upstream_fault(mirror.upstream, FAKE_FORBIDDEN, 1, 1);
	run_sync(1);
	check_says("sync.interval=60", 1,
	           PARTS("sync: FAILED: the upstream does not let us in; ", "full, refused ",
	                 "403 Forbidden", "; next in 2")); /* 23 or 24 h */
	check_says("sync.interval=0", 1,
	           PARTS("sync: FAILED: the upstream does not let us in; ", "full, refused "));
	run_sync(0);
	check_says("sync.interval=7000", 0,
	           PARTS("sync: ok, last pass", "full, done ",
	                 "50 flights (50 new, 0 changed, 0 deleted)", "; next in 11"));
	/* Where passes are made by hand, who made the last one was told of it. */
	fake_upstream_fault(mirror.upstream, FAKE_FORBIDDEN, 0, 1);
	run_sync(1);
	check_says("sync.interval=0", 0, PARTS("sync: ok, last pass", "full, refused "));
	run_sync(0);
	passes_age("5 hours");
	check_says("sync.interval=7000", 1, PARTS("sync: FAILED: no pass for too long; "));
	check_says("sync.interval=10000", 0, PARTS("sync: ok, "));
	passes_age("3 days");
	check_says("sync.interval=7000", 1, PARTS("sync: FAILED: no full pass for too long; "));
	check_says("sync.interval=0", 0, PARTS("sync: ok, "));
}

/* The upstream has never answered as it should. */
static void test_check_never_done(void **state)
{
	(void)state;
	fake_upstream_fault(mirror.upstream, FAKE_NOT_FOUND, 0, 1000);
	run_sync(1);
	check_says("sync.interval=60", 1,
	           PARTS("sync: FAILED: no full pass has been done yet; last pass", "full, failed ",
	                 "404 Not Found"));
	check_says(
		"sync.interval=0", 1,
		PARTS("sync: FAILED: no full pass has been done yet; last pass", "404 Not Found"));
}

/* An upstream in no order is told of, with what it means. */
static void test_check_order(void **state)
{
	(void)state;
	mirror_fill(FLIGHTS, "first");
	fake_upstream_order(mirror.upstream, FAKE_SHUFFLED);
	run_sync(0);
	check_says("sync.interval=60", 0,
	           PARTS("sync: ok, last pass", "the upstream does not obey ordering"));
}

/* Each of several lists has a line: how old it is, how far a pass over it, and what is promised. */
static void test_check_lists(void **state)
{
	struct strbuf sql = STRBUF_INIT;
	struct output output;

	(void)state;
	strbuf_printf(
		&sql,
		"INSERT INTO sync_pass (upstream, list, kind, started, touched, ended, "
		"outcome,"
		" upstream_count, documents, next, suspended) VALUES"
		" ('%1$s', 'pads', 'full', now() - interval '330 minutes', now(), now(), 'done',"
		"  244, 244, NULL, false),"
		" ('%1$s', 'launches', 'full', now() - interval '3 hours', now(), NULL, NULL,"
		"  8000, 2000, 'http://x/', true)",
		fake_upstream_url(mirror.upstream));
	free(test_sql(mirror.database.conninfo, sql.data));
	strbuf_fini(&sql);
	command_run(&output, WORDS("--set", mirror.database.setting, "--set", mirror.setting,
	                           "--set", "sync.endpoints=pads, launches, events", "--set",
	                           "sync.interval=3000", "--set", "sync.budget=12", "check"));
	if (output.status != 0)
		fail_msg("check ended with %d: %s", output.status, output.out);
	/* 61 pages, of which 12 an hour may be read. */
	parts_are_in(output.out, PARTS("\n  launches: not complete yet, being read: 2000 of 8000, "
	                               "5 h left; changes are "
	                               "seen within ",
	                               "\n  pads: 244, all read 5 h ago; changes are seen within ",
	                               "\n  events: not complete yet; changes are seen within "));
	output_fini(&output);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_mirror, tear_down_mirror)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_killed_at_page),   TEST(test_killed_anywhere), TEST(test_budget),
		TEST(test_one_at_a_time),    TEST(test_usage),           TEST(test_check),
		TEST(test_check_never_done), TEST(test_check_order),     TEST(test_check_lists),
	};

	return RUN_TESTS("sync_command", tests, NULL, NULL);
}
