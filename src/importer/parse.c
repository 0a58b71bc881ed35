/* Parses JSON by jansson, and says what is wrong for people. */
#include "importer/parse.h"

#include <stdlib.h>
#include <string.h>

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

const json_t *parse_json(struct arena *arena, const char *name, const char *text, size_t length,
                         struct error *error)
{
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
	json_error_t syntax;
	json_t *json;

	if (length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
		text += 3;
		length -= 3;
	}
	parsing = arena;
	json = json_loadb(text ? text : "", length, flags, &syntax);
	parsing = NULL;
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
