/* Templates: what goes into their holes, and for how long the text stays true. */
#include <string.h>

#include "base/temporal.h"
#include "serializer/template_writer.h"
#include "support/cmocka.h"

static void write(struct template_writer *writer, const char *text)
{
	strbuf_str(&writer->text, text);
}

/* An item with a url and a duration. */
static void write_item(struct template_writer *writer, int64_t from, int64_t until,
                       const char *path)
{
	const struct growing_duration duration = {.since = 0, .step = 1, .until = INT64_MAX};
	size_t item = template_begin_item(writer, from, until);
	template_write_url(writer, path, strlen(path));
	template_write_duration(writer, &duration);
	write(writer, "+");
	template_end_item(writer, item);
}

/* Items of the times 10 to 20, 15 to 30, and from 25 on, and a url behind them. */
static struct text_template *make(void)
{
	struct template_writer writer;
	template_writer_init(&writer);
	write(&writer, "[");
	write_item(&writer, 10 * MICROSECONDS, 20 * MICROSECONDS, "/a/");
	write_item(&writer, 15 * MICROSECONDS, 30 * MICROSECONDS, "/b/");
	write_item(&writer, 25 * MICROSECONDS, INT64_MAX, "/c/");
	write(&writer, "]");
	template_write_url(&writer, "/d/", 3);
	return template_writer_finish(&writer);
}

static void assert_filled(const struct text_template *template, int64_t seconds, const char *text)
{
	struct rendering rendering = {"h", 1, "?s", 2, seconds * MICROSECONDS};
	struct strbuf out = STRBUF_INIT;
	template_fill(template, &rendering, &out);
	assert_string_equal(out.data, text);
	assert_true(out.length <= template_filled_size(template, &rendering));
	strbuf_fini(&out);
}

static void assert_all(const struct text_template *template)
{
	assert_filled(template, 9, "[]\"h/d/?s\"");
	assert_filled(template, 10, "[\"h/a/?s\"\"PT10S\"+]\"h/d/?s\"");
	assert_filled(template, 15, "[\"h/a/?s\"\"PT15S\"+,\"h/b/?s\"\"PT15S\"+]\"h/d/?s\"");
	assert_filled(template, 20, "[\"h/b/?s\"\"PT20S\"+]\"h/d/?s\"");
	assert_filled(template, 29, "[\"h/b/?s\"\"PT29S\"+,\"h/c/?s\"\"PT29S\"+]\"h/d/?s\"");
	assert_filled(template, 30, "[\"h/c/?s\"\"PT30S\"+]\"h/d/?s\"");
}

static void test_items(void **state)
{
	struct text_template *template = make();
	(void)state;
	assert_all(template);
	template_free(template);
}

/* A copy has the holes of what it was copied from, behind its own text. */
static void test_copy(void **state)
{
	struct text_template *template = make(), *copy;
	struct template_writer writer;
	(void)state;
	template_writer_init(&writer);
	template_write_copy(&writer, template);
	template_write_copy(&writer, template);
	copy = template_writer_finish(&writer);
	assert_filled(copy, 9, "[]\"h/d/?s\"[]\"h/d/?s\"");
	assert_filled(copy, 30, "[\"h/c/?s\"\"PT30S\"+]\"h/d/?s\"[\"h/c/?s\"\"PT30S\"+]\"h/d/?s\"");
	template_free(template);
	template_free(copy);
}

/* Until an item comes or goes; durations, which change each second, are left out. */
static void test_good_for(void **state)
{
	static const struct {
		int64_t now, good_for;
	} moments[] = {{0, 10}, {10, 5}, {12, 3}, {15, 5}, {19, 1}, {20, 0}, {40, 0}};
	struct template_writer writer;
	struct text_template *template;
	(void)state;
	template_writer_init(&writer);
	template_end_item(&writer, template_begin_item(&writer, 10, 20));
	template_end_item(&writer, template_begin_item(&writer, 15, INT64_MAX));
	template = template_writer_finish(&writer);
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
		assert_int_equal(template_good_for(template, moments[i].now),
		                 moments[i].good_for ? moments[i].good_for : INT64_MAX);
	template_free(template);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_good_for),
	};

	return RUN_TESTS("template", tests, NULL, NULL);
}
