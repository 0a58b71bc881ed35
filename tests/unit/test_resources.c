/* The tables of fields against the contract's OpenAPI documents and its real documents; and whether the tables of
   resources and endpoints are consistent. */
#include "resources/all.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browsable/format.h"
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

static const struct resource *find_view(const char *schema, enum view_id *view)
{
	for (size_t r = 0; r < resource_count; r++)
		for (*view = MINI; *view <= VIEWS_MAX; (*view)++) {
			const char *name = resource_view(resources[r], *view)->schema;

			if (name != NULL && strcmp(name, schema) == 0)
				return resources[r];
		}
	fail_msg("no resource has a view %s", schema);
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
		[REVERSE] = "array/",
		[REVERSE_ONE] = "/",
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
                            enum view_id view, const json_t *property)
{
	bool list = kind_is_list(field->kind);
	const char *schema = list ? schema_of_items(property) : schema_of_reference(property);
	enum view_id at;
	const struct resource *of;

	if (field->kind != ONE && !list) {
		assert_null(schema);
		assert_null(field->of);
		return;
	}
	assert_non_null(schema);
	of = find_view(schema, &at);
	if (field->of != of || field_shown(resource, field, view) != at)
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

static const struct field *next_field(const struct resource *resource, enum view_id view, size_t *f)
{
	while (*f < resource->field_count &&
	       field_shown(resource, &resource->fields[*f], view) == ABSENT)
		++*f;
	return *f < resource->field_count ? &resource->fields[(*f)++] : NULL;
}

/* The next one, which must have that name. */
static const struct field *take_field(const struct resource *resource, enum view_id view, size_t *f,
                                      const char *name)
{
	const struct field *field = next_field(resource, view, f);

	if (field == NULL || strcmp(field->name, name) != 0)
		fail_msg("%s: %s where there should be %s", resource->name,
		         field ? field->name : "no field", name);
	return field;
}

/* Notes the schema and all that it refers to in `seen`. */
static void check_schema(json_t *schemas, const char *name, json_t *seen)
{
	enum view_id view;
	const struct resource *resource = find_view(name, &view);
	json_t *properties = json_object_get(json_object_get(schemas, name), "properties");
	const char *property_name;
	json_t *property;
	size_t f = 0;

	if (json_object_get(seen, name) != NULL)
		return;
	json_object_set_new(seen, name, json_true());
	assert_true(json_object_size(properties) > 0);
	check_mode(resource_view(resource, view), properties);
	json_object_foreach(properties, property_name, property)
	{
		const struct field *field = take_field(resource, view, &f, property_name);

		check_kind(resource, field, property);
		check_null(resource, field, property);
		check_title(resource, field, property);
		check_reference(resource, field, view, property);
		if (field->of != NULL)
			check_schema(schemas,
			             resource_view(field->of, field_shown(resource, field, view))
			                     ->schema,
			             seen);
	}
	if (next_field(resource, view, &f) != NULL)
		fail_msg("%s has fields that the contract lacks", name);
}

static void test_contract(void **state)
{
	json_t *contract = load("tests/data/openapi-2.3.0.json");
	json_t *more = load("tests/data/spacecraft-2.3.0.json");
	json_t *schemas = json_object_get(json_object_get(contract, "components"), "schemas");
	json_t *seen = json_object();

	(void)state;
	/* The document's schemas but the page, the choice between the two modes and the throttle. */
	size_t all = json_object_size(schemas) - 3;
	assert_int_equal(json_object_update(schemas, json_object_get(more, "schemas")), 0);
	all += json_object_size(json_object_get(more, "schemas"));
	check_schema(schemas, "SpacecraftFlightNormal", seen);
	check_schema(schemas, "SpacecraftFlightDetailed", seen);
	check_schema(schemas, "SpacecraftEndpointDetailed", seen);
	assert_int_equal(json_object_size(seen), all);
	json_decref(seen);
	json_decref(more);
	json_decref(contract);
}

/* --- All documents of the original, by tests/data/documents.tsv. --- */

#define LINE_PARTS 4

/* What the lines so far have said: the view that they are of, how far its fields have come, and which fields may be
   null by some view. */
struct documents {
	const struct resource *resource;
	enum view_id view;
	size_t field, views;
	bool null[RESOURCE_COUNT][RESOURCE_FIELDS_MAX];
};

/* Also the texts that are durations. */
static const char *type_of_kind(enum kind kind)
{
	static const char *const types[FIELD_KINDS] = {
		[INTEGER] = "integer", [BOOLEAN] = "boolean", [DOUBLE] = "double",
		[TIME] = "date-time",  [DATE] = "date",       [URL] = "uri",
	};

	return types[kind] ? types[kind] : "string";
}

static bool is_duration(const char *name)
{
	static const char *const names[] = {"duration",           "turn_around_time",
	                                    "pad_turnaround",     "relative_time",
	                                    "fastest_turnaround", "eva_time",
	                                    "time_in_space",      "time_docked",
	                                    "length_of_day",      NULL};

	return one_of(name, names);
}

static bool kind_is_duration(enum kind kind)
{
	return kind == DURATION || kind == CLOCK_DURATION || kind == LIVE_DURATION ||
	       kind == ELAPSED;
}

static void check_documented_scalar(const struct resource *resource, const struct field *field,
                                    const char *type)
{
	const char *expected = type_of_kind(field->kind);

	if (field->kind == KEY)
		expected = resource->uuid ? "uuid" : "integer";
	if (field->kind == TEXT && strcmp(type, "uri") == 0)
		expected = "uri"; /* stored as any text */
	if (field->of != NULL || strcmp(type, expected) != 0)
		fail_msg("%s.%s is %s", resource->name, field->name, type);
	assert_true(kind_is_duration(field->kind) == is_duration(field->name));
	assert_true((field->kind == MODE) == (strcmp(field->name, "response_mode") == 0));
}

static void check_documented_reference(const struct resource *resource, const struct field *field,
                                       enum view_id view, const char *schema, bool list)
{
	enum view_id at;
	const struct resource *of = find_view(schema, &at);

	if (field->of != of || field_shown(resource, field, view) != at ||
	    kind_is_list(field->kind) != list || kind_is_one(field->kind) == list)
		fail_msg("%s.%s shows %s", resource->name, field->name, schema);
}

static void check_documented(struct documents *documents, const char *name, char *type, bool null)
{
	const struct resource *resource = documents->resource;
	const struct field *field;
	bool list;

	assert_non_null(resource);
	assert_non_null(name);
	assert_non_null(type);
	field = take_field(resource, documents->view, &documents->field, name);
	list = type[0] == '[';
	if (list)
		type[strlen(type) - 1] = '\0';
	if (list || (type[0] >= 'A' && type[0] <= 'Z'))
		check_documented_reference(resource, field, documents->view, type + list, list);
	else
		check_documented_scalar(resource, field, type);
	if (null)
		documents->null[resource->index][field - resource->fields] = true;
}

static void end_documented(struct documents *documents)
{
	if (documents->resource != NULL &&
	    next_field(documents->resource, documents->view, &documents->field) != NULL)
		fail_msg("%s: a view has fields that the original lacks",
		         documents->resource->name);
}

static void begin_documented(struct documents *documents, const char *schema, const char *mode)
{
	const struct view *view;

	end_documented(documents);
	documents->resource = find_view(schema, &documents->view);
	documents->field = 0;
	documents->views++;
	view = resource_view(documents->resource, documents->view);
	assert_string_equal(view->mode ? view->mode : "-", mode);
}

/* Null is what some view says, and everything that real answers have shown: any object, and these durations. */
static void check_documented_nulls(const struct documents *documents)
{
	static const char *const in_practice[] = {"duration", "turn_around_time", "pad_turnaround",
	                                          NULL};

	for (size_t r = 0; r < resource_count; r++)
		for (size_t f = 0; f < resources[r]->field_count; f++) {
			const struct field *field = &resources[r]->fields[f];

			if (field->nullable != (documents->null[r][f] || kind_is_one(field->kind) ||
			                        one_of(field->name, in_practice)))
				fail_msg("%s.%s", resources[r]->name, field->name);
		}
}

static void test_documents(void **state)
{
	struct documents documents = {.views = 0};
	FILE *file = fopen("tests/data/documents.tsv", "r");
	char line[256];
	size_t views = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		char *rest = line, *part[LINE_PARTS] = {NULL};

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		for (size_t i = 0; i < LINE_PARTS && rest != NULL; i++)
			part[i] = strsep(&rest, "\t");
		if (part[0][0] != '\0')
			begin_documented(&documents, part[0], part[1]);
		else
			check_documented(&documents, part[1], part[2], part[3] != NULL);
	}
	end_documented(&documents);
	fclose(file);
	for (size_t r = 0; r < resource_count; r++)
		for (int v = 0; v < VIEWS_MAX; v++)
			views += resources[r]->views[v].schema != NULL;
	assert_int_equal(documents.views, 135);
	assert_int_equal(views, documents.views);
	check_documented_nulls(&documents);
}

/* --- Real documents: the same keys in the same order, and urls of the resources' paths. --- */

static void check_document(const struct resource *resource, enum view_id view,
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
                        enum view_id view, const json_t *value)
{
	enum view_id at = field_shown(resource, field, view);
	size_t i;
	json_t *item;

	if (json_is_null(value)) {
		if (!field->nullable)
			fail_msg("%s.%s is null", resource->name, field->name);
	} else if (kind_is_one(field->kind)) {
		check_document(field->of, at, value);
	} else if (kind_is_list(field->kind)) {
		json_array_foreach(value, i, item)
		{
			check_document(field->of, at, item);
		}
	} else if (field->kind == MODE) {
		assert_string_equal(json_string_value(value), resource_view(resource, view)->mode);
	}
}

static void check_document(const struct resource *resource, enum view_id view,
                           const json_t *document)
{
	size_t f = 0;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)document, name, value)
	{
		const struct field *field = take_field(resource, view, &f, name);

		if (field->kind == URL)
			check_url(resource, document);
		check_value(resource, field, view, value);
	}
	assert_null(next_field(resource, view, &f));
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

static bool has_view(const struct resource *resource, enum view_id view)
{
	return view != ABSENT && view <= VIEWS_MAX && resource_view(resource, view)->schema != NULL;
}

/* The way back leads from the item to the resource that has it. */
static void check_back(const struct resource *resource, const struct field *field)
{
	struct field_path path = field_path_of(field->of, field->back);

	if (field_path_end(&path)->of != resource || field->of->keyless)
		fail_msg("%s.%s: no way back", resource->name, field->name);
}

static void check_field(const struct resource *resource, const struct field *field)
{
	bool refers =
		kind_is_one(field->kind) || kind_is_list(field->kind) || field->kind == BY_NAME;
	bool rows = field->kind == REVERSE || field->kind == REVERSE_ONE;

	assert_ptr_equal(resource_field(resource, field->name), field);
	assert_true(refers == (field->of != NULL));
	assert_true((field->column != NULL) == (field->kind == MANY || field->kind == BY_NAME ||
	                                        kind_has_column(field->kind)));
	assert_true((field_sql_type(resource, field) != NULL) == kind_has_column(field->kind));
	assert_true(field->null_column == NULL || (field->kind == MANY && field->nullable));
	assert_true(field->grows_if == NULL || field->kind == LIVE_DURATION);
	if (field->kind == ONE)
		assert_false(field->of->keyless);
	assert_true(field->back == NULL ? !rows : rows || field->kind == MANY);
	assert_true(field->where == NULL || rows);
	assert_true((field->from == NULL) == (field->until == NULL));
	if (field->from != NULL) {
		assert_int_equal(field->kind, REVERSE);
		assert_int_equal(resource_field(field->of, field->from)->kind, TIME);
		assert_int_equal(resource_field(field->of, field->until)->kind, TIME);
	}
	if (field->back != NULL)
		check_back(resource, field);
	for (enum view_id view = MINI; refers && view <= VIEWS_MAX; view++)
		if (has_view(resource, view) && field_shown(resource, field, view) != ABSENT)
			assert_true(has_view(field->of, field_shown(resource, field, view)));
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
	for (int v = 0; v < VIEWS_MAX; v++)
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

/* A larger base view of a resource has what a smaller one has, and shows no less of what it refers to. */
static void test_views_grow(void **state)
{
	(void)state;
	for (size_t r = 0; r < resource_count; r++) {
		enum view_id smaller = ABSENT;

		for (enum view_id view = MINI; view < OTHER_VIEWS; view++) {
			if (!has_view(resources[r], view))
				continue;
			for (size_t f = 0; f < resources[r]->field_count; f++) {
				const struct field *field = &resources[r]->fields[f];

				if (smaller != ABSENT &&
				    field_shown(resources[r], field, view) <
				            field_shown(resources[r], field, smaller))
					fail_msg("%s.%s", resources[r]->name, field->name);
			}
			smaller = view;
		}
	}
}

/* A view that is said as another one with a difference: each change names a field, and changes it. */
static void check_other_view(const struct resource *resource, enum view_id number)
{
	const struct view *view = resource_view(resource, number);

	assert_in_range(view->base, MINI, FULL);
	for (size_t i = 0; i < VIEW_CHANGES_MAX && view->without[i] != NULL; i++) {
		const struct field *field = resource_field(resource, view->without[i]);

		assert_non_null(field);
		assert_int_not_equal(field_shown(resource, field, view->base), ABSENT);
		assert_int_equal(field_shown(resource, field, number), ABSENT);
	}
	for (size_t i = 0; i < VIEW_CHANGES_MAX && view->with[i].field != NULL; i++) {
		const struct field *field = resource_field(resource, view->with[i].field);

		assert_non_null(field);
		assert_int_not_equal(view->with[i].view, field_shown(resource, field, view->base));
		assert_int_equal(field_shown(resource, field, number), view->with[i].view);
		assert_true(field->of == NULL || has_view(field->of, view->with[i].view));
	}
}

static void test_other_views(void **state)
{
	(void)state;
	for (size_t r = 0; r < resource_count; r++)
		for (enum view_id view = MINI; view <= VIEWS_MAX; view++) {
			const struct view *is = resource_view(resources[r], view);

			if (is->schema != NULL && view >= OTHER_VIEWS)
				check_other_view(resources[r], view);
			else /* a base view is as the fields say, or there is none */
				assert_true(is->base == ABSENT && is->without[0] == NULL &&
				            is->with[0].field == NULL);
		}
}

/* --- Endpoints. --- */

/* The field that a path ends at; the path goes over references and lists. */
static const struct field *end_of(const struct resource *resource, const char *names)
{
	/* Ends the process where there is none. */
	struct field_path path = field_path_of(resource, names);

	for (size_t i = 0; i + 1 < path.count; i++)
		if (path.step[i]->of == NULL)
			fail_msg("%s goes on behind a scalar", names);
	return field_path_end(&path);
}

/* The field that a path of columns ends at. */
static const struct field *column_at(const struct resource *resource, const char *names)
{
	const struct field *field = end_of(resource, names);

	/* The duration of a flight is computed of columns. */
	assert_true(kind_has_column(field->kind) || field->kind == ELAPSED);
	return field;
}

/* Whether a field stands for keys: its own, or those of what it refers to. */
static bool is_key(const struct field *field)
{
	return field->kind == KEY || field->of != NULL;
}

static bool boolean_suits(const struct filter *filter, const struct field *field)
{
	switch (filter->lookup) {
	case LOOKUP_EXISTS:
		return true;
	case LOOKUP_POSITIVE:
		return field->kind == INTEGER;
	case LOOKUP_PAST:
		return field->kind == TIME;
	case LOOKUP_NAMED:
		return field->kind == TEXT && filter->text != NULL;
	default:
		return filter->lookup == LOOKUP_EXACT && field->kind == BOOLEAN;
	}
}

static bool filter_suits(const struct filter *filter, const struct field *field)
{
	enum kind kind = field->kind;

	switch (filter->match) {
	case MATCH_CHOICE:
		return kind == ONE || kind == BY_NAME;
	case MATCH_CHOICES:
		return kind == MANY || kind == REVERSE;
	case MATCH_BOOLEAN:
		return boolean_suits(filter, field);
	case MATCH_TEXT:
	case MATCH_TEXTS:
		return kind == TEXT;
	case MATCH_NUMBER:
		return kind == INTEGER || kind == DOUBLE || is_key(field);
	case MATCH_NUMBERS:
		return filter->lookup >= LOOKUP_DAY ? kind == TIME || kind == DATE
		                                    : kind == INTEGER || is_key(field);
	case MATCH_UUIDS:
		return kind == KEY || (field->of != NULL && field->of->uuid);
	case MATCH_DATE:
		return kind == DATE || kind == TIME;
	case MATCH_MOMENT:
		return kind == TIME;
	}
	return false;
}

static void check_filters(const struct endpoint *endpoint)
{
	assert_true(endpoint->filter_count <= FILTERS_MAX);
	for (size_t i = 0; i < endpoint->filter_count; i++) {
		const struct filter *filter = &endpoint->filters[i];
		const struct field *field = end_of(endpoint->resource, filter->path);

		if (!filter_suits(filter, field))
			fail_msg("%s matches another kind of field", filter->name);
		assert_non_null(filter->label);
		/* The catalog reads a column of the resource itself. */
		if (filter->indexed)
			assert_true(filter->match == MATCH_CHOICE && !field->of->uuid &&
			            resource_field(endpoint->resource, filter->path) == field);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(filter->name, endpoint->filters[j].name);
	}
}

static void check_orderings_and_search(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->ordering_count; i++) {
		const struct ordering *ordering = &endpoint->orderings[i];

		(void)column_at(endpoint->resource, ordering_path(ordering));
		if (ordering->label != NULL)
			assert_true(ordering->ascending && ordering->descending);
		assert_string_not_equal(ordering->term, "id"); /* orders_by_id */
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(ordering->term, endpoint->orderings[j].term);
	}
	assert_true((endpoint->search_count > 0 || endpoint->search_table) ==
	            (endpoint->search_hint != NULL));
	for (size_t i = 0; i < endpoint->search_count; i++) {
		enum kind kind = column_at(endpoint->resource, endpoint->search[i])->kind;

		assert_true(kind == TEXT || kind == INTEGER);
	}
}

/* A part has the resource and the order of the whole; its window is on that order, which is an ordering. */
static void check_order_and_parts(const struct endpoint *endpoint)
{
	const struct endpoint *whole = endpoint_of(endpoint->resource);
	bool found = endpoint->order == NULL;

	assert_ptr_equal(endpoint->whole ? endpoint->whole : endpoint, whole);
	if (endpoint->whole != NULL) {
		assert_true(endpoint->window != WINDOW_ALL);
		assert_non_null(endpoint->order);
		assert_string_equal(endpoint->order, whole->order);
	} else {
		assert_int_equal(endpoint->window, WINDOW_ALL);
	}
	for (size_t i = 0; endpoint->order && i < endpoint->ordering_count; i++)
		found = found ||
		        strcmp(ordering_path(&endpoint->orderings[i]), endpoint->order) == 0;
	assert_true(found);
	if (endpoint->order != NULL)
		assert_int_equal(resource_field(endpoint->resource, endpoint->order)->kind, TIME);
}

/* The kind at the end of a path in the documents of a view. `of` and `view` go on to what that refers to. */
static enum kind shown_at(const struct resource **of, enum view_id *view, const char *names)
{
	struct field_path path = field_path_of(*of, names);

	for (size_t i = 0; i < path.count; i++) {
		enum view_id at = field_shown(*of, path.step[i], *view);

		if (at == ABSENT)
			fail_msg("%s is not in the view", names);
		if (i + 1 < path.count)
			assert_true(kind_is_one(path.step[i]->kind));
		*of = path.step[i]->of;
		*view = at;
	}
	return field_path_end(&path)->kind;
}

/* Whether a value is shown as such values are. */
static bool suits(const char *format, enum kind kind, const struct resource *of)
{
	switch (kind) {
	case TIME:
		return strcmp(format, "moment") == 0 || strcmp(format, "day") == 0;
	case DATE:
		return strcmp(format, "day") == 0;
	case DURATION:
	case LIVE_DURATION:
		return strcmp(format, "duration") == 0;
	case BOOLEAN:
		return strcmp(format, "truth") == 0;
	case TEXT:
		return strcmp(format, "web") == 0;
	default:
		return of == &resource_launch && strcmp(format, "net") == 0;
	}
}

/* Whether it needs no format: a text, a number, or what is shown by a name. */
static bool is_plain(enum kind kind, const struct resource *of, enum view_id view)
{
	static const char *const names[] = {"full_name", "name", "serial_number", "title"};

	for (size_t i = 0; of && i < sizeof(names) / sizeof(names[0]); i++) {
		const struct field *name = resource_field(of, names[i]);

		if (name && field_shown(of, name, view) != ABSENT)
			return true;
	}
	return kind == TEXT || kind == INTEGER || kind == DOUBLE || kind == KEY ||
	       kind == CLOCK_DURATION;
}

/* Every page has facts, or a story. */
static void check_facts(const struct endpoint *endpoint)
{
	assert_int_equal(endpoint->fact_count == 0, endpoint == FLIGHT_ENDPOINT);
	for (size_t i = 0; i < endpoint->fact_count; i++) {
		const struct fact *fact = &endpoint->facts[i];
		const struct resource *of = endpoint->resource;
		enum view_id view = endpoint->one;
		enum kind kind = fact->path[0] ? shown_at(&of, &view, fact->path) : ONE;

		if (fact->item) {
			assert_true(kind_is_list(kind) || kind_is_one(kind));
			kind = shown_at(&of, &view, fact->item);
		}
		if (fact->format ? !format_exists(text_of(fact->format)) ||
		                           !suits(fact->format, kind, of)
		                 : !is_plain(kind, of, view))
			fail_msg("%s, %s: cannot be shown so", endpoint->path, fact->label);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(endpoint->facts[j].label, fact->label);
	}
}

static void check_card_path(const struct endpoint *endpoint, const char *path, enum kind kind)
{
	for (size_t i = 0; path != NULL && i < MODES_MAX && endpoint->modes[i].name; i++) {
		const struct resource *of = endpoint->resource;
		enum view_id view = endpoint->modes[i].view;

		assert_int_equal(shown_at(&of, &view, path), kind);
		if (kind == ONE)
			assert_ptr_equal(of, &resource_image);
	}
}

static void check_modes(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < MODES_MAX && endpoint->modes[i].name; i++) {
		assert_true(has_view(endpoint->resource, endpoint->modes[i].view));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(endpoint->modes[i].name, endpoint->modes[j].name);
	}
	assert_true(has_view(endpoint->resource, endpoint->one));
}

static bool view_has(const struct resource *resource, enum view_id view, const char *name)
{
	const struct field *field = resource_field(resource, name);

	return field != NULL && field_shown(resource, field, view) != ABSENT;
}

/* Whether a view of some list has all fields by which another list's documents are known. */
static bool has_signature_of(const struct endpoint *endpoint, enum view_id view,
                             const struct endpoint *other)
{
	for (size_t i = 0; i < SIGNATURE_MAX && other->signature[i]; i++)
		if (!view_has(endpoint->resource, view, other->signature[i]))
			return false;
	return true;
}

static void check_signature(const struct endpoint *endpoint)
{
	if (!endpoint->signature[0])
		return;
	assert_true(has_signature_of(endpoint, endpoint->one, endpoint));
	for (size_t i = 0; i < endpoint_count; i++) {
		const struct endpoint *other = endpoints[i];

		if (other->resource == endpoint->resource)
			continue;
		assert_false(has_signature_of(other, other->one, endpoint));
		for (size_t m = 0; m < MODES_MAX && other->modes[m].name; m++)
			assert_false(has_signature_of(other, other->modes[m].view, endpoint));
	}
}

static void test_endpoints(void **state)
{
	(void)state;
	for (size_t i = 0; i < endpoint_count; i++) {
		const struct endpoint *endpoint = endpoints[i];

		check_order_and_parts(endpoint);
		assert_ptr_equal(endpoint_at(text_of(endpoint->path)), endpoint);
		assert_false(endpoint->resource->keyless);
		assert_true(endpoint->model && endpoint->title && endpoint->titles &&
		            endpoint->noun && endpoint->nouns);
		assert_true((endpoint->example != NULL) == (endpoint->filter_count > 0));
		check_modes(endpoint);
		check_signature(endpoint);
		check_filters(endpoint);
		check_orderings_and_search(endpoint);
		check_facts(endpoint);
		check_card_path(endpoint, endpoint->card.caption, TEXT);
		check_card_path(endpoint, endpoint->card.note, TEXT);
		check_card_path(endpoint, endpoint->card.moment, TIME);
		check_card_path(endpoint, endpoint->card.image, ONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contract),       cmocka_unit_test(test_documents),
		cmocka_unit_test(test_real_documents), cmocka_unit_test(test_tables_hold_together),
		cmocka_unit_test(test_views_grow),     cmocka_unit_test(test_other_views),
		cmocka_unit_test(test_endpoints),
	};

	return RUN_TESTS("resources", tests, NULL, NULL);
}
