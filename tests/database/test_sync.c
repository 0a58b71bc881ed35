/* Passes over a good upstream whose list changes: what is asked for, what is written, what is deleted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "base/version.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fake_upstream.h"
#include "support/importing.h"
#include "support/postgres.h"
#include "support/syncing.h"

static void head_has(int n, const char *part)
{
	if (!strstr(fake_upstream_head(mirror.upstream, n), part))
		fail_msg("no \"%s\" in: %s", part, fake_upstream_head(mirror.upstream, n));
}

static void test_requests(void **state)
{
	(void)state;
	mirror_fill(230, "first");
	mirror.settings.upstream.token = "s3cret";
	mirror.settings.upstream.contact = "ops@example.org";
	mirror_sync();
	assert_int_equal(fake_upstream_requests(mirror.upstream), 3);
	assert_int_equal(fake_upstream_connections(mirror.upstream), 1);
	assert_string_equal(
		fake_upstream_target(mirror.upstream, 0),
		"/2.3.0/spacecraft_flights/?mode=detailed&limit=100&ordering=id&format=json");
	assert_string_equal(fake_upstream_target(mirror.upstream, 2),
	                    "/2.3.0/spacecraft_flights/"
	                    "?format=json&limit=100&mode=detailed&offset=200&ordering=id");
	head_has(0, "\r\nUser-Agent: spacecraft-flights/" VERSION " (+ops@example.org)\r\n");
	head_has(0, "\r\nAuthorization: Token s3cret\r\n");
	head_has(2, "\r\nAuthorization: Token s3cret\r\n");
	head_has(0, "\r\nAccept-Encoding: zstd, gzip\r\n");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'first ' || id",
	              "230");
}

/* Behind a proxy the upstream's links have its public address: requests stay where it is reached. */
static void test_public_address(void **state)
{
	(void)state;
	mirror_fill(230, "first");
	fake_upstream_public(mirror.upstream, "https://flights.example:8443/ll2");
	mirror_sync();
	assert_int_equal(fake_upstream_requests(mirror.upstream), 3);
	assert_string_equal(fake_upstream_target(mirror.upstream, 2),
	                    "/2.3.0/spacecraft_flights/"
	                    "?format=json&limit=100&mode=detailed&offset=200&ordering=id");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "230");
}

/* What did not change is not written. */
static void test_unchanged(void **state)
{
	char *before, *after;

	(void)state;
	mirror_fill(30, "first");
	mirror_sync();
	before = rows_hash(mirror.database.conninfo);
	mirror_sync();
	after = rows_hash(mirror.database.conninfo);
	assert_string_equal(before, after);
	mirror_sql_is("SELECT version FROM catalog_version", "2");
	mirror_sql_is("SELECT count(*) FROM sync_document", "30");
	free(before);
	free(after);
}

static void test_changed(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(250, "first");
	mirror_sync();
	mirror_put_flight(7, "elsewhere", "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z");
	mirror_put_flight(251, "new", "2020-01-01T00:00:00Z", NULL);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	sync_run_line_has(
		&run,
		"251 flights: 1 new, 1 changed, 249 unchanged, 0 deleted; 3 pages, 3 requests");
	sync_run_fini(&run);
	mirror_sql_is("SELECT destination FROM spacecraft_flight WHERE id = 7", "elsewhere");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "251");
}

/* A row that somebody else changed comes back as the upstream has it. */
static void test_foreign_change(void **state)
{
	(void)state;
	mirror_fill(30, "first");
	mirror_sync();
	free(test_sql(mirror.database.conninfo,
	              "UPDATE spacecraft_flight SET destination = 'x' WHERE id < 9"));
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'first ' || id",
	              "30");
}

/* A shared resource goes to another value in one document and back again, while another document, which
   stays as it is, has it too. */
static void test_to_and_fro(void **state)
{
	(void)state;
	mirror.settings.upstream.page_size = 1;
	mirror_put_flight(1, "a", NULL, NULL);
	mirror_put_flight(2, "b", NULL, NULL);
	mirror_sync();
	fake_list_put_facts(
		fake_upstream_lock(mirror.upstream),
		&(struct fake_facts){.id = 2, .destination = "b", .provider = "second"});
	fake_upstream_unlock(mirror.upstream);
	mirror_sync();
	mirror_sql_is("SELECT name FROM agency WHERE id = 1", "second");
	/* Flight 2 has it no more, and flight 1 says what it always said. */
	mirror_put(&(struct fake_facts){.id = 2, .destination = "b"});
	mirror_sync();
	mirror_sync();
	mirror_sql_is("SELECT name FROM agency WHERE id = 1", "first");
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
	fake_list_put(fake_upstream_lock(mirror.upstream), 1, document);
	fake_upstream_unlock(mirror.upstream);
}

/* What only grows with time is no change; what is off by more than the answers' seconds is. */
static void test_growing(void **state)
{
	(void)state;
	put_in_space(1000000);
	mirror_sync();
	free(test_sql(mirror.database.conninfo,
	              "UPDATE spacecraft SET as_of = as_of - interval '1 hour'"));
	put_in_space(1003601);
	mirror_sync();
	mirror_sql_is("SELECT version FROM catalog_version", "3");
	mirror_sql_is("SELECT extract(epoch FROM time_in_space)::bigint FROM spacecraft",
	              "1000000");
	put_in_space(1003630);
	mirror_sync();
	mirror_sql_is("SELECT version FROM catalog_version", "4");
	mirror_sql_is("SELECT extract(epoch FROM time_in_space)::bigint FROM spacecraft",
	              "1003630");
	mirror_sql_is("SELECT now() - as_of < interval '1 minute' FROM spacecraft", "t");
}

static void test_try_only(void **state)
{
	struct sync_run run;
	char *before, *after;

	(void)state;
	mirror_fill(40, "first");
	mirror_sync();
	mirror_put_flight(7, "elsewhere", NULL, NULL);
	mirror_put_flight(41, "new", NULL, NULL);
	mirror_drop(40);
	before = content_hash(mirror.database.conninfo);
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_FULL, true);
	assert_int_equal(run.end, PASS_DONE);
	sync_run_line_has(&run, "dry run of a full pass");
	sync_run_line_has(&run, "40 flights: 1 new, 1 changed, 38 unchanged, 1 deleted");
	sync_run_fini(&run);
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_RECENT, true);
	assert_int_equal(run.end, PASS_DONE);
	sync_run_line_has(&run, "dry run of a recent pass");
	sync_run_fini(&run);
	after = content_hash(mirror.database.conninfo);
	assert_string_equal(before, after);
	mirror_sql_is("SELECT version FROM catalog_version", "2");
	mirror_sql_is("SELECT count(*) FROM sync_pass", "1");
	mirror_sql_is("SELECT count(*) FROM sync_document WHERE id = '41'", "0");
	free(before);
	free(after);
}

/* Flights 30 (to come), 31 (under way), 300 (long over) and the end of the list. */
static void test_recent(void **state)
{
	struct sync_run run;
	int before;

	(void)state;
	mirror_fill(600, "first");
	mirror_put_flight(30, "to come", "2999-01-01T00:00:00Z", NULL);
	mirror_put_flight(31, "under way", "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
	mirror.settings.upstream.page_size = 50;
	mirror_sync();
	mirror_put_flight(30, "later", "2999-02-01T00:00:00Z", NULL);
	mirror_put_flight(300, "edited", "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z");
	for (int64_t id = 601; id < 680; id++)
		mirror_put_flight(id, "new", "2999-01-01T00:00:00Z", NULL);
	before = fake_upstream_requests(mirror.upstream);
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_RECENT, false);
	assert_int_equal(run.end, PASS_DONE);
	sync_run_fini(&run);
	/* One page around 30, and two from the end on. */
	assert_int_equal(fake_upstream_requests(mirror.upstream) - before, 3);
	mirror_sql_is("SELECT destination FROM spacecraft_flight WHERE id = 30", "later");
	mirror_sql_is("SELECT destination FROM spacecraft_flight WHERE id = 300", "first 300");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "679");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "t");
	mirror_drop(100);
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_RECENT, false);
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "679");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "f");
}

/* Flights 102 and 145 are in one window, which is read to its end also in smaller pages. */
static void test_recent_smaller_pages(void **state)
{
	struct sync_run run;
	int before;

	(void)state;
	mirror_fill(600, "first");
	mirror_put_flight(102, "to come", "2999-01-01T00:00:00Z", NULL);
	mirror_put_flight(145, "to come", "2999-01-01T00:00:00Z", NULL);
	mirror.settings.upstream.page_size = 50;
	mirror_sync();
	mirror_put_flight(145, "later", "2999-02-01T00:00:00Z", NULL);
	before = fake_upstream_requests(mirror.upstream);
	fake_upstream_fault(mirror.upstream, FAKE_ERROR_504, 0, 1);
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_RECENT, false);
	assert_int_equal(run.end, PASS_DONE);
	sync_run_line_has(&run, "53 flights: 0 new, 1 changed");
	sync_run_fini(&run);
	/* The one that failed, two halves, and the end of the list. */
	assert_int_equal(fake_upstream_requests(mirror.upstream) - before, 4);
	mirror_sql_is("SELECT destination FROM spacecraft_flight WHERE id = 145", "later");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "t");
}

static void test_stale(void **state)
{
	int before;

	(void)state;
	mirror.settings.upstream.page_size = 10;
	mirror_fill(40, "first");
	for (int round = 0; round < 2; round++) {
		fake_upstream_fault(mirror.upstream, FAKE_ERROR_500, 2, 1000);
		sync_ends(&mirror.settings, mirror.database.conninfo, PASS_FAILED);
		fake_upstream_fault(mirror.upstream, FAKE_NONE, 0, 0);
		if (round == 1)
			free(test_sql(
				mirror.database.conninfo,
				"UPDATE sync_pass SET started = started - interval '7 hours'"));
		before = fake_upstream_requests(mirror.upstream);
		mirror_sync();
		assert_int_equal(fake_upstream_requests(mirror.upstream) - before,
		                 round == 0 ? 2 : 4);
	}
	mirror_sql_is("SELECT count(*) FROM sync_page", "0");
	mirror_sql_is("SELECT string_agg(outcome, ',' ORDER BY id) FROM sync_pass",
	              "failed,done,failed,done");
}

/* The upstream lets two requests through in two seconds. What it says of the time is obeyed: at most one
   request more is in vain, on a machine that is slow. */
static void test_throttled(void **state)
{
	struct sync_run run;
	int before;

	(void)state;
	mirror.settings.upstream.page_size = 10;
	mirror.settings.upstream.wait_most = 60 * MICROSECONDS;
	mirror_fill(40, "first");
	fake_upstream_throttle(mirror.upstream, 2, 2);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	assert_non_null(strstr(run.log, "429 Too Many Requests"));
	sync_run_fini(&run);
	assert_in_range(fake_upstream_requests(mirror.upstream), 5, 6);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "40");
	assert_int_equal(fake_upstream_throttle_requests(mirror.upstream), 0);
	fake_upstream_throttle(mirror.upstream, 0, 0);
	fake_upstream_fault(mirror.upstream, FAKE_THROTTLED_BARE, 0, 1);
	before = fake_upstream_requests(mirror.upstream);
	mirror_sync();
	assert_int_equal(fake_upstream_requests(mirror.upstream) - before, 5);
	assert_int_equal(fake_upstream_throttle_requests(mirror.upstream), 1);
}

static void test_page_size(void **state)
{
	static const char *const limits[] = {"limit=100", "limit=50&", "limit=50&", "limit=50&",
	                                     "limit=100"};

	(void)state;
	mirror_fill(300, "first");
	fake_upstream_fault(mirror.upstream, FAKE_ERROR_504, 0, 1);
	mirror_sync();
	assert_int_equal(fake_upstream_requests(mirror.upstream), 6);
	for (int i = 0; i < 5; i++)
		if (!strstr(fake_upstream_target(mirror.upstream, i), limits[i]))
			fail_msg("request %d: %s", i, fake_upstream_target(mirror.upstream, i));
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "300");
}

/* A pass that ends with smaller pages leaves their size to the next one. */
static void test_page_size_kept(void **state)
{
	(void)state;
	mirror_fill(100, "first");
	fake_upstream_fault(mirror.upstream, FAKE_ERROR_504, 0, 1);
	mirror_sync();
	assert_int_equal(fake_upstream_requests(mirror.upstream), 3);
	mirror_sync();
	assert_non_null(strstr(fake_upstream_target(mirror.upstream, 3), "limit=50&"));
}

/* Where each page is a redirect away, each costs two requests of the budget. */
static void test_redirects_count(void **state)
{
	struct sync_run run;

	(void)state;
	mirror.settings.upstream.page_size = 10;
	mirror_fill(40, "first");
	fake_upstream_fault(mirror.upstream, FAKE_REDIRECT_ONCE, 0, 1000);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	sync_run_line_has(&run, "4 pages, 8 requests");
	sync_run_fini(&run);
	assert_int_equal(fake_upstream_requests(mirror.upstream), 8);
	mirror_sql_is("SELECT count(*) FROM sync_request", "8");
}

/* A redirect to another host is not followed: its token and contact are for the upstream alone. */
static void test_redirect_elsewhere(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(40, "first");
	fake_upstream_fault(mirror.upstream, FAKE_REDIRECT_ELSEWHERE, 0, 1000);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_FAILED);
	assert_non_null(strstr(run.error.text, "a redirect to elsewhere: http://127.0.0.2:9/"));
	sync_run_fini(&run);
	assert_int_equal(fake_upstream_requests(mirror.upstream), 1);
}

/* What was too large is told apart. */
static void test_too_large(void **state)
{
	static const struct {
		enum fake_fault fault;
		const char *told;
	} cases[] = {
		{FAKE_HUGE_HEADER, "headers of more than 65536 bytes"},
		{FAKE_HUGE_GZIP, "an answer of more than 1048576 bytes"},
	};

	(void)state;
	mirror_fill(10, "first");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sync_run run;

		fake_upstream_fault(mirror.upstream, cases[i].fault, 0, 1);
		sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
		if (!strstr(run.log, cases[i].told))
			fail_msg("not \"%s\" but: %s", cases[i].told, run.log);
		sync_run_fini(&run);
	}
}

static void test_page_limit(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(30, "first");
	mirror.settings.upstream.page_size = 10;
	mirror.settings.page_limit = 2;
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_FAILED);
	assert_non_null(strstr(run.error.text, "more pages than sync.page_limit, 2"));
	sync_run_fini(&run);
}

static void test_no_upstream(void **state)
{
	struct sync_run run;

	(void)state;
	mirror.settings.upstream.url = "http://127.0.0.1:1";
	mirror.settings.lists[1] = &endpoint_agency;
	mirror.settings.list_count = 2;
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_UNREACHABLE);
	assert_int_equal(sync_run_complaints(&run), 1);
	assert_non_null(
		strstr(run.error.text, "the upstream http://127.0.0.1:1 cannot be reached: "));
	assert_non_null(strstr(run.error.text, "connect to"));
	sync_run_fini(&run);
	/* The other list is not tried. */
	mirror_sql_is("SELECT string_agg(list || ' ' || outcome, ',') FROM sync_pass",
	              "spacecraft_flights failed");
}

/* One that has not one of the lists has the others. */
static void test_one_list_fails(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(3, "first");
	mirror.settings.lists[0] = &endpoint_agency;
	mirror.settings.lists[1] = &endpoint_spacecraft_flight;
	mirror.settings.list_count = 2;
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_FAILED);
	assert_non_null(strstr(run.error.text, "404 Not Found"));
	sync_run_fini(&run);
	mirror_sql_is("SELECT string_agg(list || ' ' || outcome, ',' ORDER BY id) FROM sync_pass",
	              "agencies failed,spacecraft_flights done");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_mirror, tear_down_mirror)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_requests),        TEST(test_public_address),
		TEST(test_unchanged),       TEST(test_changed),
		TEST(test_foreign_change),  TEST(test_to_and_fro),
		TEST(test_growing),         TEST(test_try_only),
		TEST(test_recent),          TEST(test_recent_smaller_pages),
		TEST(test_stale),           TEST(test_throttled),
		TEST(test_page_size),       TEST(test_page_size_kept),
		TEST(test_redirects_count), TEST(test_redirect_elsewhere),
		TEST(test_too_large),       TEST(test_page_limit),
		TEST(test_no_upstream),     TEST(test_one_list_fails),
	};

	return RUN_TESTS("sync", tests, NULL, NULL);
}
