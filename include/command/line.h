/* Reads the command line: options before or behind the command, in either form, and `--` before what is none. */
#ifndef COMMAND_LINE_H
#define COMMAND_LINE_H

#include <stdbool.h>

#include "base/error.h"
#include "command/table.h"
#include "config/config.h"

enum exit_status { DONE = 0, FAILED = 1, WRONG_USAGE = 2 };

struct command_line {
	const struct command *command; /* NULL: none is needed */
	const char *values
		[FLAG_TOTAL]; /* of the options: the last that was given, "" of a switch; NULL: not given */
	const char **sets; /* all values of --set, in order */
	int set_count;
	char **arguments; /* the words behind the command that are no options */
	int argument_count;
};

/* Reads the words, and changes their order; what is read points into them. False with the error set: they are no
   right usage. With --help or --version nothing else has to be right. */
bool command_line_read(struct command_line *line, int count, char **words,
                       struct error *error) MUST_CHECK;
void command_line_fini(struct command_line *line);

/* Sets the error, and what shows the usage behind it; `word` may be NULL. */
enum exit_status wrong_usage(const struct command *command, struct error *error, const char *what,
                             const char *word);

/* Likewise: there is no command of that name; the nearest is named. */
enum exit_status refuse_command(const char *word, struct error *error);

#endif
