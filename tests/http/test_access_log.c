/* The access log: each request has its line, whatever clients send, whoever reads it, and wherever it goes. */
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/fixture.h"
#include "support/logs.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/temporary.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"

static char directory[TEMPORARY_SIZE];
static char path[TEMPORARY_SIZE + 16],
	setting[TEMPORARY_SIZE + 32]; /* of the log; log.access=... */

/* --- Combined. --- */

struct logged {
	const char *method, *target, *lines;
	const char *rest; /* of the line, a pattern, behind the time */
};

#define AT "^127\\.0\\.0\\.1 - - \\[[0-9]{2}/[A-Z][a-z]{2}/20[0-9]{2}:[0-9:]{8} \\+0000\\] "

static const struct logged all_logged[] = {
	{"GET", "/robots.txt", "", "\"GET /robots\\.txt HTTP/1\\.1\" 200 32 \"-\" \"-\"$"},
	{"HEAD", LIST, "User-Agent: probe/1.0\r\nReferer: https://a.example/b?c\r\n",
         "\"HEAD /2\\.3\\.0/spacecraft_flights/ HTTP/1\\.1\" 200 0 \"https://a\\.example/b\\?c\" "
         "\"probe/1\\.0\"$"},
	{"GET", LIST "?limit=1", "If-None-Match: *\r\n",
         "\"GET /2\\.3\\.0/spacecraft_flights/\\?limit=1 HTTP/1\\.1\" 304 0 \"-\" \"-\"$"},
	{"POST", LIST, "",
         "\"POST /2\\.3\\.0/spacecraft_flights/ HTTP/1\\.1\" 405 [1-9][0-9]* \"-\" \"-\"$"},
	{"GET", "/%22%0A%00?\"\\", "", "\"GET /%22%0A%00\\?\\\\x22\\\\x5C HTTP/1\\.1\" 404 179 "},
	{"GET", "/x", "User-Agent: a\" 200 1 \"b\\\t\xff\xc3\xa4\r\n",
         " 404 179 \"-\" \"a\\\\x22 200 1 \\\\x22b\\\\x5C\\\\x09\\\\xFF\\\\xC3\\\\xA4\"$"},
	{"BREW", "/", "", "\"BREW / HTTP/1\\.1\" 302 0 \"-\" \"-\"$"},
};

#define LOGGED_COUNT (sizeof(all_logged) / sizeof(all_logged[0]))

static void ask(struct wire *wire, const char *method, const char *target, const char *lines,
                struct reply *reply)
{
	char all[512];

	snprintf(all, sizeof(all), "Host: a\r\n%s", lines);
	wire_ask(wire, method, target, all);
	wire_read(wire, strcmp(method, "HEAD") == 0, reply);
}

static void test_combined(void **state)
{
	struct reply reply;
	const char *line;
	char *log;

	(void)state;
	serve(WORDS(setting));
	for (size_t i = 0; i < LOGGED_COUNT; i++) {
		ask(&client, all_logged[i].method, all_logged[i].target, all_logged[i].lines,
		    &reply);
		reply_fini(&reply);
	}
	log = log_await_lines(path, LOGGED_COUNT);
	line = log;
	for (size_t i = 0; i < LOGGED_COUNT; i++) {
		size_t length = strcspn(line, "\n");

		log_match(line, length, AT "\"");
		log_match(line, length, all_logged[i].rest);
		line += length + 1;
	}
	free(log);
	serve_end(NULL);
}

/* What is refused before it is read to its end, one way or the other. */
static void test_refused(void **state)
{
	struct strbuf target = STRBUF_INIT;
	struct reply reply;
	const char *line;
	char *log;

	(void)state;
	serve(WORDS(setting));
	ask(&client, "GET", "/twice", "Content-Length: 1\r\nContent-Length: 2\r\n", &reply);
	assert_int_equal(reply.status, 400);
	reply_fini(&reply);
	wire_close(&client);
	strbuf_str(&target, "/long?");
	for (int i = 0; i < 15000; i++)
		strbuf_char(&target, 'x');
	wire_get(server.port, target.data, "", &reply);
	assert_int_equal(reply.status, 414);
	reply_fini(&reply);
	log = log_await_lines(path, 2);
	line = strchr(log, '\n') + 1;
	log_match(log, (size_t)(line - log - 1),
	          AT "\"GET /twice HTTP/1\\.1\" 400 [1-9][0-9]* \"-\" \"-\"$");
	log_match(line, strlen(line) - 1, AT "\"[-GET]+ /long\\?x{4090} [^ ]+\" 414 [0-9]+ \"");
	free(log);
	strbuf_fini(&target);
	server_stop(&server, NULL);
}

/* --- JSON, and the id. --- */

static const char *text_of_member(const json_t *line, const char *name)
{
	const char *text = json_string_value(json_object_get(line, name));

	if (!text)
		fail_msg("no %s", name);
	return text;
}

static double number_of_member(const json_t *line, const char *name)
{
	const json_t *number = json_object_get(line, name);

	assert_true(json_is_number(number));
	return json_number_value(number);
}

/* Its last line, once it has so many; new. */
static json_t *await_json(int count)
{
	char *log = log_await_lines(path, count), *last;
	json_error_t error;
	json_t *line;

	log[strlen(log) - 1] = '\0';
	last = strrchr(log, '\n');
	line = json_loads(last ? last + 1 : log, JSON_REJECT_DUPLICATES, &error);
	if (!line)
		fail_msg("%s: %s", error.text, last ? last + 1 : log);
	free(log);
	return line;
}

static void test_json(void **state)
{
	struct reply reply;
	json_t *line;

	(void)state;
	serve(WORDS(setting, "log.access_format=json"));
	ask(&client, "GET", LIST "1/?format=json",
	    "User-Agent: \"\xc3\xa4\\\t\xff\r\nReferer: here\r\n", &reply);
	assert_int_equal(reply.status, 200);
	line = await_json(1);
	assert_string_equal(text_of_member(line, "request_id"),
	                    reply_header(&reply, "X-Request-ID"));
	assert_string_equal(text_of_member(line, "client"), "127.0.0.1");
	assert_string_equal(text_of_member(line, "method"), "GET");
	assert_string_equal(text_of_member(line, "host"), "a");
	assert_string_equal(text_of_member(line, "target"), LIST "1/?format=json");
	assert_string_equal(text_of_member(line, "protocol"), "HTTP/1.1");
	assert_string_equal(text_of_member(line, "route"), LIST "{id}/");
	assert_string_equal(text_of_member(line, "referer"), "here");
	assert_string_equal(text_of_member(line, "user_agent"), "\"\xc3\xa4\\\t\xef\xbf\xbd");
	assert_int_equal(number_of_member(line, "status"), 200);
	assert_int_equal(number_of_member(line, "bytes"), reply.body_length);
	assert_true(json_is_true(json_object_get(line, "complete")));
	assert_true(number_of_member(line, "duration") <= number_of_member(line, "sent"));
	assert_true(number_of_member(line, "sent") < 60);
	log_match(text_of_member(line, "time"), 24,
	          "^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z$");
	json_decref(line);
	reply_fini(&reply);
	serve_end(NULL);
}

static bool database_is_waited_for(void *user)
{
	char *count =
		test_sql(database.conninfo,
	                 "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
	                 " WHERE NOT l.granted AND d.datname = current_database()"
	                 " AND l.relation = 'spacecraft_flight'::regclass");
	bool waited = atoi(count) > 0;

	(void)user;
	free(count);
	return waited;
}

/* Of a client that has gone when its answer is ready. */
static void test_client_gone(void **state)
{
	const struct linger at_once = {.l_onoff = 1};
	json_t *line;

	(void)state;
	serve(WORDS(setting, "log.access_format=json"));
	test_lock(database.conninfo, "spacecraft_flight");
	wire_ask(&client, "GET", LIST "?ordering=destination", "Host: a\r\n");
	assert_true(poll_until(database_is_waited_for, NULL, 20));
	assert_false(wire_readable(&client, 100));
	assert_int_equal(setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
	                 0);
	wire_close(&client);
	test_unlock();
	line = await_json(1);
	assert_string_equal(text_of_member(line, "target"), LIST "?ordering=destination");
	assert_true(json_is_false(json_object_get(line, "complete")));
	assert_true(number_of_member(line, "sent") >= 0.1);
	json_decref(line);
	server_stop(&server, NULL);
}

/* --- Files that come and go. --- */

static char ini[TEMPORARY_SIZE + 16];

static void write_ini(const char *access)
{
	FILE *file = fopen(ini, "we");

	assert_non_null(file);
	fprintf(file, "[log]\naccess = %s\n", access);
	assert_int_equal(fclose(file), 0);
}

/* With its settings in the file. */
static void start_with_file(const char *access)
{
	char listen[64];
	int port = port_reserve();

	write_ini(access);
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", port);
	server_start_words(&server, port,
	                   WORDS("-c", ini, "--set", listen, "--set", database.setting, "serve"));
}

static void hang_up(const char *part, int count)
{
	kill(server.process.pid, SIGHUP);
	log_await(&server.process, part, count);
}

static int request(struct wire *wire)
{
	assert_int_equal(watch_status(wire, LIST "?limit=1"), 200);
	return 1;
}

/* Requests until the file has a line, or for a while. Returns how many. */
static int request_until_logged(struct wire *wire, const char *name)
{
	int64_t end = clock_monotonic() + 20 * INT64_C(1000000);
	int requests = 0;

	while (log_line_count(name) == 0) {
		if (clock_monotonic() > end)
			fail_msg("nothing comes to %s", name);
		requests += request(wire);
	}
	return requests;
}

/* Moved away and opened anew while requests come, as logrotate does it: no line is lost. */
static void test_rotation(void **state)
{
	char moved[sizeof(path) + 8];
	struct wire wire;
	int requests = 0;

	(void)state;
	start_with_file(path);
	wire_open(&wire, server.port);
	requests += request(&wire);
	free(log_await_lines(path, requests));
	for (int i = 0; i < 3; i++) {
		int lines = 0;

		snprintf(moved, sizeof(moved), "%s.%d", path, i);
		assert_int_equal(rename(path, moved), 0);
		requests += request(&wire);
		kill(server.process.pid, SIGHUP);
		requests += request_until_logged(&wire, path);
		requests += request(&wire);
		/* Those that came before the file was there are in one of the two. */
		for (int j = 0; j <= i; j++) {
			snprintf(moved, sizeof(moved), "%s.%d", path, j);
			lines += log_line_count(moved);
		}
		free(log_await_lines(path, requests - lines));
		assert_true(requests - lines >= 1);
	}
	wire_close(&wire);
	server_stop(&server, NULL);
	for (int i = 0; i < 3; i++) {
		snprintf(moved, sizeof(moved), "%s.%d", path, i);
		unlink(moved);
	}
}

/* Wanted, not wanted, elsewhere, and where it cannot be. */
static void test_reload(void **state)
{
	char other[sizeof(path) + 8], nowhere[sizeof(path) + 16];
	struct reply reply;
	struct wire wire;

	(void)state;
	snprintf(other, sizeof(other), "%s.other", path);
	snprintf(nowhere, sizeof(nowhere), "%s.none/file", path);
	start_with_file("");
	wire_open(&wire, server.port);
	request(&wire);
	watch_ask(&wire, "/health", "", &reply);
	assert_null(reply_header(&reply, "X-Request-ID"));
	reply_fini(&reply);
	assert_int_equal(access(path, F_OK), -1);
	write_ini(path);
	hang_up("changed: log.access\n", 1);
	request_until_logged(&wire, path);
	write_ini(nowhere);
	hang_up("log.access: cannot open ", 1);
	write_ini(other);
	hang_up("changed: log.access\n", 3);
	request_until_logged(&wire, other);
	write_ini("");
	hang_up("changed: log.access\n", 4);
	watch_ask(&wire, "/health", "", &reply);
	assert_null(reply_header(&reply, "X-Request-ID"));
	reply_fini(&reply);
	wire_close(&wire);
	server_stop(&server, NULL);
	unlink(other);
}

static void test_no_such_place(void **state)
{
	char listen[64];
	struct output output;

	(void)state;
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", port_reserve());
	command_run(&output, WORDS("--set", listen, "--set", database.setting, "--set",
	                           "log.access=/nowhere/at/all", "serve"));
	assert_int_equal(output.status, 1);
	assert_non_null(
		strstr(output.err, "log.access: cannot open /nowhere/at/all: No such file"));
	output_fini(&output);
	/* A pipe that nobody reads would keep the server from its begin. */
	assert_int_equal(mkfifo(path, 0600), 0);
	command_run(&output,
	            WORDS("--set", listen, "--set", database.setting, "--set", setting, "serve"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, ": No such device or address"));
	output_fini(&output);
	command_run(&output, WORDS("--set", "log.access=relative.log", "check"));
	assert_non_null(strstr(output.out, "\"relative.log\" is not stderr or the absolute path"));
	output_fini(&output);
}

static void test_standard_error(void **state)
{
	struct output output;

	(void)state;
	serve(WORDS("log.access=stderr"));
	request(&client);
	serve_end(&output);
	assert_non_null(strstr(output.err, "\"GET " LIST "?limit=1 HTTP/1.1\" 200 "));
	assert_non_null(strstr(output.err, "listening on"));
	output_fini(&output);
}

/* --- A reader that stops. --- */

#define STUCK 20000 /* requests: several times what a pipe and the log's memory hold */

/* Answers come as fast as ever, what does not fit is counted, and the end does not wait for the reader. */
static void test_reader_stops(void **state)
{
	struct output output;
	struct strbuf many = STRBUF_INIT, seen = STRBUF_INIT;
	char part[4096];
	int64_t begin, took;
	int pipe;
	ssize_t length;
	long dropped, lines = 0;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	pipe = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(pipe >= 0);
	serve(WORDS(setting));
	assert_true(poll_until(watch_is_cached, &(struct awaited){&client, LIST "1/", NULL}, 10));
	for (int i = 0; i < 100; i++)
		strbuf_str(&many,
		           "HEAD " LIST "1/ HTTP/1.1\r\nHost: a\r\n"
		           "User-Agent: a line that is as long as those of browsers\r\n\r\n");
	begin = clock_monotonic();
	for (int i = 0; i < STUCK / 100; i++) {
		wire_send(&client, many.data, many.length);
		for (int j = 0; j < 100; j++) {
			struct reply reply;

			wire_read(&client, true, &reply);
			assert_int_equal(reply.status, 200);
			reply_fini(&reply);
		}
	}
	took = clock_monotonic() - begin;
	if (took > watch_bound(20000))
		fail_msg("%d answers took %lld ms", STUCK, (long long)took / 1000);
	dropped = (long)watch_metric(&client, "access_log_lines_dropped_total");
	assert_in_range(dropped, 1, STUCK);
	wire_close(&client);
	begin = clock_monotonic();
	server_stop(&server, &output);
	assert_true(clock_monotonic() - begin < watch_bound(4000));
	output_fini(&output);
	/* What is in the pipe are whole lines, but for the last perhaps. */
	while ((length = read(pipe, part, sizeof(part))) > 0)
		strbuf_add(&seen, part, (size_t)length);
	for (char *line = seen.data, *end; (end = strchr(line, '\n')); line = end + 1, lines++)
		log_match(line, (size_t)(end - line), AT "\".* 200 [0-9]+ \"-\" \"");
	assert_true(lines > 100);
	strbuf_fini(&seen);
	strbuf_fini(&many);
	close(pipe);
}

/* Makes requests, too. */
static bool is_dropped(void *wire)
{
	for (int i = 0; i < 500; i++)
		(void)watch_status(wire, "/robots.txt");
	return watch_metric(wire, "access_log_lines_dropped_total") > 0;
}

/* Reads what there is; whether the text is in it. */
static bool read_text(int pipe, const char *wanted)
{
	bool found = false;
	char part[65536];
	ssize_t length;

	while ((length = read(pipe, part, sizeof(part) - 1)) > 0) {
		part[length] = '\0';
		found = found || strstr(part, wanted) != NULL;
	}
	return found;
}

static bool read_until_told(void *pipe)
{
	(void)read_text(*(int *)pipe, "");
	return log_count(&server.process, " lines of the access log were dropped: ") >= 1;
}

static bool read_until_it_comes(void *pipe)
{
	return read_text(*(int *)pipe, "GET /a-line-that-comes ");
}

/* When it reads again, lines come again, and the log says how many did not. */
static void test_reader_goes_on(void **state)
{
	struct output output;
	int pipe;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	pipe = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(pipe >= 0);
	serve(WORDS(setting));
	assert_true(poll_until(is_dropped, &client, 60));
	assert_true(poll_until(read_until_told, &pipe, 60));
	assert_int_equal(watch_status(&client, "/a-line-that-comes"), 404);
	assert_true(poll_until(read_until_it_comes, &pipe, 10));
	wire_close(&client);
	close(pipe);
	server_stop(&server, &output);
	output_fini(&output);
}

static int remove_log(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static int set_up(void **state)
{
	set_up_flights(state);
	temporary_directory(directory, "access");
	snprintf(path, sizeof(path), "%s/access.log", directory);
	snprintf(ini, sizeof(ini), "%s/settings.ini", directory);
	snprintf(setting, sizeof(setting), "log.access=%s", path);
	return 0;
}

static int teardown(void **state)
{
	unlink(ini);
	temporary_remove(directory);
	return tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, remove_log, remove_log)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_combined),       TEST(test_refused),        TEST(test_json),
		TEST(test_client_gone),    TEST(test_rotation),       TEST(test_reload),
		TEST(test_no_such_place),  TEST(test_standard_error), TEST(test_reader_stops),
		TEST(test_reader_goes_on),
	};

	return RUN_TESTS("access log", tests, set_up, teardown);
}
