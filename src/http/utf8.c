/* Texts in UTF-8, and white space in them. */
#include "http/utf8.h"

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
