/* Values of filters against what Python reads (tests/tools/filter-cases.py), and the rules beyond that. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/query.h"
#include "protocol/datetime.h"
#include "protocol/number.h"
#include "protocol/percent.h"
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

static void check_integer(const char *text, const char *expected, bool read, int64_t value)
{
	if (read != (expected[0] != '-' || expected[1] != '\0'))
		fail_msg("%s: %s, not %s", text, read ? "read" : "not read", expected);
	if (read && value != strtoll(expected, NULL, 10))
		fail_msg("%s: %lld, not %s", text, (long long)value, expected);
}

static void check_number(const char *text, const char *expected, bool read,
                         const struct decimal *number)
{
	char *rest;

	check_integer(text, expected, read, number->integer);
	if (!read)
		return;
	strtoll(expected, &rest, 10);
	if (number->fraction != (strtol(rest, &rest, 10) != 0))
		fail_msg("%s: %d, not %s", text, number->fraction, expected);
	if (number->real != strtod(rest, NULL))
		fail_msg("%s: %g, not %s", text, number->real, expected);
}

static void test_python_values(void **state)
{
	FILE *file = fopen("tests/data/filter-values.tsv", "r");
	char line[512];
	int good = 0, bad = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		char *rest = line;
		const char *kind = strsep(&rest, "\t"), *encoded = strsep(&rest, "\t");
		const char *expected = strsep(&rest, "\n");
		struct text text = percent_decode_path(&arena, text_of(encoded));
		struct decimal number = {0};
		int64_t moment = 0;
		int32_t date = 0;
		bool read;

		if (strcmp(kind, "datetime") == 0) {
			read = datetime_parse(text, &moment);
			check_integer(encoded, expected, read, moment);
		} else if (strcmp(kind, "date") == 0) {
			read = day_parse(text, &date);
			check_integer(encoded, expected, read, date);
		} else {
			read = number_parse(&arena, text, &number);
			check_number(encoded, expected, read, &number);
		}
		good += read;
		bad += !read;
	}
	fclose(file);
	assert_true(good > 1000 && bad > 1000);
}

/* --- What parameters make of them. --- */

/* One of each kind, over a resource that has such fields. */
static const struct filter filters[] = {
	{.name = "founding_year", .path = "founding_year", .match = MATCH_NUMBER},
	{.name = "name", .path = "name", .match = MATCH_TEXT},
	{.name = "featured", .path = "featured", .match = MATCH_BOOLEAN},
	{.name = "ids", .path = "id", .match = MATCH_NUMBERS},
	{.name = "day", .path = "founding_year", .match = MATCH_DATE},
	{.name = "moment", .path = "founding_year", .match = MATCH_MOMENT},
};

static const struct endpoint endpoint = {
	.resource = &resource_agency,
	.modes = {{"normal", NORMAL}},
	.filters = filters,
	.filter_count = sizeof(filters) / sizeof(filters[0]),
};

static struct query parsed(const char *raw)
{
	struct query query;

	assert_true(query_parse(&arena, text_of(raw), &endpoint, &query));
	return query;
}

static const struct condition *only(const struct query *query)
{
	assert_false(query->has_errors);
	assert_int_equal(query->condition_count, 1);
	return &query->conditions[0];
}

static void test_no_filter(void **state)
{
	static const char *const queries[] = {
		"founding_year=",
		"founding_year",
		"name=",
		"name=+%C2%A0",
		"featured=",
		"featured=yes",
		"featured=+true",
		"featured=%00",
		"ids=",
		"day=",
		"moment=",
		"moment=x&moment=",
		"founding_year__gt=5",
		"Name=x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct query query = parsed(queries[i]);

		if (query.has_errors || query.condition_count > 0)
			fail_msg("a filter: %s", queries[i]);
	}
}

static void test_errors(void **state)
{
	static const struct {
		const char *query;
		size_t filter;
		const char *error;
	} cases[] = {
		{"founding_year=abc", 0, "Enter a number."},
		{"founding_year=+", 0, "Enter a number."},
		{"founding_year=%00", 0, "Enter a number."},
		{"founding_year=1%002", 0, "Enter a number."},
		{"founding_year=2,002", 0, "Enter a number."},
		{"founding_year=1e51", 0, "Ensure this value is less than or equal to 1e+50."},
		{"founding_year=1e999999999999", 0,
	         "Ensure this value is less than or equal to 1e+50."},
		{"name=a%00", 1, "Null characters are not allowed."},
		{"ids=+", 3, "Enter a number."},
		{"ids=289;602", 3, "Enter a number."},
		{"ids=1,x,2", 3, "Enter a number."},
		{"ids=1,+,2", 3, "Enter a number."},
		{"day=2025", 4, "Enter a valid date."},
		{"day=+", 4, "Enter a valid date."},
		{"day=2025-08-25T00:00", 4, "Enter a valid date."},
		{"moment=+", 5, "Enter a valid date/time."},
		{"moment=abc", 5, "Enter a valid date/time."},
		{"moment=2025-08-25T11:05:00+02:00", 5, "Enter a valid date/time."},
		{"moment=2025-08-25%00", 5, "Enter a valid date/time."},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct query query = parsed(cases[i].query);

		if (!query.has_errors || query.condition_count > 0 ||
		    !query.errors[cases[i].filter])
			fail_msg("no error: %s", cases[i].query);
		assert_string_equal(query.errors[cases[i].filter], cases[i].error);
	}
}

/* One that is wrong does not hide the others, right or wrong. */
static void test_several(void **state)
{
	struct query query = parsed("moment=x&name=Orbit&founding_year=y&day=2025-08-25");

	(void)state;
	assert_true(query.has_errors);
	assert_string_equal(query.errors[0], "Enter a number.");
	assert_null(query.errors[1]);
	assert_null(query.errors[4]);
	assert_string_equal(query.errors[5], "Enter a valid date/time.");
	assert_int_equal(query.condition_count, 2);
}

static void test_values(void **state)
{
	struct query query = parsed("founding_year=+-2_002.5%C2%A0");

	(void)state;
	assert_int_equal(only(&query)->number.integer, -2002);
	assert_true(only(&query)->number.fraction);
	query = parsed("founding_year=-1e999999999999");
	assert_int_equal(only(&query)->number.integer, -1000000000000000000);
	assert_true(isinf(only(&query)->number.real));
	query = parsed("day=%09Aug+25,+2025+");
	assert_int_equal(only(&query)->date, 20325);
	query = parsed("moment=%202025-08-25T11:05:00%2B02:00%0A");
	assert_int_equal(only(&query)->moment, INT64_C(1756112700000000));
	query = parsed("moment=2025-08-25+11:05");
	assert_int_equal(only(&query)->moment, INT64_C(1756119900000000));
}

static void test_lists(void **state)
{
	struct strbuf list = STRBUF_INIT;
	struct query query = parsed("ids=,8,+8+,,2025.5,-1,99999999999999999999,");
	const struct condition *condition = only(&query);
	static const int64_t expected[] = {8, 8, 2025, -1, 1000000000000000000};

	(void)state;
	assert_int_equal(condition->count, 5);
	assert_memory_equal(condition->integers, expected, sizeof(expected));
	query = parsed("ids=,");
	assert_int_equal(only(&query)->count, 0);
	strbuf_str(&list, "ids=1");
	for (int i = 1; i < 100; i++)
		strbuf_str(&list, ",1");
	query = parsed(list.data);
	assert_int_equal(only(&query)->count, 100);
	strbuf_str(&list, ",1");
	query = parsed(list.data);
	assert_true(query.has_errors);
	assert_string_equal(query.errors[3], "Ensure this list has at most 100 numbers.");
	strbuf_fini(&list);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_python_values), TEST(test_no_filter), TEST(test_errors),
		TEST(test_several),       TEST(test_values),    TEST(test_lists),
	};

	return cmocka_run_group_tests_name("filter_values", tests, NULL, NULL);
}
