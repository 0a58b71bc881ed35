/* One connection to PostgreSQL, its prepared statements and its pipeline. */
#include "repository/session.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash_table.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "session_internal.h"

/* A statement that the connection has prepared. */
struct prepared {
	struct hash_node node; /* by the statement's address */
	const struct statement *statement;
	char name[24]; /* on the connection */
};

static void count_round_trip(const struct session *session)
{
	if (session->counted)
		metric_add(METRIC_db_round_trips_total, 1);
}

static bool connection_error(struct session *session, struct error *error, const char *what)
{
	const char *text = PQerrorMessage(session->connection);
	int length = (int)strcspn(text, "\n");
	metric_add(METRIC_db_errors_total, 1);
	return length > 0 ? error_set(error, "%s: %.*s", what, length, text)
	                  : error_set(error, "%s: connection lost", what);
}

/* Flushes and waits until PQgetResult would not block; a lost connection is left for that to report. False with the
   error set: the deadline came first. */
static bool await_result(struct session *session, struct error *error)
{
	PGconn *connection = session->connection;
	if (session->patience.deadline == 0)
		return true;
	for (;;) {
		int unsent = PQflush(connection);
		if (unsent < 0 || (unsent == 0 && !PQisBusy(connection)))
			return true;
		const struct host *watched = session->use == SESSION_READS ? session->host : NULL;
		if (await_socket(PQsocket(connection),
		                 (short)(unsent > 0 ? POLLIN | POLLOUT : POLLIN),
		                 &session->patience, watched) != AWAITED_READY) {
			session->late = true;
			session->late_since = clock_monotonic();
			metric_add(METRIC_db_errors_total, 1);
			return error_set(error, "PostgreSQL does not answer in time");
		}
		if (!PQconsumeInput(connection))
			return true;
	}
}

/* Other encodings cannot store every character of the original's texts. */
static bool check_encoding(struct session *session, struct error *error)
{
	const char *encoding = PQparameterStatus(session->connection, "server_encoding");
	if (encoding != NULL && strcmp(encoding, "UTF8") == 0)
		return true;
	return error_set(error,
	                 "the database's encoding is %s and has to be UTF8 (createdb -T template0 "
	                 "-E UTF8 ...)",
	                 encoding ? encoding : "not known");
}

/* Runs commands outside a pipeline, to their end. */
static bool run(struct session *session, const char *sql, struct error *error)
{
	PGresult *result;
	count_round_trip(session);
	bool done = PQsendQuery(session->connection, sql) != 0;
	while (await_result(session, error) &&
	       (result = PQgetResult(session->connection)) != NULL) {
		ExecStatusType status = PQresultStatus(result);
		done = done && (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
		PQclear(result);
	}
	return (done && !session->late) || connection_error(session, error, "PostgreSQL");
}

static void forget_prepared(struct session *session)
{
	hash_table_fini(&session->prepared);
	arena_fini(&session->arena);
	arena_init(&session->arena);
}

/* Warnings of PostgreSQL are of no use here; errors come as results. */
static void ignore_notice(void *context, const char *message)
{
	(void)context;
	(void)message;
}

/* Parallel workers cost more to start than they save, as requests run in parallel anyway; compiling a plan, which
   PostgreSQL does where it overestimates tables that were never analyzed, can take seconds. A statement whose client
   gave up at its deadline must not go on waiting for a lock, holding one of PostgreSQL's connections; version 13 cannot
   see to that. */
static const char read_settings[] = "SELECT set_config(name, '2s', false) FROM pg_settings"
				    " WHERE name = 'client_connection_check_interval';"
				    "SET client_encoding = 'UTF8';"
				    "SET plan_cache_mode = force_generic_plan;"
				    "SET max_parallel_workers_per_gather = 0;"
				    "SET jit = off;"
				    "SET default_transaction_read_only = on";

/* The locks of a writer whose machine died are released after a minute, not the system's two hours. */
static const char write_settings[] = "SET client_encoding = 'UTF8';"
				     "SET jit = off;"
				     "SET tcp_keepalives_idle = 30;"
				     "SET tcp_keepalives_interval = 10;"
				     "SET tcp_keepalives_count = 3";

struct session *session_open_by(const char *conninfo, enum session_use use,
                                const struct patience *patience, struct error *error)
{
	struct session *session = must(calloc(1, sizeof(*session)));
	arena_init(&session->arena);
	session->use = use;
	session->patience = *patience;
	session->connection =
		connect_open(conninfo, use, patience, &session->host, &session->alone, error);
	if (session->connection == NULL ||
	    (patience->deadline != 0 && PQsetnonblocking(session->connection, 1) != 0)) {
		error_set(error, "cannot connect to PostgreSQL");
		session_close(session);
		return NULL;
	}
	PQsetNoticeProcessor(session->connection, ignore_notice, NULL);
	if (!check_encoding(session, error) ||
	    !session_run(session, use == SESSION_WRITES ? write_settings : read_settings, error)) {
		if (session->late)
			host_avoid(session->host, session->alone);
		session_close(session);
		return NULL;
	}
	if (!PQenterPipelineMode(session->connection)) {
		connection_error(session, error, "cannot enter pipeline mode");
		session_close(session);
		return NULL;
	}
	session->counted = use == SESSION_READS;
	return session;
}

struct session *session_open(const char *conninfo, enum session_use use, struct error *error)
{
	return session_open_by(conninfo, use, &(struct patience){.stop = -1}, error);
}

void session_set_deadline(struct session *session, int64_t deadline)
{
	session->patience.deadline = deadline;
	session->locked_out = false;
}

int64_t session_time_left(const struct session *session)
{
	int64_t left = session->patience.deadline - clock_monotonic();
	return left > 0 ? left : 0;
}

void session_close(struct session *session)
{
	if (session == NULL)
		return;
	PQfinish(session->connection);
	session_forget_cancel(session);
	forget_prepared(session);
	free(session->pending);
	free(session);
}

bool session_alive(const struct session *session)
{
	return PQstatus(session->connection) == CONNECTION_OK && !session->late;
}

bool session_was_locked_out(const struct session *session)
{
	return session->locked_out;
}

bool session_is_late(const struct session *session)
{
	return PQstatus(session->connection) == CONNECTION_OK && session->late;
}

bool session_is_lost(const struct session *session)
{
	return PQstatus(session->connection) != CONNECTION_OK ||
	       (session->late && !session->alone && host_is_frozen(session->host));
}

void session_give_up_host(const struct session *session, const struct session *other)
{
	if (other == NULL || other->host != session->host)
		host_set_frozen(session->host, true);
}

PGconn *session_connection(struct session *session)
{
	return session->connection;
}

bool session_run(struct session *session, const char *sql, struct error *error)
{
	bool pipeline = PQpipelineStatus(session->connection) != PQ_PIPELINE_OFF;
	if (pipeline && !PQexitPipelineMode(session->connection))
		return connection_error(session, error, "cannot leave pipeline mode");
	bool done = run(session, sql, error);
	if (pipeline && PQenterPipelineMode(session->connection) == 0 && done)
		return connection_error(session, error, "cannot enter pipeline mode");
	return done;
}

static void push_pending(struct session *session, bool preparation)
{
	if (session->pending_count == session->pending_capacity)
		session->pending = grow_array(session->pending, &session->pending_capacity,
		                              sizeof(*session->pending));
	session->pending[session->pending_count++] = preparation;
}

static const struct prepared *find_prepared(const struct session *session,
                                            const struct statement *statement)
{
	for (struct hash_node *node = hash_table_first(&session->prepared, hash_pointer(statement));
	     node != NULL; node = hash_table_next(node)) {
		const struct prepared *prepared = CONTAINER_OF(node, struct prepared, node);
		if (prepared->statement == statement)
			return prepared;
	}
	return NULL;
}

/* Adds the preparation to the pipeline. NULL with the error set: it failed. */
static const struct prepared *prepare(struct session *session, const struct statement *statement,
                                      struct error *error)
{
	struct prepared *prepared = arena_alloc(&session->arena, sizeof(*prepared));
	prepared->statement = statement;
	snprintf(prepared->name, sizeof(prepared->name), "s%zu", session->prepared.count);
	if (!PQsendPrepare(session->connection, prepared->name, statement->sql,
	                   statement->parameter_count, statement->parameter_types)) {
		connection_error(session, error, "PostgreSQL");
		return NULL;
	}
	hash_table_add(&session->prepared, &prepared->node, hash_pointer(statement));
	push_pending(session, true);
	return prepared;
}

static const int binary[PARAMETERS_MAX] = {[0 ... PARAMETERS_MAX - 1] = 1};

bool session_send_once(struct session *session, const struct statement *statement,
                       const struct parameters *parameters, struct error *error)
{
	if (!PQsendQueryParams(session->connection, statement->sql, parameters->count,
	                       statement->parameter_types, parameters->data, parameters->length,
	                       binary, 1))
		return connection_error(session, error, "PostgreSQL");
	push_pending(session, false);
	return true;
}

bool session_send(struct session *session, const struct statement *statement,
                  const struct parameters *parameters, struct error *error)
{
	const struct prepared *prepared = find_prepared(session, statement);
	if (prepared == NULL)
		prepared = prepare(session, statement, error);
	if (prepared == NULL)
		return false;
	int count = parameters ? parameters->count : 0;
	if (!PQsendQueryPrepared(session->connection, prepared->name, count,
	                         count ? parameters->data : NULL, count ? parameters->length : NULL,
	                         binary, 1))
		return connection_error(session, error, "PostgreSQL");
	push_pending(session, false);
	return true;
}

bool session_sync(struct session *session, struct error *error)
{
	count_round_trip(session);
	if (!PQpipelineSync(session->connection))
		return connection_error(session, error, "PostgreSQL");
	session->syncs++;
	return true;
}

/* The next result of libpq, and past the NULL that follows each but a sync. */
static PGresult *next_result(struct session *session, struct error *error)
{
	if (!await_result(session, error))
		return NULL;
	PGresult *result = PQgetResult(session->connection);
	if (result != NULL && PQresultStatus(result) != PGRES_PIPELINE_SYNC) {
		PGresult *end = PQgetResult(session->connection);
		PQclear(end);
	}
	return result;
}

/* PostgreSQL's code for a lock that did not come within lock_timeout. */
#define LOCK_NOT_AVAILABLE "55P03"

static PGresult *result_error(struct session *session, PGresult *result, struct error *error)
{
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	session->failed = true;
	session->locked_out = code != NULL && strcmp(code, LOCK_NOT_AVAILABLE) == 0;
	metric_add(METRIC_db_errors_total, 1);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	if (message == NULL) /* libpq's own, with hints on further lines */
		message = PQresultErrorMessage(result);
	error_set(error, "PostgreSQL: %.*s%s%s", (int)strcspn(message, "\n"), message,
	          detail ? ": " : "", detail ? detail : "");
	PQclear(result);
	return NULL;
}

PGresult *session_result(struct session *session, struct error *error)
{
	for (;;) {
		bool preparation = session->pending_first < session->pending_count &&
		                   session->pending[session->pending_first];
		PGresult *result = next_result(session, error);
		if (result == NULL) {
			connection_error(session, error, "PostgreSQL");
			return NULL;
		}
		session->pending_first++;
		ExecStatusType status = PQresultStatus(result);
		if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
			return result_error(session, result, error);
		if (!preparation)
			return result;
		PQclear(result);
	}
}

void session_reset(struct session *session)
{
	struct error ignored = {""};
	forget_prepared(session);
	if (PQexitPipelineMode(session->connection)) {
		run(session, "ROLLBACK; DEALLOCATE ALL", &ignored);
		if (!PQenterPipelineMode(session->connection))
			metric_add(METRIC_db_errors_total, 1);
	}
}

bool session_finish(struct session *session, struct error *error)
{
	session->pending_first = session->pending_count = 0;
	for (;;) {
		PGresult *result = next_result(session, error);
		if (result == NULL)
			return connection_error(session, error, "PostgreSQL");
		ExecStatusType status = PQresultStatus(result);
		if (status == PGRES_FATAL_ERROR && !session->failed) {
			result_error(session, result, error);
			continue;
		}
		session->failed = session->failed || status == PGRES_PIPELINE_ABORTED;
		PQclear(result);
		if (status == PGRES_PIPELINE_SYNC)
			break;
	}
	session->syncs--;
	bool failed = session->failed;
	session->failed = false;
	if (failed || error_is_set(error))
		session_reset(session);
	return !failed;
}
