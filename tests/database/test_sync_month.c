/* A month of an upstream that changes all the time and fails at times, with a clock that nobody waits for:
   passes are made as they fall due, with the original's 15 requests an hour enforced; no change stays unseen
   for longer than plan.h promises, and nothing is ever deleted that is there. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fake_list.h"
#include "support/postgres.h"
#include "sync/pass.h"
#include "sync/schedule.h"
#include "upstream/url.h"

#include "repository/session.h"

#define ORIGIN "https://ll.example"
#define LIST_PATH "/2.3.0/spacecraft_flights/"
#define DAY (24 * HOUR_MICROSECONDS)
#define MINUTE (60 * MICROSECONDS)
#define BEGIN (INT64_C(1767225600) * MICROSECONDS) /* 2026-01-01 */
#define DAYS 31
#define FLIGHTS_MOST 1200
#define VERSIONS_MOST 100
#define FLIGHTS_BEGIN 830
#define FLIGHTS_END 1050             /* no more than that are there in the end */
#define LIMIT 15                     /* requests an hour, as the original has it */
#define TRANSFER (10 * MICROSECONDS) /* that an answer takes */
#define RETRIES 1
#define FAULTS_OF_PAGE (2 * (1 + RETRIES)) /* two passes fail at it */

/* A flight as the upstream has it, and as far as the mirror has it. */
struct subject {
	int64_t net, end; /* 0: none */
	int64_t gone;     /* when it was deleted; 0: it is there */
	int version;
	struct {
		int64_t at;  /* when the version came */
		bool lively; /* it was of those that recent passes read then */
	} came[VERSIONS_MOST];
	int64_t served; /* last */
	int mirrored;   /* the version that the database has; -1: none */
};

struct world {
	int64_t now;
	unsigned seed;
	int64_t next_change;
	struct subject subjects[FLIGHTS_MOST + 1]; /* by id */
	int64_t last_id;
	struct fake_list list;
	int64_t stamps[100000];
	size_t stamp_count;
	int64_t worst_recent, worst_any;
	int changes, deletions;
	int full_passes;    /* that began */
	int64_t bad_offset; /* of a page that fails */
	int bad_times;      /* that it will */
	int faults;
};

static struct world world;

static double chance(void)
{
	return (double)rand_r(&world.seed) / ((double)RAND_MAX + 1);
}

static int64_t pick(int64_t most)
{
	return 1 + (int64_t)(chance() * (double)most);
}

static void subject_publish(int64_t id)
{
	const struct subject *subject = &world.subjects[id];
	char net[TEMPORAL_TEXT_SIZE], end[TEMPORAL_TEXT_SIZE], text[32];
	bool flies = subject->net <= world.now && (subject->end == 0 || subject->end > world.now);

	moment_format(subject->net, net);
	if (subject->end)
		moment_format(subject->end, end);
	snprintf(text, sizeof(text), "version %d", subject->version);
	fake_list_put_facts(&world.list,
	                    &(struct fake_facts){.id = id,
	                                         .destination = text,
	                                         .net = net,
	                                         .mission_end = subject->end ? end : NULL,
	                                         .in_space = flies});
}

/* To come, under way or over for less than a week: as docs/sync.md says it. */
static bool is_lively(const struct subject *subject)
{
	return subject->net > world.now || subject->end == 0 || subject->end > world.now - 7 * DAY;
}

static void version_come(int64_t id, bool lively)
{
	struct subject *subject = &world.subjects[id];

	assert_true(subject->version < VERSIONS_MOST);
	subject->came[subject->version].at = world.now;
	subject->came[subject->version].lively = lively;
	subject_publish(id);
}

static void subject_change(int64_t id, bool lively)
{
	world.subjects[id].version++;
	world.changes++;
	version_come(id, lively);
}

static void subject_add(void)
{
	int64_t id = ++world.last_id;

	assert_true(id <= FLIGHTS_MOST);
	world.subjects[id] = (struct subject){.net = world.now + pick(400) * DAY, .mirrored = -1};
	world.changes++;
	version_come(id, true);
}

static void subject_delete(int64_t id)
{
	world.subjects[id].gone = world.now;
	fake_list_remove(&world.list, id);
	world.deletions++;
}

/* An editor at work: mostly on flights that are near, at times on any, and seldom he deletes one. */
static void world_change(void)
{
	double what = chance();
	int64_t id = pick(world.last_id);
	struct subject *subject = &world.subjects[id];
	bool lively = is_lively(subject);

	if (subject->gone)
		return;
	if (what < 0.04) {
		subject_add();
	} else if (what < 0.05) {
		subject_delete(id);
	} else if (what < 0.35 && lively) {
		/* Slips, lands, or is said to end. */
		if (subject->net > world.now)
			subject->net += pick(72) * HOUR_MICROSECONDS - 24 * HOUR_MICROSECONDS;
		else if (subject->end == 0)
			subject->end =
				world.now + pick(48) * HOUR_MICROSECONDS - 12 * HOUR_MICROSECONDS;
		subject_change(id, true);
	} else {
		subject_change(id, lively);
	}
}

static void world_advance(int64_t to)
{
	while (world.next_change < to) {
		world.now = world.next_change;
		world_change();
		world.next_change += pick(20 * 60) * MICROSECONDS;
	}
	world.now = to;
}

static void world_begin(void)
{
	world = (struct world){.now = BEGIN, .seed = 20260101};
	for (int64_t id = 1; id <= FLIGHTS_BEGIN; id++) {
		struct subject *subject = &world.subjects[id];

		/* Ids go about with time: the last 60 are to come, and of those before some fly. */
		subject->net = BEGIN + (id - (FLIGHTS_BEGIN - 60)) * 5 * DAY + pick(9) * DAY;
		subject->end = subject->net + pick(200) * DAY;
		if (subject->end > BEGIN)
			subject->end = 0;
		subject->mirrored = -1;
		version_come(id, true);
	}
	world.last_id = FLIGHTS_BEGIN;
	world.next_change = BEGIN + MINUTE;
}

static void throttle(void)
{
	assert_true(world.stamp_count < sizeof(world.stamps) / sizeof(world.stamps[0]));
	world.stamps[world.stamp_count++] = world.now;
	if (world.stamp_count > LIMIT &&
	    world.stamps[world.stamp_count - 1 - LIMIT] > world.now - HOUR_MICROSECONDS)
		fail_msg("more than %d requests in an hour", LIMIT);
}

static void page_served(int64_t offset, int64_t limit)
{
	for (int64_t i = offset; i < offset + limit && i < (int64_t)world.list.count; i++)
		world.subjects[world.list.flights[i].id].served = world.now;
}

/* Within a full pass, while one of its pages fails: the flights behind the one that goes move to the page
   before, and as many as there were are there. */
static void swap(int64_t offset)
{
	subject_delete(world.list.flights[pick(offset) - 1].id);
	subject_add();
}

/* Every third full pass fails at one of its pages, and again when it goes on there; beside that, now and then
   a connection breaks, or somebody ends the program. */
static bool fault_make(int64_t offset, struct upstream_response *answer)
{
	double what = chance();

	if (offset == 0 && ++world.full_passes % 3 == 0) {
		world.bad_offset = 100 * pick(7);
		world.bad_times = FAULTS_OF_PAGE;
	}
	if (world.bad_times > 0 && offset == world.bad_offset) {
		if (world.bad_times-- == FAULTS_OF_PAGE)
			swap(offset);
		answer->outcome = UPSTREAM_COMPLETE;
		answer->status = 500;
	} else if (what < 0.01 && world.full_passes > 1) {
		answer->outcome = what < 0.003 ? UPSTREAM_STOPPED : UPSTREAM_BROKEN;
		snprintf(answer->text, sizeof(answer->text), "broken");
	} else {
		return false;
	}
	world.faults++;
	return true;
}

static void source_get(void *context, const char *url, struct upstream_response *answer)
{
	int64_t limit = 10, offset = 0;

	(void)context;
	assert_int_equal(strncmp(url, ORIGIN LIST_PATH "?", strlen(ORIGIN LIST_PATH "?")), 0);
	url_parameter(url, "limit", &limit);
	url_parameter(url, "offset", &offset);
	throttle();
	/* True when it leaves; on its way for the rest of the time. */
	world_advance(world.now + TRANSFER / 2);
	strbuf_reset(&answer->body);
	answer->retry_after = -1;
	if (fault_make(offset, answer))
		return;
	fake_list_page(&world.list,
	               &(struct fake_page){
			       .origin = ORIGIN, .limit = limit, .offset = offset, .count = -1},
	               &answer->body);
	answer->outcome = UPSTREAM_COMPLETE;
	answer->status = 200;
	answer->json = true;
	answer->date = world.now / MICROSECONDS * MICROSECONDS;
	page_served(offset, limit);
	world_advance(world.now + TRANSFER / 2);
}

static int64_t source_now(void *context)
{
	(void)context;
	return world.now;
}

static bool source_wait(void *context, int64_t microseconds)
{
	(void)context;
	world_advance(world.now + microseconds);
	return true;
}

static const struct sync_settings settings = {
	.upstream.url = ORIGIN,
	.lists = {&endpoint_spacecraft_flight},
	.list_count = 1,
	.upstream.token = "",
	.upstream.contact = "",
	.upstream.ca_file = "",
	.interval = 30 * MINUTE,
	.full_interval = DAY,
	.upstream.budget = 12,
	.upstream.page_size = 100,
	.page_limit = 1000,
	.upstream.retries = RETRIES,
	.upstream.backoff = MICROSECONDS,
	.upstream.backoff_most = MICROSECONDS,
	.upstream.wait_most = 0,
	.stale = 6 * HOUR_MICROSECONDS,
	.delete_percent = 5,
};

static void worst_note(int64_t *worst, int64_t age)
{
	if (age > *worst)
		*worst = age;
}

/* A flight of which the database has that version (-1: it has not the flight). What it had, it keeps, and what
   it has not is not older than promised. */
static void subject_check(int64_t id, int version, const struct schedule_promise *promise)
{
	struct subject *subject = &world.subjects[id];
	int unseen = subject->mirrored + 1;

	if (subject->gone) {
		if (version >= 0)
			worst_note(&world.worst_any, world.now - subject->gone);
		return;
	}
	if (version < subject->mirrored)
		fail_msg("flight %" PRId64 " has version %d after %d", id, version,
		         subject->mirrored);
	if (version >= unseen)
		worst_note(subject->came[unseen].lively ? &world.worst_recent : &world.worst_any,
		           subject->served - subject->came[unseen].at);
	subject->mirrored = version;
	if (version < subject->version)
		assert_true(world.now - subject->came[version + 1].at <=
		            (subject->came[version + 1].lively ? promise->recent : promise->any));
}

static void mirror_check(PGconn *reader, const struct schedule_promise *promise)
{
	PGresult *rows = PQexec(reader, "SELECT id, substr(destination, 9) FROM spacecraft_flight");
	int versions[FLIGHTS_MOST + 1];

	assert_int_equal(PQresultStatus(rows), PGRES_TUPLES_OK);
	memset(versions, -1, sizeof(versions));
	for (int i = 0; i < PQntuples(rows); i++) {
		int64_t id = strtoll(PQgetvalue(rows, i, 0), NULL, 10);

		assert_in_range(id, 1, world.last_id);
		versions[id] = atoi(PQgetvalue(rows, i, 1));
	}
	PQclear(rows);
	for (int64_t id = 1; id <= world.last_id; id++)
		subject_check(id, versions[id], promise);
}

static void month(struct session *session, PGconn *reader, const struct schedule_promise *promise)
{
	struct pass_order order = {.settings = &settings,
	                           .source = {source_get, source_now, source_wait, NULL},
	                           .as_due = true};
	int passes = 0, failed = 0, resumed = 0;

	while (world.now < BEGIN + DAYS * DAY) {
		struct pass_summary summary;
		struct error error = {0};
		int faults = world.faults;
		enum pass_end end = pass_run(session, &order, &summary, &error);

		if (end == PASS_BUSY) {
			world_advance(world.now + 3 * MINUTE);
			continue;
		}
		if ((end == PASS_INTERRUPTED || end == PASS_FAILED) && world.faults > faults)
			failed++;
		else if (end != PASS_DONE)
			fail_msg("pass %d: %d, %s%s", passes, end, error.text, summary.message);
		else
			resumed += summary.resumed;
		passes++;
		mirror_check(reader, promise);
	}
	print_message("%d passes, %d failed, %d went on, %zu requests, %d faults, %d changes, %d "
	              "deletions; unseen at most %" PRId64 " min (promised %" PRId64
	              "), any %" PRId64 " min (promised %" PRId64 ")\n",
	              passes, failed, resumed, world.stamp_count, world.faults, world.changes,
	              world.deletions, world.worst_recent / MINUTE, promise->recent / MINUTE,
	              world.worst_any / MINUTE, promise->any / MINUTE);
	assert_true(failed > 15 && resumed > 5);
}

/* Four pages at most are of interest to a recent pass of this world; answers take their time. */
static struct schedule_promise promise_of_the_month(void)
{
	const char *path = endpoint_spacecraft_flight.path;
	struct plan_pass full = {.kind = PASS_FULL,
	                         .outcome = PLAN_DONE,
	                         .started = BEGIN,
	                         .ended = BEGIN,
	                         .count = FLIGHTS_END};
	struct plan_pass recent = full;
	struct schedule schedule;

	recent.kind = PASS_RECENT;
	recent.requests = 4;
	schedule_init(&schedule, &settings, BEGIN);
	schedule_add_pass(&schedule, path, &recent);
	schedule_add_pass(&schedule, path, &full);
	schedule_plan(&schedule);
	schedule.lists[0].promise.recent += 20 * TRANSFER;
	schedule.lists[0].promise.any += 20 * TRANSFER;
	return schedule.lists[0].promise;
}

static void test_month(void **state)
{
	struct test_database database;
	struct error error = {0};
	struct session *session;
	PGconn *reader;
	struct schedule_promise promise = promise_of_the_month();

	(void)state;
	log_configure(LOG_ERROR, false);
	test_database_init_schema(&database);
	session = session_open(database.conninfo, SESSION_WRITES, &error);
	assert_non_null(session);
	reader = PQconnectdb(database.conninfo);
	assert_int_equal(PQstatus(reader), CONNECTION_OK);
	world_begin();
	month(session, reader, &promise);
	PQfinish(reader);
	assert_true(world.list.count <= FLIGHTS_END);
	assert_true(world.worst_recent > 0 && world.worst_recent <= promise.recent);
	assert_true(world.worst_any > 0 && world.worst_any <= promise.any);
	assert_true(world.changes > 1000 && world.deletions > 5);
	session_close(session);
	fake_list_fini(&world.list);
	test_database_fini(&database);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_month)};

	return RUN_TESTS("sync_month", tests, NULL, NULL);
}
