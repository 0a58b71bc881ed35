/* Texts for people's terminals: what came from outside must not steer them, nor forge lines. */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stdio.h>

/* Writes a line, with its newline. Control characters in the text, and bytes that are no part of a character, are
   escaped as in the log. */
void printable_line(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with each line of a text. */
void printable_lines(FILE *file, const char *text);

#endif
