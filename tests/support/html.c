/* Reads HTML as far as tests need it. */
#include "support/html.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

/* The character that an entity at the text's begin stands for; *length is the entity's. */
static char read_entity(const char *html, size_t *length)
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = {
		{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#x27;", '\''},
	};

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		*length = strlen(entities[i].entity);
		if (strncmp(html, entities[i].entity, *length) == 0)
			return entities[i].c;
	}
	fail_msg("an unknown entity: %.10s", html);
	return '\0';
}

char *html_text(const char *html)
{
	char *text = malloc(strlen(html) + 1);
	char *out = text;
	size_t length;

	assert_non_null(text);
	while (*html) {
		length = 1;
		if (*html == '<')
			length = strcspn(html, ">") + 1;
		else if (*html == '&')
			*out++ = read_entity(html, &length);
		else
			*out++ = *html;
		html += length;
	}
	*out = '\0';
	return text;
}

char *html_between(const char *html, const char *begin, const char *end)
{
	const char *first = strstr(html, begin);
	const char *last = first ? strstr(first + strlen(begin), end) : NULL;
	char *part;

	if (!last) {
		fail_msg("nothing between %s and %s", begin, end);
		return NULL;
	}
	first += strlen(begin);
	part = strndup(first, (size_t)(last - first));
	assert_non_null(part);
	return part;
}

void html_squeeze(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		if (!isspace((unsigned char)*in))
			*out++ = *in;
		else if (out > text && out[-1] != ' ')
			*out++ = ' ';
	}
	if (out > text && out[-1] == ' ')
		out--;
	*out = '\0';
}

void html_compact_json(char *json)
{
	char *out = json;
	bool in_string = false;

	for (const char *in = json; *in; in++) {
		if (*in == '\\')
			*out++ = *in++;
		else if (*in == '"')
			in_string = !in_string;
		if (in_string || (*in != ' ' && *in != '\n'))
			*out++ = *in;
	}
	*out = '\0';
}
