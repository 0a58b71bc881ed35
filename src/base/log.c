/* Writes log lines to stderr, each with one write(2). */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/utf8.h"

static _Atomic(enum log_level) least_level = LOG_INFO;
static _Atomic bool json_lines;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void log_configure(enum log_level least, bool json)
{
	atomic_store_explicit(&least_level, least, memory_order_relaxed);
	atomic_store_explicit(&json_lines, json, memory_order_relaxed);
}

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

static void message_add(struct strbuf *line, bool as_json, const char *message, size_t length)
{
	while (length > 0) {
		uint32_t character;
		size_t bytes = utf8_decode(message, length, &character);

		if (character == UTF8_BROKEN)
			for (size_t i = 0; i < bytes; i++)
				escape_byte(line, as_json, (unsigned char)message[i]);
		else if (is_control(character))
			escape_control(line, as_json, character);
		else if (as_json && (character == '"' || character == '\\'))
			strbuf_printf(line, "\\%c", (char)character);
		else
			strbuf_add(line, message, bytes);
		message += bytes;
		length -= bytes;
	}
}

/* Not clock_now: a fixed clock stops live values, not the log. */
static void time_add(struct strbuf *line)
{
	struct timespec now;
	struct tm utc;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strbuf_printf(line, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", utc.tm_year + 1900,
	              utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
	              now.tv_nsec / 1000000);
}

static void line_write(const char *data, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDERR_FILENO, data, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		data += written;
		length -= (size_t)written;
	}
}

void log_write(enum log_level level, const char *format, ...)
{
	struct strbuf line = STRBUF_INIT;
	bool as_json = atomic_load_explicit(&json_lines, memory_order_relaxed);
	char *message = NULL;
	int saved_errno = errno;
	va_list arguments;
	int length;

	if (level < atomic_load_explicit(&least_level, memory_order_relaxed))
		return;
	va_start(arguments, format);
	length = vasprintf(&message, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	strbuf_str(&line, as_json ? "{\"time\":\"" : "");
	time_add(&line);
	strbuf_printf(&line, as_json ? "\",\"level\":\"%s\",\"message\":\"" : " %-7s ",
	              level_names[level]);
	message_add(&line, as_json, message, (size_t)length);
	strbuf_str(&line, as_json ? "\"}\n" : "\n");
	line_write(line.data, line.length);
	strbuf_fini(&line);
	free(message);
	errno = saved_errno;
}
