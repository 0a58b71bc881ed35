/* A month of an upstream with all lists of Launch Library, at a tenth of their size and pages of a tenth, so that it takes
   as many requests as the original: rows change, come, go and are renamed, and it fails at times. Passes are made as
   they fall due, with the original's limit of requests enforced. No change stays unseen for longer than is promised,
   the budget holds, and nothing is lost. Then an upstream that ignores every filter and ordering. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/temporal.h"
#include "repository/session.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fake_world.h"
#include "support/postgres.h"
#include "sync/pass.h"
#include "sync/record.h"
#include "sync/schedule.h"

#define MINUTE (60 * MICROSECONDS)
#define HOUR HOUR_MICROSECONDS
#define DAY DAY_MICROSECONDS
#define BEGIN (INT64_C(1767225600) * MICROSECONDS) /* 2026-01-01 */
#define TRANSFER (10 * MICROSECONDS)               /* that an answer takes */
#define LIMIT 15                                   /* requests an hour, as the original has it */
#define BUDGET 12
#define SLOT (HOUR / BUDGET)
#define PAGE 10
#define LAUNCHES_PAGE 5 /* of launches no more come in time */

/* The original's sizes (a tenth of them), and how old what is new there may be, as docs/sync.md says it. Other lists have
   five rows, and three days. */
static const struct {
	const char *path;
	int64_t rows;
	int64_t lively; /* minutes */
} lists[] = {
	{"launches", 400, 60},
	{"spacecraft_flights", 91, 60},
	{"docking_events", 70, 60},
	{"events", 151, 120},
	{"updates", 1489, 120},
	{"spacecraft", 63, 120},
	{"astronauts", 85, 120},
	{"landings", 190, 180},
	{"space_stations", 9, 360},
	{"expeditions", 16, 360},
	{"agencies", 35, 0},
	{"launcher_configurations", 53, 0},
	{"launcher_configuration_families", 21, 0},
	{"launchers", 18, 0},
	{"pads", 24, 0},
	{"spacewalks", 50, 0},
	{"mission_patches", 90, 0},
};
#define ANY (3 * DAY)
/* Of updates whose launch does not tell of them any more, and of those that were deleted. */
#define UPDATES_ANY (11 * DAY)
#define UPDATES_GONE (22 * DAY)

static struct world world;
static struct test_database database;
static struct session *session;
static PGconn *reader;
static struct sync_settings settings;
static int64_t next_edit;
static int64_t stamps[20000]; /* of requests */
static size_t stamp_count;
static int faults;
static int64_t failed[2000]; /* when requests failed */
static size_t failed_count;
static int64_t outage_end;
static int64_t worst_lively[ENDPOINTS_MAX], worst_any, worst_gone;
static bool checks_age;

static int64_t rows_of(const char *path)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].path, path) == 0)
			return lists[i].rows;
	return 5;
}

static int64_t lively_age_of(const char *path)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].path, path) == 0 && lists[i].lively > 0)
			return lists[i].lively * MINUTE;
	return ANY;
}

/* --- The upstream. --- */

/* Who is near to launches edits most. */
static struct world_list *pick_list(void)
{
	double what = world_chance(&world);
	int64_t most = what < 0.6 ? 10 : (int64_t)world.count;
	const char *path;

	if (what >= 0.6)
		return &world.lists[world_pick(&world, most) - 1];
	path = lists[world_pick(&world, most) - 1].path;
	for (size_t i = 0; i < world.count; i++)
		if (strcmp(world.lists[i].list->path, path) == 0)
			return &world.lists[i];
	return &world.lists[0];
}

static void advance(int64_t to)
{
	while (next_edit < to) {
		world.now = next_edit;
		world_edit(&world, pick_list());
		next_edit += world_pick(&world, 16 * 60) * MICROSECONDS;
	}
	world.now = to;
}

static void count_request(void)
{
	assert_true(stamp_count < sizeof(stamps) / sizeof(stamps[0]));
	stamps[stamp_count++] = world.now;
	if (stamp_count > BUDGET && stamps[stamp_count - 1 - BUDGET] > world.now - HOUR)
		fail_msg("more than %d requests in an hour", BUDGET);
}

/* Now and then nothing works for up to 40 minutes, a connection breaks, or somebody ends the program. */
static bool fail_request(const struct world_list *list, const char *url,
                         struct upstream_response *answer)
{
	double what = world_chance(&world);

	answer->outcome = UPSTREAM_COMPLETE;
	if (strcmp(list->list->path, "launches") == 0 &&
	    world_parameter(url, "limit", 0) > LAUNCHES_PAGE) {
		answer->outcome = UPSTREAM_TIMED_OUT;
	} else if (world.now < outage_end) {
		answer->status = 502;
	} else if (what < 0.002) {
		outage_end = world.now + world_pick(&world, 40) * MINUTE;
		answer->status = 500;
	} else if (what < 0.008) {
		answer->outcome = what < 0.004 ? UPSTREAM_STOPPED : UPSTREAM_BROKEN;
	} else {
		return false;
	}
	snprintf(answer->text, sizeof(answer->text), "as the world goes");
	faults++;
	assert_true(failed_count < sizeof(failed) / sizeof(failed[0]));
	failed[failed_count++] = world.now;
	return true;
}

/* Launches are first read when all flights have been, from the latest on. */
static void check_first(const struct world_list *list, const char *url)
{
	if (list->served > 0 || list->list->resource != &resource_launch)
		return;
	assert_non_null(strstr(url, "ordering=-net"));
	for (size_t i = 0; i < world.count; i++)
		if (world.lists[i].list->resource == &resource_spacecraft_flight)
			assert_true(world.lists[i].served >= 10);
}

static void source_get(void *context, const char *url, struct upstream_response *answer)
{
	const struct world_list *list = world_list_of(&world, url);

	(void)context;
	count_request();
	advance(world.now + TRANSFER / 2);
	strbuf_reset(&answer->body);
	answer->retry_after = -1;
	answer->json = true;
	assert_non_null(list);
	check_first(list, url);
	if (fail_request(list, url, answer))
		return;
	answer->status = world_answer(&world, url, &answer->body) ? 200 : 404;
	answer->date = world.now / MICROSECONDS * MICROSECONDS;
	advance(world.now + TRANSFER / 2);
}

static int64_t source_now(void *context)
{
	(void)context;
	return world.now;
}

static bool source_wait(void *context, int64_t microseconds)
{
	(void)context;
	advance(world.now + microseconds);
	return true;
}

/* --- The mirror. --- */

static void note(int64_t *worst, int64_t age)
{
	if (age > *worst)
		*worst = age;
}

static char *describe(const struct world_list *list, const struct world_row *row)
{
	static char text[200];

	snprintf(text, sizeof(text), "%s, row %d, version %d", list->list->path,
	         (int)(row - list->rows), row->version);
	return text;
}

/* What requests that failed since then may have cost: the time of each, and of one before which a list waited. */
static int64_t delay_since(int64_t then)
{
	size_t count = 0;

	while (count < failed_count && failed[failed_count - 1 - count] > then)
		count++;
	return count > 0 ? (int64_t)(count + 1) * SLOT : 0;
}

/* How old a change may be that the list shows without all of it being read, and any; and a row that is gone. */
static int64_t age_of(const struct world_list *list, const struct world_row *row, bool lively)
{
	bool update = list->list->resource == &resource_update;

	if (row->gone)
		return update ? UPDATES_GONE : ANY;
	if (lively)
		return lively_age_of(list->list->path);
	return update && !world_launch_of(&world, row) ? UPDATES_ANY : ANY;
}

static void check_gone(const struct world_list *list, const struct world_row *row)
{
	int64_t age = world.now - row->gone - delay_since(row->gone);
	/* A launch stays until the flight that refers to it has been read again. */
	bool held = list->list->resource == &resource_launch;

	if (age > age_of(list, row, false) * (held ? 2 : 1))
		fail_msg("%s: gone for %d h on day %d", describe(list, row), (int)(age / HOUR),
		         (int)((world.now - BEGIN) / DAY));
	if (!held && list->list->resource != &resource_update)
		note(&worst_gone, age);
}

/* A row of which the mirror has that version; -1: it has not the row. */
static void check_row(size_t index, struct world_list *list, struct world_row *row, int version)
{
	int unseen = row->mirrored + 1, slot = unseen % WORLD_VERSIONS;
	bool lively = row->lively[slot];
	int64_t age;

	if (row->gone) {
		if (version >= 0 && checks_age)
			check_gone(list, row);
		return;
	}
	if (version < row->mirrored)
		fail_msg("%s: the mirror has %d after %d", describe(list, row), version,
		         row->mirrored);
	assert_true(row->version - row->mirrored < WORLD_VERSIONS);
	age = world.now - row->came[slot] - delay_since(row->came[slot]);
	if (row->version > row->mirrored && checks_age && age_of(list, row, lively) <= ANY)
		note(lively ? &worst_lively[index] : &worst_any, age);
	if (row->version > version && checks_age && age > age_of(list, row, lively))
		fail_msg("%s: %d min unseen on day %d", describe(list, row), (int)(age / MINUTE),
		         (int)((world.now - BEGIN) / DAY));
	row->mirrored = version;
}

/* The number of a row is in its key. */
static size_t number_of(const struct world_list *list, const char *key)
{
	struct key uuid = {0, 0};

	if (!list->list->resource->uuid)
		return (size_t)strtoul(key, NULL, 10);
	assert_true(uuid_parse((struct text){key, strlen(key)}, &uuid));
	return (size_t)(uuid.low & INT64_MAX);
}

static PGresult *read_versions(const struct world_list *list)
{
	const struct field *field = world_version_field(list->list);
	const char *table = list->list->resource->name;
	char sql[400];
	PGresult *rows;

	if (field->kind == TEXT)
		snprintf(sql, sizeof(sql),
		         "SELECT id::text, split_part(%s, '" VERSION_MARK "', 2) FROM %s",
		         field->column, table);
	else
		snprintf(sql, sizeof(sql),
		         "SELECT id::text, extract(epoch FROM %s)::bigint FROM %s", field->column,
		         table);
	rows = PQexec(reader, sql);
	if (PQresultStatus(rows) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(reader));
	return rows;
}

static void check_list(size_t index)
{
	struct world_list *list = &world.lists[index];
	bool text = world_version_field(list->list)->kind == TEXT;
	PGresult *rows = read_versions(list);
	int *versions = malloc((list->count + 1) * sizeof(*versions));

	assert_non_null(versions);
	memset(versions, -1, (list->count + 1) * sizeof(*versions));
	for (int i = 0; i < PQntuples(rows); i++) {
		size_t number = number_of(list, PQgetvalue(rows, i, 0));
		int64_t value = strtoll(PQgetvalue(rows, i, 1), NULL, 10);

		/* Rows that others brought along, and not by their list, have no version yet. */
		if (number >= list->count || PQgetvalue(rows, i, 1)[0] == '\0')
			continue;
		versions[number] =
			(int)(text ? value : value - list->rows[number].at / MICROSECONDS);
	}
	PQclear(rows);
	for (size_t i = 0; i < list->count; i++)
		check_row(index, list, &list->rows[i], versions[i]);
	free(versions);
}

static void check_all(void)
{
	for (size_t i = 0; i < world.count; i++)
		check_list(i);
}

/* Whether all rows of the list have been read that were there at first. */
static bool is_filled(const struct world_list *list)
{
	for (int64_t i = 0; i < rows_of(list->list->path); i++)
		if (!list->rows[i].gone && list->rows[i].mirrored < 0)
			return false;
	return true;
}

/* --- Time goes by. --- */

static void sleep_until_due(void)
{
	struct schedule schedule;
	struct error error = {0};
	int64_t at;

	assert_true(record_schedule(session, &settings, world.now, &schedule, &error));
	at = schedule_next(&schedule, NULL).at;
	/* What was due a moment ago may be a microsecond away. */
	advance(at > world.now ? at : world.now + MICROSECONDS);
}

static void run_pass(void)
{
	struct pass_order order = {.settings = &settings,
	                           .source = {source_get, source_now, source_wait, NULL},
	                           .as_due = true};
	struct pass_summary summary;
	struct error error = {0};
	int before = faults;
	enum pass_end end = pass_run(session, &order, &summary, &error);

	if (end == PASS_BUSY) {
		assert_string_equal(error.text, "");
		sleep_until_due();
		return;
	}
	if (end != PASS_DONE && end != PASS_SUSPENDED && faults == before)
		fail_msg("%s: %d, %s%s", summary.list->path, end, error.text, summary.message);
	for (size_t i = 0; i < world.count; i++)
		if (world.lists[i].list == summary.list)
			check_list(i);
	/* Nothing can be due before there is room in the budget. */
	if (stamps[stamp_count - 1] + SLOT > world.now)
		advance(stamps[stamp_count - 1] + SLOT);
}

static void run_until(int64_t end)
{
	int64_t day = world.now + DAY;

	while (world.now < end) {
		run_pass();
		if (world.now >= day) {
			check_all();
			day += DAY;
		}
	}
}

/* Runs until all lists have been filled; returns when that is. */
static int64_t fill(void)
{
	for (size_t i = 0; i < world.count; i++)
		while (!is_filled(&world.lists[i]) && world.now < BEGIN + 5 * DAY)
			run_pass();
	check_all();
	for (size_t i = 0; i < world.count; i++)
		if (getenv("VERBOSE") || !is_filled(&world.lists[i]))
			print_message("%s is not filled, %d requests\n", world.lists[i].list->path,
			              (int)world.lists[i].served);
	return world.now - BEGIN;
}

static int set_up(void **state)
{
	struct error error = {0};

	(void)state;
	log_configure(LOG_ERROR, false);
	settings = (struct sync_settings){
		.upstream.url = WORLD_ORIGIN,
		.upstream.token = "",
		.upstream.contact = "",
		.upstream.ca_file = "",
		.upstream.budget = BUDGET,
		.upstream.page_size = PAGE,
		.upstream.retries = 1,
		.upstream.backoff = MICROSECONDS,
		.upstream.backoff_most = MICROSECONDS,
		.interval = HOUR,
		.full_interval = DAY,
		.page_limit = 1000,
		.stale = 6 * HOUR,
		.delete_percent = 5,
	};
	assert_true(sync_lists_choose(&settings, "", &error));
	world_init(&world, BEGIN, rows_of);
	next_edit = BEGIN + MINUTE;
	stamp_count = 0;
	faults = 0;
	failed_count = 0;
	outage_end = 0;
	checks_age = false;
	memset(worst_lively, 0, sizeof(worst_lively));
	worst_any = worst_gone = 0;
	test_database_init_schema(&database);
	session = session_open(database.conninfo, SESSION_WRITES, &error);
	assert_non_null(session);
	reader = PQconnectdb(database.conninfo);
	assert_int_equal(PQstatus(reader), CONNECTION_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	PQfinish(reader);
	session_close(session);
	world_fini(&world);
	test_database_fini(&database);
	return 0;
}

static void print_worst(const char *what, int64_t filled)
{
	print_message(
		"%s: filled in %d h; %zu requests, %d faults, %d changes, %d deletions; unseen at "
		"most %d h, gone %d h",
		what, (int)(filled / HOUR), stamp_count, faults, world.changes, world.deletions,
		(int)(worst_any / HOUR), (int)(worst_gone / HOUR));
	for (size_t i = 0; i < world.count; i++)
		if (worst_lively[i] > 0)
			print_message(", %s %d min", world.lists[i].list->path,
			              (int)(worst_lively[i] / MINUTE));
	print_message("\n");
}

static void test_month(void **state)
{
	int64_t filled = fill();

	(void)state;
	assert_true(filled < 3 * DAY);
	/* What came while the last list was filled is seen by its first recent pass. */
	run_until(world.now + DAY / 2);
	checks_age = true;
	run_until(BEGIN + 31 * DAY);
	print_worst("a month", filled);
	assert_true(worst_any > 0 && worst_any <= ANY);
	assert_true(worst_gone > 0 && worst_gone <= ANY);
	assert_true(world.changes > 4000 && world.deletions > 30 && faults > 50);
}

static void test_ignoring(void **state)
{
	int64_t filled;

	(void)state;
	world.ignores = true;
	filled = fill();
	print_worst("ignoring", filled);
	/* What moves while a page is turned is read in the next round. */
	assert_true(filled < 5 * DAY);
	for (size_t i = 0; i < world.count; i++)
		assert_true(is_filled(&world.lists[i]));
	run_until(world.now + 2 * DAY);
	/* Launches, events, updates, docking events, landings, expeditions, and who is in space. */
	test_sql_is(database.conninfo, "SELECT count(*) FROM sync_list WHERE disobeyed IS NOT NULL",
	            "8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_month, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ignoring, set_up, tear_down),
	};

	return RUN_TESTS("sync_lists", tests, NULL, NULL);
}
