/* Writes the rows of tests/data/filter-rows.json, whose models and fields have the original's names. */
#include "support/filter_rows.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/all.h"
#include "support/cmocka.h"

static const struct {
	const char *model;
	const struct resource *resource;
} models[] = {
	{"AgencyType", &resource_agency_type},
	{"Agency", &resource_agency},
	{"SpacecraftStatus", &resource_spacecraft_status},
	{"SpacecraftConfiguration", &resource_spacecraft_configuration},
	{"Spacecraft", &resource_spacecraft},
	{"SpacecraftFlight", &resource_spacecraft_flight},
};

static const struct resource *resource_of(const char *model)
{
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (strcmp(models[i].model, model) == 0)
			return models[i].resource;
	fail_msg("no resource is the model %s", model);
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

static void write_row(struct strbuf *sql, const struct resource *resource, const json_t *row)
{
	struct strbuf values = STRBUF_INIT;
	const char *name, *before = "";
	json_t *value;

	strbuf_printf(sql, "INSERT INTO %s (", resource->name);
	json_object_foreach((json_t *)(uintptr_t)row, name, value)
	{
		const struct field *field = resource_field(resource, name);

		if (!field || !kind_has_column(field->kind))
			continue;
		strbuf_printf(sql, "%s%s", before, field->column);
		strbuf_str(&values, before);
		write_literal(&values, value);
		before = ", ";
	}
	strbuf_printf(sql, ") VALUES (%s);\n", values.data);
	strbuf_fini(&values);
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
	strbuf_fini(&sql);
	json_decref(all);
}
