/* Passes over a database that refuses a transaction or has other defaults: what was not stored is not
   taken for stored. */
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

static void sql(const char *text)
{
	free(test_sql(mirror.database.conninfo, text));
}

/* Lets every COMMIT fail that has a row of the table for which the condition holds. */
static void commits_refuse(const char *when, const char *table, const char *condition)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_printf(&text,
	              "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
	              " $$ BEGIN RAISE 'not today'; END $$;"
	              "CREATE CONSTRAINT TRIGGER refuse AFTER %s ON %s DEFERRABLE INITIALLY"
	              " DEFERRED FOR EACH ROW WHEN (%s) EXECUTE FUNCTION refuse()",
	              when, table, condition);
	sql(text.data);
	strbuf_fini(&text);
}

static void fails(const char *why)
{
	struct sync_run run;

	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_FAILED);
	if (!strstr(run.error.text, why))
		fail_msg("not \"%s\" but: %s", why, run.error.text);
	sync_run_fini(&run);
}

/* The next pass goes on with the page that was refused, not behind it. */
static void test_refused_page(void **state)
{
	struct sync_run run;

	(void)state;
	mirror_fill(40, "first");
	commits_refuse("INSERT", "spacecraft_flight", "NEW.id = 15");
	fails("not today");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "10");
	mirror_sql_is("SELECT pages || ' ' || documents || ' ' || created FROM sync_pass",
	              "1 10 10");
	sql("DROP FUNCTION refuse CASCADE");
	sync_run_is(&run, &mirror.settings, mirror.database.conninfo, PASS_DONE);
	sync_run_line_has(&run, "resumed and done");
	sync_run_line_has(&run, "40 flights: 40 new, 0 changed, 0 unchanged, 0 deleted; 4 pages, "
	                        "5 requests");
	sync_run_fini(&run);
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "40");
	mirror_sql_is("SELECT consistent FROM sync_pass ORDER BY id DESC LIMIT 1", "t");
}

/* Deletions that did not come to pass are not told as such. */
static void test_refused_end(void **state)
{
	(void)state;
	mirror_fill(40, "first");
	mirror_sync();
	mirror_drop(40);
	commits_refuse("DELETE", "spacecraft_flight", "OLD.id = 40");
	fails("not today");
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "40");
	mirror_sql_is("SELECT outcome || ' ' || deleted FROM sync_pass ORDER BY id DESC LIMIT 1",
	              "failed 0");
	sql("DROP FUNCTION refuse CASCADE");
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "39");
}

/* Writers meet at a lock: a snapshot from before they got it would make them fail. */
static void test_isolation(void **state)
{
	(void)state;
	sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation"
	    " = serializable', current_database()); END $$;"
	    "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
	    " IF current_setting('transaction_isolation') <> 'read committed' THEN"
	    "  RAISE 'a snapshot of its own'; END IF; RETURN NULL; END $$;"
	    "CREATE TRIGGER look AFTER INSERT OR DELETE ON spacecraft_flight"
	    " FOR EACH STATEMENT EXECUTE FUNCTION look()");
	mirror_fill(40, "first");
	mirror_sync();
	mirror_drop(40);
	mirror_sync();
	mirror_sql_is("SELECT count(*) FROM spacecraft_flight", "39");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tear_down_mirror)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_refused_page),
		TEST(test_refused_end),
		TEST(test_isolation),
	};

	return RUN_TESTS("sync_transactions", tests, NULL, NULL);
}
