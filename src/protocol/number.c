/* Reads numbers as Python does: int() and Decimal. */
#include "number.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/utf8.h"

#define DIGITS_EXACT 18
#define DIGITS_MOST 4300
#define EXPONENT_MOST 1000000

/* --- int() --- */

/* int() trims less than str.strip(): not the separators 1C to 1F. */
static bool is_trimmed(uint32_t character)
{
	return utf8_is_space(character) && !(character >= 0x1C && character <= 0x1F);
}

static bool digits_parse(struct text text, int64_t *value)
{
	size_t digits = 0, significant = 0;
	int64_t sum = 0;
	bool digit_before = false;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (c == '_' && digit_before) {
			digit_before = false;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		digit_before = true;
		digits++;
		if (c != '0' || significant > 0)
			significant++;
		if (significant <= DIGITS_EXACT)
			sum = sum * 10 + (c - '0');
	}
	if (!digit_before || digits > DIGITS_MOST)
		return false;
	*value = significant > DIGITS_EXACT ? INTEGER_LARGEST : sum;
	return true;
}

bool integer_parse(struct text text, int64_t *value)
{
	bool negative;
	int64_t parsed;

	text = utf8_trim(text, is_trimmed);
	if (text.length == 0)
		return false;
	negative = text.data[0] == '-';
	if (negative || text.data[0] == '+')
		text = text_from(text, 1);
	if (!digits_parse(text, &parsed))
		return false;
	*value = negative ? -parsed : parsed;
	return true;
}

/* --- Decimal --- */

/* A number's digits as they stand, without `_`; those behind `point` of them are the fraction. */
struct digits {
	const char *digit;
	size_t count;
	long point;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Without `_` and the white space around; ends with a NUL. */
static char *clean(struct arena *arena, struct text text)
{
	char *out, *end;

	text = utf8_trim(text, utf8_is_space);
	out = end = arena_alloc(arena, text.length + 1);
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] != '_')
			*end++ = text.data[i];
	return out;
}

/* Beyond EXPONENT_MOST all are alike. */
static bool read_exponent(const char *text, long *exponent)
{
	bool negative = *text == '-';

	*exponent = 0;
	text += *text == '-' || *text == '+';
	if (!is_digit(*text))
		return false;
	for (; is_digit(*text); text++)
		if (*exponent < EXPONENT_MOST)
			*exponent = *exponent * 10 + (*text - '0');
	if (negative)
		*exponent = -*exponent;
	return *text == '\0';
}

/* Checks the form and takes the point out of the digits, which lie in the text itself. */
static bool read_digits(char *text, struct digits *digits)
{
	char *end = text;
	long exponent = 0;

	*digits = (struct digits){text, 0, -1};
	for (; is_digit(*text) || (*text == '.' && digits->point < 0); text++) {
		if (*text == '.')
			digits->point = end - digits->digit;
		else
			*end++ = *text;
	}
	digits->count = (size_t)(end - digits->digit);
	if (digits->count == 0)
		return false;
	if (digits->point < 0)
		digits->point = (long)digits->count;
	if ((*text == 'e' || *text == 'E') && !read_exponent(text + 1, &exponent))
		return false;
	if (*text != '\0' && *text != 'e' && *text != 'E')
		return false;
	digits->point += exponent;
	return true;
}

static bool any_but_zero(const struct digits *digits, size_t first)
{
	for (size_t i = first; i < digits->count; i++)
		if (digits->digit[i] != '0')
			return true;
	return false;
}

/* The part before the point, which may lie before or behind all digits. */
static int64_t whole_part(const struct digits *digits)
{
	int64_t whole = 0;

	for (long i = 0; i < digits->point; i++) {
		bool given = i < (long)digits->count;

		if (whole >= INTEGER_LARGEST / 10)
			return INTEGER_LARGEST;
		if (!given && whole == 0)
			return 0;
		whole = whole * 10 + (given ? digits->digit[i] - '0' : 0);
	}
	return whole;
}

/* Without zeros before it; empty: Python writes it with a sign, a point or an exponent. */
static struct text integer_digits(const struct digits *digits, bool negative)
{
	struct text text = {digits->digit, digits->count};

	if (negative || digits->point != (long)digits->count)
		return (struct text){digits->digit, 0};
	while (text.length > 1 && text.data[0] == '0')
		text = text_from(text, 1);
	return text;
}

bool number_parse(struct arena *arena, struct text text, struct decimal *number)
{
	struct digits digits;
	char *cleaned;
	bool negative;

	if (text_has(text, '\0'))
		return false;
	cleaned = clean(arena, text);
	number->real = strtod(cleaned, NULL);
	negative = *cleaned == '-';
	if (!read_digits(cleaned + (*cleaned == '-' || *cleaned == '+'), &digits))
		return false;
	number->integer = whole_part(&digits);
	number->digits = integer_digits(&digits, negative);
	number->fraction = any_but_zero(&digits, digits.point < 0 ? 0 : (size_t)digits.point);
	if (negative)
		number->integer = -number->integer;
	return true;
}
