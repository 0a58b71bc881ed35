/* The rest of a body as pieces that are sent from where they lie: large pages consist of texts that other
   pages show too, and copying them would take longer than everything else. */
#ifndef QUERY_PIECES_H
#define QUERY_PIECES_H

#include <stddef.h>
#include <xxhash.h>

#include "cache/cache.h"

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

/* Room for `most` pieces. */
struct pieces *pieces_new(size_t most) __attribute__((returns_nonnull));
void pieces_free(struct pieces *pieces);

/* Appends a piece; takes the reference to its owner. */
void pieces_add(struct pieces *pieces, struct piece piece);

/* Bytes of them all. */
size_t pieces_length(const struct pieces *pieces);

/* The hash of a body that begins with these bytes and goes on with the pieces. */
XXH128_hash_t pieces_hash(const struct pieces *pieces, const char *begin, size_t length);

#endif
