/* /live and /ready: what they say of the server, its database, the schema and the age of the data while these change;
   and the port for operators. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cluster.h"
#include "support/cmocka.h"
#include "support/fake_upstream.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"

/* What /ready is waited for to say. */
struct expected {
	struct wire *wire;
	int status;
	const char *part;
};

static bool is_said(void *user)
{
	const struct expected *expected = user;
	struct reply reply;
	bool said;

	watch_ask(expected->wire, "/ready", "", &reply);
	said = reply.status == expected->status && strstr(reply.body, expected->part) != NULL;
	reply_fini(&reply);
	return said;
}

static void await_ready(struct wire *wire, int status, const char *part)
{
	struct expected expected = {wire, status, part};
	struct reply reply;

	if (poll_until(is_said, &expected, 20))
		return;
	watch_ask(wire, "/ready", "", &reply);
	fail_msg("not %d with \"%s\" but %d: %s", status, part, reply.status, reply.body);
}

/* The gauge of a check, whose other checks hold. */
static void assert_gauge(struct wire *wire, const char *check, int value)
{
	struct reply reply;
	char line[64];

	snprintf(line, sizeof(line), "\nready{check=\"%s\"} %d\n", check, value);
	watch_ask(wire, "/metrics", "", &reply);
	if (!strstr(reply.body, line))
		fail_msg("no%s in %s", line, reply.body);
	reply_fini(&reply);
	assert_int_equal(watch_metric(wire, "ready"), 3 + value);
}

/* --- Each condition. --- */

static void test_all_holds(void **state)
{
	char expected[128];
	struct reply reply;
	char *version = test_sql(database.conninfo, "SELECT max(version) FROM schema_version");

	(void)state;
	serve(NULL);
	watch_ask(&client, "/live", "", &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, "ok\n");
	reply_fini(&reply);
	await_ready(&client, 200, "database: ok, connected for ");
	watch_ask(&client, "/ready", "", &reply);
	assert_string_equal(reply_header(&reply, "Content-Type"), "text/plain; charset=utf-8");
	assert_ptr_equal(strstr(reply.body, "server: ok, serving\ndatabase: ok, "), reply.body);
	snprintf(expected, sizeof(expected),
	         "\nschema: ok, version %s\n"
	         "data: ok, no age is promised, since sync.interval is 0\n",
	         version);
	assert_non_null(strstr(reply.body, expected));
	assert_null(strstr(reply.body, "FAILED"));
	reply_fini(&reply);
	assert_gauge(&client, "database", 1);
	serve_end(NULL);
	free(version);
}

/* The reason is in the log, and in the answer to operators alone: it names hosts and roles. */
static void test_database_away(void **state)
{
	char setting[64];
	struct wire operators;
	int port = port_reserve();

	(void)state;
	serve(NULL);
	await_ready(&client, 200, "database: ok");
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	cluster_stop();
	await_ready(&client, 503, "database: FAILED: no connection for ");
	await_ready(&client, 503, "; see the log\nschema: ok, version ");
	/* The process lives, and answers are made. */
	assert_int_equal(watch_status(&client, "/live"), 200);
	assert_int_equal(watch_status(&client, "/health"), 200);
	assert_gauge(&client, "database", 0);
	snprintf(setting, sizeof(setting), "admin.listen=127.0.0.1:%d", port);
	serve_end(NULL);
	server_start(&server, database.conninfo, WORDS(setting));
	wire_open(&operators, port);
	await_ready(&operators, 503, "; cannot connect to PostgreSQL: ");
	await_ready(&operators, 503, "schema: FAILED: not known without the database\n");
	cluster_start();
	await_ready(&operators, 200, "database: ok");
	wire_close(&operators);
	server_stop(&server, NULL);
}

/* One that takes connections and does not answer is noticed within three seconds, and that outdated answers are given
   meanwhile is said and counted. */
static void test_database_frozen(void **state)
{
	int64_t frozen, took;

	(void)state;
	serve(NULL);
	await_ready(&client, 200, "database: ok");
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST, NULL}, 10));
	assert_int_equal(watch_metric(&client, "http_outdated_responses_total"), 0);
	cluster_freeze();
	frozen = clock_monotonic();
	await_ready(&client, 503, "database: FAILED: ");
	took = clock_monotonic() - frozen;
	if (took > watch_bound(3000))
		fail_msg("noticed after %lld ms", (long long)took / 1000);
	await_ready(&client, 503, "outdated answers are given");
	assert_int_equal(watch_status(&client, "/health"), 200);
	assert_int_equal(watch_status(&client, LIST), 200);
	assert_int_equal(watch_metric(&client, "http_outdated_responses_total"), 1);
	cluster_thaw();
	await_ready(&client, 200, "database: ok");
	serve_end(NULL);
}

/* A schema that is too old or too new is noticed while the server runs, and that it is right again. */
static void test_schema(void **state)
{
	struct output output;

	(void)state;
	serve(NULL);
	await_ready(&client, 200, "schema: ok, version ");
	free(test_sql(database.conninfo,
	              "INSERT INTO schema_version (version, name) VALUES (999, 'later')"));
	await_ready(&client, 503, "schema: FAILED: the database's schema has version 999, which ");
	assert_gauge(&client, "schema", 0);
	free(test_sql(database.conninfo, "DELETE FROM schema_version WHERE version = 999"));
	await_ready(&client, 200, "schema: ok, version ");
	free(test_sql(database.conninfo,
	              "UPDATE schema_version SET version = -1"
	              " WHERE version = (SELECT max(version) FROM schema_version)"));
	await_ready(&client, 503, " is needed: run migrate\n");
	free(test_sql(database.conninfo, "UPDATE schema_version SET version ="
	                                 " (SELECT max(version) + 1 FROM schema_version)"
	                                 " WHERE version = -1"));
	await_ready(&client, 200, "schema: ok, version ");
	serve_end(&output);
	assert_non_null(strstr(output.err, "the database's schema has version 999, which "));
	assert_non_null(strstr(output.err, " is needed: run migrate"));
	output_fini(&output);
}

/* The age is that of the last pass; where passes fail, it grows beyond what was promised. */
static void test_age(void **state)
{
	struct fake_upstream *upstream = fake_upstream_new();
	struct test_database empty;
	const char *const *settings;
	char url[128];

	(void)state;
	test_database_init_schema(&empty);
	fake_list_fill(fake_upstream_lock(upstream), 3, "first");
	fake_upstream_unlock(upstream);
	snprintf(url, sizeof(url), "sync.upstream=%s", fake_upstream_url(upstream));
	settings = WORDS(url, "sync.endpoints=spacecraft_flights", "sync.interval=1800",
	                 "sync.retries=0", "sync.backoff=1");
	fake_upstream_fault(upstream, FAKE_ERROR_500, 0, 1000);
	serve_on(empty.conninfo, settings);
	await_ready(&client, 503,
	            "data: FAILED: spacecraft_flights never read, older than promised");
	assert_gauge(&client, "data", 0);
	serve_end(NULL);

	fake_upstream_fault(upstream, FAKE_NONE, 0, 0);
	free(test_sql(empty.conninfo, "DELETE FROM sync_pass"));
	serve_on(empty.conninfo, settings);
	await_ready(&client, 200, " s old, promised for another ");
	assert_gauge(&client, "data", 1);
	serve_end(NULL);

	fake_upstream_fault(upstream, FAKE_ERROR_500, 0, 1000);
	free(test_sql(empty.conninfo,
	              "UPDATE sync_pass SET started = started - interval '3 days',"
	              " touched = touched - interval '3 days', ended = ended - interval '3 days'"));
	serve_on(empty.conninfo, settings);
	await_ready(&client, 503,
	            "data: FAILED: spacecraft_flights 3 days old, older than promised by ");
	/* There is nothing wrong with answers. */
	await_ready(&client, 503, "database: ok");
	assert_int_equal(watch_status(&client, "/health"), 200);
	serve_end(NULL);
	fake_upstream_free(upstream);
	test_database_fini(&empty);
}

/* --- The port for operators. --- */

static void assert_answer(const char *host, int port, const char *method, const char *target,
                          int status)
{
	struct reply reply;
	struct wire wire;
	char lines[64];

	snprintf(lines, sizeof(lines), "Host: %s\r\n", host);
	wire_open(&wire, port);
	wire_ask(&wire, method, target, lines);
	wire_read(&wire, strcmp(method, "HEAD") == 0, &reply);
	if (reply.status != status)
		fail_msg("%s %s on %d: %d %s", method, target, port, reply.status, reply.body);
	reply_fini(&reply);
	wire_close(&wire);
}

static void test_admin_port(void **state)
{
	static const char *const theirs[] = {"/live", "/ready", "/metrics"};
	int port = port_reserve();
	struct output output;
	struct reply reply;
	struct wire wire;
	char setting[64], line[96];

	(void)state;
	snprintf(setting, sizeof(setting), "admin.listen=127.0.0.1:%d", port);
	server_start(&server, database.conninfo,
	             WORDS(setting, "server.allowed_hosts=ll.example.org"));
	wire_open(&wire, port);
	await_ready(&wire, 200, "database: ok");
	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
		assert_answer("10.1.2.3", port, "GET", theirs[i], 200);
		assert_answer("10.1.2.3", port, "HEAD", theirs[i], 200);
		assert_answer("10.1.2.3", port, "POST", theirs[i], 405);
		assert_answer("ll.example.org", server.port, "GET", theirs[i], 404);
	}
	assert_answer("ll.example.org", server.port, "GET", "/health", 200);
	assert_answer("10.1.2.3", server.port, "GET", "/health", 400);
	assert_answer("10.1.2.3", port, "GET", "/health", 200);
	assert_answer("10.1.2.3", port, "GET", LIST, 404);
	assert_answer("10.1.2.3", port, "GET", "/", 404);
	assert_answer("ll.example.org", server.port, "GET", LIST, 200);
	/* What is counted there is what clients requested, and not what operators did. */
	watch_ask(&wire, "/metrics", "", &reply);
	assert_non_null(
		strstr(reply.body, "http_requests_total{route=\"" LIST "\",code=\"200\"} 1\n"));
	assert_non_null(strstr(reply.body, "{route=\"/metrics\",code=\"404\"} 1\n"));
	assert_null(strstr(reply.body, "{route=\"/metrics\",code=\"200\"}"));
	reply_fini(&reply);
	wire_close(&wire);
	server_stop(&server, &output);
	snprintf(line, sizeof(line), "answering operators on http://127.0.0.1:%d/\n", port);
	assert_non_null(strstr(output.err, line));
	output_fini(&output);
}

/* While its threads for clients are busy, and connections are refused since there are too many. */
static void test_admin_port_under_load(void **state)
{
	int port = port_reserve();
	struct wire wires[2];
	char setting[64];

	(void)state;
	snprintf(setting, sizeof(setting), "admin.listen=127.0.0.1:%d", port);
	server_start(&server, database.conninfo, WORDS(setting, "server.connections=2"));
	for (size_t i = 0; i < 2; i++) {
		wire_open(&wires[i], server.port);
		(void)watch_status(&wires[i], "/health");
	}
	assert_answer("a", port, "GET", "/live", 200);
	for (size_t i = 0; i < 2; i++)
		wire_close(&wires[i]);
	server_stop(&server, NULL);
}

static void test_admin_port_taken(void **state)
{
	int other = port_reserve();
	struct output output;
	char listen[64], setting[64], message[96];

	(void)state;
	server_start(&server, database.conninfo, NULL);
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", other);
	snprintf(setting, sizeof(setting), "admin.listen=127.0.0.1:%d", server.port);
	snprintf(message, sizeof(message),
	         "admin.listen: cannot listen on 127.0.0.1:%d: ", server.port);
	command_run(&output,
	            WORDS("--set", database.setting, "--set", listen, "--set", setting, "serve"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, message));
	output_fini(&output);
	server_stop(&server, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_holds),
		cmocka_unit_test(test_database_away),
		cmocka_unit_test(test_database_frozen),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_admin_port),
		cmocka_unit_test(test_admin_port_under_load),
		cmocka_unit_test(test_admin_port_taken),
	};

	return RUN_TESTS("ready", tests, set_up_cluster, tear_down);
}
