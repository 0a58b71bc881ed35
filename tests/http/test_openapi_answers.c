/* Every kind of answer against the server's own OpenAPI document, by a validator that is not ours
   (tests/tools/validate-answers.py); and that this validator finds what is wrong. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/fixture.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define ONE LIST "{id}/"
#define CRAFT_LIST "/2.3.0/spacecraft/"
#define CRAFT CRAFT_LIST "{id}/"
#define THROTTLE "/2.3.0/api-throttle/"

static int setup(void **state)
{
	set_up_samples(state);
	server_start(&server, database.conninfo, NULL);
	return 0;
}

static const struct {
	const char *path; /* as the document names it */
	const char *target;
	const char *accept;
	long status;
} requests[] = {
	{LIST, LIST, NULL, 200},
	{LIST, LIST "?limit=100", NULL, 200},
	{LIST, LIST "?limit=100&mode=detailed", NULL, 200},
	{LIST, LIST "?limit=2&offset=3&format=json", NULL, 200},
	{LIST, LIST "?search=nothing-has-this-name", NULL, 200},
	{LIST, LIST "?offset=1000", NULL, 200},
	{LIST, LIST "?spacecraft=abc", NULL, 400},
	{LIST, LIST "?spacecraft=%00", NULL, 400},
	{LIST, LIST "?search=%00", NULL, 400},
	{LIST, LIST "?format=xml", NULL, 404},
	{LIST, LIST, "Accept: text/plain", 406},
	{ONE, LIST "864/", NULL, 200},
	{ONE, LIST "840/", NULL, 200},
	{ONE, LIST "1/", NULL, 404},
	{ONE, LIST "abc/", NULL, 404},
	{ONE, LIST "864/?spacecraft=x", NULL, 400},
	{ONE, LIST "864/", "Accept: image/png", 406},
	{ONE, LIST "864/?search=nothing-has-this-name", NULL, 404},
	{CRAFT_LIST, CRAFT_LIST, NULL, 200},
	{CRAFT_LIST, CRAFT_LIST "?limit=100", NULL, 200},
	{CRAFT_LIST, CRAFT_LIST "?limit=100&mode=detailed", NULL, 200},
	{CRAFT_LIST, CRAFT_LIST "?in_space=true&ordering=-time_in_space&search=dragon", NULL, 200},
	{CRAFT_LIST, CRAFT_LIST "?in_space=maybe&offset=1000", NULL, 200},
	{CRAFT_LIST, CRAFT_LIST "?status=999999&spacecraft_config=x&name=%00", NULL, 400},
	{CRAFT_LIST, CRAFT_LIST "?search=%00", NULL, 400},
	{CRAFT_LIST, CRAFT_LIST "?format=xml", NULL, 404},
	{CRAFT_LIST, CRAFT_LIST, "Accept: text/plain", 406},
	{CRAFT, CRAFT_LIST "289/", NULL, 200},
	{CRAFT, CRAFT_LIST "289/?mode=normal", NULL, 200},
	{CRAFT, CRAFT_LIST "999999/", NULL, 404},
	{CRAFT, CRAFT_LIST "289/?name=nothing", NULL, 404},
	{CRAFT, CRAFT_LIST "abc/", NULL, 404},
	{CRAFT, CRAFT_LIST "289/?status=x", NULL, 400},
	{CRAFT, CRAFT_LIST "289/", "Accept: image/png", 406},
	{THROTTLE, THROTTLE, NULL, 200},
	{THROTTLE, THROTTLE "?format=xml", NULL, 404},
};

static void add_line(struct strbuf *lines, const char *path, long status, const char *body)
{
	strbuf_printf(lines, "[\"%s\",%ld,%s]\n", path, status, body);
}

static void add_document(struct strbuf *lines)
{
	struct answer answer;

	http_get(&server, "/2.3.0/schema/", NULL, &answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer_header(&answer, "Content-Type"), "application/json");
	strbuf_add(lines, answer.body, answer.body_length);
	strbuf_char(lines, '\n');
	answer_fini(&answer);
}

static void add_answer(struct strbuf *lines, size_t number)
{
	const char *headers[] = {requests[number].accept, NULL};
	struct answer answer;

	http_get(&server, requests[number].target, headers, &answer);
	if (answer.status != requests[number].status)
		fail_msg("%s: %ld", requests[number].target, answer.status);
	add_line(lines, requests[number].path, answer.status, answer.body);
	answer_fini(&answer);
}

/* What the validator says of the lines; new. */
static char *validate(const struct strbuf *lines, int status)
{
	struct process process;
	struct output output;
	char *out;

	process_start(&process, WORDS("tests/tools/validate-answers.py"), lines->data,
	              lines->length);
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != status)
		fail_msg("%s%s", output.out, output.err);
	out = strdup(output.out);
	assert_non_null(out);
	output_fini(&output);
	return out;
}

static void test_answers(void **state)
{
	const size_t count = sizeof(requests) / sizeof(requests[0]);
	struct strbuf lines = STRBUF_INIT;
	char expected[32];
	char *said;

	(void)state;
	add_document(&lines);
	for (size_t i = 0; i < count; i++)
		add_answer(&lines, i);
	snprintf(expected, sizeof(expected), "%zu answers\n", count);
	said = validate(&lines, 0);
	assert_string_equal(said, expected);
	free(said);
	strbuf_fini(&lines);
}

/* An answer of a server with one more setting: the first or, after one that counts, the second. */
static void add_refusal(struct strbuf *lines, const char *setting, const char *method, long status)
{
	struct test_server other;
	struct wire wire;
	struct reply reply;

	server_start(&other, database.conninfo, (const char *const[]){setting, NULL});
	for (int i = 0; i < 2; i++) {
		wire_open(&wire, other.port);
		wire_ask(&wire, method, LIST, "Host: ll.example.org\r\n");
		wire_read(&wire, false, &reply);
		wire_close(&wire);
		if (i > 0) {
			assert_int_equal(reply.status, status);
			add_line(lines, LIST, status, reply.body);
			add_line(lines, ONE, status, reply.body);
		}
		reply_fini(&reply);
	}
	server_stop(&other, NULL);
}

static void test_refusals(void **state)
{
	struct strbuf lines = STRBUF_INIT;
	char *said;

	(void)state;
	add_document(&lines);
	add_refusal(&lines, "throttle.rate=1/day", "GET", 429);
	add_refusal(&lines, "database.conninfo=host=/nowhere", "GET", 503);
	add_refusal(&lines, "log.level=error", "POST", 405);
	said = validate(&lines, 0);
	assert_string_equal(said, "6 answers\n");
	free(said);
	strbuf_fini(&lines);
}

/* Each field of an answer in turn gets a value that no schema allows. */
static void assert_found(const char *path, long status, const char *body)
{
	struct strbuf lines = STRBUF_INIT;

	add_document(&lines);
	add_line(&lines, path, status, body);
	free(validate(&lines, 1));
	strbuf_fini(&lines);
}

static void test_validator_finds(void **state)
{
	struct answer answer;
	json_t *flight;
	char *text;

	(void)state;
	assert_found(LIST, 200, "{\"count\":1,\"next\":null,\"previous\":null,\"results\":[{}]}");
	assert_found(LIST, 200, "{\"count\":null,\"next\":null,\"previous\":null,\"results\":[]}");
	assert_found(LIST, 404, "{\"error\":\"x\"}");
	assert_found(LIST, 400, "{\"spacecraft\":\"x\"}");
	assert_found(LIST, 400, "{}");
	assert_found(CRAFT_LIST, 400, "{\"in_space\":[\"x\"]}");
	assert_found(CRAFT, 200, "{\"response_mode\":\"detailed\",\"id\":1}");
	http_get(&server, LIST "864/", NULL, &answer);
	flight = json_loadb(answer.body, answer.body_length, 0, NULL);
	assert_non_null(flight);
	json_object_set_new(json_object_get(json_object_get(flight, "launch"), "pad"), "latitude",
	                    json_string("19.6"));
	text = json_dumps(flight, JSON_COMPACT);
	assert_found(ONE, 200, text);
	free(text);
	json_object_set_new(json_object_get(json_object_get(flight, "launch"), "pad"), "latitude",
	                    json_real(19.6));
	json_object_set_new(flight, "mission_end", json_string("yesterday"));
	text = json_dumps(flight, JSON_COMPACT);
	assert_found(ONE, 200, text);
	free(text);
	json_decref(flight);
	answer_fini(&answer);
}

/* --- The examples of errors are what clients get. --- */

static json_t *get_json(const char *target, const char *accept)
{
	const char *headers[] = {accept, NULL};
	struct answer answer;
	json_t *value;

	http_get(&server, target, headers, &answer);
	value = json_loadb(answer.body, answer.body_length, 0, NULL);
	assert_non_null(value);
	answer_fini(&answer);
	return value;
}

/* Borrowed. */
static const json_t *example_of(const json_t *document, const char *path, const char *status)
{
	json_t *response = json_object_get(json_object_get(document, "paths"), path);
	const char *reference;

	response = json_object_get(json_object_get(response, "get"), "responses");
	response = json_object_get(response, status);
	reference = json_string_value(json_object_get(response, "$ref"));
	if (reference) {
		response = json_object_get(json_object_get(document, "components"), "responses");
		response = json_object_get(response, strrchr(reference, '/') + 1);
	}
	response = json_object_get(json_object_get(response, "content"), "application/json");
	return json_object_get(response, "example");
}

static void test_examples(void **state)
{
	static const struct {
		const char *path, *target, *accept, *status;
	} errors[] = {
		{LIST, LIST "?spacecraft=abc", NULL, "400"},
		{LIST, LIST "?format=xml", NULL, "404"},
		{LIST, LIST, "Accept: text/plain", "406"},
		{ONE, LIST "1/", NULL, "404"},
		{CRAFT_LIST, CRAFT_LIST "?spacecraft_config=x", NULL, "400"},
		{CRAFT, CRAFT_LIST "999999/", NULL, "404"},
	};
	json_t *document = get_json("/2.3.0/schema/", NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		json_t *body = get_json(errors[i].target, errors[i].accept);

		if (!json_equal(example_of(document, errors[i].path, errors[i].status), body))
			fail_msg("%s is not as in its example", errors[i].target);
		json_decref(body);
	}
	json_decref(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_validator_finds),
		cmocka_unit_test(test_examples),
	};

	return RUN_TESTS("openapi_answers", tests, setup, tear_down);
}
