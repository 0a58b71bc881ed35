/* The command import: files, standard input, what it says, and all or nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/fixture.h"
#include "support/importing.h"
#include "support/temporary.h"

static char directory[TEMPORARY_SIZE]; /* for files */

static int setup(void **state)
{
	set_up_schema(state);
	temporary_directory(directory, "import");
	return 0;
}

static int teardown(void **state)
{
	temporary_remove(directory);
	return tear_down(state);
}

/* A file of the directory with a text in it; the path is static, one a name. */
static const char *file(const char *name, const char *text)
{
	static char paths[8][TEMPORARY_SIZE + 32];
	static int count;
	char *path = paths[count++ % 8];
	FILE *stream;

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
	return path;
}

static void assert_says(struct output *output, int status, const char *out, const char *err)
{
	assert_string_equal(output->err, err);
	assert_string_equal(output->out, out);
	assert_int_equal(output->status, status);
	output_fini(output);
}

static void sql_is(const char *sql, const char *expected)
{
	test_sql_is(database.conninfo, sql, expected);
}

#define NO_LISTS \
	"\"launch_crew\": [], \"onboard_crew\": [], \"landing_crew\": [], \"docking_events\": []"

/* A flight's document, with further fields. */
#define FLIGHT(id, ...) \
	"{\"id\": " id ", \"spacecraft\": null, \"launch\": null, " NO_LISTS __VA_ARGS__ "}"

#define RUN(output, ...) \
	command_run(output, WORDS("--set", database.setting, "import", __VA_ARGS__))

static void test_files(void **state)
{
	const char *one = file("one.json", FLIGHT("1", ", \"destination\": \"A\""));
	const char *list =
		file("list.json", "[" FLIGHT("2") ", " FLIGHT("1", ", \"destination\": \"B\"") "]");
	const char *page =
		file("page.json", "{\"count\": 9, \"next\": \"http://x/\", \"previous\": null, "
	                          "\"results\": [" FLIGHT("3") "]}\n");
	struct output output;

	(void)state;
	RUN(&output, one);
	assert_says(&output, 0, "1 flight: 1 new, 0 changed, 0 unchanged\n", "");
	RUN(&output, one, list, page);
	assert_says(&output, 0, "3 flights: 2 new, 1 changed, 0 unchanged\n", "");
	RUN(&output, page, list);
	assert_says(&output, 0, "3 flights: 0 new, 0 changed, 3 unchanged\n", "");
	sql_is("SELECT string_agg(concat_ws('', id, destination), ' ' ORDER BY id) FROM "
	       "spacecraft_flight",
	       "1B 2 3");
	sql_is("SELECT version FROM catalog_version", "3");
}

static void test_standard_input(void **state)
{
	static const char good[] = "[" FLIGHT("5") "]";
	static const char bad[] = "[" FLIGHT("5") ", " FLIGHT("true") "]";
	static const char cut[] = "[\n{\"id\":5}";
	struct output output;

	(void)state;
	command_run_input(&output, WORDS("--set", database.setting, "import", "-"), good,
	                  strlen(good));
	assert_says(&output, 0, "1 flight: 1 new, 0 changed, 0 unchanged\n", "");
	command_run_input(&output, WORDS("--set", database.setting, "import", "-"), bad,
	                  strlen(bad));
	assert_says(&output, 1, "",
	            "spacecraft-flights: standard input: [1].id: expected an integer of "
	            "64 bits, found true\n");
	command_run_input(&output, WORDS("--set", database.setting, "import", "-"), cut,
	                  strlen(cut));
	assert_says(&output, 1, "",
	            "spacecraft-flights: standard input:2:8: ']' expected near end of file\n");
}

static void test_as_of(void **state)
{
	const char *text = file("a.json", "{\"id\": 1, \"launch\": null, " NO_LISTS
	                                  ", \"spacecraft\": {\"id\": "
	                                  "1, \"time_in_space\": \"P1D\"}}");
	struct output output;

	(void)state;
	RUN(&output, "--as-of", "2025-04-13T02:53:55.5Z", text);
	assert_says(&output, 0, "1 flight: 1 new, 0 changed, 0 unchanged\n", "");
	sql_is("SELECT as_of = '2025-04-13T02:53:55.5Z' FROM spacecraft", "t");
	RUN(&output, "--as-of", "noon", text);
	assert_int_equal(output.status, 2);
	output_fini(&output);
	command_run(&output, WORDS("--set", database.setting, "import"));
	assert_int_equal(output.status, 2);
	output_fini(&output);
}

/* Documents are what their urls say; without them, what their fields say. */
static void test_kinds(void **state)
{
	const char *mixed =
		file("mixed.json",
	             "[{\"id\": 602, \"url\": "
	             "\"https://ll.example/2.3.0/spacecraft/602/\", \"name\": \"E\"},"
	             " {\"id\": 602, \"url\": "
	             "\"https://x/ll2/2.3.0/spacecraft_flights/602/?mode=list\", " NO_LISTS "},"
	             " {\"id\": 603, \"url\": \"\", \"in_space\": true, "
	             "\"spacecraft_config\": null}, " FLIGHT("7", ", \"url\": null") "]");
	struct output output;

	(void)state;
	RUN(&output, mixed);
	assert_says(&output, 0, "2 flights, 2 spacecraft: 4 new, 0 changed, 0 unchanged\n", "");
	sql_is("SELECT string_agg(id::text, ' ' ORDER BY id) FROM spacecraft_flight", "7 602");
	sql_is("SELECT string_agg(id || coalesce(name, ''), ' ' ORDER BY id) FROM spacecraft",
	       "602E 603");
	RUN(&output, file("empty.json", "[]"));
	assert_says(&output, 0, "0 flights: 0 new, 0 changed, 0 unchanged\n", "");
}

#define NORMAL_ONLY(count) \
	"flights known in the normal view only: " count " (save documents with mode=detailed)\n"

/* JSON lines: the flight under way says when all documents of the file were true. */
static void test_lines(void **state)
{
	const char *lines =
		file("lines.jsonl",
	             FLIGHT("1") "\n"
	                         "{\"id\": 2, \"duration\": \"PT1H\", \"mission_end\": null, "
	                         "\"spacecraft\": null, \"launch\": {\"id\": "
	                         "\"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", \"net\": "
	                         "\"2025-01-01T00:00:00Z\"}, " NO_LISTS "}\n" FLIGHT("3") "\n");
	struct output output;

	(void)state;
	RUN(&output, lines);
	assert_says(&output, 0, "3 flights: 3 new, 0 changed, 0 unchanged\n", "");
	sql_is("SELECT count(*) FROM spacecraft_flight WHERE stated_at = '2025-01-01T01:00:00Z'",
	       "3");
}

/* A page that export has written says when all of it was true, and nothing in it says otherwise. */
static void test_page_as_of(void **state)
{
	const char *page =
		file("page.json", "{\"list\": \"spacecraft_flights\", \"as_of\": "
	                          "\"2025-01-02T00:00:00Z\", \"results\": [{\"id\": 2, "
	                          "\"duration\": \"PT1H\", \"mission_end\": null, \"spacecraft\": "
	                          "null, \"launch\": {\"id\": "
	                          "\"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", \"net\": "
	                          "\"2025-01-01T00:00:00Z\"}, " NO_LISTS "}]}");
	struct output output;

	(void)state;
	RUN(&output, page);
	assert_int_equal(output.status, 0);
	output_fini(&output);
	sql_is("SELECT count(*) FROM spacecraft_flight WHERE stated_at = '2025-01-02T00:00:00Z'",
	       "1");
}

/* What documents of the normal view leave out is not known, until a detailed one tells of it. */
static void test_normal_view(void **state)
{
	const char *normal =
		file("normal.json", "[{\"id\": 1, \"spacecraft\": null, \"launch\": null},"
	                            " {\"id\": 2, \"spacecraft\": null, \"launch\": null}]");
	const char *detailed = file("detailed.json", FLIGHT("1"));
	struct output output;

	(void)state;
	RUN(&output, normal);
	assert_says(&output, 0, NORMAL_ONLY("2") "2 flights: 2 new, 0 changed, 0 unchanged\n", "");
	RUN(&output, detailed);
	assert_says(&output, 0, NORMAL_ONLY("1") "1 flight: 0 new, 1 changed, 0 unchanged\n", "");
	command_run(&output, WORDS("--set", database.setting, "check"));
	if (!strstr(output.out, "\ndocuments: ok, 2 flights; " NORMAL_ONLY("1")))
		fail_msg("%s", output.out);
	assert_int_equal(output.status, 0);
	output_fini(&output);
	RUN(&output, normal);
	assert_says(&output, 0, NORMAL_ONLY("1") "2 flights: 0 new, 0 changed, 2 unchanged\n", "");
	RUN(&output, file("other.json", FLIGHT("2")));
	assert_says(&output, 0, "1 flight: 0 new, 1 changed, 0 unchanged\n", "");
}

/* What is older than what is stored is counted apart. */
static void test_older(void **state)
{
	struct output output;

	(void)state;
	RUN(&output, "--as-of", "2025-01-02T00:00:00Z", file("new.json", FLIGHT("1")));
	output_fini(&output);
	RUN(&output, "--as-of", "2025-01-01T00:00:00Z",
	    file("old.json", "[" FLIGHT("1", ", \"destination\": \"x\"") ", " FLIGHT("2") "]"));
	assert_says(&output, 0,
	            "2 flights: 1 new, 0 changed, 0 unchanged, 1 older than what is stored\n", "");
	sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination IS NULL", "2");
}

static void refuses(const char *text, const char *message)
{
	const char *path = file("refused.json", text);
	char expected[512];
	struct output output;

	snprintf(expected, sizeof(expected), "spacecraft-flights: %s: %s\n", path, message);
	RUN(&output, path);
	assert_says(&output, 1, "", expected);
	sql_is("SELECT version FROM catalog_version", "1");
}

#define EXPECTED_URL "url: expected a document of a list, found "
#define EXPECTED_FIELDS "expected the url of a document, or fields that tell its list"

/* What is of no list that is known wipes no flight of the same id. */
static void test_other_kinds(void **state)
{
	(void)state;
	refuses("{\"results\": [{\"id\": 1, \"url\": \"https://ll.example/2.3.0/rockets/1/\"}]}",
	        "results[0]." EXPECTED_URL "rockets");
	refuses("[" FLIGHT("1") ", " FLIGHT("2",
	                                    ", \"url\": \"http://x/2.3.0/payloads_flown/2/\"") "]",
	        "[1]." EXPECTED_URL "payloads_flown");
	refuses(FLIGHT("1", ", \"url\": \"https://ll.example/2.2.0/spacecraft/flight/1/\""),
	        EXPECTED_URL "\"https://ll.example/2.2.0/spacecraft/fli...");
	refuses(FLIGHT("1", ", \"url\": \"https://x/2.3.0/\\u001b/1/\""),
	        EXPECTED_URL "\"https://x/2.3.0/\\u001B/1/\"");
	refuses(FLIGHT("1", ", \"url\": 7"), "url: expected text or null, found 7");
	refuses("{\"results\": [" FLIGHT(
			"1") ", {\"id\": 2, \"attempt\": true, \"landing_location\": null}]}",
	        "results[1]: " EXPECTED_FIELDS);
	/* A payload flight, without its url. */
	refuses("{\"id\": 1, \"destination\": \"x\", \"payload\": null, \"launch\": null}",
	        EXPECTED_FIELDS);
}

/* The last file is wrong: nothing of the others is stored. */
static void test_nothing_of_bad_files(void **state)
{
	const char *good = file("good.json", FLIGHT("1"));
	const char *bad = file(
		"bad.json",
		"{\"results\": [" FLIGHT(
			"2") ", {\"id\": 3, \"spacecraft\": null,\n  \"launch\": {\"id\": "
			     "\"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", \"pad\":\n {\"id\": 1, "
			     "\"latitude\": \"north\"}}}]}");
	char expected[512];
	struct output output;

	(void)state;
	RUN(&output, good, bad);
	snprintf(expected, sizeof(expected),
	         "spacecraft-flights: %s: results[1].launch.pad.latitude: expected a number or "
	         "null, found \"north\"\n",
	         bad);
	assert_says(&output, 1, "", expected);
	RUN(&output, good, "/nowhere.json");
	assert_says(&output, 1, "",
	            "spacecraft-flights: cannot open /nowhere.json: No such file or directory\n");
	RUN(&output, good, directory);
	snprintf(expected, sizeof(expected), "spacecraft-flights: cannot read %s: Is a directory\n",
	         directory);
	assert_says(&output, 1, "", expected);
	sql_is("SELECT count(*) FROM spacecraft_flight", "0");
	sql_is("SELECT version FROM catalog_version", "1");
}

/* What a file says must not steer the terminal of who reads of it. */
static void test_errors_are_printable(void **state)
{
	const char *bad = file("bad.json", "{\"id\": 3, \"spacecraft\": null, \"launch\": {\"id\": "
	                                   "\"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\", \"pad\": "
	                                   "{\"id\": 1, \"latitude\": \"\\u009b2Jx\"}}}");
	struct output output;

	(void)state;
	RUN(&output, bad);
	assert_int_equal(output.status, 1);
	if (!strstr(output.err, "found \"\\x9b2Jx\"\n"))
		fail_msg("%s", output.err);
	output_fini(&output);
}

/* PostgreSQL refuses a row in the midst of all: the error says of which table, nothing is stored. */
static void test_nothing_of_refused_rows(void **state)
{
	const char *text = file(
		"a.json",
		"[{\"id\": 1, \"launch\": null, \"spacecraft\": {\"id\": 1, \"name\": \"A\"}}, "
		"{\"id\": 2, \"launch\": null, "
		"\"spacecraft\": {\"id\": 2, \"name\": \"B\"}}]");
	struct output output;

	(void)state;
	free(test_sql(database.conninfo, "ALTER TABLE spacecraft ADD CHECK (name <> 'B')"));
	RUN(&output, text);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err,
	                       "spacecraft-flights: storing spacecraft: PostgreSQL: new row for "
	                       "relation \"spacecraft\" violates check constraint"));
	assert_ptr_equal(strchr(output.err, '\n'), output.err + output.err_length - 1);
	output_fini(&output);
	sql_is("SELECT (SELECT count(*) FROM spacecraft_flight) + (SELECT count(*) FROM "
	       "spacecraft)",
	       "0");
	sql_is("SELECT version FROM catalog_version", "1");
}

/* A constraint that is looked at when all is written fails the commit, and that is told. */
static void test_nothing_of_refused_commit(void **state)
{
	const char *text =
		file("a.json", "{\"id\": 1, \"launch\": null, \"spacecraft\": {\"id\": 1}}");
	struct output output;

	(void)state;
	free(test_sql(database.conninfo,
	              "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
	              " $$ BEGIN RAISE 'not today'; END $$;"
	              "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON spacecraft"
	              " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"));
	RUN(&output, text);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "not today"));
	output_fini(&output);
	sql_is("SELECT count(*) FROM spacecraft_flight", "0");
}

static void says_migrate(const char *schema)
{
	struct output output;

	RUN(&output, file("a.json", FLIGHT("1")));
	assert_int_equal(output.status, 1);
	if (!strstr(output.err, schema) || !strstr(output.err, "run migrate"))
		fail_msg("%s", output.err);
	assert_ptr_equal(strchr(output.err, '\n'), output.err + output.err_length - 1);
	output_fini(&output);
}

static void test_no_schema(void **state)
{
	const char *text = file("a.json", FLIGHT("1"));
	struct output output;

	(void)state;
	sql_is("DELETE FROM schema_version WHERE version > 3", "");
	says_migrate("has version 3 and ");
	sql_is("INSERT INTO schema_version VALUES (999, 'future')", "");
	says_migrate("has version 999, which ");
	sql_is("DROP SCHEMA public CASCADE; CREATE SCHEMA public", "");
	says_migrate("the database has no schema yet");
	command_run(&output, WORDS("--set", "database.conninfo=host=/nowhere", "import", text));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "spacecraft-flights: cannot connect to PostgreSQL: "));
	output_fini(&output);
}

static void test_unknown_fields(void **state)
{
	struct strbuf text = STRBUF_INIT;
	struct output output;
	const char *path;

	(void)state;
	strbuf_str(&text, "[" FLIGHT("0"));
	for (int i = 1; i <= 100; i++)
		strbuf_printf(&text,
		              ", {\"id\": %d, \"spacecraft\": null, \"launch\": null, "
		              "\"launch_crew\": [{\"id\": %d, \"foo\": {\"id\": 1}}]}",
		              i, i);
	strbuf_str(&text, "]");
	path = file("a.json", text.data);
	RUN(&output, path);
	assert_int_equal(output.status, 0);
	assert_string_equal(output.out,
	                    NORMAL_ONLY("100") "101 flights: 101 new, 0 changed, 0 unchanged\n");
	assert_non_null(strstr(output.err,
	                       "unknown fields were left out: launch_crew[].foo \xc3\x97 100\n"));
	assert_ptr_equal(strchr(output.err, '\n'), output.err + output.err_length - 1);
	output_fini(&output);
	strbuf_fini(&text);
}

/* Both are held at the lock, so that they surely meet; they touch the same rows in opposite order. */
static void test_two_at_once(void **state)
{
	struct strbuf texts[2] = {STRBUF_INIT, STRBUF_INIT};
	struct process holder, both[2];
	struct output output;
	int created = 0;

	(void)state;
	process_start(&holder,
	              WORDS("psql", "-X", "-d", database.conninfo, "-c", "BEGIN", "-c",
	                    IMPORT_LOCK_SQL, "-c", "SELECT pg_sleep(600)"),
	              NULL, 0);
	for (int i = 0; i < 2; i++) {
		strbuf_str(&texts[i], "[");
		for (int k = 0; k < 500; k++)
			strbuf_printf(&texts[i],
			              "%s{\"id\": %d, \"launch\": null, " NO_LISTS
			              ", \"spacecraft\": {\"id\": "
			              "%d, \"name\": \"x\"}}",
			              k ? "," : "", i ? k : 499 - k, i ? k : 499 - k);
		strbuf_str(&texts[i], "]");
	}
	test_locks_reach(database.conninfo, "granted", 1);
	for (int i = 0; i < 2; i++) {
		const char **words =
			command_words(WORDS("--set", database.setting, "import",
		                            file(i ? "b.json" : "a.json", texts[i].data)));

		process_start(&both[i], words, NULL, 0);
		free(words);
		strbuf_fini(&texts[i]);
	}
	test_locks_reach(database.conninfo, "NOT granted", 2);
	test_end_sleepers(database.conninfo);
	process_wait(&holder, COMMAND_SECONDS, &output);
	output_fini(&output);
	for (int i = 0; i < 2; i++) {
		process_wait(&both[i], COMMAND_SECONDS, &output);
		assert_string_equal(output.err, "");
		created +=
			strcmp(output.out, "500 flights: 500 new, 0 changed, 0 unchanged\n") == 0;
		output_fini(&output);
	}
	assert_int_equal(created, 1);
	sql_is("SELECT count(*) FROM spacecraft_flight JOIN spacecraft s ON s.id = spacecraft_id",
	       "500");
	sql_is("SELECT version FROM catalog_version", "2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_files),
		TEST(test_standard_input),
		TEST(test_as_of),
		TEST(test_kinds),
		TEST(test_lines),
		TEST(test_page_as_of),
		TEST(test_normal_view),
		TEST(test_older),
		TEST(test_other_kinds),
		TEST(test_nothing_of_bad_files),
		TEST(test_errors_are_printable),
		TEST(test_nothing_of_refused_rows),
		TEST(test_nothing_of_refused_commit),
		TEST(test_no_schema),
		TEST(test_unknown_fields),
		TEST(test_two_at_once),
	};

	return RUN_TESTS("import command", tests, NULL, NULL);
}
