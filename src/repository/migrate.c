/* Runs the migrations of sql/ that a database lacks. */
#include "repository/migrate.h"

#include <inttypes.h>

#include "base/embed.h"
#include "base/strbuf.h"
#include "repository/execute.h"

/* X(number, name) of sql/<number>_<name>.sql, in order and without gaps. */
#define MIGRATIONS(X) \
	X(0001, resources) \
	X(0002, catalog_version) \
	X(0003, sync) \
	X(0004, search) \
	X(0005, sync_not_before) \
	X(0006, sync_without_digests) \
	X(0007, spacecraft) \
	X(0008, search_texts) \
	X(0009, import_and_sync) \
	X(0010, all_resources) \
	X(0011, sync_lists) \
	X(0012, state_names) \
	X(0013, fields_for_paths) \
	X(0014, filter_indexes) \
	X(0015, search_indexes) \
	X(0016, launch_search) \
	X(0017, sync_lists) \
	X(0018, sync_request)

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

bool migrate_version(struct session *session, int *version, struct error *error)
{
	static const struct statement table_exists = {
		.sql = "SELECT to_regclass('schema_version') IS NOT NULL",
	};
	static const struct statement newest = {
		.sql = "SELECT coalesce(max(version), 0)::bigint FROM schema_version",
	};
	int64_t exists, found = 0;
	bool read = execute_number(session, &table_exists, NULL, 0, &exists, error) &&
	            (!exists || execute_number(session, &newest, NULL, 0, &found, error));

	*version = (int)found;
	return read;
}

static bool newer_refused(int64_t version, struct error *error)
{
	return error_set(error,
	                 "the database's schema has version %" PRId64
	                 ", which this program, made for "
	                 "version %d, does not know: run the program that has run migrate",
	                 version, migration_count);
}

bool migrate_version_fits(int64_t version, struct error *error)
{
	if (version > migration_count)
		return newer_refused(version, error);
	if (version == 0)
		return error_set(error, "the database has no schema yet: run migrate");
	if (version < migration_count)
		return error_set(error,
		                 "the database's schema has version %" PRId64 " and version %d is "
		                 "needed: run migrate",
		                 version, migration_count);
	return true;
}

bool migrate_check(struct session *session, struct error *error)
{
	int version;

	return migrate_version(session, &version, error) && migrate_version_fits(version, error);
}

/* All tables that imports and sync write: of resources and lists, which have the triggers, and their own. */
static const struct statement select_closed = {
	.sql = "SELECT count(*), min(relname::text) FROM pg_class c WHERE relkind = 'r'"
	       " AND relnamespace = current_schema()::regnamespace"
	       " AND (relname ~ '^(sync|import)_' OR relname = 'catalog_version' OR EXISTS"
	       "  (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'catalog_insert'))"
	       " AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')"
	       "  AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))",
};

bool migrate_check_writer(struct session *session, struct error *error)
{
	PGresult *result = NULL;
	int64_t count;

	if (!execute(session, &select_closed, NO_ARGUMENTS, &result, error))
		return false;
	count = result_bigint(result, 0, 0);
	if (count > 0)
		error_set(error,
		          "this role may not write %" PRId64
		          " tables, such as %s: run sql/roles.sql for it",
		          count, result_text(result, 0, 1));
	PQclear(result);
	return count == 0;
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
