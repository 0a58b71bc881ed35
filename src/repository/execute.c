/* Packs arguments, runs statements and unpacks their results; runs transactions. */
#include "repository/execute.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static void put_keys(struct strbuf *out, const struct argument *argument)
{
	struct wire_array array;
	char text[KEY_TEXT_SIZE];

	wire_array_init(&array, WIRE_TEXT);
	for (size_t i = 0; i < argument->count; i++) {
		wire_element_begin(&array);
		strbuf_add(&array.bytes, text, key_format(argument->uuid, argument->keys[i], text));
		wire_element_end(&array);
	}
	wire_array_finish(&array);
	strbuf_add(out, array.bytes.data, array.bytes.length);
	wire_array_fini(&array);
}

static void put_argument(struct strbuf *out, const struct argument *argument)
{
	switch (argument->type) {
	case ARGUMENT_BIGINT:
		wire_put64(out, (uint64_t)argument->number);
		break;
	case ARGUMENT_BOOLEAN:
		strbuf_char(out, argument->number ? 1 : 0);
		break;
	case ARGUMENT_MOMENT:
		wire_put_moment(out, argument->number);
		break;
	case ARGUMENT_TEXT:
		strbuf_str(out, argument->text ? argument->text : "");
		break;
	case ARGUMENT_KEYS:
		put_keys(out, argument);
		break;
	}
}

/* The parameters point into the bytes, which must not move then. */
static void fill_parameters(struct parameters *parameters, struct strbuf *bytes,
                            const struct argument *arguments, size_t count)
{
	size_t begins[ARGUMENTS_MAX];

	if (count > ARGUMENTS_MAX)
		abort();       /* a statement with too many: a mistake of its caller */
	strbuf_str(bytes, ""); /* an empty argument has no bytes, but must not be NULL */
	for (size_t i = 0; i < count; i++) {
		begins[i] = bytes->length;
		put_argument(bytes, &arguments[i]);
		parameters->length[i] = (int)(bytes->length - begins[i]);
	}
	for (size_t i = 0; i < count; i++) {
		bool null = arguments[i].type == ARGUMENT_TEXT && !arguments[i].text;

		parameters->data[i] = null ? NULL : bytes->data + begins[i];
	}
	parameters->count = (int)count;
}

typedef bool send_statement(struct session *session, const struct statement *statement,
                            const struct parameters *parameters, struct error *error);

static bool execute_by(send_statement *send, struct session *session,
                       const struct statement *statement, const struct argument *arguments,
                       size_t count, PGresult **result, struct error *error)
{
	struct parameters parameters;
	struct strbuf bytes = STRBUF_INIT;
	PGresult *rows = NULL;
	bool done = false;

	fill_parameters(&parameters, &bytes, arguments, count);
	if (send(session, statement, &parameters, error) && session_sync(session, error)) {
		rows = session_result(session, error);
		done = session_finish(session, error) && rows;
	}
	strbuf_fini(&bytes);
	if (done && result)
		*result = rows;
	else
		PQclear(rows);
	return done;
}

bool execute(struct session *session, const struct statement *statement,
             const struct argument *arguments, size_t count, PGresult **result, struct error *error)
{
	return execute_by(session_send, session, statement, arguments, count, result, error);
}

bool execute_once(struct session *session, const struct statement *statement,
                  const struct argument *arguments, size_t count, PGresult **result,
                  struct error *error)
{
	return execute_by(session_send_once, session, statement, arguments, count, result, error);
}

static bool send_bound(struct session *session, const struct bound_statement *bound,
                       struct error *error)
{
	struct parameters parameters;
	struct strbuf bytes = STRBUF_INIT;
	bool sent;

	fill_parameters(&parameters, &bytes, bound->arguments, bound->count);
	sent = session_send(session, bound->statement, &parameters, error);
	strbuf_fini(&bytes);
	return sent;
}

bool execute_all(struct session *session, const struct bound_statement *statements, size_t count,
                 PGresult **results, struct error *error)
{
	size_t taken = 0;
	bool done = true;

	for (size_t i = 0; i < count && done; i++)
		done = send_bound(session, &statements[i], error);
	if (!done || !session_sync(session, error))
		return false;
	for (; taken < count && done; taken += done) {
		results[taken] = session_result(session, error);
		done = results[taken] != NULL;
	}
	done = session_finish(session, error) && done;
	for (size_t i = 0; i < taken && !done; i++)
		PQclear(results[i]);
	return done;
}

bool execute_number(struct session *session, const struct statement *statement,
                    const struct argument *arguments, size_t count, int64_t *number,
                    struct error *error)
{
	PGresult *result;

	if (!execute(session, statement, arguments, count, &result, error))
		return false;
	*number = PQgetlength(result, 0, 0) == 1 ? result_boolean(result, 0, 0)
	                                         : result_bigint(result, 0, 0);
	PQclear(result);
	return true;
}

bool execute_numbers(struct session *session, const struct statement *statement,
                     const struct argument *arguments, size_t count, struct strbuf *numbers,
                     struct error *error)
{
	PGresult *result;

	if (!execute(session, statement, arguments, count, &result, error))
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t number = result_bigint(result, i, 0);

		strbuf_add(numbers, &number, sizeof(number));
	}
	PQclear(result);
	return true;
}

struct key result_key(const PGresult *result, int row, int column, bool uuid)
{
	const char *text = result_text(result, row, column);
	struct key key = {0, 0};

	if (!uuid)
		return key_of_integer(strtoll(text, NULL, 10));
	if (!uuid_parse((struct text){text, strlen(text)}, &key))
		abort(); /* a statement that does not return keys: a mistake of its caller */
	return key;
}

int64_t result_bigint(const PGresult *result, int row, int column)
{
	if (PQgetisnull(result, row, column))
		return 0;
	return (int64_t)wire_get64(PQgetvalue(result, row, column));
}

int64_t result_moment(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? 0
	                                        : wire_get_moment(PQgetvalue(result, row, column));
}

bool result_boolean(const PGresult *result, int row, int column)
{
	return !PQgetisnull(result, row, column) && PQgetvalue(result, row, column)[0] != 0;
}

const char *result_text(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? "" : PQgetvalue(result, row, column);
}

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

/* Sent with the statements of a batch, so that PostgreSQL ends them before whoever waits for them gives up. Those that
   wait for a lock have a quarter of the time: they would keep all threads from what is not locked. */
static bool send_timeouts(struct session *session, struct error *error)
{
	static const struct statement set = {.sql = "SELECT set_config('lock_timeout', $1, true),"
	                                            " set_config('statement_timeout', $2, true)",
	                                     .parameter_count = 2};
	int64_t left = session_time_left(session) / 1000;
	char lock[24], statement[24];
	int lock_length = snprintf(lock, sizeof(lock), "%" PRId64, left / 4 + 1);
	int length = snprintf(statement, sizeof(statement), "%" PRId64, left - left / 10 + 2);
	struct parameters parameters = {
		.count = 2, .data = {lock, statement}, .length = {lock_length, length}};

	return session_send(session, &set, &parameters, error);
}

bool snapshot_begin(struct session *session, int64_t *version, struct error *error)
{
	static const struct statement begin = {
		.sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
	static const struct statement read_version = {.sql = "SELECT version FROM catalog_version"};
	bool bounded = session_time_left(session) > 0;
	PGresult *begun, *set = NULL, *read;
	bool done;

	if (!session_send(session, &begin, NULL, error) ||
	    (bounded && !send_timeouts(session, error)) ||
	    !session_send(session, &read_version, NULL, error) || !session_sync(session, error))
		return false;
	begun = session_result(session, error);
	if (begun && bounded)
		set = session_result(session, error);
	read = begun && (set || !bounded) ? session_result(session, error) : NULL;
	done = read && PQntuples(read) == 1;
	if (done)
		*version = result_bigint(read, 0, 0);
	else
		error_set(error, "table catalog_version is empty");
	PQclear(begun);
	PQclear(set);
	PQclear(read);
	return session_finish(session, error) && done;
}

bool snapshot_end(struct session *session, struct error *error)
{
	static const struct statement commit = {.sql = "COMMIT"};

	return execute(session, &commit, NULL, 0, NULL, error);
}
