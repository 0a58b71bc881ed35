/* Amounts by client, and what the budget for answers under way makes of them. */
#include "server/tally.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "server/send_budget.h"
#include "support/cmocka.h"

static struct ip ip(const char *text)
{
	struct ip parsed;

	assert_true(ip_parse(text, strlen(text), &parsed));
	return parsed;
}

static void test_amounts(void **state)
{
	struct tally *tally = tally_new();
	struct ip one = ip("192.0.2.1"), other = ip("192.0.2.2");

	(void)state;
	assert_int_equal(tally_of(tally, &one), 0);
	tally_add(tally, &one, 5);
	tally_add(tally, &other, 7);
	tally_add(tally, &one, 3);
	assert_int_equal(tally_of(tally, &one), 8);
	assert_int_equal(tally_of(tally, &other), 7);
	assert_int_equal(tally_total(tally), 15);
	tally_add(tally, &one, -8);
	assert_int_equal(tally_of(tally, &one), 0);
	assert_int_equal(tally_of(tally, &other), 7);
	assert_int_equal(tally_total(tally), 7);
	tally_free(tally);
}

/* A client has all addresses of an IPv6 network of 64 bits. */
static void test_networks(void **state)
{
	struct tally *tally = tally_new();
	struct ip one = ip("2001:db8:1:2::1"), same = ip("2001:db8:1:2:ffff::9"),
		  other = ip("2001:db8:1:3::1");

	(void)state;
	tally_add(tally, &one, 1);
	assert_int_equal(tally_of(tally, &same), 1);
	assert_int_equal(tally_of(tally, &other), 0);
	tally_free(tally);
}

static void test_many_clients(void **state)
{
	enum { CLIENTS = 5000 };
	struct tally *tally = tally_new();
	char text[IP_TEXT_SIZE];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < CLIENTS; i++) {
			snprintf(text, sizeof(text), "10.0.%d.%d", i / 250, i % 250);
			struct ip client = ip(text);

			tally_add(tally, &client, round == 0 ? i + 1 : -i - 1);
			assert_int_equal(tally_of(tally, &client), round == 0 ? i + 1 : 0);
		}
	assert_int_equal(tally_total(tally), 0);
	tally_free(tally);
}

/* --- The budget. --- */

#define MIB ((size_t)1 << 20)

static atomic_bool enough;

static void test_shares(void **state)
{
	struct send_budget *budget = send_budget_new(64 * MIB, 128 * 1024);
	struct ip clients[] = {ip("192.0.2.1"), ip("192.0.2.2"), ip("192.0.2.3"), ip("192.0.2.4")};

	(void)state;
	/* A quarter for each, whatever one answer more takes. */
	send_budget_take(budget, &clients[0], 16 * MIB - 1);
	assert_true(send_budget_allows(budget, &clients[0], 10 * MIB));
	send_budget_take(budget, &clients[0], 10 * MIB);
	assert_false(send_budget_allows(budget, &clients[0], 10 * MIB));
	assert_false(send_budget_allows(budget, &clients[0], SEND_SMALL));
	assert_true(send_budget_allows(budget, &clients[0], SEND_SMALL - 1));
	assert_true(send_budget_allows(budget, &clients[1], 10 * MIB));
	send_budget_give_back(budget, &clients[0], 10 * MIB);
	assert_true(send_budget_allows(budget, &clients[0], 10 * MIB));
	/* Of all, large ones get three quarters, and what is asked for is among them. */
	send_budget_take(budget, &clients[0], 1);
	send_budget_take(budget, &clients[1], 16 * MIB);
	send_budget_take(budget, &clients[2], 16 * MIB - SEND_LARGE);
	assert_true(send_budget_allows(budget, &clients[3], SEND_LARGE));
	send_budget_take(budget, &clients[0], 1);
	assert_false(send_budget_allows(budget, &clients[3], SEND_LARGE));
	assert_true(send_budget_allows(budget, &clients[3], SEND_LARGE - 1));
	send_budget_take(budget, &clients[0], 16 * MIB + 1);
	assert_false(send_budget_allows(budget, &clients[3], SEND_LARGE - 1));
	assert_true(send_budget_allows(budget, &clients[3], SEND_SMALL - 1));
	send_budget_free(budget);
}

/* Wants more than there is, until it is enough; NULL: and never got it. */
static void *reserve_in_vain(void *budget)
{
	while (!atomic_load(&enough))
		if (send_budget_reserve(budget, 10, 9))
			return budget;
	return NULL;
}

/* Who is refused takes nothing from others meanwhile. */
static void test_reserved(void **state)
{
	struct send_budget *budget = send_budget_new(64 * MIB, 0);
	pthread_t thread;
	void *got;

	(void)state;
	assert_true(send_budget_reserve(budget, 3, 4));
	assert_true(send_budget_reserve(budget, 1, 4));
	assert_false(send_budget_reserve(budget, 1, 4));
	assert_true(send_budget_reserve(budget, 1, 5));
	send_budget_release(budget, 5);
	assert_int_equal(pthread_create(&thread, NULL, reserve_in_vain, budget), 0);
	for (int i = 0; i < 1000000; i++) {
		assert_true(send_budget_reserve(budget, 9, 9));
		send_budget_release(budget, 9);
	}
	atomic_store(&enough, true);
	assert_int_equal(pthread_join(thread, &got), 0);
	assert_null(got);
	send_budget_free(budget);
}

/* The system takes twice of SO_SNDBUF. */
static void test_socket_share(void **state)
{
	struct send_budget *limited = send_budget_new(64 * MIB, 128 * 1024);
	struct send_budget *unlimited = send_budget_new(64 * MIB, 0);

	(void)state;
	assert_in_range(send_budget_socket_share(limited, 36000), 84000, 100000);
	assert_int_equal(send_budget_socket_share(limited, 10 * MIB), 256 * 1024);
	assert_in_range(send_budget_socket_share(unlimited, MIB), MIB, 3 * MIB);
	assert_int_equal(send_budget_socket_share(unlimited, 10 * MIB), 4 * MIB);
	send_budget_free(limited);
	send_budget_free(unlimited);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_amounts),      cmocka_unit_test(test_networks),
		cmocka_unit_test(test_many_clients), cmocka_unit_test(test_shares),
		cmocka_unit_test(test_socket_share), cmocka_unit_test(test_reserved),
	};

	return RUN_TESTS("tally", tests, NULL, NULL);
}
