/* The rows of an endpoint that a request selects, in its order: one SQL statement, written by walking the field
   paths of its filters, orderings and search fields so that the database's indexes can serve it. */
#ifndef REPOSITORY_SELECTION_H
#define REPOSITORY_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "resources/endpoint.h"

struct session;

#define SELECTION_TERMS_MAX 16

struct selection {
	const struct endpoint *endpoint;
	const struct condition *conditions; /* rows must meet all */
	size_t condition_count;
	const struct sort *sorts; /* ends with the id */
	size_t sort_count;
	/* UTF-8 without NUL, matched in any case anywhere in a text: rows must have each of them in one of
	   the texts that the endpoint's search looks in. */
	const struct text *terms;
	size_t term_count;
	const struct key *key; /* only this row; or NULL */
	bool counted;          /* count the rows of all pages, too */
	int64_t now;           /* for which durations of flights under way are compared */
	int64_t offset;
	size_t limit;
};

/* Selects a page's rows in the session's snapshot: writes *found keys to `keys`, which has room for `limit`, and
   sets *count where the selection is counted. One round trip. */
bool selection_read(struct session *session, const struct selection *selection, struct key *keys,
                    size_t *found, size_t *count, struct error *error) MUST_CHECK;

/* Appends the statement, for tests of its plan. Its parameters are the conditions' values, the key where there is
   one, and a LIKE pattern a term. */
void selection_write_sql(const struct selection *selection, struct strbuf *sql);

#endif
