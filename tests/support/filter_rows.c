/* Writes the rows of tests/data/filter-rows.json: by resource, with the names of its table of fields. References and
   lists have ids; lists of what has none have rows. */
#include "support/filter_rows.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/many_rows.h"

static const struct resource *resource_of(const char *name)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(resources[i]->name, name) == 0)
			return resources[i];
	fail_msg("no resource is %s", name);
	return NULL;
}

/* PostgreSQL reads the texts of all types by itself. */
static void write_literal(struct strbuf *sql, const json_t *value)
{
	char *text;

	if (json_is_null(value)) {
		strbuf_str(sql, "NULL");
		return;
	}
	text = json_is_string(value) ? strdup(json_string_value(value))
	                             : json_dumps(value, JSON_ENCODE_ANY);
	strbuf_char(sql, '\'');
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '\'')
			strbuf_char(sql, '\'');
		strbuf_char(sql, *c);
	}
	strbuf_char(sql, '\'');
	free(text);
}

/* `INSERT INTO table (first, name, ...) VALUES (value, ...)`, for the columns that the row has values for. */
static void write_insert(struct strbuf *sql, const char *table, const char *first,
                         const char *first_values, const struct resource *resource,
                         const json_t *row)
{
	struct strbuf columns = STRBUF_INIT, values = STRBUF_INIT;
	const char *name;
	json_t *value;

	strbuf_str(&columns, first);
	strbuf_str(&values, first_values);
	json_object_foreach((json_t *)(uintptr_t)row, name, value)
	{
		const struct field *field = resource_field(resource, name);

		if (field == NULL)
			fail_msg("%s has no field %s", resource->name, name);
		if (!kind_has_column(field->kind))
			continue;
		strbuf_printf(&columns, "%s\"%s\"", columns.length > 0 ? ", " : "", field->column);
		strbuf_str(&values, values.length > 0 ? ", " : "");
		write_literal(&values, value);
	}
	strbuf_printf(sql, "INSERT INTO %s (%s) VALUES (%s);\n", table, columns.data, values.data);
	strbuf_fini(&columns);
	strbuf_fini(&values);
}

static void write_list(struct strbuf *sql, const struct resource *owner, const json_t *id,
                       const struct field *list, const json_t *items)
{
	struct strbuf columns = STRBUF_INIT, values = STRBUF_INIT;
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item)
	{
		strbuf_reset(&columns);
		strbuf_reset(&values);
		strbuf_printf(&columns, "%s_id, position%s%s%s", owner->name,
		              list->of->keyless ? "" : ", ",
		              list->of->keyless ? "" : list->of->name,
		              list->of->keyless ? "" : "_id");
		write_literal(&values, id);
		strbuf_printf(&values, ", %zu", i);
		if (!list->of->keyless) {
			strbuf_str(&values, ", ");
			write_literal(&values, item);
		}
		write_insert(sql, list->column, columns.data, values.data, list->of,
		             list->of->keyless ? item : NULL);
	}
	strbuf_fini(&columns);
	strbuf_fini(&values);
}

static void write_row(struct strbuf *sql, const struct resource *resource, const json_t *row)
{
	const char *name;
	json_t *value;

	write_insert(sql, resource->name, "", "", resource, row);
	json_object_foreach((json_t *)(uintptr_t)row, name, value)
	{
		const struct field *field = resource_field(resource, name);

		if (field->kind == MANY)
			write_list(sql, resource, json_object_get(row, "id"), field, value);
	}
}

void filter_rows_database_init(struct test_database *database)
{
	json_t *all = json_load_file("tests/data/filter-rows.json", 0, NULL);
	struct strbuf sql = STRBUF_INIT;
	const char *model;
	json_t *rows, *row;
	size_t i;

	assert_non_null(all);
	test_database_init_schema(database);
	strbuf_str(
		&sql,
		"SET session_replication_role = replica;\n"); /* rows may lack what they refer to */
	json_object_foreach(all, model, rows)
	{
		json_array_foreach(rows, i, row) write_row(&sql, resource_of(model), row);
	}
	strbuf_str(&sql, "SELECT 1");
	free(test_sql(database->conninfo, sql.data));
	search_texts_store(database->conninfo);
	strbuf_fini(&sql);
	json_decref(all);
}
