/* The texts that other tests expect, against Python's: who checks must be right himself. */
#include "support/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

/* The value of a line of text.jsonl; NULL where jansson cannot hold it. */
static json_t *case_value(const json_t *line)
{
	const char *kind = json_string_value(json_array_get(line, 0));
	json_t *value = json_array_get(line, 1);

	if (strcmp(kind, "real") == 0) {
		uint64_t bits = strtoull(json_string_value(value), NULL, 16);
		double real;

		memcpy(&real, &bits, sizeof(real));
		return json_real(real);
	}
	if (strcmp(kind, "integer") == 0)
		return json_integer(strtoll(json_string_value(value), NULL, 10));
	if (strcmp(kind, "string") == 0)
		return json_incref(value);
	return json_loads(json_string_value(json_array_get(line, 2)),
	                  JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
}

static void test_json(void **state)
{
	FILE *file = fopen("tests/data/text.jsonl", "r");
	char *text = NULL;
	size_t size = 0;
	int count = 0;

	(void)state;
	assert_non_null(file);
	while (getline(&text, &size, file) > 0) {
		json_t *line = json_loads(text, JSON_ALLOW_NUL, NULL);
		json_t *value = case_value(line);
		struct strbuf out = STRBUF_INIT;

		if (value != NULL) {
			expect_json(value, &out);
			assert_string_equal(out.data, json_string_value(json_array_get(line, 2)));
			count++;
		}
		strbuf_fini(&out);
		json_decref(value);
		json_decref(line);
	}
	free(text);
	fclose(file);
	assert_true(count > 5000);
}

static void test_temporal(void **state)
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
		char out[EXPECT_TEXT_SIZE];

		if (strcmp(kind, "moment") == 0)
			expect_moment(value, out);
		else if (strcmp(kind, "date") == 0)
			expect_date(value, out);
		else if (strcmp(kind, "duration") == 0)
			expect_duration(value, out);
		else
			expect_clock_duration(value, out);
		assert_string_equal(out, text);
		count++;
	}
	fclose(file);
	assert_true(count > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_temporal),
	};

	return RUN_TESTS("expect", tests, NULL, NULL);
}
