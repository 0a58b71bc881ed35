/* Begins and ends snapshots. */
#include "repository/snapshot.h"

#include "repository/session.h"
#include "repository/wire.h"

static const struct statement begin = {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0, NULL};
static const struct statement read_version = {"SELECT version FROM catalog_version", 0, NULL};
static const struct statement commit = {"COMMIT", 0, NULL};

bool snapshot_begin(struct session *session, int64_t *version, struct error *error)
{
	if (!session_send(session, &begin, NULL, error) ||
	    !session_send(session, &read_version, NULL, error) || !session_sync(session, error))
		return false;
	PGresult *begun = session_result(session, error);
	PGresult *read = begun ? session_result(session, error) : NULL;
	bool done = read != NULL && PQntuples(read) == 1;
	if (done)
		*version = (int64_t)wire_get64(PQgetvalue(read, 0, 0));
	else
		error_set(error, "table catalog_version is empty");
	PQclear(begun);
	PQclear(read);
	return session_finish(session, error) && done;
}

bool snapshot_end(struct session *session, struct error *error)
{
	if (!session_send(session, &commit, NULL, error) || !session_sync(session, error))
		return false;
	PGresult *committed = session_result(session, error);
	bool done = committed != NULL;
	PQclear(committed);
	return session_finish(session, error) && done;
}
