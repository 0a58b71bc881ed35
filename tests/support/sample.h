/* The sample flights that a newcomer gets, for tests that read documents. */
#ifndef SUPPORT_SAMPLE_H
#define SUPPORT_SAMPLE_H

struct test_database;

/* A new database with the schema and all sample flights. */
void sample_database_init(struct test_database *database);

#endif
