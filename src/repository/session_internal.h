/* What the files of a session share. */
#ifndef SESSION_INTERNAL_H
#define SESSION_INTERNAL_H

#include "base/arena.h"
#include "base/hash_table.h"
#include "connect.h"
#include "repository/session.h"

struct session {
	PGconn *connection;
	struct hash_table prepared;
	struct arena arena; /* of what `prepared` holds */
	/* Of each result to come: true where it is that of a preparation, which is not passed on. */
	bool *pending;
	size_t pending_first, pending_count, pending_capacity;
	size_t syncs; /* batches whose end has not come yet */
	struct host *host;
	bool alone; /* no other host may be taken in its place */
	enum session_use use;
	bool counted; /* its round trips are those of requests */
	bool failed;  /* a statement of the current batch did */
	struct patience patience;
	bool late;       /* a result did not arrive in time */
	bool locked_out; /* the last statement that failed did so for want of a lock */
	int64_t late_since;
	struct cancel *cancel; /* NULL: none was sent */
};

/* A batch that failed leaves its transaction aborted, and preparations behind the failure were skipped although the table
   has them: both start afresh. */
void session_reset(struct session *session);

/* Drops the session's part of the request to cancel, if there is one. */
void session_forget_cancel(struct session *session);

#endif
