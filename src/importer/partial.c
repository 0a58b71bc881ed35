/* Counts rows whose lists are not all known. */
#include "importer/partial.h"

#include <inttypes.h>

#include "repository/wire.h"

/* The lists that the view of a single row has, and the default one of lists has not, as a condition. */
static void write_condition(struct strbuf *sql, const struct endpoint *endpoint)
{
	const struct resource *resource = endpoint->resource;

	strbuf_str(sql, "true");
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (field->known_column && field_shown(resource, field, endpoint->one) &&
		    !field_shown(resource, field, endpoint->modes[0].view))
			strbuf_printf(sql, " AND %s", field->known_column);
	}
}

static bool read_counts(struct session *session, const struct statement *statement, int64_t *rows,
                        int64_t *partial, struct error *error)
{
	static const struct parameters none = {.count = 0};
	PGresult *result;

	if (!session_send_once(session, statement, &none, error) || !session_sync(session, error))
		return false;
	result = session_result(session, error);
	if (result) {
		*rows = (int64_t)wire_get64(PQgetvalue(result, 0, 0));
		*partial = (int64_t)wire_get64(PQgetvalue(result, 0, 1));
	}
	PQclear(result);
	return session_finish(session, error) && result;
}

bool partial_count(struct session *session, const struct endpoint *endpoint, int64_t *rows,
                   int64_t *partial, struct error *error)
{
	struct strbuf sql = STRBUF_INIT;
	bool done;

	strbuf_str(&sql, "SELECT count(*), count(*) FILTER (WHERE NOT (");
	write_condition(&sql, endpoint);
	strbuf_printf(&sql, ")) FROM %s", endpoint->resource->name);
	done = read_counts(session, &(struct statement){.sql = sql.data}, rows, partial, error);
	strbuf_fini(&sql);
	return done;
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

bool partial_write(struct session *session, struct strbuf *out, struct error *error)
{
	const char *before = "";

	for (size_t i = 0; i < endpoint_count; i++) {
		const struct endpoint *endpoint = endpoints[i];
		int64_t rows, partial;

		if (!partial_count(session, endpoint, &rows, &partial, error))
			return false;
		if (partial == 0)
			continue;
		strbuf_printf(out,
		              "%s%s known in the %s view only: %" PRId64
		              " (save documents with mode=%s)",
		              before, endpoint->nouns, endpoint->modes[0].name, partial,
		              full_mode(endpoint));
		before = "; ";
	}
	return true;
}
