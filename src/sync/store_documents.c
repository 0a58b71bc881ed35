/* Keeps which documents are stored, and asks for and deletes flights. */
#include "base/version.h"
#include "repository/migrate.h"
#include "statement.h"
#include "store.h"
#include "sync/pace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ($1 program) */
static const struct statement select_trust = {
	.sql = "SELECT version, documents_version IS NOT DISTINCT FROM version"
	       " AND documents_by IS NOT DISTINCT FROM $1::text FROM catalog_version, sync_state",
};

static const struct statement forget_digests = {
	.sql = "UPDATE sync_document SET digest = NULL WHERE digest IS NOT NULL",
};

static const struct statement forget_changed = {
	.sql = "UPDATE sync_state SET changed = false WHERE changed",
};

static const struct statement select_digests = {
	.sql = "SELECT flight, digest FROM sync_document WHERE flight = ANY($1::bigint[])"
	       " AND digest IS NOT NULL ORDER BY flight",
};

static const struct statement upsert_digests = {
	.sql = "INSERT INTO sync_document AS d (flight, digest)"
	       " SELECT * FROM unnest($1::bigint[], $2::uuid[])"
	       " ON CONFLICT (flight) DO UPDATE SET digest = excluded.digest"
	       " WHERE d.digest IS DISTINCT FROM excluded.digest",
};

/* ($1 version that was found, $2 program, $3 changed): a version made by anybody else in between leaves
   the digests of earlier pages worthless. */
static const struct statement hold_digests = {
	.sql = "UPDATE sync_state s SET documents_version = c.held, documents_by = $2::text,"
	       " changed = s.changed OR $3::boolean"
	       " FROM (SELECT CASE WHEN version = $1::bigint OR version = $1 + 1 AND"
	       "  changed_by = pg_current_xact_id_if_assigned() THEN version END AS held"
	       "  FROM catalog_version) c"
	       " WHERE s.documents_version IS DISTINCT FROM c.held"
	       " OR s.documents_by IS DISTINCT FROM $2 OR $3 AND NOT s.changed",
};

static const struct statement select_changed = {
	.sql = "SELECT changed FROM sync_state",
};

static const struct statement select_flights = {
	.sql = "SELECT id FROM spacecraft_flight ORDER BY id",
};

static const struct statement delete_flights = {
	.sql = "WITH gone AS (DELETE FROM spacecraft_flight WHERE id = ANY($1::bigint[]) RETURNING "
	       "id)"
	       " SELECT count(*) FROM gone",
};

static const struct statement keep_documents = {
	.sql = "DELETE FROM sync_document d WHERE NOT EXISTS"
	       " (SELECT FROM unnest($1::bigint[]) AS kept WHERE kept = d.flight)",
};

/* What can change by itself: flights to come, under way or just over. An end that is long missing says
   nothing once the spacecraft is known to be down. ($1 now, $2 settled days, $3 lost days) */
static const struct statement select_places = {
	.sql = "SELECT place, flight FROM"
	       " (SELECT flight, row_number() OVER (ORDER BY flight) - 1 AS place"
	       "  FROM sync_document) d"
	       " LEFT JOIN spacecraft_flight f ON f.id = d.flight"
	       " LEFT JOIN launch l ON l.id = f.launch_id"
	       " LEFT JOIN spacecraft s ON s.id = f.spacecraft_id"
	       " WHERE l.net IS NULL OR l.net > $1::timestamptz"
	       " OR f.mission_end > $1 - $2::bigint * interval '1 day'"
	       " OR f.mission_end IS NULL AND (s.in_space IS NOT FALSE"
	       "  OR l.net > $1 - $3::bigint * interval '1 day')"
	       " ORDER BY place",
};

static const struct statement count_documents = {
	.sql = "SELECT count(*) FROM sync_document",
};

static void argument_program(struct arguments *arguments)
{
	char program[64];

	snprintf(program, sizeof(program), VERSION " schema %d", migration_count);
	argument_text(arguments, program);
}

bool store_documents_trust(struct session *session, int64_t *version, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;
	bool trusted;

	argument_program(&arguments);
	if (!statement_run(session, &select_trust, &arguments, &result, error))
		return false;
	*version = result_bigint(result, 0, 0);
	trusted = result_boolean(result, 0, 1);
	PQclear(result);
	return trusted || statement_run(session, &forget_digests, NULL, NULL, error);
}

bool store_documents_distrust(struct session *session, struct error *error)
{
	return statement_run(session, &forget_digests, NULL, NULL, error) &&
	       statement_run(session, &forget_changed, NULL, NULL, error);
}

static int id_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool store_digests(struct session *session, const int64_t *ids, size_t count, struct key *digests,
                   struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;

	memset(digests, 0, count * sizeof(*digests));
	argument_bigints(&arguments, ids, count);
	if (!statement_run(session, &select_digests, &arguments, &result, error))
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t id = result_bigint(result, i, 0);
		const int64_t *place = bsearch(&id, ids, count, sizeof(id), id_compare);

		if (place)
			digests[place - ids] = result_uuid(result, i, 1);
	}
	PQclear(result);
	return true;
}

bool store_digests_put(struct session *session, const int64_t *ids, const struct key *digests,
                       size_t count, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	argument_bigints(&arguments, ids, count);
	argument_uuids(&arguments, digests, count);
	return statement_run(session, &upsert_digests, &arguments, NULL, error);
}

bool store_documents_hold(struct session *session, int64_t version, bool changed,
                          struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	argument_bigint(&arguments, version);
	argument_program(&arguments);
	argument_boolean(&arguments, changed);
	return statement_run(session, &hold_digests, &arguments, NULL, error);
}

/* Runs a statement that answers one value; takes the arguments. */
static bool value_select(struct session *session, const struct statement *statement,
                         struct arguments *arguments, bool boolean, int64_t *value,
                         struct error *error)
{
	PGresult *result;

	if (!statement_run(session, statement, arguments, &result, error))
		return false;
	*value = boolean ? result_boolean(result, 0, 0) : result_bigint(result, 0, 0);
	PQclear(result);
	return true;
}

bool store_documents_changed(struct session *session, bool *changed, struct error *error)
{
	int64_t value;

	if (!value_select(session, &select_changed, NULL, true, &value, error))
		return false;
	*changed = value != 0;
	return true;
}

bool store_flights(struct session *session, struct strbuf *ids, struct error *error)
{
	PGresult *result;

	if (!statement_run(session, &select_flights, NULL, &result, error))
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t id = result_bigint(result, i, 0);

		strbuf_add(ids, &id, sizeof(id));
	}
	PQclear(result);
	return true;
}

bool store_flights_delete(struct session *session, const int64_t *ids, size_t count,
                          int64_t *deleted, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	argument_bigints(&arguments, ids, count);
	return value_select(session, &delete_flights, &arguments, false, deleted, error);
}

bool store_documents_only(struct session *session, const int64_t *ids, size_t count,
                          struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	argument_bigints(&arguments, ids, count);
	return statement_run(session, &keep_documents, &arguments, NULL, error);
}

bool store_places(struct session *session, int64_t now, struct strbuf *places, struct strbuf *ids,
                  int64_t *total, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;

	argument_moment(&arguments, now);
	argument_bigint(&arguments, PLAN_SETTLED_DAYS);
	argument_bigint(&arguments, PLAN_LOST_DAYS);
	if (!statement_run(session, &select_places, &arguments, &result, error))
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t place = result_bigint(result, i, 0);
		int64_t id = result_bigint(result, i, 1);

		strbuf_add(places, &place, sizeof(place));
		strbuf_add(ids, &id, sizeof(id));
	}
	PQclear(result);
	return value_select(session, &count_documents, NULL, false, total, error);
}
