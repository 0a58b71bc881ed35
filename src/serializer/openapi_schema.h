/* The OpenAPI schemas of what documents consist of. */
#ifndef OPENAPI_SCHEMA_H
#define OPENAPI_SCHEMA_H

#include <jansson.h>

#include "resources/resource.h"

/* Adds the schema of a view under its name and, behind it, those of the views that it refers to. Those that
   `schemas` has already stay as they are. */
void schemas_add_view(json_t *schemas, const struct resource *resource, enum view_id view);

/* {"$ref": that schema}; new. */
json_t *schema_reference(const char *name) __attribute__((returns_nonnull));

/* The schema of a resource's key; new. */
json_t *schema_of_key(const struct resource *resource) __attribute__((returns_nonnull));

#endif
