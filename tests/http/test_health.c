/* The command health: what it says of a server that answers, that cannot, and that is not there, wherever it listens
   and whatever name it answers to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/flights.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/temporary.h"

static char directory[TEMPORARY_SIZE];

/* Asks with settings such as the server's. */
static void health(struct output *output, const char *listen, const char *option)
{
	command_run(output, WORDS("--set", listen, "--set", "server.allowed_hosts=.a.example, b",
	                          "health", option));
}

static void assert_healthy(const char *listen, const char *option, const char *says)
{
	struct output output;

	health(&output, listen, option);
	assert_string_equal(output.err, "");
	if (output.status != 0 || !strstr(output.out, says))
		fail_msg("%s: %s", listen, output.out);
	output_fini(&output);
}

static bool is_healthy(void *listen)
{
	struct output output;
	bool healthy;

	health(&output, listen, NULL);
	healthy = output.status == 0;
	output_fini(&output);
	return healthy;
}

static void test_answers(void **state)
{
	int port = port_reserve();
	char listen[300], by_address[64], by_name[64], by_all[64], by_socket[200];

	(void)state;
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d, unix:%s/s", port, directory);
	snprintf(by_address, sizeof(by_address), "server.listen=127.0.0.1:%d", port);
	snprintf(by_name, sizeof(by_name), "server.listen=localhost:%d", port);
	snprintf(by_all, sizeof(by_all), "server.listen=0.0.0.0:%d", port);
	snprintf(by_socket, sizeof(by_socket), "server.listen=unix:%s/s", directory);
	server_start_words(&server, port,
	                   WORDS("--set", listen, "--set", database.setting, "--set",
	                         "server.allowed_hosts=a.example", "serve"));
	/* A proxy that the environment names has no part in it. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	assert_true(poll_until(is_healthy, by_address, 20));
	assert_healthy(by_address, NULL, "\"status\":\"ok\"");
	assert_healthy(by_name, NULL, "\"status\":\"ok\"");
	assert_healthy(by_all, NULL, "\"status\":\"ok\"");
	assert_healthy(by_socket, NULL, "\"status\":\"ok\"");
	assert_healthy(by_socket, "--ready", "schema");
	unsetenv("http_proxy");
	server_stop(&server, NULL);
}

/* Where operators have a port of their own, it alone knows whether the server is ready. */
static void test_admin_port(void **state)
{
	struct output output;
	int port = port_reserve();
	char listen[64], admin[64];

	(void)state;
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", port);
	snprintf(admin, sizeof(admin), "admin.listen=127.0.0.1:%d", port_reserve());
	server_start_words(
		&server, port,
		WORDS("--set", listen, "--set", admin, "--set", database.setting, "serve"));
	assert_true(poll_until(is_healthy, listen, 20));
	command_run(&output, WORDS("--set", listen, "--set", admin, "health", "--ready"));
	assert_string_equal(output.err, "");
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.out, "schema"));
	output_fini(&output);
	command_run(&output, WORDS("--set", listen, "health", "--ready"));
	assert_int_equal(output.status, 1);
	assert_string_equal(output.err, "spacecraft-flights: /ready answers with 404\n");
	output_fini(&output);
	server_stop(&server, NULL);
}

static void test_cannot_answer(void **state)
{
	struct output output;
	int port = port_reserve();
	char listen[64];

	(void)state;
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", port);
	server_start_words(
		&server, port,
		WORDS("--set", listen, "--set", "database.conninfo=host=/nowhere", "serve"));
	command_run(&output, WORDS("--set", listen, "health"));
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.out, "\"status\":"));
	assert_string_equal(output.err, "spacecraft-flights: /health answers with 503\n");
	output_fini(&output);
	server_stop(&server, NULL);
}

static void test_not_there(void **state)
{
	struct output output;
	char listen[64], begin[128];
	int port = port_reserve();

	(void)state;
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", port);
	command_run(&output, WORDS("--set", listen, "health"));
	assert_int_equal(output.status, 1);
	assert_string_equal(output.out, "");
	snprintf(begin, sizeof(begin), "spacecraft-flights: http://127.0.0.1:%d/health: ", port);
	assert_int_equal(strncmp(output.err, begin, strlen(begin)), 0);
	output_fini(&output);
}

static int set_up(void **state)
{
	(void)state;
	temporary_directory(directory, "health");
	samples_database_init(&database);
	return 0;
}

static int teardown(void **state)
{
	temporary_remove(directory);
	return tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_admin_port),
		cmocka_unit_test(test_cannot_answer),
		cmocka_unit_test(test_not_there),
	};

	return RUN_TESTS("health", tests, set_up, teardown);
}
