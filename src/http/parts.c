/* Keeps pieces of a body and hands them to libmicrohttpd as they lie. */
#include "parts.h"

#include <stdlib.h>

#include "base/memory.h"

struct part {
	struct cache_entry *owner;
	const char *data;
	size_t length;
	XXH128_hash_t hash;
};

struct parts {
	char *begin; /* of the body, once there is a response */
	size_t count;
	struct part part[];
};

struct parts *parts_new(size_t most)
{
	struct parts *parts = must(malloc(sizeof(*parts) + most * sizeof(struct part)));
	parts->begin = NULL;
	parts->count = 0;
	return parts;
}

static void free_parts(void *all)
{
	struct parts *parts = all;
	for (size_t i = 0; i < parts->count; i++)
		cache_entry_unref(parts->part[i].owner);
	free(parts->begin);
	free(parts);
}

void parts_add(struct parts *parts, struct cache_entry *owner, const char *data, size_t length,
               XXH128_hash_t hash)
{
	parts->part[parts->count++] = (struct part){owner, data, length, hash};
}

size_t parts_length(const struct parts *parts)
{
	size_t length = 0;
	for (size_t i = 0; i < parts->count; i++)
		length += parts->part[i].length;
	return length;
}

XXH128_hash_t parts_hash(const struct parts *parts, const char *begin, size_t length)
{
	XXH128_hash_t both[2] = {XXH3_128bits(begin, length)};
	for (size_t i = 0; i < parts->count; i++) {
		both[1] = parts->part[i].hash;
		both[0] = XXH3_128bits(both, sizeof(both));
	}
	return both[0];
}

struct MHD_Response *parts_response(struct parts *parts, char *begin, size_t length)
{
	struct MHD_IoVec *pieces = must(calloc(parts->count + 1, sizeof(*pieces)));
	parts->begin = begin;
	pieces[0] = (struct MHD_IoVec){begin, length};
	for (size_t i = 0; i < parts->count; i++)
		pieces[i + 1] = (struct MHD_IoVec){parts->part[i].data, parts->part[i].length};
	struct MHD_Response *response = must(MHD_create_response_from_iovec(
		pieces, (unsigned)parts->count + 1, free_parts, parts));
	free(pieces);
	return response;
}
