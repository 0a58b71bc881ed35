/* Templates of HTML, and what their check finds. */
#include "browsable/markup.h"

#include "support/cmocka.h"

struct context {
	size_t rounds;
	const char *value;
};

static void write_value(struct strbuf *out, void *context)
{
	strbuf_str(out, ((const struct context *)context)->value);
}

static bool next_round(void *context, size_t number)
{
	return number < ((const struct context *)context)->rounds;
}

static const struct markup_slot slots[] = {
	{"text", .text = write_value},
	{"html", .html = write_value},
	{"list", .round = next_round},
	{"inner", .round = next_round},
};

static struct markup markup_of(const char *template)
{
	return (struct markup){template, template + strlen(template), slots, 4};
}

static void assert_filled(const char *template, size_t rounds, const char *value,
                          const char *expected)
{
	struct markup markup = markup_of(template);
	struct context context = {rounds, value};
	struct strbuf out = STRBUF_INIT;

	markup_write(&markup, &context, &out);
	assert_string_equal(out.data, expected);
	strbuf_fini(&out);
}

static void test_fills_in(void **state)
{
	(void)state;
	assert_filled("", 0, "x", "");
	assert_filled("a { b }} {{", 0, "x", "a { b }} {{");
	assert_filled("<p>{{text}}</p>", 0, "x", "<p>x</p>");
	assert_filled("{{text}}{{html}}", 0, "<a b=\"c\" d='&'>",
	              "&lt;a b=&quot;c&quot; d=&#x27;&amp;&#x27;&gt;<a b=\"c\" d='&'>");
	assert_filled("[{{#list}}{{text}},{{/list}}]", 0, "x", "[]");
	assert_filled("[{{#list}}{{text}},{{/list}}]", 3, "x", "[x,x,x,]");
	assert_filled("{{#list}}({{#inner}}.{{/inner}}){{/list}}", 2, "", "(..)(..)");
	assert_filled("a{{unknown}}b", 0, "x", "ab");
}

/* What a value holds is never read as a mark. */
static void test_values_stay_values(void **state)
{
	(void)state;
	assert_filled("{{text}}", 1, "{{html}}", "{{html}}");
	assert_filled("{{html}}", 1, "{{#list}}x{{/list}}", "{{#list}}x{{/list}}");
}

static void assert_complaint(const char *template, const char *complaint)
{
	struct markup markup = markup_of(template);
	struct error error = {0};

	assert_int_equal(markup_check(&markup, &error), complaint == NULL);
	assert_string_equal(error.text, complaint ? complaint : "");
}

static void test_check(void **state)
{
	(void)state;
	assert_complaint("{{#list}}{{text}}{{#inner}}{{html}}{{/inner}}{{/list}}", NULL);
	assert_complaint("{{text}}{{html}}{{#list}}{{/list}}", "\"inner\" is not used");
	assert_complaint("{{text}}{{html}}{{#list}}{{inner}}{{/list}}",
	                 "\"inner\" is not of that kind");
	assert_complaint("{{#text}}{{/text}}{{html}}{{#list}}{{/list}}{{#inner}}{{/inner}}",
	                 "\"text\" is not of that kind");
	assert_complaint("{{text}}{{html}}{{#list}}{{#inner}}{{/inner}}",
	                 "{{#list}} is not closed");
	assert_complaint("{{text}}{{html}}{{/list}}{{#inner}}{{/inner}}",
	                 "{{/list}} closes nothing");
	assert_complaint("{{txt}}{{text}}{{html}}{{#list}}{{/list}}{{#inner}}{{/inner}}",
	                 "no slot is called \"txt\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fills_in),
		cmocka_unit_test(test_values_stay_values),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
