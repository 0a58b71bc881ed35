/* What the files of a pass share. */
#ifndef PASS_PARTS_H
#define PASS_PARTS_H

#include "base/log.h"
#include "import_path.h"
#include "store.h"
#include "sync/page.h"
#include "sync/pace.h"
#include "sync/pass.h"

struct pass {
	struct session *session;
	const struct sync_order *order;
	const struct sync_settings *settings; /* the order's */
	struct store_pass record; /* of stored pages alone: it may be written at any time */
	struct pace pace;
	struct sync_answer answer; /* the last page's text is in it */
	struct strbuf seen;     /* flights (int64_t) that it has read, also before it was cut off */
	struct strbuf stored;   /* flights that there were when this run of it began */
	struct unknown unknown; /* fields of the documents that were stored */
	struct sync_progress progress;
	struct sync_summary *summary;
	struct error *error;
	enum sync_end end; /* once something failed */
	bool begin_anew;   /* what failed is not to be gone on with */
	bool trouble;
	bool unreadable; /* so is a document, which was told */
};

static inline int64_t pass_now(const struct pass *pass)
{
	return pass->order->source.now(pass->order->source.context);
}

static inline size_t id_count(const struct strbuf *ids)
{
	return ids->length / sizeof(int64_t);
}

static inline const int64_t *id_array(const struct strbuf *ids)
{
	return (const int64_t *)(const void *)ids->data;
}

/* Notes what is to be known of the pass; later notes go behind earlier ones. */
void pass_note(struct pass *pass, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Logs a line, with the progress line out of the way. */
void pass_log(struct pass *pass, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Warns of fields that nobody knows, and notes them: once, when all is read. */
void pass_unknown_tell(struct pass *pass);

/* Shows how far it is. */
void pass_show(struct pass *pass);

/* False, as a failure of the pass, once it has read as many pages as it may. */
bool pass_page_limit(struct pass *pass) MUST_CHECK;

/* The two kinds of passes, from their begin to their end. False with the error and pass->end set; a recent
   one becomes a full one where none has been made. */
bool pass_full(struct pass *pass) MUST_CHECK;
bool pass_recent(struct pass *pass) MUST_CHECK;

/* Gets a page, with waits and retries, and checks it; sync_page_fini is the caller's in either case. False
   with the error and pass->end set. place->limit is set to what was asked for in the end. */
bool pass_fetch(struct pass *pass, const char *url, struct sync_place *place,
                struct sync_page *page) MUST_CHECK;

/* Stores a page in a transaction of its own, with how far the pass is then: `next` is where it goes on
   (NULL: there is nothing to go on with), which with all else is in the record afterwards.
   A document that cannot be understood is passed over: that is trouble, no failure.
   False with the error set and the record as it was: the database failed. */
bool pass_store(struct pass *pass, const struct sync_page *page, const char *next) MUST_CHECK;

/* Ends a full pass whose pages are all read: deletes what is gone for sure. */
bool pass_finish(struct pass *pass) MUST_CHECK;

#endif
