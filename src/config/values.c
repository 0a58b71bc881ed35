/* Reads the values of settings. */
#include "values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/temporal.h"
#include "config/options.h"

#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

struct suffix {
	const char *text;
	int64_t factor;
};

static const struct suffix size_suffixes[] = {
	{"", 1},
	{"K", INT64_C(1) << 10},
	{"M", INT64_C(1) << 20},
	{"G", INT64_C(1) << 30},
	{"T", INT64_C(1) << 40},
	{NULL, 0},
};

static const struct suffix second_suffixes[] = {
	{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {NULL, 0},
};

/* Digits with one of the suffixes behind them, within the option's bounds. */
static bool number_parse(const struct option *option, const char *text, const struct suffix *suffix,
                         int64_t *number)
{
	size_t digits = strspn(text, "0123456789");
	int64_t value;

	if (digits == 0 || digits > 18)
		return false;
	value = strtoll(text, NULL, 10);
	while (suffix->text && strcasecmp(text + digits, suffix->text) != 0)
		suffix++;
	if (!suffix->text || __builtin_mul_overflow(value, suffix->factor, &value))
		return false;
	*number = value;
	return value >= option->least && value <= option->most;
}

static bool boolean_parse(const char *text, bool *value)
{
	static const char *const words[][2] = {
		{"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		*value = strcasecmp(text, words[i][1]) == 0;
		if (*value || strcasecmp(text, words[i][0]) == 0)
			return true;
	}
	return false;
}

static bool rate_parse(const char *text, struct rate *rate)
{
	static const char *const periods[] = {"second", "minute", "hour", "day"};
	size_t digits = strspn(text, "0123456789");
	const char *period;

	*rate = (struct rate){0, 0};
	if (text[0] == '\0')
		return true;
	if (digits == 0 || digits > 9 || text[digits] != '/' || text[digits + 1] == '\0')
		return false;
	period = text + digits + 1;
	for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++)
		if (strncasecmp(period, periods[i], strlen(period)) == 0) {
			*rate = (struct rate){atoll(text), second_suffixes[i + 1].factor};
			return rate->requests > 0;
		}
	return false;
}

/* The length of `:port` at the text's begin, which may be missing; -1: it is wrong. */
static int port_length(const char *text)
{
	size_t digits;

	if (text[0] != ':')
		return 0;
	digits = strspn(text + 1, "0123456789");
	return digits > 0 && digits <= 5 && atoi(text + 1) <= 65535 ? (int)digits + 1 : -1;
}

/* What may stand behind the host: a port, and a path where one is allowed. */
static bool url_end_parse(const char *text, bool path_allowed)
{
	int length = port_length(text);

	if (length < 0)
		return false;
	text += length;
	return text[0] == '\0' || (path_allowed && path_prefix_is_valid(text_of(text)));
}

static bool url_parse(const char *text, bool path_allowed)
{
	size_t host;

	if (strncmp(text, "http://", 7) == 0)
		text += 7;
	else if (strncmp(text, "https://", 8) == 0)
		text += 8;
	else
		return text[0] == '\0';
	if (text[0] == '[') {
		host = strspn(text + 1, "0123456789abcdefABCDEF:.");
		return host > 1 && text[1 + host] == ']' &&
		       url_end_parse(text + host + 2, path_allowed);
	}
	host = strspn(text, HOST_CHARACTERS);
	return host > 0 && url_end_parse(text + host, path_allowed);
}

/* The index of a word; -1: it is none of them. */
static int word_index(const char *text, const char *const words[])
{
	for (int i = 0; words[i]; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return -1;
}

static bool moment_setting_parse(const char *text, struct moment_setting *setting)
{
	setting->set = text[0] != '\0';
	setting->moment = 0;
	return !setting->set || moment_parse(text, &setting->moment);
}

/* Three octal digits, or the fourth before them that is 0. */
static bool mode_parse(const char *text, int64_t *mode)
{
	size_t digits = strspn(text, "01234567");

	*mode = strtol(text, NULL, 8);
	return (digits == 3 || digits == 4) && text[digits] == '\0' && *mode <= 0777;
}

static bool text_is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static bool member_parse(const struct option *option, const char *text, void *member,
                         struct arena *arena)
{
	static const char *const levels[] = {"debug", "info", "warning", "error", NULL};
	static const char *const formats[] = {"text", "json", NULL};
	static const char *const access_formats[] = {"combined", "json", NULL};
	static const struct suffix none[] = {{"", 1}, {NULL, 0}};
	int word;

	switch (option->kind) {
	case KIND_PLACES:
		*(struct places *)member = (struct places){NULL, 0};
		return (text[0] == '\0' && option->least == 0) || places_parse(text, arena, member);
	case KIND_URL:
	case KIND_BASE:
		*(const char **)member = arena_string(arena, text);
		return url_parse(text, option->kind == KIND_BASE);
	case KIND_TEXT:
	case KIND_CONNINFO:
	case KIND_SECRET:
		*(const char **)member = arena_string(arena, text);
		return true;
	case KIND_NETWORKS:
		return networks_parse(text, arena, member);
	case KIND_COUNT:
		return number_parse(option, text, none, member);
	case KIND_SECONDS:
		return number_parse(option, text, second_suffixes, member);
	case KIND_SIZE:
		return number_parse(option, text, size_suffixes, member);
	case KIND_BOOLEAN:
		return boolean_parse(text, member);
	case KIND_MOMENT:
		return moment_setting_parse(text, member);
	case KIND_RATE:
		return rate_parse(text, member);
	case KIND_MODE:
		return mode_parse(text, member);
	case KIND_LEVEL:
		word = word_index(text, levels);
		*(enum log_level *)member = (enum log_level)word;
		return word >= 0;
	case KIND_FORMAT:
		word = word_index(text, formats);
		*(enum log_format *)member = (enum log_format)word;
		return word >= 0;
	case KIND_LOG_FILE:
		*(const char **)member = arena_string(arena, text);
		return text[0] == '\0' || text[0] == '/' || strcmp(text, "stderr") == 0;
	case KIND_ACCESS:
		word = word_index(text, access_formats);
		*(enum access_format *)member = (enum access_format)word;
		return word >= 0;
	case KIND_LAST:
		break;
	}
	return false;
}

static const char *expected(const struct option *option, struct arena *arena)
{
	static const char *const texts[KIND_LAST] = {
		[KIND_PLACES] =
			("a list of places to listen on, such as 127.0.0.1:8000, [::]:8000, "
	                 "localhost:8000, unix:/run/flights.sock"),
		[KIND_URL] = ("scheme://host[:port] with nothing behind it, such as "
	                      "https://flights.example.com"),
		[KIND_BASE] = ("scheme://host[:port] with nothing or a plain path without a final "
	                       "slash behind it, such as https://example.com/flights"),
		[KIND_NETWORKS] = "a list of addresses or CIDRs, such as 127.0.0.1, 10.0.0.0/8",
		[KIND_SIZE] = "a size, such as 512K, 256M or 2G",
		[KIND_BOOLEAN] = "true or false",
		[KIND_MOMENT] = "a moment, such as 2025-04-13T02:53:55Z",
		[KIND_RATE] = "a number of requests in a time, such as 15/hour",
		[KIND_MODE] = "permissions in octal, such as 660",
		[KIND_LEVEL] = "debug, info, warning or error",
		[KIND_FORMAT] = "text or json",
		[KIND_LOG_FILE] = "stderr or the absolute path of a file",
		[KIND_ACCESS] = "combined or json",
	};

	if (option->kind == KIND_COUNT)
		return arena_printf(arena, "a number from %" PRId64 " to %" PRId64, option->least,
		                    option->most);
	if (option->kind == KIND_SECONDS)
		return arena_printf(arena,
		                    "a time of %" PRId64 " to %" PRId64
		                    " seconds, such as 30, 30s, 5m, 1h or 1d",
		                    option->least, option->most);
	return option->kind < KIND_LAST && texts[option->kind] ? texts[option->kind] : "a text";
}

bool value_parse(const struct option *option, const char *text, void *member, struct arena *arena,
                 struct error *error)
{
	/* Not shown: the text might be a secret, and would garble the line. */
	if (!text_is_clean(text))
		return error_set(error, "%s.%s: has a control character in it", option->section,
		                 option->key);
	if (member_parse(option, text, member, arena))
		return true;
	return error_set(error, "%s.%s: \"%s\" is not %s", option->section, option->key, text,
	                 expected(option, arena));
}
