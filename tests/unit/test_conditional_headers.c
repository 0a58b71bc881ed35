/* Accept-Encoding and If-None-Match. Expected answers follow RFC 9110, 12.5.3 and 13.1.2. */
#include "protocol/variant.h"
#include "support/cmocka.h"

static void test_encodings(void **state)
{
	static const struct {
		const char *accept;
		enum encoding encoding;
	} cases[] = {
		{NULL, ENCODING_IDENTITY},
		{"", ENCODING_IDENTITY},
		{" , ,", ENCODING_IDENTITY},
		{"identity", ENCODING_IDENTITY},
		{"br", ENCODING_IDENTITY},
		{"gzip", ENCODING_GZIP},
		{"GZip", ENCODING_GZIP},
		{"x-gzip", ENCODING_GZIP},
		{"zstd", ENCODING_ZSTD},
		{"gzip, deflate, br", ENCODING_GZIP},
		{"gzip, deflate, br, zstd", ENCODING_ZSTD},
		{"gzip,zstd;q=0.9", ENCODING_GZIP},
		{"gzip;q=0.8, zstd;q=0.9", ENCODING_ZSTD},
		{"gzip ; q=0.8 , zstd ; Q=0.80", ENCODING_ZSTD},
		{"gzip;q=0", ENCODING_IDENTITY},
		{"gzip;q=0.000", ENCODING_IDENTITY},
		{"gzip;q=0.001", ENCODING_GZIP},
		{"gzip;q=0.5, identity", ENCODING_IDENTITY},
		{"gzip;q=0.5, identity;q=0.4", ENCODING_GZIP},
		{"gzip, identity", ENCODING_GZIP},
		{"gzip, identity;q=0", ENCODING_GZIP},
		{"gzip, *;q=0", ENCODING_GZIP},
		{"*", ENCODING_GZIP},
		{"*;q=0.5", ENCODING_GZIP},
		{"gzip;q=0, *", ENCODING_IDENTITY},
		{"gzip;q=0, identity;q=0, *", ENCODING_ZSTD},
		{"identity;q=0, *", ENCODING_GZIP},
		{"zstd;q=0.2, *", ENCODING_GZIP},
		{"identity;q=0.5, *;q=0", ENCODING_IDENTITY},
		/* What cannot be read says nothing. */
		{"gzip;q=2", ENCODING_IDENTITY},
		{"gzip;q=1.001", ENCODING_IDENTITY},
		{"gzip;q=0.1234", ENCODING_IDENTITY},
		{"gzip;q=x, zstd", ENCODING_ZSTD},
		{"gzip;q=, zstd;q=0.1", ENCODING_ZSTD},
		{"gzip;q", ENCODING_IDENTITY},
		{"gzip;q=1.", ENCODING_GZIP},
		{"gzip;x=y;q=0.5, zstd;q=0.4", ENCODING_GZIP},
		{"gzipped, xzstd", ENCODING_IDENTITY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool acceptable = false;

		if (encoding_choose(cases[i].accept, &acceptable) != cases[i].encoding)
			fail_msg("Accept-Encoding: %s", cases[i].accept);
		assert_true(acceptable);
	}
}

static void test_nothing_acceptable(void **state)
{
	static const char *const accepts[] = {
		"identity;q=0",           "*;q=0", "br, identity;q=0", "gzip;q=0, zstd;q=0, *;q=0",
		"identity;q=0, gzip;q=0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(accepts) / sizeof(accepts[0]); i++) {
		bool acceptable = true;

		assert_int_equal(encoding_choose(accepts[i], &acceptable), ENCODING_IDENTITY);
		assert_false(acceptable);
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(encoding_names[ENCODING_IDENTITY], "identity");
	assert_string_equal(encoding_names[ENCODING_GZIP], "gzip");
	assert_string_equal(encoding_names[ENCODING_ZSTD], "zstd");
}

static void test_etags(void **state)
{
	static const struct {
		const char *header;
		bool matches;
	} cases[] = {
		{NULL, false},
		{"", false},
		{"\"abc\"", true},
		{"W/\"abc\"", true},
		{" \"abc\" ", true},
		{"*", true},
		{" * ", true},
		{"\"x\", \"abc\"", true},
		{"\"x\" , W/\"y\",\"abc\"", true},
		{",, \"abc\"", true},
		{"\"a,b\", \"abc\"", true},
		{"\"abc\", nonsense", true},
		{"\"ABC\"", false},
		{"\"abcd\"", false},
		{"\"ab\"", false},
		{"abc", false},
		{"\"abc", false},
		{"w/\"abc\"", false},
		{"W/abc", false},
		{"W/ \"abc\"", false},
		{"nonsense, \"abc\"", false},
		{"\"x\" \"abc\"", false},
		{"*, \"x\"", false},
		{"\"\"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (etag_matches(cases[i].header, "\"abc\"") != cases[i].matches)
			fail_msg("If-None-Match: %s", cases[i].header);
		assert_int_equal(etag_matches(cases[i].header, "W/\"abc\""), cases[i].matches);
	}
	assert_true(etag_matches("\"a,b\"", "\"a,b\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_nothing_acceptable),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_etags),
	};

	return RUN_TESTS("conditional_headers", tests, NULL, NULL);
}
