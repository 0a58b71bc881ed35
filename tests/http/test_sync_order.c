/* Passes over an upstream that does not obey `ordering`: in another order that stays, or in one that changes from
   request to request. All flights come, what is gone goes after two complete passes, and nothing that is there
   is ever deleted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/importing.h"
#include "support/syncing.h"

#define FLIGHTS 40
#define PAGES 4

static int setup(void **state)
{
	set_up_mirror(state);
	mirror.settings.upstream.page_size = FLIGHTS / PAGES;
	mirror_fill(FLIGHTS, "first");
	fake_upstream_order(mirror.upstream, FAKE_SHUFFLED);
	return 0;
}

static void put(int64_t id, const char *destination)
{
	mirror_put_flight(id, destination, "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z");
}

/* A pass that is done, with `part` in what it says; returns how many requests it took. */
static int pass_says(enum pass_kind kind, const char *part)
{
	int before = fake_upstream_requests(mirror.upstream);
	struct sync_run run;

	sync_run(&run, &mirror.settings, mirror.database.conninfo, kind, false);
	if (run.end != PASS_DONE)
		fail_msg("%d: %s: %s", run.end, run.error.text, run.log);
	sync_run_line_has(&run, part);
	sync_run_fini(&run);
	return fake_upstream_requests(mirror.upstream) - before;
}

static void flights_are(const char *count)
{
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", count);
}

static void is_ordered(const char *expected)
{
	mirror_sql_is("SELECT coalesce(bool_and(ordered), true) FROM sync_list", expected);
}

/* The first page is requested twice before the order is believed; later passes know it. */
static void test_other_order(void **state)
{
	struct sync_run run;
	char *before, *after;

	(void)state;
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	sync_run_line_has(&run, "40 flights: 40 new, 0 changed, 0 unchanged, 0 deleted; "
	                        "4 pages, 5 requests");
	assert_non_null(strstr(run.log, "does not obey ordering=id"));
	assert_int_equal(sync_run_complaints(&run), 2);
	sync_run_fini(&run);
	is_ordered("f");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'first ' || id",
	              "40");
	before = rows_hash(mirror.database.conninfo);
	put(17, "elsewhere");
	put(41, "new");
	assert_int_equal(pass_says(PASS_FULL, "41 flights: 1 new, 1 changed, 39 unchanged"), 5);
	put(17, "first 17");
	mirror_drop(41);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	assert_int_equal(sync_run_complaints(&run), 0);
	sync_run_fini(&run);
	pass_says(PASS_FULL, "1 deleted");
	after = rows_hash(mirror.database.conninfo);
	assert_string_not_equal(before, after);
	free(before);
	before = after;
	pass_says(PASS_FULL, "40 flights: 0 new, 0 changed, 40 unchanged, 0 deleted");
	after = rows_hash(mirror.database.conninfo);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* A setting of no retries must not make the list unreadable. */
static void test_without_retries(void **state)
{
	(void)state;
	mirror.settings.upstream.retries = 0;
	assert_int_equal(pass_says(PASS_FULL, "40 new"), PAGES);
}

/* What two complete passes in a row did not find goes; what was seen between them does not. */
static void test_gone(void **state)
{
	(void)state;
	mirror_sync();
	mirror_drop(9);
	pass_says(PASS_FULL, "0 deleted; 4 pages, 4 requests; did not find 1 flight; what "
	                     "the next complete pass does not find either is deleted");
	flights_are("40");
	put(9, "back");
	pass_says(PASS_FULL, "0 deleted; 4 pages, 4 requests");
	mirror_drop(9);
	pass_says(PASS_FULL, "0 deleted");
	flights_are("40");
	pass_says(PASS_FULL, "1 deleted");
	flights_are("39");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE id = 9", "0");
	mirror_sql_is("SELECT count(*) FROM sync_missing", "0");
}

/* Whatever pass saw it, a flight is not missing any more; also one that may delete nothing itself. */
static void test_seen_between(void **state)
{
	(void)state;
	mirror_sync();
	mirror_drop(9);
	pass_says(PASS_FULL, "did not find 1 flight");
	put(9, "back");
	fake_upstream_fault(mirror.upstream, FAKE_COUNT_MORE, 1, 1);
	pass_says(PASS_FULL, "the count moved");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "f");
	mirror_drop(9);
	pass_says(PASS_FULL, "did not find 1 flight");
	flights_are("40");
}

/* Another upstream's passes say nothing about this one's flights. */
static void test_gone_from_another(void **state)
{
	(void)state;
	mirror_sync();
	mirror_drop(9);
	mirror_sync();
	free(test_sql(mirror.database.conninfo,
	              "UPDATE sync_missing SET upstream = 'http://other.example'"));
	pass_says(PASS_FULL, "0 deleted");
	flights_are("40");
}

/* More than 5 %, and more than three, are no more believed to be gone than elsewhere. */
static void test_many_gone(void **state)
{
	(void)state;
	mirror_sync();
	for (int64_t id = 1; id <= 4; id++)
		mirror_drop(id);
	for (int round = 0; round < 3; round++)
		sync_ends(&mirror.settings, mirror.database.conninfo, PASS_TROUBLED);
	flights_are("40");
}

/* A pass that failed is no complete pass: flights it had not read yet are not missing. */
static void test_failed_between(void **state)
{
	(void)state;
	mirror_sync();
	mirror_drop(9);
	fake_upstream_fault(mirror.upstream, FAKE_ERROR_500, 2, 1000);
	sync_ends(&mirror.settings, mirror.database.conninfo, PASS_FAILED);
	fake_upstream_fault(mirror.upstream, FAKE_NONE, 0, 0);
	/* It goes on where it was, in the order that it had. */
	assert_int_equal(pass_says(PASS_FULL, "resumed and done"), 2);
	flights_are("40");
	pass_says(PASS_FULL, "1 deleted");
	flights_are("39");
}

/* Nothing that is there is deleted, however often the order changes; all flights come in time, and no pass
   takes more than three times as many requests as the list has pages. */
static void test_changing_order(void **state)
{
	(void)state;
	fake_upstream_order(mirror.upstream, FAKE_CHANGING);
	for (int round = 0; round < 12; round++) {
		int requests;

		if (round == 6)
			mirror_drop(20);
		requests = pass_says(PASS_FULL, "full pass");
		assert_in_range(requests, PAGES, 3 * PAGES + 1);
		mirror_sql_is("SELECT count(*) FROM spacecraft_flight f WHERE NOT EXISTS"
		              " (SELECT FROM generate_series(1, 40) id WHERE id = f.id)",
		              "0");
		if (round == 5)
			flights_are("40");
	}
	mirror_sql_is("SELECT count(*) >= 39 FROM spacecraft_flight", "t");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE id <> 20", "39");
	is_ordered("f");
}

/* The pages of one pass are not gone through again beyond the limit of pages. */
static void test_page_limit(void **state)
{
	(void)state;
	fake_upstream_order(mirror.upstream, FAKE_CHANGING);
	mirror.settings.page_limit = PAGES + 2;
	assert_int_equal(pass_says(PASS_FULL, "requests; read "), PAGES + 1);
	mirror_sql_is("SELECT consistent FROM sync_pass", "f");
}

/* Before the third page five flights come, among those that were read as well: others move. */
static void move_hook(struct fake_list *list, int n, void *user)
{
	const int *begun = user;

	if (n != *begun + 3)
		return;
	for (int64_t id = 100; id < 105; id++)
		fake_list_put_facts(list, &(struct fake_facts){.id = id, .destination = "came"});
}

/* What fell between pages is read when the pass goes through the list again. */
static void test_moved(void **state)
{
	int begun;

	(void)state;
	mirror_sync();
	begun = fake_upstream_requests(mirror.upstream);
	fake_upstream_hook(mirror.upstream, move_hook, &begun);
	pass_says(PASS_FULL, "the count moved from 40 to 45");
	flights_are("45");
	mirror_sql_is("SELECT sweeps > 1 FROM sync_pass ORDER BY id DESC LIMIT 1", "t");
}

static void put_to_come(int64_t id, const char *destination)
{
	mirror_put(&(struct fake_facts){
		.id = id, .destination = destination, .net = "2999-01-01T00:00:00Z"});
}

/* Recent passes cannot know on which page a flight is: the whole list is read, from when that is known. */
static void test_recent(void **state)
{
	(void)state;
	fake_upstream_order(mirror.upstream, FAKE_BY_ID);
	put_to_come(3, "first");
	mirror_sync();
	assert_int_equal(pass_says(PASS_RECENT, "recent pass"), 2);
	fake_upstream_order(mirror.upstream, FAKE_SHUFFLED);
	put_to_come(3, "changed");
	/* The first page, twice, and then all pages. */
	assert_int_equal(pass_says(PASS_RECENT, "full pass"), 2 + PAGES);
	mirror_sql_is("SELECT destination FROM spacecraft_flight WHERE id = 3", "changed");
	mirror_sql_is(
		"SELECT string_agg(concat_ws(' ', kind, outcome, consistent), ', ' ORDER BY id)"
		" FROM sync_pass",
		"full done t, recent done t, recent done f, full done t");
	put(4, "changed");
	assert_int_equal(pass_says(PASS_RECENT, "full pass"), PAGES);
	mirror_sql_is("SELECT destination FROM spacecraft_flight WHERE id = 4", "changed");
	is_ordered("f");
	/* An upstream that has come to obey is found out by a full pass. */
	fake_upstream_order(mirror.upstream, FAKE_BY_ID);
	assert_int_equal(pass_says(PASS_RECENT, "full pass"), PAGES);
	is_ordered("t");
	assert_int_equal(pass_says(PASS_RECENT, "recent pass"), 2);
}

/* Where the last page happens to ascend, it is not the one that it was: a full pass comes sooner. */
static void test_recent_by_chance(void **state)
{
	(void)state;
	fake_upstream_order(mirror.upstream, FAKE_BY_ID);
	mirror_sync();
	fake_upstream_order(mirror.upstream, FAKE_SHUFFLED);
	pass_says(PASS_RECENT, "3 flights: 0 new, 0 changed, 3 unchanged, 0 deleted; 1 page, "
	                       "1 request; the list moved: a full pass comes sooner");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "f");
}

/* A dry run finds out, and keeps nothing. */
static void test_dry_run(void **state)
{
	struct sync_run run;

	(void)state;
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_FULL, true);
	assert_int_equal(run.end, PASS_DONE);
	sync_run_line_has(&run, "40 flights: 40 new");
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM sync_list", "0");
	flights_are("0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tear_down_mirror)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_other_order),
		TEST(test_without_retries),
		TEST(test_gone),
		TEST(test_many_gone),
		TEST(test_gone_from_another),
		TEST(test_seen_between),
		TEST(test_failed_between),
		TEST(test_changing_order),
		TEST(test_page_limit),
		TEST(test_moved),
		TEST(test_recent),
		TEST(test_recent_by_chance),
		TEST(test_dry_run),
	};

	return RUN_TESTS("sync_order", tests, NULL, NULL);
}
