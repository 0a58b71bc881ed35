/* The command migrate, the check of the schema, and the roles of sql/roles.sql. */
#include <libpq-fe.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "repository/migrate.h"
#include "support/cmocka.h"
#include "support/logs.h"
#include "support/command.h"
#include "support/poll.h"
#include "support/postgres.h"
#include "support/server.h"

struct fixture {
	struct test_database database;
	char setting[600]; /* database.conninfo=... */
};

static int setup(void **state)
{
	struct fixture *fixture = malloc(sizeof(*fixture));

	assert_non_null(fixture);
	test_database_init(&fixture->database);
	snprintf(fixture->setting, sizeof(fixture->setting), "database.conninfo=%s",
	         fixture->database.conninfo);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	test_database_fini(&fixture->database);
	free(fixture);
	return 0;
}

static void run(const struct fixture *fixture, struct output *output, const char *command)
{
	command_run(output, WORDS("--set", fixture->setting, command));
}

static void migrate(const struct fixture *fixture)
{
	struct output output;

	run(fixture, &output, "migrate");
	if (output.status != 0)
		fail_msg("migrate: %s", output.err);
	output_fini(&output);
}

static const char *newest(void)
{
	static char text[16];

	snprintf(text, sizeof(text), "%d", migration_count);
	return text;
}

/* Every numbered file of sql/ is one of the program's migrations, and the other way round. */
static void test_files_are_embedded(void **state)
{
	struct dirent **entries;
	int count = scandir("sql", &entries, NULL, alphasort);
	int found = 0;

	(void)state;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		char wanted[300];

		if (entries[i]->d_name[0] >= '0' && entries[i]->d_name[0] <= '9') {
			assert_true(found < migration_count);
			snprintf(wanted, sizeof(wanted), "%04d_%s.sql", migrations[found].version,
			         migrations[found].name);
			assert_string_equal(entries[i]->d_name, wanted);
			assert_int_equal(migrations[found].version, found + 1);
			found++;
		}
		free(entries[i]);
	}
	free(entries);
	assert_int_equal(found, migration_count);
}

static void test_twice(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;
	struct output output;
	char expected[64];
	char *times;

	run(fixture, &output, "migrate");
	assert_string_equal(output.err, "");
	assert_int_equal(output.status, 0);
	snprintf(expected, sizeof(expected), "schema: version %d, was 0\n", migration_count);
	assert_string_equal(output.out, expected);
	output_fini(&output);
	test_sql_is(conninfo, "SELECT count(*) FROM schema_version", newest());
	test_sql_is(conninfo, "SELECT name FROM schema_version WHERE version = 1", "resources");
	times = test_sql(conninfo, "SELECT string_agg(applied_at::text, ',') FROM schema_version");

	run(fixture, &output, "migrate");
	assert_string_equal(output.err, "");
	assert_int_equal(output.status, 0);
	snprintf(expected, sizeof(expected), "schema: version %d, nothing to do\n",
	         migration_count);
	assert_string_equal(output.out, expected);
	output_fini(&output);
	test_sql_is(conninfo, "SELECT string_agg(applied_at::text, ',') FROM schema_version",
	            times);
	free(times);
}

/* Takes an empty database to a version, as migrate did when that was the newest. */
static void migrate_to(const char *conninfo, int version)
{
	free(test_sql(conninfo,
	              "CREATE TABLE schema_version (version integer PRIMARY KEY,"
	              " name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"));
	for (int i = 0; i < version; i++) {
		struct strbuf sql = STRBUF_INIT;

		strbuf_printf(&sql, "%s; INSERT INTO schema_version VALUES (%d, '%s')",
		              migrations[i].sql, migrations[i].version, migrations[i].name);
		free(test_sql(conninfo, sql.data));
		strbuf_fini(&sql);
	}
}

/* A database that stopped at an older version goes on from there. */
static void test_from_older_version(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;

	migrate_to(conninfo, 1);
	migrate(fixture);
	test_sql_is(conninfo, "SELECT count(*) FROM schema_version", newest());
	test_sql_is(conninfo, "SELECT max(version) FROM schema_version", newest());
}

/* Flights that an older version stored get the texts that a search looks in. */
static void test_texts_of_older_flights(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;

	migrate_to(conninfo, 7);
	free(test_sql(
		conninfo,
		"INSERT INTO agency (id, name, abbrev) VALUES (1, 'SpaceX', 'SpX');"
		"INSERT INTO spacecraft_configuration (id, name, agency_id) VALUES (2, "
		"'Dragon', 1);"
		"INSERT INTO spacecraft (id, name, spacecraft_config_id) VALUES (3, 'Élan', 2);"
		"INSERT INTO astronaut (id, name) VALUES (4, 'Anne McClain');"
		"INSERT INTO astronaut_flight (id, astronaut_id) VALUES (5, 4);"
		"INSERT INTO spacecraft_flight (id, spacecraft_id) VALUES (6, 3), (7, NULL);"
		"INSERT INTO spacecraft_flight_onboard_crew VALUES (6, 0, 5)"));
	migrate(fixture);
	test_sql_is(conninfo,
	            "SELECT string_agg(id || replace(text, E'\\x1F', '|'), ',' ORDER BY id)"
	            " FROM spacecraft_flight_search",
	            "6anne mcclain|dragon|spx|spacex|élan,7");
	free(test_sql(conninfo, "UPDATE agency SET name = 'Space X'"));
	test_sql_is(conninfo,
	            "SELECT count(*) FROM spacecraft_flight_search"
	            " WHERE replace(text, E'\\x1F', '|') LIKE '%|space x|%'",
	            "1");
}

/* Launches likewise, of which one has several flights; and flights go on to be noted. */
static void test_texts_of_older_launches(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;

	migrate_to(conninfo, 15);
	free(test_sql(conninfo,
	              "INSERT INTO location (id, name) VALUES (1, 'Kourou');"
	              "INSERT INTO pad (id, name, location_id) VALUES (1, 'ELA-4', 1);"
	              "INSERT INTO mission (id, name) VALUES (1, 'VA263');"
	              "INSERT INTO spacecraft (id, name) VALUES (1, 'Élan'), (2, 'Elan');"
	              "INSERT INTO launch (id, name, pad_id, mission_id) VALUES"
	              " ('00000000-0000-4000-8000-000000000001', 'One', 1, 1),"
	              " ('00000000-0000-4000-8000-000000000002', NULL, NULL, NULL);"
	              "INSERT INTO spacecraft_flight (id, spacecraft_id, launch_id) SELECT i, i,"
	              " '00000000-0000-4000-8000-000000000001' FROM generate_series(1, 2) i"));
	migrate(fixture);
	test_sql_is(conninfo,
	            "SELECT string_agg(several || replace(text, E'\\x1F', '|'), ',' ORDER BY id)"
	            " FROM launch_search",
	            "trueela-4|elan|kourou|one|va263|élan,false");
	free(test_sql(conninfo, "UPDATE location SET name = 'Guiana';"
	                        "UPDATE spacecraft SET name = 'Neu' WHERE id = 2"));
	test_sql_is(conninfo, "SELECT count(*) FROM launch_search WHERE text LIKE '%guiana%neu%'",
	            "1");
	test_sql_is(conninfo,
	            "SELECT count(*) FROM spacecraft_flight_search WHERE text LIKE '%neu%'", "1");
}

/* What sync knows of the upstream's flights stays; digests of their documents go. */
static void test_digests_go(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;

	migrate_to(conninfo, 5);
	free(test_sql(conninfo, "INSERT INTO sync_document VALUES"
	                        " (7, '1b411bfa-86b8-4b88-8f01-6e97ca4b90d7'), (9, NULL);"
	                        "UPDATE sync_state SET documents_version = 1, documents_by = 'x';"
	                        "INSERT INTO sync_pass (upstream, kind, started, touched)"
	                        " VALUES ('http://x', 'full', now(), now());"
	                        "INSERT INTO sync_page VALUES (1, 1, '{7,9}')"));
	migrate(fixture);
	test_sql_is(conninfo, "SELECT string_agg(d::text, ' ' ORDER BY id) FROM sync_document d",
	            "(7,spacecraft_flights) (9,spacecraft_flights)");
	test_sql_is(conninfo, "SELECT to_regclass('sync_state') IS NULL", "t");
	test_sql_is(conninfo, "SELECT ids FROM sync_page JOIN sync_pass ON pass = id", "{7,9}");
	test_sql_is(conninfo, "SELECT version FROM catalog_version", "1");
}

/* Of lists that were stored before, those count as known that have items, and those of flights that sync has
   read, which are detailed. */
static void test_lists_of_before(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;

	migrate_to(conninfo, 8);
	free(test_sql(conninfo,
	              "INSERT INTO spacecraft_flight (id) VALUES (1), (2), (3);"
	              "INSERT INTO astronaut_flight (id) VALUES (7);"
	              "INSERT INTO spacecraft_flight_onboard_crew VALUES (2, 0, 7);"
	              "INSERT INTO launch (id, program_is_null) VALUES"
	              " ('1b411bfa-86b8-4b88-8f01-6e97ca4b90d7', true),"
	              " ('1b411bfa-86b8-4b88-8f01-6e97ca4b90d8', false);"
	              "INSERT INTO sync_document VALUES (3);"
	              "INSERT INTO sync_pass (upstream, kind, started, touched, next)"
	              " VALUES ('http://x', 'full', now(), now(), 'http://x/?offset=7')"));
	migrate(fixture);
	test_sql_is(conninfo,
	            "SELECT string_agg(concat_ws(' ', launch_crew_known, onboard_crew_known,"
	            " landing_crew_known, docking_events_known), ', ' ORDER BY id)"
	            " FROM spacecraft_flight",
	            "f f f f, f t f f, t t t t");
	test_sql_is(conninfo, "SELECT string_agg(program_known::text, ' ' ORDER BY id) FROM launch",
	            "true false");
	test_sql_is(conninfo, "SELECT count(stated_at) FROM spacecraft_flight", "0");
	test_sql_is(conninfo, "SELECT concat_ws(' ', ordered, sweeps, older, next) FROM sync_pass",
	            "t 1 0 http://x/?offset=7");
}

/* What sync knew of lists stays: one that did not obey has done so today, and its suspended pass goes on. */
static void test_obedience_of_before(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;

	migrate_to(conninfo, 16);
	free(test_sql(conninfo, "INSERT INTO sync_list (upstream, list, obeys) VALUES"
	                        " ('https://ll.example', 'launches', true),"
	                        " ('https://ll.example', 'pads', false)"));
	migrate(fixture);
	test_sql_is(
		conninfo,
		"SELECT string_agg(list || ' ' || coalesce((now() - disobeyed < '1 minute')::text,"
		" 'obeys'), ', ' ORDER BY list) FROM sync_list",
		"launches obeys, pads true");
	test_sql_is(conninfo,
	            "SELECT confupdtype FROM pg_constraint WHERE conrelid = 'sync_page'::regclass"
	            " AND contype = 'f'",
	            "c");
}

/* Requests of before go on to count, and are of no pass any more. */
static void test_requests_of_before(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;

	migrate_to(conninfo, 17);
	free(test_sql(conninfo,
	              "INSERT INTO sync_request (at, whole) VALUES"
	              " ('2026-11-26T10:00:00Z', true), ('2026-11-26T10:05:00Z', false)"));
	migrate(fixture);
	test_sql_is(conninfo,
	            "SELECT string_agg(extract(epoch FROM at)::bigint::text, ' ' ORDER BY at)"
	            " FROM sync_request",
	            "1795687200 1795687500");
	test_sql_is(conninfo,
	            "SELECT string_agg(attname, ' ') FROM pg_attribute WHERE attnum > 0"
	            " AND attrelid = 'sync_request'::regclass AND NOT attisdropped",
	            "at");
}

/* Both are held at the lock before either may look, so that they surely meet. */
static void test_two_at_once(void **state)
{
	struct fixture *fixture = *state;
	const char **words = command_words(WORDS("--set", fixture->setting, "migrate"));
	struct process holder;
	struct process both[2];
	struct output output;
	int idle = 0;

	process_start(&holder,
	              WORDS("psql", "-X", "-d", fixture->database.conninfo, "-c",
	                    "SELECT pg_advisory_lock(28829647586751603), pg_sleep(600)"),
	              NULL, 0);
	test_locks_reach(fixture->database.conninfo, "granted", 1);
	for (int i = 0; i < 2; i++)
		process_start(&both[i], words, NULL, 0);
	free(words);
	test_locks_reach(fixture->database.conninfo, "NOT granted", 2);
	test_end_sleepers(fixture->database.conninfo);
	process_wait(&holder, COMMAND_SECONDS, &output);
	output_fini(&output);
	for (int i = 0; i < 2; i++) {
		process_wait(&both[i], COMMAND_SECONDS, &output);
		assert_string_equal(output.err, "");
		assert_int_equal(output.status, 0);
		idle += strstr(output.out, "nothing to do") != NULL;
		output_fini(&output);
	}
	assert_int_equal(idle, 1);
	test_sql_is(fixture->database.conninfo, "SELECT count(*) FROM schema_version", newest());
}

static void test_newer_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct output output;
	char expected[256];

	migrate(fixture);
	free(test_sql(fixture->database.conninfo,
	              "INSERT INTO schema_version (version, name) VALUES (999, 'future')"));
	run(fixture, &output, "migrate");
	assert_int_equal(output.status, 1);
	snprintf(expected, sizeof(expected),
	         "spacecraft-flights: the database's schema has version 999, which this program, "
	         "made "
	         "for version %d, does not know: run the program that has run migrate\n",
	         migration_count);
	assert_string_equal(output.err, expected);
	output_fini(&output);
	run(fixture, &output, "check");
	assert_int_equal(output.status, 1);
	assert_non_null(
		strstr(output.out, "schema: FAILED: the database's schema has version 999"));
	output_fini(&output);
}

static bool is_healthy(void *user)
{
	struct answer answer;
	bool healthy;

	http_get(user, "/health", NULL, &answer);
	healthy = answer.status == 200;
	answer_fini(&answer);
	return healthy;
}

/* A server without a schema waits for one, and says so; with that of another version it tries. */
static void test_serve_without_schema(void **state)
{
	struct fixture *fixture = *state;
	struct test_server server;

	server_start(&server, fixture->database.conninfo, NULL);
	log_await(&server.process, "no change feed: the database has no schema yet: run migrate",
	          1);
	migrate(fixture);
	assert_true(poll_until(is_healthy, &server, COMMAND_SECONDS));
	server_stop(&server, NULL);
	free(test_sql(fixture->database.conninfo, "DELETE FROM schema_version WHERE version > 5"));
	server_start(&server, fixture->database.conninfo, NULL);
	log_await(&server.process, "the database's schema has version 5 and version ", 1);
	log_await(&server.process, "is needed: run migrate", 1);
	assert_true(poll_until(is_healthy, &server, COMMAND_SECONDS));
	server_stop(&server, NULL);
}

/* A migration that fails leaves no trace of itself, names itself, and can be run again. */
static void test_failure_leaves_nothing(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;
	struct output output;

	free(test_sql(conninfo, "CREATE TABLE spacecraft_flight (other text)"));
	run(fixture, &output, "migrate");
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "migration 1, resources: "));
	assert_non_null(strstr(output.err, "spacecraft_flight"));
	output_fini(&output);
	test_sql_is(conninfo, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "2");
	free(test_sql(conninfo, "DROP TABLE spacecraft_flight"));
	migrate(fixture);
	test_sql_is(conninfo, "SELECT count(*) FROM schema_version", newest());
}

static void test_check(void **state)
{
	struct fixture *fixture = *state;
	struct output output;
	char expected[256];

	run(fixture, &output, "check");
	assert_int_equal(output.status, 1);
	assert_string_equal(output.out,
	                    "configuration: ok\ndatabase: ok\n"
	                    "schema: FAILED: the database has no schema yet: run migrate\n");
	assert_string_equal(output.err, "spacecraft-flights: check failed: schema\n");
	output_fini(&output);
	migrate(fixture);
	run(fixture, &output, "check");
	assert_int_equal(output.status, 0);
	snprintf(expected, sizeof(expected),
	         "configuration: ok\ndatabase: ok\nschema: ok, version %d\n"
	         "sync: ok, no pass over https://ll.thespacedevs.com yet;",
	         migration_count);
	assert_true(output.out_length > strlen(expected));
	output.out[strlen(expected)] = '\0';
	assert_string_equal(output.out, expected);
	output_fini(&output);
}

static void test_database_is_missing(void **state)
{
	struct output output;

	(void)state;
	command_run(&output, WORDS("--set", "database.conninfo=host=/nowhere", "migrate"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "spacecraft-flights: cannot connect to PostgreSQL: "));
	assert_non_null(strstr(output.err, "/nowhere"));
	assert_ptr_equal(strchr(output.err, '\n'), output.err + output.err_length - 1);
	output_fini(&output);
}

static void psql_file(const char *conninfo, const char *path)
{
	struct process process;
	struct output output;

	process_start(
		&process,
		WORDS("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f", path),
		NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != 0)
		fail_msg("%s: %s", path, output.err);
	output_fini(&output);
}

static void test_roles(void **state)
{
	struct fixture *fixture = *state;
	const char *conninfo = fixture->database.conninfo;
	const char *insert = "INSERT INTO spacecraft_status (id, name) VALUES (1, 'Active')";
	char reader[600];
	char writer[600];

	snprintf(reader, sizeof(reader), "%s user=spacecraft_flights_reader", conninfo);
	snprintf(writer, sizeof(writer), "%s user=spacecraft_flights_writer", conninfo);
	migrate(fixture);
	psql_file(conninfo, "sql/roles.sql");
	psql_file(conninfo, "sql/roles.sql");

	test_sql_fails(reader, insert, "read-only transaction");
	test_sql_fails(reader,
	               "SET transaction_read_only = off;"
	               "INSERT INTO spacecraft_status (id) VALUES (1)",
	               "permission denied");
	free(test_sql(writer, insert));
	free(test_sql(writer, "UPDATE spacecraft_status SET name = 'Retired'"));
	test_sql_is(reader, "SELECT name FROM spacecraft_status", "Retired");
	test_sql_is(reader, "SELECT max(version) FROM schema_version", newest());
	test_sql_is(reader, "LISTEN catalog_changed", "");
	free(test_sql(writer, "DELETE FROM spacecraft_status"));
	test_sql_fails(writer, "DROP TABLE spacecraft_status", "must be owner");
	test_sql_fails(writer, "DELETE FROM schema_version", "permission denied");
	test_sql_fails(writer, "CREATE TABLE mine (id int)", "permission denied");

	/* Tables of later migrations. */
	free(test_sql(conninfo, "CREATE TABLE later (id int)"));
	free(test_sql(writer, "INSERT INTO later VALUES (7)"));
	test_sql_is(reader, "SELECT id FROM later", "7");
}

/* PostgreSQL says that the role may not do it, whatever else may be wrong with it. */
static void assert_denied(const char *conninfo, const char *sql)
{
	PGconn *connection = PQconnectdb(conninfo);
	PGresult *result = PQexec(connection, sql);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (!state || strcmp(state, "42501") != 0)
		fail_msg("%s: %s", sql, state ? PQerrorMessage(connection) : "went well");
	PQclear(result);
	PQfinish(connection);
}

/* Whatever it may try, also with its second fence taken down. */
static void test_reader_only_reads(void **state)
{
	static const char *const forbidden[] = {
		"INSERT INTO agency (id, name) VALUES (1, 'a')",
		"UPDATE spacecraft_flight SET destination = 'a'",
		"DELETE FROM spacecraft_flight",
		"TRUNCATE spacecraft_flight",
		"LOCK TABLE spacecraft_flight IN ROW EXCLUSIVE MODE",
		"LOCK TABLE spacecraft_flight IN ACCESS EXCLUSIVE MODE",
		"SELECT id FROM spacecraft_flight FOR UPDATE",
		"SELECT id FROM spacecraft_flight FOR KEY SHARE",
		"UPDATE catalog_version SET version = 1",
		"CREATE TABLE mine (id int)",
		"CREATE TEMPORARY TABLE mine (id int)",
		"CREATE SCHEMA mine",
		"CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
		"DROP TABLE spacecraft_flight",
		"ALTER TABLE spacecraft_flight DISABLE TRIGGER ALL",
		("CREATE TRIGGER mine AFTER INSERT ON spacecraft_flight EXECUTE FUNCTION"
	         " suppress_redundant_updates_trigger()"),
		"SELECT lo_create(0)",
		"SELECT lo_creat(-1)",
		"SELECT lo_from_bytea(0, 'a')",
		"SELECT lo_unlink(1)",
		"SELECT pg_advisory_lock(28829647586751603)",
		"SELECT pg_try_advisory_lock(28829647586751603)",
		"SELECT pg_advisory_lock_shared(28829647586751603)",
		"SELECT pg_advisory_xact_lock(1, 2)",
		"SELECT pg_try_advisory_xact_lock_shared(1)",
		"COPY spacecraft_flight TO '/tmp/spacecraft-flights-reader'",
		"COPY (SELECT 1) TO PROGRAM 'true'",
		"SELECT pg_read_file('/etc/hostname')",
		("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> "
	         "current_user"),
		"ALTER ROLE spacecraft_flights_writer PASSWORD 'a'",
		"SET ROLE spacecraft_flights_writer",
	};
	struct fixture *fixture = *state;
	char reader[600], writer[600];

	migrate(fixture);
	psql_file(fixture->database.conninfo, "sql/roles.sql");
	snprintf(reader, sizeof(reader),
	         "%s user=spacecraft_flights_reader options='-c default_transaction_read_only=off'",
	         fixture->database.conninfo);
	snprintf(writer, sizeof(writer), "%s user=spacecraft_flights_writer",
	         fixture->database.conninfo);
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		char statement[400];

		snprintf(statement, sizeof(statement), "BEGIN; %s", forbidden[i]);
		assert_denied(reader, statement);
	}
	test_sql_is(reader, "SELECT count(*) FROM spacecraft_flight", "0");
	/* Those that sync has need of stay with who syncs. */
	test_sql_is(writer, "SELECT pg_try_advisory_lock(1)", "t");
	test_sql_is(fixture->database.conninfo, "SELECT pg_try_advisory_lock(2)", "t");
}

/* With connections of their own for reading and writing, as the documents have it. */
static void test_reader_and_writer(void **state)
{
	struct fixture *fixture = *state;
	char reader[700], writer[700], empty[] = "[]";
	struct output output;

	migrate(fixture);
	psql_file(fixture->database.conninfo, "sql/roles.sql");
	snprintf(reader, sizeof(reader), "%s user=spacecraft_flights_reader", fixture->setting);
	snprintf(writer, sizeof(writer), "sync.conninfo=%s user=spacecraft_flights_writer",
	         fixture->database.conninfo);
	command_run(&output, WORDS("--set", reader, "--set", writer, "check"));
	assert_non_null(strstr(output.out, "\nwriter: ok\n"));
	assert_int_equal(output.status, 0);
	output_fini(&output);
	command_run_input(&output, WORDS("--set", reader, "--set", writer, "import", "-"), empty,
	                  strlen(empty));
	assert_string_equal(output.err, "");
	assert_int_equal(output.status, 0);
	output_fini(&output);
	snprintf(writer, sizeof(writer), "sync.conninfo=%s user=spacecraft_flights_reader",
	         fixture->database.conninfo);
	command_run(&output, WORDS("--set", reader, "--set", writer, "check"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.out, "\nwriter: FAILED: sync.conninfo: this role may not "
	                                   "write "));
	assert_non_null(strstr(output.out, " tables, such as agency: run sql/roles.sql for it\n"));
	output_fini(&output);
	/* A server that syncs writes by the only connection that it has. */
	command_run(&output, WORDS("--set", reader, "--set", "sync.interval=60", "check"));
	assert_non_null(strstr(output.out, "\nwriter: FAILED: database.conninfo: this role may not "
	                                   "write "));
	output_fini(&output);
	command_run(&output, WORDS("--set", reader, "check"));
	assert_int_equal(output.status, 0);
	assert_null(strstr(output.out, "writer"));
	output_fini(&output);
	/* One table that a later migration, of another role, has added. */
	free(test_sql(fixture->database.conninfo,
	              "REVOKE UPDATE ON import_document FROM spacecraft_flights_writer"));
	snprintf(writer, sizeof(writer), "sync.conninfo=%s user=spacecraft_flights_writer",
	         fixture->database.conninfo);
	command_run(&output, WORDS("--set", reader, "--set", writer, "check"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.out, "may not write 1 tables, such as import_document: run"));
	output_fini(&output);
}

/* What writes may go to another database, with another schema. */
static void test_other_writer(void **state)
{
	struct fixture *fixture = *state;
	struct test_database other;
	struct output output;
	char writer[700];

	migrate(fixture);
	test_database_init(&other);
	snprintf(writer, sizeof(writer), "sync.conninfo=%s", other.conninfo);
	command_run(&output, WORDS("--set", fixture->setting, "--set", writer, "check"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.out, "\nwriter: FAILED: sync.conninfo: the database has no "
	                                   "schema yet: run migrate\n"));
	output_fini(&output);
	test_database_fini(&other);
}

/* Every mistake in the settings is told, and nothing else is looked at. */
static void test_check_configuration(void **state)
{
	struct fixture *fixture = *state;
	char path[] = "/tmp/check-test.XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	struct output output;
	char expected[700];

	assert_non_null(file);
	fprintf(file,
	        "nonsense\n[server]\nthreads = none\nlisten = 127.0.0.1:1\n[serv\n"
	        "[sync]\nfoo = 1\ninterval = 60\ninterval = 70\n%0*d\n",
	        5000, 0);
	assert_int_equal(fclose(file), 0);
	command_run(&output, WORDS("-c", path, "--set", fixture->setting, "--set", "log.level=loud",
	                           "check"));
	snprintf(expected, sizeof(expected),
	         "configuration: FAILED: %s:1: [section] or key = value was expected\n"
	         "configuration: FAILED: %s:3: server.threads: ",
	         path, path);
	if (strncmp(output.out, expected, strlen(expected)) != 0)
		fail_msg("%s", output.out);
	for (int line = 5; line <= 10; line++) {
		snprintf(expected, sizeof(expected), "\nconfiguration: FAILED: %s:%d: ", path,
		         line);
		if ((strstr(output.out, expected) != NULL) != (line != 6 && line != 8))
			fail_msg("line %d: %s", line, output.out);
	}
	assert_non_null(strstr(output.out, "\nconfiguration: FAILED: --set: log.level: "));
	assert_null(strstr(output.out, "database"));
	assert_int_equal(output.status, 1);
	assert_string_equal(output.err, "spacecraft-flights: check failed: configuration\n");
	output_fini(&output);
	/* Other commands end with the first. */
	command_run(&output, WORDS("-c", path, "migrate"));
	assert_int_equal(output.status, 1);
	assert_ptr_equal(strchr(output.err, '\n'), output.err + output.err_length - 1);
	output_fini(&output);
	remove(path);
	command_run(&output, WORDS("-c", path, "--set", fixture->setting, "check"));
	snprintf(expected, sizeof(expected),
	         "configuration: FAILED: %s: No such file or directory\n", path);
	assert_string_equal(output.out, expected);
	output_fini(&output);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_are_embedded),
		TEST(test_twice),
		TEST(test_from_older_version),
		TEST(test_digests_go),
		TEST(test_texts_of_older_flights),
		TEST(test_texts_of_older_launches),
		TEST(test_lists_of_before),
		TEST(test_obedience_of_before),
		TEST(test_requests_of_before),
		TEST(test_two_at_once),
		TEST(test_newer_is_refused),
		TEST(test_serve_without_schema),
		TEST(test_failure_leaves_nothing),
		TEST(test_check),
		cmocka_unit_test(test_database_is_missing),
		TEST(test_roles),
		TEST(test_reader_only_reads),
		TEST(test_reader_and_writer),
		TEST(test_other_writer),
		TEST(test_check_configuration),
	};

	return RUN_TESTS("migrate", tests, NULL, NULL);
}
