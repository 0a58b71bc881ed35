/* Writes the completion of shells. What they complete a word to is in the tables; each shell's part below is the
   form that it takes it in. */
#include <stdbool.h>
#include <string.h>

#include "command/manual.h"
#include "command/table.h"
#include "config/config.h"
#include "resources/all.h"

#define HEAD "# Completion of spacecraft-flights, made from its tables.\n"

/* A text within single quotes. */
static void write_quoted(struct strbuf *out, const char *text)
{
	strbuf_char(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			strbuf_str(out, "'\\'");
		strbuf_char(out, *text);
	}
	strbuf_char(out, '\'');
}

/* The words of a completion that is a list, each with a space before it. */
static void write_words(struct strbuf *out, enum completion completion)
{
	if (completion == COMPLETE_SETTINGS)
		for (size_t i = 0; i < OPTION_TOTAL; i++) {
			struct setting setting = config_setting(NULL, i);

			strbuf_printf(out, " %s.%s=", setting.section, setting.key);
		}
	if (completion == COMPLETE_TOPICS)
		for (size_t i = 0; i < COMMAND_TOTAL; i++)
			strbuf_printf(out, " %s", commands[i].name);
	if (completion == COMPLETE_TOPICS)
		strbuf_str(out, " " TOPIC_SETTINGS);
	if (completion == COMPLETE_ENDPOINTS)
		for (size_t i = 0; i < endpoint_count; i++)
			strbuf_printf(out, " %s", endpoints[i]->path);
}

/* --- bash. --- */

/* ` -c --config`, of all options whose bit is set. */
static void write_flag_words(struct strbuf *out, unsigned bits)
{
	for (size_t i = 0; i < FLAG_TOTAL; i++) {
		if (!(bits >> i & 1))
			continue;
		if (flags[i].letter)
			strbuf_printf(out, " -%c", flags[i].letter);
		strbuf_printf(out, " --%s", flags[i].name);
	}
}

/* ` -c | --config`: the pattern of an option in a case. */
static void write_pattern(struct strbuf *out, const struct flag *flag)
{
	if (flag->letter)
		strbuf_printf(out, "-%c | ", flag->letter);
	strbuf_printf(out, "--%s", flag->name);
}

static void write_bash_reply(struct strbuf *out, enum completion completion)
{
	if (completion == COMPLETE_FILES) {
		strbuf_str(out, "mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
		                "\t\tcompopt -o filenames 2>/dev/null\n");
	} else if (completion == COMPLETE_NOTHING) {
		strbuf_str(out, ":\n");
	} else {
		strbuf_str(out, "mapfile -t COMPREPLY < <(compgen -W '");
		write_words(out, completion);
		strbuf_str(out, "' -- \"$current\")\n");
		if (completion == COMPLETE_SETTINGS)
			strbuf_str(out, "\t\tcompopt -o nospace 2>/dev/null\n");
	}
}

void completion_write_bash(struct strbuf *out)
{
	strbuf_str(
		out, HEAD
		"_spacecraft_flights() {\n"
		"\tlocal current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"\tlocal command='' word previous=''\n"
		"\tCOMPREPLY=()\n"
		"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD - 1}\"; do\n"
		"\t\tcase $previous:$word in\n\t\t");
	for (size_t i = 0; i < FLAG_TOTAL; i++)
		if (flags[i].value && flags[i].letter)
			strbuf_printf(out, "-%c:* | ", flags[i].letter);
	for (size_t i = 0; i < FLAG_TOTAL; i++)
		if (flags[i].value)
			strbuf_printf(out, "--%s:* | ", flags[i].name);
	strbuf_str(out, "*:-* | =:* | *:=) ;;\n"
	                "\t\t*) command=${command:-$word} ;;\n"
	                "\t\tesac\n"
	                "\t\tprevious=$word\n"
	                "\tdone\n"
	                "\tcase $before in\n");
	for (size_t i = 0; i < FLAG_TOTAL; i++) {
		if (!flags[i].value)
			continue;
		strbuf_char(out, '\t');
		write_pattern(out, &flags[i]);
		strbuf_str(out, ")\n\t\t");
		write_bash_reply(out, flags[i].completion);
		strbuf_str(out, "\t\treturn\n\t\t;;\n");
	}
	strbuf_str(out, "\tesac\n\tcase $command:$current in\n\t:-*)\n\t\t"
	                "mapfile -t COMPREPLY < <(compgen -W '");
	write_flag_words(out, (1U << FLAG_TOTAL) - 1);
	strbuf_str(out,
	           "' -- \"$current\")\n\t\t;;\n\t:*)\n\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < COMMAND_TOTAL; i++)
		strbuf_printf(out, " %s", commands[i].name);
	strbuf_str(out, "' -- \"$current\")\n\t\t;;\n");
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		strbuf_printf(out, "\t%s:-*)\n\t\tmapfile -t COMPREPLY < <(compgen -W '",
		              commands[i].name);
		write_flag_words(out, commands[i].flags | FLAGS_OF_ALL);
		strbuf_printf(out, "' -- \"$current\")\n\t\t;;\n\t%s:*)\n\t\t", commands[i].name);
		write_bash_reply(out, commands[i].completion);
		strbuf_str(out, "\t\t;;\n");
	}
	strbuf_str(out, "\tesac\n}\ncomplete -F _spacecraft_flights " PROGRAM "\n");
}

/* --- zsh. --- */

/* A text within brackets of a specification of _arguments, within single quotes. */
static void write_zsh_text(struct strbuf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("[]:\\", *text))
			strbuf_char(out, '\\');
		if (*text == '\'')
			strbuf_str(out, "'\\'");
		strbuf_char(out, *text);
	}
}

static void write_zsh_action(struct strbuf *out, enum completion completion)
{
	if (completion == COMPLETE_FILES) {
		strbuf_str(out, "_files");
	} else if (completion == COMPLETE_SETTINGS) {
		strbuf_str(out, "compadd -S \"\" --");
		write_words(out, completion);
	} else if (completion != COMPLETE_NOTHING) {
		strbuf_str(out, "compadd --");
		write_words(out, completion);
	}
}

/* `'(-c --config)'{-c,--config}'[help]:FILE:_files'`, or with * where it may be repeated. */
static void write_zsh_flag(struct strbuf *out, enum flag_id id)
{
	const struct flag *flag = &flags[id];

	if (id == FLAG_SET)
		strbuf_str(out, " \\\n\t\t'*--");
	else if (flag->letter)
		strbuf_printf(out, " \\\n\t\t'(-%c --%s)'{-%c,--%s", flag->letter, flag->name,
		              flag->letter, flag->name);
	else
		strbuf_str(out, " \\\n\t\t'--");
	if (!flag->letter)
		strbuf_str(out, flag->name);
	strbuf_str(out, flag->value ? "=" : "");
	strbuf_str(out, flag->letter ? "}'[" : "[");
	write_zsh_text(out, flag->help);
	strbuf_char(out, ']');
	if (flag->value) {
		strbuf_printf(out, ":%s:", flag->value);
		write_zsh_action(out, flag->completion);
	}
	strbuf_char(out, '\'');
}

static void write_zsh_flags(struct strbuf *out, unsigned bits)
{
	for (size_t i = 0; i < FLAG_TOTAL; i++)
		if (bits >> i & 1)
			write_zsh_flag(out, (enum flag_id)i);
}

void completion_write_zsh(struct strbuf *out)
{
	strbuf_str(out, "#compdef " PROGRAM "\n" HEAD "_spacecraft_flights() {\n"
	                "\tlocal curcontext=$curcontext state line\n"
	                "\t_arguments -C -S");
	write_zsh_flags(out, FLAGS_OF_ALL);
	strbuf_str(out, " \\\n\t\t'1:command:->command' '*::argument:->argument'\n"
	                "\tcase $state in\n\tcommand)\n\t\tlocal -a commands=(\n");
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		strbuf_printf(out, "\t\t\t'%s:", commands[i].name);
		write_zsh_text(out, commands[i].summary);
		strbuf_str(out, "'\n");
	}
	strbuf_str(out, "\t\t)\n\t\t_describe command commands\n\t\t;;\n"
	                "\targument)\n\t\tcase $words[1] in\n");
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		strbuf_printf(out, "\t\t%s)\n\t\t_arguments -S", commands[i].name);
		write_zsh_flags(out, commands[i].flags | FLAGS_OF_ALL);
		if (commands[i].arguments) {
			strbuf_printf(out, " \\\n\t\t'*:%s:", "argument");
			write_zsh_action(out, commands[i].completion);
			strbuf_char(out, '\'');
		}
		strbuf_str(out, "\n\t\t;;\n");
	}
	strbuf_str(out, "\t\tesac\n\t\t;;\n\tesac\n}\n_spacecraft_flights \"$@\"\n");
}

/* --- fish. --- */

static void write_fish_flag(struct strbuf *out, const struct flag *flag, const char *command)
{
	bool files = flag->value && flag->completion == COMPLETE_FILES;

	strbuf_printf(out, "complete -c " PROGRAM " %s",
	              files         ? "-r -F"
	              : flag->value ? "-x"
	                            : "-f");
	if (command)
		strbuf_printf(out, " -n '__fish_seen_subcommand_from %s'", command);
	if (flag->letter)
		strbuf_printf(out, " -s %c", flag->letter);
	strbuf_printf(out, " -l %s", flag->name);
	if (flag->value && !files && flag->completion != COMPLETE_NOTHING) {
		strbuf_str(out, " -a '");
		write_words(out, flag->completion);
		strbuf_char(out, '\'');
	}
	strbuf_str(out, " -d ");
	write_quoted(out, flag->help);
	strbuf_char(out, '\n');
}

static void write_fish_arguments(struct strbuf *out, const struct command *command)
{
	if (command->completion == COMPLETE_NOTHING)
		return;
	strbuf_printf(out, "complete -c " PROGRAM " -n '__fish_seen_subcommand_from %s' ",
	              command->name);
	if (command->completion == COMPLETE_FILES) {
		strbuf_str(out, "-F\n");
		return;
	}
	strbuf_str(out, "-f -a '");
	write_words(out, command->completion);
	strbuf_str(out, "'\n");
}

void completion_write_fish(struct strbuf *out)
{
	strbuf_str(out, HEAD "complete -c " PROGRAM " -f\n");
	for (size_t i = 0; i < FLAG_TOTAL; i++)
		if (FLAGS_OF_ALL >> i & 1)
			write_fish_flag(out, &flags[i], NULL);
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		strbuf_printf(out, "complete -c " PROGRAM " -n __fish_use_subcommand -a %s -d ",
		              commands[i].name);
		write_quoted(out, commands[i].summary);
		strbuf_char(out, '\n');
		for (size_t flag = 0; flag < FLAG_TOTAL; flag++)
			if (commands[i].flags >> flag & 1)
				write_fish_flag(out, &flags[flag], commands[i].name);
		write_fish_arguments(out, &commands[i]);
	}
}
