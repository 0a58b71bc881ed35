/* Writes JSON as the browsable page shows it. */
#include "json_html.h"

#include "markup.h"

#define INDENT 4
#define QUOTE "&quot;"

struct writer {
	struct text rest; /* of the compact text */
	struct strbuf *out;
	size_t depth;
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

/* The string that the text begins with, its quotes among it. */
static struct text string_at(struct text text)
{
	size_t length = 1;

	while (length < text.length && text.data[length] != '"')
		length += text.data[length] == '\\' ? 2 : 1;
	length++;
	return (struct text){text.data, length < text.length ? length : text.length};
}

static struct text number_or_word_at(struct text text)
{
	size_t length = 0;

	while (length < text.length && text.data[length] != ',' && !is_closing(text.data[length]))
		length++;
	return (struct text){text.data, length};
}

static struct text take(struct writer *writer, struct text part)
{
	writer->rest = text_from(writer->rest, part.length);
	return part;
}

static void write_quoted(struct writer *writer, struct text string, bool links)
{
	struct text inner = text_from(string, 1);

	if (inner.length > 0)
		inner.length--;
	strbuf_str(writer->out, QUOTE);
	if (links)
		page_links_write(writer->out, inner, true);
	else
		markup_escape(writer->out, inner.data, inner.length);
	strbuf_str(writer->out, QUOTE);
}

static void write_indent(struct writer *writer)
{
	size_t length = writer->depth * INDENT;

	memset(strbuf_reserve(writer->out, length), ' ', length);
	writer->out->length += length;
	writer->out->data[writer->out->length] = '\0';
}

/* Whether the text begins with an object or array that has something in it. */
static bool begins_fold(struct text text)
{
	return text.length > 1 && is_opening(text.data[0]) && !is_closing(text.data[1]);
}

/* The line's begin: a key, if one is there. What can be folded begins before the indent, so that all of
   its first line stays. */
static void begin_line(struct writer *writer)
{
	struct text key = {NULL, 0};
	struct text value = writer->rest;

	if (peek(value) == '"') {
		key = string_at(value);
		value = text_from(value, key.length);
		if (peek(value) == ':')
			value = text_from(value, 1);
		else
			key.data = NULL;
	}
	if (writer->depth > 0 && begins_fold(value))
		strbuf_str(writer->out, "<details open><summary>");
	write_indent(writer);
	if (!key.data)
		return;
	strbuf_str(writer->out, "<b>");
	write_quoted(writer, key, false);
	strbuf_str(writer->out, "</b>: ");
	writer->rest = value;
}

/* Closing brackets, each on a line of its own, and the comma behind the last; a fold ends behind its
   line's end, since a line break after it would show as an empty line. */
static void end_line(struct writer *writer, bool folded)
{
	for (;;) {
		char next = peek(writer->rest);

		if (next == ',')
			strbuf_char(writer->out, ',');
		if (next != '\0')
			strbuf_char(writer->out, '\n');
		if (folded)
			strbuf_str(writer->out, "</details>");
		if (next == '\0')
			return;
		writer->rest = text_from(writer->rest, 1);
		if (next == ',')
			return;
		if (writer->depth > 0)
			writer->depth--;
		write_indent(writer);
		strbuf_char(writer->out, next);
		folded = writer->depth > 0;
	}
}

static void open_container(struct writer *writer)
{
	strbuf_char(writer->out, peek(writer->rest));
	writer->rest = text_from(writer->rest, 1);
	strbuf_char(writer->out, '\n');
	if (writer->depth++ > 0)
		strbuf_str(writer->out, "</summary>");
}

static void write_plain(struct writer *writer, struct text text, bool number)
{
	strbuf_str(writer->out, number ? "<i>" : "<u>");
	markup_escape(writer->out, text.data, text.length);
	strbuf_str(writer->out, number ? "</i>" : "</u>");
}

/* A value that fits on its line. */
static void write_scalar(struct writer *writer)
{
	char first = peek(writer->rest);
	struct text text = writer->rest;

	if (first == '"') {
		write_quoted(writer, take(writer, string_at(writer->rest)), true);
	} else if (is_opening(first)) {
		text.length = text.length < 2 ? text.length : 2;
		take(writer, text);
		strbuf_add(writer->out, text.data, text.length);
	} else {
		text = take(writer, number_or_word_at(writer->rest));
		write_plain(writer, text, first == '-' || (first >= '0' && first <= '9'));
	}
}

void page_json_write(struct strbuf *out, struct text json)
{
	struct writer writer = {.rest = json, .out = out};

	while (writer.rest.length > 0) {
		begin_line(&writer);
		if (begins_fold(writer.rest)) {
			open_container(&writer);
			continue;
		}
		if (writer.rest.length > 0)
			write_scalar(&writer);
		end_line(&writer, false);
	}
}
