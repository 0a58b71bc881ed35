/* Writes flights by SQL. */
#include "support/flights.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
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
