/* The templates' renderer, and what their check finds. */
#include "browsable/markup.h"

#include "support/cmocka.h"

struct context {
	size_t items;
	struct text value;
};

static void write_value(struct strbuf *out, const void *context)
{
	const struct context *self = context;

	strbuf_add(out, self->value.data, self->value.length);
}

static bool has_items(const void *context)
{
	return ((const struct context *)context)->items > 0;
}

static bool next_item(void *context, size_t index)
{
	return index < ((const struct context *)context)->items;
}

static const struct markup_slot slots[] = {
	{"text", .text = write_value},
	{"html", .html = write_value},
	{"member", .member = MARKUP_MEMBER(struct context, value)},
	{"list", .each = next_item},
	{"inner", .each = next_item},
	{"condition", .when = has_items},
};

static struct markup markup_of(const char *template)
{
	return (struct markup){template, template + strlen(template), slots,
	                       sizeof(slots) / sizeof(slots[0])};
}

static void assert_filled(const char *template, size_t items, const char *value,
                          const char *expected)
{
	struct markup markup = markup_of(template);
	struct context context = {items, text_of(value)};
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
	assert_filled("{{member}}", 0, "<&>", "&lt;&amp;&gt;");
	assert_filled("{{member}}", 0, NULL, "");
	assert_filled("[{{#list}}{{text}},{{/list}}]", 0, "x", "[]");
	assert_filled("[{{#list}}{{text}},{{/list}}]", 3, "x", "[x,x,x,]");
	assert_filled("{{#list}}({{#inner}}.{{/inner}}){{/list}}", 2, "", "(..)(..)");
	assert_filled("{{#condition}}x{{/condition}}.", 0, "", ".");
	assert_filled("{{#condition}}x{{/condition}}.", 3, "", "x.");
	assert_filled("a{{unknown}}b", 0, "x", "ab");
}

/* What a value holds is never read as a tag. */
static void test_values_stay_values(void **state)
{
	(void)state;
	assert_filled("{{text}}", 1, "{{html}}", "{{html}}");
	assert_filled("{{html}}", 1, "{{#list}}x{{/list}}", "{{#list}}x{{/list}}");
}

/* The template needs a tag for each slot. */
#define OTHER_TAGS "{{member}}{{#condition}}{{/condition}}"

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
	assert_complaint(OTHER_TAGS "{{#list}}{{text}}{{#inner}}{{html}}{{/inner}}{{/list}}", NULL);
	assert_complaint(OTHER_TAGS "{{text}}{{html}}{{#list}}{{/list}}", "\"inner\" is not used");
	assert_complaint(OTHER_TAGS "{{text}}{{html}}{{#list}}{{inner}}{{/list}}",
	                 "\"inner\" is not of that kind");
	assert_complaint(OTHER_TAGS
	                 "{{#text}}{{/text}}{{html}}{{#list}}{{/list}}{{#inner}}{{/inner}}",
	                 "\"text\" is not of that kind");
	assert_complaint(
		"{{member}}{{condition}}{{text}}{{html}}{{#list}}{{#inner}}{{/inner}}{{/list}}",
		"\"condition\" is not of that kind");
	assert_complaint(
		"{{#member}}{{/member}}{{#condition}}{{/condition}}{{text}}{{html}}{{#list}}"
		"{{#inner}}{{/inner}}{{/list}}",
		"\"member\" is not of that kind");
	assert_complaint(OTHER_TAGS "{{text}}{{html}}{{#list}}{{#inner}}{{/inner}}",
	                 "{{#list}} is not closed");
	assert_complaint(OTHER_TAGS "{{text}}{{html}}{{/list}}{{#inner}}{{/inner}}",
	                 "{{/list}} closes nothing");
	assert_complaint(OTHER_TAGS "{{txt}}{{text}}{{html}}{{#list}}{{/list}}{{#inner}}{{/inner}}",
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
