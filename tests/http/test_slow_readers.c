/* Clients that do not read what they have requested, do not stop to send, or hold connections: what they take from
   others has an end. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define LARGE LIST "?mode=detailed&limit=100"
/* A page that stays true while the clock stands still. */
#define PAST LARGE "&mission_end__lt=2025-01-01"
#define BROWSER "Accept: text/html\r\n"
#define SLOW "127.0.7.1"

enum { SLOW_READERS = 60 };

static int status_from(const char *source, int port, const char *target, const char *lines)
{
	struct reply reply;
	struct wire wire;
	int status;

	wire_open_from(&wire, source, port);
	wire_ask(&wire, "GET", target, lines);
	wire_read(&wire, false, &reply);
	status = reply.status;
	reply_fini(&reply);
	wire_close(&wire);
	return status;
}

/* --- What one client leaves unread. --- */

/* A page that nobody has requested yet. */
static void request_new(struct wire *wire, const char *lines)
{
	static int number;
	char target[128];

	snprintf(target, sizeof(target), LARGE "&n=%d", ++number);
	wire_ask(wire, "GET", target, lines);
}

static int status_of_new(const char *source, int port)
{
	struct reply reply;
	struct wire wire;
	int status;

	wire_open_from(&wire, source, port);
	request_new(&wire, "Host: a\r\n" BROWSER);
	wire_read(&wire, false, &reply);
	status = reply.status;
	reply_fini(&reply);
	wire_close(&wire);
	return status;
}

/* Has one client request large pages one after the other that it does not read, but for the begin of each; until one
   is refused. */
static size_t open_slow_readers(struct wire *wires, int port)
{
	for (size_t i = 0; i < SLOW_READERS; i++) {
		char begin[13] = "";

		wire_open_from(&wires[i], SLOW, port);
		request_new(&wires[i], "Host: a\r\n" BROWSER);
		assert_true(wire_readable(&wires[i], WIRE_SECONDS * 1000));
		assert_int_equal(recv(wires[i].fd, begin, 12, MSG_PEEK), 12);
		if (strcmp(begin, "HTTP/1.1 200") != 0)
			return i + 1;
	}
	return SLOW_READERS;
}

static bool gets_large_again(void *nothing)
{
	(void)nothing;
	return status_of_new(SLOW, server.port) == 200;
}

/* One that leaves all of its pages unread is refused more of them, but nothing small; others are refused nothing. When
   it has read them it gets as many again. */
static size_t take_share(void)
{
	static struct wire wires[SLOW_READERS];
	struct reply reply;
	size_t count = open_slow_readers(wires, server.port);

	for (int i = 0; i < 3; i++) {
		assert_int_equal(status_of_new(SLOW, server.port), 503);
		assert_int_equal(status_from(SLOW, server.port, LIST "?limit=1", "Host: a\r\n"),
		                 200);
		assert_int_equal(status_of_new("127.0.0.1", server.port), 200);
	}
	for (size_t i = 0; i < count; i++) {
		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, i + 1 < count ? 200 : 503);
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
	assert_true(poll_until(gets_large_again, NULL, 10));
	return count;
}

static void test_share_of_a_client(void **state)
{
	size_t first;

	(void)state;
	server_start(&server, database.conninfo, WORDS("cache.size=1M"));
	assert_int_equal(status_of_new("127.0.0.1", server.port), 200);
	first = take_share();
	assert_in_range(first, 5, SLOW_READERS - 1);
	/* Of the last answer, the system may have something left. */
	assert_in_range(take_share(), first - 1, first + 1);
	server_stop(&server, NULL);
}

/* What is cached takes memory of the system alone, which counts, too: until it is taken, not until the connection
   ends. */
static void test_share_of_what_is_cached(void **state)
{
	enum { READERS = 200 };
	static struct wire wires[READERS];
	struct reply reply;
	struct wire wire;
	size_t refused = 0;

	(void)state;
	server_start(&server, database.conninfo,
	             WORDS("cache.size=64M", "server.clock=2025-04-13T02:53:55Z"));
	wire_open(&wire, server.port);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&wire, PAST, NULL}, 10));
	for (size_t i = 0; i < READERS; i++) {
		wire_open_from(&wires[i], SLOW, server.port);
		wire_ask(&wires[i], "GET", PAST, "Host: a\r\n");
		assert_true(wire_readable(&wires[i], WIRE_SECONDS * 1000));
	}
	assert_int_equal(status_from(SLOW, server.port, PAST, "Host: a\r\n"), 503);
	assert_int_equal(watch_status(&wire, PAST), 200);
	for (size_t i = 0; i < READERS; i++) {
		wire_read(&wires[i], false, &reply);
		refused += reply.status == 503;
		reply_fini(&reply);
	}
	assert_in_range(refused, 1, READERS - 10);
	assert_true(poll_until(gets_large_again, NULL, 10));
	for (size_t i = 0; i < READERS; i++)
		wire_close(&wires[i]);
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* --- Who takes nothing. --- */

/* The other side has closed, or the system has given the connection up. */
static bool is_cut_off(void *wire)
{
	char byte;
	ssize_t count = recv(((struct wire *)wire)->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return count == 0 || (count < 0 && errno != EAGAIN);
}

static long long bytes_under_way(void *port)
{
	struct wire wire;
	long long bytes;

	wire_open(&wire, *(int *)port);
	bytes = watch_metric(&wire, "http_answer_bytes");
	wire_close(&wire);
	return bytes;
}

static long long bytes_at_rest; /* of the answers that a server has at hand from its start on */

static bool is_forgotten(void *port)
{
	return bytes_under_way(port) < bytes_at_rest + (1 << 20);
}

/* Who takes nothing is cut off, whoever reads on, however slowly, is not. */
static void test_who_takes_nothing(void **state)
{
	struct wire stuck, slow;
	int64_t end;
	char bytes[512];
	size_t all = 0;

	(void)state;
	server_start(&server, database.conninfo,
	             WORDS("cache.size=1M", "server.send_timeout=2", "server.send_buffer=16K"));
	bytes_at_rest = bytes_under_way(&server.port);
	assert_int_equal(status_of_new("127.0.0.1", server.port), 200);
	wire_open(&stuck, server.port);
	request_new(&stuck, "Host: a\r\n" BROWSER);
	assert_true(wire_readable(&stuck, WIRE_SECONDS * 1000));
	wire_open(&slow, server.port);
	assert_int_equal(setsockopt(slow.fd, SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int)), 0);
	request_new(&slow, "Host: a\r\n" BROWSER);
	assert_true(wire_readable(&slow, WIRE_SECONDS * 1000));
	end = clock_monotonic() + 5 * INT64_C(1000000);
	while (clock_monotonic() < end) {
		ssize_t count = recv(slow.fd, bytes, sizeof(bytes), 0);

		assert_true(count > 0);
		all += (size_t)count;
		(void)poll(NULL, 0, 20); /* its pace */
	}
	assert_true(all > 10 * sizeof(bytes));
	/* What the stuck one has in its own buffer comes first. */
	while (recv(stuck.fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		continue;
	assert_true(poll_until(is_cut_off, &stuck, 10));
	assert_false(is_cut_off(&slow));
	wire_close(&slow);
	wire_close(&stuck);
	assert_true(poll_until(is_forgotten, &server.port, 10));
	server_stop(&server, NULL);
}

/* --- Requests that do not come to their end. --- */

/* A byte every tenth of a second, so that no connection is silent; until the server has closed it. */
static bool drip(struct wire *wire, const char *begin, int64_t *duration)
{
	int64_t now = clock_monotonic(), until = now + 20 * INT64_C(1000000);

	wire_send(wire, begin, strlen(begin));
	*duration = 0;
	while (*duration < until - now) {
		if (is_cut_off(wire) || (send(wire->fd, "a", 1, MSG_NOSIGNAL) < 0))
			return true;
		(void)poll(NULL, 0, 100); /* its pace */
		*duration = clock_monotonic() - now;
	}
	return false;
}

/* A head, or a body, has to be complete within its time, of the first request and of later ones. */
static void test_drips(void **state)
{
	static const char *const begins[] = {
		"GE", "GET / HTTP/1.1\r\nHost: a\r\nX: ",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"};
	int64_t duration;

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.request_timeout=1"));
	for (int later = 0; later < 2; later++)
		for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
			struct wire wire;

			wire_open(&wire, server.port);
			if (later)
				assert_int_equal(watch_status(&wire, "/robots.txt"), 200);
			if (!drip(&wire, begins[i], &duration))
				fail_msg("%s: is not cut off", begins[i]);
			assert_true(duration > 900000);
			wire_close(&wire);
		}
	server_stop(&server, NULL);
}

/* Who is silent between requests is not: that is server.idle_timeout's. */
static void test_silence_is_no_drip(void **state)
{
	struct wire wires[2];

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.request_timeout=1"));
	wire_open(&wires[0], server.port);
	wire_open(&wires[1], server.port);
	assert_int_equal(watch_status(&wires[1], "/robots.txt"), 200);
	assert_false(wire_readable(&wires[0], 1500));
	assert_false(wire_readable(&wires[1], 1500));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(watch_status(&wires[i], "/robots.txt"), 200);
		wire_close(&wires[i]);
	}
	server_stop(&server, NULL);
}

/* --- Who holds connections. --- */

/* Who says with its request that no other will come is answered, and holds its place no longer, though the library has
   seen the request alone: it is answered at once, since the library looks again when a request that waited goes on. */
static void test_half_closed(void **state)
{
	static const char request[] = "GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n";
	struct reply reply;
	struct wire wire;

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.request_timeout=1"));
	wire_open(&wire, server.port);
	/* Both go in one packet. */
	assert_int_equal(send(wire.fd, request, sizeof(request) - 1, MSG_MORE),
	                 sizeof(request) - 1);
	assert_int_equal(shutdown(wire.fd, SHUT_WR), 0);
	wire_read(&wire, false, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	assert_true(poll_until(is_cut_off, &wire, 10));
	wire_close(&wire);
	server_stop(&server, NULL);
}

enum { PLACES = 64 };

static size_t occurrences(const char *text, const char *what)
{
	size_t count = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		count++;
	return count;
}

/* One address gets a quarter of the connections, and others are served meanwhile. */
static void test_connections_of_an_address(void **state)
{
	static struct wire wires[PLACES];
	struct output output;
	size_t open = 0;

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.connections=64"));
	for (int i = 0; i < PLACES; i++) {
		wire_open_from(&wires[i], SLOW, server.port);
		wire_ask(&wires[i], "GET", "/robots.txt", "Host: a\r\n");
	}
	for (int i = 0; i < PLACES; i++) {
		struct reply reply;

		assert_true(wire_readable(&wires[i], WIRE_SECONDS * 1000));
		if (is_cut_off(&wires[i]))
			continue;
		wire_read(&wires[i], false, &reply);
		reply_fini(&reply);
		open++;
	}
	assert_int_equal(open, PLACES / 4);
	assert_int_equal(status_from("127.0.0.1", server.port, "/robots.txt", "Host: a\r\n"), 200);
	for (int i = 0; i < PLACES; i++)
		wire_close(&wires[i]);
	server_stop(&server, &output);
	assert_int_equal(occurrences(output.err, "server.connections_per_address"), 1);
	output_fini(&output);
}

/* All that the server may have, by one that may: a proxy. That it is full is logged once. */
static void test_full(void **state)
{
	static struct wire wires[PLACES];
	struct output output;

	(void)state;
	server_start(&server, database.conninfo,
	             WORDS("server.connections=64", "server.trusted_proxies=" SLOW));
	for (int i = 0; i < PLACES; i++) {
		wire_open_from(&wires[i], SLOW, server.port);
		assert_int_equal(watch_status(&wires[i], "/robots.txt"), 200);
	}
	for (int i = 0; i < 5; i++) {
		wire_close(&wires[i]);
		wire_open_from(&wires[i], SLOW, server.port);
		assert_int_equal(watch_status(&wires[i], "/robots.txt"), 200);
	}
	for (int i = 0; i < PLACES; i++)
		wire_close(&wires[i]);
	server_stop(&server, &output);
	assert_int_equal(occurrences(output.err, "places for connections are taken"), 1);
	output_fini(&output);
}

static bool is_answered(void *port)
{
	return status_from("127.0.0.1", *(int *)port, LIST "?limit=1", "Host: a\r\n") == 200;
}

/* Where the system allows fewer files than there may be connections, there are fewer connections; whoever is
   connected, and the database, have their files. */
static void test_few_files(void **state)
{
	static struct wire wires[2 * PLACES];
	struct output output;
	int64_t begin;

	(void)state;
	if (getenv("TEST_WRAPPER") != NULL)
		skip(); /* valgrind emulates limits */
	setenv("TEST_WRAPPER", "prlimit --nofile=64:64", 1);
	server_start(&server, database.conninfo, WORDS("server.trusted_proxies=127.0.0.0/8"));
	unsetenv("TEST_WRAPPER");
	for (int i = 0; i < 2 * PLACES; i++)
		wire_open_from(&wires[i], SLOW, server.port);
	for (int i = 0; i < PLACES / 2; i++)
		assert_int_equal(watch_status(&wires[i], LIST "?limit=1"), 200);
	for (int i = 0; i < 2 * PLACES; i++)
		wire_close(&wires[i]);
	begin = clock_monotonic();
	assert_true(poll_until(is_answered, &server.port, 10));
	assert_true(clock_monotonic() - begin < watch_bound(2000));
	server_stop(&server, &output);
	assert_non_null(strstr(output.err, "server.connections: 32 instead of 10000, since the "
	                                   "system allows only 64 open files"));
	output_fini(&output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share_of_a_client),
		cmocka_unit_test(test_share_of_what_is_cached),
		cmocka_unit_test(test_who_takes_nothing),
		cmocka_unit_test(test_drips),
		cmocka_unit_test(test_silence_is_no_drip),
		cmocka_unit_test(test_half_closed),
		cmocka_unit_test(test_connections_of_an_address),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_few_files),
	};

	return RUN_TESTS("slow readers", tests, set_up_samples, tear_down);
}
