/* UTF-8 as Python reads it, where it is right and where it is not. */
#ifndef HTTP_UTF8_H
#define HTTP_UTF8_H

#include "base/utf8.h"
#include "http/text.h"

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
