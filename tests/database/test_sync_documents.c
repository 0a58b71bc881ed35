/* Passes over documents that are not quite what they should be: those that can be used are, and what
   cannot is told. */
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/syncing.h"

static int setup(void **state)
{
	set_up_mirror(state);
	mirror.settings.upstream.page_size = 10;
	return 0;
}

static void put(int64_t id, const char *destination)
{
	mirror_put(&(struct fake_facts){.id = id, .destination = destination});
}

static void put_document(int64_t id, const char *document)
{
	fake_list_put(fake_upstream_lock(mirror.upstream), id, document);
	fake_upstream_unlock(mirror.upstream);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in: %s", part, text);
}

/* Two flights in the middle of a page cannot be understood: all else is stored and deleted. */
static void test_unreadable(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(30, "first");
	mirror_sync();
	put_document(15, "{\"id\":15,\"destination\":\"x\",\"mission_end\":17}");
	put_document(17, "{\"id\":17,\"destination\":\"x\",\"spacecraft\":"
	                 "{\"id\":17,\"flights_count\":4294967296}}");
	put(14, "changed");
	put(18, "changed");
	mirror_drop(30);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_TROUBLED);
	sync_run_line_has(&run, "29 flights: 0 new, 2 changed, 27 unchanged, 1 deleted");
	has(run.log, "cannot understand 2 flights of a page, and leaves what is stored");
	has(run.error.text, "flight 15: mission_end: expected a time");
	assert_int_equal(sync_run_complaints(&run), 1);
	sync_run_fini(&run);
	mirror_sql_is("SELECT string_agg(id || ' ' || destination, ', ' ORDER BY id)"
	              " FROM spacecraft_flight WHERE id BETWEEN 14 AND 18",
	              "14 changed, 15 first 15, 16 first 16, 17 first 17, 18 changed");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "29");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "t");
	/* Until they are mended, each pass tells of them. */
	sync_ends(&mirror.settings, mirror.database.conninfo, PASS_TROUBLED);
	put(15, "mended");
	put(17, "mended");
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight WHERE destination = 'mended'", "2");
}

/* A list with a document of another endpoint is not the list of flights: nothing of its page is stored, not
   even that these flights are there. */
static void test_other_kind(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(30, "first");
	put_document(15, "{\"id\":15,\"url\":\"http://x/2.3.0/landings/15/\",\"success\":true}");
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_FAILED);
	has(run.error.text,
	    "results[4].url: expected a document of spacecraft_flights, found landings");
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "10");
	mirror_sql_is("SELECT count(*) FROM sync_document", "10");
	put_document(15, "{\"id\":15,\"url\":\"http://x/2.3.0/spacecraft_flights/15/\"}");
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "30");
}

/* A flight with a field that nobody knows, and one in its launch. */
static void put_unknown(int64_t id, const char *launch)
{
	struct strbuf document = STRBUF_INIT;

	strbuf_printf(&document, "{\"id\":%d,\"destination\":\"x\",\"foo\":1,\"launch\":%s}",
	              (int)id, launch);
	put_document(id, document.data);
	strbuf_fini(&document);
}

static void last_message_is(const char *expected)
{
	mirror_sql_is("SELECT coalesce(message, '-') FROM sync_pass ORDER BY id DESC LIMIT 1",
	              expected);
}

/* What is left out is told once a pass, whatever the page, and kept for `check`. */
static void test_unknown_fields(void **state)
{
	static const char told[] =
		"unknown fields were left out: foo \xc3\x97 3, launch.bar \xc3\x97 1";
	struct sync_run run;

	(void)state;
	mirror_fill(30, "first");
	put_unknown(5, "null");
	put_unknown(15, "null");
	put_unknown(16, "{\"id\":\"00000000-0000-4000-8000-000000000016\",\"bar\":[{}]}");
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	has(run.log, told);
	sync_run_line_has(&run, told);
	assert_int_equal(sync_run_complaints(&run), 1);
	sync_run_fini(&run);
	last_message_is(told);
	/* They are told of whatever the pass has read. */
	put_unknown(31, "null");
	sync_run(&run, &mirror.settings, mirror.database.conninfo, PASS_RECENT, false);
	assert_int_equal(run.end, PASS_DONE);
	assert_int_equal(sync_run_complaints(&run), 1);
	sync_run_fini(&run);
	last_message_is("unknown fields were left out: foo \xc3\x97 4, launch.bar \xc3\x97 1");
}

/* Also where the pass comes to no good end. */
static void test_unknown_fields_of_failed(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(30, "first");
	put_unknown(5, "null");
	fake_upstream_fault(mirror.upstream, FAKE_NOT_FOUND, 1, 1);
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_FAILED);
	has(run.log, "unknown fields were left out: foo \xc3\x97 1");
	sync_run_fini(&run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tear_down_mirror)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unreadable),
		TEST(test_other_kind),
		TEST(test_unknown_fields),
		TEST(test_unknown_fields_of_failed),
	};

	return RUN_TESTS("sync_documents", tests, NULL, NULL);
}
