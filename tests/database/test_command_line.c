/* The command line: where options may stand, help, mistakes and what is said of them, settings from all of their
   sources, and what is written to standard output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/table.h"
#include "config/options.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/flights.h"
#include "support/postgres.h"
#include "support/temporary.h"

static char directory[TEMPORARY_SIZE];

/* Writes a file of the test's directory; its path is good until the next call but one. */
static const char *file(const char *name, const char *text)
{
	static char paths[2][TEMPORARY_SIZE + 64];
	static int next;
	char *path = paths[next++ % 2];
	FILE *out;

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	return path;
}

/* Runs a shell's command, in which $0 is the program. */
static void shell(struct output *output, const char *command)
{
	struct process process;

	process_start(&process, WORDS("sh", "-c", command, command_binary()), NULL, 0);
	process_wait(&process, COMMAND_SECONDS, output);
}

static void assert_refused(const char *const words[], const char *err)
{
	struct output output;

	command_run(&output, words);
	assert_string_equal(output.err, err);
	assert_int_equal(output.status, 2);
	assert_string_equal(output.out, "");
	output_fini(&output);
}

#define SAYS "spacecraft-flights: "
#define USAGE " (--help shows the usage)\n"

static void test_mistakes(void **state)
{
	(void)state;
	assert_refused(WORDS("--set", "log.level=info"), SAYS "a command is missing" USAGE);
	assert_refused(WORDS("--sett", "log.level=info", "check"),
	               SAYS "no such option: --sett; the nearest is --set" USAGE);
	assert_refused(WORDS("fly"), SAYS "no such command: fly" USAGE);
	assert_refused(WORDS("imprt"), SAYS "no such command: imprt; the nearest is import" USAGE);
	assert_refused(WORDS("help", "migrat"),
	               SAYS "no such command: migrat; the nearest is migrate" USAGE);
	assert_refused(WORDS("--fast", "migrate"),
	               SAYS "no such option: --fast (migrate --help shows the usage)\n");
	assert_refused(WORDS("sync", "--since"),
	               SAYS "no such option: --since; sync takes --dry-run, --recent (sync --help "
	                    "shows the usage)\n");
	assert_refused(
		WORDS("check", "--dmup"), SAYS
		"no such option: --dmup; the nearest is --dump (check --help shows the usage)\n");
	assert_refused(WORDS("-x", "check"),
	               SAYS "no such option: -x (check --help shows the usage)\n");
	assert_refused(WORDS("--recent=3", "sync"),
	               SAYS "--recent takes no value (sync --help shows the usage)\n");
	assert_refused(WORDS("-c"), SAYS "--config takes a value, FILE, which is missing" USAGE);
	assert_refused(WORDS("migrate", "--set"), SAYS "--set takes a value, SECTION.KEY=VALUE, "
	                                               "which is missing (migrate --help shows the "
	                                               "usage)\n");
	assert_refused(WORDS("migrate", "now"),
	               SAYS "migrate takes no arguments: now (migrate --help shows the usage)\n");
	assert_refused(WORDS("migrate", "--recent"),
	               SAYS "migrate has no option --recent (migrate --help shows the usage)\n");
	assert_refused(WORDS("--", "serve", "--recent"),
	               SAYS "serve takes no arguments: --recent (serve --help shows the usage)\n");
	assert_refused(WORDS("import"),
	               SAYS "import takes FILE... (import --help shows the usage)\n");
	assert_refused(WORDS("import", "--as-of", "now", "x.json"),
	               SAYS "--as-of takes a time such as 2025-04-13T02:53:55Z: now (import --help "
	                    "shows the usage)\n");
	assert_refused(WORDS("--set", "log.level=loud", "migrate"),
	               SAYS "--set: log.level: \"loud\" is not debug, info, warning or error\n");
}

/* Without any word it tells how it is used. */
static void test_no_words(void **state)
{
	struct output output, help;

	(void)state;
	command_run(&output, WORDS(NULL));
	command_run(&help, WORDS("--help"));
	assert_int_equal(output.status, 2);
	assert_string_equal(output.out, help.out);
	assert_string_equal(output.err, "");
	output_fini(&output);
	output_fini(&help);
}

static void test_no_file(void **state)
{
	struct output output;

	(void)state;
	command_run(&output, WORDS("-c", "/nowhere.ini", "migrate"));
	assert_int_equal(output.status, 1);
	assert_string_equal(output.err, SAYS "/nowhere.ini: No such file or directory\n");
	output_fini(&output);
}

/* The first of two ways of saying the same gives what every other does. */
static void assert_same(const char *const words[], const char *expected)
{
	struct output output;

	command_run(&output, words);
	if (!strstr(output.out, expected))
		fail_msg("no '%s' in %s%s", expected, output.out, output.err);
	output_fini(&output);
}

/* Options stand before or behind the command, with their value or before it. */
static void test_places_of_options(void **state)
{
	const char *path = file("places.ini", "[server]\nworkers = 7\n");
	char joined[TEMPORARY_SIZE + 80], long_joined[TEMPORARY_SIZE + 80];

	(void)state;
	snprintf(joined, sizeof(joined), "-c%s", path);
	snprintf(long_joined, sizeof(long_joined), "--config=%s", path);
	assert_same(WORDS("-c", path, "check", "--dump"), "\nworkers = 7 ");
	assert_same(WORDS("check", "--dump", "-c", path), "\nworkers = 7 ");
	assert_same(WORDS("--dump", "check", joined), "\nworkers = 7 ");
	assert_same(WORDS(long_joined, "--dump", "check"), "\nworkers = 7 ");
	assert_same(WORDS("--config", path, "check", "--dump", "--"), "\nworkers = 7 ");
	assert_same(WORDS("check", "--set=server.workers=8", "-c", path, "--dump"),
	            "\nworkers = 8 ");
	assert_same(
		WORDS("check", "--dump", "--set", "server.workers=8", "--set", "server.workers=9"),
		"\nworkers = 9 ");
}

static void assert_fits(const struct output *output)
{
	assert_int_equal(output->status, 0);
	assert_string_equal(output->err, "");
	for (const char *line = output->out; *line != '\0'; line = strchr(line, '\n') + 1)
		if (strcspn(line, "\n") > 80)
			fail_msg("more than 80 columns: %.*s", (int)strcspn(line, "\n"), line);
}

static void test_help(void **state)
{
	struct output output, again;

	(void)state;
	command_run(&output, WORDS("--help"));
	assert_fits(&output);
	assert_non_null(strstr(output.out, "usage: spacecraft-flights [-c FILE]"));
	assert_non_null(strstr(output.out, "\nData:\n  migrate "));
	assert_non_null(strstr(output.out, "\nExamples:\n"));
	assert_non_null(strstr(output.out, "man spacecraft-flights"));
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		char row[80];

		snprintf(row, sizeof(row), "\n  %s ", commands[i].name);
		assert_non_null(strstr(output.out, row));
	}
	command_run(&again, WORDS("help"));
	assert_string_equal(again.out, output.out);
	output_fini(&again);
	command_run(&again, WORDS("-h"));
	assert_string_equal(again.out, output.out);
	output_fini(&again);
	output_fini(&output);
}

/* `help COMMAND` and `COMMAND --help`, which wins over all that is wrong beside it. */
static void test_help_of_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		const char *name = commands[i].name;
		struct output output, again;
		char usage[80];

		command_run(&output, WORDS("help", name));
		assert_fits(&output);
		snprintf(usage, sizeof(usage), "usage: spacecraft-flights %s", name);
		assert_int_equal(strncmp(output.out, usage, strlen(usage)), 0);
		for (size_t flag = 0; flag < FLAG_TOTAL; flag++) {
			char row[80];

			snprintf(row, sizeof(row), " --%s ", flags[flag].name);
			assert_int_equal(strstr(output.out, row) != NULL,
			                 command_takes(&commands[i], flag));
		}
		command_run(&again, WORDS(name, "--nonsense", "--help", "a", "b"));
		assert_string_equal(again.out, output.out);
		output_fini(&again);
		command_run(&again, WORDS("-h", name));
		assert_string_equal(again.out, output.out);
		output_fini(&again);
		output_fini(&output);
	}
}

static void test_help_of_settings(void **state)
{
	static const char *const names[] = {
#define X(section, key, kind, least, most, fallback, help) "\n  " #section "." #key,
		OPTIONS(X)
#undef X
	};
	struct output output;

	(void)state;
	command_run(&output, WORDS("help", "settings"));
	assert_fits(&output);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_non_null(strstr(output.out, names[i]));
	output_fini(&output);
}

static void test_version(void **state)
{
	struct output output;

	(void)state;
	command_run(&output, WORDS("--version"));
	assert_int_equal(output.status, 0);
	assert_int_equal(strncmp(output.out, "spacecraft-flights 0.", 21), 0);
	output_fini(&output);
	command_run(&output, WORDS("-V"));
	assert_int_equal(strncmp(output.out, "spacecraft-flights 0.", 21), 0);
	output_fini(&output);
}

/* All settings with their sources, none of the secrets, in a form that is a file of settings again. */
static void test_dump(void **state)
{
	const char *path =
		file("dump.ini", "[server]\nworkers = 7\n"
	                         "[database]\nconninfo = host=/nowhere password='s e'\n");
	char from_file[TEMPORARY_SIZE + 80];
	struct output output, again;

	(void)state;
	assert_int_equal(chmod(path, 0600), 0);
	setenv("SPACECRAFT_FLIGHTS_SERVER_THREADS", "3", 1);
	setenv("SPACECRAFT_FLIGHTS_SERVER_WORKERS", "8", 1);
	command_run(&output, WORDS("-c", path, "check", "--dump", "--set", "sync.token=hush",
	                           "--set", "sync.conninfo=postgresql://u:hush@h/d?sslmode=disable",
	                           "--set", "throttle.rate=9/day"));
	unsetenv("SPACECRAFT_FLIGHTS_SERVER_THREADS");
	unsetenv("SPACECRAFT_FLIGHTS_SERVER_WORKERS");
	assert_int_equal(output.status, 1); /* there is no database */
	assert_string_equal(output.err, SAYS "check failed: database, schema\n");
	assert_null(strstr(output.out, "hush"));
	assert_null(strstr(output.out, "s e"));
	assert_non_null(strstr(output.out, "\nthreads = 3  "));
	assert_non_null(strstr(output.out, " ; SPACECRAFT_FLIGHTS_SERVER_THREADS\n"));
	assert_non_null(strstr(output.out, "\nworkers = 8 "));
	assert_non_null(strstr(output.out, "\nrate = 9/day  "));
	assert_non_null(strstr(output.out, " ; --set\n"));
	assert_non_null(strstr(output.out, "\nmax_age = 10  "));
	assert_non_null(strstr(output.out, " ; default\n"));
	assert_non_null(strstr(output.out, "\ntoken = ********  "));
	assert_non_null(strstr(output.out, "\nconninfo = password=******** host=/nowhere "));
	assert_non_null(strstr(output.out, "\nconninfo = user=u password=******** dbname=d host=h "
	                                   "sslmode=disable ; --set\n"));
	snprintf(from_file, sizeof(from_file), " ; %s:4\n", path);
	assert_non_null(strstr(output.out, from_file));
	*strstr(output.out, "configuration: ok") = '\0';
	command_run(&again, WORDS("-c", file("again.ini", output.out), "check", "--dump"));
	assert_non_null(strstr(again.out, "\nrate = 9/day  "));
	assert_non_null(strstr(again.out, "\nconfiguration: ok\n"));
	output_fini(&again);
	output_fini(&output);
}

/* Its mistakes are those of others: with the name of the variable, and no secret in them. */
static void test_environment_mistakes(void **state)
{
	struct output output;

	(void)state;
	setenv("SPACECRAFT_FLIGHTS_SERVER_THREAD", "3", 1);
	setenv("SPACECRAFT_FLIGHTS_SERVICE_HOST", "10.0.0.1", 1);
	setenv("SPACECRAFT_FLIGHTS_CACHE_SIZE", "big", 1);
	setenv("SPACECRAFT_FLIGHTS_SYNC_TOKEN", "hush\001", 1);
	setenv("SPACECRAFT_FLIGHTS_SYNC_CONNINFO_FILE", "/nowhere/secret", 1);
	command_run(&output, WORDS("check"));
	unsetenv("SPACECRAFT_FLIGHTS_SERVER_THREAD");
	unsetenv("SPACECRAFT_FLIGHTS_SERVICE_HOST");
	unsetenv("SPACECRAFT_FLIGHTS_SYNC_TOKEN");
	unsetenv("SPACECRAFT_FLIGHTS_SYNC_CONNINFO_FILE");
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.out,
	                       "configuration: FAILED: environment: there is no setting "
	                       "SPACECRAFT_FLIGHTS_SERVER_THREAD; the nearest name is "
	                       "SPACECRAFT_FLIGHTS_SERVER_THREADS\n"));
	assert_non_null(strstr(output.out, "FAILED: SPACECRAFT_FLIGHTS_CACHE_SIZE: cache.size: "
	                                   "\"big\" is not a size"));
	assert_non_null(strstr(output.out, "FAILED: SPACECRAFT_FLIGHTS_SYNC_TOKEN: sync.token: has "
	                                   "a control character in it\n"));
	assert_non_null(strstr(output.out, "FAILED: SPACECRAFT_FLIGHTS_SYNC_CONNINFO_FILE: "
	                                   "/nowhere/secret: No such file or directory\n"));
	assert_null(strstr(output.out, "SERVICE"));
	assert_null(strstr(output.out, "hush"));
	output_fini(&output);
	command_run(&output, WORDS("migrate"));
	unsetenv("SPACECRAFT_FLIGHTS_CACHE_SIZE");
	assert_int_equal(output.status, 1);
	assert_int_equal(strncmp(output.err, SAYS "SPACECRAFT_FLIGHTS_CACHE_SIZE: cache.size: ",
	                         strlen(SAYS) + 43),
	                 0);
	output_fini(&output);
}

/* A full disk, a reader that has gone, and a stream that was closed before: nothing is lost in silence. */
static void test_standard_output(void **state)
{
	struct output output;

	(void)state;
	command_run(&output, WORDS("check", "--example"));
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.out, "\n[server]\n"));
	output_fini(&output);
	command_run(&output, WORDS("-c", "config.example.ini", "check", "--example"));
	assert_int_equal(output.status, 0);
	output_fini(&output);
	shell(&output, "exec \"$0\" check --example >/dev/full");
	assert_int_equal(output.status, 1);
	assert_string_equal(output.err,
	                    SAYS "cannot write to standard output: No space left on device\n");
	output_fini(&output);
	shell(&output,
	      "fifo=$(mktemp -u) && mkfifo \"$fifo\" && exec 3<>\"$fifo\" 4>\"$fifo\" 3<&- &&"
	      " rm \"$fifo\" && exec \"$0\" help settings >&4");
	assert_int_equal(output.status, 1);
	assert_string_equal(output.err, SAYS "cannot write to standard output: Broken pipe\n");
	output_fini(&output);
	shell(&output, "exec \"$0\" --version >&-");
	assert_int_equal(output.status, 1);
	assert_string_equal(output.err,
	                    SAYS "cannot write to standard output: Bad file descriptor\n");
	output_fini(&output);
}

/* What is printed does not go to the database, whose connection would be standard output. */
static void test_closed_output_and_database(void **state)
{
	struct test_database database;
	struct output output;
	char command[900];

	(void)state;
	test_database_init(&database);
	snprintf(command, sizeof(command),
	         "exec \"$0\" --set 'database.conninfo=%s' migrate <&- >&-", database.conninfo);
	shell(&output, command);
	assert_int_equal(output.status, 1);
	assert_string_equal(output.err,
	                    SAYS "cannot write to standard output: Bad file descriptor\n");
	output_fini(&output);
	snprintf(command, sizeof(command), "exec \"$0\" --set 'database.conninfo=%s' migrate",
	         database.conninfo);
	shell(&output, command);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.out, "nothing to do"));
	output_fini(&output);
	test_database_fini(&database);
}

/* A dry run says what an import would do, and does not do it. */
static void test_dry_import(void **state)
{
	struct test_database database;
	struct output output;

	(void)state;
	samples_database_init(&database);
	free(test_sql(database.conninfo, "DELETE FROM spacecraft_flight WHERE id = 840"));
	for (int i = 0; i < 2; i++) {
		command_run(&output, WORDS("--set", database.setting, "import", "-n",
		                           "sql/sample/840-crew-10.json"));
		assert_string_equal(output.out,
		                    "dry run: 1 flight: 1 new, 0 changed, 0 unchanged\n");
		assert_int_equal(output.status, 0);
		output_fini(&output);
	}
	test_sql_is(database.conninfo, "SELECT count(*) FROM spacecraft_flight WHERE id = 840",
	            "0");
	test_database_fini(&database);
}

static int set_up(void **state)
{
	(void)state;
	temporary_directory(directory, "command-line");
	setenv("PGHOST", "/nowhere", 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	temporary_remove(directory);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_no_words),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_places_of_options),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_help_of_commands),
		cmocka_unit_test(test_help_of_settings),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_environment_mistakes),
		cmocka_unit_test(test_standard_output),
		cmocka_unit_test(test_closed_output_and_database),
		cmocka_unit_test(test_dry_import),
	};

	return RUN_TESTS("command_line", tests, set_up, tear_down);
}
