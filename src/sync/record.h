/* What sync keeps in PostgreSQL of its own work: passes, the keys that they have read, what lists are like,
   requests, and the lock of the running pass (sql/0003_sync.sql and what changes it). No function begins or ends
   a transaction. */
#ifndef RECORD_H
#define RECORD_H

#include "base/temporal.h"
#include "plan.h"
#include "repository/session.h"
#include "resources/endpoint.h"

/* The number of the running pass's advisory lock, for SQL. */
#define RECORD_LOCK "8318820318303549806"

/* A pass as its row has it. */
struct pass_record {
	int64_t id; /* 0: not in the database */
	const char *upstream;
	const struct endpoint *list;
	enum pass_kind kind;
	int64_t started;
	struct strbuf next;     /* address of the page to read next; empty: none */
	int64_t upstream_count; /* -1: not known yet */
	bool has_last;          /* whether there is a page behind which it goes on in order */
	struct key last;        /* of that page */
	bool consistent;        /* nothing seen so far forbids to delete what was not found */
	bool ordered;           /* all pages so far were in the order of ids */
	bool suspended;         /* it has stood back for passes over other lists */
	int64_t sweeps;         /* times that it went, or goes, through the list */
	int64_t requests, pages, documents, created, changed, older, deleted;
	int64_t not_before; /* the upstream throttles until then; 0: it does not */
};

void record_init(struct pass_record *record, const char *upstream, const struct endpoint *list,
                 enum pass_kind kind, int64_t now);
void record_fini(struct pass_record *record);

/* What is known of a list of an upstream. */
struct list_record {
	bool ordered; /* it obeys `ordering=id`, as the last pass that could tell has found; at first it is
	                 believed to */
	int64_t disobeyed; /* when it last was seen not to obey what recent passes go by; 0: never */
	bool filled;       /* a full pass has been done */
	int64_t changed_until; /* RECENT_SINCE: what changed before has been read; 0: not known */
	int64_t page_size;     /* with which answers come in time; 0: as the settings say */
};

/* Whether recent passes are worth a try, and a request: once a day where the upstream did not obey. */
static inline bool obeys(int64_t disobeyed, int64_t now)
{
	return disobeyed == 0 || now - disobeyed > DAY_MICROSECONDS;
}

bool record_list(struct session *session, const char *upstream, const struct endpoint *list,
                 struct list_record *record, struct error *error) MUST_CHECK;
bool record_set_list(struct session *session, const char *upstream, const struct endpoint *list,
                     const struct list_record *record, struct error *error) MUST_CHECK;

/* The lock that a pass holds, until record_unlock or the session's end, so that there is one at a time. */
bool record_lock(struct session *session, bool *locked, struct error *error) MUST_CHECK;
bool record_unlock(struct session *session, struct error *error) MUST_CHECK;

/* The passes over the settings' lists and the requests of the last hour, for the schedule. */
struct schedule;
bool record_schedule(struct session *session, const struct sync_settings *settings, int64_t now,
                     struct schedule *schedule, struct error *error) MUST_CHECK;

/* Resumes the full pass over the record's list that was cut off, if there is one and it began after `stale`, or
   stored its last page after that where it was suspended: *found. It goes on with a new id and all that the
   old one had; one that was cut off is closed, and this a pass of its own. Adds the keys that it has read to
   `seen`. */
bool record_resume(struct session *session, int64_t stale, struct pass_record *record,
                   struct strbuf *seen, bool *found, struct error *error) MUST_CHECK;

/* Inserts a new pass, closes those that nobody will resume and deletes old ones. */
bool record_begin(struct session *session, struct pass_record *record,
                  struct error *error) MUST_CHECK;

bool record_update(struct session *session, const struct pass_record *record, int64_t now,
                   struct error *error) MUST_CHECK;

/* Writes that the pass has ended: outcome is done, failed or refused; the message may be empty and of any
   bytes. The ids that it has read are deleted unless it can be resumed. */
bool record_end(struct session *session, const struct pass_record *record, int64_t now,
                const char *outcome, const char *message, struct error *error) MUST_CHECK;

/* Stores the keys of a page of a full pass, number record->pages. */
bool record_page(struct session *session, const struct pass_record *record, const struct key *keys,
                 size_t count, struct error *error) MUST_CHECK;

/* Stores a request, and deletes those that are not of the last hour. */
bool record_request(struct session *session, int64_t now, struct error *error) MUST_CHECK;
/* Appends the times (int64_t) of the last hour's requests, ascending. */
bool record_requests(struct session *session, int64_t now, struct strbuf *times,
                     struct error *error) MUST_CHECK;

#endif
