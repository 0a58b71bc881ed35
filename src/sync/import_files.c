/* The import command's work: files in, one transaction, counts out. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "import_parts.h"
#include "transaction.h"

#define READ_AT_ONCE ((size_t)1 << 20)

static bool text_read(int file, const char *name, struct strbuf *text, struct error *error)
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

static bool file_read(const char *path, struct strbuf *text, struct error *error)
{
	bool done;
	int file;

	if (strcmp(path, "-") == 0)
		return text_read(STDIN_FILENO, "standard input", text, error);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return error_set(error, "cannot open %s: %s", path, strerror(errno));
	done = text_read(file, path, text, error);
	close(file);
	return done;
}

static bool file_import(struct import *import, const char *path, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	bool done = file_read(path, &text, error) &&
	            import_read(import, name, text.data, text.length, error);

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

bool import_run(struct import *import, const char *conninfo, bool try_only,
                struct import_counts *counts, struct error *error)
{
	struct session *session = session_open(conninfo, SESSION_WRITES, error);
	bool done;

	if (!session)
		return false;
	done = transaction_run(session, try_only, store,
	                       &(struct storing){import, session, counts, error}, error);
	session_close(session);
	return done;
}

static void warn_of_unknown(const struct import *import)
{
	struct strbuf line = STRBUF_INIT;

	if (import_unknown(import, &line))
		log_warning("%s", line.data);
	strbuf_fini(&line);
}

bool import_files(const char *conninfo, char *const files[], int count, const int64_t *as_of,
                  struct import_counts *counts, struct error *error)
{
	struct import *import = import_new(as_of);
	bool done = true;

	for (int i = 0; done && i < count; i++)
		done = file_import(import, files[i], error);
	if (done) {
		warn_of_unknown(import);
		done = import_run(import, conninfo, false, counts, error);
	}
	import_free(import);
	return done;
}
