/* Shares of the workers' time, by a clock of the test's own. */
#include <stdio.h>
#include <string.h>

#include "base/ip.h"
#include "base/temporal.h"
#include "server/search_share.h"
#include "support/cmocka.h"

#define WORKERS 4
#define PERCENT 10
#define START (INT64_C(77) * MICROSECONDS)

static struct ip client(const char *text)
{
	struct ip ip;

	assert_true(ip_parse(text, strlen(text), &ip));
	return ip;
}

/* A client that searches as often as it may, one search at a time, each of which takes so long; returns the time that
   workers were busy with it. */
static int64_t busy_with(struct search_share *share, const struct ip *ip, int64_t cost,
                         int64_t duration)
{
	int64_t now = START, spent = 0;

	while (now < START + duration) {
		struct search_ticket ticket;
		int64_t wait = 0;

		if (!search_share_admit(share, ip, now, &ticket, &wait)) {
			assert_true(wait > 0);
			now += MICROSECONDS / 10;
			continue;
		}
		now += cost;
		spent += cost;
		search_share_spend(share, &ticket, cost);
		search_share_leave(share, &ticket);
	}
	return spent;
}

/* A tenth of four workers in ten minutes, and what was collected before, whether searches are short or long. */
static void test_no_more_than_its_share(void **state)
{
	static const int64_t costs[] = {1000, 50000, 300000, 5 * MICROSECONDS};

	(void)state;
	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		struct search_share *share = search_share_new(WORKERS, PERCENT);
		struct ip ip = client("192.0.2.1");
		int64_t duration = 600 * MICROSECONDS;
		int64_t due = duration * WORKERS * PERCENT / 100;
		int64_t spent = busy_with(share, &ip, costs[i], duration);

		assert_true(spent <= due + 3 * WORKERS * MICROSECONDS * PERCENT / 100 + costs[i]);
		assert_true(spent >= due / 10 * 9);
		search_share_free(share);
	}
}

/* Many at once: no more are admitted than their share can pay for, as far as is known by then. */
static void test_many_at_once(void **state)
{
	struct search_share *share = search_share_new(WORKERS, PERCENT);
	struct ip ip = client("192.0.2.1");
	struct search_ticket tickets[1000];
	size_t admitted = 0;
	int64_t wait;

	(void)state;
	/* Searches are known to take half a second. */
	for (int i = 0; i < 100; i++) {
		struct ip other = client("198.51.100.1");
		struct search_ticket ticket;

		assert_true(search_share_admit(share, &other, START + i * 100 * MICROSECONDS,
		                               &ticket, &wait));
		search_share_spend(share, &ticket, MICROSECONDS / 2);
		search_share_leave(share, &ticket);
	}
	while (search_share_admit(share, &ip, START + 10000 * MICROSECONDS, &tickets[admitted],
	                          &wait))
		assert_true(++admitted < 1000);
	/* 1.2 seconds have been collected. */
	assert_in_range(admitted, 2, 3);
	assert_true(wait >= 1);
	/* They end at no cost, and as many may come again. */
	for (size_t i = 0; i < admitted; i++)
		search_share_leave(share, &tickets[i]);
	assert_true(
		search_share_admit(share, &ip, START + 10000 * MICROSECONDS, &tickets[0], &wait));
	search_share_leave(share, &tickets[0]);
	search_share_free(share);
}

static bool may_search(struct search_share *share, const char *text)
{
	struct ip ip = client(text);
	struct search_ticket ticket;
	int64_t wait;
	bool may = search_share_admit(share, &ip, START, &ticket, &wait);

	if (may)
		search_share_leave(share, &ticket);
	return may;
}

static void test_whose_share_it_is(void **state)
{
	struct search_share *share = search_share_new(WORKERS, PERCENT);
	static const char *const used[] = {"192.0.2.1", "2001:db8:0:1::1"};
	size_t others = 0;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct ip ip = client(used[i]);
		struct search_ticket ticket;
		int64_t wait;

		assert_true(search_share_admit(share, &ip, START, &ticket, &wait));
		search_share_spend(share, &ticket, 100 * MICROSECONDS);
		search_share_leave(share, &ticket);
		assert_false(search_share_admit(share, &ip, START, &ticket, &wait));
		/* 98.8 seconds are owed, at 0.4 a second. */
		assert_in_range(wait, 246, 249);
	}
	assert_false(may_search(share, "192.0.2.1"));
	assert_false(may_search(share, "2001:db8:0:1:ffff::2"));
	for (int i = 2; i < 102; i++) {
		char text[32];

		snprintf(text, sizeof(text), "192.0.2.%d", i);
		others += may_search(share, text);
		snprintf(text, sizeof(text), "2001:db8:0:%x::1", i);
		others += may_search(share, text);
	}
	/* One may share a bucket by chance. */
	assert_true(others >= 195);
	search_share_free(share);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_more_than_its_share),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_whose_share_it_is),
	};

	return RUN_TESTS("search_share", tests, NULL, NULL);
}
