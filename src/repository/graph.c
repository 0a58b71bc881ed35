/* A graph: its rows by key, the views that are wanted of them, their values, and how they are loaded. Each
   level sends the statements for all rows and lists that are queued in one pipeline, reads the results in
   the same order and follows what the new rows refer to, which fills the queues of the next level. */
#include "repository/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "layout.h"
#include "repository/session.h"
#include "resources/all.h"

/* A growing list of rows. */
struct queue {
	struct row **row;
	size_t count, capacity;
};

/* A view of a row that is wanted and whose references are not followed yet. */
struct want {
	struct row *row;
	enum view_id view;
	bool waits; /* for a list that has not been read yet */
};

struct graph {
	struct arena arena;
	struct hash_table rows[RESOURCE_COUNT]; /* by the resource's index: its rows by key */
	struct queue fetch[RESOURCE_COUNT];     /* likewise: rows to be read at the next level */
	/* By the owner's resource and field: owners whose lists are to be read. */
	struct queue lists[RESOURCE_COUNT][RESOURCE_FIELDS_MAX];
	size_t queued; /* rows in all of these queues */
	struct want *wants;
	size_t want_count, want_capacity;
	PGresult **results;
	size_t result_count, result_capacity;
	size_t row_count;
};

struct graph *graph_new(void)
{
	struct graph *graph = must(calloc(1, sizeof(*graph)));
	arena_init(&graph->arena);
	return graph;
}

void graph_free(struct graph *graph)
{
	if (graph == NULL)
		return;
	for (size_t i = 0; i < graph->result_count; i++)
		PQclear(graph->results[i]);
	for (size_t r = 0; r < RESOURCE_COUNT; r++) {
		hash_table_fini(&graph->rows[r]);
		free(graph->fetch[r].row);
		for (size_t f = 0; f < resources[r]->field_count; f++)
			free(graph->lists[r][f].row);
	}
	free(graph->wants);
	free(graph->results);
	arena_fini(&graph->arena);
	free(graph);
}

/* --- Rows by key. --- */

static void queue_add(struct graph *graph, struct queue *queue, struct row *row)
{
	graph->queued++;
	if (queue->count == queue->capacity)
		queue->row = grow_array(queue->row, &queue->capacity, sizeof(struct row *));
	queue->row[queue->count++] = row;
}

static struct row *find_row(const struct graph *graph, const struct resource *resource,
                            struct key key)
{
	const struct hash_table *rows = &graph->rows[resource->index];
	for (struct hash_node *node = hash_table_first(rows, key_hash(key)); node != NULL;
	     node = hash_table_next(node)) {
		struct row *row = CONTAINER_OF(node, struct row, node);
		if (key_equal(row->key, key))
			return row;
	}
	return NULL;
}

/* A row that is in no table yet. */
static struct row *new_row(struct graph *graph, const struct resource *resource)
{
	struct row *row = arena_alloc(&graph->arena, sizeof(*row));
	row->resource = resource;
	row->layout = layout_of(resource->index);
	return row;
}

/* A new one is read at the next level. */
static struct row *find_or_add_row(struct graph *graph, const struct resource *resource,
                                   struct key key)
{
	struct row *row = find_row(graph, resource, key);
	if (row != NULL)
		return row;
	row = new_row(graph, resource);
	row->key = key;
	hash_table_add(&graph->rows[resource->index], &row->node, key_hash(key));
	queue_add(graph, &graph->fetch[resource->index], row);
	return row;
}

/* --- Wanted views. --- */

static struct rows *list_of(const struct row *row, size_t field)
{
	return &row->lists[row->layout->fields[field].list];
}

/* Queues the lists of a view. They are selected by the owner's key, so that they are read with the owner, or
   at the next level where the owner has been read already. Returns whether one of them is still to be read. */
static bool want_lists(struct graph *graph, struct row *row, enum view_id view)
{
	static struct row *queued[1]; /* stands for a list that is not read yet */
	const struct resource *resource = row->resource;
	bool wait = false;
	if (row->layout->list_count == 0)
		return false;
	if (row->lists == NULL)
		row->lists = arena_array(&graph->arena, (size_t)row->layout->list_count,
		                         sizeof(*row->lists));
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		if (row->layout->fields[f].list < 0 || field_shown(resource, field, view) == ABSENT)
			continue;
		struct rows *list = list_of(row, f);
		if (list->row == NULL) {
			list->row = queued;
			queue_add(graph, &graph->lists[resource->index][f], row);
		}
		wait = wait || list->row == queued;
	}
	return wait;
}

/* Does nothing where the view is wanted already. */
static void want_view(struct graph *graph, struct row *row, enum view_id view)
{
	if (row->views & 1u << view)
		return;
	row->views |= 1u << view;
	if (graph->want_count == graph->want_capacity)
		graph->wants = grow_array(graph->wants, &graph->want_capacity, sizeof(struct want));
	bool waits = want_lists(graph, row, view);
	graph->wants[graph->want_count++] = (struct want){row, view, waits};
}

struct row *graph_want(struct graph *graph, const struct resource *resource, struct key key,
                       enum view_id view)
{
	struct row *row = find_or_add_row(graph, resource, key);
	want_view(graph, row, view);
	return row;
}

/* Wants what a view of a row that has been read refers to. */
static void follow(struct graph *graph, struct row *row, enum view_id view)
{
	const struct resource *resource = row->resource;
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		enum view_id at = field_shown(resource, field, view);
		if (at == ABSENT)
			continue;
		if (field->kind == ONE) {
			struct value value = row_value(row, field);
			if (value.data != NULL)
				graph_want(graph, field->of,
				           wire_get_key(value.data, field->of->uuid), at);
		} else if (row->layout->fields[f].list >= 0) {
			const struct rows *list = list_of(row, f);
			size_t i =
				field->kind == REVERSE_ONE && list->count > 0 ? list->count - 1 : 0;
			for (; i < list->count; i++)
				want_view(graph, list->row[i], at);
		}
	}
}

/* Follows the views whose rows and lists have been read. The loop reaches what that adds behind them, too. */
static void follow_all(struct graph *graph)
{
	size_t left = 0;
	for (size_t i = 0; i < graph->want_count; i++)
		graph->wants[i].waits = false;
	for (size_t i = 0; i < graph->want_count; i++) {
		struct want want = graph->wants[i];
		if (!want.waits && want.row->result != NULL)
			follow(graph, want.row, want.view);
		else if (want.waits || !want.row->missing)
			graph->wants[left++] = want;
	}
	graph->want_count = left;
}

/* --- Loading. --- */

static bool send_keys(struct session *session, const struct statement *statement,
                      const struct queue *queue, bool uuid, struct error *error)
{
	struct wire_array keys;
	wire_array_init(&keys, wire_key_type(uuid));
	for (size_t i = 0; i < queue->count; i++)
		wire_element_key(&keys, uuid, queue->row[i]->key);
	wire_array_finish(&keys);
	struct parameters parameters = {.count = 1};
	parameters.data[0] = keys.bytes.data;
	parameters.length[0] = (int)keys.bytes.length;
	bool sent = session_send(session, statement, &parameters, error);
	wire_array_fini(&keys);
	return sent;
}

static bool send_level(struct graph *graph, struct session *session, struct error *error)
{
	for (size_t r = 0; r < resource_count; r++) {
		const struct resource *resource = resources[r];
		const struct layout *layout = layout_of(r);
		if (graph->fetch[r].count > 0 &&
		    !send_keys(session, &layout->load, &graph->fetch[r], resource->uuid, error))
			return false;
		for (size_t f = 0; f < resource->field_count; f++)
			if (graph->lists[r][f].count > 0 &&
			    !send_keys(session, &layout->fields[f].load_list, &graph->lists[r][f],
			               resource->uuid, error))
				return false;
	}
	return session_sync(session, error);
}

/* The next result, owned by the graph, whose rows point into it. */
static PGresult *take_result(struct graph *graph, struct session *session, struct error *error)
{
	PGresult *result = session_result(session, error);
	if (result == NULL)
		return NULL;
	if (graph->result_count == graph->result_capacity)
		graph->results =
			grow_array(graph->results, &graph->result_capacity, sizeof(PGresult *));
	graph->results[graph->result_count++] = result;
	graph->row_count += (size_t)PQntuples(result);
	return result;
}

/* Reads the first `count` rows of the resource's queue; those behind them belong to the next level. */
static bool read_rows(struct graph *graph, const struct resource *resource, size_t count,
                      struct session *session, struct error *error)
{
	PGresult *result = take_result(graph, session, error);
	if (result == NULL)
		return false;
	for (int line = 0; line < PQntuples(result); line++) {
		struct key key = wire_get_key(PQgetvalue(result, line, 0), resource->uuid);
		struct row *row = find_row(graph, resource, key);
		row->result = result;
		row->line = line;
	}
	struct queue *queue = &graph->fetch[resource->index];
	for (size_t i = 0; i < count; i++)
		queue->row[i]->missing = queue->row[i]->result == NULL;
	queue->count -= count;
	graph->queued -= count;
	memmove(queue->row, queue->row + count, queue->count * sizeof(struct row *));
	return true;
}

static struct row *list_item(struct graph *graph, const struct resource *of, PGresult *result,
                             int line)
{
	if (!of->keyless)
		return find_or_add_row(graph, of,
		                       wire_get_key(PQgetvalue(result, line, 1), of->uuid));
	struct row *row = new_row(graph, of);
	row->result = result;
	row->line = line;
	return row;
}

/* The lines of a list's result are sorted by owner and, within an owner, in the list's order. */
static bool read_lists(struct graph *graph, const struct resource *owner, size_t f,
                       struct session *session, struct error *error)
{
	PGresult *result = take_result(graph, session, error);
	if (result == NULL)
		return false;
	struct queue *queue = &graph->lists[owner->index][f];
	const struct resource *of = owner->fields[f].of;
	int number = layout_of(owner->index)->fields[f].list;
	int count = PQntuples(result);
	struct row **items = arena_array(&graph->arena, (size_t)count + 1, sizeof(struct row *));
	for (size_t i = 0; i < queue->count; i++)
		queue->row[i]->lists[number].row = items;
	for (int line = 0; line < count; line++) {
		struct key key = wire_get_key(PQgetvalue(result, line, 0), owner->uuid);
		struct rows *list = &find_row(graph, owner, key)->lists[number];
		if (list->count == 0)
			list->row = items + line;
		items[line] = list_item(graph, of, result, line);
		list->count++;
	}
	graph->queued -= queue->count;
	queue->count = 0;
	return true;
}

static bool read_level(struct graph *graph, struct session *session, struct error *error)
{
	/* Reading a list adds its items to the queues of the next level. */
	size_t sent[RESOURCE_COUNT];
	for (size_t r = 0; r < resource_count; r++)
		sent[r] = graph->fetch[r].count;
	for (size_t r = 0; r < resource_count; r++) {
		if (sent[r] > 0 && !read_rows(graph, resources[r], sent[r], session, error))
			return false;
		for (size_t f = 0; f < resources[r]->field_count; f++)
			if (graph->lists[r][f].count > 0 &&
			    !read_lists(graph, resources[r], f, session, error))
				return false;
	}
	return session_finish(session, error);
}

bool graph_load(struct graph *graph, struct session *session, struct error *error)
{
	size_t before = graph->row_count;
	while (graph->queued > 0) {
		if (!send_level(graph, session, error) || !read_level(graph, session, error)) {
			(void)!(session_alive(session) && session_finish(session, error));
			return false;
		}
		follow_all(graph);
	}
	metric_add(METRIC_db_rows_total, (int64_t)(graph->row_count - before));
	return true;
}

/* --- Values. --- */

static const struct field_layout *field_layout_of(const struct row *row, const struct field *field)
{
	return &row->layout->fields[field - row->resource->fields];
}

/* NaN and infinities, which JSON cannot express; only SQL by hand can have stored them. */
static bool is_infinite(const struct field *field, const char *data)
{
	switch (field->kind) {
	case DOUBLE:
		return !isfinite(wire_get_double(data));
	case TIME:
		return wire_get64(data) == INT64_MAX || wire_get64(data) == (uint64_t)INT64_MIN;
	case DATE:
		return wire_get32(data) == INT32_MAX || wire_get32(data) == (uint32_t)INT32_MIN;
	default:
		return false;
	}
}

struct value row_value(const struct row *row, const struct field *field)
{
	int column = field_layout_of(row, field)->column;
	if (row->result == NULL || PQgetisnull(row->result, row->line, column))
		return (struct value){NULL, 0};
	const char *data = PQgetvalue(row->result, row->line, column);
	if (is_infinite(field, data))
		return (struct value){NULL, 0};
	return (struct value){data, (size_t)PQgetlength(row->result, row->line, column)};
}

static bool column_is_true(const struct row *row, int column)
{
	return row->result != NULL && column >= 0 && !PQgetisnull(row->result, row->line, column) &&
	       PQgetvalue(row->result, row->line, column)[0] != 0;
}

bool row_as_of(const struct row *row, int64_t *moment)
{
	int column = row->layout->as_of;
	if (row->result == NULL || column < 0 || PQgetisnull(row->result, row->line, column))
		return false;
	*moment = wire_get_moment(PQgetvalue(row->result, row->line, column));
	return true;
}

bool row_grows(const struct row *row, const struct field *field)
{
	if (field->grows_if != NULL)
		return column_is_true(row, field_layout_of(row, field)->grows);
	const struct field *in_space = resource_field(row->resource, "in_space");
	return column_is_true(row, field_layout_of(row, in_space)->column);
}

struct row *row_reference(const struct graph *graph, const struct row *row,
                          const struct field *field)
{
	struct row *referred = NULL;
	if (field->kind == REVERSE_ONE) {
		const struct rows *rows = &row->lists[field_layout_of(row, field)->list];
		if (rows->count > 0)
			referred = rows->row[rows->count - 1];
	} else {
		struct value value = row_value(row, field);
		if (value.data != NULL)
			referred = find_row(graph, field->of,
			                    wire_get_key(value.data, field->of->uuid));
	}
	return referred != NULL && referred->result != NULL ? referred : NULL;
}

const struct rows *row_list(const struct row *row, const struct field *field, bool *is_null)
{
	const struct field_layout *layout = field_layout_of(row, field);
	*is_null = column_is_true(row, layout->null_column);
	return &row->lists[layout->list];
}
