/* What is said of the settings: the example file, and what a program runs with. */
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "config/config.h"
#include "config_internal.h"
#include "values.h"

/* The help as comments of at most 90 columns or so, broken between words. */
static void write_help(struct strbuf *out, const char *help)
{
	while (*help != '\0') {
		size_t length = strlen(help);

		if (length > 86)
			for (length = 86; help[length] != ' ';)
				length--;
		strbuf_str(out, "# ");
		strbuf_add(out, help, length);
		strbuf_char(out, '\n');
		help += length + (help[length] == ' ');
	}
}

void config_write_example(struct strbuf *out)
{
	const char *section = "";

	strbuf_str(
		out,
		"# Settings of spacecraft-flights with their defaults. Take the ; away from a"
		" line to change it.\n"
		"# A ; behind a space begins a comment; a line that begins with a space continues"
		" the value before it.\n");
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		const struct option *option = &options[i];

		if (strcmp(section, option->section) != 0)
			strbuf_printf(out, "\n[%s]\n", option->section);
		section = option->section;
		write_help(out, option->help);
		strbuf_printf(out, ";%s =%s%s\n", option->key, option->fallback[0] ? " " : "",
		              option->fallback);
	}
}

struct setting config_setting(const struct config *config, size_t index)
{
	const struct option *option = &options[index];
	struct setting setting = {
		.section = option->section,
		.key = option->key,
		.fallback = option->fallback,
		.help = option->help,
		.secrecy = option->kind == KIND_SECRET     ? SETTING_SECRET
	                   : option->kind == KIND_CONNINFO ? SETTING_CONNINFO
	                                                   : SETTING_OPEN,
		.live = option_is_live(option),
	};

	if (config) {
		setting.text = config->text[index];
		setting.origin = config->origin[index];
	}
	setting_variable(option, setting.variable);
	return setting;
}
