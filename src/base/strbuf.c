/* Grows a string of bytes. */
#include "base/strbuf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/temporal.h"

#define CAPACITY_FIRST ((size_t)64)

void strbuf_fini(struct strbuf *buf)
{
	free(buf->data);
	*buf = (struct strbuf)STRBUF_INIT;
}

void strbuf_reset(struct strbuf *buf)
{
	buf->length = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

char *strbuf_reserve(struct strbuf *buf, size_t more)
{
	size_t needed;
	size_t capacity = buf->capacity ? buf->capacity : CAPACITY_FIRST;

	if (__builtin_add_overflow(buf->length, more, &needed) || needed >= PTRDIFF_MAX / 2)
		out_of_memory();
	needed++;
	if (needed <= buf->capacity)
		return buf->data + buf->length;
	while (capacity < needed)
		capacity *= 2;
	buf->data = must(realloc(buf->data, capacity));
	buf->capacity = capacity;
	buf->data[buf->length] = '\0';
	return buf->data + buf->length;
}

void strbuf_add(struct strbuf *buf, const void *data, size_t length)
{
	char *end = strbuf_reserve(buf, length);

	if (length > 0)
		memcpy(end, data, length);
	end[length] = '\0';
	buf->length += length;
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
	char *end = strbuf_reserve(buf, CAPACITY_FIRST);
	size_t room = buf->capacity - buf->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(end, room, format, arguments);
	va_end(arguments);
	if (length < 0)
		out_of_memory();
	if ((size_t)length >= room) {
		end = strbuf_reserve(buf, (size_t)length);
		va_start(arguments, format);
		vsnprintf(end, (size_t)length + 1, format, arguments);
		va_end(arguments);
	}
	buf->length += (size_t)length;
}

char *strbuf_steal(struct strbuf *buf, size_t *length)
{
	char *data = strbuf_reserve(buf, 0) - buf->length;

	data[buf->length] = '\0';
	*length = buf->length;
	/* The bytes often live for long: the spare capacity goes. */
	if (buf->capacity - buf->length > buf->length / 16 + 64) {
		char *fitted = realloc(data, buf->length + 1);

		if (fitted)
			data = fitted;
	}
	*buf = (struct strbuf)STRBUF_INIT;
	return data;
}

void strbuf_count(struct strbuf *buf, int64_t count, const char *one, const char *many)
{
	strbuf_printf(buf, "%" PRId64 " %s", count, count == 1 ? one : many);
}

/* The whole units in a time. */
static int64_t units_in(int64_t time, int64_t unit, enum span_rounding rounding)
{
	if (time <= 0)
		return 0;
	return rounding == SPAN_UP ? (time - 1) / unit + 1 : time / unit;
}

void strbuf_span(struct strbuf *buf, int64_t microseconds, enum span_rounding rounding)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {{"days", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
	int64_t seconds = units_in(microseconds, MICROSECONDS, rounding);
	size_t i = 0;

	while (units[i].seconds > 1 && seconds < 2 * units[i].seconds)
		i++;
	strbuf_printf(buf, "%" PRId64 " %s", units_in(seconds, units[i].seconds, rounding),
	              units[i].name);
}
