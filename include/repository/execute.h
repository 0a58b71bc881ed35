/* Single statements with their arguments, each run and waited for at once, and transactions of them. */
#ifndef REPOSITORY_EXECUTE_H
#define REPOSITORY_EXECUTE_H

#include "repository/session.h"
#include "repository/wire.h"

#define ARGUMENTS_MAX 20

enum argument_type {
	ARGUMENT_BIGINT,
	ARGUMENT_BOOLEAN,
	ARGUMENT_MOMENT,
	ARGUMENT_TEXT,
	ARGUMENT_KEYS
};

struct argument {
	enum argument_type type;
	int64_t number;         /* BIGINT, BOOLEAN, MOMENT */
	const char *text;       /* TEXT; NULL is an SQL NULL */
	const struct key *keys; /* KEYS: an array of texts */
	size_t count;
	bool uuid;
};

#define BIGINT(value) ((struct argument){ARGUMENT_BIGINT, .number = (value)})
#define BOOL(value) ((struct argument){ARGUMENT_BOOLEAN, .number = (value)})
#define MOMENT(value) ((struct argument){ARGUMENT_MOMENT, .number = (value)}) /* as clock_now */
#define STRING(value) ((struct argument){ARGUMENT_TEXT, .text = (value)})
#define KEYS(values, length, are_uuids) \
	((struct argument){ARGUMENT_KEYS, .keys = (values), .count = (length), .uuid = (are_uuids)})

/* The arguments $1, $2, ... as execute takes them: ARGUMENTS(BIGINT(id), STRING(name)). */
#define ARGUMENTS(...) \
	((const struct argument[]){__VA_ARGS__}), \
		(sizeof((const struct argument[]){__VA_ARGS__}) / sizeof(struct argument))
#define NO_ARGUMENTS NULL, 0

/* Runs a statement. *result (new; PQclear) may be NULL where no rows are wanted. */
bool execute(struct session *session, const struct statement *statement,
             const struct argument *arguments, size_t count, PGresult **result,
             struct error *error) MUST_CHECK;

/* The same for a statement that is not prepared, and so need not outlive the call. */
bool execute_once(struct session *session, const struct statement *statement,
                  const struct argument *arguments, size_t count, PGresult **result,
                  struct error *error) MUST_CHECK;

/* A statement and its arguments: BOUND(&select, ARGUMENTS(...)). */
struct bound_statement {
	const struct statement *statement;
	const struct argument *arguments;
	size_t count;
};
#define BOUND(statement, ...) ((struct bound_statement){statement, __VA_ARGS__})

/* Runs several in one round trip. Each gets its result (new; PQclear); none where it fails. */
bool execute_all(struct session *session, const struct bound_statement *statements, size_t count,
                 PGresult **results, struct error *error) MUST_CHECK;

/* Runs a statement that returns one bigint or boolean. */
bool execute_number(struct session *session, const struct statement *statement,
                    const struct argument *arguments, size_t count, int64_t *number,
                    struct error *error) MUST_CHECK;

/* Runs a statement that returns rows of one bigint; appends them (int64_t) to `numbers`. */
bool execute_numbers(struct session *session, const struct statement *statement,
                     const struct argument *arguments, size_t count, struct strbuf *numbers,
                     struct error *error) MUST_CHECK;

/* A key in a result, as text: how KEYS has it. */
struct key result_key(const PGresult *result, int row, int column, bool uuid);

/* Values of a result; 0, "" or false for NULL. Texts are the result's. */
int64_t result_bigint(const PGresult *result, int row, int column);
int64_t result_moment(const PGresult *result, int row, int column);
bool result_boolean(const PGresult *result, int row, int column);
const char *result_text(const PGresult *result, int row, int column);

/* Begins a read-only transaction that sees one state of the data, and reads its version. One round trip. */
bool snapshot_begin(struct session *session, int64_t *version, struct error *error) MUST_CHECK;

/* Ends it. One round trip. A batch of the session that failed has ended the snapshot already. */
bool snapshot_end(struct session *session, struct error *error) MUST_CHECK;

/* Does the work in a transaction of READ COMMITTED, whatever the database's default is: what waited for a
   lock must see what the lock's last holder wrote. Commits it, with `dry_run` rolls it back, and rolls it
   back when the work returns false, which it does with the error set. False: nothing is stored. */
bool transaction_run(struct session *session, bool dry_run, bool (*work)(void *context),
                     void *context, struct error *error) MUST_CHECK;

#endif
