/* Databases for tests: each a fresh one in the PostgreSQL that TEST_POSTGRES names, or in one that is
   started for this program alone and stopped at its end. Whatever goes wrong here fails the test. */
#ifndef SUPPORT_POSTGRES_H
#define SUPPORT_POSTGRES_H

struct test_database {
	char name[64];
	char conninfo[512];
	char setting[544]; /* database.conninfo=CONNINFO */
};

/* A new, empty database. */
void test_database_init(struct test_database *database);
/* Drops it, with whoever is still connected. */
void test_database_fini(struct test_database *database);

/* The same with the program's schema in it, as the command migrate creates it. */
void test_database_init_schema(struct test_database *database);

/* The connection string of the PostgreSQL itself, for tests that make roles or databases. */
const char *test_postgres(void);

/* Runs SQL, one statement or several; the first value of the last result's first row, "" for none or
   NULL. New; free it with free. */
char *test_sql(const char *conninfo, const char *sql);

/* Asserts that value, and for SQL that must fail that the error's text has `part` in it. */
void test_sql_is(const char *conninfo, const char *sql, const char *expected);
void test_sql_fails(const char *conninfo, const char *sql, const char *part);

/* Waits until so many sessions have the database's advisory locks: `granted` or `NOT granted`. */
void test_locks_reach(const char *conninfo, const char *condition, int count);

/* Locks a table against readers, too, until it is unlocked; one at a time. */
void test_lock(const char *conninfo, const char *table);
/* Unlocks it, where it is locked. */
void test_unlock(void);

/* Ends the database's sessions whose statement ends with `pg_sleep(600)`. */
void test_end_sleepers(const char *conninfo);

#endif
