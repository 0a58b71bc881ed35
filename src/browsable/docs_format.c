/* Writes types and descriptions of the OpenAPI document as HTML. */
#include "docs_format.h"

#include <string.h>

#include "base/memory.h"
#include "markup.h"

#define HEADING "#### "

static void escape(struct strbuf *out, const char *text, size_t length)
{
	markup_escape(out, text, length);
}

static const char *string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* A link to the section of the schema that a `$ref` names. */
static void write_reference(struct strbuf *out, const char *reference)
{
	const char *slash = strrchr(reference, '/');
	const char *name = slash ? slash + 1 : reference;

	strbuf_str(out, "<a href=\"#");
	escape(out, name, strlen(name));
	strbuf_str(out, "\">");
	escape(out, name, strlen(name));
	strbuf_str(out, "</a>");
}

/* The alternatives; of an allOf, which wraps a single reference, that. */
static void write_choice(struct strbuf *out, const json_t *choices)
{
	const char *separator = "";
	const json_t *choice;
	size_t i;

	json_array_foreach(choices, i, choice)
	{
		strbuf_str(out, separator);
		docs_write_type(out, choice);
		separator = " or ";
	}
}

static void write_values(struct strbuf *out, const json_t *values)
{
	const json_t *value;
	size_t i;

	json_array_foreach(values, i, value)
	{
		const char *text = json_string_value(value);

		strbuf_str(out, i > 0 ? ", <code>" : ": <code>");
		escape(out, text ? text : "null", text ? strlen(text) : 4);
		strbuf_str(out, "</code>");
	}
}

static void write_plain_type(struct strbuf *out, const json_t *schema)
{
	const char *type = string_of(schema, "type");
	const char *format = string_of(schema, "format");

	escape(out, type ? type : "string", strlen(type ? type : "string"));
	if (format) {
		strbuf_str(out, " (");
		escape(out, format, strlen(format));
		strbuf_char(out, ')');
	}
	write_values(out, json_object_get(schema, "enum"));
}

void docs_write_type(struct strbuf *out, const json_t *schema)
{
	const char *reference = string_of(schema, "$ref");
	const char *type = string_of(schema, "type");
	const json_t *choices = json_object_get(schema, "oneOf");

	if (!choices)
		choices = json_object_get(schema, "allOf");
	if (reference) {
		write_reference(out, reference);
	} else if (choices) {
		write_choice(out, choices);
	} else if (type && strcmp(type, "array") == 0) {
		strbuf_str(out, "array of ");
		docs_write_type(out, json_object_get(schema, "items"));
	} else {
		write_plain_type(out, schema);
	}
	if (json_is_true(json_object_get(schema, "nullable")))
		strbuf_str(out, " or null");
}

/* `code` at the beginning of the text; returns what follows it, or NULL if there is none. */
static const char *write_code(struct strbuf *out, const char *text)
{
	const char *end = *text == '`' ? strchr(text + 1, '`') : NULL;

	if (!end)
		return NULL;
	strbuf_str(out, "<code>");
	escape(out, text + 1, (size_t)(end - text - 1));
	strbuf_str(out, "</code>");
	return end + 1;
}

/* The same for [text](url). */
static const char *write_link(struct strbuf *out, const char *text)
{
	const char *middle = *text == '[' ? strstr(text, "](") : NULL;
	const char *end = middle ? strchr(middle, ')') : NULL;

	if (!end)
		return NULL;
	strbuf_str(out, "<a href=\"");
	escape(out, middle + 2, (size_t)(end - middle - 2));
	strbuf_str(out, "\">");
	escape(out, text + 1, (size_t)(middle - text - 1));
	strbuf_str(out, "</a>");
	return end + 1;
}

void docs_write_inline(struct strbuf *out, const char *text)
{
	while (*text) {
		const char *rest = write_code(out, text);

		if (!rest)
			rest = write_link(out, text);
		if (!rest) {
			escape(out, text, 1);
			rest = text + 1;
		}
		text = rest;
	}
}

static void write_element(struct strbuf *out, const char *element, const char *text, size_t length)
{
	char *line = must(strndup(text, length));

	strbuf_printf(out, "<%s>", element);
	docs_write_inline(out, line);
	strbuf_printf(out, "</%s>\n", element);
	free(line);
}

void docs_write_description(struct strbuf *out, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (strncmp(text, HEADING, strlen(HEADING)) == 0)
			write_element(out, "h3", text + strlen(HEADING), length - strlen(HEADING));
		else if (length > 0)
			write_element(out, "p", text, length);
		text += length;
		text += strspn(text, "\n");
	}
}
