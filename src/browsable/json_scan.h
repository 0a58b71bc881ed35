/* Finds values in compact JSON text without parsing all of it: a value is a part of the text. Parsing a
   page of 100 detailed flights with jansson would take twice as long as writing all of its HTML. Text
   that is not JSON gives arbitrary values, but is never read past its end. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "base/text.h"

/* An iteration over the members of an object or the items of an array. */
struct scan {
	struct text rest;
};

/* Over no members or items, if the value is neither. */
struct scan scan_begin(struct text value);

/* Moves to the next member of an object; the key is without its quotes, and not unescaped. False at the end. */
bool scan_member(struct scan *scan, struct text *key, struct text *value);

/* Moves to the next item of an array; false at the end. */
bool scan_item(struct scan *scan, struct text *value);

/* The value at a path of member names with `__` between them. Data is NULL if there is none, or if
   the path is NULL. */
struct text scan_at(struct text object, const char *path);

bool scan_is_object(struct text value);
bool scan_is_string(struct text value);

/* Appends a string's content, unescaped; nothing for other values. */
void scan_write_string(struct strbuf *out, struct text value);

/* The bytes of the string, with its quotes, that the text begins with. */
size_t scan_string_length(struct text text);

/* The bytes of the number, true, false or null that the text begins with. */
size_t scan_word_length(struct text text);

#endif
