/* The database's schema: the numbered files of sql/, which are part of the program, and how far a
   database has got with them (table schema_version). */
#ifndef REPOSITORY_MIGRATE_H
#define REPOSITORY_MIGRATE_H

#include "base/error.h"
#include "repository/session.h"

struct migration {
	int version;
	const char *name; /* `resources` of sql/0001_resources.sql */
	const char *sql;
};

extern const struct migration migrations[];
extern const int migration_count; /* also the newest version */

/* Brings the schema to the newest version, each migration in a transaction of its own; `before` is the
   version that was found, 0 for none. Waits for another that is at it on the same database. Refuses a
   schema that is newer than the program. The session must write. */
bool migrate_run(struct session *session, int *before, struct error *error) MUST_CHECK;

/* The version that the database has; 0 for none. */
bool migrate_version(struct session *session, int *version, struct error *error) MUST_CHECK;

/* False unless the schema is the program's own. */
bool migrate_check(struct session *session, struct error *error) MUST_CHECK;

/* False unless the session's role may change what that schema holds. */
bool migrate_check_writer(struct session *session, struct error *error) MUST_CHECK;

#endif
