/* The OpenAPI document against the contract's: the same schemas with the same fields in the same order,
   of the same types; and the same again against what is true of real answers. */
#include "serializer/openapi.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "support/cmocka.h"

struct documents {
	json_t *ours;
	json_t *contract;
};

static int setup(void **state)
{
	static struct documents documents;

	documents.ours = openapi_document();
	documents.contract = json_load_file("tests/data/openapi-2.3.0.json", 0, NULL);
	*state = &documents;
	return documents.contract ? 0 : -1;
}

static int teardown(void **state)
{
	struct documents *documents = *state;

	json_decref(documents->ours);
	json_decref(documents->contract);
	return 0;
}

static json_t *schemas_of(const json_t *document)
{
	return json_object_get(json_object_get(document, "components"), "schemas");
}

static const char *text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* The name that a property refers to: by itself, or as the first of a choice. */
static const char *reference_of(const json_t *property)
{
	static const char *const choices[] = {"allOf", "anyOf"};
	const char *reference = text_at(property, "$ref");

	for (size_t i = 0; i < 2 && !reference; i++)
		reference =
			text_at(json_array_get(json_object_get(property, choices[i]), 0), "$ref");
	return reference ? strrchr(reference, '/') + 1 : "";
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Ours says of integers how many bits they have, and of two kinds of addresses that they may be empty. */
static bool same_format(const char *ours, const char *theirs, const char *name)
{
	if (strcmp(ours, "int32") == 0 || strcmp(ours, "int64") == 0)
		ours = "";
	if (strcmp(name, "wiki_link") == 0 || strcmp(name, "info_link") == 0)
		return strcmp(ours, "") == 0 && strcmp(theirs, "uri") == 0;
	return strcmp(ours, theirs) == 0;
}

static void check_property(const char *schema, const char *name, const json_t *ours,
                           const json_t *theirs)
{
	const char *reference = reference_of(theirs);

	if (strcmp(reference_of(ours), reference) != 0)
		fail_msg("%s.%s refers to %s", schema, name, reference_of(ours));
	if (strcmp(reference_of(json_object_get(ours, "items")),
	           reference_of(json_object_get(theirs, "items"))) != 0)
		fail_msg("%s.%s has other items", schema, name);
	/* The contract says the type of what is referred to only there. */
	if (*reference == '\0' &&
	    strcmp(or_empty(text_at(ours, "type")), or_empty(text_at(theirs, "type"))) != 0)
		fail_msg("%s.%s is %s", schema, name, or_empty(text_at(ours, "type")));
	if (!same_format(or_empty(text_at(ours, "format")), or_empty(text_at(theirs, "format")),
	                 name))
		fail_msg("%s.%s has the format %s", schema, name,
		         or_empty(text_at(ours, "format")));
	if (strcmp(or_empty(text_at(ours, "default")), or_empty(text_at(theirs, "default"))) != 0)
		fail_msg("%s.%s has another default", schema, name);
	if (json_is_true(json_object_get(theirs, "nullable")) &&
	    !json_is_true(json_object_get(ours, "nullable")))
		fail_msg("%s.%s is not nullable", schema, name);
}

static void check_schema(const char *name, json_t *ours, json_t *theirs)
{
	json_t *our_properties = json_object_get(ours, "properties");
	json_t *their_properties = json_object_get(theirs, "properties");
	void *our = json_object_iter(our_properties);
	void *their = json_object_iter(their_properties);

	if (json_object_size(our_properties) != json_object_size(their_properties))
		fail_msg("%s has %zu fields", name, json_object_size(our_properties));
	while (our && their) {
		assert_string_equal(json_object_iter_key(our), json_object_iter_key(their));
		check_property(name, json_object_iter_key(our), json_object_iter_value(our),
		               json_object_iter_value(their));
		our = json_object_iter_next(our_properties, our);
		their = json_object_iter_next(their_properties, their);
	}
}

static void test_schemas(void **state)
{
	const struct documents *documents = *state;
	json_t *ours = schemas_of(documents->ours);
	json_t *theirs = schemas_of(documents->contract);
	const char *name;
	json_t *schema;

	json_object_foreach(theirs, name, schema)
	{
		if (!json_object_get(ours, name))
			fail_msg("no schema %s", name);
		check_schema(name, json_object_get(ours, name), schema);
	}
	/* Null, Error and Invalid are ours. */
	assert_int_equal(json_object_size(ours), json_object_size(theirs) + 3);
	assert_true(json_equal(json_object_get(ours, "PolymorphicSpacecraftFlightEndpoint"),
	                       json_object_get(theirs, "PolymorphicSpacecraftFlightEndpoint")));
}

/* What real answers have null although the contract's schema does not say so. */
static void test_nulls(void **state)
{
	static const char *const nulls[][2] = {
		{"SpacecraftFlightDetailed", "duration"},
		{"SpacecraftFlightDetailed", "turn_around_time"},
		{"SpacecraftFlightDetailed", "landing"},
		{"LandingLocation", "location"},
		{"DockingLocation", "spacestation"},
		{"DockingLocation", "spacecraft"},
		{"DockingLocation", "payload"},
		{"DockingEventForChaserNormal", "space_station_target"},
		{"DockingEventForChaserNormal", "flight_vehicle_target"},
		{"DockingEventForChaserNormal", "payload_flight_target"},
		{"AstronautDetailed", "image"},
	};
	const struct documents *documents = *state;

	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
		const json_t *schema = json_object_get(schemas_of(documents->ours), nulls[i][0]);
		const json_t *field =
			json_object_get(json_object_get(schema, "properties"), nulls[i][1]);

		if (!json_is_true(json_object_get(field, "nullable")))
			fail_msg("%s.%s is not nullable", nulls[i][0], nulls[i][1]);
	}
}

static json_t *resolve(json_t *document, json_t *value)
{
	const char *reference = text_at(value, "$ref");

	if (!reference)
		return value;
	value = json_object_get(document, "components");
	value = json_object_get(value, strncmp(reference, "#/components/parameters/", 24) == 0
	                                       ? "parameters"
	                                       : "responses");
	return json_object_get(value, strrchr(reference, '/') + 1);
}

static bool has_parameter(json_t *document, json_t *operation, const char *name)
{
	json_t *parameter;
	size_t i;

	json_array_foreach(json_object_get(operation, "parameters"), i,
	                   parameter) if (strcmp(text_at(resolve(document, parameter), "name"),
	                                         name) == 0) return true;
	return false;
}

/* The contract's paths and parameters are all there; each error is described to its body. */
static void test_paths(void **state)
{
	static const char *const errors[] = {"404", "405", "406"};
	struct documents *documents = *state;
	json_t *theirs = json_object_get(documents->contract, "paths");
	json_t *path, *parameter;
	const char *name;
	size_t i;

	json_object_foreach(theirs, name, path)
	{
		json_t *ours = json_object_get(json_object_get(documents->ours, "paths"), name);
		json_t *operation = json_object_get(ours, "get");

		if (!operation)
			fail_msg("no path %s", name);
		assert_string_equal(text_at(operation, "operationId"),
		                    text_at(json_object_get(path, "get"), "operationId"));
		json_array_foreach(json_object_get(json_object_get(path, "get"), "parameters"), i,
		                   parameter) if (!has_parameter(documents->ours, operation,
		                                                 text_at(parameter, "name")))
			fail_msg("%s has no %s", name, text_at(parameter, "name"));
		for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
			json_t *answer = json_object_get(operation, "responses");

			answer = resolve(documents->ours, json_object_get(answer, errors[i]));
			assert_non_null(json_object_get(json_object_get(answer, "content"),
			                                "application/json"));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemas),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
