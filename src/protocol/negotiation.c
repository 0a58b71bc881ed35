/* Chooses between JSON and HTML as Django REST framework does. */
#include "protocol/negotiation.h"

#include "number.h"

/* How much a media type says: those that say more are looked at first. */
enum precedence { PRECEDENCE_ANY, PRECEDENCE_MAIN, PRECEDENCE_BOTH, PRECEDENCE_PARAMETERS };

struct media_type {
	struct text main;
	struct text sub;
	bool parameters;    /* other than q */
	struct text indent; /* data NULL: none */
};

/* What a renderer produces, and the best media range that matches it. */
struct candidate {
	const char *main;
	const char *sub;
	int precedence; /* -1: none matches */
	struct text indent;
};

/* Headers are Latin-1 to Python. */
static bool is_space(char byte)
{
	switch ((unsigned char)byte) {
	case 0x09 ... 0x0D:
	case 0x1C ... 0x20:
	case 0x85:
	case 0xA0:
		return true;
	default:
		return false;
	}
}

static struct text strip(struct text text)
{
	while (text.length > 0 && is_space(text.data[0]))
		text = text_from(text, 1);
	while (text.length > 0 && is_space(text.data[text.length - 1]))
		text.length--;
	return text;
}

/* Takes what comes before the next semicolon that is not in quotes off *rest. */
static bool split_parameters(struct text *rest, struct text *part)
{
	bool quoted = false;

	if (!rest->data)
		return false;
	*part = *rest;
	for (size_t i = 0; i < rest->length; i++) {
		char byte = rest->data[i];

		if (byte == '"' && (i == 0 || rest->data[i - 1] != '\\'))
			quoted = !quoted;
		if (byte == ';' && !quoted) {
			part->length = i;
			*rest = text_from(*rest, i + 1);
			return true;
		}
	}
	*rest = (struct text){NULL, 0};
	return true;
}

static struct text unquote(struct text text)
{
	if (text.length < 2 || text.data[0] != '"' || text.data[text.length - 1] != '"')
		return text;
	return (struct text){text.data + 1, text.length - 2};
}

static struct media_type media_type_parse(struct text rest)
{
	struct media_type type = {.parameters = false};
	struct text part;

	split_parameters(&rest, &part);
	type.sub = strip(part);
	text_split(&type.sub, '/', &type.main);
	while (split_parameters(&rest, &part)) {
		struct text name;

		text_split(&part, '=', &name);
		if (!part.data)
			continue;
		name = strip(name);
		if (!text_is_word(name, "q"))
			type.parameters = true;
		if (text_is_word(name, "indent"))
			type.indent = unquote(strip(part));
	}
	return type;
}

static enum precedence precedence_of(const struct media_type *type)
{
	if (text_is(type->main, "*"))
		return PRECEDENCE_ANY;
	if (text_is(type->sub, "*"))
		return PRECEDENCE_MAIN;
	return type->parameters ? PRECEDENCE_PARAMETERS : PRECEDENCE_BOTH;
}

static bool asks_for(const struct media_type *type, const struct candidate *candidate)
{
	return (text_is(type->main, "*") || text_is_word(type->main, candidate->main)) &&
	       (text_is(type->sub, "*") || text_is_word(type->sub, candidate->sub));
}

/* Of several media ranges with the same precedence the first counts. */
static void offer(struct candidate *candidate, const struct media_type *type)
{
	int precedence = (int)precedence_of(type);

	if (precedence <= candidate->precedence || !asks_for(type, candidate))
		return;
	candidate->precedence = precedence;
	candidate->indent = type->indent;
}

static int indent_of(struct text text)
{
	int64_t value;

	if (!integer_parse(text, &value) || value < 0)
		return 0;
	return value < NEGOTIATE_INDENT_MOST ? (int)value : NEGOTIATE_INDENT_MOST;
}

enum negotiated negotiate(enum query_format format, const char *accept,
                          struct negotiation *negotiation)
{
	struct candidate json = {"application", "json", -1, {NULL, 0}};
	struct candidate html = {"text", "html", -1, {NULL, 0}};
	struct text rest = text_of(accept ? accept : "*/*");
	struct text token;

	*negotiation = (struct negotiation){RENDERER_JSON, 0};
	if (format == QUERY_FORMAT_OTHER)
		return NEGOTIATED_BAD_FORMAT;
	while (text_split(&rest, ',', &token)) {
		struct media_type type = media_type_parse(strip(token));

		if (format != QUERY_FORMAT_API)
			offer(&json, &type);
		if (format != QUERY_FORMAT_JSON)
			offer(&html, &type);
	}
	if (json.precedence < 0 && html.precedence < 0)
		return NEGOTIATED_NOT_ACCEPTABLE;
	if (html.precedence > json.precedence)
		negotiation->renderer = RENDERER_HTML;
	else
		negotiation->indent = indent_of(json.indent);
	return NEGOTIATED;
}
