/* What is in monitoring/ fits the server: promtool reads the alerts and finds each of them fire, every query of the
   dashboard has an answer over the series that a server has, and no metric is named that there is not. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/flights.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/postgres.h"
#include "support/server.h"
#include "support/temporary.h"
#include "support/watching.h"
#include "support/wire.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define ALERTS "monitoring/alerts.yml"
#define ALERT_TESTS "monitoring/alerts.test.yml"
#define DASHBOARD "monitoring/dashboard.json"

static struct test_database database;
static char directory[TEMPORARY_SIZE];
static char *metrics; /* of a server that has answered, and is to sync */

static void promtool(const char *const words[])
{
	struct process process;
	struct output output;

	process_start(&process, words, NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != 0)
		fail_msg("%s %s: %d: %s%s", words[1], words[2], output.status, output.out,
		         output.err);
	output_fini(&output);
}

static char *file_read(const char *path)
{
	struct strbuf text = STRBUF_INIT;
	char part[4096];
	size_t length;
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	while ((length = fread(part, 1, sizeof(part), file)) > 0)
		strbuf_add(&text, part, length);
	fclose(file);
	return strbuf_steal(&text, &length);
}

/* --- Alerts. --- */

/* The word behind each `start` in a text, up to one of `end`. */
static bool next_word(const char **text, const char *start, const char *end, char word[static 128])
{
	const char *at = strstr(*text, start);

	if (!at)
		return false;
	at += strlen(start);
	snprintf(word, 128, "%.*s", (int)strcspn(at, end), at);
	*text = at;
	return true;
}

static void test_alerts(void **state)
{
	char *alerts = file_read(ALERTS), *tests = file_read(ALERT_TESTS);
	const char *at = alerts;
	char name[128], tested[192];
	int count = 0;

	(void)state;
	promtool(WORDS("tests/tools/promtool", "check", "rules", ALERTS));
	promtool(WORDS("tests/tools/promtool", "test", "rules", ALERT_TESTS));
	for (; next_word(&at, "- alert: ", "\n", name); count++) {
		/* Across lines: with what it is expected to say. */
		snprintf(tested, sizeof(tested), "- alertname: %s\n        eval_time: ", name);
		if (!strstr(tests, tested))
			fail_msg("%s is not tested", name);
	}
	assert_true(count >= 10);
	free(alerts);
	free(tests);
}

static void assert_has_metric(const char *name)
{
	char line[160];

	snprintf(line, sizeof(line), "\n%s{", name);
	if (strstr(metrics, line))
		return;
	snprintf(line, sizeof(line), "\n%s ", name);
	if (!strstr(metrics, line))
		fail_msg("a server has no %s", name);
}

/* Those that the tests of the alerts make up are there. */
static void test_alerts_name_metrics(void **state)
{
	char *tests = file_read(ALERT_TESTS);
	const char *at = tests;
	char name[128];
	int count = 0;

	(void)state;
	for (; next_word(&at, "series: '", "{", name); count++)
		if (strcmp(name, "up") != 0) /* Prometheus' own */
			assert_has_metric(name);
	assert_true(count >= 20);
	free(tests);
}

/* --- The dashboard. --- */

static void replace_all(struct strbuf *text, const char *from, const char *to)
{
	struct strbuf new = STRBUF_INIT;
	const char *rest = text->data, *found;

	for (; (found = strstr(rest, from)); rest = found + strlen(from)) {
		strbuf_add(&new, rest, (size_t)(found - rest));
		strbuf_str(&new, to);
	}
	strbuf_str(&new, rest);
	strbuf_fini(text);
	*text = new;
}

/* A series for each sample, with the labels that Prometheus adds, counting up. */
static json_t *make_series(void)
{
	json_t *all = json_array();
	char *copy = strdup(metrics), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *value = strrchr(line, ' ');
		struct strbuf series = STRBUF_INIT;

		if (line[0] == '#' || !value)
			continue;
		*value = '\0';
		if (value[-1] == '}')
			value[-1] = '\0';
		strbuf_printf(&series, "%s%sinstance=\"a\",job=\"spacecraft-flights\"}", line,
		              strchr(line, '{') ? "," : "{");
		json_array_append_new(
			all, json_pack("{s:s, s:s}", "series", series.data, "values", "0+1x200"));
		strbuf_fini(&series);
	}
	free(copy);
	return all;
}

/* That a query of the dashboard has an answer. */
static json_t *make_expectation(const char *query)
{
	struct strbuf expression = STRBUF_INIT;
	json_t *test;

	strbuf_printf(&expression, "count(%s) > bool 0", query);
	replace_all(&expression, "$__rate_interval", "5m");
	replace_all(&expression, "$instance", ".*");
	test = json_pack("{s:s, s:s, s:[{s:s, s:i}]}", "expr", expression.data, "eval_time", "60m",
	                 "exp_samples", "labels", "{}", "value", 1);
	assert_non_null(test);
	strbuf_fini(&expression);
	return test;
}

/* Adds those of one panel, which is well-formed. */
static void add_expectations(json_t *expectations, const json_t *panel)
{
	const json_t *targets = json_object_get(panel, "targets"), *target;
	size_t i;

	assert_true(json_string_length(json_object_get(panel, "title")) > 0);
	assert_true(json_is_object(json_object_get(panel, "gridPos")));
	if (strcmp(json_string_value(json_object_get(panel, "type")), "row") == 0)
		return;
	assert_true(json_array_size(targets) > 0);
	json_array_foreach(targets, i, target)
	{
		const char *source = json_string_value(
			json_object_get(json_object_get(target, "datasource"), "uid"));

		assert_string_equal(source, "${datasource}");
		json_array_append_new(expectations, make_expectation(json_string_value(
							    json_object_get(target, "expr"))));
	}
}

static json_t *read_dashboard(void)
{
	json_error_t error;
	json_t *dashboard = json_load_file(DASHBOARD, JSON_REJECT_DUPLICATES, &error);

	if (!dashboard)
		fail_msg("%s: %s", DASHBOARD, error.text);
	assert_string_equal(json_string_value(json_object_get(dashboard, "uid")),
	                    "spacecraft-flights");
	assert_true(json_integer_value(json_object_get(dashboard, "schemaVersion")) > 0);
	return dashboard;
}

static void test_dashboard(void **state)
{
	json_t *dashboard = read_dashboard(), *expectations = json_array(), *panel, *file;
	bool seen[256] = {false};
	char path[TEMPORARY_SIZE + 32];
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(dashboard, "panels"), i, panel)
	{
		json_int_t id = json_integer_value(json_object_get(panel, "id"));

		assert_in_range(id, 1, 255);
		assert_false(seen[id]);
		seen[id] = true;
		add_expectations(expectations, panel);
	}
	assert_true(json_array_size(expectations) >= 30);
	/* JSON is YAML. */
	file = json_pack("{s:[], s:s, s:[{s:s, s:o, s:o}]}", "rule_files", "evaluation_interval",
	                 "30s", "tests", "interval", "30s", "input_series", make_series(),
	                 "promql_expr_test", expectations);
	assert_non_null(file);
	snprintf(path, sizeof(path), "%s/dashboard.test.yml", directory);
	assert_int_equal(json_dump_file(file, path, JSON_INDENT(1)), 0);
	promtool(WORDS("tests/tools/promtool", "test", "rules", path));
	json_decref(file);
	json_decref(dashboard);
}

/* --- The server. --- */

static bool knows_its_age(void *wire)
{
	struct reply reply;
	bool known;

	watch_ask(wire, "/metrics", "", &reply);
	known = strstr(reply.body, "\nsync_good_until_timestamp_seconds{") != NULL;
	reply_fini(&reply);
	return known;
}

static int set_up(void **state)
{
	struct test_server server;
	struct reply reply;
	struct wire wire;
	char upstream[64];

	(void)state;
	temporary_directory(directory, "dashboard");
	flights_database_init(&database);
	snprintf(upstream, sizeof(upstream), "sync.upstream=http://127.0.0.1:%d", port_reserve());
	server_start(&server, database.conninfo, WORDS(upstream, "sync.interval=3600"));
	wire_open(&wire, server.port);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&wire, LIST, NULL}, 10));
	assert_true(poll_until(knows_its_age, &wire, 10));
	watch_ask(&wire, "/metrics", "", &reply);
	metrics = strdup(reply.body);
	assert_non_null(metrics);
	reply_fini(&reply);
	wire_close(&wire);
	server_stop(&server, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(metrics);
	temporary_remove(directory);
	test_database_fini(&database);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alerts),
		cmocka_unit_test(test_alerts_name_metrics),
		cmocka_unit_test(test_dashboard),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests_name("dashboard", tests, set_up, tear_down);
}
