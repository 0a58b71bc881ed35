/* Texts in quotes: UTF-8 checked, escapes undone. */
#include "reader_text.h"

#include <string.h>

/* How many bytes follow a lead byte, or what else a byte is. */
enum { PLAIN = 0, FOLLOW_1, FOLLOW_2, FOLLOW_3, QUOTE, BACKSLASH, INVALID };

static unsigned char_class(unsigned char c)
{
	if (c == '"')
		return QUOTE;
	if (c == '\\')
		return BACKSLASH;
	if (c < 0x80)
		return c < 0x20 ? INVALID : PLAIN;
	if (c < 0xc2 || c > 0xf4)
		return INVALID;
	return c < 0xe0 ? FOLLOW_1 : c < 0xf0 ? FOLLOW_2 : FOLLOW_3;
}

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

/* The second byte bears the narrower bounds: no overlong forms, no surrogates, nothing above 10FFFF. */
static bool sequence_valid(const unsigned char *at, size_t follow)
{
	unsigned low = 0x80, high = 0xbf;

	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return false;
	for (size_t i = 2; i <= follow; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return false;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
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
		if (hex_digit(at[i]) < 0)
			return 0;
	return 6;
}

/* Passes one character that is not plain; false where it is wrong. */
static bool special_scan(struct reader *reader, unsigned class, bool *escapes)
{
	size_t length;

	if (class == BACKSLASH) {
		*escapes = true;
		length = escape_length(reader->at, reader->end);
		if (length == 0)
			return reader_wrong(reader, reader->at, "an escape such as \\n or \\u00e9");
		reader->at += length;
		return true;
	}
	if (class == INVALID && (unsigned char)*reader->at < 0x20)
		return reader_wrong(reader, reader->at, "text without bare control characters");
	if (class == INVALID || (size_t)(reader->end - reader->at) <= class ||
	    !sequence_valid((const unsigned char *)reader->at, class))
		return reader_wrong(reader, reader->at, "text in UTF-8");
	reader->at += class + 1;
	return true;
}

bool text_scan(struct reader *reader, bool *escapes)
{
	const char *begin = reader->at++;

	*escapes = false;
	for (;;) {
		unsigned class;

		while (reader->end - reader->at >= 8 && eight_plain(reader->at))
			reader->at += 8;
		if (reader->at == reader->end)
			return reader_wrong(reader, begin, "a text with a quote at its end");
		class = char_class((unsigned char)*reader->at);
		if (class == QUOTE) {
			reader->at++;
			return true;
		}
		if (class == PLAIN)
			reader->at++;
		else if (!special_scan(reader, class, escapes))
			return false;
	}
}

static unsigned hex_value(const char *at)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 4 | (unsigned)hex_digit(at[i]);
	return value;
}

static char *utf8_put(char *out, unsigned c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* Undoes a \u escape, or a pair of them, and passes it; NULL where half of a pair is missing. */
static char *unicode_put(char *out, const char **at, const char *end)
{
	unsigned c = hex_value(*at + 2);

	*at += 6;
	if (c < 0xd800 || c > 0xdfff)
		return utf8_put(out, c);
	if (c < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
		unsigned second = hex_value(*at + 2);

		*at += 6;
		if (second >= 0xdc00 && second <= 0xdfff)
			return utf8_put(out, 0x10000 + ((c - 0xd800) << 10) + (second - 0xdc00));
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
