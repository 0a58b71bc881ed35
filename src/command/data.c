/* The commands that write the database: migrate, import and sync. */
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/strbuf.h"
#include "base/temporal.h"
#include "command/run.h"
#include "importer/import.h"
#include "repository/migrate.h"
#include "repository/session.h"
#include "sync/command.h"
#include "sync/passes.h"
#include "sync/settings.h"

enum exit_status run_migrate(struct call *call)
{
	struct session *session;
	int before = 0;
	bool done;

	session = session_open(call->config->database_conninfo, SESSION_WRITES, call->error);
	if (!session)
		return FAILED;
	done = migrate_run(session, &before, call->error);
	session_close(session);
	if (!done)
		return FAILED;
	if (before == migration_count)
		printf("schema: version %d, nothing to do\n", migration_count);
	else
		printf("schema: version %d, was %d\n", migration_count, before);
	return DONE;
}

static bool is_dry(const struct call *call)
{
	return call->line->values[FLAG_DRY_RUN] != NULL;
}

enum exit_status run_sync(struct call *call)
{
	enum pass_kind kind = call->line->values[FLAG_RECENT] ? PASS_RECENT : PASS_FULL;
	struct strbuf line = STRBUF_INIT;
	struct sync_settings settings;
	enum pass_end end;

	if (!sync_settings_init(&settings, call->config, call->error))
		return FAILED;
	end = sync_command(&settings, sync_conninfo(call->config), kind, is_dry(call), &line,
	                   call->error);
	if (line.length > 0)
		printable_lines(stdout, line.data);
	strbuf_fini(&line);
	return end == PASS_DONE ? DONE : FAILED;
}

enum exit_status run_import(struct call *call)
{
	const char *as_of = call->line->values[FLAG_AS_OF];
	struct strbuf lines = STRBUF_INIT;
	int64_t moment = 0;
	bool done;

	if (as_of && !moment_parse(as_of, &moment))
		return wrong_usage(call->line->command, call->error,
		                   "--as-of takes a time such as 2025-04-13T02:53:55Z", as_of);
	done = import_files(sync_conninfo(call->config), call->line->arguments,
	                    call->line->argument_count, as_of ? &moment : NULL, is_dry(call),
	                    &lines, call->error);
	if (done)
		printable_lines(stdout, lines.data);
	strbuf_fini(&lines);
	return done ? DONE : FAILED;
}
