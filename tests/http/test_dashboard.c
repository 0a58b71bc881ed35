/* What is in monitoring/ fits the server: promtool reads the alerts and finds each of them fire, no metric is named that
   there is not, and a Prometheus that scrapes a server takes the alerts, has none of them fire, and has an answer to
   every query of the dashboard. */
#include <curl/curl.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/fake_list.h"
#include "support/fake_upstream.h"
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
static struct fake_upstream *upstream;
static struct test_server server;
static char *metrics; /* of the server, which has answered and synced */
static struct process prometheus;
static int prometheus_port;

static void promtool(const char *const words[])
{
	struct process process;
	struct output output;

	process_start(&process, words, NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != 0)
		fail_msg("%s %s: %d: %s%s", words[2], words[3], output.status, output.out,
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
	promtool(WORDS("tests/tools/prometheus", "promtool", "check", "rules", ALERTS));
	promtool(WORDS("tests/tools/prometheus", "promtool", "test", "rules", ALERT_TESTS));
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

/* What Prometheus' API answers as `data`; new. NULL: it does not take connections yet. */
static json_t *prometheus_ask(const char *target)
{
	struct test_server api = {.port = prometheus_port};
	struct answer answer;
	json_t *json, *data;

	if (!server_takes_connections(&api))
		return NULL;
	snprintf(api.url, sizeof(api.url), "http://127.0.0.1:%d", prometheus_port);
	http_get(&api, target, NULL, &answer);
	json = json_loads(answer.body, 0, NULL);
	data = json_incref(json_object_get(json, "data"));
	if (answer.status != 200 && answer.status != 503)
		fail_msg("%s: %ld %s", target, answer.status, answer.body);
	json_decref(json);
	answer_fini(&answer);
	return data;
}

/* For poll_until: whether a query has a series. */
static bool has_result(void *query)
{
	char *escaped = curl_easy_escape(NULL, query, 0);
	struct strbuf target = STRBUF_INIT;
	json_t *data;
	bool has;

	strbuf_printf(&target, "/api/v1/query?query=%s", escaped);
	data = prometheus_ask(target.data);
	has = json_array_size(json_object_get(data, "result")) > 0;
	json_decref(data);
	strbuf_fini(&target);
	curl_free(escaped);
	return has;
}

/* That the queries of one panel, which is well-formed, have answers; their number. */
static size_t assert_answers(const json_t *panel)
{
	const json_t *targets = json_object_get(panel, "targets"), *target;
	const char *title = json_string_value(json_object_get(panel, "title"));
	size_t i;

	assert_non_null(title);
	assert_true(json_is_object(json_object_get(panel, "gridPos")));
	if (strcmp(json_string_value(json_object_get(panel, "type")), "row") == 0)
		return 0;
	assert_true(json_array_size(targets) > 0);
	json_array_foreach(targets, i, target)
	{
		struct strbuf query = STRBUF_INIT;

		assert_string_equal(json_string_value(json_object_get(
					    json_object_get(target, "datasource"), "uid")),
		                    "${datasource}");
		strbuf_str(&query, json_string_value(json_object_get(target, "expr")));
		replace_all(&query, "$__rate_interval", "1m");
		replace_all(&query, "$instance", ".*");
		if (!poll_until(has_result, query.data, COMMAND_SECONDS))
			fail_msg("%s: no answer to %s", title, query.data);
		strbuf_fini(&query);
	}
	return i;
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
	json_t *dashboard = read_dashboard(), *panel;
	bool seen[256] = {false};
	size_t i, queries = 0;

	(void)state;
	json_array_foreach(json_object_get(dashboard, "panels"), i, panel)
	{
		json_int_t id = json_integer_value(json_object_get(panel, "id"));

		assert_in_range(id, 1, 255);
		assert_false(seen[id]);
		seen[id] = true;
		queries += assert_answers(panel);
	}
	assert_true(queries >= 30);
	json_decref(dashboard);
}

/* For poll_until: whether all alerts were evaluated. None of them may have failed, or fire. */
static bool are_quiet(void *user)
{
	json_t *data = prometheus_ask("/api/v1/rules");
	json_t *rules =
		       json_object_get(json_array_get(json_object_get(data, "groups"), 0), "rules"),
	       *rule;
	size_t i, quiet = 0;

	(void)user;
	json_array_foreach(rules, i, rule)
	{
		const char *name = json_string_value(json_object_get(rule, "name"));
		const char *health = json_string_value(json_object_get(rule, "health"));
		const char *rule_state = json_string_value(json_object_get(rule, "state"));

		if (strcmp(health, "err") == 0 || strcmp(rule_state, "firing") == 0)
			fail_msg("%s: %s, %s", name, health, rule_state);
		quiet += strcmp(health, "ok") == 0;
	}
	json_decref(data);
	return i >= 10 && quiet == i;
}

static void test_rules(void **state)
{
	(void)state;
	assert_true(poll_until(are_quiet, NULL, COMMAND_SECONDS));
}

/* --- The servers. --- */

/* For poll_until: whether a pass is done. */
static bool has_synced(void *wire)
{
	struct reply reply;
	bool has;

	watch_ask(wire, "/metrics", "", &reply);
	has = strstr(reply.body, "\nsync_done_timestamp_seconds{") != NULL &&
	      strstr(reply.body, "\nsync_good_until_timestamp_seconds{") != NULL;
	reply_fini(&reply);
	return has;
}

static void server_set_up(void)
{
	struct reply reply;
	struct wire wire;
	char url[128];

	upstream = fake_upstream_new();
	fake_list_fill(fake_upstream_lock(upstream), 3, "first");
	fake_upstream_unlock(upstream);
	test_database_init_schema(&database);
	snprintf(url, sizeof(url), "sync.upstream=%s", fake_upstream_url(upstream));
	server_start(&server, database.conninfo,
	             WORDS(url, "sync.endpoints=spacecraft_flights", "sync.interval=3600"));
	wire_open(&wire, server.port);
	assert_true(poll_until(has_synced, &wire, COMMAND_SECONDS));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&wire, LIST, NULL}, 10));
	watch_ask(&wire, "/metrics", "", &reply);
	metrics = strdup(reply.body);
	assert_non_null(metrics);
	reply_fini(&reply);
	wire_close(&wire);
}

/* One that scrapes the server every second, with the alerts. */
static void prometheus_set_up(void)
{
	char alerts[PATH_MAX], target[64], file[TEMPORARY_SIZE + 64], store[TEMPORARY_SIZE + 64],
		address[64];
	json_t *settings;

	assert_non_null(realpath(ALERTS, alerts));
	snprintf(target, sizeof(target), "127.0.0.1:%d", server.port);
	/* JSON is YAML. */
	settings = json_pack("{s:{s:s, s:s}, s:[s], s:[{s:s, s:[{s:[s]}]}]}", "global",
	                     "scrape_interval", "1s", "evaluation_interval", "1s", "rule_files",
	                     alerts, "scrape_configs", "job_name", "spacecraft-flights",
	                     "static_configs", "targets", target);
	assert_non_null(settings);
	snprintf(file, sizeof(file), "--config.file=%s/prometheus.yml", directory);
	assert_int_equal(json_dump_file(settings, strchr(file, '/'), 0), 0);
	json_decref(settings);
	prometheus_port = port_reserve();
	snprintf(address, sizeof(address), "--web.listen-address=127.0.0.1:%d", prometheus_port);
	snprintf(store, sizeof(store), "--storage.tsdb.path=%s/prometheus", directory);
	process_start(&prometheus,
	              WORDS("tests/tools/prometheus", "prometheus", file, address, store), NULL, 0);
}

static int set_up(void **state)
{
	(void)state;
	temporary_directory(directory, "dashboard");
	server_set_up();
	prometheus_set_up();
	return 0;
}

static int tear_down(void **state)
{
	struct output output;

	(void)state;
	kill(prometheus.pid, SIGTERM);
	process_wait(&prometheus, COMMAND_SECONDS, &output);
	output_fini(&output);
	server_stop(&server, NULL);
	free(metrics);
	temporary_remove(directory);
	test_database_fini(&database);
	fake_upstream_free(upstream);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alerts),
		cmocka_unit_test(test_alerts_name_metrics),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_dashboard),
	};

	return RUN_TESTS("dashboard", tests, set_up, tear_down);
}
