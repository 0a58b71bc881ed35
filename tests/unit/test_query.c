/* What a query asks for. */
#include <stdlib.h>

#include "base/strbuf.h"
#include "protocol/filter_error.h"
#include "protocol/number.h"
#include "protocol/query.h"
#include "resources/all.h"
#include "support/cmocka.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static struct query parsed(const char *raw)
{
	struct query query;

	assert_true(query_parse(&arena, text_of(raw), &endpoint_spacecraft_flight, &query));
	return query;
}

static void test_mode(void **state)
{
	(void)state;
	assert_int_equal(parsed("mode=detailed").view, DETAILED);
	assert_int_equal(parsed("mode=normal&mode=detailed").view, DETAILED);
	assert_int_equal(parsed("%6dode=det%61iled").view, DETAILED);
	assert_int_equal(parsed("").view, NORMAL);
	assert_int_equal(parsed(NULL).view, NORMAL);
	assert_int_equal(parsed("mode=normal").view, NORMAL);
	assert_int_equal(parsed("mode=foo").view, NORMAL);
	assert_int_equal(parsed("mode=Detailed").view, NORMAL);
	assert_int_equal(parsed("Mode=detailed").view, NORMAL);
	assert_int_equal(parsed("mode=detailed&mode=foo").view, NORMAL);
	assert_int_equal(parsed("mode=detailed+").view, NORMAL);
}

static void test_limit(void **state)
{
	static const struct {
		const char *query;
		int limit;
	} cases[] = {
		{"", 10},
		{"limit", 10},
		{"limit=", 10},
		{"limit=0", 10},
		{"limit=-1", 10},
		{"limit=abc", 10},
		{"limit=1.5", 10},
		{"limit=1e2", 10},
		{"limit=%00", 10},
		{"limit=%zz", 10},
		{"limit=1", 1},
		{"limit=100", 100},
		{"limit=101", 100},
		{"limit=1000", 100},
		{"limit=99999999999999999999", 100},
		{"limit=+5+", 5},
		{"limit=%2B5", 5},
		{"limit=1_0", 10},
		{"limit=2&limit=3", 3},
		{"limit=3&limit=x", 10},
		{"limit=3;offset=2", 10},
		{"%6Cimit=3", 3},
		{"LIMIT=3", 10},
		{"limit=%D9%A3", 10},
		{"&&limit=4&", 4},
		{"limit=4=", 10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(parsed(cases[i].query).limit, cases[i].limit);
}

static void test_offset(void **state)
{
	(void)state;
	assert_int_equal(parsed("").offset, 0);
	assert_int_equal(parsed("offset=").offset, 0);
	assert_int_equal(parsed("offset=-1").offset, 0);
	assert_int_equal(parsed("offset=abc").offset, 0);
	assert_int_equal(parsed("offset=%00").offset, 0);
	assert_int_equal(parsed("offset=20&offset=5").offset, 5);
	assert_int_equal(parsed("offset=251").offset, 251);
	assert_int_equal(parsed("offset=99999999999999999999").offset, INTEGER_LARGEST);
}

static void assert_error(const char *raw, const char *error)
{
	struct query query = parsed(raw);

	assert_true(query.has_errors);
	assert_int_equal(query.condition_count, 0);
	assert_string_equal(query.errors[0], error);
}

static int64_t chosen(const char *raw)
{
	struct query query = parsed(raw);

	assert_false(query.has_errors);
	assert_int_equal(query.condition_count, 1);
	assert_string_equal(query.conditions[0].filter->name, "spacecraft");
	return (int64_t)query.conditions[0].key.low;
}

static void test_filter(void **state)
{
	static const char *const invalid[] = {
		"spacecraft=abc",    "spacecraft=1,2",   "spacecraft=+",
		"spacecraft=%zz",    "spacecraft=289.0", "spacecraft=1&spacecraft=abc",
		"spacecraft=%D9%A2",
	};
	static const char *const valid[] = {
		"spacecraft=289",
		"spacecraft=+289",
		"spacecraft=%20289",
		"spacecraft=%2B289",
		"spacecraft=0289",
		"spacecraft=2_89",
		"spacecraft=abc&spacecraft=289",
	};

	static const char *const none[] = {"",
	                                   "spacecraft=",
	                                   "spacecraft",
	                                   "spacecraft=7&spacecraft=",
	                                   "spacecraft__id=7",
	                                   "Spacecraft=7"};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_int_equal(parsed(none[i]).condition_count, 0);
		assert_false(parsed(none[i]).has_errors);
	}
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		assert_error(invalid[i], QUERY_NOT_A_CHOICE);
	assert_error("spacecraft=%00", QUERY_NULL_CHARACTERS);
	assert_error("spacecraft=a%00b", QUERY_NULL_CHARACTERS);
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
		assert_int_equal(chosen(valid[i]), 289);
	assert_int_equal(chosen("spacecraft=-1"), -1);
	assert_int_equal(chosen("spacecraft=99999999999999999999"), INTEGER_LARGEST);
}

static struct query parsed_spacecraft(const char *raw)
{
	struct query query;

	assert_true(query_parse(&arena, text_of(raw), &endpoint_spacecraft, &query));
	assert_false(query.has_errors);
	return query;
}

/* As the original's stack was measured to read them: anything else than a truth is no filter. */
static void test_booleans(void **state)
{
	static const struct {
		const char *query;
		int truth; /* -1: no filter */
	} cases[] = {
		{"in_space=true", 1},   {"in_space=True", 1},
		{"in_space=TRUE", 1},   {"in_space=1", 1},
		{"in_space=false", 0},  {"in_space=False", 0},
		{"in_space=0", 0},      {"in_space=2", -1},
		{"in_space=yes", -1},   {"in_space=", -1},
		{"in_space=%00", -1},   {"in_space=+true", -1},
		{"in_space=maybe", -1}, {"in_space=1&in_space=x", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct query query = parsed_spacecraft(cases[i].query);

		assert_int_equal(query.condition_count, cases[i].truth >= 0);
		if (cases[i].truth >= 0)
			assert_int_equal(query.conditions[0].truth, cases[i].truth);
	}
}

static void test_texts(void **state)
{
	static const struct {
		const char *query, *text; /* NULL: no filter */
	} cases[] = {
		{"name=Endeavour", "Endeavour"},
		{"name=+%C2%A0Crew+Dragon%09%0A", "Crew Dragon"},
		{"name=", NULL},
		{"name=%20%09", NULL},
		{"name=%25_%5C", "%_\\"},
		{"name=%FF", "\uFFFD"},
	};
	struct query query;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		query = parsed_spacecraft(cases[i].query);
		assert_int_equal(query.condition_count, cases[i].text != NULL);
		if (cases[i].text)
			assert_true(text_is(query.conditions[0].text, cases[i].text));
	}
	assert_true(query_parse(&arena, text_of("name=a%00b"), &endpoint_spacecraft, &query));
	assert_string_equal(query.errors[2], QUERY_NULL_CHARACTERS);
	assert_int_equal(query.condition_count, 0);
}

/* Conditions and errors are in the endpoint's order, whatever the request's. */
static void test_filters_together(void **state)
{
	struct query query;

	(void)state;
	query = parsed_spacecraft("status=3&name=x&in_space=0");
	assert_int_equal(query.condition_count, 3);
	assert_string_equal(query.conditions[0].filter->name, "in_space");
	assert_string_equal(query.conditions[1].filter->name, "name");
	assert_string_equal(query.conditions[2].filter->name, "status");
}

static void test_format(void **state)
{
	static const struct {
		const char *query;
		enum query_format format;
		const char *suffix;
	} cases[] = {
		{"", QUERY_FORMAT_ABSENT, ""},
		{"a=format", QUERY_FORMAT_ABSENT, ""},
		{"format", QUERY_FORMAT_BLANK, "?format="},
		{"format=", QUERY_FORMAT_BLANK, "?format="},
		{"format=json", QUERY_FORMAT_JSON, "?format=json"},
		{"format=js%6Fn", QUERY_FORMAT_JSON, "?format=json"},
		{"format=api", QUERY_FORMAT_API, "?format=api"},
		{"format=json&format=api", QUERY_FORMAT_API, "?format=api"},
		{"format=xml&format=", QUERY_FORMAT_BLANK, "?format="},
		{"format=xml", QUERY_FORMAT_OTHER, ""},
		{"format=JSON", QUERY_FORMAT_OTHER, ""},
		{"format=json+", QUERY_FORMAT_OTHER, ""},
		{"format=json%00", QUERY_FORMAT_OTHER, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct query query = parsed(cases[i].query);

		assert_int_equal(query.format, cases[i].format);
		assert_string_equal(query_url_suffix(&query), cases[i].suffix);
	}
}

/* As `ordering` would say it. */
static char *order_text(const struct query *query)
{
	struct strbuf out = STRBUF_INIT;
	char *text;

	for (size_t i = 0; i < query->sort_count; i++)
		strbuf_printf(&out, "%s%s%s", i == 0 ? "" : ",",
		              query->sorts[i].descending ? "-" : "",
		              query->sorts[i].ordering ? query->sorts[i].ordering->term : "id");
	text = arena_copy(&arena, out.data, out.length);
	strbuf_fini(&out);
	return text;
}

static void test_ordering(void **state)
{
	static const struct {
		const char *query, *order;
	} cases[] = {
		{"", "id"},
		{"ordering=", "id"},
		{"ordering=nope", "id"},
		{"ordering=ID", "id"},
		{"ordering=--id", "id"},
		{"ordering=duration,-turn_around_time", "duration,-turn_around_time,id"},
		{"ordering=launch__name,-spacecraft__in_space,landing__downrange_distance",
	         "launch__name,-spacecraft__in_space,landing__downrange_distance,id"},
		{"ordering=launch,-launch__id,spacecraft__id",
	         "launch,-launch__id,spacecraft__id,id"},
		{"ordering=launch__mission,launch__mission__name,launch_crew,url,launch__url,"
	         "landing__nope",
	         "id"},
		{"ordering=-", "id"},
		{"ordering=id", "id"},
		{"ordering=-id", "-id"},
		{"ordering=destination", "destination,id"},
		{"ordering=-mission_end", "-mission_end,id"},
		{"ordering=spacecraft__name,-launch__net", "spacecraft__name,-launch__net,id"},
		{"ordering=landing__success,nope,-spacecraft", "landing__success,-spacecraft,id"},
		{"ordering=%20destination%20,%C2%A0-id", "destination,-id"},
		{"ordering=-%20id", "id"},
		{"ordering=destination,-destination", "destination,id"},
		{"ordering=-id,destination", "-id"},
		{"ordering=destination&ordering=-launch__net", "-launch__net,id"},
		{"ordering=destination&ordering=", "id"},
		{"ordering=landing__success,launch__net,spacecraft__name,spacecraft,mission_end,"
	         "destination,-id,id",
	         "landing__success,launch__net,spacecraft__name,spacecraft,mission_end,destination,"
	         "-id"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct query query = parsed(cases[i].query);

		assert_string_equal(order_text(&query), cases[i].order);
	}
}

/* Terms with a bar between them. */
static char *search_text(const struct query *query)
{
	struct strbuf out = STRBUF_INIT;
	char *text;

	strbuf_str(&out, "");
	for (size_t i = 0; i < query->term_count; i++) {
		if (i > 0)
			strbuf_char(&out, '|');
		strbuf_add(&out, query->terms[i].data, query->terms[i].length);
	}
	text = arena_copy(&arena, out.data, out.length);
	strbuf_fini(&out);
	return text;
}

static void test_search(void **state)
{
	static const struct {
		const char *query, *terms;
	} cases[] = {
		{"", ""},
		{"search=", ""},
		{"search=+,,+", ""},
		{"search=dragon", "dragon"},
		{"search=Crew+Dragon", "Crew|Dragon"},
		{"search=a,b%09c%E3%80%80d", "a|b|c|d"},
		{"search=%22Crew+Dragon%22", "Crew Dragon"},
		{"search=x+%22a,+b%22,y", "x|a, b|y"},
		{"search=%22a%22%22b%22c", "a|b|c"},
		{"search=%22%22", ""},
		{"search=%22+%22", " "},
		{"search=%22open+end", "\"open|end"},
		{"search=5%22+x%22y", "5\"|x\"y"},
		{"search=it's", "it's"},
		{"search=a&search=b", "b"},
		{"search=%C3%A9t%C3%A9", "\u00e9t\u00e9"},
		{"search=\u00e9", "\u00e9"},
		{"search=%FF", "\uFFFD"},
		{"search=%25_%5C", "%_\\"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct query query = parsed(cases[i].query);

		assert_false(query.search_nul);
		assert_string_equal(search_text(&query), cases[i].terms);
	}
	assert_true(parsed("search=a%00b").search_nul);
	assert_int_equal(parsed("search=a%00b").term_count, 0);
	assert_false(parsed("search=%00&search=a").search_nul);
	assert_int_equal(parsed("search=1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7").term_count, 17);
}

/* A query that is not UTF-8 is Latin-1 as a whole. */
static void test_raw_bytes(void **state)
{
	struct query query;

	(void)state;
	query = parsed("search=\xC3\xA9");
	assert_string_equal(search_text(&query), "\u00e9");
	query = parsed("search=\xC3\xA9&x=\xFF");
	assert_string_equal(search_text(&query), "\u00c3\u00a9");
	query = parsed("search=\xE9");
	assert_string_equal(search_text(&query), "\u00e9");
}

static void test_field_count(void **state)
{
	char raw[1100];
	struct query query;

	(void)state;
	memset(raw, '&', sizeof(raw));
	assert_true(query_parse(&arena, (struct text){raw, 999}, &endpoint_spacecraft, &query));
	assert_false(query_parse(&arena, (struct text){raw, 1000}, &endpoint_spacecraft, &query));
	for (size_t i = 0; i < 7; i++)
		raw[i] = "limit=3"[i];
	assert_true(query_parse(&arena, (struct text){raw, 1006}, &endpoint_spacecraft, &query));
	assert_int_equal(query.limit, 3);
	assert_false(query_parse(&arena, (struct text){raw, 1007}, &endpoint_spacecraft, &query));
}

/* --- Lists of other forms than those of flights. --- */

static const struct ordering part_orderings[] = {{.term = "net"}, {.term = "name"}};

static const struct filter part_filters[] = {
	{.name = "name", .path = "name", .match = MATCH_TEXT},
};

static const struct endpoint previous = {
	.resource = &resource_launch,
	.order = "net",
	.latest_first = true,
	.one = NORMAL,
	.orderings = part_orderings,
	.ordering_count = 2,
	.filters = part_filters,
	.filter_count = 1,
};

static struct query parsed_previous(const char *raw)
{
	struct query query;

	assert_true(query_parse(&arena, text_of(raw), &previous, &query));
	return query;
}

static void test_default_order(void **state)
{
	static const char *const defaults[] = {"", "ordering=", "ordering=id,-id,?,Net",
	                                       "ordering=,"};
	struct query query;

	(void)state;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		query = parsed_previous(defaults[i]);
		assert_int_equal(query.sort_count, 2);
		assert_ptr_equal(query.sorts[0].ordering, &part_orderings[0]);
		assert_true(query.sorts[0].descending && query.sorts[1].descending);
		assert_null(query.sorts[1].ordering);
	}
	query = parsed_previous("ordering=name,id");
	assert_int_equal(query.sort_count, 2);
	assert_ptr_equal(query.sorts[0].ordering, &part_orderings[1]);
	assert_false(query.sorts[0].descending || query.sorts[1].descending);
}

static void test_no_modes_and_no_search(void **state)
{
	struct query query = parsed_previous("mode=detailed&search=%00");

	(void)state;
	assert_int_equal(query.view, NORMAL);
	assert_false(query.search_nul);
	assert_int_equal(parsed_previous("search=a").term_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_mode, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_offset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_filter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_booleans, setup, teardown),
		cmocka_unit_test_setup_teardown(test_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_filters_together, setup, teardown),
		cmocka_unit_test_setup_teardown(test_format, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ordering, setup, teardown),
		cmocka_unit_test_setup_teardown(test_search, setup, teardown),
		cmocka_unit_test_setup_teardown(test_raw_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_field_count, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_modes_and_no_search, setup, teardown),
	};

	return RUN_TESTS("query", tests, NULL, NULL);
}
