/* Sync as a command and beside serve: killed at any point, stopped, one of several, in a row. */
#include <arpa/inet.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/temporal.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/fake_upstream.h"
#include "support/poll.h"
#include "support/postgres.h"
#include "support/server.h"

#define PAGES 5
#define PAGE 10
#define FLIGHTS (PAGES * PAGE)
#define FLIGHTS_ONLY "sync.endpoints=spacecraft_flights"

static struct fake_upstream *upstream;
static struct test_database database;
static char upstream_setting[128], database_setting[600];

static int setup(void **state)
{
	(void)state;
	upstream = fake_upstream_new();
	test_database_init_schema(&database);
	snprintf(upstream_setting, sizeof(upstream_setting), "sync.upstream=%s",
	         fake_upstream_url(upstream));
	snprintf(database_setting, sizeof(database_setting), "database.conninfo=%s",
	         database.conninfo);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_upstream_free(upstream);
	test_database_fini(&database);
	return 0;
}

#define SYNC_WORDS(...) \
	WORDS("--set", database_setting, "--set", upstream_setting, "--set", FLIGHTS_ONLY, \
	      "--set", "sync.page_size=10", "--set", "sync.backoff=10", "--set", \
	      "sync.delete_percent=100", __VA_ARGS__, "sync")

static void fill(const char *destination)
{
	fake_list_fill(fake_upstream_lock(upstream), FLIGHTS, destination);
	fake_upstream_unlock(upstream);
}

static int count_of(const char *sql)
{
	char *text = test_sql(database.conninfo, sql);
	int count = atoi(text);

	free(text);
	return count;
}

static int count_at(const char *destination)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM spacecraft_flight WHERE destination = '%s ' || id",
	         destination);
	return count_of(sql);
}

static void sync_start(struct process *process)
{
	const char **words = command_words(SYNC_WORDS("--set", "log.level=info"));

	process_start(process, words, NULL, 0);
	free(words);
}

static void sync_run(int status)
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

static bool requests_reached(void *user)
{
	const int *wanted = user;

	return fake_upstream_requests(upstream) >= *wanted;
}

/* Killed while it waits for each page in turn, it has stored those before, and goes on with that one. */
static void test_killed_at_page(void **state)
{
	(void)state;
	for (int page = 1; page <= PAGES; page++) {
		struct process process;
		char destination[16];
		int wanted = fake_upstream_requests(upstream) + page;

		snprintf(destination, sizeof(destination), "round %d", page);
		fill(destination);
		fake_upstream_fault(upstream, FAKE_STALL, page - 1, 1);
		sync_start(&process);
		assert_true(poll_until(requests_reached, &wanted, 20));
		process_end(&process, SIGKILL, 128 + SIGKILL);
		assert_int_equal(count_at(destination), PAGE * (page - 1));
		sync_run(0);
		assert_int_equal(fake_upstream_requests(upstream), wanted + PAGES - (page - 1));
		assert_int_equal(count_at(destination), FLIGHTS);
	}
	assert_int_equal(count_of("SELECT count(*) FROM sync_page"), 0);
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
		int stored, wanted = fake_upstream_requests(upstream) + 1 + rand_r(&seed) % PAGES;

		snprintf(destination, sizeof(destination), "any %d", round);
		fill(destination);
		sync_start(&process);
		assert_true(poll_until(requests_reached, &wanted, 20));
		nanosleep(&(struct timespec){0, (rand_r(&seed) % 8) * 1000000L}, NULL);
		process_kill(&process);
		stored = count_at(destination);
		cut_off += stored > 0 && stored < FLIGHTS;
		if (stored % PAGE != 0)
			fail_msg("round %d: %d flights stored", round, stored);
		sync_run(0);
		assert_int_equal(count_at(destination), FLIGHTS);
	}
	assert_int_equal(cut_off, 15);
}

struct wanted_text {
	struct process *process;
	const char *text;
};

static bool has_said(void *user)
{
	const struct wanted_text *wanted = user;
	char *said = process_err(wanted->process);
	bool found = strstr(said, wanted->text) != NULL;

	free(said);
	return found;
}

/* The budget holds over processes; while it waits, SIGTERM ends it at once, and the next one goes on. */
static void test_budget(void **state)
{
	struct process process;
	struct wanted_text wanted = {&process, "waits"};
	const char **words = command_words(SYNC_WORDS("--set", "sync.budget=3"));

	(void)state;
	fill("first");
	for (int round = 0; round < 2; round++) {
		process_start(&process, words, NULL, 0);
		assert_true(poll_until(has_said, &wanted, 20));
		assert_int_equal(fake_upstream_requests(upstream), 3);
		process_end(&process, SIGTERM, 1);
	}
	free(words);
	assert_int_equal(count_at("first"), 3 * PAGE);
	sync_run(0);
	assert_int_equal(fake_upstream_requests(upstream), PAGES);
	assert_int_equal(count_at("first"), FLIGHTS);
}

static void test_one_at_a_time(void **state)
{
	struct process process;
	struct output output;
	int wanted = 1;

	(void)state;
	fill("first");
	fake_upstream_fault(upstream, FAKE_STALL, 0, 1);
	sync_start(&process);
	assert_true(poll_until(requests_reached, &wanted, 20));
	command_run(&output, SYNC_WORDS("--set", "log.level=info"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "another sync is under way"));
	output_fini(&output);
	process_end(&process, SIGINT, 1);
	assert_int_equal(count_of("SELECT count(*) FROM spacecraft_flight"), 0);
}

static void test_usage(void **state)
{
	struct output output;

	(void)state;
	free(test_sql(database.conninfo, "DELETE FROM schema_version WHERE version > 1"));
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

	command_run(&output, WORDS("--set", database_setting, "--set", upstream_setting, "--set",
	                           FLIGHTS_ONLY, "--set", interval, "check"));
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
	free(test_sql(database.conninfo, sql));
}

static void test_check(void **state)
{
	(void)state;
	fill("first");
	check_says("sync.interval=0", 0, PARTS("sync: ok, no pass over http://127.0.0.1:"));
	check_says("sync.interval=60", 0, PARTS("sync: ok, no pass", "; next at once"));
	/* Where one has been due for longer than promised, it is missing. */
	free(test_sql(database.conninfo,
	              "UPDATE schema_version SET applied_at = applied_at - interval '2 days'"));
	check_says("sync.interval=60", 1,
	           PARTS("sync: FAILED: no full pass has been done yet; no pass over http://127"));
	check_says("sync.interval=0", 0, PARTS("sync: ok, no pass over http://127.0.0.1:"));
	fake_upstream_fault(upstream, FAKE_FORBIDDEN, 1, 1);
	sync_run(1);
	check_says("sync.interval=60", 1,
	           PARTS("sync: FAILED: the upstream does not let us in; ", "full, refused ",
	                 "403 Forbidden", "; next in 2")); /* 23 or 24 h */
	check_says("sync.interval=0", 1,
	           PARTS("sync: FAILED: the upstream does not let us in; ", "full, refused "));
	sync_run(0);
	check_says("sync.interval=7000", 0,
	           PARTS("sync: ok, last pass", "full, done ",
	                 "50 flights (50 new, 0 changed, 0 deleted)", "; next in 11"));
	/* Where passes are made by hand, who made the last one was told of it. */
	fake_upstream_fault(upstream, FAKE_FORBIDDEN, 0, 1);
	sync_run(1);
	check_says("sync.interval=0", 0, PARTS("sync: ok, last pass", "full, refused "));
	sync_run(0);
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
	fake_upstream_fault(upstream, FAKE_NOT_FOUND, 0, 1000);
	sync_run(1);
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
	fill("first");
	fake_upstream_order(upstream, FAKE_SHUFFLED);
	sync_run(0);
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
		"INSERT INTO sync_pass (upstream, list, kind, started, touched, ended, outcome,"
		" upstream_count, documents, next, suspended) VALUES"
		" ('%1$s', 'pads', 'full', now() - interval '330 minutes', now(), now(), 'done',"
		"  244, 244, NULL, false),"
		" ('%1$s', 'launches', 'full', now() - interval '3 hours', now(), NULL, NULL,"
		"  8000, 2000, 'http://x/', true)",
		fake_upstream_url(upstream));
	free(test_sql(database.conninfo, sql.data));
	strbuf_fini(&sql);
	command_run(&output, WORDS("--set", database_setting, "--set", upstream_setting, "--set",
	                           "sync.endpoints=pads, launches, events", "--set",
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

struct wanted_flights {
	const char *destination;
	int count;
};

static bool flights_reached(void *user)
{
	const struct wanted_flights *wanted = user;

	return count_at(wanted->destination) == wanted->count;
}

#define SERVE_SETTINGS \
	((const char *const[]){upstream_setting, FLIGHTS_ONLY, "sync.interval=1", \
	                       "sync.full_interval=60", "sync.page_size=10", "sync.backoff=10", \
	                       NULL})

static void flights_wait(const char *destination, int count)
{
	struct wanted_flights wanted = {destination, count};

	if (!poll_until(flights_reached, &wanted, 30))
		fail_msg("%s: %d of %d", destination, count_at(destination), count);
}

static void put(int64_t id, const char *destination, const char *net)
{
	fake_list_put_facts(fake_upstream_lock(upstream),
	                    &(struct fake_facts){.id = id, .destination = destination, .net = net});
	fake_upstream_unlock(upstream);
}

/* How sync stands is among the metrics: a pass was done, and the next is known. */
static bool status_told(void *user)
{
	struct answer answer;
	bool told;

	http_get(user, "/metrics", NULL, &answer);
	told = strstr(answer.body, "\nsync_last_done 1\n") != NULL &&
	       strstr(answer.body, "\nsync_last_done_timestamp_seconds 0\n") == NULL &&
	       strstr(answer.body, "\nsync_next_timestamp_seconds 0\n") == NULL;
	answer_fini(&answer);
	return told;
}

/* A pass tells of itself after its last page is stored. */
static bool recent_pass_told(void *user)
{
	const struct test_server *server = user;
	char *said = process_err(&server->process);
	bool told = strstr(said, "sync: recent pass over") != NULL;

	free(said);
	return told;
}

/* A server fills itself and sees what is new and what is under way, while its upstream fails now and then. */
static void test_background(void **state)
{
	struct test_server server;
	struct output output;

	(void)state;
	fill("first");
	put(7, "first 7", "2999-01-01T00:00:00Z");
	server_start(&server, database.conninfo, SERVE_SETTINGS);
	flights_wait("first", FLIGHTS);
	assert_true(poll_until(status_told, &server, 30));
	fake_upstream_fault(upstream, FAKE_ERROR_502, 0, 3);
	put(7, "second 7", "2999-01-02T00:00:00Z");
	put(FLIGHTS + 1, "second 51", "2999-01-02T00:00:00Z");
	flights_wait("second", 2);
	assert_true(poll_until(recent_pass_told, &server, 30));
	server_stop(&server, &output);
	assert_non_null(strstr(output.err, "sync: full pass over"));
	assert_non_null(strstr(output.err, "502 Bad Gateway"));
	output_fini(&output);
}

/* The server that syncs is killed in the middle: the other one goes on where it was. */
static void test_takeover(void **state)
{
	struct test_server first, second;
	struct output output;
	int wanted = 3;

	(void)state;
	fill("first");
	fake_upstream_fault(upstream, FAKE_STALL, 2, 1);
	server_start(&first, database.conninfo, SERVE_SETTINGS);
	assert_true(poll_until(requests_reached, &wanted, 20));
	server_start(&second, database.conninfo, SERVE_SETTINGS);
	assert_int_equal(count_at("first"), 2 * PAGE);
	process_kill(&first.process);
	flights_wait("first", FLIGHTS);
	server_stop(&second, &output);
	assert_non_null(strstr(output.err, "goes on with a full pass behind page 2"));
	output_fini(&output);
}

/* The database goes away and comes back. */
static void test_database_lost(void **state)
{
	struct test_server server;
	char sql[200];

	(void)state;
	fill("first");
	server_start(&server, database.conninfo, SERVE_SETTINGS);
	flights_wait("first", FLIGHTS);
	snprintf(sql, sizeof(sql),
	         "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
	         " WHERE datname = '%s'",
	         database.name);
	free(test_sql(test_postgres(), sql));
	put(FLIGHTS + 1, "second 51", "2999-01-02T00:00:00Z");
	flights_wait("second", 1);
	server_stop(&server, NULL);
}

/* Durations that live on were asked for a little later. */
static bool about_equal(const char *a, const char *b)
{
	int64_t x, y;

	if (strcmp(a, b) == 0)
		return true;
	return duration_parse(a, &x) && duration_parse(b, &y) && llabs(x - y) < 60 * MICROSECONDS;
}

static bool same(const json_t *a, const json_t *b)
{
	const char *key;
	json_t *value;
	void *there = json_object_iter((json_t *)b);
	size_t i;

	if (json_typeof(a) != json_typeof(b) || json_object_size(a) != json_object_size(b) ||
	    json_array_size(a) != json_array_size(b))
		return false;
	if (json_is_string(a))
		return about_equal(json_string_value(a), json_string_value(b));
	json_object_foreach((json_t *)a, key, value)
	{
		if (strcmp(key, json_object_iter_key(there)) != 0 ||
		    !same(value, json_object_iter_value(there)))
			return false;
		there = json_object_iter_next((json_t *)b, there);
	}
	json_array_foreach(a, i, value) if (!same(value, json_array_get(b, i))) return false;
	return json_is_object(a) || json_is_array(a) || json_equal(a, b);
}

/* A body with the server's own address as `HOST`. */
static json_t *page_of(const struct test_server *server)
{
	struct answer answer;
	struct strbuf text = STRBUF_INIT;
	json_t *json;

	http_get(server, "/2.3.0/spacecraft_flights/?mode=detailed&limit=100&format=json", NULL,
	         &answer);
	assert_int_equal(answer.status, 200);
	for (const char *at = answer.body; *at;) {
		size_t length = strlen(server->url);

		if (strncmp(at, server->url, length) == 0) {
			strbuf_str(&text, "HOST");
			at += length;
		} else {
			strbuf_char(&text, *at++);
		}
	}
	json = json_loadb(text.data, text.length, 0, NULL);
	assert_non_null(json);
	answer_fini(&answer);
	strbuf_fini(&text);
	return json;
}

static bool rows_reached(void *user)
{
	(void)user;
	return count_of("SELECT count(*) FROM spacecraft_flight") == 2;
}

static void test_in_a_row(void **state)
{
	struct test_database source;
	struct test_server first, second;
	char setting[600], url[128];
	struct output output;
	json_t *a, *b;

	(void)state;
	test_database_init_schema(&source);
	snprintf(setting, sizeof(setting), "database.conninfo=%s", source.conninfo);
	command_run(&output, WORDS("--set", setting, "import", "tests/data/flight-864.json",
	                           "tests/data/flight-840.json"));
	assert_int_equal(output.status, 0);
	output_fini(&output);
	server_start(&first, source.conninfo, NULL);
	snprintf(url, sizeof(url), "sync.upstream=%s", first.url);
	server_start(&second, database.conninfo,
	             (const char *const[]){url, FLIGHTS_ONLY, "sync.interval=1", NULL});
	assert_true(poll_until(rows_reached, NULL, 30));
	a = page_of(&first);
	b = page_of(&second);
	if (!same(a, b))
		fail_msg("not the same: %s\n%s", json_dumps(a, JSON_COMPACT),
		         json_dumps(b, JSON_COMPACT));
	json_decref(a);
	json_decref(b);
	server_stop(&second, NULL);
	server_stop(&first, NULL);
	test_database_fini(&source);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_killed_at_page),   TEST(test_killed_anywhere), TEST(test_budget),
		TEST(test_one_at_a_time),    TEST(test_usage),           TEST(test_check),
		TEST(test_check_never_done), TEST(test_check_order),     TEST(test_check_lists),
		TEST(test_background),       TEST(test_takeover),        TEST(test_database_lost),
		TEST(test_in_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
