/* Numbers in requests: the examples of the contract. */
#include <stdio.h>
#include <string.h>

#include "protocol/number.h"
#include "support/cmocka.h"

#define BYTES(literal) ((struct text){literal, sizeof(literal) - 1})

static void assert_value(const char *text, int64_t expected)
{
	int64_t value = -4711;

	assert_true(integer_parse(text_of(text), &value));
	assert_int_equal(value, expected);
}

static void assert_none(const char *text)
{
	int64_t value = -4711;

	assert_false(integer_parse(text_of(text), &value));
	assert_int_equal(value, -4711);
}

static void test_numbers(void **state)
{
	(void)state;
	assert_value("289", 289);
	assert_value(" 289", 289);
	assert_value("+289", 289);
	assert_value("0289", 289);
	assert_value("2_89", 289);
	assert_value("1_0", 10);
	assert_value("-1", -1);
	assert_value("-0", 0);
	assert_value("1\n", 1);
	assert_value("001", 1);
}

static void test_white_space(void **state)
{
	static const char *const trimmed[] = {"\t",           "\n",           "\v",
	                                      "\f",           "\r",           " ",
	                                      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80",
	                                      "\xE2\x80\x80", "\xE2\x80\x8A", "\xE2\x80\xA8",
	                                      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
	                                      "\xE3\x80\x80"};
	static const char *const kept[] = {"\x1C",         "\x1F", "\xE2\x80\x8B",
	                                   "\xEF\xBB\xBF", "\xC2", "\x80"};
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof(trimmed) / sizeof(trimmed[0]); i++) {
		snprintf(text, sizeof(text), "%s7%s%s", trimmed[i], trimmed[i], trimmed[i]);
		assert_value(text, 7);
		snprintf(text, sizeof(text), "7%s7", trimmed[i]);
		assert_none(text);
		assert_none(trimmed[i]);
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		snprintf(text, sizeof(text), "%s7", kept[i]);
		assert_none(text);
		snprintf(text, sizeof(text), "7%s", kept[i]);
		assert_none(text);
	}
}

static void test_no_numbers(void **state)
{
	static const char *const texts[] = {
		"",        " ",       "abc",
		"1,2",     "289.0",   "1e2",
		"0x10",    "+",       "-",
		"- 1",     "+ 1",     "+-1",
		"1__0",    "_1",      "1_",
		"+_1",     "\u22121", /* a minus sign */
		"\u00b2",  "%zz",     /* only ASCII digits are digits here */ "\u0663",
		"1\u0663", "\uff11",
	};
	int64_t value;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_none(texts[i]);
	assert_false(integer_parse(BYTES("\0"), &value));
	assert_false(integer_parse(BYTES("1\0"), &value));
	assert_false(integer_parse((struct text){NULL, 0}, &value));
}

static void test_great_numbers(void **state)
{
	char digits[4400];

	(void)state;
	assert_value("999999999999999999", 999999999999999999);
	assert_value("-999999999999999999", -999999999999999999);
	assert_value("1000000000000000000", INTEGER_LARGEST);
	assert_value("9223372036854775807", INTEGER_LARGEST);
	assert_value("99999999999999999999", INTEGER_LARGEST);
	assert_value("-99999999999999999999", -INTEGER_LARGEST);
	assert_value("000000000000000000000000000012", 12);
	memset(digits, '7', sizeof(digits));
	digits[4300] = '\0';
	assert_value(digits, INTEGER_LARGEST);
	digits[4300] = '7';
	digits[4301] = '\0';
	assert_none(digits);
	memset(digits, '0', 4301);
	assert_none(digits);
	digits[1] = '_';
	assert_value(digits, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_white_space),
		cmocka_unit_test(test_no_numbers),
		cmocka_unit_test(test_great_numbers),
	};

	return RUN_TESTS("integer", tests, NULL, NULL);
}
