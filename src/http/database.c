/* Opens sessions where threads need them, and closes those that were lost. */
#include "database.h"

#include "repository/session.h"

struct session *database_session(struct worker *worker, const char *conninfo, struct error *error)
{
	void **kept = worker_kept(worker);
	if (*kept == NULL)
		*kept = session_open_by(conninfo, SESSION_READS, worker_deadline(worker), error);
	else
		session_set_deadline(*kept, worker_deadline(worker));
	return *kept;
}

void database_drop_lost(struct worker *worker)
{
	void **kept = worker_kept(worker);
	if (*kept == NULL || session_alive(*kept))
		return;
	session_close(*kept);
	*kept = NULL;
}

void database_drop(void *session)
{
	session_close(session);
}
