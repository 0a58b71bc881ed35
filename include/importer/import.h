/* Documents into the database: they are read into rows in memory, which are then written in one
   transaction, all or nothing, and only where they differ from what is stored.

   Fields that a document does not have keep what is stored; a list that it has replaces the stored one. A
   resource that is met several times is one row: fields add up, and of two values that wins which was true
   later, or is met later. What was true earlier than what is stored, by a second or more, does not replace it.

   An import belongs to one thread at a time. */
#ifndef IMPORTER_IMPORT_H
#define IMPORTER_IMPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "importer/unknown.h"
#include "repository/session.h"
#include "resources/resource.h"

struct import;

/* Whoever changes resources takes this lock first in the transaction, so that writers do not deadlock;
   import_store does so by itself. */
#define IMPORT_LOCK_SQL "SELECT pg_advisory_xact_lock(7597125477953596265)"

#define IMPORT_TEXT_MAX ((size_t)1 << 30) /* bytes of one text */

struct import_counts {
	size_t documents;         /* that were read; several of one id count once */
	size_t of[RESOURCES_MAX]; /* of these, by the resource's index */
	/* Of those. changed: in any row that the document reaches. older: than what is stored of its row. */
	size_t created, changed, unchanged, older;
	size_t rows; /* rows that were written, of resources and of lists; 0: nothing differed */
};

/* as_of: when the documents were true, in microseconds since 1970. NULL: a flight that has not ended says
   it by its duration, and the latest of these counts for the other documents of the same text; else it is
   now. */
struct import *import_new(const int64_t *as_of) __attribute__((returns_nonnull));
void import_free(struct import *import); /* NULL is fine */

/* Reads a text into memory: documents, lists of them and pages of the API (objects with `results`), one or more,
   one behind the other or one a line.
   Documents are of the resource; where that is NULL, of the endpoint that each one's url names, or whose
   document it is by its fields (importer/kind.h). Errors begin with `name` and tell line and column (syntax)
   or the path in the text. May be called for several texts; after a failure the import is good for nothing
   but import_free. */
bool import_text(struct import *import, const struct resource *resource, const char *name,
                 const char *text, size_t length, struct error *error) MUST_CHECK;

/* The same for one document that is parsed already; borrowed during the call. */
bool import_document(struct import *import, const struct resource *resource, const char *name,
                     const json_t *json, struct error *error) MUST_CHECK;

/* Fields that were met and left out; the import's. */
const struct unknown_fields *import_unknown_fields(const struct import *import);

/* Writes what was read, once, inside the transaction (READ COMMITTED) that the caller has begun and
   will commit - or roll back, to only know the counts. After a failure it must be rolled back. Two
   round trips, or three where anything stored is later than the documents. */
bool import_store(struct import *import, struct session *session, struct import_counts *counts,
                  struct error *error) MUST_CHECK;

/* The same with a connection and a transaction of its own; with `dry_run` it is rolled back. Refuses a database
   whose schema is not the program's. */
bool import_run(struct import *import, const char *conninfo, bool dry_run,
                struct import_counts *counts, struct error *error) MUST_CHECK;

/* The command: reads files (`-`: standard input) of documents of any endpoint and stores them all in one
   transaction, which `dry_run` rolls back; logs a warning of unknown fields. `lines` gets what is
   known in part only, where anything is, and in its last line what was done: `3 flights: 1 new, ...`. */
bool import_files(const char *conninfo, char *const files[], int count, const int64_t *as_of,
                  bool dry_run, struct strbuf *lines, struct error *error) MUST_CHECK;

#endif
