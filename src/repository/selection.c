/* Writes and runs the statements that select rows: their parameters, conditions and searches. */
#include "repository/selection.h"

#include "repository/wire.h"
#include "repository/wire.h"
#include "repository/wire.h"
#include "repository/wire.h"
#include "selection_parts.h"
#include "statement_shapes.h"

_Static_assert(CONDITIONS_MOST + SELECTION_TERMS_MAX + 5 <= PARAMETERS_MAX,
               "all conditions, terms, a key, a window, now, an offset and a limit");

/* --- Parameters. --- */

int statement_bind(struct selection_statement *statement, enum wire_type type,
                   const struct strbuf *value)
{
	int i = statement->parameters.count++;
	statement->types[i] = (Oid)type;
	statement->parameters.data[i] = arena_copy(&statement->arena, value->data, value->length);
	statement->parameters.length[i] = (int)value->length;
	return i + 1;
}

/* Takes the value's bytes; *parameter: its number, where it is bound already. */
static void write_parameter(struct writer *writer, int *parameter, enum wire_type type,
                            struct strbuf *value)
{
	if (*parameter == 0)
		*parameter = statement_bind(writer->statement, type, value);
	strbuf_printf(writer->sql, "$%d", *parameter);
	strbuf_fini(value);
}

void writer_moment(struct writer *writer, int *parameter, int64_t moment)
{
	struct strbuf value = STRBUF_INIT;
	wire_put_moment(&value, moment);
	write_parameter(writer, parameter, WIRE_TIMESTAMPTZ, &value);
}

void writer_number(struct writer *writer, int *parameter, int64_t number)
{
	struct strbuf value = STRBUF_INIT;
	wire_put64(&value, (uint64_t)number);
	write_parameter(writer, parameter, WIRE_BIGINT, &value);
}

/* --- Conditions. --- */

/* The part of the rows that the list has. */
static void write_window(struct writer *writer)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	if (endpoint->window == WINDOW_ALL)
		return;
	strbuf_printf(writer->sql, " AND t.%s %s ",
	              resource_field(endpoint->resource, endpoint->order)->column,
	              endpoint->window == WINDOW_FROM ? ">=" : "<=");
	writer_moment(writer, &writer->window, writer->selection->now + endpoint->window_shift);
}

static void write_key(struct writer *writer, const char *column)
{
	struct strbuf value = STRBUF_INIT;
	bool uuid = writer->selection->endpoint->resource->uuid;
	if (writer->selection->key == NULL)
		return;
	strbuf_printf(writer->sql, " AND %s = ", column);
	wire_put_key(&value, uuid, *writer->selection->key);
	write_parameter(writer, &writer->key, wire_key_type(uuid), &value);
}

void writer_conditions(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	write_window(writer);
	for (size_t i = 0; i < selection->condition_count; i++) {
		strbuf_str(writer->sql, " AND ");
		condition_write(writer->statement, selection, &selection->conditions[i],
		                &writer->conditions[i]);
	}
	write_key(writer, "t.id");
	if (selection->term_count > 0)
		strbuf_str(writer->sql, " AND t.id IN (SELECT id FROM found)");
}

/* Whether the rows are not simply all, or those that are found. */
static bool has_conditions(const struct selection *selection)
{
	return selection->condition_count > 0 || selection->key != NULL ||
	       selection->endpoint->window != WINDOW_ALL;
}

/* --- Search. --- */

static void bind_terms(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	struct strbuf pattern = STRBUF_INIT;
	for (size_t i = 0; i < selection->term_count; i++) {
		strbuf_reset(&pattern);
		pattern_write(selection->terms[i], &pattern);
		/* What parts the fields of a search table is a space in their texts, and so it is here. */
		for (size_t k = 0; selection->endpoint->search_table && k < pattern.length; k++)
			if (pattern.data[k] == SEARCH_SEPARATOR)
				pattern.data[k] = ' ';
		writer->terms[i] = statement_bind(writer->statement, WIRE_TEXT, &pattern);
	}
	strbuf_fini(&pattern);
}

/* The rows in which a term is found, each text by its own index. */
static void write_term(struct writer *writer, int parameter)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	for (size_t i = 0; i < endpoint->search_count; i++) {
		strbuf_printf(writer->sql, "%sSELECT t.id FROM %s t WHERE ", i > 0 ? " UNION " : "",
		              endpoint->resource->name);
		condition_write_term(endpoint->resource, endpoint->search[i], parameter,
		                     writer->sql);
		write_key(writer, "t.id");
	}
}

/* The rows in whose one text all terms are found. */
static void write_text_search(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	strbuf_printf(writer->sql, "SELECT id FROM %s WHERE true",
	              selection->endpoint->search_table);
	for (size_t i = 0; i < selection->term_count; i++)
		strbuf_printf(writer->sql, " AND text LIKE lower($%d)", writer->terms[i]);
	write_key(writer, "id");
}

/* The rows in which all terms are found, once for all parts of the statement. As conditions of each part
   they would take long to plan and longer when planned badly. */
static void write_found(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	bind_terms(writer);
	strbuf_str(writer->sql, "WITH found AS MATERIALIZED (");
	if (selection->endpoint->search_table != NULL)
		write_text_search(writer);
	for (size_t i = 0; i < selection->term_count && !selection->endpoint->search_table; i++) {
		strbuf_str(writer->sql, i > 0 ? " INTERSECT (" : "(");
		write_term(writer, writer->terms[i]);
		strbuf_char(writer->sql, ')');
	}
	strbuf_str(writer->sql, ") ");
}

/* --- The statement. --- */

/* Whether a search alone selects the rows, by id. */
static bool is_found_by_id(const struct selection *selection)
{
	return selection->term_count > 0 && !has_conditions(selection) &&
	       selection->sorts[0].ordering == NULL;
}

static void write_page(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	if (is_found_by_id(selection))
		strbuf_printf(writer->sql, "SELECT t.id FROM found t ORDER BY t.id%s",
		              selection->sorts[0].descending ? " DESC" : "");
	else
		writer_page(writer);
	strbuf_str(writer->sql, " LIMIT ");
	writer_number(writer, &writer->limit, (int64_t)selection->limit);
	strbuf_str(writer->sql, " OFFSET ");
	writer_number(writer, &writer->offset, selection->offset);
}

/* The page is joined to the count, not the reverse, since a page may be empty; a join without a condition keeps
   its order. */
static void write_statement(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	if (selection->term_count > 0)
		write_found(writer);
	if (!selection->counted) {
		write_page(writer);
		return;
	}
	strbuf_str(writer->sql, "SELECT page.id, selected.count FROM (SELECT count(*) FROM ");
	if (has_conditions(selection)) {
		strbuf_printf(writer->sql, "%s t WHERE true", selection->endpoint->resource->name);
		writer_conditions(writer);
	} else {
		strbuf_str(writer->sql, "found");
	}
	strbuf_str(writer->sql, ") selected LEFT JOIN (");
	write_page(writer);
	strbuf_str(writer->sql, ") page ON true");
}

void selection_statement_init(struct selection_statement *statement,
                              const struct selection *selection)
{
	struct writer writer = {
		.selection = selection, .statement = statement, .sql = &statement->sql};
	statement->sql = (struct strbuf)STRBUF_INIT;
	statement->parameters.count = 0;
	arena_init(&statement->arena);
	write_statement(&writer);
}

void selection_statement_fini(struct selection_statement *statement)
{
	strbuf_fini(&statement->sql);
	arena_fini(&statement->arena);
}

/* --- The round trip. --- */

/* A rare term and a common one need different plans, so that this statement is planned for its values. */
static const struct statement plan_for_values = {"SET LOCAL plan_cache_mode = force_custom_plan", 0,
                                                 NULL};
static const struct statement plan_generic = {"SET LOCAL plan_cache_mode = force_generic_plan", 0,
                                              NULL};

static bool send_statement(struct session *session, const struct selection_statement *written,
                           struct error *error)
{
	struct statement statement = {written->sql.data, written->parameters.count, written->types};
	const struct statement *shape = statement_shape(&statement);
	if (shape != NULL)
		return session_send(session, shape, &written->parameters, error);
	return session_send_once(session, &statement, &written->parameters, error);
}

static bool send_selection(struct session *session, const struct selection *selection,
                           struct error *error)
{
	struct selection_statement statement;
	selection_statement_init(&statement, selection);
	bool sent = session_send(session, &plan_for_values, NULL, error) &&
	            send_statement(session, &statement, error) &&
	            session_send(session, &plan_generic, NULL, error) &&
	            session_sync(session, error);
	selection_statement_fini(&statement);
	return sent;
}

/* Each row has a key and, where the selection is counted, the count; an empty page has a count and no key. */
static void read_page(const PGresult *page, bool uuid, struct key *keys, size_t *found,
                      size_t *count)
{
	int rows = PQntuples(page);
	*found = 0;
	for (int i = 0; i < rows && !PQgetisnull(page, i, 0); i++)
		keys[(*found)++] = wire_get_key(PQgetvalue(page, i, 0), uuid);
	if (rows > 0 && PQnfields(page) > 1)
		*count = (size_t)wire_get64(PQgetvalue(page, 0, 1));
}

bool selection_read(struct session *session, const struct selection *selection, struct key *keys,
                    size_t *found, size_t *count, struct error *error)
{
	if (selection->term_count > SELECTION_TERMS_MAX)
		return error_set(error, "more than %d search terms", SELECTION_TERMS_MAX);
	if (!send_selection(session, selection, error))
		return false;
	PGresult *set = session_result(session, error);
	PGresult *page = set ? session_result(session, error) : NULL;
	bool done = page != NULL;
	if (done)
		read_page(page, selection->endpoint->resource->uuid, keys, found, count);
	PQclear(set);
	PQclear(page);
	return session_finish(session, error) && done;
}
