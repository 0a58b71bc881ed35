/* Writes settings as a file or as options. */
#include "support/program_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "config/options.h"
#include "support/cmocka.h"

const struct known_setting known_settings[] = {
#define X(section, key, kind, least, most, fallback, help) \
	{#section, #section "." #key, #key, fallback},
	OPTIONS(X)
#undef X
};
const size_t known_setting_count = sizeof(known_settings) / sizeof(known_settings[0]);

/* `section.key=value` as the two lines that it takes in a file; sections may come several times. */
static void write_assignment(struct strbuf *out, const char *assignment)
{
	const char *dot = strchr(assignment, '.'), *equals = strchr(assignment, '=');

	assert_true(dot && equals && dot < equals);
	strbuf_printf(out, "[%.*s]\n%.*s = %s\n", (int)(dot - assignment), assignment,
	              (int)(equals - dot - 1), dot + 1, equals + 1);
}

static void write_defaults(struct strbuf *out)
{
	for (size_t i = 0; i < known_setting_count; i++)
		strbuf_printf(out, "[%s]\n%s = %s\n", known_settings[i].section,
		              known_settings[i].key, known_settings[i].fallback);
}

static void write_file(struct program_settings *settings, const struct strbuf *text)
{
	int fd;

	snprintf(settings->path, sizeof(settings->path), "/tmp/spacecraft-flights-ini.XXXXXX");
	fd = mkstemp(settings->path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text->data, text->length), text->length);
	close(fd);
}

void program_settings_init(struct program_settings *settings, enum settings_source source,
                           const char *const assignments[])
{
	struct strbuf text = STRBUF_INIT;

	*settings = (struct program_settings){.count = 0};
	arena_init(&settings->arena);
	settings->options[settings->count++] = "-c";
	settings->options[settings->count++] = settings->path;
	if (source == SETTINGS_ON_COMMAND_LINE)
		write_defaults(&text);
	for (size_t i = 0; assignments[i]; i++) {
		assert_true(i < PROGRAM_SETTINGS_MAX);
		if (source == SETTINGS_IN_FILE) {
			write_assignment(&text, assignments[i]);
			continue;
		}
		settings->options[settings->count++] = "--set";
		settings->options[settings->count++] =
			arena_string(&settings->arena, assignments[i]);
	}
	write_file(settings, &text);
	strbuf_fini(&text);
}

void program_settings_fini(struct program_settings *settings)
{
	unlink(settings->path);
	arena_fini(&settings->arena);
}

const char *const *program_settings_words(struct program_settings *settings,
                                          const char *const command[])
{
	const char **words;
	size_t count = 0;

	while (command[count])
		count++;
	words = arena_array(&settings->arena, settings->count + count + 1, sizeof(*words));
	memcpy(words, settings->options, settings->count * sizeof(*words));
	memcpy(words + settings->count, command, count * sizeof(*words));
	return words;
}
