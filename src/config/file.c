/* Reads settings from a file. */
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "config/config.h"
#include "config_internal.h"
#include "values.h"

#define FILE_MOST 1000000 /* bytes: more is no settings file, or a device without an end */

/* A file while it is read. inih reports no line numbers but that of the first line that it cannot read, so that the
   reader counts lines and notices what comes of each. */
struct loading {
	struct config *config;
	const char *path;
	FILE *file;
	int line;
	size_t length; /* so far; NULs not counted, but lines */
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
	while (c != '\n' && c != EOF && loading->length++ < FILE_MOST);
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
	loading->length += length > 0 ? length : 1;
	if (loading->length > FILE_MOST) {
		loading->read_error = EFBIG;
		return NULL;
	}
	if (length + 1 == (size_t)size && text[length - 1] != '\n' && !feof(loading->file))
		skip_line(loading, text, size);
	loading->continues = text[0] == ' ' || text[0] == '\t';
	loading->is_setting = is_setting(text);
	return text;
}

/* The setting, which may be given here: once, or with more of the value that the line before began. NULL with the
   mistake: it may not. */
static const struct option *setting_seen(struct loading *loading, const char *name,
                                         const char **value, struct error *mistake)
{
	const struct option *option = option_find(name, mistake);

	if (!option)
		return NULL;
	if (loading->seen[option - options]) {
		if (!loading->continues || !loading->value)
			return error_set(mistake, "%s is set twice", name), NULL;
		*value = arena_printf(&loading->config->arena, "%s %s", loading->value, *value);
	}
	loading->seen[option - options] = true;
	loading->value = *value;
	return option;
}

static int setting_read(void *user, const char *section, const char *key, const char *value)
{
	struct loading *loading = user;
	struct arena *arena = &loading->config->arena;
	const char *name = arena_printf(arena, "%s%s%s", section, section[0] ? "." : "", key);
	const struct option *option;
	struct error mistake = {0};

	loading->was_taken = true;
	value = arena_string(arena, value);
	option = setting_seen(loading, name, &value, &mistake);
	if (!option ||
	    !option_assign(loading->config, option, value,
	                   arena_printf(arena, "%s:%d", loading->path, loading->line), &mistake))
		add_mistake(loading, &mistake);
	return 1;
}

/* Passwords in connection strings of either form: password=..., and ...://user:...@... */
static bool has_secret(const struct option *option, const char *value)
{
	const char *user = strstr(value, "://");
	const char *at = user ? strchr(user, '@') : NULL;

	if (option->kind != KIND_CONNINFO)
		return option->kind == KIND_SECRET && value[0] != '\0';
	return strstr(value, "password") != NULL ||
	       (at && memchr(user + 3, ':', (size_t)(at - user - 3)) != NULL);
}

static void note_exposed(struct loading *loading)
{
	struct config *config = loading->config;
	struct stat status;

	if (fstat(fileno(loading->file), &status) != 0 || !(status.st_mode & S_IROTH))
		return;
	for (size_t i = 0; i < OPTION_TOTAL; i++)
		if (loading->seen[i] && has_secret(&options[i], config->text[i]))
			config->exposed = arena_printf(
				&config->arena,
				"%s: everybody may read this file, and it holds a secret, %s.%s",
				loading->path, options[i].section, options[i].key);
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
	note_exposed(&loading);
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
