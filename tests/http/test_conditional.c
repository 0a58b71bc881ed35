/* What goes beyond the original: entity tags, content codings and lifetimes. */
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define TAG_SIZE 128

static void get(const char *target, const char *lines, struct reply *reply)
{
	wire_get(server.port, target, lines, reply);
}

static void assert_header(const struct reply *reply, const char *name, const char *expected)
{
	const char *found = reply_header(reply, name);

	if (found && expected ? strcmp(found, expected) != 0 : found != expected)
		fail_msg("%s: %s instead of %s", name, found ? found : "(none)",
		         expected ? expected : "(none)");
}

static void tag_of(const char *target, const char *lines, char tag[static TAG_SIZE])
{
	struct reply reply;

	get(target, lines, &reply);
	assert_int_equal(reply.status, 200);
	assert_non_null(reply_header(&reply, "ETag"));
	snprintf(tag, TAG_SIZE, "%s", reply_header(&reply, "ETag"));
	reply_fini(&reply);
}

/* --- Entity tags --- */

/* Every way to ask for the same flights: each has a tag of its own. */
static const char *const ways[][2] = {
	{LIST, ""},
	{LIST, "Accept-Encoding: gzip\r\n"},
	{LIST, "Accept-Encoding: zstd\r\n"},
	{LIST, "Accept: application/json; indent=2\r\n"},
	{LIST, "Accept: text/html\r\n"},
	{LIST, "Accept: text/html\r\nAccept-Encoding: gzip\r\n"},
	{LIST "?limit=11", ""},
	{LIST "?mode=detailed", ""},
	{LIST "?format=json", ""},
	{LIST "1/", ""},
	{LIST "1/", "Accept-Encoding: gzip\r\n"},
	{LIST "2/", ""},
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static void test_tags_are_strong_and_differ(void **state)
{
	char tags[WAYS][TAG_SIZE];

	(void)state;
	for (size_t i = 0; i < WAYS; i++) {
		size_t length;

		tag_of(ways[i][0], ways[i][1], tags[i]);
		length = strlen(tags[i]);
		assert_true(length > 2 && tags[i][0] == '"' && tags[i][length - 1] == '"');
		assert_null(memchr(tags[i] + 1, '"', length - 2));
		for (size_t j = 0; j < i; j++)
			/* What is too small to be compressed is the same either way. */
			if (strcmp(ways[i][0], LIST "1/") != 0 ||
			    strcmp(ways[j][0], LIST "1/") != 0)
				assert_string_not_equal(tags[i], tags[j]);
	}
}

/* Whether the list's tag is that one by now. */
struct awaited {
	const char *tag;
	bool same;
};

static bool tag_has_come(void *user)
{
	const struct awaited *awaited = user;
	char tag[TAG_SIZE];

	tag_of(LIST, "", tag);
	return (strcmp(tag, awaited->tag) == 0) == awaited->same;
}

static void test_tags_outlive_the_server(void **state)
{
	char before[WAYS][TAG_SIZE];
	struct test_server other;
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < WAYS; i++)
		tag_of(ways[i][0], ways[i][1], before[i]);
	server_start(&other, database.conninfo, WORDS("cache.size=0"));
	for (size_t i = 0; i < WAYS; i++) {
		wire_get(other.port, ways[i][0], ways[i][1], &reply);
		assert_header(&reply, "ETag", before[i]);
		reply_fini(&reply);
	}
	server_stop(&other, NULL);
	free(test_sql(database.conninfo, "UPDATE spacecraft SET name = 'Other' WHERE id = 2"));
	assert_true(poll_until(tag_has_come, &(struct awaited){before[0], false}, 10));
	free(test_sql(database.conninfo,
	              "UPDATE spacecraft SET name = 'Spacecraft 2' WHERE id = 2"));
	/* The same bytes have the same tag, whatever was between. */
	assert_true(poll_until(tag_has_come, &(struct awaited){before[0], true}, 10));
}

/* `%s` stands for the tag without its quotes. */
static const struct {
	const char *value;
	bool matches;
} conditions[] = {
	{"\"%s\"", true},
	{"W/\"%s\"", true},
	{"*", true},
	{" * ", true},
	{"\"a\", \"%s\"", true},
	{"\"a\",\"%s\"", true},
	{"\"a\" , W/\"b\",\"%s\",\"c\"", true},
	{"W/\"a\", W/\"%s\"", true},
	{",\"%s\"", true},
	{"\"a,b\", \"%s\"", true},
	{"\"a\"", false},
	{"\"%sx\"", false},
	{"\"x%s\"", false},
	{"\"\"", false},
	{"", false},
	{"%s", false},
	{"\"%s", false},
	{"w/\"%s\"", false},
	{"\"a,%s\"", false},
	{"\"*\"", false},
};

static void assert_conditional(const char *target, const char *lines, const char *method)
{
	char tag[TAG_SIZE], all[1024], condition[512];
	struct reply full, reply;
	struct wire wire;

	get(target, lines, &full);
	snprintf(tag, sizeof(tag), "%.*s", (int)strlen(reply_header(&full, "ETag")) - 2,
	         reply_header(&full, "ETag") + 1);
	wire_open(&wire, server.port);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		char value[256];
		const char *at = strstr(conditions[i].value, "%s");

		snprintf(value, sizeof(value), "%.*s%s%s",
		         at ? (int)(at - conditions[i].value) : 255, conditions[i].value,
		         at ? tag : "", at ? at + 2 : "");
		snprintf(condition, sizeof(condition), "If-None-Match: %s\r\n", value);
		snprintf(all, sizeof(all), "Host: ll.example.org\r\n%s%s", lines, condition);
		wire_ask(&wire, method, target, all);
		/* A body behind a 304 would be taken for the next answer. */
		wire_read(&wire, strcmp(method, "HEAD") == 0, &reply);
		if ((reply.status == 304) != conditions[i].matches)
			fail_msg("%s: %d", condition, reply.status);
		assert_header(&reply, "ETag", reply_header(&full, "ETag"));
		assert_header(&reply, "Vary", reply_header(&full, "Vary"));
		assert_header(&reply, "Cache-Control", reply_header(&full, "Cache-Control"));
		if (reply.status == 304) {
			assert_header(&reply, "Content-Type", NULL);
			assert_header(&reply, "Content-Encoding", NULL);
		}
		assert_header(&reply, "Access-Control-Allow-Origin", "*");
		reply_fini(&reply);
	}
	wire_close(&wire);
	reply_fini(&full);
}

static void test_if_none_match(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) { /* made anew, then kept */
		assert_conditional(LIST, "", "GET");
		assert_conditional(LIST, "", "HEAD");
		assert_conditional(LIST "1/", "", "GET");
		assert_conditional(LIST, "Accept-Encoding: gzip\r\n", "GET");
		assert_conditional(LIST, "Accept-Encoding: zstd\r\n", "GET");
		assert_conditional(LIST, "Accept: text/html\r\n", "GET");
		assert_conditional(LIST "?ordering=-id&search=orbit", "", "GET");
	}
}

/* The tag of one coding is no promise for another. */
static void test_tags_of_other_codings(void **state)
{
	char tag[TAG_SIZE], lines[256];
	struct reply reply;

	(void)state;
	tag_of(LIST, "Accept-Encoding: gzip\r\n", tag);
	snprintf(lines, sizeof(lines), "If-None-Match: %s\r\n", tag);
	get(LIST, lines, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	snprintf(lines, sizeof(lines), "Accept-Encoding: zstd\r\nIf-None-Match: %s\r\n", tag);
	get(LIST, lines, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
}

static void test_errors_have_no_tags(void **state)
{
	static const char *const targets[] = {
		LIST "99999/",      LIST "abc/", LIST "?spacecraft=abc",
		LIST "?format=xml", "/nope/",    LIST "1"};
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		get(targets[i], "If-None-Match: *\r\n", &reply);
		assert_true(reply.status >= 301 && reply.status != 304);
		assert_header(&reply, "ETag", NULL);
		assert_header(&reply, "Cache-Control", NULL);
		reply_fini(&reply);
	}
}

/* --- How long answers may be kept --- */

static void test_max_age(void **state)
{
	static const struct {
		const char *setting, *expected;
	} ages[] = {{"cache.max_age=10", "public, max-age=10"},
	            {"cache.max_age=0", "public, max-age=0"},
	            {"cache.max_age=86400", "public, max-age=86400"}};
	struct test_server other;
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
		server_start(&other, database.conninfo, WORDS(ages[i].setting));
		for (int j = 0; j < 2; j++) {
			wire_get(other.port, LIST, NULL, &reply);
			assert_header(&reply, "Cache-Control", ages[i].expected);
			assert_header(&reply, "Vary", "Accept, Accept-Encoding");
			reply_fini(&reply);
		}
		server_stop(&other, NULL);
	}
}

static int max_age(void)
{
	struct reply reply;
	int age;

	get(LIST "30/", NULL, &reply);
	assert_int_equal(sscanf(reply_header(&reply, "Cache-Control"), "public, max-age=%d", &age),
	                 1);
	reply_fini(&reply);
	return age;
}

static bool is_short_lived(void *user)
{
	(void)user;
	return max_age() <= 1;
}

static bool is_long_lived(void *user)
{
	(void)user;
	return max_age() == 10;
}

/* A duration that grows is old after a second, whatever the setting. */
static void test_max_age_of_live_durations(void **state)
{
	(void)state;
	free(test_sql(database.conninfo,
	              "INSERT INTO launch (id, net) VALUES"
	              " ('00000000-0000-4000-8000-000000000001', now() - interval '3 days');"
	              "UPDATE spacecraft_flight SET launch_id ="
	              " '00000000-0000-4000-8000-000000000001' WHERE id = 30"));
	assert_true(poll_until(is_short_lived, NULL, 10));
	free(test_sql(database.conninfo,
	              "UPDATE spacecraft_flight SET launch_id = NULL WHERE id = 30"));
	assert_true(poll_until(is_long_lived, NULL, 10));
}

/* --- Content codings --- */

/* Expected: the coding; NULL none; "?" any or none; "406" a refusal. */
static const struct {
	const char *accept, *expected;
} codings[] = {
	{"", NULL},
	{"gzip", "gzip"},
	{"GZip", "gzip"},
	{"x-gzip", "gzip"},
	{"zstd", "zstd"},
	{"ZSTD", "zstd"},
	{"gzip, deflate, br", "gzip"},
	{"gzip, deflate, br, zstd", "?"},
	{"br", NULL},
	{"deflate", NULL},
	{"compress;q=1", NULL},
	{"identity", NULL},
	{"gzip;q=1.0, identity;q=0.5", "gzip"},
	{"identity;q=1, gzip;q=0.5", NULL},
	{"gzip;q=0", NULL},
	{"gzip;q=0.0, zstd;q=0.000", NULL},
	{"gzip;q=0, zstd", "zstd"},
	{"zstd;q=0, *", "gzip"},
	{"gzip;q=0.5, zstd;q=0.4", "gzip"},
	{"gzip;q=0.4, zstd;q=0.5", "zstd"},
	{"gzip;q=0.001", "gzip"},
	{"gzip ; q=0.7", "gzip"},
	{"*", "?"},
	{"*;q=0", "406"},
	{"identity;q=0", "406"},
	{"br, identity;q=0", "406"},
	{"identity;q=0, *;q=0", "406"},
	{"identity;q=0, gzip", "gzip"},
	{"identity;q=0, zstd;q=0.1", "zstd"},
	{"*;q=0, gzip", "gzip"},
	{"*;q=0, identity", NULL},
	{",gzip,", "gzip"},
	{"gzip;q=2", "?"},
	{"gzip;q=abc", "?"},
	{"gzipx", NULL},
};

static char *decode(const struct reply *reply, size_t length)
{
	const char *coding = reply_header(reply, "Content-Encoding");
	char *plain = malloc(length + 1);
	size_t written = 0;

	assert_non_null(plain);
	if (strcmp(coding, "gzip") == 0) {
		struct libdeflate_decompressor *gzip = libdeflate_alloc_decompressor();

		assert_non_null(gzip);
		assert_int_equal(libdeflate_gzip_decompress(gzip, reply->body, reply->body_length,
		                                            plain, length, &written),
		                 LIBDEFLATE_SUCCESS);
		libdeflate_free_decompressor(gzip);
	} else {
		assert_string_equal(coding, "zstd");
		written = ZSTD_decompress(plain, length, reply->body, reply->body_length);
		assert_false(ZSTD_isError(written));
	}
	assert_int_equal(written, length);
	return plain;
}

static void assert_coding(const struct reply *plain, const char *accept, const char *expected)
{
	char lines[256];
	struct reply reply;
	const char *found;

	snprintf(lines, sizeof(lines), "Accept-Encoding: %s\r\n", accept);
	get(LIST, lines, &reply);
	found = reply_header(&reply, "Content-Encoding");
	if (expected && strcmp(expected, "406") == 0) {
		if (reply.status != 406)
			fail_msg("%s: %d", lines, reply.status);
	} else {
		assert_int_equal(reply.status, 200);
		assert_header(&reply, "Vary", "Accept, Accept-Encoding");
		if ((!expected && found) ||
		    (expected && expected[0] != '?' && (!found || strcmp(found, expected) != 0)))
			fail_msg("%s: %s", lines, found ? found : "plain");
	}
	if (found) {
		char *decoded = decode(&reply, plain->body_length);

		assert_memory_equal(decoded, plain->body, plain->body_length);
		assert_true(reply.body_length < plain->body_length);
		free(decoded);
	} else if (reply.status == 200) {
		assert_int_equal(reply.body_length, plain->body_length);
		assert_memory_equal(reply.body, plain->body, plain->body_length);
	}
	reply_fini(&reply);
}

static void test_codings(void **state)
{
	struct reply plain;

	(void)state;
	get(LIST, NULL, &plain);
	assert_header(&plain, "Content-Encoding", NULL);
	for (size_t i = 0; i < 2 * sizeof(codings) / sizeof(codings[0]); i++)
		assert_coding(&plain, codings[i / 2].accept, codings[i / 2].expected);
	reply_fini(&plain);
}

static void test_small_bodies_stay_plain(void **state)
{
	static const char *const targets[] = {LIST "99999/", "/2.3.0/api-throttle/",
	                                      LIST "?offset=999", "/nope/", "/robots.txt"};
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		get(targets[i], "Accept-Encoding: gzip, zstd\r\n", &reply);
		assert_true(reply.body_length < 860);
		assert_header(&reply, "Content-Encoding", NULL);
		reply_fini(&reply);
	}
}

/* HEAD says of every coding what GET would send; asked first, it is not what GET is sent. */
static void assert_head_as_get(struct wire *wire, const char *target, const char *lines)
{
	struct reply whole, head;

	wire_ask(wire, "HEAD", target, lines);
	wire_read(wire, true, &head);
	wire_ask(wire, "GET", target, lines);
	wire_read(wire, false, &whole);
	assert_int_equal(head.status, whole.status);
	for (size_t j = 0; j < whole.header_count; j++)
		if (strcmp(whole.headers[j].name, "Date") != 0)
			assert_header(&head, whole.headers[j].name, whole.headers[j].value);
	assert_int_equal(head.header_count, whole.header_count);
	assert_null(strstr(whole.body, "<b>HEAD</b>"));
	reply_fini(&whole);
	reply_fini(&head);
}

static void test_head_tells_lengths(void **state)
{
	static const char *const lines[] = {"Host: a\r\n", "Host: a\r\nAccept-Encoding: gzip\r\n",
	                                    "Host: a\r\nAccept-Encoding: zstd\r\n",
	                                    "Host: a\r\nAccept: text/html\r\n"};
	/* What is kept, and what is made anew each time. */
	static const char *const targets[] = {LIST "?limit=9", LIST "99999/"};
	struct wire wire;

	(void)state;
	wire_open(&wire, server.port);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (size_t j = 0; j < sizeof(targets) / sizeof(targets[0]); j++)
			assert_head_as_get(&wire, targets[j], lines[i]);
	wire_close(&wire);
}

/* What the server says of itself is made once, and is as good to keep as flights are. */
static void assert_constant(const char *target)
{
	static const char *const encodings[] = {"gzip", "zstd"};
	struct reply plain, coded;
	char lines[256], *decoded;

	get(target, NULL, &plain);
	assert_int_equal(plain.status, 200);
	for (size_t i = 0; i < 2; i++) {
		snprintf(lines, sizeof(lines), "Accept-Encoding: %s\r\n", encodings[i]);
		get(target, lines, &coded);
		assert_header(&coded, "Content-Encoding", encodings[i]);
		assert_header(&coded, "Vary", "Accept-Encoding");
		assert_header(&coded, "Allow", NULL);
		decoded = decode(&coded, plain.body_length);
		assert_memory_equal(decoded, plain.body, plain.body_length);
		free(decoded);
		reply_fini(&coded);
	}
	reply_fini(&plain);
	for (int i = 0; i < 2; i++)
		assert_conditional(target, i ? "Accept-Encoding: gzip\r\n" : "",
		                   i ? "HEAD" : "GET");
}

static void test_constants(void **state)
{
	(void)state;
	assert_constant("/2.3.0/schema/");
	assert_constant("/2.3.0/docs/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags_are_strong_and_differ),
		cmocka_unit_test(test_tags_outlive_the_server),
		cmocka_unit_test(test_if_none_match),
		cmocka_unit_test(test_tags_of_other_codings),
		cmocka_unit_test(test_errors_have_no_tags),
		cmocka_unit_test(test_max_age),
		cmocka_unit_test(test_max_age_of_live_durations),
		cmocka_unit_test(test_codings),
		cmocka_unit_test(test_small_bodies_stay_plain),
		cmocka_unit_test(test_head_tells_lengths),
		cmocka_unit_test(test_constants),
	};

	return RUN_TESTS("conditional", tests, set_up_server, tear_down);
}
