/* A database with as many rows as could ever be: 100,000 launches and flights and what goes with them, made from the
   tables of fields. */
#ifndef SUPPORT_MANY_ROWS_H
#define SUPPORT_MANY_ROWS_H

#include "resources/all.h"

/* Rows of a resource, or of each of its lists. */
size_t many_rows_of(const struct resource *resource);

/* Stores them, in a database with the program's schema. Texts of number `i` begin with the field's name and i. */
void many_rows_store(const char *conninfo);

#endif
