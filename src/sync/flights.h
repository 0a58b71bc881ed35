/* The flights that the upstream has, as far as is known (sync_document, sql/0003_sync.sql), and those that
   are stored. */
#ifndef FLIGHTS_H
#define FLIGHTS_H

#include "repository/session.h"

/* The upstream has these flights. */
bool flights_add_known(struct session *session, const int64_t *ids, size_t count,
                       struct error *error) MUST_CHECK;
/* The upstream has these flights and no others. */
bool flights_set_known(struct session *session, const int64_t *ids, size_t count,
                       struct error *error) MUST_CHECK;

/* The flights that were missing from the last complete pass over an upstream whose order cannot be trusted
   (sync_missing). These have been seen since. */
bool flights_not_missing(struct session *session, const char *upstream, const int64_t *ids,
                         size_t count, struct error *error) MUST_CHECK;
/* Appends them to a set of ids. */
bool flights_missing(struct session *session, const char *upstream, struct strbuf *ids,
                     struct error *error) MUST_CHECK;
/* They are these and no others. */
bool flights_set_missing(struct session *session, const char *upstream, const int64_t *ids,
                         size_t count, struct error *error) MUST_CHECK;

/* The flights that can change by themselves, as recent passes read them. */
struct flights_active {
	struct strbuf offsets; /* int64_t: on the upstream's list, from 0, ascending */
	struct strbuf ids;     /* int64_t: of the same flights */
	int64_t total;         /* flights that the upstream is known to have */
	int64_t last;          /* the highest of their ids; 0: none */
};

/* Finds those of that time; all zeros before, flights_active_fini is due after either result. */
bool flights_find_active(struct session *session, int64_t now, struct flights_active *active,
                         struct error *error) MUST_CHECK;
void flights_active_fini(struct flights_active *active);

/* Appends the ids (int64_t) of all stored flights, ascending. */
bool flights_stored(struct session *session, struct strbuf *ids, struct error *error) MUST_CHECK;
/* Deletes stored flights; *deleted is how many there were. */
bool flights_delete(struct session *session, const int64_t *ids, size_t count, int64_t *deleted,
                    struct error *error) MUST_CHECK;

#endif
