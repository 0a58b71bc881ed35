/* Fills in the error that a function hands back to its caller. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static void text_cut(struct error *error, int wanted)
{
	if (wanted >= (int)sizeof(error->text))
		memcpy(error->text + utf8_cut(error->text, sizeof(error->text) - 4), "...", 4);
}

bool error_set(struct error *error, const char *format, ...)
{
	va_list arguments;
	int wanted;

	if (error_is_set(error))
		return false;
	va_start(arguments, format);
	wanted = vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	text_cut(error, wanted);
	/* An empty text would read as success. */
	if (!error_is_set(error))
		memcpy(error->text, "failed", sizeof("failed"));
	return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
	char context[sizeof(error->text)];
	char cause[sizeof(error->text)];
	va_list arguments;

	if (!error_is_set(error))
		return false;
	va_start(arguments, format);
	vsnprintf(context, sizeof(context), format, arguments);
	va_end(arguments);
	memcpy(cause, error->text, sizeof(cause));
	text_cut(error, snprintf(error->text, sizeof(error->text), "%s: %s", context, cause));
	return false;
}
