/* The rows that the upstream has in a list, as far as is known (sync_document, sql/0003_sync.sql), those that a
   pass did not find (sync_missing), and those that are stored. */
#ifndef KNOWN_H
#define KNOWN_H

#include "repository/session.h"
#include "resources/endpoint.h"

/* The upstream has these rows. */
bool known_add(struct session *session, const struct endpoint *list, const struct key *keys,
               size_t count, struct error *error) MUST_CHECK;
/* The upstream has these rows and no others. */
bool known_set(struct session *session, const struct endpoint *list, const struct key *keys,
               size_t count, struct error *error) MUST_CHECK;
/* The upstream has these rows no more. */
bool known_remove(struct session *session, const struct endpoint *list, const struct key *keys,
                  size_t count, struct error *error) MUST_CHECK;

/* The rows that were missing from the last complete pass that could not tell by the order of ids. These have
   been seen since. */
bool missing_remove(struct session *session, const char *upstream, const struct endpoint *list,
                    const struct key *keys, size_t count, struct error *error) MUST_CHECK;
/* Adds them to a set of keys. */
bool missing_read(struct session *session, const char *upstream, const struct endpoint *list,
                  struct strbuf *keys, struct error *error) MUST_CHECK;
/* They are these and no others. */
bool missing_set(struct session *session, const char *upstream, const struct endpoint *list,
                 const struct key *keys, size_t count, struct error *error) MUST_CHECK;

/* The rows that can change by themselves, as RECENT_ACTIVE reads them. */
struct active_rows {
	struct strbuf offsets; /* int64_t: on the upstream's list, from 0, ascending */
	struct strbuf keys;    /* struct key: of the same rows */
	int64_t total;         /* rows that the upstream is known to have */
	struct key last;       /* the last of them, where there are any */
};

/* Finds those of that time; all zeros before, active_rows_fini is due after either result. */
bool active_rows_find(struct session *session, const struct endpoint *list, int64_t now,
                      struct active_rows *active, struct error *error) MUST_CHECK;
void active_rows_fini(struct active_rows *active);

/* Adds the keys of all stored rows to a set; of the second, of those whose boolean field is true. */
bool stored_read(struct session *session, const struct endpoint *list, struct strbuf *keys,
                 struct error *error) MUST_CHECK;
bool stored_read_true(struct session *session, const struct endpoint *list, const char *field,
                      struct strbuf *keys, struct error *error) MUST_CHECK;

/* Those whose own documents were read that were true then or later. */
bool stored_read_since(struct session *session, const struct endpoint *list, int64_t since,
                       struct strbuf *keys, struct error *error) MUST_CHECK;

/* Deletes stored rows, but for those that other rows still refer to; *deleted is how many there were. */
bool stored_delete(struct session *session, const struct endpoint *list, const struct key *keys,
                   size_t count, int64_t *deleted, struct error *error) MUST_CHECK;

#endif
