/* Keeps passes, their pages and requests, and the lock of who syncs. */
#include "store.h"

#include <string.h>

#include "base/utf8.h"
#include "statement.h"
#include "sync/pace.h"

/* Any number that no other program on the database uses: `spacesyn` in ASCII. */
static const struct statement try_lock = {
	.sql = "SELECT pg_try_advisory_lock(8318820318303549806)",
};

static const struct statement unlock = {
	.sql = "SELECT pg_advisory_unlock(8318820318303549806)",
};

/* Nobody goes on with it. */
#define CLOSE_PASS \
	"ended = coalesce(ended, touched), outcome = coalesce(outcome, 'failed')," \
	" message = coalesce(message, 'cut off'), next = NULL"

/* What a pass that goes on has from the one that was cut off. */
#define PROGRESS \
	"upstream, kind, started, touched, next, upstream_count, last_id, consistent, requests," \
	" pages, flights, created, changed, deleted"

/* ($1 upstream, $2 stale) */
static const struct statement resume = {
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
	       " consistent, requests::bigint, pages::bigint, flights::bigint, created::bigint,"
	       " changed::bigint, deleted::bigint FROM fresh",
};

static const struct statement select_seen = {
	.sql = "SELECT DISTINCT i FROM sync_page, unnest(ids) AS i WHERE pass = $1::bigint ORDER "
	       "BY i",
};

/* Passes that nobody goes on with: killed ones, and full ones once another begins. ($1 upstream, $2 full) */
static const struct statement drop_unfinished = {
	.sql = "UPDATE sync_pass SET " CLOSE_PASS
	       " WHERE upstream = $1::text AND (kind = 'recent' AND ended IS NULL"
	       " OR kind = 'full' AND $2::boolean AND (ended IS NULL OR next IS NOT NULL))",
};

static const struct statement drop_pages = {
	.sql = "DELETE FROM sync_page USING sync_pass p WHERE pass = p.id AND p.next IS NULL",
};

/* Many passes back nobody asks any more; but the last one that was done says when that was. */
static const struct statement drop_old = {
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
   $13 not_before) */
#define SET_PASS \
	"UPDATE sync_pass SET touched = $2::timestamptz, next = nullif($3::text, '')," \
	" upstream_count = nullif($4::bigint, -1), last_id = $5::bigint, consistent = " \
	"$6::boolean," \
	" requests = $7::bigint, pages = $8::bigint, flights = $9::bigint, created = $10::bigint," \
	" changed = $11::bigint, deleted = $12::bigint," \
	" not_before = nullif($13::timestamptz, 'epoch')"
static const struct statement update_pass = {
	.sql = SET_PASS " WHERE id = $1::bigint",
};
static const struct statement end_pass = {
	.sql = SET_PASS
	", ended = $2, outcome = $14::text, message = $15::text WHERE id = $1::bigint",
};

static const struct statement insert_page = {
	.sql = "INSERT INTO sync_page (pass, number, ids)"
	       " VALUES ($1::bigint, $2::bigint, $3::bigint[])",
};

/* Of the last hour. Those further ahead than clocks differ were noted by one that was wrong. ($1 now) */
#define COUNTS "at > $1::timestamptz - interval '1 hour' AND at <= $1 + interval '1 hour'"

static const struct statement insert_request = {
	.sql = "WITH old AS (DELETE FROM sync_request WHERE NOT (" COUNTS "))"
	       " INSERT INTO sync_request (at) VALUES ($1)",
};

static const struct statement select_requests = {
	.sql = "SELECT at FROM sync_request WHERE " COUNTS " ORDER BY at",
};

void store_pass_init(struct store_pass *pass, enum sync_kind kind, int64_t now)
{
	*pass = (struct store_pass){
		.kind = kind, .started = now, .upstream_count = -1, .consistent = true};
}

void store_pass_fini(struct store_pass *pass)
{
	strbuf_fini(&pass->next);
}

/* Runs a statement that answers one boolean. */
static bool ask(struct session *session, const struct statement *statement, bool *value,
                struct error *error)
{
	PGresult *result;

	if (!statement_run(session, statement, NULL, &result, error))
		return false;
	*value = result_boolean(result, 0, 0);
	PQclear(result);
	return true;
}

bool store_lock(struct session *session, bool *taken, struct error *error)
{
	return ask(session, &try_lock, taken, error);
}

bool store_unlock(struct session *session, struct error *error)
{
	bool held;

	return ask(session, &unlock, &held, error);
}

static bool seen_select(struct session *session, int64_t pass, struct strbuf *seen,
                        struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;

	argument_bigint(&arguments, pass);
	if (!statement_run(session, &select_seen, &arguments, &result, error))
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t id = result_bigint(result, i, 0);

		strbuf_add(seen, &id, sizeof(id));
	}
	PQclear(result);
	return true;
}

bool store_pass_resume(struct session *session, const char *upstream, int64_t stale,
                       struct store_pass *pass, struct strbuf *seen, bool *found,
                       struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;

	argument_text(&arguments, upstream);
	argument_moment(&arguments, stale);
	if (!statement_run(session, &resume, &arguments, &result, error))
		return false;
	*found = PQntuples(result) > 0;
	if (*found) {
		pass->id = result_bigint(result, 0, 0);
		pass->kind = SYNC_FULL;
		pass->started = result_moment(result, 0, 1);
		strbuf_reset(&pass->next);
		strbuf_str(&pass->next, result_text(result, 0, 2));
		pass->upstream_count = result_bigint(result, 0, 3);
		pass->last_id = result_bigint(result, 0, 4);
		pass->consistent = result_boolean(result, 0, 5);
		pass->requests = result_bigint(result, 0, 6);
		pass->pages = result_bigint(result, 0, 7);
		pass->flights = result_bigint(result, 0, 8);
		pass->created = result_bigint(result, 0, 9);
		pass->changed = result_bigint(result, 0, 10);
		pass->deleted = result_bigint(result, 0, 11);
	}
	PQclear(result);
	return !*found || seen_select(session, pass->id, seen, error);
}

static bool pass_insert(struct session *session, const char *upstream, struct store_pass *pass,
                        struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;

	argument_text(&arguments, upstream);
	argument_text(&arguments, pass->kind == SYNC_FULL ? "full" : "recent");
	argument_moment(&arguments, pass->started);
	argument_text(&arguments, pass->next.length > 0 ? pass->next.data : NULL);
	if (!statement_run(session, &insert_pass, &arguments, &result, error))
		return false;
	pass->id = result_bigint(result, 0, 0);
	PQclear(result);
	return true;
}

bool store_pass_begin(struct session *session, const char *upstream, struct store_pass *pass,
                      struct error *error)
{
	struct arguments unfinished = ARGUMENTS_INIT;
	struct arguments old = ARGUMENTS_INIT;

	argument_text(&unfinished, upstream);
	argument_boolean(&unfinished, pass->kind == SYNC_FULL);
	if (!statement_run(session, &drop_unfinished, &unfinished, NULL, error) ||
	    !statement_run(session, &drop_pages, NULL, NULL, error) ||
	    !pass_insert(session, upstream, pass, error))
		return false;
	argument_bigint(&old, pass->id);
	return statement_run(session, &drop_old, &old, NULL, error);
}

static void pass_arguments(struct arguments *arguments, const struct store_pass *pass, int64_t now)
{
	argument_bigint(arguments, pass->id);
	argument_moment(arguments, now);
	argument_text(arguments, pass->next.data ? pass->next.data : "");
	argument_bigint(arguments, pass->upstream_count);
	argument_bigint(arguments, pass->last_id);
	argument_boolean(arguments, pass->consistent);
	argument_bigint(arguments, pass->requests);
	argument_bigint(arguments, pass->pages);
	argument_bigint(arguments, pass->flights);
	argument_bigint(arguments, pass->created);
	argument_bigint(arguments, pass->changed);
	argument_bigint(arguments, pass->deleted);
	argument_moment(arguments, pass->not_before);
}

bool store_pass_update(struct session *session, const struct store_pass *pass, int64_t now,
                       struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	pass_arguments(&arguments, pass, now);
	return statement_run(session, &update_pass, &arguments, NULL, error);
}

/* What is told of a pass quotes the upstream, which may have sent any bytes: PostgreSQL takes UTF-8 alone. */
static void argument_message(struct arguments *arguments, const char *message)
{
	struct strbuf text = STRBUF_INIT;

	utf8_repair(&text, message);
	argument_text(arguments, text.data);
	strbuf_fini(&text);
}

bool store_pass_end(struct session *session, const struct store_pass *pass, int64_t now,
                    const char *outcome, const char *message, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	pass_arguments(&arguments, pass, now);
	argument_text(&arguments, outcome);
	argument_message(&arguments, message);
	return statement_run(session, &end_pass, &arguments, NULL, error) &&
	       statement_run(session, &drop_pages, NULL, NULL, error);
}

bool store_page(struct session *session, const struct store_pass *pass, const int64_t *ids,
                size_t count, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	argument_bigint(&arguments, pass->id);
	argument_bigint(&arguments, pass->pages);
	argument_bigints(&arguments, ids, count);
	return statement_run(session, &insert_page, &arguments, NULL, error);
}

bool store_request(struct session *session, int64_t now, struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;

	argument_moment(&arguments, now);
	return statement_run(session, &insert_request, &arguments, NULL, error);
}

bool store_requests(struct session *session, int64_t now, struct strbuf *stamps,
                    struct error *error)
{
	struct arguments arguments = ARGUMENTS_INIT;
	PGresult *result;

	argument_moment(&arguments, now);
	if (!statement_run(session, &select_requests, &arguments, &result, error))
		return false;
	for (int i = 0; i < PQntuples(result); i++) {
		int64_t at = result_moment(result, i, 0);

		strbuf_add(stamps, &at, sizeof(at));
	}
	PQclear(result);
	return true;
}
