/* Plans of the statements that select rows. */
#ifndef SUPPORT_PLANS_H
#define SUPPORT_PLANS_H

#include <jansson.h>
#include <libpq-fe.h>

#include "repository/selection.h"

/* A connection for plan_of, new; one for many plans saves reading the catalog for each. Fails the test where there is none. */
PGconn *plans_connect(const char *conninfo);

/* EXPLAIN (ANALYZE, FORMAT JSON) of the selection's statement with its values, planned for these as the server does:
   the array's only element, new. Fails the test where the database refuses the statement. */
json_t *plan_of(PGconn *connection, const struct selection *selection);

#endif
