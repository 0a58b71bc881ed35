/* Sets of ids: int64_t, ascending, each once, in the bytes of a buffer. */
#ifndef IDS_H
#define IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

static inline size_t ids_count(const struct strbuf *ids)
{
	return ids->length / sizeof(int64_t);
}

static inline const int64_t *ids_array(const struct strbuf *ids)
{
	return (const int64_t *)(const void *)ids->data;
}

/* How many of the set are below one. */
size_t ids_rank(const struct strbuf *ids, int64_t id);

bool ids_contain(const struct strbuf *ids, int64_t id);

/* Adds ids of any order; those that are there already change nothing. */
void ids_add(struct strbuf *ids, const int64_t *more, size_t count);

/* Appends to `out` those of `all` that are not in `without`; of the second, those that are in both. */
void ids_subtract(const struct strbuf *all, const struct strbuf *without, struct strbuf *out);
void ids_intersect(const struct strbuf *all, const struct strbuf *common, struct strbuf *out);

#endif
