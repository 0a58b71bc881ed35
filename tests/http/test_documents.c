/* README.md and docs/ are true: their settings, rooms and commands are those of the program, and every command
   in them does what the text says. Commands run in a copy of this folder, over a PostgreSQL of their own. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/version.h"
#include "config/options.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/server.h"
#include "support/temporary.h"

#define COPY_SECONDS 60
#define BLOCK_SECONDS 120
#define BLOCKS_MAX 64

/* A fenced block: ```kind, its text, ```. */
struct block {
	const char *document;
	const char *kind;
	const char *text;
	bool follows;  /* nothing but empty lines stand between it and the block before */
	bool excepted; /* the line before it says why it is not run */
};

struct document {
	const char *path;
	char *text;
	char *cut; /* what its blocks are in */
};

/* In the order in which a reader follows their commands. */
static struct document documents[] = {
	{.path = "README.md"},           {.path = "docs/requests.md"},
	{.path = "docs/production.md"},  {.path = "docs/sync.md"},
	{.path = "docs/settings.md"},    {.path = "docs/performance.md"},
	{.path = "docs/differences.md"}, {.path = "docs/architecture.md"},
	{.path = "CHANGELOG.md"},        {.path = "SECURITY.md"},
	{.path = "docs/monitoring.md"},
};

#define DOCUMENT_TOTAL (sizeof(documents) / sizeof(documents[0]))

static struct block blocks[BLOCKS_MAX];
static size_t block_count;
static char directory[TEMPORARY_SIZE]; /* of the copy, and all that the commands make */
static int port;
static struct process running; /* make run */

static char *file_read(const char *path)
{
	struct strbuf text = STRBUF_INIT;
	char part[4096];
	size_t length;
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	while ((length = fread(part, 1, sizeof(part), file)) > 0)
		strbuf_add(&text, part, length);
	fclose(file);
	return strbuf_steal(&text, &length);
}

/* Cuts a document into its blocks, which stay in it. */
static void blocks_read(const struct document *document)
{
	struct block *block = NULL;
	bool follows = false;
	bool excepted = false;
	char *rest = document->cut;
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		if (strncmp(line, "```", 3) == 0 && !block) {
			assert_true(block_count < BLOCKS_MAX);
			block = &blocks[block_count++];
			*block = (struct block){document->path, line + 3, rest, follows, excepted};
		} else if (strcmp(line, "```") == 0) {
			*line = '\0';
			block = NULL;
			follows = true;
		} else if (block) {
			line[strlen(line)] = rest ? '\n' : '\0';
		} else if (line[0] != '\0') {
			follows = false;
			excepted = strncmp(line, "<!-- not run: ", 14) == 0;
		}
	}
	assert_null(block);
}

static void replace(struct strbuf *text, const char *from, const char *to)
{
	struct strbuf new = STRBUF_INIT;
	const char *rest = text->data;
	const char *found;

	for (; (found = strstr(rest, from)); rest = found + strlen(from)) {
		strbuf_add(&new, rest, (size_t)(found - rest));
		strbuf_str(&new, to);
	}
	strbuf_str(&new, rest);
	strbuf_fini(text);
	*text = new;
}

/* What the documents say of a machine, said of the copy: its port, and folders that are root's. */
static void localize(struct strbuf *text)
{
	char new[TEMPORARY_SIZE + 32];

	snprintf(new, sizeof(new), "127.0.0.1:%d", port);
	replace(text, "127.0.0.1:8000", new);
	snprintf(new, sizeof(new), "%s/stage/usr/local/", directory);
	replace(text, "/usr/local/", new);
	snprintf(new, sizeof(new), "%s/etc/", directory);
	replace(text, "/etc/", new);
}

/* What runs a block's text, which comes behind the words. */
struct language {
	const char *kind;
	const char *words[5];
};

static const struct language languages[] = {
	{"sh", {"bash", "-euo", "pipefail", "-c"}},
	{"js", {"node", "--input-type=module", "-e"}},
	{"python", {"python3", "-c"}},
};

/* NULL: the block is not for running. */
static const struct language *language_of(const struct block *block)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (strcmp(block->kind, languages[i].kind) == 0)
			return &languages[i];
	return NULL;
}

static void run(const char *const words[], const char *text, int seconds, struct output *output)
{
	const char *all[8] = {NULL};
	struct process process;
	size_t count = 0;

	for (; words[count]; count++)
		all[count] = words[count];
	all[count] = text;
	process_start(&process, all, NULL, 0);
	process_wait(&process, seconds, output);
	if (output->status != 0)
		fail_msg("%s\nexit status %d, and said:\n%s%s", text, output->status, output->out,
		         output->err);
}

static void shell(const char *command, int seconds, struct output *output)
{
	run(languages[0].words, command, seconds, output);
}

/* Sources and what was built of them, with their times, so that only the tests are built again. */
static void copy_folder(void)
{
	char command[800];
	struct output output;

	temporary_directory(directory, "readme");
	assert_int_equal(chmod(directory, 0711), 0);
	snprintf(command, sizeof(command),
	         "cp -a Makefile *.md debian LICENSE docs monitoring config.example.ini sql src "
	         "include tests "
	         "%s\n"
	         "mkdir %s/build %s/etc\n"
	         "cp -a build/src build/*.a build/spacecraft-flights %s/build\n"
	         "[ ! -d build/prometheus ] || ln -s \"$PWD/build/prometheus\" %s/build",
	         directory, directory, directory, directory, directory);
	shell(command, COPY_SECONDS, &output);
	output_fini(&output);
	assert_int_equal(chdir(directory), 0);
}

/* Commands see what a newcomer's shell has, and: make takes LISTEN, DESTDIR and TESTS_ONLY from here;
   PostgreSQL's own tools find the database. */
static void environment_prepare(void)
{
	static const char *const ours[] = {"MAKEFLAGS",     "MFLAGS",        "MAKELEVEL",
	                                   "MAKEOVERRIDES", "TEST_POSTGRES", "SERVER",
	                                   "BUILD",         "VAR",           "TMPDIR"};
	struct output output;
	char text[1024];

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		unsetenv(ours[i]);
	snprintf(text, sizeof(text), "tests/tools/private-postgres start database fast %d",
	         getpid());
	shell(text, COMMAND_SECONDS, &output);
	*strchr(output.out, ' ') = '\0';
	setenv("PGHOST", output.out + strlen("host="), 1);
	output_fini(&output);
	setenv("PGUSER", "postgres", 1);
	snprintf(text, sizeof(text), "127.0.0.1:%d", port);
	setenv("LISTEN", text, 1);
	snprintf(text, sizeof(text), "%s/stage", directory);
	setenv("DESTDIR", text, 1);
	setenv("TESTS_ONLY", "base", 1);
	snprintf(text, sizeof(text), "%s/stage/usr/local/bin:%s", directory, getenv("PATH"));
	setenv("PATH", text, 1);
}

/* The settings of the documents are those of the copy; what they sync from is the server of `make run`. */
static void settings_write(void)
{
	char path[TEMPORARY_SIZE + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/etc/spacecraft-flights.ini", directory);
	file = fopen(path, "we");
	assert_non_null(file);
	for (size_t i = 0; i < block_count; i++)
		if (strcmp(blocks[i].kind, "ini") == 0)
			fputs(blocks[i].text, file);
	fprintf(file, "[sync]\nupstream = http://127.0.0.1:%d\n", port);
	fclose(file);
}

static bool says_listening_or_failed(void *user)
{
	char *said = process_err(user);
	bool done = strstr(said, "listening on") || strstr(said, "Error");

	free(said);
	return done;
}

/* `make run` in a group of its own, as a terminal's shell has it. */
static void run_start(const char *command)
{
	char *said;

	process_start(&running,
	              WORDS("env", "--default-signal=INT", "setsid", "bash", "-euc", command), NULL,
	              0);
	poll_until(says_listening_or_failed, &running, BLOCK_SECONDS);
	said = process_err(&running);
	if (!strstr(said, "listening on"))
		fail_msg("make run said: %s", said);
	free(said);
}

/* Ctrl-C reaches the whole group. */
static void run_end(const char *said)
{
	struct output output;

	kill(-running.pid, SIGINT);
	process_wait(&running, COMMAND_SECONDS, &output);
	if (!strstr(output.err, "ended") || !strstr(output.out, said))
		fail_msg("make run said: %s%s", output.out, output.err);
	output_fini(&output);
}

/* The page of what is in space now says of what time the samples are, which is not when they were imported. */
static void assert_age_is_told(void)
{
	char command[256];
	struct output output;

	snprintf(command, sizeof(command),
	         "curl -s -H 'Accept: text/html' http://127.0.0.1:%d/ | "
	         "grep -F 'As known on 2025-04-13 02:53 UTC'",
	         port);
	shell(command, COMMAND_SECONDS, &output);
	output_fini(&output);
}

/* A second one: in the same folder, and on the same port. */
static void assert_run_is_refused(void)
{
	char command[256];
	struct output output;

	snprintf(
		command, sizeof(command),
		"! make run 2>said; grep 'this folder runs already' said\n"
		"! VAR=other make run 2>said; grep 'listen on 127.0.0.1:%d: Address already' said\n"
		"VAR=other make distclean BUILD=none",
		port);
	shell(command, BLOCK_SECONDS, &output);
	output_fini(&output);
}

/* `make run` and its end are run below, and these are suites of their own. */
static bool is_elsewhere(const char *command)
{
	static const char *const elsewhere[] = {"make run",  "make distclean", "make package",
	                                        "make fuzz", "make bench",     "make soak"};

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (strncmp(command, elsewhere[i], strlen(elsewhere[i])) == 0)
			return true;
	return false;
}

/* Commands within sentences. */
static size_t inline_run(const struct document *document)
{
	const char *span = document->text;
	char command[256];
	struct output output;
	size_t count = 0;

	while ((span = strchr(span, '`'))) {
		span += strspn(span, "`");
		snprintf(command, sizeof(command), "%.*s", (int)strcspn(span, "`"), span);
		span += strcspn(span, "`");
		span += strspn(span, "`");
		if (is_elsewhere(command) || (strncmp(command, "make ", 5) != 0 &&
		                              strncmp(command, "spacecraft-flights ", 19) != 0))
			continue;
		shell(command, BLOCK_SECONDS, &output);
		output_fini(&output);
		count++;
	}
	return count;
}

/* What the document says that a block prints: the next one, where nothing stands between them. */
static const struct block *output_of(size_t number)
{
	const struct block *next = number + 1 < block_count ? &blocks[number + 1] : NULL;

	return next && next->follows &&
	                       (strcmp(next->kind, "json") == 0 || strcmp(next->kind, "text") == 0)
	               ? next
	               : NULL;
}

static void block_run(size_t number)
{
	const struct block *printed = output_of(number);
	struct strbuf text = STRBUF_INIT;
	struct strbuf expected = STRBUF_INIT;
	struct output output;

	strbuf_str(&text, blocks[number].text);
	localize(&text);
	run(language_of(&blocks[number])->words, text.data, BLOCK_SECONDS, &output);
	if (printed) {
		strbuf_str(&expected, printed->text);
		localize(&expected);
		/* A final newline is the fence's. */
		if (output.out_length > 0 && output.out[output.out_length - 1] != '\n')
			expected.data[expected.length - 1] = '\0';
		assert_string_equal(output.out, expected.data);
	}
	output_fini(&output);
	strbuf_fini(&text);
	strbuf_fini(&expected);
}

/* Nothing that has to do with the folder: our own programs have it as theirs, PostgreSQL names it. */
static void assert_nothing_runs(void)
{
	char command[512];
	struct output output;

	snprintf(command, sizeof(command),
	         "cd /proc; for p in [0-9]*; do if [ $p != $$ ] && [ $p != %d ] && "
	         "{ [[ $(readlink $p/cwd) = %s* ]] || grep -aqsF %s $p/cmdline; }; then "
	         "tr '\\0' ' ' <$p/cmdline; fi; done",
	         getpid(), directory, directory);
	shell(command, COMMAND_SECONDS, &output);
	assert_string_equal(output.out, "");
	output_fini(&output);
}

static void test_commands(void **state)
{
	const char *server = getenv("SERVER");
	struct output output;
	size_t commands = 0;
	size_t inlines = 0;
	(void)state;

	/* Neither sanitizers nor valgrind have to do with what the documents say. */
	if (getenv("TEST_WRAPPER") || (server && strcmp(server, "build/spacecraft-flights") != 0))
		skip();
	port = port_reserve();
	copy_folder();
	environment_prepare();
	settings_write();
	for (size_t i = 0; i < block_count; i++) {
		if (!language_of(&blocks[i]) || blocks[i].excepted)
			continue;
		commands++;
		if (strcmp(blocks[i].text, "make run\n") == 0)
			run_start(blocks[i].text);
		else
			block_run(i);
	}
	assert_true(running.pid > 0 && commands >= 8);
	for (size_t i = 0; i < DOCUMENT_TOTAL; i++)
		inlines += inline_run(&documents[i]);
	assert_true(inlines >= 3);
	assert_run_is_refused();
	assert_age_is_told();
	run_end("12 flights: 12 new, 0 changed, 0 unchanged\n"
	        "2 flights: 2 new, 0 changed, 0 unchanged\n");
	run_start("make run\n");
	run_end("12 flights: 0 new, 0 changed, 12 unchanged\n"
	        "2 flights: 0 new, 0 changed, 2 unchanged\n");
	shell("tests/tools/private-postgres remove database; make distclean", COMMAND_SECONDS,
	      &output);
	output_fini(&output);
	assert_nothing_runs();
}

/* Also after a failure. */
static int clean_up(void **state)
{
	char command[256];
	struct output output;
	(void)state;

	if (running.pid > 0) {
		kill(-running.pid, SIGTERM);
		process_wait(&running, COMMAND_SECONDS, &output);
		output_fini(&output);
	}
	if (directory[0] == '\0')
		return 0;
	snprintf(command, sizeof(command),
	         "tests/tools/private-postgres remove database; rm -rf %s", directory);
	shell(command, COMMAND_SECONDS, &output);
	output_fini(&output);
	return chdir("/");
}

static const char *document_text(const char *path)
{
	for (size_t i = 0; i < DOCUMENT_TOTAL; i++)
		if (strcmp(documents[i].path, path) == 0)
			return documents[i].text;
	fail_msg("%s is not read", path);
	return "";
}

static void test_settings(void **state)
{
	const char *text = document_text("docs/settings.md");
	struct strbuf table = STRBUF_INIT;
	const char *found;
	(void)state;

	strbuf_str(&table, "| setting | default | meaning |\n| --- | --- | --- |\n");
#define X(section, key, kind, least, most, fallback, help) \
	strbuf_printf(&table, "| `" #section "." #key "` | %s%s%s | %s |\n", *fallback ? "`" : "", \
	              fallback, *fallback ? "`" : "", help);
	OPTIONS(X)
#undef X
	found = strstr(text, table.data);
	if (!found || found[table.length] == '|') {
		fputs(table.data, stderr); /* longer than a message may be */
		fail_msg("that is what the table of docs/settings.md has to be");
	}
	strbuf_fini(&table);
}

static void test_rooms(void **state)
{
	const char *text = document_text("docs/architecture.md");
	struct output output;
	char *rest;
	char *room;
	(void)state;

	shell("ls -d src/*/ | xargs -n 1 basename", COMMAND_SECONDS, &output);
	rest = output.out;
	while ((room = strsep(&rest, "\n")) && room[0] != '\0') {
		char row[64];

		snprintf(row, sizeof(row), "\n| `%s` |", room);
		if (!strstr(text, row))
			fail_msg("no row for the room %s", room);
	}
	output_fini(&output);
}

/* The anchor that a heading of this text gets, which is what a link names behind its #. */
static bool has_anchor(const char *text, const char *anchor)
{
	for (const char *at = strstr(text, "\n#"); at; at = strstr(at + 1, "\n#")) {
		const char *want = anchor;

		for (at += 1 + strspn(at + 1, "# "); *at != '\n' && *at != '\0'; at++) {
			if (!isalnum((unsigned char)*at) && *at != ' ' && *at != '-')
				continue;
			if (*want != (*at == ' ' ? '-' : tolower((unsigned char)*at)))
				break;
			want++;
		}
		if (*want == '\0' && (*at == '\n' || *at == '\0'))
			return true;
		at--;
	}
	return false;
}

/* A link to a file, from the folder of the document that has it. */
static void assert_leads(const struct document *document, const char *link)
{
	const char *slash = strrchr(document->path, '/');
	int folder = slash ? (int)(slash + 1 - document->path) : 0;
	char path[512];
	char *anchor;
	char *text;

	snprintf(path, sizeof(path), "%.*s%s", folder, document->path, link);
	anchor = strchr(path, '#');
	if (anchor)
		*anchor++ = '\0';
	if (link[0] == '#')
		snprintf(path, sizeof(path), "%s", document->path);
	if (access(path, R_OK) != 0)
		fail_msg("%s: %s: %s", document->path, path, strerror(errno));
	if (!anchor)
		return;
	anchor = strdup(strchr(link, '#') + 1);
	text = file_read(path);
	if (!has_anchor(text, anchor))
		fail_msg("%s: no heading for %s", document->path, link);
	free(text);
	free(anchor);
}

/* Links to files and headings, and pictures. */
static void test_links(void **state)
{
	size_t files = 0;
	(void)state;

	for (size_t i = 0; i < DOCUMENT_TOTAL; i++) {
		const char *link = documents[i].text;

		for (; (link = strstr(link, "](")); link += 2, files++) {
			char path[256];

			snprintf(path, sizeof(path), "%.*s", (int)strcspn(link + 2, ")"), link + 2);
			if (!strstr(path, "://"))
				assert_leads(&documents[i], path);
		}
	}
	assert_true(files >= 8);
}

/* What is neither run nor compared nor read as settings says why. */
static void test_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < block_count; i++) {
		const struct block *block = &blocks[i];
		bool output = i > 0 && output_of(i - 1) == block && language_of(&blocks[i - 1]);

		if (!output && !block->excepted && !language_of(block) &&
		    strcmp(block->kind, "ini") != 0)
			fail_msg("%s: this block is not run and no line before it says why:\n%s",
			         block->document, block->text);
	}
}

/* The newest entry of either list of changes is the program's version. */
static void test_version(void **state)
{
	char *debian = file_read("debian/changelog");
	const char *entry = strstr(document_text("CHANGELOG.md"), "\n## ");

	(void)state;
	assert_non_null(entry);
	assert_int_equal(strncmp(entry, "\n## " VERSION " (" VERSION_DATE ")\n",
	                         strlen("\n## " VERSION " (" VERSION_DATE ")\n")),
	                 0);
	assert_int_equal(strncmp(debian, "spacecraft-flights (" VERSION ")",
	                         strlen("spacecraft-flights (" VERSION ")")),
	                 0);
	free(debian);
}

/* No document is left out here. */
static void test_documents(void **state)
{
	DIR *folder = opendir("docs");
	struct dirent *entry;
	(void)state;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		char path[300];

		snprintf(path, sizeof(path), "docs/%s", entry->d_name);
		if (strstr(path, ".md"))
			document_text(path);
	}
	closedir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents), cmocka_unit_test(test_settings),
		cmocka_unit_test(test_rooms),     cmocka_unit_test(test_links),
		cmocka_unit_test(test_blocks),    cmocka_unit_test(test_version),
		cmocka_unit_test(test_commands),
	};

	for (size_t i = 0; i < DOCUMENT_TOTAL; i++) {
		documents[i].text = file_read(documents[i].path);
		documents[i].cut = file_read(documents[i].path);
		blocks_read(&documents[i]);
	}
	return RUN_TESTS("documents", tests, NULL, clean_up);
}
