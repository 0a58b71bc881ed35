/* Escapes what steers terminals. */
#include "base/printable.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/strbuf.h"

static void write_line(FILE *file, const char *text, size_t length)
{
	struct strbuf line = STRBUF_INIT;

	log_add_escaped(&line, false, text, length);
	strbuf_char(&line, '\n');
	fwrite(line.data, 1, line.length, file);
	strbuf_fini(&line);
}

void printable_line(FILE *file, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		out_of_memory();
	write_line(file, text, (size_t)length);
	free(text);
}

void printable_lines(FILE *file, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		write_line(file, text, length);
		text += length + (text[length] == '\n');
	}
}
