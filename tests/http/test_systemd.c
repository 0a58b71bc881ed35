/* The server as a service of systemd, whose part the test plays: sockets handed over, restarts over them, messages of
   its state, the watchdog. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/temporary.h"

#define LIST "/2.3.0/spacecraft_flights/?limit=2"
#define HANDED_OVER 9 /* where the script finds the socket */

/* Runs the program as systemd does: the socket is descriptor 3, the variables are those of the script. */
static void start(const char *script, const char *const settings[])
{
	const char *program_words[20] = {"--set", database.setting};
	const char *words[40] = {"sh", "-c", script, "sh"};
	const char **program;
	size_t count = 2, at = 4;

	for (size_t i = 0; settings && settings[i]; i++) {
		program_words[count++] = "--set";
		program_words[count++] = settings[i];
	}
	program_words[count++] = "serve";
	program_words[count] = NULL;
	program = command_words(program_words);
	for (size_t i = 0; program[i]; i++) {
		assert_true(at < 39);
		words[at++] = program[i];
	}
	process_start(&server.process, words, NULL, 0);
	free(program);
}

/* --- Sockets. --- */

#define ACTIVATED "exec 3<&9 9<&-; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\""

/* A socket that stays ours, at the descriptor where the script looks for it. */
static int open_socket(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	int port = port_reserve();

	in.sin_port = htons((uint16_t)port);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(fd, 1024), 0);
	assert_int_equal(dup2(fd, HANDED_OVER), HANDED_OVER);
	close(fd);
	return port;
}

struct load {
	int port;
	_Atomic bool stop;
	_Atomic size_t answered;
	size_t failed; /* the thread's */
};

/* One request, over a connection of its own or over one that is kept as long as the server wants. */
static bool request_once(struct load *load, struct wire *wire, bool *open)
{
	struct reply reply;
	const char *connection;
	bool good;

	if (!*open)
		wire_open(wire, load->port);
	*open = true;
	wire_ask(wire, "GET", LIST, "Host: a\r\n");
	good = wire_take(wire, false, &reply);
	connection = good ? reply_header(&reply, "Connection") : "close";
	good = good && reply.status == 200;
	if (connection != NULL) {
		wire_close(wire);
		*open = false;
	}
	reply_fini(&reply);
	return good;
}

static void *run_load(void *context)
{
	struct load *load = context;
	struct wire wire;
	bool open = false;

	while (!atomic_load(&load->stop)) {
		if (request_once(load, &wire, &open))
			atomic_fetch_add(&load->answered, 1);
		else
			load->failed++;
	}
	if (open)
		wire_close(&wire);
	return NULL;
}

#define LOADS 8
#define RESTARTS 4

struct progress {
	struct load *loads;
	size_t least[LOADS];
};

static bool has_answered(void *user)
{
	const struct progress *progress = user;

	for (size_t i = 0; i < LOADS; i++)
		if (atomic_load(&progress->loads[i].answered) < progress->least[i])
			return false;
	return true;
}

/* Until each client has had some answers from the server of now. */
static void await_answers(struct load loads[static LOADS])
{
	struct progress progress = {.loads = loads};

	for (size_t i = 0; i < LOADS; i++)
		progress.least[i] = atomic_load(&loads[i].answered) + 20;
	assert_true(poll_until(has_answered, &progress, 60));
}

/* Clients that never stop see restarts as nothing but connections that end with an answer. */
static void test_restarts_lose_no_request(void **state)
{
	struct load loads[LOADS] = {0};
	pthread_t threads[LOADS];

	(void)state;
	server.port = open_socket();
	for (size_t i = 0; i < LOADS; i++) {
		loads[i].port = server.port;
		assert_int_equal(pthread_create(&threads[i], NULL, run_load, &loads[i]), 0);
	}
	for (int i = 0; i < RESTARTS; i++) {
		start(ACTIVATED, NULL);
		await_answers(loads);
		if (i < RESTARTS - 1)
			server_stop(&server, NULL);
	}
	for (size_t i = 0; i < LOADS; i++)
		atomic_store(&loads[i].stop, true);
	for (size_t i = 0; i < LOADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(loads[i].failed, 0);
	}
	server_stop(&server, NULL);
	close(HANDED_OVER);
}

static void start_fails(const char *script, const char *why)
{
	struct output output;

	start(script, NULL);
	process_wait(&server.process, COMMAND_SECONDS, &output);
	assert_int_equal(output.status, 1);
	if (!strstr(output.err, why))
		fail_msg("%s", output.err);
	output_fini(&output);
}

static void test_sockets_that_are_none(void **state)
{
	(void)state;
	start_fails("LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\" 3</dev/null",
	            "LISTEN_FDS: descriptor 3: Socket operation on non-socket");
	start_fails("LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\" 3<&-",
	            "LISTEN_FDS: descriptor 3: Bad file descriptor");
	start_fails("LISTEN_FDS=one LISTEN_PID=$$ exec \"$@\"",
	            "LISTEN_FDS: not a number from 1 to 1024: one");
}

/* The variables of another process are not for this one. */
static void test_sockets_of_others(void **state)
{
	char listen[64];

	(void)state;
	server.port = port_reserve();
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", server.port);
	start("LISTEN_FDS=1 LISTEN_PID=1 exec \"$@\" 3</dev/null", WORDS(listen));
	assert_true(poll_until(server_takes_connections, &server, 60));
	server_stop(&server, NULL);
}

/* --- Messages. --- */

struct listener {
	int fd;
	char directory[TEMPORARY_SIZE], path[TEMPORARY_SIZE + 8];
	struct strbuf heard;
};

static void listener_init(struct listener *listener)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	temporary_directory(listener->directory, "systemd");
	snprintf(listener->path, sizeof(listener->path), "%s/notify", listener->directory);
	memcpy(address.sun_path, listener->path, strlen(listener->path));
	listener->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	listener->heard = (struct strbuf)STRBUF_INIT;
}

static void listener_fini(struct listener *listener)
{
	close(listener->fd);
	temporary_remove(listener->directory);
	strbuf_fini(&listener->heard);
}

/* The next message; fails the test after 30 seconds. */
static const char *hear(struct listener *listener)
{
	struct pollfd watched = {.fd = listener->fd, .events = POLLIN};
	char message[200];
	ssize_t length;

	assert_int_equal(poll(&watched, 1, 30000), 1);
	length = recv(listener->fd, message, sizeof(message), 0);
	assert_true(length > 0);
	strbuf_reset(&listener->heard);
	strbuf_add(&listener->heard, message, (size_t)length);
	return listener->heard.data;
}

/* Skips messages until one begins like that. */
static void hear_of(struct listener *listener, const char *begin)
{
	while (strncmp(hear(listener), begin, strlen(begin)) != 0)
		continue;
}

static void start_notifying(const struct listener *listener, const char *variables,
                            const char *file)
{
	char script[400], listen[64];

	server.port = port_reserve();
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", server.port);
	snprintf(script, sizeof(script), "NOTIFY_SOCKET=%s %s exec \"$@\"%s%s", listener->path,
	         variables, file ? " -c " : "", file ? file : "");
	start(script, WORDS(listen));
}

static void test_state_is_told(void **state)
{
	struct listener listener;
	char file[TEMPORARY_SIZE + 16];
	FILE *settings;

	(void)state;
	listener_init(&listener);
	snprintf(file, sizeof(file), "%s/settings.ini", listener.directory);
	settings = fopen(file, "w");
	assert_non_null(settings);
	fputs("[log]\nlevel = info\n", settings);
	fclose(settings);
	start_notifying(&listener, "", file);
	assert_string_equal(hear(&listener), "READY=1");
	assert_true(server_takes_connections(&server));
	kill(server.process.pid, SIGHUP);
	hear_of(&listener, "RELOADING=1\nMONOTONIC_USEC=");
	assert_string_equal(hear(&listener), "READY=1");
	kill(server.process.pid, SIGTERM);
	assert_string_equal(hear(&listener), "STOPPING=1");
	server_stop(&server, NULL);
	listener_fini(&listener);
}

/* A message in each third of the time. */
static void test_watchdog(void **state)
{
	struct listener listener;

	(void)state;
	listener_init(&listener);
	start_notifying(&listener, "WATCHDOG_PID=$$ WATCHDOG_USEC=600000", NULL);
	assert_string_equal(hear(&listener), "READY=1");
	for (int i = 0; i < 5; i++)
		assert_string_equal(hear(&listener), "WATCHDOG=1");
	kill(server.process.pid, SIGTERM);
	hear_of(&listener, "STOPPING=1");
	server_stop(&server, NULL);
	listener_fini(&listener);
}

/* The first thread whose name begins like those of libmicrohttpd; 0: there is none. */
static pid_t find_thread(pid_t pid)
{
	char path[64], name[32] = "";
	pid_t found = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	assert_non_null(tasks);
	for (struct dirent *entry; found == 0 && (entry = readdir(tasks));) {
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/task/%.20s/comm", (int)pid, entry->d_name);
		file = fopen(path, "r");
		if (file && fgets(name, sizeof(name), file) && strncmp(name, "MHD-", 4) == 0)
			found = atoi(entry->d_name);
		if (file)
			fclose(file);
	}
	closedir(tasks);
	return found;
}

/* One thread that serves stands still: systemd hears nothing more, and the log says why. */
static void test_watchdog_bites(void **state)
{
	struct listener listener;
	struct pollfd watched = {.events = POLLIN};
	pid_t thread;
	char *log;

	(void)state;
	listener_init(&listener);
	watched.fd = listener.fd;
	start_notifying(&listener, "WATCHDOG_USEC=300000", NULL);
	hear_of(&listener, "WATCHDOG=1");
	thread = find_thread(server.process.pid);
	assert_true(thread > 0);
	if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) == 0) {
		assert_int_equal(ptrace(PTRACE_INTERRUPT, thread, NULL, NULL), 0);
		assert_int_equal(waitpid(thread, NULL, __WALL), thread);
		while (poll(&watched, 1, 0) == 1)
			(void)hear(&listener);
		/* One more may have been on its way. */
		if (poll(&watched, 1, 1000) == 1)
			(void)hear(&listener);
		assert_int_equal(poll(&watched, 1, 1500), 0);
		log = process_err(&server.process);
		assert_non_null(strstr(log, "does not respond"));
		free(log);
		assert_int_equal(ptrace(PTRACE_DETACH, thread, NULL, NULL), 0);
		hear_of(&listener, "WATCHDOG=1");
	}
	server_stop(&server, NULL);
	listener_fini(&listener);
}

static void test_no_watchdog_of_others(void **state)
{
	struct listener listener;
	struct pollfd watched = {.events = POLLIN};

	(void)state;
	listener_init(&listener);
	watched.fd = listener.fd;
	start_notifying(&listener, "WATCHDOG_PID=1 WATCHDOG_USEC=60000", NULL);
	assert_string_equal(hear(&listener), "READY=1");
	assert_int_equal(poll(&watched, 1, 500), 0);
	server_stop(&server, NULL);
	listener_fini(&listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restarts_lose_no_request),
		cmocka_unit_test(test_sockets_that_are_none),
		cmocka_unit_test(test_sockets_of_others),
		cmocka_unit_test(test_state_is_told),
		cmocka_unit_test(test_watchdog),
		cmocka_unit_test(test_watchdog_bites),
		cmocka_unit_test(test_no_watchdog_of_others),
	};

	return RUN_TESTS("systemd", tests, set_up_flights, tear_down);
}
