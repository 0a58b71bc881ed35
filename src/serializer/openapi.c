/* Generates the schemas of the OpenAPI document from the tables of fields. */
#include "serializer/openapi.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/memory.h"
#include "json_new.h"
#include "resources/all.h"

#define NULL_SCHEMA "Null"

/* All but the schemas of the resources. */
EMBED(openapi_json, "src/serializer/openapi.json");

static void set_string(json_t *object, const char *key, const char *value)
{
	if (value)
		object_set(object, key, json_string(value));
}

/* How a kind of field is described. Texts of this program's own making say so in their formats. */
static const struct kind_schema {
	const char *type;
	const char *format;
	const char *description;
} kind_schemas[FIELD_KINDS] = {
	[MODE] = {"string", NULL, "The level of detail of this object."},
	[KEY] = {"integer", "int64", NULL},
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

/* Fields whose names say that they hold addresses. */
static bool holds_address(const struct field *field)
{
	return field->kind == TEXT &&
	       (ends_with(field->name, "url") || ends_with(field->name, "link") ||
	        ends_with(field->name, "_image"));
}

static json_t *schema_reference(const char *name)
{
	return must(json_pack("{s:s+}", "$ref", "#/components/schemas/", name));
}

/* What may be null refers to a schema of null: beside a reference `nullable` would mean nothing. */
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

/* An address that is not known is null, or empty where it cannot be null. */
static void describe_address(json_t *schema, const struct field *field)
{
	if (field->nullable || !ends_with(field->name, "_link"))
		set_string(schema, "format", "uri");
	else
		object_set(schema, "anyOf",
		           json_pack("[{s:s}, {s:i}]", "format", "uri", "maxLength", 0));
}

static json_t *field_schema(const struct field *field, const struct resource *resource,
                            enum view_id view)
{
	const struct kind_schema *kind = &kind_schemas[field->kind];
	bool uuid = field->kind == KEY && resource->uuid;
	json_t *schema;

	if (field->kind == ONE || kind_is_list(field->kind)) {
		enum view_id at = field_shown(resource, field, view);
		const char *name = resource_view(field->of, at)->schema;

		return field->kind == ONE ? reference_schema(name, field->nullable)
		                          : list_schema(name, field->nullable);
	}
	schema = must(json_object());
	set_string(schema, "type", uuid ? "string" : kind->type);
	set_string(schema, "format", uuid ? "uuid" : kind->format);
	if (holds_address(field))
		describe_address(schema, field);
	if (field->nullable)
		object_set(schema, "nullable", json_true());
	if (field->kind == MODE) {
		const char *mode = resource_view(resource, view)->mode;

		object_set(schema, "enum", json_pack("[s]", mode));
		set_string(schema, "default", mode);
	}
	set_string(schema, "description", field->title ? field->title : kind->description);
	return schema;
}

/* Every field of a view is in every answer. */
static json_t *view_schema(const struct resource *resource, enum view_id view)
{
	json_t *properties = must(json_object());
	json_t *required = must(json_array());

	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (field_shown(resource, field, view) == ABSENT)
			continue;
		object_set(properties, field->name, field_schema(field, resource, view));
		array_append(required, json_string(field->name));
	}
	return must(json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties,
	                      "required", required));
}

/* The view's schema and, behind it, those that it refers to, each once. */
static void add_view(json_t *schemas, const struct resource *resource, enum view_id view)
{
	const char *name = resource_view(resource, view)->schema;

	if (json_object_get(schemas, name))
		return;
	object_set(schemas, name, view_schema(resource, view));
	for (size_t i = 0; i < resource->field_count; i++) {
		enum view_id at = field_shown(resource, &resource->fields[i], view);

		if (at != ABSENT && resource->fields[i].of)
			add_view(schemas, resource->fields[i].of, at);
	}
}

json_t *openapi_document(void)
{
	json_t *document = must(json_loads(openapi_json, 0, NULL));
	json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");

	add_view(schemas, &resource_spacecraft_flight, NORMAL);
	add_view(schemas, &resource_spacecraft_flight, DETAILED);
	return document;
}

void openapi_write(struct strbuf *out)
{
	json_t *document = openapi_document();
	char *text = must(json_dumps(document, JSON_COMPACT));

	strbuf_str(out, text);
	free(text);
	json_decref(document);
}
