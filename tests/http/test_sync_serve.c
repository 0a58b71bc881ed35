/* Sync beside serve: in the background, one server after another, over a database that goes away, in a row. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "support/cmocka.h"
#include "support/logs.h"
#include "support/poll.h"
#include "support/server.h"
#include "support/syncing.h"

#define PAGE 10
#define FLIGHTS (5 * PAGE)
#define FLIGHTS_ONLY "sync.endpoints=spacecraft_flights"

struct wanted_flights {
	const char *destination;
	int count;
};

static bool flights_reached(void *user)
{
	const struct wanted_flights *wanted = user;

	return mirror_count(wanted->destination) == wanted->count;
}

#define SERVE_SETTINGS \
	((const char *const[]){mirror.setting, FLIGHTS_ONLY, "sync.interval=1", \
	                       "sync.full_interval=60", "sync.page_size=10", "sync.backoff=10", \
	                       NULL})

static void flights_wait(const char *destination, int count)
{
	struct wanted_flights wanted = {destination, count};

	if (!poll_until(flights_reached, &wanted, 30))
		fail_msg("%s: %d of %d", destination, mirror_count(destination), count);
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

/* A server fills itself and sees what is new and what is under way, while its upstream fails now and then. */
static void test_background(void **state)
{
	struct test_server server;
	struct output output;

	(void)state;
	mirror_fill(FLIGHTS, "first");
	mirror_put_flight(7, "first 7", "2999-01-01T00:00:00Z", NULL);
	server_start(&server, mirror.database.conninfo, SERVE_SETTINGS);
	flights_wait("first", FLIGHTS);
	assert_true(poll_until(status_told, &server, 30));
	fake_upstream_fault(mirror.upstream, FAKE_ERROR_502, 0, 3);
	mirror_put_flight(7, "second 7", "2999-01-02T00:00:00Z", NULL);
	mirror_put_flight(FLIGHTS + 1, "second 51", "2999-01-02T00:00:00Z", NULL);
	flights_wait("second", 2);
	log_await(&server.process, "sync: recent pass over", 1); /* after its last page is stored */
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

	(void)state;
	mirror_fill(FLIGHTS, "first");
	fake_upstream_fault(mirror.upstream, FAKE_STALL, 2, 1);
	server_start(&first, mirror.database.conninfo, SERVE_SETTINGS);
	fake_upstream_await(mirror.upstream, 3);
	server_start(&second, mirror.database.conninfo, SERVE_SETTINGS);
	assert_int_equal(mirror_count("first"), 2 * PAGE);
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
	mirror_fill(FLIGHTS, "first");
	server_start(&server, mirror.database.conninfo, SERVE_SETTINGS);
	flights_wait("first", FLIGHTS);
	snprintf(sql, sizeof(sql),
	         "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
	         " WHERE datname = '%s'",
	         mirror.database.name);
	free(test_sql(test_postgres(), sql));
	mirror_put_flight(FLIGHTS + 1, "second 51", "2999-01-02T00:00:00Z", NULL);
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

static bool rows_reached(void *unused)
{
	char *count = test_sql(mirror.database.conninfo, "SELECT count(*) FROM spacecraft_flight");
	bool reached = strcmp(count, "2") == 0;

	(void)unused;
	free(count);
	return reached;
}

static void test_in_a_row(void **state)
{
	struct test_database source;
	struct test_server first, second;
	char url[128];
	struct output output;
	json_t *a, *b;

	(void)state;
	test_database_init_schema(&source);
	command_run(&output, WORDS("--set", source.setting, "import", "tests/data/flight-864.json",
	                           "tests/data/flight-840.json"));
	assert_int_equal(output.status, 0);
	output_fini(&output);
	server_start(&first, source.conninfo, NULL);
	snprintf(url, sizeof(url), "sync.upstream=%s", first.url);
	server_start(&second, mirror.database.conninfo,
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_mirror, tear_down_mirror)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_background),
		TEST(test_takeover),
		TEST(test_database_lost),
		TEST(test_in_a_row),
	};

	return RUN_TESTS("sync_serve", tests, NULL, NULL);
}
