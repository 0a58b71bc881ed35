/* What sync keeps in PostgreSQL of its own work: passes, the ids that they have read, requests, and the lock
   of the running pass (sql/0003_sync.sql, sql/0005_sync_not_before.sql). No function begins or ends a transaction. */
#ifndef RECORD_H
#define RECORD_H

#include "plan.h"
#include "repository/session.h"

/* The number of the running pass's advisory lock, for SQL. */
#define RECORD_LOCK "8318820318303549806"

/* A pass as its row has it. */
struct pass_record {
	int64_t id; /* 0: not in the database */
	enum pass_kind kind;
	int64_t started;
	struct strbuf next;     /* address of the page to read next; empty: none */
	int64_t upstream_count; /* -1: not known yet */
	int64_t last_id;        /* of the last page */
	bool consistent;        /* nothing seen so far forbids to delete what was not found */
	bool ordered;           /* all pages so far were in the order of ids */
	int64_t sweeps;         /* times that it went, or goes, through the list */
	int64_t requests, pages, flights, created, changed, older, deleted;
	int64_t not_before; /* the upstream throttles until then; 0: it does not */
};

void record_init(struct pass_record *record, enum pass_kind kind, int64_t now);
void record_fini(struct pass_record *record);

/* Whether the upstream obeys `ordering`, as the last pass that could tell has found; at first it is believed
   to. */
bool record_ordered(struct session *session, const char *upstream, bool *ordered,
                    struct error *error) MUST_CHECK;
bool record_set_ordered(struct session *session, const char *upstream, bool ordered,
                        struct error *error) MUST_CHECK;

/* The lock that a pass holds, until record_unlock or the session's end, so that there is one at a time. */
bool record_lock(struct session *session, bool *locked, struct error *error) MUST_CHECK;
bool record_unlock(struct session *session, struct error *error) MUST_CHECK;

/* The passes over the upstream, summed up for the plan of the next one. */
bool record_plan_state(struct session *session, const struct sync_settings *settings, int64_t now,
                       struct plan_state *state, struct error *error) MUST_CHECK;

/* Resumes the full pass that was cut off, if there is one and it began after `stale`: *found. It goes on
   as a pass of its own, with a new id and all that the old one had, and the old one is closed. Appends the
   ids (int64_t) that it has read to `seen`. */
bool record_resume(struct session *session, const char *upstream, int64_t stale,
                   struct pass_record *record, struct strbuf *seen, bool *found,
                   struct error *error) MUST_CHECK;

/* Inserts a new pass, closes those that nobody will resume and deletes old ones. */
bool record_begin(struct session *session, const char *upstream, struct pass_record *record,
                  struct error *error) MUST_CHECK;

bool record_update(struct session *session, const struct pass_record *record, int64_t now,
                   struct error *error) MUST_CHECK;

/* Writes that the pass has ended: outcome is done, failed or refused; the message may be empty and of any
   bytes. The ids that it has read are deleted unless it can be resumed. */
bool record_end(struct session *session, const struct pass_record *record, int64_t now,
                const char *outcome, const char *message, struct error *error) MUST_CHECK;

/* Stores the ids of a page of a full pass, number record->pages. */
bool record_page(struct session *session, const struct pass_record *record, const int64_t *ids,
                 size_t count, struct error *error) MUST_CHECK;

/* Stores a request, and deletes those that are not of the last hour. */
bool record_request(struct session *session, int64_t now, struct error *error) MUST_CHECK;
/* Appends the times (int64_t) of the last hour's requests, ascending. */
bool record_requests(struct session *session, int64_t now, struct strbuf *times,
                     struct error *error) MUST_CHECK;

#endif
