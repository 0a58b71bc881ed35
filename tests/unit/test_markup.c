/* The templates' renderer, and what their check finds. */
#include "browsable/markup.h"

#include "support/cmocka.h"
#include "support/markup_check.h"

struct context {
	size_t items;
	bool flag;
	struct text text;
	struct text agency;
};

static void write_value(struct strbuf *out, const void *context)
{
	const struct context *self = context;

	strbuf_add(out, self->text.data, self->text.length);
}

static bool next_item(void *context, size_t index)
{
	return index < ((const struct context *)context)->items;
}

static const struct markup_slot slots[] = {
	MARKUP_TEXT(struct context, text), MARKUP_FLAG(struct context, flag),
	{"html", .html = write_value},     {"list", .each = next_item},
	{"inner", .each = next_item},      MARKUP_JSON(struct context, agency),
};

static const struct markup_root roots[] = {{"agency", &resource_agency}, {NULL, NULL}};

static struct markup markup_of(const char *template)
{
	return (struct markup){template, template + strlen(template), slots,
	                       sizeof(slots) / sizeof(slots[0]), NULL};
}

static void assert_filled(const char *template, size_t items, const char *value,
                          const char *expected)
{
	struct markup markup = markup_of(template);
	struct context context = {items, items > 0, text_of(value), {NULL, 0}};
	struct strbuf out = STRBUF_INIT;

	markup_write(&markup, &context, NULL, &out);
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
	assert_filled("{{text}}", 0, NULL, "");
	assert_filled("[{{#list}}{{text}},{{/list}}]", 0, "x", "[]");
	assert_filled("[{{#list}}{{text}},{{/list}}]", 3, "x", "[x,x,x,]");
	assert_filled("{{#list}}({{#inner}}.{{/inner}}){{/list}}", 2, "", "(..)(..)");
	assert_filled("{{#flag}}x{{/flag}}.", 0, "", ".");
	assert_filled("{{#flag}}x{{/flag}}.", 3, "", "x.");
	assert_filled("{{#text}}({{text}}){{/text}}.", 3, "x", "(x).");
	assert_filled("{{#text}}({{text}}){{/text}}.", 3, "", ".");
	assert_filled("{{#text}}({{text}}){{/text}}.", 3, NULL, ".");
	assert_filled("{{^flag}}no{{/flag}}{{#flag}}yes{{/flag}}", 0, "", "no");
	assert_filled("{{^flag}}no{{/flag}}{{#flag}}yes{{/flag}}", 1, "", "yes");
	assert_filled("{{#text}}yes{{/text}}{{^text}}no{{/text}}", 0, NULL, "no");
	assert_filled("{{#text}}yes{{/text}}{{^text}}no{{/text}}", 0, "x", "yes");
	assert_filled("a{{unknown}}b", 0, "x", "ab");
}

/* A template over JSON, at a moment. */
static void assert_filled_from(const char *json, const char *template, const char *expected)
{
	struct markup markup = markup_of(template);
	struct context context = {.agency = text_of(json)};
	struct format_clock clock = {0, INT64_MAX};
	struct strbuf out = STRBUF_INIT;

	markup_write(&markup, &context, &clock, &out);
	assert_string_equal(out.data ? out.data : "", expected);
	strbuf_fini(&out);
}

static void test_fills_in_from_json(void **state)
{
	static const char json[] =
		"{\"id\":7,\"name\":\"A \\\"<b>\\\"\",\"type\":{\"name\":\"Public\"},"
		"\"logo\":null,\"country\":[{\"name\":\"X\"},{\"name\":\"Y\",\"code\":\"YY\"}],"
		"\"note\":\"\",\"active\":true,\"closed\":false,\"ids\":[],\"codes\":[\"p\",\"q\"]"
		"}";

	(void)state;
	assert_filled_from(json, "{{#agency}}{{id}} {{name}} {{type.name}} {{active}}{{/agency}}",
	                   "7 A &quot;&lt;b&gt;&quot; Public true");
	assert_filled_from(json,
	                   "{{name}}{{#agency}}{{logo}}{{none}}{{type}}{{country}}{{/agency}}", "");
	/* Sections: items, objects, what says something; names of the sections around are seen. */
	assert_filled_from(json,
	                   "{{#agency}}{{#country}}{{name}}{{code}}{{id}};{{/country}}{{/agency}}",
	                   "X7;YYY7;");
	assert_filled_from(json,
	                   "{{#agency}}{{#type}}{{name}}{{/type}}{{^type}}-{{/type}}{{/agency}}",
	                   "Public");
	assert_filled_from(
		json,
		"{{#agency}}{{#logo}}a{{/logo}}{{#note}}b{{/note}}{{#closed}}c{{/closed}}"
		"{{#ids}}d{{/ids}}{{#none}}e{{/none}}{{/agency}}",
		"");
	assert_filled_from(
		json,
		"{{#agency}}{{^logo}}a{{/logo}}{{^note}}b{{/note}}{{^closed}}c{{/closed}}"
		"{{^ids}}d{{/ids}}{{^none}}e{{/none}}{{^active}}f{{/active}}{{/agency}}",
		"abcde");
	assert_filled_from(json, "{{#agency}}{{#codes}}({{.}}){{/codes}}{{/agency}}", "(p)(q)");
	assert_filled_from("null", "{{#agency}}x{{/agency}}{{^agency}}none{{/agency}}", "none");
}

static void test_formats(void **state)
{
	static const char json[] = "{\"site\":\"HTTPS://x/\",\"bad\":\"javascript:x\","
				   "\"end\":\"1970-01-03T12:34:56Z\"}";

	(void)state;
	assert_filled_from(json,
	                   "{{#agency}}{{site|web}}{{bad|web}}{{end|day}} {{end|ago}}{{/agency}}",
	                   "HTTPS://x/1970-01-03 in 2 days");
	assert_filled_from(json,
	                   "{{#agency}}{{#site|web}}yes{{/site|web}}{{#bad|web}}no{{/bad|web}}"
	                   "{{^bad|web}}none{{/bad|web}}{{end|unknown}}{{/agency}}",
	                   "yesnone");
}

/* What a value holds is never read as a tag. */
static void test_values_stay_values(void **state)
{
	(void)state;
	assert_filled("{{text}}", 1, "{{html}}", "{{html}}");
	assert_filled("{{html}}", 1, "{{#list}}x{{/list}}", "{{#list}}x{{/list}}");
}

/* The template needs a tag for each slot. */
#define OTHER_TAGS "{{text}}{{#flag}}{{/flag}}{{#agency}}{{/agency}}"

static void assert_complaint(const char *template, const char *complaint)
{
	struct markup markup = markup_of(template);
	struct error error = {0};

	assert_int_equal(markup_check(&markup, roots, &error), complaint == NULL);
	assert_string_equal(error.text, complaint ? complaint : "");
}

static void test_check(void **state)
{
	(void)state;
	assert_complaint(OTHER_TAGS "{{#list}}{{text}}{{#inner}}{{html}}{{/inner}}{{/list}}", NULL);
	assert_complaint(OTHER_TAGS "{{html}}{{#list}}{{/list}}", "\"inner\" is not used");
	assert_complaint(OTHER_TAGS "{{html}}{{#list}}{{inner}}{{/list}}",
	                 "\"inner\" is not of that kind");
	assert_complaint(OTHER_TAGS "{{#html}}{{/html}}{{#list}}{{/list}}{{#inner}}{{/inner}}",
	                 "\"html\" is not of that kind");
	assert_complaint(OTHER_TAGS "{{html}}{{^list}}{{/list}}{{#inner}}{{/inner}}",
	                 "\"list\" is not of that kind");
	assert_complaint("{{text}}{{#agency}}{{/agency}}{{flag}}{{html}}{{#list}}{{#inner}}{{/"
	                 "inner}}{{/list}}",
	                 "\"flag\" is not of that kind");
	assert_complaint(
		"{{#agency}}{{#type}}{{name}}{{description}}{{/type}}{{/agency}}" OTHER_TAGS
		"{{html}}{{#list}}{{#inner}}{{/inner}}{{/list}}",
		NULL);
	assert_complaint("{{#agency}}{{#type}}{{nam}}{{/type}}{{/agency}}" OTHER_TAGS
	                 "{{html}}{{#list}}{{#inner}}{{/inner}}{{/list}}",
	                 "no slot is called \"nam\"");
	assert_complaint("{{#agency}}{{name|shout}}{{/agency}}" OTHER_TAGS
	                 "{{html}}{{#list}}{{#inner}}{{/inner}}{{/list}}",
	                 "no format is called \"shout\"");
	assert_complaint("{{#agency}}{{/agency}}{{#text}}{{/text}}{{^text}}{{/text}}{{^flag}}{{/"
	                 "flag}}{{html}}{{#list}}"
	                 "{{#inner}}{{/inner}}{{/list}}",
	                 NULL);
	assert_complaint(OTHER_TAGS "{{html}}{{#list}}{{#inner}}{{/inner}}",
	                 "{{#list}} is not closed");
	assert_complaint(OTHER_TAGS "{{html}}{{/list}}{{#list}}{{#inner}}{{/inner}}",
	                 "{{/list}} closes nothing");
	assert_complaint(OTHER_TAGS "{{txt}}{{html}}{{#list}}{{/list}}{{#inner}}{{/inner}}",
	                 "no slot is called \"txt\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fills_in), cmocka_unit_test(test_fills_in_from_json),
		cmocka_unit_test(test_formats),  cmocka_unit_test(test_values_stay_values),
		cmocka_unit_test(test_check),
	};

	return RUN_TESTS("markup", tests, NULL, NULL);
}
