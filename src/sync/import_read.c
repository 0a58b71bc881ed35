/* Reads a flight's document into rows: objects of resources into their rows, lists into lists of rows. */
#include <string.h>

#include "import_parts.h"
#include "import_shapes.h"
#include "resources/all.h"

/* An object while its fields are read. */
struct object {
	const struct shape *shape;
	uint64_t seen; /* slots that it has, by bits */
	struct key key;
	struct import_value values[RESOURCE_FIELDS_MAX]; /* of the slots seen */
};

static bool object_read(struct reading *reading, const struct shape *shape,
                        struct import_row **row);

static bool reference_read(struct reading *reading, const struct slot *slot,
                           struct import_value *value)
{
	struct reader *reader = &reading->reader;

	switch (reader_peek(reader)) {
	case READER_NULL:
		value->null = true;
		return reader_word(reader);
	case READER_OBJECT:
		value->null = false;
		return object_read(reading, slot->of, &value->row);
	default:
		return reader_wrong(reader, reader->at, "an object or null");
	}
}

static void list_append(struct arena *scratch, struct import_list *list, size_t *capacity,
                        struct import_row *row)
{
	if (list->count == *capacity) {
		size_t bytes = list->count * sizeof(struct import_row *);
		struct import_row **grown;

		*capacity = *capacity ? 2 * *capacity : 8;
		grown = arena_array(scratch, *capacity, sizeof(struct import_row *));
		if (bytes > 0)
			memcpy(grown, list->items, bytes);
		list->items = grown;
	}
	list->items[list->count++] = row;
}

static bool items_read(struct reading *reading, const struct shape *of, struct import_list *list)
{
	struct reader *reader = &reading->reader;
	size_t capacity = 0;
	bool first = true;
	enum step step;

	if (!reader_enter(reader))
		return false;
	while ((step = reader_item(reader, &first)) == STEP_MORE) {
		struct import_row *row;

		path_index(&reading->path, list->count);
		if (reader_peek(reader) != READER_OBJECT)
			return reader_wrong(reader, reader->at, "an object");
		if (!object_read(reading, of, &row))
			return false;
		list_append(&reading->import->scratch, list, &capacity, row);
		path_leave(&reading->path);
	}
	return step == STEP_DONE;
}

static bool list_read(struct reading *reading, const struct slot *slot, struct import_value *value)
{
	struct reader *reader = &reading->reader;

	value->list = (struct import_list){0, NULL};
	switch (reader_peek(reader)) {
	case READER_NULL:
		/* Only a list that can say so is null; others are stored as empty. */
		value->null = slot->column != NULL;
		return reader_word(reader);
	case READER_LIST:
		value->null = false;
		return items_read(reading, slot->of, &value->list);
	default:
		return reader_wrong(reader, reader->at, "a list of objects or null");
	}
}

static bool field_read(struct reading *reading, const struct slot *slot, struct object *object,
                       size_t i)
{
	switch (slot->field->kind) {
	case KEY:
		return key_read(reading, object->shape, &object->key);
	case ONE:
		return reference_read(reading, slot, &object->values[i]);
	case MANY:
		return list_read(reading, slot, &object->values[i]);
	default:
		return value_read(reading, slot, &object->values[i]);
	}
}

/* A name is told by its place in the text, which it has left if it has escapes. */
bool name_repeated(struct reader *reader, struct slice name)
{
	bool borrowed = name.data > reader->text && name.data < reader->end;

	return reader_wrong(reader, borrowed ? name.data - 1 : reader->at,
	                    "each field of an object once");
}

static bool member_read(struct reading *reading, struct object *object, struct slice name,
                        size_t *expected)
{
	const struct slot *slot = shape_find(object->shape, name.data, name.length, expected);
	size_t i;

	path_name(&reading->path, name);
	if (slot) {
		i = slot_index(object->shape, slot);
		if (object->seen >> i & 1)
			return name_repeated(&reading->reader, name);
		object->seen |= UINT64_C(1) << i;
		if (!field_read(reading, slot, object, i))
			return false;
	} else {
		unknown_add(&reading->import->unknown, &reading->path);
		if (!reader_skip(&reading->reader))
			return false;
	}
	path_leave(&reading->path);
	return true;
}

/* The object has ended; the end is where its id is missing. */
static bool id_missing(struct reading *reading)
{
	path_name(&reading->path, (struct slice){"id", 2});
	return reader_wrong(&reading->reader, reading->reader.at - 1,
	                    "an id before the object's end");
}

static bool members_read(struct reading *reading, struct object *object)
{
	size_t expected = 0;
	bool first = true;
	struct slice name;
	enum step step;

	if (!reader_enter(&reading->reader))
		return false;
	while ((step = reader_key(&reading->reader, &first, &name)) == STEP_MORE)
		if (!member_read(reading, object, name, &expected))
			return false;
	if (step == STEP_BAD)
		return false;
	if (object->shape->resource->keyless || object->seen >> object->shape->key & 1)
		return true;
	return id_missing(reading);
}

/* A row that belongs to the list alone; it lasts as long as the flight is read. */
static struct import_row *keyless_row(struct import *import, const struct object *object)
{
	struct import_row *row = arena_alloc(&import->scratch, sizeof(*row));
	size_t count = object->shape->count;

	row->shape = object->shape;
	row->known = object->seen & object->shape->kept;
	if (row->known) {
		row->values = arena_array(&import->scratch, count, sizeof(*row->values));
		for (size_t i = 0; i < count; i++)
			if (row->known >> i & 1)
				row->values[i] = object->values[i];
	}
	return row;
}

static struct import_row *keyed_row(struct import *import, const struct object *object)
{
	const struct shape *shape = object->shape;
	struct table *table = &import->tables[shape->resource->index];
	struct import_row *row = table_add(table, shape, object->key, &import->arena);
	size_t flight = flight_count(import) + 1; /* the one under way */

	row_merge(row, object->values, object->seen, &import->arena);
	if (object->seen & shape->live)
		row->live_by = flight;
	if (row->touched_by != flight) {
		row->touched_by = flight;
		strbuf_add(&import->touched, &(struct touch){row}, sizeof(struct touch));
	}
	return row;
}

static bool object_read(struct reading *reading, const struct shape *shape, struct import_row **row)
{
	struct object object;

	object.shape = shape;
	object.seen = 0;
	object.key = (struct key){0, 0};
	if (!members_read(reading, &object))
		return false;
	*row = shape->resource->keyless ? keyless_row(reading->import, &object)
	                                : keyed_row(reading->import, &object);
	return true;
}

bool flight_read(struct reading *reading)
{
	struct import *import = reading->import;
	struct flight flight = {.touched = import->touched.length / sizeof(struct touch)};

	reading->path.flight = reading->path.depth;
	if (reader_peek(&reading->reader) != READER_OBJECT)
		return reader_wrong(&reading->reader, reading->reader.at, "a flight");
	if (!object_read(reading, shape_of(&resource_spacecraft_flight), &flight.row))
		return false;
	strbuf_add(&import->flights, &flight, sizeof(flight));
	arena_fini(&import->scratch);
	return true;
}
