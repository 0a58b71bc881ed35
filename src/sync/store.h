/* What sync keeps in PostgreSQL of its own work (sql/0003_sync.sql, sql/0005_sync_not_before.sql). Every
   function is one statement or says so; none begins or ends a transaction but where it says so. */
#ifndef STORE_H
#define STORE_H

#include "repository/session.h"
#include "repository/wire.h"
#include "sync/plan.h"

/* A pass, as far as it is. */
struct store_pass {
	int64_t id; /* 0: not in the database */
	enum sync_kind kind;
	int64_t started;
	struct strbuf next;     /* address of the page to read next; empty: none */
	int64_t upstream_count; /* -1: not known yet */
	int64_t last_id;
	bool consistent;
	int64_t requests, pages, flights, created, changed, deleted;
	int64_t not_before; /* when the upstream, which throttles, may be asked again; 0: any time */
};

void store_pass_init(struct store_pass *pass, enum sync_kind kind, int64_t now);
void store_pass_fini(struct store_pass *pass);

/* The lock that who syncs this database holds, until store_unlock or the session's end. */
bool store_lock(struct session *session, bool *taken, struct error *error) MUST_CHECK;
bool store_unlock(struct session *session, struct error *error) MUST_CHECK;

/* How things stand with the upstream (store_plan.c). */
bool store_plan_state(struct session *session, const struct sync_settings *settings, int64_t now,
                      struct plan_state *state, struct error *error) MUST_CHECK;

/* Takes up the full pass that was cut off, if there is one and it began after `stale`: *found. It goes on
   as a pass of its own, with a new id and all that the old one knew, and the old one is closed. Adds the
   flights that it has read (int64_t) to `seen`. Two statements. */
bool store_pass_resume(struct session *session, const char *upstream, int64_t stale,
                       struct store_pass *pass, struct strbuf *seen, bool *found,
                       struct error *error) MUST_CHECK;

/* Puts a new pass into the database and drops what is left of older ones. A few statements. */
bool store_pass_begin(struct session *session, const char *upstream, struct store_pass *pass,
                      struct error *error) MUST_CHECK;

/* Writes how far it is. */
bool store_pass_update(struct session *session, const struct store_pass *pass, int64_t now,
                       struct error *error) MUST_CHECK;

/* Writes how far it came and that it has ended: outcome is done, failed or refused; the message may be
   empty and of any bytes. Two statements: what it has seen goes, unless it can go on. */
bool store_pass_end(struct session *session, const struct store_pass *pass, int64_t now,
                    const char *outcome, const char *message, struct error *error) MUST_CHECK;

/* Keeps the ids of a page of a full pass, number pass->pages. */
bool store_page(struct session *session, const struct store_pass *pass, const int64_t *ids,
                size_t count, struct error *error) MUST_CHECK;

/* Notes a request, and forgets those that are not of the last hour. */
bool store_request(struct session *session, int64_t now, struct error *error) MUST_CHECK;
/* The times (int64_t) of the last hour's requests, ascending. */
bool store_requests(struct session *session, int64_t now, struct strbuf *stamps,
                    struct error *error) MUST_CHECK;

/* --- The flights that the upstream has, and ours (store_documents.c). --- */

/* The upstream has these flights. */
bool store_documents_add(struct session *session, const int64_t *ids, size_t count,
                         struct error *error) MUST_CHECK;

/* The ids (int64_t) of all flights, ascending. */
bool store_flights(struct session *session, struct strbuf *ids, struct error *error) MUST_CHECK;
/* Deletes flights; *deleted is how many there were. */
bool store_flights_delete(struct session *session, const int64_t *ids, size_t count,
                          int64_t *deleted, struct error *error) MUST_CHECK;
/* From now on the upstream is known to have these flights alone. */
bool store_documents_only(struct session *session, const int64_t *ids, size_t count,
                          struct error *error) MUST_CHECK;

/* Where on the upstream's list (from 0) the flights are that can change by themselves at that time
   (places: int64_t; ids: the same flights), and how many it has altogether. */
bool store_places(struct session *session, int64_t now, struct strbuf *places, struct strbuf *ids,
                  int64_t *total, struct error *error) MUST_CHECK;

#endif
