/* Puts log lines together and writes them to stderr: each at once with one write(2), or by a thread from
   log_start on. */
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/line_writer.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "base/temporal.h"

static _Atomic(enum log_level) least_level = LOG_INFO;
static _Atomic bool json_lines;
static _Atomic(struct line_writer *)
	line_writer; /* stays once it is there: any thread may use it */

enum {
	WAITING_BYTES = 256 * 1024, /* lines that wait for their reader, some 2,500 */
	STOP_SECONDS = 1,
	LAST_LINE = 512,
};

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void log_configure(enum log_level least, bool json)
{
	atomic_store_explicit(&least_level, least, memory_order_relaxed);
	atomic_store_explicit(&json_lines, json, memory_order_relaxed);
	out_of_memory_tell(log_last);
}

/* Not clock_now: a fixed clock stops live values, not the log. Not gmtime_r, which may take memory. */
static void time_add(struct strbuf *line)
{
	char text[TEMPORAL_TEXT_SIZE];
	struct timespec now;
	size_t length;

	clock_gettime(CLOCK_REALTIME, &now);
	length = moment_format((int64_t)now.tv_sec * MICROSECONDS, text);
	strbuf_add(line, text, length - 1); /* without its Z */
	strbuf_printf(line, ".%03ldZ", now.tv_nsec / 1000000);
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

static void line_format(struct strbuf *line, bool as_json, enum log_level level,
                        const char *message, size_t length)
{
	strbuf_str(line, as_json ? "{\"time\":\"" : "");
	time_add(line);
	strbuf_printf(line, as_json ? "\",\"level\":\"%s\",\"message\":\"" : " %-7s ",
	              level_names[level]);
	printable_add(line, as_json, message, length);
	strbuf_str(line, as_json ? "\"}\n" : "\n");
}

void log_write(enum log_level level, const char *format, ...)
{
	struct line_writer *writer = atomic_load_explicit(&line_writer, memory_order_acquire);
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
	line_format(&line, as_json, level, message, (size_t)length);
	if (writer == NULL)
		line_write(line.data, line.length);
	else if (!line_writer_add(writer, line.data, line.length))
		metric_add(METRIC_log_lines_dropped_total, 1);
	strbuf_fini(&line);
	free(message);
	errno = saved_errno;
}

void log_last(const char *message)
{
	char text[LAST_LINE];
	struct strbuf line = {text, 0, sizeof(text)};
	struct pollfd standard_error = {.fd = STDERR_FILENO, .events = POLLOUT};

	line_format(&line, atomic_load_explicit(&json_lines, memory_order_relaxed), LOG_ERROR,
	            message, strnlen(message, LAST_LINE / 4));
	if (poll(&standard_error, 1, 0) == 1)
		line_write(line.data, line.length);
}

static void write_dropped(struct strbuf *out, uint64_t count)
{
	char message[96];
	int length = snprintf(message, sizeof(message),
	                      "%" PRIu64 " lines were dropped here: who reads the log is too slow",
	                      count);

	line_format(out, atomic_load_explicit(&json_lines, memory_order_relaxed), LOG_WARNING,
	            message, (size_t)length);
}

bool log_start(struct error *error)
{
	const struct line_writer_settings settings = {
		.fd = STDERR_FILENO, .capacity = WAITING_BYTES, .write_dropped = write_dropped};
	struct line_writer *writer = line_writer_start(&settings, error);

	atomic_store_explicit(&line_writer, writer, memory_order_release);
	return writer != NULL;
}

void log_stop(void)
{
	struct line_writer *writer = atomic_load_explicit(&line_writer, memory_order_acquire);

	if (writer != NULL)
		line_writer_stop(writer, STOP_SECONDS);
}
