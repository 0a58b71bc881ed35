/* Imports texts and looks at the rows. */
#include "support/importing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/all.h"
#include "support/cmocka.h"
#include "support/postgres.h"

struct import_counts import_flights(const char *conninfo, const char *text, const int64_t *as_of)
{
	struct import *import = import_new(as_of);
	struct import_counts counts = {0};
	struct error error = {0};

	if (!import_text(import, &resource_spacecraft_flight, "text", text, strlen(text), &error) ||
	    !import_run(import, conninfo, false, &counts, &error))
		fail_msg("%s", error.text);
	import_free(import);
	return counts;
}

void assert_counts(struct import_counts counts, size_t created, size_t changed, size_t unchanged)
{
	assert_int_equal(counts.created, created);
	assert_int_equal(counts.changed, changed);
	assert_int_equal(counts.unchanged, unchanged);
	assert_int_equal(counts.documents, created + changed + unchanged);
	assert_true((counts.rows == 0) == (created + changed == 0));
}

void import_text_is(const char *conninfo, const char *text, size_t created, size_t changed,
                    size_t unchanged)
{
	assert_counts(import_flights(conninfo, text, NULL), created, changed, unchanged);
}

void import_text_fails(const char *conninfo, const char *text, const char *part)
{
	struct import *import = import_new(NULL);
	struct import_counts counts;
	struct error error = {0};

	if (import_text(import, &resource_spacecraft_flight, "text", text, strlen(text), &error) &&
	    import_run(import, conninfo, false, &counts, &error))
		fail_msg("imported: %s", text);
	if (!strstr(error.text, part))
		fail_msg("not \"%s\" but: %s", part, error.text);
	import_free(import);
}

static void add_table(struct strbuf *sql, const char *table)
{
	strbuf_printf(
		sql,
		"%s SELECT '%s' || ctid::text || ' ' || xmin::text || ' ' || xmax::text || ' ' "
		"|| t::text AS line FROM %s t",
		sql->length ? " UNION ALL" : "", table, table);
}

char *rows_hash(const char *conninfo)
{
	struct strbuf lines = STRBUF_INIT;
	struct strbuf sql = STRBUF_INIT;
	char *hash;

	for (size_t r = 0; r < resource_count; r++) {
		if (!resources[r]->keyless)
			add_table(&lines, resources[r]->name);
		for (size_t f = 0; f < resources[r]->field_count; f++)
			if (resources[r]->fields[f].kind == MANY)
				add_table(&lines, resources[r]->fields[f].column);
	}
	strbuf_printf(
		&sql,
		"SELECT count(*) || ' ' || md5(string_agg(line, ',' ORDER BY line)) FROM (%s) x",
		lines.data);
	hash = test_sql(conninfo, sql.data);
	strbuf_fini(&lines);
	strbuf_fini(&sql);
	return hash;
}

char *file_text(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	struct strbuf text = STRBUF_INIT;
	size_t got;

	if (!file)
		fail_msg("cannot open %s", path);
	do {
		got = fread(strbuf_reserve(&text, 65536), 1, 65536, file);
		text.length += got;
	} while (got > 0);
	fclose(file);
	return strbuf_steal(&text, length);
}
