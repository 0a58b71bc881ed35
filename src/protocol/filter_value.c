/* Reads the values of filters, each kind of match as the form fields of the original's framework do. */
#include "filter_value.h"

#include "base/strbuf.h"
#include "base/utf8.h"
#include "datetime.h"
#include "number.h"
#include "filter_error.h"

#define NUMBER_MOST 1e50

/* A character as the original's JSON has it. */
static void write_escaped(struct strbuf *out, uint32_t character, struct text bytes)
{
	static const char plain[] = "\"\\\b\f\n\r\t", escaped[] = "\"\\bfnrt";
	const char *found =
		character > 0 && character < 0x80 ? strchr(plain, (int)character) : NULL;

	if (found != NULL)
		strbuf_printf(out, "\\%c", escaped[found - plain]);
	else if (character < 0x20 || character == 0x2028 || character == 0x2029)
		strbuf_printf(out, "\\u%04x", (unsigned)character);
	else
		strbuf_add(out, bytes.data, bytes.length);
}

/* `before VALUE behind`, with the value as the inside of a JSON string. */
static const char *quote(struct arena *arena, const char *before, struct text value,
                         const char *behind)
{
	struct strbuf out = STRBUF_INIT;
	const char *quoted;

	strbuf_str(&out, before);
	for (size_t size; value.length > 0; value = text_from(value, size)) {
		uint32_t character;

		size = utf8_next(value, &character);
		write_escaped(&out, character, (struct text){value.data, size});
	}
	strbuf_str(&out, behind);
	quoted = arena_copy(arena, out.data, out.length);
	strbuf_fini(&out);
	return quoted;
}

/* --- References. --- */

bool uuid_read(struct arena *arena, struct text text, struct key *key)
{
	char *digits = arena_alloc(arena, text.length + 1), *end = digits;

	while (text.length > 0) {
		size_t skipped = 0;

		if (text.length >= 4 && memcmp(text.data, "urn:", 4) == 0)
			skipped = 4;
		else if (text.length >= 5 && memcmp(text.data, "uuid:", 5) == 0)
			skipped = 5;
		else
			*end++ = text.data[0];
		text = text_from(text, skipped > 0 ? skipped : 1);
	}
	while (digits < end && strchr("{}", end[-1]) != NULL)
		end--;
	while (digits < end && strchr("{}", *digits) != NULL)
		digits++;
	return uuid_parse_digits((struct text){digits, (size_t)(end - digits)}, key);
}

static const char *parse_choice(struct arena *arena, struct text given, bool uuid,
                                struct condition *condition)
{
	int64_t id;

	if (text_has(given, '\0'))
		return QUERY_NULL_CHARACTERS;
	if (uuid)
		return uuid_read(arena, given, &condition->key)
		               ? NULL
		               : quote(arena, "\u201c", given, "\u201d is not a valid UUID.");
	if (!integer_parse(given, &id))
		return QUERY_NOT_A_CHOICE;
	condition->key = key_of_integer(id);
	return NULL;
}

/* A key, written as the original writes it: another text of the same number is no choice. */
static const char *parse_choice_of_many(struct arena *arena, struct text given, struct key *key,
                                        const char **refusal)
{
	char written[KEY_TEXT_SIZE];
	int64_t id;

	if (!integer_parse(given, &id))
		return quote(arena, "\u201c", given, "\u201d is not a valid value.");
	*refusal = quote(arena, "Select a valid choice. ", given,
	                 " is not one of the available choices.");
	*key = key_of_integer(id);
	key_format(false, *key, written);
	return text_is(given, written) ? NULL : *refusal;
}

static const char *parse_choices(struct arena *arena, struct given given,
                                 struct condition *condition)
{
	struct key *keys;
	const char **refusals;

	if (given.count > CONDITION_VALUES_MOST)
		return QUERY_LONG_LIST;
	condition->keys = keys = arena_array(arena, given.count, sizeof(*keys));
	condition->refusals = refusals = arena_array(arena, given.count, sizeof(*refusals));
	condition->count = given.count;
	for (size_t i = 0; i < given.count; i++) {
		const char *error =
			parse_choice_of_many(arena, given.value[i], &keys[i], &refusals[i]);

		if (error != NULL)
			return error;
	}
	return NULL;
}

/* --- Single values. --- */

/* False: it is no filter. */
static bool parse_boolean(struct text given, struct condition *condition)
{
	const struct filter *filter = condition->filter;

	condition->truth = text_is_word(given, "true") || text_is(given, "1");
	if (!condition->truth && !text_is_word(given, "false") && !text_is(given, "0"))
		return false;
	return filter->filters == FILTERS_BOTH ||
	       condition->truth == (filter->filters == FILTERS_TRUE);
}

static const char *parse_text(struct text given, struct text *text)
{
	*text = utf8_trim(given, utf8_is_space);
	return text_has(given, '\0') ? QUERY_NULL_CHARACTERS : NULL;
}

static const char *parse_number(struct arena *arena, struct text given, struct decimal *number)
{
	if (!number_parse(arena, given, number))
		return QUERY_BAD_NUMBER;
	return number->real > NUMBER_MOST ? QUERY_LARGE_NUMBER : NULL;
}

static const char *parse_date(struct text given, struct condition *condition)
{
	return day_parse(utf8_trim(given, utf8_is_space), &condition->date) ? NULL : QUERY_BAD_DATE;
}

static const char *parse_moment(struct text given, struct condition *condition)
{
	given = utf8_trim(given, utf8_is_space);
	if (datetime_parse(given, &condition->moment) ||
	    (condition->filter->us_dates && us_datetime_parse(given, &condition->moment)))
		return NULL;
	return QUERY_BAD_MOMENT;
}

/* --- Lists. --- */

/* The arrays of a list of one kind. */
struct list {
	int64_t *integers;
	struct key *keys;
	struct text *texts;
};

static const char *parse_part(struct arena *arena, struct text part, enum match match,
                              const struct list *list, size_t *count)
{
	struct decimal number;
	const char *error;

	switch (match) {
	case MATCH_NUMBERS:
		error = parse_number(arena, part, &number);
		list->integers[*count] = error ? 0 : number.integer;
		break;
	case MATCH_UUIDS:
		error = uuid_read(arena, utf8_trim(part, utf8_is_space), &list->keys[*count])
		                ? NULL
		                : QUERY_BAD_UUID;
		break;
	default:
		error = parse_text(part, &list->texts[*count]);
		if (error == NULL && list->texts[*count].length == 0)
			return NULL;
	}
	++*count;
	return error;
}

/* Empty parts do not count. */
static const char *parse_list(struct arena *arena, struct text given, struct condition *condition)
{
	enum match match = condition->filter->match;
	struct list list = {
		arena_array(arena, CONDITION_VALUES_MOST, sizeof(int64_t)),
		arena_array(arena, CONDITION_VALUES_MOST, sizeof(struct key)),
		arena_array(arena, CONDITION_VALUES_MOST, sizeof(struct text)),
	};
	const char *error = NULL;
	struct text part;

	condition->integers = list.integers;
	condition->keys = list.keys;
	condition->texts = list.texts;
	condition->count = 0;
	while (error == NULL && text_split(&given, ',', &part)) {
		if (part.length == 0)
			continue;
		if (condition->count == CONDITION_VALUES_MOST)
			return match == MATCH_NUMBERS ? QUERY_LONG_NUMBERS : QUERY_LONG_LIST;
		error = parse_part(arena, part, match, &list, &condition->count);
	}
	return error;
}

/* --- All of them. --- */

static bool chooses_uuid(const struct condition *condition, const struct resource *resource)
{
	struct field_path path = field_path_of(resource, condition->filter->path);

	return field_path_end(&path)->of->uuid;
}

bool filter_value_parse(struct arena *arena, const struct resource *resource, struct given given,
                        struct condition *condition, const char **error)
{
	enum match match = condition->filter->match;
	struct text last = given.count > 0 ? given.value[given.count - 1] : (struct text){NULL, 0};

	*error = NULL;
	if (given.count == 0 || (last.length == 0 && match != MATCH_CHOICES))
		return false;
	switch (match) {
	case MATCH_CHOICE:
		*error = parse_choice(arena, last, chooses_uuid(condition, resource), condition);
		break;
	case MATCH_CHOICES:
		*error = parse_choices(arena, given, condition);
		break;
	case MATCH_BOOLEAN:
		return parse_boolean(last, condition);
	case MATCH_TEXT:
		*error = parse_text(last, &condition->text);
		if (*error == NULL && condition->text.length == 0)
			return false;
		break;
	case MATCH_NUMBER:
		*error = parse_number(arena, last, &condition->number);
		break;
	case MATCH_DATE:
		*error = parse_date(last, condition);
		break;
	case MATCH_MOMENT:
		*error = parse_moment(last, condition);
		break;
	case MATCH_NUMBERS:
	case MATCH_UUIDS:
	case MATCH_TEXTS:
		*error = parse_list(arena, last, condition);
		break;
	}
	return *error == NULL;
}
