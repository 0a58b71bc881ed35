/* Escapes what steers terminals. */
#include "base/printable.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

static void escape_control(struct strbuf *line, bool as_json, uint32_t character)
{
	if (character == '\n')
		strbuf_str(line, "\\n");
	else
		strbuf_printf(line, as_json ? "\\u%04x" : "\\x%02x", character);
}

/* A byte that is no part of a character. */
static void escape_byte(struct strbuf *line, bool as_json, unsigned char byte)
{
	if (as_json)
		strbuf_str(line, "\\ufffd");
	else
		strbuf_printf(line, "\\x%02x", byte);
}

/* U+0080 to U+009F steer terminals as the ASCII controls do. */
static bool is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

void printable_add(struct strbuf *line, bool as_json, const char *text, size_t length)
{
	while (length > 0) {
		uint32_t character;
		size_t bytes = utf8_decode(text, length, &character);

		if (character == UTF8_BROKEN)
			for (size_t i = 0; i < bytes; i++)
				escape_byte(line, as_json, (unsigned char)text[i]);
		else if (is_control(character))
			escape_control(line, as_json, character);
		else if (as_json && (character == '"' || character == '\\'))
			strbuf_printf(line, "\\%c", (char)character);
		else
			strbuf_add(line, text, bytes);
		text += bytes;
		length -= bytes;
	}
}

static void write_line(FILE *file, const char *text, size_t length)
{
	struct strbuf line = STRBUF_INIT;

	printable_add(&line, false, text, length);
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
