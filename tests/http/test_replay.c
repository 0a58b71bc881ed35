/* Requests whose answers were recorded on the original's stack, replayed byte by byte: each twice, so
   that the second answer may come from the cache, and all again without a cache. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/filter_rows.h"
#include "support/flights.h"
#include "support/postgres.h"
#include "support/server.h"
#include "support/wire.h"

#define SETTINGS_MAX 8

static struct test_database flights, filter_rows;

/* One line of a table:
     name     for people
     method, target or target_hex, version ("1.1"), headers, body: the request
     settings of the server that is asked, as --set takes them
     expect   status; headers by their names in lower case, null for one that must not be there; body;
              page (count, next, previous, urls or, of documents without one, ids); document (id, url); indented (by so many spaces); errors (the
              body, keys in any order); response_mode (of every result) */
struct test_case {
	const json_t *json;
	const char *name;
	const json_t *expect;
	struct strbuf request;
	bool is_head;
};

/* --- Reading --- */

static json_t *read_cases(const char *path)
{
	FILE *file = fopen(path, "r");
	json_t *cases = json_array();
	json_error_t error;
	char *line = NULL;
	size_t size = 0;

	assert_non_null(file);
	while (getline(&line, &size, file) > 0) {
		json_t *one = json_loads(line, JSON_ALLOW_NUL, &error);

		if (!one)
			fail_msg("%s: %s in %.80s", path, error.text, line);
		json_array_append_new(cases, one);
	}
	free(line);
	fclose(file);
	return cases;
}

static void add_hex(struct strbuf *out, const char *hex)
{
	for (; hex[0] != '\0'; hex += 2) {
		unsigned byte;

		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		strbuf_char(out, (char)byte);
	}
}

static void make_request(struct test_case *test)
{
	const char *method = json_string_value(json_object_get(test->json, "method"));
	const char *version = json_string_value(json_object_get(test->json, "version"));
	const json_t *target = json_object_get(test->json, "target");
	const json_t *body = json_object_get(test->json, "body");
	json_t *header;
	size_t i;

	test->is_head = strcmp(method, "HEAD") == 0;
	strbuf_printf(&test->request, "%s ", method);
	if (target)
		strbuf_add(&test->request, json_string_value(target), json_string_length(target));
	else
		add_hex(&test->request,
		        json_string_value(json_object_get(test->json, "target_hex")));
	strbuf_printf(&test->request, " HTTP/%s\r\n", version ? version : "1.1");
	json_array_foreach(json_object_get(test->json, "headers"), i, header)
	{
		const json_t *value = json_array_get(header, 1);

		strbuf_printf(&test->request, "%s: ", json_string_value(json_array_get(header, 0)));
		strbuf_add(&test->request, json_string_value(value), json_string_length(value));
		strbuf_str(&test->request, "\r\n");
	}
	strbuf_str(&test->request, "\r\n");
	if (body)
		strbuf_add(&test->request, json_string_value(body), json_string_length(body));
}

/* --- Comparing --- */

/* One line for each fault, so that one run tells them all. */
static size_t faults;

static void __attribute__((format(printf, 2, 3)))
fault(const struct test_case *test, const char *format, ...)
{
	va_list arguments;

	faults++;
	printf("%s: ", test->name);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

static void assert_vary(const struct test_case *test, const char *names, const char *one)
{
	size_t length = strlen(one);

	for (const char *at = names; at; at = strchr(at, ',')) {
		at += strspn(at, ", ");
		if (strncasecmp(at, one, length) == 0 && strchr(", ", at[length]))
			return;
	}
	fault(test, "Vary: %s does not list %s", names ? names : "(none)", one);
}

static void assert_header(const struct test_case *test, const struct reply *reply, const char *name,
                          const char *expected)
{
	const char *found = reply_header(reply, name);

	if (expected && strcmp(name, "vary") == 0) {
		assert_vary(test, found, expected);
		return;
	}
	if ((found == NULL) != (expected == NULL) || (found && strcmp(found, expected) != 0))
		fault(test, "%s: %s instead of %s", name, found ? found : "(none)",
		      expected ? expected : "(none)");
}

static void assert_text(const struct test_case *test, const char *what, const json_t *found,
                        const json_t *expected)
{
	char *a = json_dumps(found, JSON_ENCODE_ANY);
	char *b = json_dumps(expected, JSON_ENCODE_ANY);

	if (!found || !json_equal(found, expected))
		fault(test, "%s: %s instead of %s", what, a ? a : "(none)", b);
	free(a);
	free(b);
}

/* Of the documents of a page, where they are expected. */
static void assert_each(const struct test_case *test, const char *what, const char *key,
                        const json_t *found, const json_t *expected)
{
	json_t *each = json_array();
	json_t *document;
	size_t i;

	json_array_foreach(json_object_get(found, "results"), i, document)
		json_array_append(each, json_object_get(document, key));
	if (json_object_get(expected, what))
		assert_text(test, what, each, json_object_get(expected, what));
	json_decref(each);
}

static void assert_page(const struct test_case *test, const json_t *found, const json_t *expected)
{
	static const char *const keys[] = {"count", "next", "previous"};
	size_t i;

	if (!json_object_get(expected, "urls") && !json_object_get(expected, "ids"))
		fault(test, "says nothing of the documents");

	for (i = 0; i < 3; i++)
		assert_text(test, keys[i], json_object_get(found, keys[i]),
		            json_object_get(expected, keys[i]));
	assert_each(test, "urls", "url", found, expected);
	assert_each(test, "ids", "id", found, expected);
}

static void assert_modes(const struct test_case *test, const json_t *results)
{
	const json_t *mode = json_object_get(test->expect, "response_mode");
	const json_t *row;
	size_t i;

	json_array_foreach(results, i, row)
	{
		if (mode)
			assert_text(test, "mode", json_object_get(row, "response_mode"), mode);
	}
}

/* The body itself says how far its lines are indented; without that it must be compact. */
static void assert_indented(const struct test_case *test, const struct reply *reply,
                            long long indent)
{
	const char *line = strchr(reply->body, '\n');

	if (indent == 0 ? line != NULL : !line || (long long)strspn(line + 1, " ") != indent)
		fault(test, "not indented by %lld: %.60s", indent, reply->body);
}

static void assert_json(const struct test_case *test, const struct reply *reply)
{
	const json_t *page = json_object_get(test->expect, "page");
	const json_t *document = json_object_get(test->expect, "document");
	const json_t *errors = json_object_get(test->expect, "errors");
	json_error_t error;
	json_t *found;

	if (!page && !document && !errors)
		return;
	found = json_loadb(reply->body, reply->body_length, 0, &error);
	if (!found) {
		fault(test, "%s in: %s", error.text, reply->body);
		return;
	}
	assert_indented(test, reply, json_integer_value(json_object_get(test->expect, "indented")));
	if (page)
		assert_page(test, found, page);
	if (errors)
		assert_text(test, "errors", found, errors);
	assert_modes(test, json_object_get(found, "results"));
	for (int i = 0; document && i < 2; i++) {
		const char *key = i == 0 ? "id" : "url";

		assert_text(test, key, json_object_get(found, key), json_object_get(document, key));
	}
	json_decref(found);
}

static void assert_body(const struct test_case *test, const struct reply *reply)
{
	const json_t *expected = json_object_get(test->expect, "body");
	char length[24];

	if (!expected)
		return;
	snprintf(length, sizeof(length), "%zu", json_string_length(expected));
	assert_header(test, reply, "content-length", length);
	if (test->is_head)
		return;
	if (reply->body_length != json_string_length(expected) ||
	    memcmp(reply->body, json_string_value(expected), reply->body_length) != 0)
		fault(test, "%s instead of %s", reply->body, json_string_value(expected));
}

static void assert_reply(const struct test_case *test, const struct reply *reply)
{
	const char *name;
	json_t *value;

	if (reply->status != json_integer_value(json_object_get(test->expect, "status"))) {
		fault(test, "status %d: %.200s", reply->status, reply->body);
		return;
	}
	assert_header(test, reply, "access-control-allow-origin", "*");
	json_object_foreach((json_t *)(uintptr_t)test->expect, name, value)
	{
		if ((json_is_string(value) || json_is_null(value)) && strcmp(name, "body") != 0 &&
		    strcmp(name, "response_mode") != 0)
			assert_header(test, reply, name, json_string_value(value));
	}
	assert_body(test, reply);
	if (!test->is_head)
		assert_json(test, reply);
}

/* --- Replaying --- */

static void replay(const json_t *json, int port, struct wire *wire)
{
	struct test_case test = {
		.json = json,
		.name = json_string_value(json_object_get(json, "name")),
		.expect = json_object_get(json, "expect"),
	};

	make_request(&test);
	for (int i = 0; i < 2; i++) {
		struct reply reply;

		wire_send(wire, test.request.data, test.request.length);
		/* One that ended with the answer before is made anew. */
		if (!wire_take(wire, test.is_head, &reply)) {
			wire_close(wire);
			wire_open(wire, port);
			wire_send(wire, test.request.data, test.request.length);
			if (!wire_take(wire, test.is_head, &reply))
				fail_msg("%s: closed without an answer", test.name);
		}
		assert_reply(&test, &reply);
		reply_fini(&reply);
	}
	strbuf_fini(&test.request);
}

static bool same_settings(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

static void run_group(const struct test_database *database, const json_t *cases,
                      const json_t *settings, const char *cache)
{
	const char *words[SETTINGS_MAX + 2] = {cache};
	struct test_server server;
	struct wire wire;
	json_t *one;
	size_t i;

	assert_true(json_array_size(settings) <= SETTINGS_MAX);
	json_array_foreach(settings, i, one) words[i + 1] = json_string_value(one);
	server_start(&server, database->conninfo, words);
	wire_open(&wire, server.port);
	json_array_foreach(cases, i, one)
	{
		if (same_settings(json_object_get(one, "settings"), settings))
			replay(one, server.port, &wire);
	}
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* A server for all cases of the same settings, with a cache and without. */
static void run_table(const char *path, const struct test_database *database)
{
	json_t *cases = read_cases(path);
	json_t *one;
	size_t i;

	assert_true(json_array_size(cases) > 0);
	json_array_foreach(cases, i, one)
	{
		const json_t *settings = json_object_get(one, "settings");
		size_t first = 0;

		while (!same_settings(json_object_get(json_array_get(cases, first), "settings"),
		                      settings))
			first++;
		if (first < i)
			continue;
		run_group(database, cases, settings, "cache.size=256M");
		run_group(database, cases, settings, "cache.size=0");
	}
	printf("%s: %zu cases\n", path, json_array_size(cases));
	json_decref(cases);
	if (faults > 0)
		fail_msg("%zu faults", faults);
}

static void test_contract(void **state)
{
	(void)state;
	run_table("tests/data/http-cases.jsonl", &flights);
}

static void test_more(void **state)
{
	(void)state;
	run_table("tests/data/http-more-cases.jsonl", &flights);
}

static void test_filters(void **state)
{
	(void)state;
	run_table("tests/data/filter-cases.jsonl", &filter_rows);
}

static int set_up(void **state)
{
	(void)state;
	flights_database_init(&flights);
	filter_rows_database_init(&filter_rows);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_database_fini(&flights);
	test_database_fini(&filter_rows);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contract),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_filters),
	};

	return RUN_TESTS("replay", tests, set_up, tear_down);
}
