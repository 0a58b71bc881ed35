/* How sync stands, read from the database: for check and for the admin's status. */
#ifndef SYNC_STATUS_H
#define SYNC_STATUS_H

#include "base/error.h"
#include "repository/session.h"
#include "sync/plan.h"

/* Times are microseconds since 1970; 0: never. */
struct sync_status {
	bool under_way; /* a pass holds the lock */
	enum sync_kind
		kind; /* of the last pass, as all that follows; nothing of it unless started */
	int64_t started, touched, ended;
	char outcome[16]; /* done, failed, refused; empty: none yet */
	char message[512];
	int64_t pages, flights, created, changed, deleted, upstream_count;
	int64_t full_started; /* of the last full pass that was done */
	int64_t done_started; /* of the last pass that was done */
	int64_t failures;     /* in a row */
	int64_t next;         /* when the background makes the next; 0: at once, or it makes none */
	int64_t requests;     /* of the last hour */
	struct plan_promise promise;
	const char *wrong; /* with the passes that serve makes; NULL: nothing */
};

/* Reads it over any session. */
bool sync_status_read(struct session *session, const struct sync_settings *settings, int64_t now,
                      struct sync_status *status, struct error *error) MUST_CHECK;

/* One line: `last pass full, done 5 min ago: ...; next in 25 min`. */
void sync_status_text(const struct sync_status *status, const struct sync_settings *settings,
                      int64_t now, struct strbuf *out);

#endif
