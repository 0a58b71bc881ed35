/* Statements over passes, their pages and requests, and the lock of the running pass. */
#include "record.h"

#include <string.h>

#include "base/utf8.h"
#include "keys.h"
#include "repository/execute.h"
#include "schedule.h"

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
	"upstream, list, kind, started, touched, next, upstream_count, last_id, consistent, " \
	"ordered," \
	" suspended, sweeps, requests, pages, documents, created, changed, older, deleted"

/* As take_resumed wants it. */
#define RESUMED \
	"id, started, next, coalesce(upstream_count, -1), last_id, consistent, ordered," \
	" sweeps::bigint, requests::bigint, pages::bigint, documents::bigint, created::bigint," \
	" changed::bigint, older::bigint, deleted::bigint, suspended"

/* ($1 upstream, $2 stale, $3 list) */
static const struct statement resume_pass = {
	.sql = "WITH old AS (SELECT * FROM sync_pass WHERE id = (SELECT max(id) FROM sync_pass"
	       "  WHERE upstream = $1::text AND list = $3::text AND kind = 'full')"
	       "  AND next IS NOT NULL AND outcome IS DISTINCT FROM 'done'"
	       "  AND CASE WHEN suspended THEN touched ELSE started END > $2::timestamptz),"
	       " fresh AS (INSERT INTO sync_pass (" PROGRESS ") SELECT " PROGRESS
	       "  FROM old RETURNING *),"
	       " closed AS (UPDATE sync_pass SET " CLOSE_PASS "  WHERE id IN (SELECT id FROM old)),"
	       " moved AS (UPDATE sync_page SET pass = fresh.id FROM old, fresh"
	       "  WHERE pass = old.id)"
	       " SELECT " RESUMED " FROM fresh",
};

/* One that only stood back is the same pass still, and the newest again. ($1 upstream, $2 stale, $3 list) */
static const struct statement resume_suspended = {
	.sql = "UPDATE sync_pass SET id = DEFAULT WHERE upstream = $1::text AND list = $3::text"
	       " AND kind = 'full' AND suspended AND outcome IS NULL AND next IS NOT NULL"
	       " AND touched > $2::timestamptz RETURNING " RESUMED,
};

static const struct statement select_seen = {
	.sql = "SELECT DISTINCT i FROM sync_page, unnest(ids) AS i WHERE pass = $1::bigint",
};

/* Passes that nobody will resume: killed ones, and full ones once another begins; what they have read goes. ($1 upstream,
   $2 full, $3 list) */
static const struct statement close_unfinished = {
	.sql = "WITH closed AS (UPDATE sync_pass SET " CLOSE_PASS
	       "  WHERE upstream = $1::text AND list = $3::text AND (kind = 'recent' AND ended IS "
	       "NULL"
	       "  OR kind = 'full' AND $2::boolean AND (ended IS NULL OR next IS NOT NULL)) "
	       "RETURNING id)"
	       " DELETE FROM sync_page USING closed WHERE pass = closed.id",
};

static const struct statement delete_pages = {
	.sql = "DELETE FROM sync_page WHERE pass = $1::bigint",
};

/* Old passes are of no use, but for the last one of its kind that was done, and those to be resumed. */
static const struct statement delete_old = {
	.sql = "DELETE FROM sync_pass p WHERE id < $1::bigint - 1000 AND NOT (suspended AND next "
	       "IS NOT"
	       " NULL) AND id IS DISTINCT FROM"
	       " (SELECT max(id) FROM sync_pass"
	       "  WHERE upstream = p.upstream AND list = p.list AND kind = p.kind AND outcome = "
	       "'done')",
};

/* ($1 upstream, $2 kind, $3 started, $4 next, $5 list) */
static const struct statement insert_pass = {
	.sql = "INSERT INTO sync_pass (upstream, kind, started, touched, next, list)"
	       " VALUES ($1::text, $2::text, $3::timestamptz, $3, $4::text, $5::text) RETURNING id",
};

/* ($1 id, $2 now, $3 next, $4 upstream_count, $5 last_id, $6 consistent, $7... counters,
   $13 not_before, $14 ordered, $15 sweeps, $16 older, $17 suspended) */
#define SET_PASS \
	"UPDATE sync_pass SET touched = $2::timestamptz, next = nullif($3::text, '')," \
	" upstream_count = nullif($4::bigint, -1), last_id = $5::text, consistent = $6::boolean," \
	" requests = $7::bigint, pages = $8::bigint, documents = $9::bigint, created = " \
	"$10::bigint," \
	" changed = $11::bigint, deleted = $12::bigint," \
	" not_before = nullif($13::timestamptz, 'epoch'), ordered = $14::boolean," \
	" sweeps = $15::bigint, older = $16::bigint, suspended = $17::boolean"
static const struct statement update_pass = {
	.sql = SET_PASS " WHERE id = $1::bigint",
};
static const struct statement end_pass = {
	.sql = SET_PASS
	", ended = $2, outcome = $18::text, message = $19::text WHERE id = $1::bigint",
};

/* ($1 upstream, $2 list); always one row. */
static const struct statement select_list = {
	.sql = "SELECT coalesce(ordered, true), disobeyed, changed_until,"
	       " coalesce(page_size, 0), EXISTS (SELECT FROM sync_pass WHERE upstream = $1::text"
	       "  AND list = $2::text AND kind = 'full' AND outcome = 'done')"
	       " FROM (SELECT) one"
	       " LEFT JOIN sync_list ON upstream = $1::text AND list = $2::text",
};

/* ($1 upstream, $2 list, $3 ordered, $4 disobeyed, $5 changed_until, $6 page_size) */
static const struct statement upsert_list = {
	.sql = "INSERT INTO sync_list (upstream, list, ordered, disobeyed, changed_until, "
	       "page_size)"
	       " VALUES ($1::text, $2::text, $3::boolean, nullif($4::timestamptz, 'epoch'),"
	       "  nullif($5::timestamptz, 'epoch'), nullif($6::bigint, 0))"
	       " ON CONFLICT (upstream, list) DO UPDATE SET ordered = excluded.ordered,"
	       " disobeyed = excluded.disobeyed, changed_until = excluded.changed_until,"
	       " page_size = excluded.page_size",
};

static const struct statement insert_page = {
	.sql = "INSERT INTO sync_page (pass, number, ids)"
	       " VALUES ($1::bigint, $2::bigint, $3::text[])",
};

/* Of the last hour. Those further ahead than clocks differ are of a clock that was wrong. ($1 now) */
#define COUNTS "at > $1::timestamptz - interval '1 hour' AND at <= $1 + interval '1 hour'"

static const struct statement insert_request = {
	.sql = "WITH old AS (DELETE FROM sync_request WHERE NOT (" COUNTS "))"
	       " INSERT INTO sync_request (at) VALUES ($1)",
};

static const struct statement select_requests = {
	.sql = "SELECT (extract(epoch FROM at) * 1000000)::bigint FROM sync_request"
	       " WHERE " COUNTS " ORDER BY at",
};

/* Of each list back to the last full pass that was done, newest first, as schedule_add_pass wants them.
   ($1 upstream) */
static const struct statement select_passes = {
	.sql = "SELECT list, kind, started, touched, ended, outcome, consistent, next IS NOT NULL,"
	       " not_before, suspended, coalesce(upstream_count, 0), requests::bigint, "
	       "documents::bigint"
	       " FROM (SELECT *, max(id) FILTER (WHERE kind = 'full' AND outcome = 'done')"
	       "  OVER (PARTITION BY list) AS done FROM sync_pass WHERE upstream = $1::text) p"
	       " WHERE done IS NULL OR id >= done ORDER BY id DESC",
};

static const struct statement select_lists = {
	.sql = "SELECT list, ordered, disobeyed, coalesce(page_size, 0) FROM sync_list"
	       " WHERE upstream = $1::text",
};

static const struct statement select_installed = {
	.sql = "SELECT (extract(epoch FROM min(applied_at)) * 1000000)::bigint FROM schema_version",
};

void record_init(struct pass_record *record, const char *upstream, const struct endpoint *list,
                 enum pass_kind kind, int64_t now)
{
	*record = (struct pass_record){.upstream = upstream,
	                               .list = list,
	                               .kind = kind,
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

bool record_list(struct session *session, const char *upstream, const struct endpoint *list,
                 struct list_record *record, struct error *error)
{
	PGresult *result;

	if (!execute(session, &select_list, ARGUMENTS(STRING(upstream), STRING(list->path)),
	             &result, error))
		return false;
	*record = (struct list_record){
		.ordered = result_boolean(result, 0, 0),
		.disobeyed = result_moment(result, 0, 1),
		.changed_until = result_moment(result, 0, 2),
		.page_size = result_bigint(result, 0, 3),
		.filled = result_boolean(result, 0, 4),
	};
	PQclear(result);
	return true;
}

bool record_set_list(struct session *session, const char *upstream, const struct endpoint *list,
                     const struct list_record *record, struct error *error)
{
	return execute(session, &upsert_list,
	               ARGUMENTS(STRING(upstream), STRING(list->path), BOOL(record->ordered),
	                         MOMENT(record->disobeyed), MOMENT(record->changed_until),
	                         BIGINT(record->page_size)),
	               NULL, error);
}

static enum plan_outcome outcome_of(const char *name)
{
	if (name[0] == '\0')
		return PLAN_OPEN;
	if (strcmp(name, "done") == 0)
		return PLAN_DONE;
	return strcmp(name, "refused") == 0 ? PLAN_REFUSED : PLAN_FAILED;
}

static struct plan_pass pass_of_row(const PGresult *result, int row)
{
	bool full = strcmp(result_text(result, row, 1), "full") == 0;

	return (struct plan_pass){
		.kind = full ? PASS_FULL : PASS_RECENT,
		.started = result_moment(result, row, 2),
		.touched = result_moment(result, row, 3),
		.ended = result_moment(result, row, 4),
		.outcome = outcome_of(result_text(result, row, 5)),
		.consistent = result_boolean(result, row, 6),
		.has_next = result_boolean(result, row, 7),
		.not_before = result_moment(result, row, 8),
		.suspended = result_boolean(result, row, 9),
		.count = result_bigint(result, row, 10),
		.requests = result_bigint(result, row, 11),
		.documents = result_bigint(result, row, 12),
	};
}

enum { SCHEDULE_PASSES, SCHEDULE_LISTS, SCHEDULE_REQUESTS, SCHEDULE_INSTALLED, SCHEDULE_RESULTS };

static void take_schedule(struct schedule *schedule,
                          PGresult *const results[static SCHEDULE_RESULTS])
{
	const PGresult *passes = results[SCHEDULE_PASSES], *lists = results[SCHEDULE_LISTS];
	const PGresult *requests = results[SCHEDULE_REQUESTS];

	schedule->installed = result_bigint(results[SCHEDULE_INSTALLED], 0, 0);
	for (int i = 0; i < PQntuples(passes); i++) {
		struct plan_pass pass = pass_of_row(passes, i);

		schedule_add_pass(schedule, result_text(passes, i, 0), &pass);
	}
	for (int i = 0; i < PQntuples(lists); i++)
		schedule_set_list(schedule, result_text(lists, i, 0), result_boolean(lists, i, 1),
		                  obeys(result_moment(lists, i, 2), schedule->now),
		                  result_bigint(lists, i, 3));
	for (int i = 0; i < PQntuples(requests); i++)
		schedule_add_request(schedule, result_bigint(requests, i, 0));
}

bool record_schedule(struct session *session, const struct sync_settings *settings, int64_t now,
                     struct schedule *schedule, struct error *error)
{
	const struct bound_statement statements[SCHEDULE_RESULTS] = {
		[SCHEDULE_PASSES] =
			BOUND(&select_passes, ARGUMENTS(STRING(settings->upstream.url))),
		[SCHEDULE_LISTS] = BOUND(&select_lists, ARGUMENTS(STRING(settings->upstream.url))),
		[SCHEDULE_REQUESTS] = BOUND(&select_requests, ARGUMENTS(MOMENT(now))),
		[SCHEDULE_INSTALLED] = BOUND(&select_installed, NO_ARGUMENTS),
	};
	PGresult *results[SCHEDULE_RESULTS];

	schedule_init(schedule, settings, now);
	if (!execute_all(session, statements, SCHEDULE_RESULTS, results, error))
		return false;
	take_schedule(schedule, results);
	for (size_t i = 0; i < SCHEDULE_RESULTS; i++)
		PQclear(results[i]);
	schedule_plan(schedule);
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
	record->has_last = result_text(result, 0, 4)[0] != '\0';
	if (record->has_last)
		record->last = result_key(result, 0, 4, record->list->resource->uuid);
	record->consistent = result_boolean(result, 0, 5);
	record->ordered = result_boolean(result, 0, 6);
	record->sweeps = result_bigint(result, 0, 7);
	record->requests = result_bigint(result, 0, 8);
	record->pages = result_bigint(result, 0, 9);
	record->documents = result_bigint(result, 0, 10);
	record->created = result_bigint(result, 0, 11);
	record->changed = result_bigint(result, 0, 12);
	record->older = result_bigint(result, 0, 13);
	record->deleted = result_bigint(result, 0, 14);
	record->suspended = result_boolean(result, 0, 15);
}

/* Adds the keys of the pages that it has read. */
static bool read_seen(struct session *session, const struct pass_record *record,
                      struct strbuf *seen, struct error *error)
{
	PGresult *result;

	if (!execute(session, &select_seen, ARGUMENTS(BIGINT(record->id)), &result, error))
		return false;
	keys_add_result(seen, result, record->list->resource->uuid);
	PQclear(result);
	return true;
}

static bool resume_by(struct session *session, const struct statement *statement, int64_t stale,
                      struct pass_record *record, bool *found, struct error *error)
{
	PGresult *result;

	if (!execute(session, statement,
	             ARGUMENTS(STRING(record->upstream), MOMENT(stale), STRING(record->list->path)),
	             &result, error))
		return false;
	*found = PQntuples(result) > 0;
	if (*found)
		take_resumed(record, result);
	PQclear(result);
	return true;
}

bool record_resume(struct session *session, int64_t stale, struct pass_record *record,
                   struct strbuf *seen, bool *found, struct error *error)
{
	if (!resume_by(session, &resume_suspended, stale, record, found, error) ||
	    (!*found && !resume_by(session, &resume_pass, stale, record, found, error)))
		return false;
	return !*found || read_seen(session, record, seen, error);
}

bool record_begin(struct session *session, struct pass_record *record, struct error *error)
{
	const char *upstream = record->upstream, *list = record->list->path;
	bool full = record->kind == PASS_FULL;
	const char *next = record->next.length > 0 ? record->next.data : NULL;

	return execute(session, &close_unfinished,
	               ARGUMENTS(STRING(upstream), BOOL(full), STRING(list)), NULL, error) &&
	       execute_number(session, &insert_pass,
	                      ARGUMENTS(STRING(upstream), STRING(full ? "full" : "recent"),
	                                MOMENT(record->started), STRING(next), STRING(list)),
	                      &record->id, error) &&
	       execute(session, &delete_old, ARGUMENTS(BIGINT(record->id)), NULL, error);
}

/* The arguments $1 to $17 of SET_PASS; `last` is a text. */
#define RECORD_ARGUMENTS(record, now, last) \
	BIGINT((record)->id), MOMENT(now), STRING((record)->next.data ? (record)->next.data : ""), \
		BIGINT((record)->upstream_count), STRING(last), BOOL((record)->consistent), \
		BIGINT((record)->requests), BIGINT((record)->pages), BIGINT((record)->documents), \
		BIGINT((record)->created), BIGINT((record)->changed), BIGINT((record)->deleted), \
		MOMENT((record)->not_before), BOOL((record)->ordered), BIGINT((record)->sweeps), \
		BIGINT((record)->older), BOOL((record)->suspended)

/* The key behind which it goes on, as text; NULL: none. */
static const char *last_text(const struct pass_record *record, char text[static KEY_TEXT_SIZE])
{
	if (!record->has_last)
		return NULL;
	key_format(record->list->resource->uuid, record->last, text);
	return text;
}

bool record_update(struct session *session, const struct pass_record *record, int64_t now,
                   struct error *error)
{
	char last[KEY_TEXT_SIZE];

	return execute(session, &update_pass,
	               ARGUMENTS(RECORD_ARGUMENTS(record, now, last_text(record, last))), NULL,
	               error);
}

bool record_end(struct session *session, const struct pass_record *record, int64_t now,
                const char *outcome, const char *message, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	char last[KEY_TEXT_SIZE];
	bool done;

	/* A message may quote the upstream, whose bytes need not be UTF-8; PostgreSQL takes no others. */
	utf8_repair(&text, message);
	done = execute(session, &end_pass,
	               ARGUMENTS(RECORD_ARGUMENTS(record, now, last_text(record, last)),
	                         STRING(outcome), STRING(text.data)),
	               NULL, error) &&
	       (record->next.length > 0 ||
	        execute(session, &delete_pages, ARGUMENTS(BIGINT(record->id)), NULL, error));
	strbuf_fini(&text);
	return done;
}

bool record_page(struct session *session, const struct pass_record *record, const struct key *keys,
                 size_t count, struct error *error)
{
	return execute(session, &insert_page,
	               ARGUMENTS(BIGINT(record->id), BIGINT(record->pages),
	                         KEYS(keys, count, record->list->resource->uuid)),
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
