/* Begins and ends transactions. */
#include "repository/transaction.h"

#include "base/log.h"

bool transaction_run(struct session *session, bool dry_run, bool (*work)(void *context),
                     void *context, struct error *error)
{
	struct error ignored = {0};

	if (!session_run(session, "BEGIN ISOLATION LEVEL READ COMMITTED", error))
		return false;
	if (work(context))
		return session_run(session, dry_run ? "ROLLBACK" : "COMMIT", error);
	/* A batch that failed has rolled back already; once more does no harm. */
	if (session_alive(session) && !session_run(session, "ROLLBACK", &ignored))
		log_debug("sync: %s", ignored.text);
	return false;
}
