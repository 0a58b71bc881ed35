/* What identifies a row of a resource: an integer, or a uuid where the resource says so. */
#ifndef RESOURCES_KEY_H
#define RESOURCES_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* A bigint in `low`, or the 16 bytes of a uuid. */
struct key {
	uint64_t high, low;
};

static inline struct key key_of_integer(int64_t id)
{
	return (struct key){0, (uint64_t)id};
}

static inline bool key_equal(struct key a, struct key b)
{
	return a.low == b.low && a.high == b.high;
}

static inline uint64_t key_hash(struct key key)
{
	uint64_t h = (key.low ^ (key.high * UINT64_C(0x9e3779b97f4a7c15))) *
	             UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ (h >> 31);
}

/* The order of the database: integers by value, uuids by their bytes. */
int key_compare(bool uuid, struct key a, struct key b);

#define KEY_TEXT_SIZE 37

/* Writes a key as JSON and addresses have it, and a NUL; returns the length without that. */
size_t key_format(bool uuid, struct key key, char text[static KEY_TEXT_SIZE]);

/* `1b411bfa-86b8-4b88-8f01-6e97ca4b90d7`, hex of either case. */
bool uuid_parse(struct text text, struct key *key);

/* Likewise, with the dashes anywhere or left out. */
bool uuid_parse_digits(struct text text, struct key *key);

#endif
