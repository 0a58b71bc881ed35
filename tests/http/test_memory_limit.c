/* How much memory is held; and processes that may not have the memory that they want: they end with one line that says
   how much it was, or do what they were to do; never anything between. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"

/* Under a limit of its address space, in KiB. */
static void start_limited(struct process *process, int kilobytes, const char *const command[])
{
	const char **program = command_words(command);
	const char *words[40] = {"sh", "-c", "ulimit -c 0; ulimit -v \"$0\"; exec \"$@\""};
	char limit[24];
	size_t count = 3;

	snprintf(limit, sizeof(limit), "%d", kilobytes);
	words[count++] = limit;
	for (size_t i = 0; program[i]; i++) {
		assert_true(count < 39);
		words[count++] = program[i];
	}
	process_start(process, words, NULL, 0);
	free(program);
}

/* The last line, and no other, says that memory was wanted, and how much. */
static void assert_tells(const char *text)
{
	const char *begin = strstr(text, "out of memory");
	const char *line = begin;
	unsigned long long bytes = 0;
	int length = 0;
	bool json;

	if (!begin)
		fail_msg("no line, but '%s'", text);
	while (line > text && line[-1] != '\n')
		line--;
	json = line[0] == '{';
	if (sscanf(begin, "out of memory: %llu bytes were wanted%n", &bytes, &length) != 1 ||
	    bytes == 0)
		fail_msg("no size: %s", line);
	assert_string_equal(begin + length, json ? "\"}\n" : "\n");
	if (begin == line) /* before the settings were read */
		return;
	assert_int_equal(strncmp(line, json ? "{\"time\":\"2" : "2", json ? 10 : 1), 0);
	assert_non_null(strstr(line, json ? "\",\"level\":\"error\",\"message\":\"out of"
	                                  : "Z error   out of"));
}

/* 0: it did its work; 1: it said why not, as of threads for which there is no memory; 2: out of memory. */
static int outcome(struct process *process)
{
	struct output output;
	int result;

	process_wait(process, COMMAND_SECONDS, &output);
	result = output.status == 128 + SIGABRT ? 2 : output.status;
	if (result == 2)
		assert_tells(output.err);
	else if (result == 1)
		assert_true(output.err_length > 0);
	/* 127: too little for the dynamic linker. */
	else if (result != 0 && result != 127)
		fail_msg("%d: %s", output.status, output.err);
	output_fini(&output);
	return result;
}

static bool is_sanitized(void)
{
	char *symbols;
	struct process process;
	struct output output;
	bool sanitized;

	process_start(&process, WORDS("readelf", "-W", "--dyn-syms", command_binary()), NULL, 0);
	process_wait(&process, COMMAND_SECONDS, &output);
	symbols = output.out;
	sanitized = strstr(symbols, "__asan_") || strstr(symbols, "__tsan_");
	output_fini(&output);
	return sanitized || getenv("TEST_WRAPPER");
}

/* With ever more memory, until there is enough: an import stores nothing until then. */
static void test_imports(void **state)
{
	int ended = 0, result = 2;

	(void)state;
	free(test_sql(database.conninfo, "DELETE FROM spacecraft_flight WHERE id = 864"));
	for (int kilobytes = 20000; result != 0 && kilobytes < 400000; kilobytes += 100) {
		struct process process;
		bool json = kilobytes / 100 % 2;

		start_limited(&process, kilobytes,
		              WORDS("--set", database.setting, "--set",
		                    json ? "log.format=json" : "log.format=text", "import",
		                    "tests/data/real-launch.json", "tests/data/flight-864.json"));
		result = outcome(&process);
		ended += result == 2;
		if (result != 0)
			test_sql_is(database.conninfo,
			            "SELECT count(*) FROM spacecraft_flight WHERE id = 864", "0");
	}
	assert_int_equal(result, 0);
	assert_true(ended > 0);
}

static bool takes_connections_or_ended(void *user)
{
	siginfo_t info = {0};

	return server_takes_connections(user) ||
	       (waitid(P_PID, (id_t)server.process.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	        info.si_pid != 0);
}

/* A connection with a request for a large page; -1: there is no server any more. */
static int request(int port, int number)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port),
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[160];
	int length = snprintf(text, sizeof(text),
	                      "GET " LIST "?mode=detailed&limit=100&format=api&a=%d HTTP/1.1\r\n"
	                      "Host: a\r\n\r\n",
	                      number);

	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	    send(fd, text, (size_t)length, MSG_NOSIGNAL) == length)
		return fd;
	close(fd);
	return -1;
}

/* A server that starts, or not, makes some large pages, or not, and ends. */
static int serve_limited(int kilobytes)
{
	char listen[64];
	int fds[8];
	int count = 0;

	server.port = port_reserve();
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", server.port);
	start_limited(&server.process, kilobytes,
	              WORDS("--set", database.setting, "--set", listen, "serve"));
	assert_true(poll_until(takes_connections_or_ended, &server, 30));
	while (count < 8 && (fds[count] = request(server.port, count)) >= 0)
		count++;
	for (int i = 0; i < count; i++) {
		struct pollfd watched = {.fd = fds[i], .events = POLLIN};

		(void)poll(&watched, 1, WIRE_SECONDS * 1000);
		close(fds[i]);
	}
	kill(server.process.pid, SIGTERM);
	return outcome(&server.process);
}

static void test_servers(void **state)
{
	int ended = 0, good = 0;

	(void)state;
	for (int kilobytes = 30000; good < 3 && kilobytes < 1000000; kilobytes += 3000) {
		int result = serve_limited(kilobytes);

		ended += result == 2;
		good = result == 0 ? good + 1 : 0;
	}
	assert_int_equal(good, 3);
	assert_true(ended > 0);
}

/* Small blocks, which the allocator has among others, and large ones, which the system gives by themselves. */
static void test_allocated(void **state)
{
	static const size_t sizes[] = {1000, 5000000};
	void *blocks[100];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t before = memory_allocated(), all = sizes[i] * 100, more;

		for (size_t n = 0; n < 100; n++)
			blocks[n] = malloc(sizes[i]);
		more = memory_allocated() - before;
		assert_in_range(more, all, all + all / 10);
		for (size_t n = 0; n < 100; n++)
			free(blocks[n]);
		/* The allocator keeps a few small ones at hand, which count. */
		assert_in_range(memory_allocated(), before, before + all / 10);
	}
}

/* The server tells it: more than its caches have, which it fills here. */
static void test_metric(void **state)
{
	long long cached;

	(void)state;
	serve(NULL);
	for (int i = 0; i < 2; i++)
		assert_int_equal(watch_status(&client, LIST "?mode=detailed&limit=100"), 200);
	cached = watch_metric(&client, "cache_bytes");
	assert_true(cached > 100000);
	assert_in_range(watch_metric(&client, "memory_allocated_bytes"), cached,
	                watch_metric(&client, "process_virtual_memory_bytes"));
	serve_end(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocated),
		cmocka_unit_test(test_metric),
		cmocka_unit_test(test_imports),
		cmocka_unit_test(test_servers),
	};

	/* Sanitizers and valgrind take memory, and end processes, as they like. */
	if (is_sanitized())
		return 0;
	return RUN_TESTS("memory_limit", tests, set_up_flights, tear_down);
}
