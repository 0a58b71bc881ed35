/* Runs the command that the command line names. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "command/line.h"
#include "command/run.h"
#include "command/table.h"
#include "config/config.h"
#include "config/options.h"
#include "serve.h"

static enum exit_status run_serve(struct call *call)
{
	return serve(call->snapshot, call->source, call->error) ? DONE : FAILED;
}

static enum exit_status (*const runs[COMMAND_TOTAL])(struct call *call) = {
	[COMMAND_SERVE] = run_serve,     [COMMAND_HEALTH] = run_health,
	[COMMAND_MIGRATE] = run_migrate, [COMMAND_IMPORT] = run_import,
	[COMMAND_EXPORT] = run_export,   [COMMAND_SYNC] = run_sync,
	[COMMAND_CHECK] = run_check,     [COMMAND_HELP] = run_help,
};

static void add_line(void *lines, const char *mistake)
{
	strbuf_printf(lines, "%s\n", mistake);
}

/* Only check tells more than the first mistake. One in the words of the command line is wrong usage. */
static enum exit_status read_settings(const struct config_source *source, struct config *config,
                                      struct strbuf *mistakes)
{
	struct config_source words = {.sets = source->sets, .set_count = source->set_count};
	struct config_source others = {.file = source->file, .environment = source->environment};
	enum exit_status status = DONE;

	if (!config_read(config, &others, add_line, mistakes))
		status = FAILED;
	if (!config_read(config, &words, add_line, mistakes) && status == DONE)
		status = WRONG_USAGE;
	return status;
}

static void apply_settings(const struct config *config)
{
	log_configure(config->log_level, config->log_format == LOG_FORMAT_JSON);
	if (config->exposed)
		log_warning("%s", config->exposed);
	if (config->server_clock.set)
		clock_fix(config->server_clock.moment);
}

/* What needs no settings runs without looking at them. */
static bool needs_settings(const struct command_line *line)
{
	return line->command != &commands[COMMAND_HELP] && !line->values[FLAG_EXAMPLE];
}

static enum exit_status run_command(struct call *call)
{
	const struct command *command = call->line->command;
	struct strbuf mistakes = STRBUF_INIT;
	enum exit_status status = DONE;

	strbuf_str(&mistakes, "");
	if (needs_settings(call->line))
		status = read_settings(call->source, &call->snapshot->config, &mistakes);
	if (status == DONE || command == &commands[COMMAND_CHECK]) {
		apply_settings(call->config);
		call->mistakes = mistakes.data;
		status = runs[command - commands](call);
	} else {
		error_set(call->error, "%.*s", (int)strcspn(mistakes.data, "\n"), mistakes.data);
	}
	strbuf_fini(&mistakes);
	return status;
}

static enum exit_status run(const struct command_line *line, struct error *error)
{
	struct config_source source = {.file = line->values[FLAG_CONFIG],
	                               .environment = environ,
	                               .sets = line->sets,
	                               .set_count = line->set_count};
	struct call call = {.line = line, .source = &source, .error = error};
	enum exit_status status;

	if (line->values[FLAG_HELP])
		return print_help(line->command);
	if (line->values[FLAG_VERSION]) {
		printf(PROGRAM " " VERSION "\n");
		return DONE;
	}
	if (!line->command) {
		print_help(NULL);
		return WRONG_USAGE;
	}
	call.snapshot = config_snapshot_new();
	call.config = &call.snapshot->config;
	status = run_command(&call);
	config_snapshot_unref(call.snapshot);
	return status;
}

/* A closed standard stream would be the next file or connection that is opened, and what is printed would go there.
   Here whatever takes its place can be neither written as output nor read as input. */
static void standard_streams_fill(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			_exit(FAILED);
}

/* Nothing may be cut short in silence: neither on a full disk nor by a reader that has gone. */
static bool standard_output_close(struct error *error)
{
	bool failed = ferror(stdout) != 0;

	if (fclose(stdout) == 0 && !failed)
		return true;
	return error_set(error, "cannot write to standard output: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	struct command_line line;
	struct error error = {0};
	enum exit_status status = WRONG_USAGE;

	standard_streams_fill();
	/* Writing to who has gone is an error like others. */
	signal(SIGPIPE, SIG_IGN);
	if (command_line_read(&line, argc, argv, &error))
		status = run(&line, &error);
	if (!standard_output_close(&error) && status == DONE)
		status = FAILED;
	if (error_is_set(&error))
		printable_line(stderr, PROGRAM ": %s", error.text);
	command_line_fini(&line);
	return (int)status;
}
