/* Begins and ends transactions. */
#include "transaction.h"

#include "base/log.h"

bool transaction_run(struct session *session, bool try_only, bool (*work)(void *context),
                     void *context, struct error *error)
{
	struct error ignored = {0};

	if (!session_run(session, "BEGIN ISOLATION LEVEL READ COMMITTED", error))
		return false;
	if (work(context))
		return session_run(session, try_only ? "ROLLBACK" : "COMMIT", error);
	/* A batch that failed has rolled back already; once more does no harm. */
	if (session_alive(session) && !session_run(session, "ROLLBACK", &ignored))
		log_debug("sync: %s", ignored.text);
	return false;
}
