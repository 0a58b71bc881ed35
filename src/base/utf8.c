/* Reads and writes UTF-8, character by character. */
#include "base/utf8.h"

#include <string.h>

/* Which second bytes a first byte allows, and how many bytes it announces. */
struct lead {
	unsigned char length, least, most;
};

static struct lead lead_of(unsigned char first)
{
	if (first < 0xC2 || first > 0xF4)
		return (struct lead){0, 0, 0};
	if (first < 0xE0)
		return (struct lead){2, 0x80, 0xBF};
	if (first < 0xF0)
		return (struct lead){3, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF};
	return (struct lead){4, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF};
}

size_t utf8_decode(const char *data, size_t length, uint32_t *character)
{
	const unsigned char *byte = (const unsigned char *)data;
	struct lead lead;
	uint32_t sum;

	*character = byte[0];
	if (byte[0] < 0x80)
		return 1;
	*character = UTF8_BROKEN;
	lead = lead_of(byte[0]);
	if (lead.length == 0 || length < 2 || byte[1] < lead.least || byte[1] > lead.most)
		return 1;
	sum = (byte[0] & (0x7FU >> lead.length)) << 6 | (byte[1] & 0x3FU);
	for (size_t i = 2; i < lead.length; i++) {
		if (i >= length || !utf8_continues(data[i]))
			return i;
		sum = sum << 6 | (byte[i] & 0x3FU);
	}
	*character = sum;
	return lead.length;
}

size_t utf8_encode(uint32_t character, char *out)
{
	static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t length = 1U + (character >= 0x80) + (character >= 0x800) + (character >= 0x10000);

	for (size_t i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (character & 0x3F));
		character >>= 6;
	}
	out[0] = (char)(marks[length] | character);
	return length;
}

void utf8_repair(struct strbuf *out, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0, bytes; i < length; i += bytes) {
		uint32_t character;

		bytes = utf8_decode(text + i, length - i, &character);
		if (character != UTF8_BROKEN)
			strbuf_add(out, text + i, bytes);
		for (size_t k = 0; character == UTF8_BROKEN && k < bytes; k++)
			strbuf_char(out, '?');
	}
}

size_t utf8_cut(const char *text, size_t length)
{
	while (length > 0 && utf8_continues(text[length]))
		length--;
	return length;
}

/* --- Texts. --- */

size_t utf8_next(struct text text, uint32_t *character)
{
	return utf8_decode(text.data, text.length, character);
}

bool utf8_valid(struct text text)
{
	uint32_t character;

	while (text.length > 0) {
		text = text_from(text, utf8_next(text, &character));
		if (character == UTF8_BROKEN)
			return false;
	}
	return true;
}

bool utf8_is_space(uint32_t character)
{
	switch (character) {
	case 0x09 ... 0x0D:
	case 0x1C ... 0x20:
	case 0x85:
	case 0xA0:
	case 0x1680:
	case 0x2000 ... 0x200A:
	case 0x2028:
	case 0x2029:
	case 0x202F:
	case 0x205F:
	case 0x3000:
		return true;
	default:
		return false;
	}
}

size_t utf8_space(struct text text)
{
	uint32_t character;
	size_t length;

	if (text.length == 0)
		return 0;
	length = utf8_next(text, &character);
	return utf8_is_space(character) ? length : 0;
}

struct text utf8_trim(struct text text, bool (*is_trimmed)(uint32_t character))
{
	size_t start = text.length;
	size_t end = 0;
	size_t size;

	for (size_t i = 0; i < text.length; i += size) {
		uint32_t character;

		size = utf8_next(text_from(text, i), &character);
		if (is_trimmed(character))
			continue;
		if (i < start)
			start = i;
		end = i + size;
	}
	if (end == 0)
		return (struct text){text.data, 0};
	return (struct text){text.data + start, end - start};
}
