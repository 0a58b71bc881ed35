/* Connections: kept alive, pipelined, cut into pieces, too long, malformed, many at once. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/fixture.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define HOST "Host: ll.example.org\r\n"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void send_text(struct wire *wire, const char *text)
{
	wire_send(wire, text, strlen(text));
}

/* Whether the server is as well as ever. */
static void assert_serves(void)
{
	struct reply reply;

	wire_get(server.port, LIST "?limit=1", NULL, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
}

/* --- One connection, many requests --- */

static void test_kept_alive(void **state)
{
	struct wire wire;
	struct reply reply;

	(void)state;
	wire_open(&wire, server.port);
	for (int i = 0; i < 200; i++) {
		wire_ask(&wire, i % 3 ? "GET" : "HEAD", i % 2 ? LIST "1/" : LIST, HOST);
		wire_read(&wire, i % 3 == 0, &reply);
		assert_int_equal(reply.status, 200);
		assert_int_equal(reply.minor, 1);
		assert_null(reply_header(&reply, "Connection"));
		assert_non_null(reply_header(&reply, "Date"));
		reply_fini(&reply);
	}
	wire_close(&wire);
}

static const struct {
	const char *request;
	int status;
	bool bodiless;
} piped[] = {
	{"GET " LIST " HTTP/1.1\r\n" HOST "\r\n", 200, false},
	{"HEAD " LIST " HTTP/1.1\r\n" HOST "\r\n", 200, true},
	{"GET " LIST "?ordering=-launch__net HTTP/1.1\r\n" HOST "\r\n", 200, false},
	{"GET /nope/ HTTP/1.1\r\n" HOST "\r\n", 404, false},
	{"POST " LIST " HTTP/1.1\r\n" HOST "Content-Length: 7\r\n\r\nGET / H", 405, false},
	{"GET " LIST "1/ HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n", 200, false},
	{"PUT " LIST "1 HTTP/1.1\r\n" HOST "Transfer-Encoding: "
         "chunked\r\n\r\n3\r\nGET\r\n1F\r\n0123456789012345678901234567890\r\n0\r\n"
         "X-Trailer: 1\r\n\r\n",
         301, false},
	{"GET " LIST "?limit=3 HTTP/1.1\r\n" HOST "Accept: text/html\r\n\r\n", 200, false},
	{"GET " LIST " HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n", 304, false},
	{"GET " LIST " HTTP/1.1\r\nHost: a b\r\n\r\n", 400, false},
	{"OPTIONS " LIST " HTTP/1.1\r\n" HOST
         "Origin: x\r\nAccess-Control-Request-Method: GET\r\n\r\n",
         204, false},
	{"GET " LIST "?search=orbit&limit=2 HTTP/1.1\r\n" HOST "\r\n", 200, false},
};

static void read_piped(struct wire *wire)
{
	for (size_t i = 0; i < COUNT(piped); i++) {
		struct reply reply;

		wire_read(wire, piped[i].bodiless, &reply);
		if (reply.status != piped[i].status)
			fail_msg("%s: %d", piped[i].request, reply.status);
		reply_fini(&reply);
	}
}

static void test_pipelined(void **state)
{
	struct strbuf all = STRBUF_INIT;
	struct wire wire;

	(void)state;
	for (size_t i = 0; i < COUNT(piped); i++)
		strbuf_str(&all, piped[i].request);
	wire_open(&wire, server.port);
	for (int i = 0; i < 10; i++) {
		wire_send(&wire, all.data, all.length);
		read_piped(&wire);
	}
	/* The same in pieces, down to single bytes. */
	for (size_t piece = 1; piece < 400; piece = piece * 3 + 1) {
		for (size_t at = 0; at < all.length; at += piece)
			wire_send(&wire, all.data + at,
			          all.length - at < piece ? all.length - at : piece);
		read_piped(&wire);
	}
	assert_false(wire_readable(&wire, 0));
	wire_close(&wire);
	strbuf_fini(&all);
}

static void assert_closes(struct wire *wire)
{
	struct reply reply;

	if (!wire_readable(wire, WIRE_SECONDS * 1000))
		fail_msg("%s: not closed", wire->asked);
	if (wire_take(wire, false, &reply))
		fail_msg("%s: %d instead of the end", wire->asked, reply.status);
}

static void test_who_closes(void **state)
{
	static const struct {
		const char *request;
		bool closes;
	} requests[] = {
		{"GET " LIST " HTTP/1.1\r\n" HOST "\r\n", false},
		{"GET " LIST " HTTP/1.1\r\n" HOST "Connection: keep-alive\r\n\r\n", false},
		{"GET " LIST " HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", true},
		{"GET " LIST " HTTP/1.1\r\n" HOST "Connection: Close\r\n\r\n", true},
		{"GET " LIST " HTTP/1.0\r\n" HOST "\r\n", true},
		{"GET " LIST " HTTP/1.0\r\n" HOST "Connection: Keep-Alive\r\n\r\n", false},
	};
	struct wire wire;
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		wire_open(&wire, server.port);
		send_text(&wire, requests[i].request);
		wire_read(&wire, false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
		if (requests[i].closes) {
			assert_closes(&wire);
		} else {
			wire_ask(&wire, "GET", LIST, HOST);
			wire_read(&wire, false, &reply);
			assert_int_equal(reply.status, 200);
			reply_fini(&reply);
		}
		wire_close(&wire);
	}
}

static void test_expect_continue(void **state)
{
	struct wire wire;
	struct reply reply;

	(void)state;
	wire_open(&wire, server.port);
	send_text(&wire, "POST " LIST " HTTP/1.1\r\n" HOST
	                 "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
	if (wire_readable(&wire, WIRE_SECONDS * 1000)) {
		char line[64] = "";

		assert_true(recv(wire.fd, line, sizeof(line) - 1, MSG_PEEK) > 0);
		if (strncmp(line, "HTTP/1.1 100", 12) == 0) {
			char *end = strstr(line, "\r\n\r\n");

			assert_non_null(end);
			assert_true(recv(wire.fd, line, (size_t)(end - line) + 4, 0) > 0);
			send_text(&wire, "abc");
		}
	}
	wire_read(&wire, false, &reply);
	assert_int_equal(reply.status, 405);
	reply_fini(&reply);
	wire_close(&wire);
}

/* --- What does not fit --- */

/* An answer of some sort, or the end; not silence. Returns its status, 0: the end. */
static int outcome(const struct strbuf *request)
{
	struct wire wire;
	int status = 0;
	char line[32] = "";

	wire_open(&wire, server.port);
	wire_send(&wire, request->data, request->length);
	if (!wire_readable(&wire, WIRE_SECONDS * 1000))
		fail_msg("%s: no answer", wire.asked);
	if (recv(wire.fd, line, sizeof(line) - 1, MSG_WAITALL) > 12)
		sscanf(line, "HTTP/1.1 %d", &status);
	wire_close(&wire);
	return status;
}

static void add_filler(struct strbuf *out, size_t length)
{
	while (length-- > 0)
		strbuf_char(out, 'x');
}

static void test_too_long(void **state)
{
	static const size_t lengths[] = {1000,  8000,  12000, 14000, 15000, 15500,  15800,  16000,
	                                 16200, 16384, 16400, 20000, 40000, 100000, 1000000};

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++)
		for (int where = 0; where < 4; where++) {
			struct strbuf request = STRBUF_INIT;
			int status;

			strbuf_str(&request, "GET " LIST "?limit=1");
			if (where == 0) {
				strbuf_str(&request, "&a=");
				add_filler(&request, lengths[i]);
			}
			strbuf_str(&request, " HTTP/1.1\r\n" HOST);
			if (where == 1 || where == 2) {
				strbuf_str(&request, where == 1 ? "X-Long: " : "Cookie: a=");
				add_filler(&request, lengths[i]);
				strbuf_str(&request, "\r\n");
			}
			for (size_t n = 0; where == 3 && n < lengths[i] / 50; n++)
				strbuf_printf(&request, "X-%06zu: a\r\n", n);
			strbuf_str(&request, "\r\n");
			status = outcome(&request);
			if (status != 200 && status != 414 && status != 431 && status != 413 &&
			    status != 400 && status != 0)
				fail_msg("%zu more bytes (%d): %d", lengths[i], where, status);
			if (lengths[i] <= (where == 2 ? 1000 : 8000) && status != 200)
				fail_msg("%zu more bytes (%d): %d", lengths[i], where, status);
			strbuf_fini(&request);
		}
	assert_serves();
}

/* A redirect repeats its target, and is answered whatever the target's length; so is what has no redirect. */
static void test_long_redirects(void **state)
{
	static const struct {
		const char *path;
		char filler;
		size_t length;
		int status;
	} targets[] = {
		{"/2.3.0/spacecraft_flights", 'x', 6000, 301},
		{"/2.2.0/agencies/", 'x', 6000, 307},
		{"/2.3.0/spacecraft_flights", 'x', 7900, 414},
		{"/2.2.0/agencies/", 'x', 7900, 414},
		{"/2.3.0/spacecraft_flights", 'x', 12000, 414},
		{"/2.2.0/agencies/", '\xE9', 2300, 414},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct strbuf request = STRBUF_INIT;
		int status;

		strbuf_printf(&request, "GET %s?", targets[i].path);
		for (size_t n = 0; n < targets[i].length; n++)
			strbuf_char(&request, targets[i].filler);
		strbuf_str(&request, " HTTP/1.1\r\n" HOST "\r\n");
		status = outcome(&request);
		if (status != targets[i].status)
			fail_msg("%s, %zu more bytes: %d", targets[i].path, targets[i].length,
			         status);
		strbuf_fini(&request);
	}
}

static void test_malformed(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} requests[] = {
#define BYTES(text) {text, sizeof(text) - 1}
		BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), /* TLS */
		BYTES("GET\r\n\r\n"),
		BYTES("GET " LIST "\r\n\r\n"),
		BYTES("GET  HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST " HTTP/3.0\r\n" HOST "\r\n"),
		BYTES("GET " LIST " HTTP/1.1x\r\n" HOST "\r\n"),
		BYTES("GET " LIST " http/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST " HTTP/1.1\r\nno colon\r\n\r\n"),
		BYTES("GET " LIST " HTTP/1.1\r\n: no name\r\n\r\n"),
		BYTES("GET " LIST "\0 HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST " HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
		BYTES("GET " LIST " HTTP/1.1\r\n" HOST "X: \0\r\n\r\n"),
		BYTES("POST " LIST " HTTP/1.1\r\n" HOST "Content-Length: x\r\n\r\n"),
		BYTES("POST " LIST " HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"),
		BYTES("POST " LIST " HTTP/1.1\r\n" HOST
	              "Content-Length: 99999999999999999999999\r\n\r\n"),
		BYTES("POST " LIST " HTTP/1.1\r\n" HOST
	              "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"),
		BYTES("POST " LIST " HTTP/1.1\r\n" HOST
	              "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nabc\r\n"),
		BYTES("\r\n\r\nGET " LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST " HTTP/1.1\n" HOST "\n\n"),
		BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
		BYTES("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET ? HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET http:// HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET http://?a HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET # HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST " HTTP/1.1\r\n\r\n"),
#undef BYTES
	};

	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		struct strbuf request = STRBUF_INIT;
		int status;

		strbuf_add(&request, requests[i].bytes, requests[i].length);
		status = outcome(&request);
		if (status >= 500 && status != 505)
			fail_msg("%s: %d", requests[i].bytes, status);
		strbuf_fini(&request);
	}
	assert_serves();
}

/* Only what was asked for last may be cut off by who leaves. */
static void test_leaving_early(void **state)
{
	static const char *const requests[] = {
		"",
		"G",
		"GET " LIST,
		"GET " LIST " HTTP/1.1\r\n",
		"GET " LIST " HTTP/1.1\r\n" HOST,
		"GET " LIST "?limit=100 HTTP/1.1\r\n" HOST "\r\n",
		"GET " LIST "?ordering=-id&limit=99 HTTP/1.1\r\n" HOST "\r\n",
		"GET " LIST "?limit=98 HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n",
		"POST " LIST " HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nabc"};

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct wire wire;
		struct linger reset = {1, 0};

		wire_open(&wire, server.port);
		send_text(&wire, requests[(size_t)i % COUNT(requests)]);
		if (i % 2)
			setsockopt(wire.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		wire_close(&wire);
	}
	assert_serves();
}

/* --- Time and number --- */

static void test_idle_connections_are_closed(void **state)
{
	static const char *const begins[] = {"", "GET " LIST, "GET " LIST " HTTP/1.1\r\n" HOST,
	                                     "POST " LIST " HTTP/1.1\r\n" HOST
	                                     "Content-Length: 9\r\n\r\n"};
	struct test_server impatient;
	struct wire wires[COUNT(begins)];

	(void)state;
	server_start(&impatient, database.conninfo, WORDS("server.idle_timeout=1"));
	for (size_t i = 0; i < COUNT(begins); i++) {
		wire_open(&wires[i], impatient.port);
		send_text(&wires[i], begins[i]);
	}
	for (size_t i = 0; i < COUNT(begins); i++) {
		struct reply reply;

		if (!wire_readable(&wires[i], WIRE_SECONDS * 1000))
			fail_msg("'%s' is waited for", begins[i]);
		/* It may say 408 before. */
		if (wire_take(&wires[i], false, &reply)) {
			assert_int_equal(reply.status, 408);
			reply_fini(&reply);
		}
		wire_close(&wires[i]);
	}
	server_stop(&impatient, NULL);
}

/* Who has not said anything yet has that time once, not twice. */
static void test_silent_connections_are_closed(void **state)
{
	const int64_t idle = 3 * INT64_C(1000000);
	struct test_server impatient;
	struct wire wire;
	int64_t begin;

	(void)state;
	server_start(&impatient, database.conninfo, WORDS("server.idle_timeout=3"));
	begin = clock_monotonic();
	wire_open(&wire, impatient.port);
	assert_true(wire_readable(&wire, WIRE_SECONDS * 1000));
	assert_in_range(clock_monotonic() - begin, idle, 2 * idle - 1);
	wire_close(&wire);
	server_stop(&impatient, NULL);
}

/* More than a process may have files open unless it asks for more. */
static void test_many_idle_connections(void **state)
{
	enum { MANY = 1500 };
	struct rlimit limit;
	struct wire *wires = calloc(MANY, sizeof(*wires));
	struct reply reply;

	(void)state;
	assert_non_null(wires);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_max < MANY + 100) {
		free(wires);
		skip();
		return;
	}
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (size_t i = 0; i < MANY; i++) {
		wire_open(&wires[i], server.port);
		if (i % 100 == 0)
			assert_serves();
	}
	for (size_t i = 0; i < MANY; i += 50) {
		wire_ask(&wires[i], "GET", LIST, HOST);
		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
	}
	for (size_t i = 0; i < MANY; i++)
		wire_close(&wires[i]);
	free(wires);
	assert_serves();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_alive),
		cmocka_unit_test(test_pipelined),
		cmocka_unit_test(test_who_closes),
		cmocka_unit_test(test_expect_continue),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_long_redirects),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_leaving_early),
		cmocka_unit_test(test_idle_connections_are_closed),
		cmocka_unit_test(test_silent_connections_are_closed),
		cmocka_unit_test(test_many_idle_connections),
	};

	return RUN_TESTS("transport", tests, set_up_server, tear_down);
}
