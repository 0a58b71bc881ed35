/* Passes over a good upstream whose list changes: what is asked for, what is written, what is deleted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "support/cmocka.h"
#include "support/fake_upstream.h"
#include "support/importing.h"
#include "support/postgres.h"
#include "support/syncing.h"
#include "sync/pace.h"

static struct fake_upstream *upstream;
static struct test_database database;
static struct sync_settings settings;

static int setup(void **state)
{
	(void)state;
	upstream = fake_upstream_new();
	settings = sync_settings_quick(fake_upstream_url(upstream));
	test_database_init_schema(&database);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_upstream_free(upstream);
	test_database_fini(&database);
	return 0;
}

static void fill(int64_t count, const char *destination)
{
	fake_list_fill(fake_upstream_lock(upstream), count, destination);
	fake_upstream_unlock(upstream);
}

static void put(int64_t id, const char *destination, const char *net, const char *mission_end)
{
	fake_list_put_facts(fake_upstream_lock(upstream),
	                    &(struct fake_facts){.id = id,
	                                         .destination = destination,
	                                         .net = net,
	                                         .mission_end = mission_end,
	                                         .provider = "first"});
	fake_upstream_unlock(upstream);
}

static void drop(int64_t id)
{
	fake_list_remove(fake_upstream_lock(upstream), id);
	fake_upstream_unlock(upstream);
}

static void sync_now(void)
{
	sync_ends(&settings, database.conninfo, SYNC_DONE);
}

static void sql_is(const char *sql, const char *expected)
{
	test_sql_is(database.conninfo, sql, expected);
}

static void line_has(const struct sync_run *run, const char *part)
{
	if (!strstr(run->line, part))
		fail_msg("not \"%s\" but: %s", part, run->line);
}

static void head_has(int n, const char *part)
{
	if (!strstr(fake_upstream_head(upstream, n), part))
		fail_msg("no \"%s\" in: %s", part, fake_upstream_head(upstream, n));
}

static void test_requests(void **state)
{
	(void)state;
	fill(230, "first");
	settings.token = "s3cret";
	settings.contact = "ops@example.org";
	sync_now();
	assert_int_equal(fake_upstream_requests(upstream), 3);
	assert_int_equal(fake_upstream_connections(upstream), 1);
	assert_string_equal(
		fake_upstream_target(upstream, 0),
		"/2.3.0/spacecraft_flights/?mode=detailed&limit=100&ordering=id&format=json");
	assert_string_equal(fake_upstream_target(upstream, 2),
	                    "/2.3.0/spacecraft_flights/"
	                    "?format=json&limit=100&mode=detailed&offset=200&ordering=id");
	head_has(0, "\r\nUser-Agent: spacecraft-flights/" VERSION " (+ops@example.org)\r\n");
	head_has(0, "\r\nAuthorization: Token s3cret\r\n");
	head_has(2, "\r\nAuthorization: Token s3cret\r\n");
	head_has(0, "\r\nAccept-Encoding: zstd, gzip\r\n");
	sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'first ' || id", "230");
}

/* Whether the digests can be relied on or not: what did not change is not written. */
static void test_unchanged(void **state)
{
	char *before, *after;

	(void)state;
	fill(30, "first");
	sync_now();
	for (int round = 0; round < 2; round++) {
		before = rows_hash(database.conninfo);
		sync_now();
		after = rows_hash(database.conninfo);
		assert_string_equal(before, after);
		sql_is("SELECT version FROM catalog_version", "2");
		free(before);
		free(after);
		free(test_sql(database.conninfo, "UPDATE sync_state SET documents_version = NULL"));
	}
	sql_is("SELECT count(*) FROM sync_document WHERE digest IS NOT NULL", "30");
}

static void test_changed(void **state)
{
	struct sync_run run;

	(void)state;
	fill(250, "first");
	sync_now();
	put(7, "elsewhere", "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z");
	put(251, "new", "2020-01-01T00:00:00Z", NULL);
	sync_run_is(&run, &settings, database.conninfo, SYNC_DONE);
	line_has(&run,
	         "251 flights: 1 new, 1 changed, 249 unchanged, 0 deleted; 3 pages, 3 requests");
	sync_run_fini(&run);
	sql_is("SELECT destination FROM spacecraft_flight WHERE id = 7", "elsewhere");
	sql_is("SELECT count(*) FROM spacecraft_flight", "251");
}

/* A row that somebody else changed comes back as the upstream has it. */
static void test_foreign_change(void **state)
{
	(void)state;
	fill(30, "first");
	sync_now();
	free(test_sql(database.conninfo,
	              "UPDATE spacecraft_flight SET destination = 'x' WHERE id < 9"));
	sync_now();
	sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'first ' || id", "30");
}

/* A shared resource goes to another value in one document and back again, while another document, which
   stays as it is, has it too. */
static void test_to_and_fro(void **state)
{
	(void)state;
	settings.page_size = 1;
	put(1, "a", NULL, NULL);
	put(2, "b", NULL, NULL);
	sync_now();
	fake_list_put_facts(
		fake_upstream_lock(upstream),
		&(struct fake_facts){.id = 2, .destination = "b", .provider = "second"});
	fake_upstream_unlock(upstream);
	sync_now();
	sql_is("SELECT name FROM agency WHERE id = 1", "second");
	/* Flight 2 has it no more, and flight 1 says what it always said. */
	fake_list_put_facts(fake_upstream_lock(upstream),
	                    &(struct fake_facts){.id = 2, .destination = "b"});
	fake_upstream_unlock(upstream);
	sync_now();
	sync_now();
	sql_is("SELECT name FROM agency WHERE id = 1", "first");
}

/* A spacecraft that has been up there for so many seconds, as of the answer. */
static void put_in_space(int seconds)
{
	char document[512];

	snprintf(
		document, sizeof(document),
		"{\"id\":1,\"destination\":\"orbit\",\"mission_end\":null,\"spacecraft\":{\"id\":1,"
		"\"name\":\"Craft\",\"in_space\":true,\"time_in_space\":\"PT%dS\",\"time_docked\":"
		"\"PT0S\"},\"launch\":null}",
		seconds);
	fake_list_put(fake_upstream_lock(upstream), 1, document);
	fake_upstream_unlock(upstream);
}

/* What only grows with time is no change; what is off by more than the answers' seconds is. */
static void test_growing(void **state)
{
	(void)state;
	put_in_space(1000000);
	sync_now();
	free(test_sql(database.conninfo, "UPDATE spacecraft SET as_of = as_of - interval '1 hour';"
	                                 "UPDATE sync_state SET documents_version ="
	                                 " (SELECT version FROM catalog_version)"));
	put_in_space(1003601);
	sync_now();
	sql_is("SELECT version FROM catalog_version", "3");
	sql_is("SELECT extract(epoch FROM time_in_space)::bigint FROM spacecraft", "1000000");
	put_in_space(1003630);
	sync_now();
	sql_is("SELECT version FROM catalog_version", "4");
	sql_is("SELECT extract(epoch FROM time_in_space)::bigint FROM spacecraft", "1003630");
	sql_is("SELECT now() - as_of < interval '1 minute' FROM spacecraft", "t");
}

static void test_five_percent(void **state)
{
	struct sync_run run;

	(void)state;
	fill(100, "first");
	sync_now();
	for (int64_t id = 50; id < 56; id++)
		drop(id);
	sync_run_is(&run, &settings, database.conninfo, SYNC_TROUBLED);
	assert_non_null(strstr(run.log, "NOTHING IS DELETED"));
	assert_non_null(strstr(run.error.text, "6 of 100 flights are gone"));
	line_has(&run, "94 flights: 0 new, 0 changed, 94 unchanged, 0 deleted");
	sync_run_fini(&run);
	sql_is("SELECT count(*) FROM spacecraft_flight", "100");
	put(55, "back", "2020-01-01T00:00:00Z", NULL);
	sync_run_is(&run, &settings, database.conninfo, SYNC_DONE);
	line_has(&run, "5 deleted");
	sync_run_fini(&run);
	sql_is("SELECT string_agg(id::text, ',' ORDER BY id) FROM spacecraft_flight"
	       " WHERE id BETWEEN 48 AND 57",
	       "48,49,55,56,57");
	sql_is("SELECT count(*) FROM sync_document", "95");
}

static void test_nothing_left(void **state)
{
	(void)state;
	fill(10, "first");
	sync_now();
	for (int64_t id = 1; id <= 10; id++)
		drop(id);
	settings.delete_percent = 100;
	sync_ends(&settings, database.conninfo, SYNC_TROUBLED);
	sql_is("SELECT count(*) FROM spacecraft_flight", "10");
	put(10, "kept", NULL, NULL);
	sync_now();
	sql_is("SELECT count(*) FROM spacecraft_flight", "1");
}

/* Before the second page: one flight goes from the first, one comes at the end. The count stays, and
   flight 11 moves to the page that was read. */
static void swap_hook(struct fake_list *list, int n, void *user)
{
	const int *begun = user;

	if (n != *begun + 2)
		return;
	fake_list_remove(list, 3);
	fake_list_put_facts(list, &(struct fake_facts){.id = 11, .destination = "moved"});
	fake_list_put_facts(list, &(struct fake_facts){.id = 41, .destination = "came"});
}

static void test_swapped(void **state)
{
	int begun;

	(void)state;
	settings.page_size = 10;
	settings.delete_percent = 100;
	fill(40, "first");
	sync_now();
	begun = fake_upstream_requests(upstream);
	fake_upstream_hook(upstream, swap_hook, &begun);
	sync_now();
	sql_is("SELECT count(*) FROM spacecraft_flight", "41");
	sql_is("SELECT destination FROM spacecraft_flight WHERE id = 11", "moved");
	sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "f");
	sync_now();
	sql_is("SELECT string_agg(id::text, ',') FROM generate_series(1, 41) id"
	       " WHERE id NOT IN (SELECT id FROM spacecraft_flight)",
	       "3");
}

/* New flights and missing ones at once, all at rest: the missing ones are looked for and deleted. */
static void test_new_and_gone(void **state)
{
	struct sync_run run;

	(void)state;
	settings.page_size = 10;
	settings.delete_percent = 20;
	fill(40, "first");
	sync_now();
	drop(1);
	drop(7);
	drop(40);
	drop(25);
	put(41, "new", NULL, NULL);
	sync_run_is(&run, &settings, database.conninfo, SYNC_DONE);
	/* Four pages; then one for 1 and 7, one for 25, one for 40. */
	line_has(&run,
	         "37 flights: 1 new, 0 changed, 36 unchanged, 4 deleted; 4 pages, 7 requests");
	sync_run_fini(&run);
	sql_is("SELECT count(*) FROM spacecraft_flight", "37");
}

/* Before the third page three flights go that were read: those that moved are not left out. */
static void shrink_hook(struct fake_list *list, int n, void *user)
{
	const int *begun = user;

	if (n != *begun + 3)
		return;
	for (int64_t id = 5; id < 8; id++)
		fake_list_remove(list, id);
	for (int64_t id = 21; id <= 30; id++)
		fake_list_put_facts(list, &(struct fake_facts){.id = id, .destination = "moved"});
}

static void test_shrunk(void **state)
{
	int begun;

	(void)state;
	settings.page_size = 10;
	settings.delete_percent = 20;
	fill(40, "first");
	sync_now();
	begun = fake_upstream_requests(upstream);
	fake_upstream_hook(upstream, shrink_hook, &begun);
	sync_now();
	sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'moved'", "10");
	sql_is("SELECT count(*) FROM spacecraft_flight", "40");
	sync_now();
	sql_is("SELECT count(*) FROM spacecraft_flight", "37");
}

static void test_try_only(void **state)
{
	struct sync_run run;
	char *before, *after;

	(void)state;
	fill(40, "first");
	sync_now();
	put(7, "elsewhere", NULL, NULL);
	put(41, "new", NULL, NULL);
	drop(40);
	before = content_hash(database.conninfo);
	sync_run(&run, &settings, database.conninfo, SYNC_FULL, true);
	assert_int_equal(run.end, SYNC_DONE);
	line_has(&run, "dry run of a full pass");
	line_has(&run, "40 flights: 1 new, 1 changed, 38 unchanged, 1 deleted");
	sync_run_fini(&run);
	sync_run(&run, &settings, database.conninfo, SYNC_RECENT, true);
	assert_int_equal(run.end, SYNC_DONE);
	line_has(&run, "dry run of a recent pass");
	sync_run_fini(&run);
	after = content_hash(database.conninfo);
	assert_string_equal(before, after);
	sql_is("SELECT version FROM catalog_version", "2");
	sql_is("SELECT count(*) FROM sync_pass", "1");
	sql_is("SELECT count(*) FROM sync_document WHERE flight = 41", "0");
	free(before);
	free(after);
}

/* Flights 30 (to come), 31 (under way), 300 (long over) and the end of the list. */
static void test_recent(void **state)
{
	struct sync_run run;
	int before;

	(void)state;
	fill(600, "first");
	put(30, "to come", "2999-01-01T00:00:00Z", NULL);
	put(31, "under way", "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
	settings.page_size = 50;
	sync_now();
	put(30, "later", "2999-02-01T00:00:00Z", NULL);
	put(300, "edited", "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z");
	for (int64_t id = 601; id < 680; id++)
		put(id, "new", "2999-01-01T00:00:00Z", NULL);
	before = fake_upstream_requests(upstream);
	sync_run(&run, &settings, database.conninfo, SYNC_RECENT, false);
	assert_int_equal(run.end, SYNC_DONE);
	sync_run_fini(&run);
	/* One page around 30, and two from the end on. */
	assert_int_equal(fake_upstream_requests(upstream) - before, 3);
	sql_is("SELECT destination FROM spacecraft_flight WHERE id = 30", "later");
	sql_is("SELECT destination FROM spacecraft_flight WHERE id = 300", "first 300");
	sql_is("SELECT count(*) FROM spacecraft_flight", "679");
	sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "t");
	drop(100);
	sync_run(&run, &settings, database.conninfo, SYNC_RECENT, false);
	sync_run_fini(&run);
	sql_is("SELECT count(*) FROM spacecraft_flight", "679");
	sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "f");
}

static void test_stale(void **state)
{
	int before;

	(void)state;
	settings.page_size = 10;
	fill(40, "first");
	for (int round = 0; round < 2; round++) {
		fake_upstream_fault(upstream, FAKE_ERROR_500, 2, 1000);
		sync_ends(&settings, database.conninfo, SYNC_FAILED);
		fake_upstream_fault(upstream, FAKE_NONE, 0, 0);
		if (round == 1)
			free(test_sql(
				database.conninfo,
				"UPDATE sync_pass SET started = started - interval '7 hours'"));
		before = fake_upstream_requests(upstream);
		sync_now();
		assert_int_equal(fake_upstream_requests(upstream) - before, round == 0 ? 2 : 4);
	}
	sql_is("SELECT count(*) FROM sync_page", "0");
	sql_is("SELECT string_agg(outcome, ',' ORDER BY id) FROM sync_pass", "done,failed,done");
}

/* The upstream lets two requests through in two seconds. */
static void test_throttled(void **state)
{
	(void)state;
	settings.page_size = 10;
	settings.wait_most = 60 * SYNC_SECOND;
	fill(40, "first");
	fake_upstream_throttle(upstream, 2, 2);
	sync_now();
	sql_is("SELECT count(*) FROM spacecraft_flight", "40");
	fake_upstream_throttle(upstream, 0, 0);
	fake_upstream_fault(upstream, FAKE_THROTTLED_BARE, 0, 1);
	sync_now();
	assert_int_equal(fake_upstream_throttle_requests(upstream), 1);
}

static void test_page_size(void **state)
{
	static const char *const limits[] = {"limit=100", "limit=50&", "limit=50&", "limit=50&",
	                                     "limit=100"};

	(void)state;
	fill(300, "first");
	fake_upstream_fault(upstream, FAKE_ERROR_504, 0, 1);
	sync_now();
	assert_int_equal(fake_upstream_requests(upstream), 6);
	for (int i = 0; i < 5; i++)
		if (!strstr(fake_upstream_target(upstream, i), limits[i]))
			fail_msg("request %d: %s", i, fake_upstream_target(upstream, i));
	sql_is("SELECT count(*) FROM spacecraft_flight", "300");
}

static void test_page_limit(void **state)
{
	struct sync_run run;

	(void)state;
	fill(30, "first");
	settings.page_size = 10;
	settings.page_limit = 2;
	sync_run_is(&run, &settings, database.conninfo, SYNC_FAILED);
	assert_non_null(strstr(run.error.text, "more than the 2 pages"));
	sync_run_fini(&run);
}

static void test_no_upstream(void **state)
{
	struct sync_run run;

	(void)state;
	settings.upstream = "http://127.0.0.1:1";
	sync_run_is(&run, &settings, database.conninfo, SYNC_FAILED);
	assert_int_equal(sync_run_complaints(&run), 1);
	assert_non_null(strstr(run.error.text, "connect to"));
	sync_run_fini(&run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_requests),       TEST(test_unchanged),    TEST(test_changed),
		TEST(test_foreign_change), TEST(test_to_and_fro),   TEST(test_growing),
		TEST(test_five_percent),   TEST(test_nothing_left), TEST(test_swapped),
		TEST(test_new_and_gone),   TEST(test_shrunk),       TEST(test_try_only),
		TEST(test_recent),         TEST(test_stale),        TEST(test_throttled),
		TEST(test_page_size),      TEST(test_page_limit),   TEST(test_no_upstream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
