/* Every setting, given in a file and on the command line, has its effect on the running server; but for those
   of [sync], which test_sync_settings.c has. */
#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/flights.h"
#include "support/poll.h"
#include "support/postgres.h"
#include "support/program_settings.h"
#include "support/port.h"
#include "support/server.h"
#include "support/watching.h"
#include "support/wire.h"

#define LIST "/2.3.0/spacecraft_flights/"
#define STATE "/2.3.0/api-throttle/"
#define FILES_AT_START 200 /* the limit of open files that servers start with */

struct row;

/* One server, with the row's setting from one source. */
struct trial {
	const struct row *row;
	struct program_settings settings;
	struct test_server server;
	struct wire wire;
	int64_t begun;
};

struct row {
	const char *setting;
	const char *value; /* NULL: every trial has one */
	/* Starts what takes a while, in both trials before either is checked. May be NULL. */
	void (*begin)(struct trial *trial);
	void (*check)(struct trial *trial);
};

static struct test_database database;
static struct test_server plain; /* with all settings at their defaults */
static struct trial trials[SETTINGS_SOURCES];

/* --- Shared by the checks. --- */

static void get(struct trial *trial, const char *target, const char *lines, struct reply *reply)
{
	wire_get(trial->server.port, target, lines, reply);
}

static void assert_status(struct trial *trial, const char *target, const char *lines, int status)
{
	struct reply reply;

	get(trial, target, lines, &reply);
	if (reply.status != status)
		fail_msg("%s: %d", target, reply.status);
	reply_fini(&reply);
}

static void assert_body_has(struct trial *trial, const char *target, const char *lines,
                            const char *part)
{
	struct reply reply;

	get(trial, target, lines, &reply);
	if (!strstr(reply.body, part))
		fail_msg("%s: no '%s' in %d %s", target, part, reply.status, reply.body);
	reply_fini(&reply);
}

static bool database_is_connected(void *wire)
{
	return watch_status(wire, "/health") == 200;
}

static void await_database(struct trial *trial)
{
	struct wire wire;

	wire_open(&wire, trial->server.port);
	assert_true(poll_until(database_is_connected, &wire, 10));
	wire_close(&wire);
}

/* Runs another command with the trial's settings. */
static void assert_command_says(struct trial *trial, const char *const command[], const char *part)
{
	struct output output;

	command_run(&output, program_settings_words(&trial->settings, command));
	if (output.status != 0 || !strstr(output.out, part))
		fail_msg("%s: %d: %s%s", command[0], output.status, output.out, output.err);
	output_fini(&output);
}

/* Once all of them are started. */
static int thread_count(struct test_server *server)
{
	char path[64];
	DIR *tasks;
	int count = 0;

	assert_true(poll_until(server_is_listening, server, 10));
	snprintf(path, sizeof(path), "/proc/%d/task", (int)server->process.pid);
	tasks = opendir(path);
	assert_non_null(tasks);
	for (struct dirent *entry; (entry = readdir(tasks));)
		count += entry->d_name[0] != '.';
	closedir(tasks);
	return count;
}

/* --- [server] --- */

static void check_listen(struct trial *trial)
{
	char line[64];
	char *log;

	snprintf(line, sizeof(line), "listening on http://127.0.0.1:%d/", trial->server.port);
	assert_true(poll_until(server_is_listening, &trial->server, 10));
	log = process_err(&trial->server.process);
	assert_non_null(strstr(log, line));
	free(log);
	assert_status(trial, LIST, NULL, 200);
}

static void check_public_url(struct trial *trial)
{
	assert_body_has(trial, LIST "?limit=1", NULL, "\"https://public.example" LIST "?limit=1&");
}

static void check_allowed_hosts(struct trial *trial)
{
	struct wire wire;

	wire_open(&wire, trial->server.port);
	assert_int_equal(watch_status(&wire, LIST), 200); /* Host: a */
	wire_close(&wire);
	assert_status(trial, LIST, NULL, 400);
}

static void check_trusted_proxies(struct trial *trial)
{
	assert_body_has(trial, LIST, "X-Forwarded-Proto: https\r\n", "\"https://ll.example.org/");
	assert_body_has(trial, STATE, "X-Forwarded-For: 192.0.2.9\r\n", "\"ident\":\"192.0.2.9\"");
}

static void check_threads(struct trial *trial)
{
	assert_int_equal(thread_count(&trial->server), thread_count(&plain) + 2);
	assert_status(trial, LIST, NULL, 200);
}

#define READERS 8

static bool six_wait(void *user)
{
	char *count = test_sql(database.conninfo, "SELECT count(*) FROM pg_stat_activity"
	                                          " WHERE datname = current_database()"
	                                          " AND wait_event_type = 'Lock'");
	bool reached = atoi(count) == 6;

	(void)user;
	free(count);
	return reached;
}

/* Six of eight requests are in the database at the same time. */
static void check_workers(struct trial *trial)
{
	struct wire wires[READERS];
	struct reply reply;

	assert_int_equal(thread_count(&trial->server), thread_count(&plain) + 2);
	test_lock(database.conninfo, "spacecraft_flight");
	for (int i = 0; i < READERS; i++) {
		char target[64];

		snprintf(target, sizeof(target), LIST "?ordering=-id&offset=%d", i);
		wire_open(&wires[i], trial->server.port);
		wire_ask(&wires[i], "GET", target, "Host: a\r\n");
	}
	assert_true(poll_until(six_wait, NULL, 10));
	test_unlock();
	for (int i = 0; i < READERS; i++) {
		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
		wire_close(&wires[i]);
	}
}

static long open_files_allowed(const struct test_server *server)
{
	char line[256] = "", path[64];
	long soft = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/limits", (int)server->process.pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) && sscanf(line, "Max open files %ld", &soft) != 1)
		continue;
	fclose(file);
	return soft;
}

/* The third client is served once one of the first two has disconnected. */
static void check_connections(struct trial *trial)
{
	struct wire wires[3];
	struct reply reply;

	for (int i = 0; i < 3; i++) {
		wire_open(&wires[i], trial->server.port);
		wire_ask(&wires[i], "GET", LIST, "Host: a\r\n");
	}
	for (int i = 0; i < 2; i++) {
		wire_read(&wires[i], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_fini(&reply);
	}
	for (int i = 0; i < 50; i++)
		assert_int_equal(watch_status(&wires[i % 2], LIST), 200);
	assert_false(wire_readable(&wires[2], 0));
	wire_close(&wires[0]);
	wire_read(&wires[2], false, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	wire_close(&wires[1]);
	wire_close(&wires[2]);
	/* valgrind emulates limits. */
	if (!getenv("TEST_WRAPPER"))
		assert_int_equal(open_files_allowed(&trial->server), 2 + 256);
}

/* The third of one address is closed at once, that of another is served. */
static void check_connections_per_address(struct trial *trial)
{
	struct wire wires[3];
	struct reply reply;

	for (int i = 0; i < 2; i++) {
		wire_open_from(&wires[i], "127.0.0.3", trial->server.port);
		assert_int_equal(watch_status(&wires[i], LIST), 200);
	}
	wire_open_from(&wires[2], "127.0.0.3", trial->server.port);
	assert_true(wire_readable(&wires[2], 10000));
	assert_false(wire_take(&wires[2], false, &reply));
	wire_close(&wires[2]);
	wire_open_from(&wires[2], "127.0.0.2", trial->server.port);
	assert_int_equal(watch_status(&wires[2], LIST), 200);
	for (int i = 0; i < 3; i++)
		wire_close(&wires[i]);
}

/* A request that has begun; server.idle_timeout is a minute. */
static void begin_request(struct trial *trial)
{
	wire_open(&trial->wire, trial->server.port);
	wire_send(&trial->wire, "GET", 3);
}

static void assert_search_from(struct trial *trial, const char *address)
{
	struct wire wire;
	struct reply reply;

	wire_open_from(&wire, address, trial->server.port);
	wire_ask(&wire, "GET", LIST "?limit=1&search=another", "Host: ll.example.org\r\n");
	wire_read(&wire, false, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	wire_close(&wire);
}

/* Searches of one client, faster than the workers' hundredth allows; another client's are answered as ever. */
static void check_search_percent(struct trial *trial)
{
	int refused = 0;

	for (int i = 0; i < 400 && refused == 0; i++) {
		char target[64];
		struct reply reply;

		snprintf(target, sizeof(target), LIST "?limit=1&search=%d", i);
		get(trial, target, NULL, &reply);
		assert_true(reply.status == 200 || reply.status == 429);
		refused += reply.status == 429;
		if (reply.status == 429)
			assert_non_null(reply_header(&reply, "Retry-After"));
		reply_fini(&reply);
	}
	assert_int_equal(refused, 1);
	assert_status(trial, LIST "?limit=1", NULL, 200);
	assert_search_from(trial, "127.0.0.2");
}

static void begin_idle(struct trial *trial)
{
	wire_open(&trial->wire, trial->server.port);
}

static void check_idle_timeout(struct trial *trial)
{
	struct reply reply;

	assert_true(wire_readable(&trial->wire, 10000));
	assert_false(wire_take(&trial->wire, false, &reply));
	wire_close(&trial->wire);
}

/* An idle connection is cut so long after SIGTERM. */
static void check_drain_timeout(struct trial *trial)
{
	int64_t begun;

	kill(trial->server.process.pid, SIGTERM);
	begun = clock_monotonic();
	assert_true(wire_readable(&trial->wire, 4000));
	assert_true(clock_monotonic() - begun > 1500000);
	wire_close(&trial->wire);
}

#define LARGE_FLIGHT LIST "1000000/"

/* A connection whose receive buffer is as small as can be. */
static int connect_narrow(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port),
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){1}, sizeof(int)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static size_t received_to_the_end(const struct wire *wire)
{
	static char bytes[65536];
	size_t all = 0;
	ssize_t count;

	while ((count = recv(wire->fd, bytes, sizeof(bytes), 0)) > 0)
		all += (size_t)count;
	return all;
}

/* A client that reads nothing until the server is killed then receives what the kernel had buffered. */
static void check_send_buffer(struct trial *trial)
{
	struct wire wire = {.in = STRBUF_INIT, .fd = connect_narrow(trial->server.port)};
	size_t held;

	wire_ask(&wire, "GET", LARGE_FLIGHT, "Host: a\r\n");
	assert_true(wire_readable(&wire, 10000));
	for (int i = 0; i < 10; i++)
		assert_status(trial, "/metrics", NULL, 200);
	process_kill(&trial->server.process);
	held = received_to_the_end(&wire);
	wire_close(&wire);
	/* Some 6 KB; 110 KB with the default, and all of it where SO_SNDBUF is not set. */
	assert_in_range(held, 1, 64 * 1024);
}

/* A client that reads nothing is cut off. */
static void check_send_timeout(struct trial *trial)
{
	struct wire wire = {.in = STRBUF_INIT, .fd = connect_narrow(trial->server.port)};
	struct pollfd watched = {.fd = wire.fd}; /* for errors */

	wire_ask(&wire, "GET", LARGE_FLIGHT, "Host: a\r\n");
	assert_int_equal(poll(&watched, 1, 10000), 1);
	assert_true(watched.revents & (POLLERR | POLLHUP));
	wire_close(&wire);
}

/* Flight 864 was launched on 2024-11-15 at 15:13:18. */
static void check_clock(struct trial *trial)
{
	assert_body_has(trial, LIST "864/", NULL, "\"duration\":\"P148DT11H40M37.271204S\"");
}

/* --- [http], [database] --- */

static void check_redirect_upstream(struct trial *trial)
{
	assert_status(trial, "/2.2.0/agencies/88/", NULL, 404);
}

/* PGHOST leads nowhere, so that nothing works without the setting. */
static void check_conninfo(struct trial *trial)
{
	assert_body_has(trial, LIST, NULL, "{\"count\":251,");
	await_database(trial);
	assert_command_says(trial, WORDS("migrate"), "nothing to do");
	assert_command_says(trial, WORDS("check"), "database: ok");
	assert_command_says(trial, WORDS("import", "tests/data/flight-864.json"), "1 unchanged");
}

static void begin_wait(struct trial *trial)
{
	if (trial == &trials[0])
		test_lock(database.conninfo, "spacecraft_flight");
	wire_open(&trial->wire, trial->server.port);
	trial->begun = clock_monotonic();
	wire_ask(&trial->wire, "GET", LIST, "Host: a\r\n");
}

/* PostgreSQL has a quarter of the time for a lock. */
static void check_timeout(struct trial *trial)
{
	struct reply reply;

	wire_read(&trial->wire, false, &reply);
	assert_int_equal(reply.status, 503);
	assert_in_range(reply.at - trial->begun, 250000, watch_bound(6000));
	reply_fini(&reply);
	wire_close(&trial->wire);
}

/* --- [cache], [throttle] --- */

#define HALF_SIZE (128 << 10)

/* Something was evicted, and what remains is within the bounds. */
static void assert_full(struct wire *wire, long long least, long long most)
{
	assert_in_range(watch_metric(wire, "cache_bytes"), least, most);
	assert_true(watch_metric(wire, "cache_evictions_total") > 0);
}

/* Half of the cache is for documents: here 250, in responses that are too large to be cached. The other half is
   for responses: here one for each flight, requested twice to pass the second-hit filter. */
static void check_size(struct trial *trial)
{
	struct wire wire;
	char target[64];

	await_database(trial);
	wire_open(&wire, trial->server.port);
	for (int offset = 0; offset < 250; offset += 50) {
		snprintf(target, sizeof(target), LIST "?limit=50&offset=%d", offset);
		assert_int_equal(watch_status(&wire, target), 200);
	}
	assert_full(&wire, HALF_SIZE / 2, HALF_SIZE);
	for (int i = 0; i < 500; i++) {
		snprintf(target, sizeof(target), LIST "?limit=1&offset=%d", i / 2);
		assert_int_equal(watch_status(&wire, target), 200);
	}
	assert_full(&wire, HALF_SIZE + HALF_SIZE / 2, 2 * HALF_SIZE);
	wire_close(&wire);
}

static void check_max_age(struct trial *trial)
{
	static const char *const targets[] = {LIST, "/2.3.0/schema/", "/2.3.0/docs/"};
	struct reply reply;

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		get(trial, targets[i], NULL, &reply);
		assert_non_null(strstr(reply_header(&reply, "Cache-Control"), "max-age=77"));
		reply_fini(&reply);
	}
}

/* Twice, so that it is cached. */
static void begin_outage(struct trial *trial)
{
	assert_status(trial, LIST, NULL, 200);
	assert_status(trial, LIST, NULL, 200);
}

static void allow_connections(const char *allowed)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "ALTER DATABASE %s ALLOW_CONNECTIONS %s", database.name,
	         allowed);
	free(test_sql(test_postgres(), sql));
	snprintf(
		sql, sizeof(sql),
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '%s'",
		database.name);
	free(test_sql(test_postgres(), sql));
}

static bool is_refused(void *trial)
{
	struct reply reply;
	bool refused;

	get(trial, LIST, NULL, &reply);
	refused = reply.status == 503;
	reply_fini(&reply);
	return refused;
}

/* What is cached is not answered while the database takes no connections. */
static void check_stale_if_error(struct trial *trial)
{
	allow_connections("false");
	assert_true(poll_until(is_refused, trial, 10));
	allow_connections("true");
}

static void check_rate(struct trial *trial)
{
	assert_body_has(trial, STATE, NULL,
	                "{\"your_request_limit\":2,\"limit_frequency_secs\":60,");
	assert_status(trial, LIST, NULL, 200);
	assert_status(trial, LIST, NULL, 200);
	assert_status(trial, LIST, NULL, 429);
}

/* --- [log] --- */

static void check_level(struct trial *trial)
{
	struct output output;

	assert_status(trial, LIST, NULL, 200);
	server_stop(&trial->server, &output);
	assert_string_equal(output.err, "");
	output_fini(&output);
}

static void check_format(struct trial *trial)
{
	struct output output;

	assert_status(trial, LIST, NULL, 200);
	server_stop(&trial->server, &output);
	assert_int_equal(strncmp(output.err, "{\"time\":\"", 9), 0);
	assert_non_null(strstr(output.err, "\"message\":\"listening on "));
	output_fini(&output);
}

static void check_access(struct trial *trial)
{
	struct output output;

	assert_status(trial, LIST, NULL, 200);
	server_stop(&trial->server, &output);
	assert_non_null(strstr(output.err, "\"GET " LIST " HTTP/1.1\" 200 "));
	output_fini(&output);
}

/* test_access_log.c has its effect, which takes log.access as well. */
static void check_access_format(struct trial *trial)
{
	assert_command_says(trial, WORDS("check", "--dump"), "access_format = json");
}

static void check_server_timing(struct trial *trial)
{
	struct reply reply;

	get(trial, LIST, NULL, &reply);
	assert_non_null(strstr(reply_header(&reply, "Server-Timing"), "total;dur="));
	reply_fini(&reply);
}

/* Beside its port, the server listens on a socket there. */
static void unix_socket_of(int port, char path[64])
{
	snprintf(path, 64, "/tmp/settings-test-%d.sock", port);
}

/* --- [admin] --- */

/* At a port that the system has chosen, and the log names. */
static void check_admin_listen(struct trial *trial)
{
	static const char start[] = "answering operators on http://127.0.0.1:";
	struct reply reply;
	const char *named;
	char *log;

	assert_true(poll_until(server_is_listening, &trial->server, 10));
	log = process_err(&trial->server.process);
	named = strstr(log, start);
	assert_non_null(named);
	wire_get(atoi(named + strlen(start)), "/metrics", NULL, &reply);
	assert_int_equal(reply.status, 200);
	reply_fini(&reply);
	assert_status(trial, "/metrics", NULL, 404);
	free(log);
}

static void check_socket_mode(struct trial *trial)
{
	char path[64];
	struct stat found;

	/* The port takes connections earlier than the socket, which has its permissions before. */
	assert_true(poll_until(server_is_listening, &trial->server, 10));
	unix_socket_of(trial->server.port, path);
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0640);
}

static const struct row rows[] = {
	{"server.listen", NULL, NULL, check_listen},
	{"server.public_url", "https://public.example", NULL, check_public_url},
	{"server.allowed_hosts", "a", NULL, check_allowed_hosts},
	{"server.trusted_proxies", "127.0.0.1", NULL, check_trusted_proxies},
	{"server.threads", "3", NULL, check_threads},
	{"server.workers", "6", NULL, check_workers},
	{"server.connections", "2", NULL, check_connections},
	{"server.connections_per_address", "2", NULL, check_connections_per_address},
	{"server.idle_timeout", "1", begin_idle, check_idle_timeout},
	{"server.request_timeout", "1", begin_request, check_idle_timeout},
	{"server.send_timeout", "1", NULL, check_send_timeout},
	{"server.search_percent", "1", NULL, check_search_percent},
	{"server.drain_timeout", "2", begin_idle, check_drain_timeout},
	{"server.send_buffer", "4K", NULL, check_send_buffer},
	{"server.socket_mode", "640", NULL, check_socket_mode},
	{"server.clock", "2025-04-13T02:53:55.271204Z", NULL, check_clock},
	{"admin.listen", "127.0.0.1:0", NULL, check_admin_listen},
	{"http.server_timing", "true", NULL, check_server_timing},
	{"http.redirect_upstream", "false", NULL, check_redirect_upstream},
	{"database.conninfo", NULL, NULL, check_conninfo},
	{"database.timeout", "1", begin_wait, check_timeout},
	{"cache.size", "256K", NULL, check_size},
	{"cache.max_age", "77", NULL, check_max_age},
	{"cache.stale_if_error", "0", begin_outage, check_stale_if_error},
	{"throttle.rate", "2/minute", NULL, check_rate},
	{"log.level", "error", NULL, check_level},
	{"log.format", "json", NULL, check_format},
	{"log.access", "stderr", NULL, check_access},
	{"log.access_format", "json", NULL, check_access_format},
};

static bool has_unix_socket(const struct row *row)
{
	return row->check == check_socket_mode;
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void trial_start(struct trial *trial, const struct row *row, enum settings_source source)
{
	char listen[160], own[128], path[64];
	const char *assignments[] = {listen, database.setting, row->value ? own : NULL, NULL};
	int port = port_reserve();

	unix_socket_of(port, path);
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d%s%s", port,
	         has_unix_socket(row) ? ", unix:" : "", has_unix_socket(row) ? path : "");
	snprintf(own, sizeof(own), "%s=%s", row->setting, row->value ? row->value : "");
	trial->row = row;
	program_settings_init(&trial->settings, source, assignments);
	server_start_words(&trial->server, port,
	                   program_settings_words(&trial->settings, WORDS("serve")));
}

static void test_row(void **state)
{
	const struct row *row = *state;

	for (int source = 0; source < SETTINGS_SOURCES; source++)
		trial_start(&trials[source], row, (enum settings_source)source);
	for (int source = 0; source < SETTINGS_SOURCES; source++)
		if (row->begin)
			row->begin(&trials[source]);
	for (int source = 0; source < SETTINGS_SOURCES; source++)
		row->check(&trials[source]);
	for (int source = 0; source < SETTINGS_SOURCES; source++)
		if (trials[source].server.process.pid != 0)
			server_stop(&trials[source].server, NULL);
}

/* Also after a check that failed. */
static int end_row(void **state)
{
	(void)state;
	test_unlock();
	for (int source = 0; source < SETTINGS_SOURCES; source++) {
		struct trial *trial = &trials[source];

		process_kill(&trial->server.process);
		if (trial->row)
			program_settings_fini(&trial->settings);
		*trial = (struct trial){.row = NULL};
	}
	return 0;
}

static void test_every_setting_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < known_setting_count; i++) {
		bool found = strcmp(known_settings[i].section, "sync") == 0;

		for (size_t j = 0; j < ROWS; j++)
			found = found || strcmp(rows[j].setting, known_settings[i].name) == 0;
		if (!found)
			fail_msg("%s has no row", known_settings[i].name);
	}
}

static int set_up(void **state)
{
	struct output output;
	struct rlimit limit;

	(void)state;
	setenv("PGHOST", "/nowhere", 1);
	flights_database_init(&database);
	command_run(&output,
	            WORDS("--set", database.setting, "import", "tests/data/flight-864.json"));
	assert_int_equal(output.status, 0);
	output_fini(&output);
	free(test_sql(database.conninfo, "INSERT INTO spacecraft_flight (id, destination)"
	                                 " VALUES (1000000, repeat('x', 1048576))"));
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = FILES_AT_START;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	server_start(&plain, database.conninfo, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	server_stop(&plain, NULL);
	test_database_fini(&database);
	return 0;
}

int main(void)
{
	struct CMUnitTest tests[ROWS + 1] = {cmocka_unit_test(test_every_setting_has_a_row)};

	for (size_t i = 0; i < ROWS; i++)
		tests[i + 1] = (struct CMUnitTest){rows[i].setting, test_row, NULL, end_row,
		                                   (void *)(uintptr_t)&rows[i]};
	return RUN_TESTS("settings", tests, set_up, tear_down);
}
