/* Fills in struct config from the defaults, files and the command line. */
#include "config/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "values.h"

static const struct option options[] = {
#define X(section, key, kind, least, most, fallback, help) \
	{#section, #key,     KIND_##kind, least, \
	 most,     fallback, help,        offsetof(struct config, section##_##key)},
	OPTIONS(X)
#undef X
};

#define NAME_MAX_LENGTH 64

/* Sets a value and notes its text; on an error neither counts. */
static bool option_assign(struct config *config, const struct option *option, const char *text,
                          struct error *error)
{
	void *member = (char *)config + option->offset;

	if (!value_parse(option, text, member, &config->arena, error))
		return false;
	config->text[option - options] = arena_string(&config->arena, text);
	return true;
}

void config_init(struct config *config)
{
	memset(config, 0, sizeof(*config));
	arena_init(&config->arena);
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct error error = {0};

		if (option_assign(config, &options[i], options[i].fallback, &error))
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

	return option && option_assign(config, option, value, error);
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

bool config_set_all(struct config *config, const struct config_source *source, struct error *error)
{
	for (int i = 0; i < source->set_count; i++)
		if (!config_set(config, source->sets[i], error))
			return false;
	return true;
}

/* A file while it is read. inih reports no line numbers but that of the first line that it cannot read, so that the
   reader counts lines and notices what comes of each. */
struct loading {
	struct config *config;
	const char *path;
	FILE *file;
	int line;
	int read_error;
	bool continues;  /* the line begins with white space: inih takes it for more of the value */
	bool is_setting; /* the line should be one */
	bool was_taken;  /* inih took it for one */
	size_t mistakes;
	config_report *report;
	void *context;
	bool seen[OPTION_TOTAL];
	const char *value; /* of the last setting */
};

static void add_mistake(struct loading *loading, const struct error *mistake)
{
	struct error placed = *mistake;

	error_prefix(&placed, "%s:%d", loading->path, loading->line);
	loading->report(loading->context, placed.text);
	loading->mistakes++;
}

/* When the line was read. */
static void check_line(struct loading *loading)
{
	struct error mistake = {0};

	if (loading->is_setting && !loading->was_taken) {
		error_set(&mistake, "[section] or key = value was expected");
		add_mistake(loading, &mistake);
	}
	loading->is_setting = false;
	loading->was_taken = false;
}

/* Reads the rest of a line that is too long and makes it an empty one. */
static void skip_line(struct loading *loading, char *text, int size)
{
	struct error mistake = {0};
	int c;

	error_set(&mistake,
	          "the line is longer than %d bytes; a line that begins with a space continues the "
	          "one before",
	          size - 2);
	add_mistake(loading, &mistake);
	do
		c = fgetc(loading->file);
	while (c != '\n' && c != EOF);
	memcpy(text, "\n", 2);
}

/* Neither empty nor a comment, nor a section's begin. */
static bool is_setting(const char *text)
{
	static const char mark[] = "\xEF\xBB\xBF"; /* of UTF-8, at a file's begin */

	if (strncmp(text, mark, strlen(mark)) == 0)
		text += strlen(mark);
	text += strspn(text, " \t\r\n\v\f");
	if (*text == '[')
		return !strchr(text, ']');
	return *text != '\0' && *text != ';' && *text != '#';
}

static char *line_read(char *text, int size, void *stream)
{
	struct loading *loading = stream;
	size_t length;

	check_line(loading);
	if (!fgets(text, size, loading->file)) {
		loading->read_error = ferror(loading->file) ? errno : 0;
		return NULL;
	}
	loading->line++;
	length = strlen(text);
	if (length + 1 == (size_t)size && text[length - 1] != '\n' && !feof(loading->file))
		skip_line(loading, text, size);
	loading->continues = text[0] == ' ' || text[0] == '\t';
	loading->is_setting = is_setting(text);
	return text;
}

/* Whether the setting may be given here: once, or more of the value that the line before began. */
static bool setting_seen(struct loading *loading, const char *name, const char **value,
                         struct error *mistake)
{
	const struct option *option = option_find(name, mistake);

	if (!option)
		return false;
	if (loading->seen[option - options]) {
		if (!loading->continues || !loading->value)
			return error_set(mistake, "%s is set twice", name);
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
	struct error mistake = {0};

	loading->was_taken = true;
	value = arena_string(arena, value);
	if (!setting_seen(loading, name, &value, &mistake) ||
	    !option_set(loading->config, name, value, &mistake))
		add_mistake(loading, &mistake);
	return 1;
}

/* A mistake of the whole file. */
static bool file_failed(struct loading *loading, const char *why)
{
	struct error error = {0};

	error_set(&error, "%s: %s", loading->path, why);
	loading->report(loading->context, error.text);
	return false;
}

bool config_load_all(struct config *config, const char *path, config_report *report, void *context)
{
	struct loading loading = {
		.config = config, .path = path, .report = report, .context = context};

	loading.file = fopen(path, "re");
	if (!loading.file)
		return file_failed(&loading, strerror(errno));
	(void)ini_parse_stream(line_read, &loading, setting_read, &loading);
	check_line(&loading);
	fclose(loading.file);
	if (loading.read_error != 0)
		return file_failed(&loading, strerror(loading.read_error));
	return loading.mistakes == 0;
}

static void take_first(void *error, const char *mistake)
{
	error_set(error, "%s", mistake);
}

bool config_load(struct config *config, const char *path, struct error *error)
{
	return config_load_all(config, path, take_first, error);
}

static bool is_live(const struct option *option)
{
	static const char *const live[] = {
#define X(name) name,
		LIVE_OPTIONS(X)
#undef X
	};
	char name[NAME_MAX_LENGTH];

	snprintf(name, sizeof(name), "%s.%s", option->section, option->key);
	for (size_t i = 0; i < sizeof(live) / sizeof(live[0]); i++) {
		size_t length = strlen(live[i]);

		if (live[i][length - 1] == '.' ? strncmp(name, live[i], length) == 0
		                               : strcmp(name, live[i]) == 0)
			return true;
	}
	return false;
}

static void add_name(struct strbuf *names, const struct option *option)
{
	strbuf_printf(names, "%s%s.%s", names->length > 0 ? ", " : "", option->section,
	              option->key);
}

void config_keep_fixed(struct config *config, const struct config *running, struct strbuf *changed,
                       struct strbuf *fixed)
{
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct error error = {0};

		if (strcmp(config->text[i], running->text[i]) == 0)
			continue;
		add_name(is_live(&options[i]) ? changed : fixed, &options[i]);
		if (is_live(&options[i]) ||
		    option_assign(config, &options[i], running->text[i], &error))
			continue;
		abort(); /* it was read before */
	}
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

/* --- Snapshots. --- */

struct config_snapshot *config_snapshot_new(void)
{
	struct config_snapshot *snapshot = must(calloc(1, sizeof(*snapshot)));

	config_init(&snapshot->config);
	atomic_init(&snapshot->references, 1);
	return snapshot;
}

struct config_snapshot *config_snapshot_ref(struct config_snapshot *snapshot)
{
	atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
	return snapshot;
}

void config_snapshot_unref(struct config_snapshot *snapshot)
{
	if (!snapshot ||
	    atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) > 1)
		return;
	config_fini(&snapshot->config);
	free(snapshot);
}
