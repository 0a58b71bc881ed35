/* Flights that go: what is deleted, and what is not, while the list moves or seems to be lost. */
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/syncing.h"

static void test_five_percent(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(100, "first");
	mirror_sync();
	for (int64_t id = 50; id < 56; id++)
		mirror_drop(id);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_TROUBLED);
	assert_non_null(strstr(run.log, "NOTHING IS DELETED"));
	assert_non_null(strstr(run.error.text, "6 of 100 flights are gone"));
	sync_run_line_has(&run, "94 flights: 0 new, 0 changed, 94 unchanged, 0 deleted");
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "100");
	mirror_put_flight(55, "back", "2020-01-01T00:00:00Z", NULL);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	sync_run_line_has(&run, "5 deleted");
	sync_run_fini(&run);
	mirror_sql_is("SELECT string_agg(id::text, ',' ORDER BY id) FROM spacecraft_flight"
	              " WHERE id BETWEEN 48 AND 57",
	              "48,49,55,56,57");
	mirror_sql_is("SELECT count(*) FROM sync_document", "95");
}

/* Of 15 flights three are 20 %: they go; four do not. */
static void test_short_list(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(15, "first");
	mirror_sync();
	for (int64_t id = 5; id < 8; id++)
		mirror_drop(id);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	sync_run_line_has(&run, "3 deleted");
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "12");
	for (int64_t id = 8; id < 12; id++)
		mirror_drop(id);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_TROUBLED);
	assert_non_null(strstr(run.log, "NOTHING IS DELETED"));
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "12");
}

static void test_nothing_left(void **state)
{
	(void)state;
	mirror_fill(10, "first");
	mirror_sync();
	for (int64_t id = 1; id <= 10; id++)
		mirror_drop(id);
	mirror.settings.delete_percent = 100;
	sync_ends(&mirror.settings, mirror.database.conninfo, PASS_TROUBLED);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "10");
	mirror_put_flight(10, "kept", NULL, NULL);
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "1");
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
	mirror.settings.upstream.page_size = 10;
	mirror.settings.delete_percent = 100;
	mirror_fill(40, "first");
	mirror_sync();
	begun = fake_upstream_requests(mirror.upstream);
	fake_upstream_hook(mirror.upstream, swap_hook, &begun);
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "41");
	mirror_sql_is("SELECT destination FROM spacecraft_flight WHERE id = 11", "moved");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "f");
	mirror_sync();
	mirror_sql_is("SELECT string_agg(id::text, ',') FROM generate_series(1, 41) id"
	              " WHERE id NOT IN (SELECT id FROM spacecraft_flight)",
	              "3");
}

/* The same while a pass is cut off, and a recent one has stored what came: 21 moved to a page that was
   read, and nothing seems new. */
static void test_swapped_while_cut_off(void **state)
{
	struct sync_run run;

	(void)state;
	mirror.settings.upstream.page_size = 10;
	mirror_fill(40, "first");
	mirror_sync();
	fake_upstream_fault(mirror.upstream, FAKE_ERROR_500, 2, 1000);
	sync_ends(&mirror.settings, mirror.database.conninfo, PASS_FAILED);
	fake_upstream_fault(mirror.upstream, FAKE_NONE, 0, 0);
	mirror_drop(3);
	mirror_put_flight(41, "came", "2020-01-01T00:00:00Z", NULL);
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_RECENT, false);
	assert_int_equal(run.end, PASS_DONE);
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE id = 41", "1");
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	sync_run_line_has(&run, "resumed and done");
	sync_run_line_has(&run, "0 deleted");
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE id = 21", "1");
	mirror_sync();
	mirror_sql_is("SELECT string_agg(id::text, ',') FROM generate_series(1, 41) id"
	              " WHERE id NOT IN (SELECT id FROM spacecraft_flight)",
	              "3");
}

/* New flights and missing ones at once, all at rest: the missing ones are looked for and deleted. */
static void test_new_and_gone(void **state)
{
	struct sync_run run;

	(void)state;
	mirror.settings.upstream.page_size = 10;
	mirror.settings.delete_percent = 20;
	mirror_fill(40, "first");
	mirror_sync();
	mirror_drop(1);
	mirror_drop(7);
	mirror_drop(40);
	mirror_drop(25);
	mirror_put_flight(41, "new", NULL, NULL);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	/* Four pages; then one for 1 and 7, one for 25, one for 40. */
	sync_run_line_has(
		&run, "37 flights: 1 new, 0 changed, 36 unchanged, 4 deleted; 4 pages, 7 requests");
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "37");
}

/* Before the third page three flights go that were read: those that moved are not left out, and nothing is
   deleted, not even what was gone before. */
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
	mirror.settings.upstream.page_size = 10;
	mirror.settings.delete_percent = 20;
	mirror_fill(40, "first");
	mirror_sync();
	mirror_drop(35);
	begun = fake_upstream_requests(mirror.upstream);
	fake_upstream_hook(mirror.upstream, shrink_hook, &begun);
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'moved'", "10");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "40");
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "36");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_mirror, tear_down_mirror)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_five_percent),
		TEST(test_short_list),
		TEST(test_nothing_left),
		TEST(test_swapped),
		TEST(test_swapped_while_cut_off),
		TEST(test_new_and_gone),
		TEST(test_shrunk),
	};

	return RUN_TESTS("sync_gone", tests, NULL, NULL);
}
