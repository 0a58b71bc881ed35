/* Moments, dates and durations against values worked out by Python (tests/tools/temporal-cases.py). */
#include "base/temporal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

static void assert_moment(const char *text, int64_t value)
{
	char out[TEMPORAL_TEXT_SIZE];
	int64_t read = 0;

	assert_int_equal(moment_format(value, out), strlen(text));
	assert_string_equal(out, text);
	assert_true(moment_parse(text, &read));
	assert_int_equal(read, value);
}

static void assert_date(const char *text, int64_t value)
{
	char out[TEMPORAL_TEXT_SIZE];
	int32_t read = 0;

	assert_int_equal(date_format((int32_t)value, out), strlen(text));
	assert_string_equal(out, text);
	assert_true(date_parse(text, &read));
	assert_int_equal(read, value);
}

static void assert_duration(const char *text, int64_t value)
{
	char out[TEMPORAL_TEXT_SIZE];
	int64_t read = 0;

	assert_int_equal(duration_format(value, out), strlen(text));
	assert_string_equal(out, text);
	assert_true(duration_parse(text, &read));
	assert_int_equal(read, value);
}

static void assert_clock(const char *text, int64_t value)
{
	char out[TEMPORAL_TEXT_SIZE];
	int64_t read = 0;

	assert_int_equal(clock_duration_format(value, out), strlen(text));
	assert_string_equal(out, text);
	assert_true(clock_duration_parse(text, &read));
	assert_int_equal(read, value);
}

static void test_python_values(void **state)
{
	FILE *file = fopen("tests/data/temporal.tsv", "r");
	char line[256];
	int count = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		char *rest = line;
		const char *kind = strsep(&rest, "\t");
		const char *text = strsep(&rest, "\t");
		int64_t value = strtoll(rest, NULL, 10);

		if (strcmp(kind, "moment") == 0)
			assert_moment(text, value);
		else if (strcmp(kind, "date") == 0)
			assert_date(text, value);
		else if (strcmp(kind, "duration") == 0)
			assert_duration(text, value);
		else
			assert_clock(text, value);
		count++;
	}
	fclose(file);
	assert_true(count > 1000);
}

/* Texts of the contract; the values are sums that can be checked by eye. */
static void test_contract_texts(void **state)
{
	const int64_t s = MICROSECONDS;
	const int64_t day = DAY_MICROSECONDS;

	(void)state;
	assert_duration("P148DT11H36M25S", 148 * day + (11 * 3600 + 36 * 60 + 25) * s);
	assert_duration("PT9M", 540 * s);
	assert_duration("P46DT6H35M", 46 * day + (6 * 3600 + 35 * 60) * s);
	assert_duration("P0D", 0);
	assert_duration("PT0.5S", s / 2);
	assert_duration("PT1.12S", 1120000);
	assert_duration("-P1DT18H59M59.999997S", -(day + (18 * 3600 + 59 * 60 + 59) * s + 999997));
	assert_duration("P400D", 400 * day);
	assert_clock("1 00:00:00", day);
	assert_clock("10:33:00", (10 * 3600 + 33 * 60) * s);
	assert_clock("243 00:36:00", 243 * day + 36 * 60 * s);
	assert_clock("-1 23:59:59.500000", -s / 2);
	assert_date("2021-04-29", 18746);
}

static void test_other_forms(void **state)
{
	int64_t value;

	(void)state;
	assert_true(moment_parse("2024-11-15T17:13:18+02:00", &value));
	assert_int_equal(value, INT64_C(1731683598000000));
	assert_true(moment_parse("2024-11-15T09:43:18.5-05:30", &value));
	assert_int_equal(value, INT64_C(1731683598500000));
	assert_true(moment_parse("2024-11-15T15:13:18.000001Z", &value));
	assert_int_equal(value, INT64_C(1731683598000001));
	assert_true(duration_parse("PT36H", &value));
	assert_int_equal(value, 36 * 3600 * MICROSECONDS);
	assert_true(duration_parse("P2W1DT90M", &value));
	assert_int_equal(value, 15 * DAY_MICROSECONDS + 5400 * MICROSECONDS);
	assert_true(duration_parse("+PT1.500S", &value));
	assert_int_equal(value, 1500000);
	assert_true(duration_parse("-P0D", &value));
	assert_int_equal(value, 0);
}

static void test_invalid_moments(void **state)
{
	static const char *const texts[] = {
		"",
		"Z",
		"2024-11-15",
		"2024-11-15T15:13:18",
		"2024-11-15 15:13:18Z",
		"2024-11-15T15:13:18z",
		"2024-11-15T24:00:00Z",
		"2024-11-15T15:60:00Z",
		"2024-11-15T15:13:60Z",
		"2024-11-15T15:13:18.Z",
		"2024-11-15T15:13:18.1234567Z",
		"2024-11-15T15:13:18ZZ",
		"2024-11-15T15:13:18+2:00",
		"2024-11-15T15:13:18+24:00",
		"2024-11-15T15:13:18+02:60",
		"2024-11-15T15:13Z",
		"2024-13-15T15:13:18Z",
		"2024-00-15T15:13:18Z",
		"2023-02-29T15:13:18Z",
		"0000-01-01T00:00:00Z",
		"10000-01-01T00:00:00Z",
		"0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
		" 2024-11-15T15:13:18Z",
		"-024-11-15T15:13:18Z",
	};
	int64_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (moment_parse(texts[i], &value))
			fail_msg("read as a moment: %s", texts[i]);
	assert_int_equal(value, 7);
}

static void test_invalid_dates(void **state)
{
	static const char *const texts[] = {
		"",           "2021-4-29",  "2021-04-31",  "1900-02-29", "2021-04-00",
		"2021/04/29", "0000-01-01", "2021-04-29T", "+021-04-29", "20210429",
	};
	int32_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (date_parse(texts[i], &value))
			fail_msg("read as a date: %s", texts[i]);
	assert_int_equal(value, 7);
}

static void test_invalid_durations(void **state)
{
	static const char *const texts[] = {
		"",
		"P",
		"PT",
		"P1",
		"P1DT",
		"1D",
		"P1Y",
		"P1M",
		"PT1D",
		"P1H",
		"P1D1D",
		"P1D2W",
		"PT1S1M",
		"PT1.5H",
		"P1.0D",
		"PT.5S",
		"PT1.S",
		"PT0.1234567S",
		"--P1D",
		"P-1D",
		"P1D ",
		"p1d",
		"P100000001D",
		"P100000000DT1S",
		"PT9999999999999999S",
		"P999999999999999W",
		"PT1.5",
	};
	static const char *const clocks[] = {
		"",
		"1 ",
		"1 0:00:00",
		"24:00:00",
		"00:60:00",
		"00:00:60",
		"00:00",
		"x 00:00:00",
		"1  00:00:00",
		"+1 00:00:00",
		"00:00:00.",
		"00:00:00.1234567",
		"-00:00:01",
		"100000001 00:00:00",
		"100000000 00:00:01",
		"-100000001 00:00:00",
	};
	int64_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (duration_parse(texts[i], &value))
			fail_msg("read as a duration: %s", texts[i]);
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
		if (clock_duration_parse(clocks[i], &value))
			fail_msg("read as a clock duration: %s", clocks[i]);
	assert_int_equal(value, 7);
}

static int64_t random_below(uint64_t *seed, int64_t bound)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (int64_t)((*seed >> 1) % (uint64_t)bound);
}

static void test_round_trips(void **state)
{
	const int64_t first = -62135596800 * MICROSECONDS;
	const int64_t span = INT64_C(3652059) * DAY_MICROSECONDS;
	uint64_t seed = 840;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[TEMPORAL_TEXT_SIZE];
		int64_t value = first + random_below(&seed, span);
		int64_t read;

		moment_format(value, text);
		assert_true(moment_parse(text, &read) && read == value);
		value = random_below(&seed, 100000000 * DAY_MICROSECONDS) >> (i % 40);
		if (i % 2)
			value = -value;
		duration_format(value, text);
		assert_true(duration_parse(text, &read) && read == value);
		clock_duration_format(value, text);
		assert_true(clock_duration_parse(text, &read) && read == value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_python_values), cmocka_unit_test(test_contract_texts),
		cmocka_unit_test(test_other_forms),   cmocka_unit_test(test_invalid_moments),
		cmocka_unit_test(test_invalid_dates), cmocka_unit_test(test_invalid_durations),
		cmocka_unit_test(test_round_trips),
	};

	return RUN_TESTS("temporal", tests, NULL, NULL);
}
