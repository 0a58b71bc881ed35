/* Writes JSON with syntax highlighting and folding. */
#include "json_scan.h"
#include "page_internal.h"

#define INDENT 4
#define QUOTE "&quot;"

struct highlighter {
	struct text rest; /* of the JSON */
	struct strbuf *out;
	size_t depth;
	size_t open_depth;
};

static char peek(struct text text)
{
	return text.length > 0 ? text.data[0] : '\0';
}

static bool is_opening(char c)
{
	return c == '{' || c == '[';
}

static bool is_closing(char c)
{
	return c == '}' || c == ']';
}

/* Takes bytes off the rest. */
static struct text take(struct highlighter *highlighter, size_t length)
{
	struct text part = {highlighter->rest.data, length};

	highlighter->rest = text_from(highlighter->rest, length);
	return part;
}

static void write_quoted(struct highlighter *highlighter, struct text string, bool links)
{
	struct text inner = text_from(string, 1);

	if (inner.length > 0)
		inner.length--;
	strbuf_str(highlighter->out, QUOTE);
	if (links)
		linkify(highlighter->out, inner);
	else
		markup_escape(highlighter->out, inner.data, inner.length);
	strbuf_str(highlighter->out, QUOTE);
}

static void write_indent(struct highlighter *highlighter)
{
	size_t length = highlighter->depth * INDENT;

	memset(strbuf_reserve(highlighter->out, length), ' ', length);
	highlighter->out->length += length;
	highlighter->out->data[highlighter->out->length] = '\0';
}

/* Whether the text begins with an object or array that is not empty. */
static bool begins_fold(struct text text)
{
	return text.length > 1 && is_opening(text.data[0]) && !is_closing(text.data[1]);
}

/* Writes the indent and the key, if any. A fold begins before the indent, so that its whole first line
   stays visible. */
static void begin_line(struct highlighter *highlighter)
{
	struct text key = {NULL, 0};
	struct text value = highlighter->rest;

	if (peek(value) == '"') {
		key = (struct text){value.data, scan_string_length(value)};
		value = text_from(value, key.length);
		if (peek(value) == ':')
			value = text_from(value, 1);
		else
			key.data = NULL;
	}
	if (highlighter->depth > 0 && begins_fold(value))
		strbuf_str(highlighter->out, highlighter->depth <= highlighter->open_depth
		                                     ? "<details open><summary>"
		                                     : "<details><summary>");
	write_indent(highlighter);
	if (!key.data)
		return;
	strbuf_str(highlighter->out, "<b>");
	write_quoted(highlighter, key, false);
	strbuf_str(highlighter->out, "</b>: ");
	highlighter->rest = value;
}

/* Writes closing brackets, each on a line of its own, and the comma behind the last. A fold ends after
   the line break, which would show as an empty line if it followed the fold. */
static void end_line(struct highlighter *highlighter, bool folded)
{
	for (;;) {
		char next = peek(highlighter->rest);

		if (next == ',')
			strbuf_char(highlighter->out, ',');
		if (next != '\0')
			strbuf_char(highlighter->out, '\n');
		if (folded)
			strbuf_str(highlighter->out, "</details>");
		if (next == '\0')
			return;
		highlighter->rest = text_from(highlighter->rest, 1);
		if (next == ',')
			return;
		if (highlighter->depth > 0)
			highlighter->depth--;
		write_indent(highlighter);
		strbuf_char(highlighter->out, next);
		folded = highlighter->depth > 0;
	}
}

static void open_container(struct highlighter *highlighter)
{
	strbuf_char(highlighter->out, peek(highlighter->rest));
	highlighter->rest = text_from(highlighter->rest, 1);
	strbuf_char(highlighter->out, '\n');
	if (highlighter->depth++ > 0)
		strbuf_str(highlighter->out, "</summary>");
}

static void write_word(struct highlighter *highlighter)
{
	struct text word = take(highlighter, scan_word_length(highlighter->rest));
	bool number = word.length > 0 &&
	              (word.data[0] == '-' || (word.data[0] >= '0' && word.data[0] <= '9'));

	strbuf_str(highlighter->out, number ? "<i>" : "<u>");
	markup_escape(highlighter->out, word.data, word.length);
	strbuf_str(highlighter->out, number ? "</i>" : "</u>");
}

/* Writes a value that takes no more than the line: a scalar, or an empty object or array. */
static void write_short(struct highlighter *highlighter)
{
	struct text rest = highlighter->rest;

	if (peek(rest) == '"') {
		write_quoted(highlighter, take(highlighter, scan_string_length(rest)), true);
	} else if (is_opening(peek(rest))) {
		rest = take(highlighter, rest.length < 2 ? rest.length : 2);
		strbuf_add(highlighter->out, rest.data, rest.length);
	} else {
		write_word(highlighter);
	}
}

void highlight_write(struct strbuf *out, struct text json, size_t open_depth)
{
	struct highlighter highlighter = {.rest = json, .out = out, .open_depth = open_depth};

	while (highlighter.rest.length > 0) {
		begin_line(&highlighter);
		if (begins_fold(highlighter.rest)) {
			open_container(&highlighter);
			continue;
		}
		if (highlighter.rest.length > 0)
			write_short(&highlighter);
		end_line(&highlighter, false);
	}
}
