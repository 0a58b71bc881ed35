/* One connection to PostgreSQL: statements are prepared on first use and sent in pipelines, values are binary in
   both directions. One thread at a time. */
#ifndef REPOSITORY_SESSION_H
#define REPOSITORY_SESSION_H

#include <libpq-fe.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "repository/patience.h"

struct session;

/* A statement that lives as long as the program. A session identifies it by its address. */
struct statement {
	const char *sql;
	int parameter_count;
	const Oid *parameter_types; /* NULL: PostgreSQL infers them */
};

/* Parameters of one execution, in binary; a NULL in `data` is an SQL NULL. Borrowed during the call. */
#define PARAMETERS_MAX 96
struct parameters {
	int count;
	const char *data[PARAMETERS_MAX];
	int length[PARAMETERS_MAX];
};

/* Connects (conninfo as libpq takes it; each of its hosts has connect_timeout, else 10 s) to a database in UTF-8;
   a writing session only to a primary, unless conninfo has target_session_attrs. A reading session is read-only
   and plans each statement once (generic plans). NULL with the error set: it failed, within bounded time. */
struct session *session_open(const char *conninfo, enum session_use use,
                             struct error *error) MUST_CHECK;

/* Likewise with patience: connecting to a host may take a third of the time, and to the last of several all that is
   left, or what conninfo says. A host that was silent is not tried first for 30 s, for requests not at all. Waiting
   for a result ends with the patience: the session is late then. */
struct session *session_open_by(const char *conninfo, enum session_use use,
                                const struct patience *patience, struct error *error) MUST_CHECK;
/* Sets a new deadline; only for sessions that were opened with one. */
void session_set_deadline(struct session *session, int64_t deadline);

/* Microseconds until the deadline; 0: there is none, or it has passed. */
int64_t session_time_left(const struct session *session);

void session_close(struct session *session); /* NULL is fine */

/* False once the connection is lost or the session is late. It is only good for session_close then; or for session_mend,
   since to close a late session leaves PostgreSQL with a process that goes on with what nobody waits for, for as
   long as it hangs. */
bool session_alive(const struct session *session);

/* Whether a statement failed since the deadline was set because a lock did not come in time. */
bool session_was_locked_out(const struct session *session);

/* Whether a result did not come in time, but may still come. */
bool session_is_late(const struct session *session);

/* Whether nothing speaks against closing it: its connection is lost, or its host does not answer at all and others
   are there. */
bool session_is_lost(const struct session *session);

/* Has all that is under way at a session's host end, since it does not answer; unless another session was opened at
   the same host meanwhile. */
void session_give_up_host(const struct session *session, const struct session *other);

/* Makes a late session good again: has PostgreSQL cancel what it does, and reads what it still sends. Waits for some
   milliseconds; to be called again where that was not enough. */
enum mending { MENDING_DONE, MENDING_WAITS, MENDING_IN_VAIN /* to be closed */ };
enum mending session_mend(struct session *session);

/* Runs commands without parameters outside of a pipeline and waits for them; rows are dropped. */
bool session_run(struct session *session, const char *sql, struct error *error) MUST_CHECK;

/* Adds an execution to the pipeline; does not wait. The statement must outlive the session. */
bool session_send(struct session *session, const struct statement *statement,
                  const struct parameters *parameters, struct error *error) MUST_CHECK;

/* Likewise for a statement of this request alone, which is not prepared. */
bool session_send_once(struct session *session, const struct statement *statement,
                       const struct parameters *parameters, struct error *error) MUST_CHECK;

/* Ends the batch, whose results can be read then; a failure within it does not affect the next batch. A reading
   session counts a round trip (db_round_trips_total). */
bool session_sync(struct session *session, struct error *error) MUST_CHECK;

/* The result of the next execution, in the order of sending; new, to be freed by PQclear. NULL with the error set:
   it failed, and with it the rest of the batch. */
PGresult *session_result(struct session *session, struct error *error) MUST_CHECK;

/* Reads to the end of the batch; to be called after its results, also after a failed one. False: the batch failed;
   its transaction, if any, is rolled back. */
bool session_finish(struct session *session, struct error *error) MUST_CHECK;

/* The connection, for the change feed to poll. Borrowed. */
PGconn *session_connection(struct session *session);

#endif
