/* Requests that two servers in a chain could take for different ones: each is refused, and its connection ends. What
   lies behind such a request, another request maybe, is never answered. */
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/framing.h"
#include "support/cmocka.h"
#include "support/fixture.h"

#define LIST "/2.3.0/spacecraft_flights/?limit=1"
#define HOST "Host: ll.example.org\r\n"
#define GET "GET " LIST " HTTP/1.1\r\n"
#define POST "POST " LIST " HTTP/1.1\r\n"
#define NEXT "GET " LIST " HTTP/1.1\r\n" HOST "\r\n"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct bytes {
	const char *data;
	size_t length;
};
#define BYTES(text) \
	{ \
		text, sizeof(text) - 1 \
	}

static void send_bytes(struct wire *wire, struct bytes bytes)
{
	wire_send(wire, bytes.data, bytes.length);
}

static void assert_next_is(struct wire *wire, int status)
{
	struct reply reply;

	wire_read(wire, false, &reply);
	if (reply.status != status)
		fail_msg("%s: %d", wire->asked, reply.status);
	reply_fini(&reply);
}

/* One answer of that status, which says that it is the last, and then the end. */
static void assert_refused(struct wire *wire, int status)
{
	struct reply reply;
	const char *connection;

	wire_read(wire, false, &reply);
	connection = reply_header(&reply, "Connection");
	if (reply.status != status)
		fail_msg("%s: %d", wire->asked, reply.status);
	if (!connection || strcasecmp(connection, "close") != 0)
		fail_msg("%s: stays open", wire->asked);
	reply_fini(&reply);
	if (!wire_readable(wire, WIRE_SECONDS * 1000) || wire_take(wire, false, &reply))
		fail_msg("%s: does not end", wire->asked);
}

/* From version 1.0 on the library closes without a word where the first line has a NUL. */
static bool may_be_silent(struct bytes request)
{
	return MHD_VERSION >= 0x01000000 && request.data[strcspn(request.data, "\n")] == '\0';
}

static void assert_refused_or_closed(struct wire *wire, int status)
{
	struct reply reply;

	assert_true(wire_readable(wire, WIRE_SECONDS * 1000));
	if (!wire_take(wire, false, &reply))
		return;
	assert_int_equal(reply.status, status);
	reply_fini(&reply);
}

/* As the first request of a connection, behind another one, and with another one behind it. */
static void assert_all_refused(const struct bytes *requests, size_t count, int status)
{
	static const struct bytes next = BYTES(NEXT);

	for (size_t i = 0; i < count; i++)
		for (int place = 0; place < 3; place++) {
			struct wire wire;

			wire_open(&wire, server.port);
			if (place == 1) {
				send_bytes(&wire, next);
				assert_next_is(&wire, 200);
			}
			if (place == 2) {
				char both[512];

				assert_true(requests[i].length + next.length <= sizeof(both));
				memcpy(both, requests[i].data, requests[i].length);
				memcpy(both + requests[i].length, next.data, next.length);
				wire_send(&wire, both, requests[i].length + next.length);
			} else {
				send_bytes(&wire, requests[i]);
			}
			if (may_be_silent(requests[i]))
				assert_refused_or_closed(&wire, status);
			else
				assert_refused(&wire, status);
			wire_close(&wire);
		}
}

/* How long the body is. */
static void test_lengths(void **state)
{
	static const struct bytes requests[] = {
		BYTES(POST HOST "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello"),
		BYTES(POST HOST "Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello"),
		BYTES(POST HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		BYTES(POST HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
		BYTES(POST HOST "Transfer-Encoding: gzip\r\n\r\n"),
		BYTES(POST HOST "Transfer-Encoding: identity\r\n\r\n"),
		BYTES(POST HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
		BYTES(POST HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
		BYTES(POST HOST "Transfer-Encoding: chunked\x0b\r\n\r\n0\r\n\r\n"),
		BYTES(POST HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"
	                        "0\r\n\r\n"),
		BYTES("POST " LIST " HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
	              "0\r\n\r\n"),
	};

	(void)state;
	assert_all_refused(requests, COUNT(requests), 400);
}

/* Where a field begins and ends, and what its name is. */
static void test_fields(void **state)
{
	static const struct bytes requests[] = {
		BYTES(POST HOST "Content-Length : 5\r\n\r\nhello"),
		BYTES(GET HOST "X\t: 5\r\n\r\n"),
		BYTES(GET HOST ": no name\r\n\r\n"),
		BYTES(GET HOST "X y: 5\r\n\r\n"),
		BYTES(GET HOST "X\x80: 5\r\n\r\n"),
		BYTES(GET HOST "no colon\r\n\r\n"),
		BYTES(GET "no colon\r\n" HOST "\r\n"),
		/* Folded: the library puts these together to Content-Length: 5. */
		BYTES(POST HOST "Content-L: 5\r\n ength\r\n\r\nhello"),
		BYTES(GET HOST "X: a\r\n b\r\n\r\n"),
		BYTES(GET HOST "X:\r\n a\r\n\r\n"),
		BYTES(GET HOST "X: a\r\n\tb\r\n c\r\nY: d\r\n\r\n"),
		BYTES(GET "Host: ll.example.org\r\n .evil.example\r\n\r\n"),
		BYTES(GET "X: a\r\n b\r\n" HOST "\r\n"),
		BYTES(GET " X: a\r\n" HOST "\r\n"),
		BYTES(GET HOST "X: a\rb\r\n\r\n"),
		BYTES(GET HOST "X: a\x01\r\n\r\n"),
		BYTES(GET HOST "X: a\x7f\r\n\r\n"),
		BYTES("GET " LIST " HTTP/1.1\n" HOST "\n"),
		BYTES(GET "Host: ll.example.org\n\r\n"),
	};

	(void)state;
	assert_all_refused(requests, COUNT(requests), 400);
}

static void test_nul(void **state)
{
	static const struct bytes requests[] = {
		BYTES("G\0T " LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST "\0 HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST "&a=\0b HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET /2.3.0/\0spacecraft_flights/?limit=1 HTTP/1.1\r\n" HOST "\r\n"),
		BYTES(GET "Host: ll.example.org\0b\r\n\r\n"),
		BYTES(GET HOST "X: \0\r\n\r\n"),
		BYTES(GET HOST "X: a\0\r\n\r\n"),
		BYTES(GET HOST "X\0: a\r\n\r\n"),
		BYTES(GET "X: a\0b\r\n" HOST "\r\n"),
		BYTES(GET HOST "X\0Y: a\r\n\r\n"),
		BYTES(GET "\0X: a\r\n" HOST "\r\n"),
		BYTES(GET HOST "\0\r\n\r\n"),
		BYTES(GET HOST "\0X: a\r\n\r\n"),
		/* As the library leaves the end of a line behind. */
		BYTES(POST HOST "X: a\0\0Content-Length: 5\r\n\r\nhello"),
		BYTES(POST HOST "X: a\0\0Content-Length\0 5\r\n\r\nhello"),
	};

	(void)state;
	assert_all_refused(requests, COUNT(requests), 400);
}

/* The first line. */
static void test_request_lines(void **state)
{
	static const struct bytes requests[] = {
		BYTES("GET http://b.example" LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET http://ll.example.com" LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET http://ll.example.org:80" LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET HTTPS://ll.example.or" LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET http://a@ll.example.org" LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET http://ll.example.org" LIST " HTTP/1.1\r\n\r\n"),
		BYTES("GET http:// HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET  " LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST " b HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET " LIST "\x01 HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("G(T " LIST " HTTP/1.1\r\n" HOST "\r\n"),
	};

	(void)state;
	assert_all_refused(requests, COUNT(requests), 400);
}

/* What is no HTTP/1 at all: whole, in pieces, or only begun. */
static void test_other_protocols(void **state)
{
	static const struct bytes greetings[] = {
		BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03UUUUUUUU"), /* TLS */
		BYTES("\x16\x03\x01"),
		BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"),
		BYTES("PRI * HTTP/2.0\r\n"),
		BYTES("\0"),
		BYTES("\x80\x2e\x01"),
		BYTES(" GET " LIST " HTTP/1.1\r\n" HOST "\r\n"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(greetings); i++)
		for (int in_pieces = 0; in_pieces < 2; in_pieces++) {
			struct wire wire;

			wire_open(&wire, server.port);
			for (size_t n = 0; in_pieces && n < greetings[i].length; n++)
				wire_send(&wire, greetings[i].data + n, 1);
			if (!in_pieces)
				send_bytes(&wire, greetings[i]);
			assert_refused(&wire, 400);
			wire_close(&wire);
		}
}

/* Who goes on sending after the refusal is cut off: others wait meanwhile. */
static void test_refusal_ends(void **state)
{
	char bytes[4096] = {0x16};
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends),
	                 0);
	for (size_t filled = 0; send(ends[0], bytes, sizeof(bytes), 0) > 0;)
		assert_true((filled += sizeof(bytes)) < 64 << 20);
	greeting_refuse(ends[1]);
	assert_true(recv(ends[0], bytes, sizeof(bytes), 0) > 0);
	assert_memory_equal(bytes, "HTTP/1.1 400 ", 13);
	/* The end of one whose bytes were not all read. */
	assert_int_equal(recv(ends[0], bytes, sizeof(bytes), 0), -1);
	assert_int_equal(errno, ECONNRESET);
	close(ends[0]);
}

/* What is unusual and right. */
static void test_what_is_allowed(void **state)
{
	static const struct bytes requests[] = {
		BYTES("GET http://ll.example.org" LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET HTTP://LL.example.org" LIST " HTTP/1.1\r\n" HOST "\r\n"),
#if MHD_VERSION < 0x01000000 /* there it is one at most */
		BYTES("\r\n\r\nGET " LIST " HTTP/1.1\r\n" HOST "\r\n"),
#endif
		BYTES("\r\nGET " LIST " HTTP/1.1\r\n" HOST "\r\n"),
		BYTES(GET HOST "X:\r\n\r\n"),
		BYTES(GET HOST "X: \t a \t\r\n\r\n"),
		BYTES(GET HOST "X: \x80\xff\r\n\r\n"),
		BYTES(GET HOST "!#$%&'*+-.^_`|~09azAZ: a\r\n\r\n"),
		BYTES(GET HOST "Cookie: a=b; c=\"d\"\r\nCookie: e\r\n\r\n"),
		BYTES(GET HOST "X: a\r\nX: b\r\nX: c:d\r\n\r\n"),
		BYTES(GET HOST "Content-Length: 5\r\n\r\nhello"),
		BYTES(GET HOST "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n"),
#if MHD_VERSION < 0x01000000 /* miscounts extensions of chunks, and refuses them */
		BYTES(GET HOST "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n"),
#endif
		BYTES("GET " LIST "&a=\xc3\xa9\"<>{}| HTTP/1.1\r\n" HOST "\r\n"),
	};
	struct wire wire;

	(void)state;
	wire_open(&wire, server.port);
	assert_false(wire_readable(&wire, 50));
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < COUNT(requests); i++) {
			send_bytes(&wire, requests[i]);
			assert_next_is(&wire, 200);
		}
	/* In single bytes, so that the library's memory grows and moves meanwhile. */
	for (size_t i = 0; i < COUNT(requests); i++) {
		for (size_t n = 0; n < requests[i].length; n++)
			wire_send(&wire, requests[i].data + n, 1);
		assert_next_is(&wire, 200);
	}
	wire_close(&wire);
}

/* Whatever comes behind it in the head, and however long that is. */
static void test_long_targets(void **state)
{
	static const size_t targets[] = {9220,  9500,  12000, 15000, 15900, 16000,
	                                 16200, 16300, 16384, 16400, 20000, 100000};
	static const size_t fields[] = {0, 100, 1000, 4000, 7000};

	(void)state;
	for (size_t i = 0; i < COUNT(targets); i++)
		for (size_t j = 0; j < COUNT(fields); j++) {
			struct strbuf request = STRBUF_INIT;
			struct wire wire;

			strbuf_str(&request, "GET " LIST "&a=");
			memset(strbuf_reserve(&request, targets[i]), 'x', targets[i]);
			request.length += targets[i];
			strbuf_str(&request, " HTTP/1.1\r\n" HOST "X: ");
			memset(strbuf_reserve(&request, fields[j]), 'y', fields[j]);
			request.length += fields[j];
			strbuf_str(&request, "\r\n\r\n");
			wire_open(&wire, server.port);
			wire_send(&wire, request.data, request.length);
			assert_refused(&wire, 414);
			wire_close(&wire);
			strbuf_fini(&request);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_request_lines),
		cmocka_unit_test(test_other_protocols),
		cmocka_unit_test(test_refusal_ends),
		cmocka_unit_test(test_what_is_allowed),
		cmocka_unit_test(test_long_targets),
	};

	return RUN_TESTS("framing", tests, set_up_server, tear_down);
}
