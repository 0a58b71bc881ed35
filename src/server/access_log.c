/* Writes the lines of the access log, combined or JSON. */
#include "access_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/line_writer.h"
#include "base/log.h"
#include "base/printable.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/strbuf.h"
#include "base/temporal.h"

enum {
	WAITING_BYTES = 1 << 20, /* lines that wait for their reader, some 5,000 */
	GATHER_MILLISECONDS = 50,
	STOP_SECONDS = 1,
	TEXT_MOST = 4096, /* of a text in a line; the rest is left out */
};

struct access_log {
	/* Stays the same: another file takes its place in it. */
	int fd;
	struct line_writer *writer;
};

/* --- The file. --- */

/* A pipe that nobody reads is an error, instead of waiting for its reader. */
static int open_file(const char *path, struct error *error)
{
	const char *opened = path[0] != '\0' ? path : "/dev/null";
	int fd = strcmp(path, "stderr") == 0
	                 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
	                 : open(opened,
	                        O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	                        0640);

	if (fd < 0)
		error_set(error, "log.access: cannot open %s: %s", opened, strerror(errno));
	return fd;
}

/* In its place are none: the format has no line for it. */
static void tell_dropped(struct strbuf *out, uint64_t count)
{
	(void)out;
	log_warning("%" PRIu64 " lines of the access log were dropped: who reads it is too slow",
	            count);
}

struct access_log *access_log_start(const char *path, struct error *error)
{
	struct access_log *log = must(calloc(1, sizeof(*log)));
	struct line_writer_settings settings = {.capacity = WAITING_BYTES,
	                                        .gather = GATHER_MILLISECONDS,
	                                        .write_dropped = tell_dropped};

	log->fd = settings.fd = open_file(path, error);
	if (log->fd >= 0)
		log->writer = line_writer_start(&settings, error);
	if (log->writer != NULL)
		return log;
	if (log->fd >= 0)
		close(log->fd);
	free(log);
	return NULL;
}

bool access_log_open(struct access_log *log, const char *path, struct error *error)
{
	int fd = open_file(path, error);
	bool replaced = fd >= 0 && dup3(fd, log->fd, O_CLOEXEC) >= 0;

	if (fd >= 0 && !replaced)
		error_set(error, "log.access: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return replaced;
}

void access_log_stop(struct access_log *log)
{
	if (log != NULL)
		line_writer_stop(log->writer, STOP_SECONDS);
}

void access_log_free(struct access_log *log)
{
	if (log == NULL)
		return;
	line_writer_free(log->writer);
	close(log->fd);
	free(log);
}

/* --- Lines. --- */

static struct text text_or_empty(const char *text)
{
	struct text found = text_of(text ? text : "");

	if (found.length > TEXT_MOST)
		found.length = TEXT_MOST;
	return found;
}

/* As nginx does it: no byte of a client's can end the text or the line. */
static void add_combined(struct strbuf *line, struct text text)
{
	for (size_t i = 0; i < text.length && i < TEXT_MOST; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\')
			strbuf_printf(line, "\\x%02X", byte);
		else
			strbuf_char(line, (char)byte);
	}
}

static void add_header(struct strbuf *line, const char *header)
{
	strbuf_str(line, " \"");
	add_combined(line, text_or_empty(header ? header : "-"));
	strbuf_char(line, '"');
}

/* `127.0.0.1 - - [26/Nov/2026:19:00:00 +0000] "GET /health HTTP/1.1" 200 36 "-" "curl/7.88.1"`. Names of months are
   those of no locale: the program sets none. */
static void write_combined(struct strbuf *line, const struct access *access, const struct tm *now)
{
	char address[IP_TEXT_SIZE], moment[64];

	ip_format(&access->client, address);
	strftime(moment, sizeof(moment), "%d/%b/%Y:%H:%M:%S +0000", now);
	strbuf_printf(line, "%s - - [%s] \"", address, moment);
	add_combined(line, text_or_empty(access->method ? access->method : "-"));
	strbuf_char(line, ' ');
	add_combined(line, access->target);
	strbuf_char(line, ' ');
	add_combined(line, text_or_empty(access->version ? access->version : "-"));
	strbuf_printf(line, "\" %d %" PRIu64, access->status, access->bytes);
	add_header(line, access->referer);
	add_header(line, access->user_agent);
	strbuf_char(line, '\n');
}

static void add_member(struct strbuf *line, const char *name, struct text text)
{
	strbuf_printf(line, ",\"%s\":\"", name);
	printable_add(line, true, text.data, text.length < TEXT_MOST ? text.length : TEXT_MOST);
	strbuf_char(line, '"');
}

static void add_seconds(struct strbuf *line, const char *name, int64_t microseconds)
{
	strbuf_printf(line, ",\"%s\":%" PRId64 ".%06" PRId64, name, microseconds / MICROSECONDS,
	              microseconds % MICROSECONDS);
}

static void write_json(struct strbuf *line, const struct access *access, const struct tm *now,
                       long milliseconds)
{
	char address[IP_TEXT_SIZE], moment[64];

	ip_format(&access->client, address);
	strftime(moment, sizeof(moment), "%Y-%m-%dT%H:%M:%S", now);
	strbuf_printf(line, "{\"time\":\"%s.%03ldZ\"", moment, milliseconds);
	add_member(line, "request_id", text_of(access->id));
	add_member(line, "client", text_of(address));
	add_member(line, "method", text_or_empty(access->method));
	add_member(line, "host", text_or_empty(access->host));
	add_member(line, "target", access->target);
	add_member(line, "protocol", text_or_empty(access->version));
	add_member(line, "route", text_or_empty(access->route));
	strbuf_printf(line, ",\"status\":%d,\"bytes\":%" PRIu64 ",\"complete\":%s", access->status,
	              access->bytes, access->complete ? "true" : "false");
	add_seconds(line, "duration", access->responded);
	add_seconds(line, "sent", access->sent);
	add_member(line, "referer", text_or_empty(access->referer));
	add_member(line, "user_agent", text_or_empty(access->user_agent));
	strbuf_str(line, "}\n");
}

void access_log_add(struct access_log *log, enum access_format format, const struct access *access)
{
	struct strbuf line = STRBUF_INIT;
	struct timespec now;
	struct tm utc;

	/* Not clock_now: a fixed clock stops live values, not the log. */
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	(void)strbuf_reserve(&line, 512);
	if (format == ACCESS_JSON)
		write_json(&line, access, &utc, now.tv_nsec / 1000000);
	else
		write_combined(&line, access, &utc);
	if (!line_writer_add(log->writer, line.data, line.length))
		metric_add(METRIC_access_log_lines_dropped_total, 1);
	strbuf_fini(&line);
}
