/* Random rows of every list in by the importer and out by the server: in every mode and alone, equal byte for byte
   with what is worked out from the same truth apart from both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "importer/import.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/expect.h"
#include "support/postgres.h"
#include "support/random.h"
#include "support/random_flight.h"
#include "support/server.h"

#define ROWS 25        /* of each list in a world */
#define ROWS_WRAPPED 4 /* valgrind takes fifty times as long */
#define DOCUMENTS 1000
#define SECONDS 15 /* after which no further world is made */
#define AS_OF INT64_C(1744512835271204)
#define NOW (AS_OF + INT64_C(7000000000123))
#define DAY (INT64_C(86400) * 1000000)

static size_t row_count(void)
{
	const char *wrapper = getenv("TEST_WRAPPER");

	return wrapper && wrapper[0] != '\0' ? ROWS_WRAPPED : ROWS;
}

/* --- In. --- */

static void append_document(json_t *list, const struct world *world, const struct truth *truth,
                            enum view_id view)
{
	static const struct scene upstream = {"https://ll.thespacedevs.com", "", AS_OF, AS_OF,
	                                      false};

	json_array_append_new(list, world_document(world, truth, view, &upstream));
}

static bool has_url(const struct resource *resource)
{
	return resource->path != NULL;
}

static void import_list(struct import *import, const struct resource *resource, json_t *list)
{
	struct error error = {0};
	char *text = json_dumps(list, JSON_REAL_PRECISION(17));

	assert_non_null(text);
	if (!import_text(import, resource, "documents", text, strlen(text), &error))
		fail_msg("%s", error.text);
	free(text);
	json_decref(list);
}

static void store(struct import *import, const char *conninfo)
{
	struct import_counts counts;
	struct error error = {0};

	if (!import_run(import, conninfo, false, &counts, &error))
		fail_msg("%s", error.text);
	assert_int_equal(import_unknown_fields(import)->field_count, 0);
	assert_int_equal(counts.changed + counts.unchanged, 0);
	import_free(import);
}

static void import_some(const struct world *world, const char *conninfo,
                        const struct endpoint *endpoint)
{
	const int64_t as_of = AS_OF;
	struct import *import = import_new(&as_of);
	json_t *list = json_array();

	for (size_t i = 0; i < world_count(world, endpoint->resource); i++)
		append_document(list, world, world_truth(world, endpoint->resource, i),
		                endpoint->one);
	import_list(import, NULL, list);
	store(import, conninfo);
}

/* Documents with urls come mixed, in one text, which says of none what it is. */
static void import_all(const struct world *world, const char *conninfo)
{
	const int64_t as_of = AS_OF;
	struct import *import = import_new(&as_of);
	json_t *mixed = json_array();

	for (size_t i = 0; i < row_count(); i++)
		for (size_t e = 0; e < endpoint_count; e++) {
			const struct resource *resource = endpoints[e]->resource;

			if (!endpoints[e]->whole && has_url(resource) &&
			    i < world_count(world, resource))
				append_document(mixed, world, world_truth(world, resource, i),
				                endpoints[e]->one);
		}
	import_list(import, NULL, mixed);
	for (size_t e = 0; e < endpoint_count; e++) {
		const struct resource *resource = endpoints[e]->resource;
		json_t *list = json_array();

		for (size_t i = 0; !has_url(resource) && i < world_count(world, resource); i++)
			append_document(list, world, world_truth(world, resource, i),
			                endpoints[e]->one);
		import_list(import, resource, list);
	}
	store(import, conninfo);
}

/* --- Out. --- */

static void assert_text(const char *what, const char *found, size_t length,
                        const struct strbuf *expected)
{
	size_t at = 0, from;

	if (length == expected->length && memcmp(found, expected->data, length) == 0)
		return;
	while (at < length && at < expected->length && found[at] == expected->data[at])
		at++;
	from = at > 200 ? at - 200 : 0;
	fail_msg("%s differs at byte %zu of %zu (expected %zu)\nfound    %.400s\nexpected %.400s",
	         what, at, length, expected->length, found + from, expected->data + from);
}

static void assert_answer(struct test_server *server, const char *path,
                          const struct strbuf *expected)
{
	struct answer answer;

	http_get(server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	assert_text(path, answer.body, answer.body_length, expected);
	answer_fini(&answer);
}

/* The rows of a list as it orders them. */
struct rows {
	const struct truth *truth[4 * ROWS];
	size_t count;
};

static const char *ordered_by; /* a moment, or NULL */

static int compare_moments(const void *a, const void *b)
{
	int64_t x, y;
	bool has_x = truth_moment(*(const struct truth *const *)a, ordered_by, &x);
	bool has_y = truth_moment(*(const struct truth *const *)b, ordered_by, &y);

	if (!has_x || !has_y)
		return has_y - has_x;
	return (x > y) - (x < y);
}

static bool is_in(const struct endpoint *endpoint, const struct truth *truth)
{
	int64_t moment;

	if (endpoint->window == WINDOW_ALL)
		return true;
	if (!truth_moment(truth, endpoint->order, &moment))
		return false;
	return endpoint->window == WINDOW_FROM ? moment >= NOW - DAY : moment <= NOW;
}

/* Rows of one moment are by id, which qsort of glibc, a merge sort, keeps. */
static void find_rows(const struct world *world, const struct endpoint *endpoint, struct rows *rows)
{
	rows->count = 0;
	for (size_t i = 0; i < world_count(world, endpoint->resource); i++) {
		const struct truth *truth = world_truth(world, endpoint->resource, i);

		assert_true(rows->count < sizeof(rows->truth) / sizeof(rows->truth[0]));
		if (is_in(endpoint, truth))
			rows->truth[rows->count++] = truth;
	}
	ordered_by = endpoint->order;
	if (ordered_by)
		qsort(rows->truth, rows->count, sizeof(rows->truth[0]), compare_moments);
	for (size_t i = 0; endpoint->latest_first && i < rows->count / 2; i++) {
		const struct truth *swapped = rows->truth[i];

		rows->truth[i] = rows->truth[rows->count - 1 - i];
		rows->truth[rows->count - 1 - i] = swapped;
	}
}

static void append_text(const struct world *world, const struct test_server *server,
                        const struct truth *truth, enum view_id view, struct strbuf *out)
{
	const struct scene scene = {server->url, "", AS_OF, NOW, false};
	json_t *document = world_document(world, truth, view, &scene);

	expect_json(document, out);
	json_decref(document);
}

/* Returns how many documents it has. */
static size_t assert_list(const struct world *world, struct test_server *server,
                          const struct endpoint *endpoint, const struct mode *mode)
{
	struct strbuf expected = STRBUF_INIT;
	struct rows rows;
	char path[128];

	find_rows(world, endpoint, &rows);
	assert_true(rows.count <= 100);
	strbuf_printf(&expected, "{\"count\":%zu,\"next\":null,\"previous\":null,\"results\":[",
	              rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		strbuf_str(&expected, i > 0 ? "," : "");
		append_text(world, server, rows.truth[i], mode->view, &expected);
	}
	strbuf_str(&expected, "]}");
	snprintf(path, sizeof(path), "/2.3.0/%s/?limit=100%s%s", endpoint->path,
	         mode->name ? "&mode=" : "", mode->name ? mode->name : "");
	assert_answer(server, path, &expected);
	strbuf_fini(&expected);
	return rows.count;
}

static void assert_rows(const struct world *world, struct test_server *server,
                        const struct endpoint *endpoint, size_t step)
{
	struct rows rows;

	find_rows(world, endpoint, &rows);
	for (size_t i = 0; i < rows.count; i += step) {
		struct strbuf expected = STRBUF_INIT;
		char id[40], path[128];

		truth_id_text(rows.truth[i], id);
		snprintf(path, sizeof(path), "/2.3.0/%s/%s/", endpoint->path, id);
		append_text(world, server, rows.truth[i], endpoint->one, &expected);
		assert_answer(server, path, &expected);
		strbuf_fini(&expected);
	}
}

/* Returns how many documents its smallest list has. */
static size_t assert_endpoint(const struct world *world, struct test_server *server,
                              const struct endpoint *endpoint)
{
	const struct mode only = {NULL, endpoint->one};
	size_t count = 0;

	for (size_t i = 0; i < MODES_MAX && endpoint->modes[i].name; i++)
		count = assert_list(world, server, endpoint, &endpoint->modes[i]);
	if (!endpoint->modes[0].name)
		count = assert_list(world, server, endpoint, &only);
	assert_rows(world, server, endpoint, 5);
	return count;
}

static size_t assert_world(uint64_t seed)
{
	const struct world_options options = {.flights = row_count(), .rows = row_count()};
	struct world *world = world_new(seed, &options);
	struct test_database database;
	struct test_server server;
	char clock[80] = "server.clock=";
	size_t least = SIZE_MAX;

	test_database_init_schema(&database);
	import_all(world, database.conninfo);
	expect_moment(NOW, clock + strlen(clock));
	server_start(&server, database.conninfo, (const char *const[]){clock, NULL});
	for (size_t e = 0; e < endpoint_count; e++) {
		size_t count = assert_endpoint(world, &server, endpoints[e]);

		if (!endpoints[e]->whole && count < least)
			least = count;
	}
	server_stop(&server, NULL);
	test_database_fini(&database);
	world_free(world);
	return least;
}

static void test_every_list(void **state)
{
	uint64_t seed = random_seed("roundtrip of all");
	time_t begun = time(NULL);
	size_t documents = 0;
	struct random random;

	(void)state;
	random_init(&random, seed);
	while (documents < DOCUMENTS && (documents == 0 || time(NULL) - begun < SECONDS))
		documents += assert_world(random_bits(&random));
	printf("%zu documents of each list and mode\n", documents);
	assert_true(documents >= row_count());
}

/* --- Each list alone. --- */

/* Whether documents say all that they show: not of rows that are known by lists of their own, which not every view
   has, nor how long a flight is of whose launch a docking says the name alone. */
static bool tells_all(const struct endpoint *endpoint)
{
	const struct resource *resource = endpoint->resource;

	if (resource == &resource_docking_event)
		return false;

	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		bool rows = field->kind == REVERSE || field->kind == REVERSE_ONE;
		struct field_path path;

		if (!rows || field_shown(resource, field, endpoint->one) == ABSENT)
			continue;
		path = field_path_of(field->of, field->back);
		for (size_t i = 0; i < path.count; i++)
			if (path.step[i]->kind != ONE)
				return false;
	}
	return endpoint->whole == NULL;
}

static void empty_database(const char *conninfo)
{
	free(test_sql(
		conninfo,
		"DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(relname), ', ')"
		" FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
		" AND relname NOT IN ('schema_version', 'catalog_version', 'import_latest'));"
		" END $$"));
}

/* What a document says of the rows that it lists is known by it alone: these refer back to it, though in it they do
   not say so. */
static void test_each_list_alone(void **state)
{
	/* Whether a spacecraft is docked, other documents may say. */
	const struct world_options options = {.flights = 5, .rows = 5, .landed = true};
	uint64_t seed = random_seed("each list");
	struct test_database database;
	struct test_server server;
	char clock[80] = "server.clock=";
	size_t tried = 0;

	(void)state;
	test_database_init_schema(&database);
	expect_moment(NOW, clock + strlen(clock));
	server_start(&server, database.conninfo, (const char *const[]){clock, NULL});
	for (size_t e = 0; e < endpoint_count; e++) {
		struct world *world;

		if (!tells_all(endpoints[e]) || !has_url(endpoints[e]->resource))
			continue;
		world = world_new(seed + e, &options);
		empty_database(database.conninfo);
		import_some(world, database.conninfo, endpoints[e]);
		assert_rows(world, &server, endpoints[e], 1);
		world_free(world);
		tried++;
	}
	assert_true(tried > 15);
	server_stop(&server, NULL);
	test_database_fini(&database);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_list),
		cmocka_unit_test(test_each_list_alone),
	};

	return cmocka_run_group_tests_name("roundtrip of all", tests, NULL, NULL);
}
