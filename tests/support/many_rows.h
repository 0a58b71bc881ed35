/* A database with rows of everything, made from the tables of fields: so many launches and what goes with
   them, and so many flights. 100,000 of each are as many as could ever be. */
#ifndef SUPPORT_MANY_ROWS_H
#define SUPPORT_MANY_ROWS_H

#include "resources/all.h"

/* Stores them, in a database with the program's schema. Texts of number `i` are the field's name, i and
   so many hexadecimal digits (32 at most). */
void many_rows_store(const char *conninfo, size_t launches, size_t flights, int digits);

/* How many rows of a resource, or of each of its lists, were stored last. */
size_t many_rows_of(const struct resource *resource);

/* Runs INSERTs that end with a semicolon: without triggers and foreign keys, and with indexes and texts for searches made
   over all rows afterwards, which takes a fraction of the time. Then the database is vacuumed and analyzed. No row may be
   updated before: an index over such rows is not used as long as any transaction is older than it. */
void rows_store(const char *conninfo, const char *inserts);

/* Makes the texts of all search tables, for rows that were stored without triggers. */
void search_texts_store(const char *conninfo);

#endif
