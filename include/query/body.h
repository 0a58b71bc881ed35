/* The body of an answer with status 200: a document, or a page of a list, put together from rendered
   documents. */
#ifndef QUERY_BODY_H
#define QUERY_BODY_H

#include <xxhash.h>

#include "base/strbuf.h"
#include "query/content.h"

/* A part of a body, sent from where it lies: large pages consist of texts that other pages show too, and copying them
   would take longer than everything else. */
struct piece {
	struct cache_entry *owner; /* keeps `data` alive; NULL: it lives for ever */
	const char *data;
	size_t length;
	XXH128_hash_t hash; /* of the data */
};

struct pieces {
	size_t count;
	struct piece piece[];
};

void pieces_free(struct pieces *pieces);

/* Bytes of them all. */
size_t pieces_length(const struct pieces *pieces);

/* The hash of a body that begins with these bytes and goes on with the pieces. */
XXH128_hash_t pieces_hash(const struct pieces *pieces, const char *begin, size_t length);

/* Bytes of the body's documents. */
size_t body_size(const struct decision *decision, const struct content *content);

/* Whether the body is so large that it is put together from pieces, where the caller takes them. */
bool body_is_large(const struct decision *decision, const struct content *content);

/* For how many microseconds the body stays true while the data does not change; INT64_MAX: that long. */
int64_t body_good_for(const struct decision *decision, const struct content *content);

/* Appends the body, compact JSON, to *body; nothing for routes of page data. Of large pages, where `pieces` is not NULL, only the beginning:
   *pieces are then new and hold what follows; else *pieces is NULL. Returns what body_good_for would; where cached
   pieces are older than the body, for as long as they are true. */
int64_t body_write(struct content_source *source, const struct decision *decision,
                   const struct content *content, struct strbuf *body, struct pieces **pieces);

#endif
