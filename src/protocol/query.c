/* Reads a query: finds the parameters that mean something and what they mean. */
#include "protocol/query.h"

#include "filter_value.h"
#include "number.h"
#include "percent.h"
#include "search_terms.h"
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

/* The fields of a query that mean something: of the common parameters the last value, of filters all. */
struct fields {
	struct text *common;
	struct field_value
		*filters[FILTERS_MAX]; /* by the endpoint's filters; the last value first */
};

struct field_value {
	struct text value;
	struct field_value *before;
};

static void collect_field(struct arena *arena, struct text key, struct text value,
                          const struct endpoint *endpoint, struct fields *fields)
{
	for (size_t i = 0; i < QUERY_PARAMETER_COUNT; i++)
		if (text_is(key, query_parameter_keys[i])) {
			fields->common[i] = value;
			return;
		}
	for (size_t i = 0; endpoint && i < endpoint->filter_count; i++)
		if (text_is(key, endpoint->filters[i].name)) {
			struct field_value *field = arena_alloc(arena, sizeof(*field));

			*field = (struct field_value){value, fields->filters[i]};
			fields->filters[i] = field;
			return;
		}
}

/* The values of a parameter in their order, decoded. */
static struct given decode_values(struct arena *arena, const struct field_value *last,
                                  enum percent_raw mode)
{
	struct text *values;
	size_t count = 0;

	for (const struct field_value *field = last; field; field = field->before)
		count++;
	values = arena_array(arena, count + 1, sizeof(*values));
	for (size_t i = count; i-- > 0; last = last->before)
		values[i] = percent_decode_field(arena, last->value, mode);
	return (struct given){values, count};
}

/* Returns what the endpoint's filters were given. */
static struct given *collect_fields(struct arena *arena, struct text raw,
                                    const struct endpoint *endpoint, struct query *query)
{
	enum percent_raw mode = utf8_valid(raw) ? PERCENT_RAW_UTF8 : PERCENT_RAW_LATIN1;
	size_t filter_count = endpoint ? endpoint->filter_count : 0;
	struct text *last = arena_array(arena, filter_count + 1, sizeof(*last));
	struct given *given = arena_array(arena, filter_count + 1, sizeof(*given));
	struct fields fields = {.common = query->given};
	struct text field;

	while (text_split(&raw, '&', &field)) {
		struct text value = field, key;

		text_split(&value, '=', &key);
		key = percent_decode_field(arena, key, PERCENT_RAW_LATIN1);
		collect_field(arena, key, value.data ? value : (struct text){"", 0}, endpoint,
		              &fields);
	}
	for (size_t i = 0; i < QUERY_PARAMETER_COUNT; i++)
		query->given[i] = percent_decode_field(arena, query->given[i], mode);
	for (size_t i = 0; i < filter_count; i++) {
		given[i] = decode_values(arena, fields.filters[i], mode);
		if (given[i].count > 0)
			last[i] = given[i].value[given[i].count - 1];
	}
	query->filters_given = last;
	return given;
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

static void parse_filters(struct arena *arena, const struct given *given, struct query *query,
                          const struct endpoint *endpoint)
{
	query->conditions =
		arena_array(arena, endpoint->filter_count + 1, sizeof(struct condition));
	query->errors = arena_array(arena, endpoint->filter_count + 1, sizeof(char *));
	for (size_t i = 0; i < endpoint->filter_count; i++) {
		struct condition condition = {.filter = &endpoint->filters[i]};

		if (filter_value_parse(arena, endpoint->resource, given[i], &condition,
		                       &query->errors[i]))
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

static bool is_long(struct text search)
{
	size_t characters = 0;

	for (size_t i = 0; i < search.length; i++)
		characters += !utf8_continues(search.data[i]);
	return characters > QUERY_SEARCH_MOST;
}

static void parse_search(struct arena *arena, struct query *query, const struct endpoint *endpoint)
{
	struct text search = query->given[QUERY_SEARCH];

	if (endpoint->search_count == 0 && endpoint->search_table == NULL)
		return;
	query->search_nul = text_has(search, '\0');
	query->search_long = is_long(search);
	if (!query->search_nul && !query->search_long)
		query->terms =
			search_terms(arena, search, endpoint->own_search, &query->term_count);
}

bool query_parse(struct arena *arena, struct text raw, const struct endpoint *endpoint,
                 struct query *query)
{
	struct given *given;

	if (fields_too_many(raw))
		return false;
	*query = (struct query){.limit = 0};
	given = collect_fields(arena, raw, endpoint, query);
	query->format = parse_format(query->given[QUERY_FORMAT]);
	parse_paging(query);
	if (!endpoint)
		return true;
	parse_mode(query, endpoint);
	parse_filters(arena, given, query, endpoint);
	parse_ordering(arena, query, endpoint);
	parse_search(arena, query, endpoint);
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
