/* Writes JSON text as Python's json module does. */
#include "serializer/json_text.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Which bytes may need an escape: quote, backslash, controls, and the first byte of U+2028. */
static const bool special[256] = {
	[0 ... 0x1f] = true,
	['"'] = true,
	['\\'] = true,
	[0xe2] = true,
};

/* How many bytes at `data` one escape stands for, which goes to `out`; 0: none is needed. */
static size_t escape(const unsigned char *data, size_t left, char out[static 8])
{
	static const char letters[0x20] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	unsigned char c = data[0];
	if (c == 0xe2) {
		if (left < 3 || data[1] != 0x80 || (data[2] != 0xa8 && data[2] != 0xa9))
			return 0;
		snprintf(out, 8, "\\u20%x", data[2] - 0x80u);
		return 3;
	}
	if (c == '"' || c == '\\')
		snprintf(out, 8, "\\%c", c);
	else if (letters[c])
		snprintf(out, 8, "\\%c", letters[c]);
	else
		snprintf(out, 8, "\\u%04x", c);
	return 1;
}

void text_write_string(struct strbuf *out, const char *data, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)data;
	size_t done = 0;
	strbuf_char(out, '"');
	for (size_t i = 0; i < length;) {
		char text[8];
		size_t escaped = special[bytes[i]] ? escape(bytes + i, length - i, text) : 0;
		if (escaped == 0) {
			i++;
			continue;
		}
		strbuf_add(out, data + done, i - done);
		strbuf_str(out, text);
		i += escaped;
		done = i;
	}
	strbuf_add(out, data + done, length - done);
	strbuf_char(out, '"');
}

void text_write_integer(struct strbuf *out, int64_t value)
{
	char digits[24], *first = digits + sizeof(digits);
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	do {
		*--first = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		*--first = '-';
	strbuf_add(out, first, (size_t)(digits + sizeof(digits) - first));
}

/* Adds one to the last digit before the exponent, with carry; one of the digits must be below nine. */
static void next_decimal(char *text)
{
	char *digit = strchr(text, 'e') - 1;
	for (; digit > text && (*digit == '9' || *digit == '.'); digit--)
		if (*digit == '9')
			*digit = '0';
	++*digit;
}

/* Writes d.ddde+xx with that many digits; returns whether it reads back as the value. */
static bool decimal_reads_back(double value, int precision, char text[static 32])
{
	snprintf(text, 32, "%.*e", precision - 1, value);
	if (strtod(text, NULL) == value)
		return true;
	/* Below a power of two doubles are twice as dense as above: the nearest decimal, below the value, may
	   read back as its neighbour while the next one, above, reads back as the value. */
	int exponent;
	if (precision < 16 || frexp(value, &exponent) != 0.5)
		return false;
	next_decimal(text);
	return strtod(text, NULL) == value;
}

/* The fewest digits that read back as the value, without trailing zeros, and the exponent of the first:
   value = d.ddd x 10^exponent. For finite values above zero. */
static int shortest_digits(double value, char digits[static 20], int *exponent)
{
	/* Any decimal of up to DBL_DIG digits reads back from a normal double, so that DBL_DIG digits without
	   trailing zeros are the fewest, or too few; a subnormal has less precision. */
	int precision = value < DBL_MIN ? 1 : DBL_DIG;
	char text[32];
	while (!decimal_reads_back(value, precision, text))
		precision++;
	char *e = strchr(text, 'e');
	*exponent = atoi(e + 1);
	int count = 0;
	for (const char *c = text; c < e; c++)
		if (*c != '.')
			digits[count++] = *c;
	while (count > 1 && digits[count - 1] == '0')
		count--;
	return count;
}

static void write_fixed(struct strbuf *out, const char *digits, int count, int exponent)
{
	if (exponent < 0) {
		strbuf_str(out, "0.");
		for (int i = exponent; i < -1; i++)
			strbuf_char(out, '0');
		strbuf_add(out, digits, (size_t)count);
		return;
	}
	for (int i = 0; i <= exponent || i < count; i++) {
		if (i == exponent + 1)
			strbuf_char(out, '.');
		strbuf_char(out, i < count ? digits[i] : '0');
	}
	if (count <= exponent + 1)
		strbuf_str(out, ".0");
}

void text_write_real(struct strbuf *out, double value)
{
	char digits[20] = "";
	int exponent = 0;
	if (signbit(value)) {
		strbuf_char(out, '-');
		value = -value;
	}
	if (value == 0) {
		strbuf_str(out, "0.0");
		return;
	}
	int count = shortest_digits(value, digits, &exponent);
	if (exponent >= -4 && exponent < 16) {
		write_fixed(out, digits, count, exponent);
		return;
	}
	strbuf_char(out, digits[0]);
	if (count > 1) {
		strbuf_char(out, '.');
		strbuf_add(out, digits + 1, (size_t)count - 1);
	}
	strbuf_printf(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

static void write_line(struct strbuf *out, int spaces)
{
	strbuf_char(out, '\n');
	char *room = strbuf_reserve(out, (size_t)spaces);
	memset(room, ' ', (size_t)spaces);
	room[spaces] = '\0';
	out->length += (size_t)spaces;
}

/* The length of the string that begins at the quote `json`, with both quotes. */
static size_t string_length(const char *json, size_t left)
{
	size_t i = 1;
	while (i < left && json[i] != '"')
		i += json[i] == '\\' ? 2 : 1;
	return i < left ? i + 1 : left;
}

void text_write_indented(struct strbuf *out, const char *json, size_t length, int indent)
{
	int depth = 0;
	for (size_t i = 0; i < length; i++) {
		char c = json[i];
		if (c == '"') {
			size_t string = string_length(json + i, length - i);
			strbuf_add(out, json + i, string);
			i += string - 1;
		} else if (c == '{' || c == '[') {
			strbuf_char(out, c);
			if (i + 1 < length && (json[i + 1] == '}' || json[i + 1] == ']'))
				strbuf_char(out, json[++i]);
			else
				write_line(out, ++depth * indent);
		} else if (c == '}' || c == ']') {
			write_line(out, --depth * indent);
			strbuf_char(out, c);
		} else {
			strbuf_char(out, c);
			if (c == ',')
				write_line(out, depth * indent);
			else if (c == ':')
				strbuf_char(out, ' ');
		}
	}
}
