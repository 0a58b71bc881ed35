/* What the importer stores, compared with the documents by PostgreSQL itself: its own reading of times,
   durations and numbers, none of ours. */
#include "importer/import.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/importing.h"

#define UUID "\"1b411bfa-86b8-4b88-8f01-6e97ca4b90d7\""

/* An SQL literal of a JSON value. */
static void add_json(struct strbuf *sql, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));

	strbuf_char(sql, '\'');
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '\'')
			strbuf_char(sql, '\'');
		strbuf_char(sql, *c);
	}
	strbuf_str(sql, "'::jsonb");
	free(text);
}

/* Whether the columns of the row `t` hold what the object `d` says. */
static void add_columns(struct strbuf *sql, const struct resource *resource, const json_t *object)
{
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];
		const json_t *value = json_object_get(object, field->name);

		if (!value)
			continue;
		if (field->null_column)
			strbuf_printf(sql, " AND t.%s = (d->'%s' = 'null')", field->null_column,
			              field->name);
		if (field->known_column)
			strbuf_printf(sql, " AND t.%s", field->known_column);
		if (!kind_has_column(field->kind) || field->kind == KEY)
			continue;
		strbuf_printf(sql, " AND t.\"%s\" IS NOT DISTINCT FROM (d->%s'%s'%s)::%s",
		              field->column, field->kind == ONE ? "" : ">", field->name,
		              field->kind == ONE ? "->>'id'" : "", field_sql_type(resource, field));
	}
}

/* What is to be asked about a document, in one statement: which of these queries do not say true. */
static struct strbuf checks;

static void checks_add(const char *table, const char *key, const struct strbuf *query)
{
	strbuf_printf(&checks, "%s SELECT '%s ' || $k$%s$k$ AS what, (%s) AS good",
	              checks.length ? " UNION ALL" : "", table, key, query->data);
}

static void checks_run(void)
{
	struct strbuf sql = STRBUF_INIT;

	strbuf_printf(&sql, "SELECT string_agg(what, ', ') FROM (%s) x WHERE good IS NOT TRUE",
	              checks.data);
	test_sql_is(database.conninfo, sql.data, "");
	strbuf_fini(&sql);
	strbuf_fini(&checks);
}

static const char *key_text(const json_t *object, char text[static 64])
{
	const json_t *id = json_object_get(object, "id");

	if (json_is_string(id))
		snprintf(text, 64, "'%s'", json_string_value(id));
	else
		snprintf(text, 64, "%lld", (long long)json_integer_value(id));
	return text;
}

static void check_object(const struct resource *resource, const json_t *object);

static void check_list(const struct resource *owner, const char *owner_key,
                       const struct field *field, const json_t *list)
{
	struct strbuf sql = STRBUF_INIT;
	size_t index;
	json_t *item;
	char key[64];

	strbuf_printf(&sql,
	              "SELECT count(*) = %zu AND coalesce(bool_and(position < %zu), true) FROM %s "
	              "WHERE %s_id = %s",
	              json_array_size(list), json_array_size(list), field->column, owner->name,
	              owner_key);
	checks_add(field->column, owner_key, &sql);
	json_array_foreach(list, index, item)
	{
		strbuf_reset(&sql);
		strbuf_str(&sql, "SELECT count(*) = 1 FROM (SELECT ");
		add_json(&sql, item);
		strbuf_printf(&sql, " AS d) x, %s t WHERE t.%s_id = %s AND t.position = %zu",
		              field->column, owner->name, owner_key, index);
		if (field->of->keyless)
			add_columns(&sql, field->of, item);
		else
			strbuf_printf(&sql, " AND t.%s_id = %s", field->of->name,
			              key_text(item, key));
		checks_add(field->column, owner_key, &sql);
		check_object(field->of, item);
	}
	strbuf_fini(&sql);
}

/* The row of an object, and all that it refers to. */
static void check_object(const struct resource *resource, const json_t *object)
{
	struct strbuf sql = STRBUF_INIT;
	char key[64];

	key_text(object, key);
	if (!resource->keyless) {
		strbuf_str(&sql, "SELECT count(*) = 1 FROM (SELECT ");
		add_json(&sql, object);
		strbuf_printf(&sql, " AS d) x, %s t WHERE t.id = %s", resource->name, key);
		add_columns(&sql, resource, object);
		checks_add(resource->name, key, &sql);
	}
	strbuf_fini(&sql);
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];
		const json_t *value = json_object_get(object, field->name);

		if (field->kind == ONE && json_is_object(value))
			check_object(field->of, value);
		if (field->kind == MANY && json_is_array(value))
			check_list(resource, key, field, value);
	}
}

/* Stores a document, compares, and stores it again, which must touch nothing. Each is later than those before,
   so that all of it is stored. */
static void check_document(const char *path)
{
	static int64_t as_of = INT64_C(1700000000000000);
	size_t length;
	char *text = file_text(path, &length);
	json_t *document = json_loads(text, 0, NULL);
	char *before, *after, *version;

	assert_non_null(document);
	version = test_sql(database.conninfo, "SELECT version + 1 FROM catalog_version");
	as_of += 60 * MICROSECONDS;
	assert_counts(import_flights(database.conninfo, text, &as_of), 1, 0, 0);
	check_object(&resource_spacecraft_flight, document);
	checks_run();
	before = rows_hash(database.conninfo);
	test_sql_is(database.conninfo, "SELECT version FROM catalog_version", version);
	assert_counts(import_flights(database.conninfo, text, &as_of), 0, 0, 1);
	after = rows_hash(database.conninfo);
	assert_string_equal(before, after);
	test_sql_is(database.conninfo, "SELECT version FROM catalog_version", version);
	free(before);
	free(after);
	free(version);
	json_decref(document);
	free(text);
}

static void test_documents(void **state)
{
	(void)state;
	check_document("tests/data/flight-864.json");
	check_document("tests/data/flight-840.json");
}

static int is_document(const struct dirent *entry)
{
	return strstr(entry->d_name, ".json") != NULL;
}

static void test_samples(void **state)
{
	struct dirent **entries;
	int count = scandir("sql/sample", &entries, is_document, alphasort);

	(void)state;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		char path[300];

		snprintf(path, sizeof(path), "sql/sample/%s", entries[i]->d_name);
		check_document(path);
		free(entries[i]);
	}
	free(entries);
}

#define CREW \
	"SELECT string_agg(position || ':' || astronaut_flight_id, ' ' ORDER BY position)" \
	" FROM spacecraft_flight_launch_crew WHERE spacecraft_flight_id = 1"

static void crew_is(const char *list, const char *expected, size_t rows)
{
	char text[256];
	struct import_counts counts;

	snprintf(text, sizeof(text), "{\"id\": 1, \"launch_crew\": %s}", list);
	counts = import_flights(database.conninfo, text, NULL);
	assert_int_equal(counts.rows, rows);
	assert_counts(counts, 0, rows > 0, rows == 0);
	test_sql_is(database.conninfo, CREW, expected);
}

/* What changes in a list is written, and no more. */
static void test_lists_of_rows(void **state)
{
	(void)state;
	import_text_is(database.conninfo,
	               "{\"id\": 1, \"launch_crew\": [{\"id\": 5}, {\"id\": 6}, {\"id\": 7}]}", 1,
	               0, 0);
	import_text_is(database.conninfo, "{\"id\": 2, \"launch_crew\": [{\"id\": 7}]}", 1, 0, 0);
	test_sql_is(database.conninfo, CREW, "0:5 1:6 2:7");
	crew_is("[{\"id\": 5}, {\"id\": 6}, {\"id\": 7}]", "0:5 1:6 2:7", 0);
	crew_is("[{\"id\": 5}, {\"id\": 7}]", "0:5 1:7", 2);
	crew_is("[{\"id\": 7}, {\"id\": 5}]", "0:7 1:5", 2);
	crew_is("[{\"id\": 7}, {\"id\": 5}, {\"id\": 8}]", "0:7 1:5 2:8", 2);
	crew_is("[{\"id\": 8}, {\"id\": 8}]", "0:8 1:8", 3);
	crew_is("[]", "", 2);
	crew_is("[{\"id\": 5}]", "0:5", 1);
	import_text_is(database.conninfo, "{\"id\": 1}", 0, 0, 1);
	test_sql_is(database.conninfo, CREW, "0:5");
	/* A list that cannot be null takes null as empty. */
	crew_is("null", "", 1);
	test_sql_is(
		database.conninfo,
		"SELECT count(*) FROM spacecraft_flight_launch_crew WHERE spacecraft_flight_id = 2",
		"1");
}

static void urls_are(const char *list, const char *expected, size_t rows)
{
	char text[512];
	struct import_counts counts;

	snprintf(text, sizeof(text),
	         "{\"id\": 1, \"launch\": {\"id\": " UUID
	         ", \"mission\": {\"id\": 4, \"info_urls\": %s}}}",
	         list);
	counts = import_flights(database.conninfo, text, NULL);
	assert_int_equal(counts.rows, rows);
	test_sql_is(database.conninfo,
	            "SELECT string_agg(concat_ws('|', position, coalesce(url, '-'), priority, "
	            "type_id), "
	            "' ' ORDER BY position) FROM mission_info_urls WHERE mission_id = 4",
	            expected);
}

/* Items without ids are what their fields say; a field that is missing is null. */
static void test_lists_of_values(void **state)
{
	(void)state;
	urls_are("[{\"url\": \"a\", \"priority\": 1}, {\"url\": \"b\"}, {}]", "0|a|1 1|b 2|-", 6);
	urls_are("[{\"url\": \"a\", \"priority\": 1}, {\"url\": \"b\"}, {}]", "0|a|1 1|b 2|-", 0);
	urls_are("[{\"url\": \"a\"}, {\"url\": \"b\", \"type\": {\"id\": 9}}, {\"url\": null}]",
	         "0|a 1|b|9 2|-", 3);
	urls_are("[{\"url\": \"b\", \"type\": {\"id\": 9}}]", "0|b|9", 3);
	urls_are("[]", "", 1);
}

static void programs_are(const char *member, const char *expected, size_t rows)
{
	char text[256];

	snprintf(text, sizeof(text), "{\"id\": 1, \"launch\": {\"id\": " UUID "%s}}", member);
	assert_int_equal(import_flights(database.conninfo, text, NULL).rows, rows);
	test_sql_is(database.conninfo,
	            "SELECT program_is_null || ' ' || (SELECT count(*) FROM launch_program) FROM "
	            "launch",
	            expected);
}

/* Where the original says null, empty is something else. */
static void test_null_lists(void **state)
{
	(void)state;
	programs_are("", "false 0", 2);
	programs_are(", \"program\": null", "true 0", 1);
	programs_are(", \"program\": null", "true 0", 0);
	programs_are("", "true 0", 0);
	programs_are(", \"program\": []", "false 0", 1);
	programs_are(", \"program\": [{\"id\": 1}]", "false 1", 2);
	programs_are("", "false 1", 0);
	programs_are(", \"program\": null", "true 0", 2);
}

#define LISTS_KNOWN \
	"SELECT concat_ws(' ', launch_crew_known, onboard_crew_known, landing_crew_known," \
	" docking_events_known) FROM spacecraft_flight"

/* A list that no document has told of is not known, which is not the same as empty; once told of, it stays so. */
static void test_lists_known(void **state)
{
	(void)state;
	import_text_is(database.conninfo, "{\"id\": 1}", 1, 0, 0);
	test_sql_is(database.conninfo, LISTS_KNOWN, "f f f f");
	import_text_is(database.conninfo,
	               "{\"id\": 1, \"launch_crew\": [], \"docking_events\": null}", 0, 1, 0);
	test_sql_is(database.conninfo, LISTS_KNOWN, "t f f t");
	import_text_is(database.conninfo, "{\"id\": 1, \"onboard_crew\": [{\"id\": 5}]}", 0, 1, 0);
	test_sql_is(database.conninfo, LISTS_KNOWN, "t t f t");
	import_text_is(database.conninfo, "{\"id\": 1}", 0, 0, 1);
	import_text_is(database.conninfo, "{\"id\": 1, \"launch_crew\": []}", 0, 0, 1);
	test_sql_is(database.conninfo, LISTS_KNOWN, "t t f t");
	programs_are("", "false 0", 2);
	test_sql_is(database.conninfo, "SELECT program_known FROM launch", "f");
	programs_are(", \"program\": null", "true 0", 1);
	test_sql_is(database.conninfo, "SELECT program_known FROM launch", "t");
}

#define AGENCY(fields) \
	"{\"id\": 1, \"spacecraft\": {\"id\": 2, \"spacecraft_config\": {\"id\": 3, \"agency\": " \
	"{\"id\": 88, " fields "}}}}"

#define AGENCY_IS "SELECT concat_ws('|', name, abbrev, founding_year, parent, type_id) FROM agency"

static void test_views(void **state)
{
	(void)state;
	import_text_is(
		database.conninfo,
		AGENCY("\"name\": \"CASC\", \"founding_year\": 1999, \"parent\": \"P\", \"type\": "
	               "{\"id\": 1}"),
		1, 0, 0);
	test_sql_is(database.conninfo, AGENCY_IS, "CASC|1999|P|1");
	/* A smaller view keeps what it does not show; null is a value. */
	import_text_is(database.conninfo, AGENCY("\"name\": \"CASC2\", \"abbrev\": \"C\""), 0, 1,
	               0);
	test_sql_is(database.conninfo, AGENCY_IS, "CASC2|C|1999|P|1");
	import_text_is(database.conninfo, AGENCY("\"parent\": null, \"type\": null"), 0, 1, 0);
	test_sql_is(database.conninfo, AGENCY_IS, "CASC2|C|1999");
	import_text_is(database.conninfo, AGENCY("\"founding_year\": 1999, \"parent\": null"), 0, 0,
	               1);
}

/* Views in one import add up; of two values the later counts. */
static void test_views_of_one_import(void **state)
{
	(void)state;
	import_text_is(
		database.conninfo,
		"[" AGENCY("\"name\": \"A\", \"founding_year\": 1999") "," AGENCY(
			"\"name\": \"B\", \"abbrev\": \"\"") "," AGENCY("\"parent\": \"\\\"\"") "]",
		1, 0, 0);
	test_sql_is(database.conninfo, AGENCY_IS, "B||1999|\"");
	import_text_is(database.conninfo,
	               "[" AGENCY("\"name\": \"X\"") "," AGENCY("\"name\": \"B\"") "]", 0, 0, 1);
}

/* A resource may refer to itself, and a flight be met inside another before or after its own document. */
static void test_circles(void **state)
{
	const char *text = "[{\"id\": 1, \"destination\": \"B\", \"docking_events\": [{\"id\": 10, "
			   "\"flight_vehicle_target\": {\"id\": 2, \"destination\": \"A\"}}]},"
			   " {\"id\": 2, \"destination\": \"C\", \"docking_events\": [{\"id\": 11, "
			   "\"flight_vehicle_target\": {\"id\": 1}}]},"
			   " {\"id\": 3, \"spacecraft\": {\"id\": 1, \"spacecraft_config\": "
			   "{\"id\": 1, \"family\": "
			   "[{\"id\": 7, \"parent\": {\"id\": 7, \"name\": \"F\", \"parent\": "
			   "{\"id\": 8}}}]}}}]";

	(void)state;
	import_text_is(database.conninfo, text, 3, 0, 0);
	import_text_is(database.conninfo, text, 0, 0, 3);
	test_sql_is(database.conninfo,
	            "SELECT string_agg(id || destination, ' ' ORDER BY id) FROM spacecraft_flight",
	            "1B 2C");
	test_sql_is(database.conninfo,
	            "SELECT string_agg(concat_ws('|', id, name, parent_id), ' ' ORDER BY id)"
	            " FROM spacecraft_configuration_family",
	            "7|F|7 8");
}

#define LANDING(value) "{\"id\": 1, \"landing\": {\"id\": 1, \"downrange_distance\": " value "}}"

static void distance_is(const char *text, size_t rows, const char *expected)
{
	assert_int_equal(import_flights(database.conninfo, text, NULL).rows, rows);
	test_sql_is(database.conninfo, "SELECT downrange_distance FROM landing", expected);
}

static void test_numbers(void **state)
{
	(void)state;
	distance_is(LANDING("0.30000000000000004"), 2, "0.30000000000000004");
	distance_is(LANDING("0.3"), 1, "0.3");
	distance_is(LANDING("0"), 1, "0");
	distance_is(LANDING("0.0"), 0, "0");
	distance_is(LANDING("-0.0"), 1, "-0");
	distance_is(LANDING("-0.0"), 0, "-0");
	distance_is(LANDING("1.7976931348623157e308"), 1, "1.7976931348623157e+308");
	distance_is(LANDING("5e-324"), 1, "5e-324");
	distance_is(LANDING("123456789012345678901234567890"), 1, "1.2345678901234568e+29");
	distance_is(LANDING("null"), 1, "");
}

/* Longer than one execution takes: rows, items of both kinds of lists, text. */
static void test_large(void **state)
{
	struct strbuf text = STRBUF_INIT;

	(void)state;
	strbuf_str(&text, "[{\"id\": 0, \"launch_crew\": [{\"id\": 0}");
	for (int i = 1; i < 10000; i++)
		strbuf_printf(&text, ", {\"id\": %d}", i % 5000);
	strbuf_str(&text, "], \"launch\": {\"id\": " UUID ", \"weather_concerns\": \"");
	for (int i = 0; i < 1000000; i++)
		strbuf_str(&text, "caf\xc3\xa9 \\u20ac");
	strbuf_str(&text, "\", \"mission\": {\"id\": 1, \"info_urls\": [{\"priority\": 0}");
	for (int i = 1; i < 9000; i++)
		strbuf_printf(&text, ", {\"priority\": %d}", i);
	strbuf_str(&text, "]}}}");
	for (int i = 1; i < 9000; i++)
		strbuf_printf(&text, ", {\"id\": %d, \"destination\": \"D%d\"}", i, i);
	strbuf_str(&text, "]");
	import_text_is(database.conninfo, text.data, 9000, 0, 0);
	test_sql_is(database.conninfo,
	            "SELECT count(*) || ' ' || sum(astronaut_flight_id) || ' ' ||"
	            " bool_and(astronaut_flight_id = position % 5000) FROM "
	            "spacecraft_flight_launch_crew",
	            "10000 24995000 true");
	test_sql_is(
		database.conninfo,
		"SELECT count(*) || ' ' || bool_and(priority = position) FROM mission_info_urls",
		"9000 true");
	test_sql_is(database.conninfo,
	            "SELECT count(*) || ' ' || bool_and(id = 0 OR destination = 'D' || id)"
	            " FROM spacecraft_flight",
	            "9000 true");
	test_sql_is(
		database.conninfo,
		"SELECT weather_concerns = repeat('caf\xc3\xa9 \xe2\x82\xac', 1000000) FROM launch",
		"t");
	import_text_is(database.conninfo, text.data, 0, 0, 9000);
	strbuf_fini(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_schema, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_documents),     TEST(test_samples),
		TEST(test_lists_of_rows), TEST(test_lists_of_values),
		TEST(test_null_lists),    TEST(test_lists_known),
		TEST(test_views),         TEST(test_views_of_one_import),
		TEST(test_circles),       TEST(test_numbers),
		TEST(test_large),
	};

	return RUN_TESTS("import", tests, NULL, NULL);
}
