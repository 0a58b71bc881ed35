/* Pages of the upstream: cut into documents, checked against what is due; their addresses. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "upstream/page.h"
#include "upstream/url.h"

#define UPSTREAM "https://ll.example"
#define LIST_PATH "/2.3.0/spacecraft_flights/"
#define LIST UPSTREAM LIST_PATH

static void read_fails(const char *text, const char *part)
{
	struct upstream_page page;
	struct error error = {0};

	assert_false(upstream_page_read(&page, "page", &resource_spacecraft_flight, text,
	                                strlen(text), &error));
	if (!strstr(error.text, part))
		fail_msg("%s: not \"%s\" but \"%s\"", text, part, error.text);
	upstream_page_fini(&page);
}

static void test_read(void **state)
{
	static const char text[] =
		" {\"count\": 907, \"next\": \"" LIST "?a\\u0062=\\/1\","
		"\"previous\": null, \"results\": [\n"
		"{\"x\":{\"id\":5},\"id\":7,\"y\":[1,{\"id\":9}]} ,{\"id\": 12}] }\n";
	struct upstream_page page;
	struct error error = {0};

	(void)state;
	assert_true(upstream_page_read(&page, "page", &resource_spacecraft_flight, text,
	                               sizeof(text) - 1, &error));
	assert_int_equal(page.count, 907);
	assert_string_equal(page.next, LIST "?ab=/1");
	assert_int_equal(page.document_count, 2);
	assert_int_equal(page.documents[0].key.low, 7);
	assert_int_equal(json_object_size(page.documents[0].json), 3);
	assert_non_null(json_object_get(page.documents[0].json, "y"));
	assert_int_equal(page.documents[1].key.low, 12);
	assert_int_equal(json_object_size(page.documents[1].json), 1);
	upstream_page_fini(&page);
}

static void test_read_fails(void **state)
{
	(void)state;
	read_fails("", "page:1:");
	read_fails("[]", "page: expected a page of documents, found a list");
	read_fails("<html>", "page:1:1: ");
	read_fails("{}", "count: expected a number of documents, found nothing");
	read_fails("{\"count\":1,\"results\":[]}",
	           "next: expected the address of a page or null, found nothing");
	read_fails("{\"count\":1,\"next\":null}", "results: expected a list of documents");
	read_fails("{\"count\":-1,\"next\":null,\"results\":[]}",
	           "a number of documents, found -1");
	read_fails("{\"count\":1.0,\"next\":null,\"results\":[]}",
	           "a number of documents, found 1.0");
	read_fails("{\"count\":99999999999999999999,\"next\":null,\"results\":[]}",
	           "count: expected a number of documents, found 1");
	read_fails("{\"count\":null,\"next\":null,\"results\":[]}", "a number of documents");
	read_fails("{\"count\":1,\"next\":5,\"results\":[]}",
	           "next: expected the address of a page or null, found 5");
	read_fails("{\"count\":1,\"next\":\"\",\"results\":[]}", "the address of a page or null");
	read_fails("{\"count\":1,\"next\":\"a\\u0000b\",\"results\":[]}",
	           "the address of a page or null, found \"a\\u0000b\"");
	read_fails("{\"count\":1,\"next\":null,\"results\":null}", "a list of documents");
	read_fails("{\"count\":1,\"next\":null,\"results\":[1]}",
	           "page: results[0]: expected an object, found 1");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{}]}",
	           "page: results[0].id: expected an id of 0 or above, found nothing");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":\"1\"}]}",
	           "results[0].id: expected an id of 0 or above, found \"1\"");
	read_fails("{\"count\":2,\"next\":null,\"results\":[{\"id\":0},{\"id\":-1}]}",
	           "results[1].id: expected an id of 0 or above, found -1");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":1}", "']' expected");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":1}]}x", "end of file expected");
	read_fails("{\"count\":1,\"count\":1,\"next\":null,\"results\":[]}",
	           "duplicate object key");
	read_fails("{\"count\":1,\"next\":null,\"results\":[{\"id\":1,\"a\":\"\xff\"}]}",
	           "unable to decode byte 0xff");
}

/* Every beginning of a page is refused, and none is read beyond its end. */
static void test_read_cut(void **state)
{
	static const char text[] = "{\"count\":2,\"next\":null,\"previous\":null,"
				   "\"results\":[{\"id\":1,\"a\":\"\\u00e4\"},{\"id\":2}]}";

	(void)state;
	for (size_t length = 0; length < sizeof(text) - 1; length++) {
		struct upstream_page page;
		struct error error = {0};
		char *copy = malloc(length ? length : 1);

		memcpy(copy, text, length);
		assert_false(upstream_page_read(&page, "page", &resource_spacecraft_flight, copy,
		                                length, &error));
		upstream_page_fini(&page);
		free(copy);
	}
}

/* A page of flights with those ids (0 ends them). */
static bool check(const int64_t *ids, const char *next, int64_t count,
                  struct page_position position, struct error *error)
{
	struct upstream_document documents[10];
	struct upstream_page page = {.count = count, .next = next, .documents = documents};
	bool good;

	for (; *ids != 0; ids++)
		documents[page.document_count++] =
			(struct upstream_document){.key = key_of_integer(*ids)};
	position.upstream = UPSTREAM;
	position.path = LIST_PATH;
	position.resource = &resource_spacecraft_flight;
	*error = (struct error){0};
	good = upstream_page_check(&page, &position, error);
	upstream_page_fini(&page);
	return good;
}

#define IDS(...) ((const int64_t[]){__VA_ARGS__, 0})
#define POSITION(o, l) ((struct page_position){.offset = (o), .limit = (l)})

static void check_fails(const int64_t *ids, const char *next, int64_t count,
                        struct page_position position, const char *part)
{
	struct error error;

	assert_false(check(ids, next, count, position, &error));
	if (!strstr(error.text, part))
		fail_msg("not \"%s\" but \"%s\"", part, error.text);
}

static void test_check(void **state)
{
	struct error error;

	(void)state;
	assert_true(check(IDS(4, 5, 9), LIST "?limit=3&offset=3", 7, POSITION(0, 3), &error));
	assert_true(check(IDS(10), NULL, 7, POSITION(6, 3), &error));
	/* The upstream takes a smaller limit: no flight is left out. */
	assert_true(check(IDS(4, 5), LIST "?limit=2&offset=2", 7, POSITION(0, 3), &error));
	/* A list that became shorter than the place. */
	assert_true(check(IDS(0), NULL, 5, POSITION(6, 3), &error));
	assert_true(check(IDS(0), NULL, 0, POSITION(0, 3), &error));

	check_fails(IDS(4, 4), NULL, 2, POSITION(0, 3), "document 4 comes twice");
	check_fails(IDS(4, 9, 4), NULL, 3, POSITION(0, 3), "document 4 comes twice");
	check_fails(IDS(4, 5, 6, 7), NULL, 4, POSITION(0, 3), "more than the 3 requested");
	check_fails(IDS(4, 5), LIST "?limit=3&offset=3", 7, POSITION(0, 3), "does not go on");
	check_fails(IDS(4, 5, 6), LIST "?limit=3", 7, POSITION(0, 3), "does not go on");
	check_fails(IDS(4, 5, 6), LIST "?limit=3&offset=3", 3, POSITION(0, 3), "is reached");
	check_fails(IDS(0), LIST "?limit=3&offset=3", 7, POSITION(3, 3), "no documents, but");
	check_fails(IDS(4, 5), NULL, 3, POSITION(0, 3), "ends behind document 2,");
	check_fails(IDS(4, 5, 6), NULL, 2, POSITION(0, 3), "ends behind document 3,");
	check_fails(IDS(4, 5, 6), "https://other.example/2.3.0/launches/?offset=3", 7,
	            POSITION(0, 3), "leads away");
	check_fails(IDS(4, 5, 6), "https://other.example/2.3.0/spacecraft_flights/?offset=4", 7,
	            POSITION(0, 3), "does not go on");
}

static bool ascends(const int64_t *ids, int64_t last_id, struct error *error)
{
	struct upstream_document documents[10];
	struct upstream_page page = {.documents = documents};

	for (; *ids != 0; ids++)
		documents[page.document_count++] =
			(struct upstream_document){.key = key_of_integer(*ids)};
	*error = (struct error){0};
	return upstream_page_ascends(&page, &resource_spacecraft_flight,
	                             &(struct key){0, (uint64_t)last_id}, error);
}

/* Any order is a page's; only one says where a flight is. */
static void test_order(void **state)
{
	struct error error;

	(void)state;
	assert_true(check(IDS(5, 4), NULL, 2, POSITION(0, 3), &error));
	assert_true(check(IDS(9, 10), NULL, 5, POSITION(3, 3), &error));
	assert_true(ascends(IDS(4, 5, 9), 3, &error));
	assert_true(ascends(IDS(0), 3, &error));
	assert_false(ascends(IDS(4, 9, 5), 3, &error));
	assert_string_equal(error.text, "document 5 comes after document 9, out of order");
	assert_false(ascends(IDS(4, 5), 4, &error));
	assert_false(ascends(IDS(4, 5), 7, &error));
}

/* A page of documents with those urls. */
static bool check_urls(const char *first, const char *second, struct error *error)
{
	json_t *documents[] = {json_pack("{s:s}", "url", first), json_pack("{s:s}", "url", second)};
	struct upstream_document list[] = {{{0, 1}, documents[0]}, {{0, 2}, documents[1]}};
	struct upstream_page page = {.count = 2, .documents = list, .document_count = 2};
	struct page_position position = {UPSTREAM, LIST_PATH, &resource_spacecraft_flight, 0, 10};
	bool good;

	*error = (struct error){0};
	good = upstream_page_check(&page, &position, error);
	upstream_page_fini(&page);
	json_decref(documents[0]);
	json_decref(documents[1]);
	return good;
}

/* A list has documents of its own endpoint alone. */
static void test_kind(void **state)
{
	struct error error;

	(void)state;
	assert_true(
		check_urls(LIST "1/", "http://elsewhere:81/x/2.3.0/spacecraft_flights/2/", &error));
	assert_false(check_urls(LIST "1/", UPSTREAM "/2.3.0/landings/2/", &error));
	assert_string_equal(error.text, "page: results[1].url: expected a document of "
	                                "spacecraft_flights, found landings");
	assert_false(check_urls(UPSTREAM "/2.3.0/spacecraft/2/", LIST "2/", &error));
}

static void rebased_is(const char *url, const char *expected)
{
	struct strbuf out = STRBUF_INIT;
	bool rebased = url_rebase(&out, url, UPSTREAM, LIST_PATH);

	if (rebased != (expected != NULL))
		fail_msg("%s: %s", rebased ? "taken" : "refused", url);
	if (rebased)
		assert_string_equal(out.data, expected);
	strbuf_fini(&out);
}

/* A page of the list is where the upstream is, whatever host its address has. */
static void test_rebase(void **state)
{
	static const char *const others[] = {
		"https://ll.example/2.3.0/launches/",
		"https://ll.example/2.3.0/spacecraft_flights/1/",
		"https://ll.example/2.3.0/spacecraft_flights/../launches/",
		"https://ll.example/?/2.3.0/spacecraft_flights/",
		"https://ll.example/#/2.3.0/spacecraft_flights/",
		"https://ll.example\n/2.3.0/spacecraft_flights/",
		"ftp://ll.example/2.3.0/spacecraft_flights/",
		"file:///2.3.0/spacecraft_flights/",
		"https://",
	};

	(void)state;
	rebased_is(LIST "?limit=3&offset=6", LIST "?limit=3&offset=6");
	rebased_is("http://10.0.0.1:8000/2.3.0/spacecraft_flights/?offset=1#x", LIST "?offset=1");
	rebased_is("https://user:word@evil.example/2.3.0/spacecraft_flights/?a=%2Fb",
	           LIST "?a=%2Fb");
	rebased_is("https://public.example/ll2/2.3.0/spacecraft_flights/", LIST);
	rebased_is("//public.example/2.3.0/spacecraft_flights/?offset=1", LIST "?offset=1");
	rebased_is("/2.3.0/spacecraft_flights/?offset=1", LIST "?offset=1");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		rebased_is(others[i], NULL);
}

static void test_origin(void **state)
{
	static const char *const same[] = {
		"https://LL.example/2.3.0/spacecraft_flights/",
		"https://ll.example:443/?offset=1",
		"HTTPS://ll.example/2.3.0/spacecraft_flights/#x",
	};
	static const char *const others[] = {
		"http://ll.example/2.3.0/spacecraft_flights/",
		"https://ll.example:444/2.3.0/spacecraft_flights/",
		"https://ll.example.org/2.3.0/spacecraft_flights/",
		"https://ll.example@evil.example/2.3.0/spacecraft_flights/",
		"https://user@ll.example/2.3.0/spacecraft_flights/",
		"//ll.example/2.3.0/spacecraft_flights/",
		"/2.3.0/spacecraft_flights/",
		"ftp://ll.example/2.3.0/spacecraft_flights/",
		"https://ll.example\n/2.3.0/spacecraft_flights/",
		"file:///etc/passwd",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!url_same_origin(same[i], UPSTREAM))
			fail_msg("refused: %s", same[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (url_same_origin(others[i], UPSTREAM))
			fail_msg("taken: %s", others[i]);
	assert_true(url_same_origin("http://[::1]:8000/x", "http://[::1]:8000"));
	assert_true(url_same_origin("http://127.0.0.1:80/x", "http://127.0.0.1"));
}

static void limit_is(const char *url, int64_t limit, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	url_with_limit(&out, url, limit);
	assert_string_equal(out.data, expected);
	strbuf_fini(&out);
}

static void test_url(void **state)
{
	const struct url_list list = {UPSTREAM, LIST_PATH, "detailed", "id", NULL};
	const struct url_list other = {UPSTREAM, "/2.3.0/pads/", NULL, "-net", "active=true"};
	struct strbuf out = STRBUF_INIT;
	int64_t value = -1;

	(void)state;
	url_list_page(&out, &list, 100, 0);
	assert_string_equal(out.data, LIST "?mode=detailed&limit=100&ordering=id&format=json");
	strbuf_reset(&out);
	url_list_page(&out, &list, 50, 200);
	assert_string_equal(out.data,
	                    LIST "?mode=detailed&limit=50&offset=200&ordering=id&format=json");
	assert_true(url_parameter(out.data, "offset", &value));
	assert_int_equal(value, 200);
	assert_false(url_parameter(out.data, "ffset", &value));
	assert_false(url_parameter(out.data, "mode", &value));
	assert_false(url_parameter(LIST "?offset=", "offset", &value));
	assert_false(url_parameter(LIST "?offset=99999999999999999999", "offset", &value));
	strbuf_fini(&out);
	out = (struct strbuf)STRBUF_INIT;
	url_list_page(&out, &other, 7, 0);
	assert_string_equal(out.data, UPSTREAM "/2.3.0/pads/"
	                                       "?limit=7&ordering=-net&active=true&format=json");
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
		cmocka_unit_test(test_kind),     cmocka_unit_test(test_order),
		cmocka_unit_test(test_origin),   cmocka_unit_test(test_rebase),
		cmocka_unit_test(test_url),
	};

	return RUN_TESTS("sync_page", tests, NULL, NULL);
}
