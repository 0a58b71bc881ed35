/* Reads numbers and addresses of a page. */
#include "page_values.h"

#include <string.h>

bool page_number_read(struct reader *reader, int64_t least, const char *expected, int64_t *value)
{
	enum reader_type type = reader_peek(reader);
	const char *at = reader->at;
	struct number number;

	if (type != READER_NUMBER)
		return reader_wrong(reader, at, expected);
	if (!reader_number(reader, &number))
		return false;
	*value = number.integer;
	return (number.fits && number.integer >= least) || reader_wrong(reader, at, expected);
}

bool page_link_read(struct reader *reader, struct arena *arena, const char **link)
{
	static const char expected[] = "the address of a page, or null";
	enum reader_type type = reader_peek(reader);
	const char *at = reader->at;
	struct slice text;

	*link = NULL;
	if (type == READER_NULL)
		return reader_word(reader);
	if (type != READER_TEXT)
		return reader_wrong(reader, at, expected);
	if (!reader_text(reader, &text))
		return false;
	if (text.length == 0 || memchr(text.data, '\0', text.length))
		return reader_wrong(reader, at, expected);
	*link = arena_copy(arena, text.data, text.length);
	return true;
}
