/* Reads a query: finds the parameters that mean something and what they mean. */
#include "http/query.h"

#include "http/integer.h"
#include "http/percent.h"
#include "http/utf8.h"

const char *const query_parameter_keys[QUERY_PARAMETER_COUNT] = {
#define X(name, key) [QUERY_##name] = key,
	QUERY_PARAMETERS(X)
#undef X
};

const char *const query_column_terms[QUERY_COLUMN_COUNT] = {
#define X(name, term) [QUERY_BY_##name] = term,
	QUERY_COLUMNS(X)
#undef X
};

static bool fields_too_many(struct text raw)
{
	size_t fields = 1;

	for (size_t i = 0; i < raw.length; i++)
		fields += raw.data[i] == '&';
	return fields > QUERY_FIELDS_MOST;
}

static enum query_parameter parameter_of(struct arena *arena, struct text raw_key)
{
	struct text key = percent_decode_field(arena, raw_key, PERCENT_RAW_LATIN1);
	enum query_parameter parameter = 0;

	while (parameter < QUERY_PARAMETER_COUNT && !text_is(key, query_parameter_keys[parameter]))
		parameter++;
	return parameter;
}

static void collect_fields(struct arena *arena, struct text raw, struct query *query)
{
	enum percent_raw mode = utf8_valid(raw) ? PERCENT_RAW_UTF8 : PERCENT_RAW_LATIN1;
	struct text field;

	while (text_split(&raw, '&', &field)) {
		struct text value = field;
		struct text key;
		enum query_parameter parameter;

		text_split(&value, '=', &key);
		parameter = parameter_of(arena, key);
		if (parameter < QUERY_PARAMETER_COUNT)
			query->given[parameter] = value.data ? value : (struct text){"", 0};
	}
	for (size_t i = 0; i < QUERY_PARAMETER_COUNT; i++)
		query->given[i] = percent_decode_field(arena, query->given[i], mode);
}

static void parse_paging(struct query *query)
{
	int64_t value;

	query->limit = QUERY_LIMIT_DEFAULT;
	if (integer_parse(query->given[QUERY_LIMIT], &value) && value > 0)
		query->limit = value < QUERY_LIMIT_MOST ? (int)value : QUERY_LIMIT_MOST;
	query->offset = 0;
	if (integer_parse(query->given[QUERY_OFFSET], &value) && value > 0)
		query->offset = value;
}

static enum query_filter parse_filter(struct query *query)
{
	struct text given = query->given[QUERY_SPACECRAFT];

	if (given.length == 0)
		return QUERY_FILTER_NONE;
	if (text_has(given, '\0'))
		return QUERY_FILTER_NUL;
	if (!integer_parse(given, &query->spacecraft))
		return QUERY_FILTER_INVALID;
	return QUERY_FILTER_ONE;
}

static enum query_format parse_format(struct text given)
{
	if (!given.data)
		return QUERY_FORMAT_ABSENT;
	if (given.length == 0)
		return QUERY_FORMAT_BLANK;
	if (text_is(given, "json"))
		return QUERY_FORMAT_JSON;
	if (text_is(given, "api"))
		return QUERY_FORMAT_API;
	return QUERY_FORMAT_OTHER;
}

static bool is_ordered_by(const struct query *query, enum query_column column)
{
	for (size_t i = 0; i < query->order_count; i++)
		if (query->order[i].column == column)
			return true;
	return false;
}

/* A column that is there already, or comes after the id, orders nothing any more. */
static void add_order(struct query *query, enum query_column column, bool descending)
{
	if (!is_ordered_by(query, column) && !is_ordered_by(query, QUERY_BY_ID))
		query->order[query->order_count++] = (struct query_order){column, descending};
}

static void parse_ordering(struct query *query)
{
	struct text rest = query->given[QUERY_ORDERING];
	struct text term;

	query->order_count = 0;
	while (text_split(&rest, ',', &term)) {
		bool descending;

		term = utf8_trim(term, utf8_is_space);
		descending = term.length > 0 && term.data[0] == '-';
		if (descending)
			term = text_from(term, 1);
		for (enum query_column column = 0; column < QUERY_COLUMN_COUNT; column++)
			if (text_is(term, query_column_terms[column]))
				add_order(query, column, descending);
	}
	add_order(query, QUERY_BY_ID, false);
}

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

static void parse_search(struct arena *arena, struct query *query)
{
	struct text rest = query->given[QUERY_SEARCH];
	struct text *terms;

	query->terms = NULL;
	query->term_count = 0;
	query->search_nul = text_has(rest, '\0');
	if (rest.length == 0 || query->search_nul)
		return;
	/* A term takes a byte at least, and so does what parts it from the next. */
	terms = arena_array(arena, rest.length / 2 + 1, sizeof(*terms));
	while (rest.length > 0) {
		struct text term = next_term(&rest);

		if (term.length > 0)
			terms[query->term_count++] = term;
	}
	query->terms = terms;
}

bool query_parse(struct arena *arena, struct text raw, struct query *query)
{
	if (fields_too_many(raw))
		return false;
	*query = (struct query){.limit = 0};
	collect_fields(arena, raw, query);
	query->detailed = text_is(query->given[QUERY_MODE], "detailed");
	parse_paging(query);
	query->format = parse_format(query->given[QUERY_FORMAT]);
	query->filter = parse_filter(query);
	parse_ordering(query);
	parse_search(arena, query);
	return true;
}

const char *query_url_suffix(const struct query *query)
{
	static const char *const suffixes[] = {
		[QUERY_FORMAT_ABSENT] = "",
		[QUERY_FORMAT_BLANK] = "?format=",
		[QUERY_FORMAT_JSON] = "?format=json",
		[QUERY_FORMAT_API] = "?format=api",
		/* Answered with 404: has no document. */
		[QUERY_FORMAT_OTHER] = "",
	};

	return suffixes[query->format];
}
