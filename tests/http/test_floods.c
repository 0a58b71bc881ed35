/* Floods of requests that nobody else makes: what others request all the time stays cached, and is made first where
   it is not. */
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define LARGE LIST "?mode=detailed&limit=100"
#define GZIP "Accept-Encoding: gzip\r\n"
#define BROWSER "Accept: text/html\r\n"

enum { FLIGHTS_MOST = 64, FLOOD = 40 };

static int64_t flights[FLIGHTS_MOST];
static size_t flight_count;

/* Over a new connection next time where the server says that it closes this one. */
static void request(struct wire *wire, const char *method, const char *target, const char *lines,
                    struct reply *reply)
{
	wire_ask(wire, method, target, lines);
	wire_read(wire, strcmp(method, "HEAD") == 0, reply);
	if (reply_header(reply, "Connection") == NULL)
		return;
	assert_string_equal(reply_header(reply, "Connection"), "close");
	wire_close(wire);
	wire_open(wire, server.port);
}

static size_t length_of(struct wire *wire, const char *target, const char *lines)
{
	struct reply reply;
	size_t length;

	request(wire, "GET", target, lines, &reply);
	assert_int_equal(reply.status, 200);
	length = reply.body_length;
	reply_fini(&reply);
	return length;
}

/* Every flight, with gzip and without; returns how many of these answers had to be made. */
static long long request_all(struct wire *wire)
{
	long long before = watch_metric(wire, "http_responses_made_total");
	char target[64];

	for (size_t i = 0; i < flight_count; i++) {
		snprintf(target, sizeof(target), LIST "%lld/", (long long)flights[i]);
		(void)length_of(wire, target, "Host: a\r\n");
		(void)length_of(wire, target, "Host: a\r\n" GZIP);
	}
	return watch_metric(wire, "http_responses_made_total") - before;
}

/* Until all documents and what the pages show beside them are in memory. */
static void await_all(struct wire *wire)
{
	(void)length_of(wire, LARGE, "Host: a\r\n" BROWSER);
	assert_true(poll_until(watch_is_cached, &(struct awaited){wire, LARGE, NULL}, 10));
	(void)length_of(wire, LARGE, "Host: a\r\n" BROWSER);
}

/* --- What is cached. --- */

static const struct flood {
	const char *name, *method;
	const char *target, *lines; /* `#` is the number */
	int times;                  /* of each */
} floods[] = {
	{"pages", "GET", LARGE "&n=1#", "Host: a\r\n" BROWSER, 1},
	{"pages, twice", "GET", LARGE "&n=2#", "Host: a\r\n" BROWSER, 2},
	{"pages, compressed", "GET", LARGE "&n=3#", "Host: a\r\n" BROWSER GZIP, 2},
	{"heads of pages", "HEAD", LARGE "&n=4#", "Host: a\r\n" BROWSER, 2},
	{"hosts", "GET", LARGE, "Host: crowd#\r\n", 2},
	{"hosts of small pages", "GET", LIST "?limit=5", "Host: small#\r\n" BROWSER, 2},
	{"encodings", "GET", LARGE, "Host: a\r\nAccept-Encoding: gzip, x#\r\n", 2},
};

/* The text with the number in its place. */
static void write_numbered(char *out, size_t size, const char *text, int number)
{
	const char *place = strchr(text, '#');

	if (place == NULL)
		snprintf(out, size, "%s", text);
	else
		snprintf(out, size, "%.*s%d%s", (int)(place - text), text, number, place + 1);
}

static void send_flood(struct wire *wire, const struct flood *flood)
{
	char target[128], lines[256];
	struct reply reply;

	for (int i = 0; i < FLOOD; i++) {
		write_numbered(target, sizeof(target), flood->target, i);
		write_numbered(lines, sizeof(lines), flood->lines, i);
		for (int time = 0; time < flood->times; time++) {
			request(wire, flood->method, target, lines, &reply);
			assert_int_equal(reply.status, 200);
			reply_fini(&reply);
		}
	}
}

/* The cache has room for twice the hot answers, or for a few of the flood's. */
static void test_hot_answers_stay_cached(void **state)
{
	struct wire hot, flood;

	(void)state;
	server_start(&server, database.conninfo,
	             WORDS("cache.size=32M", "server.clock=2025-04-13T02:53:55Z"));
	wire_open(&hot, server.port);
	wire_open(&flood, server.port);
	for (int i = 0; i < 4; i++)
		(void)request_all(&hot);
	assert_int_equal(request_all(&hot), 0);
	for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++) {
		long long made;

		send_flood(&flood, &floods[i]);
		made = request_all(&hot);
		if (made > 0)
			fail_msg("%s: %lld hot answers were made anew", floods[i].name, made);
	}
	wire_close(&flood);
	wire_close(&hot);
	server_stop(&server, NULL);
}

/* --- HEAD. --- */

static bool has_length(struct wire *wire, const char *lines, size_t length)
{
	struct reply reply;
	const char *stated;
	bool has;

	request(wire, "HEAD", LARGE, lines, &reply);
	assert_int_equal(reply.status, 200);
	stated = reply_header(&reply, "Content-Length");
	has = stated != NULL;
	assert_int_equal(has, reply_header(&reply, "ETag") != NULL);
	if (has)
		assert_int_equal(strtoul(stated, NULL, 10), length);
	reply_fini(&reply);
	return has;
}

/* A page with a live duration is old within a second, which slow builds may need to make it. */
static bool has_length_once_cached(struct wire *wire, const char *lines)
{
	for (int time = 0; time < 10; time++) {
		size_t length = length_of(wire, LARGE, lines);

		if (has_length(wire, lines, length))
			return true;
	}
	return false;
}

static void assert_same(const struct reply *one, const struct reply *other, const char *name)
{
	assert_non_null(reply_header(one, name));
	assert_string_equal(reply_header(one, name), reply_header(other, name));
}

/* HEAD of a large page that is not cached has all headers but those that only the body tells, and makes none. Of one
   that is cached it has them all. */
static void test_head_makes_no_body(void **state)
{
	static const char *const all[] = {"Host: a\r\n" BROWSER, "Host: a\r\n" GZIP,
	                                  "Host: a\r\n" BROWSER GZIP,
	                                  "Host: a\r\nAccept: application/json; indent=4\r\n"};
	static const char *const same[] = {"Content-Type", "Vary", "Allow"};
	struct wire wire;

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.clock=2025-04-13T02:53:55Z"));
	wire_open(&wire, server.port);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		long long made = watch_metric(&wire, "http_responses_made_total");
		struct reply head, whole;

		for (int time = 0; time < 3; time++)
			assert_false(has_length(&wire, all[i], 0));
		request(&wire, "HEAD", LARGE, all[i], &head);
		assert_int_equal(watch_metric(&wire, "http_responses_made_total"), made);
		request(&wire, "GET", LARGE, all[i], &whole);
		assert_int_equal(whole.status, 200);
		for (size_t j = 0; j < sizeof(same) / sizeof(same[0]); j++)
			assert_same(&head, &whole, same[j]);
		/* How long a page for browsers stays good is known once it is made. */
		if (strstr(all[i], BROWSER) != NULL)
			assert_string_equal(reply_header(&head, "Cache-Control"),
			                    "public, max-age=0");
		else
			assert_same(&head, &whole, "Cache-Control");
		if (reply_header(&whole, "Content-Encoding") != NULL)
			assert_same(&head, &whole, "Content-Encoding");
		assert_true(has_length_once_cached(&wire, all[i]));
		reply_fini(&head);
		reply_fini(&whole);
	}
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* --- Short work before large. --- */

/* Reads those answers that are there, or all of them; how many are 200: others are 503, since there is no time. */
static size_t read_pages(struct wire *wires, size_t count, bool all)
{
	size_t made = 0;

	for (size_t i = 0; i < count; i++) {
		struct reply reply;

		if (wires[i].fd < 0 || (!all && !wire_readable(&wires[i], 0)))
			continue;
		wire_read(&wires[i], false, &reply);
		assert_true(reply.status == 200 || reply.status == 503);
		made += reply.status == 200;
		reply_fini(&reply);
		wire_close(&wires[i]);
		wires[i].fd = -1;
	}
	return made;
}

/* Opens as many connections, from one address or from many, and requests something else on each. */
static void send_crowd(struct wire *crowd, size_t count, bool many, const char *target_text,
                       const char *lines)
{
	char target[128], source[32];

	for (size_t i = 0; i < count; i++) {
		write_numbered(target, sizeof(target), target_text, (int)i);
		snprintf(source, sizeof(source), "127.0.1.%zu", many ? i + 1 : 1);
		wire_open_from(&crowd[i], source, server.port);
		wire_ask(&crowd[i], "GET", target, lines);
	}
}

/* A small answer that has to be made does not wait for large ones that came before it, from many clients. */
static void test_short_before_large(void **state)
{
	static struct wire crowd[FLOOD];
	char target[64];
	struct wire wire;
	size_t before, after;

	(void)state;
	server_start(&server, database.conninfo, NULL);
	wire_open(&wire, server.port);
	await_all(&wire);
	send_crowd(crowd, FLOOD, true, LARGE "&n=#", "Host: a\r\n" BROWSER GZIP);
	/* The last one is under way. */
	(void)length_of(&wire, "/robots.txt", "Host: a\r\n");
	snprintf(target, sizeof(target), LIST "%lld/", (long long)flights[0]);
	(void)length_of(&wire, target, "Host: a\r\n" GZIP);
	before = read_pages(crowd, FLOOD, false);
	after = read_pages(crowd, FLOOD, true);
	if (before > after)
		fail_msg("%zu large answers came first, %zu later", before, after);
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* Of the server's threads, how many leave processors to others. */
static int background_threads(pid_t pid)
{
	int count = 0;
	char path[64];
	glob_t tasks;

	snprintf(path, sizeof(path), "/proc/%d/task/*", (int)pid);
	assert_int_equal(glob(path, GLOB_NOSORT, NULL, &tasks), 0);
	for (size_t i = 0; i < tasks.gl_pathc; i++)
		count +=
			getpriority(PRIO_PROCESS, (id_t)atoi(strrchr(tasks.gl_pathv[i], '/') + 1)) >
			getpriority(PRIO_PROCESS, 0);
	globfree(&tasks);
	return count;
}

static bool one_is_in_the_background(void *nothing)
{
	(void)nothing;
	return background_threads(server.process.pid) == 1;
}

/* The one that renders what is large does; not those that serve connections, or what others wait for. */
static void test_large_in_the_background(void **state)
{
	(void)state;
	server_start(&server, database.conninfo, NULL);
	assert_true(poll_until(one_is_in_the_background, NULL, 10));
	server_stop(&server, NULL);
}

/* The thread that serves connections makes no large page, whatever its format: all that have come are waiting when it
   goes on. */
static void test_small_beside_large(void **state)
{
	enum { CROWD = 200 };
	static struct wire crowd[CROWD];
	struct wire wire;
	size_t before = 0;

	(void)state;
	server_start(&server, database.conninfo, NULL);
	wire_open(&wire, server.port);
	await_all(&wire);
	kill(server.process.pid, SIGSTOP);
	for (int i = 0; i < CROWD; i++) {
		char source[32], lines[32];

		snprintf(source, sizeof(source), "127.0.1.%d", i + 1);
		snprintf(lines, sizeof(lines), "Host: new%d\r\n", i);
		wire_open_from(&crowd[i], source, server.port);
		wire_ask(&crowd[i], "GET", LARGE, lines);
	}
	wire_close(&wire);
	wire_open(&wire, server.port);
	wire_ask(&wire, "GET", "/robots.txt", "Host: a\r\n");
	kill(server.process.pid, SIGCONT);
	assert_true(wire_readable(&wire, WIRE_SECONDS * 1000));
	for (int i = 0; i < CROWD; i++)
		before += wire_readable(&crowd[i], 0);
	if (before > CROWD / 2)
		fail_msg("%zu of %d large answers came first", before, CROWD);
	(void)read_pages(crowd, CROWD, true);
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* One client has more large pages made than there is time for: another one has its own made nevertheless. */
static void test_large_work_is_shared(void **state)
{
	enum { CROWD = 250 };
	static struct wire crowd[CROWD];
	char target[128];
	struct wire wire;

	(void)state;
	server_start(&server, database.conninfo, NULL);
	wire_open(&wire, server.port);
	await_all(&wire);
	for (int i = 0; i < 5; i++) { /* for the server to know how long it takes */
		snprintf(target, sizeof(target), LARGE "&n=first%d", i);
		(void)length_of(&wire, target, "Host: a\r\n" BROWSER GZIP);
	}
	send_crowd(crowd, CROWD, false, LARGE "&n=#", "Host: a\r\n" BROWSER GZIP);
	(void)length_of(&wire, "/robots.txt", "Host: a\r\n"); /* the last one is under way */
	for (int i = 0; i < 3; i++)
		(void)length_of(&wire, LARGE "&n=other", "Host: a\r\n" BROWSER GZIP);
	assert_in_range(read_pages(crowd, CROWD, true), 1, CROWD - 1);
	wire_close(&wire);
	server_stop(&server, NULL);
}

/* When the data has changed, what others have requested before is read before what nobody has. */
static void test_hot_before_cold(void **state)
{
	static const char hot[] = LIST "?ordering=-id&limit=1";
	static struct wire crowd[FLOOD];
	size_t before, after;
	struct wire wire;

	(void)state;
	server_start(&server, database.conninfo, WORDS("server.workers=1"));
	wire_open(&wire, server.port);
	await_all(&wire);
	for (int i = 0; i < 3; i++)
		(void)length_of(&wire, hot, "Host: a\r\n");
	free(test_sql(database.conninfo, "UPDATE spacecraft_flight SET destination = 'Changed'"));
	assert_true(poll_until(watch_has_come, &(struct awaited){&wire, LIST "?limit=1", "Changed"},
	                       10));
	send_crowd(crowd, FLOOD, true, LARGE "&ordering=-id&n=#", "Host: a\r\n" BROWSER);
	(void)length_of(&wire, "/robots.txt", "Host: a\r\n"); /* the last one is under way */
	(void)length_of(&wire, hot, "Host: a\r\n");
	before = read_pages(crowd, FLOOD, false);
	after = read_pages(crowd, FLOOD, true);
	if (before > after)
		fail_msg("%zu that nobody had requested came first, %zu later", before, after);
	wire_close(&wire);
	server_stop(&server, NULL);
}

static int set_up(void **state)
{
	char *ids, *rest, *id;

	set_up_samples(state);
	ids = rest =
		test_sql(database.conninfo,
	                 "SELECT string_agg(id::text, ',') FROM spacecraft_flight"
	                 " WHERE mission_end IS NOT NULL"); /* what is under way is made again */
	while ((id = strsep(&rest, ",")) != NULL && flight_count < FLIGHTS_MOST)
		flights[flight_count++] = atoll(id);
	assert_true(flight_count > 5);
	free(ids);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hot_answers_stay_cached),
		cmocka_unit_test(test_head_makes_no_body),
		cmocka_unit_test(test_short_before_large),
		cmocka_unit_test(test_large_in_the_background),
		cmocka_unit_test(test_small_beside_large),
		cmocka_unit_test(test_large_work_is_shared),
		cmocka_unit_test(test_hot_before_cold),
	};

	return RUN_TESTS("floods", tests, set_up, tear_down);
}
