/* The browsable page of flights: it has the content, words and links of the original's page; text from
   outside stays text; and it is a single small response. */
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browsable/page_internal.h"
#include "support/cmocka.h"
#include "support/html.h"
#include "support/importing.h"
#include "support/markup_check.h"
#include "support/page_fixture.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define OVERHEAD_MOST 30000
#define DOCS_MOST 1200 /* an endpoint */

static struct page_choice spacecraft[] = {
	{{0, 289}, "Dragon \"X\" <b>"}, {{0, 602}, "Tianzhou-8"}, {{0, 7}, "A & B's"}};

static const char empty_list[] = "{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}";

/* The page of an empty list that is part of `count` rows. */
static char *render_list(const char *target, int64_t count)
{
	struct page_fixture fixture;

	page_fixture_init(&fixture, target, empty_list);
	fixture.choices[0] = (struct page_choices){spacecraft, 3};
	fixture.page.count = count;
	return page_fixture_render(&fixture);
}

static char *compact_file(const char *path)
{
	size_t length;
	char *text = file_text(path, &length);

	html_compact_json(text);
	return text;
}

/* Every tag of every template has its slot, and every slot a tag. */
static void test_templates(void **state)
{
	static const struct markup *const markups[] = {
		&layout_markup, &page_markup,    &filter_form_markup, &filter_fields_markup,
		&pager_markup,  &summary_markup, &flight_markup,      &flight_list_markup,
		&docs_markup,   &space_markup,   &calendar_markup,    &feed_markup,
	};
	static const struct markup_root roots[] = {
		{"flight", &resource_spacecraft_flight},
		{"flights", &resource_spacecraft_flight},
		{"crew_member", &resource_astronaut_flight},
		{"others", NULL},
		{"space", NULL},
		{"group_flights", NULL},
		{"data", NULL},
		{NULL, NULL},
	};
	struct error error = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(markups) / sizeof(markups[0]); i++)
		if (!markup_check(markups[i], roots, &error))
			fail_msg("template %zu: %s", i, error.text);
}

/* XML can say neither control characters nor U+FFFE and U+FFFF, however they are escaped. */
static void test_feed_of_hostile_name(void **state)
{
	struct page_fixture fixture;
	struct strbuf out = STRBUF_INIT;

	(void)state;
	page_fixture_init(&fixture, "/", "");
	fixture.page.data =
		text_of("{\"happenings\":[{\"craft\":"
	                "\"a\\u0000b\\u0001c\\u001fd\\t\\n\\re<&>\\ufffef\\uffffg\\ufffd\"}]}");
	page_write_feed(&fixture.page, &out);
	assert_int_equal(strlen(out.data), out.length);
	assert_has(out.data, ": a b c d\t\n\re&lt;&amp;&gt;   f   g\xEF\xBF\xBD, ");
	strbuf_fini(&out);
	arena_fini(&fixture.arena);
}

/* The text of a part of a page, new. */
static char *text_between(const char *html, const char *begin, const char *end)
{
	char *part = html_between(html, begin, end);
	char *text = html_text(part);

	free(part);
	return text;
}

/* The page of the seed is this page, to the byte from the request line on; above it, the words of its
   documentation. */
static void test_seed_page(void **state)
{
	size_t length;
	char *seed = file_text("tests/data/seed-page.txt", &length);
	char *request = strstr(seed, "GET /2.3.0");
	char *json = compact_file("tests/data/flight-864.json");
	struct page_fixture fixture;
	char *html, *text;

	(void)state;
	page_fixture_init(&fixture, LIST "864/?format=api", json);
	html = page_fixture_render(&fixture);
	text = text_between(html, "<pre class=\"request\">", "</section>");
	seed[length - (seed[length - 1] == '\n')] = '\0';
	text[strlen(text) - 1] = '\0'; /* the line's end behind the JSON */
	assert_string_equal(text, request);
	free(text);
	request[-1] = '\0';
	html_squeeze(seed);
	text = text_between(html, "<section class=\"docs\" aria-label=\"About this endpoint\">",
	                    "</section>");
	html_squeeze(text);
	assert_string_equal(text, seed);
	free(text);
	free(html);
	free(json);
	free(seed);
}

static void test_flight(void **state)
{
	char *json = compact_file("tests/data/flight-840.json");
	struct page_fixture fixture;
	char *html;

	(void)state;
	page_fixture_init(&fixture, LIST "840/?b=2&format=api&a=%C3%A9", json);
	html = page_fixture_render(&fixture);
	assert_has(html,
	           "<title>Crew Dragon Endurance, Crew-10 \xE2\x80\x93 Launch Library</title>");
	assert_has(html, "<meta name=\"description\" content=\"Crew Dragon Endurance, Crew-10: "
	                 "Docked.\">");
	assert_has(html, "<p class=\"kicker\">Spacecraft Flight Instance</p>\n"
	                 "<h1>Crew Dragon Endurance, Crew-10</h1>\n"
	                 "<p class=\"state docked\">Docked</p>");
	assert_has(html,
	           "<a href=\"/2.3.0/spacecraft_flights/?format=api\">Spacecraft Flight List</a>");
	assert_has(html,
	           "<a href=\"/2.3.0/spacecraft_flights/840/?format=api\" aria-current=\"page\">"
	           "Crew Dragon Endurance, Crew-10</a>");
	assert_has(html, " href=\"/2.3.0/spacecraft_flights/840/?b=2&amp;format=api&amp;a=%C3%A9\" "
	                 "rel=\"nofollow\" title=\"Make a GET request on this address\">GET</a>");
	assert_has(html,
	           " href=\"/2.3.0/spacecraft_flights/840/?a=%C3%A9&amp;b=2&amp;format=json\"");
	assert_has(html,
	           " href=\"/2.3.0/spacecraft_flights/840/?a=%C3%A9&amp;b=2&amp;format=api\"");
	assert_has(
		html,
		"<b>GET</b> /2.3.0/spacecraft_flights/840/?b=2&amp;format=api&amp;a=%C3%A9</pre>");
	assert_has(html,
	           "<b>HTTP 200 OK</b>\n<b>Allow:</b> GET\n<b>Content-Type:</b> application/json\n"
	           "<b>Vary:</b> Accept\n\n</pre>");
	assert_has(html, "alt=\"Crew Dragon docking\" width=\"96\" height=\"96\" loading=\"lazy\" "
	                 "decoding=\"async\" referrerpolicy=\"no-referrer\">");
	assert_has_not(html, "<form");
	assert_has_not(html, "<nav class=\"pages\"");
	assert_has_not(html, "<script");
	free(html);
	free(json);
}

static void test_filters(void **state)
{
	char *html = render_list(
		LIST "?format=api&spacecraft=289&search=%22a%3Cb%22&ordering=-launch__net"
		     "&mode=detailed&limit=7",
		0);

	(void)state;
	assert_has(html, "<details class=\"filters\" open>");
	assert_has(html, "<form method=\"get\" action=\"/2.3.0/spacecraft_flights/\">");
	assert_has(html, "<input type=\"hidden\" name=\"format\" value=\"api\">");
	assert_has(html, "<option value=\"289\" selected>Dragon &quot;X&quot; &lt;b&gt;</option>");
	assert_has(html, "<option value=\"7\">A &amp; B&#x27;s</option>");
	assert_has(html, "type=\"search\" value=\"&quot;a&lt;b&quot;\"");
	assert_has(html, "<option value=\"-launch__net\" selected>");
	assert_has(html, "<option value=\"detailed\" selected>");
	assert_has(html, "max=\"100\" value=\"7\">");
	assert_has(html, "<p>No flights</p>");
	free(html);
	html = render_list(LIST "?ordering=a,%22b", 0);
	assert_has(html, "<option value=\"a,&quot;b\" selected>a,&quot;b</option>");
	free(html);
	html = render_list(LIST, 3);
	assert_has(html, "<details class=\"filters\">");
	assert_has_not(html, "name=\"format\"");
	assert_has_not(html, "selected");
	assert_has(html, "<p>Flights 1 to 3 of 3</p>");
	free(html);
}

#define DISABLED_PREVIOUS \
	"<li class=\"disabled\"><a href=\"#\"><span aria-hidden=\"true\">\xC2\xAB</span>"
#define DISABLED_NEXT \
	"<li class=\"disabled\"><a href=\"#\"><span aria-hidden=\"true\">\xC2\xBB</span>"

static void test_pages(void **state)
{
	char *html = render_list(LIST "?z=1", 25);

	(void)state;
	assert_has(html, DISABLED_PREVIOUS);
	assert_has(html, "<li class=\"active\"><a href=\"http://ll.example.org" LIST "?z=1\" "
	                 "aria-current=\"page\">1</a>");
	assert_has(html, "<li><a href=\"http://ll.example.org" LIST "?offset=10&amp;z=1\">2</a>");
	assert_has(html, "<li><a href=\"http://ll.example.org" LIST
	                 "?limit=10&amp;offset=10&amp;z=1\" rel=\"next\">");
	free(html);
	html = render_list(LIST "?limit=5&offset=60", 62);
	assert_has(html, "<li><a href=\"http://ll.example.org" LIST "?limit=5\">1</a>");
	assert_has(html, "<li class=\"gap\" aria-hidden=\"true\">\xE2\x80\xA6</li>");
	assert_has(html, "<li><a href=\"http://ll.example.org" LIST
	                 "?limit=5&amp;offset=55\" rel=\"prev\">");
	assert_has(html, DISABLED_NEXT);
	assert_has(html, "<p>Flights 61 to 62 of 62</p>");
	free(html);
	html = render_list(LIST "?limit=10", 10);
	assert_has_not(html, "<nav class=\"pages\"");
	free(html);
}

static void test_error(void **state)
{
	struct page_fixture fixture;
	char *html;

	(void)state;
	page_fixture_init(&fixture, LIST "?spacecraft=abc", "{\"detail\":\"M \\\"<i>\\\".\"}");
	fixture.page.method = "<B>";
	fixture.page.status = 405;
	fixture.page.reason = "Method Not Allowed";
	fixture.page.count = 300;
	html = page_fixture_render(&fixture);
	assert_has(html, "<b>&lt;B&gt;</b> /2.3.0/");
	assert_has(html, "<b>HTTP 405 Method Not Allowed</b>");
	assert_has(html, "&quot;M \\&quot;&lt;i&gt;\\&quot;.&quot;");
	assert_has_not(html, "<form");
	assert_has_not(html, "<nav class=\"pages\"");
	assert_has_not(html, "<aside");
	free(html);
}

/* It has an answer and a breadcrumb, but nothing that belongs to an endpoint. */
static void test_throttle(void **state)
{
	struct page_fixture fixture;
	char *html;

	(void)state;
	page_fixture_init(&fixture, "/2.3.0/api-throttle/", "{\"ident\":\"::1\"}");
	html = page_fixture_render(&fixture);
	assert_has(html, "<h1>API Throttle</h1>");
	assert_has(html, "<a href=\"/2.3.0/api-throttle/\" aria-current=\"page\">API Throttle</a>");
	assert_has(html, "<b>&quot;ident&quot;</b>: &quot;::1&quot;");
	assert_has_not(html, "class=\"docs\"");
	assert_has_not(html, "<form");
	assert_has_not(html, "<aside");
	free(html);
}

#define HOSTILE "\\\"><script>alert(1)</script>'"

/* The same text in every member of a flight that the page shows beside the JSON. */
static void test_hostile_flight(void **state)
{
	struct page_fixture fixture;
	char *html;

	(void)state;
	page_fixture_init(&fixture, LIST "1/",
	                  "{\"destination\":\"" HOSTILE "\",\"mission_end\":\"" HOSTILE
	                  "\",\"duration\":\"" HOSTILE "\",\"spacecraft\":{\"name\":\"" HOSTILE
	                  "\",\"image\":{\"name\":\"" HOSTILE "\",\"credit\":\"" HOSTILE
	                  "\",\"image_url\":\"javascript:alert(1)\","
	                  "\"thumbnail_url\":\"http://x/" HOSTILE
	                  "\"}},\"launch\":{\"name\":\"" HOSTILE
	                  "\",\"image\":{\"name\":\"y\",\"image_url\":\"https://y/" HOSTILE
	                  "\",\"thumbnail_url\":\"javascript:alert(2)\"}},"
	                  "\"launch_crew\":[{\"astronaut\":{\"name\":\"" HOSTILE "\"}}]}");
	html = page_fixture_render(&fixture);
	assert_has_not(html, "<script");
	assert_has_not(html, "href=\"javascript");
	assert_has_not(html, "src=\"javascript");
	assert_has_not(html, "'\"");
	assert_has(html, "<dd>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#x27;</dd>");
	assert_has(html, "src=\"http://x/&quot;&gt;&lt;script&gt;");
	free(html);
}

static void test_list_of_flights(void **state)
{
	char *flight = compact_file("tests/data/flight-864.json");
	struct strbuf json = STRBUF_INIT;
	struct page_fixture fixture;
	char *html;

	(void)state;
	strbuf_printf(&json,
	              "{\"count\":2,\"next\":null,\"previous\":null,\"results\":[%s,"
	              "{\"url\":\"javascript:x\",\"spacecraft\":null}]}",
	              flight);
	page_fixture_init(&fixture, LIST, json.data);
	fixture.page.count = 2;
	html = page_fixture_render(&fixture);
	assert_has(html, "<a class=\"skip\" href=\"#story\">Skip to the flights</a>\n"
	                 "<a class=\"skip\" href=\"#response\">Skip to the content</a>");
	assert_has(html, "<span class=\"frame\"><img src=\"https://thespacedevs-prod.");
	assert_has(html,
	           "<th scope=\"row\"><a href=\"https://lldev.thespacedevs.com/2.3.0/"
	           "spacecraft_flights/864/?format=api\">Tianzhou-8</a></th><td>Tianzhou-8</td>"
	           "<td>2024-11-15 15:13 UTC</td>");
	assert_has(html, "<td><span class=\"frame\"></span></td><th scope=\"row\"><a href=\"\">"
	                 "</a></th>");
	free(html);
	strbuf_fini(&json);
	free(flight);
}

static size_t compressed(const char *data)
{
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
	size_t most = libdeflate_gzip_compress_bound(compressor, strlen(data));
	char *out = malloc(most);
	size_t length = libdeflate_gzip_compress(compressor, data, strlen(data), out, most);

	assert_true(length > 0);
	free(out);
	libdeflate_free_compressor(compressor);
	return length;
}

static void test_size(void **state)
{
	char *json = compact_file("tests/data/flight-840.json");
	struct page_fixture fixture;
	char *html;

	(void)state;
	page_fixture_init(&fixture, LIST "840/", json);
	html = page_fixture_render(&fixture);
	assert_in_range(compressed(html), 1, compressed(json) + OVERHEAD_MOST);
	free(html);
	html = render_list(LIST, 1000);
	assert_in_range(compressed(html), 1, OVERHEAD_MOST);
	free(html);
	free(json);
}

/* Nothing but pictures comes from elsewhere, and the style is the one that the policy lets in. */
static void test_policy(void **state)
{
	char *html = render_list(LIST, 0);
	char *style = html_between(html, "<style>", "</style>");
	size_t length;
	char *sheet = file_text("src/browsable/page.css", &length);
	char hash[80] = "";
	FILE *hashing;

	(void)state;
	assert_has_not(html, "<script");
	assert_has_not(html, " style=");
	assert_has_not(html, "@import");
	assert_has_not(style, "url(");
	assert_string_equal(style, sheet);
	hashing = popen("sha256sum src/browsable/page.css | cut -c1-64 | tr a-f A-F | "
	                "basenc -d --base16 | base64",
	                "r");
	assert_non_null(hashing);
	assert_non_null(fgets(hash, sizeof(hash), hashing));
	pclose(hashing);
	hash[strcspn(hash, "\n")] = '\0';
	assert_int_equal(strlen(hash), 44);
	assert_has(page_policy, hash);
	free(sheet);
	free(style);
	free(html);
}

static void test_docs(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	page_write_docs(&out);
	assert_has(out.data, "<title>Documentation \xE2\x80\x93 Launch Library</title>");
	assert_has(out.data, "<b>GET</b> /2.3.0/spacecraft_flights/{id}/</pre>");
	assert_has(out.data, "<h3 id=\"SpacecraftFlightDetailed\">");
	assert_has(out.data,
	           "<tr><th scope=\"row\">mission_end</th><td>string (date-time) or null</td>");
	assert_has(out.data,
	           "<td><a href=\"#SpacecraftDetailed\">SpacecraftDetailed</a> or null</td>");
	assert_has(out.data, "<td>array of <a href=\"#AstronautFlight\">AstronautFlight</a></td>");
	assert_has(out.data,
	           "<tr><th scope=\"row\">429</th><td><a href=\"#ErrorDetail\">ErrorDetail</a></td>"
	           "<td>Too many requests; <code>Retry-After</code> says");
	assert_has(
		out.data,
		"<li><a href=\"../../2.3.0/spacecraft_flights/\">Spacecraft Flight List</a></li>");
	/* Nothing in it leads out of a prefix. */
	assert_has(out.data, "<a href=\"../../2.3.0/spacecraft_flights/?limit=2\">");
	assert_has(out.data, "<a href=\"../../2.3.0/schema/\">");
	assert_has_not(out.data, "=\"/");
	assert_has(out.data, "aria-current=\"page\">Documentation</a>");
	assert_has_not(out.data, "id=\"Null\"");
	assert_has_not(out.data, "{{");
	assert_in_range(compressed(out.data), 1, endpoint_count * DOCS_MOST);
	strbuf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_templates),      cmocka_unit_test(test_feed_of_hostile_name),
		cmocka_unit_test(test_seed_page),      cmocka_unit_test(test_flight),
		cmocka_unit_test(test_filters),        cmocka_unit_test(test_pages),
		cmocka_unit_test(test_error),          cmocka_unit_test(test_throttle),
		cmocka_unit_test(test_hostile_flight), cmocka_unit_test(test_list_of_flights),
		cmocka_unit_test(test_size),           cmocka_unit_test(test_policy),
		cmocka_unit_test(test_docs),
	};

	return RUN_TESTS("page", tests, NULL, NULL);
}
