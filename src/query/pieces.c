/* Bodies in pieces. */
#include "query/pieces.h"

#include <stdlib.h>

#include "base/memory.h"

struct pieces *pieces_new(size_t most)
{
	struct pieces *pieces = must(malloc(sizeof(*pieces) + most * sizeof(struct piece)));
	pieces->count = 0;
	return pieces;
}

void pieces_free(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		cache_entry_unref(pieces->piece[i].owner);
	free(pieces);
}

void pieces_add(struct pieces *pieces, struct piece piece)
{
	pieces->piece[pieces->count++] = piece;
}

size_t pieces_length(const struct pieces *pieces)
{
	size_t length = 0;
	for (size_t i = 0; i < pieces->count; i++)
		length += pieces->piece[i].length;
	return length;
}

XXH128_hash_t pieces_hash(const struct pieces *pieces, const char *begin, size_t length)
{
	XXH128_hash_t both[2] = {XXH3_128bits(begin, length)};
	for (size_t i = 0; i < pieces->count; i++) {
		both[1] = pieces->piece[i].hash;
		both[0] = XXH3_128bits(both, sizeof(both));
	}
	return both[0];
}
