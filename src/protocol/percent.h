/* Percent-encoding, read and written as the original's stack does it: paths as bytes, fields of a
   query as forms send them, and text back into either. */
#ifndef PROTOCOL_PERCENT_H
#define PROTOCOL_PERCENT_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/text.h"

/* What bytes beyond ASCII are that stand in a query unencoded. */
enum percent_raw {
	PERCENT_RAW_UTF8,   /* a part of UTF-8 text, where the whole query is UTF-8 */
	PERCENT_RAW_LATIN1, /* each a character of its own */
};

/* Reading gives the text itself where nothing was encoded, else bytes of the arena. Only `%` and
   two hexadecimal digits count; any other `%` stands for itself. */

/* A path: bytes that do not form UTF-8 stay as %XX, upper case. */
struct text percent_decode_path(struct arena *arena, struct text raw);

/* A key or value of a query: `+` is a space, bytes that do not form UTF-8 become U+FFFD. */
struct text percent_decode_field(struct arena *arena, struct text raw,
                                 enum percent_raw beyond_ascii);

/* A key or value of a query that is written anew: all but A-Za-z0-9_.-~ encoded, space as `+`. */
void percent_encode_field(struct strbuf *out, struct text text);

/* A decoded path: all but A-Za-z0-9 and /:@&+$,-_.!~*'() encoded. */
void percent_encode_path(struct strbuf *out, struct text path);

/* A query that stays as it was sent: only what may not stand in a URL is encoded, bytes beyond
   ASCII as the UTF-8 of Latin-1. */
void percent_encode_query(struct strbuf *out, struct text raw);

#endif
