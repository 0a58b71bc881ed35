/* The page of what is in space, and the feeds of what happens to flights: over the sample flights at moments of the
   past, as their documents tell them; read by libraries that are not ours. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/fixture.h"
#include "support/flights.h"
#include "support/html.h"
#include "support/importing.h"
#include "support/page_fixture.h"

#define HTML ((const char *const[]){"Accept: text/html", NULL})

/* A server whose clock stands still at that moment. */
static void start_at(const char *moment)
{
	char setting[64];

	snprintf(setting, sizeof(setting), "server.clock=%s", moment);
	server_start(&server, database.conninfo, (const char *const[]){setting, NULL});
}

static char *body_of(const char *path, const char *const headers[], const char *content_type)
{
	struct answer answer;
	char *body;

	http_get(&server, path, headers, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.300s", path, answer.status,
		         strstr(answer.body, "detail") ? strstr(answer.body, "detail") : "");
	assert_string_equal(answer_header(&answer, "Content-Type"), content_type);
	body = strdup(answer.body);
	assert_non_null(body);
	answer_fini(&answer);
	return body;
}

/* The page of what is in space, once it has that text. */
static char *page_with(const char *text)
{
	for (int i = 0; i < 1000; i++) {
		char *html = body_of("/", HTML, "text/html; charset=utf-8");

		if (strstr(html, text))
			return html;
		free(html);
	}
	fail_msg("the page never has %s", text);
	return NULL;
}

static char *page_at(const char *moment)
{
	char *html;

	start_at(moment);
	html = body_of("/", HTML, "text/html; charset=utf-8");
	server_stop(&server, NULL);
	return html;
}

/* What a feed holds, as read-feeds prints it; new. */
static char *feed_at(const char *moment, const char *path, const char *kind,
                     const char *content_type)
{
	struct process process;
	struct output output;
	char *body, *read;

	start_at(moment);
	body = body_of(path, NULL, content_type);
	server_stop(&server, NULL);
	process_start(&process, (const char *const[]){"tests/tools/read-feeds", kind, NULL}, body,
	              strlen(body));
	process_wait(&process, 30, &output);
	if (output.status != 0)
		fail_msg("%s: %s", path, output.err);
	read = strdup(output.out);
	output_fini(&output);
	free(body);
	return read;
}

static char *calendar_at(const char *moment, const char *path)
{
	return feed_at(moment, path, "calendar", "text/calendar; charset=utf-8");
}

static char *atom_at(const char *moment, const char *path)
{
	return feed_at(moment, path, "atom", "application/atom+xml; charset=utf-8");
}

/* --- The page. --- */

/* Programs are led to the list, as ever. */
static void test_programs(void **state)
{
	static const char *const accepts[] = {"Accept: application/json", "Accept: */*",
	                                      "Accept: image/png"};
	struct answer answer;

	(void)state;
	start_at("2026-01-02T03:04:05Z");
	for (size_t i = 0; i < sizeof(accepts) / sizeof(accepts[0]); i++) {
		http_get(&server, "/", (const char *const[]){accepts[i], NULL}, &answer);
		assert_int_equal(answer.status, 302);
		assert_string_equal(answer_header(&answer, "Location"),
		                    "/2.3.0/spacecraft_flights/");
		answer_fini(&answer);
	}
	http_get(&server, "/?format=json", HTML, &answer);
	assert_int_equal(answer.status, 302);
	answer_fini(&answer);
	server_stop(&server, NULL);
}

/* In May 2024: Crew-8 moved from the forward to the zenith port on the 2nd, four people are aboard. */
static void test_docked(void **state)
{
	char *html = page_at("2024-05-03T12:00:00Z");
	char *station = html_between(html, "<section class=\"station\"", "</section>");
	char *crew = html_between(station, "<ul class=\"crew\"", "</ul>");
	char *ports = html_text(station);

	(void)state;
	assert_has(html, "<title>In space now \xE2\x80\x93 Launch Library</title>");
	assert_has(station, "<a href=\"/2.3.0/space_stations/4/\">International Space Station</a>");
	assert_has(station, "<a href=\"/2.3.0/spacecraft_flights/100008/\"><title>Harmony zenith: "
	                    "Crew Dragon Endeavour, Crew-8</title>");
	assert_has(station, ">Harmony zenith since 2024-05-02</text>");
	assert_has(station, ">Harmony forward, free</text>");
	assert_has(crew, ">Matthew Dominick <small>Commander, NASA<br>60 days</small>");
	assert_has(crew, ">Alexander Grebenkin <small>");
	assert_has_not(html, "station-18");
	assert_has(html, "<h2 id=\"next\">Next</h2>");
	assert_has(html, "<h2 id=\"home\">Home again</h2>");
	assert_has_not(html, "On their way");
	free(ports);
	free(crew);
	free(station);
	free(html);
}

/* Crew-8 is on its way for a day, and between departure and landing flies free. */
static void test_under_way(void **state)
{
	char *html = page_at("2024-03-04T12:00:00Z");
	char *group = html_between(html, "<h2 id=\"on_their_way\">", "</section>");

	(void)state;
	assert_has(group, "href=\"/2.3.0/spacecraft_flights/100008/\"");
	assert_has(group, "2024-03-04 03:53 UTC, 8 hours ago");
	free(group);
	free(html);
	html = page_at("2024-10-24T12:00:00Z");
	group = html_between(html, "<h2 id=\"flying_free\">", "</section>");
	assert_has(group, "href=\"/2.3.0/spacecraft_flights/100008/\"");
	free(group);
	free(html);
}

/* Whoever is docked is shown, also where no document names the port or its station. */
static void test_ports_without_names(void **state)
{
	static const char crew_8[] = "href=\"/2.3.0/spacecraft_flights/100008/\"";
	struct test_database changed;
	char *html, *part;

	(void)state;
	samples_database_init(&changed);
	server_start(&server, changed.conninfo,
	             (const char *const[]){"server.clock=2024-05-03T12:00:00Z", NULL});
	free(test_sql(changed.conninfo, "UPDATE docking_event SET space_station_target_id = 4,"
	                                " docking_location_id = NULL"));
	html = page_with("A port without a name");
	part = html_between(html, "<section class=\"station\"", "</section>");
	assert_has(part, crew_8);
	assert_has(part, ">A port without a name since 2024-05-02</text>");
	free(part);
	free(html);
	free(test_sql(changed.conninfo, "UPDATE docking_event SET space_station_target_id = NULL"));
	html = page_with("docked_elsewhere");
	part = html_between(html, "<h2 id=\"docked_elsewhere\">", "</section>");
	assert_has(part, crew_8);
	free(part);
	assert_has_not(html, "flying_free");
	free(html);
	server_stop(&server, NULL);
	test_database_fini(&changed);
}

/* What did not reach space is not on its way. */
static void test_failed_launch(void **state)
{
	json_t *flight = json_load_file("sql/sample/840-crew-10.json", 0, NULL);
	json_t *launch = json_object_get(flight, "launch");
	char *succeeded = json_dumps(flight, 0), *failed, *html;

	(void)state;
	html = page_at("2025-03-15T06:00:00Z");
	assert_has(html, "<h2 id=\"on_their_way\">");
	free(html);
	assert_int_equal(json_object_set_new(launch, "status",
	                                     json_pack("{s:i, s:s, s:s, s:s}", "id", 4, "name",
	                                               "Launch Failure", "abbrev", "Failure",
	                                               "description", "")),
	                 0);
	failed = json_dumps(flight, 0);
	import_text_is(database.conninfo, failed, 0, 1, 0);
	html = page_at("2025-03-15T06:00:00Z");
	assert_has_not(html, "<h2 id=\"on_their_way\">");
	free(html);
	import_text_is(database.conninfo, succeeded, 0, 1, 0);
	free(failed);
	free(succeeded);
	json_decref(flight);
}

/* A launch that is known to the year only is not told more precisely. */
static void test_next_and_home(void **state)
{
	char *html = page_at("2026-01-02T03:04:05Z");
	char *next = html_between(html, "<h2 id=\"next\">", "</section>");
	char *home = html_between(html, "<h2 id=\"home\">", "</section>");

	(void)state;
	assert_has(next, "Orion (Artemis IV), Artemis IV <small>Moon<br>2028, in 2 years</small>");
	assert_has_not(next, "2028-12-31");
	assert_has(home,
	           "Crew Dragon Endeavour, Crew-8 <small>International Space Station<br>landed "
	           "2024-10-25, 14 months ago</small>");
	free(home);
	free(next);
	free(html);
}

/* Bars of a year before and after: what is docked goes on to now. */
static void test_timeline(void **state)
{
	char *html = page_at("2025-06-01T00:00:00Z");
	char *timeline = html_between(html, "<svg class=\"timeline\"", "</svg>");

	(void)state;
	assert_has(timeline, ">International Space Station</text>");
	/* Crew-10 launched 78 of 365 days before the middle of 1000, and is still there. */
	assert_has(timeline, "<title>Crew Dragon Endurance, Crew-10, 2025-03-14</title><rect "
	                     "class=\"docked\" x=\"393\"");
	/* Crew-8, which landed on 2024-10-25, launched before the time line begins. */
	assert_has(timeline, "<title>Crew Dragon Endeavour, Crew-8, 2024-03-04</title><rect "
	                     "class=\"home\" x=\"0\"");
	assert_has_not(timeline, "Vostok");
	free(timeline);
	free(html);
}

/* Nothing to show says how to fill the server. */
static void test_empty(void **state)
{
	struct test_database empty;
	char *html;

	(void)state;
	test_database_init_schema(&empty);
	server_start(&server, empty.conninfo, NULL);
	html = body_of("/", HTML, "text/html; charset=utf-8");
	assert_has(html, "No flights are known here yet.");
	assert_has(html, "<code>spacecraft-flights import FILE</code>");
	assert_has_not(html, "<svg class=\"timeline\"");
	free(html);
	free(body_of("/feed.atom", NULL, "application/atom+xml; charset=utf-8"));
	server_stop(&server, NULL);
	test_database_fini(&empty);
}

/* A change of the data changes the page at once. */
static void test_changes(void **state)
{
	json_t *flight = json_load_file("sql/sample/864-tianzhou-8.json", 0, NULL);
	char *html, *text;

	(void)state;
	assert_non_null(flight);
	start_at("2026-01-02T03:04:05Z");
	html = body_of("/", HTML, "text/html; charset=utf-8");
	assert_has(html, "Tianzhou-8");
	free(html);
	json_object_set_new(json_object_get(flight, "spacecraft"), "name",
	                    json_string("Tian zhou 8"));
	text = json_dumps(flight, 0);
	import_text_is(database.conninfo, text, 0, 1, 0);
	free(page_with("Tian zhou 8"));
	json_object_set_new(json_object_get(flight, "spacecraft"), "name",
	                    json_string("Tianzhou-8"));
	free(text);
	text = json_dumps(flight, 0);
	import_text_is(database.conninfo, text, 0, 1, 0);
	free(text);
	json_decref(flight);
	server_stop(&server, NULL);
}

/* --- Feeds. --- */

/* Moments are the documents' own; a launch of 2028 is a whole year long. */
static void test_calendar(void **state)
{
	char *events = calendar_at("2024-05-03T12:00:00Z", "/calendar.ics");

	(void)state;
	assert_has(events, "calendar\tSpacecraft flights\n");
	assert_has(events,
	           "event\tflight-100008-launch@ll.thespacedevs.com\t2024-03-04T03:53:38+00:00"
	           "\t\tLaunch: Crew Dragon Endeavour, Crew-8\t");
	assert_has(events, "\t2024-03-05T07:28:00+00:00\t\tDocking: Crew Dragon Endeavour, Crew-8\t"
	                   "International Space Station, Harmony forward\n");
	assert_has(events,
	           "\t2024-10-23T21:05:00+00:00\t\tDeparture: Crew Dragon Endeavour, Crew-8\t"
	           "International Space Station, Harmony zenith\n");
	assert_has(events, "event\tflight-100008-end@ll.thespacedevs.com\t2024-10-25T07:29:00+00:00"
	                   "\t\tLanding: Crew Dragon Endeavour, Crew-8\t");
	assert_has(events,
	           "event\tflight-100010-launch@ll.thespacedevs.com\t2028-01-01\t2029-01-01\t"
	           "Launch: Orion (Artemis IV), Artemis IV\t");
	/* Landed more than a year before. */
	assert_has_not(events, "Soyuz MS-18");
	free(events);
}

static void test_station_calendar(void **state)
{
	struct answer answer;
	char *events = calendar_at("2024-05-03T12:00:00Z", "/calendar.ics?station=4");

	(void)state;
	assert_has(events, "calendar\tSpacecraft flights: International Space Station\n");
	assert_has(events, "Crew-8");
	assert_has_not(events, "Artemis");
	assert_has_not(events, "Tianzhou");
	free(events);
	start_at("2024-05-03T12:00:00Z");
	http_get(&server, "/calendar.ics?station=ISS", NULL, &answer);
	assert_int_equal(answer.status, 400);
	assert_string_equal(answer.body,
	                    "{\"detail\":\"station: enter the number of a space station.\"}");
	answer_fini(&answer);
	http_get(&server, "/calendar.ics?station=5", NULL, &answer);
	assert_int_equal(answer.status, 404);
	assert_string_equal(answer.body,
	                    "{\"detail\":\"No SpaceStation matches the given query.\"}");
	answer_fini(&answer);
	server_stop(&server, NULL);
}

/* What has happened, the last first. */
static void test_feed(void **state)
{
	char *entries = atom_at("2024-10-24T12:00:00Z", "/feed.atom");
	const char *departure = strstr(entries, "\tDeparture: Crew Dragon Endeavour, Crew-8\t");
	const char *docking = strstr(entries, "\tDocking: Crew Dragon Endeavour, Crew-8\t");

	(void)state;
	assert_non_null(departure);
	assert_non_null(docking);
	assert_true(departure < docking);
	assert_has(entries, "/2.3.0/spacecraft_flights/100008/#flight-100008-launch\t"
	                    "2024-03-04T03:53:38Z\t");
	assert_has_not(entries, "Landing: Crew Dragon Endeavour, Crew-8");
	assert_has_not(entries, "Tianzhou-8");
	free(entries);
}

/* Texts that break lines, folding and XML stay texts. */
static void test_hostile_text(void **state)
{
	static const char name[] =
		"A,b;c\\d\nEND:VEVENT\x01 ]]><script> \xC3\xA9\xE6\x97\xA5"
		"\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5"
		"\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5\xE6\x97\xA5";
	json_t *flight = json_load_file("sql/sample/840-crew-10.json", 0, NULL);
	char *text, *read, *html;

	(void)state;
	assert_non_null(flight);
	json_object_set_new(flight, "id", json_integer(777000));
	json_object_set_new(json_object_get(flight, "spacecraft"), "id", json_integer(777001));
	json_object_set_new(json_object_get(flight, "spacecraft"), "name", json_string(name));
	json_object_set_new(flight, "docking_events", json_array());
	text = json_dumps(flight, 0);
	import_text_is(database.conninfo, text, 1, 0, 0);
	read = calendar_at("2025-04-01T00:00:00Z", "/calendar.ics");
	assert_has(read,
	           "Launch: A,b;c\\d\nEND:VEVENT  ]]><script> \xC3\xA9\xE6\x97\xA5\xE6\x97\xA5");
	free(read);
	read = atom_at("2025-04-01T00:00:00Z", "/feed.atom");
	assert_has(read, "/777000/");
	free(read);
	html = page_at("2025-04-01T00:00:00Z");
	assert_has_not(html, "<script>");
	assert_has(html, "]]&gt;&lt;script&gt;");
	free(html);
	free(text);
	json_decref(flight);
}

/* A document that claims to be of the future does not make what is known look newer than it is. */
static void test_future_moment(void **state)
{
	static const char text[] =
		"{\"list\":\"config/orbits\",\"as_of\":\"9999-12-31T23:59:59Z\",\"results\":"
		"[{\"id\":777,\"name\":\"Orbit\",\"abbrev\":\"O\",\"celestial_body\":null}]}";
	char *html = page_at("2025-04-01T00:00:00Z"), *known, *after;

	(void)state;
	known = strstr(html, "As known on ");
	assert_non_null(known);
	known = strndup(known, strcspn(known, "<"));
	assert_non_null(known);
	import_text_is(database.conninfo, text, 1, 0, 0);
	after = page_at("2025-04-01T00:00:00Z");
	assert_has(after, known);
	free(after);
	free(known);
	free(html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),
		cmocka_unit_test(test_docked),
		cmocka_unit_test(test_under_way),
		cmocka_unit_test(test_failed_launch),
		cmocka_unit_test(test_ports_without_names),
		cmocka_unit_test(test_next_and_home),
		cmocka_unit_test(test_timeline),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_station_calendar),
		cmocka_unit_test(test_feed),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_future_moment),
	};

	return RUN_TESTS("space", tests, set_up_samples, tear_down);
}
