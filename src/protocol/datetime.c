/* Reads dates and times as Python and Django do: ISO 8601 as datetime.fromisoformat has it, step by step
   as its C code goes, since what it takes beyond the standard is what clients have seen work; Django's
   pattern, for what that refuses; and the formats of a date field, as strptime. */
#include "datetime.h"

#include <string.h>

#include "base/temporal.h"
#include "base/utf8.h"

static bool is_digit_at(struct text text, size_t at)
{
	return at < text.length && text.data[at] >= '0' && text.data[at] <= '9';
}

static bool is_at(struct text text, size_t at, char c)
{
	return at < text.length && text.data[at] == c;
}

static bool take(struct text *text, char c)
{
	if (!is_at(*text, 0, c))
		return false;
	*text = text_from(*text, 1);
	return true;
}

/* What follows takes what it reads off the text: as many digits as there are, from `least` to `most`. */
static bool take_digits(struct text *text, size_t least, size_t most, int *value)
{
	size_t count = 0;

	*value = 0;
	while (count < most && is_digit_at(*text, count))
		*value = *value * 10 + (text->data[count++] - '0');
	if (count < least)
		return false;
	*text = text_from(*text, count);
	return true;
}

/* Microseconds, from up to six digits. */
static bool take_fraction(struct text *text, int *microseconds)
{
	struct text before = *text;

	if (!take_digits(text, 1, 6, microseconds))
		return false;
	for (size_t digits = before.length - text->length; digits < 6; digits++)
		*microseconds *= 10;
	return true;
}

struct clock {
	int hour, minute, second, microsecond;
};

/* Together, with the offset from UTC; false where any is not of this calendar and clock. */
static bool put_together(int32_t date, const struct clock *clock, int64_t offset, int64_t *moment)
{
	if (clock->hour > 23 || clock->minute > 59 || clock->second > 59 ||
	    offset <= -DAY_MICROSECONDS || offset >= DAY_MICROSECONDS)
		return false;
	*moment = date * DAY_MICROSECONDS +
	          (clock->hour * 3600 + clock->minute * 60 + clock->second) * MICROSECONDS +
	          clock->microsecond - offset;
	return true;
}

/* --- datetime.fromisoformat --- */

/* Where the date ends: 2025-08-25 and 2025-W35-1 take 10, 20250825, 2025-W35 and 2025W351 take 8, 2025W35
   takes 7. Any character parts date and time, so that a digit behind a week may be its day or begin the
   time: digits of a time come in pairs. */
static size_t date_length(struct text text)
{
	size_t digits = 7;

	if (text.length == 7)
		return 7;
	if (is_at(text, 4, '-') && is_at(text, 5, 'W'))
		return is_at(text, 8, '-') && !is_digit_at(text, 10) ? 10 : 8;
	if (is_at(text, 4, '-'))
		return 10;
	if (!is_at(text, 4, 'W'))
		return 8;
	while (is_digit_at(text, digits))
		digits++;
	if (digits < 9)
		return digits;
	return digits % 2 == 0 ? 7 : 8;
}

/* 1970-01-01 was a Thursday. */
static int32_t monday_of(int32_t date)
{
	return date - (date % 7 + 10) % 7;
}

/* Day 1 of week 1 is the Monday of the week that has 4 January in it. A year has a week 53 where the next
   one's week 1 begins after it. */
static bool date_of_week(int year, int week, int day, int32_t *date)
{
	int32_t fourth, next, last, monday;

	if (!date_from_civil(year, 1, 4, &fourth) || week < 1 || week > 53 || day < 1 || day > 7)
		return false;
	monday = monday_of(fourth) + (week - 1) * 7;
	if (date_from_civil(year + 1, 1, 4, &next) && monday >= monday_of(next))
		return false;
	*date = monday + day - 1;
	return date_from_civil(9999, 12, 31, &last) && *date <= last;
}

static bool take_week_date(struct text text, int year, bool dashes, int32_t *date)
{
	int week, day = 1;

	if (!take_digits(&text, 2, 2, &week))
		return false;
	if (text.length > 0 && ((dashes && !take(&text, '-')) || !take_digits(&text, 1, 1, &day)))
		return false;
	return date_of_week(year, week, day, date);
}

static bool iso_date(struct text text, int32_t *date)
{
	int year, month, day;
	bool dashes;

	if (!take_digits(&text, 4, 4, &year))
		return false;
	dashes = take(&text, '-');
	if (take(&text, 'W'))
		return take_week_date(text, year, dashes, date);
	return take_digits(&text, 2, 2, &month) && (!dashes || take(&text, '-')) &&
	       take_digits(&text, 2, 2, &day) && date_from_civil(year, month, day, date);
}

enum clock_end { CLOCK_BAD, CLOCK_OPEN, CLOCK_CLOSED };

/* Digits behind the sixth do not count, nor what follows them; fewer digits end the clock. */
static enum clock_end iso_fraction(struct text text, int *microseconds)
{
	size_t length = text.length;

	if (!take_fraction(&text, microseconds))
		return CLOCK_BAD;
	if (length - text.length < 6)
		return text.length == 0 ? CLOCK_CLOSED : CLOCK_BAD;
	while (is_digit_at(text, 0))
		text = text_from(text, 1);
	return text.length == 0 ? CLOCK_CLOSED : CLOCK_OPEN;
}

/* HH[:MM[:SS[.f]]] or HH[MM[SS[.f]]], the fraction behind any of them. CLOCK_OPEN: it ends with a
   separator, or something follows, which is taken only before an offset. */
static enum clock_end iso_clock(struct text text, struct clock *clock)
{
	int *parts[] = {&clock->hour, &clock->minute, &clock->second};
	bool colons = false;

	for (size_t i = 0; i < 3; i++) {
		if (!take_digits(&text, 2, 2, parts[i]))
			return CLOCK_BAD;
		if (text.length == 0)
			return CLOCK_CLOSED;
		if (i == 0)
			colons = is_at(text, 0, ':');
		if (text.length == 1)
			return CLOCK_OPEN;
		if (colons && take(&text, ':'))
			continue;
		if (take(&text, '.') || take(&text, ','))
			break;
		if (colons)
			return CLOCK_BAD;
	}
	return iso_fraction(text, &clock->microsecond);
}
static size_t find_offset(struct text text)
{
	size_t at = 0;

	while (at < text.length && !is_at(text, at, '+') && !is_at(text, at, '-') &&
	       !is_at(text, at, 'Z'))
		at++;
	return at;
}

/* Z, or a sign and a clock. */
static bool iso_offset(struct text text, int64_t *offset)
{
	struct clock clock = {0};
	bool west = is_at(text, 0, '-');

	*offset = 0;
	if (is_at(text, 0, 'Z'))
		return text.length == 1;
	if (iso_clock(text_from(text, 1), &clock) != CLOCK_CLOSED)
		return false;
	*offset = (clock.hour * 3600 + clock.minute * 60 + clock.second) * MICROSECONDS +
	          clock.microsecond;
	if (west)
		*offset = -*offset;
	return true;
}

static bool iso_time(struct text text, struct clock *clock, int64_t *offset)
{
	size_t at = find_offset(text);
	enum clock_end end = iso_clock((struct text){text.data, at}, clock);

	if (at == text.length)
		return end == CLOCK_CLOSED;
	return end != CLOCK_BAD && iso_offset(text_from(text, at), offset);
}

static bool iso_parse(struct text text, int64_t *moment)
{
	struct clock clock = {0};
	int64_t offset = 0;
	int32_t date;
	size_t length;
	uint32_t separator;

	if (text.length < 7)
		return false;
	length = date_length(text);
	if (length > text.length || !iso_date((struct text){text.data, length}, &date))
		return false;
	text = text_from(text, length);
	if (text.length > 0) {
		text = text_from(text, utf8_next(text, &separator));
		if (!iso_time(text, &clock, &offset))
			return false;
	}
	return put_together(date, &clock, offset, moment);
}

/* --- Django's pattern --- */

static void skip_space(struct text *text)
{
	size_t size;

	while ((size = utf8_space(*text)) > 0)
		*text = text_from(*text, size);
}

/* Nothing, Z, +02, +0200 or +02:00. */
static bool pattern_offset(struct text *text, int64_t *offset)
{
	bool west = is_at(*text, 0, '-');
	int hours, minutes = 0;

	*offset = 0;
	if (text->length == 0 || take(text, 'Z'))
		return true;
	if (!take(text, '+') && !take(text, '-'))
		return false;
	if (!take_digits(text, 2, 2, &hours))
		return false;
	if (take(text, ':') || text->length > 0)
		if (!take_digits(text, 2, 2, &minutes))
			return false;
	*offset = (hours * 60 + minutes) * 60 * MICROSECONDS;
	if (west)
		*offset = -*offset;
	return true;
}

static bool pattern_seconds(struct text *text, struct clock *clock)
{
	int rest;

	if (!take(text, ':'))
		return true;
	if (!take_digits(text, 1, 2, &clock->second))
		return false;
	if (!take(text, '.') && !take(text, ','))
		return true;
	return take_fraction(text, &clock->microsecond) && take_digits(text, 0, 6, &rest);
}

static bool pattern_parse(struct text text, int64_t *moment)
{
	struct clock clock = {0};
	int year, month, day;
	int64_t offset;
	int32_t date;

	if (!take_digits(&text, 4, 4, &year) || !take(&text, '-') ||
	    !take_digits(&text, 1, 2, &month) || !take(&text, '-') ||
	    !take_digits(&text, 1, 2, &day) || (!take(&text, 'T') && !take(&text, ' ')) ||
	    !take_digits(&text, 1, 2, &clock.hour) || !take(&text, ':') ||
	    !take_digits(&text, 1, 2, &clock.minute) || !pattern_seconds(&text, &clock))
		return false;
	skip_space(&text);
	return pattern_offset(&text, &offset) && text.length == 0 &&
	       date_from_civil(year, month, day, &date) &&
	       put_together(date, &clock, offset, moment);
}

bool datetime_parse(struct text text, int64_t *moment)
{
	return iso_parse(text, moment) || pattern_parse(text, moment);
}

/* --- Dates --- */

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};

static bool take_month_name(struct text *text, size_t length, int *month)
{
	for (int i = 0; i < 12; i++) {
		size_t letters = length > 0 ? length : strlen(months[i]);

		if (text->length < letters || strncasecmp(text->data, months[i], letters) != 0)
			continue;
		*text = text_from(*text, letters);
		*month = i + 1;
		return true;
	}
	return false;
}

/* Years of two digits lie in 1969 to 2068. */
static bool take_short_year(struct text *text, int *year)
{
	if (!take_digits(text, 2, 2, year))
		return false;
	*year += *year < 69 ? 2000 : 1900;
	return true;
}

struct day {
	int year, month, day;
	struct clock clock;
};

/* A conversion of strptime, or a character that stands for itself. */
static bool take_conversion(struct text *text, char conversion, struct day *day)
{
	switch (conversion) {
	case 'Y':
		return take_digits(text, 4, 4, &day->year);
	case 'y':
		return take_short_year(text, &day->year);
	case 'm':
		return take_digits(text, 1, 2, &day->month);
	case 'd':
		return take_digits(text, 1, 2, &day->day);
	case 'b':
		return take_month_name(text, 3, &day->month);
	case 'B':
		return take_month_name(text, 0, &day->month);
	case 'H':
		return take_digits(text, 1, 2, &day->clock.hour);
	case 'M':
		return take_digits(text, 1, 2, &day->clock.minute);
	case 'S':
		return take_digits(text, 1, 2, &day->clock.second);
	case 'f':
		return take_fraction(text, &day->clock.microsecond);
	case ' ':
		if (utf8_space(*text) == 0)
			return false;
		skip_space(text);
		return true;
	default:
		return take(text, conversion);
	}
}

/* Reads a text in the first format that takes all of it. */
static bool formats_parse(struct text text, const char *const *formats, size_t count,
                          struct day *day)
{
	for (size_t i = 0; i < count; i++) {
		struct text rest = text;
		const char *conversion = formats[i];

		*day = (struct day){.year = 0};
		while (*conversion != '\0' && take_conversion(&rest, *conversion, day))
			conversion++;
		if (*conversion == '\0' && rest.length == 0)
			return true;
	}
	return false;
}

bool day_parse(struct text text, int32_t *date)
{
	static const char *const formats[] = {"Y-m-d",  "m/d/Y", "m/d/y",  "b d Y",
	                                      "b d, Y", "d b Y", "d b, Y", "B d Y",
	                                      "B d, Y", "d B Y", "d B, Y"};
	struct day day;

	return formats_parse(text, formats, sizeof(formats) / sizeof(formats[0]), &day) &&
	       date_from_civil(day.year, day.month, day.day, date);
}

bool us_datetime_parse(struct text text, int64_t *moment)
{
	static const char *const formats[] = {
		"Y-m-d H:M:S", "Y-m-d H:M:S.f", "Y-m-d H:M",     "m/d/Y H:M:S", "m/d/Y H:M:S.f",
		"m/d/Y H:M",   "m/d/y H:M:S",   "m/d/y H:M:S.f", "m/d/y H:M",
	};
	struct day day;
	int32_t date;

	if (formats_parse(text, formats, sizeof(formats) / sizeof(formats[0]), &day))
		return date_from_civil(day.year, day.month, day.day, &date) &&
		       put_together(date, &day.clock, 0, moment);
	day.clock = (struct clock){0};
	return day_parse(text, &date) && put_together(date, &day.clock, 0, moment);
}
