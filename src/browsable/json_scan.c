/* Finds values in JSON text. */
#include "json_scan.h"

#include <jansson.h>

#include "base/temporal.h"

size_t scan_string_length(struct text text)
{
	for (size_t i = 1; i < text.length; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == '"')
			return i + 1;
	}
	return text.length;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n';
}

size_t scan_word_length(struct text text)
{
	size_t length = 0;

	while (length < text.length && text.data[length] != ',' && text.data[length] != '}' &&
	       text.data[length] != ']' && !is_space(text.data[length]))
		length++;
	return length;
}

static void skip_spaces(struct text *rest)
{
	while (rest->length > 0 && is_space(rest->data[0]))
		*rest = text_from(*rest, 1);
}

/* The bytes of an object or array: counts the brackets outside of strings. */
static size_t container_length(struct text text)
{
	size_t depth = 0;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (c == '"') {
			i += scan_string_length(text_from(text, i)) - 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && --depth == 0) {
			return i + 1;
		}
	}
	return text.length;
}

static bool is_container(struct text value)
{
	return value.length > 0 && (value.data[0] == '{' || value.data[0] == '[');
}

/* Takes the value that the rest begins with, and a separator behind it. False at a closing bracket or
   the end. */
static bool take_value(struct text *rest, char separator, struct text *value)
{
	skip_spaces(rest);
	*value = *rest;
	if (is_container(*rest))
		value->length = container_length(*rest);
	else if (rest->length > 0 && rest->data[0] == '"')
		value->length = scan_string_length(*rest);
	else
		value->length = scan_word_length(*rest);
	if (value->length == 0)
		return false;
	*rest = text_from(*rest, value->length);
	skip_spaces(rest);
	if (rest->length > 0 && rest->data[0] == separator)
		*rest = text_from(*rest, 1);
	return true;
}

struct text scan_begin(struct text value)
{
	return is_container(value) ? text_from(value, 1) : (struct text){"", 0};
}

bool scan_member(struct text *rest, struct text *key, struct text *value)
{
	if (!take_value(rest, ':', key) || !scan_is_string(*key))
		return false;
	*key = (struct text){key->data + 1, key->length - 2};
	return take_value(rest, ',', value);
}

bool scan_item(struct text *rest, struct text *value)
{
	return take_value(rest, ',', value);
}

struct text scan_member_called(struct text object, struct text name)
{
	struct text rest = scan_begin(object);
	struct text key, value;

	if (scan_is_object(object))
		while (scan_member(&rest, &key, &value))
			if (text_equal(key, name))
				return value;
	return (struct text){NULL, 0};
}

struct text scan_at(struct text object, const char *path)
{
	if (!path)
		return (struct text){NULL, 0};
	while (path && path[0]) {
		const char *end = strstr(path, "__");
		size_t length = end ? (size_t)(end - path) : strlen(path);

		object = scan_member_called(object, (struct text){path, length});
		path = end ? end + 2 : NULL;
	}
	return object;
}

bool scan_is_object(struct text value)
{
	return value.length > 0 && value.data[0] == '{';
}

bool scan_is_array(struct text value)
{
	return value.length > 0 && value.data[0] == '[';
}

bool scan_says_something(struct text value)
{
	return value.length > 0 && !text_is(value, "null") && !text_is(value, "false") &&
	       !text_is(value, "\"\"");
}

bool scan_is_string(struct text value)
{
	return value.length > 1 && value.data[0] == '"';
}

struct text scan_string(struct arena *arena, struct text value)
{
	struct text text = {NULL, 0};
	json_t *string;

	if (!scan_is_string(value))
		return text;
	string = json_loadb(value.data, value.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (string) {
		text.length = json_string_length(string);
		text.data = arena_copy(arena, json_string_value(string), text.length);
	}
	json_decref(string);
	return text;
}

bool scan_moment(struct text value, int64_t *moment)
{
	char text[TEMPORAL_TEXT_SIZE]; /* needs no unescaping */

	if (!scan_is_string(value) || value.length - 2 >= sizeof(text))
		return false;
	memcpy(text, value.data + 1, value.length - 2);
	text[value.length - 2] = '\0';
	return moment_parse(text, moment);
}
