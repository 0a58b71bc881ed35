/* Counts rows whose lists are not all known. */
#include "importer/partial.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
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

static void take_keys(struct partial_keys *keys, const PGresult *result, bool uuid)
{
	size_t count = (size_t)PQntuples(result);

	keys->keys = must(calloc(count + 1, sizeof(*keys->keys)));
	for (; keys->count < count; keys->count++)
		keys->keys[keys->count] =
			wire_get_key(PQgetvalue(result, (int)keys->count, 0), uuid);
}

bool partial_keys_read(struct session *session, const struct endpoint *endpoint,
                       struct partial_keys *keys, struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	PGresult *result;
	bool done;

	*keys = (struct partial_keys){0};
	strbuf_printf(&sql, "SELECT id FROM %s WHERE NOT (", endpoint->resource->name);
	write_condition(&sql, endpoint);
	strbuf_str(&sql, ")");
	done = execute_once(session, &(struct statement){.sql = sql.data}, NO_ARGUMENTS, &result,
	                    error);
	strbuf_fini(&sql);
	if (!done)
		return false;
	take_keys(keys, result, endpoint->resource->uuid);
	PQclear(result);
	return true;
}

void partial_keys_fini(struct partial_keys *keys)
{
	free(keys->keys);
}

bool partial_keys_have(const struct partial_keys *keys, struct key key)
{
	for (size_t i = 0; i < keys->count; i++)
		if (key_equal(keys->keys[i], key))
			return true;
	return false;
}
