/* Random rows of every list in by the importer and out by the server: in every mode and alone, equal byte for byte
   with what is worked out from the same truth apart from both. This takes a lot of computing, so that the program runs
   itself in several processes, each with worlds and lists of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importer/import.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/expect.h"
#include "support/fixture.h"
#include "support/random.h"
#include "support/random_flight.h"

#define ROWS 84 /* of each list in a world */
#define WORLDS 12
#define DOCUMENTS 1000
#define WORKERS 4      /* processes that share the worlds */
#define ROWS_WRAPPED 4 /* in one world: valgrind takes fifty times as long */
#define ROWS_ALONE 5
#define WORKER_SECONDS 600
#define SINGLE_STEP 10 /* every so manieth row is asked for alone, too */
#define AS_OF INT64_C(1744512835271204)
#define NOW (AS_OF + INT64_C(7000000000123))
#define DAY (INT64_C(86400) * 1000000)

static bool is_wrapped(void)
{
	const char *wrapper = getenv("TEST_WRAPPER");

	return wrapper && wrapper[0] != '\0';
}

/* --- In. --- */

static void append_document(json_t *list, struct world *world, const struct endpoint *endpoint,
                            size_t number)
{
	static const struct scene upstream = {
		.base = "https://ll.thespacedevs.com", .suffix = "", .as_of = AS_OF, .now = AS_OF};
	const struct truth *truth = world_truth(world, endpoint->resource, number);

	json_array_append_new(list, world_document(world, truth, endpoint->one, &upstream));
	world_tell(world, endpoint->resource, number, endpoint->one, &upstream);
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

static void import_some(struct import *import, struct world *world, const struct endpoint *endpoint)
{
	json_t *list = json_array();

	for (size_t i = 0; i < world_count(world, endpoint->resource); i++)
		append_document(list, world, endpoint, i);
	import_list(import, has_url(endpoint->resource) ? NULL : endpoint->resource, list);
}

/* Documents with urls come mixed, in one text, which says of none what it is. */
static void import_mixed(struct import *import, struct world *world, size_t rows)
{
	json_t *mixed = json_array();

	for (size_t i = 0; i < rows; i++)
		for (size_t e = 0; e < endpoint_count; e++)
			if (!endpoints[e]->whole && has_url(endpoints[e]->resource) &&
			    i < world_count(world, endpoints[e]->resource))
				append_document(mixed, world, endpoints[e], i);
	import_list(import, NULL, mixed);
}

static void import_all(struct world *world, size_t rows, const char *conninfo)
{
	const int64_t as_of = AS_OF;
	struct import *import = import_new(&as_of);

	import_mixed(import, world, rows);
	for (size_t e = 0; e < endpoint_count; e++)
		if (!endpoints[e]->whole && !has_url(endpoints[e]->resource))
			import_some(import, world, endpoints[e]);
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

static void assert_answer(const char *path, const struct strbuf *expected)
{
	struct answer answer;

	http_get(&server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	assert_text(path, answer.body, answer.body_length, expected);
	answer_fini(&answer);
}

/* The rows of a list as it orders them. */
struct rows {
	const struct truth *truth[100];
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
		qsort(rows->truth, rows->count, sizeof(const struct truth *), compare_moments);
	for (size_t i = 0; endpoint->latest_first && i < rows->count / 2; i++) {
		const struct truth *swapped = rows->truth[i];

		rows->truth[i] = rows->truth[rows->count - 1 - i];
		rows->truth[rows->count - 1 - i] = swapped;
	}
}

static void append_text(const struct world *world, const struct truth *truth, enum view_id view,
                        struct strbuf *out)
{
	const struct scene scene = {
		.base = server.url, .suffix = "", .as_of = AS_OF, .now = NOW, .told = true};
	json_t *document = world_document(world, truth, view, &scene);

	expect_json(document, out);
	json_decref(document);
}

/* Returns how many documents it has. */
static size_t assert_list(const struct world *world, const struct endpoint *endpoint,
                          const struct mode *mode)
{
	struct strbuf expected = STRBUF_INIT;
	struct rows rows;
	char path[128];

	find_rows(world, endpoint, &rows);
	strbuf_printf(&expected, "{\"count\":%zu,\"next\":null,\"previous\":null,\"results\":[",
	              rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		strbuf_str(&expected, i > 0 ? "," : "");
		append_text(world, rows.truth[i], mode->view, &expected);
	}
	strbuf_str(&expected, "]}");
	snprintf(path, sizeof(path), "/2.3.0/%s/?limit=100%s%s", endpoint->path,
	         mode->name ? "&mode=" : "", mode->name ? mode->name : "");
	assert_answer(path, &expected);
	strbuf_fini(&expected);
	return rows.count;
}

static void assert_rows(const struct world *world, const struct endpoint *endpoint, size_t step)
{
	struct rows rows;

	find_rows(world, endpoint, &rows);
	for (size_t i = 0; i < rows.count; i += step) {
		struct strbuf expected = STRBUF_INIT;
		char id[40], path[128];

		truth_id_text(rows.truth[i], id);
		snprintf(path, sizeof(path), "/2.3.0/%s/%s/", endpoint->path, id);
		append_text(world, rows.truth[i], endpoint->one, &expected);
		assert_answer(path, &expected);
		strbuf_fini(&expected);
	}
}

/* Returns how many documents its smallest list has. */
static size_t assert_endpoint(const struct world *world, const struct endpoint *endpoint)
{
	const struct mode only = {NULL, endpoint->one};
	size_t count = 0;

	for (size_t i = 0; i < MODES_MAX && endpoint->modes[i].name; i++)
		count = assert_list(world, endpoint, &endpoint->modes[i]);
	if (!endpoint->modes[0].name)
		count = assert_list(world, endpoint, &only);
	assert_rows(world, endpoint, SINGLE_STEP);
	return count;
}

static void start(void)
{
	char clock[80] = "server.clock=";

	expect_moment(NOW, clock + strlen(clock));
	server_start(&server, database.conninfo, (const char *const[]){clock, NULL});
}

/* Returns how many documents each list of all rows of a resource has at least. */
static size_t assert_world(uint64_t seed, size_t row_count)
{
	const struct world_options options = {.flights = row_count, .rows = row_count};
	struct world *world = world_new(seed, &options);
	size_t least = SIZE_MAX;

	test_database_init_schema(&database);
	import_all(world, row_count, database.conninfo);
	start();
	for (size_t e = 0; e < endpoint_count; e++) {
		size_t count = assert_endpoint(world, endpoints[e]);

		if (!endpoints[e]->whole && count < least)
			least = count;
	}
	server_stop(&server, NULL);
	test_database_fini(&database);
	world_free(world);
	return least;
}

/* --- Each list alone. --- */

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
static void assert_alone(uint64_t seed, const char *conninfo, const struct endpoint *endpoint)
{
	const struct world_options options = {.flights = ROWS_ALONE, .rows = ROWS_ALONE};
	struct world *world = world_new(seed, &options);
	const int64_t as_of = AS_OF;
	struct import *import = import_new(&as_of);

	empty_database(conninfo);
	import_some(import, world, endpoint);
	store(import, conninfo);
	assert_rows(world, endpoint, 1);
	world_free(world);
}

/* --- What a process does. --- */

/* Its number, from 0 on, of how many. */
struct share {
	uint64_t seed;
	size_t number, of;
};

static struct share share;

static void test_every_list(void **state)
{
	size_t documents = 0;

	(void)state;
	if (is_wrapped())
		documents = assert_world(share.seed, ROWS_WRAPPED);
	for (size_t i = share.number; i < WORLDS && !is_wrapped(); i += share.of)
		documents += assert_world(share.seed + i, ROWS);
	printf("%zu documents of each list and mode\n", documents);
}

static void test_each_list_alone(void **state)
{
	(void)state;
	test_database_init_schema(&database);
	start();
	for (size_t e = share.number; e < endpoint_count; e += share.of)
		if (!endpoints[e]->whole)
			assert_alone(share.seed + e, database.conninfo, endpoints[e]);
	server_stop(&server, NULL);
	test_database_fini(&database);
}

static int run_share(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_list),
		cmocka_unit_test(test_each_list_alone),
	};

	return RUN_TESTS("a share of the roundtrip of all", tests, NULL, NULL);
}

/* --- All of them. --- */

static char *program;

static void start_worker(struct process *process, const struct share *of)
{
	char seed[24], number[24], count[24];

	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)of->seed);
	snprintf(number, sizeof(number), "%zu", of->number);
	snprintf(count, sizeof(count), "%zu", of->of);
	process_start(process, WORDS(program, seed, number, count), NULL, 0);
}

/* Returns how many documents of each list the worker has compared. */
static size_t end_worker(struct process *process)
{
	const char *line;
	struct output output;
	size_t documents = 0;

	process_wait(process, WORKER_SECONDS, &output);
	if (output.status != 0)
		fail_msg("%s%s", output.out, output.err);
	line = strstr(output.out, " documents of each list");
	while (line && line > output.out && line[-1] >= '0' && line[-1] <= '9')
		line--;
	if (line)
		documents = strtoul(line, NULL, 10);
	output_fini(&output);
	return documents;
}

static void test_workers(void **state)
{
	struct share each = {random_seed("roundtrip of all"), 0, is_wrapped() ? 1 : WORKERS};
	struct process workers[WORKERS];
	size_t documents = 0;

	(void)state;
	assert_int_equal(setenv("TEST_POSTGRES", test_postgres(), 1), 0);
	for (; each.number < each.of; each.number++)
		start_worker(&workers[each.number], &each);
	for (size_t i = 0; i < each.of; i++)
		documents += end_worker(&workers[i]);
	assert_true(documents >= (is_wrapped() ? ROWS_WRAPPED : DOCUMENTS));
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workers),
	};

	program = argv[0];
	if (argc == 4) {
		share = (struct share){strtoull(argv[1], NULL, 10), strtoul(argv[2], NULL, 10),
		                       strtoul(argv[3], NULL, 10)};
		return run_share();
	}
	return RUN_TESTS("roundtrip of all", tests, NULL, NULL);
}
