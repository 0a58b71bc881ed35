/* Splits searches into terms. */
#include "search_terms.h"

#include <string.h>

#include "base/utf8.h"

struct terms {
	struct text *term;
	size_t count;
};

static void add_term(struct terms *terms, struct text term)
{
	if (term.length > 0)
		terms->term[terms->count++] = term;
}

/* --- By this project's rules. --- */

/* The bytes of white space or a comma that a text begins with; 0: none. */
static size_t separator(struct text text)
{
	return text.length > 0 && text.data[0] == ',' ? 1 : utf8_space(text);
}

/* Takes the next term off *rest; an empty one only at the end or for an empty phrase. A quote that
   is not closed, or stands inside a word, is a character as any. */
static struct text next_term(struct text *rest)
{
	struct text term;
	const char *end = NULL;
	size_t size;

	while ((size = separator(*rest)) > 0)
		*rest = text_from(*rest, size);
	term = *rest;
	if (term.length > 0 && term.data[0] == '"')
		end = memchr(term.data + 1, '"', term.length - 1);
	if (end) {
		term = (struct text){term.data + 1, (size_t)(end - term.data - 1)};
		*rest = text_from(*rest, term.length + 2);
		return term;
	}
	while (rest->length > 0 && separator(*rest) == 0) {
		uint32_t character;

		*rest = text_from(*rest, utf8_next(*rest, &character));
	}
	term.length -= rest->length;
	return term;
}

/* --- By those of the original's framework: smart_split of Django, search_smart_split of REST framework. --- */

/* Past the end of the quoted phrase that begins at the text's beginning; 0: it is not closed. */
static size_t quoted_length(struct text text)
{
	for (size_t i = 1; i < text.length; i++) {
		if (text.data[i] == text.data[0])
			return i + 1;
		if (text.data[i] == '\\')
			i++;
	}
	return 0;
}

static bool is_quote(struct text text)
{
	return text.length > 0 && (text.data[0] == '"' || text.data[0] == '\'');
}

/* The bytes up to white space, or one quote where `quotes` says that they count. */
static size_t plain_length(struct text text, bool quotes)
{
	size_t length = 0;
	uint32_t character;

	while (length < text.length && utf8_space(text_from(text, length)) == 0 &&
	       !(quotes && is_quote(text_from(text, length))))
		length += utf8_next(text_from(text, length), &character);
	return length;
}

/* The next part between white space, within which a closed quotation may have some; a text without white space
   before it. */
static struct text next_part(struct text *rest)
{
	struct text part = *rest;
	size_t length = plain_length(part, true), quoted;

	while (is_quote(text_from(part, length)) &&
	       (quoted = quoted_length(text_from(part, length))) > 0)
		length += quoted + plain_length(text_from(part, length + quoted), true);
	/* As the pattern has it: a quote behind the last quotation begins the next part, and one that nothing closes
	   is a character as any where no quotation came before it. */
	if (length == plain_length(part, true))
		length = plain_length(part, false);
	part.length = length;
	*rest = text_from(*rest, length);
	return part;
}

/* Without the quotes; `\"` is the quote itself there, `\\` a backslash. */
static struct text unquote(struct arena *arena, struct text part)
{
	char *out = arena_alloc(arena, part.length), *end = out;

	for (size_t i = 1; i + 1 < part.length; i++) {
		bool escapes = part.data[i] == '\\' && i + 2 < part.length &&
		               (part.data[i + 1] == part.data[0] || part.data[i + 1] == '\\');

		*end++ = part.data[i += escapes];
	}
	return (struct text){out, (size_t)(end - out)};
}

static struct text without_commas(struct text part)
{
	while (part.length > 0 && part.data[0] == ',')
		part = text_from(part, 1);
	while (part.length > 0 && part.data[part.length - 1] == ',')
		part.length--;
	return part;
}

static void add_part(struct arena *arena, struct text part, struct terms *terms)
{
	struct text term;

	part = without_commas(part);
	if (is_quote(part) && part.data[part.length - 1] == part.data[0]) {
		add_term(terms, unquote(arena, part));
		return;
	}
	while (part.length > 0 && text_split(&part, ',', &term))
		add_term(terms, utf8_trim(term, utf8_is_space));
}

const struct text *search_terms(struct arena *arena, struct text search, bool own, size_t *count)
{
	/* A term takes a byte at least, and so does what parts it from the next; quotes may part by themselves. */
	struct terms terms = {arena_array(arena, search.length + 1, sizeof(struct text)), 0};
	size_t size;

	while (own && search.length > 0)
		add_term(&terms, next_term(&search));
	while (search.length > 0) {
		if ((size = utf8_space(search)) > 0)
			search = text_from(search, size);
		else
			add_part(arena, next_part(&search), &terms);
	}
	*count = terms.count;
	return terms.term;
}
