/* What is stored in part only: rows of endpoints whose lists no document has told of yet, since documents of a
   small view have none. */
#ifndef IMPORTER_PARTIAL_H
#define IMPORTER_PARTIAL_H

#include "base/error.h"
#include "base/strbuf.h"
#include "repository/session.h"
#include "resources/endpoint.h"

/* How many rows of the endpoint are stored, and of how many of them it is not known what the view of a single
   row has beyond that of a list. Over any session. */
bool partial_count(struct session *session, const struct endpoint *endpoint, int64_t *rows,
                   int64_t *partial, struct error *error) MUST_CHECK;

/* Appends, where there are such rows, `flights known in the normal view only: 3 (save documents with
   mode=detailed)`. */
bool partial_write(struct session *session, struct strbuf *out, struct error *error) MUST_CHECK;

#endif
