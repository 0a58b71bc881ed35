/* The commands over the data: migrate, import, sync and export. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "base/temporal.h"
#include "command/run.h"
#include "importer/import.h"
#include "importer/partial.h"
#include "repository/catalog.h"
#include "repository/execute.h"
#include "repository/graph.h"
#include "repository/migrate.h"
#include "repository/session.h"
#include "resources/all.h"
#include "serializer/document.h"
#include "sync/command.h"
#include "sync/passes.h"
#include "sync/settings.h"

#define PAGE_ROWS 100

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

/* --- export: all that is stored as pages of the API, a page a line, so that import reads the file back and the same
   is stored. A page says by `list` and `as_of` of what it is a page, and when it was true. --- */

/* One endpoint while it is written, in the snapshot of one session. */
struct exporting {
	struct session *session;
	const struct endpoint *endpoint;
	struct catalog *catalog;
	struct unknown_lists unknown;
	struct rendering rendering;
	const char *as_of;
};

/* What is not known is not told, so that import does not take it for known. */
static bool is_unknown(void *context, const struct row *row, const struct field *field)
{
	const struct exporting *exporting = context;

	return unknown_lists_have(&exporting->unknown, row->resource, row->key, field);
}

static void write_page(struct exporting *exporting, struct graph *graph, struct row *const rows[],
                       size_t count, struct strbuf *out)
{
	struct document_maker *maker = document_maker_new(graph);

	document_omit_lists(maker, is_unknown, exporting);
	for (size_t i = 0; i < count; i++)
		document_announce(maker, rows[i], exporting->endpoint->one);
	strbuf_printf(out,
	              "{\"list\":\"%s\",\"as_of\":\"%s\",\"count\":%zu,\"next\":null,"
	              "\"previous\":null,\"results\":[",
	              exporting->endpoint->path, exporting->as_of,
	              catalog_count(exporting->catalog));
	for (size_t i = 0; i < count; i++) {
		struct text_template *document =
			document_render(maker, rows[i], exporting->endpoint->one);

		strbuf_str(out, i > 0 ? "," : "");
		template_fill(document, &exporting->rendering, out);
		template_free(document);
	}
	strbuf_str(out, "]}\n");
	document_maker_free(maker);
}

/* The rows of the catalog from `first` on. */
static bool export_page(struct exporting *exporting, size_t first, size_t count,
                        struct error *error)
{
	struct graph *graph = graph_new();
	struct strbuf page = STRBUF_INIT;
	struct row *rows[PAGE_ROWS];
	bool done;

	for (size_t i = 0; i < count; i++) {
		struct key key = catalog_key(exporting->catalog, first + i);

		rows[i] = graph_want(graph, exporting->endpoint->resource, key,
		                     exporting->endpoint->one);
	}
	done = graph_load(graph, exporting->session, error);
	if (done) {
		write_page(exporting, graph, rows, count, &page);
		if (fwrite(page.data, 1, page.length, stdout) < page.length)
			done = error_set(error, "cannot write to standard output: %s",
			                 strerror(errno));
	}
	strbuf_fini(&page);
	graph_free(graph);
	return done;
}

static bool export_rows(struct exporting *exporting, struct error *error)
{
	size_t total = catalog_count(exporting->catalog);
	bool done = true;

	for (size_t first = 0; done && first < total; first += PAGE_ROWS)
		done = export_page(exporting, first,
		                   total - first < PAGE_ROWS ? total - first : PAGE_ROWS, error);
	return done;
}

static bool export_endpoint(struct exporting *exporting, const struct endpoint *endpoint,
                            struct error *error)
{
	bool done;

	exporting->endpoint = endpoint;
	if (!catalog_read(exporting->session, &endpoint->resource, 1, &exporting->catalog, error))
		return false;
	done = export_rows(exporting, error);
	catalog_unref(exporting->catalog);
	return done;
}

/* Lists that are part of another have nothing of their own. */
static bool is_wanted(const struct call *call, const struct endpoint *endpoint)
{
	bool wanted = call->line->argument_count == 0;

	for (int i = 0; i < call->line->argument_count; i++)
		wanted = wanted || strcmp(call->line->arguments[i], endpoint->path) == 0;
	return wanted && !endpoint->whole;
}

static bool export_all(struct call *call, struct session *session)
{
	const struct config *config = call->config;
	const char *base =
		config->server_public_url[0] ? config->server_public_url : config->sync_upstream;
	int64_t now = clock_now();
	char as_of[TEMPORAL_TEXT_SIZE];
	struct exporting exporting = {
		.session = session,
		.rendering = {base, strlen(base), "", 0, now},
		.as_of = as_of,
	};
	int64_t version;
	bool done = migrate_check(session, call->error) &&
	            snapshot_begin(session, &version, call->error);

	moment_format(now, as_of);
	done = done && unknown_lists_read(session, &exporting.unknown, call->error);
	for (size_t i = 0; done && i < endpoint_count; i++)
		if (is_wanted(call, endpoints[i]))
			done = export_endpoint(&exporting, endpoints[i], call->error);
	unknown_lists_fini(&exporting.unknown);
	return done && snapshot_end(session, call->error);
}

static bool refuse_endpoint(const struct command *command, const char *name, struct error *error)
{
	struct strbuf what = STRBUF_INIT;
	const char *nearest = NULL;

	for (size_t i = 0; i < endpoint_count && !nearest; i++)
		if (!endpoints[i]->whole && name_is_near(name, endpoints[i]->path))
			nearest = endpoints[i]->path;
	strbuf_printf(&what, "no such endpoint: %.80s", name);
	if (nearest)
		strbuf_printf(&what, "; the nearest is %s", nearest);
	wrong_usage(command, error, what.data, NULL);
	strbuf_fini(&what);
	return false;
}

/* Every name must be that of an endpoint with documents of its own. */
static bool check_names(struct call *call)
{
	for (int i = 0; i < call->line->argument_count; i++) {
		const char *name = call->line->arguments[i];
		const struct endpoint *endpoint = endpoint_at(text_of(name));

		if (!endpoint || endpoint->whole)
			return refuse_endpoint(call->line->command, name, call->error);
	}
	return true;
}

enum exit_status run_export(struct call *call)
{
	struct session *session;
	bool done;

	if (!check_names(call))
		return WRONG_USAGE;
	session = session_open(call->config->database_conninfo, SESSION_READS, call->error);
	done = session && export_all(call, session);
	session_close(session);
	return done ? DONE : FAILED;
}
