/* The manual and the completion of shells, written from the tables of commands, options and settings when the
   program is built, so that they cannot differ from it. */
#ifndef COMMAND_MANUAL_H
#define COMMAND_MANUAL_H

#include "base/strbuf.h"

/* spacecraft-flights(1) and spacecraft-flights.ini(5), in roff with the man macros. */
void manual_write_commands(struct strbuf *out);
void manual_write_settings(struct strbuf *out);

/* For bash, zsh (the file _spacecraft-flights in its fpath) and fish. */
void completion_write_bash(struct strbuf *out);
void completion_write_zsh(struct strbuf *out);
void completion_write_fish(struct strbuf *out);

#endif
