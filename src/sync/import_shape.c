/* Looks fields up by their names. */
#include "import_shape.h"

#include <string.h>

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

size_t shape_slot(const struct shape *shape, const char *name)
{
	return (size_t)(resource_field(shape->resource, name) - shape->resource->fields);
}
