/* What /metrics says is true: what was requested and how long it took, the caches, the process; and promtool reads
   it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"

static char *scrape(void)
{
	struct reply reply;
	char *text;

	wire_get(server.port, "/metrics", NULL, &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply_header(&reply, "Content-Type"),
	                    "text/plain; version=0.0.4; charset=utf-8");
	text = strdup(reply.body);
	assert_non_null(text);
	reply_fini(&reply);
	return text;
}

/* The value of a sample, by its name and labels; 0: there is none. */
static double sample(const char *metrics, const char *name)
{
	char start[256];
	const char *line;

	snprintf(start, sizeof(start), "\n%s ", name);
	line = strstr(metrics, start);
	return line ? strtod(line + strlen(start), NULL) : 0;
}

/* --- Requests. --- */

struct asked {
	const char *method, *target, *lines, *route;
	int code, times;
};

/* One of each kind of route and of answer. */
static const struct asked all_asked[] = {
	{"GET", LIST, "", LIST, 200, 4},
	{"HEAD", LIST "?limit=3", "", LIST, 200, 2},
	{"GET", LIST "?spacecraft=abc", "", LIST, 400, 3},
	{"GET", LIST "1/", "", LIST "{id}/", 200, 5},
	{"GET", LIST "?limit=2", "If-None-Match: *\r\n", LIST, 304, 3},
	{"GET", LIST "987654321/", "", LIST "{id}/", 404, 2},
	{"POST", LIST, "", LIST, 405, 1},
	{"GET", "/2.3.0/spacecraft_flights", "", LIST, 301, 2},
	{"GET", "/2.3.0/spacecraft/", "", "/2.3.0/spacecraft/", 200, 1},
	{"GET", "/2.3.0/spacecraft/2/", "", "/2.3.0/spacecraft/{id}/", 200, 3},
	{"GET", "/2.3.0/schema/", "", "/2.3.0/schema/", 200, 2},
	{"GET", "/2.3.0/docs/", "", "/2.3.0/docs/", 200, 1},
	{"GET", "/2.3.0/api-throttle/", "", "/2.3.0/api-throttle/", 200, 2},
	{"GET", "/health", "", "/health", 200, 1},
	{"GET", "/robots.txt", "", "/robots.txt", 200, 1},
	{"GET", "/", "", "/", 302, 2},
	{"GET", "/2.2.0/launch/", "", "upstream", 307, 2},
	{"GET", "/no/such/path", "", "other", 404, 4},
};

#define ASKED_COUNT (sizeof(all_asked) / sizeof(all_asked[0]))

static void ask(struct wire *wire, const struct asked *asked)
{
	for (int i = 0; i < asked->times; i++) {
		struct reply reply;
		char lines[128];

		snprintf(lines, sizeof(lines), "Host: a\r\n%s", asked->lines);
		wire_ask(wire, asked->method, asked->target, lines);
		wire_read(wire, strcmp(asked->method, "HEAD") == 0, &reply);
		if (reply.status != asked->code)
			fail_msg("%s %s: %d", asked->method, asked->target, reply.status);
		reply_fini(&reply);
	}
}

static double requests(const char *metrics, const char *route, int code)
{
	char name[256];

	snprintf(name, sizeof(name), "http_requests_total{route=\"%s\",code=\"%d\"}", route, code);
	return sample(metrics, name);
}

static double timed(const char *metrics, const char *what, const char *route)
{
	char name[256];

	snprintf(name, sizeof(name), "http_request_duration_seconds_%s{route=\"%s\"}", what, route);
	return sample(metrics, name);
}

static double bucket(const char *metrics, const char *route, const char *most)
{
	char name[256];

	snprintf(name, sizeof(name), "http_request_duration_seconds_bucket{route=\"%s\",le=\"%s\"}",
	         route, most);
	return sample(metrics, name);
}

/* All requests of the table with the route, of one status or (0) of any. */
static int expected(const char *route, int code)
{
	int sum = 0;

	for (size_t i = 0; i < ASKED_COUNT; i++)
		if (strcmp(all_asked[i].route, route) == 0 &&
		    (code == 0 || all_asked[i].code == code))
			sum += all_asked[i].times;
	return sum;
}

/* By route and status, whoever answered: the cache, a worker, or the routes that need neither. */
static void test_requests(void **state)
{
	char *before = scrape(), *after;
	struct wire wire;

	(void)state;
	wire_open(&wire, server.port);
	for (size_t i = 0; i < ASKED_COUNT; i++)
		ask(&wire, &all_asked[i]);
	wire_close(&wire);
	after = scrape();
	for (size_t i = 0; i < ASKED_COUNT; i++) {
		const struct asked *asked = &all_asked[i];

		assert_int_equal(requests(after, asked->route, asked->code) -
		                         requests(before, asked->route, asked->code),
		                 expected(asked->route, asked->code));
		assert_int_equal(timed(after, "count", asked->route) -
		                         timed(before, "count", asked->route),
		                 expected(asked->route, 0));
		assert_int_equal(timed(after, "count", asked->route),
		                 bucket(after, asked->route, "+Inf"));
	}
	assert_int_equal(requests(after, "/metrics", 200) - requests(before, "/metrics", 200), 1);
	free(before);
	free(after);
}

/* Connections are dealt out to threads, each of which counts for itself. */
static void test_threads(void **state)
{
	struct test_server three;
	struct wire wires[9];

	(void)state;
	server_start(&three, database.conninfo, WORDS("server.threads=3"));
	for (size_t i = 0; i < 9; i++) {
		wire_open(&wires[i], three.port);
		assert_int_equal(watch_status(&wires[i], "/robots.txt"), 200);
	}
	assert_int_equal(watch_metric(&wires[0], "http_requests_total"), 9);
	for (size_t i = 0; i < 9; i++)
		wire_close(&wires[i]);
	server_stop(&three, NULL);
}

/* A request that waits for the database longer than 250 ms and shorter than ten seconds. */
static void test_durations(void **state)
{
	static const char *const target = LIST "?limit=7&ordering=destination";
	int64_t begin, waited;
	char *before = scrape(), *after;
	struct reply reply;
	struct wire wire;
	double took;

	(void)state;
	test_lock(database.conninfo, "spacecraft_flight");
	wire_open(&wire, server.port);
	begin = clock_monotonic();
	wire_ask(&wire, "GET", target, "Host: a\r\n");
	assert_false(wire_readable(&wire, 300));
	test_unlock();
	wire_read(&wire, false, &reply);
	waited = clock_monotonic() - begin;
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	wire_close(&wire);
	after = scrape();
	assert_int_equal(bucket(after, LIST, "0.25") - bucket(before, LIST, "0.25"), 0);
	assert_int_equal(bucket(after, LIST, "+Inf") - bucket(before, LIST, "+Inf"), 1);
	took = timed(after, "sum", LIST) - timed(before, "sum", LIST);
	if (took < 0.29 || took > (double)waited / 1e6)
		fail_msg("%g s, of %g", took, (double)waited / 1e6);
	free(before);
	free(after);
}

/* --- Workers, caches, connections, process, program. --- */

static bool all_workers_are_busy(void *wire)
{
	return watch_metric(wire, "workers_busy") == 1;
}

static bool no_worker_is_busy(void *wire)
{
	return watch_metric(wire, "workers_busy") == 0;
}

static bool all_are_counted(void *wire)
{
	return watch_metric(wire, "jobs_refused_total") + watch_metric(wire, "jobs_late_total") ==
	       7;
}

/* One worker has a job, another waits, a third is refused. */
static void test_workers(void **state)
{
	struct test_server one;
	struct wire wire, wires[8];
	long long done;
	struct reply reply;

	(void)state;
	server_start(&one, database.conninfo, WORDS("server.workers=1"));
	wire_open(&wire, one.port);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&wire, LIST "3/", NULL}, 10));
	assert_true(poll_until(no_worker_is_busy, &wire, 10));
	assert_int_equal(watch_metric(&wire, "workers"), 3);
	assert_int_equal(watch_metric(&wire, "jobs_waiting"), 0);
	assert_int_equal(watch_metric(&wire, "jobs_refused_total"), 0);
	done = watch_metric(&wire, "jobs_done_total");
	assert_true(done > 0);
	test_lock(database.conninfo, "spacecraft_flight");
	for (size_t i = 0; i < 8; i++) {
		char target[96];

		snprintf(target, sizeof(target), LIST "?ordering=destination&limit=%zu", i + 1);
		wire_open(&wires[i], one.port);
		wire_ask(&wires[i], "GET", target, "Host: a\r\n");
		if (i == 0)
			assert_true(poll_until(all_workers_are_busy, &wire, 10));
	}
	/* The last of them is answered first, with 503, since its wait is bounded. */
	for (size_t i = 7; i > 0; i--) {
		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 503);
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
	assert_true(poll_until(all_are_counted, &wire, 10));
	assert_true(watch_metric(&wire, "jobs_late_total") >= 1);
	assert_int_equal(watch_metric(&wire, "jobs_done_total"), done);
	test_unlock();
	wire_read(&wires[0], false, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	wire_close(&wires[0]);
	assert_true(poll_until(no_worker_is_busy, &wire, 10));
	assert_int_equal(watch_metric(&wire, "jobs_done_total"), done + 1);
	wire_close(&wire);
	server_stop(&one, NULL);
}

struct connections_wanted {
	struct wire *wire;
	int count;
};

static bool connections_reach(void *user)
{
	const struct connections_wanted *wanted = user;

	return watch_metric(wanted->wire, "http_connections") == wanted->count;
}

static void test_connections(void **state)
{
	struct wire wires[5];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		wire_open(&wires[i], server.port);
		assert_int_equal(watch_status(&wires[i], "/robots.txt"), 200);
	}
	assert_true(poll_until(connections_reach, &(struct connections_wanted){&wires[0], 5}, 10));
	for (size_t i = 1; i < 5; i++)
		wire_close(&wires[i]);
	assert_true(poll_until(connections_reach, &(struct connections_wanted){&wires[0], 1}, 10));
	assert_int_equal(watch_metric(&wires[0], "http_requests_under_way"), 1);
	assert_in_range(watch_metric(&wires[0], "http_connections_limit"), 100, 10000);
	wire_close(&wires[0]);
}

static void test_caches(void **state)
{
	static const char hits[] = "cache_hits_total{cache=\"responses\"}";
	struct wire wire;
	char *before, *after;

	(void)state;
	wire_open(&wire, server.port);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&wire, LIST "3/", NULL}, 10));
	before = scrape();
	for (int i = 0; i < 10; i++)
		assert_int_equal(watch_status(&wire, LIST "3/"), 200);
	after = scrape();
	/* The scrape itself looks for a cached answer, in vain. */
	assert_int_equal(sample(after, hits) - sample(before, hits), 10);
	assert_true(sample(after, "cache_bytes{cache=\"documents\"}") > 0);
	assert_true(sample(after, "cache_entries{cache=\"responses\"}") > 0);
	free(before);
	free(after);
	wire_close(&wire);
}

static void shell(const char *command, struct output *output)
{
	struct process process;

	process_start(&process, WORDS("bash", "-euo", "pipefail", "-c", command), NULL, 0);
	process_wait(&process, COMMAND_SECONDS, output);
	if (output->status != 0)
		fail_msg("%s: %d: %s", command, output->status, output->err);
}

/* A number that a command prints of the server, whose process id is %d in it. */
static double number_of(const char *format)
{
	struct output output;
	char command[256];
	double number;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(command, sizeof(command), format, (int)server.process.pid);
#pragma GCC diagnostic pop
	shell(command, &output);
	number = strtod(output.out, NULL);
	output_fini(&output);
	return number;
}

/* As other tools have it. */
static void test_process(void **state)
{
	double resident = number_of("awk '/^VmRSS/ {print $2 * 1024}' /proc/%d/status");
	double threads = number_of("ls /proc/%d/task | wc -l");
	double start = number_of("date +%%s -d \"$(ps -o lstart= -p %d)\"");
	char *metrics = scrape();

	(void)state;
	assert_true(fabs(sample(metrics, "process_resident_memory_bytes") - resident) <
	            resident / 4);
	assert_int_equal(sample(metrics, "process_threads"), threads);
	assert_true(fabs(sample(metrics, "process_start_time_seconds") - start) < 5);
	/* That of the scrape is among them, which is not there before and after. */
	assert_true(fabs(sample(metrics, "process_open_fds") - number_of("ls /proc/%d/fd | wc -l") -
	                 1) <= 1);
	assert_true(sample(metrics, "process_max_fds") >= 64);
	assert_true(sample(metrics, "process_cpu_seconds_total") > 0);
	assert_true(sample(metrics, "process_virtual_memory_bytes") > resident);
	free(metrics);
}

static void test_build_info(void **state)
{
	char *metrics = scrape();
	struct output output;
	char line[128];

	(void)state;
	command_run(&output, WORDS("--version"));
	output.out[strcspn(output.out, "\n")] = '\0';
	snprintf(line, sizeof(line), "\nspacecraft_flights_build_info{version=\"%s\",",
	         strrchr(output.out, ' ') + 1);
	assert_non_null(strstr(metrics, line));
	output_fini(&output);
	free(metrics);
}

/* --- promtool. --- */

static void test_promtool(void **state)
{
	char *metrics = scrape();
	struct process process;
	struct output output;

	(void)state;
	process_start(&process, WORDS("tests/tools/prometheus", "promtool", "check", "metrics"),
	              metrics, strlen(metrics));
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != 0)
		fail_msg("promtool: %d: %s%s", output.status, output.out, output.err);
	output_fini(&output);
	free(metrics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests), cmocka_unit_test(test_durations),
		cmocka_unit_test(test_threads),  cmocka_unit_test(test_caches),
		cmocka_unit_test(test_workers),  cmocka_unit_test(test_connections),
		cmocka_unit_test(test_process),  cmocka_unit_test(test_build_info),
		cmocka_unit_test(test_promtool),
	};

	return RUN_TESTS("metrics", tests, set_up_server, tear_down);
}
