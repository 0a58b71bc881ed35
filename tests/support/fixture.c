/* Sets up and tears down what tests over HTTP share. */
#include "support/fixture.h"

#include "support/cluster.h"
#include "support/cmocka.h"
#include "support/flights.h"

struct test_database database;
struct test_server server;
struct wire client;

void serve_on(const char *conninfo, const char *const settings[])
{
	process_kill(&server.process);
	server_start(&server, conninfo, settings);
	wire_open(&client, server.port);
}

void serve(const char *const settings[])
{
	serve_on(database.conninfo, settings);
}

void serve_end(struct output *output)
{
	wire_close(&client);
	server_stop(&server, output);
}

int set_up_schema(void **state)
{
	(void)state;
	test_database_init_schema(&database);
	return 0;
}

int set_up_flights(void **state)
{
	(void)state;
	flights_database_init(&database);
	return 0;
}

int set_up_samples(void **state)
{
	(void)state;
	samples_database_init(&database);
	return 0;
}

int set_up_cluster(void **state)
{
	cluster_own();
	return set_up_flights(state);
}

int set_up_server(void **state)
{
	set_up_flights(state);
	server_start(&server, database.conninfo, NULL);
	return 0;
}

int tear_down(void **state)
{
	(void)state;
	if (server.process.pid > 0)
		server_stop(&server, NULL);
	test_database_fini(&database);
	return 0;
}

int repair(void **state)
{
	(void)state;
	cluster_start();
	cluster_thaw();
	test_unlock();
	return 0;
}
