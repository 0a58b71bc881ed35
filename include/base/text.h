/* A run of bytes that somebody else owns: not terminated, NULs allowed. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct text {
	const char *data; /* NULL: there is none, which is not the same as an empty one */
	size_t length;
};

/* NULL gives a text that is not there. */
static inline struct text text_of(const char *string)
{
	return (struct text){string, string ? strlen(string) : 0};
}

static inline bool text_equal(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool text_is(struct text text, const char *string)
{
	return text_equal(text, text_of(string));
}

/* ASCII letters of either case are one. */
static inline bool text_is_word(struct text text, const char *word)
{
	return text.length == strlen(word) && strncasecmp(text.data, word, text.length) == 0;
}

static inline bool text_ends_with(struct text text, const char *end)
{
	size_t length = strlen(end);

	return text.length >= length && memcmp(text.data + text.length - length, end, length) == 0;
}

/* Without the first `count` bytes, which are there. */
static inline struct text text_from(struct text text, size_t count)
{
	return (struct text){text.data + count, text.length - count};
}

/* Without the white space that HTTP allows around items of a list. */
static inline struct text text_trim(struct text text)
{
	while (text.length > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = text_from(text, 1);
	while (text.length > 0 &&
	       (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t'))
		text.length--;
	return text;
}

static inline bool text_has(struct text text, char byte)
{
	return text.length > 0 && memchr(text.data, byte, text.length);
}

/* Takes the part before the first `separator` off *rest, and the separator; false once nothing is
   left. A text that ends with a separator ends with an empty part. */
static inline bool text_split(struct text *rest, char separator, struct text *part)
{
	const char *end;

	*part = *rest;
	if (!rest->data)
		return false;
	end = rest->length > 0 ? memchr(rest->data, separator, rest->length) : NULL;
	if (!end) {
		*rest = (struct text){NULL, 0};
		return true;
	}
	part->length = (size_t)(end - part->data);
	*rest = text_from(*rest, part->length + 1);
	return true;
}

#endif
