/* Values of filters against what Python reads (tests/tools/filter-cases.py), and the rules beyond that. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/query.h"
#include "protocol/datetime.h"
#include "protocol/filter_value.h"
#include "protocol/number.h"
#include "protocol/percent.h"
#include "protocol/search_terms.h"
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

static void check_text(const char *text, const char *expected, const char *found)
{
	if (strcmp(found, expected) != 0)
		fail_msg("%s: %s, not %s", text, found, expected);
}

/* What Python's isdigit() says, with the number; "none" and "-" for other numbers and for what is none. */
static void check_digits(const char *text, const char *expected, bool read,
                         const struct decimal *number)
{
	const char *found = !read ? "-" : number->digits.length == 0 ? "none" : NULL;

	check_text(text, expected,
	           found ? found : arena_copy(&arena, number->digits.data, number->digits.length));
}

static void check_search(const char *text, const char *expected, struct text search)
{
	struct strbuf found = STRBUF_INIT;
	size_t count;
	const struct text *terms = search_terms(&arena, search, false, &count);

	strbuf_str(&found, "");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			strbuf_char(&found, '|');
		for (size_t k = 0; k < terms[i].length; k++) {
			unsigned char byte = (unsigned char)terms[i].data[k];

			strbuf_printf(&found, isalnum(byte) && byte < 0x80 ? "%c" : "%%%02X", byte);
		}
	}
	check_text(text, expected, found.data);
	strbuf_fini(&found);
}

/* Whether the text could be read. */
static bool check_line(const char *kind, const char *encoded, const char *expected)
{
	struct text text = percent_decode_path(&arena, text_of(encoded));
	struct decimal number = {0};
	struct key key = {0, 0};
	char written[KEY_TEXT_SIZE];
	int64_t moment = 0;
	int32_t date = 0;
	bool read;

	if (strcmp(kind, "datetime") == 0) {
		read = datetime_parse(text, &moment);
		check_integer(encoded, expected, read, moment);
	} else if (strcmp(kind, "us") == 0) {
		read = us_datetime_parse(text, &moment);
		check_integer(encoded, expected, read, moment);
	} else if (strcmp(kind, "date") == 0) {
		read = day_parse(text, &date);
		check_integer(encoded, expected, read, date);
	} else if (strcmp(kind, "uuid") == 0) {
		read = uuid_read(&arena, text, &key);
		key_format(true, key, written);
		check_text(encoded, expected, read ? written : "-");
	} else if (strcmp(kind, "search") == 0) {
		check_search(encoded, expected, text);
		read = expected[0] != '\0';
	} else {
		read = number_parse(&arena, text, &number);
		if (strcmp(kind, "digits") == 0)
			check_digits(encoded, expected, read, &number);
		else
			check_number(encoded, expected, read, &number);
	}
	return read;
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
		bool read = check_line(kind, encoded, strsep(&rest, "\n"));

		good += read;
		bad += !read;
	}
	fclose(file);
	assert_true(good > 1500 && bad > 1000);
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
	{.name = "codes", .path = "name", .match = MATCH_TEXTS},
	{.name = "keys", .path = "id", .match = MATCH_UUIDS},
	{.name = "country", .path = "country", .match = MATCH_CHOICES},
	{.name = "us", .path = "founding_year", .match = MATCH_MOMENT, .us_dates = true},
	{.name = "only_true", .path = "featured", .match = MATCH_BOOLEAN, .filters = FILTERS_TRUE},
	{.name = "only_false",
         .path = "featured",
         .match = MATCH_BOOLEAN,
         .filters = FILTERS_FALSE},
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
		"codes=",
		"keys=",
		"only_true=false",
		"only_true=0",
		"only_false=true",
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
		{"moment=8/25/2025", 5, "Enter a valid date/time."},
		{"codes=a,b%00", 6, "Null characters are not allowed."},
		{"keys=abc", 7, "Enter a valid UUID."},
		{"keys=a0b1c2d3-e4f5-4677-8899-aabbccdd0001,+", 7, "Enter a valid UUID."},
		{"country=", 8, "\u201c\u201d is not a valid value."},
		{"country", 8, "\u201c\u201d is not a valid value."},
		{"country=17,8", 8, "\u201c17,8\u201d is not a valid value."},
		{"country=17&country=x&country=y", 8, "\u201cx\u201d is not a valid value."},
		{"country=%22%5C%0A%01%E2%80%A8%C3%A9", 8,
	         "\u201c\\\"\\\\\\n\\u0001\\u2028\u00e9\u201d is not a valid value."},
		{"country=017", 8,
	         "Select a valid choice. 017 is not one of the available choices."},
		{"country=+17", 8,
	         "Select a valid choice.  17 is not one of the available choices."},
		{"country=99999999999999999999", 8,
	         "Select a valid choice. 99999999999999999999 is not one of the available "
	         "choices."},
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

static void test_choices(void **state)
{
	struct strbuf many = STRBUF_INIT;
	struct query query = parsed("country=17&country=8&country=17");
	const struct condition *condition = only(&query);

	(void)state;
	assert_int_equal(condition->count, 3);
	assert_int_equal(condition->keys[1].low, 8);
	assert_string_equal(condition->refusals[1],
	                    "Select a valid choice. 8 is not one of the available choices.");
	strbuf_str(&many, "country=1");
	for (int i = 1; i < 100; i++)
		strbuf_str(&many, "&country=1");
	query = parsed(many.data);
	assert_int_equal(only(&query)->count, 100);
	strbuf_str(&many, "&country=1");
	query = parsed(many.data);
	assert_string_equal(query.errors[8], "Ensure this list has at most 100 values.");
	strbuf_fini(&many);
}

static void test_texts_and_uuids(void **state)
{
	struct query query = parsed("codes=,+USA%C2%A0,,usa,+");
	const struct condition *condition = only(&query);

	(void)state;
	assert_int_equal(condition->count, 2);
	assert_true(text_is(condition->texts[0], "USA") && text_is(condition->texts[1], "usa"));
	query = parsed("codes=+");
	assert_int_equal(only(&query)->count, 0);
	query = parsed("keys=+A0B1C2D3-E4F5-4677-8899-AABBCCDD0001+,"
	               "a0b1c2d3e4f546778899aabbccdd0002,");
	condition = only(&query);
	assert_int_equal(condition->count, 2);
	assert_true(condition->keys[0].high == UINT64_C(0xa0b1c2d3e4f54677) &&
	            condition->keys[0].low == UINT64_C(0x8899aabbccdd0001));
	assert_true(condition->keys[1].low == UINT64_C(0x8899aabbccdd0002));
}

static void test_booleans(void **state)
{
	struct query query = parsed("only_true=TRUE");

	(void)state;
	assert_true(only(&query)->truth);
	query = parsed("only_false=0");
	assert_false(only(&query)->truth);
	query = parsed("us=8/25/2025+11:05");
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
		TEST(test_python_values), TEST(test_no_filter),       TEST(test_errors),
		TEST(test_several),       TEST(test_values),          TEST(test_lists),
		TEST(test_choices),       TEST(test_texts_and_uuids), TEST(test_booleans),
	};

	return RUN_TESTS("filter_values", tests, NULL, NULL);
}
