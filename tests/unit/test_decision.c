/* The order of decisions and what each hands on. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "protocol/filter_error.h"
#include "protocol/decision.h"
#include "protocol/number.h"
#include "protocol/error_body.h"
#include "resources/all.h"
#include "support/cmocka.h"

#define LIST "/2.3.0/spacecraft_flights/"

/* 200 characters, of two bytes each. */
#define TEN "%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG_TERM FIFTY FIFTY FIFTY FIFTY

static struct arena arena;
static struct decision decision;
static struct sockaddr_in peer = {.sin_family = AF_INET};
static struct networks trusted_proxies;
static struct forwarded forwarded;
static struct decision_rules rules;
static struct request request;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena);
	trusted_proxies = (struct networks){NULL, 0};
	forwarded = (struct forwarded){NULL, NULL, NULL};
	rules = (struct decision_rules){
		.allowed_hosts = "*",
		.public_url = "",
		.upstream = "https://upstream.example",
	};
	request = (struct request){
		.method = "GET",
		.host = "ll.example.org",
	};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static enum decision_kind decided(const char *target)
{
	request.target = text_of(target);
	request.client = client_of((const struct sockaddr *)&peer, &trusted_proxies, &forwarded);
	decide(&decision, &request, &rules, &arena);
	return decision.kind;
}

/* Every rule against those behind it: a request that offends all is answered by the first. */
static void test_order(void **state)
{
	(void)state;
	request.method = "POST";
	request.accept = "application/xml";
	request.host = "a@b";
	assert_int_equal(decided(LIST "abc?format=xml&spacecraft=abc"), DECISION_BAD_HOST);
	request.host = "a";
	assert_int_equal(decided(LIST "abc?format=xml&spacecraft=abc"), DECISION_MOVED);
	assert_int_equal(decided(LIST "a.b/?format=xml&spacecraft=abc"), DECISION_NO_ROUTE);
	assert_int_equal(decided(LIST "abc/?format=xml&spacecraft=abc"), DECISION_BAD_FORMAT);
	assert_false(decision.throttled);
	assert_int_equal(decided(LIST "abc/?spacecraft=abc"), DECISION_NOT_ACCEPTABLE);
	assert_false(decision.throttled);
	request.accept = NULL;
	assert_int_equal(decided(LIST "abc/?spacecraft=abc"), DECISION_BAD_METHOD);
	assert_true(decision.throttled);
	request.method = "GET";
	assert_int_equal(decided(LIST "abc/?spacecraft=abc&search=%00"), DECISION_BAD_FILTER);
	assert_string_equal(decision.query.errors[0], QUERY_NOT_A_CHOICE);
	assert_int_equal(decided(LIST "abc/?spacecraft=%00&search=%00"), DECISION_BAD_FILTER);
	assert_string_equal(decision.query.errors[0], QUERY_NULL_CHARACTERS);
	assert_int_equal(decided(LIST "abc/?search=%00"), DECISION_NUL_SEARCH);
	assert_int_equal(decided(LIST "abc/?search=1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7"),
	                 DECISION_LONG_SEARCH);
	assert_int_equal(decided(LIST "abc/?search=" LONG_TERM), DECISION_BAD_ID);
	assert_int_equal(decided(LIST "abc/?search=" LONG_TERM "_"), DECISION_LONG_SEARCH);
	assert_int_equal(decided(LIST "abc/?search=a+" LONG_TERM), DECISION_LONG_SEARCH);
	assert_int_equal(decided(LIST "abc/"), DECISION_BAD_ID);
	assert_int_equal(decided(LIST "1/"), DECISION_SERVED);
	assert_int_equal(decision.route, ROUTE_ROW);
	assert_int_equal((int64_t)decision.key.low, 1);
}

static void test_contract_examples(void **state)
{
	(void)state;
	request.method = "POST";
	assert_int_equal(decided(LIST "?format=xml"), DECISION_BAD_FORMAT);
	assert_int_equal(decided(LIST "99999/"), DECISION_BAD_METHOD);
	assert_int_equal(decided(LIST "?spacecraft=abc"), DECISION_BAD_METHOD);
	assert_int_equal(decided("/2.3.0"), DECISION_NO_ROUTE);
	assert_int_equal(decided("/nope"), DECISION_NO_ROUTE);
	request.method = "GET";
	assert_int_equal(decided(LIST "1.json"), DECISION_NO_ROUTE);
	assert_int_equal(decided(LIST "1%00/"), DECISION_BAD_ID);
	assert_int_equal(decided(LIST "%zz/"), DECISION_BAD_ID);
	assert_int_equal(decided(LIST "%D9%A1/"), DECISION_BAD_ID);
	assert_int_equal(decided(LIST "-1/"), DECISION_SERVED);
	assert_int_equal((int64_t)decision.key.low, -1);
	assert_int_equal(decided(LIST "99999999999999999999/"), DECISION_SERVED);
	assert_int_equal((int64_t)decision.key.low, INTEGER_LARGEST);
	assert_int_equal(decided(LIST "+1/"), DECISION_SERVED);
	assert_int_equal((int64_t)decision.key.low, 1);
	assert_int_equal(decided(LIST "1%0A/"), DECISION_SERVED);
	assert_int_equal((int64_t)decision.key.low, 1);
}

/* Whether a choice exists is looked up before the id and the search decide. */
static void test_needs_data(void **state)
{
	(void)state;
	assert_int_equal(decided(LIST), DECISION_SERVED);
	assert_true(decision.needs_data);
	assert_int_equal(decision.query.condition_count, 0);
	assert_int_equal(decided(LIST "?spacecraft=289"), DECISION_SERVED);
	assert_true(decision.needs_data);
	assert_int_equal(decision.query.conditions[0].key.low, 289);
	assert_int_equal(decided(LIST "abc/"), DECISION_BAD_ID);
	assert_false(decision.needs_data);
	assert_int_equal(decided(LIST "abc/?spacecraft=289"), DECISION_BAD_ID);
	assert_true(decision.needs_data);
	assert_int_equal(decided(LIST "?spacecraft=289&search=%00"), DECISION_NUL_SEARCH);
	assert_true(decision.needs_data);
	assert_int_equal(decided(LIST "?spacecraft=abc"), DECISION_BAD_FILTER);
	assert_false(decision.needs_data);
}

/* What the throttle and the data say makes the verdict final, in the order of the rules. */
static void test_conclude(void **state)
{
	static const size_t known[] = {0}, unknown[] = {1};
	static const struct {
		const char *target;
		struct findings findings;
		enum decision_kind kind;
		int64_t wait;
	} cases[] = {
		{LIST, {.throttle_wait = 7}, DECISION_THROTTLED, 7},
		{"/2.3.0/api-throttle/", {.throttle_wait = 7}, DECISION_SERVED, 0},
		{LIST "abc/?spacecraft=abc",
	         {.throttle_wait = 7, .busy = true},
	         DECISION_THROTTLED,
	         7},
		{LIST, {.busy = true}, DECISION_BUSY, 5},
		{LIST, {.no_database = true}, DECISION_NO_DATABASE, 5},
		{LIST "?spacecraft=1", {.unknown_choice = known}, DECISION_SERVED, 0},
		{LIST "?spacecraft=1", {.unknown_choice = unknown}, DECISION_BAD_FILTER, 0},
		{LIST "?spacecraft=1&search=%00",
	         {.unknown_choice = known},
	         DECISION_NUL_SEARCH,
	         0},
		{LIST "?spacecraft=1&search=%00",
	         {.unknown_choice = unknown},
	         DECISION_BAD_FILTER,
	         0},
		{LIST "abc/?spacecraft=1", {.unknown_choice = unknown}, DECISION_BAD_FILTER, 0},
		{LIST "abc/?spacecraft=1",
	         {.unknown_choice = known, .row_missing = true},
	         DECISION_BAD_ID,
	         0},
		{LIST "1/", {.row_missing = true}, DECISION_NO_ROW, 0},
		{"/calendar.ics?station=5", {.row_missing = true}, DECISION_NO_STATION, 0},
		{LIST "1/", {.row_missing = false}, DECISION_SERVED, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)decided(cases[i].target);
		decision_conclude(&decision, &cases[i].findings);
		assert_int_equal(decision.kind, cases[i].kind);
		assert_int_equal(decision.wait, cases[i].wait);
		assert_false(decision.needs_data);
	}
}

/* The errors of all filters come together, in the order of the endpoint's. */
static void test_filter_errors(void **state)
{
	static const size_t unknown[] = {0, 1};
	struct strbuf out = STRBUF_INIT;

	(void)state;
	assert_int_equal(
		decided("/2.3.0/spacecraft/?spacecraft_config=abc&name=a%00&in_space=1&status=3"),
		DECISION_BAD_FILTER);
	assert_true(decision.needs_data);
	decision_conclude(&decision, &(struct findings){.unknown_choice = unknown});
	assert_int_equal(decision.kind, DECISION_BAD_FILTER);
	error_body_write(&out, &decision);
	assert_string_equal(out.data, "{\"name\":[\"Null characters are not allowed.\"],"
	                              "\"spacecraft_config\":[\"" QUERY_NOT_A_CHOICE "\"],"
	                              "\"status\":[\"" QUERY_NOT_A_CHOICE "\"]}");
	strbuf_fini(&out);
}

/* A request for launches with so many filters that take a number. */
static enum decision_kind decided_with_filters(size_t count)
{
	struct strbuf target = STRBUF_INIT;
	enum decision_kind kind;
	size_t added = 0;

	strbuf_str(&target, "/2.3.0/launches/?");
	for (size_t i = 0; i < endpoint_launch.filter_count && added < count; i++)
		if (endpoint_launch.filters[i].match == MATCH_NUMBER) {
			strbuf_printf(&target, "%s=1&", endpoint_launch.filters[i].name);
			added++;
		}
	assert_int_equal(added, count);
	kind = decided(target.data);
	strbuf_fini(&target);
	return kind;
}

static void test_many_filters(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	assert_int_equal(decided_with_filters(40), DECISION_SERVED);
	assert_int_equal(decided_with_filters(41), DECISION_MANY_FILTERS);
	assert_false(decision.needs_data);
	error_body_write(&out, &decision);
	assert_string_equal(out.data, "[\"At most 40 filters at once.\"]");
	strbuf_fini(&out);
}

static void test_encoding(void **state)
{
	(void)state;
	request.accept_encoding = "gzip";
	assert_int_equal(decided(LIST), DECISION_SERVED);
	assert_int_equal(decision.encoding, ENCODING_GZIP);
	request.accept_encoding = "identity;q=0, br";
	assert_int_equal(decided(LIST), DECISION_NOT_ACCEPTABLE);
	assert_false(decision.needs_data);
	assert_int_equal(decided(LIST "abc/"), DECISION_BAD_ID);
}

static void test_methods(void **state)
{
	static const char *const refused[] = {"POST",    "PUT", "PATCH", "DELETE",
	                                      "OPTIONS", "FOO", "post"};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		request.method = refused[i];
		assert_int_equal(decided(LIST), DECISION_BAD_METHOD);
		assert_int_equal(decided(LIST "1/"), DECISION_BAD_METHOD);
		assert_int_equal(decided("/2.3.0/api-throttle/"), DECISION_BAD_METHOD);
		assert_int_equal(decided("/health"), DECISION_BAD_METHOD);
	}
	assert_string_equal(decision.method, "POST");
	request.method = "get";
	assert_int_equal(decided(LIST), DECISION_SERVED);
	request.method = "HEAD";
	assert_int_equal(decided(LIST), DECISION_SERVED);
}

static void test_preflight(void **state)
{
	(void)state;
	request.method = "OPTIONS";
	request.origin = "https://browser.example";
	assert_int_equal(decided(LIST), DECISION_BAD_METHOD);
	request.preflight_method = "GET";
	assert_int_equal(decided(LIST), DECISION_PREFLIGHT);
	assert_int_equal(decided(LIST "1"), DECISION_PREFLIGHT);
	request.origin = NULL;
	assert_int_equal(decided(LIST), DECISION_BAD_METHOD);
	request.origin = "null";
	request.method = "GET";
	assert_int_equal(decided(LIST), DECISION_SERVED);
	request.method = "OPTIONS";
	request.host = "";
	assert_int_equal(decided(LIST), DECISION_BAD_HOST);
}

static void assert_location(const char *target, enum decision_kind kind, const char *location)
{
	assert_int_equal(decided(target), kind);
	assert_string_equal(decision.location, location);
}

static void test_moved(void **state)
{
	static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "OPTIONS"};

	(void)state;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		request.method = methods[i];
		assert_location("/2.3.0/spacecraft_flights", DECISION_MOVED, LIST);
	}
	assert_location("/2.3.0/spacecraft_flights?", DECISION_MOVED, LIST);
	assert_location("/2.3.0/spacecraft_flights?limit=2&offset=3", DECISION_MOVED,
	                LIST "?limit=2&offset=3");
	assert_location(LIST "1?b=%zz&a=+%c3&&", DECISION_MOVED, LIST "1/?b=%zz&a=+%c3&&");
	assert_location(LIST "1?a=\"<>\\^`{|}\xC3\xA9", DECISION_MOVED,
	                LIST "1/?a=%22%3C%3E%5C%5E%60%7B%7C%7D%C3%83%C2%A9");
	assert_location(LIST "abc", DECISION_MOVED, LIST "abc/");
	assert_location(LIST "%", DECISION_MOVED, LIST "%25/");
	assert_location(LIST "%FF", DECISION_MOVED, LIST "%25FF/");
	assert_location(LIST "%0d%0aX:y", DECISION_MOVED, LIST "%0D%0AX:y/");
	assert_location(LIST "a%20;=b%3F", DECISION_MOVED, LIST "a%20%3B%3Db%3F/");
	assert_location("/2.3.0/schema", DECISION_MOVED, "/2.3.0/schema/");
}

static void test_own_redirects(void **state)
{
	(void)state;
	assert_location("/", DECISION_TO_LIST, LIST);
	assert_location("/2.2.0/agencies/88/", DECISION_TO_UPSTREAM,
	                "https://upstream.example/2.2.0/agencies/88/");
	assert_location("/2.2.0/launches/a%20b/?format=json&b=%c3", DECISION_TO_UPSTREAM,
	                "https://upstream.example/2.2.0/launches/a%20b/?format=json&b=%c3");
	assert_location("/2.3.0/dashboard/starship/", DECISION_TO_UPSTREAM,
	                "https://upstream.example/2.3.0/dashboard/starship/");
	assert_location("/2.3.0/dashboard/starship", DECISION_MOVED, "/2.3.0/dashboard/starship/");
	rules.upstream = NULL;
	assert_int_equal(decided("/2.2.0/agencies/88/"), DECISION_NO_ROUTE);
	assert_null(decision.location);
	assert_int_equal(decided("/2.3.0/dashboard/starship/"), DECISION_NO_ROUTE);
	assert_int_equal(decided("/2.3.0/dashboard/starship"), DECISION_NO_ROUTE);
}

static void test_own_routes(void **state)
{
	static const struct {
		const char *target;
		enum route route;
	} cases[] = {
		{"/2.3.0/schema/", ROUTE_SCHEMA},
		{"/2.3.0/docs/", ROUTE_DOCS},
		{"/favicon.ico", ROUTE_FAVICON},
		{"/robots.txt", ROUTE_ROBOTS},
		{"/health", ROUTE_HEALTH},
		{"/metrics", ROUTE_METRICS},
		{"/live", ROUTE_LIVE},
		{"/ready", ROUTE_READY},
	};

	(void)state;
	request.accept = "image/png";
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(decided(cases[i].target), DECISION_SERVED);
		assert_int_equal(decision.route, cases[i].route);
		assert_false(decision.throttled);
	}
	assert_int_equal(decided("/2.3.0/api-throttle/"), DECISION_NOT_ACCEPTABLE);
	request.accept = "text/html";
	assert_int_equal(decided("/2.3.0/api-throttle/"), DECISION_SERVED);
	assert_int_equal(decision.route, ROUTE_THROTTLE);
	assert_int_equal(decision.negotiation.renderer, RENDERER_HTML);
	assert_false(decision.throttled);
}

/* Pages that read the database are throttled as lists are, and feeds are not negotiated. */
static void test_pages_with_data(void **state)
{
	static const struct {
		const char *target;
		enum route route;
	} cases[] = {
		{"/", ROUTE_SPACE},
		{"/calendar.ics", ROUTE_CALENDAR},
		{"/calendar.ics?station=4", ROUTE_CALENDAR},
		{"/feed.atom", ROUTE_FEED},
	};

	(void)state;
	request.accept = "text/html";
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		request.method = "GET";
		assert_int_equal(decided(cases[i].target), DECISION_SERVED);
		assert_int_equal(decision.route, cases[i].route);
		assert_true(decision.throttled);
		assert_true(decision.needs_data);
		request.method = "POST";
		assert_int_equal(decided(cases[i].target), DECISION_BAD_METHOD);
		assert_true(decision.throttled);
		assert_false(decision.needs_data);
	}
	request.method = "GET";
	assert_int_equal(decided("/calendar.ics?station=four"), DECISION_BAD_STATION);
	assert_int_equal(decided("/calendar.ics?station=0"), DECISION_BAD_STATION);
	assert_false(decision.needs_data);
	request.accept = "image/png";
	assert_int_equal(decided("/feed.atom"), DECISION_SERVED);
}

/* A Location that would not fit beside the request is not sent, however much longer it is than the target. */
static void test_long_redirects(void **state)
{
	static const char *const begins[] = {"/2.3.0/spacecraft_flights?", "/2.2.0/agencies/?"};
	static const enum decision_kind kinds[] = {DECISION_MOVED, DECISION_TO_UPSTREAM};
	static char target[DECISION_LOCATION_MOST + 100];

	(void)state;
	for (int i = 0; i < 2; i++) {
		size_t length = strlen(begins[i]);

		memcpy(target, begins[i], length + 1);
		memset(target + length, 'a', sizeof(target) - length - 1);
		assert_int_equal(decided(target), DECISION_LONG_TARGET);
		assert_null(decision.location);
		target[DECISION_LOCATION_MOST - strlen(rules.upstream)] = '\0';
		assert_int_equal(decided(target), kinds[i]);
		memset(target + length, '\xE9', DECISION_LOCATION_MOST / 6);
		assert_int_equal(decided(target), DECISION_LONG_TARGET);
	}
}

static void assert_base(const char *base)
{
	assert_int_equal(decided(LIST), DECISION_SERVED);
	assert_true(text_is(decision.link.base, base));
}

static void test_base(void **state)
{
	(void)state;
	assert_base("http://ll.example.org");
	request.host = "LL.Example.org.:80";
	assert_base("http://LL.Example.org.:80");
	request.host = "[::1]:9000";
	assert_base("http://[::1]:9000");
	forwarded.proto = "https";
	assert_base("http://[::1]:9000");
	assert_true(networks_parse("0.0.0.0", &arena, &trusted_proxies));
	assert_base("https://[::1]:9000");
	rules.public_url = "https://public.example";
	assert_base("https://public.example");
	request.host = "a@b";
	assert_int_equal(decided(LIST), DECISION_BAD_HOST);
}

/* Each answer to a path below the prefix, and to the path alone, is the same. The last decision stays to be looked at,
   and so does the target, of which it has parts. */
static void assert_prefixed(const char *target, enum decision_kind kind, enum route route,
                            const char *location)
{
	static char prefixed[128];
	const char *const targets[] = {target, prefixed};

	snprintf(prefixed, sizeof(prefixed), "/ll2%s", target);
	for (int i = 0; i < 2; i++) {
		if (decided(targets[i]) != kind)
			fail_msg("%s: %d", targets[i], (int)decision.kind);
		assert_int_equal(decision.route, route);
		assert_int_equal(decision.location != NULL, location != NULL);
		if (location)
			assert_string_equal(decision.location, location);
		assert_true(text_is(decision.link.prefix, "/ll2"));
		assert_false(strncmp(decision.link.path.data, "/ll2", 4) == 0);
	}
}

static void assert_all_prefixed(const char *base)
{
	assert_prefixed(LIST "?limit=1", DECISION_SERVED, ROUTE_LIST, NULL);
	assert_true(text_is(decision.link.base, base));
	assert_true(text_is(decision.link.path, LIST));
	assert_prefixed(LIST "1/", DECISION_SERVED, ROUTE_ROW, NULL);
	assert_prefixed(LIST "1?a=b", DECISION_MOVED, ROUTE_ROW, "/ll2" LIST "1/?a=b");
	assert_prefixed("/2.3.0/docs", DECISION_MOVED, ROUTE_DOCS, "/ll2/2.3.0/docs/");
	assert_prefixed("/", DECISION_TO_LIST, ROUTE_SPACE, "/ll2" LIST);
	assert_prefixed("/2.3.0/", DECISION_SERVED, ROUTE_ROOT, NULL);
	assert_location("/ll2", DECISION_TO_LIST, "/ll2" LIST);
	/* The upstream knows nothing of it. */
	assert_prefixed("/2.2.0/agencies/88/?x=1", DECISION_TO_UPSTREAM, ROUTE_UNSERVED,
	                "https://upstream.example/2.2.0/agencies/88/?x=1");
	assert_prefixed("/2.2.0/launch/", DECISION_TO_UPSTREAM, ROUTE_UNSERVED,
	                "https://upstream.example/2.2.0/launch/");
	assert_prefixed("/nope", DECISION_NO_ROUTE, ROUTE_NONE, NULL);
	assert_prefixed("/health", DECISION_SERVED, ROUTE_HEALTH, NULL);
	assert_int_equal(decided("/ll2x" LIST), DECISION_NO_ROUTE);
	assert_int_equal(decided("/ll" LIST), DECISION_NO_ROUTE);
	assert_int_equal(decided("/ll2/ll2" LIST), DECISION_NO_ROUTE);
	assert_int_equal(decided("/%6Cl2" LIST), DECISION_SERVED);
}

static void test_prefix(void **state)
{
	(void)state;
	rules.public_url = "https://x.example:8443/ll2";
	assert_all_prefixed("https://x.example:8443/ll2");
	/* What the settings say, no proxy changes. */
	forwarded.prefix = "/other";
	assert_true(networks_parse("0.0.0.0", &arena, &trusted_proxies));
	assert_all_prefixed("https://x.example:8443/ll2");
	rules.public_url = "https://x.example";
	assert_int_equal(decided(LIST), DECISION_SERVED);
	assert_int_equal(decision.link.prefix.length, 0);
	assert_true(text_is(decision.link.base, "https://x.example"));
	rules.public_url = "";
	forwarded.prefix = "/ll2/";
	assert_all_prefixed("http://ll.example.org/ll2");
	forwarded.prefix = "//ll2";
	assert_base("http://ll.example.org");
	assert_int_equal(decided("/ll2" LIST), DECISION_NO_ROUTE);
}

/* A prefix that our own paths begin with hides none of them, whether or not the proxy takes it off. */
static void test_prefix_like_a_path(void **state)
{
	(void)state;
	rules.public_url = "https://x.example/2.3.0";
	assert_location(LIST "1", DECISION_MOVED, "/2.3.0" LIST "1/");
	assert_location("/2.3.0" LIST "1", DECISION_MOVED, "/2.3.0" LIST "1/");
	assert_int_equal(decided("/2.3.0/health"), DECISION_SERVED);
	assert_int_equal(decision.route, ROUTE_HEALTH);
}

static void test_no_host(void **state)
{
	(void)state;
	request.host = NULL;
	assert_int_equal(decided(LIST), DECISION_BAD_HOST);
	request.host = "";
	assert_int_equal(decided(LIST), DECISION_BAD_HOST);
	request.host = "a,b";
	assert_int_equal(decided(LIST), DECISION_BAD_HOST);
	request.host = "b.example";
	rules.allowed_hosts = "a.example";
	assert_int_equal(decided(LIST), DECISION_BAD_HOST);
}

static void test_too_many_fields(void **state)
{
	static char target[2000] = LIST "?";
	size_t length = strlen(target);

	(void)state;
	memset(target + length, '&', 999);
	assert_int_equal(decided(target), DECISION_SERVED);
	target[length + 999] = '&';
	assert_int_equal(decided(target), DECISION_TOO_MANY_FIELDS);
	request.method = "POST";
	request.accept = "";
	assert_int_equal(decided(target), DECISION_TOO_MANY_FIELDS);
	assert_false(decision.throttled);
}

static int64_t wait_seconds = 3600;

static void assert_body(const char *target, enum decision_kind kind, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	(void)decided(target);
	decision.kind = kind;
	decision.wait = wait_seconds;
	error_body_write(&out, &decision);
	assert_string_equal(out.data, expected);
	strbuf_fini(&out);
}

static void test_error_bodies(void **state)
{
	(void)state;
	request.method = "POST";
	assert_body(LIST, DECISION_BAD_FORMAT, "{\"detail\":\"Not found.\"}");
	assert_body(LIST, DECISION_BAD_ID, "{\"detail\":\"Not found.\"}");
	assert_body(LIST, DECISION_NO_ROW,
	            "{\"detail\":\"No SpacecraftFlight matches the given query.\"}");
	assert_body("/2.3.0/spacecraft/1/", DECISION_NO_ROW,
	            "{\"detail\":\"No Spacecraft matches the given query.\"}");
	assert_body(LIST, DECISION_NOT_ACCEPTABLE,
	            "{\"detail\":\"Could not satisfy the request Accept header.\"}");
	assert_body(LIST, DECISION_BAD_METHOD, "{\"detail\":\"Method \\\"POST\\\" not allowed.\"}");
	assert_body(LIST, DECISION_NUL_SEARCH, "[\"Null characters are not allowed.\"]");
	assert_body(LIST, DECISION_THROTTLED,
	            "{\"detail\":\"Request was throttled. Expected available in 3600 seconds.\"}");
	wait_seconds = 1;
	assert_body(LIST, DECISION_THROTTLED,
	            "{\"detail\":\"Request was throttled. Expected available in 1 second.\"}");
	request.method = "A\"\\\x01\xE9";
	assert_body(LIST, DECISION_BAD_METHOD,
	            "{\"detail\":\"Method \\\"A\\\"\\\\\\u0001\u00e9\\\" not allowed.\"}");
	request.method = "GET";
	assert_body(LIST "?spacecraft=abc", DECISION_BAD_FILTER,
	            "{\"spacecraft\":[\"Select a valid choice. That choice is not one of the "
	            "available choices.\"]}");
	assert_body(LIST "?spacecraft=%00", DECISION_BAD_FILTER,
	            "{\"spacecraft\":[\"Null characters are not allowed.\"]}");
}

static void test_fixed_pages(void **state)
{
	(void)state;
	assert_body("/nope", DECISION_NO_ROUTE,
	            "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Not Found</title>\n"
	            "</head>\n<body>\n  <h1>Not Found</h1><p>The requested resource was not "
	            "found on this server.</p>\n</body>\n</html>\n");
	assert_body("/nope", DECISION_BAD_HOST,
	            "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Bad Request "
	            "(400)</title>\n"
	            "</head>\n<body>\n  <h1>Bad Request (400)</h1><p></p>\n</body>\n</html>\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_contract_examples),
		TEST(test_needs_data),
		TEST(test_methods),
		TEST(test_preflight),
		TEST(test_moved),
		TEST(test_own_redirects),
		TEST(test_long_redirects),
		TEST(test_own_routes),
		TEST(test_pages_with_data),
		TEST(test_base),
		TEST(test_no_host),
		TEST(test_too_many_fields),
		TEST(test_conclude),
		TEST(test_filter_errors),
		TEST(test_many_filters),
		TEST(test_encoding),
		TEST(test_error_bodies),
		TEST(test_fixed_pages),
		TEST(test_prefix),
		TEST(test_prefix_like_a_path),
	};

	return RUN_TESTS("decision", tests, NULL, NULL);
}
