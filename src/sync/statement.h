/* Statements of sync with their arguments, run one at a time. */
#ifndef STATEMENT_H
#define STATEMENT_H

#include "repository/session.h"
#include "repository/wire.h"

#define ARGUMENTS_MAX 20

struct arguments {
	struct strbuf bytes;
	size_t offset[ARGUMENTS_MAX];
	int length[ARGUMENTS_MAX]; /* -1: NULL */
	int count;
};

#define ARGUMENTS_INIT \
	{ \
		.bytes = STRBUF_INIT, .count = 0 \
	}

void argument_bigint(struct arguments *arguments, int64_t value);
void argument_boolean(struct arguments *arguments, bool value);
void argument_moment(struct arguments *arguments, int64_t moment);
/* NULL is an SQL NULL. */
void argument_text(struct arguments *arguments, const char *text);
void argument_bigints(struct arguments *arguments, const int64_t *values, size_t count);

/* Runs one statement and gives the arguments' memory back. *result (new; PQclear) may be NULL for one
   whose rows nobody asks for. */
bool statement_run(struct session *session, const struct statement *statement,
                   struct arguments *arguments, PGresult **result, struct error *error) MUST_CHECK;

/* Values of a result; 0, "" or false for NULL. Texts are the result's. */
int64_t result_bigint(const PGresult *result, int row, int column);
int64_t result_moment(const PGresult *result, int row, int column);
bool result_boolean(const PGresult *result, int row, int column);
const char *result_text(const PGresult *result, int row, int column);

#endif
