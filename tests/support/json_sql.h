/* The documents as PostgreSQL itself would build them: one statement of nested json_build_object and
   json_agg, made from the tables of fields; for comparing results and speed. */
#ifndef SUPPORT_JSON_SQL_H
#define SUPPORT_JSON_SQL_H

#include <jansson.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "resources/endpoint.h"

/* What a session should set before. */
#define JSON_SQL_SETTINGS \
	"SET plan_cache_mode = force_generic_plan; SET jit = off; SET timezone = 'UTC';" \
	"SET intervalstyle = 'iso_8601'"

/* Appends a SELECT of one column, the documents of the rows whose keys are in the array $1, in the list's own order;
   urls begin with `base` and end with `suffix`, durations are as of `now` (a time as text). */
void json_sql_write(struct strbuf *out, const struct endpoint *endpoint, enum view_id view,
                    const char *base, const char *suffix, const char *now);

/* Whether two documents say the same: PostgreSQL writes times, durations and numbers its own way. */
bool json_sql_same(const struct resource *resource, enum view_id view, const json_t *ours,
                   const json_t *theirs);

#endif
