/* Reads a query: finds the parameters that mean something and what they mean. */
#include "protocol/query.h"

#include "datetime.h"
#include "integer.h"
#include "number.h"
#include "percent.h"
#include "base/utf8.h"

const char *const query_parameter_keys[QUERY_PARAMETER_COUNT] = {
#define X(name, key) [QUERY_##name] = key,
	QUERY_PARAMETERS(X)
#undef X
};

static bool fields_too_many(struct text raw)
{
	size_t fields = 1;

	for (size_t i = 0; i < raw.length; i++)
		fields += raw.data[i] == '&';
	return fields > QUERY_FIELDS_MOST;
}

/* Where the last value of a parameter goes; NULL: the parameter means nothing. */
static struct text *place_of(struct text key, const struct endpoint *endpoint, struct query *query,
                             struct text *filters_given)
{
	for (size_t i = 0; i < QUERY_PARAMETER_COUNT; i++)
		if (text_is(key, query_parameter_keys[i]))
			return &query->given[i];
	for (size_t i = 0; endpoint && i < endpoint->filter_count; i++)
		if (text_is(key, endpoint->filters[i].name))
			return &filters_given[i];
	return NULL;
}

static void collect_fields(struct arena *arena, struct text raw, const struct endpoint *endpoint,
                           struct query *query)
{
	enum percent_raw mode = utf8_valid(raw) ? PERCENT_RAW_UTF8 : PERCENT_RAW_LATIN1;
	size_t filter_count = endpoint ? endpoint->filter_count : 0;
	struct text *filters_given = arena_array(arena, filter_count + 1, sizeof(struct text));
	struct text field;

	while (text_split(&raw, '&', &field)) {
		struct text value = field;
		struct text *place, key;

		text_split(&value, '=', &key);
		key = percent_decode_field(arena, key, PERCENT_RAW_LATIN1);
		place = place_of(key, endpoint, query, filters_given);
		if (place)
			*place = value.data ? value : (struct text){"", 0};
	}
	for (size_t i = 0; i < QUERY_PARAMETER_COUNT; i++)
		query->given[i] = percent_decode_field(arena, query->given[i], mode);
	for (size_t i = 0; i < filter_count; i++)
		filters_given[i] = percent_decode_field(arena, filters_given[i], mode);
	query->filters_given = filters_given;
}

static void parse_mode(struct query *query, const struct endpoint *endpoint)
{
	query->view = endpoint->modes[0].name ? endpoint->modes[0].view : endpoint->one;
	for (size_t i = 0; i < MODES_MAX && endpoint->modes[i].name; i++)
		if (text_is(query->given[QUERY_MODE], endpoint->modes[i].name))
			query->view = endpoint->modes[i].view;
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

/* --- Values of filters. --- */

#define NUMBER_MOST 1e50

static const char *parse_choice(struct text given, struct condition *condition)
{
	int64_t id;

	if (text_has(given, '\0'))
		return QUERY_NULL_CHARACTERS;
	if (!integer_parse(given, &id))
		return QUERY_NOT_A_CHOICE;
	condition->key = key_of_integer(id);
	return NULL;
}

/* False: it is no filter. */
static bool parse_boolean(struct text given, struct condition *condition)
{
	condition->truth = text_is_word(given, "true") || text_is(given, "1");
	return condition->truth || text_is_word(given, "false") || text_is(given, "0");
}

static const char *parse_number(struct arena *arena, struct text given, struct decimal *number)
{
	if (!number_parse(arena, given, number))
		return QUERY_BAD_NUMBER;
	return number->real > NUMBER_MOST ? QUERY_LARGE_NUMBER : NULL;
}

/* Empty parts do not count. */
static const char *parse_numbers(struct arena *arena, struct text given,
                                 struct condition *condition)
{
	int64_t *integers = arena_array(arena, CONDITION_VALUES_MOST, sizeof(*integers));
	struct text part;

	condition->integers = integers;
	condition->count = 0;
	while (text_split(&given, ',', &part)) {
		struct decimal number;
		const char *error;

		if (part.length == 0)
			continue;
		if (condition->count == CONDITION_VALUES_MOST)
			return QUERY_LONG_LIST;
		error = parse_number(arena, part, &number);
		if (error != NULL)
			return error;
		integers[condition->count++] = number.integer;
	}
	return NULL;
}

static const char *parse_date(struct text given, struct condition *condition)
{
	return day_parse(utf8_trim(given, utf8_is_space), &condition->date) ? NULL : QUERY_BAD_DATE;
}

static const char *parse_moment(struct text given, struct condition *condition)
{
	return datetime_parse(utf8_trim(given, utf8_is_space), &condition->moment)
	               ? NULL
	               : QUERY_BAD_MOMENT;
}

/* Reads a value for condition->filter into what its kind of match wants. False: the condition is void, and
   *error says what is wrong with the value, or is NULL where it is no filter at all. What the condition holds
   is the arena's, or the value's itself. */
static bool condition_parse(struct arena *arena, struct text given, struct condition *condition,
                            const char **error)
{
	*error = NULL;
	if (given.length == 0)
		return false;
	switch (condition->filter->match) {
	case MATCH_CHOICE:
		*error = parse_choice(given, condition);
		break;
	case MATCH_BOOLEAN:
		return parse_boolean(given, condition);
	case MATCH_TEXT:
		condition->text = utf8_trim(given, utf8_is_space);
		if (text_has(given, '\0'))
			*error = QUERY_NULL_CHARACTERS;
		else if (condition->text.length == 0)
			return false;
		break;
	case MATCH_NUMBER:
		*error = parse_number(arena, given, &condition->number);
		break;
	case MATCH_NUMBERS:
		*error = parse_numbers(arena, given, condition);
		break;
	case MATCH_DATE:
		*error = parse_date(given, condition);
		break;
	case MATCH_MOMENT:
		*error = parse_moment(given, condition);
		break;
	default:
		return false;
	}
	return *error == NULL;
}

static void parse_filters(struct arena *arena, struct query *query, const struct endpoint *endpoint)
{
	query->conditions =
		arena_array(arena, endpoint->filter_count + 1, sizeof(struct condition));
	query->errors = arena_array(arena, endpoint->filter_count + 1, sizeof(char *));
	for (size_t i = 0; i < endpoint->filter_count; i++) {
		struct condition condition = {.filter = &endpoint->filters[i]};

		if (condition_parse(arena, query->filters_given[i], &condition, &query->errors[i]))
			query->conditions[query->condition_count++] = condition;
		query->has_errors = query->has_errors || query->errors[i];
	}
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

static bool is_sorted_by(const struct query *query, const struct ordering *ordering)
{
	for (size_t i = 0; i < query->sort_count; i++)
		if (query->sorts[i].ordering == ordering)
			return true;
	return false;
}

/* A term that is there already, or comes after the id, orders nothing any more. */
static void add_sort(struct query *query, const struct ordering *ordering, bool descending)
{
	if (!is_sorted_by(query, ordering) && !is_sorted_by(query, NULL))
		query->sorts[query->sort_count++] = (struct sort){ordering, descending};
}

static void parse_term(struct query *query, const struct endpoint *endpoint, struct text term)
{
	size_t count;
	const struct ordering *orderings = endpoint_orderings(endpoint, &count);
	bool descending;

	term = utf8_trim(term, utf8_is_space);
	descending = term.length > 0 && term.data[0] == '-';
	if (descending)
		term = text_from(term, 1);
	if (text_is(term, "id") && endpoint->orders_by_id)
		add_sort(query, NULL, descending);
	for (size_t i = 0; i < count; i++)
		if (text_is(term, orderings[i].term))
			add_sort(query, &orderings[i], descending);
}

static void sort_by_default(struct query *query, const struct endpoint *endpoint)
{
	size_t count;
	const struct ordering *orderings = endpoint_orderings(endpoint, &count);

	for (size_t i = 0; endpoint->order && i < count; i++)
		if (strcmp(orderings[i].term, endpoint->order) == 0)
			add_sort(query, &orderings[i], endpoint->latest_first);
	add_sort(query, NULL, endpoint->latest_first);
}

static void parse_ordering(struct arena *arena, struct query *query,
                           const struct endpoint *endpoint)
{
	struct text rest = query->given[QUERY_ORDERING];
	struct text term;
	size_t count;

	endpoint_orderings(endpoint, &count);
	query->sorts = arena_array(arena, count + 1, sizeof(struct sort));
	while (text_split(&rest, ',', &term))
		parse_term(query, endpoint, term);
	if (query->sort_count == 0)
		sort_by_default(query, endpoint);
	add_sort(query, NULL, false);
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

bool query_parse(struct arena *arena, struct text raw, const struct endpoint *endpoint,
                 struct query *query)
{
	if (fields_too_many(raw))
		return false;
	*query = (struct query){.limit = 0};
	collect_fields(arena, raw, endpoint, query);
	query->format = parse_format(query->given[QUERY_FORMAT]);
	parse_paging(query);
	if (!endpoint)
		return true;
	parse_mode(query, endpoint);
	parse_filters(arena, query, endpoint);
	parse_ordering(arena, query, endpoint);
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
