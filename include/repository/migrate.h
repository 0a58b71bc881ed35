/* Migrations of the database's schema: the numbered files of sql/, embedded in the program. The table
   schema_version holds those that a database has had. */
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

/* Brings the schema to the newest version, each migration in its own transaction; *before: the version that the
   database had, 0 for none. Of two at the same time one waits for the other. Refuses a schema that is newer than
   the program. The session must write. */
bool migrate_run(struct session *session, int *before, struct error *error) MUST_CHECK;

/* The database's version; 0 for none. */
bool migrate_version(struct session *session, int *version, struct error *error) MUST_CHECK;

/* False, with the error set, unless that is the version that the program was made for. */
bool migrate_version_fits(int64_t version, struct error *error) MUST_CHECK;

/* False, with the error set, unless the schema has the program's version. */
bool migrate_check(struct session *session, struct error *error) MUST_CHECK;

/* False, with the error set, unless the session's role may write all tables that imports and sync write. */
bool migrate_check_writer(struct session *session, struct error *error) MUST_CHECK;

#endif
