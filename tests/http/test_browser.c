/* The browsable page in a real browser that runs no scripts: clicking, filtering, paging, the keyboard,
   folding and copying; hostile text; what the page loads; and how it looks, as pictures in the directory
   that SCREENSHOTS names. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/all.h"
#include "support/browser.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/importing.h"
#include "support/poll.h"
#include "support/random.h"
#include "support/random_flight.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define SPACECRAFT "/2.3.0/spacecraft/"
#define CREW_10 "/2.3.0/launches/fb39ac94-5e74-4ee9-afc5-df19c4132b28/"
#define HOSTILE_ID 777000
#define KEY_TAB "\xEE\x80\x84"
#define KEY_ENTER "\xEE\x80\x87"
#define KEY_SPACE " "

static struct browser browser;

static int setup(void **state)
{
	set_up_samples(state);
	server_start(&server, database.conninfo,
	             (const char *const[]){"server.clock=2026-01-02T03:04:05Z", NULL});
	browser_start(&browser, 1400, 1000, false);
	return 0;
}

static int teardown(void **state)
{
	browser_stop(&browser);
	return tear_down(state);
}

static void open_page(const char *path)
{
	char url[300];

	snprintf(url, sizeof(url), "%s%s", server.url, path);
	browser_open(&browser, url);
}

/* Both take the string. */
static void assert_text(char *text, const char *expected)
{
	assert_string_equal(text, expected);
	free(text);
}

static void assert_contains(char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in %.300s", part, text);
	free(text);
}

static bool is_loaded(void *part)
{
	json_t *state =
		browser_script(&browser, "return document.readyState + ' ' + location.href");
	const char *text = json_string_value(state);
	bool loaded = text && strncmp(text, "complete ", 9) == 0 && strstr(text, part);

	json_decref(state);
	return loaded;
}

/* The driver waits for pages that clicks lead to, but not always, and not for those that keys do. */
static void await_page(const char *part)
{
	char copy[300];

	snprintf(copy, sizeof(copy), "%s", part);
	assert_true(poll_until(is_loaded, copy, 30));
}

/* Where the browser is, behind the server's own part. */
static void assert_at(const char *path)
{
	char url[300];

	await_page(path);
	snprintf(url, sizeof(url), "%s%s", server.url, path);
	assert_text(browser_url(&browser), url);
}

static json_int_t number(const char *script)
{
	json_t *value = browser_script(&browser, script);
	json_int_t result = json_integer_value(value);

	assert_true(json_is_integer(value));
	json_decref(value);
	return result;
}

static char *text(const char *script)
{
	json_t *value = browser_script(&browser, script);
	char *result;

	assert_true(json_is_string(value));
	result = strdup(json_string_value(value));
	json_decref(value);
	return result;
}

static void test_list_flight_and_back(void **state)
{
	(void)state;
	open_page(LIST);
	assert_text(browser_title(&browser), "Spacecraft Flight List \xE2\x80\x93 Launch Library");
	assert_text(browser_text(&browser, ".title p"), "Flights 1 to 10 of 14");
	browser_click(&browser, ".flights a[href$='/840/']");
	assert_at(LIST "840/");
	assert_text(browser_text(&browser, "h1"), "Crew Dragon Endurance, Crew-10");
	assert_contains(browser_text(&browser, ".facts"), "Falcon 9 Block 5");
	browser_back(&browser);
	assert_at(LIST);
	browser_click(&browser, ".json a[href$='/spacecraft_flights/864/']");
	assert_at(LIST "864/");
	browser_click(&browser, "nav[aria-label=Breadcrumb] li:nth-child(2) a");
	assert_at(LIST);
}

static void test_filters(void **state)
{
	(void)state;
	open_page(LIST "?format=api");
	assert_false(browser_shows(&browser, "#search"));
	browser_click(&browser, ".filters summary");
	assert_true(browser_shows(&browser, "#search"));
	browser_click(&browser, "#spacecraft option:nth-child(3)");
	browser_click(&browser, "#ordering option[value='-launch__net']");
	browser_click(&browser, "form button");
	await_page("ordering=-launch__net");
	assert_contains(browser_url(&browser), "format=api");
	assert_true(number("return document.querySelectorAll('#spacecraft [selected]').length") ==
	            1);
	assert_true(browser_shows(&browser, "#search"));
	browser_click(&browser, ".send a");
	assert_at(LIST "?format=api");
	browser_click(&browser, ".filters summary");
	browser_type(&browser, "#search", "tianzhou");
	browser_press(&browser, KEY_ENTER);
	await_page("search=tianzhou");
	assert_text(browser_text(&browser, ".title p"), "Flights 1 to 1 of 1");
	assert_text(browser_attribute(&browser, "#search", "value"), "tianzhou");
	assert_contains(browser_text(&browser, ".flights"), "Tianzhou-8");
}

/* A click on a column's head sorts by it, another turns the order round; a flight leads back to that page. */
static void test_sorted_table(void **state)
{
	(void)state;
	open_page(LIST "?limit=5");
	browser_click(&browser, ".flights thead th:nth-child(4) a");
	assert_at(LIST "?limit=5&ordering=-launch__net");
	assert_text(browser_attribute(&browser, ".flights thead th:nth-child(4)", "ariaSort"),
	            "descending");
	browser_click(&browser, ".flights thead th:nth-child(4) a");
	assert_at(LIST "?limit=5&ordering=launch__net");
	assert_text(browser_text(&browser, ".flights tbody th a"), "Vostok 1");
	browser_click(&browser, ".flights tbody th a");
	assert_text(browser_text(&browser, "h1"), "Vostok 1, Vostok 1");
	browser_click(&browser, "nav[aria-label=Breadcrumb] li:nth-child(2) a");
	assert_at(LIST "?limit=5&ordering=launch__net");
}

/* From a flight to the one before it of the same spacecraft, and on. */
static void test_other_flights(void **state)
{
	(void)state;
	open_page(LIST "579/");
	browser_click(&browser, ".others a[rel=prev]");
	assert_at(LIST "415/");
	assert_text(browser_text(&browser, ".others b"), "SpX-DM2 (Demonstration Mission 2)");
	browser_click(&browser, ".others a[rel=next]");
	assert_at(LIST "579/");
	browser_click(&browser, ".others h2 a");
	assert_text(browser_text(&browser, ".title p"), "Flights 1 to 5 of 5");
}

/* Selects for booleans and choices, an input for text. */
static void test_spacecraft_filters(void **state)
{
	(void)state;
	open_page(SPACECRAFT "?format=api");
	assert_text(browser_text(&browser, ".title p"), "Spacecraft 1 to 10 of 10");
	browser_click(&browser, ".filters summary");
	browser_click(&browser, "#in_space option[value='true']");
	browser_click(&browser, "#ordering option[value='-time_in_space']");
	browser_click(&browser, "form button");
	await_page("in_space=true");
	assert_contains(browser_url(&browser), "format=api");
	assert_text(browser_text(&browser, ".title p"), "Spacecraft 1 to 2 of 2");
	assert_text(text("return document.querySelector('#in_space').value"), "true");
	assert_text(text("return document.querySelector('#ordering').value"), "-time_in_space");
	assert_contains(browser_text(&browser, ".cards"), "Tianzhou-8");
	assert_true(number("return document.querySelectorAll('aside li').length") == 2);
	browser_click(&browser, "#spacecraft_config option:nth-child(3)");
	browser_click(&browser, "form button");
	await_page("spacecraft_config=25");
	assert_text(browser_text(&browser, ".title p"), "Spacecraft 1 to 1 of 1");
	browser_click(&browser, ".send a");
	assert_at(SPACECRAFT "?format=api");
	browser_click(&browser, ".filters summary");
	browser_type(&browser, "#name", "Vostok 1");
	browser_press(&browser, KEY_ENTER);
	await_page("name=Vostok");
	assert_text(browser_text(&browser, ".title p"), "Spacecraft 1 to 1 of 1");
	assert_text(browser_attribute(&browser, "#name", "value"), "Vostok 1");
}

static void test_spacecraft_list_row_and_back(void **state)
{
	(void)state;
	open_page(SPACECRAFT);
	assert_text(browser_title(&browser), "Spacecraft List \xE2\x80\x93 Launch Library");
	browser_click(&browser, "aside a[href$='/602/']");
	assert_at(SPACECRAFT "602/");
	assert_text(browser_text(&browser, "h1"), "Tianzhou-8");
	assert_contains(browser_text(&browser, "aside dl"), "Long March 7 | Tianzhou-8");
	browser_click(&browser, ".json a[href$='/spacecraft_flights/864/']");
	assert_at(LIST "864/");
	browser_click(&browser, ".json a[href$='/spacecraft/602/']");
	assert_at(SPACECRAFT "602/");
	browser_click(&browser, "nav[aria-label=Breadcrumb] li:nth-child(2) a");
	assert_at(SPACECRAFT);
}

static void test_pages(void **state)
{
	(void)state;
	open_page(LIST "?limit=4");
	browser_click(&browser, ".pages li:nth-child(4) a");
	assert_at(LIST "?limit=4&offset=8");
	assert_text(browser_text(&browser, ".pages [aria-current]"), "3");
	browser_click(&browser, ".pages [rel=next]");
	assert_at(LIST "?limit=4&offset=12");
	assert_text(browser_text(&browser, ".title p"), "Flights 13 to 14 of 14");
	browser_click(&browser, ".pages [rel=prev]");
	assert_at(LIST "?limit=4&offset=8");
	browser_click(&browser, ".pages li:nth-child(2) a");
	assert_at(LIST "?limit=4");
}

static void test_formats(void **state)
{
	(void)state;
	open_page(LIST "840/?a=1");
	browser_click(&browser, ".get a:nth-child(2)");
	assert_at(LIST "840/?a=1&format=json");
	assert_contains(browser_text(&browser, "body"), "{\"id\":840,\"url\":\"");
	browser_back(&browser);
	browser_click(&browser, ".get a:nth-child(3)");
	assert_at(LIST "840/?a=1&format=api");
	assert_contains(browser_text(&browser, ".json"), "/840/?format=api");
	browser_click(&browser, ".get a:nth-child(1)");
	assert_at(LIST "840/?a=1&format=api");
}

static void test_errors_are_pages(void **state)
{
	(void)state;
	open_page(LIST "99999/");
	assert_contains(browser_text(&browser, ".response"), "HTTP 404 Not Found");
	browser_click(&browser, "nav[aria-label=Breadcrumb] li:nth-child(2) a");
	open_page(LIST "?spacecraft=abc");
	assert_contains(browser_text(&browser, ".response"), "HTTP 400 Bad Request");
	assert_true(number("return document.querySelectorAll('form').length") == 0);
}

/* The first key comes to the link over all else, which leads to the flight; the next one to that which leads to
   the answer, and from there on to its folds. */
static void test_keyboard(void **state)
{
	(void)state;
	open_page(LIST "864/");
	browser_press(&browser, KEY_TAB);
	assert_text(text("return document.activeElement.textContent"), "Skip to the flight");
	assert_true(browser_shows(&browser, ".skip"));
	browser_press(&browser, KEY_TAB);
	assert_text(text("return document.activeElement.textContent"), "Skip to the content");
	assert_true(browser_shows(&browser, ".skip + .skip"));
	browser_press(&browser, KEY_ENTER);
	await_page("#response");
	assert_at(LIST "864/#response");
	browser_press(&browser, KEY_TAB);
	browser_press(&browser, KEY_TAB);
	assert_contains(text("return document.activeElement.textContent"), "\"spacecraft\": {");
	browser_press(&browser, KEY_SPACE);
	assert_true(
		number("return document.querySelectorAll('.json > details:not([open])').length") ==
		1);
	browser_press(&browser, KEY_SPACE);
	assert_true(
		number("return document.querySelectorAll('.json > details:not([open])').length") ==
		0);
}

/* Until the focus is on an element whose text is that; within so many keys. */
static void tab_to(const char *expected, int keys)
{
	char *focused = NULL;

	for (int i = 0; i < keys; i++) {
		free(focused);
		browser_press(&browser, KEY_TAB);
		focused = text("return document.activeElement.textContent");
		if (strcmp(focused, expected) == 0)
			break;
	}
	assert_string_equal(focused, expected);
	free(focused);
}

/* From the list to a flight and back without a mouse: the skip link leads to the flights, whose heads come first. */
static void test_keyboard_to_flight_and_back(void **state)
{
	(void)state;
	open_page(LIST "?limit=3");
	tab_to("Skip to the flights", 1);
	browser_press(&browser, KEY_ENTER);
	await_page("#story");
	tab_to("Crew Dragon Endeavour", 6);
	browser_press(&browser, KEY_ENTER);
	await_page("/415/?list=limit%3D3");
	tab_to("Spacecraft Flight List", 8);
	browser_press(&browser, KEY_ENTER);
	await_page(LIST "?limit=3");
	assert_at(LIST "?limit=3");
}

/* From the page of what is in space to what is docked, and back by the breadcrumb. */
static void test_space(void **state)
{
	(void)state;
	open_page("/");
	assert_text(browser_title(&browser), "In space now \xE2\x80\x93 Launch Library");
	browser_click(&browser, ".ports a[href$='/840/']");
	assert_at(LIST "840/");
	browser_click(&browser, "nav[aria-label=Breadcrumb] a");
	assert_at("/");
	browser_click(&browser, ".timeline a[href$='/840/']");
	assert_at(LIST "840/");
	open_page("/");
	browser_click(&browser, ".crew a[href$='/astronauts/7/']");
	assert_text(browser_text(&browser, "h1"), "Anne McClain");
}

/* What is copied from the page is the JSON as the server indents it. */
static void test_copying(void **state)
{
	struct answer answer;
	char *copied;

	(void)state;
	open_page(LIST "840/?format=api");
	copied = text(
		"const s = getSelection(); s.selectAllChildren(document.querySelector('.json'));"
		"const t = s.toString(); s.removeAllRanges(); return t");
	http_get(&server, LIST "840/?format=api",
	         (const char *const[]){"Accept: text/html;indent=4", NULL}, &answer);
	answer_fini(&answer);
	http_get(&server, LIST "840/",
	         (const char *const[]){"Accept: application/json; indent=4", NULL}, &answer);
	/* Urls repeat the format that they were asked for with. */
	for (char *suffix = strstr(copied, "/?format=api"); suffix;
	     suffix = strstr(suffix, "/?format=api"))
		memmove(suffix + 1, suffix + 12, strlen(suffix + 12) + 1);
	assert_string_equal(copied, answer.body);
	answer_fini(&answer);
	free(copied);
}

/* --- Hostile text in each field that holds text. --- */

static const char *const hostile[] = {
	"</div></section><script>document.title='owned'</script>",
	"\"><img src=x onerror=\"document.title='owned'\">'",
	"javascript:document.title='owned'",
	"{{json}} &lt;b&gt; \\ \n\t end",
	/* A word that no line can hold. */
	("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
         "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
         "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"),
};

static void poison(json_t *object, const struct resource *resource)
{
	static size_t next;

	if (!json_is_object(object))
		return;
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		json_t *value = json_object_get(object, field->name);

		if (field->kind == TEXT && json_is_string(value))
			json_string_set(value, hostile[next++ % 5]);
		else if (field->kind == ONE || field->kind == REVERSE_ONE)
			poison(value, field->of);
		else if (field->kind == MANY || field->kind == REVERSE)
			for (size_t i = 0; i < json_array_size(value); i++)
				poison(json_array_get(value, i), field->of);
	}
}

static void import_hostile(void)
{
	json_t *flight = json_load_file("tests/data/flight-840.json", 0, NULL);
	char *json;

	assert_non_null(flight);
	poison(flight, &resource_spacecraft_flight);
	json_object_set_new(flight, "id", json_integer(HOSTILE_ID));
	json = json_dumps(flight, 0);
	import_text_is(database.conninfo, json, 1, 0, 0);
	free(json);
	json_decref(flight);
}

/* A document of each list, whose rows the pages then show. */
static void import_hostile_rows(const struct world *world)
{
	const struct scene scene = {.base = "https://ll.thespacedevs.com", .suffix = ""};
	const int64_t as_of = 0;
	struct import *import = import_new(&as_of);
	struct import_counts counts;
	struct error error = {0};

	for (size_t e = 0; e < endpoint_count; e++) {
		const struct resource *resource = endpoints[e]->resource;
		json_t *document = world_document(world, world_truth(world, resource, 0),
		                                  endpoints[e]->one, &scene);

		poison(document, resource);
		if (!endpoints[e]->whole &&
		    !import_document(import, resource, endpoints[e]->path, document, &error))
			fail_msg("%s", error.text);
		json_decref(document);
	}
	if (!import_run(import, database.conninfo, false, &counts, &error))
		fail_msg("%s", error.text);
	import_free(import);
}

static void assert_unharmed(void)
{
	assert_true(number("return document.title == 'owned' ? 1 : 0") == 0);
	assert_true(number("return document.querySelectorAll('script, [onerror], [onclick], "
	                   "iframe, .json img, "
	                   "a[href^=\"javascript:\" i], img[src^=\"javascript:\" i]').length") ==
	            0);
	assert_true(number("return document.querySelectorAll('main').length") == 1);
	assert_true(number("return document.querySelectorAll('main ~ footer').length") == 1);
}

static bool has_hostile_flight(void *user)
{
	struct answer answer;
	bool found;

	(void)user;
	http_get(&server, LIST "777000/", NULL, &answer);
	found = answer.status == 200;
	answer_fini(&answer);
	return found;
}

static void test_hostile_text(void **state)
{
	(void)state;
	import_hostile();
	assert_true(poll_until(has_hostile_flight, NULL, 10));
	open_page(LIST "777000/");
	assert_unharmed();
	assert_contains(browser_text(&browser, ".json"),
	                "</div></section><script>document.title='owned'</script>");
	assert_contains(browser_text(&browser, ".json"), "\"javascript:document.title='owned'\"");
	open_page(LIST "?limit=100&mode=detailed&ordering=-id&search=%3Cscript%3E");
	assert_unharmed();
	assert_text(browser_attribute(&browser, "#search", "value"), "<script>");
	open_page("/?hostile"); /* the browser may have kept the page of before */
	assert_unharmed();
	assert_contains(browser_text(&browser, ".space"), "<script>");
	open_page(LIST
	          "?a=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&format=api&ordering=%22%3E%3Cb%3E");
	assert_unharmed();
}

static bool has_last_row(void *user)
{
	const struct world *world = user;
	const struct endpoint *endpoint = endpoints[endpoint_count - 1];
	struct answer answer;
	char id[40], path[100];
	bool found;

	truth_id_text(world_truth(world, endpoint->resource, 0), id);
	snprintf(path, sizeof(path), "/2.3.0/%s/%s/", endpoint->path, id);
	http_get(&server, path, NULL, &answer);
	found = answer.status == 200;
	answer_fini(&answer);
	return found;
}

static char hostile_launch[100]; /* the page of one */

/* The facts beside the JSON of every kind of row that has some; those of a part of a list are those of the whole. */
static void test_hostile_facts(void **state)
{
	const struct world_options options = {.flights = 2, .rows = 2, .simple = true};
	struct world *world = world_new(random_seed("hostile rows"), &options);
	char id[40], path[100];

	(void)state;
	import_hostile_rows(world);
	assert_true(poll_until(has_last_row, world, 10));
	for (size_t e = 0; e < endpoint_count; e++) {
		const struct endpoint *endpoint = endpoints[e];

		if (endpoint->whole || endpoint->fact_count < 3)
			continue;
		truth_id_text(world_truth(world, endpoint->resource, 0), id);
		snprintf(path, sizeof(path), "/2.3.0/%s/%s/", endpoint->path, id);
		if (endpoint == &endpoint_launch)
			snprintf(hostile_launch, sizeof(hostile_launch), "%s", path);
		open_page(path);
		assert_unharmed();
		assert_true(number("return document.querySelectorAll('aside dl dd').length") > 0);
		assert_true(number("return [...document.querySelectorAll('aside dl *')].filter("
		                   "e => !['DIV', 'DT', 'DD', 'A'].includes(e.tagName)).length") ==
		            0);
	}
	world_free(world);
}

/* One request but for pictures, and nobody but their hosts is asked for anything. */
static void test_what_is_loaded(void **state)
{
	json_t *urls = json_array();
	json_t *url;
	size_t own = 0;
	size_t i;

	(void)state;
	browser_requests(&browser, urls);
	json_array_clear(urls);
	open_page(LIST "840/");
	/* Pictures load as they come into view; the browser has none to show here. */
	browser_script(&browser,
	               "document.querySelector('.pictures li:last-child').scrollIntoView()");
	browser_requests(&browser, urls);
	json_array_foreach(urls, i, url)
	{
		const char *text_of_url = json_string_value(url);

		if (strncmp(text_of_url, "data:", 5) == 0)
			continue;
		if (strncmp(text_of_url, server.url, strlen(server.url)) == 0)
			own++;
		else if (!strstr(text_of_url, "digitaloceanspaces.com/media/"))
			fail_msg("%s", text_of_url);
	}
	assert_int_equal(own, 1);
	assert_true(json_array_size(urls) > 3);
	json_decref(urls);
}

/* The style is let in by its hash: without it nothing would be dark. */
static void test_dark_and_light(void **state)
{
	static const char script[] = "return getComputedStyle(document.body).backgroundColor";
	char *dark, *light;

	(void)state;
	browser_prefer_dark(&browser, true);
	open_page(LIST);
	dark = text(script);
	browser_prefer_dark(&browser, false);
	light = text(script);
	assert_string_not_equal(dark, light);
	assert_string_not_equal(light, "rgba(0, 0, 0, 0)");
	free(dark);
	free(light);
}

static void assert_contrast(const char *path)
{
	size_t length;
	char *script = file_text("tests/tools/contrast.js", &length);
	json_t *found;
	char *list;

	for (int dark = 0; dark < 2; dark++) {
		browser_prefer_dark(&browser, dark);
		open_page(path);
		found = browser_script(&browser, script);
		list = json_dumps(found, JSON_INDENT(1));
		if (!json_is_array(found) || json_array_size(found) > 0)
			fail_msg("%s: %.900s", path, list);
		free(list);
		json_decref(found);
	}
	browser_prefer_dark(&browser, false);
	free(script);
}

static void test_contrast(void **state)
{
	(void)state;
	assert_contrast("/");
	assert_contrast(LIST "?limit=2&search=crew");
	assert_contrast(LIST "840/");
	assert_contrast(LIST "99999/");
	assert_contrast(SPACECRAFT "?in_space=true");
	assert_contrast(SPACECRAFT "602/");
	assert_contrast(CREW_10);
	assert_contrast("/2.3.0/docs/");
}

static void test_docs(void **state)
{
	(void)state;
	open_page(LIST);
	browser_click(&browser, "nav[aria-label=Site] a[href$='/docs/']");
	assert_at("/2.3.0/docs/");
	assert_text(browser_text(&browser, "h1"), "Documentation");
	browser_click(&browser, ".contents a[href='#AstronautFlight']");
	assert_at("/2.3.0/docs/#AstronautFlight");
}

/* The elements behind the right edge, outermost first. */
static const char sticking_out[] =
	"const wide = e => e.getBoundingClientRect().right > document.body.clientWidth;"
	"const found = [...document.querySelectorAll('body *:not(.pictures *)')].filter(wide);"
	"return found.map(e => e.tagName + '.' + e.className).slice(0, 5).join(' ')";

static void test_nothing_sticks_out(void **state)
{
	static const char *const paths[] = {LIST,
	                                    LIST "840/",
	                                    LIST "?search=x",
	                                    LIST "777000/",
	                                    "/",
	                                    "/2.3.0/",
	                                    "/2.3.0/launches/?search=crew",
	                                    SPACECRAFT "?in_space=true",
	                                    SPACECRAFT "602/",
	                                    CREW_10,
	                                    hostile_launch,
	                                    "/2.3.0/docs/"};
	static const int widths[] = {320, 390, 1280, 1920};
	struct browser desktop = browser;

	(void)state;
	for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
		browser_start(&browser, widths[w], 844, widths[w] < 1000);
		for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
			open_page(paths[i]);
			if (number("return document.documentElement.scrollWidth") > widths[w])
				fail_msg("%s is wider than %d: %s", paths[i], widths[w],
				         text(sticking_out));
		}
		browser_stop(&browser);
	}
	browser = desktop;
}

static void take(const char *directory, const char *name, const char *path, bool dark)
{
	char file[300];

	browser_prefer_dark(&browser, dark);
	open_page(path);
	snprintf(file, sizeof(file), "%s/%s.png", directory, name);
	browser_screenshot(&browser, file);
}

/* For people to look at: SCREENSHOTS=directory. */
static void test_screenshots(void **state)
{
	const char *directory = getenv("SCREENSHOTS");
	struct browser desktop = browser;
	struct browser phone;

	(void)state;
	if (!directory)
		return;
	take(directory, "space", "/", false);
	take(directory, "space-dark", "/", true);
	take(directory, "flight", LIST "840/", true);
	take(directory, "flight-light", LIST "840/", false);
	take(directory, "list", LIST "?limit=5&ordering=-launch__net", false);
	take(directory, "docs", "/2.3.0/docs/", false);
	take(directory, "launch", CREW_10, false);
	take(directory, "launch-dark", CREW_10, true);
	take(directory, "astronaut", "/2.3.0/astronauts/7/", false);
	take(directory, "agency", "/2.3.0/agencies/121/", true);
	browser_start(&phone, 390, 844, true);
	browser = phone;
	take(directory, "phone-flight", LIST "840/", true);
	take(directory, "phone-list", LIST, false);
	take(directory, "phone-space", "/", true);
	take(directory, "phone-launch", CREW_10, false);
	take(directory, "phone-launch-dark", CREW_10, true);
	browser_stop(&phone);
	browser = desktop;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_flight_and_back),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_sorted_table),
		cmocka_unit_test(test_other_flights),
		cmocka_unit_test(test_spacecraft_filters),
		cmocka_unit_test(test_spacecraft_list_row_and_back),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_errors_are_pages),
		cmocka_unit_test(test_keyboard),
		cmocka_unit_test(test_keyboard_to_flight_and_back),
		cmocka_unit_test(test_space),
		cmocka_unit_test(test_copying),
		cmocka_unit_test(test_what_is_loaded),
		cmocka_unit_test(test_dark_and_light),
		cmocka_unit_test(test_contrast),
		cmocka_unit_test(test_docs),
		cmocka_unit_test(test_screenshots),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_hostile_facts),
		cmocka_unit_test(test_nothing_sticks_out),
	};

	return RUN_TESTS("browser", tests, setup, teardown);
}
