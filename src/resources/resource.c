/* The list of resources and look-ups in it. */
#include "resources/resource.h"

#include <string.h>

#include "resources/all.h"

const struct resource *const resources[] = {
#define X(name) &resource_##name,
	RESOURCES(X)
#undef X
};

const size_t resource_count = sizeof(resources) / sizeof(resources[0]);

const struct field *resource_field(const struct resource *resource, const char *name)
{
	for (size_t i = 0; i < resource->field_count; i++)
		if (strcmp(resource->fields[i].name, name) == 0)
			return &resource->fields[i];
	return NULL;
}

static const char *const sql_types[FIELD_KINDS] = {
	[TEXT] = "text",
	[INTEGER] = "integer",
	[BOOLEAN] = "boolean",
	[DOUBLE] = "double precision",
	[TIME] = "timestamp with time zone",
	[DATE] = "date",
	[DURATION] = "interval",
	[CLOCK_DURATION] = "interval",
	[LIVE_DURATION] = "interval",
};

static const char *key_sql_type(const struct resource *resource)
{
	return resource->uuid ? "uuid" : "bigint";
}

const char *field_sql_type(const struct resource *resource, const struct field *field)
{
	switch (field->kind) {
	case KEY:
		return key_sql_type(resource);
	case ONE:
		return key_sql_type(field->of);
	default:
		return sql_types[field->kind];
	}
}

bool kind_has_column(enum kind kind)
{
	return kind == KEY || kind == ONE || sql_types[kind] != NULL;
}
