/* Urls made of the request's own: with some parameters changed, the others as they were, sorted by key. */
#ifndef PROTOCOL_LINK_H
#define PROTOCOL_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/text.h"

/* Where a request went. */
struct link {
	struct text base;  /* scheme://host */
	struct text path;  /* decoded */
	struct text query; /* as it was sent */
};

struct link_change {
	const char *key;
	const char *value; /* all values of the key become this one; NULL: they go */
};

/* Adds path and query with changes (keys that differ) to *out; with none it is the same page,
   sorted. Add link->base before it where the url is to be whole. */
void link_write(struct strbuf *out, const struct link *link, const struct link_change *changes,
                size_t count);

/* Adds path and query as they were sent, with what may not stand in a url encoded. */
void link_write_as_sent(struct strbuf *out, const struct link *link);

#endif
