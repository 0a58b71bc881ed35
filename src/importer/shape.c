/* Makes the shapes of all resources from their tables of fields. */
#include "shape.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sql.h"

static struct shape *shapes;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const enum wire_type types[FIELD_KINDS] = {
	[TEXT] = WIRE_TEXT,
	[INTEGER] = WIRE_INTEGER,
	[BOOLEAN] = WIRE_BOOLEAN,
	[DOUBLE] = WIRE_DOUBLE,
	[TIME] = WIRE_TIMESTAMPTZ,
	[DATE] = WIRE_DATE,
	[DURATION] = WIRE_INTERVAL,
	[CLOCK_DURATION] = WIRE_INTERVAL,
	[LIVE_DURATION] = WIRE_INTERVAL,
};

static void init_slot(struct slot *slot, const struct field *field)
{
	slot->field = field;
	slot->name_length = strlen(field->name);
	if (field->kind == ONE) {
		slot->of = &shapes[field->of->index];
		slot->column = field->column;
		slot->type = wire_key_type(field->of->uuid);
	} else if (field->kind == REVERSE) {
		slot->of = &shapes[field->of->index];
	} else if (field->kind == MANY) {
		slot->of = &shapes[field->of->index];
		slot->column = field->null_column;
		slot->type = WIRE_BOOLEAN;
	} else if (types[field->kind]) {
		slot->column = field->column;
		slot->type = types[field->kind];
	}
}

static void init_shape(struct shape *shape, const struct resource *resource)
{
	shape->resource = resource;
	shape->count = shape->key = resource->field_count;
	shape->slots = must(calloc(shape->count, sizeof(*shape->slots)));
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &resource->fields[i];
		uint64_t bit = UINT64_C(1) << i;

		init_slot(&shape->slots[i], field);
		if (field->kind == KEY)
			shape->key = i;
		if (field->kind == LIVE_DURATION)
			shape->live |= bit;
		if (field->kind == ELAPSED)
			shape->elapsed |= bit;
		if (shape->slots[i].column || field->kind == MANY)
			shape->kept |= bit;
	}
	shape->kept |= shape->elapsed;
}

static void init_shapes(void)
{
	shapes = must(calloc(resource_count, sizeof(*shapes)));
	for (size_t i = 0; i < resource_count; i++)
		init_shape(&shapes[i], resources[i]);
	for (size_t i = 0; i < resource_count; i++) {
		if (!resources[i]->keyless)
			shape_put_statement(&shapes[i]);
		for (size_t s = 0; s < shapes[i].count; s++)
			if (shapes[i].slots[s].field->kind == MANY)
				shape_list_statements(&shapes[i], &shapes[i].slots[s]);
	}
}

const struct shape *shape_of(const struct resource *resource)
{
	pthread_once(&once, init_shapes);
	return &shapes[resource->index];
}

const struct slot *shape_find(const struct shape *shape, const char *name, size_t length,
                              size_t *expected)
{
	size_t i = *expected;

	for (size_t tried = 0; tried < shape->count; tried++, i++) {
		const struct slot *slot;

		if (i >= shape->count)
			i = 0;
		slot = &shape->slots[i];
		if (slot->name_length == length && memcmp(slot->field->name, name, length) == 0) {
			*expected = i + 1;
			return slot;
		}
	}
	return NULL;
}
