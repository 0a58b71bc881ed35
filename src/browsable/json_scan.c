/* Looks into JSON text of our own making. */
#include "json_scan.h"

#include <stdint.h>

#include "base/hex.h"
#include "base/utf8.h"

#define SURROGATE_FIRST 0xD800
#define SURROGATE_SECOND 0xDC00
#define SURROGATE_END 0xE000

static struct text skip_space(struct text text)
{
	while (text.length > 0 && text.data[0] && strchr(" \t\r\n", text.data[0]))
		text = text_from(text, 1);
	return text;
}

/* The bytes of the string that the text begins with, its quotes among them. */
static size_t string_length(struct text text)
{
	for (size_t i = 1; i < text.length; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == '"')
			return i + 1;
	}
	return text.length;
}

/* The bytes of an object or an array, counting brackets outside of strings. */
static size_t container_length(struct text text)
{
	size_t depth = 0;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (c == '"') {
			i += string_length(text_from(text, i)) - 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && --depth == 0) {
			return i + 1;
		}
	}
	return text.length;
}

static size_t value_length(struct text text)
{
	size_t length = 0;

	if (text.length == 0)
		return 0;
	if (text.data[0] == '"')
		return string_length(text);
	if (text.data[0] == '{' || text.data[0] == '[')
		return container_length(text);
	while (length < text.length && text.data[length] &&
	       !strchr(",]} \t\r\n", text.data[length]))
		length++;
	return length;
}

/* Takes a value off the rest; false at a closing bracket or the end. */
static bool take_value(struct text *rest, struct text *value)
{
	*rest = skip_space(*rest);
	*value = (struct text){rest->data, value_length(*rest)};
	if (value->length == 0)
		return false;
	*rest = text_from(*rest, value->length);
	return true;
}

static void skip_separator(struct text *rest, char separator)
{
	*rest = skip_space(*rest);
	if (rest->length > 0 && rest->data[0] == separator)
		*rest = text_from(*rest, 1);
}

struct scan scan_begin(struct text value)
{
	if (value.length > 0 && (value.data[0] == '{' || value.data[0] == '['))
		return (struct scan){text_from(value, 1)};
	return (struct scan){{"", 0}};
}

bool scan_member(struct scan *scan, struct text *key, struct text *value)
{
	if (!take_value(&scan->rest, key) || key->length < 2)
		return false;
	*key = (struct text){key->data + 1, key->length - 2};
	skip_separator(&scan->rest, ':');
	if (!take_value(&scan->rest, value))
		return false;
	skip_separator(&scan->rest, ',');
	return true;
}

bool scan_item(struct scan *scan, struct text *value)
{
	if (!take_value(&scan->rest, value))
		return false;
	skip_separator(&scan->rest, ',');
	return true;
}

struct text scan_get(struct text object, const char *key)
{
	struct scan scan = scan_begin(object);
	struct text name, value;

	if (scan_is_object(object))
		while (scan_member(&scan, &name, &value))
			if (text_is(name, key))
				return value;
	return (struct text){NULL, 0};
}

bool scan_is_object(struct text value)
{
	return value.length > 0 && value.data[0] == '{';
}

bool scan_is_string(struct text value)
{
	return value.length > 1 && value.data[0] == '"';
}

/* Four hexadecimal digits; 0 where there are fewer. */
static uint32_t read_hex(struct text text)
{
	uint32_t value = 0;

	for (size_t i = 0; i < 4; i++) {
		int digit = i < text.length ? hex_value(text.data[i]) : -1;

		if (digit < 0)
			return 0;
		value = value << 4 | (uint32_t)digit;
	}
	return value;
}

static void write_character(struct strbuf *out, uint32_t c)
{
	char bytes[UTF8_MOST];

	strbuf_add(out, bytes, utf8_encode(c, bytes));
}

/* The character behind `\u`; returns the bytes that it took. Half of a pair becomes U+FFFD. */
static size_t write_unicode(struct strbuf *out, struct text text)
{
	uint32_t c = read_hex(text);
	uint32_t second;

	if (c < SURROGATE_FIRST || c >= SURROGATE_END) {
		write_character(out, c);
		return 4;
	}
	second = text.length >= 10 && text.data[4] == '\\' ? read_hex(text_from(text, 6)) : 0;
	if (c >= SURROGATE_SECOND || second < SURROGATE_SECOND || second >= SURROGATE_END) {
		write_character(out, 0xFFFD);
		return 4;
	}
	c = 0x10000 + ((c - SURROGATE_FIRST) << 10) + (second - SURROGATE_SECOND);
	write_character(out, c);
	return 10;
}

/* What an escape means; returns the bytes behind the backslash that it took. */
static size_t write_escaped(struct strbuf *out, struct text text)
{
	const char *names = "bfnrt";
	const char *name = text.data[0] ? strchr(names, text.data[0]) : NULL;

	if (text.data[0] == 'u')
		return 1 + write_unicode(out, text_from(text, 1));
	strbuf_char(out, name ? "\b\f\n\r\t"[name - names] : text.data[0]);
	return 1;
}

void scan_write_string(struct strbuf *out, struct text value)
{
	struct text rest;

	if (!scan_is_string(value))
		return;
	rest = (struct text){value.data + 1, value.length - 2};
	while (rest.length > 0) {
		const char *escape = memchr(rest.data, '\\', rest.length);
		size_t plain = escape ? (size_t)(escape - rest.data) : rest.length;
		size_t taken;

		strbuf_add(out, rest.data, plain);
		rest = text_from(rest, plain);
		if (rest.length < 2)
			return;
		rest = text_from(rest, 1);
		taken = write_escaped(out, rest);
		rest = text_from(rest, taken < rest.length ? taken : rest.length);
	}
}
