/* Sets of keys in buffers. */
#include "keys.h"

#include <stdlib.h>

static int compare(struct key a, struct key b)
{
	return key_compare(true, a, b);
}

size_t keys_rank(const struct strbuf *keys, struct key key)
{
	size_t low = 0, high = keys_count(keys);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(keys_array(keys)[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool keys_contain(const struct strbuf *keys, struct key key)
{
	size_t i = keys_rank(keys, key);

	return i < keys_count(keys) && key_equal(keys_array(keys)[i], key);
}

static int compare_items(const void *a, const void *b)
{
	return compare(*(const struct key *)a, *(const struct key *)b);
}

/* Puts them in order and drops those that are there twice. */
static void settle(struct strbuf *keys)
{
	struct key *array = (struct key *)(void *)keys->data;
	size_t count = keys_count(keys), kept = 1;

	qsort(array, count, sizeof(*array), compare_items);
	for (size_t i = 1; i < count; i++)
		if (!key_equal(array[i], array[kept - 1]))
			array[kept++] = array[i];
	keys->length = kept * sizeof(*array);
}

void keys_add(struct strbuf *keys, const struct key *more, size_t count)
{
	bool ascending = true;

	for (size_t i = 0; i < count; i++) {
		size_t before = keys_count(keys);

		ascending = ascending &&
		            (before == 0 || compare(keys_array(keys)[before - 1], more[i]) < 0);
		strbuf_add(keys, &more[i], sizeof(more[i]));
	}
	if (!ascending)
		settle(keys);
}

void keys_add_result(struct strbuf *keys, const PGresult *result, bool uuid)
{
	struct strbuf more = STRBUF_INIT;

	for (int i = 0; i < PQntuples(result); i++) {
		struct key key = result_key(result, i, 0, uuid);

		strbuf_add(&more, &key, sizeof(key));
	}
	keys_add(keys, keys_array(&more), keys_count(&more));
	strbuf_fini(&more);
}

static void filter(const struct strbuf *all, const struct strbuf *other, bool wanted,
                   struct strbuf *out)
{
	for (size_t i = 0; i < keys_count(all); i++)
		if (keys_contain(other, keys_array(all)[i]) == wanted)
			strbuf_add(out, &keys_array(all)[i], sizeof(struct key));
}

void keys_subtract(const struct strbuf *all, const struct strbuf *without, struct strbuf *out)
{
	filter(all, without, false, out);
}

void keys_intersect(const struct strbuf *all, const struct strbuf *common, struct strbuf *out)
{
	filter(all, common, true, out);
}
