/* The JSON reader against jansson, over broken and whole texts, and where it says that they are wrong. */
#include "sync/reader.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "support/cmocka.h"

static json_t *build(struct reader *reader);

static json_t *build_object(struct reader *reader)
{
	json_t *object = json_object();
	bool first = true;
	struct slice key;
	enum step step = STEP_BAD;

	if (reader_enter(reader)) {
		while ((step = reader_key(reader, &first, &key)) == STEP_MORE) {
			json_t *value = build(reader);
			char *name = strndup(key.data, key.length);
			/* jansson has no names with NUL. */
			bool good = value && strlen(name) == key.length;

			if (!good || json_object_set_new(object, name, value) != 0)
				step = STEP_BAD;
			if (!good)
				json_decref(value);
			free(name);
			if (step == STEP_BAD)
				break;
		}
	}
	if (step == STEP_DONE)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *build_list(struct reader *reader)
{
	json_t *list = json_array();
	bool first = true;
	enum step step = STEP_BAD;

	if (reader_enter(reader)) {
		while ((step = reader_item(reader, &first)) == STEP_MORE) {
			json_t *value = build(reader);

			if (!value || json_array_append_new(list, value) != 0) {
				step = STEP_BAD;
				break;
			}
		}
	}
	if (step == STEP_DONE)
		return list;
	json_decref(list);
	return NULL;
}

/* jansson takes no numbers beyond its types. */
static json_t *build_number(struct reader *reader)
{
	struct number number;
	double real;

	if (!reader_number(reader, &number))
		return NULL;
	if (number.whole)
		return number.fits ? json_integer(number.integer) : NULL;
	return number_double(&number, &real) ? json_real(real) : NULL;
}

static json_t *build_text(struct reader *reader)
{
	struct slice text;

	return reader_text(reader, &text) ? json_stringn(text.data, text.length) : NULL;
}

static json_t *build(struct reader *reader)
{
	enum reader_type type = reader_peek(reader);

	switch (type) {
	case READER_OBJECT:
		return build_object(reader);
	case READER_LIST:
		return build_list(reader);
	case READER_NUMBER:
		return build_number(reader);
	case READER_TEXT:
		return build_text(reader);
	default:
		if (!reader_word(reader))
			return NULL;
		return type == READER_NULL ? json_null() : json_boolean(type == READER_TRUE);
	}
}

/* The text is copied to an end of memory, so that reading beyond it is found. */
static json_t *read_all(const char *text, size_t length)
{
	char *copy = malloc(length ? length : 1);
	struct reader reader;
	struct arena arena;
	json_t *value;

	assert_non_null(copy);
	memcpy(copy, text, length);
	arena_init(&arena);
	reader_init(&reader, copy, length, &arena);
	value = build(&reader);
	if (value && !reader_finish(&reader)) {
		json_decref(value);
		value = NULL;
	}
	arena_fini(&arena);
	free(copy);
	return value;
}

static bool skips(const char *text, size_t length)
{
	struct reader reader;
	struct arena arena;
	bool skipped;

	arena_init(&arena);
	reader_init(&reader, text, length, &arena);
	skipped = reader_skip(&reader) && reader_finish(&reader);
	assert_true(skipped == (reader.wrong_at == NULL));
	arena_fini(&arena);
	return skipped;
}

static void compare(const char *text, size_t length)
{
	json_t *expected = json_loadb(text, length, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
	json_t *value = read_all(text, length);

	if (!expected != !value || (expected && !json_equal(expected, value)))
		fail_msg("%s: jansson %s it, we %s: %.*s", expected && value ? "values" : "texts",
		         expected ? "takes" : "refuses", value ? "take it" : "do not", (int)length,
		         text);
	/* Skipping looks at no values: numbers may be too large and surrogates alone. */
	if (expected && !skips(text, length))
		fail_msg("not skipped: %.*s", (int)length, text);
	json_decref(expected);
	json_decref(value);
}

static const char *const texts[] = {
	"",
	" ",
	"null",
	"true",
	"false",
	"nul",
	"nulll",
	"tru e",
	"0",
	"-0",
	"-",
	"+1",
	"01",
	"-01",
	"1.",
	".5",
	"1.5",
	"1e5",
	"1E+5",
	"1e-5",
	"1e",
	"1e+",
	"0.1e1",
	"1.5.5",
	"0x10",
	"NaN",
	"Infinity",
	"9223372036854775807",
	"9223372036854775808",
	"-9223372036854775808",
	"-9223372036854775809",
	"123456789012345678901234567890",
	"1e308",
	"1e309",
	"-1e400",
	"1e-400",
	"4.9e-324",
	"0.30000000000000004",
	"\"\"",
	"\"",
	"\"a",
	"\"\\\"",
	"\"\\\"\"",
	"\"\\/\\b\\f\\n\\r\\t\\\\\\u0041\\u00e9\\u20ac\\ud83d\\ude80\"",
	"\"\\u0000\"",
	"\"\\ud83d\"",
	"\"\\ud83d\\u0041\"",
	"\"\\ude80\"",
	"\"\\ud83d\\ud83d\\ude80\"",
	"\"\\u12\"",
	"\"\\u12g4\"",
	"\"\\x\"",
	"\"\t\"",
	"\"\x7f\"",
	"\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x9a\x80\"",
	"\"\xff\"",
	"\"\xc3\"",
	"\"\xc0\xaf\"",
	"\"\xe0\x80\xaf\"",
	"\"\xed\xa0\x80\"",
	"\"\xf4\x90\x80\x80\"",
	"\"\xf0\x80\x80\x80\"",
	"\"\xf5\x80\x80\x80\"",
	"\"\x80\"",
	"[]",
	"[ ]",
	"[1]",
	"[1,]",
	"[,1]",
	"[1 2]",
	"[1",
	"[",
	"]",
	"[]]",
	"{}",
	"{ }",
	"{\"a\":1}",
	"{\"a\":1,}",
	"{,}",
	"{\"a\"}",
	"{\"a\":}",
	"{\"a\" 1}",
	"{a:1}",
	"{'a':1}",
	"{\"a\":1 \"b\":2}",
	"{\"a\":1",
	"{\"\\u0061\":1}",
	"{\"a\\u0000b\":1}",
	"{\"a\":[{\"b\":[[],{},\"c\"]}],\"d\":{\"e\":{}}}",
	"[1]x",
	"[1] \n\t\r ",
	"\f[]",
	"/* */ []",
	"[1] // end",
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		compare(texts[i], strlen(texts[i]));
	compare("\"a\0b\"", 5);
	compare("[1]\0", 4);
	compare("{\"a\0b\":1}", 9);
}

/* A quote, a backslash, a control character and bytes of UTF-8 at every place of longer texts. */
static void test_every_place(void **state)
{
	static const char special[] = "\"\\\x01\x1f\x7f\xc3\xa9\xf0\xed\xff\0";
	char text[40];

	(void)state;
	for (size_t length = 2; length < sizeof(text); length++)
		for (size_t at = 1; at + 1 < length; at++)
			for (size_t i = 0; i < sizeof(special); i++) {
				memset(text, 'x', length);
				text[0] = text[length - 1] = '"';
				text[at] = special[i];
				compare(text, length);
			}
}

static const char whole[] =
	"{\"id\": 864, \"url\": \"https://x/\\u003f\", \"list\": [1, -2.5e-3, true, false, null, "
	"[], {}],"
	" \"text\": \"caf\xc3\xa9 \\ud83d\\ude80 \\\"q\\\" \xf0\x9f\x9a\x80\", \"nested\": {\"a\": "
	"{\"b\": "
	"[{\"c\": 1e10}, \"\"]}}, \"large\": 9223372036854775807, \"end\": 0.0}";

/* Bytes changed, cut out, doubled, at random; the seed is printed for a failure. */
static void test_broken_texts(void **state)
{
	static const char pieces[] = "{}[]\",:\\u0123dDeE+-.ntf \n\x01\x7f\x80\xc3\xed\xf4";
	unsigned seed = (unsigned)time(NULL);

	(void)state;
	print_message("seed %u\n", seed);
	for (int i = 0; i < 20000; i++) {
		char text[2 * sizeof(whole)];
		size_t length = sizeof(whole) - 1;

		memcpy(text, whole, length);
		for (int changes = 1 + rand_r(&seed) % 3; changes > 0; changes--) {
			size_t at = (size_t)rand_r(&seed) % length;
			size_t count = (size_t)rand_r(&seed) % (length - at) % 8;

			switch (rand_r(&seed) % 3) {
			case 0:
				text[at] = pieces[(size_t)rand_r(&seed) % (sizeof(pieces) - 1)];
				break;
			case 1:
				memmove(text + at, text + at + count, length - at - count);
				length -= count;
				break;
			default:
				memmove(text + at + count, text + at, length - at);
				length += count;
			}
		}
		compare(text, length);
	}
}

static void assert_wrong(const char *text, size_t length, const char *expected)
{
	struct error error = {0};
	struct reader reader;
	struct arena arena;

	arena_init(&arena);
	reader_init(&reader, text, length, &arena);
	if (reader_skip(&reader) && reader_finish(&reader))
		fail_msg("taken: %.*s", (int)length, text);
	reader_explain(&reader, "f.json", "", &error);
	assert_string_equal(error.text, expected);
	arena_fini(&arena);
}

#define ASSERT_WRONG(text, expected) assert_wrong(text, sizeof(text) - 1, expected)

static void test_places(void **state)
{
	(void)state;
	ASSERT_WRONG("", "f.json:1:1: expected a value, found the end");
	ASSERT_WRONG("\n\n  x", "f.json:3:3: expected a value, found x");
	ASSERT_WRONG("\xef\xbb\xbf}", "f.json:1:1: expected a value, found '}'");
	ASSERT_WRONG("{\"a\": 1\n \"b\": 2}",
	             "f.json:2:2: expected ',' or '}', found the text \"b\"");
	ASSERT_WRONG("[1,\n2,\n]", "f.json:3:1: expected a value, found ']'");
	ASSERT_WRONG("{1: 2}", "f.json:1:2: expected the name of a field in quotes, found 1");
	ASSERT_WRONG("{\"a\" 5}", "f.json:1:6: expected ':', found 5");
	ASSERT_WRONG("{\"\xc3\xa9\xe2\x82\xac\": x}", "f.json:1:8: expected a value, found x");
	ASSERT_WRONG("[\"\xff\"]", "f.json:1:3: expected text in UTF-8, found the byte 0xff");
	ASSERT_WRONG("[\"a\nb\"]",
	             "f.json:1:4: expected text without bare control characters, found "
	             "the byte 0x0a");
	ASSERT_WRONG("[\"\\q\"]",
	             "f.json:1:3: expected an escape such as \\n or \\u00e9, found \\q");
	ASSERT_WRONG("[\"abc",
	             "f.json:1:2: expected a text with a quote at its end, found the text "
	             "\"abc");
	ASSERT_WRONG("[1] [2]", "f.json:1:5: expected the end, found a list");
	ASSERT_WRONG("-x", "f.json:1:2: expected a digit, found x");
	ASSERT_WRONG("[truth]", "f.json:1:2: expected a value, found truth");
}

/* What is shown is short, whole characters, and nothing that a terminal would obey. */
static void test_shown(void **state)
{
	char text[200] = "[1 \"";

	(void)state;
	for (size_t i = 4; i < 100; i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	assert_wrong(text, strlen(text),
	             "f.json:1:4: expected ',' or ']', found the text "
	             "\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	             "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	             "\xc3\xa9...");
	ASSERT_WRONG("[1 \"a\x1b[31m\"]", "f.json:1:4: expected ',' or ']', found the text \"a");
	ASSERT_WRONG("[1 \x1b]", "f.json:1:4: expected ',' or ']', found the byte 0x1b");
}

static void test_depth(void **state)
{
	struct strbuf text = STRBUF_INIT;
	json_t *value;

	(void)state;
	for (int i = 0; i < READER_DEPTH_MAX; i++)
		strbuf_char(&text, '[');
	for (int i = 0; i < READER_DEPTH_MAX; i++)
		strbuf_char(&text, ']');
	value = read_all(text.data, text.length);
	assert_non_null(value);
	json_decref(value);
	assert_true(skips(text.data, text.length));
	strbuf_reset(&text);
	for (int i = 0; i < 1000000; i++)
		strbuf_str(&text, "{\"a\":");
	assert_null(read_all(text.data, text.length));
	assert_wrong(text.data, text.length,
	             "f.json:1:501: expected no more than 100 levels of nesting, found an object");
	strbuf_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),        cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_broken_texts), cmocka_unit_test(test_places),
		cmocka_unit_test(test_shown),        cmocka_unit_test(test_depth),
	};

	/* For comparisons the hash is no secret. */
	json_object_seed(1);
	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
