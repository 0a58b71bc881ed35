/* Characters as UTF-8 has them (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/text.h"

#define UTF8_BROKEN UINT32_MAX
#define UTF8_REPLACEMENT "\xEF\xBF\xBD"
#define UTF8_MOST 4 /* bytes of a character */

/* The character at the start of `length` bytes, at least one, and the bytes that it takes. Where there is
   none, *character is UTF8_BROKEN and the bytes are those that one U+FFFD stands for: as much of a
   character as there is before it breaks off (Unicode's "maximal subpart"), at least one. */
size_t utf8_decode(const char *data, size_t length, uint32_t *character);

/* Writes a character (up to 10FFFF, no half of a surrogate pair); returns how many bytes. */
size_t utf8_encode(uint32_t character, char *out);

/* The largest length up to `length`, where a byte must be, that ends at a character's end. */
size_t utf8_cut(const char *text, size_t length);

/* Adds a text with '?' in place of each byte that is no part of a character. */
void utf8_repair(struct strbuf *out, const char *text);

/* Whether a byte goes on with the character before it. */
static inline bool utf8_continues(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

/* --- Texts, and white space in them as Python has it. --- */

/* utf8_decode of a text that is not empty. */
size_t utf8_next(struct text text, uint32_t *character);

bool utf8_valid(struct text text);

/* White space as Python's str.isspace has it: 29 characters. */
bool utf8_is_space(uint32_t character);

/* The bytes of the white space character that a text begins with; 0: it begins with none. */
size_t utf8_space(struct text text);

/* Without the characters at both ends that `is_trimmed` says yes to; it gets UTF8_BROKEN too. */
struct text utf8_trim(struct text text, bool (*is_trimmed)(uint32_t character));

#endif
