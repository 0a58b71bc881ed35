/* UTF-8 and percent-encoding: the examples of the contract. */
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "protocol/percent.h"
#include "base/utf8.h"
#include "support/cmocka.h"

#define BYTES(literal) ((struct text){literal, sizeof(literal) - 1})

static void assert_text(struct text found, const char *expected)
{
	assert_int_equal(found.length, strlen(expected));
	assert_memory_equal(found.data, expected, found.length);
}

static void test_utf8_valid(void **state)
{
	(void)state;
	assert_true(utf8_valid(BYTES("a\0b")));
	assert_true(utf8_valid(BYTES("\xC3\xA9\xF0\x9F\x9A\x80")));
	assert_true(utf8_valid(BYTES("")));
	assert_true(utf8_valid(text_of(NULL)));
	assert_false(utf8_valid(BYTES("a\xC3")));
	assert_false(utf8_valid(BYTES("\xED\xA0\x80")));
}

static void test_utf8_space(void **state)
{
	size_t count = 0;

	(void)state;
	for (uint32_t character = 0; character <= 0x10FFFF; character++)
		count += utf8_is_space(character);
	assert_int_equal(count, 29);
	assert_int_equal(utf8_space(text_of(" a")), 1);
	assert_int_equal(utf8_space(text_of("\xE3\x80\x80")), 3);
	assert_int_equal(utf8_space(text_of("a ")), 0);
	assert_int_equal(utf8_space(text_of("")), 0);
	assert_text(utf8_trim(text_of(" \xC2\xA0 a b\xE2\x80\xA8\t"), utf8_is_space), "a b");
	assert_text(utf8_trim(text_of("  "), utf8_is_space), "");
	assert_text(utf8_trim(text_of("\xC3 "), utf8_is_space), "\xC3");
}

static void test_fields(void **state)
{
	static const struct {
		const char *raw, *utf8, *latin1;
	} cases[] = {
		{"x+y%20z", "x y z", "x y z"},
		{"%zz", "%zz", "%zz"},
		{"100%", "100%", "100%"},
		{"%4", "%4", "%4"},
		{"%6Cimit", "limit", "limit"},
		{"%2B", "+", "+"},
		{"%FF%C3", "\uFFFD\uFFFD", "\uFFFD\uFFFD"},
		{"%E2%82", "\uFFFD", "\uFFFD"},
		{"%ED%A0%80", "\uFFFD\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFD"},
		{"%C0%80", "\uFFFD\uFFFD", "\uFFFD\uFFFD"},
		{"%F4%90%80%80", "\uFFFD\uFFFD\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFD\uFFFD"},
		/* What was not encoded stays, or is Latin-1; it never joins with what was. */
		{"\u00e9", "\u00e9", "\u00c3\u00a9"},
		{"%C3\u00e9", "\uFFFD\u00e9", "\uFFFD\u00c3\u00a9"},
		{"\u00e9+%41", "\u00e9 A", "\u00c3\u00a9 A"},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text raw = text_of(cases[i].raw);

		assert_text(percent_decode_field(&arena, raw, PERCENT_RAW_UTF8), cases[i].utf8);
		assert_text(percent_decode_field(&arena, raw, PERCENT_RAW_LATIN1), cases[i].latin1);
	}
	assert_null(percent_decode_field(&arena, text_of(NULL), PERCENT_RAW_UTF8).data);
	arena_fini(&arena);
}

static void test_paths(void **state)
{
	static const struct {
		const char *raw, *decoded, *encoded;
	} cases[] = {
		{"/2.3.0/spacecraft%5Fflights/", "/2.3.0/spacecraft_flights/",
	         "/2.3.0/spacecraft_flights/"},
		{"/a+b%20c", "/a+b c", "/a+b%20c"},
		{"/%", "/%", "/%25"},
		{"/%zz", "/%zz", "/%25zz"},
		{"/%FF", "/%FF", "/%25FF"},
		{"/%e2%82x", "/%E2%82x", "/%25E2%2582x"},
		{"/\xFF", "/%FF", "/%25FF"},
		{"/%C3%A9", "/\u00e9", "/%C3%A9"},
		{"/%C3\xA9", "/\u00e9", "/%C3%A9"}, /* bytes, unlike in a query */
		{"/:@&+$,-_.!~*'()", "/:@&+$,-_.!~*'()", "/:@&+$,-_.!~*'()"},
		{"/;=[]?#", "/;=[]?#", "/%3B%3D%5B%5D%3F%23"},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text decoded = percent_decode_path(&arena, text_of(cases[i].raw));
		struct strbuf out = STRBUF_INIT;

		assert_text(decoded, cases[i].decoded);
		percent_encode_path(&out, decoded);
		assert_string_equal(out.data, cases[i].encoded);
		strbuf_fini(&out);
	}
	arena_fini(&arena);
}

static void test_encode(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	percent_encode_field(&out, BYTES("aZ09_.-~ b=c\0\u00e9%zz/"));
	assert_string_equal(out.data, "aZ09_.-~+b%3Dc%00%C3%A9%25zz%2F");
	strbuf_reset(&out);
	percent_encode_query(&out, text_of("a=\"<>\\^`{|}[]'()*!~&B=%zz+%c3\u00e9;#?\x7f"));
	assert_string_equal(out.data,
	                    "a=%22%3C%3E%5C%5E%60%7B%7C%7D[]'()*!~&B=%zz+%c3%C3%83%C2%A9;#?%7F");
	strbuf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_valid), cmocka_unit_test(test_utf8_space),
		cmocka_unit_test(test_fields),     cmocka_unit_test(test_paths),
		cmocka_unit_test(test_encode),
	};

	return RUN_TESTS("percent", tests, NULL, NULL);
}
