/* Rows that go: what is deleted, and what is not, while the list moves or seems to be lost. Flights, whose list is
   requested in the order of ids; then one that is not, whose missing rows are looked up. */
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "repository/session.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fake_world.h"
#include "support/syncing.h"
#include "sync/pass.h"

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

/* --- Locations, which are requested by name. Their names are in the order of their ids, from 0 on. --- */

#define LOCATIONS 40
#define PAGE 10
#define COMES (LOCATIONS - 1) /* is not there at first */

static struct moving {
	struct world world;
	struct world_row *rows;
	struct session *session;
	bool moves; /* before the next second page */
	bool comes; /* then, so that the count stays */
} moving;

static int64_t locations(const char *path)
{
	(void)path;
	return LOCATIONS;
}

static void set_gone(int id, bool gone)
{
	moving.rows[id].gone = gone ? moving.world.now : 0;
}

/* The first page, which was read, loses a row: 10 moves there, and changes. */
static void move_list(void)
{
	moving.moves = false;
	set_gone(2, true);
	moving.rows[10].version++;
	set_gone(COMES, !moving.comes);
}

static void moving_get(void *context, const char *url, struct upstream_response *answer)
{
	(void)context;
	moving.world.now += MICROSECONDS;
	if (moving.moves && world_parameter(url, "offset", 0) == PAGE)
		move_list();
	strbuf_reset(&answer->body);
	answer->outcome = UPSTREAM_COMPLETE;
	answer->status = world_answer(&moving.world, url, &answer->body) ? 200 : 404;
	answer->json = true;
	answer->date = moving.world.now;
	answer->retry_after = -1;
}

static int64_t moving_now(void *context)
{
	(void)context;
	return moving.world.now;
}

static bool moving_wait(void *context, int64_t microseconds)
{
	(void)context;
	moving.world.now += microseconds;
	return true;
}

/* Makes the pass that is due, which is a full one over that list, and asserts what it deletes. */
static void pass_deletes(const struct endpoint *list, int64_t deleted)
{
	struct pass_order order = {.settings = &mirror.settings,
	                           .source = {moving_get, moving_now, moving_wait, NULL},
	                           .as_due = true};
	struct pass_summary summary = {.list = NULL};
	struct error error = {0};
	enum pass_end end = pass_run(moving.session, &order, &summary, &error);

	if (end != PASS_DONE || summary.list != list || summary.kind != PASS_FULL)
		fail_msg("%d, %s: %s%s", end, summary.list ? summary.list->path : "no list",
		         error.text, summary.message);
	assert_int_equal(summary.deleted, deleted);
}

static int set_up_moving(void **state)
{
	struct error error = {0};

	set_up_mirror(state);
	mirror.settings.upstream.url = WORLD_ORIGIN;
	mirror.settings.upstream.page_size = PAGE;
	mirror.settings.lists[0] = &endpoint_location;
	world_init(&moving.world, INT64_C(1767225600) * MICROSECONDS, locations);
	moving.rows = world_list_of(&moving.world, WORLD_ORIGIN VERSION_PATH "locations/")->rows;
	moving.session = session_open(mirror.database.conninfo, SESSION_WRITES, &error);
	assert_non_null(moving.session);
	set_gone(COMES, true);
	pass_deletes(&endpoint_location, 0);
	/* What else is read from here on is due later. */
	moving.world.now += HOUR_MICROSECONDS;
	return 0;
}

static int tear_down_moving(void **state)
{
	session_close(moving.session);
	world_fini(&moving.world);
	return tear_down_mirror(state);
}

/* What the next pass makes of 30, which is gone, and of 10, which it does not meet but for its own address. */
static void check_looked_up(bool comes, const char *consistent)
{
	moving.world.now += DAY_MICROSECONDS - HOUR_MICROSECONDS;
	set_gone(30, true);
	moving.moves = true;
	moving.comes = comes;
	pass_deletes(&endpoint_location, 1);
	assert_false(moving.moves);
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", consistent);
	mirror_sql_is("SELECT string_agg(id::text, ',') FROM generate_series(0, 38) id"
	              " WHERE id NOT IN (SELECT id FROM location)",
	              "30");
	mirror_sql_is("SELECT name FROM location WHERE id = 10", "00000010" VERSION_MARK "1");
}

/* As many rows as there are were met, but not the same. */
static void test_looked_up(void **state)
{
	(void)state;
	check_looked_up(true, "t");
}

/* The list moved, beside another one. */
static void test_looked_up_though_moved(void **state)
{
	(void)state;
	mirror.settings.lists[mirror.settings.list_count++] = &endpoint_program;
	pass_deletes(&endpoint_program, 0);
	check_looked_up(false, "f");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_mirror, tear_down_mirror)
#define TEST_MOVING(name) cmocka_unit_test_setup_teardown(name, set_up_moving, tear_down_moving)

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
		TEST_MOVING(test_looked_up),
		TEST_MOVING(test_looked_up_though_moved),
	};

	return RUN_TESTS("sync_gone", tests, NULL, NULL);
}
