/* The command check: whether the settings and what they lead to are right. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/printable.h"
#include "base/strbuf.h"
#include "base/temporal.h"
#include "command/run.h"
#include "importer/partial.h"
#include "repository/conninfo.h"
#include "repository/migrate.h"
#include "repository/session.h"
#include "resources/all.h"
#include "sync/settings.h"
#include "sync/status.h"

/* What failed, for the command's error: its line on standard output says why. */
static void check_failed(struct call *call, const char *what)
{
	struct error before = *call->error;

	*call->error = (struct error){0};
	if (error_is_set(&before))
		error_set(call->error, "%s, %s", before.text, what);
	else
		error_set(call->error, "check failed: %s", what);
}

/* One line on what was checked. */
static void check_line(struct call *call, const char *what, struct error *found)
{
	if (error_is_set(found)) {
		printable_line(stdout, "%s: FAILED: %s", what, found->text);
		check_failed(call, what);
	} else {
		printf("%s: ok\n", what);
	}
}

/* Whether the schema is ours. */
static bool check_schema(struct call *call, struct session *session)
{
	struct error found = {0};

	if (!session)
		error_set(&found, "not known without the database");
	else if (migrate_check(session, &found)) {
		printf("schema: ok, version %d\n", migration_count);
		return true;
	}
	check_line(call, "schema", &found);
	return false;
}

static void check_sync(struct call *call, struct session *session)
{
	int64_t now = (int64_t)time(NULL) * MICROSECONDS;
	struct sync_settings settings;
	struct error found = {0};
	struct strbuf line = STRBUF_INIT, lists = STRBUF_INIT;

	if (sync_settings_init(&settings, call->config, &found) &&
	    sync_status(session, &settings, now, &line, &lists, &found))
		printable_line(stdout, "sync: ok, %s", line.data);
	else
		check_line(call, "sync", &found);
	if (lists.length > 0)
		printable_lines(stdout, lists.data);
	strbuf_fini(&line);
	strbuf_fini(&lists);
}

/* How much there is, and what of it is known in part only, which is no failure. */
static void check_documents(struct call *call, struct session *session)
{
	struct error found = {0};
	struct partial_counts counts;
	struct strbuf line = STRBUF_INIT, partly = STRBUF_INIT;

	if (!partial_count(session, &counts, &found)) {
		check_line(call, "documents", &found);
		return;
	}
	for (size_t i = 0; i < endpoint_count; i++) {
		int64_t rows = counts.rows[endpoints[i]->resource->index];

		if (endpoints[i]->whole || (rows == 0 && i > 0))
			continue;
		strbuf_str(&line, ", ");
		strbuf_count(&line, rows, endpoints[i]->noun, endpoints[i]->nouns);
	}
	partial_write(&counts, &partly);
	printable_line(stdout, "documents: ok%s%s%s", line.data, partly.length > 0 ? "; " : "",
	               partly.length > 0 ? partly.data : "");
	strbuf_fini(&line);
	strbuf_fini(&partly);
}

static enum exit_status print_example(void)
{
	struct strbuf example = STRBUF_INIT;

	config_write_example(&example);
	fwrite(example.data, 1, example.length, stdout);
	strbuf_fini(&example);
	return DONE;
}

/* Whether sync and import may do their work: where they have a connection of their own, or the server is to
   sync. */
static void check_writer(struct call *call)
{
	bool own = call->config->sync_conninfo[0] != '\0';
	struct error found = {0};
	struct session *session;

	if (!own && call->config->sync_interval == 0)
		return;
	session = session_open(sync_conninfo(call->config), SESSION_WRITES, &found);
	if (!session || !migrate_check(session, &found) || !migrate_check_writer(session, &found))
		error_prefix(&found, own ? "sync.conninfo" : "database.conninfo");
	session_close(session);
	check_line(call, "writer", &found);
}

/* Every mistake has its line. */
static enum exit_status fail_configuration(struct call *call)
{
	for (const char *at = call->mistakes; *at; at = strchr(at, '\n') + 1)
		printable_line(stdout, "configuration: FAILED: %.*s", (int)strcspn(at, "\n"), at);
	check_failed(call, "configuration");
	return FAILED;
}

/* The value as it may be shown. */
static void write_value(struct strbuf *out, const struct setting *setting)
{
	if (setting->text[0] == '\0')
		return;
	strbuf_char(out, ' ');
	if (setting->secrecy == SETTING_SECRET)
		strbuf_str(out, SECRET_SHOWN);
	else if (setting->secrecy == SETTING_CONNINFO)
		conninfo_write_shown(out, setting->text);
	else
		strbuf_str(out, setting->text);
}

/* As a file of settings, with where each comes from as a comment behind it. */
static void print_settings(const struct config *config)
{
	struct strbuf out = STRBUF_INIT;
	const char *section = "";

	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct setting setting = config_setting(config, i);
		size_t begin;

		if (strcmp(section, setting.section) != 0)
			strbuf_printf(&out, "[%s]\n", setting.section);
		section = setting.section;
		begin = out.length;
		strbuf_printf(&out, "%s =", setting.key);
		write_value(&out, &setting);
		strbuf_printf(&out, "%*s ; %s\n",
		              out.length - begin < 40 ? (int)(40 - (out.length - begin)) : 0, "",
		              setting.origin);
	}
	fwrite(out.data, 1, out.length, stdout);
	strbuf_fini(&out);
}

enum exit_status run_check(struct call *call)
{
	struct error found = {0};
	struct session *session;

	if (call->line->values[FLAG_EXAMPLE])
		return print_example();
	if (call->line->values[FLAG_DUMP])
		print_settings(call->config);
	if (call->mistakes[0] != '\0')
		return fail_configuration(call);
	check_line(call, "configuration", &found);
	session = session_open(call->config->database_conninfo, SESSION_READS, &found);
	check_line(call, "database", &found);
	if (check_schema(call, session)) {
		check_writer(call);
		check_sync(call, session);
		check_documents(call, session);
	}
	session_close(session);
	return error_is_set(call->error) ? FAILED : DONE;
}
