/* More is requested of the database than its readers can do: what is answered, and how soon the rest is refused. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define SECOND INT64_C(1000000)
#define WORKERS 4

/* --- Requests at a steady rate, whatever becomes of the earlier ones. --- */

enum { CLIENTS_MOST = 4000 };

struct client {
	struct wire wire;
	int64_t asked_at;
	bool waits;
};

struct load {
	struct client clients[CLIENTS_MOST];
	size_t asked, taken;
	size_t answered, refused;
	int64_t slowest_refusal;
	int port;
};

/* Each for something else, in an order that only the database knows. */
static void load_ask(struct load *load)
{
	static int number;
	struct client *one = &load->clients[load->asked++];
	char target[128];

	assert_true(load->asked <= CLIENTS_MOST);
	snprintf(target, sizeof(target), LIST "?limit=1&ordering=destination&n=%d", ++number);
	wire_open(&one->wire, load->port);
	wire_ask(&one->wire, "GET", target, "Host: a\r\n");
	one->asked_at = clock_monotonic();
	one->waits = true;
}

static void take(struct load *load, struct client *one)
{
	struct reply reply;

	wire_read(&one->wire, false, &reply);
	if (reply.status == 200) {
		load->answered++;
	} else {
		int64_t duration = reply.at - one->asked_at;

		assert_int_equal(reply.status, 503);
		assert_non_null(reply_header(&reply, "Retry-After"));
		load->refused++;
		if (duration > load->slowest_refusal)
			load->slowest_refusal = duration;
	}
	reply_fini(&reply);
	wire_close(&one->wire);
	one->waits = false;
	load->taken++;
}

/* Takes the answers that come until then; one at least where `until` is 0. */
static void load_take(struct load *load, int64_t until)
{
	static struct pollfd watched[CLIENTS_MOST];
	static struct client *watching[CLIENTS_MOST];
	int64_t left = until - clock_monotonic();
	nfds_t count = 0;

	for (size_t i = 0; i < load->asked; i++) {
		if (!load->clients[i].waits)
			continue;
		watching[count] = &load->clients[i];
		watched[count++] = (struct pollfd){load->clients[i].wire.fd, POLLIN, 0};
	}
	if (until == 0)
		left = WIRE_SECONDS * SECOND;
	if (left <= 0 || poll(watched, count, (int)(left / 1000) + 1) <= 0)
		return;
	for (nfds_t i = 0; i < count; i++)
		if (watched[i].revents != 0)
			take(load, watching[i]);
}

/* What so many clients get a second, each of whom asks as soon as it was answered: what the workers can do. */
static double measure_rate(struct load *load, size_t clients, int64_t duration)
{
	int64_t begin = clock_monotonic(), end;

	for (size_t i = 0; i < clients; i++)
		load_ask(load);
	while (clock_monotonic() < begin + duration) {
		load_take(load, 0);
		while (load->asked - load->taken < clients)
			load_ask(load);
	}
	while (load->taken < load->asked)
		load_take(load, 0);
	end = clock_monotonic();
	assert_int_equal(load->refused, 0);
	return (double)load->answered * (double)SECOND / (double)(end - begin);
}

static void offer(struct load *load, double rate, int64_t duration)
{
	int64_t begin = clock_monotonic();
	double interval = (double)SECOND / rate;

	while (clock_monotonic() < begin + duration) {
		int64_t next = begin + (int64_t)((double)load->asked * interval);

		while (clock_monotonic() < next)
			load_take(load, next);
		load_ask(load);
	}
}

/* The version of the data takes its time, and with it each transaction that reads it, but no processor. */
static void make_slow(const char *seconds)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
	         "ALTER TABLE catalog_version RENAME TO quick_version;"
	         "CREATE VIEW catalog_version AS SELECT quick_version.*"
	         " FROM quick_version, pg_sleep(%s)",
	         seconds);
	free(test_sql(database.conninfo, sql));
}

/* Twice of what the workers can do is requested: they go on doing it, and the rest is refused within a second. */
static void test_twice_the_rate(void **state)
{
	static struct load alone, twice;
	const int64_t duration = 8 * SECOND;
	double rate, reached;

	(void)state;
	make_slow("0.1");
	serve(WORDS("server.workers=4", "database.timeout=1", "log.level=error"));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	alone.port = twice.port = server.port;
	rate = measure_rate(&alone, WORKERS, 3 * SECOND);
	offer(&twice, 2 * rate, duration);
	reached = (double)twice.answered * (double)SECOND / (double)duration;
	while (twice.taken < twice.asked)
		load_take(&twice, 0);
	printf("alone %.1f a second; of twice that %.1f were answered and %zu refused, the slowest "
	       "after %lld us\n",
	       rate, reached, twice.refused, (long long)twice.slowest_refusal);
	assert_true(reached >= 0.9 * rate);
	assert_in_range(twice.refused, 1, twice.asked);
	assert_in_range(twice.slowest_refusal, 0, watch_bound(1000));
	serve_end(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_flights, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_twice_the_rate),
	};

	return RUN_TESTS("overload", tests, NULL, NULL);
}
