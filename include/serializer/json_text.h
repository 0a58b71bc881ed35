/* JSON text as the original writes it: Python's json with compact separators and raw UTF-8. */
#ifndef SERIALIZER_TEXT_H
#define SERIALIZER_TEXT_H

#include <stdint.h>

#include "base/strbuf.h"

/* The string in quotes; escapes `"`, `\`, control characters (\u001f in lower hex, the short forms where
   there are) and U+2028, U+2029. The bytes must be UTF-8. */
void text_write_string(struct strbuf *out, const char *data, size_t length);

void text_write_integer(struct strbuf *out, int64_t value);

/* Python's repr: the shortest digits that read back the same, with a point or an exponent. Not for NaN
   and infinities, which JSON has not. */
void text_write_real(struct strbuf *out, double value);

/* Compact JSON text again, in lines indented by `indent` spaces a level, as Python's json.dumps does. */
void text_write_indented(struct strbuf *out, const char *json, size_t length, int indent);

#endif
