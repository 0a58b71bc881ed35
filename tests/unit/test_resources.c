/* The tables of fields against the contract's OpenAPI document and its real documents. */
#include "resources/all.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

static json_t *load(const char *path)
{
	json_error_t error;
	json_t *value = json_load_file(path, 0, &error);

	if (value == NULL)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	return value;
}

static bool one_of(const char *name, const char *const *names)
{
	while (*names != NULL && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

/* --- The contract's schemas. A schema's name is looked up in the tables, so that every one that is
   reached must be the view of a resource. --- */

static const char *schema_of_reference(const json_t *property)
{
	const char *reference = json_string_value(json_object_get(property, "$ref"));

	if (reference == NULL)
		reference = json_string_value(json_object_get(
			json_array_get(json_object_get(property, "allOf"), 0), "$ref"));
	return reference == NULL ? NULL : strrchr(reference, '/') + 1;
}

static const char *schema_of_items(const json_t *property)
{
	return schema_of_reference(json_object_get(property, "items"));
}

static const struct resource *find_view(const char *schema, enum level *level)
{
	for (size_t r = 0; r < resource_count; r++)
		for (*level = LIST; *level <= DETAILED; (*level)++) {
			const char *name = resources[r]->views[*level - LIST].schema;

			if (name != NULL && strcmp(name, schema) == 0)
				return resources[r];
		}
	fail_msg("no resource has a view %s", schema);
	abort(); /* not reached */
}

/* The property's type and format, as `string/date-time`. */
static void type_of(const json_t *property, char out[64])
{
	const char *type = json_string_value(json_object_get(property, "type"));
	const char *format = json_string_value(json_object_get(property, "format"));

	snprintf(out, 64, "%s/%s", type ? type : "", format ? format : "");
}

static const char *kind_type(const struct resource *resource, enum kind kind)
{
	static const char *const types[FIELD_KINDS] = {
		[MODE] = "string/",
		[URL] = "string/uri",
		[INTEGER] = "integer/",
		[BOOLEAN] = "boolean/",
		[DOUBLE] = "number/double",
		[TIME] = "string/date-time",
		[DATE] = "string/date",
		[DURATION] = "string/",
		[CLOCK_DURATION] = "string/",
		[LIVE_DURATION] = "string/",
		[ELAPSED] = "string/",
		[ONE] = "/",
		[MANY] = "array/",
	};

	if (kind == KEY)
		return resource->uuid ? "string/uuid" : "integer/";
	return types[kind];
}

/* Strings that the contract does not tell from others by their format. */
static enum kind special_kind(const char *name)
{
	static const char *const live[] = {"time_in_space", "time_docked", NULL};
	static const char *const durations[] = {"turn_around_time", "fastest_turnaround",
	                                        "eva_time", NULL};

	if (strcmp(name, "response_mode") == 0)
		return MODE;
	if (strcmp(name, "duration") == 0)
		return ELAPSED;
	if (strcmp(name, "length_of_day") == 0)
		return CLOCK_DURATION;
	if (one_of(name, live))
		return LIVE_DURATION;
	return one_of(name, durations) ? DURATION : TEXT;
}

static void check_kind(const struct resource *resource, const struct field *field,
                       const json_t *property)
{
	char type[64];
	enum kind special = special_kind(field->name);

	type_of(property, type);
	if (field->kind == TEXT) {
		if (strcmp(type, "string/") != 0 && strcmp(type, "string/uri") != 0)
			fail_msg("%s.%s is %s", resource->name, field->name, type);
	} else if (strcmp(type, kind_type(resource, field->kind)) != 0) {
		fail_msg("%s.%s is %s", resource->name, field->name, type);
	}
	if (special != TEXT || strcmp(type, "string/") == 0)
		assert_int_equal(field->kind, special);
	if (field->kind == KEY)
		assert_string_equal(field->name, "id");
}

/* Real answers have more nulls than the contract: any object, and these. */
static void check_null(const struct resource *resource, const struct field *field,
                       const json_t *property)
{
	static const char *const null_in_practice[] = {"duration", "turn_around_time", NULL};
	bool nullable = json_is_true(json_object_get(property, "nullable")) || field->kind == ONE ||
	                one_of(field->name, null_in_practice);

	if (field->nullable != nullable)
		fail_msg("%s.%s: %snullable in the contract", resource->name, field->name,
		         nullable ? "" : "not ");
}

static void check_title(const struct resource *resource, const struct field *field,
                        const json_t *property)
{
	const char *title = json_string_value(json_object_get(property, "title"));

	if (title == NULL)
		title = json_string_value(json_object_get(property, "description"));
	if ((title == NULL) != (field->title == NULL) ||
	    (title != NULL && strcmp(title, field->title) != 0))
		fail_msg("%s.%s: its title is %s", resource->name, field->name,
		         title ? title : "none");
}

static void check_reference(const struct resource *resource, const struct field *field,
                            enum level level, const json_t *property)
{
	const char *schema =
		field->kind == MANY ? schema_of_items(property) : schema_of_reference(property);
	enum level at;
	const struct resource *of;

	if (field->kind != ONE && field->kind != MANY) {
		assert_null(schema);
		assert_null(field->of);
		return;
	}
	assert_non_null(schema);
	of = find_view(schema, &at);
	if (field->of != of || field_at(field, level) != at)
		fail_msg("%s.%s refers to %s", resource->name, field->name, schema);
	assert_true((field->null_column != NULL) ==
	            (field->kind == MANY && json_is_true(json_object_get(property, "nullable"))));
}

/* The view's label is the default of its response_mode. */
static void check_mode(const struct view *view, const json_t *properties)
{
	const json_t *mode = json_object_get(properties, "response_mode");

	if (mode == NULL)
		assert_null(view->mode);
	else
		assert_string_equal(view->mode,
		                    json_string_value(json_object_get(mode, "default")));
}

static const struct field *next_field(const struct resource *resource, enum level level, size_t *f)
{
	while (*f < resource->field_count && field_at(&resource->fields[*f], level) == ABSENT)
		++*f;
	return *f < resource->field_count ? &resource->fields[(*f)++] : NULL;
}

/* The next one, which must have that name. */
static const struct field *take_field(const struct resource *resource, enum level level, size_t *f,
                                      const char *name)
{
	const struct field *field = next_field(resource, level, f);

	if (field == NULL || strcmp(field->name, name) != 0) {
		fail_msg("%s: %s where there should be %s", resource->name,
		         field ? field->name : "no field", name);
		abort(); /* not reached */
	}
	return field;
}

/* Notes the schema and all that it refers to in `seen`. */
static void check_schema(json_t *schemas, const char *name, json_t *seen)
{
	enum level level;
	const struct resource *resource = find_view(name, &level);
	json_t *properties = json_object_get(json_object_get(schemas, name), "properties");
	const char *property_name;
	json_t *property;
	size_t f = 0;

	if (json_object_get(seen, name) != NULL)
		return;
	json_object_set_new(seen, name, json_true());
	assert_true(json_object_size(properties) > 0);
	check_mode(&resource->views[level - LIST], properties);
	json_object_foreach(properties, property_name, property)
	{
		const struct field *field = take_field(resource, level, &f, property_name);

		check_kind(resource, field, property);
		check_null(resource, field, property);
		check_title(resource, field, property);
		check_reference(resource, field, level, property);
		if (field->of != NULL)
			check_schema(schemas,
			             field->of->views[field_at(field, level) - LIST].schema, seen);
	}
	if (next_field(resource, level, &f) != NULL)
		fail_msg("%s has fields that the contract lacks", name);
}

static void test_contract(void **state)
{
	json_t *contract = load("tests/data/openapi-2.3.0.json");
	json_t *schemas = json_object_get(json_object_get(contract, "components"), "schemas");
	json_t *seen = json_object();
	size_t views = 0;

	(void)state;
	check_schema(schemas, "SpacecraftFlightNormal", seen);
	check_schema(schemas, "SpacecraftFlightDetailed", seen);
	for (size_t r = 0; r < resource_count; r++)
		for (int v = 0; v < LEVELS; v++)
			views += resources[r]->views[v].schema != NULL;
	assert_int_equal(json_object_size(seen), views);
	/* All the document's schemas but the page, the choice between the two modes and the throttle. */
	assert_int_equal(json_object_size(schemas), views + 3);
	json_decref(seen);
	json_decref(contract);
}

/* --- Real documents: the same keys in the same order, and urls of the resources' paths. --- */

static void check_document(const struct resource *resource, enum level level,
                           const json_t *document);

static void check_url(const struct resource *resource, const json_t *document)
{
	const char *url = json_string_value(json_object_get(document, "url"));
	const json_t *id = json_object_get(document, "id");
	char path[128];

	if (json_is_string(id))
		snprintf(path, sizeof(path), VERSION_PATH "%s/%s/", resource->path,
		         json_string_value(id));
	else
		snprintf(path, sizeof(path), VERSION_PATH "%s/%" JSON_INTEGER_FORMAT "/",
		         resource->path, json_integer_value(id));
	if (strstr(url, path) == NULL)
		fail_msg("%s is not at %s", url, path);
}

static void check_value(const struct resource *resource, const struct field *field,
                        enum level level, const json_t *value)
{
	enum level at = field_at(field, level);
	size_t i;
	json_t *item;

	if (json_is_null(value)) {
		if (!field->nullable)
			fail_msg("%s.%s is null", resource->name, field->name);
	} else if (field->kind == ONE) {
		check_document(field->of, at, value);
	} else if (field->kind == MANY) {
		json_array_foreach(value, i, item)
		{
			check_document(field->of, at, item);
		}
	} else if (field->kind == MODE) {
		assert_string_equal(json_string_value(value), resource->views[level - LIST].mode);
	}
}

static void check_document(const struct resource *resource, enum level level,
                           const json_t *document)
{
	size_t f = 0;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)document, name, value)
	{
		const struct field *field = take_field(resource, level, &f, name);

		if (field->kind == URL)
			check_url(resource, document);
		check_value(resource, field, level, value);
	}
	assert_null(next_field(resource, level, &f));
}

static void test_real_documents(void **state)
{
	json_t *flight = load("tests/data/flight-864.json");
	json_t *crewed = load("tests/data/flight-840.json");
	json_t *launches = load("tests/data/real-launch.json");

	(void)state;
	check_document(&resource_spacecraft_flight, DETAILED, flight);
	check_document(&resource_spacecraft_flight, DETAILED, crewed);
	check_document(&resource_launch, NORMAL, json_array_get(launches, 0));
	json_decref(flight);
	json_decref(crewed);
	json_decref(launches);
}

/* --- What the walkers of the tables rely on. --- */

static bool has_view(const struct resource *resource, enum level level)
{
	return resource->views[level - LIST].schema != NULL;
}

static void check_field(const struct resource *resource, const struct field *field)
{
	bool refers = field->kind == ONE || field->kind == MANY;

	assert_ptr_equal(resource_field(resource, field->name), field);
	assert_true(refers == (field->of != NULL));
	assert_true((field->column != NULL) ==
	            (field->kind == MANY || kind_has_column(field->kind)));
	assert_true((field_sql_type(resource, field) != NULL) == kind_has_column(field->kind));
	assert_true(field->null_column == NULL || (field->kind == MANY && field->nullable));
	assert_true(field->grows_if == NULL || field->kind == LIVE_DURATION);
	if (field->kind == ONE)
		assert_false(field->of->keyless);
	for (enum level level = LIST; refers && level <= DETAILED; level++)
		if (has_view(resource, level) && field_at(field, level) != ABSENT)
			assert_true(has_view(field->of, field_at(field, level)));
}

static size_t count_kind(const struct resource *resource, enum kind kind)
{
	size_t count = 0;

	for (size_t f = 0; f < resource->field_count; f++)
		count += resource->fields[f].kind == kind;
	return count;
}

static bool has_label(const struct resource *resource)
{
	for (int v = 0; v < LEVELS; v++)
		if (resource->views[v].mode != NULL)
			return true;
	return false;
}

static void test_tables_hold_together(void **state)
{
	(void)state;
	assert_int_equal(resource_count, RESOURCE_COUNT);
	for (size_t r = 0; r < resource_count; r++) {
		const struct resource *resource = resources[r];

		assert_int_equal(resource->index, r);
		assert_true(resource->field_count <= RESOURCE_FIELDS_MAX);
		assert_int_equal(count_kind(resource, KEY), resource->keyless ? 0 : 1);
		assert_int_equal(count_kind(resource, URL), resource->path != NULL);
		assert_int_equal(count_kind(resource, MODE), has_label(resource));
		assert_true((count_kind(resource, LIVE_DURATION) > 0) == resource->as_of);
		assert_true(!resource->as_of || resource_field(resource, "in_space") != NULL);
		for (size_t f = 0; f < resource->field_count; f++)
			check_field(resource, &resource->fields[f]);
	}
}

/* A larger view of a resource has what a smaller one has, and shows no less of what it refers to. */
static void test_views_grow(void **state)
{
	(void)state;
	for (size_t r = 0; r < resource_count; r++) {
		enum level smaller = ABSENT;

		for (enum level level = LIST; level <= DETAILED; level++) {
			if (!has_view(resources[r], level))
				continue;
			for (size_t f = 0; f < resources[r]->field_count; f++) {
				const struct field *field = &resources[r]->fields[f];

				if (field_at(field, level) < field_at(field, smaller))
					fail_msg("%s.%s", resources[r]->name, field->name);
			}
			smaller = level;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contract),
		cmocka_unit_test(test_real_documents),
		cmocka_unit_test(test_tables_hold_together),
		cmocka_unit_test(test_views_grow),
	};

	return cmocka_run_group_tests_name("resources", tests, NULL, NULL);
}
