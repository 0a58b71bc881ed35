/* Writes the progress line. */
#include "terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/temporal.h"

#define LINE_BEGIN "\r\033[K"

static void write_counts(struct strbuf *out, const struct pass_progress *progress)
{
	strbuf_printf(out, "%s pass: ", progress->kind == PASS_FULL ? "full" : "recent");
	strbuf_count(out, progress->pages, "page", "pages");
	strbuf_str(out, ", ");
	if (progress->count >= 0)
		strbuf_printf(out, "%" PRId64 " of ", progress->documents);
	strbuf_count(out, progress->count >= 0 ? progress->count : progress->documents,
	             progress->list->noun, progress->list->nouns);
}

/* How long the pass waits, else its speed and what is left. */
static void write_speed(struct strbuf *out, const struct pass_progress *progress, int64_t now)
{
	int64_t took = now - progress->began;
	int64_t left = progress->count - progress->documents;

	if (progress->wait_until > now) {
		strbuf_str(out, ", waits ");
		strbuf_span(out, progress->wait_until - now, SPAN_UP);
		strbuf_printf(out, " (%s)", progress->wait_reason);
		return;
	}
	if (progress->read == 0 || took <= 0)
		return;
	strbuf_printf(out, ", %.0f/s",
	              (double)progress->read * (double)MICROSECONDS / (double)took);
	if (progress->count < 0 || left < 0)
		return;
	strbuf_str(out, ", ");
	strbuf_span(out, took / progress->read * left, SPAN_UP);
	strbuf_str(out, " left");
}

void sync_terminal_text(const struct pass_progress *progress, int64_t now,
                        char text[static SYNC_TERMINAL_TEXT])
{
	struct strbuf line = STRBUF_INIT;

	write_counts(&line, progress);
	write_speed(&line, progress, now);
	snprintf(text, SYNC_TERMINAL_TEXT, "%s", line.data);
	strbuf_fini(&line);
}

static int terminal_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return 79;
	return size.ws_col - 1;
}

/* One write, as the log does it: a terminal that is gone is no reason to end. */
static void line_write(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

static void line_show(void *context, const struct pass_progress *progress, int64_t now)
{
	struct sync_terminal *terminal = context;
	char text[SYNC_TERMINAL_TEXT];
	char line[SYNC_TERMINAL_TEXT + sizeof(LINE_BEGIN)];

	sync_terminal_text(progress, now, text);
	snprintf(line, sizeof(line), LINE_BEGIN "%.*s", terminal_columns(), text);
	line_write(line);
	terminal->shown = true;
}

static void line_hide(void *context)
{
	struct sync_terminal *terminal = context;

	if (terminal->shown)
		line_write(LINE_BEGIN);
	terminal->shown = false;
}

struct pass_observer sync_terminal_observer(struct sync_terminal *terminal)
{
	*terminal = (struct sync_terminal){.shown = false};
	if (!isatty(STDERR_FILENO))
		return (struct pass_observer){.show = NULL};
	return (struct pass_observer){line_show, line_hide, terminal};
}
