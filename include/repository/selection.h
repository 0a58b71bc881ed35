/* The rows of an endpoint that a request selects, in its order: one SQL statement, written by walking the field
   paths of its filters, orderings and search fields so that the database's indexes can serve it. */
#ifndef REPOSITORY_SELECTION_H
#define REPOSITORY_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "repository/session.h"
#include "resources/endpoint.h"

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
	int64_t now;           /* for windows, and what has passed or is under way */
	int64_t offset;
	size_t limit;
};

/* Selects a page's rows in the session's snapshot: writes *found keys to `keys`, which has room for `limit`, and
   sets *count where the selection is counted. One round trip. */
bool selection_read(struct session *session, const struct selection *selection, struct key *keys,
                    size_t *found, size_t *count, struct error *error) MUST_CHECK;

/* The statement of a selection. Its text depends on the selection's shape alone: which filters, orders and how many
   terms it has, but for years, of which it depends on how many. */
struct selection_statement {
	struct strbuf sql;
	struct parameters parameters;
	Oid types[PARAMETERS_MAX];
	struct arena arena; /* of the parameters */
};

void selection_statement_init(struct selection_statement *statement,
                              const struct selection *selection);
void selection_statement_fini(struct selection_statement *statement);

#endif
