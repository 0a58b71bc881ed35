/* What answers say of themselves where it is wanted: X-Request-ID and Server-Timing; and that nothing else of them
   changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/logs.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define SETTING "log.access=/dev/null"

/* --- X-Request-ID. --- */

static void assert_id(int port, const char *sent, const char *expected)
{
	struct reply reply;
	char lines[256];
	const char *id;

	snprintf(lines, sizeof(lines), "X-Request-ID: %s\r\n", sent);
	wire_get(port, LIST "?limit=2", lines, &reply);
	id = reply_header(&reply, "X-Request-ID");
	assert_non_null(id);
	if (expected)
		assert_string_equal(id, expected);
	else
		log_match(id, strlen(id), "^[0-9a-f]{32}$");
	reply_fini(&reply);
}

/* That of a trusted proxy, if it is harmless; no other client chooses its own. No two are alike. */
static void test_ids(void **state)
{
	struct test_server trusting, other;
	struct reply first, second;
	char long_id[132];

	(void)state;
	memset(long_id, 'a', sizeof(long_id) - 1);
	long_id[sizeof(long_id) - 1] = '\0';
	server_start(&trusting, database.conninfo,
	             WORDS(SETTING, "server.trusted_proxies=127.0.0.1"));
	assert_id(trusting.port, "7f3a-99:x/y.z=_+@", "7f3a-99:x/y.z=_+@");
	assert_id(trusting.port, "a\"b", NULL);
	assert_id(trusting.port, "a b", NULL);
	assert_id(trusting.port, "", NULL);
	assert_id(trusting.port, long_id, NULL);
	assert_id(trusting.port, long_id + 3, long_id + 3);
	server_stop(&trusting, NULL);
	server_start(&other, database.conninfo, WORDS(SETTING));
	assert_id(other.port, "chosen", NULL);
	wire_get(other.port, "/health", NULL, &first);
	wire_get(other.port, "/health", NULL, &second);
	assert_string_not_equal(reply_header(&first, "X-Request-ID"),
	                        reply_header(&second, "X-Request-ID"));
	reply_fini(&first);
	reply_fini(&second);
	server_stop(&other, NULL);
}

/* What scripts of other origins may read is more by the request's id. */
static void assert_same_header(const struct reply *with, const char *name, const char *value)
{
	bool exposes = strcmp(name, "Access-Control-Expose-Headers") == 0;
	char expected[256];

	snprintf(expected, sizeof(expected), "%s%s", value, exposes ? ", X-Request-ID" : "");
	if (strcmp(name, "Date") != 0)
		assert_string_equal(reply_header(with, name), expected);
}

/* Whatever the body is made of, the answer is the same beside its own headers; to 304 and HEAD too. */
static void test_same_answers(void **state)
{
	static const char *const targets[] = {LIST "1/",
	                                      LIST "?limit=100&mode=detailed",
	                                      LIST "?limit=5&format=api",
	                                      LIST "nope/",
	                                      "/",
	                                      "/2.3.0/schema/",
	                                      "/robots.txt",
	                                      "/2.3.0/docs"};
	static const char *const all_lines[] = {"", "Accept-Encoding: gzip\r\n",
	                                        "If-None-Match: *\r\n"};
	struct test_server traced, plain;

	(void)state;
	server_start(&traced, database.conninfo,
	             WORDS(SETTING, "http.server_timing=true", "server.clock=2026-01-02T03:04:05Z",
	                   "server.public_url=http://a"));
	server_start(&plain, database.conninfo,
	             WORDS("server.clock=2026-01-02T03:04:05Z", "server.public_url=http://a"));
	for (size_t i = 0; i < 2 * 3 * sizeof(targets) / sizeof(targets[0]); i++) {
		const char *target = targets[i / 6], *lines = all_lines[i / 2 % 3];
		struct reply with, without;

		wire_get(traced.port, target, lines, &with);
		wire_get(plain.port, target, lines, &without);
		assert_int_equal(with.status, without.status);
		assert_int_equal(with.body_length, without.body_length);
		assert_memory_equal(with.body, without.body, with.body_length);
		assert_int_equal(with.header_count, without.header_count + 3);
		for (size_t j = 0; j < without.header_count; j++)
			assert_same_header(&with, without.headers[j].name,
			                   without.headers[j].value);
		assert_null(reply_header(&without, "X-Request-ID"));
		assert_null(reply_header(&without, "Server-Timing"));
		reply_fini(&with);
		reply_fini(&without);
	}
	server_stop(&traced, NULL);
	server_stop(&plain, NULL);
}

/* --- Server-Timing. --- */

/* Milliseconds of a span; -1: there is none. */
static double span(const char *timing, const char *name)
{
	char start[32];
	const char *at;

	snprintf(start, sizeof(start), "%s;dur=", name);
	at = strstr(timing, start);
	return at ? strtod(at + strlen(start), NULL) : -1;
}

static void test_server_timing(void **state)
{
	static const char *const names[] = {"wait", "load", "render", "resume"};
	struct reply reply, shared;
	struct wire second;
	const char *timing;
	double sum = 0;

	(void)state;
	serve(WORDS("http.server_timing=true"));
	wire_open(&second, server.port);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST "2/", NULL}, 10));
	watch_ask(&client, LIST "2/", "", &reply);
	timing = reply_header(&reply, "Server-Timing");
	log_match(timing, strlen(timing),
	          "^cache;dur=[0-9]+\\.[0-9]{3}, total;dur=[0-9]+\\.[0-9]{3}$");
	assert_string_equal(reply_header(&reply, "Timing-Allow-Origin"), "*");
	assert_null(reply_header(&reply, "X-Request-ID"));
	reply_fini(&reply);
	/* What waits for the database says so, as does who waited for the same. */
	test_lock(database.conninfo, "spacecraft_flight");
	wire_ask(&client, "GET", LIST "?ordering=destination", "Host: a\r\n");
	assert_false(wire_readable(&client, 200));
	wire_ask(&second, "GET", LIST "?ordering=destination", "Host: a\r\n");
	assert_false(wire_readable(&second, 100));
	test_unlock();
	wire_read(&client, false, &reply);
	wire_read(&second, false, &shared);
	timing = reply_header(&reply, "Server-Timing");
	assert_true(span(timing, "load") >= 280);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(span(timing, names[i]) >= 0);
		sum += span(timing, names[i]);
	}
	/* The spans follow each other, and leave nothing of note out. */
	assert_true(sum <= span(timing, "total") + 0.001 && sum >= span(timing, "total") - 50);
	timing = reply_header(&shared, "Server-Timing");
	assert_true(span(timing, "shared") >= 80);
	assert_true(span(timing, "load") == -1);
	reply_fini(&reply);
	reply_fini(&shared);
	wire_close(&client);
	wire_close(&second);
	server_stop(&server, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_same_answers),
		cmocka_unit_test(test_server_timing),
	};

	return RUN_TESTS("trace", tests, set_up_flights, tear_down);
}
