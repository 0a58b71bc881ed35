/* Addresses of pages: made, changed and checked before anything is asked for. */
#ifndef SYNC_URL_H
#define SYNC_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

#define SYNC_LIST_PATH "/2.3.0/spacecraft_flights/"
#define SYNC_THROTTLE_PATH "/2.3.0/api-throttle/"

/* A page of detailed flights in the order of their ids; offset 0 is left out. */
void sync_url_list(struct strbuf *out, const char *upstream, int64_t limit, int64_t offset);

/* The same URL with that limit instead. */
void sync_url_with_limit(struct strbuf *out, const char *url, int64_t limit);

/* The number of a parameter; false where it is missing or none. */
bool sync_url_parameter(const char *url, const char *name, int64_t *value);

/* Whether it has the upstream's scheme, host and port (a default one may be left out) and no user. */
bool sync_url_same_origin(const char *url, const char *upstream);

/* The same, and it is a page of the list of flights. */
bool sync_url_is_list(const char *url, const char *upstream);

#endif
