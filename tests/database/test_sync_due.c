/* Passes as they fall due after others that failed, with a clock that nobody waits for: how often the
   upstream is asked meanwhile, and that what can be read is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "base/log.h"
#include "repository/session.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fake_list.h"
#include "support/postgres.h"
#include "sync/pass.h"
#include "upstream/url.h"

#define ORIGIN "https://ll.example"
#define LIST_PATH "/2.3.0/spacecraft_flights/"
#define MINUTE (60 * MICROSECONDS)
#define DAY (24 * HOUR_MICROSECONDS)
#define BEGIN (INT64_C(1767225600) * MICROSECONDS) /* 2026-01-01 */
#define PAGE 10
#define FLIGHTS 40
#define FINE 200

static struct test_database database;
static struct session *session;
static struct sync_settings settings;
static struct fake_list list;
static int64_t now;
static int requests;
/* What pages that begin there are answered with. */
static struct {
	int64_t from, to;
	long status;
	int64_t retry_after;
} fault;

static void source_get(void *context, const char *url, struct upstream_response *answer)
{
	int64_t limit = PAGE, offset = 0;

	(void)context;
	assert_int_equal(strncmp(url, ORIGIN LIST_PATH "?", strlen(ORIGIN LIST_PATH "?")), 0);
	url_parameter(url, "limit", &limit);
	url_parameter(url, "offset", &offset);
	requests++;
	now += MICROSECONDS;
	strbuf_reset(&answer->body);
	fake_list_page(&list,
	               &(struct fake_page){
			       .origin = ORIGIN, .limit = limit, .offset = offset, .count = -1},
	               &answer->body);
	answer->outcome = UPSTREAM_COMPLETE;
	answer->status = offset >= fault.from && offset < fault.to ? fault.status : FINE;
	answer->json = true;
	answer->date = now;
	answer->retry_after = fault.retry_after;
}

static int64_t source_now(void *context)
{
	(void)context;
	return now;
}

static bool source_wait(void *context, int64_t microseconds)
{
	(void)context;
	now += microseconds;
	return true;
}

static enum pass_end pass_if_due(struct pass_summary *summary)
{
	struct pass_order order = {.settings = &settings,
	                           .source = {source_get, source_now, source_wait, NULL},
	                           .as_due = true};
	struct error error = {0};

	return pass_run(session, &order, summary, &error);
}

/* Makes the pass that is due next, and asserts its kind, how it ends and that it comes within a minute of
   the time given, which counts from here. */
static void next_is(enum pass_kind kind, enum pass_end end, int64_t minutes)
{
	struct pass_summary summary;
	int64_t begin = now, waited;
	enum pass_end found;

	do {
		waited = (now - begin) / MINUTE;
		found = pass_if_due(&summary);
		if (found == PASS_BUSY)
			now += MINUTE;
	} while (found == PASS_BUSY && waited <= minutes);
	if (found != end || summary.kind != kind || llabs(waited - minutes) > 1)
		fail_msg("a %s pass ended with %d after %d min",
		         summary.kind == PASS_FULL ? "full" : "recent", found, (int)waited);
}

static void third_page_is(long status)
{
	fault.from = 2 * PAGE;
	fault.to = 3 * PAGE;
	fault.status = status;
}

static void every_page_is(long status)
{
	fault.from = 0;
	fault.to = FLIGHTS;
	fault.status = status;
}

static int setup(void **state)
{
	struct error error = {0};

	(void)state;
	log_configure(LOG_ERROR, false);
	settings = (struct sync_settings){
		.upstream.url = ORIGIN,
		.lists = {&endpoint_spacecraft_flight},
		.list_count = 1,
		.upstream.token = "",
		.upstream.contact = "",
		.upstream.ca_file = "",
		.interval = 30 * MINUTE,
		.full_interval = DAY,
		.upstream.page_size = PAGE,
		.page_limit = 1000,
		.upstream.retries = 2,
		.upstream.backoff = MICROSECONDS,
		.upstream.backoff_most = MICROSECONDS,
		.upstream.wait_most = 2 * HOUR_MICROSECONDS,
		.stale = 6 * HOUR_MICROSECONDS,
		.delete_percent = 5,
	};
	now = BEGIN;
	requests = 0;
	every_page_is(FINE);
	fault.retry_after = -1;
	test_database_init_schema(&database);
	session = session_open(database.conninfo, SESSION_WRITES, &error);
	assert_non_null(session);
	fake_list_fill(&list, FLIGHTS, "first");
	next_is(PASS_FULL, PASS_DONE, 0);
	now += DAY - 30 * MINUTE;
	next_is(PASS_RECENT, PASS_DONE, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	session_close(session);
	fake_list_fini(&list);
	test_database_fini(&database);
	return 0;
}

/* The third page cannot be had for hours: recent passes, which read the last one, are made all the same. */
static void test_bad_page(void **state)
{
	(void)state;
	third_page_is(500);
	next_is(PASS_FULL, PASS_FAILED, 30);
	requests = 0;
	for (int round = 0; round < 5; round++) {
		next_is(PASS_RECENT, PASS_DONE, 5);
		next_is(PASS_FULL, PASS_FAILED, 30);
	}
	/* Each time one for the recent pass, and three for the page that is due. */
	assert_int_equal(requests, 5 * (1 + 3));
	next_is(PASS_RECENT, PASS_DONE, 5);
	third_page_is(FINE);
	requests = 0;
	next_is(PASS_FULL, PASS_DONE, 30);
	assert_int_equal(requests, 2);
	next_is(PASS_RECENT, PASS_DONE, 0);
	test_sql_is(database.conninfo, "SELECT count(*) FROM sync_page", "0");
}

/* Nothing can be had: both kinds by turns, ever later. */
static void test_outage(void **state)
{
	static const int64_t minutes[] = {5, 10, 20, 30, 30, 30, 30};

	(void)state;
	third_page_is(500);
	next_is(PASS_FULL, PASS_FAILED, 30);
	every_page_is(500);
	for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++)
		next_is(i % 2 == 0 ? PASS_RECENT : PASS_FULL, PASS_FAILED, minutes[i]);
	every_page_is(FINE);
	next_is(PASS_FULL, PASS_DONE, 30);
}

/* The token is taken away while a full pass waits to go on. */
static void test_refused(void **state)
{
	(void)state;
	third_page_is(500);
	next_is(PASS_FULL, PASS_FAILED, 30);
	every_page_is(FINE);
	next_is(PASS_RECENT, PASS_DONE, 5);
	every_page_is(403);
	requests = 0;
	next_is(PASS_FULL, PASS_REFUSED, 30);
	next_is(PASS_RECENT, PASS_REFUSED, 24 * 60);
	assert_int_equal(requests, 2);
}

/* A pass that goes on is a pass of its own, and has what the other one had read. */
static void test_goes_on(void **state)
{
	(void)state;
	third_page_is(500);
	next_is(PASS_FULL, PASS_FAILED, 30);
	test_sql_is(database.conninfo, "SELECT array_agg(number ORDER BY number) FROM sync_page",
	            "{1,2}");
	every_page_is(500);
	next_is(PASS_RECENT, PASS_FAILED, 5);
	next_is(PASS_FULL, PASS_FAILED, 10);
	test_sql_is(database.conninfo,
	            "SELECT string_agg(concat_ws(' ', kind, outcome, next IS NOT NULL, pages,"
	            " (SELECT count(*) FROM sync_page WHERE pass = id)), ', ' ORDER BY id DESC)"
	            " FROM (SELECT * FROM sync_pass ORDER BY id DESC LIMIT 3) p",
	            "full failed t 2 2, recent failed f 0 0, full failed f 2 0");
	test_sql_is(database.conninfo, "SELECT count(DISTINCT started) FROM sync_pass WHERE id > 2",
	            "2");
}

/* The upstream asks for more time than a pass waits: it is given. */
static void test_throttled(void **state)
{
	(void)state;
	third_page_is(429);
	fault.retry_after = DAY;
	requests = 0;
	next_is(PASS_FULL, PASS_FAILED, 30);
	third_page_is(FINE);
	next_is(PASS_RECENT, PASS_DONE, 24 * 60);
	assert_int_equal(requests, 3 + 1);
	/* An hour and another one it waits; a third one is too much. */
	every_page_is(429);
	fault.retry_after = HOUR_MICROSECONDS;
	requests = 0;
	next_is(PASS_FULL, PASS_FAILED, 30);
	assert_int_equal(requests, 3);
	fault.retry_after = -1;
	every_page_is(500);
	next_is(PASS_RECENT, PASS_FAILED, 60);
	every_page_is(FINE);
	next_is(PASS_FULL, PASS_DONE, 10);
}

/* The clock is a day ahead for a while: what it said then makes nobody wait. */
static void test_clock_ahead(void **state)
{
	int64_t right;

	(void)state;
	settings.upstream.budget = 6;
	now += DAY;
	next_is(PASS_FULL, PASS_DONE, 0);
	next_is(PASS_RECENT, PASS_DONE, 30);
	now -= DAY;
	right = now;
	next_is(PASS_FULL, PASS_DONE, 0);
	assert_true(now - right < MINUTE);
	next_is(PASS_RECENT, PASS_DONE, 30);
	test_sql_is(database.conninfo, "SELECT count(*) FROM sync_request", "5");
}

/* Where nothing but failures comes, they are not kept for ever either. */
static void test_old_passes(void **state)
{
	(void)state;
	free(test_sql(
		database.conninfo,
		"INSERT INTO sync_pass (upstream, list, kind, started, touched, ended, outcome)"
		" SELECT '" ORIGIN
		"', 'spacecraft_flights', 'recent', started, ended, ended, 'failed'"
		" FROM sync_pass, generate_series(1, 2000) WHERE id = 2"));
	next_is(PASS_FULL, PASS_DONE, 30);
	test_sql_is(database.conninfo, "SELECT count(*) FROM sync_pass WHERE id > 2", "1001");
	test_sql_is(database.conninfo,
	            "SELECT array_agg(id ORDER BY id) FROM sync_pass WHERE id < 4", "{1,2}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bad_page),   TEST(test_outage),  TEST(test_refused),
		TEST(test_throttled),  TEST(test_goes_on), TEST(test_clock_ahead),
		TEST(test_old_passes),
	};

	return RUN_TESTS("sync_due", tests, NULL, NULL);
}
