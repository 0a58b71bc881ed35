/* Reads the values of filters: what each kind takes, what it refuses and in which words is the original's,
   but for the bound of lists. */
#include "condition.h"

#include "base/utf8.h"
#include "datetime.h"
#include "integer.h"
#include "number.h"
#include "protocol/query.h"

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
		return CONDITION_BAD_NUMBER;
	return number->real > NUMBER_MOST ? CONDITION_LARGE_NUMBER : NULL;
}

/* Empty parts do not count. */
static const char *parse_numbers(struct arena *arena, struct text given,
                                 struct condition *condition)
{
	int64_t *integers = arena_array(arena, CONDITION_NUMBERS_MOST, sizeof(*integers));
	struct text part;

	condition->integers = integers;
	condition->integer_count = 0;
	while (text_split(&given, ',', &part)) {
		struct decimal number;
		const char *error;

		if (part.length == 0)
			continue;
		if (condition->integer_count == CONDITION_NUMBERS_MOST)
			return CONDITION_LONG_LIST;
		error = parse_number(arena, part, &number);
		if (error != NULL)
			return error;
		integers[condition->integer_count++] = number.integer;
	}
	return NULL;
}

static const char *parse_date(struct text given, struct condition *condition)
{
	return day_parse(utf8_trim(given, utf8_is_space), &condition->date) ? NULL
	                                                                    : CONDITION_BAD_DATE;
}

static const char *parse_moment(struct text given, struct condition *condition)
{
	return datetime_parse(utf8_trim(given, utf8_is_space), &condition->moment)
	               ? NULL
	               : CONDITION_BAD_MOMENT;
}

bool condition_parse(struct arena *arena, struct text given, struct condition *condition,
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
	}
	return *error == NULL;
}
