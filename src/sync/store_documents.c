/* Keeps which documents are stored, and asks for and deletes flights. */
#include "statement.h"
#include "store.h"

static const struct statement insert_documents = {
	.sql = "INSERT INTO sync_document (flight) SELECT unnest($1::bigint[])"
	       " ON CONFLICT DO NOTHING",
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

bool store_documents_add(struct session *session, const int64_t *ids, size_t count,
                         struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	argument_bigints(&arguments, ids, count);
	return statement_run(session, &insert_documents, &arguments, NULL, error);
}

/* Runs a statement that answers one value; takes the arguments. */
static bool value_select(struct session *session, const struct statement *statement,
                         struct arguments *arguments, int64_t *value, struct error *error)
{
	PGresult *result;

	if (!statement_run(session, statement, arguments, &result, error))
		return false;
	*value = result_bigint(result, 0, 0);
	PQclear(result);
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
	return value_select(session, &delete_flights, &arguments, deleted, error);
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
	return value_select(session, &count_documents, NULL, total, error);
}
