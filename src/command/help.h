/* What --help and the command `help` print, in 80 columns. */
#ifndef COMMAND_HELP_H
#define COMMAND_HELP_H

#include "base/strbuf.h"
#include "command/table.h"

#define HELP_COLUMNS 80

/* The usage of the program. */
void help_write(struct strbuf *out);

/* That of a command. */
void help_write_command(struct strbuf *out, const struct command *command);

/* All settings, with their defaults. */
void help_write_settings(struct strbuf *out);

#endif
