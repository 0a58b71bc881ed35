/* A growing string of bytes. Out of memory ends the process, as in arena.h, so that writers need no
   checks between the pieces; what comes from outside is bounded before it gets here. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct strbuf {
	char *data; /* NUL behind the last byte once anything was added; NULL before */
	size_t length;
	size_t capacity;
};

#define STRBUF_INIT \
	{ \
		NULL, 0, 0 \
	}

void strbuf_fini(struct strbuf *buf);
void strbuf_reset(struct strbuf *buf); /* empties it and keeps its memory */

/* Makes room for `more` bytes (and a NUL) behind those there are and returns where they go; the
   caller adds what it wrote to `length`. */
char *strbuf_reserve(struct strbuf *buf, size_t more) __attribute__((returns_nonnull));

void strbuf_add(struct strbuf *buf, const void *data, size_t length);
void strbuf_printf(struct strbuf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds `1 flight` or `2 flights`. */
void strbuf_count(struct strbuf *buf, int64_t count, const char *one, const char *many);

/* Adds a time for people, such as `5 min`, in the largest unit of which there are two. A negative one is 0. */
enum span_rounding { SPAN_DOWN, SPAN_UP };
void strbuf_span(struct strbuf *buf, int64_t microseconds, enum span_rounding rounding);

static inline void strbuf_str(struct strbuf *buf, const char *string)
{
	strbuf_add(buf, string, strlen(string));
}

static inline void strbuf_char(struct strbuf *buf, char c)
{
	if (buf->length + 1 >= buf->capacity)
		strbuf_reserve(buf, 1);
	buf->data[buf->length++] = c;
	buf->data[buf->length] = '\0';
}

/* Hands over the bytes (new; free them with free) and leaves the buffer empty. Never NULL. */
char *strbuf_steal(struct strbuf *buf, size_t *length) __attribute__((returns_nonnull));

#endif
