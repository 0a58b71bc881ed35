/* Addresses of the upstream's pages: made, changed and checked before anything is requested. */
#ifndef UPSTREAM_URL_H
#define UPSTREAM_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/* How a list is requested. */
struct url_list {
	const char *upstream, *path;
	const char *mode, *ordering; /* parameters; NULL: not sent */
	const char *filter;          /* `name=value`; NULL: none */
};

/* A page of the list; offset 0 is left out. */
void url_list_page(struct strbuf *out, const struct url_list *list, int64_t limit, int64_t offset);

/* The same URL with that limit instead. */
void url_with_limit(struct strbuf *out, const char *url, int64_t limit);

/* The number of a parameter; false where it is missing or none. */
bool url_parameter(const char *url, const char *name, int64_t *value);

/* Whether it has the upstream's scheme, host and port (a default one may be left out) and no user. */
bool url_same_origin(const char *url, const char *upstream);

/* Appends the upstream's own address of a page of the list: path and query of `url`, which may have the scheme,
   host and port by which others reach the upstream (behind a proxy), and a path before the list's. False: it
   is no page of the list. */
bool url_rebase(struct strbuf *out, const char *url, const char *upstream, const char *path);

#endif
