/* Writes and reads moments, dates and durations in the contract's texts. */
#include "base/temporal.h"

#include <stdio.h>
#include <string.h>

#define DURATION_DAYS_MAX 100000000
#define HOUR_SECONDS 3600
#define MINUTE_SECONDS 60

/* Days and the rest of them, with the rest never negative. */
struct split {
	int64_t days;
	int hours;
	int minutes;
	int seconds;
	int microseconds;
};

static struct split split_floor(int64_t microseconds)
{
	int64_t days = microseconds / DAY_MICROSECONDS;
	int64_t rest = microseconds % DAY_MICROSECONDS;
	int seconds;

	if (rest < 0) {
		rest += DAY_MICROSECONDS;
		days--;
	}
	seconds = (int)(rest / MICROSECONDS);
	return (struct split){
		.days = days,
		.hours = seconds / HOUR_SECONDS,
		.minutes = seconds / MINUTE_SECONDS % 60,
		.seconds = seconds % MINUTE_SECONDS,
		.microseconds = (int)(rest % MICROSECONDS),
	};
}

/* The two conversions count years from March, so that the leap day ends a year, in eras of 400
   years, after which the calendar repeats. 719468 days lie between 0000-03-01 and 1970-01-01. */
static void civil_from_days(int32_t date, int *year, int *month, int *day)
{
	int days = date + 719468; /* positive from the year 1 on */
	int era = days / 146097;
	int of_era = days % 146097;
	int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_from_march = (5 * of_year + 2) / 153;

	*day = of_year - (153 * month_from_march + 2) / 5 + 1;
	*month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
	*year = year_of_era + era * 400 + (*month <= 2);
}

static int32_t days_from_civil(int year, int month, int day)
{
	int from_march = month <= 2 ? year - 1 : year;
	int era = from_march / 400;
	int year_of_era = from_march % 400;
	int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;

	return era * 146097 + of_era - 719468;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

/* Reads between `least` and `most` digits, and no more may follow. */
static bool take_digits(const char **text, int least, int most, int64_t *value)
{
	int count = 0;

	*value = 0;
	while (**text >= '0' && **text <= '9') {
		if (++count > most)
			return false;
		*value = *value * 10 + (*(*text)++ - '0');
	}
	return count >= least;
}

static bool take_two(const char **text, int most, int *value)
{
	int64_t read;

	if (!take_digits(text, 2, 2, &read) || read > most)
		return false;
	*value = (int)read;
	return true;
}

/* `.5` and so on; nothing is no fraction. */
static bool take_fraction(const char **text, int *microseconds)
{
	const char *start = *text;
	int64_t value;

	*microseconds = 0;
	if (!take(text, '.'))
		return true;
	if (!take_digits(text, 1, 6, &value))
		return false;
	for (long digits = *text - start - 1; digits < 6; digits++)
		value *= 10;
	*microseconds = (int)value;
	return true;
}

bool date_from_civil(int year, int month, int day, int32_t *date)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month))
		return false;
	*date = days_from_civil(year, month, day);
	return true;
}

static bool take_date(const char **text, int32_t *date)
{
	int64_t year;
	int month;
	int day;

	return take_digits(text, 4, 4, &year) && take(text, '-') && take_two(text, 12, &month) &&
	       take(text, '-') && take_two(text, 31, &day) &&
	       date_from_civil((int)year, month, day, date);
}

static bool take_clock(const char **text, int64_t *microseconds)
{
	int hours;
	int minutes;
	int seconds;
	int fraction;

	if (!take_two(text, 23, &hours) || !take(text, ':') || !take_two(text, 59, &minutes) ||
	    !take(text, ':') || !take_two(text, 59, &seconds) || !take_fraction(text, &fraction))
		return false;
	*microseconds = (hours * HOUR_SECONDS + minutes * MINUTE_SECONDS + seconds) * MICROSECONDS +
	                fraction;
	return true;
}

static bool take_offset(const char **text, int64_t *microseconds)
{
	bool west = **text == '-';
	int hours;
	int minutes;

	*microseconds = 0;
	if (take(text, 'Z'))
		return true;
	if (!take(text, '+') && !take(text, '-'))
		return false;
	if (!take_two(text, 23, &hours) || !take(text, ':') || !take_two(text, 59, &minutes))
		return false;
	*microseconds = (hours * HOUR_SECONDS + minutes * MINUTE_SECONDS) * MICROSECONDS;
	if (west)
		*microseconds = -*microseconds;
	return true;
}

size_t moment_format(int64_t moment, char text[static TEMPORAL_TEXT_SIZE])
{
	struct split at = split_floor(moment);
	size_t length = date_format((int32_t)at.days, text);

	length += (size_t)snprintf(text + length, TEMPORAL_TEXT_SIZE - length, "T%02d:%02d:%02d",
	                           at.hours, at.minutes, at.seconds);
	if (at.microseconds != 0)
		length += (size_t)snprintf(text + length, TEMPORAL_TEXT_SIZE - length, ".%06d",
		                           at.microseconds);
	memcpy(text + length, "Z", 2);
	return length + 1;
}

bool moment_parse(const char *text, int64_t *moment)
{
	int32_t date;
	int64_t clock;
	int64_t offset;
	int64_t result;

	if (!take_date(&text, &date) || !take(&text, 'T') || !take_clock(&text, &clock) ||
	    !take_offset(&text, &offset) || *text != '\0')
		return false;
	result = date * DAY_MICROSECONDS + clock - offset;
	if (result < days_from_civil(1, 1, 1) * DAY_MICROSECONDS ||
	    result >= days_from_civil(10000, 1, 1) * DAY_MICROSECONDS)
		return false;
	*moment = result;
	return true;
}

size_t date_format(int32_t date, char text[static TEMPORAL_TEXT_SIZE])
{
	int year;
	int month;
	int day;

	civil_from_days(date, &year, &month, &day);
	return (size_t)snprintf(text, TEMPORAL_TEXT_SIZE, "%04d-%02d-%02d", year, month, day);
}

bool date_parse(const char *text, int32_t *date)
{
	int32_t result;

	if (!take_date(&text, &result) || *text != '\0')
		return false;
	*date = result;
	return true;
}

static size_t unit_format(char *text, int64_t value, char unit)
{
	if (value == 0)
		return 0;
	return (size_t)snprintf(text, 24, "%lld%c", (long long)value, unit);
}

static size_t seconds_format(char *text, int seconds, int microseconds)
{
	size_t length;

	if (microseconds == 0)
		return unit_format(text, seconds, 'S');
	length = (size_t)snprintf(text, 24, "%d.%06d", seconds, microseconds);
	while (text[length - 1] == '0')
		length--;
	memcpy(text + length, "S", 2);
	return length + 1;
}

size_t duration_format(int64_t duration, char text[static TEMPORAL_TEXT_SIZE])
{
	struct split part = split_floor(duration < 0 ? -duration : duration);
	size_t length = 0;

	if (duration == 0) {
		memcpy(text, "P0D", 4);
		return 3;
	}
	if (duration < 0)
		text[length++] = '-';
	text[length++] = 'P';
	length += unit_format(text + length, part.days, 'D');
	if (part.hours || part.minutes || part.seconds || part.microseconds) {
		text[length++] = 'T';
		length += unit_format(text + length, part.hours, 'H');
		length += unit_format(text + length, part.minutes, 'M');
		length += seconds_format(text + length, part.seconds, part.microseconds);
	}
	text[length] = '\0';
	return length;
}

/* The units of one half of a duration, largest first, each at most once. */
struct unit {
	char letter;
	int64_t microseconds;
};

static const struct unit date_units[] = {
	{'W', 7 * DAY_MICROSECONDS}, {'D', DAY_MICROSECONDS}, {'\0', 0}};
static const struct unit clock_units[] = {{'H', HOUR_SECONDS *MICROSECONDS},
                                          {'M', MINUTE_SECONDS *MICROSECONDS},
                                          {'S', MICROSECONDS},
                                          {'\0', 0}};

static bool take_unit(const char **text, const struct unit **units, int64_t *total)
{
	int64_t value;
	int fraction;
	bool has_fraction;

	if (!take_digits(text, 1, 15, &value))
		return false;
	has_fraction = **text == '.';
	if (!take_fraction(text, &fraction))
		return false;
	while ((*units)->letter != '\0' && (*units)->letter != **text)
		(*units)++;
	if ((*units)->letter == '\0' || (has_fraction && **text != 'S'))
		return false;
	(*text)++;
	return !__builtin_mul_overflow(value, (*units)++->microseconds, &value) &&
	       !__builtin_add_overflow(*total, value, total) &&
	       !__builtin_add_overflow(*total, fraction, total);
}

static bool take_units(const char **text, const struct unit *units, int64_t *total)
{
	do {
		if (!take_unit(text, &units, total))
			return false;
	} while (**text >= '0' && **text <= '9');
	return true;
}

static bool duration_in_range(int64_t duration)
{
	return duration >= -DURATION_DAYS_MAX * DAY_MICROSECONDS &&
	       duration <= DURATION_DAYS_MAX * DAY_MICROSECONDS;
}

bool duration_parse(const char *text, int64_t *duration)
{
	int64_t total = 0;
	bool negative = take(&text, '-');

	if (!negative)
		take(&text, '+');
	if (!take(&text, 'P'))
		return false;
	if (*text != 'T' && !take_units(&text, date_units, &total))
		return false;
	if (take(&text, 'T') && !take_units(&text, clock_units, &total))
		return false;
	if (*text != '\0' || !duration_in_range(total))
		return false;
	*duration = negative ? -total : total;
	return true;
}

size_t clock_duration_format(int64_t duration, char text[static TEMPORAL_TEXT_SIZE])
{
	struct split part = split_floor(duration);
	size_t length = 0;

	if (part.days != 0)
		length = (size_t)snprintf(text, TEMPORAL_TEXT_SIZE, "%lld ", (long long)part.days);
	length += (size_t)snprintf(text + length, TEMPORAL_TEXT_SIZE - length, "%02d:%02d:%02d",
	                           part.hours, part.minutes, part.seconds);
	if (part.microseconds != 0)
		length += (size_t)snprintf(text + length, TEMPORAL_TEXT_SIZE - length, ".%06d",
		                           part.microseconds);
	return length;
}

bool clock_duration_parse(const char *text, int64_t *duration)
{
	int64_t days = 0;
	int64_t clock;
	int64_t total;

	if (strchr(text, ' ')) {
		bool negative = take(&text, '-');

		if (!take_digits(&text, 1, 9, &days) || days > DURATION_DAYS_MAX ||
		    !take(&text, ' '))
			return false;
		if (negative)
			days = -days;
	}
	if (!take_clock(&text, &clock) || *text != '\0')
		return false;
	total = days * DAY_MICROSECONDS + clock;
	if (!duration_in_range(total))
		return false;
	*duration = total;
	return true;
}
