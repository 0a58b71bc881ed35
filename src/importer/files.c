/* The import command's work: files in, one transaction, counts out. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "importer/import.h"
#include "importer/partial.h"
#include "repository/execute.h"
#include "repository/migrate.h"
#include "resources/endpoint.h"

#define READ_AT_ONCE ((size_t)1 << 20)

static bool read_all(int file, const char *name, struct strbuf *text, struct error *error)
{
	ssize_t got;

	do {
		char *end = strbuf_reserve(text, READ_AT_ONCE);

		do
			got = read(file, end, READ_AT_ONCE);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return error_set(error, "cannot read %s: %s", name, strerror(errno));
		text->length += (size_t)got;
		if (text->length > IMPORT_TEXT_MAX)
			return error_set(error, "%s: longer than %zu bytes", name, IMPORT_TEXT_MAX);
	} while (got > 0);
	return true;
}

static bool read_file(const char *path, struct strbuf *text, struct error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool done;

	if (file < 0)
		return error_set(error, "cannot open %s: %s", path, strerror(errno));
	done = read_all(file, path, text, error);
	close(file);
	return done;
}

static bool import_file(struct import *import, const char *path, struct error *error)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;
	struct strbuf text = STRBUF_INIT;
	bool done = (standard ? read_all(STDIN_FILENO, name, &text, error)
	                      : read_file(path, &text, error)) &&
	            import_text(import, NULL, name, text.data, text.length, error);

	strbuf_fini(&text);
	return done;
}

/* What import_store is called with. */
struct storing {
	struct import *import;
	struct session *session;
	struct import_counts *counts;
	struct error *error;
};

static bool store(void *context)
{
	const struct storing *storing = context;

	return import_store(storing->import, storing->session, storing->counts, storing->error);
}

static bool run_in(struct session *session, struct import *import, bool dry_run,
                   struct import_counts *counts, struct error *error)
{
	struct storing storing = {import, session, counts, error};

	return migrate_check(session, error) &&
	       transaction_run(session, dry_run, store, &storing, error);
}

bool import_run(struct import *import, const char *conninfo, bool dry_run,
                struct import_counts *counts, struct error *error)
{
	struct session *session = session_open(conninfo, SESSION_WRITES, error);
	bool done = session && run_in(session, import, dry_run, counts, error);

	session_close(session);
	return done;
}

static void warn_of_unknown_fields(const struct import *import)
{
	struct strbuf line = STRBUF_INIT;

	if (unknown_fields_line(import_unknown_fields(import), &line))
		log_warning("%s", line.data);
	strbuf_fini(&line);
}

/* `2 flights, 1 spacecraft: 1 new, 1 changed, 1 unchanged` */
static void write_counts(struct strbuf *out, const struct import_counts *counts)
{
	const char *before = "";

	for (size_t i = 0; i < endpoint_count; i++) {
		size_t count = counts->of[endpoints[i]->resource->index];

		if (endpoints[i]->whole || (count == 0 && (counts->documents > 0 || i > 0)))
			continue;
		strbuf_str(out, before);
		strbuf_count(out, (int64_t)count, endpoints[i]->noun, endpoints[i]->nouns);
		before = ", ";
	}
	strbuf_printf(out, ": %zu new, %zu changed, %zu unchanged", counts->created,
	              counts->changed, counts->unchanged);
	if (counts->older > 0)
		strbuf_printf(out, ", %zu older than what is stored", counts->older);
}

/* Stores what was read and writes what was done; of a dry run, what would have been. */
static bool store_files(struct import *import, const char *conninfo, bool dry_run,
                        struct strbuf *lines, struct error *error)
{
	struct session *session = session_open(conninfo, SESSION_WRITES, error);
	struct partial_counts partial;
	struct import_counts counts;
	bool done = session && run_in(session, import, dry_run, &counts, error) &&
	            partial_count(session, &partial, error);

	if (done && dry_run) {
		strbuf_str(lines, "dry run: ");
	} else if (done) {
		partial_write(&partial, lines);
		strbuf_str(lines, lines->length > 0 ? "\n" : "");
	}
	if (done)
		write_counts(lines, &counts);
	session_close(session);
	return done;
}

bool import_files(const char *conninfo, char *const files[], int count, const int64_t *as_of,
                  bool dry_run, struct strbuf *lines, struct error *error)
{
	struct import *import = import_new(as_of);
	bool done = true;

	for (int i = 0; done && i < count; i++)
		done = import_file(import, files[i], error);
	if (done) {
		warn_of_unknown_fields(import);
		done = store_files(import, conninfo, dry_run, lines, error);
	}
	import_free(import);
	return done;
}
