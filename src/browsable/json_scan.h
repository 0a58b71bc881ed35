/* Looks into JSON text of our own making, where a tree of values would cost more than it tells: values
   stay parts of the text. Text that is not JSON gives wrong values, never reads beyond the text. */
#ifndef HTTP_SCAN_H
#define HTTP_SCAN_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "base/text.h"

/* The members of an object or the items of an array that are left. */
struct scan {
	struct text rest;
};

/* Begins with a value's members or items; of other values there are none. */
struct scan scan_begin(struct text value);

/* The next member of an object: what stands between the key's quotes, and the value. False: none is left. */
bool scan_member(struct scan *scan, struct text *key, struct text *value);

/* The next item of an array. */
bool scan_item(struct scan *scan, struct text *value);

/* The member of an object; data NULL where it has none, or is no object (so that look-ups chain). */
struct text scan_get(struct text object, const char *key);

bool scan_is_object(struct text value);
bool scan_is_string(struct text value);

/* Appends what a string says; nothing for other values. */
void scan_write_string(struct strbuf *out, struct text value);

#endif
