/* Parses JSON by jansson, and says what is wrong for people. */
#include "importer/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"

/* Where jansson allocates while this thread parses; NULL: from the heap. */
static _Thread_local struct arena *parsing;

static void *allocate(size_t size)
{
	return parsing ? arena_alloc(parsing, size) : malloc(size);
}

/* What jansson frees while it parses is the arena's. */
static void release(void *memory)
{
	if (!parsing)
		free(memory);
}

/* jansson has one allocator for the whole process, which must be set before it is used. */
__attribute__((constructor)) static void set_allocator(void)
{
	json_set_alloc_funcs(allocate, release);
}

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define FOUND_LENGTH_MAX 40 /* bytes of a value that an error quotes */

/* jansson's messages quote the text, which may have anything in it. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

static bool in_number(char c)
{
	return (c >= '0' && c <= '9') || (c && strchr("+-.eE", c));
}

/* Whether a number is an integer beyond 64 bits. */
static bool is_too_big(const char *number, size_t length)
{
	static const char largest[] = "9223372036854775807";
	size_t digits = length - (*number == '-');

	for (size_t i = 0; i < length; i++)
		if (strchr(".eE", number[i]))
			return false;
	return digits > 19 || (digits == 19 && memcmp(number + length - 19, largest, 19) > 0);
}

/* Copies a text with a fraction behind each integer that is too big, so that it is read as a double. */
static void widen_integers(struct strbuf *out, const char *text, size_t length)
{
	for (size_t i = 0, begin = 0; i < length; begin = i) {
		if (text[i] == '"') {
			for (i++; i < length && text[i] != '"'; i++)
				i += text[i] == '\\';
			i = i < length ? i + 1 : length;
			strbuf_add(out, text + begin, i - begin);
		} else if (in_number(text[i])) {
			while (i < length && in_number(text[i]))
				i++;
			strbuf_add(out, text + begin, i - begin);
			if (is_too_big(text + begin, i - begin))
				strbuf_str(out, ".0");
		} else {
			strbuf_char(out, text[i++]);
		}
	}
}

static json_t *load(struct arena *arena, const char *text, size_t length, json_error_t *error)
{
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
	json_t *json;

	parsing = arena;
	json = json_loadb(text ? text : "", length, flags, error);
	parsing = NULL;
	return json;
}

const json_t *parse_json(struct arena *arena, const char *name, const char *text, size_t length,
                         struct error *error)
{
	struct strbuf widened = STRBUF_INIT;
	json_error_t syntax;
	json_t *json;

	if (length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
		text += 3;
		length -= 3;
	}
	json = load(arena, text, length, &syntax);
	if (!json && json_error_code(&syntax) == json_error_numeric_overflow) {
		widen_integers(&widened, text, length);
		json = load(arena, widened.data, widened.length, &syntax);
		strbuf_fini(&widened);
	}
	if (!json) {
		make_printable(syntax.text);
		error_set(error, "%.200s:%d:%d: %s", name, syntax.line, syntax.column, syntax.text);
	}
	return json;
}

static void describe_scalar(const json_t *json, char *out, size_t size)
{
	char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	size_t length = text ? strlen(text) : 0;
	size_t cut = length > FOUND_LENGTH_MAX ? utf8_cut(text, FOUND_LENGTH_MAX) : length;

	snprintf(out, size, "%.*s%s", (int)cut, text ? text : "", cut < length ? "..." : "");
	make_printable(out);
	free(text);
}

bool refuse_value(const char *name, const char *path, const char *expected, const json_t *found,
                  struct error *error)
{
	char text[FOUND_LENGTH_MAX + 8] = "nothing";

	if (json_is_object(found))
		strcpy(text, "an object");
	else if (json_is_array(found))
		strcpy(text, "a list");
	else if (found)
		describe_scalar(found, text, sizeof(text));
	return error_set(error, "%.200s: %s%sexpected %s, found %s", name, path, *path ? ": " : "",
	                 expected, text);
}

bool is_page_link(const json_t *json)
{
	const char *link = json_string_value(json);

	return json_is_null(json) || (link && *link && strlen(link) == json_string_length(json));
}
