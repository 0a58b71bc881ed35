/* Reads and writes percent-encoding. */
#include "percent.h"

#include <stdint.h>

#include "base/hex.h"
#include "base/utf8.h"

static bool is_ascii(char byte)
{
	return (unsigned char)byte < 0x80;
}

static bool text_is_ascii(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (!is_ascii(text.data[i]))
			return false;
	return true;
}

/* Decodes into `out`, which has room for raw.length bytes, and returns how many there are. */
static size_t decode(char *out, struct text raw, bool plus_is_space)
{
	size_t length = 0;

	for (size_t i = 0; i < raw.length; i++) {
		char byte = raw.data[i];

		if (byte == '%' && raw.length - i > 2) {
			int high = hex_value(raw.data[i + 1]);
			int low = hex_value(raw.data[i + 2]);

			if (high >= 0 && low >= 0) {
				byte = (char)(high << 4 | low);
				i += 2;
			}
		} else if (byte == '+' && plus_is_space) {
			byte = ' ';
		}
		out[length++] = byte;
	}
	return length;
}

static void put(char *out, size_t *length, const char *data, size_t count)
{
	memcpy(out + *length, data, count);
	*length += count;
}

static void put_hex(char *out, size_t *length, char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char value = (unsigned char)byte;

	put(out, length, (const char[]){'%', digits[value >> 4], digits[value & 0xF]}, 3);
}

static void put_latin1(char *out, size_t *length, char byte)
{
	*length += utf8_encode((unsigned char)byte, out + *length);
}

/* Text from bytes, those that are no UTF-8 as U+FFFD or %XX; `out` has room for thrice as many. */
static size_t repair(char *out, struct text bytes, bool as_hex)
{
	size_t length = 0;

	while (bytes.length > 0) {
		uint32_t character;
		size_t size = utf8_next(bytes, &character);

		if (character != UTF8_BROKEN)
			put(out, &length, bytes.data, size);
		else if (!as_hex)
			put(out, &length, UTF8_REPLACEMENT, 3);
		else
			for (size_t i = 0; i < size; i++)
				put_hex(out, &length, bytes.data[i]);
		bytes = text_from(bytes, size);
	}
	return length;
}

static struct text repaired(struct arena *arena, struct text bytes, bool as_hex)
{
	char *out = arena_array(arena, bytes.length + 1, 3);

	return (struct text){out, repair(out, bytes, as_hex)};
}

struct text percent_decode_path(struct arena *arena, struct text raw)
{
	struct text bytes = raw;

	if (text_has(raw, '%')) {
		char *out = arena_alloc(arena, raw.length);

		bytes = (struct text){out, decode(out, raw, false)};
	}
	if (utf8_valid(bytes))
		return bytes;
	return repaired(arena, bytes, true);
}

/* Python decodes the runs of ASCII between other characters one by one: a byte that was encoded and
   one that was not never form a character together. */
static struct text decode_mixed(struct arena *arena, struct text raw, enum percent_raw beyond_ascii)
{
	char *out = arena_array(arena, raw.length + 1, 3);
	char *bytes = arena_alloc(arena, raw.length);
	size_t length = 0;
	size_t i = 0;

	while (i < raw.length) {
		struct text run = {raw.data + i, 0};

		if (!is_ascii(raw.data[i])) {
			if (beyond_ascii == PERCENT_RAW_UTF8)
				put(out, &length, raw.data + i, 1);
			else
				put_latin1(out, &length, raw.data[i]);
			i++;
			continue;
		}
		while (i < raw.length && is_ascii(raw.data[i]))
			i++;
		run.length = (size_t)(raw.data + i - run.data);
		run = (struct text){bytes, decode(bytes, run, true)};
		length += repair(out + length, run, false);
	}
	return (struct text){out, length};
}

struct text percent_decode_field(struct arena *arena, struct text raw,
                                 enum percent_raw beyond_ascii)
{
	struct text bytes;
	char *out;

	if (!text_is_ascii(raw))
		return decode_mixed(arena, raw, beyond_ascii);
	if (!text_has(raw, '%') && !text_has(raw, '+'))
		return raw;
	out = arena_alloc(arena, raw.length);
	bytes = (struct text){out, decode(out, raw, true)};
	return utf8_valid(bytes) ? bytes : repaired(arena, bytes, false);
}

static bool is_safe(char byte, const char *others)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || (byte != '\0' && strchr(others, byte));
}

static void encode_byte(struct strbuf *out, char byte)
{
	char *end = strbuf_reserve(out, 3);
	size_t length = 0;

	put_hex(end, &length, byte);
	end[length] = '\0';
	out->length += length;
}

void percent_encode_field(struct strbuf *out, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];

		if (is_safe(byte, "_.-~"))
			strbuf_char(out, byte);
		else if (byte == ' ')
			strbuf_char(out, '+');
		else
			encode_byte(out, byte);
	}
}

void percent_encode_path(struct strbuf *out, struct text path)
{
	for (size_t i = 0; i < path.length; i++)
		if (is_safe(path.data[i], "/:@&+$,-_.!~*'()"))
			strbuf_char(out, path.data[i]);
		else
			encode_byte(out, path.data[i]);
}

void percent_encode_query(struct strbuf *out, struct text raw)
{
	for (size_t i = 0; i < raw.length; i++) {
		char utf8[2] = {raw.data[i], '\0'};
		size_t length = 1;

		if (is_safe(raw.data[i], "/#%[]=:;$&()+,!?*@'~_.-")) {
			strbuf_char(out, raw.data[i]);
			continue;
		}
		if (!is_ascii(raw.data[i])) {
			length = 0;
			put_latin1(utf8, &length, raw.data[i]);
		}
		for (size_t j = 0; j < length; j++)
			encode_byte(out, utf8[j]);
	}
}
