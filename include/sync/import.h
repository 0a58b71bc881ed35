/* Documents of flights into the database: texts are read into rows in memory, which are then written
   in one transaction, all or nothing, and only where they differ from what is stored.

   A text holds one flight, a list of flights or a page of the API (an object with `results`). What it
   does not say keeps what is stored; a list that it has replaces the stored one. The same resource met
   several times is one row: fields add up, the later value wins.

   An import belongs to one thread at a time. */
#ifndef SYNC_IMPORT_H
#define SYNC_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "repository/session.h"

struct import;

/* Whoever changes resources takes this lock in his transaction first, so that no two writers meet in
   the middle; import_store does so by itself. */
#define IMPORT_LOCK_SQL "SELECT pg_advisory_xact_lock(7597125477953596265)"

#define IMPORT_TEXT_MAX ((size_t)1 << 30) /* bytes of one text */

struct import_counts {
	size_t flights; /* that were read, each counted once */
	size_t created, changed,
		unchanged; /* of those; changed: in any row that its documents reach */
	size_t rows; /* rows that were written, of resources and of lists; 0: the database has it all */
};

/* as_of: when the documents were true, in microseconds since 1970. NULL: of a text that has flights
   under way (launched, not ended, with a duration) each of these tells it, and the latest of them for
   the other flights of that text; else it is now. */
struct import *import_new(const int64_t *as_of) __attribute__((returns_nonnull));
void import_free(struct import *import); /* NULL is fine */

/* Reads a text into memory; `name` is for errors, which tell line, column, the path in the document
   and what was expected. Borrows all during the call. May be called for several texts; after a failure
   the import is good for nothing but import_free. */
bool import_read(struct import *import, const char *name, const char *text, size_t length,
                 struct error *error) MUST_CHECK;

/* Adds one line on the fields that were not understood, such as `launch.foo x 100`, of bounded length.
   False where there were none. */
bool import_unknown(const struct import *import, struct strbuf *out);

/* Adds the same fields to those of other imports (src/sync/import_path.h). */
struct unknown;
void import_unknown_merge(const struct import *import, struct unknown *unknown);

/* Writes what was read, once, inside the transaction (READ COMMITTED) that the caller has begun and
   will commit - or roll back, to only know the counts. After a failure it must be rolled back. One
   round trip. */
bool import_store(struct import *import, struct session *session, struct import_counts *counts,
                  struct error *error) MUST_CHECK;

/* The same with a connection and a transaction of its own; with `try_only` it is rolled back. */
bool import_run(struct import *import, const char *conninfo, bool try_only,
                struct import_counts *counts, struct error *error) MUST_CHECK;

/* The command: reads files (`-`: standard input) and stores them all in one transaction; warns of
   unknown fields in the log. */
bool import_files(const char *conninfo, char *const files[], int count, const int64_t *as_of,
                  struct import_counts *counts, struct error *error) MUST_CHECK;

/* `8 flights: 1 new, 2 changed, 5 unchanged` */
#define IMPORT_COUNTS_SIZE 128
void import_counts_format(const struct import_counts *counts, char text[static IMPORT_COUNTS_SIZE]);

#endif
