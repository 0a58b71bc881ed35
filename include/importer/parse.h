/* JSON texts as jansson's trees, read in one way wherever they come from, and the errors about them. */
#ifndef IMPORTER_PARSE_H
#define IMPORTER_PARSE_H

#include <jansson.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Parses a text in UTF-8, with or without a byte order mark. Integers beyond 64 bits become
   doubles. A field that an object has twice, a number beyond the largest double and more than jansson's 2048
   levels are errors, as is all that RFC 8259 does not allow. NULL with the error set to `NAME:LINE:COLUMN: what is wrong`.

   The tree is the arena's: it is to be read, not to be changed, and needs no json_decref. That takes little
   more than half the time of a tree whose pieces are allocated and freed one by one. */
const json_t *parse_json(struct arena *arena, const char *name, const char *text, size_t length,
                         struct error *error) MUST_CHECK;

/* One or more values, one behind the other or one a line. */
struct json_values {
	struct {
		const json_t *json; /* the arena's */
		int line;           /* where it begins */
	} * items;
	size_t count;
};

/* Likewise for a text of several values, with white space between them or not. json_values_fini is to follow, also
   after a failure. */
bool parse_json_values(struct arena *arena, const char *name, const char *text, size_t length,
                       struct json_values *values, struct error *error) MUST_CHECK;
void json_values_fini(struct json_values *values);

/* Sets the error to `NAME: PATH: expected ..., found ...`; the path may be empty, `found` is NULL where
   nothing is. Always returns false. */
bool refuse_value(const char *name, const char *path, const char *expected, const json_t *found,
                  struct error *error);

/* Whether it may stand for a page's `next` or `previous`: an address, or null. */
bool is_page_link(const json_t *json);

#endif
