/* Plans of the statements that select rows. */
#ifndef SUPPORT_PLANS_H
#define SUPPORT_PLANS_H

#include <jansson.h>

#include "repository/selection.h"

/* EXPLAIN (ANALYZE, FORMAT JSON) of the selection's statement with its values, planned for these as the server does:
   the array's only element, new. Fails the test where the database refuses the statement. */
json_t *plan_of(const char *conninfo, const struct selection *selection);

#endif
