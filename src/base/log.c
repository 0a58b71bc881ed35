/* Writes log lines to stderr, each with one write(2). */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/strbuf.h"

static enum log_level least_level = LOG_INFO;
static bool as_json;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void log_configure(enum log_level least, bool json)
{
	least_level = least;
	as_json = json;
}

/* The length of the well-formed UTF-8 sequence at `s`, or 0. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
	size_t length = s[0] < 0x80   ? 1
	                : s[0] < 0xc2 ? 0
	                : s[0] < 0xe0 ? 2
	                : s[0] < 0xf0 ? 3
	                : s[0] < 0xf5 ? 4
	                              : 0;

	if (length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return length;
}

static void escape_byte(struct strbuf *line, unsigned char c)
{
	if (c == '\n')
		strbuf_str(line, "\\n");
	else if (as_json)
		strbuf_printf(line, c < 0x80 ? "\\u%04x" : "\\ufffd", c);
	else
		strbuf_printf(line, "\\x%02x", c);
}

static void message_add(struct strbuf *line, const char *message, size_t length)
{
	const unsigned char *s = (const unsigned char *)message;

	for (size_t i = 0; i < length;) {
		size_t bytes = utf8_length(s + i, length - i);
		/* U+0080 to U+009F steer terminals as the ASCII controls do. */
		bool c1 = bytes == 2 && s[i] == 0xc2 && s[i + 1] < 0xa0;

		if (bytes == 0 || s[i] < 0x20 || s[i] == 0x7f) {
			escape_byte(line, s[i]);
			i++;
			continue;
		}
		if (c1)
			strbuf_printf(line, as_json ? "\\u%04x" : "\\x%02x", s[i + 1]);
		else if (as_json && (s[i] == '"' || s[i] == '\\'))
			strbuf_printf(line, "\\%c", s[i]);
		else
			strbuf_add(line, s + i, bytes);
		i += bytes;
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
	char *message = NULL;
	int saved_errno = errno;
	va_list arguments;
	int length;

	if (level < least_level)
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
	message_add(&line, message, (size_t)length);
	strbuf_str(&line, as_json ? "\"}\n" : "\n");
	line_write(line.data, line.length);
	strbuf_fini(&line);
	free(message);
	errno = saved_errno;
}
