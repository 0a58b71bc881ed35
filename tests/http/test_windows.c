/* Lists of what is to come and what has been, and those within documents of what is under way: what is in them at a moment,
   and that this stays true as time passes, though answers are cached. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"

#define KEY "00000000-0000-4000-8000-00000000000"
#define UPCOMING "/2.3.0/launches/upcoming/"
#define PREVIOUS "/2.3.0/launches/previous/"
#define STATIONS "/2.3.0/space_stations/"

/* The last digits of the ids on a page, in their order, behind the count: `3:456`. */
static void assert_ids(const char *path, const char *expected)
{
	struct strbuf found = STRBUF_INIT;
	struct answer answer;
	json_t *page, *launch;
	size_t i;

	http_get(&server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	page = json_loadb(answer.body, answer.body_length, 0, NULL);
	strbuf_printf(&found, "%lld:", json_integer_value(json_object_get(page, "count")));
	json_array_foreach(json_object_get(page, "results"), i, launch)
	{
		const char *id = json_string_value(json_object_get(launch, "id"));

		strbuf_char(&found, id[strlen(id) - 1]);
	}
	if (strcmp(found.data, expected) != 0)
		fail_msg("%s: %s, not %s", path, found.data, expected);
	json_decref(page);
	answer_fini(&answer);
	strbuf_fini(&found);
}

static long status_of(const char *path)
{
	struct answer answer;
	long status;

	http_get(&server, path, NULL, &answer);
	status = answer.status;
	answer_fini(&answer);
	return status;
}

/* --- At one moment. --- */

#define NOW "2026-01-15T12:00:00Z"

/* Launch 1 is a day and a microsecond old, 2 a day, 3 and 4 an hour, 5 is now, 6 comes a microsecond later, 7 a year
   later; 8 has no time. */
static const char moments[] =
	"INSERT INTO launch (id, name, net) SELECT ('" KEY "' || i)::uuid, 'Launch ' || 9 - i,"
	" timestamptz '" NOW
	"' + (ARRAY['-24:00:00.000001', '-24 hours', '-1 hour', '-1 hour', '0',"
	" '00:00:00.000001', '1 year', NULL])[i]::interval FROM generate_series(1, 8) i";

static void test_moment(void **state)
{
	(void)state;
	free(test_sql(database.conninfo, moments));
	server_start(&server, database.conninfo, WORDS("server.clock=" NOW));
	for (int i = 0; i < 2; i++) { /* by the database, and from memory */
		assert_ids("/2.3.0/launches/", "8:12345678");
		assert_ids(UPCOMING, "6:234567");
		assert_ids(UPCOMING "?limit=2&offset=3", "6:56");
		assert_ids(UPCOMING "?hide_recent_previous=true", "3:567");
		assert_ids(UPCOMING "?hide_recent_previous=false", "6:234567");
		assert_ids(UPCOMING "?ordering=-net", "6:765342");
		assert_ids(UPCOMING "?ordering=name", "6:765432");
		assert_ids(UPCOMING "?search=launch+4", "1:5");
		assert_ids(PREVIOUS, "5:54321");
		assert_ids(PREVIOUS "?limit=2&offset=1", "5:43");
		assert_ids(PREVIOUS "?ordering=net", "5:12345");
		assert_ids(PREVIOUS "?ordering=-net", "5:53421");
		assert_ids(PREVIOUS "?name=Launch+2", "0:");
		assert_ids(PREVIOUS "?name=Launch+7", "1:2");
	}
	assert_int_equal(status_of(UPCOMING KEY "1/"), 404);
	assert_int_equal(status_of(UPCOMING KEY "2/"), 200);
	assert_int_equal(status_of(UPCOMING KEY "2/?hide_recent_previous=true"), 404);
	assert_int_equal(status_of(UPCOMING KEY "8/"), 404);
	assert_int_equal(status_of(PREVIOUS KEY "5/"), 200);
	assert_int_equal(status_of(PREVIOUS KEY "6/"), 404);
	assert_int_equal(status_of("/2.3.0/launches/" KEY "8/"), 200);
}

/* --- As time passes. --- */

static json_int_t count_of(const char *path)
{
	struct answer answer;
	json_int_t count;
	json_t *page;

	http_get(&server, path, NULL, &answer);
	assert_int_equal(answer.status, 200);
	page = json_loadb(answer.body, answer.body_length, 0, NULL);
	count = json_integer_value(json_object_get(page, "count"));
	json_decref(page);
	answer_fini(&answer);
	return count;
}

/* How many answers have been made, rather than taken from the cache. */
static long long answers_made(void)
{
	struct answer answer;
	long long made;
	const char *line;

	http_get(&server, "/metrics", NULL, &answer);
	line = strstr(answer.body, "\nhttp_responses_made_total ");
	assert_non_null(line);
	made = strtoll(strchr(line, ' '), NULL, 10);
	answer_fini(&answer);
	return made;
}

static const struct {
	const char *path;
	json_int_t before, after;
} passing[] = {
	{UPCOMING, 4, 3},
	{UPCOMING "?ordering=name", 4, 3},
	{UPCOMING "?hide_recent_previous=true", 2, 1},
	{PREVIOUS, 2, 3},
	{PREVIOUS "?search=launch", 2, 3},
	{"/2.3.0/launches/", 4, 4},
};

static bool all_have_passed(void *unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (count_of(passing[i].path) != passing[i].after)
			return false;
	return true;
}

/* Launch 1 leaves the list to come after 8 seconds, and launch 3 enters that of the past after 12. */
static void test_time(void **state)
{
	long long made;

	(void)state;
	free(test_sql(
		database.conninfo,
		"INSERT INTO launch (id, name, net) SELECT ('" KEY "' || i)::uuid, 'Launch ' || i,"
		" now() + (ARRAY['-23:59:52', '-1 hour', '12 seconds', '1 year'])[i]::interval"
		" FROM generate_series(1, 4) i"));
	server_start(&server, database.conninfo, NULL);
	for (int run = 0; run < 3; run++) {
		for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
			assert_int_equal(count_of(passing[i].path), passing[i].before);
		if (run == 1)
			made = answers_made();
	}
	assert_int_equal(answers_made(), made); /* all of the last run were cached */
	assert_int_equal(status_of(UPCOMING KEY "1/"), 200);
	assert_int_equal(status_of(PREVIOUS KEY "3/"), 404);
	assert_true(poll_until(all_have_passed, NULL, 30));
	assert_int_equal(status_of(UPCOMING KEY "1/"), 404);
	assert_int_equal(status_of(PREVIOUS KEY "3/"), 200);
}

/* --- Within documents. --- */

/* The ids of the expeditions that a station shows: `2 3 `. */
static void read_expeditions(const char *path, struct strbuf *found)
{
	struct answer answer;
	json_t *station, *expedition;
	size_t i;

	http_get(&server, path, NULL, &answer);
	if (answer.status != 200)
		fail_msg("%s: %ld %.200s", path, answer.status, answer.body);
	station = json_loadb(answer.body, answer.body_length, 0, NULL);
	assert_non_null(station);
	strbuf_reset(found);
	strbuf_str(found, "");
	json_array_foreach(json_object_get(station, "active_expeditions"), i, expedition)
		strbuf_printf(found, "%lld ",
	                      json_integer_value(json_object_get(expedition, "id")));
	json_decref(station);
	answer_fini(&answer);
}

static bool shows(const char *path, const char *expected)
{
	struct strbuf found = STRBUF_INIT;

	read_expeditions(path, &found);
	bool shown = strcmp(found.data, expected) == 0;
	if (!shown)
		printf("%s: %s\n", path, found.data);
	strbuf_fini(&found);
	return shown;
}

/* Expedition 1 ends now, 2 began and has no end, 3 begins now, 4 begins and 5 ends a microsecond later, 6 has no beginning,
   7 is a year off. Station 2 has only those that are not there. */
static const char expeditions[] =
	"INSERT INTO space_station (id, name) VALUES (1, 'Some'), (2, 'None');"
	"INSERT INTO expedition (id, name, spacestation_id, start, \"end\") SELECT i, i::text,"
	" 1, timestamptz '" NOW
	"' + (ARRAY['-1 day', '-1 day', '0', '00:00:00.000001', '-1 day', NULL,"
	" '1 year'])[i]::interval, timestamptz '" NOW "' + (ARRAY['0', NULL, '1 day', NULL,"
	" '00:00:00.000001', '1 day', NULL])[i]::interval FROM generate_series(1, 7) i;"
	"INSERT INTO expedition (id, name, spacestation_id, start, \"end\")"
	" SELECT id + 10, name, 2, start, \"end\" FROM expedition WHERE id IN (1, 4, 6, 7)";

static void test_under_way(void **state)
{
	(void)state;
	free(test_sql(database.conninfo, expeditions));
	server_start(&server, database.conninfo, WORDS("server.clock=" NOW));
	for (int i = 0; i < 2; i++) {
		assert_true(shows(STATIONS "1/", "2 3 5 "));
		assert_true(shows(STATIONS "2/", ""));
	}
}

static bool has_ended(void *unused)
{
	(void)unused;
	return shows(STATIONS "1/", "2 ");
}

static bool has_begun(void *unused)
{
	(void)unused;
	return shows(STATIONS "1/", "2 3 ");
}

/* Expedition 1 ends after 4 seconds, and 3 begins after 8; answers are cached until then. */
static void test_end_and_beginning(void **state)
{
	long long made;

	(void)state;
	server_start(&server, database.conninfo, NULL);
	free(test_sql(database.conninfo,
	              "INSERT INTO space_station (id, name) VALUES (1, 'Station');"
	              "INSERT INTO expedition (id, name, spacestation_id, start, \"end\") VALUES"
	              " (1, '1', 1, now() - interval '1 day', now() + interval '4 seconds'),"
	              " (2, '2', 1, now() - interval '1 day', NULL),"
	              " (3, '3', 1, now() + interval '8 seconds', now() + interval '1 day')"));
	for (int run = 0; run < 3; run++) {
		assert_true(shows(STATIONS "1/", "1 2 "));
		if (run == 1)
			made = answers_made();
	}
	assert_int_equal(answers_made(), made);
	assert_true(poll_until(has_ended, NULL, 15));
	/* Another suffix: this answer comes from the document, not from the cache of answers. */
	assert_true(shows(STATIONS "1/?format=json", "2 "));
	assert_true(poll_until(has_begun, NULL, 15));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_moment, set_up_schema, tear_down),
		cmocka_unit_test_setup_teardown(test_time, set_up_schema, tear_down),
		cmocka_unit_test_setup_teardown(test_under_way, set_up_schema, tear_down),
		cmocka_unit_test_setup_teardown(test_end_and_beginning, set_up_schema, tear_down),
	};

	return RUN_TESTS("windows", tests, NULL, NULL);
}
