/* Pages of the upstream: cut into documents, checked against what is due; their addresses. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "sync/page.h"
#include "sync/url.h"

#define UPSTREAM "https://ll.example"
#define LIST UPSTREAM "/2.3.0/spacecraft_flights/"

static void read_fails(const char *text, const char *part)
{
	struct sync_page page;
	struct error error = {0};

	assert_false(sync_page_read(&page, "page", text, strlen(text), &error));
	if (!strstr(error.text, part))
		fail_msg("%s: not \"%s\" but \"%s\"", text, part, error.text);
	sync_page_fini(&page);
}

static void test_read(void **state)
{
	static const char text[] =
		" {\"count\": 907, \"next\": \"" LIST "?a\\u0062=\\/1\","
		"\"previous\": null, \"results\": [\n"
		"{\"x\":{\"id\":5},\"id\":7,\"y\":[1,{\"id\":9}]} ,{\"id\": 12}] }\n";
	struct sync_page page;
	struct error error = {0};

	(void)state;
	assert_true(sync_page_read(&page, "page", text, sizeof(text) - 1, &error));
	assert_int_equal(page.count, 907);
	assert_string_equal(page.next, LIST "?ab=/1");
	assert_int_equal(page.document_count, 2);
	assert_int_equal(page.documents[0].id, 7);
	assert_int_equal(page.documents[0].length, 38);
	assert_memory_equal(page.documents[0].text, "{\"x\":{\"id\":5},", 14);
	assert_int_equal(page.documents[1].id, 12);
	assert_memory_equal(page.documents[1].text, "{\"id\": 12}", 10);
	assert_int_equal(page.documents[1].length, 10);
	sync_page_fini(&page);
}

static void test_read_fails(void **state)
{
	(void)state;
	read_fails("", "a page of flights");
	read_fails("[]", "a page of flights");
	read_fails("<html>", "a page of flights");
	read_fails("{}", "count, next and results");
	read_fails("{\"count\":1,\"results\":[]}", "count, next and results");
	read_fails("{\"count\":-1,\"next\":null,\"results\":[]}", "a number of flights");
	read_fails("{\"count\":1.0,\"next\":null,\"results\":[]}", "a number of flights");
	read_fails("{\"count\":99999999999999999999,\"next\":null,\"results\":[]}",
	           "a number of flights");
	read_fails("{\"count\":null,\"next\":null,\"results\":[]}", "a number of flights");
	read_fails("{\"count\":1,\"next\":5,\"results\":[]}", "the address of a page, or null");
	read_fails("{\"count\":1,\"next\":\"\",\"results\":[]}", "the address of a page, or null");
	read_fails("{\"count\":1,\"next\":\"a\\u0000b\",\"results\":[]}",
	           "the address of a page, or null");
	read_fails("{\"count\":1,\"next\":null,\"results\":null}", "a list of flights");
	read_fails("{\"count\":1,\"next\":null,\"results\":[1]}", "a flight");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{}]}", "an id before the flight's end");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":\"1\"}]}", "the flight's id");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":0}]}", "the flight's id");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":1}", "',' or ']'");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":1}]}x", "the end");
	read_fails("{\"count\":1,\"count\":1,\"next\":null,\"results\":[]}",
	           "each part of the page once");
}

/* Every beginning of a page is refused, and none is read beyond its end. */
static void test_read_cut(void **state)
{
	static const char text[] = "{\"count\":2,\"next\":null,\"previous\":null,"
				   "\"results\":[{\"id\":1,\"a\":\"\\u00e4\"},{\"id\":2}]}";

	(void)state;
	for (size_t length = 0; length < sizeof(text) - 1; length++) {
		struct sync_page page;
		struct error error = {0};
		char *copy = malloc(length ? length : 1);

		memcpy(copy, text, length);
		assert_false(sync_page_read(&page, "page", copy, length, &error));
		sync_page_fini(&page);
		free(copy);
	}
}

/* A page of flights with those ids (0 ends them). */
static bool check(const int64_t *ids, const char *next, int64_t count, struct sync_place place,
                  struct error *error)
{
	struct sync_document documents[10];
	struct sync_page page = {.count = count, .next = next, .documents = documents};

	for (; *ids != 0; ids++)
		documents[page.document_count++] = (struct sync_document){.id = *ids};
	place.upstream = UPSTREAM;
	*error = (struct error){0};
	return sync_page_check(&page, &place, error);
}

#define IDS(...) ((const int64_t[]){__VA_ARGS__, 0})
#define PLACE(o, l, last) ((struct sync_place){.offset = (o), .limit = (l), .last_id = (last)})

static void check_fails(const int64_t *ids, const char *next, int64_t count,
                        struct sync_place place, const char *part)
{
	struct error error;

	assert_false(check(ids, next, count, place, &error));
	if (!strstr(error.text, part))
		fail_msg("not \"%s\" but \"%s\"", part, error.text);
}

static void test_check(void **state)
{
	struct error error;

	(void)state;
	assert_true(check(IDS(4, 5, 9), LIST "?limit=3&offset=3", 7, PLACE(0, 3, 0), &error));
	assert_true(check(IDS(10), NULL, 7, PLACE(6, 3, 9), &error));
	/* The upstream takes a smaller limit: no flight is left out. */
	assert_true(check(IDS(4, 5), LIST "?limit=2&offset=2", 7, PLACE(0, 3, 0), &error));
	/* A list that became shorter than the place. */
	assert_true(check(IDS(0), NULL, 5, PLACE(6, 3, 9), &error));
	assert_true(check(IDS(0), NULL, 0, PLACE(0, 3, 0), &error));

	check_fails(IDS(4, 4), NULL, 2, PLACE(0, 3, 0), "flight 4 comes twice");
	check_fails(IDS(5, 4), NULL, 2, PLACE(0, 3, 0), "out of order");
	check_fails(IDS(9, 10), NULL, 5, PLACE(3, 3, 9), "flight 9 comes twice");
	check_fails(IDS(4, 5, 6, 7), NULL, 4, PLACE(0, 3, 0), "more than the 3 asked for");
	check_fails(IDS(4, 5), LIST "?limit=3&offset=3", 7, PLACE(0, 3, 0), "does not go on");
	check_fails(IDS(4, 5, 6), LIST "?limit=3", 7, PLACE(0, 3, 0), "does not go on");
	check_fails(IDS(4, 5, 6), LIST "?limit=3&offset=3", 3, PLACE(0, 3, 0), "is reached");
	check_fails(IDS(0), LIST "?limit=3&offset=3", 7, PLACE(3, 3, 0), "no flights, but");
	check_fails(IDS(4, 5), NULL, 3, PLACE(0, 3, 0), "ends after 2 flights");
	check_fails(IDS(4, 5, 6), NULL, 2, PLACE(0, 3, 0), "ends after 3 flights");
	check_fails(IDS(4, 5, 6), "https://other.example/2.3.0/spacecraft_flights/?offset=3", 7,
	            PLACE(0, 3, 0), "leads away");
}

static void test_origin(void **state)
{
	static const char *const same[] = {
		LIST "?limit=3",
		"https://LL.example/2.3.0/spacecraft_flights/",
		"https://ll.example:443/2.3.0/spacecraft_flights/?offset=1",
		"HTTPS://ll.example/2.3.0/spacecraft_flights/#x",
	};
	static const char *const others[] = {
		"http://ll.example/2.3.0/spacecraft_flights/",
		"https://ll.example:444/2.3.0/spacecraft_flights/",
		"https://ll.example.org/2.3.0/spacecraft_flights/",
		"https://ll.example@evil.example/2.3.0/spacecraft_flights/",
		"https://user@ll.example/2.3.0/spacecraft_flights/",
		"https://ll.example/2.3.0/launches/",
		"https://ll.example/2.3.0/spacecraft_flights/1/",
		"//ll.example/2.3.0/spacecraft_flights/",
		"/2.3.0/spacecraft_flights/",
		"ftp://ll.example/2.3.0/spacecraft_flights/",
		"https://ll.example/2.3.0/spacecraft_flights/../launches/",
		"https://ll.example\n/2.3.0/spacecraft_flights/",
		"file:///etc/passwd",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!sync_url_is_list(same[i], UPSTREAM))
			fail_msg("refused: %s", same[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (sync_url_is_list(others[i], UPSTREAM))
			fail_msg("taken: %s", others[i]);
	assert_true(sync_url_is_list("http://[::1]:8000/2.3.0/spacecraft_flights/",
	                             "http://[::1]:8000"));
	assert_true(sync_url_same_origin("http://127.0.0.1:80/x", "http://127.0.0.1"));
}

static void limit_is(const char *url, int64_t limit, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	sync_url_with_limit(&out, url, limit);
	assert_string_equal(out.data, expected);
	strbuf_fini(&out);
}

static void test_url(void **state)
{
	struct strbuf out = STRBUF_INIT;
	int64_t value = -1;

	(void)state;
	sync_url_list(&out, UPSTREAM, 100, 0);
	assert_string_equal(out.data, LIST "?mode=detailed&limit=100&ordering=id&format=json");
	strbuf_reset(&out);
	sync_url_list(&out, UPSTREAM, 50, 200);
	assert_string_equal(out.data,
	                    LIST "?mode=detailed&limit=50&offset=200&ordering=id&format=json");
	assert_true(sync_url_parameter(out.data, "offset", &value));
	assert_int_equal(value, 200);
	assert_false(sync_url_parameter(out.data, "ffset", &value));
	assert_false(sync_url_parameter(out.data, "mode", &value));
	assert_false(sync_url_parameter(LIST "?offset=", "offset", &value));
	assert_false(sync_url_parameter(LIST "?offset=99999999999999999999", "offset", &value));
	strbuf_fini(&out);
	limit_is("http://h/?limit=100&a=1", 50, "http://h/?limit=50&a=1");
	limit_is("http://h/?xlimit=1&limit=100", 5, "http://h/?xlimit=1&limit=5");
	limit_is("http://h/?a=1", 50, "http://h/?a=1&limit=50");
	limit_is("http://h/", 50, "http://h/?limit=50");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),     cmocka_unit_test(test_read_fails),
		cmocka_unit_test(test_read_cut), cmocka_unit_test(test_check),
		cmocka_unit_test(test_origin),   cmocka_unit_test(test_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
