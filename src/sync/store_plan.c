/* Reads the passes that were made, for the plan of the next one. */
#include "store.h"

#include <string.h>

#include "statement.h"

/* As far back as plan_state_of looks. ($1 upstream) */
static const struct statement select_passes = {
	.sql = "SELECT kind, started, touched, ended, outcome, consistent, next IS NOT NULL,"
	       " not_before FROM sync_pass WHERE upstream = $1::text AND id >= coalesce("
	       " (SELECT max(id) FROM sync_pass"
	       "  WHERE upstream = $1 AND kind = 'full' AND outcome = 'done'), 0)"
	       " ORDER BY id DESC",
};

static enum plan_outcome outcome_of(const char *name)
{
	if (name[0] == '\0')
		return PLAN_OPEN;
	if (strcmp(name, "done") == 0)
		return PLAN_DONE;
	return strcmp(name, "refused") == 0 ? PLAN_REFUSED : PLAN_FAILED;
}

bool store_plan_state(struct session *session, const struct sync_settings *settings, int64_t now,
                      struct plan_state *state, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	struct strbuf passes = STRBUF_INIT;
	PGresult *result;
	int count;

	argument_text(&arguments, settings->upstream);
	if (!statement_run(session, &select_passes, &arguments, &result, error))
		return false;
	count = PQntuples(result);
	for (int i = 0; i < count; i++) {
		struct plan_pass pass = {
			.kind = strcmp(result_text(result, i, 0), "full") == 0 ? SYNC_FULL
		                                                               : SYNC_RECENT,
			.started = result_moment(result, i, 1),
			.touched = result_moment(result, i, 2),
			.ended = result_moment(result, i, 3),
			.outcome = outcome_of(result_text(result, i, 4)),
			.consistent = result_boolean(result, i, 5),
			.has_next = result_boolean(result, i, 6),
			.not_before = result_moment(result, i, 7),
		};

		strbuf_add(&passes, &pass, sizeof(pass));
	}
	PQclear(result);
	*state = plan_state_of((const struct plan_pass *)(const void *)passes.data, (size_t)count,
	                       settings, now);
	strbuf_fini(&passes);
	return true;
}
