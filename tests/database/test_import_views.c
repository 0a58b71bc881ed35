/* A smaller view never overwrites a fuller one, whatever the resource, alone or nested in another's document: random rows
   of every list are stored from their fullest documents, then the documents of every list come again in each view, later,
   with what they show of other rows, all of it renamed. Names change, and nothing else does. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importer/import.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/postgres.h"
#include "support/random.h"
#include "support/random_flight.h"

#define ROWS 12 /* of each list */
#define AS_OF INT64_C(1744512835271204)

static struct test_database database;
static struct world *world;

/* In the object and all in it that is a row. */
static void rename_all(json_t *json)
{
	const json_t *name = json_object_get(json, "name");
	const char *key;
	json_t *value;
	size_t index;

	if (json_object_get(json, "id") && json_is_string(name))
		json_object_set_new(json, "name",
		                    json_sprintf("%s again", json_string_value(name)));
	json_object_foreach(json, key, value) rename_all(value);
	json_array_foreach(json, index, value) rename_all(value);
}

static void add_document(struct import *import, const struct endpoint *list, size_t number,
                         enum view_id view, bool renamed)
{
	static const struct scene upstream = {
		.base = "https://ll.thespacedevs.com", .suffix = "", .as_of = AS_OF, .now = AS_OF};
	const struct truth *truth = world_truth(world, list->resource, number);
	json_t *json = world_document(world, truth, view, &upstream);
	struct error error = {0};
	char *text;

	if (renamed)
		rename_all(json);
	text = json_dumps(json, JSON_REAL_PRECISION(17));
	assert_non_null(text);
	if (!import_text(import, list->resource, list->path, text, strlen(text), &error))
		fail_msg("%s: %s", list->path, error.text);
	free(text);
	json_decref(json);
}

static void add_documents(struct import *import, const struct endpoint *list, enum view_id view,
                          bool renamed)
{
	for (size_t i = 0; i < world_count(world, list->resource); i++)
		add_document(import, list, i, view, renamed);
}

static struct import_counts store(struct import *import)
{
	struct import_counts counts;
	struct error error = {0};

	if (!import_run(import, database.conninfo, false, &counts, &error))
		fail_msg("%s", error.text);
	import_free(import);
	return counts;
}

static void store_fullest(void)
{
	const int64_t as_of = AS_OF;
	struct import *import = import_new(&as_of);
	struct import_counts counts;

	for (size_t i = 0; i < endpoint_count; i++)
		if (!endpoints[i]->whole)
			add_documents(import, endpoints[i], endpoints[i]->one, false);
	counts = store(import);
	assert_true(counts.created > 20 * ROWS);
}

/* What all rows of a resource say but for their names, and since when it is true, as a hash. */
static void rows_of(PGconn *session, const struct resource *resource, char hash[static 64])
{
	char sql[400];
	PGresult *result;

	snprintf(sql, sizeof(sql),
	         "SELECT md5(coalesce(string_agg(row, ',' ORDER BY row), '')) FROM"
	         " (SELECT (to_jsonb(t) - 'name' - 'stated_at' - 'as_of')::text AS row FROM \"%s\" "
	         "t) rows",
	         resource->name);
	result = PQexec(session, sql);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", resource->name, PQerrorMessage(session));
	snprintf(hash, 64, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
}

static void test_smaller(void **state)
{
	PGconn *session = PQconnectdb(database.conninfo);
	char(*before)[64] = calloc(endpoint_count, sizeof(*before));
	const int64_t later = AS_OF + 1;
	size_t changed = 0;

	(void)state;
	assert_non_null(before);
	store_fullest();
	for (size_t i = 0; i < endpoint_count; i++)
		rows_of(session, endpoints[i]->resource, before[i]);
	for (size_t k = 0; k < MODES_MAX; k++) {
		struct import *import = import_new(&later);

		for (size_t i = 0; i < endpoint_count; i++)
			if (!endpoints[i]->whole && endpoints[i]->modes[k].name)
				add_documents(import, endpoints[i], endpoints[i]->modes[k].view,
				              true);
		changed += store(import).changed;
		for (size_t i = 0; i < endpoint_count; i++) {
			char after[64];

			rows_of(session, endpoints[i]->resource, after);
			if (strcmp(before[i], after) != 0)
				fail_msg("mode %zu of all lists has changed more than names in %s",
				         k, endpoints[i]->path);
		}
	}
	assert_true(changed > 20 * ROWS);
	free(before);
	PQfinish(session);
}

static int setup(void **state)
{
	(void)state;
	test_database_init_schema(&database);
	world = world_new(random_seed("import_views"),
	                  &(struct world_options){.flights = ROWS, .rows = ROWS});
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_free(world);
	test_database_fini(&database);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_smaller, setup, teardown)};

	return RUN_TESTS("import_views", tests, NULL, NULL);
}
