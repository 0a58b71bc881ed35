/* Statements over the rows that the upstream has in a list and those that are stored. */
#include "known.h"

#include "keys.h"
#include "repository/execute.h"

static const struct statement insert_known = {
	.sql = "INSERT INTO sync_document (list, id) SELECT $1::text, unnest($2::text[])"
	       " ON CONFLICT DO NOTHING",
};

static const struct statement delete_unknown = {
	.sql = "DELETE FROM sync_document d WHERE list = $1::text AND NOT EXISTS"
	       " (SELECT FROM unnest($2::text[]) AS known WHERE known = d.id)",
};

static const struct statement delete_known = {
	.sql = "DELETE FROM sync_document WHERE list = $1::text AND id = ANY($2::text[])",
};

/* ($1 upstream, $2 list, $3 rows) */
static const struct statement delete_missing = {
	.sql = "DELETE FROM sync_missing WHERE upstream = $1::text AND list = $2::text"
	       " AND id = ANY($3::text[])",
};

static const struct statement clear_missing = {
	.sql = "DELETE FROM sync_missing WHERE upstream = $1::text AND list = $2::text",
};

static const struct statement insert_missing = {
	.sql = "INSERT INTO sync_missing (upstream, list, id)"
	       " SELECT $1::text, $2::text, unnest($3::text[])",
};

static const struct statement select_missing = {
	.sql = "SELECT id FROM sync_missing WHERE upstream = $1::text AND list = $2::text",
};

/* Columns that refer to a table's rows and hold them there, each as a condition that no row does. */
static const struct statement select_holders = {
	.sql = "SELECT format(' AND NOT EXISTS (SELECT FROM %s r WHERE r.%I = t.id)',"
	       " conrelid::regclass, attname)"
	       " FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
	       " WHERE contype = 'f' AND confrelid = $1::text::regclass AND confdeltype = 'a'",
};

/* ($1 the resource, $2 since) */
static const struct statement select_read_since = {
	.sql = "SELECT key FROM import_document WHERE resource = $1::text AND as_of >= "
	       "$2::timestamptz",
};

static const char *key_type(const struct endpoint *list)
{
	return list->resource->uuid ? "uuid" : "bigint";
}

bool known_add(struct session *session, const struct endpoint *list, const struct key *keys,
               size_t count, struct error *error)
{
	return execute(session, &insert_known,
	               ARGUMENTS(STRING(list->path), KEYS(keys, count, list->resource->uuid)), NULL,
	               error);
}

bool known_set(struct session *session, const struct endpoint *list, const struct key *keys,
               size_t count, struct error *error)
{
	return execute(session, &delete_unknown,
	               ARGUMENTS(STRING(list->path), KEYS(keys, count, list->resource->uuid)), NULL,
	               error);
}

bool known_remove(struct session *session, const struct endpoint *list, const struct key *keys,
                  size_t count, struct error *error)
{
	return execute(session, &delete_known,
	               ARGUMENTS(STRING(list->path), KEYS(keys, count, list->resource->uuid)), NULL,
	               error);
}

/* Runs a statement of one use that has keys to add, in their order. */
static bool read_keys(struct session *session, const struct endpoint *list,
                      const struct strbuf *sql, struct strbuf *keys, struct error *error)
{
	const struct statement statement = {.sql = sql->data};
	PGresult *result;

	if (!execute_once(session, &statement, NO_ARGUMENTS, &result, error))
		return false;
	keys_add_result(keys, result, list->resource->uuid);
	PQclear(result);
	return true;
}

/* ($1 now): the rows that the upstream has, in the order of its list, with their offsets, whether they are active,
   and how many there are. */
static void write_active(struct strbuf *sql, const struct endpoint *list)
{
	const char *type = key_type(list);

	strbuf_printf(sql,
	              "SELECT place, d.id FROM"
	              " (SELECT id, row_number() OVER (ORDER BY id::%s) - 1 AS place"
	              "  FROM sync_document WHERE list = '%s') d"
	              " LEFT JOIN %s t ON t.id = d.id::%s"
	              " WHERE %s ORDER BY place",
	              type, list->path, list->resource->name, type, list->upkeep.by);
}

/* ($1 list): how many rows the upstream has, and the last one. */
static void write_end(struct strbuf *sql, const struct endpoint *list)
{
	strbuf_printf(sql,
	              "SELECT count(*), (SELECT id FROM sync_document WHERE list = $1::text"
	              " ORDER BY id::%s DESC LIMIT 1) FROM sync_document WHERE list = $1::text",
	              key_type(list));
}

static bool read_active(struct session *session, const struct endpoint *list, int64_t now,
                        struct active_rows *active, struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	PGresult *result;
	bool done;

	write_active(&sql, list);
	done = execute_once(session, &(struct statement){.sql = sql.data}, ARGUMENTS(MOMENT(now)),
	                    &result, error);
	strbuf_fini(&sql);
	if (!done)
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t offset = result_bigint(result, i, 0);
		struct key key = result_key(result, i, 1, list->resource->uuid);

		strbuf_add(&active->offsets, &offset, sizeof(offset));
		strbuf_add(&active->keys, &key, sizeof(key));
	}
	PQclear(result);
	return true;
}

static bool read_end(struct session *session, const struct endpoint *list,
                     struct active_rows *active, struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	PGresult *result;
	bool done;

	write_end(&sql, list);
	done = execute_once(session, &(struct statement){.sql = sql.data},
	                    ARGUMENTS(STRING(list->path)), &result, error);
	strbuf_fini(&sql);
	if (!done)
		return false;
	active->total = result_bigint(result, 0, 0);
	if (active->total > 0)
		active->last = result_key(result, 0, 1, list->resource->uuid);
	PQclear(result);
	return true;
}

bool active_rows_find(struct session *session, const struct endpoint *list, int64_t now,
                      struct active_rows *active, struct error *error)
{
	return (list->upkeep.recent != RECENT_ACTIVE ||
	        read_active(session, list, now, active, error)) &&
	       read_end(session, list, active, error);
}

void active_rows_fini(struct active_rows *active)
{
	strbuf_fini(&active->offsets);
	strbuf_fini(&active->keys);
}

bool missing_remove(struct session *session, const char *upstream, const struct endpoint *list,
                    const struct key *keys, size_t count, struct error *error)
{
	return execute(session, &delete_missing,
	               ARGUMENTS(STRING(upstream), STRING(list->path),
	                         KEYS(keys, count, list->resource->uuid)),
	               NULL, error);
}

bool missing_read(struct session *session, const char *upstream, const struct endpoint *list,
                  struct strbuf *keys, struct error *error)
{
	PGresult *result;

	if (!execute(session, &select_missing, ARGUMENTS(STRING(upstream), STRING(list->path)),
	             &result, error))
		return false;
	keys_add_result(keys, result, list->resource->uuid);
	PQclear(result);
	return true;
}

bool missing_set(struct session *session, const char *upstream, const struct endpoint *list,
                 const struct key *keys, size_t count, struct error *error)
{
	return execute(session, &clear_missing, ARGUMENTS(STRING(upstream), STRING(list->path)),
	               NULL, error) &&
	       execute(session, &insert_missing,
	               ARGUMENTS(STRING(upstream), STRING(list->path),
	                         KEYS(keys, count, list->resource->uuid)),
	               NULL, error);
}

bool stored_read(struct session *session, const struct endpoint *list, struct strbuf *keys,
                 struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	bool done;

	strbuf_printf(&sql, "SELECT id::text FROM %s t ORDER BY t.id", list->resource->name);
	done = read_keys(session, list, &sql, keys, error);
	strbuf_fini(&sql);
	return done;
}

bool stored_read_true(struct session *session, const struct endpoint *list, const char *field,
                      struct strbuf *keys, struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	bool done;

	strbuf_printf(&sql, "SELECT id::text FROM %s t WHERE %s ORDER BY t.id",
	              list->resource->name, resource_field(list->resource, field)->column);
	done = read_keys(session, list, &sql, keys, error);
	strbuf_fini(&sql);
	return done;
}

bool stored_read_since(struct session *session, const struct endpoint *list, int64_t since,
                       struct strbuf *keys, struct error *error)
{
	PGresult *result;

	if (!execute(session, &select_read_since,
	             ARGUMENTS(STRING(list->resource->name), MOMENT(since)), &result, error))
		return false;
	keys_add_result(keys, result, list->resource->uuid);
	PQclear(result);
	return true;
}

static bool write_delete(struct session *session, const struct endpoint *list, struct strbuf *sql,
                         struct error *error)
{
	const char *table = list->resource->name;
	PGresult *holders;

	if (!execute(session, &select_holders, ARGUMENTS(STRING(table)), &holders, error))
		return false;
	strbuf_printf(sql, "WITH gone AS (DELETE FROM %s t WHERE id = ANY($1::text[]::%s[])", table,
	              key_type(list));
	for (int i = 0; i < PQntuples(holders); i++)
		strbuf_str(sql, result_text(holders, i, 0));
	strbuf_str(sql, " RETURNING id) SELECT count(*) FROM gone");
	PQclear(holders);
	return true;
}

bool stored_delete(struct session *session, const struct endpoint *list, const struct key *keys,
                   size_t count, int64_t *deleted, struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	PGresult *result;
	bool done =
		write_delete(session, list, &sql, error) &&
		execute_once(session, &(struct statement){.sql = sql.data},
	                     ARGUMENTS(KEYS(keys, count, list->resource->uuid)), &result, error);

	strbuf_fini(&sql);
	if (!done)
		return false;
	*deleted = result_bigint(result, 0, 0);
	PQclear(result);
	return true;
}
