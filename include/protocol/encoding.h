/* Content codings: which of those that we have a client's Accept-Encoding wants (RFC 9110, 12.5.3).
   */
#ifndef PROTOCOL_ENCODING_H
#define PROTOCOL_ENCODING_H

#include <stdbool.h>

enum encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_ZSTD, ENCODING_COUNT };

/* "identity", "gzip", "zstd" */
extern const char *const encoding_names[ENCODING_COUNT];

/* `accept_encoding`: the header's value, several joined with commas; NULL: none was sent. The
   coding of highest quality; of several such zstd, gzip, identity in this order, but zstd only
   where it is named, as not all that say `*` know it. Where none will do, identity, and *acceptable
   is false. */
enum encoding encoding_choose(const char *accept_encoding, bool *acceptable);

#endif
