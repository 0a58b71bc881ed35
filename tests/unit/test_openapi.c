/* The OpenAPI document against the contract's: the same schemas with the same fields in the same order, of the
   same types, the same paths and parameters; and against what is true of real answers. */
#include "serializer/openapi.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "resources/all.h"
#include "support/cmocka.h"

struct documents {
	json_t *ours;
	json_t *contract;
	json_t *spacecraft; /* what the contract's document lacks of that endpoint */
};

static int setup(void **state)
{
	static struct documents documents;

	documents.ours = openapi_document("https://example.org");
	documents.contract = json_load_file("tests/data/openapi-2.3.0.json", 0, NULL);
	documents.spacecraft = json_load_file("tests/data/spacecraft-2.3.0.json", 0, NULL);
	*state = &documents;
	return documents.contract && documents.spacecraft ? 0 : -1;
}

static int teardown(void **state)
{
	struct documents *documents = *state;

	json_decref(documents->ours);
	json_decref(documents->contract);
	json_decref(documents->spacecraft);
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

/* Addresses that the original serves as "" too, though its document says that they are URIs. */
static bool may_be_empty(const json_t *theirs, const char *name)
{
	const char *link = strstr(name, "_link");

	return (link && link[5] == '\0') ||
	       (json_is_true(json_object_get(theirs, "nullable")) && strcmp(name, "next") != 0 &&
	        strcmp(name, "previous") != 0);
}

/* Ours says of integers how many bits they have. */
static bool same_format(const char *ours, const json_t *theirs, const char *name)
{
	const char *format = or_empty(text_at(theirs, "format"));

	if (strcmp(format, "uri") == 0 && may_be_empty(theirs, name))
		format = "";
	return strcmp(strcmp(ours, "int32") == 0 ? "" : ours, format) == 0;
}

static void check_property(const char *schema, const char *name, const json_t *ours,
                           const json_t *theirs)
{
	const char *reference = reference_of(theirs), *title;

	if (strcmp(reference_of(ours), reference) != 0)
		fail_msg("%s.%s refers to %s", schema, name, reference_of(ours));
	if (strcmp(reference_of(json_object_get(ours, "items")),
	           reference_of(json_object_get(theirs, "items"))) != 0)
		fail_msg("%s.%s has other items", schema, name);
	/* The contract says the type of what is referred to only there. */
	if (*reference == '\0' &&
	    strcmp(or_empty(text_at(ours, "type")), or_empty(text_at(theirs, "type"))) != 0)
		fail_msg("%s.%s is %s", schema, name, or_empty(text_at(ours, "type")));
	if (!same_format(or_empty(text_at(ours, "format")), theirs, name))
		fail_msg("%s.%s has the format %s", schema, name,
		         or_empty(text_at(ours, "format")));
	if (strcmp(or_empty(text_at(ours, "default")), or_empty(text_at(theirs, "default"))) != 0)
		fail_msg("%s.%s has another default", schema, name);
	title = or_empty(text_at(theirs, text_at(theirs, "title") ? "title" : "description"));
	if (strcmp(or_empty(text_at(ours, "title")), title) != 0)
		fail_msg("%s.%s has another title", schema, name);
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

static void check_schemas(json_t *ours, json_t *theirs)
{
	const char *name;
	json_t *schema;

	json_object_foreach(theirs, name, schema)
	{
		if (!json_object_get(ours, name))
			fail_msg("no schema %s", name);
		check_schema(name, json_object_get(ours, name), schema);
	}
}

/* Its page, what is in that, and its errors. */
static void check_own_schemas(json_t *ours, const struct endpoint *endpoint)
{
	char name[100];
	const char *item = resource_view(endpoint->resource, endpoint->one)->schema;

	assert_non_null(json_object_get(ours, item));
	snprintf(name, sizeof(name), "PaginatedPolymorphic%sEndpointList", endpoint->model);
	assert_non_null(json_object_get(ours, name));
	snprintf(name, sizeof(name), "%sErrors", endpoint->model);
	assert_non_null(json_object_get(ours, name));
	snprintf(name, sizeof(name), "Polymorphic%sEndpoint", endpoint->model);
	assert_int_equal(json_object_get(ours, name) != NULL, endpoint->modes[0].name != NULL);
}

static void test_schemas(void **state)
{
	const struct documents *documents = *state;
	json_t *ours = schemas_of(documents->ours);
	json_t *theirs = schemas_of(documents->contract);
	json_t *more = json_object_get(documents->spacecraft, "schemas");

	check_schemas(ours, theirs);
	check_schemas(ours, more);
	assert_non_null(json_object_get(ours, "ErrorDetail"));
	for (size_t i = 0; i < endpoint_count; i++)
		check_own_schemas(ours, endpoints[i]);
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

/* The operation's parameter of that name, or NULL. */
static json_t *find_parameter(json_t *document, json_t *operation, const char *name)
{
	json_t *parameters = json_object_get(operation, "parameters");

	for (size_t i = 0; i < json_array_size(parameters); i++) {
		json_t *parameter = resolve(document, json_array_get(parameters, i));

		if (strcmp(text_at(parameter, "name"), name) == 0)
			return parameter;
	}
	return NULL;
}

/* Each error is described to its body. */
static void check_errors(json_t *document, json_t *operation, const char *const *statuses)
{
	for (; *statuses; statuses++) {
		json_t *answer =
			json_object_get(json_object_get(operation, "responses"), *statuses);

		answer = resolve(document, answer);
		if (!json_object_get(json_object_get(answer, "content"), "application/json"))
			fail_msg("%s has no %s", text_at(operation, "operationId"), *statuses);
	}
}

static json_t *operation_at(const struct documents *documents, const char *path)
{
	json_t *paths = json_object_get(documents->ours, "paths");
	json_t *operation = json_object_get(json_object_get(paths, path), "get");

	if (!operation)
		fail_msg("no path %s", path);
	return operation;
}

/* The contract's paths and parameters are all there. */
static void test_paths(void **state)
{
	static const char *const errors[] = {"404", "405", "406", NULL};
	struct documents *documents = *state;
	json_t *path, *parameter;
	const char *name;
	size_t i;

	json_object_foreach(json_object_get(documents->contract, "paths"), name, path)
	{
		json_t *theirs = json_object_get(path, "get");
		json_t *ours = operation_at(documents, name);

		assert_string_equal(text_at(ours, "operationId"), text_at(theirs, "operationId"));
		json_array_foreach(json_object_get(theirs, "parameters"), i, parameter)
		{
			if (!find_parameter(documents->ours, ours, text_at(parameter, "name")))
				fail_msg("%s has no %s", name, text_at(parameter, "name"));
		}
		check_errors(documents->ours, ours, errors);
	}
}

/* --- The other endpoint, against what the contract says of it. --- */

static void check_parameters(json_t *document, json_t *operation, const json_t *types)
{
	const char *name;
	json_t *type;

	json_object_foreach((json_t *)types, name, type)
	{
		json_t *parameter = find_parameter(document, operation, name);
		const char *ours = text_at(json_object_get(parameter, "schema"), "type");

		if (!parameter || strcmp(ours, json_string_value(type)) != 0)
			fail_msg("%s is %s", name, parameter ? ours : "missing");
	}
	/* Also `format`, which the original does not describe. */
	assert_int_equal(json_array_size(json_object_get(operation, "parameters")),
	                 json_object_size(types) + 1);
}

/* The description names exactly these, in backticks. */
static void check_names(const json_t *parameter, const json_t *names, size_t others)
{
	const char *text = text_at(parameter, "description");
	size_t ticks = 0, i;
	json_t *name;

	json_array_foreach(names, i, name)
	{
		char quoted[100];

		snprintf(quoted, sizeof(quoted), "`%s`", json_string_value(name));
		if (strstr(text, quoted) == NULL)
			fail_msg("no %s in: %s", quoted, text);
	}
	for (; *text; text++)
		ticks += *text == '`';
	assert_int_equal(ticks, 2 * (json_array_size(names) + others));
}

static void check_modes(const struct documents *documents, json_t *operation, const json_t *facts)
{
	json_t *schema =
		json_object_get(find_parameter(documents->ours, operation, "mode"), "schema");
	json_t *item =
		json_object_get(schemas_of(documents->ours), "PolymorphicSpacecraftEndpoint");
	json_t *modes = json_object_get(facts, "modes"), *view;
	json_t *choices = json_object_get(item, "oneOf");
	const char *mode;
	size_t i = 0;

	assert_string_equal(text_at(schema, "default"), text_at(facts, "default_mode"));
	assert_int_equal(json_array_size(json_object_get(schema, "enum")), json_object_size(modes));
	assert_int_equal(json_array_size(choices), json_object_size(modes));
	json_object_foreach(modes, mode, view)
	{
		assert_string_equal(
			json_string_value(json_array_get(json_object_get(schema, "enum"), i)),
			mode);
		assert_string_equal(reference_of(json_array_get(choices, i++)),
		                    json_string_value(view));
	}
}

static const char *schema_of_response(json_t *operation, const char *status)
{
	json_t *answer = json_object_get(json_object_get(operation, "responses"), status);

	answer = json_object_get(json_object_get(answer, "content"), "application/json");
	return reference_of(json_object_get(answer, "schema"));
}

static void test_spacecraft(void **state)
{
	static const char *const errors[] = {"400", "404", "405", "406", "429", "503", NULL};
	struct documents *documents = *state;
	json_t *facts = json_object_get(documents->spacecraft, "endpoint");
	json_t *list = operation_at(documents, text_at(facts, "path"));
	json_t *row = operation_at(documents, text_at(facts, "row_path"));
	json_t *page, *results;

	assert_string_equal(text_at(list, "operationId"), text_at(facts, "list"));
	assert_string_equal(text_at(row, "operationId"), text_at(facts, "row"));
	check_parameters(documents->ours, list, json_object_get(facts, "parameters"));
	check_names(find_parameter(documents->ours, list, "search"),
	            json_object_get(facts, "search"), 0);
	check_names(find_parameter(documents->ours, list, "ordering"),
	            json_object_get(facts, "ordering"), 1); /* also the `-` */
	check_modes(documents, list, facts);
	page = json_object_get(schemas_of(documents->ours), schema_of_response(list, "200"));
	results = json_object_get(json_object_get(page, "properties"), "results");
	assert_string_equal(reference_of(json_object_get(results, "items")),
	                    "PolymorphicSpacecraftEndpoint");
	assert_string_equal(schema_of_response(row, "200"), text_at(facts, "row_schema"));
	assert_string_equal(schema_of_response(row, "404"), "ErrorDetail");
	check_errors(documents->ours, list, errors);
	check_errors(documents->ours, row, errors);
}

/* --- What generators of clients need. --- */

/* Each is something that one of them makes a wrong type of. */
static void check_node(const char *name, json_t *node)
{
	if (json_object_get(node, "anyOf") || json_object_get(node, "text/html"))
		fail_msg("%s is a choice that clients cannot tell apart", name);
	if (json_is_true(json_object_get(node, "nullable")) && !text_at(node, "type"))
		fail_msg("%s may be null and has no type", name);
	if (json_array_size(json_object_get(node, "allOf")) > 1)
		fail_msg("%s is more than one schema", name);
}

static void check_nodes(const char *name, json_t *node)
{
	const char *key;
	json_t *child;
	size_t i;

	check_node(name, node);
	json_object_foreach(node, key, child)
	{
		check_nodes(key, child);
	}
	json_array_foreach(node, i, child)
	{
		check_nodes(name, child);
	}
}

static void check_described(const char *name, const json_t *schema)
{
	const char *text = text_at(schema, "description");
	size_t length = text ? strlen(text) : 0;

	if (length == 0 || text[length - 1] != '.' || strchr(text, '*'))
		fail_msg("%s is described as: %s", name, or_empty(text));
}

/* Schemas but those of the contract that are only a choice, and each of their fields. */
static void test_descriptions(void **state)
{
	const struct documents *documents = *state;
	const char *name, *field;
	json_t *schema, *property;

	json_object_foreach(schemas_of(documents->ours), name, schema)
	{
		if (!json_object_get(schema, "oneOf"))
			check_described(name, schema);
		json_object_foreach(json_object_get(schema, "properties"), field, property)
		{
			check_described(field, property);
		}
	}
}

static bool has_tag(const json_t *document, const char *name)
{
	json_t *tags = json_object_get(document, "tags");

	for (size_t i = 0; i < json_array_size(tags); i++)
		if (strcmp(text_at(json_array_get(tags, i), "name"), name) == 0)
			return text_at(json_array_get(tags, i), "description");
	return false;
}

static void test_generators(void **state)
{
	const struct documents *documents = *state;
	json_t *document = documents->ours, *path;
	json_t *servers = json_object_get(document, "servers");
	json_t *info = json_object_get(document, "info");
	json_t *limit;
	const char *name;

	check_nodes("the document", document);
	assert_int_equal(json_array_size(servers), 1);
	assert_string_equal(text_at(json_array_get(servers, 0), "url"), "https://example.org");
	assert_non_null(text_at(json_object_get(info, "contact"), "url"));
	assert_non_null(text_at(json_object_get(info, "license"), "url"));
	assert_true(json_is_array(json_object_get(document, "security")));
	json_object_foreach(json_object_get(document, "paths"), name, path)
	{
		json_t *tags = json_object_get(json_object_get(path, "get"), "tags");

		assert_true(has_tag(document, json_string_value(json_array_get(tags, 0))));
	}
	limit = find_parameter(document, operation_at(documents, "/2.3.0/spacecraft/"), "limit");
	/* More is served as 100 are. */
	assert_null(json_object_get(json_object_get(limit, "schema"), "maximum"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemas),      cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_paths),        cmocka_unit_test(test_spacecraft),
		cmocka_unit_test(test_descriptions), cmocka_unit_test(test_generators),
	};

	return RUN_TESTS("openapi", tests, setup, teardown);
}
