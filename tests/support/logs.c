/* Reads what servers have logged. */
#include "support/logs.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/poll.h"

void log_match(const char *text, size_t length, const char *pattern)
{
	char *copy = strndup(text, length);
	regex_t regex;

	assert_non_null(copy);
	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	if (regexec(&regex, copy, 0, NULL, 0) != 0)
		fail_msg("'%s' is not of the form '%s'", copy, pattern);
	regfree(&regex);
	free(copy);
}

static int count_of(const char *text, const char *part)
{
	int count = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

static char *file_read(const char *path)
{
	struct strbuf text = STRBUF_INIT;
	char part[4096];
	size_t length;
	FILE *file = fopen(path, "re");

	while (file && (length = fread(part, 1, sizeof(part), file)) > 0)
		strbuf_add(&text, part, length);
	if (file)
		fclose(file);
	return strbuf_steal(&text, &length);
}

int log_line_count(const char *path)
{
	char *text = file_read(path);
	int count = count_of(text, "\n");

	free(text);
	return count;
}

struct lines_wanted {
	const char *path;
	int count;
};

static bool has_lines(void *user)
{
	const struct lines_wanted *wanted = user;

	return log_line_count(wanted->path) >= wanted->count;
}

char *log_await_lines(const char *path, int count)
{
	struct lines_wanted wanted = {path, count};

	if (!poll_until(has_lines, &wanted, 10))
		fail_msg("%s: %d lines of %d", path, log_line_count(path), count);
	assert_int_equal(log_line_count(path), count);
	return file_read(path);
}

int log_count(const struct process *process, const char *part)
{
	char *log = process_err(process);
	int count = count_of(log, part);

	free(log);
	return count;
}

struct complaint {
	const struct process *process;
	const char *part;
	int count;
};

static bool has_come(void *user)
{
	const struct complaint *complaint = user;

	return log_count(complaint->process, complaint->part) >= complaint->count;
}

void log_await(const struct process *process, const char *part, int count)
{
	struct complaint complaint = {process, part, count};

	if (!poll_until(has_come, &complaint, COMMAND_SECONDS))
		fail_msg("no \"%s\": %s", part, process_err(process));
}
