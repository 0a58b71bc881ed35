/* Waits, retries, page sizes and the budget, with times that nobody waits for; and the progress line. */
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "upstream/pace.h"
#include "sync/plan.h"
#include "sync/terminal.h"

#define MILLISECOND INT64_C(1000)

static const struct upstream_settings settings = {
	.page_size = 100,
	.retries = 4,
	.backoff = 1000 * MILLISECOND,
	.backoff_most = 5000 * MILLISECOND,
	.wait_most = 7200 * MICROSECONDS,
};

static void judged(struct upstream_response answer, enum pace_fault fault, const char *text)
{
	char found[PACE_TEXT_SIZE];

	assert_int_equal(pace_classify(&answer, found), fault);
	if (text)
		assert_string_equal(found, text);
}

static struct upstream_response answered(long status)
{
	return (struct upstream_response){
		.outcome = UPSTREAM_COMPLETE, .status = status, .json = true, .retry_after = -1};
}

static void test_judge(void **state)
{
	struct upstream_response maintenance = answered(503);
	struct upstream_response page = answered(200);

	(void)state;
	judged(page, FAULT_NONE, NULL);
	page.json = false;
	judged(page, FAULT_BROKEN, "an answer that is not JSON");
	judged(answered(401), FAULT_REFUSED, "401 Unauthorized");
	judged(answered(403), FAULT_REFUSED, "403 Forbidden");
	judged(answered(404), FAULT_USELESS, "404 Not Found");
	judged(answered(429), FAULT_THROTTLED, "429 Too Many Requests");
	judged(answered(500), FAULT_SERVER, "500 Internal Server Error");
	judged(answered(502), FAULT_SERVER, "502 Bad Gateway");
	judged(answered(503), FAULT_SERVER, "503 Service Unavailable");
	maintenance.retry_after = 0;
	judged(maintenance, FAULT_THROTTLED, NULL);
	judged(answered(504), FAULT_SLOW, "504 Gateway Timeout");
	judged(answered(524), FAULT_SLOW, "524");
	judged(answered(204), FAULT_USELESS, "204");
	judged((struct upstream_response){.outcome = UPSTREAM_TIMED_OUT, .text = "late"},
	       FAULT_SLOW, "late");
	judged((struct upstream_response){.outcome = UPSTREAM_BROKEN, .text = "reset"},
	       FAULT_BROKEN, "reset");
	judged((struct upstream_response){.outcome = UPSTREAM_TOO_LARGE, .text = "big"}, FAULT_SLOW,
	       "big");
	judged((struct upstream_response){.outcome = UPSTREAM_REJECTED, .text = "TLS"},
	       FAULT_USELESS, "TLS");
	judged((struct upstream_response){.outcome = UPSTREAM_STOPPED}, FAULT_STOPPED, NULL);
}

/* Each wait lies between half of the back-off and all of it; then it gives up. */
static void test_backoff(void **state)
{
	static const int64_t most[] = {1000, 2000, 4000, 5000};
	bool jitter = false;

	(void)state;
	for (uint64_t seed = 1; seed < 500; seed++) {
		struct pace pace;
		int64_t wait, first = 0;

		pace_init(&pace, &settings, 0, seed * UINT64_C(0x9e3779b97f4a7c15));
		for (int i = 0; i < 4; i++) {
			assert_true(pace_retry(&pace, FAULT_BROKEN, -1, &wait));
			assert_in_range(wait, most[i] * MILLISECOND / 2, most[i] * MILLISECOND);
			first = first ? first : wait;
			jitter = jitter || wait % 1000 != 0;
		}
		assert_false(pace_retry(&pace, FAULT_BROKEN, -1, &wait));
		assert_int_equal(pace.limit, 100);
	}
	assert_true(jitter);
}

static void test_good_page_forgives(void **state)
{
	struct pace pace;
	int64_t wait;

	(void)state;
	pace_init(&pace, &settings, 0, 1);
	for (int i = 0; i < 50; i++) {
		assert_true(pace_retry(&pace, FAULT_SERVER, -1, &wait));
		assert_in_range(wait, 500 * MILLISECOND, 1000 * MILLISECOND);
		pace_succeeded(&pace);
	}
}

static void test_page_size(void **state)
{
	static const int64_t down[] = {50, 25, 12, 6, 5, 5};
	static const int64_t up[] = {5,  5,  10, 10, 10, 20, 20,  20,
	                             40, 40, 40, 80, 80, 80, 100, 100};
	struct upstream_settings patient = settings;
	struct pace pace;
	int64_t wait;

	(void)state;
	patient.retries = 100;
	pace_init(&pace, &patient, 0, 1);
	for (size_t i = 0; i < sizeof(down) / sizeof(down[0]); i++) {
		assert_true(pace_retry(&pace, FAULT_SLOW, -1, &wait));
		assert_int_equal(pace.limit, down[i]);
	}
	for (size_t i = 0; i < sizeof(up) / sizeof(up[0]); i++) {
		pace_succeeded(&pace);
		assert_int_equal(pace.limit, up[i]);
	}
	/* One 5xx may be anything, a second one may be for want of time. */
	assert_true(pace_retry(&pace, FAULT_SERVER, -1, &wait));
	assert_int_equal(pace.limit, 100);
	assert_true(pace_retry(&pace, FAULT_SERVER, -1, &wait));
	assert_int_equal(pace.limit, 50);
	/* A setting below the least page is kept to. */
	patient.page_size = 3;
	pace_init(&pace, &patient, 0, 1);
	assert_true(pace_retry(&pace, FAULT_SLOW, -1, &wait));
	assert_int_equal(pace.limit, 3);
}

static void test_throttled(void **state)
{
	struct pace pace;
	int64_t wait;

	(void)state;
	pace_init(&pace, &settings, 0, 1);
	assert_true(pace_retry(&pace, FAULT_THROTTLED, 3600 * MICROSECONDS, &wait));
	assert_int_equal(wait, 3600 * MICROSECONDS);
	/* Not said, or said to be nothing, or less: a minute. */
	assert_true(pace_retry(&pace, FAULT_THROTTLED, -1, &wait));
	assert_int_equal(wait, 60 * MICROSECONDS);
	assert_true(pace_retry(&pace, FAULT_THROTTLED, 0, &wait));
	assert_int_equal(wait, 60 * MICROSECONDS);
	/* More than is left of what it may wait. */
	assert_false(pace_retry(&pace, FAULT_THROTTLED, 3600 * MICROSECONDS, &wait));
	/* Nor does it try for ever. */
	pace_init(&pace, &settings, 0, 1);
	for (int i = 0; i < 20; i++)
		assert_true(pace_retry(&pace, FAULT_THROTTLED, 0, &wait));
	assert_false(pace_retry(&pace, FAULT_THROTTLED, 0, &wait));
	/* Throttling is no failure of a page. */
	assert_int_equal(pace.failures, 0);
}

static void test_hopeless(void **state)
{
	static const enum pace_fault faults[] = {FAULT_REFUSED, FAULT_USELESS, FAULT_STOPPED};
	struct pace pace;
	int64_t wait;

	(void)state;
	pace_init(&pace, &settings, 0, 1);
	for (size_t i = 0; i < 3; i++)
		assert_false(pace_retry(&pace, faults[i], -1, &wait));
}

static void test_budget(void **state)
{
	const int64_t now = INT64_C(1000000) * MICROSECONDS;
	const int64_t stamps[] = {now - 3000 * MICROSECONDS, now - 2000 * MICROSECONDS,
	                          now - 1000 * MICROSECONDS};
	const int64_t ahead[] = {now + 5 * HOUR_MICROSECONDS};

	(void)state;
	assert_int_equal(pace_budget_wait(0, stamps, 3, now), 0);
	assert_int_equal(pace_budget_wait(4, stamps, 3, now), 0);
	assert_int_equal(pace_budget_wait(3, stamps, 3, now), 600 * MICROSECONDS);
	assert_int_equal(pace_budget_wait(2, stamps, 3, now), 1600 * MICROSECONDS);
	assert_int_equal(pace_budget_wait(1, ahead, 1, now), HOUR_MICROSECONDS);
}

/* However requests come, no window of an hour has more than the budget, and no time is wasted. */
static void test_budget_over_time(void **state)
{
	int64_t stamps[1000];
	size_t count = 0;
	int64_t now = 0;
	uint64_t random = 88172645463325252;

	(void)state;
	while (count < 1000) {
		int64_t wait = pace_budget_wait(15, stamps, count, now);

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		now += wait > 0 ? wait : (int64_t)(random % 400) * MICROSECONDS;
		if (pace_budget_wait(15, stamps, count, now) > 0)
			continue;
		stamps[count++] = now;
		if (count > 15)
			assert_true(stamps[count - 1] - stamps[count - 16] >= HOUR_MICROSECONDS);
	}
}

static void test_pass_wait(void **state)
{
	(void)state;
	assert_int_equal(plan_failure_wait(1, 24 * HOUR_MICROSECONDS), 300 * MICROSECONDS);
	assert_int_equal(plan_failure_wait(2, 24 * HOUR_MICROSECONDS), 600 * MICROSECONDS);
	assert_int_equal(plan_failure_wait(60, 24 * HOUR_MICROSECONDS), 24 * HOUR_MICROSECONDS);
	assert_int_equal(plan_failure_wait(1, 10 * MICROSECONDS), 10 * MICROSECONDS);
}

static void test_default_budget(void **state)
{
	(void)state;
	assert_int_equal(pace_default_budget("https://ll.thespacedevs.com"), 12);
	assert_int_equal(pace_default_budget("https://LLDEV.TheSpaceDevs.com:443"), 12);
	assert_int_equal(pace_default_budget("https://thespacedevs.com"), 12);
	assert_int_equal(pace_default_budget("https://notthespacedevs.com"), 0);
	assert_int_equal(pace_default_budget("https://thespacedevs.com.example"), 0);
	assert_int_equal(pace_default_budget("http://127.0.0.1:8000"), 0);
}

static void test_terminal(void **state)
{
	struct pass_progress progress = {
		.list = &endpoint_spacecraft_flight, .kind = PASS_FULL, .began = 0, .count = -1};
	char text[SYNC_TERMINAL_TEXT];

	(void)state;
	sync_terminal_text(&progress, 5 * MICROSECONDS, text);
	assert_string_equal(text, "full pass: 0 pages, 0 flights");
	progress.pages = progress.documents = 1;
	sync_terminal_text(&progress, 5 * MICROSECONDS, text);
	assert_string_equal(text, "full pass: 1 page, 1 flight");
	progress.count = 1;
	sync_terminal_text(&progress, 5 * MICROSECONDS, text);
	assert_string_equal(text, "full pass: 1 page, 1 of 1 flight");
	progress.count = 900;
	progress.documents = progress.read = 300;
	progress.pages = 3;
	sync_terminal_text(&progress, 10 * MICROSECONDS, text);
	assert_string_equal(text, "full pass: 3 pages, 300 of 900 flights, 30/s, 20 s left");
	progress.wait_until = 310 * MICROSECONDS;
	progress.wait_reason = "throttled";
	sync_terminal_text(&progress, 10 * MICROSECONDS, text);
	assert_string_equal(text,
	                    "full pass: 3 pages, 300 of 900 flights, waits 5 min (throttled)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_backoff),
		cmocka_unit_test(test_good_page_forgives),
		cmocka_unit_test(test_page_size),
		cmocka_unit_test(test_throttled),
		cmocka_unit_test(test_hopeless),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_budget_over_time),
		cmocka_unit_test(test_pass_wait),
		cmocka_unit_test(test_default_budget),
		cmocka_unit_test(test_terminal),
	};

	return RUN_TESTS("sync_pace", tests, NULL, NULL);
}
