/* Texts in quotes: UTF-8 checked, escapes undone. */
#include "reader_text.h"

#include <string.h>

#include "base/hex.h"
#include "base/utf8.h"

/* Eight plain characters at once: no byte below space, no quote, no backslash, all ASCII. */
static bool eight_plain(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t highs = ones * 0x80;
	uint64_t v, quotes, slashes;

	memcpy(&v, at, sizeof(v));
	quotes = v ^ (ones * '"');
	slashes = v ^ (ones * '\\');
	return ((v | (v - ones * 0x20) | (quotes - ones) | (slashes - ones)) & highs) == 0;
}

/* The length of the escape at a backslash; 0 where it is none. */
static size_t escape_length(const char *at, const char *end)
{
	if (end - at < 2)
		return 0;
	if (at[1] != 'u')
		return at[1] != '\0' && strchr("\"\\/bfnrt", at[1]) ? 2 : 0;
	if (end - at < 6)
		return 0;
	for (int i = 2; i < 6; i++)
		if (hex_value(at[i]) < 0)
			return 0;
	return 6;
}

static bool escape_pass(struct reader *reader)
{
	size_t length = escape_length(reader->at, reader->end);

	reader->at += length;
	return length > 0 || reader_wrong(reader, reader->at, "an escape such as \\n or \\u00e9");
}

static bool character_pass(struct reader *reader)
{
	uint32_t character;
	size_t length = utf8_decode(reader->at, (size_t)(reader->end - reader->at), &character);

	if (character == UTF8_BROKEN)
		return reader_wrong(reader, reader->at, "text in UTF-8");
	if (character < 0x20)
		return reader_wrong(reader, reader->at, "text without bare control characters");
	reader->at += length;
	return true;
}

bool text_scan(struct reader *reader, bool *escapes)
{
	const char *begin = reader->at++;

	*escapes = false;
	for (;;) {
		bool escape;

		while (reader->end - reader->at >= 8 && eight_plain(reader->at))
			reader->at += 8;
		if (reader->at == reader->end)
			return reader_wrong(reader, begin, "a text with a quote at its end");
		if (*reader->at == '"') {
			reader->at++;
			return true;
		}
		escape = *reader->at == '\\';
		*escapes = *escapes || escape;
		if (escape ? !escape_pass(reader) : !character_pass(reader))
			return false;
	}
}

/* Four digits that are there. */
static unsigned hex_values(const char *at)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 4 | (unsigned)hex_value(at[i]);
	return value;
}

/* Undoes a \u escape, or a pair of them, and passes it; NULL where half of a pair is missing. */
static char *unicode_put(char *out, const char **at, const char *end)
{
	unsigned c = hex_values(*at + 2);

	*at += 6;
	if (c < 0xd800 || c > 0xdfff)
		return out + utf8_encode(c, out);
	if (c < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
		unsigned second = hex_values(*at + 2);

		*at += 6;
		if (second >= 0xdc00 && second <= 0xdfff)
			return out +
			       utf8_encode(0x10000 + ((c - 0xd800) << 10) + (second - 0xdc00), out);
	}
	return NULL;
}

static char short_escape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

bool text_decode(struct reader *reader, struct slice raw, struct slice *text)
{
	char *begin = arena_alloc(reader->arena, raw.length + 1);
	const char *at = raw.data, *end = raw.data + raw.length;
	char *out = begin;

	while (at < end) {
		const char *escape = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((escape ? escape : end) - at);

		memcpy(out, at, plain);
		out += plain;
		at += plain;
		if (!escape)
			break;
		if (at[1] != 'u') {
			*out++ = short_escape(at[1]);
			at += 2;
			continue;
		}
		out = unicode_put(out, &at, end);
		if (!out)
			return reader_wrong(reader, escape, "both halves of a surrogate pair");
	}
	*text = (struct slice){begin, (size_t)(out - begin)};
	return true;
}
