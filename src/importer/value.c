/* Reads ids and the values of scalar fields, each as its kind has it. */
#include <string.h>

#include "base/temporal.h"
#include "import_internal.h"

/* Reads a value of one kind; false where it is none. */
typedef bool value_reader(const json_t *json, struct import_value *value);

static bool read_text(const json_t *json, struct import_value *value)
{
	value->text = json_string_value(json);
	value->length = (uint32_t)json_string_length(json);
	/* PostgreSQL has no texts with NUL. */
	return value->text && !memchr(value->text, '\0', value->length);
}

static bool read_integer(const json_t *json, struct import_value *value)
{
	value->integer = json_integer_value(json);
	return json_is_integer(json) && value->integer >= INT32_MIN && value->integer <= INT32_MAX;
}

static bool read_double(const json_t *json, struct import_value *value)
{
	value->real = json_number_value(json);
	return json_is_number(json);
}

static bool read_boolean(const json_t *json, struct import_value *value)
{
	value->integer = json_is_true(json);
	return json_is_boolean(json);
}

static bool read_time(const json_t *json, struct import_value *value)
{
	struct import_value text;

	return read_text(json, &text) && moment_parse(text.text, &value->integer);
}

static bool read_date(const json_t *json, struct import_value *value)
{
	struct import_value text;
	int32_t date;

	if (!read_text(json, &text) || !date_parse(text.text, &date))
		return false;
	value->integer = date;
	return true;
}

static bool read_duration(const json_t *json, struct import_value *value)
{
	struct import_value text;

	return read_text(json, &text) && duration_parse(text.text, &value->integer);
}

static bool read_clock_duration(const json_t *json, struct import_value *value)
{
	struct import_value text;

	return read_text(json, &text) && clock_duration_parse(text.text, &value->integer);
}

#define A_DURATION "a duration such as \"P1DT2H\" or null"

static const struct {
	value_reader *read;
	const char *expected;
} kinds[FIELD_KINDS] = {
	[MODE] = {read_text, "text or null"},
	[URL] = {read_text, "text or null"},
	[TEXT] = {read_text, "text without NUL or null"},
	[INTEGER] = {read_integer, "an integer of 32 bits or null"},
	[BOOLEAN] = {read_boolean, "true, false or null"},
	[DOUBLE] = {read_double, "a number or null"},
	[TIME] = {read_time, "a time such as \"2024-11-15T15:13:18Z\" or null"},
	[DATE] = {read_date, "a date such as \"2021-04-29\" or null"},
	[DURATION] = {read_duration, A_DURATION},
	[LIVE_DURATION] = {read_duration, A_DURATION},
	[ELAPSED] = {read_duration, A_DURATION},
	[CLOCK_DURATION] = {read_clock_duration, "a duration such as \"1 02:00:00\" or null"},
};

bool value_read(struct reading *reading, const struct slot *slot, const json_t *json,
                struct import_value *value)
{
	enum kind kind = slot->field->kind;

	value->null = json_is_null(json);
	return value->null || kinds[kind].read(json, value) ||
	       reading_refuse(reading, kinds[kind].expected, json);
}

bool key_read(struct reading *reading, const struct shape *shape, const json_t *json,
              struct key *key)
{
	struct import_value text;

	if (shape->resource->uuid)
		return (read_text(json, &text) &&
		        uuid_parse((struct text){text.text, text.length}, key)) ||
		       reading_refuse(reading,
		                      "a uuid such as \"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\"",
		                      json);
	*key = (struct key){0, (uint64_t)json_integer_value(json)};
	return json_is_integer(json) || reading_refuse(reading, "an integer of 64 bits", json);
}
