/* Asks a server again and again. */
#include "support/watching.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/poll.h"
#include "support/postgres.h"

int64_t watch_bound(int64_t milliseconds)
{
	const char *server = getenv("SERVER");
	bool slow = getenv("TEST_WRAPPER") || (server && strstr(server, "san/"));

	return milliseconds * 1000 * (slow ? 20 : 1);
}

int64_t watch_run_delay(pid_t pid)
{
	int64_t sum = 0;
	char path[64];
	glob_t threads;

	snprintf(path, sizeof(path), "/proc/%d/task/*/schedstat", (int)pid);
	if (glob(path, GLOB_NOSORT, NULL, &threads) != 0)
		return 0;
	for (size_t i = 0; i < threads.gl_pathc; i++) {
		FILE *file = fopen(threads.gl_pathv[i], "re");
		long long delay = 0; /* nanoseconds, behind those that it ran */

		if (file && fscanf(file, "%*d %lld", &delay) == 1)
			sum += delay / 1000;
		if (file)
			fclose(file);
	}
	globfree(&threads);
	return sum;
}

int64_t watch_run_delays(pid_t server)
{
	return watch_run_delay(server) + watch_run_delay(getpid());
}

void watch_ask(struct wire *wire, const char *target, const char *lines, struct reply *reply)
{
	char all[256];

	snprintf(all, sizeof(all), "Host: a\r\n%s", lines);
	wire_ask(wire, "GET", target, all);
	wire_read(wire, false, reply);
}

int watch_status(struct wire *wire, const char *target)
{
	struct reply reply;
	int status;

	watch_ask(wire, target, "", &reply);
	status = reply.status;
	reply_fini(&reply);
	return status;
}

bool watch_has_come(void *user)
{
	const struct awaited *awaited = user;
	struct reply reply;
	bool come;

	watch_ask(awaited->wire, awaited->target, "", &reply);
	come = strstr(reply.body, awaited->text) != NULL;
	reply_fini(&reply);
	return come;
}

/* The value behind a sample's name and labels, where the line is one of that metric. */
static bool sample_value(const char *line, const char *name, long long *value)
{
	size_t length = strlen(name);
	const char *rest = line + length;

	if (strncmp(line, name, length) != 0 || (*rest != ' ' && *rest != '{'))
		return false;
	if (*rest == '{')
		rest = strstr(rest, "} ");
	assert_non_null(rest);
	assert_int_equal(sscanf(strchr(rest, ' '), "%lld", value), 1);
	return true;
}

long long watch_metric(struct wire *wire, const char *name)
{
	struct reply reply;
	long long sum = 0, value;
	bool found = false;

	watch_ask(wire, "/metrics", "", &reply);
	for (const char *line = reply.body; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!sample_value(line, name, &value))
			continue;
		sum += value;
		found = true;
	}
	if (!found)
		fail_msg("no %s in %s", name, reply.body);
	reply_fini(&reply);
	return sum;
}

bool watch_is_cached(void *user)
{
	const struct awaited *awaited = user;
	long long before = watch_metric(awaited->wire, "http_responses_made_total");

	for (int i = 0; i < 3; i++)
		assert_int_equal(watch_status(awaited->wire, awaited->target), 200);
	return watch_metric(awaited->wire, "http_responses_made_total") == before;
}

bool watch_is_told(void *user)
{
	struct told *told = user;
	char sql[128], text[32];
	int64_t begin;

	snprintf(text, sizeof(text), "Told %d", ++told->count);
	snprintf(sql, sizeof(sql), "UPDATE spacecraft SET name = '%s' WHERE id = 2", text);
	free(test_sql(told->conninfo, sql));
	begin = clock_monotonic();
	assert_true(poll_until(watch_has_come,
	                       &(struct awaited){told->wire, "/2.3.0/spacecraft_flights/", text},
	                       10));
	return clock_monotonic() - begin < watch_bound(100);
}
