/* What a server has logged, on standard error or in a file. */
#ifndef SUPPORT_LOGS_H
#define SUPPORT_LOGS_H

#include <stdbool.h>
#include <stddef.h>

#include "support/command.h"

/* Asserts that these bytes match an extended regular expression. */
void log_match(const char *text, size_t length, const char *pattern);

/* How many lines a file has; none, where there is no file. */
int log_line_count(const char *path);
/* The file once it has so many lines, and no more; new. */
char *log_await_lines(const char *path, int count);

/* How often a text has been on a process's standard error so far. */
int log_count(const struct process *process, const char *part);

/* Waits until it has been there so often. */
void log_await(const struct process *process, const char *part, int count);

#endif
