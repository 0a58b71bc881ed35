/* Writes flights by SQL. */
#include "support/flights.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/postgres.h"

static void read_file(const char *path, struct strbuf *out)
{
	FILE *file = fopen(path, "r");
	size_t count;

	assert_non_null(file);
	while ((count = fread(strbuf_reserve(out, 65536), 1, 65536, file)) > 0) {
		out->length += count;
		out->data[out->length] = '\0';
	}
	fclose(file);
}

void flights_database_init(struct test_database *database)
{
	struct strbuf rows = STRBUF_INIT;
	struct strbuf sql = STRBUF_INIT;

	test_database_init_schema(database);
	read_file("tests/data/http-rows.json", &rows);
	strbuf_printf(&sql,
	              "CREATE TEMPORARY TABLE pair AS SELECT (p->>0)::bigint AS flight,"
	              " (p->>1)::bigint AS spacecraft FROM json_array_elements('%s') p;"
	              "INSERT INTO spacecraft (id, name) SELECT DISTINCT spacecraft,"
	              " 'Spacecraft ' || spacecraft FROM pair;"
	              "INSERT INTO spacecraft_flight (id, spacecraft_id, destination)"
	              " SELECT flight, spacecraft, 'Low Earth Orbit' FROM pair",
	              rows.data);
	free(test_sql(database->conninfo, sql.data));
	strbuf_fini(&rows);
	strbuf_fini(&sql);
}

/* NULL: of the time that they say themselves. */
static void import_samples(const struct test_database *database, const char *pattern,
                           const char *as_of)
{
	const char *words[40] = {"--set", database->setting, "import"};
	size_t count = 3;
	struct output output;
	glob_t files;

	if (as_of != NULL) {
		words[count++] = "--as-of";
		words[count++] = as_of;
	}
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	assert_true(files.gl_pathc < 34);
	for (size_t i = 0; i < files.gl_pathc; i++)
		words[count++] = files.gl_pathv[i];
	command_run(&output, words);
	globfree(&files);
	if (output.status != 0)
		fail_msg("import: %s", output.err);
	output_fini(&output);
}

void flights_import_samples(const struct test_database *database)
{
	import_samples(database, "sql/sample/[!8]*.json", "2025-03-31T00:00:00Z");
	import_samples(database, "sql/sample/8*.json", NULL);
}

void samples_database_init(struct test_database *database)
{
	test_database_init_schema(database);
	flights_import_samples(database);
}
