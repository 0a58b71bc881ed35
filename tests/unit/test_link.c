/* Urls of other pages. Expected ones are the contract's; many more, made by Python, are in
   test_http_vectors. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "protocol/link.h"
#include "protocol/pagination.h"
#include "support/cmocka.h"

#define LIST "http://ll.example.org/2.3.0/spacecraft_flights/"

struct page {
	struct arena arena;
	struct query query;
	struct link link;
	struct strbuf out;
};

static void page_init(struct page *page, const char *raw)
{
	arena_init(&page->arena);
	page->link = (struct link){.base = text_of("http://ll.example.org"),
	                           .path = text_of("/2.3.0/spacecraft_flights/"),
	                           .query = text_of(raw)};
	page->out = (struct strbuf)STRBUF_INIT;
	assert_true(query_parse(&page->arena, page->link.query, NULL, &page->query));
}

static void page_fini(struct page *page)
{
	strbuf_fini(&page->out);
	arena_fini(&page->arena);
}

/* Links behind LIST; NULL: none. */
static void assert_links(const char *raw, int64_t count, const char *next, const char *previous)
{
	struct page page;

	page_init(&page, raw);
	assert_int_equal(pagination_write_next(&page.out, &page.link, &page.query, count),
	                 next != NULL);
	if (next) {
		assert_memory_equal(page.out.data, LIST, strlen(LIST));
		assert_string_equal(page.out.data + strlen(LIST), next);
	}
	strbuf_reset(&page.out);
	assert_int_equal(pagination_write_previous(&page.out, &page.link, &page.query),
	                 previous != NULL);
	if (previous) {
		assert_memory_equal(page.out.data, LIST, strlen(LIST));
		assert_string_equal(page.out.data + strlen(LIST), previous);
	}
	page_fini(&page);
}

static void test_pages(void **state)
{
	(void)state;
	assert_links("", 250, "?limit=10&offset=10", NULL);
	assert_links(NULL, 250, "?limit=10&offset=10", NULL);
	assert_links("limit=101", 250, "?limit=100&offset=100", NULL);
	assert_links("offset=5", 250, "?limit=10&offset=15", "?limit=10");
	assert_links("offset=10", 250, "?limit=10&offset=20", "?limit=10");
	assert_links("offset=20", 250, "?limit=10&offset=30", "?limit=10&offset=10");
	assert_links("offset=239", 250, "?limit=10&offset=249", "?limit=10&offset=229");
	assert_links("offset=240", 250, NULL, "?limit=10&offset=230");
	assert_links("offset=251", 250, NULL, "?limit=10&offset=241");
	assert_links("limit=2&offset=1", 250, "?limit=2&offset=3", "?limit=2");
	assert_links("limit=2&offset=2", 250, "?limit=2&offset=4", "?limit=2");
	assert_links("limit=100", 100, NULL, NULL);
	assert_links("limit=100", 101, "?limit=100&offset=100", NULL);
	assert_links("", 0, NULL, NULL);
	assert_links("offset=5", 0, NULL, "?limit=10");
	assert_links("limit=3&limit=2&offset=9&offset=4&limit=5", 20, "?limit=5&offset=9",
	             "?limit=5");
}

/* Saturated: the row that would come next has no number. */
static void test_far_away(void **state)
{
	(void)state;
	assert_links("offset=99999999999999999999", 250, NULL,
	             "?limit=10&offset=999999999999999990");
	assert_links("offset=99999999999999999999", INT64_MAX,
	             "?limit=10&offset=1000000000000000010", "?limit=10&offset=999999999999999990");
}

static void test_other_parameters(void **state)
{
	(void)state;
	assert_links("z=1&a=2&limit=2&Z=3", 250, "?Z=3&a=2&limit=2&offset=2&z=1", NULL);
	assert_links("mode=detailed&spacecraft=289&limit=5", 22,
	             "?limit=5&mode=detailed&offset=5&spacecraft=289", NULL);
	assert_links("b=2&a=1&b=1&limit=2&a=0", 250, "?a=1&a=0&b=2&b=1&limit=2&offset=2", NULL);
	assert_links("a=&b&limit=2", 250, "?a=&b=&limit=2&offset=2", NULL);
	assert_links("&&a=1&&limit=2&", 250, "?a=1&limit=2&offset=2", NULL);
	assert_links("=x&limit=2", 250, "?=x&limit=2&offset=2", NULL);
	assert_links("a=x+y%20z&b=b=c&limit=2", 250, "?a=x+y+z&b=b%3Dc&limit=2&offset=2", NULL);
	assert_links("a=~-._%7E%2D%2E%5F&limit=2", 250, "?a=~-._~-._&limit=2&offset=2", NULL);
	assert_links("a=%zz&b=100%&c=%00&limit=2", 250, "?a=%25zz&b=100%25&c=%00&limit=2&offset=2",
	             NULL);
	assert_links("a=%FF%C3&limit=2", 250, "?a=%EF%BF%BD%EF%BF%BD&limit=2&offset=2", NULL);
	assert_links("a=\xC3\xA9&limit=2", 250, "?a=%C3%83%C2%A9&limit=2&offset=2", NULL);
	assert_links("format=&limit=2", 250, "?format=&limit=2&offset=2", NULL);
	assert_links("%6Cimit=3", 250, "?limit=3&offset=3", NULL);
	assert_links("Limit=3", 250, "?Limit=3&limit=10&offset=10", NULL);
	/* By code points, which is by bytes; U+FFFD comes before characters beyond it. */
	assert_links("%F0%9F%9A%80=1&%FF=2&%C3%A9=3&z=4&zz=5&z0=6", 250,
	             "?limit=10&offset=10&z=4&z0=6&zz=5&%C3%A9=3&%EF%BF%BD=2&%F0%9F%9A%80=1", NULL);
}

static void assert_written(const char *raw, const struct link_change *changes, size_t count,
                           const char *expected)
{
	struct page page;

	page_init(&page, raw);
	link_write(&page.out, &page.link, changes, count);
	assert_string_equal(page.out.data, expected);
	page_fini(&page);
}

static void test_changes(void **state)
{
	static const struct link_change format[] = {{"format", "json"}};
	static const struct link_change no_offset[] = {{"offset", NULL}};
	static const struct link_change text[] = {{"q", "a b&\u00e9"}};

	(void)state;
	assert_written("", format, 1, "/2.3.0/spacecraft_flights/?format=json");
	assert_written("z=1&format=api&b=2&format=xml", format, 1,
	               "/2.3.0/spacecraft_flights/?b=2&format=json&z=1");
	assert_written("offset=20", no_offset, 1, "/2.3.0/spacecraft_flights/");
	assert_written("offset=20&limit=3", no_offset, 1, "/2.3.0/spacecraft_flights/?limit=3");
	assert_written("", text, 1, "/2.3.0/spacecraft_flights/?q=a+b%26%C3%A9");
	assert_written("b=1&a=2", NULL, 0, "/2.3.0/spacecraft_flights/?a=2&b=1");
	assert_written(NULL, NULL, 0, "/2.3.0/spacecraft_flights/");
}

static void test_as_sent(void **state)
{
	struct page page;

	(void)state;
	page_init(&page, "b=%zz&a=\"\xC3\xA9");
	page.link.path = text_of("/2.3.0/spacecraft_flights/1 \u00e9/");
	link_write_as_sent(&page.out, &page.link);
	assert_string_equal(page.out.data,
	                    "/2.3.0/spacecraft_flights/1%20%C3%A9/?b=%zz&a=%22%C3%83%C2%A9");
	page_fini(&page);
	page_init(&page, "");
	link_write_as_sent(&page.out, &page.link);
	assert_string_equal(page.out.data, "/2.3.0/spacecraft_flights/");
	page_fini(&page);
}

static void test_prefix(void **state)
{
	static const struct link_change changes[] = {{"format", "json"}};
	struct page page;

	(void)state;
	page_init(&page, "limit=2");
	page.link.base = text_of("http://ll.example.org/ll2");
	page.link.prefix = text_from(page.link.base, strlen("http://ll.example.org"));
	link_write(&page.out, &page.link, changes, 1);
	strbuf_char(&page.out, ' ');
	link_write_url(&page.out, &page.link, changes, 1);
	strbuf_char(&page.out, ' ');
	link_write_path(&page.out, &page.link);
	strbuf_char(&page.out, ' ');
	link_write_as_sent(&page.out, &page.link);
	strbuf_char(&page.out, ' ');
	assert_true(pagination_write_next(&page.out, &page.link, &page.query, 9));
	assert_string_equal(
		page.out.data,
		"/ll2/2.3.0/spacecraft_flights/?format=json&limit=2 "
		"http://ll.example.org/ll2/2.3.0/spacecraft_flights/?format=json&limit=2 "
		"/ll2/2.3.0/spacecraft_flights/ "
		"/ll2/2.3.0/spacecraft_flights/?limit=2 "
		"http://ll.example.org/ll2/2.3.0/spacecraft_flights/?limit=2&offset=2");
	page_fini(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_far_away),
		cmocka_unit_test(test_other_parameters),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_as_sent),
	};

	return RUN_TESTS("link", tests, NULL, NULL);
}
