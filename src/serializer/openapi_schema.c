/* Generates schemas of the OpenAPI document from the tables of fields. */
#include "openapi_schema.h"

#include "json_new.h"
#include "openapi_text.h"
#include "resources/all.h"

/* How a kind of field is described; KEY, ONE and lists depend on the resource. A key is an integer without a
   format: as int64 clients in JavaScript take it for a bigint, which is not what JSON.parse makes of it. */
static const struct kind_schema {
	const char *type, *format;
	const char *example;
} kind_schemas[FIELD_KINDS] = {
	[MODE] = {"string", NULL, NULL},
	[URL] = {"string", "uri", NULL},
	[TEXT] = {"string", NULL, NULL},
	[INTEGER] = {"integer", "int32", NULL},
	[BOOLEAN] = {"boolean", NULL, NULL},
	[DOUBLE] = {"number", "double", NULL},
	[TIME] = {"string", "date-time", "2020-05-30T19:22:45Z"},
	[DATE] = {"string", "date", "2020-05-30"},
	[DURATION] = {"string", NULL, "P148DT11H36M25S"},
	[CLOCK_DURATION] = {"string", NULL, "1 00:00:00"},
	[LIVE_DURATION] = {"string", NULL, "P63DT23H25M15S"},
	[ELAPSED] = {"string", NULL, "P63DT23H25M15S"},
};

json_t *schema_reference(const char *name)
{
	return must(json_pack("{s:s+}", "$ref", "#/components/schemas/", name));
}

/* OpenAPI 3.0 ignores what stands beside a `$ref`, so that it goes into an `allOf` of its own; `nullable` needs a
   type beside it. */
static json_t *reference_schema(const char *name, bool nullable)
{
	json_t *schema = must(json_pack("{s:s}", "type", "object"));

	if (nullable)
		object_set(schema, "nullable", json_true());
	object_set(schema, "allOf", json_pack("[o]", schema_reference(name)));
	return schema;
}

static json_t *list_schema(const char *items, bool nullable)
{
	json_t *schema =
		must(json_pack("{s:s, s:o}", "type", "array", "items", schema_reference(items)));

	if (nullable)
		object_set(schema, "nullable", json_true());
	return schema;
}

json_t *schema_of_key(const struct resource *resource)
{
	if (resource->uuid)
		return must(json_pack("{s:s, s:s}", "type", "string", "format", "uuid"));
	return must(json_pack("{s:s}", "type", "integer"));
}

static json_t *scalar_schema(const struct field *field)
{
	const struct kind_schema *kind = &kind_schemas[field->kind];
	json_t *schema = must(json_object());

	object_set_text(schema, "type", kind->type);
	object_set_text(schema, "format", kind->format);
	if (field_is_url(field) && !field_may_be_empty(field))
		object_set_text(schema, "format", "uri");
	if (field->nullable)
		object_set(schema, "nullable", json_true());
	object_set_text(schema, "example", kind->example);
	return schema;
}

static json_t *mode_schema(const struct field *field, const char *mode)
{
	json_t *schema = scalar_schema(field);

	object_set(schema, "enum", json_pack("[s]", mode));
	object_set_text(schema, "default", mode);
	return schema;
}

static json_t *bare_field_schema(const struct resource *resource, const struct field *field,
                                 enum view_id view)
{
	enum view_id at = field_shown(resource, field, view);

	switch (field->kind) {
	case MODE:
		return mode_schema(field, resource_view(resource, view)->mode);
	case KEY:
		return schema_of_key(resource);
	case ONE:
	case REVERSE_ONE:
		return reference_schema(resource_view(field->of, at)->schema, field->nullable);
	case MANY:
	case REVERSE:
		return list_schema(resource_view(field->of, at)->schema, field->nullable);
	default:
		return scalar_schema(field);
	}
}

static json_t *field_schema(const struct resource *resource, const struct field *field,
                            enum view_id view)
{
	json_t *schema = bare_field_schema(resource, field, view);

	object_set_text(schema, "title", field->title);
	object_set(schema, "description", field_description(resource, field));
	return schema;
}

/* A document has every field of its view. */
static json_t *view_schema(const struct resource *resource, enum view_id view)
{
	json_t *properties = must(json_object());
	json_t *required = must(json_array());

	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (field_shown(resource, field, view) == ABSENT)
			continue;
		object_set(properties, field->name, field_schema(resource, field, view));
		array_append(required, json_string(field->name));
	}
	return must(json_pack("{s:s, s:o, s:o, s:o}", "type", "object", "description",
	                      view_description(resource, view), "properties", properties,
	                      "required", required));
}

void schemas_add_view(json_t *schemas, const struct resource *resource, enum view_id view)
{
	const char *name = resource_view(resource, view)->schema;

	if (json_object_get(schemas, name))
		return;
	object_set(schemas, name, view_schema(resource, view));
	for (size_t i = 0; i < resource->field_count; i++) {
		enum view_id at = field_shown(resource, &resource->fields[i], view);

		if (at != ABSENT && resource->fields[i].of)
			schemas_add_view(schemas, resource->fields[i].of, at);
	}
}
