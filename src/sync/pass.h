/* One pass over a list of the upstream: pages are requested within the budget, checked, and stored in a
   transaction each; how far it is lies in the database, so that a pass that was cut off, or stands back for another,
   can be resumed. */
#ifndef PASS_H
#define PASS_H

#include "base/error.h"
#include "plan.h"
#include "repository/session.h"
#include "resources/endpoint.h"
#include "upstream/source.h"

/* How far a pass is. */
struct pass_progress {
	const struct endpoint *list;
	enum pass_kind kind;
	int64_t began;            /* this run of it; microseconds since 1970 */
	int64_t pages, documents; /* altogether */
	int64_t read;             /* documents of this run */
	int64_t count;            /* documents that there will be; -1: not known */
	int64_t wait_until;       /* 0: not waiting */
	const char *wait_reason;
};

/* Whom a pass shows its progress; all may be NULL. */
struct pass_observer {
	void (*show)(void *context, const struct pass_progress *progress, int64_t now);
	void (*hide)(void *context); /* a line of the log comes */
	void *context;
};

struct pass_summary {
	const struct endpoint *list;
	enum pass_kind kind;
	bool dry_run, resumed;
	int64_t documents, created, changed, older, deleted; /* of this pass, as far as it came */
	int64_t pages, requests, took;
	char message[1024]; /* what is to be known beside that; empty: nothing */
};

struct pass_order {
	const struct sync_settings *settings;
	struct upstream_source source;
	struct pass_observer observer;
	const struct endpoint *list;
	enum pass_kind kind; /* a recent pass becomes a full one where none has been done */
	bool dry_run;        /* stores nothing, not even how far it is */
	/* Instead of `list` and `kind`: what is due; PASS_BUSY where nothing is. A full pass ends as PASS_SUSPENDED
	   once another pass comes before its next page. */
	bool as_due;
};

/* Runs a pass over a writing session. Faults are logged as they come, once a page; what ends the pass
   is in the error, for PASS_FAILED, PASS_UNREACHABLE, PASS_REFUSED, PASS_SUSPENDED and PASS_BUSY. */
enum pass_end pass_run(struct session *session, const struct pass_order *order,
                       struct pass_summary *summary, struct error *error) MUST_CHECK;

/* `full pass over https://... done in 12.3 s: 900 flights: 1 new, ...; 9 pages, 9 requests` */
void pass_summary_write(const struct pass_summary *summary, const char *upstream,
                        struct strbuf *out);

#endif
