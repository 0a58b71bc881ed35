/* Reads numbers as Python's int() does. */
#include "integer.h"

#include "base/utf8.h"

#define DIGITS_EXACT 18
#define DIGITS_MOST 4300

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
