/* Statements over passes, their pages and requests, and the lock of the running pass. */
#include "record.h"

#include <string.h>

#include "base/utf8.h"
#include "repository/execute.h"

/* A number that no other program on the database should use: `spacesyn` in ASCII. status.c has it too. */
static const struct statement try_lock = {
	.sql = "SELECT pg_try_advisory_lock(" RECORD_LOCK ")",
};

static const struct statement unlock = {
	.sql = "SELECT pg_advisory_unlock(" RECORD_LOCK ")",
};

/* Nobody will resume it. */
#define CLOSE_PASS \
	"ended = coalesce(ended, touched), outcome = coalesce(outcome, 'failed')," \
	" message = coalesce(message, 'cut off'), next = NULL"

/* What a resumed pass takes over from the one that was cut off. */
#define PROGRESS \
	"upstream, kind, started, touched, next, upstream_count, last_id, consistent, ordered," \
	" sweeps, requests, pages, flights, created, changed, older, deleted"

/* ($1 upstream, $2 stale) */
static const struct statement resume_pass = {
	.sql = "WITH old AS (SELECT * FROM sync_pass WHERE id = (SELECT max(id) FROM sync_pass"
	       "  WHERE upstream = $1::text AND kind = 'full')"
	       "  AND next IS NOT NULL AND outcome IS DISTINCT FROM 'done'"
	       "  AND started > $2::timestamptz),"
	       " fresh AS (INSERT INTO sync_pass (" PROGRESS ") SELECT " PROGRESS
	       "  FROM old RETURNING *),"
	       " closed AS (UPDATE sync_pass SET " CLOSE_PASS "  WHERE id IN (SELECT id FROM old)),"
	       " moved AS (UPDATE sync_page SET pass = fresh.id FROM old, fresh"
	       "  WHERE pass = old.id)"
	       " SELECT id, started, next, coalesce(upstream_count, -1), coalesce(last_id, 0),"
	       " consistent, ordered, sweeps::bigint, requests::bigint, pages::bigint,"
	       " flights::bigint, created::bigint, changed::bigint,"
	       " older::bigint, deleted::bigint FROM fresh",
};

static const struct statement select_seen = {
	.sql = "SELECT DISTINCT i FROM sync_page, unnest(ids) AS i WHERE pass = $1::bigint ORDER "
	       "BY i",
};

/* Passes that nobody will resume: killed ones, and full ones once another begins. ($1 upstream, $2 full) */
static const struct statement close_unfinished = {
	.sql = "UPDATE sync_pass SET " CLOSE_PASS
	       " WHERE upstream = $1::text AND (kind = 'recent' AND ended IS NULL"
	       " OR kind = 'full' AND $2::boolean AND (ended IS NULL OR next IS NOT NULL))",
};

static const struct statement delete_pages = {
	.sql = "DELETE FROM sync_page USING sync_pass p WHERE pass = p.id AND p.next IS NULL",
};

/* Old passes are of no use, but for the last one of its kind that was done. */
static const struct statement delete_old = {
	.sql = "DELETE FROM sync_pass p WHERE id < $1::bigint - 1000 AND id IS DISTINCT FROM"
	       " (SELECT max(id) FROM sync_pass"
	       "  WHERE upstream = p.upstream AND kind = p.kind AND outcome = 'done')",
};

/* ($1 upstream, $2 kind, $3 started, $4 next) */
static const struct statement insert_pass = {
	.sql = "INSERT INTO sync_pass (upstream, kind, started, touched, next)"
	       " VALUES ($1::text, $2::text, $3::timestamptz, $3, $4::text) RETURNING id",
};

/* ($1 id, $2 now, $3 next, $4 upstream_count, $5 last_id, $6 consistent, $7... counters,
   $13 not_before, $14 ordered, $15 sweeps, $16 older) */
#define SET_PASS \
	"UPDATE sync_pass SET touched = $2::timestamptz, next = nullif($3::text, '')," \
	" upstream_count = nullif($4::bigint, -1), last_id = $5::bigint, consistent = " \
	"$6::boolean," \
	" requests = $7::bigint, pages = $8::bigint, flights = $9::bigint, created = $10::bigint," \
	" changed = $11::bigint, deleted = $12::bigint," \
	" not_before = nullif($13::timestamptz, 'epoch'), ordered = $14::boolean," \
	" sweeps = $15::bigint, older = $16::bigint"
static const struct statement update_pass = {
	.sql = SET_PASS " WHERE id = $1::bigint",
};
static const struct statement end_pass = {
	.sql = SET_PASS
	", ended = $2, outcome = $17::text, message = $18::text WHERE id = $1::bigint",
};

/* ($1 upstream); no row: not known. */
static const struct statement select_ordered = {
	.sql = "SELECT coalesce((SELECT ordered FROM sync_upstream WHERE upstream = $1::text), "
	       "true)",
};

static const struct statement upsert_ordered = {
	.sql = "INSERT INTO sync_upstream (upstream, ordered) VALUES ($1::text, $2::boolean)"
	       " ON CONFLICT (upstream) DO UPDATE SET ordered = excluded.ordered",
};

static const struct statement insert_page = {
	.sql = "INSERT INTO sync_page (pass, number, ids)"
	       " VALUES ($1::bigint, $2::bigint, $3::bigint[])",
};

/* Of the last hour. Those further ahead than clocks differ are of a clock that was wrong. ($1 now) */
#define COUNTS "at > $1::timestamptz - interval '1 hour' AND at <= $1 + interval '1 hour'"

static const struct statement insert_request = {
	.sql = "WITH old AS (DELETE FROM sync_request WHERE NOT (" COUNTS "))"
	       " INSERT INTO sync_request (at) VALUES ($1)",
};

static const struct statement select_requests = {
	.sql = "SELECT (extract(epoch FROM at) * 1000000)::bigint FROM sync_request WHERE " COUNTS
	       " ORDER BY at",
};

/* Back to the last full pass that was done, as plan_state_of wants them. ($1 upstream) */
static const struct statement select_passes = {
	.sql = "SELECT kind, started, touched, ended, outcome, consistent, next IS NOT NULL,"
	       " not_before FROM sync_pass WHERE upstream = $1::text AND id >= coalesce("
	       " (SELECT max(id) FROM sync_pass"
	       "  WHERE upstream = $1 AND kind = 'full' AND outcome = 'done'), 0)"
	       " ORDER BY id DESC",
};

void record_init(struct pass_record *record, enum pass_kind kind, int64_t now)
{
	*record = (struct pass_record){.kind = kind,
	                               .started = now,
	                               .upstream_count = -1,
	                               .consistent = true,
	                               .ordered = true,
	                               .sweeps = 1};
}

void record_fini(struct pass_record *record)
{
	strbuf_fini(&record->next);
}

bool record_lock(struct session *session, bool *locked, struct error *error)
{
	int64_t number;

	if (!execute_number(session, &try_lock, NO_ARGUMENTS, &number, error))
		return false;
	*locked = number != 0;
	return true;
}

bool record_unlock(struct session *session, struct error *error)
{
	return execute(session, &unlock, NO_ARGUMENTS, NULL, error);
}

bool record_ordered(struct session *session, const char *upstream, bool *ordered,
                    struct error *error)
{
	int64_t number = 1;
	bool done = execute_number(session, &select_ordered, ARGUMENTS(STRING(upstream)), &number,
	                           error);

	*ordered = number != 0;
	return done;
}

bool record_set_ordered(struct session *session, const char *upstream, bool ordered,
                        struct error *error)
{
	return execute(session, &upsert_ordered, ARGUMENTS(STRING(upstream), BOOL(ordered)), NULL,
	               error);
}

static enum plan_outcome outcome_of(const char *name)
{
	if (name[0] == '\0')
		return PLAN_OPEN;
	if (strcmp(name, "done") == 0)
		return PLAN_DONE;
	return strcmp(name, "refused") == 0 ? PLAN_REFUSED : PLAN_FAILED;
}

bool record_plan_state(struct session *session, const struct sync_settings *settings, int64_t now,
                       struct plan_state *state, struct error *error)
{
	struct strbuf passes = STRBUF_INIT;
	PGresult *result;
	bool ordered;
	int count;

	if (!execute(session, &select_passes, ARGUMENTS(STRING(settings->upstream.url)), &result,
	             error))
		return false;
	count = PQntuples(result);
	for (int i = 0; i < count; i++) {
		bool full = strcmp(result_text(result, i, 0), "full") == 0;
		struct plan_pass pass = {
			.kind = full ? PASS_FULL : PASS_RECENT,
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
	if (!record_ordered(session, settings->upstream.url, &ordered, error))
		return false;
	state->unordered = !ordered;
	return true;
}

static void take_resumed(struct pass_record *record, const PGresult *result)
{
	record->id = result_bigint(result, 0, 0);
	record->kind = PASS_FULL;
	record->started = result_moment(result, 0, 1);
	strbuf_reset(&record->next);
	strbuf_str(&record->next, result_text(result, 0, 2));
	record->upstream_count = result_bigint(result, 0, 3);
	record->last_id = result_bigint(result, 0, 4);
	record->consistent = result_boolean(result, 0, 5);
	record->ordered = result_boolean(result, 0, 6);
	record->sweeps = result_bigint(result, 0, 7);
	record->requests = result_bigint(result, 0, 8);
	record->pages = result_bigint(result, 0, 9);
	record->flights = result_bigint(result, 0, 10);
	record->created = result_bigint(result, 0, 11);
	record->changed = result_bigint(result, 0, 12);
	record->older = result_bigint(result, 0, 13);
	record->deleted = result_bigint(result, 0, 14);
}

bool record_resume(struct session *session, const char *upstream, int64_t stale,
                   struct pass_record *record, struct strbuf *seen, bool *found,
                   struct error *error)
{
	PGresult *result;

	if (!execute(session, &resume_pass, ARGUMENTS(STRING(upstream), MOMENT(stale)), &result,
	             error))
		return false;
	*found = PQntuples(result) > 0;
	if (*found)
		take_resumed(record, result);
	PQclear(result);
	return !*found ||
	       execute_numbers(session, &select_seen, ARGUMENTS(BIGINT(record->id)), seen, error);
}

bool record_begin(struct session *session, const char *upstream, struct pass_record *record,
                  struct error *error)
{
	bool full = record->kind == PASS_FULL;
	const char *next = record->next.length > 0 ? record->next.data : NULL;

	return execute(session, &close_unfinished, ARGUMENTS(STRING(upstream), BOOL(full)), NULL,
	               error) &&
	       execute(session, &delete_pages, NO_ARGUMENTS, NULL, error) &&
	       execute_number(session, &insert_pass,
	                      ARGUMENTS(STRING(upstream), STRING(full ? "full" : "recent"),
	                                MOMENT(record->started), STRING(next)),
	                      &record->id, error) &&
	       execute(session, &delete_old, ARGUMENTS(BIGINT(record->id)), NULL, error);
}

/* The arguments $1 to $16 of SET_PASS. */
#define RECORD_ARGUMENTS(record, now) \
	BIGINT((record)->id), MOMENT(now), STRING((record)->next.data ? (record)->next.data : ""), \
		BIGINT((record)->upstream_count), BIGINT((record)->last_id), \
		BOOL((record)->consistent), BIGINT((record)->requests), BIGINT((record)->pages), \
		BIGINT((record)->flights), BIGINT((record)->created), BIGINT((record)->changed), \
		BIGINT((record)->deleted), MOMENT((record)->not_before), BOOL((record)->ordered), \
		BIGINT((record)->sweeps), BIGINT((record)->older)

bool record_update(struct session *session, const struct pass_record *record, int64_t now,
                   struct error *error)
{
	return execute(session, &update_pass, ARGUMENTS(RECORD_ARGUMENTS(record, now)), NULL,
	               error);
}

bool record_end(struct session *session, const struct pass_record *record, int64_t now,
                const char *outcome, const char *message, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	bool done;

	/* A message may quote the upstream, whose bytes need not be UTF-8; PostgreSQL takes no others. */
	utf8_repair(&text, message);
	done = execute(session, &end_pass,
	               ARGUMENTS(RECORD_ARGUMENTS(record, now), STRING(outcome), STRING(text.data)),
	               NULL, error) &&
	       execute(session, &delete_pages, NO_ARGUMENTS, NULL, error);
	strbuf_fini(&text);
	return done;
}

bool record_page(struct session *session, const struct pass_record *record, const int64_t *ids,
                 size_t count, struct error *error)
{
	return execute(session, &insert_page,
	               ARGUMENTS(BIGINT(record->id), BIGINT(record->pages), BIGINTS(ids, count)),
	               NULL, error);
}

bool record_request(struct session *session, int64_t now, struct error *error)
{
	return execute(session, &insert_request, ARGUMENTS(MOMENT(now)), NULL, error);
}

bool record_requests(struct session *session, int64_t now, struct strbuf *times,
                     struct error *error)
{
	return execute_numbers(session, &select_requests, ARGUMENTS(MOMENT(now)), times, error);
}
