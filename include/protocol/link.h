/* Urls made of the request's own: with some parameters changed, the others as they were, sorted by key. All that
   is written in an answer begins with the prefix below which the client sees the server. */
#ifndef PROTOCOL_LINK_H
#define PROTOCOL_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/text.h"

/* Where a request went. */
struct link {
	struct text base;   /* scheme://host and the prefix */
	struct text prefix; /* of all paths, the base's end; mostly empty */
	struct text path;   /* decoded, without the prefix */
	struct text query;  /* as it was sent */
};

struct link_change {
	const char *key;
	const char *value; /* all values of the key become this one; NULL: they go */
};

/* Appends the whole url with changes (keys that differ); with none it is the same page, sorted. */
void link_write_url(struct strbuf *out, const struct link *link, const struct link_change *changes,
                    size_t count);

/* The same without scheme and host. */
void link_write(struct strbuf *out, const struct link *link, const struct link_change *changes,
                size_t count);

/* Appends the path alone, encoded. */
void link_write_path(struct strbuf *out, const struct link *link);

/* Appends path and query as they were sent, with what may not stand in a url encoded. */
void link_write_as_sent(struct strbuf *out, const struct link *link);

/* Appends `key=QUERY`: the query as the value of a field of another one. */
void link_write_query_as(struct strbuf *out, const char *key, const struct link *link);

/* The first value of a field of the query, decoded; data NULL: it has none. The arena's or the link's. */
struct text link_field(const struct link *link, const char *key, struct arena *arena);

/* Appends the query that the request holds in that field, with what may not stand in a url encoded; false,
   with nothing appended: it holds none. */
bool link_write_query_in(struct strbuf *out, const char *key, const struct link *link);

#endif
