/* Reads documents into rows: objects of resources into their rows, lists into lists of rows. */
#include <string.h>

#include "import_internal.h"
#include "importer/document.h"
#include "importer/parse.h"

/* An object while its fields are read. */
struct object {
	const struct shape *shape;
	const struct object *outer;                      /* the one that it is in; NULL: none */
	struct import_row *row;                          /* NULL where keyless */
	uint64_t seen;                                   /* slots that it has, by bits */
	struct import_value values[RESOURCE_FIELDS_MAX]; /* of the slots seen */
};

static bool read_object(struct reading *reading, const struct shape *shape, const json_t *json,
                        struct import_row **row);

bool reading_refuse(struct reading *reading, const char *expected, const json_t *found)
{
	char path[PATH_TEXT_SIZE];

	path_text(&reading->path, path);
	return refuse_value(reading->name, path, expected, found, reading->error);
}

static bool check_depth(struct reading *reading, const json_t *json)
{
	return reading->path.depth < PATH_DEPTH_MAX ||
	       reading_refuse(reading, "no more than 100 levels of nesting", json);
}

/* Makes an item of a list refer back to what has it there, unless its own document says what it refers to. */
static void refer_back(struct reading *reading, const struct slot *slot, const json_t *json,
                       struct import_row *item)
{
	const struct slot *back = slot->back;
	const struct object *object = reading->object;
	struct import_value values[RESOURCE_FIELDS_MAX];

	if (!back || json_object_get(json, back->field->name))
		return;
	for (size_t i = 1; object && i < slot->back_distance; i++)
		object = object->outer;
	if (!object || object->shape != back->of)
		return;
	values[slot_index(item->shape, back)] = (struct import_value){.row = object->row};
	row_merge(item, values, UINT64_C(1) << slot_index(item->shape, back), reading->moment,
	          &reading->import->arena);
}

static bool read_reference(struct reading *reading, const struct slot *slot, const json_t *json,
                           struct import_value *value)
{
	value->null = json_is_null(json);
	if (value->null)
		return true;
	if (!json_is_object(json))
		return reading_refuse(reading, "an object or null", json);
	if (!read_object(reading, slot->of, json, &value->row))
		return false;
	refer_back(reading, slot, json, value->row);
	return true;
}

static bool read_items(struct reading *reading, const struct slot *slot, const json_t *json,
                       struct import_list *list)
{
	if (!check_depth(reading, json))
		return false;
	list->count = json_array_size(json);
	list->items =
		arena_array(&reading->import->scratch, list->count, sizeof(struct import_row *));
	for (size_t i = 0; i < list->count; i++) {
		const json_t *item = json_array_get(json, i);

		path_index(&reading->path, i);
		if (!json_is_object(item))
			return reading_refuse(reading, "an object", item);
		if (!read_object(reading, slot->of, item, &list->items[i]))
			return false;
		refer_back(reading, slot, item, list->items[i]);
		path_leave(&reading->path);
	}
	return true;
}

static bool read_list(struct reading *reading, const struct slot *slot, const json_t *json,
                      struct import_value *value)
{
	value->list = (struct import_list){0, NULL};
	value->null = false;
	if (json_is_array(json))
		return read_items(reading, slot, json, &value->list);
	/* Only a list that has a column for it is null; others are stored as empty. */
	value->null = slot->column != NULL;
	return json_is_null(json) || reading_refuse(reading, "a list of objects or null", json);
}

static bool read_field(struct reading *reading, const struct slot *slot, const json_t *json,
                       struct object *object)
{
	size_t i = slot_index(object->shape, slot);

	object->seen |= UINT64_C(1) << i;
	switch (slot->field->kind) {
	case KEY:
		return true; /* read before */
	case ONE:
	case REVERSE_ONE:
		return read_reference(reading, slot, json, &object->values[i]);
	case MANY:
	case REVERSE: /* its items are rows of their own, and nothing else is stored */
		return read_list(reading, slot, json, &object->values[i]);
	default:
		return value_read(reading, slot, json, &object->values[i]);
	}
}

static bool read_fields(struct reading *reading, json_t *json, struct object *object)
{
	const struct shape *shape = object->shape;
	size_t expected = 0;

	for (void *at = json_object_iter(json); at; at = json_object_iter_next(json, at)) {
		const char *name = json_object_iter_key(at);
		const struct slot *slot = shape_find(shape, name, strlen(name), &expected);

		path_name(&reading->path, name);
		if (!slot)
			unknown_fields_add(&reading->import->unknown, &reading->path);
		else if (!read_field(reading, slot, json_object_iter_value(at), object))
			return false;
		path_leave(&reading->path);
	}
	return true;
}

/* Finds the object's row, by its id, before its fields are read, which may refer back to it. */
static bool find_row(struct reading *reading, const struct shape *shape, const json_t *json,
                     struct import_row **row)
{
	const json_t *id = json_object_get(json, "id");
	struct import *import = reading->import;
	struct key key;

	path_name(&reading->path, "id");
	if (!id)
		return reading_refuse(reading, "the object's id", NULL);
	if (!key_read(reading, shape, id, &key))
		return false;
	path_leave(&reading->path);
	*row = table_add(&import->tables[shape->resource->index], shape, key, &import->arena);
	return true;
}

/* A row that belongs to its list alone; it lasts as long as the document is read. */
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

static void fill_row(struct reading *reading, const struct object *object)
{
	struct import *import = reading->import;
	struct import_row *row = object->row;
	size_t document = document_count(import) + 1; /* the current one */

	if (row_merge(row, object->values, object->seen, reading->moment, &import->arena) &
	    object->shape->live) {
		row->live = true;
		row->as_of = reading->moment;
	}
	if (row->reached_by != document) {
		row->reached_by = document;
		strbuf_add(&import->reached, &row, sizeof(struct import_row *));
	}
}

static bool read_object(struct reading *reading, const struct shape *shape, const json_t *json,
                        struct import_row **row)
{
	struct object object;
	bool read;

	object.shape = shape;
	object.outer = reading->object;
	object.row = NULL;
	object.seen = 0;
	if (!check_depth(reading, json) ||
	    (!shape->resource->keyless && !find_row(reading, shape, json, &object.row)))
		return false;
	/* cppcheck-suppress autoVariables; it is taken back below */
	reading->object = &object;
	read = read_fields(reading, iterable(json), &object);
	reading->object = object.outer;
	if (!read)
		return false;
	if (object.row)
		fill_row(reading, &object);
	*row = object.row ? object.row : keyless_row(reading->import, &object);
	return true;
}

/* The resource whose document it is; NULL with the error set. */
static const struct resource *resource_of(struct reading *reading, const struct resource *expected,
                                          const json_t *json)
{
	char path[PATH_TEXT_SIZE];

	path_text(&reading->path, path);
	return document_kind(reading->name, path, json, expected, reading->error);
}

bool document_read(struct reading *reading, const struct resource *resource, const json_t *json)
{
	struct import *import = reading->import;
	struct document document = {.reached = reached_count(import)};

	reading->path.document = reading->path.depth;
	if (!json_is_object(json))
		return reading_refuse(reading, "an object", json);
	document.moment = reading->moment = moment_of_document(reading, json);
	resource = resource_of(reading, resource, json);
	if (!resource || !read_object(reading, shape_of(resource), json, &document.row))
		return false;
	strbuf_add(&import->documents, &document, sizeof(document));
	arena_fini(&import->scratch);
	return true;
}
