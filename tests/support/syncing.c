/* Makes passes and keeps what they said. */
#include "base/temporal.h"
#include "support/syncing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "resources/all.h"
#include "support/cmocka.h"

struct sync_settings sync_settings_quick(const char *upstream)
{
	return (struct sync_settings){
		.upstream.url = upstream,
		.lists = {&endpoint_spacecraft_flight},
		.list_count = 1,
		.upstream.token = "",
		.upstream.contact = "",
		.upstream.ca_file = "",
		.full_interval = 24 * HOUR_MICROSECONDS,
		.upstream.page_size = 100,
		.page_limit = 1000,
		.upstream.connect_timeout = 2 * MICROSECONDS,
		.upstream.stall_timeout = MICROSECONDS,
		.upstream.timeout = 2 * MICROSECONDS,
		.upstream.response_size = 1 << 20,
		.upstream.retries = 1,
		.upstream.backoff = 2000,
		.upstream.backoff_most = 10000,
		.upstream.wait_most = 3 * MICROSECONDS / 2,
		.stale = 6 * HOUR_MICROSECONDS,
		.delete_percent = 5,
	};
}

/* Puts stderr into a file of memory; returns what it was. */
static int stderr_take(int *memory)
{
	int before = dup(STDERR_FILENO);

	*memory = memfd_create("log", MFD_CLOEXEC);
	assert_true(before >= 0 && *memory >= 0);
	assert_true(dup2(*memory, STDERR_FILENO) >= 0);
	return before;
}

static char *stderr_give(int before, int memory)
{
	off_t length;
	char *text;

	dup2(before, STDERR_FILENO);
	close(before);
	length = lseek(memory, 0, SEEK_END);
	text = calloc(1, (size_t)length + 1);
	assert_non_null(text);
	assert_int_equal(pread(memory, text, (size_t)length, 0), length);
	close(memory);
	return text;
}

void sync_run(struct sync_run *run, const struct sync_settings *settings, const char *conninfo,
              enum pass_kind kind, bool dry_run)
{
	struct strbuf line = STRBUF_INIT;
	size_t length;
	int memory;
	int before = stderr_take(&memory);

	run->error = (struct error){0};
	run->end = sync_command(settings, conninfo, kind, dry_run, &line, &run->error);
	run->log = stderr_give(before, memory);
	run->line = strbuf_steal(&line, &length);
}

void sync_run_fini(struct sync_run *run)
{
	free(run->line);
	free(run->log);
}

void sync_run_is(struct sync_run *run, const struct sync_settings *settings, const char *conninfo,
                 enum pass_end end)
{
	sync_run(run, settings, conninfo, PASS_FULL, false);
	if (run->end != end)
		fail_msg("ended with %d instead of %d; %s; %s; log: %s", run->end, end,
		         run->error.text, run->line, run->log);
}

void sync_ends(const struct sync_settings *settings, const char *conninfo, enum pass_end end)
{
	struct sync_run run;

	sync_run_is(&run, settings, conninfo, end);
	sync_run_fini(&run);
}

int sync_run_complaints(const struct sync_run *run)
{
	int lines = 0;

	for (const char *at = run->log; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL) {
		const char *level = strchr(at, ' ');

		if (level &&
		    (strncmp(level, " warning", 8) == 0 || strncmp(level, " error", 6) == 0))
			lines++;
	}
	return lines;
}

struct mirror mirror;

int set_up_mirror(void **state)
{
	(void)state;
	mirror.upstream = fake_upstream_new();
	mirror.settings = sync_settings_quick(fake_upstream_url(mirror.upstream));
	snprintf(mirror.setting, sizeof(mirror.setting), "sync.upstream=%s",
	         fake_upstream_url(mirror.upstream));
	test_database_init_schema(&mirror.database);
	return 0;
}

int tear_down_mirror(void **state)
{
	(void)state;
	fake_upstream_free(mirror.upstream);
	test_database_fini(&mirror.database);
	return 0;
}

void mirror_fill(int64_t count, const char *destination)
{
	fake_list_fill(fake_upstream_lock(mirror.upstream), count, destination);
	fake_upstream_unlock(mirror.upstream);
}

void mirror_put(const struct fake_facts *facts)
{
	fake_list_put_facts(fake_upstream_lock(mirror.upstream), facts);
	fake_upstream_unlock(mirror.upstream);
}

void mirror_put_flight(int64_t id, const char *destination, const char *net,
                       const char *mission_end)
{
	mirror_put(&(struct fake_facts){.id = id,
	                                .destination = destination,
	                                .net = net,
	                                .mission_end = mission_end,
	                                .provider = "first"});
}

void mirror_drop(int64_t id)
{
	fake_list_remove(fake_upstream_lock(mirror.upstream), id);
	fake_upstream_unlock(mirror.upstream);
}

void mirror_sync(void)
{
	sync_ends(&mirror.settings, mirror.database.conninfo, PASS_DONE);
}

int mirror_count(const char *destination)
{
	char sql[128], *text;
	int count;

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM spacecraft_flight WHERE destination = '%s ' || id",
	         destination);
	text = test_sql(mirror.database.conninfo, sql);
	count = atoi(text);
	free(text);
	return count;
}

void mirror_sql_is(const char *sql, const char *expected)
{
	test_sql_is(mirror.database.conninfo, sql, expected);
}

void sync_run_line_has(const struct sync_run *run, const char *part)
{
	if (!strstr(run->line, part))
		fail_msg("not \"%s\" but: %s", part, run->line);
}

char *content_hash(const char *conninfo)
{
	return test_sql(conninfo, "SELECT md5(concat("
	                          " (SELECT string_agg((to_jsonb(t) - 'stated_at')::text, ';' "
	                          "ORDER BY id) FROM spacecraft_flight t),"
	                          " (SELECT string_agg((to_jsonb(t) - 'stated_at')::text, ';' "
	                          "ORDER BY id) FROM spacecraft t"
	                          "  WHERE id IN (SELECT spacecraft_id FROM spacecraft_flight)),"
	                          " (SELECT string_agg((to_jsonb(t) - 'stated_at')::text, ';' "
	                          "ORDER BY id) FROM launch t"
	                          "  WHERE id IN (SELECT launch_id FROM spacecraft_flight)),"
	                          " (SELECT string_agg((to_jsonb(t) - 'stated_at')::text, ';' "
	                          "ORDER BY id) FROM agency t)))");
}
