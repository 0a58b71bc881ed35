/* Conditional requests. */
#ifndef PROTOCOL_ETAG_H
#define PROTOCOL_ETAG_H

#include <stdbool.h>

/* Whether the value of If-None-Match (several joined with commas; NULL: none was sent) names an
   entity tag, by weak comparison, or is `*`: the answer is 304 then. `etag` is with its quotes. A
   list that cannot be read matches up to where it can. */
bool etag_matches(const char *if_none_match, const char *etag);

#endif
