/* JSON text against what Python's json writes (tests/tools/text-cases.py made the cases). */
#include "serializer/json_text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

/* Writes a case's value; returns false for a kind that there is not. */
static bool write_case(const json_t *line, struct strbuf *out)
{
	const char *kind = json_string_value(json_array_get(line, 0));
	const json_t *value = json_array_get(line, 1);
	const char *text = json_string_value(value);

	if (strcmp(kind, "real") == 0) {
		uint64_t bits = strtoull(text, NULL, 16);
		double real;

		memcpy(&real, &bits, sizeof(real));
		text_write_real(out, real);
	} else if (strcmp(kind, "integer") == 0) {
		text_write_integer(out, strtoll(text, NULL, 10));
	} else if (strcmp(kind, "string") == 0) {
		text_write_string(out, text, json_string_length(value));
	} else if (strcmp(kind, "indented") == 0) {
		const json_t *compact = json_array_get(line, 2);

		text_write_indented(out, json_string_value(compact), json_string_length(compact),
		                    (int)json_integer_value(value));
	} else {
		return false;
	}
	return true;
}

static void test_python_texts(void **state)
{
	FILE *file = fopen("tests/data/text.jsonl", "r");
	char *text = NULL;
	size_t size = 0;
	int count = 0;
	int wrong = 0;

	(void)state;
	assert_non_null(file);
	while (getline(&text, &size, file) > 0) {
		json_t *line = json_loads(text, JSON_ALLOW_NUL, NULL);
		const json_t *expected = json_array_get(line, json_array_size(line) - 1);
		struct strbuf out = STRBUF_INIT;

		assert_non_null(line);
		assert_true(write_case(line, &out));
		if (out.data == NULL || out.length != json_string_length(expected) ||
		    memcmp(out.data, json_string_value(expected), out.length) != 0) {
			print_error("line %d: %s, not %s\n", count + 1, out.data,
			            json_string_value(expected));
			wrong++;
		}
		strbuf_fini(&out);
		json_decref(line);
		count++;
	}
	free(text);
	fclose(file);
	assert_int_equal(wrong, 0);
	assert_true(count > 5000);
}

/* Texts go behind what the buffer holds already, and bytes that begin like U+2028 at the end of a
   string are not looked for beyond it. */
static void test_appending(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	text_write_integer(&out, 1);
	text_write_string(&out, "\xe2\x80\xa8", 2);
	text_write_real(&out, 2);
	text_write_indented(&out, "[]", 2, 4);
	assert_string_equal(out.data, "1\"\xe2\x80\"2.0[]");
	strbuf_fini(&out);
}

/* Whatever the bits are, what is written reads back as the same value. */
static void test_reals_read_back(void **state)
{
	uint64_t bits = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct strbuf out = STRBUF_INIT;
		double real;
		double read;

		bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		memcpy(&real, &bits, sizeof(real));
		if (real - real != 0)
			continue; /* infinite or no number */
		text_write_real(&out, real);
		read = strtod(out.data, NULL);
		assert_memory_equal(&read, &real, sizeof(real));
		strbuf_fini(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_python_texts),
		cmocka_unit_test(test_appending),
		cmocka_unit_test(test_reals_read_back),
	};

	return RUN_TESTS("text", tests, NULL, NULL);
}
