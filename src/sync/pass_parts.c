/* What all kinds of passes say and note on their way. */
#include "pass_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pass_note(struct pass *pass, const char *format, ...)
{
	char *message = pass->summary->message;
	size_t used = strlen(message);
	va_list arguments;

	if (used > 0 && used < sizeof(pass->summary->message) - 3) {
		memcpy(message + used, "; ", 3);
		used += 2;
	}
	va_start(arguments, format);
	vsnprintf(message + used, sizeof(pass->summary->message) - used, format, arguments);
	va_end(arguments);
}

void pass_log(struct pass *pass, enum log_level level, const char *format, ...)
{
	const struct sync_observer *observer = &pass->order->observer;
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (observer->hide)
		observer->hide(observer->context);
	log_write(level, "%s", text);
}

void pass_unknown_tell(struct pass *pass)
{
	struct strbuf line = STRBUF_INIT;

	if (unknown_line(&pass->unknown, &line)) {
		pass_log(pass, LOG_WARNING, "sync: %s", line.data);
		pass_note(pass, "%s", line.data);
	}
	strbuf_fini(&line);
	unknown_fini(&pass->unknown);
}

void pass_show(struct pass *pass)
{
	const struct sync_observer *observer = &pass->order->observer;

	pass->progress.pages = pass->record.pages;
	pass->progress.flights = pass->record.flights;
	pass->progress.count = pass->record.upstream_count;
	if (observer->show)
		observer->show(observer->context, &pass->progress, pass_now(pass));
}

bool pass_page_limit(struct pass *pass)
{
	if (pass->record.pages < pass->settings->page_limit)
		return true;
	pass->end = SYNC_FAILED;
	pass->begin_anew = true;
	return error_set(pass->error, "%s has more than the %" PRId64 " pages of sync.page_limit",
	                 pass->settings->upstream, pass->settings->page_limit);
}
