/* Highlighted JSON: its text content is what Python's json writes, whatever is in it, and exactly the web
   addresses in it are links. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browsable/page_internal.h"
#include "support/cmocka.h"
#include "support/html.h"
#include "support/importing.h"

/* The page's HTML for compact JSON; new. */
static char *render(const char *json, size_t length)
{
	struct strbuf out = STRBUF_INIT;

	highlight_write(&out, (struct text){json, length}, SIZE_MAX);
	return strbuf_steal(&out, &length);
}

static void assert_text(const char *json, const char *expected)
{
	char *html = render(json, strlen(json));
	char *text = html_text(html);

	assert_string_equal(text, expected);
	free(text);
	free(html);
}

/* The contract's files are as Python's json.dumps writes them with an indent of 4. */
static void check_file(const char *path)
{
	size_t length;
	char *expected = file_text(path, &length);
	char *json = strdup(expected);

	assert_non_null(json);
	if (expected[length - 1] == '\n')
		expected[length - 1] = '\0';
	html_compact_json(json);
	assert_text(json, expected);
	free(json);
	free(expected);
}

static void test_real_flights(void **state)
{
	(void)state;
	check_file("tests/data/flight-840.json");
	check_file("tests/data/flight-864.json");
}

/* tests/tools/text-cases.py made these with every indent. */
static void test_python_texts(void **state)
{
	FILE *file = fopen("tests/data/text.jsonl", "r");
	char *line = NULL;
	size_t size = 0;
	int count = 0;

	(void)state;
	assert_non_null(file);
	while (getline(&line, &size, file) > 0) {
		json_t *row = json_loads(line, JSON_ALLOW_NUL, NULL);
		const char *kind = json_string_value(json_array_get(row, 0));

		if (strcmp(kind, "indented") == 0 &&
		    json_integer_value(json_array_get(row, 1)) == 4) {
			assert_text(json_string_value(json_array_get(row, 2)),
			            json_string_value(json_array_get(row, 3)));
			count++;
		}
		json_decref(row);
	}
	free(line);
	fclose(file);
	assert_true(count > 5);
}

static void test_elements(void **state)
{
	const char *json = "{\"a\":[],\"b\":-1.5,\"c\":{\"d\":null},\"e\":\"x\"}";
	char *html = render(json, strlen(json));

	(void)state;
	assert_string_equal(html, "{\n"
	                          "    <b>&quot;a&quot;</b>: [],\n"
	                          "    <b>&quot;b&quot;</b>: <i>-1.5</i>,\n"
	                          "<details open><summary>    <b>&quot;c&quot;</b>: {\n</summary>"
	                          "        <b>&quot;d&quot;</b>: <u>null</u>\n"
	                          "    },\n</details>"
	                          "    <b>&quot;e&quot;</b>: &quot;x&quot;\n"
	                          "}");
	free(html);
}

/* Text that tries to be markup or code. */
static const char *const hostile[] = {
	"<script>alert(1)</script>",
	"</div></section><script>alert(1)</script>",
	"\\\"><img src=x onerror=alert(1)>",
	"' onmouseover='alert(1)",
	"&lt;script&gt;&amp;quot;&#x27;",
	"javascript:alert(1)",
	"JavaScript:alert(1)//http://example.org",
	"data:text/html,<script>alert(1)</script>",
	"vbscript:msgbox(1) ftp://example.org/ file:///etc/passwd //example.org/x",
	"http://example.org/\\\"onclick=\\\"alert(1)",
	"http://example.org/'onclick='alert(1)",
	"https://example.org/<script>alert(1)</script>",
	"{{json}} {{#flight}} {{/flight}}",
	"-->]]><![CDATA[ <!-- </style></textarea></title>",
	"\\u0000\\u001f\\n\\t\\\\ \xC2\xA0 spaces \xF0\x9F\x9A\x80",
};

/* The only elements are ours, and so are their attributes. */
static void assert_harmless(const char *html)
{
	static const char *const allowed[] = {
		"<b>",  "</b>",           "<i>",        "</i>",      "<u>",       "</u>",
		"</a>", "<details open>", "</details>", "<summary>", "</summary>"};

	for (const char *tag = strchr(html, '<'); tag; tag = strchr(tag + 1, '<')) {
		bool good = strncmp(tag, "<a href=\"http://", 16) == 0 ||
		            strncmp(tag, "<a href=\"https://", 17) == 0;

		if (good) {
			const char *end = strchr(tag + 9, '"');

			assert_memory_equal(end, "\" rel=\"nofollow\">", 17);
		}
		for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
			good = good || strncmp(tag, allowed[i], strlen(allowed[i])) == 0;
		if (!good)
			fail_msg("%.60s", tag);
	}
}

static void test_hostile_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		char json[400];
		char expected[400];
		char *html;

		snprintf(json, sizeof(json), "{\"%s\":\"%s\",\"a\":[\"%s\"]}", hostile[i],
		         hostile[i], hostile[i]);
		snprintf(expected, sizeof(expected),
		         "{\n    \"%s\": \"%s\",\n    \"a\": [\n        \"%s\"\n    ]\n}",
		         hostile[i], hostile[i], hostile[i]);
		html = render(json, strlen(json));
		assert_harmless(html);
		assert_text(json, expected);
		free(html);
	}
}

/* Each with the link that is in it: its address and its text, or none. */
static const struct {
	const char *text;
	const char *address;
	const char *link;
} links[] = {
	{"https://nasa.gov/a?b=1&amp;c", "https://nasa.gov/a?b=1&amp;amp;c",
         "https://nasa.gov/a?b=1&amp;amp;c"},
	{"see http://nasa.gov/x.", "http://nasa.gov/x", "http://nasa.gov/x"},
	{"see http://nasa.gov/x, there", "http://nasa.gov/x", "http://nasa.gov/x"},
	{"(http://nasa.gov/x).", "http://nasa.gov/x", "http://nasa.gov/x"},
	{"https://en.wikipedia.org/wiki/Tianzhou_(spacecraft)",
         "https://en.wikipedia.org/wiki/Tianzhou_(spacecraft)",
         "https://en.wikipedia.org/wiki/Tianzhou_(spacecraft)"},
	{"HTTPS://NASA.GOV", "HTTPS://NASA.GOV", "HTTPS://NASA.GOV"},
	{"http://[2001:db8::1]/", "http://[2001:db8::1]/", "http://[2001:db8::1]/"},
	{"on nasa.gov, too", "http://nasa.gov", "nasa.gov"},
	{"www.esa.int/x", "http://www.esa.int/x", "www.esa.int/x"},
	{"two\\nhttps://a.org/\\\\b", "https://a.org/", "https://a.org/"},
	{"javascript:alert(1)", NULL, NULL},
	{"javascript:alert('nasa.gov')", NULL, NULL},
	{"a@nasa.gov", NULL, NULL},
	{"http:// and https://", NULL, NULL},
	{"http://<b>", NULL, NULL},
	{"9.80655 m/s. e.g.", NULL, NULL},
	{".gov ab.gov.", "http://ab.gov", "ab.gov"},
};

static void test_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct strbuf out = STRBUF_INIT;
		char expected[300];

		linkify(&out, text_of(links[i].text));
		snprintf(expected, sizeof(expected), "<a href=\"%s\" rel=\"nofollow\">%s</a>",
		         links[i].address ? links[i].address : "",
		         links[i].link ? links[i].link : "");
		if (links[i].address && !strstr(out.data, expected))
			fail_msg("%s: no %s in %s", links[i].text, expected, out.data);
		if (!links[i].address && strstr(out.data, "<a "))
			fail_msg("%s: %s", links[i].text, out.data);
		strbuf_fini(&out);
	}
}

/* JSON that is cut off anywhere is not read past its end. */
static void test_cut_text(void **state)
{
	const char *json = "{\"a\":{\"b\":[1,\"x\\\"\",{}],\"c\":\"\\u00e9\"},\"d\":[[[]]]}";

	(void)state;
	for (size_t length = 0; length <= strlen(json); length++) {
		char *cut = malloc(length + 1);

		assert_non_null(cut);
		memcpy(cut, json, length);
		free(render(cut, length));
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_flights), cmocka_unit_test(test_python_texts),
		cmocka_unit_test(test_elements),     cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_links),        cmocka_unit_test(test_cut_text),
	};

	return RUN_TESTS("highlight", tests, NULL, NULL);
}
