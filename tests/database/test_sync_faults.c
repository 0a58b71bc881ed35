/* Every fault of the upstream, on the first page and on a later one, once and for good: whatever it is,
   the database has the old state or the new one of each page, the log has one clear line, and once the
   fault is over, the next pass brings all in step. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fake_upstream.h"
#include "support/postgres.h"
#include "support/syncing.h"

#define FLIGHTS 7
#define PAGE 3
#define GONE 4

static struct fake_upstream *upstream;
static struct test_database database, reference;
static struct sync_settings settings;
static char *old_state, *new_state;

/* What a fault does to a pass when it comes once. */
enum effect {
	RECOVERED, /* asked again, and all is well */
	ENDED,     /* no use in asking again */
	UNSURE,    /* all is read, but nothing deleted */
	TROUBLED,  /* the same, and it looks as if the list were lost */
	LEFT_OUT,  /* a flight is left as it was, and all else is well */
};

static enum effect effect_of(enum fake_fault fault, int page)
{
	switch (fault) {
	case FAKE_UNAUTHORIZED:
	case FAKE_FORBIDDEN:
	case FAKE_NOT_FOUND:
	case FAKE_REDIRECT_LOOP:
	case FAKE_REDIRECT_ELSEWHERE:
		return ENDED;
	case FAKE_COUNT_MORE:
	case FAKE_COUNT_LESS:
		/* On the last page it contradicts the page itself. */
		return page < 3 ? UNSURE : RECOVERED;
	case FAKE_EMPTY:
		return page > 1 ? UNSURE : TROUBLED;
	case FAKE_WRONG_FLIGHT:
		return LEFT_OUT;
	default:
		return RECOVERED;
	}
}

static bool is_no_fault(enum fake_fault fault, int page)
{
	return fault == FAKE_NONE || fault == FAKE_REDIRECT_ONCE ||
	       (fault == FAKE_REPEATED && page == 1);
}

static void list_be(const char *destination, bool gone)
{
	struct fake_list *list = fake_upstream_lock(upstream);

	fake_list_fini(list);
	fake_list_fill(list, gone ? FLIGHTS + 1 : FLIGHTS, destination);
	if (gone)
		fake_list_remove(list, GONE);
	fake_upstream_unlock(upstream);
}

static void state_is(const char *expected, const char *when)
{
	char *found = content_hash(database.conninfo);

	if (strcmp(found, expected) != 0) {
		char *flights =
			test_sql(database.conninfo,
		                 "SELECT string_agg(id || '=' || destination, ', ' ORDER BY id)"
		                 " FROM spacecraft_flight");

		fail_msg("%s: not the state it should be: %s", when, flights);
	}
	free(found);
}

/* Everything in step with the old list. */
static void begin(void)
{
	struct fake_list *list;

	list_be("old", false);
	fake_upstream_fault(upstream, FAKE_NONE, 0, 0);
	sync_ends(&settings, database.conninfo, PASS_DONE);
	state_is(old_state, "at the beginning");
	list_be("new", true);
	list = fake_upstream_lock(upstream);
	assert_int_equal(list->count, FLIGHTS);
	fake_upstream_unlock(upstream);
}

/* The first may be the end of the pass that the fault was in, which deletes nothing. */
static void catch_up(const char *when)
{
	fake_upstream_fault(upstream, FAKE_NONE, 0, 0);
	sync_ends(&settings, database.conninfo, PASS_DONE);
	sync_ends(&settings, database.conninfo, PASS_DONE);
	state_is(new_state, when);
}

/* Flights of so many pages are new, others old. */
static void pages_are(int before, const char *when)
{
	static const int last[] = {0, 3, 7}; /* GONE is on none of them */
	char sql[256];
	char *wrong;

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM spacecraft_flight f WHERE f.destination <>"
	         " (CASE WHEN f.id <= %d AND f.id <> %d THEN 'new ' ELSE 'old ' END) || f.id",
	         last[before], GONE);
	wrong = test_sql(database.conninfo, sql);
	if (strcmp(wrong, "0") != 0)
		fail_msg("%s: %s flights are between", when, wrong);
	free(wrong);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM spacecraft_flight WHERE id = %d", GONE);
	test_sql_is(database.conninfo, sql, "1");
}

static void complaints_are(const struct sync_run *run, int expected, const char *when)
{
	if (sync_run_complaints(run) != expected)
		fail_msg("%s: %d complaints, not %d: %s%s", when, sync_run_complaints(run),
		         expected, run->log, run->error.text);
}

static void test_once(enum fake_fault fault, int page)
{
	/* A single redirect to the same page is no loop. */
	bool none = is_no_fault(fault, page) || fault == FAKE_REDIRECT_LOOP;
	enum effect effect = none ? RECOVERED : effect_of(fault, page);
	struct sync_run run;
	char when[128];

	snprintf(when, sizeof(when), "%s, once, page %d", fake_fault_words[fault], page);
	begin();
	fake_upstream_fault(upstream, fault, page - 1, 1);
	sync_run(&run, &settings, database.conninfo, PASS_FULL, false);
	switch (effect) {
	case RECOVERED:
		if (run.end != PASS_DONE)
			fail_msg("%s: %s: %s", when, run.error.text, run.log);
		/* libcurl asks again by itself when a kept connection turns out to be gone. */
		if (fault != FAKE_RESET_EARLY || page == 1)
			complaints_are(&run, none ? 0 : 1, when);
		state_is(new_state, when);
		break;
	case ENDED:
		assert_true(run.end == PASS_FAILED || run.end == PASS_REFUSED);
		complaints_are(&run, 0, when);
		pages_are(page - 1, when);
		break;
	case UNSURE:
	case TROUBLED:
		if (run.end != (effect == UNSURE ? PASS_DONE : PASS_TROUBLED))
			fail_msg("%s: %d %s: %s", when, run.end, run.error.text, run.log);
		assert_true(sync_run_complaints(&run) >= 1);
		test_sql_is(database.conninfo,
		            "SELECT count(*) FROM spacecraft_flight WHERE id = 4", "1");
		break;
	case LEFT_OUT:
		if (run.end != PASS_TROUBLED)
			fail_msg("%s: %d %s: %s", when, run.end, run.error.text, run.log);
		complaints_are(&run, 1, when);
		test_sql_is(database.conninfo,
		            "SELECT count(*) FROM spacecraft_flight WHERE destination LIKE 'new%'",
		            "6");
		test_sql_is(database.conninfo,
		            "SELECT count(*) FROM spacecraft_flight WHERE id = 4", "0");
		break;
	}
	sync_run_fini(&run);
	if (effect != RECOVERED)
		catch_up(when);
}

/* How many pages the pass after the fault needs: it goes on, unless what was wrong was the list itself. */
static bool goes_on(enum fake_fault fault)
{
	switch (fault) {
	case FAKE_SHORT:
	case FAKE_SKIPPED:
	case FAKE_REPEATED:
	case FAKE_NEXT_ELSEWHERE:
	case FAKE_NEXT_OTHER_PATH:
	case FAKE_NEXT_ENDLESS:
	case FAKE_DUPLICATE:
		return false;
	default:
		return true;
	}
}

static void test_always(enum fake_fault fault, int page)
{
	bool ended = effect_of(fault, page) == ENDED;
	struct sync_run run;
	char when[128];
	int before;

	snprintf(when, sizeof(when), "%s, always, page %d", fake_fault_words[fault], page);
	begin();
	fake_upstream_fault(upstream, fault, page - 1, 1000);
	sync_run(&run, &settings, database.conninfo, PASS_FULL, false);
	if (run.end != PASS_FAILED && run.end != PASS_REFUSED)
		fail_msg("%s: %d %s: %s", when, run.end, run.error.text, run.log);
	assert_true(error_is_set(&run.error));
	complaints_are(&run, ended ? 0 : 1, when);
	pages_are(page - 1, when);
	test_sql_is(database.conninfo,
	            "SELECT outcome IN ('failed', 'refused') AND message <> '' FROM sync_pass"
	            " ORDER BY id DESC LIMIT 1",
	            "t");
	if (page == 1)
		state_is(old_state, when);
	sync_run_fini(&run);
	before = fake_upstream_requests(upstream);
	fake_upstream_fault(upstream, FAKE_NONE, 0, 0);
	sync_ends(&settings, database.conninfo, PASS_DONE);
	if (fake_upstream_requests(upstream) - before < (goes_on(fault) ? 4 - page : 3) ||
	    fake_upstream_requests(upstream) - before > (goes_on(fault) ? 5 - page : 4))
		fail_msg("%s: %d requests to catch up", when,
		         fake_upstream_requests(upstream) - before);
	state_is(new_state, when);
}

/* Those take a second or more each: one page is enough. */
static bool is_slow(enum fake_fault fault)
{
	return (fault >= FAKE_THROTTLED_SECONDS && fault <= FAKE_THROTTLED_BARE) ||
	       fault == FAKE_ERROR_503 || (fault >= FAKE_STALL && fault <= FAKE_DRIP);
}

static void test_faults_once(void **state)
{
	(void)state;
	for (enum fake_fault fault = FAKE_NONE; fault < FAKE_FAULT_COUNT; fault++) {
		/* The last page has one flight alone. */
		bool needs_two = fault == FAKE_DUPLICATE || fault == FAKE_DISORDER;

		/* Answers that are wrong altogether are so on any page. */
		if (fault >= FAKE_EMPTY)
			test_once(fault, 1);
		test_once(fault, needs_two ? 2 : 3);
	}
}

static void test_faults_always(void **state)
{
	(void)state;
	for (enum fake_fault fault = FAKE_NONE; fault < FAKE_FAULT_COUNT; fault++)
		for (int page = 1; page <= 2; page++)
			if (!is_no_fault(fault, page) && effect_of(fault, page) <= ENDED &&
			    fault != FAKE_DISORDER && /* test_sync_order.c's */
			    !(page == 1 && is_slow(fault)))
				test_always(fault, page);
}

static int setup(void **state)
{
	(void)state;
	upstream = fake_upstream_new();
	settings = sync_settings_quick(fake_upstream_url(upstream));
	settings.upstream.page_size = PAGE;
	settings.delete_percent = 100;
	test_database_init_schema(&database);
	test_database_init_schema(&reference);
	list_be("old", false);
	sync_ends(&settings, reference.conninfo, PASS_DONE);
	old_state = content_hash(reference.conninfo);
	list_be("new", true);
	sync_ends(&settings, reference.conninfo, PASS_DONE);
	new_state = content_hash(reference.conninfo);
	assert_string_not_equal(old_state, new_state);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_upstream_free(upstream);
	free(old_state);
	free(new_state);
	test_database_fini(&database);
	test_database_fini(&reference);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults_once),
		cmocka_unit_test(test_faults_always),
	};

	return RUN_TESTS("sync_faults", tests, setup, teardown);
}
