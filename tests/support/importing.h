/* Imports of texts for tests, straight through the importer; whatever goes wrong fails the test. */
#ifndef SUPPORT_IMPORTING_H
#define SUPPORT_IMPORTING_H

#include <stddef.h>
#include <stdint.h>

#include "importer/import.h"

/* Stores one text of flights in a transaction; as_of as in import_new. */
struct import_counts import_flights(const char *conninfo, const char *text, const int64_t *as_of);

/* Asserts the flights' counts: new, changed, unchanged. */
void assert_counts(struct import_counts counts, size_t created, size_t changed, size_t unchanged);

/* Imports and asserts the counts. */
void import_text_is(const char *conninfo, const char *text, size_t created, size_t changed,
                    size_t unchanged);

/* Asserts that the text cannot be imported, with `part` in the error. */
void import_text_fails(const char *conninfo, const char *text, const char *part);

/* A hash of every row of every resource and list with its place and its writers, as long as nobody
   touches a row the same; new, free it with free. */
char *rows_hash(const char *conninfo);

/* A file's bytes with a NUL behind them; new. */
char *file_text(const char *path, size_t *length);

#endif
