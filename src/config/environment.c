/* Settings from variables of the environment: SPACECRAFT_FLIGHTS_SECTION_KEY, and for what is secret also ..._FILE,
   which names a file that has the value, as containers and systemd hand out secrets. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "config/config.h"
#include "config_internal.h"
#include "values.h"

#define VARIABLE_PREFIX "SPACECRAFT_FLIGHTS_"
#define FILE_SUFFIX "_FILE"
#define SECRET_MAX 8192

void setting_variable(const struct option *option, char name[SETTING_VARIABLE_SIZE])
{
	snprintf(name, SETTING_VARIABLE_SIZE, VARIABLE_PREFIX "%s_%s", option->section,
	         option->key);
	for (char *c = name; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
}

static bool is_secret(const struct option *option)
{
	return option->kind == KIND_SECRET || option->kind == KIND_CONNINFO;
}

/* The option of a variable, and whether its value is the name of a file. NULL: there is none. */
static const struct option *variable_find(const char *name, bool *in_file)
{
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		char variable[SETTING_VARIABLE_SIZE];
		size_t length;

		setting_variable(&options[i], variable);
		length = strlen(variable);
		if (strncmp(name, variable, length) != 0)
			continue;
		*in_file = is_secret(&options[i]) && strcmp(name + length, FILE_SUFFIX) == 0;
		if (name[length] == '\0' || *in_file)
			return &options[i];
	}
	return NULL;
}

/* Whether it begins as variables of a section of ours do. Others are let alone: Kubernetes gives names such as
   SPACECRAFT_FLIGHTS_SERVICE_HOST to what runs beside a service that is called spacecraft-flights. */
static bool is_of_a_section(const char *name)
{
	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		char variable[SETTING_VARIABLE_SIZE];
		size_t length;

		setting_variable(&options[i], variable);
		length = strlen(VARIABLE_PREFIX) + strlen(options[i].section) + 1;
		if (strncmp(name, variable, length) == 0)
			return true;
	}
	return false;
}

/* There is no such variable. */
static bool refuse_variable(const char *name, struct error *error)
{
	char nearest[SETTING_VARIABLE_SIZE] = "";
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		char variable[SETTING_VARIABLE_SIZE];
		size_t distance;

		setting_variable(&options[i], variable);
		distance = name_distance(name + strlen(VARIABLE_PREFIX),
		                         variable + strlen(VARIABLE_PREFIX));
		if (distance < least)
			memcpy(nearest, variable, sizeof(nearest));
		least = distance < least ? distance : least;
	}
	return error_set(error, "environment: there is no setting %s; the nearest name is %s", name,
	                 nearest);
}

/* The text of a file without its last end of line; NULL with the error set. */
static const char *secret_read(const char *path, struct arena *arena, struct error *error)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(arena, SECRET_MAX + 2);
	size_t length;
	bool failed;

	if (!file)
		return error_set(error, "%s: %s", path, strerror(errno)), NULL;
	length = fread(text, 1, SECRET_MAX + 1, file);
	failed = ferror(file) != 0;
	if (failed)
		error_set(error, "%s: %s", path, strerror(errno));
	fclose(file);
	if (failed)
		return NULL;
	if (length > SECRET_MAX || strlen(text) < length)
		return error_set(error, "%s: longer than %d bytes, or with a NUL in it", path,
		                 SECRET_MAX),
		       NULL;
	if (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	if (length > 0 && text[length - 1] == '\r')
		text[--length] = '\0';
	return text;
}

static bool take_variable(struct config *config, const char *name, const char *value, bool *seen,
                          struct error *error)
{
	bool in_file;
	const struct option *option = variable_find(name, &in_file);

	if (!option)
		return !is_of_a_section(name) || refuse_variable(name, error);
	if (seen[option - options])
		return error_set(error, "%s: %s.%s is set by a variable and by its " FILE_SUFFIX,
		                 name, option->section, option->key);
	seen[option - options] = true;
	if (in_file)
		value = secret_read(value, &config->arena, error);
	return (value && option_assign(config, option, value, name, error)) ||
	       error_prefix(error, "%s", name);
}

bool read_environment(struct config *config, char *const variables[], config_report *report,
                      void *context)
{
	bool seen[OPTION_TOTAL] = {false};
	bool good = true;

	for (; *variables; variables++) {
		const char *equals = strchr(*variables, '=');
		struct error error = {0};

		if (strncmp(*variables, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) != 0 || !equals)
			continue;
		if (take_variable(
			    config,
			    arena_copy(&config->arena, *variables, (size_t)(equals - *variables)),
			    equals + 1, seen, &error))
			continue;
		report(context, error.text);
		good = false;
	}
	return good;
}
