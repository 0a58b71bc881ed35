/* Lines to readers that are slow, gone or as fast as they should be. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/line_writer.h"
#include "base/strbuf.h"
#include "support/cmocka.h"

#define CAPACITY 8192
#define SECOND INT64_C(1000000)

static void say_dropped(struct strbuf *out, uint64_t count)
{
	strbuf_printf(out, "dropped %llu\n", (unsigned long long)count);
}

static struct line_writer *start(int fd)
{
	const struct line_writer_settings settings = {
		.fd = fd, .capacity = CAPACITY, .write_dropped = say_dropped};
	struct error error = {0};
	struct line_writer *writer = line_writer_start(&settings, &error);

	assert_non_null(writer);
	return writer;
}

/* A pipe that takes nothing more until somebody reads; it is full of empty lines. */
static void open_full(int ends[static 2])
{
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	while (write(ends[1], "\n", 1) == 1)
		continue;
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
}

static size_t add_lines(struct line_writer *writer, size_t from, size_t count)
{
	size_t dropped = 0;

	for (size_t i = from; i < from + count; i++) {
		char line[32];
		int length = snprintf(line, sizeof(line), "line %zu\n", i);

		dropped += !line_writer_add(writer, line, (size_t)length);
	}
	return dropped;
}

/* Something comes within five seconds. */
static void read_some(int fd, struct strbuf *text)
{
	struct pollfd watched = {.fd = fd, .events = POLLIN};
	ssize_t count;

	assert_int_equal(poll(&watched, 1, 5000), 1);
	count = read(fd, strbuf_reserve(text, 4096), 4096);
	assert_true(count > 0);
	text->length += (size_t)count;
	text->data[text->length] = '\0';
}

/* Counts the lines, which must be whole, in order and without gaps but where so many were dropped. */
static size_t count_lines(const char *text, size_t *dropped)
{
	size_t next = 0, lines = 0;

	*dropped = 0;
	for (const char *at = text; strchr(at, '\n'); at = strchr(at, '\n') + 1) {
		size_t number;

		if (at[0] == '\n')
			continue;
		if (sscanf(at, "dropped %zu\n", &number) == 1) {
			next += number;
			*dropped += number;
			continue;
		}
		assert_int_equal(sscanf(at, "line %zu\n", &number), 1);
		assert_int_equal(number, next);
		next++;
		lines++;
	}
	return lines;
}

/* Reads until so many lines are there or known to be dropped. */
static void read_lines(int fd, struct strbuf *text, size_t all, size_t *lines, size_t *dropped)
{
	do {
		read_some(fd, text);
		*lines = count_lines(text->data, dropped);
	} while (*lines + *dropped < all);
}

/* Nobody reads: adding does not wait, and what was dropped is told once there is room again. */
static void test_full_pipe(void **state)
{
	enum { MANY = 50000 };
	struct strbuf text = STRBUF_INIT;
	int64_t begin = clock_monotonic();
	size_t refused, dropped, lines;
	struct line_writer *writer;
	int ends[2];

	(void)state;
	open_full(ends);
	writer = start(ends[1]);
	refused = add_lines(writer, 0, MANY);
	assert_true(clock_monotonic() - begin < 5 * SECOND);
	assert_true(refused > MANY / 2);
	/* The notice comes by itself, without another line. */
	read_lines(ends[0], &text, MANY, &lines, &dropped);
	assert_int_equal(dropped, refused);
	assert_int_equal(lines, MANY - refused);
	/* As good as ever. */
	assert_int_equal(add_lines(writer, MANY, 3), 0);
	read_lines(ends[0], &text, MANY + 3, &lines, &dropped);
	assert_int_equal(dropped, refused);
	line_writer_stop(writer, 5);
	line_writer_free(writer);
	close(ends[0]);
	close(ends[1]);
	strbuf_fini(&text);
}

/* What was added is written before the end. */
static void test_stop_writes_all(void **state)
{
	struct strbuf text = STRBUF_INIT;
	struct line_writer *writer;
	size_t dropped, lines;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	writer = start(ends[1]);
	assert_int_equal(add_lines(writer, 0, 500), 0);
	line_writer_stop(writer, 5);
	assert_int_equal(add_lines(writer, 500, 1), 1);
	line_writer_free(writer);
	close(ends[1]);
	read_lines(ends[0], &text, 500, &lines, &dropped);
	assert_int_equal(lines, 500);
	close(ends[0]);
	strbuf_fini(&text);
}

/* The end does not wait for a reader that never reads. */
static void test_stop_of_a_thread_that_hangs(void **state)
{
	int64_t begin;
	struct line_writer *writer;
	int ends[2];

	(void)state;
	open_full(ends);
	writer = start(ends[1]);
	assert_true(add_lines(writer, 0, 50000) > 0);
	begin = clock_monotonic();
	line_writer_stop(writer, 1);
	assert_true(clock_monotonic() - begin >= SECOND / 2);
	assert_true(clock_monotonic() - begin < 10 * SECOND);
	line_writer_free(writer);
	close(ends[0]);
	close(ends[1]);
}

/* A descriptor that others have set so that writes to it do not block. */
static void test_nonblocking_descriptor(void **state)
{
	struct strbuf text = STRBUF_INIT;
	struct line_writer *writer;
	size_t refused, dropped, lines;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	writer = start(ends[1]);
	refused = add_lines(writer, 0, 50000);
	read_lines(ends[0], &text, 50000, &lines, &dropped);
	assert_int_equal(dropped, refused);
	line_writer_stop(writer, 5);
	line_writer_free(writer);
	close(ends[0]);
	close(ends[1]);
	strbuf_fini(&text);
}

static void test_reader_that_has_gone(void **state)
{
	struct line_writer *writer;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	writer = start(ends[1]);
	(void)add_lines(writer, 0, 1000);
	line_writer_stop(writer, 5);
	line_writer_free(writer);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_pipe),
		cmocka_unit_test(test_stop_writes_all),
		cmocka_unit_test(test_stop_of_a_thread_that_hangs),
		cmocka_unit_test(test_nonblocking_descriptor),
		cmocka_unit_test(test_reader_that_has_gone),
	};

	return RUN_TESTS("line_writer", tests, NULL, NULL);
}
