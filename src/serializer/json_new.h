/* Building jansson values, where lack of memory is the only reason for NULL. */
#ifndef JSON_NEW_H
#define JSON_NEW_H

#include <jansson.h>

#include "base/memory.h"
#include "base/strbuf.h"

/* All take the value. */
static inline void object_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, must(value)) != 0)
		out_of_memory();
}

/* Nothing where the text is NULL. */
static inline void object_set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		object_set(object, key, json_string(text));
}

static inline void array_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, must(value)) != 0)
		out_of_memory();
}

/* The text as a string; new. Takes the buffer's bytes. */
static inline json_t *json_text(struct strbuf *text)
{
	json_t *value = must(json_stringn(text->data, text->length));

	strbuf_fini(text);
	return value;
}

#endif
