/* The commands but serve: what each does. They print to standard output, and set the call's error where they
   fail. */
#ifndef COMMAND_RUN_H
#define COMMAND_RUN_H

#include "base/error.h"
#include "command/line.h"
#include "config/config.h"

/* What a command works with. */
struct call {
	const struct command_line *line;
	struct config_snapshot *snapshot;
	const struct config *config; /* the snapshot's */
	const struct config_source *source;
	const char
		*mistakes; /* in the settings, a line each; for check, which alone runs with any */
	struct error *error;
};

enum exit_status run_health(struct call *call);
enum exit_status run_migrate(struct call *call);
enum exit_status run_import(struct call *call);
enum exit_status run_export(struct call *call);
enum exit_status run_sync(struct call *call);
enum exit_status run_check(struct call *call);
enum exit_status run_help(struct call *call);

/* Help of a command, or of the program where it is NULL. */
enum exit_status print_help(const struct command *command);

#endif
