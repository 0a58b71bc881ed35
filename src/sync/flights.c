/* Statements over the flights that the upstream has and those that are stored. */
#include "flights.h"

#include "plan.h"
#include "repository/execute.h"

static const struct statement insert_known = {
	.sql = "INSERT INTO sync_document (flight) SELECT unnest($1::bigint[])"
	       " ON CONFLICT DO NOTHING",
};

static const struct statement delete_unknown = {
	.sql = "DELETE FROM sync_document d WHERE NOT EXISTS"
	       " (SELECT FROM unnest($1::bigint[]) AS id WHERE id = d.flight)",
};

/* What can change by itself: flights to come, under way or just over. An end that has long been missing
   means nothing once the spacecraft is known to be down. ($1 now, $2 settled days, $3 lost days) */
static const struct statement select_active = {
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

static const struct statement count_known = {
	.sql = "SELECT count(*) FROM sync_document",
};

/* ($1 upstream, $2 flights) */
static const struct statement delete_missing = {
	.sql = "DELETE FROM sync_missing WHERE upstream = $1::text AND flight = ANY($2::bigint[])",
};

static const struct statement clear_missing = {
	.sql = "DELETE FROM sync_missing WHERE upstream = $1::text",
};

static const struct statement insert_missing = {
	.sql = "INSERT INTO sync_missing (upstream, flight) SELECT $1::text, unnest($2::bigint[])",
};

static const struct statement select_missing = {
	.sql = "SELECT flight FROM sync_missing WHERE upstream = $1::text ORDER BY flight",
};

static const struct statement select_stored = {
	.sql = "SELECT id FROM spacecraft_flight ORDER BY id",
};

static const struct statement last_known = {
	.sql = "SELECT coalesce(max(flight), 0) FROM sync_document",
};

static const struct statement delete_stored = {
	.sql = "WITH gone AS"
	       " (DELETE FROM spacecraft_flight WHERE id = ANY($1::bigint[]) RETURNING id)"
	       " SELECT count(*) FROM gone",
};

bool flights_add_known(struct session *session, const int64_t *ids, size_t count,
                       struct error *error)
{
	return execute(session, &insert_known, ARGUMENTS(BIGINTS(ids, count)), NULL, error);
}

bool flights_set_known(struct session *session, const int64_t *ids, size_t count,
                       struct error *error)
{
	return execute(session, &delete_unknown, ARGUMENTS(BIGINTS(ids, count)), NULL, error);
}

bool flights_find_active(struct session *session, int64_t now, struct flights_active *active,
                         struct error *error)
{
	PGresult *result;

	if (!execute(session, &select_active,
	             ARGUMENTS(MOMENT(now), BIGINT(PLAN_SETTLED_DAYS), BIGINT(PLAN_LOST_DAYS)),
	             &result, error))
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t offset = result_bigint(result, i, 0);
		int64_t id = result_bigint(result, i, 1);

		strbuf_add(&active->offsets, &offset, sizeof(offset));
		strbuf_add(&active->ids, &id, sizeof(id));
	}
	PQclear(result);
	return execute_number(session, &count_known, NO_ARGUMENTS, &active->total, error) &&
	       execute_number(session, &last_known, NO_ARGUMENTS, &active->last, error);
}

void flights_active_fini(struct flights_active *active)
{
	strbuf_fini(&active->offsets);
	strbuf_fini(&active->ids);
}

bool flights_not_missing(struct session *session, const char *upstream, const int64_t *ids,
                         size_t count, struct error *error)
{
	return execute(session, &delete_missing, ARGUMENTS(STRING(upstream), BIGINTS(ids, count)),
	               NULL, error);
}

bool flights_missing(struct session *session, const char *upstream, struct strbuf *ids,
                     struct error *error)
{
	return execute_numbers(session, &select_missing, ARGUMENTS(STRING(upstream)), ids, error);
}

bool flights_set_missing(struct session *session, const char *upstream, const int64_t *ids,
                         size_t count, struct error *error)
{
	return execute(session, &clear_missing, ARGUMENTS(STRING(upstream)), NULL, error) &&
	       execute(session, &insert_missing, ARGUMENTS(STRING(upstream), BIGINTS(ids, count)),
	               NULL, error);
}

bool flights_stored(struct session *session, struct strbuf *ids, struct error *error)
{
	return execute_numbers(session, &select_stored, NO_ARGUMENTS, ids, error);
}

bool flights_delete(struct session *session, const int64_t *ids, size_t count, int64_t *deleted,
                    struct error *error)
{
	return execute_number(session, &delete_stored, ARGUMENTS(BIGINTS(ids, count)), deleted,
	                      error);
}
