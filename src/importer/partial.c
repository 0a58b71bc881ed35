/* Counts rows whose lists are not all known. */
#include "importer/partial.h"

#include <inttypes.h>

#include "base/text.h"
#include "repository/execute.h"
#include "resources/endpoint.h"

/* The lists that the view of a single row has, and the default one of lists has not, as a condition. */
static void write_condition(struct strbuf *sql, const struct endpoint *endpoint)
{
	const struct resource *resource = endpoint->resource;

	strbuf_str(sql, "true");
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (field->known_column && field_shown(resource, field, endpoint->one) &&
		    !field_shown(resource, field, endpoint_default_view(endpoint)))
			strbuf_printf(sql, " AND %s", field->known_column);
	}
}

static bool count_rows(struct session *session, const struct endpoint *endpoint,
                       struct partial_counts *counts, struct error *error)
{
	size_t index = endpoint->resource->index;
	struct strbuf sql = STRBUF_INIT;
	PGresult *result;
	bool done;

	strbuf_str(&sql, "SELECT count(*), count(*) FILTER (WHERE NOT (");
	write_condition(&sql, endpoint);
	strbuf_printf(&sql,
	              ") AND t.id::text IN (SELECT key FROM import_document"
	              " WHERE resource = '%s')) FROM %s t",
	              endpoint->resource->name, endpoint->resource->name);
	done = execute_once(session, &(struct statement){.sql = sql.data}, NO_ARGUMENTS, &result,
	                    error);
	strbuf_fini(&sql);
	if (!done)
		return false;
	counts->rows[index] = result_bigint(result, 0, 0);
	counts->partial[index] = result_bigint(result, 0, 1);
	PQclear(result);
	return true;
}

bool partial_count(struct session *session, struct partial_counts *counts, struct error *error)
{
	for (size_t i = 0; i < endpoint_count; i++)
		if (!endpoints[i]->whole && !count_rows(session, endpoints[i], counts, error))
			return false;
	return true;
}

/* The value of `mode` that shows all. */
static const char *full_mode(const struct endpoint *endpoint)
{
	const char *name = endpoint->modes[0].name;

	for (size_t i = 0; i < MODES_MAX && endpoint->modes[i].name; i++)
		if (endpoint->modes[i].view == endpoint->one)
			name = endpoint->modes[i].name;
	return name;
}

void partial_write(const struct partial_counts *counts, struct strbuf *out)
{
	const char *before = "";

	for (size_t i = 0; i < endpoint_count; i++) {
		const struct endpoint *endpoint = endpoints[i];
		int64_t partial = counts->partial[endpoint->resource->index];

		if (partial == 0 || endpoint->whole)
			continue;
		strbuf_printf(out,
		              "%s%s known in the %s view only: %" PRId64
		              " (save documents with mode=%s)",
		              before, endpoint->nouns, endpoint->modes[0].name, partial,
		              full_mode(endpoint));
		before = "; ";
	}
}

/* A row with lists that are not known. */
struct unknown_row {
	struct hash_node node;
	const struct resource *resource;
	struct key key;
	bool *unknown; /* by field */
};

static uint64_t row_hash(const struct resource *resource, struct key key)
{
	return key_hash(key) ^ hash_integer(resource->index);
}

/* Columns: the key, and for each of the lists whether it is known. False: the resource has no such lists. */
static bool write_unknown_sql(const struct resource *resource, struct strbuf *sql)
{
	struct strbuf condition = STRBUF_INIT;

	strbuf_str(sql, "SELECT id");
	for (size_t i = 0; i < resource->field_count && !resource->keyless; i++) {
		const char *column = resource->fields[i].known_column;

		if (!column)
			continue;
		strbuf_printf(sql, ", %s", column);
		strbuf_printf(&condition, "%s%s", condition.length > 0 ? " AND " : "", column);
	}
	strbuf_printf(sql, " FROM %s WHERE NOT (%s)", resource->name,
	              condition.length > 0 ? condition.data : "");
	strbuf_fini(&condition);
	return !text_ends_with((struct text){sql->data, sql->length}, "()");
}

static void take_row(struct unknown_lists *lists, const struct resource *resource,
                     const PGresult *result, int line)
{
	struct unknown_row *row = arena_alloc(&lists->arena, sizeof(*row));
	int column = 1;

	row->resource = resource;
	row->key = wire_get_key(PQgetvalue(result, line, 0), resource->uuid);
	row->unknown = arena_array(&lists->arena, resource->field_count, sizeof(*row->unknown));
	for (size_t i = 0; i < resource->field_count; i++)
		if (resource->fields[i].known_column)
			row->unknown[i] = !result_boolean(result, line, column++);
	hash_table_add(&lists->rows, &row->node, row_hash(resource, row->key));
}

static bool read_unknown(struct session *session, const struct resource *resource,
                         struct unknown_lists *lists, struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	PGresult *result = NULL;
	bool done = !write_unknown_sql(resource, &sql) ||
	            execute_once(session, &(struct statement){.sql = sql.data}, NO_ARGUMENTS,
	                         &result, error);

	for (int i = 0; i < PQntuples(result); i++)
		take_row(lists, resource, result, i);
	PQclear(result);
	strbuf_fini(&sql);
	return done;
}

bool unknown_lists_read(struct session *session, struct unknown_lists *lists, struct error *error)
{
	arena_init(&lists->arena);
	hash_table_init(&lists->rows);
	for (size_t i = 0; i < resource_count; i++)
		if (!read_unknown(session, resources[i], lists, error))
			return false;
	return true;
}

void unknown_lists_fini(struct unknown_lists *lists)
{
	hash_table_fini(&lists->rows);
	arena_fini(&lists->arena);
}

bool unknown_lists_have(const struct unknown_lists *lists, const struct resource *resource,
                        struct key key, const struct field *field)
{
	struct hash_node *node = hash_table_first(&lists->rows, row_hash(resource, key));

	for (; node; node = hash_table_next(node)) {
		const struct unknown_row *row = CONTAINER_OF(node, struct unknown_row, node);

		if (row->resource == resource && key_equal(row->key, key))
			return row->unknown[field - resource->fields];
	}
	return false;
}
