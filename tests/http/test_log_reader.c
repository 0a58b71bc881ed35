/* A server whose log nobody reads: its standard error is a pipe that is full. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/temporary.h"
#include "support/watching.h"

#define LIST "/2.3.0/spacecraft_flights/"

/* Full of empty lines. */
static int open_full_fifo(const char *path)
{
	int fd;

	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	while (write(fd, "\n", 1) == 1)
		continue;
	assert_int_equal(errno, EAGAIN);
	return fd;
}

static void start_server(const char *fifo)
{
	char listen[64];
	const char **program;
	const char *words[32] = {"sh", "-c", "exec 2>\"$0\"; exec \"$@\"", fifo};
	size_t count = 4;

	server.port = port_reserve();
	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", server.port);
	program = command_words(WORDS("--set", listen, "--set", database.setting, "--set",
	                              "log.level=debug", "serve"));
	for (size_t i = 0; program[i] && count < 31; i++)
		words[count++] = program[i];
	process_start(&server.process, words, NULL, 0);
	free(program);
	assert_true(poll_until(server_takes_connections, &server, 60));
	wire_open(&client, server.port);
	assert_true(poll_until(watch_has_come,
	                       &(struct awaited){&client, "/health", "\"connected\""}, 10));
	wire_close(&client);
}

static void assert_answers(int port, const char *target, int status)
{
	struct reply reply;

	wire_get(port, target, NULL, &reply);
	assert_int_equal(reply.status, status);
	reply_fini(&reply);
}

/* What the library says of malformed requests is a line of the log each. */
static void make_lines(int port, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct wire wire;

		wire_open(&wire, port);
		wire_ask(&wire, "GET", LIST, "no colon\r\n");
		assert_true(wire_readable(&wire, WIRE_SECONDS * 1000));
		wire_close(&wire);
	}
}

/* Everything that can be read now. */
static void drain_fifo(int fd, struct strbuf *text)
{
	ssize_t count;

	do {
		count = read(fd, strbuf_reserve(text, 65536), 65536);
		if (count > 0)
			text->length += (size_t)count;
		text->data[text->length] = '\0';
	} while (count > 0);
}

struct reading {
	int fd;
	struct strbuf text;
};

static bool says_dropped(void *user)
{
	struct reading *reading = user;

	drain_fifo(reading->fd, &reading->text);
	return strstr(reading->text.data, " lines were dropped here") != NULL;
}

static void stop(int seconds)
{
	struct output output;

	kill(server.process.pid, SIGTERM);
	process_wait(&server.process, seconds, &output);
	assert_int_equal(output.status, 0);
	output_fini(&output);
}

static void test_nobody_reads(void **state)
{
	char directory[TEMPORARY_SIZE];
	char fifo[TEMPORARY_SIZE + 8];
	int fd;

	(void)state;
	temporary_directory(directory, "log");
	snprintf(fifo, sizeof(fifo), "%s/fifo", directory);
	fd = open_full_fifo(fifo);
	start_server(fifo);
	for (int i = 0; i < 3; i++) {
		assert_answers(server.port, LIST, 200);
		assert_answers(server.port, "/health", 200);
		make_lines(server.port, 20);
		kill(server.process.pid, SIGHUP);
	}
	stop(20);
	close(fd);
	temporary_remove(directory);
}

static void test_count_is_told(void **state)
{
	char directory[TEMPORARY_SIZE];
	struct reading reading = {.text = STRBUF_INIT};
	char fifo[TEMPORARY_SIZE + 8];

	(void)state;
	temporary_directory(directory, "log");
	snprintf(fifo, sizeof(fifo), "%s/fifo", directory);
	reading.fd = open_full_fifo(fifo);
	start_server(fifo);
	make_lines(server.port, 3000);
	assert_true(poll_until(says_dropped, &reading, 20));
	assert_answers(server.port, LIST, 200);
	stop(20);
	drain_fifo(reading.fd, &reading.text);
	assert_non_null(strstr(reading.text.data, " info    ended\n"));
	strbuf_fini(&reading.text);
	close(reading.fd);
	temporary_remove(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_reads),
		cmocka_unit_test(test_count_is_told),
	};

	return RUN_TESTS("log_reader", tests, set_up_flights, tear_down);
}
