/* Reads the values of scalar fields, each as its kind wants it. */
#include <string.h>

#include "base/temporal.h"
#include "import_parts.h"

/* Reads a value of one kind, which begins here; false where it is none. */
typedef bool value_reader(struct reader *reader, struct import_value *value);

static bool read_text(struct reader *reader, struct import_value *value)
{
	struct slice text;

	if (reader_peek(reader) != READER_TEXT || !reader_text(reader, &text))
		return false;
	value->text = text.data;
	value->length = (uint32_t)text.length;
	/* PostgreSQL cannot store them. */
	return memchr(text.data, '\0', text.length) == NULL;
}

/* A short text with a NUL behind it, for the parsers. */
static bool read_word(struct reader *reader, char word[static TEMPORAL_TEXT_SIZE])
{
	struct import_value value;

	if (!read_text(reader, &value) || value.length >= TEMPORAL_TEXT_SIZE)
		return false;
	memcpy(word, value.text, value.length);
	word[value.length] = '\0';
	return true;
}

static bool read_integer64(struct reader *reader, int64_t *integer)
{
	struct number number;

	if (reader_peek(reader) != READER_NUMBER || !reader_number(reader, &number) || !number.fits)
		return false;
	*integer = number.integer;
	return true;
}

static bool read_integer(struct reader *reader, struct import_value *value)
{
	return read_integer64(reader, &value->integer) && value->integer >= INT32_MIN &&
	       value->integer <= INT32_MAX;
}

static bool read_double(struct reader *reader, struct import_value *value)
{
	struct number number;

	return reader_peek(reader) == READER_NUMBER && reader_number(reader, &number) &&
	       number_double(&number, &value->real);
}

static bool read_boolean(struct reader *reader, struct import_value *value)
{
	enum reader_type type = reader_peek(reader);

	value->integer = type == READER_TRUE;
	return (type == READER_TRUE || type == READER_FALSE) && reader_word(reader);
}

static bool read_time(struct reader *reader, struct import_value *value)
{
	char word[TEMPORAL_TEXT_SIZE];

	return read_word(reader, word) && moment_parse(word, &value->integer);
}

static bool read_date(struct reader *reader, struct import_value *value)
{
	char word[TEMPORAL_TEXT_SIZE];
	int32_t date;

	if (!read_word(reader, word) || !date_parse(word, &date))
		return false;
	value->integer = date;
	return true;
}

static bool read_duration(struct reader *reader, struct import_value *value)
{
	char word[TEMPORAL_TEXT_SIZE];

	return read_word(reader, word) && duration_parse(word, &value->integer);
}

static bool read_clock_duration(struct reader *reader, struct import_value *value)
{
	char word[TEMPORAL_TEXT_SIZE];

	return read_word(reader, word) && clock_duration_parse(word, &value->integer);
}

#define A_DURATION "a duration such as \"P1DT2H\""

static const struct {
	value_reader *read;
	const char *expected;
} kinds[FIELD_KINDS] = {
	[MODE] = {read_text, "text"},
	[URL] = {read_text, "text"},
	[TEXT] = {read_text, "text without NUL"},
	[INTEGER] = {read_integer, "an integer of 32 bits"},
	[BOOLEAN] = {read_boolean, "true or false"},
	[DOUBLE] = {read_double, "a number that a double can hold"},
	[TIME] = {read_time, "a time such as \"2024-11-15T15:13:18Z\""},
	[DATE] = {read_date, "a date such as \"2021-04-29\""},
	[DURATION] = {read_duration, A_DURATION},
	[LIVE_DURATION] = {read_duration, A_DURATION},
	[ELAPSED] = {read_duration, A_DURATION},
	[CLOCK_DURATION] = {read_clock_duration, "a duration such as \"1 02:00:00\""},
};

bool value_read(struct reading *reading, const struct slot *slot, struct import_value *value)
{
	struct reader *reader = &reading->reader;
	enum reader_type type = reader_peek(reader);
	const char *at = reader->at;

	value->null = type == READER_NULL;
	if (value->null)
		return reader_word(reader);
	return kinds[slot->field->kind].read(reader, value) ||
	       reader_wrong(reader, at, kinds[slot->field->kind].expected);
}

static bool read_uuid(struct reader *reader, struct key *key)
{
	char word[TEMPORAL_TEXT_SIZE];

	return read_word(reader, word) && uuid_parse(text_of(word), key);
}

static bool read_bigint(struct reader *reader, struct key *key)
{
	int64_t id;

	if (!read_integer64(reader, &id))
		return false;
	*key = (struct key){0, (uint64_t)id};
	return true;
}

bool key_read(struct reading *reading, const struct shape *shape, struct key *key)
{
	struct reader *reader = &reading->reader;
	enum reader_type type = reader_peek(reader);
	const char *at = reader->at;

	if (shape->resource->uuid)
		return (type == READER_TEXT && read_uuid(reader, key)) ||
		       reader_wrong(reader, at,
		                    "a uuid such as \"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\"");
	return (type == READER_NUMBER && read_bigint(reader, key)) ||
	       reader_wrong(reader, at, "an integer of 64 bits");
}
