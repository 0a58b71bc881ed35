/* Notes where a JSON text is wrong, and says what is there, for people. */
#include "sync/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define SHOWN 40 /* bytes of the text */

bool reader_wrong(struct reader *reader, const char *at, const char *expected)
{
	if (!reader->wrong_at) {
		reader->wrong_at = at;
		reader->expected = expected;
	}
	return false;
}

struct place {
	size_t line, column;
};

static struct place place_of(const char *text, const char *at)
{
	struct place place = {1, 1};

	if (at - text >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (; text < at; text++) {
		if (*text == '\n')
			place = (struct place){place.line + 1, 1};
		else if (!utf8_continues(*text))
			place.column++;
	}
	return place;
}

static bool is_printable(char c)
{
	return (unsigned char)c >= 0x20 && c != 0x7f;
}

static bool is_word(char c)
{
	return c == '-' || c == '+' || c == '.' || c == '_' || (c >= '0' && c <= '9') ||
	       (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of a text with its quotes, as far as it can be shown. */
static size_t quoted_length(const char *at, size_t length)
{
	size_t i = 1;

	while (i < length && at[i] != '"' && is_printable(at[i]))
		i += at[i] == '\\' && i + 1 < length && is_printable(at[i + 1]) ? 2 : 1;
	return i < length && at[i] == '"' ? i + 1 : i;
}

static size_t word_length(const char *at, size_t length)
{
	size_t i = 0;

	while (i < length && is_word(at[i]))
		i++;
	return i;
}

/* Writes what was found, cut between characters. */
static void shown(char *out, size_t size, const char *kind, const char *at, size_t length)
{
	size_t cut = length > SHOWN ? utf8_cut(at, SHOWN) : length;

	snprintf(out, size, "%s%.*s%s", kind, (int)cut, at, cut < length ? "..." : "");
}

static void found(const struct reader *reader, char *out, size_t size)
{
	const char *at = reader->wrong_at;
	size_t length = (size_t)(reader->end - at);

	if (length == 0)
		snprintf(out, size, "the end");
	else if (*at == '{')
		snprintf(out, size, "an object");
	else if (*at == '[')
		snprintf(out, size, "a list");
	else if (*at == '"')
		shown(out, size, "the text ", at, quoted_length(at, length));
	else if (*at == '\\')
		shown(out, size, "", at, 1 + word_length(at + 1, length - 1 < 5 ? length - 1 : 5));
	else if (is_word(*at))
		shown(out, size, "", at, word_length(at, length));
	else if (is_printable(*at) && (unsigned char)*at < 0x80)
		snprintf(out, size, "'%c'", *at);
	else
		snprintf(out, size, "the byte 0x%02x", (unsigned char)*at);
}

void reader_explain(const struct reader *reader, const char *name, const char *path,
                    struct error *error)
{
	struct place place = place_of(reader->text, reader->wrong_at);
	char thing[SHOWN + 64];

	found(reader, thing, sizeof(thing));
	error_set(error, "%.200s:%zu:%zu: %s%sexpected %s, found %s", name, place.line,
	          place.column, path, *path ? ": " : "", reader->expected, thing);
}
