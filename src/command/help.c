/* Writes the usage from the tables of commands, options and settings. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "command/run.h"
#include "config/config.h"

/* A text in lines between the columns `from` and HELP_COLUMNS; the cursor stands in `column`. */
static void write_wrapped(struct strbuf *out, size_t column, size_t from, const char *text)
{
	while (*text != '\0') {
		size_t word = strcspn(text, " \n");

		if (column > from && column + 1 + word > HELP_COLUMNS) {
			strbuf_char(out, '\n');
			column = 0;
		}
		if (column < from) {
			strbuf_printf(out, "%*s", (int)(from - column), "");
			column = from;
		} else if (column > from) {
			strbuf_char(out, ' ');
			column++;
		}
		strbuf_add(out, text, word);
		column += word;
		text += word;
		if (*text == '\n') {
			strbuf_char(out, '\n');
			column = 0;
		}
		text += *text != '\0';
	}
	strbuf_char(out, '\n');
}

/* `  name      text`, the text in a column of its own. */
static void write_row(struct strbuf *out, const char *name, size_t from, const char *text)
{
	size_t length = 2 + strlen(name);

	strbuf_printf(out, "  %s", name);
	if (length + 2 > from) {
		strbuf_char(out, '\n');
		length = 0;
	}
	write_wrapped(out, length, from, text);
}

static void write_flag(struct strbuf *out, const struct flag *flag)
{
	char name[80];

	snprintf(name, sizeof(name), "%c%c%c --%s%s%s", flag->letter ? '-' : ' ',
	         flag->letter ? flag->letter : ' ', flag->letter ? ',' : ' ', flag->name,
	         flag->value ? " " : "", flag->value ? flag->value : "");
	write_row(out, name, 32, flag->help);
}

static void write_flags(struct strbuf *out, const char *heading, unsigned bits)
{
	if (bits == 0)
		return;
	strbuf_printf(out, "\n%s:\n", heading);
	for (size_t i = 0; i < FLAG_TOTAL; i++)
		if (bits >> i & 1)
			write_flag(out, &flags[i]);
}

/* A command that is longer than a line goes on in the next, as a shell takes it. */
static void write_example(struct strbuf *out, const struct example *example)
{
	const char *rest = example->words;
	size_t column = 4 + strlen(PROGRAM);

	strbuf_printf(out, "  # %s\n    " PROGRAM, example->purpose);
	while (*rest != '\0') {
		size_t word = strcspn(rest, " ");

		if (column + 1 + word > HELP_COLUMNS - 2) {
			strbuf_str(out, " \\\n       ");
			column = 7;
		}
		strbuf_char(out, ' ');
		strbuf_add(out, rest, word);
		column += 1 + word;
		rest += word;
		rest += *rest == ' ';
	}
	strbuf_char(out, '\n');
}

static void write_commands(struct strbuf *out)
{
	const char *group = "";

	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		if (strcmp(group, commands[i].group) != 0)
			strbuf_printf(out, "\n%s:\n", commands[i].group);
		group = commands[i].group;
		write_row(out, commands[i].name, 12, commands[i].summary);
	}
}

void help_write(struct strbuf *out)
{
	strbuf_str(out, "usage: " PROGRAM " [-c FILE] [--set SECTION.KEY=VALUE]... COMMAND\n\n");
	write_wrapped(out, 0, 0,
	              "Answers as Launch Library 2 does, out of your own PostgreSQL, and keeps "
	              "itself in step with the original.");
	write_commands(out);
	write_flags(out, "Options of every command", FLAGS_OF_ALL);
	strbuf_str(out, "\nExamples:\n");
	for (size_t i = 0; i < COMMAND_TOTAL; i++)
		if (i == COMMAND_SERVE || i == COMMAND_MIGRATE || i == COMMAND_SYNC)
			write_example(out, &commands[i].examples[0]);
	strbuf_char(out, '\n');
	write_wrapped(out, 0, 0,
	              "More on a command: " PROGRAM " help COMMAND; on settings: " PROGRAM
	              " help settings. The manual: man " PROGRAM ", man " PROGRAM ".ini. How to "
	              "run it: README.md and docs/ beside the sources, or in "
	              "share/doc/" PROGRAM ".");
}

void help_write_command(struct strbuf *out, const struct command *command)
{
	strbuf_printf(out, "usage: " PROGRAM " %s%s%s%s\n\n", command->name,
	              command->flags ? " [OPTION]..." : "", command->arguments ? " " : "",
	              command->arguments ? command->arguments : "");
	strbuf_printf(out, "%s: %s\n", command->name, command->summary);
	if (command->text[0] != '\0') {
		strbuf_char(out, '\n');
		write_wrapped(out, 0, 0, command->text);
	}
	write_flags(out, "Options", command->flags);
	write_flags(out, "Options of every command", FLAGS_OF_ALL);
	if (command->examples[0].words)
		strbuf_str(out, "\nExamples:\n");
	for (size_t i = 0; i < EXAMPLES_MAX && command->examples[i].words; i++)
		write_example(out, &command->examples[i]);
}

void help_write_settings(struct strbuf *out)
{
	const char *section = "";

	write_wrapped(out, 0, 0,
	              "Each setting comes from a file (-c FILE), from its variable of the "
	              "environment (SPACECRAFT_FLIGHTS_SECTION_KEY; where it is secret, "
	              "..._FILE names a file that has it) or from --set SECTION.KEY=VALUE; the "
	              "later of these win. Times are in seconds.");
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct setting setting = config_setting(NULL, i);

		strbuf_printf(out, "%s  %s.%s%s%s\n",
		              strcmp(section, setting.section) == 0 ? "" : "\n", setting.section,
		              setting.key, setting.fallback[0] ? " = " : "", setting.fallback);
		section = setting.section;
		write_wrapped(out, 0, 6, setting.help);
	}
}

static enum exit_status print(struct strbuf *text)
{
	fwrite(text->data, 1, text->length, stdout);
	strbuf_fini(text);
	return DONE;
}

enum exit_status print_help(const struct command *command)
{
	struct strbuf text = STRBUF_INIT;

	if (command)
		help_write_command(&text, command);
	else
		help_write(&text);
	return print(&text);
}

enum exit_status run_help(struct call *call)
{
	const char *topic = call->line->arguments[0];
	struct strbuf text = STRBUF_INIT;
	const struct command *command;

	if (!topic)
		return print_help(NULL);
	if (strcmp(topic, TOPIC_SETTINGS) == 0) {
		help_write_settings(&text);
		return print(&text);
	}
	command = command_find(topic);
	return command ? print_help(command) : refuse_command(topic, call->error);
}
