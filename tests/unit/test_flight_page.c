/* A flight's page tells what the flight is up to at the moment that it is read, and the table of a list of flights
   leads to its flights and back. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "browsable/page_internal.h"
#include "support/cmocka.h"
#include "support/html.h"
#include "support/page_fixture.h"

#define LIST "/2.3.0/spacecraft_flights/"

/* Crew-10 as of 2025-03-31: launched 2025-03-14 23:03:48, docked since 2025-03-16 04:52. */
static json_t *crew_10(void)
{
	json_t *flight = json_load_file("tests/data/flight-840.json", 0, NULL);

	assert_non_null(flight);
	return flight;
}

static json_t *member(json_t *object, const char *path)
{
	char name[64];
	const char *dot;

	for (; (dot = strchr(path, '.')); path = dot + 1) {
		snprintf(name, sizeof(name), "%.*s", (int)(dot - path), path);
		object = json_object_get(object, name);
		assert_non_null(object);
	}
	return json_object_get(object, path);
}

static void set(json_t *object, const char *path, const char *name, json_t *value)
{
	assert_int_equal(json_object_set_new(path[0] ? member(object, path) : object, name, value),
	                 0);
}

static int64_t moment(const char *text)
{
	int64_t moment;

	assert_true(moment_parse(text, &moment));
	return moment;
}

/* The page of a flight, which is released, as it is read at a moment; *good_for may be NULL. */
static char *page_at(json_t *flight, const char *target, const char *now, int64_t *good_for)
{
	char *json = json_dumps(flight, JSON_COMPACT | JSON_ENSURE_ASCII);
	struct page_fixture fixture;
	char *html;

	page_fixture_init(&fixture, target, json);
	fixture.clock.now = moment(now);
	html = page_fixture_render(&fixture);
	if (good_for)
		*good_for = fixture.clock.good_for;
	free(json);
	json_decref(flight);
	return html;
}

static void assert_state(json_t *flight, const char *now, const char *class, const char *word)
{
	char *html = page_at(flight, LIST "840/", now, NULL);
	char expected[100];

	snprintf(expected, sizeof(expected), "<p class=\"state %s\">%s</p>", class, word);
	assert_has(html, expected);
	free(html);
}

static json_t *ended(json_t *success)
{
	json_t *flight = crew_10();

	set(flight, "", "mission_end", json_string("2025-08-09T15:33:00Z"));
	set(flight, "landing", "success", success);
	return flight;
}

static void test_states(void **state)
{
	json_t *flight;

	(void)state;
	assert_state(crew_10(), "2025-03-14T23:03:47Z", "ahead", "To come");
	assert_state(crew_10(), "2025-03-14T23:03:48Z", "flying", "On its way");
	assert_state(crew_10(), "2025-03-16T04:51:59Z", "flying", "On its way");
	assert_state(crew_10(), "2025-03-16T04:52:00Z", "docked", "Docked");
	flight = crew_10();
	set(json_array_get(member(flight, "docking_events"), 0), "", "departure",
	    json_string("2025-08-08T22:15:00Z"));
	assert_state(json_incref(flight), "2025-08-08T22:14:59Z", "docked", "Docked");
	assert_state(flight, "2025-08-08T22:15:00Z", "flying", "Undocked");
	flight = crew_10();
	json_object_del(flight, "docking_events");
	assert_state(flight, "2025-04-01T00:00:00Z", "flying", "In space");
	flight = crew_10();
	set(flight, "launch.status", "id", json_integer(4));
	assert_state(flight, "2025-04-01T00:00:00Z", "lost", "Launch failed");
	assert_state(ended(json_true()), "2025-08-09T15:32:59Z", "docked", "Docked");
	assert_state(ended(json_true()), "2025-08-09T15:33:00Z", "home", "Landed");
	assert_state(ended(json_null()), "2025-09-01T00:00:00Z", "home", "Ended");
	assert_state(ended(json_false()), "2025-09-01T00:00:00Z", "lost", "Landing failed");
}

/* A page is good until what it says of time is no longer true. */
static void test_good_for(void **state)
{
	int64_t good_for;

	(void)state;
	/* The launch is in 12 seconds; until then it is "now". */
	free(page_at(crew_10(), LIST "840/", "2025-03-14T23:03:36Z", &good_for));
	assert_int_equal(good_for, 12 * MICROSECONDS);
	/* Docks in 4 h 48 min 12 s, which is "in 4 hours" for as long as it is 4 hours or more. */
	free(page_at(crew_10(), LIST "840/", "2025-03-16T00:03:48Z", &good_for));
	assert_int_equal(good_for, (48 * 60 + 12) * MICROSECONDS + 1);
}

static void assert_launch(int precision, const char *net, const char *expected)
{
	json_t *flight = crew_10();
	char *html, fact[100];

	set(flight, "launch", "net", json_string(net));
	set(flight, "launch.net_precision", "id", json_integer(precision));
	html = page_at(flight, LIST "840/", "2025-01-01T00:00:00Z", NULL);
	snprintf(fact, sizeof(fact), "<dt>Launch</dt><dd>%s <small>", expected);
	assert_has(html, fact);
	free(html);
}

/* No more precise than it is known; the identifiers are the original's. */
static void test_precision(void **state)
{
	(void)state;
	assert_launch(0, "2028-12-31T10:20:30Z", "2028-12-31 10:20 UTC");
	assert_launch(1, "2028-12-31T10:20:00Z", "2028-12-31 10:20 UTC");
	assert_launch(3, "2028-12-31T00:00:00Z", "2028-12-31, morning");
	assert_launch(4, "2028-12-31T00:00:00Z", "2028-12-31, afternoon");
	assert_launch(5, "2028-12-31T00:00:00Z", "2028-12-31");
	assert_launch(6, "2028-12-31T00:00:00Z", "week of 2028-12-31");
	assert_launch(7, "2028-12-31T00:00:00Z", "December 2028");
	assert_launch(8, "2028-03-31T00:00:00Z", "Q1 2028");
	assert_launch(11, "2028-12-31T00:00:00Z", "Q4 2028");
	assert_launch(12, "2028-06-30T00:00:00Z", "first half of 2028");
	assert_launch(13, "2028-12-31T00:00:00Z", "second half of 2028");
	assert_launch(14, "2028-12-31T00:00:00Z", "2028");
	assert_launch(15, "2028-12-31T00:00:00Z", "fiscal year 2028");
	assert_launch(16, "2028-12-31T00:00:00Z", "2020s");
}

static void test_facts(void **state)
{
	char *html = page_at(crew_10(), LIST "840/", "2025-03-31T12:00:00Z", NULL);

	(void)state;
	assert_has(html, "<dt>Spacecraft</dt><dd><a href=\"https://ll.thespacedevs.com/2.3.0/"
	                 "spacecraft/542/\">Crew Dragon Endurance</a> <small>C210</small>"
	                 "<small class=\"line\">Crew Dragon 2, SpaceX</small></dd>");
	assert_has(html, "<dt>Launch</dt><dd>2025-03-14 23:03 UTC <small>16 days ago</small>"
	                 "<small class=\"line\">Launch Successful</small></dd>");
	assert_has(html, "<dt>Rocket</dt><dd>Falcon 9 Block 5<small class=\"line\">SpaceX</small>");
	assert_has(html, "<dt>Pad</dt><dd>Launch Complex 39A<small class=\"line\">Kennedy Space "
	                 "Center, FL, USA</small></dd>");
	assert_has(html, "<dt>Mission</dt><dd>Crew-10 <small>Human Exploration</small>");
	assert_has(html, "<dt>Orbit</dt><dd>Low Earth Orbit</dd>");
	assert_has(html, "<dt>Docking</dt><dd>International Space Station <small>Harmony forward"
	                 "</small><small class=\"line\">since 2025-03-16 04:52 UTC, 15 days ago"
	                 "</small></dd>");
	assert_has(html, "<dt>Landing</dt><dd>Pacific Ocean <small>Parachute Landing</small>");
	assert_has(html, "<dt>Programme</dt><dd>Commercial Crew Program, International Space "
	                 "Station</dd>");
	assert_has_not(html, "<dt>Mission end</dt>");
	assert_has(html, "<svg class=\"course\"");
	assert_has(html, "aria-label=\"Course of the flight: launched, docked 1 time, under way\"");
	free(html);
	html = page_at(crew_10(), LIST "840/", "2025-03-01T00:00:00Z", NULL);
	assert_has_not(html, "<svg class=\"course\"");
	free(html);
}

/* Crews apart, those without members left out. */
static void test_crews(void **state)
{
	char *html = page_at(crew_10(), LIST "840/", "2025-03-31T12:00:00Z", NULL);
	char *launched = html_between(html, "<h2>Launched aboard</h2>", "</ul>");

	(void)state;
	assert_has(launched, "<span class=\"caption\">Anne McClain <small>Commander, NASA</small>");
	assert_has(launched, "<span class=\"caption\">Kirill Peskov <small>Mission Specialist, "
	                     "RFSA</small>");
	assert_has(html, "<h2>Landed aboard</h2>");
	assert_has_not(html, "<h2>Aboard</h2>");
	free(launched);
	free(html);
}

/* Patches are among the pictures, each once. */
static void test_patches(void **state)
{
	json_t *flight = crew_10();
	char *html;
	const char *patch;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		set(json_array_get(member(flight, "launch.program"), i), "", "mission_patches",
		    json_pack("[{s:s,s:s},{s:s,s:s}]", "name", "Crew-10 patch", "image_url",
		              "https://example.org/patch.png", "name", "Bad", "image_url",
		              "javascript:x"));
	html = page_at(flight, LIST "840/", "2025-03-31T12:00:00Z", NULL);
	patch = strstr(html, "<span class=\"caption\">Crew-10 patch <small>Mission patch</small>");
	assert_non_null(patch);
	assert_null(strstr(patch + 1, "<span class=\"caption\">Crew-10 patch"));
	assert_has(html, "<img src=\"https://example.org/patch.png\" alt=\"Crew-10 patch\"");
	assert_has_not(html, "<span class=\"caption\">Bad");
	free(html);
}

/* A flight that was reached from a page of the list leads back to that. */
static void test_way_back(void **state)
{
	char *html = page_at(crew_10(), LIST "840/?list=offset%3D20%26search%3Da%2526b",
	                     "2025-04-01T00:00:00Z", NULL);

	(void)state;
	assert_has(html, "<a href=\"/2.3.0/spacecraft_flights/?offset=20&amp;search=a%26b\">"
	                 "Spacecraft Flight List</a>");
	free(html);
	html = page_at(crew_10(), LIST "840/?list=%22%3E%3Cscript%3E", "2025-04-01T00:00:00Z",
	               NULL);
	assert_has(html, "<a href=\"/2.3.0/spacecraft_flights/?%22%3E%3Cscript%3E\">");
	free(html);
}

static char *list_page(const char *target)
{
	json_t *flight = crew_10();
	json_t *list =
		json_pack("{s:i,s:n,s:n,s:[o]}", "count", 1, "next", "previous", "results", flight);
	char *json = json_dumps(list, JSON_COMPACT);
	struct page_fixture fixture;
	char *html;

	page_fixture_init(&fixture, target, json);
	fixture.page.count = 1;
	html = page_fixture_render(&fixture);
	free(json);
	json_decref(list);
	return html;
}

static void test_list(void **state)
{
	char *html = list_page(LIST "?limit=5&ordering=-launch__net&offset=0");

	(void)state;
	assert_has(html, "<th scope=\"row\"><a href=\"https://ll.thespacedevs.com/2.3.0/"
	                 "spacecraft_flights/840/?list=limit%3D5%26ordering%3D-launch__net%26"
	                 "offset%3D0\">Crew Dragon Endurance</a></th><td>Crew-10</td>"
	                 "<td>2025-03-14 23:03 UTC</td>");
	assert_has(html, "<span class=\"state docked\">Docked</span>");
	/* The order that it has is turned round; another begins in its own way; from the first page on. */
	assert_has(html, "<th scope=\"col\" aria-sort=\"descending\"><a href=\"/2.3.0/"
	                 "spacecraft_flights/?limit=5&amp;ordering=launch__net\">Launch</a>");
	assert_has(html, "<th scope=\"col\"><a href=\"/2.3.0/spacecraft_flights/?limit=5&amp;"
	                 "ordering=spacecraft__name\">Spacecraft</a>");
	assert_has(html, "<th scope=\"col\"><a href=\"/2.3.0/spacecraft_flights/?limit=5&amp;"
	                 "ordering=-duration\">Duration</a>");
	/* Rows are open, what they refer to is not. */
	assert_has(html, "<details open><summary>    <b>&quot;results&quot;</b>: [\n</summary>"
	                 "<details open><summary>        {\n</summary>");
	assert_has(html, "<details><summary>            <b>&quot;spacecraft&quot;</b>: {\n");
	free(html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),    cmocka_unit_test(test_good_for),
		cmocka_unit_test(test_precision), cmocka_unit_test(test_facts),
		cmocka_unit_test(test_crews),     cmocka_unit_test(test_way_back),
		cmocka_unit_test(test_list),      cmocka_unit_test(test_patches),
	};

	return RUN_TESTS("flight_page", tests, NULL, NULL);
}
