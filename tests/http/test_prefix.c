/* A server that is reached below a path, by its settings or by what a proxy says: all that it writes as a link
   leads back to it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define HOST "Host: ll.example.org\r\n"
#define BROWSER "Accept: text/html\r\n"
#define PROXY "127.0.0.2" /* the only address that is trusted */
#define SAYS(prefix) "X-Forwarded-Prefix: " prefix "\r\n"

static void get_from(const char *source, int port, const char *target, const char *lines,
                     struct reply *reply)
{
	char all[512];
	struct wire wire;

	snprintf(all, sizeof(all), HOST "%s", lines);
	wire_open_from(&wire, source, port);
	wire_ask(&wire, "GET", target, all);
	wire_read(&wire, false, reply);
	wire_close(&wire);
}

static void get(const char *target, const char *lines, struct reply *reply)
{
	get_from(PROXY, server.port, target, lines, reply);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

/* All urls of the server in a body have that base. */
static void assert_base(const struct reply *reply, const char *host, const char *prefix)
{
	char own[128], based[192];

	snprintf(own, sizeof(own), "%s/", host);
	snprintf(based, sizeof(based), "%s%s/2.3.0/", host, prefix);
	assert_int_equal(reply->status, 200);
	assert_true(count_of(reply->body, based) > 0);
	if (count_of(reply->body, own) != count_of(reply->body, based))
		fail_msg("not all below %s: %.2000s", based, reply->body);
}

/* --- What a proxy says. --- */

static void test_documents(void **state)
{
	static const char *const targets[] = {
		LIST "?limit=2&offset=4&format=json",
		LIST "864/?format=json",
		LIST "?limit=100&mode=detailed", /* in pieces */
		"/2.3.0/spacecraft/",
	};
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		get(targets[i], SAYS("/ll2"), &reply);
		assert_base(&reply, "http://ll.example.org", "/ll2");
		reply_fini(&reply);
	}
	get(targets[0], SAYS("/ll2/") "X-Forwarded-Proto: https\r\n", &reply);
	assert_base(&reply, "https://ll.example.org", "/ll2");
	assert_non_null(strstr(reply.body, "\"next\":\"https://ll.example.org/ll2" LIST
	                                   "?format=json&limit=2&offset=6\""));
	assert_non_null(strstr(reply.body, "\"previous\":\"https://ll.example.org/ll2" LIST
	                                   "?format=json&limit=2&offset=2\""));
	reply_fini(&reply);
	get("/ll2" LIST "?limit=2", SAYS("/ll2"), &reply);
	assert_base(&reply, "http://ll.example.org", "/ll2");
	reply_fini(&reply);
}

/* What is cached for clients of one path is not what those of another get. */
static void test_cached(void **state)
{
	static const char *const lines[] = {SAYS("/ll2"),   "",
	                                    SAYS("/other"), SAYS("/ll2") SAYS("/x"),
	                                    SAYS("//ll2"),  SAYS("/a/../b")};
	static const char *const prefixes[] = {"/ll2", "", "/other", "", "", ""};
	static const char *const targets[] = {LIST "?limit=3", LIST "?limit=100&mode=detailed"};
	struct reply reply;

	(void)state;
	for (int round = 0; round < 4; round++)
		for (size_t i = 0; i < 6; i++)
			for (size_t j = 0; j < 2; j++) {
				get(targets[j], lines[i], &reply);
				assert_base(&reply, "http://ll.example.org", prefixes[i]);
				reply_fini(&reply);
			}
	get_from("127.0.0.1", server.port, LIST "?limit=3", SAYS("/ll2"), &reply);
	assert_base(&reply, "http://ll.example.org", "");
	reply_fini(&reply);
}

static void assert_location(int port, const char *target, const char *lines, int status,
                            const char *location)
{
	struct reply reply;

	get_from(PROXY, port, target, lines, &reply);
	assert_int_equal(reply.status, status);
	assert_string_equal(reply_header(&reply, "Location"), location);
	reply_fini(&reply);
}

static void test_redirects(void **state)
{
	(void)state;
	assert_location(server.port, LIST "864?format=json", SAYS("/ll2"), 301,
	                "/ll2" LIST "864/?format=json");
	assert_location(server.port, "/", SAYS("/ll2"), 302, "/ll2" LIST);
	assert_location(server.port, "/ll2", SAYS("/ll2"), 302, "/ll2" LIST);
	assert_location(server.port, "/2.2.0/agencies/88/?x=1", SAYS("/ll2"), 307,
	                "https://ll.thespacedevs.com/2.2.0/agencies/88/?x=1");
	assert_location(server.port, "/ll2/2.2.0/agencies/88/", SAYS("/ll2"), 307,
	                "https://ll.thespacedevs.com/2.2.0/agencies/88/");
	assert_location(server.port, "/", "", 302, LIST);
}

/* --- Pages. --- */

static bool begins(const char *text, const char *begin)
{
	return strncmp(text, begin, strlen(begin)) == 0;
}

/* Each address in an attribute leads below the prefix, to elsewhere in the page, or to the world. */
static size_t assert_attributes(const char *html, const char *attribute)
{
	size_t count = 0;

	for (const char *at = html; (at = strstr(at, attribute)); count++) {
		at += strlen(attribute);
		if (begins(at, "/ll2/") || begins(at, "#") || begins(at, "data:"))
			continue;
		if (begins(at, "http") && !begins(at, "http://ll.example.org/"))
			continue;
		if (!begins(at, "http://ll.example.org/ll2/"))
			fail_msg("%s%.60s", attribute, at);
	}
	return count;
}

static void test_pages(void **state)
{
	static const char *const targets[] = {
		LIST "?limit=2&offset=4",
		LIST "864/",
		LIST "?spacecraft=0",
		"/2.3.0/spacecraft/",
		LIST "99999/",
		"/2.3.0/api-throttle/",
		"/2.3.0/",
		"/",
	};
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		get(targets[i], SAYS("/ll2") BROWSER, &reply);
		assert_int_equal(strncmp(reply.body, "<!DOCTYPE html>", 15), 0);
		assert_true(assert_attributes(reply.body, " href=\"") > 8);
		assert_attributes(reply.body, " action=\"");
		reply_fini(&reply);
	}
	get(targets[0], SAYS("/ll2") BROWSER, &reply);
	assert_non_null(strstr(reply.body, "action=\"/ll2" LIST "\""));
	assert_non_null(strstr(reply.body, "<b>GET</b> /ll2" LIST "?limit=2&amp;offset=4</pre>"));
	reply_fini(&reply);
}

/* The documentation and the OpenAPI document are the same for all; what they lead to is relative. */
static void test_docs(void **state)
{
	struct reply reply;
	json_t *schema;

	(void)state;
	get("/2.3.0/docs/", SAYS("/ll2"), &reply);
	assert_int_equal(reply.status, 200);
	assert_null(strstr(reply.body, " href=\"/"));
	assert_non_null(strstr(reply.body, " href=\"../../2.3.0/schema/\""));
	reply_fini(&reply);
	get("/2.3.0/schema/", SAYS("/ll2"), &reply);
	schema = json_loadb(reply.body, reply.body_length, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(json_object_get(schema, "servers"), 0), "url")),
	                    "../..");
	json_decref(schema);
	reply_fini(&reply);
	get("/robots.txt", SAYS("/ll2"), &reply);
	assert_string_equal(reply.body, "User-agent: *\nDisallow: /ll2/2.3.0/\n");
	reply_fini(&reply);
}

/* --- What the settings say. --- */

static void test_public_url(void **state)
{
	struct test_server other;
	struct reply reply;

	(void)state;
	server_start(&other, database.conninfo,
	             WORDS("server.public_url=https://x.example/ll2",
	                   "server.trusted_proxies=127.0.0.2"));
	for (int i = 0; i < 2; i++) {
		const char *target = i == 0 ? LIST "?limit=3" : "/ll2" LIST "?limit=3";

		for (int round = 0; round < 3; round++) {
			get_from(PROXY, other.port, target, SAYS("/other"), &reply);
			assert_base(&reply, "https://x.example", "/ll2");
			reply_fini(&reply);
		}
	}
	get_from(PROXY, other.port, LIST "864/", BROWSER, &reply);
	assert_true(assert_attributes(reply.body, " href=\"") > 8);
	assert_non_null(strstr(reply.body, "href=\"/ll2/2.3.0/docs/\""));
	reply_fini(&reply);
	assert_location(other.port, "/ll2" LIST "864", "", 301, "/ll2" LIST "864/");
	assert_location(other.port, "/", "", 302, "/ll2" LIST);
	get_from(PROXY, other.port, "/ll2/health", "", &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	get_from(PROXY, other.port, "/other" LIST, SAYS("/other"), &reply);
	assert_int_equal(reply.status, 404);
	reply_fini(&reply);
	server_stop(&other, NULL);
}

static int set_up(void **state)
{
	set_up_samples(state);
	server_start(&server, database.conninfo, WORDS("server.trusted_proxies=127.0.0.2"));
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents), cmocka_unit_test(test_cached),
		cmocka_unit_test(test_redirects), cmocka_unit_test(test_pages),
		cmocka_unit_test(test_docs),      cmocka_unit_test(test_public_url),
	};

	return RUN_TESTS("prefix", tests, set_up, tear_down);
}
