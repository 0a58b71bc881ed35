/* Characters and their bytes: the table of RFC 3629, and iconv as a second opinion. */
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"
#include "support/cmocka.h"

static void test_decode(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		uint32_t character;
	} cases[] = {
		{"A", 1, 'A'},
		{"\xC3\xA9x", 2, 0xE9},
		{"\xE2\x82\xAC", 3, 0x20AC},
		{"\xF0\x9F\x9A\x80", 4, 0x1F680},
		{"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
		{"\xED\x9F\xBF", 3, 0xD7FF},
		/* Maximal subparts. */
		{"\xE2\x82", 2, UTF8_BROKEN},
		{"\xE2\x82x", 2, UTF8_BROKEN},
		{"\xF0\x9F\x9Ax", 3, UTF8_BROKEN},
		{"\xED\xA0\x80", 1, UTF8_BROKEN},
		{"\xC0\x80", 1, UTF8_BROKEN},
		{"\xE0\x80\x80", 1, UTF8_BROKEN},
		{"\xF0\x80\x80\x80", 1, UTF8_BROKEN},
		{"\xF4\x90\x80\x80", 1, UTF8_BROKEN},
		{"\xF5\x80", 1, UTF8_BROKEN},
		{"\x80", 1, UTF8_BROKEN},
		{"\xFF", 1, UTF8_BROKEN},
		{"\xC3", 1, UTF8_BROKEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t character = 0;

		assert_int_equal(utf8_decode(cases[i].bytes, strlen(cases[i].bytes), &character),
		                 cases[i].length);
		assert_int_equal(character, cases[i].character);
	}
}

/* All characters that there are, against iconv. */
static void test_encode(void **state)
{
	iconv_t iconv_utf8 = iconv_open("UTF-8", "WCHAR_T");

	(void)state;
	assert_true(iconv_utf8 != (iconv_t)-1);
	for (uint32_t character = 0; character <= 0x10FFFF; character++) {
		char ours[UTF8_MOST], theirs[8];
		char *in = (char *)&character, *out = theirs;
		size_t in_left = 4, out_left = sizeof(theirs), length;
		uint32_t back;

		if (character == 0xD800)
			character = 0xE000;
		length = utf8_encode(character, ours);
		assert_int_equal(iconv(iconv_utf8, &in, &in_left, &out, &out_left), 0);
		assert_int_equal(length, sizeof(theirs) - out_left);
		assert_memory_equal(ours, theirs, length);
		assert_int_equal(utf8_decode(ours, length, &back), length);
		assert_int_equal(back, character);
	}
	iconv_close(iconv_utf8);
}

static void test_cut(void **state)
{
	static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9A\x80";
	static const size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};

	(void)state;
	for (size_t length = 0; length < sizeof(text); length++)
		assert_int_equal(utf8_cut(text, length), ends[length]);
	assert_int_equal(utf8_cut("\x80\x80", 1), 0);
}

static void test_repair(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	utf8_repair(&out, "");
	assert_int_equal(out.length, 0);
	utf8_repair(&out, "Acc\xE8s \xC3\xA9\xF0\x9F\x9A\x80 \xE2\x82");
	assert_string_equal(out.data, "Acc?s \xC3\xA9\xF0\x9F\x9A\x80 ??");
	strbuf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_repair),
	};

	return RUN_TESTS("utf8", tests, NULL, NULL);
}
