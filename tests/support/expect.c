/* Writes the contract's texts the plain way, however long it takes. */
#include "support/expect.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)

static void write_character(struct strbuf *out, const char *at, size_t length)
{
	static const char names[] = "\"\"\\\\\bb\tt\nn\ff\rr";
	const char *name = names;

	if (length == 3 &&
	    (memcmp(at, "\xe2\x80\xa8", 3) == 0 || memcmp(at, "\xe2\x80\xa9", 3) == 0)) {
		strbuf_str(out, at[2] == '\xa8' ? "\\u2028" : "\\u2029");
		return;
	}
	while (*name != '\0' && *name != *at)
		name += 2;
	if (*at != '\0' && *name != '\0')
		strbuf_printf(out, "\\%c", name[1]);
	else if ((unsigned char)*at < 0x20)
		strbuf_printf(out, "\\u%04x", (unsigned)*at);
	else
		strbuf_add(out, at, length);
}

static size_t character_length(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static void write_string(struct strbuf *out, const char *text, size_t length)
{
	strbuf_char(out, '"');
	for (size_t i = 0, size; i < length; i += size) {
		size = character_length((unsigned char)text[i]);
		write_character(out, text + i, size);
	}
	strbuf_char(out, '"');
}

/* Whether digits x 10^exponent reads as the value. */
static bool reads_as(double value, unsigned long long digits, int exponent)
{
	char text[48];

	snprintf(text, sizeof(text), "%llue%d", digits, exponent);
	return strtod(text, NULL) == value;
}

/* The fewest digits that read as the value: of each length first the nearest, then its neighbour. */
static unsigned long long find_digits(double value, int *exponent)
{
	for (int count = 1;; count++) {
		char text[48];
		unsigned long long digits = 0;

		snprintf(text, sizeof(text), "%.*e", count - 1, value);
		for (const char *c = text; *c != 'e'; c++)
			if (*c != '.')
				digits = 10 * digits + (unsigned)(*c - '0');
		*exponent = atoi(strchr(text, 'e') + 1) - (count - 1);
		for (unsigned more = 0; more < 2; more++)
			if (reads_as(value, digits + more, *exponent))
				return digits + more;
	}
}

static void write_real(struct strbuf *out, double value)
{
	int exponent = 0;
	char digits[32];
	int count;
	int point;

	if (value == 0) {
		strbuf_str(out, signbit(value) ? "-0.0" : "0.0");
		return;
	}
	if (value < 0)
		strbuf_char(out, '-');
	count = snprintf(digits, sizeof(digits), "%llu", find_digits(fabs(value), &exponent));
	point = count + exponent; /* how many digits stand before the point */
	if (point < -3 || point > 16) {
		strbuf_printf(out, "%c%s%s", digits[0], count > 1 ? "." : "", digits + 1);
		strbuf_printf(out, "e%c%02d", point > 0 ? '+' : '-', abs(point - 1));
	} else if (point <= 0) {
		strbuf_printf(out, "0.%.*s%s", -point, "000", digits);
	} else if (point < count) {
		strbuf_printf(out, "%.*s.%s", point, digits, digits + point);
	} else {
		strbuf_printf(out, "%s%.*s.0", digits, point - count, "0000000000000000");
	}
}

static void write_list(struct strbuf *out, const json_t *list)
{
	strbuf_char(out, '[');
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (i > 0)
			strbuf_char(out, ',');
		expect_json(json_array_get(list, i), out);
	}
	strbuf_char(out, ']');
}

static void write_object(struct strbuf *out, const json_t *object)
{
	const char *name;
	json_t *value;
	const char *before = "{";

	json_object_foreach((json_t *)object, name, value)
	{
		strbuf_str(out, before);
		before = ",";
		write_string(out, name, strlen(name));
		strbuf_char(out, ':');
		expect_json(value, out);
	}
	strbuf_str(out, json_object_size(object) == 0 ? "{}" : "}");
}

void expect_json(const json_t *value, struct strbuf *out)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		write_object(out, value);
		break;
	case JSON_ARRAY:
		write_list(out, value);
		break;
	case JSON_STRING:
		write_string(out, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		strbuf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_REAL:
		write_real(out, json_real_value(value));
		break;
	case JSON_TRUE:
		strbuf_str(out, "true");
		break;
	case JSON_FALSE:
		strbuf_str(out, "false");
		break;
	case JSON_NULL:
		strbuf_str(out, "null");
	}
}

/* The C library knows the calendar; years before 1000 need their zeros. */
static struct tm calendar(int64_t seconds)
{
	time_t at = seconds;
	struct tm tm;

	gmtime_r(&at, &tm);
	return tm;
}

void expect_moment(int64_t moment, char text[EXPECT_TEXT_SIZE])
{
	int64_t fraction = ((moment % SECOND) + SECOND) % SECOND;
	struct tm tm = calendar((moment - fraction) / SECOND);
	int length =
		snprintf(text, EXPECT_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
	                 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);

	if (fraction != 0)
		length += snprintf(text + length, 16, ".%06d", (int)fraction);
	snprintf(text + length, 2, "Z");
}

void expect_date(int64_t date, char text[EXPECT_TEXT_SIZE])
{
	struct tm tm = calendar(date * 86400);

	snprintf(text, EXPECT_TEXT_SIZE, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
	         tm.tm_mday);
}

static int add_seconds(char *text, int64_t microseconds)
{
	int length = snprintf(text, 24, "%lld.%06lld", (long long)(microseconds / SECOND),
	                      (long long)(microseconds % SECOND));

	while (text[length - 1] == '0')
		length--;
	if (text[length - 1] == '.')
		length--;
	return length;
}

void expect_duration(int64_t duration, char text[EXPECT_TEXT_SIZE])
{
	int64_t left = llabs(duration);
	int64_t hours = left % DAY / (3600 * SECOND);
	int64_t minutes = left % (3600 * SECOND) / (60 * SECOND);
	char *at = text;

	at += sprintf(at, duration < 0 ? "-P" : "P");
	if (left >= DAY)
		at += sprintf(at, "%lldD", (long long)(left / DAY));
	if (left % DAY != 0)
		at += sprintf(at, "T");
	if (hours > 0)
		at += sprintf(at, "%lldH", (long long)hours);
	if (minutes > 0)
		at += sprintf(at, "%lldM", (long long)minutes);
	if (left % (60 * SECOND) != 0) {
		at += add_seconds(at, left % (60 * SECOND));
		at += sprintf(at, "S");
	}
	if (duration == 0)
		sprintf(at, "0D");
}

void expect_clock_duration(int64_t duration, char text[EXPECT_TEXT_SIZE])
{
	int64_t clock = (duration % DAY + DAY) % DAY;
	int64_t days = (duration - clock) / DAY;
	char *at = text;

	if (days != 0)
		at += sprintf(at, "%lld ", (long long)days);
	at += sprintf(at, "%02lld:%02lld:%02lld", (long long)(clock / (3600 * SECOND)),
	              (long long)(clock / (60 * SECOND) % 60), (long long)(clock / SECOND % 60));
	if (clock % SECOND != 0)
		sprintf(at, ".%06lld", (long long)(clock % SECOND));
}
