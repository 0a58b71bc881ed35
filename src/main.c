/* The program's commands: reads the command line and the settings and runs one of them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "base/temporal.h"
#include "base/version.h"
#include "config/config.h"
#include "config/options.h"
#include "importer/import.h"
#include "importer/partial.h"
#include "repository/migrate.h"
#include "repository/session.h"
#include "resources/all.h"
#include "serve.h"
#include "sync/command.h"
#include "sync/passes.h"
#include "sync/settings.h"
#include "sync/status.h"

enum exit_status { DONE = 0, FAILED = 1, WRONG_USAGE = 2 };

#define PROGRAM "spacecraft-flights"

/* What a command works with; it sets the error where it fails. */
struct call {
	struct config_snapshot *snapshot;
	const struct config *config; /* the snapshot's */
	const struct config_source *source;
	int argument_count; /* of the words behind the command */
	char **arguments;
	const char
		*mistakes; /* in the settings, a line each; for check, which alone runs with any */
	struct error *error;
};

struct command {
	const char *name;
	const char *arguments; /* for the usage */
	const char *help;
	enum exit_status (*run)(struct call *call);
};

static enum exit_status wrong_usage(struct error *error, const char *what, const char *word)
{
	error_set(error, "%s%s%s (--help shows the usage)", what, word ? ": " : "",
	          word ? word : "");
	return WRONG_USAGE;
}

static enum exit_status run_migrate(struct call *call)
{
	struct session *session;
	int before = 0;
	bool done;

	if (call->argument_count > 0)
		return wrong_usage(call->error, "migrate takes no arguments", call->arguments[0]);
	session = session_open(call->config->database_conninfo, SESSION_WRITES, call->error);
	if (!session)
		return FAILED;
	done = migrate_run(session, &before, call->error);
	session_close(session);
	if (!done)
		return FAILED;
	if (before == migration_count)
		printf("schema: version %d, nothing to do\n", migration_count);
	else
		printf("schema: version %d, was %d\n", migration_count, before);
	return DONE;
}

/* One line on what was checked; the first error is the command's. */
static void check_line(struct call *call, const char *what, struct error *found)
{
	if (error_is_set(found)) {
		printf("%s: FAILED: %s\n", what, found->text);
		error_set(call->error, "%s: %s", what, found->text);
	} else {
		printf("%s: ok\n", what);
	}
}

/* Whether the schema is ours. */
static bool check_schema(struct call *call, struct session *session)
{
	struct error found = {0};

	if (!session)
		error_set(&found, "not known without the database");
	else if (migrate_check(session, &found)) {
		printf("schema: ok, version %d\n", migration_count);
		return true;
	}
	check_line(call, "schema", &found);
	return false;
}

static void check_sync(struct call *call, struct session *session)
{
	int64_t now = (int64_t)time(NULL) * MICROSECONDS;
	struct sync_settings settings;
	struct error found = {0};
	struct strbuf line = STRBUF_INIT;

	sync_settings_init(&settings, call->config);
	if (sync_status(session, &settings, now, &line, &found))
		printf("sync: ok, %s\n", line.data);
	else
		check_line(call, "sync", &found);
	strbuf_fini(&line);
}

/* How much there is, and what of it is known in part only, which is no failure. */
static void check_documents(struct call *call, struct session *session)
{
	struct error found = {0};
	struct partial_counts counts;
	struct strbuf partly = STRBUF_INIT;

	if (!partial_count(session, &counts, &found)) {
		check_line(call, "documents", &found);
		return;
	}
	printf("documents: ok");
	for (size_t i = 0; i < endpoint_count; i++)
		if (!endpoints[i]->whole)
			printf(", %" PRId64 " %s", counts.rows[endpoints[i]->resource->index],
			       endpoints[i]->nouns);
	partial_write(&counts, &partly);
	if (partly.length > 0)
		printf("; %s", partly.data);
	printf("\n");
	strbuf_fini(&partly);
}

static enum exit_status print_example(void)
{
	struct strbuf example = STRBUF_INIT;

	config_write_example(&example);
	fwrite(example.data, 1, example.length, stdout);
	strbuf_fini(&example);
	return DONE;
}

/* Whether sync and import may do their work: where they have a connection of their own, or the server is to
   sync. */
static void check_writer(struct call *call)
{
	bool own = call->config->sync_conninfo[0] != '\0';
	struct error found = {0};
	struct session *session;

	if (!own && call->config->sync_interval == 0)
		return;
	session = session_open(sync_conninfo(call->config), SESSION_WRITES, &found);
	if (!session || !migrate_check(session, &found) || !migrate_check_writer(session, &found))
		error_prefix(&found, own ? "sync.conninfo" : "database.conninfo");
	session_close(session);
	check_line(call, "writer", &found);
}

/* Every mistake has its line, and the command's error says how many there are. */
static enum exit_status fail_configuration(struct call *call)
{
	const char *first = call->mistakes;
	size_t count = 0;

	for (const char *at = first; *at; at = strchr(at, '\n') + 1, count++)
		printf("configuration: FAILED: %.*s\n", (int)strcspn(at, "\n"), at);
	if (count == 1)
		error_set(call->error, "configuration: %.*s", (int)strcspn(first, "\n"), first);
	else
		error_set(call->error, "configuration: %zu mistakes, the first: %.*s", count,
		          (int)strcspn(first, "\n"), first);
	return FAILED;
}

static enum exit_status run_check(struct call *call)
{
	struct error found = {0};
	struct session *session;

	if (call->argument_count == 1 && strcmp(call->arguments[0], "--example") == 0)
		return print_example();
	if (call->argument_count > 0)
		return wrong_usage(call->error, "check takes --example alone", call->arguments[0]);
	if (call->mistakes[0] != '\0')
		return fail_configuration(call);
	check_line(call, "configuration", &found);
	session = session_open(call->config->database_conninfo, SESSION_READS, &found);
	check_line(call, "database", &found);
	if (check_schema(call, session)) {
		check_writer(call);
		check_sync(call, session);
		check_documents(call, session);
	}
	session_close(session);
	return error_is_set(call->error) ? FAILED : DONE;
}

static enum exit_status run_serve(struct call *call)
{
	if (call->argument_count > 0)
		return wrong_usage(call->error, "serve takes no arguments", call->arguments[0]);
	return serve(call->snapshot, call->source, call->error) ? DONE : FAILED;
}

/* Takes the options of `sync` off the arguments. */
static enum exit_status read_sync_options(struct call *call, enum pass_kind *kind, bool *dry_run)
{
	*kind = PASS_FULL;
	*dry_run = false;
	for (int i = 0; i < call->argument_count; i++) {
		if (strcmp(call->arguments[i], "--dry-run") == 0)
			*dry_run = true;
		else if (strcmp(call->arguments[i], "--recent") == 0)
			*kind = PASS_RECENT;
		else
			return wrong_usage(call->error, "sync takes --dry-run and --recent",
			                   call->arguments[i]);
	}
	return DONE;
}

static enum exit_status run_sync(struct call *call)
{
	struct strbuf line = STRBUF_INIT;
	struct sync_settings settings;
	enum pass_kind kind;
	enum pass_end end;
	bool dry_run;

	if (read_sync_options(call, &kind, &dry_run) != DONE)
		return WRONG_USAGE;
	sync_settings_init(&settings, call->config);
	end = sync_command(&settings, sync_conninfo(call->config), kind, dry_run, &line,
	                   call->error);
	if (line.length > 0)
		printf("%s\n", line.data);
	strbuf_fini(&line);
	return end == PASS_DONE ? DONE : FAILED;
}

/* Takes `--as-of T` off the arguments. */
static enum exit_status read_as_of(struct call *call, int64_t *as_of, bool *given)
{
	*given = call->argument_count > 0 && strcmp(call->arguments[0], "--as-of") == 0;
	if (!*given)
		return DONE;
	if (call->argument_count < 2 || !moment_parse(call->arguments[1], as_of))
		return wrong_usage(call->error, "--as-of takes a time such as 2025-04-13T02:53:55Z",
		                   call->argument_count < 2 ? NULL : call->arguments[1]);
	call->arguments += 2;
	call->argument_count -= 2;
	return DONE;
}

static enum exit_status run_import(struct call *call)
{
	struct strbuf line = STRBUF_INIT;
	int64_t as_of = 0;
	bool given;
	bool done;
	enum exit_status status = read_as_of(call, &as_of, &given);
	if (status != DONE)
		return status;
	if (call->argument_count == 0)
		return wrong_usage(call->error, "import takes files, or - for standard input",
		                   NULL);
	done = import_files(sync_conninfo(call->config), call->arguments, call->argument_count,
	                    given ? &as_of : NULL, &line, call->error);
	if (done)
		printf("%s\n", line.data);
	strbuf_fini(&line);
	return done ? DONE : FAILED;
}

static const struct command commands[] = {
	{"serve", "", "run the server in the foreground, until SIGTERM or SIGINT", run_serve},
	{"migrate", "", "bring the database's schema to the newest version", run_migrate},
	{"import", "[--as-of T] FILE...",
         "store documents: a flight or spacecraft, an array of them or a page; - is standard input",
         run_import},
	{"sync", "[--recent] [--dry-run]",
         "one pass over the upstream; --recent: only what can have changed by itself", run_sync},
	{"check", "[--example]", "check configuration, database, schema; or print an example file",
         run_check},
};

#define COMMAND_TOTAL (sizeof(commands) / sizeof(commands[0]))

static void print_usage(void)
{
	printf("usage: " PROGRAM " [-c FILE] [--set SECTION.KEY=VALUE]... COMMAND\n\n");
	for (size_t i = 0; i < COMMAND_TOTAL; i++)
		printf("  %-8s %-24s %s\n", commands[i].name, commands[i].arguments,
		       commands[i].help);
	printf("\n  -c, --config FILE  read settings from a file\n"
	       "  --set S.K=VALUE    set one; wins over the file\n"
	       "  --version, --help\n\nSettings:\n");
#define X(section, key, kind, least, most, fallback, text) \
	printf("  %-24s %s%s%s%s\n", #section "." #key, text, *fallback ? " [" : "", fallback, \
	       *fallback ? "]" : "");
	OPTIONS(X)
#undef X
}

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_TOTAL; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* The command line before the command: the last --config, and all --set in order. */
struct options_read {
	struct config_source source;
	int next; /* the first word that is no option */
};

/* `-c FILE`, `--config=FILE`: the value of an option, or NULL where the word is another. */
static const char *option_value(char **words, int *next, const char *name)
{
	size_t length = strlen(name);
	const char *word = words[*next];

	if (strncmp(word, name, length) == 0 && word[length] == '=' && length > 2)
		return word + length + 1;
	if (strcmp(word, name) != 0 || !words[*next + 1])
		return NULL;
	return words[++*next];
}

static enum exit_status read_options(int count, char **words, struct options_read *read,
                                     struct error *error)
{
	for (; read->next < count && words[read->next][0] == '-'; read->next++) {
		const char *word = words[read->next];
		const char *value;

		if ((value = option_value(words, &read->next, "--set")))
			read->source.sets[read->source.set_count++] = value;
		else if ((value = option_value(words, &read->next, "-c")) ||
		         (value = option_value(words, &read->next, "--config")))
			read->source.file = value;
		else
			return wrong_usage(error, "not an option, or one without its value", word);
	}
	return DONE;
}

static enum exit_status read_settings(const struct config_source *source, struct config *config,
                                      struct error *error)
{
	if (source->file && !config_load(config, source->file, error))
		return FAILED;
	return config_set_all(config, source, error) ? DONE : WRONG_USAGE;
}

static void add_line(void *lines, const char *mistake)
{
	strbuf_printf(lines, "%s\n", mistake);
}

/* Likewise, but all mistakes are collected, a line each. */
static void read_all_settings(const struct config_source *source, struct config *config,
                              struct strbuf *mistakes)
{
	if (source->file && !config_load_all(config, source->file, add_line, mistakes))
		log_debug("%s has mistakes", source->file);
	for (int i = 0; i < source->set_count; i++) {
		struct error error = {0};

		if (!config_set(config, source->sets[i], &error))
			add_line(mistakes, error.text);
	}
}

static void apply_settings(const struct config *config)
{
	log_configure(config->log_level, config->log_format == LOG_FORMAT_JSON);
	if (config->server_clock.set)
		clock_fix(config->server_clock.moment);
}

static enum exit_status run_command(struct call *call, const struct command *command,
                                    struct config *config)
{
	struct strbuf mistakes = STRBUF_INIT;
	enum exit_status status = DONE;

	strbuf_str(&mistakes, "");
	if (command->run == run_check)
		read_all_settings(call->source, config, &mistakes);
	else
		status = read_settings(call->source, config, call->error);
	if (status == DONE) {
		apply_settings(config);
		call->mistakes = mistakes.data;
		status = command->run(call);
	}
	strbuf_fini(&mistakes);
	return status;
}

static enum exit_status run(int count, char **words, struct config_snapshot *snapshot,
                            struct options_read *read, struct error *error)
{
	enum exit_status status = read_options(count, words, read, error);
	const struct command *command;
	struct config *config = &snapshot->config;
	struct call call = {
		.snapshot = snapshot,
		.config = config,
		.source = &read->source,
		.error = error,
	};

	if (status != DONE)
		return status;
	if (read->next >= count)
		return wrong_usage(error, "a command is missing", NULL);
	command = command_find(words[read->next]);
	if (!command)
		return wrong_usage(error, "no such command", words[read->next]);
	call.argument_count = count - read->next - 1;
	call.arguments = words + read->next + 1;
	return run_command(&call, command, config);
}

int main(int argc, char **argv)
{
	struct config_snapshot *snapshot;
	struct error error = {0};
	struct options_read read = {.next = 1};
	enum exit_status status;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		print_usage();
		return DONE;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf(PROGRAM " " VERSION "\n");
		return DONE;
	}
	read.source.sets = must(calloc((size_t)argc, sizeof(*read.source.sets)));
	snapshot = config_snapshot_new();
	status = run(argc, argv, snapshot, &read, &error);
	/* What was to be kept, such as check --example, must not be cut short in silence. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == DONE) {
		error_set(&error, "cannot write to standard output: %s", strerror(errno));
		status = FAILED;
	}
	if (error_is_set(&error))
		fprintf(stderr, PROGRAM ": %s\n", error.text);
	config_snapshot_unref(snapshot);
	free(read.source.sets);
	return status;
}
