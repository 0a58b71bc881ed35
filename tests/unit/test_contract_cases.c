/* All cases of the contract, decided over its flights as a list in memory: status, type, location,
   bodies of refusals, links and urls. */
#include <jansson.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/decision.h"
#include "protocol/pagination.h"
#include "protocol/error_body.h"
#include "serializer/json_text.h"
#include "support/cmocka.h"

struct flight {
	int64_t id, spacecraft;
};

static struct flight *flights;
static size_t flight_count;

static int load_flights(void **state)
{
	json_error_t error;
	json_t *rows = json_load_file("tests/data/http-rows.json", 0, &error);

	(void)state;
	assert_non_null(rows);
	flight_count = json_array_size(rows);
	flights = calloc(flight_count, sizeof(*flights));
	assert_non_null(flights);
	for (size_t i = 0; i < flight_count; i++) {
		json_t *row = json_array_get(rows, i);

		flights[i] = (struct flight){json_integer_value(json_array_get(row, 0)),
		                             json_integer_value(json_array_get(row, 1))};
	}
	json_decref(rows);
	return 0;
}

static int free_flights(void **state)
{
	(void)state;
	free(flights);
	return 0;
}

static bool spacecraft_exists(int64_t id)
{
	for (size_t i = 0; i < flight_count; i++)
		if (flights[i].spacecraft == id)
			return true;
	return false;
}

static bool passes_filter(const struct query *query, const struct flight *flight)
{
	return query->condition_count == 0 ||
	       flight->spacecraft == (int64_t)query->conditions[0].key.low;
}

static bool flight_exists(const struct decision *decision)
{
	for (size_t i = 0; i < flight_count; i++)
		if (flights[i].id == (int64_t)decision->key.low &&
		    passes_filter(&decision->query, &flights[i]))
			return true;
	return false;
}

/* What the database would have said. */
static void decide_by_data(struct decision *decision)
{
	const struct query *query = &decision->query;
	size_t unknown[] = {query->condition_count > 0 &&
	                    !spacecraft_exists((int64_t)query->conditions[0].key.low)};
	struct findings findings = {
		.unknown_choice = unknown,
		.row_missing = decision->route == ROUTE_ROW && !flight_exists(decision),
	};

	if (decision->needs_data)
		decision_conclude(decision, &findings);
}

static const char *header_of(const json_t *headers, const char *name)
{
	size_t index;
	const json_t *header;

	json_array_foreach(
		headers, index,
		header) if (strcasecmp(json_string_value(json_array_get(header, 0)), name) ==
	                    0) return json_string_value(json_array_get(header, 1));
	return NULL;
}

static void decide_case(const json_t *one, struct arena *arena, struct decision *decision)
{
	static const struct networks nobody = {NULL, 0};
	static const struct sockaddr_in peer = {.sin_family = AF_INET};
	static const struct decision_rules rules = {
		.allowed_hosts = "*",
		.public_url = "",
		.upstream = "https://upstream.example",
	};
	const json_t *headers = json_object_get(one, "headers");
	const struct forwarded forwarded = {.proto = header_of(headers, "X-Forwarded-Proto")};
	const struct request request = {
		.method = json_string_value(json_object_get(one, "method")),
		.target = text_of(json_string_value(json_object_get(one, "target"))),
		.host = header_of(headers, "Host"),
		.accept = header_of(headers, "Accept"),
		.client = client_of((const struct sockaddr *)&peer, &nobody, &forwarded),
	};

	decide(decision, &request, &rules, arena);
	decide_by_data(decision);
}

static const char *content_type(const struct decision *decision)
{
	switch (decision_rows[decision->kind].form) {
	case FORM_PAGE:
		return "text/html";
	case FORM_EMPTY:
		return "text/html; charset=utf-8";
	default:
		return decision->negotiation.renderer == RENDERER_HTML ? "text/html; charset=utf-8"
		                                                       : "application/json";
	}
}

static void write_refusal(struct strbuf *out, const struct decision *decision)
{
	struct strbuf compact = STRBUF_INIT;

	error_body_write(&compact, decision);
	if (decision->negotiation.indent > 0)
		text_write_indented(out, compact.data, compact.length,
		                    decision->negotiation.indent);
	else
		strbuf_add(out, compact.data, compact.length);
	strbuf_fini(&compact);
}

static void assert_body(const struct decision *decision, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	write_refusal(&out, decision);
	assert_string_equal(out.data, expected);
	strbuf_fini(&out);
}

static void assert_link(const json_t *expected, struct strbuf *out, bool there)
{
	assert_int_equal(json_is_string(expected), there);
	if (there)
		assert_string_equal(out->data, json_string_value(expected));
	strbuf_reset(out);
}

static void assert_url(const struct decision *decision, int64_t id, const json_t *expected)
{
	char url[200];

	snprintf(url, sizeof(url), "%.*s/2.3.0/spacecraft_flights/%lld/%s",
	         (int)decision->link.base.length, decision->link.base.data, (long long)id,
	         query_url_suffix(&decision->query));
	assert_string_equal(url, json_string_value(expected));
}

static void assert_page(const struct decision *decision, const json_t *page)
{
	const struct query *query = &decision->query;
	const json_t *urls = json_object_get(page, "urls");
	struct strbuf out = STRBUF_INIT;
	int64_t count = 0;
	size_t shown = 0;

	for (size_t i = 0; i < flight_count; i++) {
		if (!passes_filter(query, &flights[i]))
			continue;
		if (count >= query->offset && count < query->offset + query->limit)
			assert_url(decision, flights[i].id, json_array_get(urls, shown++));
		count++;
	}
	assert_int_equal(shown, json_array_size(urls));
	assert_int_equal(count, json_integer_value(json_object_get(page, "count")));
	assert_link(json_object_get(page, "next"), &out,
	            pagination_write_next(&out, &decision->link, query, count));
	assert_link(json_object_get(page, "previous"), &out,
	            pagination_write_previous(&out, &decision->link, query));
	strbuf_fini(&out);
}

static void assert_headers(const struct decision *decision, const json_t *expect)
{
	const json_t *location = json_object_get(expect, "location");
	const json_t *type = json_object_get(expect, "content-type");
	enum decision_form form = decision_rows[decision->kind].form;

	assert_true(type != NULL);
	assert_string_equal(content_type(decision), json_string_value(type));
	if (json_object_get(expect, "vary"))
		assert_true(form >= FORM_DETAIL);
	if (json_object_get(expect, "allow"))
		assert_true(form >= FORM_DETAIL);
	assert_int_equal(location != NULL, decision->location != NULL);
	if (location)
		assert_string_equal(decision->location, json_string_value(location));
}

static void run_case(const json_t *one)
{
	const char *name = json_string_value(json_object_get(one, "name"));
	const json_t *expect = json_object_get(one, "expect");
	const json_t *page = json_object_get(expect, "page");
	const json_t *document = json_object_get(expect, "document");
	const json_t *body = json_object_get(expect, "body");
	int status = (int)json_integer_value(json_object_get(expect, "status"));
	struct decision decision;
	struct arena arena;

	arena_init(&arena);
	decide_case(one, &arena, &decision);
	if (decision_rows[decision.kind].status != status)
		fail_msg("%s: %d, not %d", name, decision_rows[decision.kind].status, status);
	assert_headers(&decision, expect);
	if (body)
		assert_body(&decision, json_string_value(body));
	if (page)
		assert_page(&decision, page);
	if (document) {
		assert_int_equal((int64_t)decision.key.low,
		                 json_integer_value(json_object_get(document, "id")));
		assert_url(&decision, (int64_t)decision.key.low, json_object_get(document, "url"));
	}
	if (page || document)
		assert_int_equal(decision.negotiation.indent,
		                 json_integer_value(json_object_get(expect, "indented")));
	arena_fini(&arena);
}

static void test_cases(void **state)
{
	FILE *file = fopen("tests/data/http-cases.jsonl", "r");
	char *line = NULL;
	size_t size = 0, count = 0;

	(void)state;
	assert_non_null(file);
	while (getline(&line, &size, file) > 0) {
		json_error_t error;
		json_t *one = json_loads(line, JSON_ALLOW_NUL, &error);

		assert_non_null(one);
		print_message("%s\n", json_string_value(json_object_get(one, "name")));
		run_case(one);
		json_decref(one);
		count++;
	}
	assert_int_equal(count, 168);
	free(line);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return RUN_TESTS("contract_cases", tests, load_flights, free_flights);
}
