/* Fills in struct config from the defaults, files and the command line. */
#include "config/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "values.h"

static const struct option options[] = {
#define X(section, key, kind, least, most, fallback, help) \
	{#section, #key,     KIND_##kind, least, \
	 most,     fallback, help,        offsetof(struct config, section##_##key)},
	OPTIONS(X)
#undef X
};

#define OPTION_TOTAL (sizeof(options) / sizeof(options[0]))
#define NAME_MAX_LENGTH 64

static void *option_member(struct config *config, const struct option *option)
{
	return (char *)config + option->offset;
}

void config_init(struct config *config)
{
	memset(config, 0, sizeof(*config));
	arena_init(&config->arena);
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct error error = {0};

		if (value_parse(&options[i], options[i].fallback,
		                option_member(config, &options[i]), &config->arena, &error))
			continue;
		fprintf(stderr, "the default of %s\n", error.text);
		abort();
	}
}

void config_fini(struct config *config)
{
	arena_fini(&config->arena);
}

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* How many letters have to be changed, added or dropped to make one name of the other. */
static size_t name_distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LENGTH + 1];
	size_t width = strlen(b);

	for (size_t j = 0; j <= width; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < width; j++) {
			size_t changed = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = smallest(row[j] + 1, row[j + 1] + 1, changed);
		}
	}
	return row[width];
}

static const struct option *nearest_option(const char *name)
{
	const struct option *nearest = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		char other[NAME_MAX_LENGTH];
		size_t distance;

		snprintf(other, sizeof(other), "%s.%s", options[i].section, options[i].key);
		distance = name_distance(name, other);
		/* `listen` alone stands for server.listen. */
		if (name_distance(name, options[i].key) < 2)
			distance = 1;
		if (distance < least) {
			least = distance;
			nearest = &options[i];
		}
	}
	return nearest;
}

static const struct option *option_find(const char *name, struct error *error)
{
	const struct option *nearest;

	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		size_t length = strlen(options[i].section);

		if (strncmp(name, options[i].section, length) == 0 && name[length] == '.' &&
		    strcmp(name + length + 1, options[i].key) == 0)
			return &options[i];
	}
	nearest = nearest_option(name);
	error_set(error, "there is no setting %s; the nearest name is %s.%s", name,
	          nearest->section, nearest->key);
	return NULL;
}

static bool option_set(struct config *config, const char *name, const char *value,
                       struct error *error)
{
	const struct option *option = option_find(name, error);

	return option &&
	       value_parse(option, value, option_member(config, option), &config->arena, error);
}

bool config_set(struct config *config, const char *assignment, struct error *error)
{
	const char *equals = strchr(assignment, '=');
	struct arena arena;
	bool done;

	if (!equals)
		return error_set(error, "--set %s: SECTION.KEY=VALUE was expected", assignment);
	arena_init(&arena);
	done = option_set(config, arena_copy(&arena, assignment, (size_t)(equals - assignment)),
	                  equals + 1, error);
	arena_fini(&arena);
	return done || error_prefix(error, "--set");
}

/* A file while it is read. inih reports no line numbers, so that the reader counts them. */
struct loading {
	struct config *config;
	const char *path;
	struct error *error;
	struct strbuf *mistakes; /* where they go, a line each; NULL: the first ends the loading */
	FILE *file;
	int line;
	int read_error;
	bool continues; /* the line begins with white space: inih takes it for more of the value */
	bool seen[OPTION_TOTAL];
	const char *value; /* of the last setting */
	struct strbuf
		bad_lines; /* int: lines that are no INI, which are read as if they were empty */
};

/* A mistake is in the error. False: it ends the loading. */
static bool go_on(struct loading *loading)
{
	if (!loading->mistakes)
		return false;
	strbuf_printf(loading->mistakes, "%s:%d: %s\n", loading->path, loading->line,
	              loading->error->text);
	*loading->error = (struct error){.text = ""};
	return true;
}

static bool is_bad_line(const struct loading *loading)
{
	const int *lines = (const int *)(const void *)loading->bad_lines.data;

	for (size_t i = 0; i < loading->bad_lines.length / sizeof(int); i++)
		if (lines[i] == loading->line)
			return true;
	return false;
}

static void skip_line(struct loading *loading)
{
	int c;

	do
		c = fgetc(loading->file);
	while (c != '\n' && c != EOF);
}

/* Reads a line; one that is a mistake is empty. */
static void check_line(struct loading *loading, char *text, int size)
{
	size_t length = strlen(text);

	if (length + 1 == (size_t)size && text[length - 1] != '\n' && !feof(loading->file)) {
		error_set(loading->error,
		          "the line is longer than %d bytes; a line that begins with a space "
		          "continues the one before",
		          size - 2);
		skip_line(loading);
	} else if (is_bad_line(loading)) {
		error_set(loading->error, "[section] or key = value was expected");
	}
	if (error_is_set(loading->error) && go_on(loading))
		strcpy(text, "\n");
}

static char *line_read(char *text, int size, void *stream)
{
	struct loading *loading = stream;

	if (error_is_set(loading->error))
		return NULL;
	if (!fgets(text, size, loading->file)) {
		loading->read_error = ferror(loading->file) ? errno : 0;
		return NULL;
	}
	loading->line++;
	loading->continues = text[0] == ' ' || text[0] == '\t';
	check_line(loading, text, size);
	return error_is_set(loading->error) ? NULL : text;
}

/* Whether the setting may be given here: once, or more of the value that the line before began. */
static bool setting_seen(struct loading *loading, const char *name, const char **value)
{
	const struct option *option = option_find(name, loading->error);

	if (!option)
		return false;
	if (loading->seen[option - options]) {
		if (!loading->continues || !loading->value)
			return error_set(loading->error, "%s is set twice", name);
		*value = arena_printf(&loading->config->arena, "%s %s", loading->value, *value);
	}
	loading->seen[option - options] = true;
	loading->value = *value;
	return true;
}

static int setting_read(void *user, const char *section, const char *key, const char *value)
{
	struct loading *loading = user;
	struct arena *arena = &loading->config->arena;
	const char *name = arena_printf(arena, "%s%s%s", section, section[0] ? "." : "", key);

	if (error_is_set(loading->error))
		return 0;
	value = arena_string(arena, value);
	return (setting_seen(loading, name, &value) &&
	        option_set(loading->config, name, value, loading->error)) ||
	       go_on(loading);
}

/* Any setting will do where only the form of the lines is of interest. */
static int setting_ignore(void *user, const char *section, const char *key, const char *value)
{
	(void)user, (void)section, (void)key, (void)value;
	return 1;
}

/* inih tells of the first line alone that is none of INI: the file is read again without it, until there are
   no more. */
static void find_bad_lines(struct loading *loading)
{
	struct strbuf ignored = STRBUF_INIT;
	struct strbuf *mistakes = loading->mistakes;
	int line;

	loading->mistakes = &ignored;
	do {
		rewind(loading->file);
		loading->line = 0;
		line = ini_parse_stream(line_read, loading, setting_ignore, loading);
		if (line > 0)
			strbuf_add(&loading->bad_lines, &line, sizeof(line));
	} while (line > 0 && loading->read_error == 0);
	rewind(loading->file);
	loading->line = 0;
	loading->mistakes = mistakes;
	strbuf_fini(&ignored);
}

static bool load(struct loading *loading)
{
	struct error *error = loading->error;
	const char *path = loading->path;
	int bad_line;

	loading->file = fopen(path, "re");
	if (!loading->file)
		return error_set(error, "%s: %s", path, strerror(errno));
	if (loading->mistakes)
		find_bad_lines(loading);
	bad_line = ini_parse_stream(line_read, loading, setting_read, loading);
	fclose(loading->file);
	strbuf_fini(&loading->bad_lines);
	if (loading->read_error != 0)
		return error_set(error, "%s: %s", path, strerror(loading->read_error));
	if (error_is_set(error))
		return error_prefix(error, "%s:%d", path, loading->line);
	if (bad_line != 0)
		return error_set(error, "%s:%d: [section] or key = value was expected", path,
		                 bad_line);
	return true;
}

bool config_load(struct config *config, const char *path, struct error *error)
{
	struct loading loading = {.config = config, .path = path, .error = error};

	return load(&loading);
}

bool config_load_all(struct config *config, const char *path, struct strbuf *mistakes)
{
	struct error error = {.text = ""};
	size_t before = mistakes->length;
	struct loading loading = {
		.config = config, .path = path, .error = &error, .mistakes = mistakes};

	if (!load(&loading))
		strbuf_printf(mistakes, "%s\n", error.text);
	return mistakes->length == before;
}

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
