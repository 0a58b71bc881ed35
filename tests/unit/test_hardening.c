/* How the program was built and what its unit lets it do, as they say so themselves. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/command.h"

/* What a program of the system says; new, or NULL: there is no such program. */
static char *said(const char *const words[])
{
	struct process process;
	struct output output;
	char *text = NULL;

	process_start(&process, words, NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != 127)
		text = strdup(output.out);
	output_fini(&output);
	return text;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in: %s", part, text);
}

/* Builds with sanitizers, and those for valgrind, coverage and mutations, are others. */
static bool is_hardened_build(const char *symbols)
{
	return !getenv("TEST_WRAPPER") && !getenv("TEST_MUTATED") && !strstr(symbols, "__asan_") &&
	       !strstr(symbols, "__tsan_") && !strstr(symbols, "__gcov_");
}

static void test_flags(void **state)
{
	char *dynamic = said(WORDS("readelf", "-W", "-h", "-d", "-l", command_binary()));
	char *symbols = said(WORDS("readelf", "-W", "--syms", command_binary()));
	char *code = said(WORDS("objdump", "-d", "--no-show-raw-insn", "--disassemble=main",
	                        command_binary()));

	(void)state;
	if (dynamic && symbols && code && is_hardened_build(symbols)) {
		const char *stack = strstr(dynamic, "GNU_STACK");

		/* Anywhere in memory, all addresses resolved at the start and written no more. */
		assert_has(dynamic, "DYN (Position-Independent Executable file)");
		assert_has(dynamic, "GNU_RELRO");
		assert_has(dynamic, "BIND_NOW");
		assert_non_null(stack);
		assert_null(memmem(stack, strcspn(stack, "\n"), "RWE", 3));
		/* The guard of stacks, and functions that know the size of what they write to. */
		assert_has(symbols, "__stack_chk_fail");
		assert_has(symbols, "__vsnprintf_chk");
#if defined(__x86_64__) && defined(__GNUC__)
		assert_has(code, "endbr64");
#endif
	} else {
		print_message("skipped: another build, or no binutils\n");
	}
	free(dynamic);
	free(symbols);
	free(code);
}

/* At most 1.5 of 10, as systemd counts. */
static void test_unit(void **state)
{
	struct process process;
	struct output output;

	(void)state;
	process_start(&process,
	              WORDS("systemd-analyze", "security", "--offline=yes", "--threshold=15",
	                    "--no-pager", "src/spacecraft-flights.service"),
	              NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != 0 && output.status != 127)
		fail_msg("%d: %s%s", output.status, output.out, output.err);
	output_fini(&output);
}

/* Large pages are rendered by a thread that leaves processors to others, though their group of calls is forbidden. */
static void test_unit_allows_priorities(void **state)
{
	char text[8192] = "";
	const char *forbidden;
	FILE *file = fopen("src/spacecraft-flights.service", "r");

	(void)state;
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	forbidden = strstr(text, "\nSystemCallFilter=~");
	assert_non_null(forbidden);
	assert_non_null(strstr(forbidden, "\nSystemCallFilter=setpriority\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_unit),
		cmocka_unit_test(test_unit_allows_priorities),
	};

	return RUN_TESTS("hardening", tests, NULL, NULL);
}
