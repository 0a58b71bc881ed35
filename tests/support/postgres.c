/* Makes and drops databases for tests, and asks them. */
#include "support/postgres.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/command.h"

static char own_directory[64];
static char own_conninfo[512];

static void postgres_stop(void)
{
	struct output output;
	struct process process;

	process_start(&process, WORDS("tests/tools/private-postgres", "remove", own_directory),
	              NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	output_fini(&output);
	rmdir(own_directory);
}

static void postgres_start(void)
{
	struct output output;
	struct process process;
	char owner[32];

	snprintf(owner, sizeof(owner), "%d", getpid());
	snprintf(own_directory, sizeof(own_directory), "/tmp/spacecraft-flights-test.XXXXXX");
	assert_non_null(mkdtemp(own_directory));
	process_start(&process,
	              WORDS("tests/tools/private-postgres", "start", own_directory, "fast", owner),
	              NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	if (output.status != 0)
		fail_msg("no PostgreSQL: %s", output.err);
	snprintf(own_conninfo, sizeof(own_conninfo), "%.*s", (int)strcspn(output.out, "\n"),
	         output.out);
	output_fini(&output);
	atexit(postgres_stop);
}

const char *test_postgres(void)
{
	const char *given = getenv("TEST_POSTGRES");

	if (given && given[0] != '\0')
		return given;
	if (own_conninfo[0] == '\0')
		postgres_start();
	return own_conninfo;
}

static PGconn *connect(const char *conninfo)
{
	PGconn *connection = PQconnectdb(conninfo);

	if (PQstatus(connection) != CONNECTION_OK)
		fail_msg("%s: %s", conninfo, PQerrorMessage(connection));
	return connection;
}

static char *first_value(const PGresult *result)
{
	bool is_there = PQntuples(result) > 0 && PQnfields(result) > 0;
	char *value = strdup(is_there ? PQgetvalue(result, 0, 0) : "");

	assert_non_null(value);
	return value;
}

char *test_sql(const char *conninfo, const char *sql)
{
	PGconn *connection = connect(conninfo);
	PGresult *result = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(result);
	char *value;

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(connection));
	value = first_value(result);
	PQclear(result);
	PQfinish(connection);
	return value;
}

void test_sql_is(const char *conninfo, const char *sql, const char *expected)
{
	char *value = test_sql(conninfo, sql);

	assert_string_equal(value, expected);
	free(value);
}

void test_sql_fails(const char *conninfo, const char *sql, const char *part)
{
	PGconn *connection = connect(conninfo);
	PGresult *result = PQexec(connection, sql);

	if (PQresultStatus(result) != PGRES_FATAL_ERROR)
		fail_msg("went well: %s", sql);
	if (!strstr(PQerrorMessage(connection), part))
		fail_msg("%s: not \"%s\" but: %s", sql, part, PQerrorMessage(connection));
	PQclear(result);
	PQfinish(connection);
}

void test_database_init(struct test_database *database)
{
	static int count;
	const char *postgres = test_postgres();
	char sql[128];

	snprintf(database->name, sizeof(database->name), "test_%d_%d", (int)getpid(), ++count);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", database->name);
	free(test_sql(postgres, sql));
	/* The last of two settings of one name wins. */
	snprintf(database->conninfo, sizeof(database->conninfo), "%s dbname=%s", postgres,
	         database->name);
}

void test_database_fini(struct test_database *database)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database->name);
	free(test_sql(test_postgres(), sql));
}

void test_database_init_schema(struct test_database *database)
{
	char setting[600];
	struct output output;

	test_database_init(database);
	snprintf(setting, sizeof(setting), "database.conninfo=%s", database->conninfo);
	command_run(&output, WORDS("--set", setting, "migrate"));
	if (output.status != 0)
		fail_msg("migrate: %s", output.err);
	output_fini(&output);
}
