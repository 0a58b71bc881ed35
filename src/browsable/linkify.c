/* Turns web addresses in text into links. */
#include "linkify.h"

#include <ctype.h>
#include <strings.h>

#include "markup.h"

#define OPENING "(['{"
#define CLOSING ")]'}"
#define TRAILING ".,:;!?"

static bool has_prefix(struct text word, const char *prefix)
{
	size_t length = strlen(prefix);

	return word.length > length && strncasecmp(word.data, prefix, length) == 0;
}

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* http or https, and a host that begins with a letter or digit. No other scheme becomes a link. */
static bool is_url(struct text word)
{
	size_t host = has_prefix(word, "http://") ? 7 : has_prefix(word, "https://") ? 8 : 0;

	if (host > 0 && word.data[host] == '[')
		host++;
	return host > 0 && host < word.length && is_word_byte(word.data[host]);
}

/* A host name without a scheme: below one of the original top-level domains, or beginning with www. */
static bool is_bare_host(struct text word)
{
	static const char *const domains[] = {".com", ".edu", ".gov", ".int",
	                                      ".mil", ".net", ".org"};

	if (!is_word_byte(word.data[0]))
		return false;
	if (has_prefix(word, "www."))
		return is_word_byte(word.data[4]);
	for (size_t i = 0; i < word.length; i++)
		if (!is_word_byte(word.data[i]) && word.data[i] != '.' && word.data[i] != '-')
			return false;
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		if (word.length > 5 && strncasecmp(word.data + word.length - 4, domains[i], 4) == 0)
			return true;
	return false;
}

static size_t count_byte(struct text text, char byte)
{
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++)
		count += text.data[i] == byte;
	return count;
}

/* Whether the last byte belongs to the sentence rather than the word: punctuation, or a closing bracket
   without its opening one in the word (.../wiki/Tianzhou_(spacecraft) has both). */
static bool ends_outside(struct text word)
{
	char last = word.data[word.length - 1];
	const char *closing = strchr(CLOSING, last);

	if (strchr(TRAILING, last))
		return true;
	if (!closing)
		return false;
	return last == '\'' ||
	       count_byte(word, last) > count_byte(word, OPENING[closing - CLOSING]);
}

static void write_link(struct strbuf *out, struct text word, const char *scheme)
{
	strbuf_str(out, "<a href=\"");
	strbuf_str(out, scheme);
	markup_escape(out, word.data, word.length);
	strbuf_str(out, "\" rel=\"nofollow\">");
	markup_escape(out, word.data, word.length);
	strbuf_str(out, "</a>");
}

static void write_word(struct strbuf *out, struct text word)
{
	struct text inner = word;
	const char *end;

	while (inner.length > 0 && inner.data[0] && strchr(OPENING, inner.data[0]))
		inner = text_from(inner, 1);
	while (inner.length > 0 && inner.data[inner.length - 1] && ends_outside(inner))
		inner.length--;
	if (inner.length == 0 || !(is_url(inner) || is_bare_host(inner))) {
		markup_escape(out, word.data, word.length);
		return;
	}
	end = inner.data + inner.length;
	markup_escape(out, word.data, (size_t)(inner.data - word.data));
	write_link(out, inner, is_url(inner) ? "" : "http://");
	markup_escape(out, end, (size_t)(word.data + word.length - end));
}

/* The bytes of the word that the text begins with; 0 if it begins with a gap. */
static size_t word_length(struct text text, bool escapes)
{
	size_t length = 0;

	while (length < text.length) {
		unsigned char c = (unsigned char)text.data[length];

		if (c <= ' ' || c == 0x7F || c == '<' || c == '>' || c == '"' ||
		    (escapes && c == '\\'))
			break;
		length++;
	}
	return length;
}

/* The bytes of the gap that the text begins with: one, or an escape sequence of JSON. */
static size_t gap_length(struct text text, bool escapes)
{
	size_t length = 1;

	if (escapes && text.data[0] == '\\' && text.length > 1)
		length = text.data[1] == 'u' ? 6 : 2;
	return length < text.length ? length : text.length;
}

/* A quick test that rules out most strings. */
static bool may_have_link(struct text text)
{
	return text_has(text, '.') || memmem(text.data, text.length, "://", 3);
}

void linkify(struct strbuf *out, struct text text, bool escapes)
{
	if (text.length == 0)
		return;
	if (!may_have_link(text)) {
		markup_escape(out, text.data, text.length);
		return;
	}
	while (text.length > 0) {
		size_t length = word_length(text, escapes);

		if (length > 0) {
			write_word(out, (struct text){text.data, length});
		} else {
			length = gap_length(text, escapes);
			markup_escape(out, text.data, length);
		}
		text = text_from(text, length);
	}
}
