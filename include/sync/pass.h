/* One pass over the upstream: pages are asked for within the budget, checked, and stored a transaction
   each; how far it is lies in the database, so that a pass that was cut off goes on from there. */
#ifndef SYNC_PASS_H
#define SYNC_PASS_H

#include "base/error.h"
#include "repository/session.h"
#include "sync/plan.h"
#include "sync/source.h"

enum sync_end {
	SYNC_DONE,
	SYNC_TROUBLED, /* done, but for something that a person should look at */
	SYNC_BUSY,     /* not begun: another one syncs this database */
	SYNC_FAILED,
	SYNC_REFUSED, /* failed: the upstream does not let us in */
	SYNC_INTERRUPTED,
};

/* How far a pass is. */
struct sync_progress {
	enum sync_kind kind;
	int64_t began;          /* this run of it; microseconds since 1970 */
	int64_t pages, flights; /* altogether */
	int64_t read;           /* flights of this run */
	int64_t count;          /* flights that there will be; -1: not known */
	int64_t wait_until;     /* 0: not waiting */
	const char *wait_reason;
};

/* Who looks on; all may be NULL. */
struct sync_observer {
	void (*show)(void *context, const struct sync_progress *progress, int64_t now);
	void (*hide)(void *context); /* a line of the log comes */
	void *context;
};

struct sync_summary {
	enum sync_kind kind;
	bool try_only, resumed;
	int64_t flights, created, changed, deleted; /* of this pass, as far as it came */
	int64_t pages, requests, took;
	char message[1024]; /* what is to be known beside that; empty: nothing */
};

struct sync_order {
	const struct sync_settings *settings;
	struct sync_source source;
	struct sync_observer observer;
	enum sync_kind kind; /* a recent pass becomes a full one where none has been made */
	bool try_only;       /* stores nothing, not even how far it is */
	bool as_due;         /* instead of `kind`: what is due; SYNC_BUSY where nothing is */
};

/* Makes a pass over a writing session. Faults are logged as they come, once a page; what ends the pass
   is in the error, for SYNC_FAILED, SYNC_REFUSED and SYNC_BUSY. */
enum sync_end sync_pass(struct session *session, const struct sync_order *order,
                        struct sync_summary *summary, struct error *error) MUST_CHECK;

/* `full pass over https://... done in 12.3 s: 900 flights: 1 new, ...; 9 pages, 9 requests` */
void sync_summary_write(const struct sync_summary *summary, const char *upstream,
                        struct strbuf *out);

#endif
