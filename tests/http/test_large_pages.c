/* Pages that are sent in parts, each of which many pages show: the right ones for each host and format, tags
   and lengths as of other answers, durations that go on. What the bytes are, test_roundtrip.c tells. */
#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/temporal.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/watching.h"

#define PAGE "/2.3.0/spacecraft_flights/?limit=100&mode=detailed"
#define LIVE_FLIGHT 864
#define LARGE (256 * 1024) /* bytes: every page here has more */

static void ask(int port, const char *method, const char *target, const char *host,
                const char *lines, struct reply *reply)
{
	char all[1024];
	struct wire wire;

	snprintf(all, sizeof(all), "Host: %s\r\n%s", host, lines);
	wire_open(&wire, port);
	wire_ask(&wire, method, target, all);
	wire_read(&wire, strcmp(method, "HEAD") == 0, reply);
	wire_close(&wire);
}

static void get(int port, const char *target, const char *host, struct reply *reply)
{
	ask(port, "GET", target, host, "", reply);
	assert_int_equal(reply->status, 200);
	assert_true(reply->body_length > LARGE);
}

static size_t occurrences(const char *text, const char *what)
{
	size_t count = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		count++;
	return count;
}

/* Each host gets its own links, and each format, however they take turns. */
static void test_hosts_and_formats(void **state)
{
	static const char *const hosts[] = {"one.example.org", "two.example.org"};
	static const char *const formats[] = {"", "&format=json"};

	(void)state;
	for (int i = 0; i < 12; i++) {
		char target[256], link[128];
		const char *host = hosts[i % 2], *format = formats[i / 2 % 2];
		struct reply reply;

		snprintf(target, sizeof(target), "%s&offset=%d%s", PAGE, i % 3, format);
		snprintf(link, sizeof(link), "http://%s/2.3.0/", host);
		get(server.port, target, host, &reply);
		assert_true(occurrences(reply.body, link) > 100);
		assert_int_equal(occurrences(reply.body, hosts[(i + 1) % 2]), 0);
		/* That of the page before has it too. */
		assert_true(format[0] ? occurrences(reply.body, "?format=json\"") > 100
		                      : occurrences(reply.body, "?format=json") == 0);
		reply_fini(&reply);
	}
}

/* The second answer is made of what the first left, or is the first. */
static void test_tags(void **state)
{
	struct test_server other;
	struct reply first, reply;
	char lines[256];

	(void)state;
	server_start(&other, database.conninfo,
	             WORDS("cache.size=0", "server.clock=2025-04-13T02:53:55Z"));
	get(other.port, PAGE, "a", &first);
	for (int i = 0; i < 3; i++) {
		get(server.port, PAGE, "a", &reply);
		assert_int_equal(reply.body_length, first.body_length);
		assert_memory_equal(reply.body, first.body, first.body_length);
		assert_string_equal(reply_header(&reply, "ETag"), reply_header(&first, "ETag"));
		reply_fini(&reply);
		ask(server.port, "HEAD", PAGE, "a", "", &reply);
		assert_int_equal(strtoul(reply_header(&reply, "Content-Length"), NULL, 10),
		                 first.body_length);
		assert_string_equal(reply_header(&reply, "ETag"), reply_header(&first, "ETag"));
		reply_fini(&reply);
		snprintf(lines, sizeof(lines), "If-None-Match: %s\r\n",
		         reply_header(&first, "ETag"));
		ask(server.port, "GET", PAGE, "a", lines, &reply);
		assert_int_equal(reply.status, 304);
		reply_fini(&reply);
	}
	reply_fini(&first);
	server_stop(&other, NULL);
}

/* HEAD does not make a page of HTML, and how long it is good is known only then: no longer than GET says. */
static void test_head_of_html(void **state)
{
	struct reply reply;

	(void)state;
	ask(server.port, "HEAD", PAGE "&offset=3", "a", "Accept: text/html\r\n", &reply);
	assert_int_equal(reply.status, 200);
	assert_null(reply_header(&reply, "ETag"));
	assert_string_equal(reply_header(&reply, "Cache-Control"), "public, max-age=0");
	reply_fini(&reply);
}

static const char *const pages[] = {
	PAGE,
	PAGE "&offset=1",
	PAGE "&format=json",
	"/2.3.0/spacecraft_flights/?limit=99&mode=detailed",
};

#define PAGES (sizeof(pages) / sizeof(pages[0]))

static void test_tags_differ(void **state)
{
	char tags[PAGES][128];
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < PAGES; i++) {
		get(server.port, pages[i], "a", &reply);
		snprintf(tags[i], sizeof(tags[i]), "%s", reply_header(&reply, "ETag"));
		reply_fini(&reply);
		/* The same flights, in a page whose links differ or that begins elsewhere. */
		for (size_t j = 0; j < i && i < 3; j++)
			assert_string_not_equal(tags[i], tags[j]);
	}
}

struct change {
	char tag[128];
	bool seen;
};

static bool change_is_seen(void *user)
{
	struct change *change = user;
	struct reply reply;

	get(server.port, PAGE, "a", &reply);
	change->seen = strstr(reply.body, "\"Elsewhere 840\"") != NULL;
	assert_true(change->seen == (strcmp(reply_header(&reply, "ETag"), change->tag) != 0));
	reply_fini(&reply);
	return change->seen;
}

static void test_change_of_one_flight(void **state)
{
	struct change change;
	struct reply reply;

	(void)state;
	get(server.port, PAGE, "a", &reply);
	snprintf(change.tag, sizeof(change.tag), "%s", reply_header(&reply, "ETag"));
	reply_fini(&reply);
	free(test_sql(database.conninfo,
	              "UPDATE spacecraft_flight SET destination = 'Elsewhere 840' WHERE id = 840"));
	assert_true(poll_until(change_is_seen, &change, 10));
}

/* The live flight's duration within the page. */
static int64_t shown_duration(int port, int64_t *net)
{
	struct reply reply;
	json_t *page, *flight;
	int64_t duration = -1;
	size_t i;

	get(port, PAGE, "a", &reply);
	page = json_loadb(reply.body, reply.body_length, 0, NULL);
	assert_non_null(page);
	json_array_foreach(json_object_get(page, "results"), i, flight)
	{
		if (json_integer_value(json_object_get(flight, "id")) != LIVE_FLIGHT)
			continue;
		assert_true(duration_parse(json_string_value(json_object_get(flight, "duration")),
		                           &duration));
		assert_true(moment_parse(json_string_value(json_object_get(
						 json_object_get(flight, "launch"), "net")),
		                         net));
	}
	json_decref(page);
	reply_fini(&reply);
	assert_true(duration >= 0);
	return duration;
}

/* A text that is kept is never shown when it is more than a second old. */
static void test_live_durations(void **state)
{
	struct test_server live;
	int64_t end = clock_monotonic() + INT64_C(2500000);
	size_t answers = 0;

	(void)state;
	server_start(&live, database.conninfo, NULL);
	while (clock_monotonic() < end || answers < 3) {
		int64_t net, asked = clock_now();
		int64_t duration = shown_duration(live.port, &net);

		/* With room for the time between two looks at the clock. */
		if (duration < asked - net - INT64_C(1050000) || duration > clock_now() - net)
			fail_msg("the duration shown is %lld us old",
			         (long long)(asked - net - duration));
		answers++;
	}
	server_stop(&live, NULL);
}

static long long kept(int port)
{
	struct wire wire;
	long long entries;

	wire_open(&wire, port);
	entries = watch_metric(&wire, "cache_entries");
	wire_close(&wire);
	return entries;
}

/* Hosts that come once leave nothing behind; what is asked for again is kept. */
static void test_crowd_of_hosts(void **state)
{
	long long before;
	struct reply reply;

	(void)state;
	get(server.port, PAGE, "a", &reply);
	reply_fini(&reply);
	before = kept(server.port);
	for (int i = 0; i < 20; i++) {
		char host[32];

		snprintf(host, sizeof(host), "crowd%d.example.org", i);
		get(server.port, PAGE, host, &reply);
		reply_fini(&reply);
	}
	assert_int_equal(kept(server.port), before);
	/* Another page of the same texts. */
	get(server.port, PAGE "&offset=1", "crowd0.example.org", &reply);
	reply_fini(&reply);
	assert_true(kept(server.port) > before);
}

/* --- What the system holds --- */

/* Bytes that were sent to the wire's side and did not arrive there; -1: no such connection. */
static long queued(int port, const struct wire *wire)
{
	struct sockaddr_in ours = {0};
	socklen_t length = sizeof(ours);
	FILE *table = fopen("/proc/net/tcp", "r");
	unsigned local, remote, queue;
	char line[256];
	long found = -1;

	assert_non_null(table);
	assert_int_equal(getsockname(wire->fd, (struct sockaddr *)&ours, &length), 0);
	while (fgets(line, sizeof(line), table) != NULL)
		if (sscanf(line, " %*d: %*8x:%x %*8x:%x %*x %x:", &local, &remote, &queue) == 3 &&
		    local == (unsigned)port && remote == ntohs(ours.sin_port))
			found = queue;
	fclose(table);
	return found;
}

/* What is queued for a client that reads nothing, when it grows no more for a fifth of a second. */
struct watched {
	const struct wire *wire;
	int port;
	long queued;
	int64_t since;
};

static bool is_stuck(void *user)
{
	struct watched *watched = user;
	long now = queued(watched->port, watched->wire);

	if (now != watched->queued)
		watched->since = clock_monotonic();
	watched->queued = now;
	return now > 0 && clock_monotonic() - watched->since > INT64_C(200000);
}

static long queued_at_most(const char *setting)
{
	struct test_server limited;
	struct watched watched;
	struct reply reply;
	struct wire wire;

	server_start(&limited, database.conninfo, WORDS(setting));
	get(limited.port, PAGE, "a", &reply);
	assert_true(reply.body_length > LARGE);
	reply_fini(&reply);
	wire_open(&wire, limited.port);
	wire_ask(&wire, "GET", PAGE, "Host: a\r\n");
	watched = (struct watched){&wire, limited.port, 0, clock_monotonic()};
	if (!poll_until(is_stuck, &watched, 30))
		fail_msg("%s: %ld bytes are queued, for %lld us", setting, watched.queued,
		         (long long)(clock_monotonic() - watched.since));
	/* All of it comes nevertheless. */
	wire_read(&wire, false, &reply);
	assert_true(reply.body_length > LARGE);
	reply_fini(&reply);
	wire_close(&wire);
	server_stop(&limited, NULL);
	return watched.queued;
}

/* The system takes twice of what it was told, for its own needs. */
static void test_send_buffer(void **state)
{
	(void)state;
	assert_in_range(queued_at_most("server.send_buffer=16K"), 1, 80000);
	assert_in_range(queued_at_most("server.send_buffer=64K"), 30000, 200000);
	assert_true(queued_at_most("server.send_buffer=0") > 200000);
}

static int set_up(void **state)
{
	set_up_samples(state);
	server_start(&server, database.conninfo, WORDS("server.clock=2025-04-13T02:53:55Z"));
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_and_formats),    cmocka_unit_test(test_tags),
		cmocka_unit_test(test_head_of_html),         cmocka_unit_test(test_tags_differ),
		cmocka_unit_test(test_change_of_one_flight), cmocka_unit_test(test_live_durations),
		cmocka_unit_test(test_crowd_of_hosts),       cmocka_unit_test(test_send_buffer),
	};

	return RUN_TESTS("large pages", tests, set_up, tear_down);
}
