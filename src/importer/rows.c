/* Keeps rows by their keys and merges what documents say of them. */
#include "rows.h"

#include <string.h>

void table_fini(struct table *table)
{
	hash_table_fini(&table->by_key);
}

struct import_row *table_find(const struct table *table, struct key key)
{
	struct hash_node *node = hash_table_first(&table->by_key, key_hash(key));

	for (; node; node = hash_table_next(node)) {
		struct import_row *row = CONTAINER_OF(node, struct import_row, node);

		if (key_equal(row->key, key))
			return row;
	}
	return NULL;
}

struct import_row *table_add(struct table *table, const struct shape *shape, struct key key,
                             struct arena *arena)
{
	struct import_row *row = table_find(table, key);

	if (row)
		return row;
	row = arena_alloc(arena, sizeof(*row));
	row->shape = shape;
	row->key = key;
	row->moment = row->document_stored = MOMENT_NEVER;
	hash_table_add(&table->by_key, &row->node, key_hash(key));
	*(table->last ? &table->last->next : &table->first) = row;
	table->last = row;
	return row;
}

static bool value_equal(const struct slot *slot, const struct import_value *a,
                        const struct import_value *b);

static bool keyless_equal(const struct import_row *a, const struct import_row *b)
{
	if (a->known != b->known)
		return false;
	for (uint64_t left = a->known; left; left &= left - 1) {
		int i = __builtin_ctzll(left);

		if (!value_equal(&a->shape->slots[i], &a->values[i], &b->values[i]))
			return false;
	}
	return true;
}

/* Rows that have keys are equal if they are the same. */
static bool list_equal(const struct import_list *a, const struct import_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->items[i] != b->items[i] && (!a->items[i]->shape->resource->keyless ||
		                                   !keyless_equal(a->items[i], b->items[i])))
			return false;
	return true;
}

static bool value_equal(const struct slot *slot, const struct import_value *a,
                        const struct import_value *b)
{
	if (a->null || b->null)
		return a->null == b->null;
	switch (slot->field->kind) {
	case TEXT:
		return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
	case ONE:
		return a->row == b->row;
	case MANY:
		return list_equal(&a->list, &b->list);
	default: /* doubles too, by their bits: -0.0 is not 0.0 */
		return a->integer == b->integer;
	}
}

static struct import_row *keyless_copy(const struct import_row *row, struct arena *arena)
{
	struct import_row *copy = arena_alloc(arena, sizeof(*copy));

	copy->shape = row->shape;
	row_merge(copy, row->values, row->known, 0, arena);
	return copy;
}

static struct import_list list_copy(const struct import_list *list, struct arena *arena)
{
	struct import_list copy = {list->count, NULL};

	copy.items = arena_array(arena, list->count, sizeof(struct import_row *));
	for (size_t i = 0; i < list->count; i++)
		copy.items[i] = list->items[i]->shape->resource->keyless
		                        ? keyless_copy(list->items[i], arena)
		                        : list->items[i];
	return copy;
}

static struct import_value value_copy(const struct slot *slot, const struct import_value *value,
                                      struct arena *arena)
{
	struct import_value copy = *value;

	if (slot->field->kind == TEXT && !value->null)
		copy.text = arena_copy(arena, value->text, value->length);
	else if (slot->field->kind == MANY)
		copy.list = list_copy(&value->list, arena);
	return copy;
}

uint64_t row_merge(struct import_row *row, const struct import_value *values, uint64_t known,
                   int64_t moment, struct arena *arena)
{
	const struct shape *shape = row->shape;

	known &= shape->kept;
	if (moment < row->moment)
		known &= ~row->known;
	else
		row->moment = moment;
	if (known && !row->values)
		row->values = arena_array(arena, shape->count, sizeof(*row->values));
	for (uint64_t left = known; left; left &= left - 1) {
		int i = __builtin_ctzll(left);

		if (!(row->known >> i & 1) ||
		    !value_equal(&shape->slots[i], &row->values[i], &values[i]))
			row->values[i] = value_copy(&shape->slots[i], &values[i], arena);
	}
	row->known |= known;
	return known;
}
