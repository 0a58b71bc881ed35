/* The settings: the defaults, setting one by its name, and what of them changes while a server runs. */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "config_internal.h"
#include "values.h"

const struct option options[] = {
#define X(section, key, kind, least, most, fallback, help) \
	{#section, #key,     KIND_##kind, least, \
	 most,     fallback, help,        offsetof(struct config, section##_##key)},
	OPTIONS(X)
#undef X
};

bool option_assign(struct config *config, const struct option *option, const char *text,
                   const char *origin, struct error *error)
{
	void *member = (char *)config + option->offset;

	if (!value_parse(option, text, member, &config->arena, error))
		return false;
	config->text[option - options] = arena_string(&config->arena, text);
	config->origin[option - options] = arena_string(&config->arena, origin);
	return true;
}

void config_init(struct config *config)
{
	memset(config, 0, sizeof(*config));
	arena_init(&config->arena);
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct error error = {0};

		if (option_assign(config, &options[i], options[i].fallback, "default", &error))
			continue;
		fprintf(stderr, "the default of %s\n", error.text);
		abort();
	}
}

void config_fini(struct config *config)
{
	arena_fini(&config->arena);
}

static const struct option *nearest_option(const char *name)
{
	const struct option *nearest = options;
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

const struct option *option_find(const char *name, struct error *error)
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

bool config_set(struct config *config, const char *assignment, struct error *error)
{
	const char *equals = strchr(assignment, '=');
	const struct option *option;
	struct arena arena;
	bool done;

	if (!equals)
		return error_set(error, "--set %s: SECTION.KEY=VALUE was expected", assignment);
	arena_init(&arena);
	option = option_find(arena_copy(&arena, assignment, (size_t)(equals - assignment)), error);
	done = option && option_assign(config, option, equals + 1, "--set", error);
	arena_fini(&arena);
	return done || error_prefix(error, "--set");
}

bool config_read(struct config *config, const struct config_source *source, config_report *report,
                 void *context)
{
	bool good = true;

	if (source->file)
		good = config_load_all(config, source->file, report, context);
	if (source->environment)
		good = read_environment(config, source->environment, report, context) && good;
	for (int i = 0; i < source->set_count; i++) {
		struct error error = {0};

		if (config_set(config, source->sets[i], &error))
			continue;
		report(context, error.text);
		good = false;
	}
	return good;
}

bool option_is_live(const struct option *option)
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
		add_name(option_is_live(&options[i]) ? changed : fixed, &options[i]);
		if (option_is_live(&options[i]) ||
		    option_assign(config, &options[i], running->text[i], running->origin[i],
		                  &error))
			continue;
		abort(); /* it was read before */
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

/* --- What is said of the settings: the example file, and what a program runs with. --- */

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
