/* JSON text byte for byte as the original writes it: Python's json module with compact separators and unescaped
   UTF-8. */
#ifndef SERIALIZER_JSON_TEXT_H
#define SERIALIZER_JSON_TEXT_H

#include <stdint.h>

#include "base/strbuf.h"

/* Appends the string in quotes; escapes `"`, `\`, control characters (by their short forms, else as \u001f) and
   U+2028, U+2029. The bytes must be UTF-8. */
void text_write_string(struct strbuf *out, const char *data, size_t length);

void text_write_integer(struct strbuf *out, int64_t value);

/* As Python's repr: the fewest digits that read back as the same value, with a point or an exponent. Not for NaN and
   infinities, which JSON cannot express. */
void text_write_real(struct strbuf *out, double value);

/* Compact JSON text reformatted in lines indented by `indent` spaces a level, as by json.dumps. */
void text_write_indented(struct strbuf *out, const char *json, size_t length, int indent);

#endif
