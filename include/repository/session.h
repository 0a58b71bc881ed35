/* One connection to PostgreSQL: statements prepared on first use and sent in pipelines, values in
   binary both ways. A session belongs to one thread at a time. */
#ifndef REPOSITORY_SESSION_H
#define REPOSITORY_SESSION_H

#include <libpq-fe.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

struct session;

/* A statement of the program, made once and kept: its address is what a session knows it by. */
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

/* Reads are those of requests, whose round trips are counted; watching reads too, for the server's own ends. */
enum session_use { SESSION_READS, SESSION_WATCHES, SESSION_WRITES };

/* Connects (conninfo as libpq takes it; each of its hosts has connect_timeout, else 10 s) to a database in
   UTF-8; a writing session only to a primary, unless conninfo has target_session_attrs. A reading session
   is read-only and plans each statement once (generic plans). NULL with the error set; never hangs. */
struct session *session_open(const char *conninfo, enum session_use use,
                             struct error *error) MUST_CHECK;

/* The same for one who cannot wait for ever: a host that does not answer takes a third of the time to
   `deadline` (of clock_monotonic), two seconds at least, or what conninfo says. From then on waiting for an
   answer fails at the deadline and loses the connection, since the answer may still come. */
struct session *session_open_by(const char *conninfo, enum session_use use, int64_t deadline,
                                struct error *error) MUST_CHECK;
/* Another deadline for what comes now; only for sessions that were opened with one. */
void session_set_deadline(struct session *session, int64_t deadline);

void session_close(struct session *session); /* NULL is fine */

/* False once the connection is lost: close it then. */
bool session_alive(const struct session *session);

/* Runs commands without parameters and rows, outside a pipeline, and waits. */
bool session_run(struct session *session, const char *sql, struct error *error) MUST_CHECK;

/* Adds an execution to the pipeline; nothing waits. The statement must outlive the session. */
bool session_send(struct session *session, const struct statement *statement,
                  const struct parameters *parameters, struct error *error) MUST_CHECK;

/* Likewise for a statement that is made for this request and not kept. */
bool session_send_once(struct session *session, const struct statement *statement,
                       const struct parameters *parameters, struct error *error) MUST_CHECK;

/* Ends the pipeline's batch: the results can be had, and what fails now does not touch the next batch.
   A reading session counts one round trip (db_round_trips_total). */
bool session_sync(struct session *session, struct error *error) MUST_CHECK;

/* The next execution's result, in the order of sending; new, free it with PQclear. NULL with the error
   set (PostgreSQL's message, with the statement's begin) when it failed; the rest of the batch is then void. */
PGresult *session_result(struct session *session, struct error *error) MUST_CHECK;

/* Reads to the end of the batch; to be called after its results, also after a failed one. A batch that
   failed has its transaction, if any, rolled back here. */
bool session_finish(struct session *session, struct error *error) MUST_CHECK;

/* Begins a read-only transaction that sees one state of the data, and tells its version. One round trip. */
bool session_begin_snapshot(struct session *session, int64_t *version,
                            struct error *error) MUST_CHECK;

/* Ends it. One round trip. A failure before, on this session, has ended the snapshot already. */
bool session_end_snapshot(struct session *session, struct error *error) MUST_CHECK;

/* For listening and polling by others of this room. */
PGconn *session_connection(struct session *session);

#endif
