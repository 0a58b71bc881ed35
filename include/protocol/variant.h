/* Which variant of a body a client takes, and whether it has it already: content codings (RFC 9110, 12.5.3) and
   conditional requests (13.1.2). */
#ifndef PROTOCOL_VARIANT_H
#define PROTOCOL_VARIANT_H

#include <stdbool.h>

enum encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_ZSTD, ENCODING_COUNT };

/* "identity", "gzip", "zstd" */
extern const char *const encoding_names[ENCODING_COUNT];

/* `accept_encoding`: the header's value, several joined with commas; NULL: none was sent. The
   coding of highest quality; of several such zstd, gzip, identity in this order, but zstd only
   where it is named, as not all that say `*` know it. Where none will do, identity, and *acceptable
   is false. */
enum encoding encoding_choose(const char *accept_encoding, bool *acceptable);

/* Whether the value of If-None-Match (several joined with commas; NULL: none was sent) names an
   entity tag, by weak comparison, or is `*`: the answer is 304 then. `etag` is with its quotes. A
   list that cannot be read matches up to where it can. */
bool etag_matches(const char *if_none_match, const char *etag);

#endif
