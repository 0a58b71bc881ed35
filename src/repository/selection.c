/* Writes and runs the statements that select rows: their parameters, conditions and searches. */
#include "repository/selection.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash_table.h"
#include "base/memory.h"
#include "repository/wire.h"
#include "selection_parts.h"

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

void writer_window(struct writer *writer)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	if (endpoint->window == WINDOW_ALL)
		return;
	strbuf_printf(writer->sql, " AND t.%s %s ",
	              resource_field(endpoint->resource, endpoint->order)->column,
	              endpoint->window == WINDOW_FROM ? ">=" : "<=");
	writer_moment(writer, &writer->window, writer->selection->now + endpoint->window_shift);
}

void writer_key(struct writer *writer, const char *column)
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
	writer_window(writer);
	for (size_t i = 0; i < selection->condition_count; i++) {
		strbuf_str(writer->sql, " AND ");
		condition_write(writer->statement, selection, &selection->conditions[i],
		                &writer->conditions[i]);
	}
	writer_key(writer, "t.id");
	if (selection->term_count > 0) {
		strbuf_str(writer->sql, " AND t.id IN (");
		writer_found(writer);
		strbuf_char(writer->sql, ')');
	}
}

/* Whether the rows are not simply all, or those that are found. */
static bool has_conditions(const struct selection *selection)
{
	return selection->condition_count > 0 || selection->key != NULL ||
	       selection->endpoint->window != WINDOW_ALL;
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
	if (is_found_by_id(selection)) {
		writer_found(writer);
		strbuf_printf(writer->sql, " ORDER BY id%s",
		              selection->sorts[0].descending ? " DESC" : "");
	} else {
		writer_page(writer);
	}
	strbuf_str(writer->sql, " LIMIT ");
	writer_number(writer, &writer->limit, (int64_t)selection->limit);
	strbuf_str(writer->sql, " OFFSET ");
	writer_number(writer, &writer->offset, selection->offset);
}

/* The page is joined to the count, not the reverse, since a page may be empty; a join without a condition keeps
   its order. Where the count tells that the page is empty, it is not looked for: going through all rows in their order
   would find out last. */
static void write_statement(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	bool with = selection->term_count > 0 && writer_search(writer);
	if (!selection->counted) {
		write_page(writer);
		return;
	}
	strbuf_str(writer->sql, with ? ", " : "WITH ");
	strbuf_str(writer->sql, "selected AS MATERIALIZED (SELECT count(*) AS count FROM ");
	if (has_conditions(selection)) {
		strbuf_printf(writer->sql, "%s t WHERE true", selection->endpoint->resource->name);
		writer_conditions(writer);
	} else {
		strbuf_char(writer->sql, '(');
		writer_found(writer);
		strbuf_str(writer->sql, ") found");
	}
	strbuf_str(writer->sql, ") SELECT page.id, selected.count FROM selected LEFT JOIN ("
	                        "SELECT page.id FROM (");
	write_page(writer);
	strbuf_str(writer->sql, ") page WHERE (SELECT count FROM selected) > ");
	writer_number(writer, &writer->offset, selection->offset);
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

/* --- Prepared statements. Each costs memory on every session and in PostgreSQL, and clients can bring about new texts
   without end, so that there are only so many, and none for a text that comes once. --- */

#define SHAPES_MAX 256
#define SEEN_MAX 4096 /* a power of two */

struct shape {
	struct hash_node node; /* by the text */
	struct statement statement;
};

static pthread_mutex_t shapes_lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static struct hash_table shapes;
static uint64_t seen[SEEN_MAX]; /* hashes of texts that came, each in its place */

static const struct statement *find_shape(uint64_t hash, const char *sql)
{
	for (struct hash_node *node = hash_table_first(&shapes, hash); node != NULL;
	     node = hash_table_next(node)) {
		const struct shape *shape = CONTAINER_OF(node, struct shape, node);
		if (strcmp(shape->statement.sql, sql) == 0)
			return &shape->statement;
	}
	return NULL;
}

static bool came_again(uint64_t hash)
{
	uint64_t *place = &seen[hash & (SEEN_MAX - 1)];
	bool again = *place == hash;
	*place = hash;
	return again;
}

static const struct statement *add_shape(uint64_t hash, const struct statement *statement)
{
	size_t size = (size_t)statement->parameter_count * sizeof(Oid);
	struct shape *shape = must(calloc(1, sizeof(*shape)));
	Oid *types = must(malloc(size + 1));
	memcpy(types, statement->parameter_types, size);
	shape->statement =
		(struct statement){must(strdup(statement->sql)), statement->parameter_count, types};
	hash_table_add(&shapes, &shape->node, hash);
	return &shape->statement;
}

/* A statement of the same text and parameters that lives as long as the program, so that sessions can prepare it;
   NULL: it is not to be prepared, since the text comes for the first time or there are too many already. Any thread. */
static const struct statement *statement_shape(const struct statement *statement)
{
	uint64_t hash = hash_bytes(statement->sql, strlen(statement->sql), 0);
	pthread_mutex_lock(&shapes_lock);
	const struct statement *found = find_shape(hash, statement->sql);
	if (found == NULL && came_again(hash) && shapes.count < SHAPES_MAX)
		found = add_shape(hash, statement);
	pthread_mutex_unlock(&shapes_lock);
	return found;
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
