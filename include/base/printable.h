/* Texts for terminals and logs: what came from outside must not steer them, nor forge lines. */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/strbuf.h"

/* Adds a text with its control characters and the bytes that are no UTF-8 escaped; in a string of JSON also
   quotes. */
void printable_add(struct strbuf *line, bool as_json, const char *text, size_t length);

/* Writes a line, with its newline. Control characters in the text, and bytes that are no part of a character, are
   escaped as in the log. */
void printable_line(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with each line of a text. */
void printable_lines(FILE *file, const char *text);

#endif
