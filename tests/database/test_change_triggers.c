/* The triggers that count changes of the data: every table of the resources and of their lists has them, and
   a statement that changes a row in any of these tables raises catalog_version. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/fixture.h"

/* --- The tables, as the resources say. --- */

/* A table of a resource (`owner` NULL) or of a list that `owner` has. */
struct table {
	const char *name;
	const struct resource *owner;
	const struct resource *resource;
};

struct tables {
	struct table table[200];
	size_t count;
};

static void add_table(struct tables *tables, const char *name, const struct resource *owner,
                      const struct resource *resource)
{
	assert_true(tables->count < sizeof(tables->table) / sizeof(tables->table[0]));
	tables->table[tables->count++] = (struct table){name, owner, resource};
}

static void list_tables(struct tables *tables)
{
	tables->count = 0;
	for (size_t r = 0; r < resource_count; r++) {
		const struct resource *resource = resources[r];

		if (!resource->keyless)
			add_table(tables, resource->name, NULL, resource);
		for (size_t f = 0; f < resource->field_count; f++)
			if (resource->fields[f].kind == MANY)
				add_table(tables, resource->fields[f].column, resource,
				          resource->fields[f].of);
	}
	assert_true(tables->count > 50);
}

/* --- The triggers are there. --- */

static const char *const events[] = {"INSERT", "UPDATE", "DELETE", "TRUNCATE"};

#define EVENT_COUNT (sizeof(events) / sizeof(events[0]))

/* Those that are enabled and run after every statement of their event, whatever columns it names. */
#define TRIGGERS \
	"SELECT relname || ' ' || event FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid," \
	" (VALUES (4, 'INSERT'), (16, 'UPDATE'), (8, 'DELETE'), (32, 'TRUNCATE')) e(bit, event)" \
	" WHERE tgfoid = 'catalog_changed'::regproc AND tgtype & bit <> 0" \
	" AND tgtype & (1 | 2 | 64) = 0" /* for each row, before, instead of */ \
	" AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND tgattr = ''"

/* Also none that should not be: sync's own tables are no resources. */
static void test_triggers_of_all_tables(void **state)
{
	struct tables tables;
	struct strbuf sql = STRBUF_INIT;

	(void)state;
	list_tables(&tables);
	strbuf_str(&sql, "WITH found(line) AS (" TRIGGERS "), expected(line) AS (VALUES ");
	for (size_t i = 0; i < tables.count * EVENT_COUNT; i++)
		strbuf_printf(&sql, "%s('%s %s')", i > 0 ? ", " : "",
		              tables.table[i / EVENT_COUNT].name, events[i % EVENT_COUNT]);
	strbuf_str(&sql, ") SELECT string_agg(line, ', ' ORDER BY line) FROM ("
	                 "SELECT 'no trigger: ' || line FROM (TABLE expected EXCEPT TABLE found) m"
	                 " UNION ALL "
	                 "SELECT 'needless: ' || line FROM (TABLE found EXCEPT TABLE expected) n"
	                 ") differences(line)");
	test_sql_is(database.conninfo, sql.data, "");
	strbuf_fini(&sql);
}

/* --- The triggers work. --- */

static const char *key_value(const struct resource *resource)
{
	return resource->uuid ? "'00000000-0000-4000-8000-000000000001'" : "1";
}

/* A row of nothing but the columns that must have a value. */
static void write_insert(struct strbuf *sql, const struct table *table)
{
	if (table->owner == NULL)
		strbuf_printf(sql, "INSERT INTO %s (id) VALUES (%s);", table->name,
		              key_value(table->resource));
	else if (table->resource->keyless)
		strbuf_printf(sql, "INSERT INTO %s (%s_id, position) VALUES (%s, 0);", table->name,
		              table->owner->name, key_value(table->owner));
	else
		strbuf_printf(sql, "INSERT INTO %s (%s_id, position, %s_id) VALUES (%s, 0, %s);",
		              table->name, table->owner->name, table->resource->name,
		              key_value(table->owner), key_value(table->resource));
}

static void write_change(struct strbuf *sql, const struct table *table, const char *event)
{
	const char *column = table->owner == NULL ? "id" : "position";

	if (strcmp(event, "INSERT") == 0)
		write_insert(sql, table);
	else if (strcmp(event, "UPDATE") == 0)
		strbuf_printf(sql, "UPDATE %s SET %s = %s;", table->name, column, column);
	else if (strcmp(event, "DELETE") == 0)
		strbuf_printf(sql, "DELETE FROM %s;", table->name);
	else
		strbuf_printf(sql, "TRUNCATE %s;", table->name);
}

/* The row that is changed is inserted with triggers and foreign keys switched off; the transaction is rolled
   back when test_sql closes its connection. */
static void assert_change_counts(const struct table *table, const char *event)
{
	struct strbuf sql = STRBUF_INIT;
	char *raised;

	strbuf_str(&sql, "BEGIN; SET LOCAL session_replication_role = replica;");
	if (strcmp(event, "INSERT") != 0)
		write_insert(&sql, table);
	strbuf_str(&sql, "SET LOCAL session_replication_role = origin;");
	write_change(&sql, table, event);
	strbuf_str(&sql, "SELECT version - 1 FROM catalog_version");
	raised = test_sql(database.conninfo, sql.data);
	if (strcmp(raised, "1") != 0)
		fail_msg("%s %s raises catalog_version by %s", event, table->name, raised);
	free(raised);
	strbuf_fini(&sql);
}

/* A table that others refer to can only be truncated along with these, which counts in any case. */
static bool can_happen(const struct table *table, const char *event)
{
	return table->owner != NULL || strcmp(event, "TRUNCATE") != 0;
}

static void test_every_change_counts(void **state)
{
	struct tables tables;

	(void)state;
	list_tables(&tables);
	for (size_t i = 0; i < tables.count; i++)
		for (size_t e = 0; e < EVENT_COUNT; e++)
			if (can_happen(&tables.table[i], events[e]))
				assert_change_counts(&tables.table[i], events[e]);
	test_sql_is(database.conninfo, "SELECT version FROM catalog_version", "1");
}

/* Statements that change no row count for nothing, and a transaction counts once. */
static void test_transactions_count(void **state)
{
	const char *conninfo = database.conninfo;

	(void)state;
	test_sql_is(conninfo,
	            "BEGIN; DELETE FROM orbit; UPDATE orbit SET id = id;"
	            "INSERT INTO orbit (id) SELECT 1 WHERE false;"
	            "SELECT version FROM catalog_version",
	            "1");
	test_sql_is(conninfo,
	            "BEGIN; INSERT INTO orbit (id) VALUES (1); INSERT INTO orbit (id) VALUES (2);"
	            "INSERT INTO country (id) VALUES (1); DELETE FROM orbit;"
	            "SELECT version FROM catalog_version",
	            "2");
	free(test_sql(conninfo, "INSERT INTO orbit (id) VALUES (1)"));
	free(test_sql(conninfo, "DELETE FROM orbit"));
	test_sql_is(conninfo, "SELECT version FROM catalog_version", "3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_triggers_of_all_tables),
		cmocka_unit_test(test_every_change_counts),
		cmocka_unit_test(test_transactions_count),
	};

	return RUN_TESTS("change_triggers", tests, set_up_schema, tear_down);
}
