/* What the files of a pass share. */
#ifndef PASS_INTERNAL_H
#define PASS_INTERNAL_H

#include "base/log.h"
#include "ids.h"
#include "importer/unknown.h"
#include "pass.h"
#include "record.h"
#include "upstream/pace.h"
#include "upstream/page.h"

struct pass {
	struct session *session;
	const struct pass_order *order;
	const struct sync_settings *settings; /* the order's */
	const struct sync_list *list;
	struct pass_record record; /* of stored pages alone: it may be written at any time */
	struct pace pace;
	struct upstream_response response; /* the last one */
	struct strbuf seen;            /* set of ids that it has read, also before it was cut off */
	struct strbuf stored;          /* set of ids that were stored when this run of it began */
	bool trusts_order;             /* the upstream is known, or believed, to obey `ordering` */
	int disorders;                 /* of the current page: how often it came out of order */
	struct unknown_fields unknown; /* of the documents that were stored */
	struct pass_progress progress;
	struct pass_summary *summary;
	struct error *error;
	enum pass_end end;        /* once something failed */
	bool restart;             /* what failed cannot be resumed */
	bool trouble;             /* something that a person should look at */
	bool unreadable_reported; /* a document could not be read, which is in the summary */
};

static inline int64_t pass_now(const struct pass *pass)
{
	return pass->order->source.now(pass->order->source.context);
}

/* Adds to the summary's message, behind what is there. */
void pass_add_message(struct pass *pass, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Logs a line, with the progress line out of the way. */
void pass_log(struct pass *pass, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Logs the unknown fields and adds them to the message: once, when all is read. */
void pass_report_unknown(struct pass *pass);

void pass_show_progress(struct pass *pass);

/* False, as a failure of the pass, once it has read as many pages as it may. */
bool pass_check_page_limit(struct pass *pass) MUST_CHECK;

/* The two kinds of passes, from their begin to their end. False with the error and pass->end set; a recent
   one becomes a full one where none has been done. */
bool pass_full(struct pass *pass) MUST_CHECK;
bool pass_recent(struct pass *pass) MUST_CHECK;

/* Reads a page, with waits and retries, and checks it; upstream_page_fini is the caller's in either case.
   Sets the position's list and the limit that was requested in the end. A page that comes out of order twice
   is taken as it is, with record.ordered false from then on. False with the error and pass->end set. */
bool pass_fetch(struct pass *pass, const char *url, struct page_position *position,
                struct upstream_page *page) MUST_CHECK;

/* Stores the page's documents that the pass has not read yet in a transaction of its own, with the record as
   it is then: `next` is the page to resume with (NULL: none). A document that cannot be read is left out: that is trouble, no failure. False with
   the error set and the record as it was: the database failed. */
bool pass_store_page(struct pass *pass, const struct upstream_page *page,
                     const char *next) MUST_CHECK;

/* Ends a full pass whose pages are all read: deletes the flights that the upstream surely has no more. */
bool pass_finish_full(struct pass *pass) MUST_CHECK;

#endif
