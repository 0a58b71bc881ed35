/* Sets of ids in buffers. */
#include "ids.h"

#include <stdlib.h>

size_t ids_rank(const struct strbuf *ids, int64_t id)
{
	size_t low = 0, high = ids_count(ids);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ids_array(ids)[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool ids_contain(const struct strbuf *ids, int64_t id)
{
	size_t i = ids_rank(ids, id);

	return i < ids_count(ids) && ids_array(ids)[i] == id;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Puts them in order and drops those that are there twice. */
static void settle(struct strbuf *ids)
{
	int64_t *array = (int64_t *)(void *)ids->data;
	size_t count = ids_count(ids), kept = 1;

	qsort(array, count, sizeof(*array), compare);
	for (size_t i = 1; i < count; i++)
		if (array[i] != array[kept - 1])
			array[kept++] = array[i];
	ids->length = kept * sizeof(*array);
}

void ids_add(struct strbuf *ids, const int64_t *more, size_t count)
{
	bool ascending = true;

	for (size_t i = 0; i < count; i++) {
		size_t before = ids_count(ids);

		ascending = ascending && (before == 0 || ids_array(ids)[before - 1] < more[i]);
		strbuf_add(ids, &more[i], sizeof(more[i]));
	}
	if (!ascending)
		settle(ids);
}

static void filter(const struct strbuf *all, const struct strbuf *other, bool wanted,
                   struct strbuf *out)
{
	for (size_t i = 0; i < ids_count(all); i++)
		if (ids_contain(other, ids_array(all)[i]) == wanted)
			strbuf_add(out, &ids_array(all)[i], sizeof(int64_t));
}

void ids_subtract(const struct strbuf *all, const struct strbuf *without, struct strbuf *out)
{
	filter(all, without, false, out);
}

void ids_intersect(const struct strbuf *all, const struct strbuf *common, struct strbuf *out)
{
	filter(all, common, true, out);
}
