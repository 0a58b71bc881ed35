/* Generates the layouts and statements of all resources from their tables of fields. */
#include "layout.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "resources/endpoint.h"
#include "repository/wire.h"

static struct layout *layouts;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const Oid bigint_array[] = {WIRE_BIGINT_ARRAY};
static const Oid uuid_array[] = {WIRE_UUID_ARRAY};

static const Oid *key_array(const struct resource *resource)
{
	return resource->uuid ? uuid_array : bigint_array;
}

/* Whether a field's rows are loaded by their owner's key. */
static bool is_loaded_list(const struct resource *resource, const struct field *field)
{
	return (kind_is_list(field->kind) || field->kind == REVERSE_ONE) &&
	       field_in_documents(resource, field);
}

/* Appends the columns of the resource's own table to a select list, from number `column` on, and notes their
   numbers. */
static void add_columns(const struct resource *resource, struct layout *layout, int column,
                        struct strbuf *sql)
{
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];
		struct field_layout *columns = &layout->fields[i];
		columns->column = columns->null_column = columns->grows = columns->list = -1;
		if (field->kind == KEY) {
			columns->column = 0;
		} else if (kind_has_column(field->kind)) {
			columns->column = column++;
			strbuf_printf(sql, ", t.%s", field->column);
		}
		if (field->null_column != NULL) {
			columns->null_column = column++;
			strbuf_printf(sql, ", t.%s", field->null_column);
		}
		if (field->grows_if != NULL) {
			columns->grows = column++;
			strbuf_printf(sql, ", t.in_space AND %s", field->grows_if);
		}
		if (is_loaded_list(resource, field))
			columns->list = layout->list_count++;
	}
	layout->as_of = -1;
	if (resource->as_of) {
		layout->as_of = column++;
		strbuf_str(sql, ", t.as_of");
	}
}

static void init_resource(const struct resource *resource, struct layout *layout)
{
	struct strbuf sql = STRBUF_INIT;
	strbuf_str(&sql, "SELECT t.id");
	add_columns(resource, layout, 1, &sql);
	strbuf_printf(&sql, " FROM %s t WHERE t.id = ANY($1)", resource->name);
	layout->load = (struct statement){strbuf_steal(&sql, &(size_t){0}), 1, key_array(resource)};
}

/* Rows of a keyless resource are stored in the table of the list, with the owner's id. */
static void write_links(const struct resource *owner, const struct field *field, struct strbuf *sql)
{
	strbuf_printf(sql, "SELECT t.%s_id", owner->name);
	if (field->of->keyless)
		add_columns(field->of, &layouts[field->of->index], 1, sql);
	else
		strbuf_printf(sql, ", t.%s_id", field->of->name);
	strbuf_printf(sql, " FROM %s t WHERE t.%s_id = ANY($1) ORDER BY t.%s_id, t.position",
	              field->column, owner->name, owner->name);
}

static void write_pairs(const struct resource *owner, const struct field *field,
                        struct strbuf *sql);

/* Joins what a step of a way leads to, as `n<step>`, and writes where its key is. */
static void write_step(const struct field_path *path, size_t step, const struct resource *from,
                       struct strbuf *sql, char key[static 32])
{
	const struct field *field = path->step[step];
	char row[16];

	snprintf(row, sizeof(row), step == 0 ? "t" : "n%zu", step - 1);
	if (field->kind == ONE) {
		snprintf(key, 32, "%s.%s", row, field->column);
	} else {
		strbuf_str(sql, " JOIN (");
		write_pairs(from, field, sql);
		strbuf_printf(sql, ") l%zu ON l%zu.owner = %s.id", step, step, row);
		snprintf(key, 32, "l%zu.item", step);
	}
	if (step + 1 < path->count)
		strbuf_printf(sql, " JOIN %s n%zu ON n%zu.id = %s", field->of->name, step, step,
		              key);
}

/* A list as a table of owner and item, for the FROM of a statement; each pair once for each way that leads from one
   to the other. */
static void write_pairs(const struct resource *owner, const struct field *field, struct strbuf *sql)
{
	struct strbuf joins = STRBUF_INIT;
	char key[32];

	if (field->kind == MANY) {
		strbuf_printf(sql, "SELECT %s_id AS owner, %s_id AS item FROM %s", owner->name,
		              field->of->name, field->column);
		return;
	}
	struct field_path path = field_path_of(field->of, field->back);
	for (size_t i = 0; i < path.count; i++)
		write_step(&path, i, field_path_owner(field->of, &path, i), &joins, key);
	strbuf_printf(sql, "SELECT %s AS owner, t.id AS item FROM %s t%s", key, field->of->name,
	              joins.data ? joins.data : "");
	if (field->where != NULL)
		strbuf_printf(sql, " WHERE %s", field->where);
	strbuf_fini(&joins);
}

static void init_list(const struct resource *owner, const struct field *field,
                      struct field_layout *columns)
{
	struct strbuf sql = STRBUF_INIT;
	if (field->kind == MANY) {
		write_links(owner, field, &sql);
	} else {
		strbuf_str(&sql, "SELECT DISTINCT owner, item FROM (");
		write_pairs(owner, field, &sql);
		strbuf_str(&sql, ") l WHERE owner = ANY($1) ORDER BY owner, item");
	}
	columns->load_list =
		(struct statement){strbuf_steal(&sql, &(size_t){0}), 1, key_array(owner)};
}

/* Where there are more names than a catalog holds, NULLs come instead. */
static void init_catalog(const struct resource *resource, struct layout *layout)
{
	const struct endpoint *endpoint = endpoint_of(resource);
	const struct field *name = resource_field(resource, "name");
	struct strbuf sql = STRBUF_INIT;
	strbuf_str(&sql, "SELECT t.id");
	for (size_t i = 0; endpoint != NULL && i < endpoint->filter_count; i++)
		if (endpoint->filters[i].indexed)
			strbuf_printf(&sql, ", t.%s",
			              resource_field(resource, endpoint->filters[i].path)->column);
	if (endpoint != NULL && endpoint->order != NULL)
		strbuf_printf(&sql, ", t.%s", resource_field(resource, endpoint->order)->column);
	if (name != NULL)
		strbuf_printf(&sql,
		              ", CASE WHEN count(*) OVER () <= %d THEN coalesce(t.%s, '') END",
		              CATALOG_NAMES_MAX, name->column);
	strbuf_printf(&sql, " FROM %s t ORDER BY t.id", resource->name);
	layout->catalog = (struct statement){strbuf_steal(&sql, &(size_t){0}), 0, NULL};
}

static void init_all(void)
{
	layouts = must(calloc(resource_count, sizeof(*layouts)));
	for (size_t i = 0; i < resource_count; i++)
		if (!resources[i]->keyless) {
			init_resource(resources[i], &layouts[i]);
			init_catalog(resources[i], &layouts[i]);
		}
	for (size_t i = 0; i < resource_count; i++)
		for (size_t f = 0; f < resources[i]->field_count; f++)
			if (is_loaded_list(resources[i], &resources[i]->fields[f]))
				init_list(resources[i], &resources[i]->fields[f],
				          &layouts[i].fields[f]);
}

const struct layout *layout_of(size_t resource)
{
	pthread_once(&once, init_all);
	return &layouts[resource];
}
