/* The throttle as clients meet it: what counts, what a refusal says, and who is one client. */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define STATE "/2.3.0/api-throttle/"

struct fixture {
	struct test_server server;
	struct wire wire;
};

static void start(struct fixture *fixture, const char *rate, const char *more)
{
	char setting[64];

	snprintf(setting, sizeof(setting), "throttle.rate=%s", rate);
	server_start(&fixture->server, database.conninfo,
	             (const char *const[]){setting, more, NULL});
	wire_open(&fixture->wire, fixture->server.port);
}

static void stop(struct fixture *fixture)
{
	wire_close(&fixture->wire);
	server_stop(&fixture->server, NULL);
}

/* `lines` beside a Host. */
static void ask(struct fixture *fixture, const char *method, const char *target, const char *lines,
                struct reply *reply)
{
	char all[512];

	snprintf(all, sizeof(all), "Host: ll.example.org\r\n%s", lines);
	wire_ask(&fixture->wire, method, target, all);
	wire_read(&fixture->wire, strcmp(method, "HEAD") == 0, reply);
}

static int status_of(struct fixture *fixture, const char *target, const char *lines)
{
	struct reply reply;
	int status;

	ask(fixture, "GET", target, lines, &reply);
	status = reply.status;
	reply_fini(&reply);
	return status;
}

/* A number, or the length of a text, of what api-throttle says to a client. */
static long long state_of(struct fixture *fixture, const char *key, const char *lines)
{
	struct reply reply;
	long long value;
	json_t *state;

	ask(fixture, "GET", STATE, lines, &reply);
	assert_int_equal(reply.status, 200);
	state = json_loadb(reply.body, reply.body_length, 0, NULL);
	assert_non_null(state);
	assert_true(json_is_integer(json_object_get(state, key)));
	value = json_integer_value(json_object_get(state, key));
	json_decref(state);
	reply_fini(&reply);
	return value;
}

static void assert_refused(const struct reply *reply)
{
	char expected[128];
	const char *wait = reply_header(reply, "Retry-After");

	assert_int_equal(reply->status, 429);
	assert_non_null(wait);
	snprintf(expected, sizeof(expected),
	         "{\"detail\":\"Request was throttled. Expected available in %s second%s.\"}", wait,
	         strcmp(wait, "1") == 0 ? "" : "s");
	assert_string_equal(reply->body, expected);
	assert_string_equal(reply_header(reply, "Content-Type"), "application/json");
	assert_string_equal(reply_header(reply, "Vary"), "Accept");
	assert_string_equal(reply_header(reply, "Allow"), "GET");
	assert_string_equal(reply_header(reply, "Access-Control-Allow-Origin"), "*");
	assert_null(reply_header(reply, "ETag"));
	assert_null(reply_header(reply, "Cache-Control"));
}

static void test_fifteen_an_hour(void **state)
{
	struct fixture fixture;
	struct reply reply;
	long wait;

	(void)state;
	start(&fixture, "15/hour", NULL);
	for (int i = 0; i < 15; i++) {
		assert_int_equal(state_of(&fixture, "current_use", ""), i);
		assert_int_equal(status_of(&fixture, LIST, ""), 200);
	}
	for (int i = 0; i < 20; i++) { /* refusals are not counted themselves */
		ask(&fixture, "GET", LIST "?limit=1", "", &reply);
		assert_refused(&reply);
		wait = strtol(reply_header(&reply, "Retry-After"), NULL, 10);
		assert_in_range(wait, 3500, 3600);
		reply_fini(&reply);
	}
	assert_int_equal(state_of(&fixture, "current_use", ""), 15);
	assert_in_range(state_of(&fixture, "next_use_secs", ""), 3500, 3600);
	/* It comes before everything that the API says, and after what it does not. */
	ask(&fixture, "POST", LIST, "", &reply);
	assert_refused(&reply);
	reply_fini(&reply);
	ask(&fixture, "GET", LIST "?spacecraft=abc", "", &reply);
	assert_refused(&reply);
	reply_fini(&reply);
	ask(&fixture, "GET", LIST "99999/", "", &reply);
	assert_refused(&reply);
	reply_fini(&reply);
	assert_int_equal(status_of(&fixture, LIST "?format=xml", ""), 404);
	assert_int_equal(status_of(&fixture, LIST, "Accept: text/plain\r\n"), 406);
	assert_int_equal(status_of(&fixture, LIST "1", ""), 301);
	assert_int_equal(status_of(&fixture, "/nope/", ""), 404);
	stop(&fixture);
}

static void test_state(void **state)
{
	struct fixture fixture;
	struct reply reply;

	(void)state;
	start(&fixture, "15/hour", NULL);
	for (int i = 0; i < 30; i++) { /* asking for it is never counted */
		ask(&fixture, i % 2 ? "HEAD" : "GET", STATE, "", &reply);
		assert_int_equal(reply.status, 200);
		assert_string_equal(reply_header(&reply, "Content-Type"), "application/json");
		if (i % 2 == 0)
			assert_string_equal(
				reply.body,
				"{\"your_request_limit\":15,\"limit_frequency_secs\":3600,"
				"\"current_use\":0,\"next_use_secs\":0,\"ident\":\"127.0.0.1\"}");
		reply_fini(&reply);
	}
	assert_int_equal(status_of(&fixture, LIST, ""), 200);
	assert_int_equal(state_of(&fixture, "current_use", ""), 1);
	assert_int_equal(state_of(&fixture, "next_use_secs", ""), 0);
	stop(&fixture);
}

static const struct {
	const char *method, *target, *lines;
	int status;
	bool counted;
} answers[] = {
	{"GET", LIST, "", 200, true},
	{"GET", LIST, "", 200, true}, /* from the cache */
	{"GET", LIST "1/", "", 200, true},
	{"HEAD", LIST "1/", "", 200, true},
	{"GET", LIST, "Accept: text/html\r\n", 200, true},
	{"GET", LIST, "Accept-Encoding: gzip\r\n", 200, true},
	{"GET", LIST, "If-None-Match: *\r\n", 304, true},
	{"GET", LIST "?search=x&ordering=-id", "", 200, true},
	{"POST", LIST, "", 405, true},
	{"OPTIONS", LIST, "", 405, true},
	{"DELETE", LIST "1/", "", 405, true},
	{"GET", LIST "?spacecraft=abc", "", 400, true},
	{"GET", LIST "?spacecraft=999999", "", 400, true},
	{"GET", LIST "?search=%00", "", 400, true},
	{"GET", LIST "99999/", "", 404, true},
	{"GET", LIST "abc/", "", 404, true},
	{"GET", LIST "?format=xml", "", 404, false},
	{"GET", LIST, "Accept: text/plain\r\n", 406, false},
	{"GET", LIST "1", "", 301, false},
	{"GET", "/nope/", "", 404, false},
	{"GET", "/", "", 302, false},
	{"GET", "/2.3.0/", "", 200, false},
	{"GET", "/2.2.0/agencies/88/", "", 307, false},
	{"GET", "/2.3.0/schema/", "", 200, false},
	{"GET", "/2.3.0/docs/", "", 200, false},
	{"GET", "/robots.txt", "", 200, false},
	{"GET", "/health", "", 200, false},
	{"GET", "/metrics", "", 200, false},
	{"POST", STATE, "", 405, false},
	{"OPTIONS", LIST, "Origin: https://x.example\r\nAccess-Control-Request-Method: GET\r\n",
         204, false},
};

static void assert_counts_with(const char *cache)
{
	struct fixture fixture;
	struct reply reply;
	long long used = 0;

	start(&fixture, "1000/day", cache);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		ask(&fixture, answers[i].method, answers[i].target, answers[i].lines, &reply);
		used += answers[i].counted;
		if (reply.status != answers[i].status)
			fail_msg("%s %s: %d", answers[i].method, answers[i].target, reply.status);
		reply_fini(&reply);
		if (state_of(&fixture, "current_use", "") != used)
			fail_msg("%s %s%s", answers[i].method, answers[i].target,
			         answers[i].counted ? " is not counted" : " is counted");
	}
	wire_ask(&fixture.wire, "GET", LIST, "Host: a b\r\n");
	wire_read(&fixture.wire, false, &reply);
	assert_int_equal(reply.status, 400);
	reply_fini(&reply);
	assert_int_equal(state_of(&fixture, "current_use", ""), used);
	stop(&fixture);
}

static void test_what_counts(void **state)
{
	(void)state;
	assert_counts_with("cache.size=256M");
	assert_counts_with("cache.size=0");
}

/* --- How a refusal is shown, and ends --- */

static void test_refusals_are_negotiated(void **state)
{
	struct fixture fixture;
	struct reply reply;
	char header[64];

	(void)state;
	start(&fixture, "1/hour", NULL);
	assert_int_equal(status_of(&fixture, LIST, "Accept: text/html\r\n"), 200);
	for (int i = 0; i < 2; i++) { /* one that is kept, one that is not */
		ask(&fixture, "GET", i ? LIST "?limit=1" : LIST, "Accept: text/html\r\n", &reply);
		assert_int_equal(reply.status, 429);
		assert_string_equal(reply_header(&reply, "Content-Type"),
		                    "text/html; charset=utf-8");
		assert_non_null(strstr(reply.body, "Request was throttled."));
		assert_non_null(strstr(reply.body, "429"));
		snprintf(header, sizeof(header), "%s", reply_header(&reply, "Retry-After"));
		assert_non_null(strstr(reply.body, header));
		reply_fini(&reply);
	}
	ask(&fixture, "GET", LIST, "Accept: */*; indent=3\r\n", &reply);
	assert_int_equal(reply.status, 429);
	assert_int_equal(strncmp(reply.body, "{\n   \"detail\": \"Request was throttled.", 38), 0);
	reply_fini(&reply);
	ask(&fixture, "HEAD", LIST, "", &reply);
	assert_int_equal(reply.status, 429);
	assert_non_null(reply_header(&reply, "Retry-After"));
	reply_fini(&reply);
	stop(&fixture);
}

static bool is_admitted(void *user)
{
	return status_of(user, LIST, "") == 200;
}

static void test_refusals_end(void **state)
{
	struct fixture fixture;
	struct reply reply;
	int64_t begin;

	(void)state;
	start(&fixture, "2/second", NULL);
	begin = clock_monotonic();
	do {
		ask(&fixture, "GET", LIST, "", &reply);
		if (reply.status == 429) {
			assert_refused(&reply);
			assert_string_equal(reply_header(&reply, "Retry-After"), "1");
			reply_fini(&reply);
			break;
		}
		reply_fini(&reply);
	} while (clock_monotonic() < begin + 10000000);
	assert_true(poll_until(is_admitted, &fixture, 5));
	stop(&fixture);
}

/* --- Who is one client --- */

static void assert_ident(struct fixture *fixture, const char *lines, const char *expected)
{
	char part[128];
	struct reply reply;

	snprintf(part, sizeof(part), "\"ident\":\"%s\"}", expected);
	ask(fixture, "GET", STATE, lines, &reply);
	if (!strstr(reply.body, part))
		fail_msg("%s: not %s", reply.body, expected);
	reply_fini(&reply);
}

#define FOR(list) "X-Forwarded-For: " list "\r\n"

static void test_behind_a_trusted_proxy(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture, "1/hour", "server.trusted_proxies=127.0.0.1, 198.51.100.0/24");
	assert_ident(&fixture, "", "127.0.0.1");
	assert_ident(&fixture, FOR("203.0.113.1"), "203.0.113.1");
	assert_ident(&fixture, FOR("203.0.113.1, 198.51.100.7"), "203.0.113.1");
	assert_ident(&fixture, FOR("192.0.2.66, 203.0.113.1"), "203.0.113.1");
	assert_ident(&fixture, FOR("192.0.2.66") FOR("203.0.113.1"), "203.0.113.1");
	assert_ident(&fixture, FOR("2001:db8::1"), "2001:db8::1");
	assert_ident(&fixture, FOR("unknown"), "127.0.0.1");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(status_of(&fixture, LIST, FOR("203.0.113.1")), i ? 429 : 200);
		assert_int_equal(status_of(&fixture, LIST, FOR("203.0.113.2")), i ? 429 : 200);
		assert_int_equal(status_of(&fixture, LIST, ""), i ? 429 : 200);
	}
	/* What a client adds in front of its proxy's word makes no new client of it. */
	assert_int_equal(status_of(&fixture, LIST, FOR("192.0.2.1, 203.0.113.1")), 429);
	/* IPv6 clients are those of one /64. */
	assert_int_equal(status_of(&fixture, LIST, FOR("2001:db8::1")), 200);
	assert_int_equal(status_of(&fixture, LIST, FOR("2001:db8::1")), 429);
	assert_int_equal(status_of(&fixture, LIST, FOR("2001:db8::ffff:1:2:3")), 429);
	assert_int_equal(status_of(&fixture, LIST, FOR("2001:0DB8:0:0:1::")), 429);
	assert_int_equal(status_of(&fixture, LIST, FOR("2001:db8:0:1::1")), 200);
	stop(&fixture);
}

static void test_without_a_trusted_proxy(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture, "1/hour", "server.trusted_proxies=198.51.100.0/24");
	assert_ident(&fixture, FOR("203.0.113.1"), "127.0.0.1");
	assert_int_equal(status_of(&fixture, LIST, FOR("203.0.113.1")), 200);
	assert_int_equal(status_of(&fixture, LIST, FOR("203.0.113.2")), 429);
	assert_int_equal(status_of(&fixture, LIST, ""), 429);
	wire_close(&fixture.wire);
	wire_open_from(&fixture.wire, "127.0.0.2", fixture.server.port);
	assert_ident(&fixture, "", "127.0.0.2");
	assert_int_equal(status_of(&fixture, LIST, ""), 200);
	assert_int_equal(status_of(&fixture, LIST, ""), 429);
	stop(&fixture);
}

/* Connections that have no address of IPv4: over ::1. */
static void test_ipv6(void **state)
{
	struct fixture fixture;
	char setting[64];
	FILE *addresses = fopen("/proc/net/if_inet6", "r");

	(void)state;
	if (!addresses || fgetc(addresses) == EOF)
		skip();
	fclose(addresses);
	start(&fixture, "1/hour", NULL); /* for a port that was free a moment ago */
	stop(&fixture);
	snprintf(setting, sizeof(setting), "server.listen=[::1]:%d", fixture.server.port);
	server_start(&fixture.server, database.conninfo, WORDS("throttle.rate=1/hour", setting));
	wire_open_at(&fixture.wire, "::1", fixture.server.port);
	assert_ident(&fixture, "", "::1");
	assert_int_equal(status_of(&fixture, LIST, ""), 200);
	assert_int_equal(status_of(&fixture, LIST, ""), 429);
	assert_int_equal(state_of(&fixture, "current_use", ""), 1);
	stop(&fixture);
}

/* Whom a forwarded scheme is believed must not become what others see. */
static void test_forwarded_scheme_is_not_shared(void **state)
{
	struct reply reply;
	struct wire wire;

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.trusted_proxies=127.0.0.2"));
	for (int i = 0; i < 6; i++) {
		bool trusted = i % 2;

		wire_open_from(&wire, trusted ? "127.0.0.2" : "127.0.0.1", server.port);
		wire_ask(&wire, "GET", LIST, "Host: a\r\nX-Forwarded-Proto: https\r\n");
		wire_read(&wire, false, &reply);
		assert_true((strstr(reply.body, "https://a/2.3.0/") != NULL) == trusted);
		assert_true((strstr(reply.body, "http://a/2.3.0/") != NULL) != trusted);
		reply_fini(&reply);
		wire_close(&wire);
	}
	server_stop(&server, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifteen_an_hour),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_what_counts),
		cmocka_unit_test(test_refusals_are_negotiated),
		cmocka_unit_test(test_refusals_end),
		cmocka_unit_test(test_behind_a_trusted_proxy),
		cmocka_unit_test(test_without_a_trusted_proxy),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_forwarded_scheme_is_not_shared),
	};

	return RUN_TESTS("throttle", tests, set_up_flights, tear_down);
}
