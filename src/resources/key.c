/* Keys as text and in order. */
#include "resources/key.h"

#include <stdio.h>

#include "base/hex.h"

#define UUID_LENGTH 36

static bool is_dash(size_t position)
{
	return position == 8 || position == 13 || position == 18 || position == 23;
}

static size_t uuid_format(struct key key, char *text)
{
	static const char digits[] = "0123456789abcdef";
	int nibble = 0;

	for (size_t i = 0; i < UUID_LENGTH; i++) {
		uint64_t half = nibble < 16 ? key.high : key.low;

		text[i] = is_dash(i) ? '-' : digits[half >> (60 - 4 * (nibble++ % 16)) & 15];
	}
	text[UUID_LENGTH] = '\0';
	return UUID_LENGTH;
}

size_t key_format(bool uuid, struct key key, char text[static KEY_TEXT_SIZE])
{
	if (uuid)
		return uuid_format(key, text);
	return (size_t)snprintf(text, KEY_TEXT_SIZE, "%lld", (long long)key.low);
}

bool uuid_parse_digits(struct text text, struct key *key)
{
	struct key read = {0, 0};
	int digits = 0;

	for (size_t i = 0; i < text.length; i++) {
		uint64_t *half = digits < 16 ? &read.high : &read.low;
		int value = hex_value(text.data[i]);

		if (text.data[i] == '-')
			continue;
		if (value < 0 || digits++ == 32)
			return false;
		*half = *half << 4 | (uint64_t)value;
	}
	if (digits != 32)
		return false;
	*key = read;
	return true;
}

bool uuid_parse(struct text text, struct key *key)
{
	if (text.length != UUID_LENGTH)
		return false;
	for (size_t i = 0; i < UUID_LENGTH; i++)
		if (is_dash(i) != (text.data[i] == '-'))
			return false;
	return uuid_parse_digits(text, key);
}

int key_compare(bool uuid, struct key a, struct key b)
{
	if (!uuid)
		return ((int64_t)a.low > (int64_t)b.low) - ((int64_t)a.low < (int64_t)b.low);
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return (a.low > b.low) - (a.low < b.low);
}
