/* The sessions of those threads of a pool that ask the database: each has one of its own. */
#ifndef DATABASE_H
#define DATABASE_H

#include "pool.h"

struct session;

/* The worker's session, for as long as the job has time; opened where there is none. NULL with the error
   set. */
struct session *database_session(struct worker *worker, const char *conninfo,
                                 struct error *error) MUST_CHECK;

/* Closes the worker's session if it was lost: at once, so that PostgreSQL does not go on with what nobody
   waits for. */
void database_drop_lost(struct worker *worker);

/* For pool_settings.drop. */
void database_drop(void *session);

#endif
