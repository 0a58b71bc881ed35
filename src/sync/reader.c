/* Walks the structure of a JSON text: objects, lists, texts, numbers, words. */
#include "sync/reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reader_text.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

#define STRINGIFY(x) #x
#define LITERALLY(x) STRINGIFY(x)

void reader_init(struct reader *reader, const char *text, size_t length, struct arena *arena)
{
	*reader = (struct reader){.text = text, .end = text + length, .at = text, .arena = arena};
	if (length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0)
		reader->at += 3;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void space_skip(struct reader *reader)
{
	while (reader->at < reader->end && is_space(*reader->at))
		reader->at++;
}

/* Whether that character comes next; if so, it is behind us then. */
static bool accept(struct reader *reader, char c)
{
	space_skip(reader);
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

enum reader_type reader_peek(struct reader *reader)
{
	space_skip(reader);
	if (reader->at == reader->end)
		return READER_NOTHING;
	switch (*reader->at) {
	case '{':
		return READER_OBJECT;
	case '[':
		return READER_LIST;
	case '"':
		return READER_TEXT;
	case 't':
		return READER_TRUE;
	case 'f':
		return READER_FALSE;
	case 'n':
		return READER_NULL;
	default:
		return *reader->at == '-' || is_digit(*reader->at) ? READER_NUMBER : READER_NOTHING;
	}
}

bool reader_enter(struct reader *reader)
{
	if (reader->depth == READER_DEPTH_MAX)
		return reader_wrong(
			reader, reader->at,
			"no more than " LITERALLY(READER_DEPTH_MAX) " levels of nesting");
	reader->depth++;
	reader->at++;
	return true;
}

static enum step leave(struct reader *reader)
{
	reader->depth--;
	return STEP_DONE;
}

static enum step step_wrong(struct reader *reader, const char *expected)
{
	reader_wrong(reader, reader->at, expected);
	return STEP_BAD;
}

/* Passes the comma between two members, or the end of them. */
static enum step separator(struct reader *reader, bool *first, char closing, const char *expected)
{
	if (accept(reader, closing))
		return leave(reader);
	if (!*first && !accept(reader, ','))
		return step_wrong(reader, expected);
	*first = false;
	return STEP_MORE;
}

static enum step key_begin(struct reader *reader, bool *first)
{
	enum step step = separator(reader, first, '}', "',' or '}'");

	if (step == STEP_MORE && reader_peek(reader) != READER_TEXT)
		return step_wrong(reader, "the name of a field in quotes");
	return step;
}

static enum step colon(struct reader *reader)
{
	return accept(reader, ':') ? STEP_MORE : step_wrong(reader, "':'");
}

enum step reader_key(struct reader *reader, bool *first, struct slice *key)
{
	enum step step = key_begin(reader, first);

	if (step != STEP_MORE)
		return step;
	return reader_text(reader, key) ? colon(reader) : STEP_BAD;
}

static enum step key_skip(struct reader *reader, bool *first)
{
	enum step step = key_begin(reader, first);
	bool escapes;

	if (step != STEP_MORE)
		return step;
	return text_scan(reader, &escapes) ? colon(reader) : STEP_BAD;
}

enum step reader_item(struct reader *reader, bool *first)
{
	return separator(reader, first, ']', "',' or ']'");
}

static size_t word_length(enum reader_type type)
{
	return type == READER_FALSE ? 5 : 4;
}

bool reader_word(struct reader *reader)
{
	static const char *const words[] = {
		[READER_NULL] = "null", [READER_TRUE] = "true", [READER_FALSE] = "false"};
	enum reader_type type = reader_peek(reader);
	size_t length = word_length(type);

	if (type > READER_FALSE || (size_t)(reader->end - reader->at) < length ||
	    memcmp(reader->at, words[type], length) != 0)
		return reader_wrong(reader, reader->at, "a value");
	reader->at += length;
	return true;
}

bool reader_text(struct reader *reader, struct slice *text)
{
	const char *begin;
	bool escapes;

	if (reader_peek(reader) != READER_TEXT)
		return reader_wrong(reader, reader->at, "text");
	begin = reader->at + 1;
	if (!text_scan(reader, &escapes))
		return false;
	*text = (struct slice){begin, (size_t)(reader->at - 1 - begin)};
	return !escapes || text_decode(reader, *text, text);
}

/* Passes digits, of which there must be one at least. */
static bool digits(struct reader *reader)
{
	const char *begin = reader->at;

	while (reader->at < reader->end && is_digit(*reader->at))
		reader->at++;
	return reader->at > begin || reader_wrong(reader, begin, "a digit");
}

static bool next_is(const struct reader *reader, char c)
{
	return reader->at < reader->end && *reader->at == c;
}

static bool number_shape(struct reader *reader, struct number *number)
{
	number->whole = true;
	if (next_is(reader, '-'))
		reader->at++;
	if (next_is(reader, '0'))
		reader->at++;
	else if (!digits(reader))
		return false;
	if (next_is(reader, '.')) {
		number->whole = false;
		reader->at++;
		if (!digits(reader))
			return false;
	}
	if (next_is(reader, 'e') || next_is(reader, 'E')) {
		number->whole = false;
		reader->at++;
		if (next_is(reader, '-') || next_is(reader, '+'))
			reader->at++;
		return digits(reader);
	}
	return true;
}

/* Sums downwards, as there are more negative numbers than positive ones. */
static bool whole_value(struct slice text, int64_t *value)
{
	bool negative = text.data[0] == '-';
	int64_t sum = 0;

	for (size_t i = negative; i < text.length; i++)
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, text.data[i] - '0', &sum))
			return false;
	*value = sum;
	return negative || !__builtin_sub_overflow(0, sum, value);
}

bool reader_number(struct reader *reader, struct number *number)
{
	const char *begin;

	if (reader_peek(reader) != READER_NUMBER)
		return reader_wrong(reader, reader->at, "a number");
	begin = reader->at;
	if (!number_shape(reader, number))
		return false;
	number->text = (struct slice){begin, (size_t)(reader->at - begin)};
	number->fits = number->whole && whole_value(number->text, &number->integer);
	return true;
}

bool number_double(const struct number *number, double *value)
{
	char small[64];
	char *copy =
		number->text.length < sizeof(small) ? small : must(malloc(number->text.length + 1));

	/* strtod needs an end, which the text need not have. */
	memcpy(copy, number->text.data, number->text.length);
	copy[number->text.length] = '\0';
	*value = strtod(copy, NULL);
	if (copy != small)
		free(copy);
	return isfinite(*value);
}

/* Passes what is no list and no object, or goes into those. */
static bool skip_piece(struct reader *reader)
{
	struct number number;
	bool escapes;

	switch (reader_peek(reader)) {
	case READER_OBJECT:
	case READER_LIST:
		return reader_enter(reader);
	case READER_TEXT:
		return text_scan(reader, &escapes);
	case READER_NUMBER:
		return reader_number(reader, &number);
	default:
		return reader_word(reader);
	}
}

/* Passes the end of what was skipped and what it ends too: the closings up to the next value, or up
   to `outside`. */
static enum step skip_onward(struct reader *reader, const bool *object, unsigned outside,
                             bool first)
{
	while (reader->depth > outside) {
		enum step step = object[reader->depth] ? key_skip(reader, &first)
		                                       : reader_item(reader, &first);

		if (step != STEP_DONE)
			return step;
		first = false;
	}
	return STEP_DONE;
}

/* Without recursion: what encloses the place is a stack of flags. */
bool reader_skip(struct reader *reader)
{
	bool object[READER_DEPTH_MAX + 1] = {false};
	unsigned outside = reader->depth;
	enum step step;

	do {
		unsigned depth = reader->depth;
		enum reader_type type = reader_peek(reader);

		if (!skip_piece(reader))
			return false;
		if (reader->depth > depth)
			object[reader->depth] = type == READER_OBJECT;
		step = skip_onward(reader, object, outside, reader->depth > depth);
	} while (step == STEP_MORE);
	return step == STEP_DONE;
}

bool reader_finish(struct reader *reader)
{
	space_skip(reader);
	return reader->at == reader->end || reader_wrong(reader, reader->at, "the end");
}
