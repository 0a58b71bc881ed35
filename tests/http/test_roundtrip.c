/* Random flights in by the importer and out by the server: in both modes, on every page and alone,
   equal byte for byte with what is worked out from the same truth apart from both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resources/all.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/expect.h"
#include "support/fixture.h"
#include "support/random.h"
#include "support/random_flight.h"
#include "support/temporary.h"

#define FLIGHTS 1000
#define FLIGHTS_WRAPPED 40 /* valgrind takes fifty times as long */
#define AS_OF INT64_C(1744512835271204)
#define NOW (AS_OF + INT64_C(7000000000123))
#define PATH "/2.3.0/spacecraft_flights/"

static const struct scene upstream = {
	.base = "https://ll.thespacedevs.com", .suffix = "", .as_of = AS_OF, .now = AS_OF};

static size_t flight_count(void)
{
	const char *given = getenv("TEST_FLIGHTS");
	const char *wrapper = getenv("TEST_WRAPPER");

	if (given)
		return strtoul(given, NULL, 10);
	return wrapper && wrapper[0] != '\0' ? FLIGHTS_WRAPPED : FLIGHTS;
}

/* --- Importing --- */

/* Some of the flights as a text that the importer takes: a flight alone, a list, or a page. */
enum form { ALONE, LIST_OF_FLIGHTS, PAGE };

static char *import_text(const struct world *world, size_t first, size_t end, enum view_id view,
                         enum form form)
{
	/* Spelled as other JSON writers may: \u escapes, indents. */
	size_t flags =
		JSON_REAL_PRECISION(17) | (form == PAGE ? JSON_ENSURE_ASCII | JSON_INDENT(2) : 0);
	json_t *list = json_array();
	json_t *value;
	char *text;

	for (size_t i = first; i < end; i++)
		json_array_append_new(
			list, world_document(world, world_flight(world, i), view, &upstream));
	if (form == PAGE)
		value = json_pack("{s:i, s:n, s:n, s:o}", "count", 4711, "next", "previous",
		                  "results", list);
	else
		value = form == ALONE ? json_incref(json_array_get(list, 0)) : json_incref(list);
	text = json_dumps(value, flags);
	assert_non_null(text);
	json_decref(value);
	if (form != PAGE)
		json_decref(list);
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static void assert_last_line(const char *text, const char *expected)
{
	size_t length = strlen(text);
	size_t end = strlen(expected);

	while (length > 0 && text[length - 1] == '\n')
		length--;
	if (length < end || strncmp(text + length - end, expected, end) != 0 ||
	    (length > end && text[length - end - 1] != '\n'))
		fail_msg("%s instead of %s", text, expected);
}

/* Three files and standard input in one run, which must say `expected` at its end, where not NULL. */
static void import_world(struct world *world, const char *conninfo, enum view_id view,
                         const char *expected)
{
	size_t count = world_flight_count(world);
	const size_t ends[] = {0, 1, 1 + (count - 1) / 3, 1 + (count - 1) / 2, count};
	char directory[TEMPORARY_SIZE];
	char setting[600];
	char as_of[EXPECT_TEXT_SIZE];
	char paths[3][TEMPORARY_SIZE + 16];
	struct output output;
	char *text;

	temporary_directory(directory, "documents");
	for (int i = 0; i < 3; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%d.json", directory, i);
		text = import_text(world, ends[i], ends[i + 1], view, (enum form)i);
		write_file(paths[i], text);
		free(text);
	}
	snprintf(setting, sizeof(setting), "database.conninfo=%s", conninfo);
	expect_moment(AS_OF, as_of);
	text = import_text(world, ends[3], ends[4], view, LIST_OF_FLIGHTS);
	command_run_input(&output,
	                  WORDS("--set", setting, "import", "--as-of", as_of, paths[0], paths[1],
	                        "-", paths[2]),
	                  text, strlen(text));
	free(text);
	if (output.status != 0)
		fail_msg("import: %s", output.err);
	if (expected)
		assert_last_line(output.out, expected);
	assert_string_equal(output.err, "");
	output_fini(&output);
	temporary_remove(directory);
	for (size_t i = 0; i < count; i++)
		world_tell(world, &resource_spacecraft_flight, i, view, &upstream);
}

static const char *counts(const struct world *world, const char *what)
{
	static char text[128];
	unsigned long all = world_flight_count(world);

	snprintf(text, sizeof(text), "%lu flights: %lu new, %lu changed, %lu unchanged", all,
	         what[0] == 'n' ? all : 0, what[0] == 'c' ? all : 0, what[0] == 'u' ? all : 0);
	return text;
}

/* --- What is served --- */

struct pass {
	const struct world *world;
	enum view_id view;
	bool format;          /* asked for by ?format=json, which comes back in every url */
	bool few;             /* a part of the flights alone will do */
	struct strbuf *texts; /* of each flight */
};

static void assert_text(const char *what, const char *found, size_t length,
                        const struct strbuf *expected)
{
	size_t at = 0;
	size_t from;

	if (length == expected->length && memcmp(found, expected->data, length) == 0)
		return;
	while (at < length && at < expected->length && found[at] == expected->data[at])
		at++;
	from = at > 100 ? at - 100 : 0;
	fail_msg("%s differs at byte %zu of %zu (expected %zu)\nfound    %.300s\nexpected %.300s",
	         what, at, length, expected->length, found + from, expected->data + from);
}

static void assert_answer(const char *path, const struct strbuf *expected)
{
	struct answer answer;

	http_get(&server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	assert_string_equal(answer_header(&answer, "Content-Type"), "application/json");
	assert_text(path, answer.body, answer.body_length, expected);
	answer_fini(&answer);
}

/* The query of a page, its keys in order. */
static void page_query(const struct pass *pass, size_t limit, size_t offset, const char *spacecraft,
                       struct strbuf *out)
{
	strbuf_printf(out, PATH "?%slimit=%zu&mode=%s", pass->format ? "format=json&" : "", limit,
	              pass->view == DETAILED ? "detailed" : "normal");
	if (offset > 0)
		strbuf_printf(out, "&offset=%zu", offset);
	if (spacecraft)
		strbuf_printf(out, "&spacecraft=%s", spacecraft);
}

static void add_link(const struct pass *pass, const char *name, bool is_there, size_t limit,
                     size_t offset, const char *spacecraft, struct strbuf *out)
{
	strbuf_printf(out, "\"%s\":", name);
	if (is_there) {
		strbuf_printf(out, "\"%s", server.url);
		page_query(pass, limit, offset, spacecraft, out);
		strbuf_str(out, "\",");
	} else {
		strbuf_str(out, "null,");
	}
}

/* A page of the flights given by their numbers. */
static void assert_page(const struct pass *pass, const size_t *numbers, size_t count, size_t limit,
                        size_t offset, const char *spacecraft)
{
	struct strbuf path = STRBUF_INIT;
	struct strbuf expected = STRBUF_INIT;

	page_query(pass, limit, offset, spacecraft, &path);
	strbuf_printf(&expected, "{\"count\":%zu,", count);
	add_link(pass, "next", offset + limit < count, limit, offset + limit, spacecraft,
	         &expected);
	add_link(pass, "previous", offset > 0, limit, offset > limit ? offset - limit : 0,
	         spacecraft, &expected);
	strbuf_str(&expected, "\"results\":[");
	for (size_t i = offset; i < count && i < offset + limit; i++) {
		const struct strbuf *text = &pass->texts[numbers ? numbers[i] : i];

		strbuf_str(&expected, i > offset ? "," : "");
		strbuf_add(&expected, text->data, text->length);
	}
	strbuf_str(&expected, "]}");
	assert_answer(path.data, &expected);
	strbuf_fini(&path);
	strbuf_fini(&expected);
}

static void assert_pages(const struct pass *pass, size_t limit)
{
	size_t count = world_flight_count(pass->world);

	for (size_t offset = 0; offset < count; offset += limit)
		assert_page(pass, NULL, count, limit, offset, NULL);
}

/* All flights of the spacecraft that the numbered flight is of. */
static void assert_filtered(const struct pass *pass, size_t number)
{
	size_t all = world_flight_count(pass->world);
	const struct truth *spacecraft = truth_spacecraft(world_flight(pass->world, number));
	size_t *numbers = calloc(all, sizeof(*numbers));
	size_t count = 0;
	char id[24];

	assert_non_null(numbers);
	if (spacecraft) {
		for (size_t i = 0; i < all; i++)
			if (truth_spacecraft(world_flight(pass->world, i)) == spacecraft)
				numbers[count++] = i;
		snprintf(id, sizeof(id), "%lld", (long long)truth_id(spacecraft));
		assert_page(pass, numbers, count, 2, 0, id);
		assert_page(pass, numbers, count, 100, 1, id);
	}
	free(numbers);
}

static void assert_single(const struct pass *pass, size_t number)
{
	char path[128];

	snprintf(path, sizeof(path), PATH "%lld/%s",
	         (long long)truth_id(world_flight(pass->world, number)),
	         pass->format ? "?format=json" : "");
	assert_answer(path, &pass->texts[number]);
}

static void make_texts(struct pass *pass)
{
	const struct scene scene = {
		.base = server.url,
		.suffix = pass->format ? "?format=json" : "",
		.as_of = AS_OF,
		.now = NOW,
		.told = true,
	};
	size_t count = world_flight_count(pass->world);

	pass->texts = calloc(count, sizeof(*pass->texts));
	assert_non_null(pass->texts);
	for (size_t i = 0; i < count; i++) {
		json_t *document = world_document(pass->world, world_flight(pass->world, i),
		                                  pass->view, &scene);

		expect_json(document, &pass->texts[i]);
		json_decref(document);
	}
}

static void assert_pass(struct pass pass, size_t limit)
{
	size_t count = world_flight_count(pass.world);

	make_texts(&pass);
	assert_pages(&pass, 100);
	assert_pages(&pass, limit);
	assert_pages(&pass, 100); /* from the cache now, where there is one */
	for (size_t i = 0; i < count; i += 1 + count / 20)
		assert_filtered(&pass, i);
	for (size_t i = 0; i < count && pass.view == DETAILED; i += pass.few ? 10 : 1)
		assert_single(&pass, i);
	for (size_t i = 0; i < count; i++)
		strbuf_fini(&pass.texts[i]);
	free(pass.texts);
}

static void assert_both_modes(const struct world *world, bool format, bool few, size_t limit)
{
	struct pass pass = {.world = world, .view = DETAILED, .format = format, .few = few};

	assert_pass(pass, limit);
	pass.view = NORMAL;
	pass.format = !format;
	assert_pass(pass, limit);
}

static void start(const char *cache)
{
	char clock[80] = "server.clock=";
	char size[40];

	expect_moment(NOW, clock + strlen(clock));
	snprintf(size, sizeof(size), "cache.size=%s", cache);
	server_start(&server, database.conninfo, (const char *const[]){clock, size, NULL});
}

static void test_thousand_flights(void **state)
{
	const struct world_options options = {.flights = flight_count()};
	uint64_t seed = random_seed("roundtrip");
	struct world *world = world_new(seed, &options);
	struct random random;

	(void)state;
	random_init(&random, ~seed);
	import_world(world, database.conninfo, DETAILED, counts(world, "new"));
	import_world(world, database.conninfo, DETAILED, counts(world, "unchanged"));
	start("256M");
	assert_both_modes(world, true, false, 1 + random_below(&random, 99));
	server_stop(&server, NULL);
	start("0");
	assert_both_modes(world, false, true, 1 + random_below(&random, 99));
	world_free(world);
}

/* What a smaller view says is stored, and wipes nothing that a larger one said before. */
static void test_views_add_up(void **state)
{
	const struct world_options options = {.flights = 30};
	struct world *world = world_new(random_seed("views"), &options);
	struct pass pass = {.world = world, .view = NORMAL};

	(void)state;
	import_world(world, database.conninfo, NORMAL, counts(world, "new"));
	start("0");
	assert_pass(pass, 7);
	import_world(world, database.conninfo, DETAILED, NULL);
	assert_both_modes(world, true, false, 7);
	import_world(world, database.conninfo, NORMAL, counts(world, "unchanged"));
	assert_both_modes(world, false, false, 11);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_thousand_flights, set_up_schema, tear_down),
		cmocka_unit_test_setup_teardown(test_views_add_up, set_up_schema, tear_down),
	};

	return RUN_TESTS("roundtrip", tests, NULL, NULL);
}
