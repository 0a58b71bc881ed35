/* What the OpenAPI document says in words about views and their fields. */
#ifndef OPENAPI_TEXT_H
#define OPENAPI_TEXT_H

#include <jansson.h>

#include "resources/resource.h"

/* What a view is, in one sentence; new. */
json_t *view_description(const struct resource *resource, enum view_id view)
	__attribute__((returns_nonnull));

/* What a field means: what its row in the table says, or else what its name says; and the notation of its
   kind. New. */
json_t *field_description(const struct resource *resource, const struct field *field)
	__attribute__((returns_nonnull));

/* Whether the field is a URL that comes with the data, by its name. */
bool field_is_url(const struct field *field);

/* Whether such a URL can be the empty string. The original's forms store a link that is not known as null or
   as "", by the field and by whim: whatever may be null may be empty, and so may some that cannot be null. */
bool field_may_be_empty(const struct field *field);

#endif
