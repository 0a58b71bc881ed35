/* The steps of CONTRIBUTING.md that add a field, followed on a copy of the tree: the program that comes out
   migrates a database with flights, imports the field and serves it. Then a source is removed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/flights.h"
#include "support/postgres.h"
#include "support/server.h"

#define BUILD_SECONDS 240

static char directory[] = "/tmp/contributing-test.XXXXXX";
static char program[64];

static char *read_text(const char *path)
{
	struct strbuf text = STRBUF_INIT;
	FILE *file = fopen(path, "r");
	size_t count, length;

	assert_non_null(file);
	while ((count = fread(strbuf_reserve(&text, 4096), 1, 4096, file)) > 0) {
		text.length += count;
		text.data[text.length] = '\0';
	}
	fclose(file);
	return strbuf_steal(&text, &length);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The code block of that number (from 0) in a language, behind the heading "Add a field". New. */
static char *block(const char *document, const char *language, int number)
{
	const char *at = strstr(document, "## Add a field");
	const char *end;
	char fence[16];

	snprintf(fence, sizeof(fence), "```%s\n", language);
	for (; at && number >= 0; number--) {
		at = strstr(at, fence);
		at = at ? at + strlen(fence) : NULL;
	}
	end = at ? strstr(at, "```") : NULL;
	assert_non_null(end);
	return end ? strndup(at, (size_t)(end - at)) : NULL;
}

static char *in_copy(const char *path)
{
	static char whole[4][256];
	static int next;
	char *out = whole[next++ % 4];

	snprintf(out, sizeof(whole[0]), "%s/%s", directory, path);
	return out;
}

/* Puts a text behind the first line that has `anchor`. */
static void insert_behind(const char *path, const char *anchor, const char *text)
{
	char *before = read_text(in_copy(path));
	char *at = strstr(before, anchor);
	struct strbuf after = STRBUF_INIT;

	assert_non_null(at);
	at = strchr(at, '\n') + 1;
	strbuf_add(&after, before, (size_t)(at - before));
	strbuf_str(&after, text);
	strbuf_str(&after, at);
	write_text(in_copy(path), after.data);
	strbuf_fini(&after);
	free(before);
}

static void run(const char *const words[], int seconds)
{
	struct process process;
	struct output output;

	process_start(&process, words, NULL, 0);
	process_wait(&process, seconds, &output);
	if (output.status != 0)
		fail_msg("%s: %s%s", words[0], output.out, output.err);
	output_fini(&output);
}

/* The last of the migrations, whose line the new one goes behind. */
static int count_migrations(void)
{
	char *text = read_text("src/repository/migrate.c");
	int count = 0;

	for (const char *at = text; (at = strstr(at, "\tX(0")); at++)
		count++;
	free(text);
	return count;
}

static void follow_steps(void)
{
	char *document = read_text("CONTRIBUTING.md");
	char *sql = block(document, "sql", 0);
	char *migration = block(document, "c", 0);
	char *field = block(document, "c", 1);
	char path[64], line[128], last[16];
	int count = count_migrations();

	snprintf(path, sizeof(path), "sql/%04d_rideshare.sql", count + 1);
	write_text(in_copy(path), sql);
	assert_non_null(strstr(migration, "NNNN"));
	snprintf(line, sizeof(line), "\tX(%04d%s", count + 1, strstr(migration, "NNNN") + 4);
	snprintf(last, sizeof(last), "\tX(%04d,", count);
	insert_behind("src/repository/migrate.c", last, line);
	/* The line before must go on. */
	run((const char *const[]){"sed", "-i", "-E",
	                          "/rideshare/b;s/^(\tX\\([0-9]+, [a-z_]+\\))$/\\1 \\\\/",
	                          in_copy("src/repository/migrate.c"), NULL},
	    10);
	insert_behind("src/resources/launch.c", "SCALAR(webcast_live,", field);
	free(document);
	free(sql);
	free(migration);
	free(field);
}

static void build(const char *target)
{
	/* Without what a surrounding make says of sanitizers. */
	run((const char *const[]){"env", "-u", "MAKEFLAGS", "-u", "MFLAGS", "-u", "MAKELEVEL",
	                          "make", "-s", "-j2", "-C", directory, "CFLAGS=-O0", "BUILD=build",
	                          "SANITIZE=", target, NULL},
	    BUILD_SECONDS);
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(directory));
	run((const char *const[]){"cp", "-r", "src", "include", "sql", "Makefile", directory, NULL},
	    30);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	run((const char *const[]){"rm", "-rf", directory, NULL}, 30);
	return 0;
}

static void test_field(void **state)
{
	static const char flight[] =
		"{\"id\": 1, "
		"\"url\": \"https://ll.example.org/2.3.0/spacecraft_flights/1/\", "
		"\"launch\": {\"id\": "
		"\"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", "
		"\"webcast_live\": true, \"rideshare\": true}}";
	struct test_database database;
	struct test_server server;
	struct answer answer;

	(void)state;
	samples_database_init(&database); /* by the program as it is */
	follow_steps();
	build("all");
	snprintf(program, sizeof(program), "%s/build/spacecraft-flights", directory);
	setenv("SERVER", program, 1);
	write_text(in_copy("flight.json"), flight);
	run((const char *const[]){program, "--set", database.setting, "migrate", NULL}, 60);
	run((const char *const[]){program, "--set", database.setting, "import",
	                          in_copy("flight.json"), NULL},
	    60);
	server_start(&server, database.conninfo, NULL);
	http_get(&server, "/2.3.0/spacecraft_flights/1/", NULL, &answer);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"webcast_live\":true,\"rideshare\":true,"));
	answer_fini(&answer);
	/* Flights that were there before have it too. */
	http_get(&server, "/2.3.0/spacecraft_flights/840/", NULL, &answer);
	assert_non_null(strstr(answer.body, "\"rideshare\":null,"));
	answer_fini(&answer);
	http_get(&server, "/2.3.0/schema/", NULL, &answer);
	assert_non_null(strstr(answer.body, "\"rideshare\":{\"type\":\"boolean\","));
	answer_fini(&answer);
	server_stop(&server, NULL);
	test_database_fini(&database);
}

/* What was compiled from a source that is gone does not stay in the program. */
static void test_removed_source(void **state)
{
	const char *const list[] = {"ar", "t", in_copy("build/libspacecraft-flights.a"), NULL};
	struct process process;
	struct output output;

	(void)state;
	assert_int_equal(unlink(in_copy("src/server/trace.c")), 0);
	build("build/libspacecraft-flights.a");
	process_start(&process, list, NULL, 0);
	process_wait(&process, 10, &output);
	assert_non_null(strstr(output.out, "exchange.o\n"));
	assert_null(strstr(output.out, "trace.o\n"));
	output_fini(&output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_field),
		cmocka_unit_test(test_removed_source),
	};

	return RUN_TESTS("contributing", tests, setup, teardown);
}
