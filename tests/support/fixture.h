/* What most tests over HTTP stand on, one of each in a program: a database, a server over it, and a connection to
   that. Whatever goes wrong here fails the test. */
#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H

#include "support/postgres.h"
#include "support/server.h"
#include "support/wire.h"

extern struct test_database database;
extern struct test_server server;
extern struct wire client;

/* Starts the server over the database, with more settings as server_start takes them, and connects the
   client. Ends a server that a failed test left behind. */
void serve(const char *const settings[]);
/* The same over another database. */
void serve_on(const char *conninfo, const char *const settings[]);
/* Closes the client, and stops the server as server_stop does. */
void serve_end(struct output *output);

/* Set-ups, for cmocka: the database, with the program's schema alone, and with the flights of
   flights_database_init or samples_database_init in it. */
int set_up_schema(void **state);
int set_up_flights(void **state);
int set_up_samples(void **state);
/* The flights in a PostgreSQL of the program's own, to be broken. */
int set_up_cluster(void **state);
/* The flights, and the server over them with settings at their defaults. */
int set_up_server(void **state);

/* Stops the server, if it runs, and drops the database. */
int tear_down(void **state);
/* After a test of a PostgreSQL of the program's own, which may have failed half-way: it runs, and no table is
   locked. */
int repair(void **state);

#endif
