/* The readers and writers of http against what Python makes of the same bytes: the cases are
   written by tests/tools/http-vectors.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "protocol/host.h"
#include "protocol/number.h"
#include "protocol/link.h"
#include "protocol/negotiation.h"
#include "protocol/percent.h"
#include "protocol/query.h"
#include "resources/all.h"
#include "support/cmocka.h"

#define FIELDS_MOST 4

/* One line: its fields are decoded in place. */
struct vector {
	struct arena *arena;
	struct text fields[FIELDS_MOST];
	size_t count;
};

static struct text run_field_utf8(struct vector *vector)
{
	return percent_decode_field(vector->arena, vector->fields[0], PERCENT_RAW_UTF8);
}

static struct text run_field_latin1(struct vector *vector)
{
	return percent_decode_field(vector->arena, vector->fields[0], PERCENT_RAW_LATIN1);
}

static struct text run_path(struct vector *vector)
{
	return percent_decode_path(vector->arena, vector->fields[0]);
}

/* Moves what was written into the arena. */
static struct text written(struct vector *vector, struct strbuf *out)
{
	struct text text = {arena_copy(vector->arena, out->data, out->length), out->length};

	strbuf_fini(out);
	return text;
}

static struct text encoded(struct vector *vector, void (*encode)(struct strbuf *, struct text))
{
	struct strbuf out = STRBUF_INIT;

	encode(&out, vector->fields[0]);
	return written(vector, &out);
}

static struct text run_encode_field(struct vector *vector)
{
	return encoded(vector, percent_encode_field);
}

static struct text run_encode_path(struct vector *vector)
{
	return encoded(vector, percent_encode_path);
}

static struct text run_encode_query(struct vector *vector)
{
	return encoded(vector, percent_encode_query);
}

static struct text run_integer(struct vector *vector)
{
	int64_t value = 4711;

	if (integer_parse(vector->fields[0], &value))
		return text_of(arena_printf(vector->arena, "%lld", (long long)value));
	assert_int_equal(value, 4711);
	return text_of("none");
}

static struct text run_given(struct vector *vector)
{
	struct strbuf out = STRBUF_INIT;
	struct query query;
	const struct text *given;
	size_t parameter = 0;

	assert_true(
		query_parse(vector->arena, vector->fields[0], &endpoint_spacecraft_flight, &query));
	while (parameter < QUERY_PARAMETER_COUNT &&
	       !text_is(vector->fields[1], query_parameter_keys[parameter]))
		parameter++;
	/* Beside the parameters that all endpoints have, flights have a filter. */
	given = parameter < QUERY_PARAMETER_COUNT ? &query.given[parameter]
	                                          : &query.filters_given[0];
	if (!given->data)
		return text_of("-");
	strbuf_char(&out, '=');
	strbuf_add(&out, given->data, given->length);
	return written(vector, &out);
}

static struct text run_link(struct vector *vector)
{
	struct link link = {.path = text_of("/2.3.0/spacecraft_flights/"),
	                    .query = vector->fields[0]};
	const char *offset = vector->fields[2].data;
	const struct link_change changes[] = {
		{"limit", vector->fields[1].data},
		{"offset", strcmp(offset, "-") == 0 ? NULL : offset},
	};
	struct strbuf out = STRBUF_INIT;

	link_write(&out, &link, changes, 2);
	return written(vector, &out);
}

static struct text run_accept(struct vector *vector)
{
	static const char *const values[] = {"", "json", "api"};
	static const enum query_format formats[] = {QUERY_FORMAT_ABSENT, QUERY_FORMAT_JSON,
	                                            QUERY_FORMAT_API};
	struct negotiation negotiation;
	size_t format = 0;

	while (format < 2 && !text_is(vector->fields[0], values[format]))
		format++;
	if (negotiate(formats[format], vector->fields[1].data, &negotiation) != NEGOTIATED)
		return text_of("406");
	if (negotiation.renderer == RENDERER_HTML)
		return text_of("html");
	return text_of(arena_printf(vector->arena, "json %d", negotiation.indent));
}

static struct text run_host(struct vector *vector)
{
	return text_of(host_is_allowed(vector->fields[0], vector->fields[1].data) ? "yes" : "no");
}

static const struct vector_kind {
	const char *name;
	size_t inputs;
	struct text (*run)(struct vector *vector);
} kinds[] = {
	{"field_utf8", 1, run_field_utf8},
	{"field_latin1", 1, run_field_latin1},
	{"path", 1, run_path},
	{"encode_field", 1, run_encode_field},
	{"encode_path", 1, run_encode_path},
	{"encode_query", 1, run_encode_query},
	{"integer", 1, run_integer},
	{"given", 2, run_given},
	{"link", 3, run_link},
	{"accept", 2, run_accept},
	{"host", 2, run_host},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static size_t kind_of(const char *name)
{
	size_t kind = 0;

	while (kind < KINDS && strcmp(kinds[kind].name, name) != 0)
		kind++;
	assert_in_range(kind, 0, KINDS - 1);
	return kind;
}

static struct text unhex(char *hex)
{
	size_t length = strlen(hex) / 2;

	for (size_t i = 0; i < length; i++) {
		char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

		hex[i] = (char)strtol(digits, NULL, 16);
	}
	hex[length] = '\0';
	return (struct text){hex, length};
}

static bool text_equals(struct text a, struct text b)
{
	return a.length == b.length && a.data && b.data && memcmp(a.data, b.data, a.length) == 0;
}

static void run_line(char *line, size_t number, size_t runs[static KINDS])
{
	char *rest = line;
	size_t kind = kind_of(strsep(&rest, "\t"));
	struct text expected, found;
	struct arena arena;
	struct vector vector = {.arena = &arena};

	arena_init(&arena);
	while (rest && vector.count < FIELDS_MOST)
		vector.fields[vector.count++] = unhex(strsep(&rest, "\t"));
	assert_int_equal(vector.count, kinds[kind].inputs + 1);
	expected = vector.fields[vector.count - 1];
	found = kinds[kind].run(&vector);
	if (!text_equals(found, expected))
		fail_msg("line %zu, %s of '%.*s': '%.*s', not '%.*s'", number, kinds[kind].name,
		         (int)vector.fields[0].length, vector.fields[0].data, (int)found.length,
		         found.data, (int)expected.length, expected.data);
	runs[kind]++;
	arena_fini(&arena);
}

static void test_vectors(void **state)
{
	FILE *file = fopen("tests/data/http-vectors.tsv", "r");
	size_t runs[KINDS] = {0};
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	(void)state;
	assert_non_null(file);
	for (size_t number = 1; (length = getline(&line, &size, file)) > 0; number++) {
		line[length - 1] = '\0';
		run_line(line, number, runs);
	}
	free(line);
	fclose(file);
	for (size_t i = 0; i < KINDS; i++)
		assert_true(runs[i] >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
	};

	return RUN_TESTS("vectors", tests, NULL, NULL);
}
