/* The throttle: times are made up, so that nothing waits. */
#include <pthread.h>
#include <string.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocol/throttle.h"
#include "support/cmocka.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define MEMORY ((size_t)1 << 20)

static struct throttle *started(int64_t requests, int64_t period, size_t memory)
{
	struct throttle *throttle = throttle_new(&(struct throttle_rate){requests, period}, memory);

	assert_non_null(throttle);
	return throttle;
}

static struct ip address(const char *text)
{
	struct ip address;

	assert_true(ip_parse(text, strlen(text), &address));
	return address;
}

static void assert_admitted(struct throttle *throttle, const char *client, int64_t now)
{
	struct ip from = address(client);
	int64_t wait = -1;

	assert_true(throttle_admit(throttle, &from, now, &wait));
	assert_int_equal(wait, 0);
}

static void assert_refused(struct throttle *throttle, const char *client, int64_t now,
                           int64_t seconds)
{
	struct ip from = address(client);
	int64_t wait = -1;

	assert_false(throttle_admit(throttle, &from, now, &wait));
	assert_int_equal(wait, seconds);
}

/* A log of N stamps: what came a period ago has gone, refusals are not logged. */
static void test_sliding(void **state)
{
	struct throttle *throttle = started(3, HOUR, MEMORY);

	(void)state;
	assert_admitted(throttle, "192.0.2.7", 0);
	assert_admitted(throttle, "192.0.2.7", 10 * SECOND);
	assert_admitted(throttle, "192.0.2.7", 20 * SECOND);
	assert_refused(throttle, "192.0.2.7", 20 * SECOND, 3580);
	assert_refused(throttle, "192.0.2.7", 20 * SECOND + 1, 3580);
	assert_refused(throttle, "192.0.2.7", 21 * SECOND, 3579);
	assert_refused(throttle, "192.0.2.7", HOUR - SECOND, 1);
	assert_refused(throttle, "192.0.2.7", HOUR - 1, 1);
	assert_admitted(throttle, "192.0.2.7", HOUR);
	assert_refused(throttle, "192.0.2.7", HOUR, 10);
	assert_admitted(throttle, "192.0.2.7", HOUR + 10 * SECOND);
	assert_refused(throttle, "192.0.2.7", HOUR + 10 * SECOND, 10);
	for (int i = 0; i < 3; i++)
		assert_admitted(throttle, "192.0.2.7", 5 * HOUR);
	assert_refused(throttle, "192.0.2.7", 5 * HOUR, 3600);
	/* Another thread may have taken the time earlier. */
	assert_refused(throttle, "192.0.2.7", 5 * HOUR - SECOND, 3600);
	throttle_free(throttle);
}

/* A rate that changes counts what was admitted before. */
static void test_set_rate(void **state)
{
	struct throttle *throttle = started(5, HOUR, MEMORY);

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_admitted(throttle, "192.0.2.7", i * 10 * SECOND);
	assert_refused(throttle, "192.0.2.7", 40 * SECOND, 3560);
	/* All but the last have to go first. */
	throttle_set_rate(throttle, &(struct throttle_rate){2, HOUR});
	assert_refused(throttle, "192.0.2.7", 40 * SECOND, 3590);
	assert_admitted(throttle, "192.0.2.7", HOUR + 30 * SECOND);
	assert_refused(throttle, "192.0.2.7", HOUR + 30 * SECOND, 10);
	throttle_set_rate(throttle, &(struct throttle_rate){9, HOUR});
	for (int i = 0; i < 7; i++)
		assert_admitted(throttle, "192.0.2.7", HOUR + 30 * SECOND);
	assert_refused(throttle, "192.0.2.7", HOUR + 30 * SECOND, 10);
	throttle_set_rate(throttle, &(struct throttle_rate){8, 20 * SECOND});
	assert_refused(throttle, "192.0.2.7", HOUR + 31 * SECOND - 1, 20);
	throttle_free(throttle);
}

/* Against the definition, over random times: the number of stamps in the last period decides. */
static void test_sliding_by_definition(void **state)
{
	enum { REQUESTS = 7, STEPS = 20000 };
	static int64_t admitted[STEPS];
	struct throttle *throttle = started(REQUESTS, 60 * SECOND, MEMORY);
	struct ip client = address("192.0.2.7");
	size_t count = 0, oldest = 0;
	int64_t now = 0;

	(void)state;
	srand(15);
	for (int i = 0; i < STEPS; i++) {
		int64_t wait;
		bool expected;

		now += rand() % (20 * SECOND);
		while (oldest < count && admitted[oldest] <= now - 60 * SECOND)
			oldest++;
		expected = count - oldest < REQUESTS;
		assert_int_equal(throttle_admit(throttle, &client, now, &wait), expected);
		if (expected)
			admitted[count++] = now;
		else
			assert_in_range(wait * SECOND - (admitted[oldest] + 60 * SECOND - now), 0,
			                SECOND - 1);
	}
	assert_in_range(count, 1, STEPS - 1);
	throttle_free(throttle);
}

static void test_clients_apart(void **state)
{
	struct throttle *throttle = started(1, HOUR, MEMORY);

	(void)state;
	assert_admitted(throttle, "192.0.2.7", 0);
	assert_admitted(throttle, "192.0.2.8", 0);
	assert_refused(throttle, "192.0.2.7", 0, 3600);
	assert_refused(throttle, "::ffff:192.0.2.7", 0, 3600);
	/* IPv6 by /64. */
	assert_admitted(throttle, "2001:db8:0:1::1", 0);
	assert_refused(throttle, "2001:db8:0:1::2", 0, 3600);
	assert_refused(throttle, "2001:db8:0:1:ffff:ffff:ffff:ffff", 0, 3600);
	assert_admitted(throttle, "2001:db8:0:2::1", 0);
	throttle_free(throttle);
}

static void assert_status(struct throttle *throttle, int64_t now, int64_t used, int64_t wait)
{
	struct ip client = address("192.0.2.7");
	struct throttle_status status;

	throttle_status_of(throttle, &client, now, &status);
	assert_int_equal(status.requests, 2);
	assert_int_equal(status.period_seconds, 3600);
	assert_int_equal(status.used, used);
	assert_int_equal(status.wait, wait);
}

/* The status is never counted. */
static void test_status(void **state)
{
	struct throttle *throttle = started(2, HOUR, MEMORY);
	size_t memory = throttle_memory(throttle);

	(void)state;
	assert_status(throttle, 0, 0, 0);
	assert_int_equal(throttle_memory(throttle), memory);
	assert_admitted(throttle, "192.0.2.7", 0);
	assert_status(throttle, 1, 1, 0);
	assert_admitted(throttle, "192.0.2.7", 5 * SECOND);
	assert_status(throttle, 5 * SECOND, 2, 3595);
	assert_status(throttle, 6 * SECOND, 2, 3594);
	assert_status(throttle, HOUR, 1, 0);
	assert_status(throttle, 2 * HOUR, 0, 0);
	throttle_free(throttle);
}

static struct ip numbered(uint32_t number)
{
	char text[64];

	snprintf(text, sizeof(text), "2001:db8:%x:%x::1", number >> 16, number & 0xFFFF);
	return address(text);
}

/* However many clients come, memory stays; those who ask go on being counted. */
static void test_bounded(void **state)
{
	enum { CLIENTS = 20000 };
	struct throttle *throttle = started(2, HOUR, MEMORY / 4);
	int64_t wait;
	int admitted = 0;

	(void)state;
	for (uint32_t i = 0; i < CLIENTS; i++) {
		struct ip client = numbered(i);
		struct ip always = address("192.0.2.7");

		assert_true(throttle_admit(throttle, &client, i, &wait));
		admitted += throttle_admit(throttle, &always, i, &wait);
		assert_in_range(throttle_memory(throttle), 0, MEMORY / 4);
	}
	assert_int_equal(admitted, 2);
	/* The first, the stalest, was forgotten; the last was not. */
	assert_true(throttle_admit(throttle, &(struct ip){{0}}, CLIENTS, &wait));
	{
		struct ip first = numbered(0), last = numbered(CLIENTS - 1);

		assert_true(throttle_admit(throttle, &last, CLIENTS, &wait));
		assert_false(throttle_admit(throttle, &last, CLIENTS, &wait));
		assert_true(throttle_admit(throttle, &first, CLIENTS, &wait));
		assert_true(throttle_admit(throttle, &first, CLIENTS, &wait));
		assert_false(throttle_admit(throttle, &first, CLIENTS, &wait));
	}
	throttle_free(throttle);
}

/* Clients that stay away give their memory back. */
static void test_idle_clients_go(void **state)
{
	struct throttle *throttle = started(2, HOUR, MEMORY);
	size_t empty = throttle_memory(throttle);
	size_t one;

	(void)state;
	assert_admitted(throttle, "192.0.2.7", 0);
	one = throttle_memory(throttle) - empty;
	for (uint32_t i = 0; i < 1000; i++) {
		struct ip client = numbered(i);
		int64_t wait;

		assert_true(throttle_admit(throttle, &client, 1, &wait));
	}
	assert_in_range(throttle_memory(throttle) - empty, 1000 * one, 1001 * one);
	for (int i = 0; i < 600; i++)
		assert_admitted(throttle, "192.0.2.8", (2 + i) * HOUR);
	assert_in_range(throttle_memory(throttle) - empty, 0, 2 * one);
	throttle_free(throttle);
}

/* Logs of a great rate grow as they fill, and one client may exceed the memory alone. */
static void test_great_rate(void **state)
{
	struct throttle *throttle = started(100000, 24 * HOUR, MEMORY / 16);
	struct ip client = address("192.0.2.7");
	struct throttle_status status;
	int64_t wait;

	(void)state;
	for (int i = 0; i < 100000; i++)
		assert_true(throttle_admit(throttle, &client, i, &wait));
	assert_false(throttle_admit(throttle, &client, 100000, &wait));
	assert_int_equal(wait, 24 * 3600);
	assert_in_range(throttle_memory(throttle), 800000, 800000 + MEMORY / 16);
	assert_admitted(throttle, "192.0.2.8", 100000);
	assert_in_range(throttle_memory(throttle), 0, MEMORY / 16);
	throttle_free(throttle);
	throttle = started(INT64_MAX, HOUR, MEMORY);
	throttle_status_of(throttle, &client, 0, &status);
	assert_int_equal(status.requests, THROTTLE_REQUESTS_MOST);
	throttle_free(throttle);
}

struct crowd {
	struct throttle *throttle;
	int admitted;
};

static void *ask_often(void *data)
{
	struct crowd *crowd = data;
	struct ip client = address("192.0.2.7");
	int64_t wait;

	for (uint32_t i = 0; i < 2000; i++) {
		struct ip other = numbered(i);

		crowd->admitted += throttle_admit(crowd->throttle, &client, i, &wait);
		throttle_admit(crowd->throttle, &other, i, &wait);
	}
	return NULL;
}

static void test_threads(void **state)
{
	enum { THREADS = 4 };
	struct throttle *throttle = started(1000, HOUR, MEMORY);
	struct crowd crowds[THREADS];
	pthread_t threads[THREADS];
	int admitted = 0;

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		crowds[i] = (struct crowd){throttle, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &crowds[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		admitted += crowds[i].admitted;
	}
	assert_int_equal(admitted, 1000);
	throttle_free(throttle);
	throttle_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sliding),
		cmocka_unit_test(test_set_rate),
		cmocka_unit_test(test_sliding_by_definition),
		cmocka_unit_test(test_clients_apart),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_idle_clients_go),
		cmocka_unit_test(test_great_rate),
		cmocka_unit_test(test_threads),
	};

	return RUN_TESTS("throttle_log", tests, NULL, NULL);
}
