/* Parses JSON by jansson, and says what is wrong for people. */
#include "importer/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
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

/* A text that is read value by value. */
struct source {
	const char *name;
	const char *text;
	size_t length;
	size_t at;             /* where the next value begins, or white space before it */
	int line;              /* there */
	size_t line_begin;     /* where that line begins */
	struct strbuf widened; /* what is read instead of a text with integers that are too big */
};

static void skip_to(struct source *source, size_t end)
{
	for (; source->at < end; source->at++)
		if (source->text[source->at] == '\n') {
			source->line++;
			source->line_begin = source->at + 1;
		}
}

/* White space, as RFC 8259 has it; false at the end of the text. */
static bool skip_space(struct source *source)
{
	size_t end = source->at;

	while (end < source->length && source->text[end] && strchr(" \t\r\n", source->text[end]))
		end++;
	skip_to(source, end);
	return end < source->length;
}

static json_t *load(struct arena *arena, const struct source *source, size_t flags,
                    json_error_t *error)
{
	const char *text = source->text ? source->text + source->at : "";
	json_t *json;

	parsing = arena;
	json = json_loadb(text, source->length - source->at,
	                  flags | JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, error);
	parsing = NULL;
	return json;
}

static const json_t *refuse_syntax(const struct source *source, json_error_t *syntax,
                                   struct error *error)
{
	size_t before = syntax->line == 1 ? source->at - source->line_begin : 0;

	make_printable(syntax->text);
	error_set(error, "%.200s:%d:%zu: %s", source->name, source->line + syntax->line - 1,
	          before + (size_t)syntax->column, syntax->text);
	return NULL;
}

/* The next value. */
static const json_t *parse_next(struct arena *arena, struct source *source, size_t flags,
                                struct error *error)
{
	json_error_t syntax;
	const json_t *json = load(arena, source, flags, &syntax);

	if (!json && source->widened.length == 0 &&
	    json_error_code(&syntax) == json_error_numeric_overflow) {
		/* What was read already does not change, so that places stay what they are. */
		strbuf_add(&source->widened, source->text, source->at);
		widen_integers(&source->widened, source->text + source->at,
		               source->length - source->at);
		source->text = source->widened.data;
		source->length = source->widened.length;
		json = load(arena, source, flags, &syntax);
	}
	if (!json)
		return refuse_syntax(source, &syntax, error);
	skip_to(source, source->at + (size_t)syntax.position);
	return json;
}

static struct source source_of(const char *name, const char *text, size_t length)
{
	bool marked = length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0;

	return (struct source){.name = name,
	                       .text = marked ? text + 3 : text,
	                       .length = marked ? length - 3 : length,
	                       .line = 1};
}

const json_t *parse_json(struct arena *arena, const char *name, const char *text, size_t length,
                         struct error *error)
{
	struct source source = source_of(name, text, length);
	const json_t *json = parse_next(arena, &source, 0, error);

	strbuf_fini(&source.widened);
	return json;
}

bool parse_json_values(struct arena *arena, const char *name, const char *text, size_t length,
                       struct json_values *values, struct error *error)
{
	struct source source = source_of(name, text, length);
	size_t capacity = 0;
	const json_t *json;

	*values = (struct json_values){0};
	do {
		(void)skip_space(&source);
		if (values->count == capacity)
			values->items =
				grow_array(values->items, &capacity, sizeof(*values->items));
		values->items[values->count].line = source.line;
		json = parse_next(arena, &source, JSON_DISABLE_EOF_CHECK, error);
		values->items[values->count++].json = json;
	} while (json && skip_space(&source));
	strbuf_fini(&source.widened);
	return json != NULL;
}

void json_values_fini(struct json_values *values)
{
	free(values->items);
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
