/* The schema that `migrate` makes against the tables of fields: columns, types, keys, foreign keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/postgres.h"

/* Tables that are neither a resource nor a list of one. */
#define OTHER_TABLES \
	"'schema_version', 'catalog_version', " \
	"'spacecraft_flight_search', 'spacecraft_flight_search_due', " \
	"'spacecraft_flight_search_path', 'spacecraft_flight_search_crew', " \
	"'launch_search', 'launch_search_due', 'launch_search_path', 'launch_search_flight', " \
	"'sync_pass', 'sync_page', 'sync_document', 'sync_request', " \
	"'sync_list', 'sync_missing', 'import_document', 'import_latest'"

static const char columns[] =
	"SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
	"SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)"
	" || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END"
	" || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line"
	" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
	" LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
	" WHERE c.relkind NOT IN ('i', 't', 'S') AND c.relnamespace = 'public'::regnamespace"
	" AND a.attnum > 0 AND NOT a.attisdropped AND c.relname NOT IN (" OTHER_TABLES ")) s";

/* Also constraints of kinds that no table should have. */
static const char constraints[] =
	"SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
	"SELECT c.relname || ' ' || pg_get_constraintdef(k.oid) AS line"
	" FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
	" WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT IN (" OTHER_TABLES ")"
	" AND k.contype <> 't') s";

/* --- What the tables of fields ask for, a line each. --- */

static void expect_key(struct strbuf *out, const char *table, const char *keys)
{
	strbuf_printf(out, "%s PRIMARY KEY (%s)\n", table, keys);
}

/* What refers to a row that is deleted refers to nothing then; a list goes with its owner, and loses an item that is
   deleted. */
static const char *when_deleted(bool listed)
{
	return listed ? " ON DELETE CASCADE" : " ON DELETE SET NULL";
}

static void expect_reference(struct strbuf *out, const char *table, const char *column,
                             const struct resource *of, bool listed)
{
	strbuf_printf(out,
	              "%s FOREIGN KEY (%s) REFERENCES %s(id)%s DEFERRABLE INITIALLY DEFERRED\n",
	              table, column, of->name, when_deleted(listed));
}

static const char *key_type(const struct resource *resource)
{
	return resource->uuid ? "uuid" : "bigint";
}

/* The resource's own columns, in its table or in that of a list of keyless rows. */
static void expect_own_columns(struct strbuf *out, const char *table,
                               const struct resource *resource)
{
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];

		if (kind_has_column(field->kind))
			strbuf_printf(out, "%s.%s %s%s\n", table, field->column,
			              field_sql_type(resource, field),
			              field->kind == KEY ? " not null" : "");
		if (field->null_column != NULL)
			strbuf_printf(out, "%s.%s boolean not null default false\n", table,
			              field->null_column);
		if (field->known_column != NULL)
			strbuf_printf(out, "%s.%s boolean not null default false\n", table,
			              field->known_column);
	}
	if (resource->as_of)
		strbuf_printf(out, "%s.as_of timestamp with time zone\n", table);
	if (!resource->keyless)
		strbuf_printf(out, "%s.stated_at timestamp with time zone\n", table);
}

static void expect_own_constraints(struct strbuf *out, const char *table,
                                   const struct resource *resource)
{
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];

		if (field->kind == KEY)
			expect_key(out, table, "id");
		else if (field->kind == ONE)
			expect_reference(out, table, field->column, field->of, false);
	}
}

static void expect_list_columns(struct strbuf *out, const struct resource *owner,
                                const struct field *field)
{
	strbuf_printf(out, "%s.%s_id %s not null\n", field->column, owner->name, key_type(owner));
	strbuf_printf(out, "%s.position integer not null\n", field->column);
	if (field->of->keyless)
		expect_own_columns(out, field->column, field->of);
	else
		strbuf_printf(out, "%s.%s_id %s not null\n", field->column, field->of->name,
		              key_type(field->of));
}

static void expect_list_constraints(struct strbuf *out, const struct resource *owner,
                                    const struct field *field)
{
	char column[128];

	snprintf(column, sizeof(column), "%s_id", owner->name);
	expect_reference(out, field->column, column, owner, true);
	strbuf_printf(out, "%s PRIMARY KEY (%s, \"position\")\n", field->column, column);
	snprintf(column, sizeof(column), "%s_id", field->of->name);
	if (field->of->keyless)
		expect_own_constraints(out, field->column, field->of);
	else
		expect_reference(out, field->column, column, field->of, true);
}

typedef void expect_own(struct strbuf *out, const char *table, const struct resource *resource);
typedef void expect_list(struct strbuf *out, const struct resource *owner,
                         const struct field *field);

static void expect_all(struct strbuf *out, expect_own *own, expect_list *list)
{
	for (size_t r = 0; r < resource_count; r++) {
		const struct resource *resource = resources[r];

		if (!resource->keyless)
			own(out, resource->name, resource);
		for (size_t f = 0; f < resource->field_count; f++)
			if (resource->fields[f].kind == MANY)
				list(out, resource, &resource->fields[f]);
	}
}

/* --- Comparing --- */

struct lines {
	char *line[2000];
	size_t count;
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void split(char *text, struct lines *lines)
{
	lines->count = 0;
	for (char *line = strsep(&text, "\n"); line != NULL; line = strsep(&text, "\n"))
		if (line[0] != '\0' && lines->count < sizeof(lines->line) / sizeof(lines->line[0]))
			lines->line[lines->count++] = line;
	qsort(lines->line, lines->count, sizeof(lines->line[0]), compare);
}

static void assert_same_lines(char *found, char *expected)
{
	struct lines a;
	struct lines b;
	size_t i = 0;
	size_t j = 0;
	int differ = 0;

	split(found, &a);
	split(expected, &b);
	assert_true(b.count > 100);
	while (i < a.count || j < b.count) {
		int order = i == a.count ? 1 : j == b.count ? -1 : strcmp(a.line[i], b.line[j]);

		if (order < 0)
			print_error("in the database only: %s\n", a.line[i]);
		else if (order > 0)
			print_error("not in the database: %s\n", b.line[j]);
		differ += order != 0;
		i += order <= 0;
		j += order >= 0;
	}
	assert_int_equal(differ, 0);
}

static void assert_schema(const char *sql, expect_own *own, expect_list *list)
{
	struct test_database database;
	struct strbuf expected = STRBUF_INIT;
	char *found;

	test_database_init_schema(&database);
	found = test_sql(database.conninfo, sql);
	test_database_fini(&database);
	expect_all(&expected, own, list);
	assert_same_lines(found, expected.data);
	strbuf_fini(&expected);
	free(found);
}

static void test_columns(void **state)
{
	(void)state;
	assert_schema(columns, expect_own_columns, expect_list_columns);
}

static void test_constraints(void **state)
{
	(void)state;
	assert_schema(constraints, expect_own_constraints, expect_list_constraints);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_constraints),
	};

	return RUN_TESTS("schema", tests, NULL, NULL);
}
