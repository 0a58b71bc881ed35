/* The rest of a body that is sent from where it lies, piece by piece: large pages are made of texts that other
   pages show too, and copying them would take longer than all else. */
#ifndef PARTS_H
#define PARTS_H

#include <microhttpd.h>
#include <xxhash.h>

#include "cache/cache.h"

struct parts;

/* Room for so many. */
struct parts *parts_new(size_t most) __attribute__((returns_nonnull));

/* Appends bytes that live as long as `owner`, whose reference is taken (NULL: for ever). `hash` is theirs. */
void parts_add(struct parts *parts, struct cache_entry *owner, const char *data, size_t length,
               XXH128_hash_t hash);

/* Bytes of them all. */
size_t parts_length(const struct parts *parts);

/* The hash of a body that begins with these bytes: of them and of the parts' hashes. */
XXH128_hash_t parts_hash(const struct parts *parts, const char *begin, size_t length);

/* The whole body as a response of the library, which frees the parts, and `begin` by free, at its end. */
struct MHD_Response *parts_response(struct parts *parts, char *begin, size_t length)
	__attribute__((returns_nonnull));

#endif
