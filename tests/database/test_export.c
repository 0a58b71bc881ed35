/* What export writes, import reads back: the same is stored, so that the same is exported again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/flights.h"
#include "support/postgres.h"

#define CLOCK "server.clock=2025-04-13T02:53:55.271204Z"

static const char *setting_of(const struct test_database *database)
{
	static char settings[2][600];
	static int next;
	char *setting = settings[next++ % 2];

	snprintf(setting, sizeof(settings[0]), "database.conninfo=%s", database->conninfo);
	return setting;
}

static void export_all(const struct test_database *database, struct output *output)
{
	command_run(output, WORDS("--set", setting_of(database), "--set", CLOCK, "export"));
	assert_string_equal(output->err, "");
	assert_int_equal(output->status, 0);
}

static void import_text(const struct test_database *database, const char *text,
                        struct output *output)
{
	command_run_input(output, WORDS("--set", setting_of(database), "import", "-"), text,
	                  strlen(text));
	assert_string_equal(output->err, "");
	assert_int_equal(output->status, 0);
}

static void assert_comes_back(const struct test_database *database)
{
	struct output first, second, output;
	struct test_database copy;

	export_all(database, &first);
	test_database_init_schema(&copy);
	import_text(&copy, first.out, &output);
	output_fini(&output);
	export_all(&copy, &second);
	assert_string_equal(second.out, first.out);
	/* And nothing of it is news to either. */
	import_text(database, first.out, &output);
	assert_non_null(strstr(output.out, ": 0 new, 0 changed, "));
	output_fini(&output);
	import_text(&copy, first.out, &output);
	assert_non_null(strstr(output.out, ": 0 new, 0 changed, "));
	output_fini(&output);
	output_fini(&first);
	output_fini(&second);
	test_database_fini(&copy);
}

static void test_samples(void **state)
{
	struct test_database database;

	(void)state;
	samples_database_init(&database);
	assert_comes_back(&database);
	test_database_fini(&database);
}

/* Pages of a hundred: as many lines as that takes, with all rows in them. */
static void test_pages(void **state)
{
	struct test_database database;
	struct output output;
	char head[200];
	size_t lines = 0;
	char *count;

	(void)state;
	flights_database_init(&database);
	count = test_sql(database.conninfo, "SELECT count(*) FROM spacecraft_flight");
	assert_in_range(atoi(count), 201, 299);
	snprintf(head, sizeof(head),
	         "{\"list\":\"spacecraft_flights\",\"as_of\":\"2025-04-13T02:53:55.271204Z\","
	         "\"count\":%s,\"next\":null,"
	         "\"previous\":null,\"results\":[{",
	         count);
	free(count);
	assert_comes_back(&database);
	command_run(&output, WORDS("--set", setting_of(&database), "--set", CLOCK, "--set",
	                           "server.public_url=https://flights.example.org/ll2", "export",
	                           "spacecraft_flights"));
	assert_int_equal(output.status, 0);
	for (const char *c = output.out; *c != '\0'; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 3);
	assert_int_equal(strncmp(output.out, head, strlen(head)), 0);
	assert_non_null(strstr(output.out, "\"url\":\"https://flights.example.org/ll2/2.3.0/"
	                                   "spacecraft_flights/"));
	output_fini(&output);
	test_database_fini(&database);
}

/* What is known in the normal view only stays so. */
static void test_partly_known(void **state)
{
	static const char normal[] =
		"[{\"id\": 1, \"spacecraft\": null, \"launch\": null}, {\"id\": 2, \"spacecraft\": "
		"null, \"launch\": null, \"launch_crew\": [], \"onboard_crew\": [], "
		"\"landing_crew\": [], \"docking_events\": []}]";
	struct test_database database;
	struct output output;

	(void)state;
	test_database_init_schema(&database);
	import_text(&database, normal, &output);
	assert_non_null(strstr(output.out, "known in the normal view only: 1 "));
	output_fini(&output);
	assert_comes_back(&database);
	export_all(&database, &output);
	free(test_sql(database.conninfo, "DELETE FROM spacecraft_flight"));
	{
		struct output again;

		import_text(&database, output.out, &again);
		assert_non_null(strstr(again.out, "known in the normal view only: 1 "));
		output_fini(&again);
	}
	output_fini(&output);
	test_database_fini(&database);
}

static void assert_refused(const char *name, const char *err)
{
	struct output output;

	command_run(&output, WORDS("export", name));
	assert_int_equal(output.status, 2);
	assert_string_equal(output.err, err);
	assert_string_equal(output.out, "");
	output_fini(&output);
}

static void test_names(void **state)
{
	(void)state;
	assert_refused("spacecraft_flight",
	               "spacecraft-flights: no such endpoint: spacecraft_flight; the nearest is "
	               "spacecraft_flights (export --help shows the usage)\n");
	assert_refused("birds", "spacecraft-flights: no such endpoint: birds (export --help shows "
	                        "the usage)\n");
}

/* What is cut short is an error, and nothing of it gets into the connection to the database. */
static void test_cut_short(void **state)
{
	static const struct {
		const char *redirection, *why;
	} cases[] = {
		{">/dev/full", "No space left on device"},
		{">&-", "Bad file descriptor"},
		{"| head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", "Broken pipe"},
	};
	struct test_database database;

	(void)state;
	flights_database_init(&database);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct process process;
		struct output output;
		char command[900], expected[200];

		snprintf(command, sizeof(command), "%s --set '%s' export %s", command_binary(),
		         setting_of(&database), cases[i].redirection);
		process_start(&process, WORDS("bash", "-c", command), NULL, 0);
		process_wait(&process, COMMAND_SECONDS, &output);
		snprintf(expected, sizeof(expected),
		         "spacecraft-flights: cannot write to standard output: %s\n", cases[i].why);
		assert_string_equal(output.err, expected);
		assert_int_equal(output.status, 1);
		output_fini(&output);
	}
	test_database_fini(&database);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),      cmocka_unit_test(test_pages),
		cmocka_unit_test(test_partly_known), cmocka_unit_test(test_names),
		cmocka_unit_test(test_cut_short),
	};

	return RUN_TESTS("export", tests, NULL, NULL);
}
