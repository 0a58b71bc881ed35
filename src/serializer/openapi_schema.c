/* Generates schemas of the OpenAPI document from the tables of fields. */
#include "openapi_schema.h"

#include <string.h>

#include "json_new.h"
#include "resources/all.h"

#define NULL_SCHEMA "Null"

/* How a kind of field is described; KEY, ONE and lists depend on the resource. Texts that this program formats
   have the format in their descriptions. */
static const struct kind_schema {
	const char *type;
	const char *format;
	const char *description;
} kind_schemas[FIELD_KINDS] = {
	[MODE] = {"string", NULL, "The level of detail of this object."},
	[URL] = {"string", "uri", "Where this object itself is served."},
	[TEXT] = {"string", NULL, NULL},
	[INTEGER] = {"integer", "int32", NULL},
	[BOOLEAN] = {"boolean", NULL, NULL},
	[DOUBLE] = {"number", "double", NULL},
	[TIME] = {"string", "date-time", NULL},
	[DATE] = {"string", "date", NULL},
	[DURATION] = {"string", NULL, "An ISO 8601 duration, such as `P148DT11H36M25S`."},
	[CLOCK_DURATION] = {"string", NULL, "Days and a clock, such as `1 00:00:00`."},
	[LIVE_DURATION] =
		{"string", NULL,
                 "An ISO 8601 duration that goes on growing, up to the moment of the answer."},
	[ELAPSED] = {"string", NULL,
                     "An ISO 8601 duration from the launch to the end of the mission or, before "
                     "that, to the moment of the answer; null before the launch."},
};

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

/* Whether a text is a URL, by its field's name. */
static bool is_url(const struct field *field)
{
	return field->kind == TEXT &&
	       (ends_with(field->name, "url") || ends_with(field->name, "link") ||
	        ends_with(field->name, "_image"));
}

json_t *schema_reference(const char *name)
{
	return must(json_pack("{s:s+}", "$ref", "#/components/schemas/", name));
}

/* OpenAPI 3.0 ignores `nullable` beside `$ref`, so that what may be null is a choice with a schema of null. */
static json_t *reference_schema(const char *name, bool nullable)
{
	if (!nullable)
		return schema_reference(name);
	return must(json_pack("{s:s, s:b, s:[o, o]}", "type", "object", "nullable", 1, "anyOf",
	                      schema_reference(name), schema_reference(NULL_SCHEMA)));
}

static json_t *list_schema(const char *items, bool nullable)
{
	json_t *schema =
		must(json_pack("{s:s, s:o}", "type", "array", "items", schema_reference(items)));

	if (nullable)
		object_set(schema, "nullable", json_true());
	return schema;
}

/* A URL that is not known is null or, in some links that cannot be null, empty. */
static void describe_url(json_t *schema, const struct field *field)
{
	if (field->nullable || !ends_with(field->name, "_link"))
		object_set_text(schema, "format", "uri");
	else
		object_set(schema, "anyOf",
		           json_pack("[{s:s}, {s:i}]", "format", "uri", "maxLength", 0));
}

json_t *schema_of_key(const struct resource *resource)
{
	if (resource->uuid)
		return must(json_pack("{s:s, s:s}", "type", "string", "format", "uuid"));
	return must(json_pack("{s:s, s:s}", "type", "integer", "format", "int64"));
}

static json_t *scalar_schema(const struct field *field)
{
	const struct kind_schema *kind = &kind_schemas[field->kind];
	json_t *schema = must(json_object());

	object_set_text(schema, "type", kind->type);
	object_set_text(schema, "format", kind->format);
	if (is_url(field))
		describe_url(schema, field);
	if (field->nullable)
		object_set(schema, "nullable", json_true());
	object_set_text(schema, "description", field->title ? field->title : kind->description);
	return schema;
}

static json_t *mode_schema(const struct field *field, const char *mode)
{
	json_t *schema = scalar_schema(field);

	object_set(schema, "enum", json_pack("[s]", mode));
	object_set_text(schema, "default", mode);
	return schema;
}

static json_t *field_schema(const struct resource *resource, const struct field *field,
                            enum view_id view)
{
	enum view_id at = field_shown(resource, field, view);

	switch (field->kind) {
	case MODE:
		return mode_schema(field, resource_view(resource, view)->mode);
	case KEY:
		return schema_of_key(resource);
	case ONE:
		return reference_schema(resource_view(field->of, at)->schema, field->nullable);
	case MANY:
	case REVERSE:
		return list_schema(resource_view(field->of, at)->schema, field->nullable);
	default:
		return scalar_schema(field);
	}
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
	return must(json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties,
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
