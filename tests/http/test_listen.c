/* Where the server listens: several places, each form of one, and the files of unix sockets. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"

static char directory[64];
static char path[96]; /* of the unix socket that tests use */

static bool has_ipv6(void)
{
	FILE *addresses = fopen("/proc/net/if_inet6", "r");
	bool any = addresses && fgetc(addresses) != EOF;

	if (addresses)
		fclose(addresses);
	return any;
}

/* Starts a server at the places; the last one is 127.0.0.1 or all addresses, with a port behind it. */
static void start(const char *places, const char *more)
{
	char setting[300];

	snprintf(setting, sizeof(setting), "server.listen=%s", places);
	server_start(&server, database.conninfo, WORDS(setting, more));
	assert_true(poll_until(server_is_listening, &server, 10)); /* it, not another at the port */
}

static void assert_answers(struct wire *wire)
{
	assert_int_equal(watch_status(wire, LIST), 200);
	assert_int_equal(watch_status(wire, LIST "?limit=1"), 200);
	wire_close(wire);
}

static void assert_answers_at(const char *address, int port)
{
	struct wire wire;

	wire_open_at(&wire, address, port);
	assert_answers(&wire);
}

static void assert_answers_by_unix(void)
{
	struct wire wire;

	wire_open_unix(&wire, path);
	assert_answers(&wire);
}

static void assert_logged(struct output *output, const char *part)
{
	if (!strstr(output->err, part))
		fail_msg("no \"%s\": %s", part, output->err);
}

/* --- Addresses. --- */

static void test_several(void **state)
{
	int first = port_reserve(), second = port_reserve();
	struct output output;
	char places[256], line[128];

	(void)state;
	snprintf(places, sizeof(places), "127.0.0.1:%d, unix:%s , 127.0.0.2:%d,127.0.0.1:%d", first,
	         path, first, second);
	start(places, "server.threads=2");
	assert_answers_at("127.0.0.1", first);
	assert_answers_by_unix();
	assert_answers_at("127.0.0.2", first);
	assert_answers_at("127.0.0.1", second);
	server_stop(&server, &output);
	snprintf(line, sizeof(line), "listening on http://127.0.0.1:%d/\n", first);
	assert_logged(&output, line);
	snprintf(line, sizeof(line), "listening on unix:%s\n", path);
	assert_logged(&output, line);
	snprintf(line, sizeof(line), "listening on http://127.0.0.2:%d/\n", first);
	assert_logged(&output, line);
	output_fini(&output);
}

/* One socket for both kinds of addresses; two where IPv4 has one of its own. */
static void test_both_stacks(void **state)
{
	char places[64];
	int port = port_reserve();

	(void)state;
	if (!has_ipv6())
		skip();
	for (int i = 0; i < 2; i++) {
		snprintf(places, sizeof(places), i ? "0.0.0.0:%d, [::]:%d" : "[::]:%d", port, port);
		start(places, NULL);
		assert_answers_at("127.0.0.1", port);
		assert_answers_at("::1", port);
		server_stop(&server, NULL);
	}
}

/* Other addresses of IPv6 take no connections of IPv4. */
static void test_ipv6(void **state)
{
	struct test_server first;
	char places[64];
	int port = port_reserve();

	(void)state;
	if (!has_ipv6())
		skip();
	snprintf(places, sizeof(places), "[::1]:%d", port);
	start(places, NULL);
	assert_answers_at("::1", port);
	first = server;
	snprintf(places, sizeof(places), "127.0.0.1:%d", port);
	start(places, NULL);
	assert_answers_at("127.0.0.1", port);
	server_stop(&server, NULL);
	server_stop(&first, NULL);
}

static void test_name(void **state)
{
	char places[64];
	int port = port_reserve();

	(void)state;
	snprintf(places, sizeof(places), "localhost:%d", port);
	start(places, NULL);
	assert_answers_at("127.0.0.1", port);
	server_stop(&server, NULL);
}

/* Whatever fails, the error names the place. */
static void assert_refused(const char *places, const char *expected)
{
	struct output output;
	char setting[300], line[512];

	snprintf(setting, sizeof(setting), "server.listen=%s", places);
	command_run(&output, WORDS("--set", setting, "--set", database.setting, "serve"));
	snprintf(line, sizeof(line), "server.listen: cannot listen on %s\n", expected);
	assert_int_equal(output.status, 1);
	assert_logged(&output, line);
	output_fini(&output);
}

static void test_errors(void **state)
{
	char places[192], expected[192];
	int port = port_reserve(), other = port_reserve();

	(void)state;
	snprintf(places, sizeof(places), "unix:%s, 127.0.0.1:%d", path, port);
	start(places, NULL);
	snprintf(places, sizeof(places), "127.0.0.1:%d, 127.0.0.1:%d", other, port);
	snprintf(expected, sizeof(expected), "127.0.0.1:%d: Address already in use", port);
	assert_refused(places, expected);
	snprintf(places, sizeof(places), "127.0.0.1:%d, unix:%s", other, path);
	snprintf(expected, sizeof(expected), "unix:%s: Address already in use", path);
	assert_refused(places, expected);
	assert_refused("192.0.2.1:80", "192.0.2.1:80: Cannot assign requested address");
	assert_refused("unix:/nowhere/x.sock", "unix:/nowhere/x.sock: No such file or directory");
	assert_answers_by_unix();
	server_stop(&server, NULL);
}

static void test_unknown_name(void **state)
{
	struct output output;

	(void)state;
	command_run(&output, WORDS("--set", "server.listen=no.such.host.invalid:80", "serve"));
	assert_int_equal(output.status, 1);
	assert_logged(&output, "server.listen: cannot listen on no.such.host.invalid:80: ");
	output_fini(&output);
}

/* --- Unix sockets. --- */

static bool unix_answers(void *user)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected;

	(void)user;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	connected = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return connected;
}

/* Starts a server that has no place but the unix socket. */
static void start_unix(const char *more)
{
	char setting[128];
	const char **words;

	snprintf(setting, sizeof(setting), "server.listen=unix:%s", path);
	words = command_words(
		WORDS("--set", setting, "--set", database.setting, "--set", more, "serve"));
	process_start(&server.process, words, NULL, 0);
	free(words);
	assert_true(poll_until(unix_answers, NULL, 60));
}

static void assert_mode(mode_t mode)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISSOCK(status.st_mode));
	assert_int_equal(status.st_mode & 07777, mode);
}

static void test_unix_alone(void **state)
{
	(void)state;
	start_unix("server.threads=2");
	assert_mode(0660);
	assert_answers_by_unix();
	server_stop(&server, NULL);
	assert_int_equal(access(path, F_OK), -1);
	start_unix("server.socket_mode=602");
	assert_mode(0602);
	server_stop(&server, NULL);
}

/* A socket that was left behind is replaced; a live one is not, nor what is none. */
static void test_files(void **state)
{
	char place[128], expected[192];
	FILE *file;

	(void)state;
	start_unix("server.threads=1");
	process_kill(&server.process);
	assert_int_equal(access(path, F_OK), 0);
	start_unix("server.threads=1");
	snprintf(place, sizeof(place), "unix:%s", path);
	snprintf(expected, sizeof(expected), "%s: Address already in use", place);
	assert_refused(place, expected);
	assert_answers_by_unix();
	/* Another server's socket stays at the end of this one. */
	assert_int_equal(unlink(path), 0);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	server_stop(&server, NULL);
	assert_int_equal(access(path, F_OK), 0);
	snprintf(expected, sizeof(expected), "%s: there is a file that is no socket", place);
	assert_refused(place, expected);
	assert_int_equal(unlink(path), 0);
}

/* What could not begin leaves no file. */
static void test_no_file_after_errors(void **state)
{
	char places[192];

	(void)state;
	snprintf(places, sizeof(places), "unix:%s, 192.0.2.1:80", path);
	assert_refused(places, "192.0.2.1:80: Cannot assign requested address");
	assert_int_equal(access(path, F_OK), -1);
}

static void assert_ident(const char *expected)
{
	struct reply reply;
	struct wire wire;

	wire_open_unix(&wire, path);
	watch_ask(&wire, "/2.3.0/api-throttle/", "X-Forwarded-For: 192.0.2.9\r\n", &reply);
	if (!strstr(reply.body, expected))
		fail_msg("not %s: %s", expected, reply.body);
	reply_fini(&reply);
	wire_close(&wire);
}

/* Both where the library accepts the connection and where the acceptor does. */
static void test_unix_clients(void **state)
{
	char places[128];

	(void)state;
	start_unix("server.trusted_proxies=::1");
	assert_ident("\"ident\":\"127.0.0.1\"");
	server_stop(&server, NULL);
	start_unix("server.trusted_proxies=127.0.0.1");
	assert_ident("\"ident\":\"192.0.2.9\"");
	server_stop(&server, NULL);
	snprintf(places, sizeof(places), "unix:%s, 127.0.0.1:%d", path, port_reserve());
	start(places, "server.trusted_proxies=127.0.0.1");
	assert_ident("\"ident\":\"192.0.2.9\"");
	server_stop(&server, NULL);
}

/* --- What is one for all places. --- */

/* Three clients where two may be connected: the third is served when one of them has gone. */
static void test_connections(void **state)
{
	struct wire wires[3];
	struct reply reply;
	char places[128];

	(void)state;
	snprintf(places, sizeof(places), "unix:%s, 127.0.0.1:%d", path, port_reserve());
	start(places, "server.connections=2");
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 3; i++) {
			if ((i + round) % 2 == 0)
				wire_open_unix(&wires[i], path);
			else
				wire_open(&wires[i], server.port);
			wire_ask(&wires[i], "GET", LIST, "Host: a\r\n");
			if (i == 2)
				break;
			wire_read(&wires[i], false, &reply);
			assert_int_equal(reply.status, 200);
			reply_fini(&reply);
		}
		for (int i = 0; i < 50; i++)
			assert_int_equal(watch_status(&wires[i % 2], LIST), 200);
		assert_false(wire_readable(&wires[2], 0));
		wire_close(&wires[round % 2]);
		wire_read(&wires[2], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
		wire_close(&wires[(round + 1) % 2]);
		wire_close(&wires[2]);
	}
	server_stop(&server, NULL);
}

static int thread_count(void)
{
	char tasks_path[64];
	DIR *tasks;
	int count = 0;

	snprintf(tasks_path, sizeof(tasks_path), "/proc/%d/task", (int)server.process.pid);
	tasks = opendir(tasks_path);
	assert_non_null(tasks);
	for (struct dirent *entry; (entry = readdir(tasks));)
		count += entry->d_name[0] != '.';
	closedir(tasks);
	return count;
}

/* However many places there are, one thread accepts their connections. */
static void test_threads(void **state)
{
	char places[128];
	int counts[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		int port = port_reserve();

		if (i == 0)
			snprintf(places, sizeof(places), "127.0.0.1:%d", port);
		else
			snprintf(places, sizeof(places), "unix:%s, 127.0.0.2:%d, 127.0.0.1:%d",
			         path, port, port);
		start(places, i == 2 ? "server.threads=3" : "server.threads=1");
		assert_answers_at("127.0.0.1", port);
		counts[i] = thread_count();
		server_stop(&server, NULL);
	}
	assert_int_equal(counts[1], counts[0]);
	assert_int_equal(counts[2], counts[0] + 2);
}

/* Connections of all places get their answer at the end, and new ones are refused. */
static void test_end(void **state)
{
	struct wire wires[2];
	struct reply reply;
	char places[128];

	(void)state;
	snprintf(places, sizeof(places), "unix:%s, 127.0.0.1:%d", path, port_reserve());
	start(places, NULL);
	wire_open_unix(&wires[0], path);
	wire_open(&wires[1], server.port);
	for (int i = 0; i < 2; i++)
		assert_int_equal(watch_status(&wires[i], LIST), 200);
	kill(server.process.pid, SIGSTOP);
	for (int i = 0; i < 2; i++)
		wire_ask(&wires[i], "GET", LIST "?limit=7", "Host: a\r\n");
	kill(server.process.pid, SIGTERM);
	kill(server.process.pid, SIGCONT);
	for (int i = 0; i < 2; i++) {
		if (wire_take(&wires[i], false, &reply)) {
			assert_int_equal(reply.status, 200);
			reply_fini(&reply);
		}
		wire_close(&wires[i]);
	}
	server_stop(&server, NULL);
	assert_int_equal(access(path, F_OK), -1);
	assert_false(server_takes_connections(&server));
}

static int set_up(void **state)
{
	set_up_flights(state);
	snprintf(directory, sizeof(directory), "/tmp/spacecraft-flights-listen.XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/x.sock", directory);
	return 0;
}

static int teardown(void **state)
{
	unlink(path);
	rmdir(directory);
	return tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_several),      cmocka_unit_test(test_both_stacks),
		cmocka_unit_test(test_ipv6),         cmocka_unit_test(test_name),
		cmocka_unit_test(test_errors),       cmocka_unit_test(test_unknown_name),
		cmocka_unit_test(test_unix_alone),   cmocka_unit_test(test_files),
		cmocka_unit_test(test_unix_clients), cmocka_unit_test(test_no_file_after_errors),
		cmocka_unit_test(test_connections),  cmocka_unit_test(test_threads),
		cmocka_unit_test(test_end),
	};

	return RUN_TESTS("listen", tests, set_up, teardown);
}
