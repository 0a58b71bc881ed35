/* Finds values in JSON text, compact or as PostgreSQL writes it, without parsing all of it: a value is a part of
   the text. Parsing a page of 100 detailed flights with jansson would take twice as long as writing all of its
   HTML. Text that is not JSON gives arbitrary values, but is never read past its end. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* What an iteration over the members of an object or the items of an array has before it: at first all of them,
   or none if the value is neither. */
struct text scan_begin(struct text value);

/* Moves to the next member of an object; the key is without its quotes, and not unescaped. False at the end. */
bool scan_member(struct text *rest, struct text *key, struct text *value);

/* Moves to the next item of an array; false at the end. */
bool scan_item(struct text *rest, struct text *value);

/* The member of that name; data is NULL if the object has none, or is none. */
struct text scan_member_called(struct text object, struct text name);

/* The value at a path of member names with `__` between them; of an empty path the object itself. Data is NULL if
   there is none, or if the path is NULL. */
struct text scan_at(struct text object, const char *path);

bool scan_is_object(struct text value);
bool scan_is_array(struct text value);
bool scan_is_string(struct text value);

/* Whether it is there, and neither null, false nor an empty string. */
bool scan_says_something(struct text value);

/* A string's content, unescaped and with a NUL behind it, in the arena; empty for other values. */
struct text scan_string(struct arena *arena, struct text value);

/* The moment that a string holds; false, with *moment untouched: it holds none. */
bool scan_moment(struct text value, int64_t *moment);

/* The bytes of the string, with its quotes, that the text begins with. */
size_t scan_string_length(struct text text);

/* The bytes of the number, true, false or null that the text begins with. */
size_t scan_word_length(struct text text);

#endif
