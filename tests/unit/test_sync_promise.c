/* What the schedule promises, over a month each of several upstreams of the original's size that fail at times: no page
   of any list is read later after the time before than promised, so that whatever changes, when and where, is seen in
   time, and no hour has more requests than the budget. Time, faults and what is read when are the test's own; what comes
   next the schedule says. Then that the documentation says the same. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "sync/schedule.h"

#define MINUTE (60 * MICROSECONDS)
#define HOUR HOUR_MICROSECONDS
#define DAY DAY_MICROSECONDS
#define BEGIN (1000 * DAY)
#define END (BEGIN + 34 * DAY) /* the first three are to read all */
#define SEEDS 5
#define TRANSFER (10 * MICROSECONDS) /* that an answer takes */
#define BUDGET 12
#define SLOT (HOUR / BUDGET)
#define PAGE 100
#define PAGES_MOST 150
#define PASSES_MOST 1000
#define REQUESTS_MOST 12000

/* The original's lists as sync.md of the contract has them; 40 documents in each that is not named. And what is promised:
   within how many minutes what changes often is seen, within how many days all else, and what was deleted. */
static const struct expected {
	const char *path;
	int64_t count, minutes, days, gone_days;
} expected[] = {
	{"launches", 8000, 60, 3, 3},
	{"spacecraft_flights", 912, 60, 3, 3},
	{"docking_events", 700, 60, 3, 3},
	{"events", 1513, 120, 3, 3},
	{"updates", 14885, 120, 11, 22},
	{"spacecraft", 630, 120, 3, 3},
	{"astronauts", 853, 120, 3, 3},
	{"landings", 1895, 180, 3, 3},
	{"expeditions", 163, 360, 3, 3},
	{"space_stations", 15, 360, 3, 3},
	{"agencies", 348, 0, 3, 3},
	{"launcher_configurations", 529, 0, 3, 3},
	{"launcher_configuration_families", 214, 0, 3, 3},
	{"launchers", 183, 0, 3, 3},
	{"pads", 244, 0, 3, 3},
	{"spacewalks", 500, 0, 3, 3},
	{"mission_patches", 901, 0, 3, 3},
};
static const struct expected other = {"", 40, 0, 3, 3};

struct list {
	const struct endpoint *list;
	struct expected expected;
	int64_t pages;
	struct plan_pass
		passes[PASSES_MOST]; /* oldest first, from the last full one on that was done */
	size_t pass_count;
	int64_t next;             /* page of the full pass under way */
	int64_t read[PAGES_MOST]; /* when a full pass last read it; 0: never */
	int64_t full, recent;     /* when the last ones that were done read their first page */
	int64_t worst_recent, worst, worst_gone;
};

static struct world {
	struct sync_settings settings;
	struct list lists[ENDPOINTS_MAX];
	int64_t now;
	int64_t filled; /* when all lists had been read for half a day; 0: not yet */
	unsigned seed, began_with;
	struct {
		int64_t at;
		bool failed;
	} requests[REQUESTS_MOST];
	size_t request_count;
	int64_t outage_end;
} world;

static const struct expected *expected_of(const char *path)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (strcmp(expected[i].path, path) == 0)
			return &expected[i];
	return &other;
}

static double chance(void)
{
	return (double)rand_r(&world.seed) / ((double)RAND_MAX + 1);
}

/* --- The upstream. --- */

/* Now and then nothing works for up to 40 minutes, and some requests fail for themselves. */
static bool fails(void)
{
	if (world.now >= world.outage_end && chance() < 0.002)
		world.outage_end = world.now + (int64_t)(chance() * (double)(40 * MINUTE));
	return world.now < world.outage_end || chance() < 0.006;
}

static void add_requests(struct strbuf *times)
{
	size_t first = world.request_count;

	while (first > 0 && world.requests[first - 1].at > world.now - HOUR)
		first--;
	for (size_t i = first; i < world.request_count; i++)
		strbuf_add(times, &world.requests[i].at, sizeof(int64_t));
}

static bool send_request(void)
{
	size_t n = world.request_count++;

	assert_true(n < REQUESTS_MOST);
	if (n >= BUDGET && world.requests[n - BUDGET].at > world.now - HOUR)
		fail_msg("more than %d requests in an hour", BUDGET);
	world.requests[n].at = world.now;
	world.now += TRANSFER;
	return !(world.requests[n].failed = fails());
}

/* Requests a page in its time, and once more if that fails. */
static bool request(void)
{
	bool answered = false;

	for (int tries = 0; tries < 2 && !answered; tries++) {
		struct strbuf times = STRBUF_INIT;
		int64_t wait;

		add_requests(&times);
		wait = schedule_wait(&world.settings, &times, world.now);
		strbuf_fini(&times);
		world.now += wait > 0 ? wait : 0;
		answered = send_request();
	}
	return answered;
}

/* What was last read then, is read now. A request that failed between has taken the time of one that would not, and after
   the last of them a list may wait for another one's. */
static void note(int64_t *worst, int64_t then)
{
	int64_t failed = 0, age;

	if (world.filled == 0 || then < world.filled)
		return;
	for (size_t i = world.request_count; i-- > 0 && world.requests[i].at > then;)
		failed += world.requests[i].failed;
	age = world.now - then - (failed > 0 ? failed + 1 : 0) * SLOT;
	*worst = age > *worst ? age : *worst;
}

/* --- What is stored of passes. --- */

static void plan(struct schedule *schedule)
{
	schedule_init(schedule, &world.settings, world.now);
	schedule->installed = BEGIN;
	for (size_t i = 0; i < world.settings.list_count; i++)
		for (size_t k = world.lists[i].pass_count; k-- > 0;)
			schedule_add_pass(schedule, world.lists[i].list->path,
			                  &world.lists[i].passes[k]);
	add_requests(&schedule->requests);
	schedule_plan(schedule);
}

static struct plan_pass *add_pass(struct list *list, struct plan_pass pass)
{
	assert_true(list->pass_count < PASSES_MOST);
	pass.started = pass.started ? pass.started : world.now;
	pass.touched = world.now;
	list->passes[list->pass_count] = pass;
	return &list->passes[list->pass_count++];
}

static void end_pass(struct plan_pass *pass, enum plan_outcome outcome)
{
	pass->outcome = outcome;
	pass->ended = pass->touched = world.now;
}

static struct plan_pass *last_full(struct list *list)
{
	for (size_t i = list->pass_count; i-- > 0;)
		if (list->passes[i].kind == PASS_FULL)
			return &list->passes[i];
	return NULL;
}

static void remove_pass(struct list *list, struct plan_pass *pass)
{
	size_t behind = (size_t)(&list->passes[list->pass_count] - (pass + 1));

	memmove(pass, pass + 1, behind * sizeof(*pass));
	list->pass_count--;
}

/* The full pass that was cut off or stood back, as the newest; or a new one. */
static struct plan_pass *begin_full(struct list *list)
{
	struct plan_pass *old = last_full(list);
	struct plan_pass fresh = {.kind = PASS_FULL,
	                          .consistent = true,
	                          .has_next = true,
	                          .count = list->expected.count};
	int64_t stale = world.now - world.settings.stale;

	if (old && old->has_next && (old->suspended ? old->touched : old->started) > stale) {
		fresh = *old;
		fresh.outcome = PLAN_OPEN;
		fresh.ended = 0;
	} else {
		list->next = 0;
	}
	if (old && old->outcome == PLAN_OPEN)
		remove_pass(list, old);
	else if (old)
		old->has_next = false;
	return add_pass(list, fresh);
}

/* --- Passes. --- */

static bool goes_on(const struct list *list)
{
	struct schedule schedule;
	struct schedule_turn turn;

	plan(&schedule);
	turn = schedule_next(&schedule, list->list);
	return turn.list == list->list && turn.kind == PASS_FULL && turn.at <= world.now;
}

static void take_page(struct list *list, struct plan_pass *pass)
{
	int64_t *read = &list->read[list->next++];

	note(&list->worst, *read);
	if (list->list->upkeep.recent == RECENT_WHOLE)
		note(&list->worst_recent, *read);
	*read = world.now;
	pass->touched = world.now;
	pass->documents = list->next * PAGE;
	pass->has_next = list->next < list->pages;
}

static void end_full(struct list *list, struct plan_pass *pass)
{
	struct plan_pass done;

	end_pass(pass, PLAN_DONE);
	done = *pass;
	/* A row that went when its page had just been read was missed by the pass before. */
	note(&list->worst_gone, list->full);
	list->full = list->read[0];
	if (done.started >= list->recent && list->expected.minutes > 0) {
		note(&list->worst_recent, list->recent);
		list->recent = list->full;
	}
	list->passes[0] = done;
	list->pass_count = 1;
}

static void run_full(struct list *list)
{
	struct plan_pass *pass = begin_full(list);
	bool first = true;

	for (; pass->has_next; first = false) {
		if (!first && !goes_on(list)) {
			pass->suspended = true;
			return;
		}
		if (!request()) {
			end_pass(pass, PLAN_FAILED);
			return;
		}
		take_page(list, pass);
	}
	end_full(list, pass);
}

/* Mostly one page tells all. */
static void run_recent(struct list *list)
{
	struct plan_pass *pass =
		add_pass(list, (struct plan_pass){.kind = PASS_RECENT,
	                                          .consistent = true,
	                                          .requests = chance() < 0.01 ? 2 : 1});
	int64_t first = 0;

	for (int64_t i = 0; i < pass->requests; i++) {
		if (!request()) {
			end_pass(pass, PLAN_FAILED);
			return;
		}
		first = first ? first : world.now;
	}
	end_pass(pass, PLAN_DONE);
	note(&list->worst_recent, list->recent);
	list->recent = first;
}

static bool all_filled(void)
{
	for (size_t i = 0; i < world.settings.list_count; i++)
		if (world.lists[i].full == 0)
			return false;
	return true;
}

/* Makes the pass that is due, or waits for it. */
static void go_on(struct schedule *schedule)
{
	struct schedule_turn turn;

	plan(schedule);
	turn = schedule_next(schedule, NULL);
	if (turn.at > world.now) {
		world.now = turn.at;
		return;
	}
	for (size_t i = 0; i < world.settings.list_count; i++)
		if (world.lists[i].list == turn.list)
			(turn.kind == PASS_FULL ? run_full : run_recent)(&world.lists[i]);
	if (world.filled == 0 && all_filled())
		world.filled = world.now + DAY / 2;
}

static void begin(unsigned seed)
{
	struct error error = {0};

	memset(&world, 0, sizeof(world));
	world.now = BEGIN;
	world.seed = seed;
	world.settings = (struct sync_settings){
		.upstream = {.budget = BUDGET, .page_size = PAGE},
		.interval = HOUR,
		.full_interval = DAY,
		.stale = 6 * HOUR,
	};
	assert_true(sync_lists_choose(&world.settings, "", &error));
	for (size_t i = 0; i < world.settings.list_count; i++) {
		struct list *list = &world.lists[i];

		list->list = world.settings.lists[i];
		list->expected = *expected_of(list->list->path);
		list->pages = (list->expected.count + PAGE - 1) / PAGE;
		assert_true(list->pages <= PAGES_MOST);
	}
}

/* Microseconds; `found` is what happened, `said` what the program says. */
static void within(const char *path, const char *what, int64_t found, int64_t said, int64_t most)
{
	if (found > most || said > most || found > said + HOUR)
		fail_msg("%s, %s: after %d min, where %d are said and %d promised, seed %u", path,
		         what, (int)(found / MINUTE), (int)(said / MINUTE), (int)(most / MINUTE),
		         world.began_with);
}

static void check_list(const struct list *list, const struct schedule_promise *promise)
{
	const char *path = list->list->path;

	if (getenv("VERBOSE") && list->pages > 5)
		print_message("%s: %d min (%d), any %d h (%d), gone %d h (%d)\n", path,
		              (int)(list->worst_recent / MINUTE), (int)(promise->recent / MINUTE),
		              (int)(list->worst / HOUR), (int)(promise->any / HOUR),
		              (int)(list->worst_gone / HOUR), (int)(promise->gone / HOUR));
	if (list->expected.minutes > 0)
		within(path, "often", list->worst_recent, promise->recent,
		       list->expected.minutes * MINUTE);
	within(path, "any", list->worst, promise->any, list->expected.days * DAY);
	within(path, "gone", list->worst_gone, promise->gone, list->expected.gone_days * DAY);
}

static void test_months(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		struct schedule schedule = {.count = 0};

		begin(seed);
		world.began_with = seed;
		while (world.now < END)
			go_on(&schedule);
		assert_true(world.filled > 0 && world.filled < BEGIN + 3 * DAY);
		for (size_t i = 0; i < schedule.count; i++)
			check_list(&world.lists[i], &schedule.lists[i].promise);
	}
}

/* The line of docs/sync.md's table that names it first or second, and what is promised there. */
static bool documentation_says(const char *name, const char *promise)
{
	FILE *file = fopen("docs/sync.md", "r");
	char line[2000], end[100], first[100], second[100];
	bool found = false;

	assert_non_null(file);
	snprintf(first, sizeof(first), "| %s", name);
	snprintf(second, sizeof(second), ", %s |", name);
	snprintf(end, sizeof(end), " | %s |\n", promise);
	while (!found && fgets(line, sizeof(line), file)) {
		size_t length = strlen(line), tail = strlen(end);

		found = (strncmp(line, first, strlen(first)) == 0 || strstr(line, second)) &&
		        length > tail && strcmp(line + length - tail, end) == 0;
	}
	fclose(file);
	return found;
}

static void test_documentation(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		char name[80], promise[80];

		if (expected[i].minutes == 0)
			continue;
		snprintf(name, sizeof(name), "`%s`", expected[i].path);
		snprintf(promise, sizeof(promise), "%d h", (int)expected[i].minutes / 60);
		if (!documentation_says(name, promise))
			fail_msg("%s: not within %s", name, promise);
	}
	assert_true(documentation_says("all others, and what else changes", "3 days"));
	assert_true(documentation_says("what was deleted", "3 days"));
	assert_true(documentation_says("updates that were deleted,", "22 days"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_months),
	                                   cmocka_unit_test(test_documentation)};

	return RUN_TESTS("sync_promise", tests, NULL, NULL);
}
