/* What the build makes from the tables: the manual, which readers of it take without complaint and which has every
   command, option and setting; and the completion of shells, which each shell is asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "command/table.h"
#include "config/config.h"
#include "support/cmocka.h"
#include "support/command.h"

static char share[256]; /* where the build has put them */

static void shell(struct output *output, const char *command)
{
	struct process process;

	setenv("SHARE", share, 1);
	process_start(&process, WORDS("bash", "-c", command), NULL, 0);
	process_wait(&process, COMMAND_SECONDS, output);
	if (output->status != 0)
		fail_msg("%s: %s%s", command, output->out, output->err);
	assert_string_equal(output->err, "");
}

/* The text that a reader sees, without bold letters and with all white space as one space. */
static void read_page(const char *page, struct output *output)
{
	char command[256];

	snprintf(command, sizeof(command),
	         "mandoc -T lint -W warning \"$SHARE/%s\" && "
	         "mandoc -T utf8 \"$SHARE/%s\" | col -bx | tr -s '[:space:]' ' '",
	         page, page);
	shell(output, command);
}

static void assert_has(const struct output *output, const char *text)
{
	if (!strstr(output->out, text))
		fail_msg("no '%s' in: %s", text, output->out);
}

static void test_manual_of_commands(void **state)
{
	struct output page;

	(void)state;
	read_page("spacecraft-flights.1", &page);
	for (size_t i = 0; i < COMMAND_TOTAL; i++) {
		char *text = strdup(commands[i].text);

		for (char *c = text; *c != '\0'; c++)
			*c = *c == '\n' ? ' ' : *c;
		assert_has(&page, text);
		free(text);
		for (size_t k = 0; k < EXAMPLES_MAX && commands[i].examples[k].words; k++)
			assert_has(&page, commands[i].examples[k].words);
	}
	for (size_t i = 0; i < FLAG_TOTAL; i++) {
		char option[80];

		snprintf(option, sizeof(option), "--%s%s%s %.20s", flags[i].name,
		         flags[i].value ? "=" : "", flags[i].value ? flags[i].value : "",
		         flags[i].help);
		assert_has(&page, option);
	}
	output_fini(&page);
}

static void test_manual_of_settings(void **state)
{
	struct output page;

	(void)state;
	read_page("spacecraft-flights.ini.5", &page);
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct setting setting = config_setting(NULL, i);
		struct strbuf text = STRBUF_INIT;

		strbuf_printf(&text, " %s%s%s %s Changes with %s; %s%s", setting.key,
		              setting.fallback[0] ? " = " : "", setting.fallback, setting.help,
		              setting.live ? "SIGHUP" : "a restart", setting.variable,
		              setting.secrecy == SETTING_OPEN ? "." : ", or ");
		assert_has(&page, text.data);
		strbuf_fini(&text);
	}
	output_fini(&page);
}

/* Lines, and what their last word is completed to: "", where there is nothing. */
static const struct {
	const char *line, *completed;
} cases[] = {
	{"spacecraft-flights imp", "import"},
	{"spacecraft-flights import --dr", "--dry-run"},
	{"spacecraft-flights -c config.example.ini sync --rec", "--recent"},
	{"spacecraft-flights sync --as", ""},
	{"spacecraft-flights --set sync.tok", "sync.token="},
	{"spacecraft-flights help sett", "settings"},
	{"spacecraft-flights help impo", "import"},
	{"spacecraft-flights -c config.ex", "config.example.ini"},
	{"spacecraft-flights import CONTRIB", "CONTRIBUTING.md"},
	{"spacecraft-flights migrate CONTRIB", ""},
};

#define CASE_TOTAL (sizeof(cases) / sizeof(cases[0]))

static void assert_completes(size_t number, const char *shell_name, const char *completed)
{
	if (strcmp(completed, cases[number].completed) != 0)
		fail_msg("%s completes '%s' to '%s'", shell_name, cases[number].line, completed);
}

static void test_bash(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_TOTAL; i++) {
		struct output output;
		char command[512];

		snprintf(command, sizeof(command),
		         "source $SHARE/spacecraft-flights.bash; COMP_WORDS=(%s); "
		         "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _spacecraft_flights; "
		         "printf %%s \"${COMPREPLY[*]}\"",
		         cases[i].line);
		shell(&output, command);
		assert_completes(i, "bash", output.out);
		output_fini(&output);
	}
}

/* A description may stand behind each. */
static void test_fish(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_TOTAL; i++) {
		struct output output;
		char command[512];

		snprintf(command, sizeof(command),
		         "HOME=/nonexistent fish -N -c 'source $SHARE/spacecraft-flights.fish; "
		         "complete -C \"%s\"' | cut -f 1 | tr -d '\\n'",
		         cases[i].line);
		shell(&output, command);
		assert_completes(i, "fish", output.out);
		output_fini(&output);
	}
}

/* The whole line, in which a word that nothing completes stays as it is. */
static void test_zsh(void **state)
{
	struct strbuf command = STRBUF_INIT;
	struct output output;
	char *rest;

	(void)state;
	strbuf_str(&command, "zsh -f tests/tools/complete.zsh $SHARE");
	for (size_t i = 0; i < CASE_TOTAL; i++)
		strbuf_printf(&command, " '%s'", cases[i].line);
	shell(&output, command.data);
	rest = output.out;
	for (size_t i = 0; i < CASE_TOTAL; i++) {
		const char *line = strsep(&rest, "\n");
		size_t before = (size_t)(strrchr(cases[i].line, ' ') + 1 - cases[i].line);
		char word[80];

		assert_non_null(line);
		snprintf(word, sizeof(word), "%s", line + before);
		word[strcspn(word, " ")] = '\0';
		assert_completes(i, "zsh", strcmp(line, cases[i].line) == 0 ? "" : word);
	}
	output_fini(&output);
	strbuf_fini(&command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_manual_of_commands),
		cmocka_unit_test(test_manual_of_settings),
		cmocka_unit_test(test_bash),
		cmocka_unit_test(test_fish),
		cmocka_unit_test(test_zsh),
	};
	const char *binary = command_binary();

	snprintf(share, sizeof(share), "%.*sshare", (int)(strrchr(binary, '/') + 1 - binary),
	         binary);
	return RUN_TESTS("generated", tests, NULL, NULL);
}
