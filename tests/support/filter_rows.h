/* A database with the rows that the filters' cases run over. */
#ifndef SUPPORT_FILTER_ROWS_H
#define SUPPORT_FILTER_ROWS_H

#include "support/postgres.h"

/* A database with our schema and the rows of tests/data/filter-rows.json, by SQL. */
void filter_rows_database_init(struct test_database *database);

#endif
