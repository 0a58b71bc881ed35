/* JSON or the page, by `format` and Accept: the contract's examples. Many more, worked out by the
   framework's algorithm in Python, are in test_http_vectors. */
#include "protocol/negotiation.h"
#include "support/cmocka.h"

#define ANY QUERY_FORMAT_ABSENT

static void assert_json(enum query_format format, const char *accept, int indent)
{
	struct negotiation negotiation = {RENDERER_HTML, -1};

	assert_int_equal(negotiate(format, accept, &negotiation), NEGOTIATED);
	assert_int_equal(negotiation.renderer, RENDERER_JSON);
	assert_int_equal(negotiation.indent, indent);
}

static void assert_html(enum query_format format, const char *accept)
{
	struct negotiation negotiation = {RENDERER_JSON, -1};

	assert_int_equal(negotiate(format, accept, &negotiation), NEGOTIATED);
	assert_int_equal(negotiation.renderer, RENDERER_HTML);
}

static void assert_refused(enum query_format format, const char *accept, enum negotiated refusal)
{
	struct negotiation negotiation = {RENDERER_HTML, -1};

	assert_int_equal(negotiate(format, accept, &negotiation), refusal);
	assert_int_equal(negotiation.renderer, RENDERER_JSON);
	assert_int_equal(negotiation.indent, 0);
}

static void test_accept(void **state)
{
	(void)state;
	assert_json(ANY, NULL, 0);
	assert_json(ANY, "*/*", 0);
	assert_json(ANY, "application/json", 0);
	assert_json(ANY, "APPLICATION/Json", 0);
	assert_json(ANY, "*/json", 0);
	assert_json(ANY, "application/*", 0);
	assert_json(ANY, "application/json;version=1", 0);
	assert_json(ANY, "text/html,application/json", 0);
	assert_json(ANY, "text/html, application/json ;q=0.1", 0);
	assert_json(ANY, "application/json;q=0", 0);
	assert_html(ANY, "text/html");
	assert_html(ANY, "text/*");
	assert_html(ANY, "*/html");
	assert_html(ANY, "text/html;q=0");
	assert_html(ANY, "text/html;charset=utf-8");
	assert_html(ANY, "text/html;level=1,application/json");
	assert_html(ANY, "application/*,text/html");
	assert_html(ANY, "text/html, */*;indent=4");
	assert_html(ANY, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,"
	                 "image/webp,*/*;q=0.8");
}

static void test_not_acceptable(void **state)
{
	static const char *const accepts[] = {
		"",
		" ",
		"*",
		"json",
		"garbage",
		",",
		"text/plain",
		"application/xml",
		"application/ld+json",
		"application/jsonx",
		"application",
		"/json",
		"application/ json",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(accepts) / sizeof(accepts[0]); i++)
		assert_refused(ANY, accepts[i], NEGOTIATED_NOT_ACCEPTABLE);
}

static void test_format(void **state)
{
	(void)state;
	assert_json(QUERY_FORMAT_BLANK, NULL, 0);
	assert_html(QUERY_FORMAT_BLANK, "text/html");
	assert_json(QUERY_FORMAT_JSON, NULL, 0);
	assert_html(QUERY_FORMAT_API, NULL);
	assert_json(QUERY_FORMAT_JSON, "text/html,application/xml;q=0.9,*/*;q=0.8", 0);
	assert_refused(QUERY_FORMAT_JSON, "text/html", NEGOTIATED_NOT_ACCEPTABLE);
	assert_refused(QUERY_FORMAT_API, "application/json", NEGOTIATED_NOT_ACCEPTABLE);
	assert_refused(QUERY_FORMAT_OTHER, NULL, NEGOTIATED_BAD_FORMAT);
	assert_refused(QUERY_FORMAT_OTHER, "application/json;indent=4", NEGOTIATED_BAD_FORMAT);
	assert_refused(QUERY_FORMAT_OTHER, "application/xml", NEGOTIATED_BAD_FORMAT);
}

static void test_indent(void **state)
{
	(void)state;
	assert_json(ANY, "application/json; indent=4", 4);
	assert_json(ANY, "application/json;indent=\"4\"", 4);
	assert_json(ANY, "application/json; Indent = 4 ", 4);
	assert_json(ANY, "*/*;indent=2", 2);
	assert_json(ANY, "application/*;indent=3", 3);
	assert_json(ANY, "application/json;indent=0", 0);
	assert_json(ANY, "application/json;indent=-2", 0);
	assert_json(ANY, "application/json;indent=99", 8);
	assert_json(ANY, "application/json;indent=99999999999999999999", 8);
	assert_json(ANY, "application/json;indent=x", 0);
	assert_json(ANY, "application/json;indent", 0);
	assert_json(ANY, "application/json;indent=1;indent=2", 2);
	assert_json(ANY, "application/json;indent=1;indent=x", 0);
	assert_json(ANY, "application/json;a=\";indent=7\"", 0);
	assert_json(ANY, "text/html,application/json;indent=2", 2);
	assert_json(ANY, "application/json,*/*;indent=2", 0);
	/* Of the same precedence the first counts. */
	assert_json(ANY, "application/json;indent=1,application/json;indent=2", 1);
	assert_json(ANY, "*/*,*/json;indent=2", 0);
	assert_json(QUERY_FORMAT_JSON, "text/html,*/*;indent=2", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept),
		cmocka_unit_test(test_not_acceptable),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_indent),
	};

	return RUN_TESTS("negotiation", tests, NULL, NULL);
}
