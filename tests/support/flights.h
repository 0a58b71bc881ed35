/* Flights with little behind them, written by SQL, for tests of what is about requests rather than
   about documents. */
#ifndef SUPPORT_FLIGHTS_H
#define SUPPORT_FLIGHTS_H

struct test_database;

/* A new database with the schema and the 250 flights of tests/data/http-rows.json. */
void flights_database_init(struct test_database *database);

/* Imports the sample flights by the command, as `make run` does. */
void flights_import_samples(const struct test_database *database);

/* A new database with the schema and the sample flights. */
void samples_database_init(struct test_database *database);

#endif
