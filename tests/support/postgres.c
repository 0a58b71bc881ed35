/* Makes and drops databases for tests, and asks them. */
#include "support/postgres.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/poll.h"
#include "support/temporary.h"

static char own_directory[TEMPORARY_SIZE];
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
	temporary_directory(own_directory, "postgres");
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

struct locks {
	const char *conninfo, *condition;
	int count;
};

static bool are_reached(void *user)
{
	const struct locks *wanted = user;
	char sql[256];
	char *count;
	bool reached;

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND %s AND database ="
	         " (SELECT oid FROM pg_database WHERE datname = current_database())",
	         wanted->condition);
	count = test_sql(wanted->conninfo, sql);
	reached = atoi(count) == wanted->count;
	free(count);
	return reached;
}

void test_locks_reach(const char *conninfo, const char *condition, int count)
{
	struct locks wanted = {conninfo, condition, count};

	assert_true(poll_until(are_reached, &wanted, COMMAND_SECONDS));
}

static PGconn *locker; /* or NULL */

void test_lock(const char *conninfo, const char *table)
{
	char sql[256];
	PGresult *result;

	assert_null(locker);
	locker = connect(conninfo);
	snprintf(sql, sizeof(sql), "BEGIN; LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table);
	result = PQexec(locker, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(locker));
	PQclear(result);
}

void test_unlock(void)
{
	PQfinish(locker); /* nothing, for NULL */
	locker = NULL;
}

void test_end_sleepers(const char *conninfo)
{
	free(test_sql(conninfo,
	              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	              " WHERE query LIKE '%pg_sleep(600)' AND datname = current_database()"
	              " AND pid <> pg_backend_pid()"));
}

/* A copy of another database, to which nobody may be connected. */
static void database_create(struct test_database *database, const char *template)
{
	static int count;
	const char *postgres = test_postgres();
	char sql[256];

	snprintf(database->name, sizeof(database->name), "test_%d_%d", (int)getpid(), ++count);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", database->name, template);
	free(test_sql(postgres, sql));
	/* The last of two settings of one name wins. */
	snprintf(database->conninfo, sizeof(database->conninfo), "%s dbname=%s", postgres,
	         database->name);
	snprintf(database->setting, sizeof(database->setting), "database.conninfo=%s",
	         database->conninfo);
}

void test_database_init(struct test_database *database)
{
	database_create(database, "template1");
}

void test_database_fini(struct test_database *database)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database->name);
	free(test_sql(test_postgres(), sql));
}

static void migrate(const struct test_database *database)
{
	struct output output;

	command_run(&output, WORDS("--set", database->setting, "migrate"));
	if (output.status != 0)
		fail_msg("migrate: %s", output.err);
	output_fini(&output);
}

/* Creates a database with the schema, which gets its name when it is complete. */
static void schema_create(const char *name)
{
	struct test_database database;
	char sql[256];

	test_database_init(&database);
	migrate(&database);
	snprintf(sql, sizeof(sql), "ALTER DATABASE %s RENAME TO %s", database.name, name);
	free(test_sql(test_postgres(), sql));
}

/* The database that those with a schema are copied from, which is faster than the command migrate. The first
   program that needs it creates it, under a lock; it is named after the build of the server, in case the
   PostgreSQL outlives that. */
static const char *schema_database(void)
{
	static char name[64];
	PGconn *lock;
	struct stat binary;
	char sql[256];
	char *found;

	if (name[0] != '\0')
		return name;
	assert_int_equal(stat(command_binary(), &binary), 0);
	snprintf(name, sizeof(name), "schema_%lld_%ld", (long long)binary.st_mtim.tv_sec,
	         binary.st_mtim.tv_nsec);
	lock = connect(test_postgres());
	PQclear(PQexec(lock, "SELECT pg_advisory_lock(1)"));
	snprintf(sql, sizeof(sql), "SELECT 1 FROM pg_database WHERE datname = '%s'", name);
	found = test_sql(test_postgres(), sql);
	if (found[0] == '\0')
		schema_create(name);
	free(found);
	PQfinish(lock);
	return name;
}

void test_database_init_schema(struct test_database *database)
{
	database_create(database, schema_database());
}
