/* Values of jansson that are made in one go: no memory for one is the end of the process, as with arenas. */
#ifndef JSON_MADE_H
#define JSON_MADE_H

#include <jansson.h>
#include <stdlib.h>

/* The value; jansson has no other reason for having none here. */
static inline json_t *made(json_t *value)
{
	if (!value)
		abort();
	return value;
}

/* Both take the value. */
static inline void object_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, made(value)) != 0)
		abort();
}

static inline void array_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, made(value)) != 0)
		abort();
}

#endif
