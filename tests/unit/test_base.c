/* Errors, arenas, string buffers, clocks, log lines, counters, and what systemd hands over. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/strbuf.h"
#include "base/systemd.h"
#include "support/cmocka.h"

static void test_error_first_wins(void **state)
{
	struct error error = {0};

	(void)state;
	assert_false(error_is_set(&error));
	assert_false(error_prefix(&error, "nothing"));
	assert_false(error_is_set(&error));
	assert_false(error_set(&error, "no table %s", "launch"));
	assert_false(error_set(&error, "second"));
	assert_string_equal(error.text, "no table launch");
	assert_false(error_prefix(&error, "row %d", 3));
	assert_string_equal(error.text, "row 3: no table launch");
}

static void test_error_cuts(void **state)
{
	struct error error = {0};
	char text[3000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_set(&error, "%s", text);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	assert_string_equal(error.text + sizeof(error.text) - 4, "...");
	error_prefix(&error, "context");
	assert_int_equal(strncmp(error.text, "context: xxx", 12), 0);
	assert_string_equal(error.text + sizeof(error.text) - 4, "...");
	error = (struct error){0};
	memcpy(text + sizeof(error.text) - 6, "\xE2\x82\xAC", 3);
	error_set(&error, "%s", text);
	assert_string_equal(error.text + sizeof(error.text) - 8, "xx...");
	error = (struct error){0};
	error_set(&error, "%s", "");
	assert_true(error_is_set(&error));
}

/* Every piece keeps its own bytes, whatever came before and after it. */
static void test_arena_pieces(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 16, 100, 4096, 70000, 300000, 2, 1000000, 33};
	enum { PIECES = 2000 };
	unsigned char *pieces[PIECES];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < PIECES; i++) {
		size_t size = sizes[i % 11] / (i < 22 ? 1 : 100);

		pieces[i] = arena_alloc(&arena, size);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < size; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)(i % 256), size);
	}
	for (size_t i = 0; i < PIECES; i++)
		for (size_t j = 0; j < sizes[i % 11] / (i < 22 ? 1 : 100); j++)
			if (pieces[i][j] != i % 256)
				fail_msg("piece %zu was written over at %zu", i, j);
	arena_fini(&arena);
	assert_null(arena.blocks);
}

static void test_arena_texts(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_memory_equal(arena_copy(&arena, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	assert_string_equal(arena_string(&arena, "Dragon"), "Dragon");
	assert_string_equal(arena_printf(&arena, "%s-%d", "Crew", 10), "Crew-10");
	assert_int_equal(strlen(arena_printf(&arena, "%5000d", 1)), 5000);
	assert_non_null(arena_array(&arena, 10, 0));
	arena_fini(&arena);
}

static void test_strbuf(void **state)
{
	struct strbuf buf = STRBUF_INIT;
	size_t length;
	char *stolen;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		strbuf_str(&buf, "ab");
		strbuf_char(&buf, 'c');
	}
	assert_int_equal(buf.length, 3000);
	assert_string_equal(buf.data + 2994, "abcabc");
	strbuf_reset(&buf);
	assert_int_equal(buf.length, 0);
	assert_string_equal(buf.data, "");
	strbuf_printf(&buf, "%d|", 42);
	strbuf_printf(&buf, "%9000s|", "right");
	assert_int_equal(buf.length, 9004);
	assert_string_equal(buf.data + buf.length - 7, " right|");
	memcpy(strbuf_reserve(&buf, 3), "xyz", 3);
	buf.length += 3;
	strbuf_add(&buf, "\0!", 2);
	stolen = strbuf_steal(&buf, &length);
	assert_int_equal(length, 9009);
	assert_memory_equal(stolen + 9004, "xyz\0!", 6);
	free(stolen);
	assert_null(buf.data);
	stolen = strbuf_steal(&buf, &length);
	assert_string_equal(stolen, "");
	assert_int_equal(length, 0);
	free(stolen);
	strbuf_fini(&buf);
}

static void test_clock(void **state)
{
	int64_t before = clock_monotonic();

	(void)state;
	assert_true(clock_monotonic() >= before);
	assert_true(clock_now() > INT64_C(1700000000000000));
	clock_fix(INT64_C(1744512835271204));
	assert_int_equal(clock_now(), INT64_C(1744512835271204));
}

/* What log_write puts on stderr for one message; static memory. */
static const char *logged(enum log_level level, const char *message)
{
	static char text[8192];
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t length;

	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
	log_write(level, "%s", message);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

static void test_log_text(void **state)
{
	const char *line;

	(void)state;
	log_configure(LOG_INFO, false);
	assert_string_equal(logged(LOG_DEBUG, "unseen"), "");
	line = logged(LOG_WARNING, "a\nb\x1b[0m\xc2\x9b\xff caf\xc3\xa9");
	assert_int_equal(line[10], 'T');
	assert_string_equal(line + 24, " warning a\\nb\\x1b[0m\\x9b\\xff caf\xc3\xa9\n");
	assert_string_equal(logged(LOG_ERROR, "") + 24, " error   \n");
}

static void test_log_json(void **state)
{
	const char *line;

	(void)state;
	log_configure(LOG_DEBUG, true);
	line = logged(LOG_DEBUG, "say \"hi\"\\\n\x01\xff\xed\xa0\x80 \xf0\x9f\x9a\x80");
	assert_int_equal(strncmp(line, "{\"time\":\"2", 10), 0);
	assert_string_equal(
		strstr(line, "\",\"level"),
		"\",\"level\":\"debug\",\"message\":\"say \\\"hi\\\"\\\\\\n\\u0001\\ufffd"
		"\\ufffd\\ufffd\\ufffd \xf0\x9f\x9a\x80\"}\n");
	log_configure(LOG_INFO, false);
}

static void *count_up(void *unused)
{
	(void)unused;
	for (int i = 0; i < 10000; i++)
		metric_add(METRIC_db_rows_total, 2);
	return NULL;
}

static void test_metrics(void **state)
{
	struct strbuf out = STRBUF_INIT;
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_up, NULL), 0);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(metric_value(METRIC_db_rows_total), 80000);
	metrics_write(&out);
	assert_non_null(strstr(out.data,
	                       "# HELP db_rows_total Rows read from PostgreSQL for documents\n"
	                       "# TYPE db_rows_total counter\n"
	                       "db_rows_total 80000\n"));
	assert_null(strstr(out.data, "cache_bytes{"));
	strbuf_reset(&out);
	metric_series_set(METRIC_FAMILY_cache_bytes, 1, "second", 7);
	metric_series_set(METRIC_FAMILY_cache_bytes, METRIC_SERIES_MOST - 1, "last", 8);
	metric_series_set(METRIC_FAMILY_cache_bytes, 1, "second", 9);
	metrics_write(&out);
	assert_non_null(strstr(out.data, "# TYPE cache_bytes gauge\n"
	                                 "cache_bytes{cache=\"second\"} 9\n"
	                                 "cache_bytes{cache=\"last\"} 8\n#"));
	strbuf_fini(&out);
}

static void test_spans(void **state)
{
	static const struct {
		double seconds;
		const char *down, *up;
	} cases[] = {
		{-5, "0 s", "0 s"},           {0, "0 s", "0 s"},
		{0.000001, "0 s", "1 s"},     {75, "75 s", "75 s"},
		{119, "119 s", "119 s"},      {119.5, "119 s", "2 min"},
		{120, "2 min", "2 min"},      {121, "2 min", "3 min"},
		{7199, "119 min", "120 min"}, {7200, "2 h", "2 h"},
		{93601, "26 h", "27 h"},      {172799, "47 h", "48 h"},
		{172800, "2 days", "2 days"}, {864001, "10 days", "11 days"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct strbuf buf = STRBUF_INIT;
		int64_t time = (int64_t)(cases[i].seconds * 1000000);

		strbuf_span(&buf, time, SPAN_DOWN);
		assert_string_equal(buf.data, cases[i].down);
		strbuf_reset(&buf);
		strbuf_span(&buf, time, SPAN_UP);
		assert_string_equal(buf.data, cases[i].up);
		strbuf_fini(&buf);
	}
}

static int sockets_for(const char *pid, const char *fds)
{
	setenv("LISTEN_FDNAMES", ":\xFF%n::::", 1); /* names are not asked for */
	setenv("LISTEN_PID", pid, 1);
	if (fds)
		setenv("LISTEN_FDS", fds, 1);
	else
		unsetenv("LISTEN_FDS");
	return systemd_socket_count();
}

/* Whatever the environment says, there are as many sockets as a plain number says that is meant for us. */
static void test_sockets_of_systemd(void **state)
{
	static const char *const no_numbers[] = {
		"",
		" ",
		"-1",
		"+1",
		"1 ",
		" 1",
		"1,2",
		"0x1",
		"1e1",
		"1.0",
		"\xD9\xA1",
		"1025",
		"0",
		"4294967297",
		"-4294967295",
		"one",
		"%n%s",
		"1\n",
		"2147483649",
		"9223372036854775807",
		"18446744073709551617",
		"99999999999999999999999999999999999999999",
	};
	char us[32], text[64];
	const int64_t pid = getpid();

	(void)state;
	snprintf(us, sizeof(us), "%d", (int)pid);
	assert_int_equal(sockets_for(us, "1"), 1);
	assert_int_equal(sockets_for(us, "1024"), 1024);
	assert_int_equal(sockets_for(us, NULL), 0);
	for (size_t i = 0; i < sizeof(no_numbers) / sizeof(no_numbers[0]); i++) {
		if (sockets_for(us, no_numbers[i]) != -1)
			fail_msg("LISTEN_FDS=%s counts", no_numbers[i]);
		if (sockets_for(no_numbers[i], "1") != 0)
			fail_msg("LISTEN_PID=%s counts", no_numbers[i]);
	}
	/* Not ours, though parts of them are. */
	snprintf(text, sizeof(text), "%lld", (long long)pid + (1LL << 32));
	assert_int_equal(sockets_for(text, "1"), 0);
	snprintf(text, sizeof(text), "-%s", us);
	assert_int_equal(sockets_for(text, "1"), 0);
	snprintf(text, sizeof(text), "%sx", us);
	assert_int_equal(sockets_for(text, "1"), 0);
	unsetenv("LISTEN_PID");
	assert_int_equal(systemd_socket_count(), 0);
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_first_wins),
		cmocka_unit_test(test_error_cuts),
		cmocka_unit_test(test_arena_pieces),
		cmocka_unit_test(test_arena_texts),
		cmocka_unit_test(test_strbuf),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_log_text),
		cmocka_unit_test(test_log_json),
		cmocka_unit_test(test_metrics),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_sockets_of_systemd),
	};

	return RUN_TESTS("base", tests, NULL, NULL);
}
