/* Runs the migrations of sql/ that a database lacks. */
#include "repository/migrate.h"

#include "base/embed.h"
#include "base/strbuf.h"
#include "repository/wire.h"

/* X(number, name) of sql/<number>_<name>.sql, in order and without gaps. */
#define MIGRATIONS(X) \
	X(0001, resources) \
	X(0002, catalog_version) \
	X(0003, sync) \
	X(0004, search) \
	X(0005, sync_not_before) \
	X(0006, sync_without_digests) \
	X(0007, spacecraft) \
	X(0009, import_and_sync)

#define X(number, name) EMBED(migration_##number, "sql/" #number "_" #name ".sql");
MIGRATIONS(X)
#undef X

enum migration_order {
#define X(number, name) MIGRATION_##number,
	MIGRATIONS(X)
#undef X
		MIGRATION_TOTAL
};

const struct migration migrations[] = {
#define X(number, name) {MIGRATION_##number + 1, #name, migration_##number},
	MIGRATIONS(X)
#undef X
};

const int migration_count = MIGRATION_TOTAL;

/* An advisory lock that no other program on the database should use: `flights` in ASCII. */
#define LOCK "SELECT pg_advisory_lock(28829647586751603)"
#define UNLOCK "SELECT pg_advisory_unlock(28829647586751603)"

static const char create_version_table[] = "CREATE TABLE IF NOT EXISTS schema_version ("
					   " version integer PRIMARY KEY,"
					   " name text NOT NULL,"
					   " applied_at timestamptz NOT NULL DEFAULT now())";

/* No row where the table does not exist. */
static const struct statement find_version_table = {
	.sql = "SELECT 1 WHERE to_regclass('schema_version') IS NOT NULL",
};

static const struct statement select_version = {
	.sql = "SELECT coalesce(max(version), 0) FROM schema_version",
};

/* Runs a statement whose result is an integer, or no row, which leaves *value as it is. */
static bool select_integer(struct session *session, const struct statement *statement, int *value,
                           struct error *error)
{
	PGresult *result;

	if (!session_send(session, statement, NULL, error) || !session_sync(session, error))
		return false;
	result = session_result(session, error);
	if (result && PQntuples(result) > 0)
		*value = (int)wire_get32(PQgetvalue(result, 0, 0));
	PQclear(result);
	return session_finish(session, error) && result;
}

bool migrate_version(struct session *session, int *version, struct error *error)
{
	int found = 0;

	*version = 0;
	if (!select_integer(session, &find_version_table, &found, error))
		return false;
	return !found || select_integer(session, &select_version, version, error);
}

static bool newer_refused(int version, struct error *error)
{
	return error_set(error,
	                 "the database's schema has version %d, which this program, made for "
	                 "version %d, does not know: run the program that has run migrate",
	                 version, migration_count);
}

bool migrate_check(struct session *session, struct error *error)
{
	int version;

	if (!migrate_version(session, &version, error))
		return false;
	if (version > migration_count)
		return newer_refused(version, error);
	if (version == 0)
		return error_set(error, "the database has no schema yet: run migrate");
	if (version < migration_count)
		return error_set(error,
		                 "the database's schema has version %d and version %d is "
		                 "needed: run migrate",
		                 version, migration_count);
	return true;
}

/* All tables that imports and sync write: of resources and lists, which have the triggers, and their own. */
static const struct statement select_closed = {
	.sql = "SELECT count(*)::integer, min(relname) FROM pg_class c WHERE relkind = 'r'"
	       " AND relnamespace = current_schema()::regnamespace"
	       " AND (relname ~ '^(sync|import)_' OR relname = 'catalog_version' OR EXISTS"
	       "  (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'catalog_insert'))"
	       " AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')"
	       "  AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))",
};

bool migrate_check_writer(struct session *session, struct error *error)
{
	PGresult *result;
	bool may = false;

	if (!session_send(session, &select_closed, NULL, error) || !session_sync(session, error))
		return false;
	result = session_result(session, error);
	if (result) {
		int count = (int)wire_get32(PQgetvalue(result, 0, 0));

		may = count == 0 ||
		      error_set(error,
		                "this role may not write %d tables, such as %s: run sql/roles.sql "
		                "for it",
		                count, PQgetvalue(result, 0, 1));
	}
	PQclear(result);
	return session_finish(session, error) && may;
}

static bool migration_run(struct session *session, const struct migration *migration,
                          struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	struct error ignored = {0};
	bool done;

	strbuf_printf(&sql,
	              "BEGIN;\n%s;\nINSERT INTO schema_version (version, name) VALUES (%d, '%s');\n"
	              "COMMIT",
	              migration->sql, migration->version, migration->name);
	done = session_run(session, sql.data, error);
	strbuf_fini(&sql);
	if (done)
		return true;
	error_prefix(error, "migration %d, %s", migration->version, migration->name);
	/* Where this fails too, the connection is lost and the transaction with it. */
	if (!session_run(session, "ROLLBACK", &ignored))
		error_set(error, "%s", ignored.text);
	return false;
}

static bool migrate_locked(struct session *session, int *before, struct error *error)
{
	if (!session_run(session, create_version_table, error) ||
	    !migrate_version(session, before, error))
		return false;
	if (*before > migration_count)
		return newer_refused(*before, error);
	for (int i = *before; i < migration_count; i++)
		if (!migration_run(session, &migrations[i], error))
			return false;
	return true;
}

bool migrate_run(struct session *session, int *before, struct error *error)
{
	bool done;

	/* The table is created under the lock, too: by two sessions at once that would fail. */
	if (!session_run(session, LOCK, error))
		return false;
	done = migrate_locked(session, before, error);
	return session_run(session, UNLOCK, error) && done;
}
