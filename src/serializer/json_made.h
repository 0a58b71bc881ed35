/* Values of jansson that are made in one go. No memory is its only reason for having none here. */
#ifndef JSON_MADE_H
#define JSON_MADE_H

#include <jansson.h>

#include "base/memory.h"

/* Both take the value. */
static inline void object_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, must(value)) != 0)
		out_of_memory();
}

static inline void array_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, must(value)) != 0)
		out_of_memory();
}

#endif
