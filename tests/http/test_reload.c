/* Signals to a running server: SIGHUP reads its file again, others do not end it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/fake_upstream.h"
#include "support/fixture.h"
#include "support/logs.h"
#include "support/flights.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define STATE "/2.3.0/api-throttle/"
#define AGAIN "SIGHUP: settings read again, changed: "
#define KEPT "SIGHUP: the settings stay as they were"

static char path[64]; /* of the file of settings */

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* Starts a server whose settings are in the file, but for where it listens, its database and one more. */
static void start(const char *text, const char *more)
{
	char listen[64];
	const char **words;

	write_file(text);
	server.port = port_reserve();
	snprintf(server.url, sizeof(server.url), "http://127.0.0.1:%d", server.port);
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", server.port);
	words = command_words(WORDS("-c", path, "--set", listen, "--set", database.setting, "--set",
	                            more, "serve"));
	process_start(&server.process, words, NULL, 0);
	free(words);
	assert_true(poll_until(server_takes_connections, &server, 60));
}

static void assert_logged(const char *text)
{
	log_await(&server.process, text, 1);
}

/* Sends SIGHUP and waits until the server has said so. */
static void hang_up(const char *expected)
{
	int before = log_count(&server.process, expected);

	kill(server.process.pid, SIGHUP);
	log_await(&server.process, expected, before + 1);
}

static void reload(const char *text, const char *changed)
{
	char line[256];

	write_file(text);
	snprintf(line, sizeof(line), AGAIN "%s", changed);
	hang_up(line);
}

/* --- What changes. --- */

static void assert_reply(const char *target, const char *lines, int status, const char *header,
                         const char *part)
{
	struct reply reply;
	const char *text;

	wire_get(server.port, target, lines, &reply);
	assert_int_equal(reply.status, status);
	text = header ? reply_header(&reply, header) : reply.body;
	if (!text || !strstr(text, part))
		fail_msg("%s: no \"%s\" in %s", target, part, text ? text : "nothing");
	reply_fini(&reply);
}

/* Answers that were cached before are not given any more. */
static void test_server_settings(void **state)
{
	(void)state;
	start("", "server.threads=2");
	for (int i = 0; i < 3; i++)
		assert_reply(LIST, NULL, 200, NULL, "\"http://ll.example.org" LIST);
	reload("[server]\npublic_url = https://x.example/ll2\n", "server.public_url\n");
	for (int i = 0; i < 3; i++)
		assert_reply(LIST, NULL, 200, NULL, "\"https://x.example/ll2" LIST);
	reload("[server]\ntrusted_proxies = 127.0.0.1\n",
	       "server.public_url, server.trusted_proxies\n");
	assert_reply(LIST, "X-Forwarded-Proto: https\r\n", 200, NULL,
	             "\"https://ll.example.org" LIST);
	assert_reply(STATE, "X-Forwarded-For: 192.0.2.9\r\n", 200, NULL, "\"192.0.2.9\"");
	reload("", "server.trusted_proxies\n");
	assert_reply(STATE, "X-Forwarded-For: 192.0.2.9\r\n", 200, NULL, "\"127.0.0.1\"");
	assert_reply(LIST, NULL, 200, NULL, "\"http://ll.example.org" LIST);
	reload("[server]\nallowed_hosts = x.example\n", "server.allowed_hosts\n");
	assert_reply(LIST, NULL, 400, NULL, "Bad Request");
	reload("", "server.allowed_hosts\n");
	assert_reply(LIST, NULL, 200, NULL, "\"http://ll.example.org" LIST);
	server_stop(&server, NULL);
}

static bool has_max_age_88(void *unused)
{
	struct reply reply;
	bool found;

	(void)unused;
	wire_get(server.port, LIST, NULL, &reply);
	found = strstr(reply_header(&reply, "Cache-Control"), "max-age=88") != NULL;
	reply_fini(&reply);
	return found;
}

static void test_other_settings(void **state)
{
	(void)state;
	start("", "server.threads=1");
	for (int i = 0; i < 2; i++) {
		assert_reply(LIST, NULL, 200, "Cache-Control", "public, max-age=10");
		assert_reply("/2.3.0/docs/", NULL, 200, "Cache-Control", "public, max-age=10");
	}
	reload("[cache]\nmax_age = 77\n", "cache.max_age\n");
	assert_reply(LIST, NULL, 200, "Cache-Control", "public, max-age=77");
	assert_reply("/2.3.0/docs/", NULL, 200, "Cache-Control", "public, max-age=77");
	assert_reply("/2.2.0/agencies/1/", NULL, 307, "Location",
	             "https://ll.thespacedevs.com/2.2.0/agencies/1/");
	reload("[sync]\nupstream = http://mirror.example\n", "cache.max_age, sync.upstream\n");
	assert_reply("/2.2.0/agencies/1/", NULL, 307, "Location",
	             "http://mirror.example/2.2.0/agencies/1/");
	reload("[http]\nredirect_upstream = no\n", "http.redirect_upstream, sync.upstream\n");
	assert_reply("/2.2.0/agencies/1/", NULL, 404, NULL, "Not Found");
	/* As it was: nothing to do. */
	reload("[http]\nredirect_upstream = no\n", "none\n");
	reload("[log]\nformat = json\n[http]\nredirect_upstream = no\n", "log.format\"}\n");
	reload("[log]\nlevel = debug\n[http]\nredirect_upstream = no\n", "log.level, log.format\n");
	/* Of these two nothing is logged any more. */
	write_file("[log]\nlevel = error\n[cache]\nmax_age = 88\n");
	kill(server.process.pid, SIGHUP);
	assert_true(poll_until(has_max_age_88, &server, 20));
	kill(server.process.pid, SIGUSR1);
	write_file("[log]\nlevel = wrong\n");
	hang_up(KEPT);
	assert_int_equal(log_count(&server.process, "ignored"), 0);
	assert_int_equal(log_count(&server.process, "cache.max_age\n"), 1);
	server_stop(&server, NULL);
}

/* Nothing that they show has changed. */
static void test_cached_answers_stay(void **state)
{
	struct wire wire;
	long long made;

	(void)state;
	start("", "server.threads=1");
	wire_open(&wire, server.port);
	assert_true(poll_until(watch_is_cached, &(struct awaited){&wire, LIST, NULL}, 10));
	made = watch_metric(&wire, "http_responses_made_total");
	reload("[log]\nformat = json\n[cache]\nstale_if_error = 7\n[throttle]\nrate = 900/hour\n",
	       "cache.stale_if_error, throttle.rate, log.format\"}\n");
	assert_int_equal(watch_status(&wire, LIST), 200);
	assert_int_equal(watch_metric(&wire, "http_responses_made_total"), made);
	reload("[cache]\nmax_age = 9\n",
	       "cache.max_age, cache.stale_if_error, throttle.rate, log.format\n");
	assert_int_equal(watch_status(&wire, LIST), 200);
	assert_int_equal(watch_metric(&wire, "http_responses_made_total"), made + 1);
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* What a client has used stays. */
static void test_throttle(void **state)
{
	struct wire wire;

	(void)state;
	start("", "server.threads=1");
	wire_open(&wire, server.port);
	assert_int_equal(watch_status(&wire, LIST), 200);
	assert_reply(STATE, NULL, 200, NULL, "\"your_request_limit\":1000000,");
	reload("[throttle]\nrate = 3/hour\n", "throttle.rate\n");
	for (int i = 0; i < 4; i++)
		assert_int_equal(watch_status(&wire, LIST), i < 3 ? 200 : 429);
	reload("[throttle]\nrate = 5/hour\n", "throttle.rate\n");
	assert_reply(STATE, NULL, 200, NULL,
	             "{\"your_request_limit\":5,\"limit_frequency_secs\":3600,\"current_use\":3,");
	for (int i = 0; i < 3; i++)
		assert_int_equal(watch_status(&wire, LIST), i < 2 ? 200 : 429);
	reload("[throttle]\nrate = 2/hour\n", "throttle.rate\n");
	assert_int_equal(watch_status(&wire, LIST), 429);
	reload("", "throttle.rate\n");
	for (int i = 0; i < 10; i++)
		assert_int_equal(watch_status(&wire, LIST), 200);
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* What the command line says wins, also later. */
static void test_command_line(void **state)
{
	(void)state;
	start("[server]\npublic_url = https://file.example\n",
	      "server.public_url=https://line.example");
	assert_reply(LIST, NULL, 200, NULL, "\"https://line.example" LIST);
	reload("[server]\npublic_url = https://other.example\n[cache]\nmax_age = 3\n",
	       "cache.max_age\n");
	assert_reply(LIST, NULL, 200, NULL, "\"https://line.example" LIST);
	server_stop(&server, NULL);
}

/* --- What does not. --- */

static void test_restart_needed(void **state)
{
	const char *const file = "[server]\nworkers = 2\nconnections = 1\n[cache]\nsize = 1M\n"
				 "max_age = 4\n[database]\nconninfo = dbname=nowhere\n";

	(void)state;
	start("", "server.threads=1");
	reload(file, "cache.max_age\n");
	assert_logged("SIGHUP: a restart is needed to change server.workers, "
	              "server.connections, cache.size\n");
	assert_reply(LIST "?limit=9", NULL, 200, "Cache-Control", "max-age=4");
	/* They are not taken later either, and are told again. */
	reload(file, "none\n");
	assert_int_equal(log_count(&server.process, "a restart is needed"), 2);
	assert_reply(LIST "?limit=8", NULL, 200, NULL, "\"results\":[{");
	server_stop(&server, NULL);
}

static void test_mistakes(void **state)
{
	char line[192];

	(void)state;
	start("[cache]\nmax_age = 5\n", "server.threads=1");
	write_file("[cache]\nmax_age = 6\nsize = big\n[throttle]\nnothing here\n[server]\n"
	           "trheads = 2\n");
	hang_up(KEPT);
	snprintf(line, sizeof(line), "%s:3: cache.size: \"big\" is not a size", path);
	assert_logged(line);
	snprintf(line, sizeof(line), "%s:5: [section] or key = value was expected", path);
	assert_logged(line);
	snprintf(line, sizeof(line), "%s:7: there is no setting server.trheads", path);
	assert_logged(line);
	assert_reply(LIST, NULL, 200, "Cache-Control", "max-age=5");
	assert_int_equal(unlink(path), 0);
	hang_up(KEPT);
	snprintf(line, sizeof(line), "%s: No such file or directory", path);
	assert_logged(line);
	assert_reply(LIST, NULL, 200, "Cache-Control", "max-age=5");
	reload("[cache]\nmax_age = 6\n", "cache.max_age\n");
	assert_reply(LIST, NULL, 200, "Cache-Control", "max-age=6");
	server_stop(&server, NULL);
}

/* --- Signals. --- */

static void test_signals(void **state)
{
	static const int numbers[] = {SIGUSR1, SIGUSR2, SIGALRM,   SIGVTALRM, SIGPROF, SIGIO,
	                              SIGPWR,  SIGXFSZ, SIGSTKFLT, SIGPIPE,   SIGCHLD, SIGWINCH};
	char line[128];

	(void)state;
	server_start(&server, database.conninfo, NULL);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		kill(server.process.pid, numbers[i]);
		if (numbers[i] == SIGPIPE || numbers[i] == SIGCHLD || numbers[i] == SIGWINCH)
			continue;
		snprintf(line, sizeof(line), "%s: ignored\n", strsignal(numbers[i]));
		assert_logged(line);
	}
	kill(server.process.pid, SIGRTMIN + 3);
	hang_up("SIGHUP: there is no file of settings (-c) to read again");
	assert_reply(LIST, NULL, 200, NULL, "\"results\":[{");
	server_stop(&server, NULL);
}

/* Who asks for a core dump gets one. */
static void test_quit(void **state)
{
	const struct rlimit none = {0, 0};
	struct output output;

	(void)state;
	setrlimit(RLIMIT_CORE, &none);
	server_start(&server, database.conninfo, NULL);
	kill(server.process.pid, SIGQUIT);
	process_wait(&server.process, 20, &output);
	assert_int_equal(output.status, 128 + SIGQUIT);
	output_fini(&output);
}

/* --- Under load. --- */

#define CLIENTS 16
#define RELOADS 20

static const char *const bases[] = {"http://ll.example.org", "https://x.example/ll2"};

/* One request of each client at a time: all get their answer, of before or after. */
static void ask_all(struct wire wires[static CLIENTS], int round)
{
	char target[64];

	for (int i = 0; i < CLIENTS; i++) {
		/* Of some the answer is cached, others are made anew. */
		snprintf(target, sizeof(target), LIST "?limit=%d&offset=%d", 1 + i % 4,
		         i % 2 ? 0 : round % 97);
		wire_ask(&wires[i], "GET", target, "Host: ll.example.org\r\n");
	}
	for (int i = 0; i < CLIENTS; i++) {
		struct reply reply;
		const char *url;

		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 200);
		url = strstr(reply.body, "\"url\":\"") + strlen("\"url\":\"");
		assert_true(strncmp(url, bases[0], strlen(bases[0])) == 0 ||
		            strncmp(url, bases[1], strlen(bases[1])) == 0);
		reply_fini(&reply);
	}
}

static void test_load(void **state)
{
	struct wire wires[CLIENTS];
	int round = 0;

	(void)state;
	start("", "server.threads=2");
	for (int i = 0; i < CLIENTS; i++)
		wire_open(&wires[i], server.port);
	ask_all(wires, round++);
	for (int i = 1; i <= RELOADS; i++) {
		int64_t end = clock_monotonic() + watch_bound(20000);

		write_file(i % 2 ? "[server]\npublic_url = https://x.example/ll2\n"
		                   "[throttle]\nrate = 100000/second\n"
		                 : "[cache]\nmax_age = 3\n");
		kill(server.process.pid, SIGHUP);
		do
			ask_all(wires, round++);
		while (log_count(&server.process, AGAIN) < i && clock_monotonic() < end);
		assert_true(log_count(&server.process, AGAIN) >= i);
		assert_reply(LIST "?limit=2", NULL, 200, NULL, bases[i % 2]);
	}
	assert_true(round > RELOADS);
	for (int i = 0; i < CLIENTS; i++)
		wire_close(&wires[i]);
	server_stop(&server, NULL);
}

/* --- Sync. --- */

static void await_requests(struct fake_upstream *upstream, int more)
{
	fake_upstream_await(upstream, fake_upstream_requests(upstream) + more);
}

static void fill(struct fake_upstream *upstream, const char *destination)
{
	fake_list_fill(fake_upstream_lock(upstream), 30, destination);
	fake_upstream_unlock(upstream);
}

static const char *sync_file(const struct fake_upstream *upstream, int interval)
{
	static char text[256];

	snprintf(text, sizeof(text),
	         "[sync]\nupstream = %s\nendpoints = spacecraft_flights\ninterval = %d\n"
	         "page_size = 10\ndelete_percent = 100\n",
	         fake_upstream_url(upstream), interval);
	return text;
}

/* Passes begin, go on with another upstream, and cease; one that is under way is not cut off. */
static void test_sync(void **state)
{
	struct fake_upstream *first = fake_upstream_new(), *second = fake_upstream_new();
	struct test_database own;
	char writer[600];
	char done[128];
	int requests, before;

	(void)state;
	test_database_init_schema(&own);
	snprintf(writer, sizeof(writer), "sync.conninfo=%s", own.conninfo);
	fill(first, "first");
	fill(second, "second");
	start(sync_file(first, 0), writer);
	reload(sync_file(first, 1), "sync.interval\n");
	assert_logged("sync: full pass over ");
	await_requests(first, 1);
	/* The next pass waits for an answer while the settings change. */
	fake_upstream_fault(first, FAKE_DRIP, 0, 1);
	await_requests(first, 1);
	snprintf(done, sizeof(done), " pass over %s", fake_upstream_url(first));
	before = log_count(&server.process, done);
	reload(sync_file(second, 1), "sync.upstream\n");
	await_requests(second, 3);
	assert_true(log_count(&server.process, done) > before);
	assert_int_equal(log_count(&server.process, "error"), 0);
	reload(sync_file(second, 0), "sync.interval\n");
	requests = fake_upstream_requests(first);
	assert_reply(LIST, NULL, 200, NULL, "\"results\":[{");
	reload(sync_file(first, 1), "sync.upstream, sync.interval\n");
	await_requests(first, 1);
	assert_true(fake_upstream_requests(first) > requests);
	server_stop(&server, NULL);
	test_sql_is(own.conninfo, "SELECT count(*) FROM spacecraft_flight", "30");
	test_database_fini(&own);
	fake_upstream_free(first);
	fake_upstream_free(second);
}

/* --- */

static int set_up(void **state)
{
	int fd;

	(void)state;
	flights_database_init(&database);
	snprintf(path, sizeof(path), "/tmp/spacecraft-flights-reload.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	return 0;
}

static int teardown(void **state)
{
	unlink(path);
	return tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server_settings),
		cmocka_unit_test(test_other_settings),
		cmocka_unit_test(test_cached_answers_stay),
		cmocka_unit_test(test_throttle),
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_restart_needed),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_quit),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_sync),
	};

	return RUN_TESTS("reload", tests, set_up, teardown);
}
