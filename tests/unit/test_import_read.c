/* What the importer reads and what it refuses, with the path, and what was expected there.
   What it stores is tests/database/test_import.c's. */
#include "importer/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"

/* What the texts are documents of. */
static const struct resource *documents_of = &resource_spacecraft_flight;

/* Reads a text and frees the import; the error's text, empty if there is none, lies in static memory. */
static const char *read_error(const char *text, size_t length)
{
	static struct error error;
	struct import *import = import_new(NULL);

	error = (struct error){0};
	assert_true(import_text(import, documents_of, "f.json", text, length, &error) ==
	            !error_is_set(&error));
	import_free(import);
	return error.text;
}

static void assert_reads(const char *text)
{
	if (read_error(text, strlen(text))[0] != '\0')
		fail_msg("%s: %s", text, read_error(text, strlen(text)));
}

/* The error names the text and then says as much, from its path on. */
static void assert_refused(const char *text, const char *message)
{
	char expected[1024];

	snprintf(expected, sizeof(expected), "f.json: %s", message);
	assert_string_equal(read_error(text, strlen(text)), expected);
}

/* What is no JSON: the error has line and column. */
static void assert_syntax(const char *text, const char *message)
{
	char expected[1024];

	snprintf(expected, sizeof(expected), "f.json:%s", message);
	assert_string_equal(read_error(text, strlen(text)), expected);
}

#define UUID "\"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\""
#define IN_LAUNCH(fields) "{\"id\": 1, \"launch\": {\"id\": " UUID ", " fields "}}"
#define IN_PAGE(flight) "{\"count\": 1, \"next\": null, \"results\": [{\"id\": 5},\n " flight "]}"

static void test_documents(void **state)
{
	(void)state;
	assert_reads("{\"id\": 1}");
	assert_reads(" \n[]");
	assert_reads("[{\"id\": 1}, {\"id\": 1}]");
	assert_reads("\xef\xbb\xbf[{\"id\": -9223372036854775808}]\n");
	assert_reads("{\"results\": []}");
	assert_reads(IN_PAGE("{\"id\": 9223372036854775807}"));
	assert_refused("5",
	               "expected a document, a list of documents or a page with results, found 5");
	assert_refused(
		"null",
		"expected a document, a list of documents or a page with results, found null");
	assert_refused("[{\"id\": 1}, 7]", "[1]: expected an object, found 7");
	assert_refused("[null]", "[0]: expected an object, found null");
	assert_refused("{\"results\": {}}",
	               "results: expected a list of documents, found an object");
	assert_refused("{\"results\": null}", "results: expected a list of documents, found null");
	assert_reads("{\"r\\u0065sults\": [{\"id\": 1}]}");
	assert_refused("{\"r\\u0065sults\": [{\"id\": 1}, {\"id\": 2, \"destination\": 3}]}",
	               "results[1].destination: expected text without NUL or null, found 3");
	assert_refused("{\"count\": \"9\", \"results\": []}",
	               "count: expected a number of documents or null, found \"9\"");
	assert_refused("{\"count\": -1, \"results\": []}",
	               "count: expected a number of documents or null, found -1");
	assert_refused("{\"as_of\": \"now\", \"results\": []}",
	               "as_of: expected a time such as 2025-04-13T02:53:55Z, found \"now\"");
	documents_of = NULL;
	assert_reads("{\"list\": \"agencies\", \"results\": [{\"id\": 1}]}");
	assert_refused("{\"list\": \"birds\", \"results\": []}",
	               "list: expected the path of a list such as \"agencies\", found \"birds\"");
	documents_of = &resource_spacecraft_flight;
	assert_refused("{\"next\": 4, \"results\": []}",
	               "next: expected the address of a page or null, found 4");
	assert_refused("{\"next\": \"a\\u0000\", \"results\": []}",
	               "next: expected the address of a page or null, found \"a\\u0000\"");
}

/* One behind the other, or one a line: errors name the line where the value begins, or the very place. */
static void test_several_values(void **state)
{
	(void)state;
	assert_reads("{\"id\": 1}\n{\"id\": 2}");
	assert_reads("{\"id\": 1}{\"id\": 2} [] [{\"id\": 3}]\r\n\r\n{\"results\": []}\n \n");
	assert_syntax("{\"id\": 1}\n\n{\"id\": 2, \"destination\": 7}\n",
	              "3: destination: expected text without NUL or null, found 7");
	assert_syntax("{\"id\": 1}\n[{\"id\": 2},\n {\"id\": 3, \"destination\": 7}]",
	              "2: [1].destination: expected text without NUL or null, found 7");
	assert_syntax("{\"id\": 1}\n7",
	              "2: expected a document, a list of documents or a page with "
	              "results, found 7");
	assert_syntax("{\"id\": 1},\n{\"id\": 2}", "1:10: unexpected token near ','");
	assert_syntax("{\"id\": 1}\n{\"id\": 2,\n \"launch\": nope}\n{\"id\": 3}",
	              "3:15: invalid token near 'nope'");
	assert_syntax("{\"id\": 1}\n {\"id\": 2} {\"id\": 3, \"id\"",
	              "2:25: duplicate object key near '\"id\"'");
	assert_syntax("{\"id\": 1}\n{\"id\": 2, \"foo\": [99999999999999999999, 1,\n 8, tru]}\n",
	              "3:7: invalid token near 'tru'");
	assert_reads("{\"id\": 1, \"foo\": 99999999999999999999}\n"
	             "{\"id\": 2, \"foo\": 99999999999999999999}\n");
}

static void test_syntax(void **state)
{
	(void)state;
	assert_syntax("", "1:0: unexpected token near end of file");
	assert_syntax("{\"id\": 1", "1:8: '}' expected near end of file");
	assert_syntax("\xef\xbb\xbf{\"id\": 1} x", "1:11: invalid token near 'x'");
	assert_syntax("{\"results\": [{\"id\": 1}\n{\"id\": 2}]}", "2:1: ']' expected near '{'");
	assert_syntax("{\"id\": 1,\n \"launch\": {\"name\": \"a\" \"id\": 3}}",
	              "2:28: '}' expected near '\"id\"'");
	assert_syntax("{\"id\": 1,\n \"launch\": {\"name\": nope}}",
	              "2:24: invalid token near 'nope'");
	assert_syntax("{\"id\": 1, \"foo\": [1, {\"bar\": tru}]}",
	              "1:32: invalid token near 'tru'");
	assert_syntax("{\"id\": NaN}", "1:10: invalid token near 'NaN'");
	assert_syntax("{\"id\": 01}", "1:8: invalid token near '0'");
	assert_syntax("[1,]", "1:4: unexpected token near ']'");
	assert_syntax("<!DOCTYPE html>", "1:1: invalid token near '<'");
	assert_syntax("{\"id\": \x1b[31m}", "1:8: invalid token near '?'");
	assert_syntax("{\"results\": [], \"results\": []}",
	              "1:25: duplicate object key near '\"results\"'");
	assert_syntax("{\"id\": 1, \"launch\": {\"id\": 1, \"id\": 1}}",
	              "1:34: duplicate object key near '\"id\"'");
}

/* Texts in UTF-8, whole surrogate pairs, no control characters, no NUL in a name. */
static void test_texts(void **state)
{
	(void)state;
	assert_reads("{\"id\": 1, \"destination\": \"\\ud83d\\ude80 \xf0\x9f\x9a\x80\"}");
	assert_syntax("{\"id\": 1, \"destination\": \"\\ud83d!\"}",
	              "1:34: invalid Unicode '\\uD83D' near '\"\\ud83d!\"'");
	assert_syntax("{\"id\": 1, \"destination\": \"\xff\"}",
	              "1:26: unable to decode byte 0xff near '\"'");
	assert_syntax("{\"id\": 1, \"destination\": \"a\nb\"}",
	              "1:27: unexpected newline near '\"a'");
	assert_syntax("{\"id\": 1, \"\x1b[31m\": 1}", "1:11: control character 0x1b near '\"'");
	assert_syntax("{\"id\": 1, \"a\\u0000\": 1}",
	              "1:19: NUL byte in object key not supported near '\"a\\u0000\"'");
}

static void test_values(void **state)
{
	(void)state;
	assert_refused(IN_PAGE("{\"id\": 7, \"launch\": {\"id\": " UUID
	                       ", \"pad\": {\"id\": 3, \"latitude\": "
	                       "\"north\"}}}"),
	               "results[1].launch.pad.latitude: expected a number or null, found "
	               "\"north\"");
	assert_refused("{\"id\": 1, \"destination\": 12.5}",
	               "destination: expected text without NUL or null, found 12.5");
	assert_refused("{\"id\": 1, \"destination\": \"a\\u0000b\"}",
	               "destination: expected text without NUL or null, found \"a\\u0000b\"");
	assert_refused(
		"{\"id\": 1, \"mission_end\": \"yesterday\"}",
		"mission_end: expected a time such as \"2024-11-15T15:13:18Z\" or null, found "
		"\"yesterday\"");
	assert_refused("{\"id\": 1, \"mission_end\": 1700000000}",
	               "mission_end: expected a time such as \"2024-11-15T15:13:18Z\" or null, "
	               "found 1700000000");
	assert_refused(
		"{\"id\": 1, \"mission_end\": \"2024-02-30T00:00:00Z\"}",
		"mission_end: expected a time such as \"2024-11-15T15:13:18Z\" or null, found "
		"\"2024-02-30T00:00:00Z\"");
	assert_refused(
		"{\"id\": 1, \"mission_end\": \"2024-02-20T00:00:00Z\\u0000\"}",
		"mission_end: expected a time such as \"2024-11-15T15:13:18Z\" or null, found "
		"\"2024-02-20T00:00:00Z\\u0000\"");
	assert_refused("{\"id\": 1, \"turn_around_time\": \"3 days\"}",
	               "turn_around_time: expected a duration such as \"P1DT2H\" or null, found "
	               "\"3 days\"");
	assert_refused("{\"id\": 1, \"duration\": 17}",
	               "duration: expected a duration such as \"P1DT2H\" or null, found 17");
	assert_refused("{\"id\": 1, \"url\": true}", "url: expected text or null, found true");
	assert_refused(IN_LAUNCH("\"webcast_live\": \"true\""),
	               "launch.webcast_live: expected true, false or null, found \"true\"");
	assert_refused(IN_LAUNCH("\"webcast_live\": 0"),
	               "launch.webcast_live: expected true, false or null, found 0");
	assert_refused(
		"{\"id\": 1, \"launch_crew\": [{\"id\": 1}, {\"id\": 2, \"astronaut\": {\"id\": 4, "
		"\"date_of_birth\": \"1970-13-01\"}}]}",
		"launch_crew[1].astronaut.date_of_birth: expected a date such as \"2021-04-29\" or "
		"null, "
		"found \"1970-13-01\"");
	assert_refused(
		IN_LAUNCH("\"mission\": {\"id\": 1, \"orbit\": {\"id\": 2, \"celestial_body\": "
	                  "{\"id\": 3, \"length_of_day\": \"P1D\"}}}"),
		"launch.mission.orbit.celestial_body.length_of_day: expected a duration such as "
		"\"1 02:00:00\" or null, found \"P1D\"");
}

static void test_ranges(void **state)
{
	(void)state;
	assert_reads(IN_LAUNCH("\"probability\": 2147483647"));
	assert_reads(IN_LAUNCH("\"probability\": -2147483648"));
	assert_refused(
		IN_LAUNCH("\"probability\": 2147483648"),
		"launch.probability: expected an integer of 32 bits or null, found 2147483648");
	assert_refused(
		IN_LAUNCH("\"probability\": -2147483649"),
		"launch.probability: expected an integer of 32 bits or null, found -2147483649");
	assert_refused(IN_LAUNCH("\"probability\": 99999999999999999999"),
	               "launch.probability: expected an integer of 32 bits or null, found 1e20");
	assert_refused("{\"id\": -99999999999999999999}",
	               "id: expected an integer of 64 bits, found -1e20");
	assert_refused(IN_LAUNCH("\"probability\": 5.0"),
	               "launch.probability: expected an integer of 32 bits or null, found 5.0");
	assert_refused(IN_LAUNCH("\"probability\": 1e2"),
	               "launch.probability: expected an integer of 32 bits or null, found 100.0");
	assert_refused("[{\"id\": 5.0}]", "[0].id: expected an integer of 64 bits, found 5.0");
	assert_refused("[{\"id\": 9223372036854775808}]",
	               "[0].id: expected an integer of 64 bits, found 9.22337203685478e18");
	assert_reads("{\"id\": 1, \"landing\": {\"id\": 1, \"downrange_distance\": 1}}");
	assert_reads("{\"id\": 1, \"landing\": {\"id\": 1, \"downrange_distance\": 1e308}}");
	assert_reads("{\"id\": 1, \"landing\": {\"id\": 1, \"downrange_distance\": 4e-400}}");
	assert_reads(
		"{\"id\": 1, \"landing\": {\"id\": 1, \"downrange_distance\": "
		"100000000000000000000000000000000000000000000000000000000000000000000000000.25}}");
	assert_refused("{\"id\": 1, \"landing\": {\"id\": 1, \"downrange_distance\": true}}",
	               "landing.downrange_distance: expected a number or null, found true");
	/* Beside an integer that becomes a double, all else is as it was. */
	assert_reads("[{\"id\": 9223372036854775807, \"foo\": -123456789012345678901234567890},"
	             " {\"id\": 2, \"destination\": \"\\\" 99999999999999999999\", \"landing\": "
	             "{\"id\": 1,"
	             " \"downrange_distance\": 0.12345678901234567890123}}]");
	assert_syntax("[{\"id\": 1, \"foo\": 99999999999999999999}, {\"id\": 1e999}]",
	              "1:55: real number overflow near '1e999'");
	assert_syntax("{\"id\": 1, \"landing\": {\"id\": 1, \"downrange_distance\": 1e309}}",
	              "1:58: real number overflow near '1e309'");
}

static void test_ids(void **state)
{
	(void)state;
	assert_refused("{}", "id: expected the object's id, found nothing");
	assert_refused("[{\"destination\": \"ISS\"\n}]",
	               "[0].id: expected the object's id, found nothing");
	assert_refused("{\"id\": 1, \"spacecraft\": {\"name\": \"Dragon\"}}",
	               "spacecraft.id: expected the object's id, found nothing");
	assert_refused("{\"id\": null}", "id: expected an integer of 64 bits, found null");
	assert_refused("{\"id\": \"864\"}", "id: expected an integer of 64 bits, found \"864\"");
	assert_refused(
		"{\"id\": 1, \"launch\": {\"id\": 864}}",
		"launch.id: expected a uuid such as \"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", "
		"found 864");
	assert_refused(
		"{\"id\": 1, \"launch\": {\"id\": \"1b411bfa-86b8-4b88-8f01-6e97ca4b90dg\"}}",
		"launch.id: expected a uuid such as \"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", "
		"found \"1b411bfa-86b8-4b88-8f01-6e97ca4b90dg\"");
	assert_refused(
		"{\"id\": 1, \"launch\": {\"id\": \"\"}}",
		"launch.id: expected a uuid such as \"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", "
		"found \"\"");
	assert_refused("{\"id\": 1, \"spacecraft\": 602}",
	               "spacecraft: expected an object or null, found 602");
	assert_refused("{\"id\": 1, \"launch_crew\": [7]}",
	               "launch_crew[0]: expected an object, found 7");
	assert_refused("{\"id\": 1, \"launch_crew\": [null]}",
	               "launch_crew[0]: expected an object, found null");
	assert_refused("{\"id\": 1, \"docking_events\": {}}",
	               "docking_events: expected a list of objects or null, found an object");
}

/* The shortest way to a resource, from a flight or, where none leads there, from itself: the fields in turn. */
struct way {
	const struct resource *root;
	const struct field *fields[16];
	size_t length;
};

static struct way ways[RESOURCE_COUNT];

/* Breadth first, from a root on. */
static void ways_find(const struct resource *root)
{
	const struct resource *queue[RESOURCE_COUNT] = {root};
	size_t count = 1;

	ways[root->index].root = root;
	for (size_t q = 0; q < count; q++)
		for (size_t i = 0; i < queue[q]->field_count; i++) {
			const struct field *field = &queue[q]->fields[i];
			struct way way = ways[queue[q]->index];

			if (!field->of || ways[field->of->index].root ||
			    !field_in_documents(queue[q], field))
				continue;
			assert_true(way.length < sizeof(way.fields) / sizeof(way.fields[0]));
			way.fields[way.length++] = field;
			ways[field->of->index] = way;
			queue[count++] = field->of;
		}
}

static const char *id_text(const struct resource *resource)
{
	return resource->keyless ? "" : resource->uuid ? "\"id\": " UUID ", " : "\"id\": 1, ";
}

/* A document with one value in a field of a resource, wherever that is first reached. */
static void document_make(struct strbuf *text, struct strbuf *path, const struct resource *resource,
                          const char *member, const char *name)
{
	const struct way *way = &ways[resource->index];

	strbuf_printf(text, "{%s", way->length ? "\"id\": 1, " : "");
	for (size_t i = 0; i < way->length; i++) {
		const struct field *field = way->fields[i];
		bool last = i + 1 == way->length;

		strbuf_printf(text, "\"%s\": %s{%s", field->name,
		              kind_is_list(field->kind) ? "[" : "", last ? "" : id_text(field->of));
		strbuf_printf(path, "%s%s.", field->name, kind_is_list(field->kind) ? "[0]" : "");
	}
	strbuf_printf(text, "%s%s", strcmp(name, "id") == 0 ? "" : id_text(resource), member);
	for (size_t i = way->length; i-- > 0;)
		strbuf_str(text, kind_is_list(way->fields[i]->kind) ? "}]" : "}");
	strbuf_str(text, "}");
	strbuf_str(path, name);
}

static void check_value(const struct resource *resource, const struct field *field,
                        const char *value, bool good)
{
	struct strbuf text = STRBUF_INIT;
	struct strbuf path = STRBUF_INIT;
	struct strbuf member = STRBUF_INIT;
	char part[600];

	strbuf_printf(&member, "\"%s\": %s", field->name, value);
	document_make(&text, &path, resource, member.data, field->name);
	snprintf(part, sizeof(part), ": %s%s: expected ", path.data,
	         strcmp(value, "[[]]") == 0 && kind_is_list(field->kind) ? "[0]" : "");
	if (good)
		assert_reads(text.data);
	else if (!strstr(read_error(text.data, text.length), part))
		fail_msg("%s: %s", text.data, read_error(text.data, text.length));
	strbuf_fini(&text);
	strbuf_fini(&path);
	strbuf_fini(&member);
}

static const char *const good_values[FIELD_KINDS] = {
	[MODE] = "\"list\"",
	[URL] = "\"\"",
	[TEXT] = "\"caf\\u00e9\"",
	[INTEGER] = "-3",
	[BOOLEAN] = "false",
	[DOUBLE] = "-2.5e-3",
	[TIME] = "\"2024-11-15T15:13:18.25Z\"",
	[DATE] = "\"2021-04-29\"",
	[DURATION] = "\"P148DT11H36M25S\"",
	[CLOCK_DURATION] = "\"1 02:03:04\"",
	[LIVE_DURATION] = "\"P0D\"",
	[ELAPSED] = "\"PT9M\"",
	[ONE] = "null",
	[MANY] = "[]",
	[REVERSE] = "[]",
	[REVERSE_ONE] = "null",
};

/* A field that is for paths alone is none of documents. */
static void check_unknown(const struct resource *resource, const struct field *field)
{
	char text[100];
	struct error error = {0};
	struct import *import = import_new(NULL);
	struct strbuf line = STRBUF_INIT;

	snprintf(text, sizeof(text), "{%s\"%s\": null}", id_text(resource), field->name);
	assert_true(import_text(import, resource, "f.json", text, strlen(text), &error));
	assert_true(unknown_fields_line(import_unknown_fields(import), &line));
	assert_non_null(strstr(line.data, field->name));
	strbuf_fini(&line);
	import_free(import);
}

/* Every field of every resource takes a value of its kind and null, and refuses others by its path. */
static void test_every_field(void **state)
{
	static const char *const bad_values[] = {"\"\\u0000\"", "{}", "[[]]", "1.5e300"};
	size_t count = 0;

	(void)state;
	ways_find(&resource_spacecraft_flight);
	for (size_t r = 0; r < resource_count; r++) {
		if (!ways[r].root)
			ways_find(resources[r]);
		documents_of = ways[r].root;
		for (size_t f = 0; f < resources[r]->field_count; f++) {
			const struct field *field = &resources[r]->fields[f];
			bool key = field->kind == KEY;

			if (!field_in_documents(resources[r], field)) {
				check_unknown(resources[r], field);
				continue;
			}
			check_value(resources[r], field, "null", !key);
			if (!key)
				check_value(resources[r], field, good_values[field->kind], true);
			for (size_t i = 0; i < sizeof(bad_values) / sizeof(bad_values[0]); i++)
				if (!(kind_is_one(field->kind) &&
				      strcmp(bad_values[i], "{}") == 0) &&
				    !(field->kind == DOUBLE && bad_values[i][0] == '1'))
					check_value(resources[r], field, bad_values[i], false);
			count++;
		}
	}
	documents_of = &resource_spacecraft_flight;
	assert_true(count > 600);
}

/* Where it is known what documents there must be, their urls may not say otherwise. */
static void test_kind(void **state)
{
	(void)state;
	assert_reads("{\"id\": 1, \"url\": \"https://ll.example/2.3.0/spacecraft_flights/1/\"}");
	assert_refused("[{\"id\": 1}, {\"url\": \"https://ll.example/2.3.0/spacecraft/1/\"}]",
	               "[1].url: expected a document of spacecraft_flights, found spacecraft");
	assert_refused(
		"{\"url\": \"https://ll.example/2.3.0/spacecraft_flights_too/1/\"}",
		"url: expected a document of spacecraft_flights, found spacecraft_flights_too");
	assert_refused(
		"{\"url\": \"spacecraft_flights\"}",
		"url: expected a document of spacecraft_flights, found \"spacecraft_flights\"");
}

/* A list's items may lack everything. */
static void test_missing_fields(void **state)
{
	(void)state;
	assert_reads(IN_LAUNCH("\"mission\": {\"id\": 1, \"info_urls\": [{}, {\"url\": null}]}"));
	assert_reads("{\"id\": 1, \"spacecraft\": {\"id\": 2}}");
}

/* One import takes texts of all kinds, one behind the other. */
static void test_several_texts(void **state)
{
	static const char *const texts[] = {
		"{\"id\": 4}",
		"[{\"id\": 4}]",
		("{\"count\": 77, \"next\": \"http://x/?limit=2\\u0026offset=2\", "
	         "\"previous\": null, \"results\": [{\"id\": 9}, {\"id\": 3}]}"),
		"{\"count\": null, \"results\": []}",
	};
	struct error error = {0};
	struct import *import = import_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_true(import_text(import, &resource_spacecraft_flight, "a", texts[i],
		                        strlen(texts[i]), &error));
	import_free(import);
	import_free(NULL);
}

static char *unknown_of(const char *text, size_t length)
{
	struct error error = {0};
	struct import *import = import_new(NULL);
	struct strbuf line = STRBUF_INIT;

	if (!import_text(import, &resource_spacecraft_flight, "f.json", text, length, &error))
		fail_msg("%s", error.text);
	if (!unknown_fields_line(import_unknown_fields(import), &line))
		strbuf_str(&line, "none");
	import_free(import);
	return strbuf_steal(&line, &length);
}

static void assert_unknown(const char *text, const char *expected)
{
	char *line = unknown_of(text, strlen(text));

	assert_string_equal(line, expected);
	free(line);
}

static void test_unknown_fields(void **state)
{
	(void)state;
	assert_unknown("{\"id\": 1}", "none");
	assert_unknown(
		"{\"results\": [{\"id\": 1, \"foo\": [{\"id\": {}}], \"launch\": {\"id\": " UUID
		", \"bar\": 1}}, {\"launch_crew\": [{\"id\": 1, \"x\": \"\\u0000\"}, {\"id\": 2, "
		"\"x\": 1e99}], \"id\": 2, \"foo\": 12345678901234567890}], \"took\": 5}",
		"unknown fields were left out: foo \xc3\x97 2, launch.bar \xc3\x97 1, "
		"launch_crew[].x \xc3\x97 2, took \xc3\x97 1");
	assert_unknown("{\"id\": 1, \"\\u001b[31m\\u007f\": 1, \"\": 2}",
	               "unknown fields were left out: ?[31m? \xc3\x97 1,  \xc3\x97 1");
}

/* However many they are, the line stays short and no occurrence is lost. */
static void test_many_unknown_fields(void **state)
{
	struct strbuf text = STRBUF_INIT;
	char *line;
	const char *at;
	size_t total = 0;

	(void)state;
	strbuf_str(&text, "{\"id\": 1");
	for (int i = 0; i < 5000; i++)
		strbuf_printf(&text, ", \"%04d%0*d\": null", i, i < 50 ? 6 : 2000, 0);
	strbuf_str(&text, "}");
	line = unknown_of(text.data, text.length);
	assert_true(strlen(line) < 2000);
	for (at = strstr(line, "\xc3\x97 "); at; at = strstr(at + 1, "\xc3\x97 "))
		total += strtoul(at + 3, NULL, 10);
	at = strstr(line, " and ");
	assert_non_null(at);
	total += strtoul(at + 5, NULL, 10);
	assert_int_equal(total, 5000);
	free(line);
	strbuf_fini(&text);
}

/* Values that an error shows are cut; the message stays one line that can be read. */
static void test_long_values(void **state)
{
	struct strbuf text = STRBUF_INIT;
	const char *error;

	(void)state;
	strbuf_str(&text, "{\"id\": \"");
	for (int i = 0; i < 100000; i++)
		strbuf_str(&text, "\xc3\xa9");
	strbuf_str(&text, "\"}");
	error = read_error(text.data, text.length);
	assert_true(strlen(error) < 200);
	assert_non_null(strstr(error, "id: expected an integer of 64 bits, found \"\xc3\xa9"));
	assert_non_null(strstr(error, "\xc3\xa9..."));
	strbuf_fini(&text);
}

#define DOCKED "\"docking_events\": [{\"id\": 1, \"flight_vehicle_target\": {\"id\": 1, "

/* A flight that is docked to a flight, so many times. */
static void docked_flights(struct strbuf *text, int levels, const char *last)
{
	strbuf_str(text, "{\"id\": 1, ");
	for (int i = 0; i < levels; i++)
		strbuf_str(text, DOCKED);
	strbuf_str(text, last);
	for (int i = 0; i < levels; i++)
		strbuf_str(text, "}}]");
	strbuf_str(text, "}");
}

/* The middle of a long path is left out; what is nested deeper than any document is refused. */
static void test_long_paths(void **state)
{
	struct strbuf text = STRBUF_INIT;
	const char *error;

	(void)state;
	docked_flights(&text, 30, "\"destination\": 5");
	error = read_error(text.data, text.length);
	assert_true(strlen(error) < 600);
	assert_non_null(strstr(error, "f.json: docking_events[0].flight_vehicle_target.docking"));
	assert_non_null(strstr(error, "target.destination: expected text without NUL"));
	strbuf_reset(&text);
	docked_flights(&text, 40, "\"destination\": \"x\"");
	error = read_error(text.data, text.length);
	assert_non_null(strstr(error, ": expected no more than 100 levels of nesting, found "));
	strbuf_fini(&text);
}

static void assert_bomb(const char *piece)
{
	struct strbuf text = STRBUF_INIT;
	const char *error;

	strbuf_str(&text, "{");
	for (int i = 0; i < 300000; i++)
		strbuf_str(&text, piece);
	error = read_error(text.data, text.length);
	if (!strstr(error, "f.json:1:") || !strstr(error, "maximum parsing depth reached near "))
		fail_msg("%s: %s", piece, error);
	strbuf_fini(&text);
}

static void test_bombs(void **state)
{
	struct strbuf text = STRBUF_INIT;

	(void)state;
	assert_bomb("\"foo\": {");
	assert_bomb("\"launch\": {");
	assert_bomb("\"id\": 1, \"docking_events\": [{\"id\": 1, \"flight_vehicle_target\": {");
	strbuf_str(&text, "{\"id\": 1, \"foo\": ");
	for (int i = 0; i < 1000000; i++)
		strbuf_char(&text, '[');
	assert_string_equal(read_error(text.data, text.length),
	                    "f.json:1:2065: maximum parsing depth reached near '['");
	strbuf_fini(&text);
}

/* Much of everything: a long text, a list of a million items, a hundred thousand flights. */
static void test_large(void **state)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = {0};
	struct import *import = import_new(NULL);

	(void)state;
	strbuf_str(&text, "[{\"id\": 0, \"destination\": \"");
	for (int i = 0; i < 1000000; i++)
		strbuf_str(&text, "0123456789");
	strbuf_str(&text, "\\n\", \"launch_crew\": [{\"id\": 1}");
	for (int i = 0; i < 1000000; i++)
		strbuf_str(&text, ",{\"id\": 1}");
	strbuf_str(&text, "]}");
	for (int i = 1; i < 100000; i++)
		strbuf_printf(&text, ",{\"id\": %d}", i);
	strbuf_str(&text, "]");
	assert_true(import_text(import, &resource_spacecraft_flight, "f.json", text.data,
	                        text.length, &error));
	import_free(import);
	strbuf_fini(&text);
}

/* Every document cut off anywhere is refused, and nothing is read beyond its end. */
static void test_cut_off(void **state)
{
	static const char text[] = "{\"count\": 1, \"results\": [{\"id\": 1, \"mission_end\": "
				   "\"2024-11-15T15:13:18Z\", \"launch\": "
				   "{\"id\": " UUID ", \"mission\": {\"id\": 1, \"vid_urls\": "
				   "[{\"live\": true, \"title\": \"a\\n\"}]}}, "
				   "\"foo\": {\"a\": [1.5]}}]}";

	(void)state;
	assert_reads(text);
	for (size_t length = 0; length + 1 < sizeof(text); length++) {
		char *copy = malloc(length ? length : 1);

		assert_non_null(copy);
		memcpy(copy, text, length);
		if (read_error(copy, length)[0] == '\0')
			fail_msg("taken: %.*s", (int)length, text);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents),      cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_texts),          cmocka_unit_test(test_values),
		cmocka_unit_test(test_ranges),         cmocka_unit_test(test_ids),
		cmocka_unit_test(test_every_field),    cmocka_unit_test(test_kind),
		cmocka_unit_test(test_missing_fields), cmocka_unit_test(test_several_texts),
		cmocka_unit_test(test_unknown_fields), cmocka_unit_test(test_many_unknown_fields),
		cmocka_unit_test(test_long_values),    cmocka_unit_test(test_long_paths),
		cmocka_unit_test(test_bombs),          cmocka_unit_test(test_large),
		cmocka_unit_test(test_cut_off),        cmocka_unit_test(test_several_values),
	};

	return RUN_TESTS("import reading", tests, NULL, NULL);
}
