/* Sets of keys: ascending by their bytes, each once, in the bytes of a buffer. */
#ifndef KEYS_H
#define KEYS_H

#include "base/strbuf.h"
#include "repository/execute.h"

static inline size_t keys_count(const struct strbuf *keys)
{
	return keys->length / sizeof(struct key);
}

static inline const struct key *keys_array(const struct strbuf *keys)
{
	return (const struct key *)(const void *)keys->data;
}

/* How many of the set are below one. */
size_t keys_rank(const struct strbuf *keys, struct key key);

bool keys_contain(const struct strbuf *keys, struct key key);

/* Adds keys of any order; those that are there already change nothing. */
void keys_add(struct strbuf *keys, const struct key *more, size_t count);

/* Adds those in the first column of a result, as text. */
void keys_add_result(struct strbuf *keys, const PGresult *result, bool uuid);

/* Appends to `out` those of `all` that are not in `without`; of the second, those that are in both. */
void keys_subtract(const struct strbuf *all, const struct strbuf *without, struct strbuf *out);
void keys_intersect(const struct strbuf *all, const struct strbuf *common, struct strbuf *out);

#endif
