/* Writes the manual. */
#include "command/manual.h"

#include <ctype.h>
#include <string.h>

#include "base/version.h"
#include "command/table.h"
#include "config/config.h"

/* Text as roff takes it: a hyphen is one that can be copied, and no line begins as a request does. A newline in it
   begins a paragraph. */
static void write_text(struct strbuf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			strbuf_str(out, "\\e");
		else if (*text == '-')
			strbuf_str(out, "\\-");
		else if (*text == '\n')
			strbuf_str(out, "\n.PP\n");
		else if (*text == '.' || *text == '\'')
			strbuf_printf(out, "\\&%c", *text);
		else
			strbuf_char(out, *text);
	}
}

static void write_bold(struct strbuf *out, const char *text)
{
	strbuf_str(out, "\\fB");
	write_text(out, text);
	strbuf_str(out, "\\fR");
}

static void write_italic(struct strbuf *out, const char *text)
{
	strbuf_str(out, "\\fI");
	write_text(out, text);
	strbuf_str(out, "\\fR");
}

static void write_paragraph(struct strbuf *out, const char *text)
{
	strbuf_str(out, ".PP\n");
	write_text(out, text);
	strbuf_char(out, '\n');
}

/* A term and what it means. */
static void write_item(struct strbuf *out, const char *term, const char *text)
{
	strbuf_str(out, ".TP\n");
	write_bold(out, term);
	strbuf_char(out, '\n');
	write_text(out, text);
	strbuf_char(out, '\n');
}

static void write_head(struct strbuf *out, const char *name, int section, const char *what)
{
	strbuf_str(out, ".\\\" Made from the program's tables.\n.TH ");
	for (const char *c = name; *c != '\0'; c++)
		strbuf_char(out, (char)toupper((unsigned char)*c));
	strbuf_printf(out, " %d \"" VERSION_DATE "\" \"" PROGRAM " " VERSION "\"\n", section);
	/* Neither hyphenated nor justified: what is to be typed stays as it is. */
	strbuf_str(out, ".nh\n.ad l\n.SH NAME\n");
	write_text(out, name);
	strbuf_str(out, " \\- ");
	write_text(out, what);
	strbuf_char(out, '\n');
}

/* --- Section 1. --- */

static void write_flag(struct strbuf *out, const struct flag *flag)
{
	const char letter[] = {'-', flag->letter, '\0'};

	strbuf_str(out, ".TP\n");
	if (flag->letter) {
		write_bold(out, letter);
		strbuf_str(out, ", ");
	}
	strbuf_str(out, "\\fB\\-\\-");
	write_text(out, flag->name);
	strbuf_str(out, "\\fR");
	if (flag->value) {
		strbuf_char(out, '=');
		write_italic(out, flag->value);
	}
	strbuf_char(out, '\n');
	write_text(out, flag->help);
	strbuf_char(out, '\n');
}

static void write_flags(struct strbuf *out, unsigned bits)
{
	for (size_t i = 0; i < FLAG_TOTAL; i++)
		if (bits >> i & 1)
			write_flag(out, &flags[i]);
}

static void write_command(struct strbuf *out, const struct command *command)
{
	strbuf_str(out, ".SS ");
	write_text(out, command->name);
	if (command->arguments) {
		strbuf_char(out, ' ');
		write_text(out, command->arguments);
	}
	strbuf_char(out, '\n');
	strbuf_char(out, (char)toupper((unsigned char)command->summary[0]));
	write_text(out, command->summary + 1);
	strbuf_str(out, ".\n");
	if (command->text[0] != '\0')
		write_paragraph(out, command->text);
	write_flags(out, command->flags);
}

static void write_examples(struct strbuf *out)
{
	strbuf_str(out, ".SH EXAMPLES\n");
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		const struct example *example = commands[i].examples;

		for (size_t k = 0; k < EXAMPLES_MAX && example[k].words; k++) {
			strbuf_str(out, ".TP\n");
			write_text(out, example[k].purpose);
			strbuf_str(out, ":\n.B " PROGRAM " ");
			write_text(out, example[k].words);
			strbuf_char(out, '\n');
		}
	}
}

void manual_write_commands(struct strbuf *out)
{
	write_head(out, PROGRAM, 1, "answers as Launch Library 2 does, out of PostgreSQL");
	strbuf_str(out, ".SH SYNOPSIS\n");
	write_bold(out, PROGRAM);
	strbuf_str(out, " [\\fB\\-c\\fR \\fIFILE\\fR] [\\fB\\-\\-set\\fR "
	                "\\fISECTION.KEY\\fR=\\fIVALUE\\fR]... \\fICOMMAND\\fR "
	                "[\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n");
	strbuf_str(out, ".SH DESCRIPTION\n");
	write_text(out, "A server that answers as Launch Library 2, version 2.3.0, does: with the "
	                "same documents, links, filters, errors and headers. It has its data in "
	                "PostgreSQL, fills itself from the original within its allowance, and "
	                "keeps itself in step with it.");
	strbuf_str(out, "\n.SH COMMANDS\n");
	for (size_t i = 0; i < COMMAND_TOTAL; i++)
		write_command(out, &commands[i]);
	strbuf_str(out, ".SH OPTIONS\n");
	write_text(out, "These are of every command, and may stand before or behind it. What "
	                "stands behind -- is no option.");
	strbuf_char(out, '\n');
	write_flags(out, FLAGS_OF_ALL);
	strbuf_str(out, ".SH EXIT STATUS\n");
	write_item(out, "0", "Done.");
	write_item(out, "1", "Failed; a line on standard error says what and where.");
	write_item(out, "2", "Wrong usage.");
	strbuf_str(out, ".SH ENVIRONMENT\n");
	write_item(out, "SPACECRAFT_FLIGHTS_SECTION_KEY",
	           "The setting section.key; see spacecraft-flights.ini(5).");
	write_item(out, "PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSFILE ...",
	           "What libpq takes where the connection string does not say it.");
	strbuf_str(out, ".SH FILES\n");
	write_item(out, SETTINGS_FILE,
	           "The settings of the service; other commands read them with -c.");
	write_examples(out);
	strbuf_str(out, ".SH SEE ALSO\n\\fBspacecraft\\-flights.ini\\fR(5), \\fBpsql\\fR(1)\n");
}

/* --- Section 5. --- */

static void write_setting(struct strbuf *out, const struct setting *setting)
{
	strbuf_str(out, ".TP\n");
	write_bold(out, setting->key);
	if (setting->fallback[0] != '\0') {
		strbuf_str(out, " = ");
		write_text(out, setting->fallback);
	}
	strbuf_char(out, '\n');
	write_text(out, setting->help);
	strbuf_printf(out, "\n.br\nChanges with %s; ", setting->live ? "SIGHUP" : "a restart");
	write_text(out, setting->variable);
	if (setting->secrecy != SETTING_OPEN) {
		strbuf_str(out, ", or ");
		write_text(out, setting->variable);
		strbuf_str(out, "_FILE");
	}
	strbuf_str(out, ".\n");
}

void manual_write_settings(struct strbuf *out)
{
	const char *section = "";

	write_head(out, PROGRAM ".ini", 5, "settings of spacecraft-flights");
	strbuf_str(out, ".SH DESCRIPTION\n");
	write_text(out, "A file of settings has sections, each begun by its name in brackets, and "
	                "in them lines of the form key = value. Lines that begin with ; or # are "
	                "comments, as is what stands behind a ; with a space before it. A line "
	                "that begins with a space continues the value of the line before. "
	                "Sizes take K, M or G behind them; times are in seconds, or have s, m, h "
	                "or d behind them.\n"
	                "The variables of the environment that are named here win over the file, "
	                "and the option --set section.key=value wins over both. A variable whose "
	                "name ends with _FILE has the path of a file with the value in it. "
	                "spacecraft-flights check --dump prints the settings in force and where "
	                "each comes from; spacecraft-flights check --example prints a file with "
	                "all of them at their defaults.");
	strbuf_str(out, "\n.SH SETTINGS\n");
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct setting setting = config_setting(NULL, i);

		if (strcmp(section, setting.section) != 0)
			strbuf_printf(out, ".SS [%s]\n", setting.section);
		section = setting.section;
		write_setting(out, &setting);
	}
	strbuf_str(out, ".SH FILES\n");
	write_item(out, SETTINGS_FILE, "The settings of the service.");
	strbuf_str(out, ".SH SEE ALSO\n\\fBspacecraft\\-flights\\fR(1)\n");
}
