/* Which route a path leads to. */
#include <stdio.h>

#include "base/arena.h"
#include "protocol/router.h"
#include "support/cmocka.h"

static struct routed routed(struct arena *arena, const char *raw)
{
	return route_path(arena, text_of(""), text_of(raw));
}

static void assert_route(const char *raw, enum route route, const char *id, bool slash_missing)
{
	struct arena arena;
	struct routed path;

	arena_init(&arena);
	path = routed(&arena, raw);
	if (path.route != route || path.slash_missing != slash_missing)
		fail_msg("%s", raw);
	if (id && !text_is(path.id, id))
		fail_msg("%s: id '%.*s'", raw, (int)path.id.length, path.id.data);
	arena_fini(&arena);
}

static void test_list(void **state)
{
	static const char *const none[] = {
		"/2.3.0//spacecraft_flights/",
		"/2.3.0/spacecraft_flights//",
		"/2.3.0/Spacecraft_flights/",
		"/2.3.0/./spacecraft_flights/",
		"/2.3.0/spacecraft_flights/./",
		"/2.3.0/spacecraft_flights/../",
		"/2.3.0/../2.3.0/spacecraft_flights/",
		"/2.3.0//x",
		"//2.3.0/spacecraft_flights/",
		"/2.3.0/spacecraft_flightsx/",
		"/2.3.1/spacecraft_flights/",
		"2.3.0/spacecraft_flights/",
		"/spacecraft_flights/",
	};

	(void)state;
	assert_route("/2.3.0/spacecraft_flights/", ROUTE_LIST, NULL, false);
	assert_route("/2.3.0/spacecraft_flights", ROUTE_LIST, NULL, true);
	assert_route("/2.3.0/spacecraft%5Fflights/", ROUTE_LIST, NULL, false);
	assert_route("/2.3.0%2Fspacecraft_flights/", ROUTE_LIST, NULL, false);
	assert_route("/2.3.0/spacecraft_flights%2f", ROUTE_LIST, NULL, false);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_route(none[i], ROUTE_NONE, NULL, false);
}

static void test_flight(void **state)
{
	(void)state;
	assert_route("/2.3.0/spacecraft_flights/1/", ROUTE_ROW, "1", false);
	assert_route("/2.3.0/spacecraft_flights/1%2F", ROUTE_ROW, "1", false);
	assert_route("/2.3.0/spacecraft_flights/abc/", ROUTE_ROW, "abc", false);
	assert_route("/2.3.0/spacecraft_flights/-1/", ROUTE_ROW, "-1", false);
	assert_route("/2.3.0/spacecraft_flights/%201/", ROUTE_ROW, " 1", false);
	assert_route("/2.3.0/spacecraft_flights/1%0A/", ROUTE_ROW, "1\n", false);
	assert_route("/2.3.0/spacecraft_flights/%zz/", ROUTE_ROW, "%zz", false);
	assert_route("/2.3.0/spacecraft_flights/%FF/", ROUTE_ROW, "%FF", false);
	assert_route("/2.3.0/spacecraft_flights/1+/", ROUTE_ROW, "1+", false);
	assert_route("/2.3.0/spacecraft_flights/1", ROUTE_ROW, "1", true);
	assert_route("/2.3.0/spacecraft_flights/%", ROUTE_ROW, "%", true);
	assert_route("/2.3.0/spacecraft_flights/99999", ROUTE_ROW, "99999", true);
	assert_route("/2.3.0/spacecraft_flights/1.0/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/spacecraft_flights/1.json", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/spacecraft_flights/1//", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/spacecraft_flights//1/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/spacecraft_flights/1/2/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/spacecraft_flights/1%2E0/", ROUTE_NONE, NULL, false);
}

static void test_endpoints(void **state)
{
	struct arena arena;
	struct routed path;

	(void)state;
	arena_init(&arena);
	path = routed(&arena, "/2.3.0/spacecraft/602/");
	assert_int_equal(path.route, ROUTE_ROW);
	assert_string_equal(path.endpoint->model, "Spacecraft");
	path = routed(&arena, "/2.3.0/spacecraft");
	assert_int_equal(path.route, ROUTE_LIST);
	assert_true(path.slash_missing);
	assert_string_equal(path.endpoint->model, "Spacecraft");
	path = routed(&arena, "/2.3.0/spacecraft_flights/");
	assert_string_equal(path.endpoint->model, "SpacecraftFlight");
	path = routed(&arena, "/2.3.0/image/");
	assert_null(path.endpoint);
	/* A list wins over a row of another one. */
	path = routed(&arena, "/2.3.0/launches/upcoming/");
	assert_int_equal(path.route, ROUTE_LIST);
	assert_string_equal(path.endpoint->path, "launches/upcoming");
	path = routed(&arena, "/2.3.0/launches/upcoming/x/");
	assert_int_equal(path.route, ROUTE_ROW);
	assert_true(text_is(path.id, "x"));
	assert_string_equal(path.endpoint->path, "launches/upcoming");
	path = routed(&arena, "/2.3.0/config/orbits/8/");
	assert_int_equal(path.route, ROUTE_ROW);
	assert_string_equal(path.endpoint->path, "config/orbits");
	arena_fini(&arena);
}

static void test_nul_in_id(void **state)
{
	struct arena arena;
	struct routed path;

	(void)state;
	arena_init(&arena);
	path = routed(&arena, "/2.3.0/spacecraft_flights/1%00/");
	assert_int_equal(path.route, ROUTE_ROW);
	assert_int_equal(path.id.length, 2);
	assert_memory_equal(path.id.data, "1\0", 2);
	arena_fini(&arena);
}

static void test_own_paths(void **state)
{
	(void)state;
	assert_route("/", ROUTE_SPACE, NULL, false);
	assert_route("/calendar.ics", ROUTE_CALENDAR, NULL, false);
	assert_route("/feed.atom", ROUTE_FEED, NULL, false);
	assert_route("/feed.atom/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/", ROUTE_ROOT, NULL, false);
	assert_route("/2.3.0", ROUTE_NONE, NULL, false);
	assert_route("", ROUTE_NONE, NULL, false);
	assert_route("//", ROUTE_NONE, NULL, false);
	assert_route("*", ROUTE_NONE, NULL, false);
	assert_route("/nope", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/nope/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/schema/", ROUTE_SCHEMA, NULL, false);
	assert_route("/2.3.0/schema", ROUTE_SCHEMA, NULL, true);
	assert_route("/2.3.0/docs/", ROUTE_DOCS, NULL, false);
	assert_route("/2.3.0/docs", ROUTE_DOCS, NULL, true);
	assert_route("/2.3.0/api-throttle/", ROUTE_THROTTLE, NULL, false);
	assert_route("/2.3.0/api-throttle", ROUTE_THROTTLE, NULL, true);
	assert_route("/favicon.ico", ROUTE_FAVICON, NULL, false);
	assert_route("/favicon.ico/", ROUTE_NONE, NULL, false);
	assert_route("/robots.txt", ROUTE_ROBOTS, NULL, false);
	assert_route("/health", ROUTE_HEALTH, NULL, false);
	assert_route("/live", ROUTE_LIVE, NULL, false);
	assert_route("/ready", ROUTE_READY, NULL, false);
	assert_route("/metrics", ROUTE_METRICS, NULL, false);
	assert_route("/metrics/", ROUTE_NONE, NULL, false);
}

/* What counts of requests are labelled by leads to the route itself, but for those that no path of their own has. */
static void test_patterns(void **state)
{
	struct strbuf pattern = STRBUF_INIT;

	(void)state;
	for (int route = ROUTE_THROTTLE; route < ROUTE_UNSERVED; route++) {
		strbuf_reset(&pattern);
		route_write_pattern(&pattern, (enum route)route, NULL);
		assert_route(pattern.data, (enum route)route, NULL, false);
	}
	for (size_t i = 0; i < endpoint_count; i++) {
		strbuf_reset(&pattern);
		route_write_pattern(&pattern, ROUTE_LIST, endpoints[i]);
		assert_route(pattern.data, ROUTE_LIST, NULL, false);
		strbuf_reset(&pattern);
		route_write_pattern(&pattern, ROUTE_ROW, endpoints[i]);
		assert_route(pattern.data, ROUTE_ROW, "{id}", false);
	}
	strbuf_fini(&pattern);
}

/* What documents link to is served, but for other versions and one page that is no list. */
static void test_unserved(void **state)
{
	(void)state;
	assert_route("/2.3.0/dashboard/starship/", ROUTE_UNSERVED, NULL, false);
	assert_route("/2.3.0/dashboard/starship", ROUTE_UNSERVED, NULL, true);
	assert_route("/2.3.0/dashboard/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/dashboard/starship/1/", ROUTE_NONE, NULL, false);
	assert_route("/2.2.0/spacecraft/flight/1/", ROUTE_UNSERVED, NULL, false);
	assert_route("/2.2.0/agencies/88", ROUTE_UNSERVED, NULL, false);
	assert_route("/2.4.0/", ROUTE_UNSERVED, NULL, false);
	assert_route("/2.2.0", ROUTE_NONE, NULL, false);
	assert_route("/2.2.1/", ROUTE_NONE, NULL, false);
	/* Resources without lists have no paths. */
	assert_route("/2.3.0/image/1/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0/rockets/1/", ROUTE_NONE, NULL, false);
	assert_route("/2.3.0//1/", ROUTE_NONE, NULL, false);
}

static void assert_split(const char *target, const char *expected_path, const char *expected_query)
{
	struct text path, query;

	target_split(text_of(target), &path, &query);
	assert_true(text_is(path, expected_path));
	assert_int_equal(query.data != NULL, expected_query != NULL);
	assert_true(!expected_query || text_is(query, expected_query));
}

static void test_targets(void **state)
{
	(void)state;
	assert_split("/a/b", "/a/b", NULL);
	assert_split("/a?", "/a", "");
	assert_split("/a?b=c?d", "/a", "b=c?d");
	assert_split("?x", "", "x");
	assert_split("", "", NULL);
	assert_split("*", "*", NULL);
	assert_split("http://host/a/b?c", "/a/b", "c");
	assert_split("HTTPS://host:80/", "/", NULL);
	assert_split("http://host", "/", NULL);
	assert_split("http://host?q=/x", "/", "q=/x");
	assert_split("http://host/?u=http://x/y", "/", "u=http://x/y");
	assert_split("/a?u=http://x/y", "/a", "u=http://x/y");
	assert_split("ftp://host/a", "ftp://host/a", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),      cmocka_unit_test(test_flight),
		cmocka_unit_test(test_endpoints), cmocka_unit_test(test_nul_in_id),
		cmocka_unit_test(test_own_paths), cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_unserved),  cmocka_unit_test(test_targets),
	};

	return RUN_TESTS("router", tests, NULL, NULL);
}
