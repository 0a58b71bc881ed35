/* Where links lead: every url in our documents, and the paths of our own. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/endpoint.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/flights.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define UPSTREAM "https://ll.thespacedevs.com"

static void assert_header(const struct reply *reply, const char *name, const char *expected)
{
	const char *found = reply_header(reply, name);

	if (found && expected ? strcmp(found, expected) != 0 : found != expected)
		fail_msg("%s: %s instead of %s", name, found ? found : "(none)",
		         expected ? expected : "(none)");
}

static void collect_urls(const json_t *value, json_t *urls)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, item) collect_urls(item, urls);
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)value, key, item)
	{
		if (strcmp(key, "url") == 0 && json_is_string(item))
			json_object_set_new(urls, json_string_value(item), json_true());
		else
			collect_urls(item, urls);
	}
}

static json_t *urls_of_documents(int port)
{
	json_t *urls = json_object();
	struct reply reply;
	json_t *page;

	wire_get(port, LIST "?limit=100&mode=detailed", NULL, &reply);
	page = json_loadb(reply.body, reply.body_length, 0, NULL);
	assert_non_null(page);
	collect_urls(page, urls);
	json_decref(page);
	reply_fini(&reply);
	return urls;
}

/* Every link of the API in a document leads to a row that is served here. */
static void test_links_lead_somewhere(void **state)
{
	const char *base = "http://ll.example.org/2.3.0/";
	struct test_database samples;
	struct test_server other;
	json_t *urls, *value;
	size_t served = 0;
	const char *url;

	(void)state;
	samples_database_init(&samples);
	server_start(&other, samples.conninfo, NULL);
	urls = urls_of_documents(other.port);
	json_object_foreach(urls, url, value)
	{
		struct reply reply;

		if (strncmp(url, base, strlen(base)) != 0) /* a link of the world */
			continue;
		wire_get(other.port, url + strlen("http://ll.example.org"), NULL, &reply);
		if (reply.status != 200)
			fail_msg("%s: %d", url, reply.status);
		served++;
		reply_fini(&reply);
	}
	assert_true(served > 100);
	json_decref(urls);
	server_stop(&other, NULL);
	test_database_fini(&samples);
}

static void get_as(const char *host, const char *target, struct reply *reply)
{
	struct wire wire;
	char lines[100];

	snprintf(lines, sizeof(lines), "Host: %s\r\n", host);
	wire_open(&wire, server.port);
	wire_ask(&wire, "GET", target, lines);
	wire_read(&wire, false, reply);
	assert_int_equal(reply->status, 200);
	wire_close(&wire);
}

/* Links lead to the host of the request, also where others have cached the same path. */
static void test_links_of_each_host(void **state)
{
	static const char *const targets[] = {LIST "30/", LIST "?limit=2", LIST "?format=api"};
	static const char *const hosts[] = {"one.example", "two.example"};

	(void)state;
	for (int i = 0; i < 12; i++) {
		const char *target = targets[i / 4];
		struct reply reply;

		get_as(hosts[i % 2], target, &reply);
		if (!strstr(reply.body, hosts[i % 2]) || strstr(reply.body, hosts[1 - i % 2]))
			fail_msg("%s of %s: %s", target, hosts[i % 2], reply.body);
		reply_fini(&reply);
	}
}

/* The root names every list, by urls of the request's host and format, and each answers. */
static void test_root(void **state)
{
	struct reply reply;
	const char *path;
	json_t *lists, *url;

	(void)state;
	wire_get(server.port, "/2.3.0/?format=json", NULL, &reply);
	assert_int_equal(reply.status, 200);
	lists = json_loadb(reply.body, reply.body_length, JSON_REJECT_DUPLICATES, NULL);
	assert_int_equal(json_object_size(lists), endpoint_count);
	reply_fini(&reply);
	json_object_foreach(lists, path, url)
	{
		char expected[200];

		snprintf(expected, sizeof(expected), "http://ll.example.org/2.3.0/%s/?format=json",
		         path);
		assert_string_equal(json_string_value(url), expected);
		wire_get(server.port, strstr(expected, "/2.3.0/"), NULL, &reply);
		if (reply.status != 200)
			fail_msg("%s: %d", path, reply.status);
		reply_fini(&reply);
	}
	json_decref(lists);
	wire_get(server.port, "/2.3.0/", "Accept: text/html\r\n", &reply);
	assert_non_null(strstr(reply.body, "<h1>API Root</h1>"));
	reply_fini(&reply);
}

static void test_own_paths(void **state)
{
	static const struct {
		const char *target;
		int status;
		const char *type, *location;
	} paths[] = {
		{"/", 302, NULL, LIST},
		{"/2.3.0/", 200, "application/json", NULL},
		{LIST, 200, "application/json", NULL},
		{"/robots.txt", 200, "text/plain", NULL},
		{"/favicon.ico", 200, "image/", NULL},
		{"/health", 200, "application/json", NULL},
		{"/metrics", 200, "text/plain", NULL},
		{"/2.3.0/schema/", 200, "application/", NULL},
		{"/2.3.0/docs/", 200, "text/html", NULL},
		{"/2.3.0/api-throttle/", 200, "application/json", NULL},
	};
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		wire_get(server.port, paths[i].target, NULL, &reply);
		if (reply.status != paths[i].status)
			fail_msg("%s: %d", paths[i].target, reply.status);
		assert_header(&reply, "Location", paths[i].location);
		if (paths[i].type) {
			assert_non_null(reply_header(&reply, "Content-Type"));
			assert_int_equal(strncmp(reply_header(&reply, "Content-Type"),
			                         paths[i].type, strlen(paths[i].type)),
			                 0);
			assert_true(reply.body_length > 0);
		}
		reply_fini(&reply);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links_lead_somewhere),
		cmocka_unit_test(test_links_of_each_host),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_own_paths),
	};

	return RUN_TESTS("links", tests, set_up_server, tear_down);
}
