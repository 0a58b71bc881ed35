/* PostgreSQL's binary values against bytes written out by hand from its documentation. */
#include "repository/wire.h"

#include <stdbool.h>

#include "base/temporal.h"
#include "support/cmocka.h"

static void assert_bytes(const struct strbuf *bytes, const void *expected, size_t length)
{
	assert_int_equal(bytes->length, length);
	assert_memory_equal(bytes->data, expected, length);
}

#define ASSERT_BYTES(bytes, text) assert_bytes(bytes, text, sizeof(text) - 1)

static void test_uuid(void **state)
{
	static const char text[] = "1b411bfa-86b8-4b88-8f01-6e97ca4b90d7";
	struct key key;
	char out[KEY_TEXT_SIZE];

	(void)state;
	assert_true(uuid_parse(text_of(text), &key));
	assert_true(key.high == UINT64_C(0x1b411bfa86b84b88));
	assert_true(key.low == UINT64_C(0x8f016e97ca4b90d7));
	assert_int_equal(key_format(true, key, out), 36);
	assert_string_equal(out, text);
	assert_true(uuid_parse(text_of("1B411BFA-86b8-4B88-8f01-6E97CA4B90D7"), &key));
	assert_int_equal(key_format(true, key, out), 36);
	assert_string_equal(out, text);
}

static void test_invalid_uuids(void **state)
{
	static const char *const texts[] = {
		"",
		"-",
		"1b411bfa",
		"1b411bfa86b84b888f016e97ca4b90d7",
		"1b411bfa-86b8-4b88-8f01-6e97ca4b90d",
		"1b411bfa-86b8-4b88-8f01-6e97ca4b90d77",
		"1b411bfa-86b8-4b88-8f01-6e97ca4b90dg",
		"1b411bfa-86b8-4b888f01--6e97ca4b90d7",
		"1b411bf-a86b8-4b88-8f01-6e97ca4b90d7",
		" 1b411bfa-86b8-4b88-8f01-6e97ca4b90d",
		"{b411bfa-86b8-4b88-8f01-6e97ca4b90d}",
	};
	struct key key = {7, 7};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (uuid_parse(text_of(texts[i]), &key))
			fail_msg("read as a uuid: %s", texts[i]);
	assert_true(key.high == 7 && key.low == 7);
}

static void test_numbers(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	wire_put32(&out, 0x03040506);
	wire_put64(&out, UINT64_C(0x0708090a0b0c0d0e));
	wire_put_double(&out, -1.5);
	ASSERT_BYTES(&out, "\3\4\5\6\7\10\11\12\13\14\15\16\277\370\0\0\0\0\0\0");
	assert_int_equal(wire_get32(out.data), 0x03040506);
	assert_true(wire_get64(out.data + 4) == UINT64_C(0x0708090a0b0c0d0e));
	assert_true(wire_get_double(out.data + 12) == -1.5);
	strbuf_fini(&out);
}

static void test_moments_and_dates(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	wire_put_moment(&out, INT64_C(946684800000001)); /* 2000-01-01 and a microsecond */
	wire_put_moment(&out, INT64_C(946684799999999));
	wire_put_date(&out, 10958); /* 2000-01-02 */
	wire_put_date(&out, 0);
	ASSERT_BYTES(&out,
	             "\0\0\0\0\0\0\0\1\377\377\377\377\377\377\377\377\0\0\0\1\377\377\325\063");
	assert_true(wire_get_moment(out.data) == INT64_C(946684800000001));
	assert_true(wire_get_moment(out.data + 8) == INT64_C(946684799999999));
	assert_int_equal(wire_get_date(out.data + 16), 10958);
	assert_int_equal(wire_get_date(out.data + 20), 0);
	strbuf_fini(&out);
}

static void test_intervals(void **state)
{
	static const int64_t values[] = {
		0,
		1,
		-1,
		DAY_MICROSECONDS,
		-DAY_MICROSECONDS,
		DAY_MICROSECONDS - 1,
		-DAY_MICROSECONDS - 1,
		100000000 * DAY_MICROSECONDS,
		-100000000 * DAY_MICROSECONDS,
		99999999 * DAY_MICROSECONDS + 86399999999,
	};
	struct strbuf out = STRBUF_INIT;

	(void)state;
	wire_put_interval(&out, 2 * DAY_MICROSECONDS + 3);
	ASSERT_BYTES(&out, "\0\0\0\0\0\0\0\3\0\0\0\2\0\0\0\0");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		strbuf_reset(&out);
		wire_put_interval(&out, values[i]);
		assert_int_equal(out.length, 16);
		assert_true(wire_get_interval(out.data) == values[i]);
	}
	/* Months come from others who write to the database; PostgreSQL takes them for 30 days too. */
	assert_true(wire_get_interval("\0\0\0\0\0\0\0\5\0\0\0\1\0\0\0\2") ==
	            61 * DAY_MICROSECONDS + 5);
	strbuf_fini(&out);
}

static void test_arrays(void **state)
{
	struct wire_array array;

	(void)state;
	wire_array_init(&array, WIRE_INTEGER);
	wire_element_begin(&array);
	wire_put32(&array.bytes, 7);
	wire_element_end(&array);
	wire_element_null(&array);
	wire_array_finish(&array);
	ASSERT_BYTES(&array.bytes, "\0\0\0\1\0\0\0\1\0\0\0\27\0\0\0\2\0\0\0\1"
	                           "\0\0\0\4\0\0\0\7\377\377\377\377");
	wire_array_fini(&array);

	wire_array_init(&array, WIRE_TEXT);
	wire_element_begin(&array);
	wire_element_end(&array);
	wire_element_begin(&array);
	strbuf_str(&array.bytes, "abc");
	wire_element_end(&array);
	wire_array_finish(&array);
	ASSERT_BYTES(&array.bytes, "\0\0\0\1\0\0\0\0\0\0\0\31\0\0\0\2\0\0\0\1"
	                           "\0\0\0\0\0\0\0\3abc");
	wire_array_fini(&array);
}

static void test_key_arrays(void **state)
{
	struct wire_array array;

	(void)state;
	wire_array_init(&array, wire_key_type(false));
	wire_element_key(&array, false, (struct key){0, 258});
	wire_array_finish(&array);
	ASSERT_BYTES(&array.bytes, "\0\0\0\1\0\0\0\0\0\0\0\24\0\0\0\1\0\0\0\1"
	                           "\0\0\0\10\0\0\0\0\0\0\1\2");
	wire_array_fini(&array);

	wire_array_init(&array, wire_key_type(true));
	wire_element_key(&array, true, (struct key){1, 2});
	wire_array_finish(&array);
	ASSERT_BYTES(&array.bytes, "\0\0\0\1\0\0\0\0\0\0\013\206\0\0\0\1\0\0\0\1"
	                           "\0\0\0\20\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2");
	wire_array_fini(&array);
}

/* PostgreSQL reads no elements in an array of length 0, whatever its dimensions. */
static void test_empty_array(void **state)
{
	struct wire_array array;

	(void)state;
	wire_array_init(&array, WIRE_BIGINT);
	wire_array_finish(&array);
	ASSERT_BYTES(&array.bytes, "\0\0\0\1\0\0\0\0\0\0\0\24\0\0\0\0\0\0\0\1");
	wire_array_fini(&array);
}

static void test_array_types(void **state)
{
	/* pg_type's oid and typarray */
	static const int pairs[][2] = {
		{16, 1000},   {20, 1016},   {23, 1007},   {25, 1009},   {701, 1022},
		{1082, 1182}, {1184, 1185}, {1186, 1187}, {2950, 2951},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_int_equal(wire_array_of((enum wire_type)pairs[i][0]), pairs[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uuid),        cmocka_unit_test(test_invalid_uuids),
		cmocka_unit_test(test_numbers),     cmocka_unit_test(test_moments_and_dates),
		cmocka_unit_test(test_intervals),   cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_key_arrays),  cmocka_unit_test(test_empty_array),
		cmocka_unit_test(test_array_types),
	};

	return RUN_TESTS("wire", tests, NULL, NULL);
}
