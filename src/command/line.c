/* Reads the command line with getopt_long, and says what is wrong with it. */
#include "command/line.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/strbuf.h"

enum exit_status wrong_usage(const struct command *command, struct error *error, const char *what,
                             const char *word)
{
	error_set(error, "%s%s%s (%s%s--help shows the usage)", what, word ? ": " : "",
	          word ? word : "", command ? command->name : "", command ? " " : "");
	return WRONG_USAGE;
}

/* What getopt_long returns for the option of that index. */
#define FLAG_VALUE 0x100

/* `:` behind a letter says that it takes a value; the first, that a value that is missing is told apart. */
static void write_options(struct option long_options[FLAG_TOTAL + 1],
                          char letters[2 * FLAG_TOTAL + 2])
{
	*letters++ = ':';
	for (size_t i = 0; i < FLAG_TOTAL; i++) {
		long_options[i] = (struct option){flags[i].name,
		                                  flags[i].value ? required_argument : no_argument,
		                                  NULL, FLAG_VALUE + (int)i};
		if (!flags[i].letter)
			continue;
		*letters++ = flags[i].letter;
		if (flags[i].value)
			*letters++ = ':';
	}
	*letters = '\0';
	long_options[FLAG_TOTAL] = (struct option){NULL, 0, NULL, 0};
}

/* The index of an option by what getopt_long returned for it; FLAG_TOTAL: it is none of ours. */
static size_t flag_index(int returned)
{
	size_t i = 0;

	if (returned >= FLAG_VALUE)
		return (size_t)(returned - FLAG_VALUE);
	while (i < FLAG_TOTAL && flags[i].letter != returned)
		i++;
	return i;
}

static void take(struct command_line *line, size_t flag, const char *value)
{
	line->values[flag] = value ? value : "";
	if (flag == FLAG_SET)
		line->sets[line->set_count++] = value;
}

/* `; sync takes --dry-run, --recent` */
static void write_own_flags(struct strbuf *out, const struct command *command)
{
	const char *before = " takes ";

	if (command->flags == 0)
		return;
	strbuf_printf(out, "; %s", command->name);
	for (size_t i = 0; i < FLAG_TOTAL; i++) {
		if (!(command->flags >> i & 1))
			continue;
		strbuf_printf(out, "%s--%s", before, flags[i].name);
		before = ", ";
	}
}

/* `; the nearest is NAME`, where one is near; the options are those of the command, or of any where it is NULL. */
static void write_nearest(struct strbuf *out, const char *typed, const struct command *command,
                          bool option)
{
	size_t total = option ? FLAG_TOTAL : COMMAND_TOTAL;
	const char *nearest = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < total; i++) {
		const char *name = option ? flags[i].name : commands[i].name;
		size_t distance = name_distance(typed, name);

		if (distance >= least || !name_is_near(typed, name) ||
		    (option && command && !command_takes(command, i)))
			continue;
		least = distance;
		nearest = name;
	}
	if (nearest)
		strbuf_printf(out, "; the nearest is %s%s", option ? "--" : "", nearest);
	else if (option && command)
		write_own_flags(out, command);
}

/* What getopt_long did not take: the first of it. */
struct mistake {
	int returned; /* `?` or `:`; 0: there is none */
	int option;   /* what would have been returned, or 0 */
	const char *word;
};

static void write_mistake(struct strbuf *out, const struct mistake *mistake,
                          const struct command *command)
{
	const struct flag *flag = &flags[flag_index(mistake->option) % FLAG_TOTAL];
	char name[NAME_MAX_LENGTH];

	if (mistake->returned == ':') {
		strbuf_printf(out, "--%s takes a value, %s, which is missing", flag->name,
		              flag->value);
	} else if (mistake->option >= FLAG_VALUE) {
		strbuf_printf(out, "--%s takes no value", flag->name);
	} else if (mistake->option != 0) {
		strbuf_printf(out, "no such option: -%c", mistake->option);
	} else {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(mistake->word, "="),
		         mistake->word);
		strbuf_printf(out, "no such option: %s", name);
		write_nearest(out, name + 2, command, true);
	}
}

static void refuse_option(const struct mistake *mistake, const struct command *command,
                          struct error *error)
{
	struct strbuf what = STRBUF_INIT;

	write_mistake(&what, mistake, command);
	wrong_usage(command, error, what.data, NULL);
	strbuf_fini(&what);
}

/* All options, wherever they stand. */
static struct mistake read_options(struct command_line *line, int count, char **words)
{
	struct option long_options[FLAG_TOTAL + 1];
	struct mistake mistake = {0};
	char letters[2 * FLAG_TOTAL + 2];
	int returned;

	write_options(long_options, letters);
	opterr = 0;
	optind = 0;
	while ((returned = getopt_long(count, words, letters, long_options, NULL)) != -1) {
		if (returned != '?' && returned != ':')
			take(line, flag_index(returned), optarg);
		else if (mistake.returned == 0)
			mistake = (struct mistake){returned, optopt, words[optind - 1]};
	}
	line->arguments = words + optind;
	line->argument_count = count - optind;
	return mistake;
}

enum exit_status refuse_command(const char *word, struct error *error)
{
	struct strbuf what = STRBUF_INIT;

	strbuf_printf(&what, "no such command: %s", word);
	write_nearest(&what, word, NULL, false);
	wrong_usage(NULL, error, what.data, NULL);
	strbuf_fini(&what);
	return WRONG_USAGE;
}

/* Options that the command does not have. */
static void check_flags(const struct command_line *line, struct error *error)
{
	char what[3 * NAME_MAX_LENGTH];

	for (size_t i = 0; i < FLAG_TOTAL; i++) {
		if (!line->values[i] || command_takes(line->command, i))
			continue;
		snprintf(what, sizeof(what), "%s has no option --%s", line->command->name,
		         flags[i].name);
		wrong_usage(line->command, error, what, NULL);
	}
}

static void check_arguments(const struct command_line *line, struct error *error)
{
	const struct command *command = line->command;
	char what[3 * NAME_MAX_LENGTH];

	if (line->argument_count < command->arguments_least) {
		snprintf(what, sizeof(what), "%s takes %s", command->name, command->arguments);
		wrong_usage(command, error, what, NULL);
	} else if (line->argument_count > command->arguments_most) {
		snprintf(what, sizeof(what), "%s takes %s%s", command->name,
		         command->arguments ? "no more than " : "no arguments",
		         command->arguments ? command->arguments : "");
		wrong_usage(command, error, what, line->arguments[command->arguments_most]);
	}
}

/* The first word that is no option. */
static void read_command(struct command_line *line)
{
	line->command = line->argument_count > 0 ? command_find(line->arguments[0]) : NULL;
	if (line->command) {
		line->arguments++;
		line->argument_count--;
	}
}

bool command_line_read(struct command_line *line, int count, char **words, struct error *error)
{
	struct mistake mistake;

	*line = (struct command_line){.sets = must(calloc((size_t)count + 1, sizeof(*line->sets)))};
	mistake = read_options(line, count, words);
	read_command(line);
	if (count < 2 || line->values[FLAG_HELP] || line->values[FLAG_VERSION])
		return true;
	/* An option first: what is no command may be its value. */
	if (mistake.returned != 0)
		refuse_option(&mistake, line->command, error);
	if (line->command) {
		check_flags(line, error);
		check_arguments(line, error);
	} else if (line->argument_count > 0) {
		refuse_command(line->arguments[0], error);
	} else {
		wrong_usage(NULL, error, "a command is missing", NULL);
	}
	return !error_is_set(error);
}

void command_line_fini(struct command_line *line)
{
	free(line->sets);
}
