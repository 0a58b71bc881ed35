/* What the files of a pass share. */
#ifndef PASS_INTERNAL_H
#define PASS_INTERNAL_H

#include <string.h>

#include "base/log.h"
#include "importer/unknown.h"
#include "keys.h"
#include "pass.h"
#include "record.h"
#include "upstream/pace.h"
#include "upstream/page.h"
#include "upstream/url.h"

struct pass {
	struct session *session;
	const struct pass_order *order;
	const struct sync_settings *settings; /* the order's */
	const struct endpoint *list;
	char path[128];
	struct url_list request;   /* of the whole list, with the ordering of full passes */
	struct list_record about;  /* what is known of the list */
	struct pass_record record; /* of stored pages alone: it may be written at any time */
	struct pace pace;
	struct upstream_response response; /* the last one */
	struct strbuf seen;   /* set of keys that it has read, also before it was cut off */
	struct strbuf stored; /* set of keys that were stored when this run of it began */
	bool obeyed;          /* what a recent pass goes by */
	int disorders;        /* of the current page: how often it came out of order */
	struct unknown_fields unknown; /* of the documents that were stored */
	struct pass_progress progress;
	struct pass_summary *summary;
	struct error *error;
	enum pass_end end;        /* once something failed */
	bool restart;             /* what failed cannot be resumed */
	bool trouble;             /* something that a person should look at */
	bool unreadable_reported; /* a document could not be read, which is in the summary */
};

static inline bool ordering_is_id(const char *ordering)
{
	return strcmp(ordering, "id") == 0;
}

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
   Sets the position's list and the limit that was requested in the end. Where the pass is in the order of ids, a
   page that twice does not go on behind the key `before` (NULL: the list's begin, or any page) is taken as it is,
   with record.ordered false from then on. False with the error and pass->end set. */
bool pass_fetch(struct pass *pass, const char *url, struct page_position *position,
                const struct key *before, struct upstream_page *page) MUST_CHECK;

/* Reads a single row by its own address, likewise: as a page of that row, or of none where it is gone. */
bool pass_fetch_row(struct pass *pass, struct key key, struct upstream_page *page) MUST_CHECK;

/* What is known of the list has changed: stores it, but for a dry run. */
bool pass_store_about(struct pass *pass, struct error *error) MUST_CHECK;

/* The upstream does not obey what recent passes go by, as was found by `what`. */
void pass_note_disobeyed(struct pass *pass, const char *what);

/* Whether another pass comes before the next page: false then, with pass->end PASS_SUSPENDED. */
bool pass_may_go_on(struct pass *pass) MUST_CHECK;

/* Stores the page's documents that the pass has not read yet in a transaction of its own, with the record as
   it is then: `next` is the page to resume with (NULL: none). A document that cannot be read is left out: that is trouble, no failure. False with
   the error set and the record as it was: the database failed. */
bool pass_store_page(struct pass *pass, const struct upstream_page *page,
                     const char *next) MUST_CHECK;

/* Ends a full pass whose pages are all read: deletes the rows that the upstream surely has no more. */
bool pass_finish_full(struct pass *pass) MUST_CHECK;

#endif
