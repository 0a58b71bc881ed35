/* Loading a graph of rows, level by level. */
#include "repository/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/metrics.h"
#include "layout.h"
#include "repository/session.h"
#include "resources/all.h"

/* The rows of one resource by key: open addressing, a power of two of places. */
struct shelf {
	struct row **places;
	size_t place_count;
	size_t used;
};

/* A growing list of rows. */
struct queue {
	struct row **row;
	size_t count, capacity;
};

/* A view of a row that is wanted and not yet followed. */
struct want {
	struct row *row;
	enum level level;
	bool waits; /* for a list that is asked for but not there */
};

struct graph {
	struct arena arena;
	struct shelf *shelves; /* by resource_index */
	struct queue *fetch;   /* by resource_index: rows to be read at the next level */
	struct queue (*lists)[RESOURCE_FIELDS_MAX]; /* and owners whose lists are to be read */
	struct want *wants;
	size_t want_count, want_capacity;
	PGresult **results;
	size_t result_count, result_capacity;
	size_t row_count;
};

static void *grow(void *array, size_t *capacity, size_t size)
{
	*capacity = *capacity ? 2 * *capacity : 16;
	void *grown = realloc(array, *capacity * size);
	if (grown == NULL)
		abort();
	return grown;
}

static void queue_add(struct queue *queue, struct row *row)
{
	if (queue->count == queue->capacity)
		queue->row = grow(queue->row, &queue->capacity, sizeof(struct row *));
	queue->row[queue->count++] = row;
}

static void *must_calloc(size_t count, size_t size)
{
	void *memory = calloc(count, size);
	if (memory == NULL)
		abort();
	return memory;
}

struct graph *graph_new(void)
{
	struct graph *graph = must_calloc(1, sizeof(*graph));
	arena_init(&graph->arena);
	graph->shelves = must_calloc(resource_count, sizeof(*graph->shelves));
	graph->fetch = must_calloc(resource_count, sizeof(*graph->fetch));
	graph->lists = must_calloc(resource_count, sizeof(*graph->lists));
	return graph;
}

void graph_free(struct graph *graph)
{
	if (graph == NULL)
		return;
	for (size_t i = 0; i < graph->result_count; i++)
		PQclear(graph->results[i]);
	for (size_t i = 0; i < resource_count; i++) {
		free(graph->shelves[i].places);
		free(graph->fetch[i].row);
		for (size_t f = 0; f < resources[i]->field_count; f++)
			free(graph->lists[i][f].row);
	}
	free(graph->shelves);
	free(graph->fetch);
	free(graph->lists);
	free(graph->wants);
	free(graph->results);
	arena_fini(&graph->arena);
	free(graph);
}

static struct key read_key(const char *data, bool uuid)
{
	if (uuid)
		return (struct key){wire_get64(data), wire_get64(data + 8)};
	return (struct key){0, wire_get64(data)};
}

/* Where the key's row is, or the empty place where it belongs. The shelf has a place. */
static struct row **shelf_place(const struct shelf *shelf, struct key key)
{
	size_t mask = shelf->place_count - 1;
	size_t i = key_hash(key) & mask;
	while (shelf->places[i] != NULL && !key_equal(shelf->places[i]->key, key))
		i = (i + 1) & mask;
	return &shelf->places[i];
}

static void shelf_grow(struct shelf *shelf)
{
	struct shelf larger = {.place_count = shelf->place_count ? 2 * shelf->place_count : 16,
			       .used = shelf->used};
	larger.places = must_calloc(larger.place_count, sizeof(struct row *));
	for (size_t i = 0; i < shelf->place_count; i++)
		if (shelf->places[i] != NULL)
			*shelf_place(&larger, shelf->places[i]->key) = shelf->places[i];
	free(shelf->places);
	*shelf = larger;
}

static struct row *shelf_find(const struct shelf *shelf, struct key key)
{
	return shelf->place_count ? *shelf_place(shelf, key) : NULL;
}

static struct row *new_row(struct graph *graph, const struct resource *resource)
{
	struct row *row = arena_alloc(&graph->arena, sizeof(*row));
	row->resource = resource;
	row->layout = layout_of(resource->index);
	return row;
}

/* The key's row; a new one is to be read at the next level. */
static struct row *find_or_add(struct graph *graph, const struct resource *resource, struct key key)
{
	struct shelf *shelf = &graph->shelves[resource->index];
	if (2 * shelf->used >= shelf->place_count)
		shelf_grow(shelf);
	struct row **place = shelf_place(shelf, key);
	if (*place == NULL) {
		*place = new_row(graph, resource);
		(*place)->key = key;
		shelf->used++;
		queue_add(&graph->fetch[resource->index], *place);
	}
	return *place;
}

/* The lists of a view are asked for by the owner's key, so in the same round trip as the owner, or at
   the next where the owner is there already. Returns whether any must be waited for. */
static bool want_lists(struct graph *graph, struct row *row, enum level level)
{
	static struct row *asked_for[1]; /* stands for a list that is not there yet */
	const struct resource *resource = row->resource;
	bool wait = false;
	if (row->layout->list_count == 0)
		return false;
	if (row->lists == NULL)
		row->lists = arena_array(&graph->arena, (size_t)row->layout->list_count,
					 sizeof(*row->lists));
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		if (field->kind != MANY || field_at(field, level) == ABSENT)
			continue;
		struct rows *list = &row->lists[row->layout->fields[f].list];
		if (list->row == NULL) {
			list->row = asked_for;
			queue_add(&graph->lists[resource->index][f], row);
		}
		wait = wait || list->row == asked_for;
	}
	return wait;
}

/* Notes that a view of the row is wanted, once. */
static void want_level(struct graph *graph, struct row *row, enum level level)
{
	if (row->levels & 1u << level)
		return;
	row->levels |= 1u << level;
	if (graph->want_count == graph->want_capacity)
		graph->wants = grow(graph->wants, &graph->want_capacity, sizeof(struct want));
	bool waits = want_lists(graph, row, level);
	graph->wants[graph->want_count++] = (struct want){row, level, waits};
}

struct row *graph_want(struct graph *graph, const struct resource *resource, struct key key, enum level level)
{
	struct row *row = find_or_add(graph, resource, key);
	want_level(graph, row, level);
	return row;
}

/* Asks for what a wanted view of a row refers to, now that the row is there. */
static void follow(struct graph *graph, struct row *row, enum level level)
{
	const struct resource *resource = row->resource;
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		enum level at = field_at(field, level);
		if (at == ABSENT)
			continue;
		if (field->kind == ONE) {
			struct value value = row_value(row, field);
			if (value.data != NULL)
				graph_want(graph, field->of, read_key(value.data, field->of->uuid), at);
		} else if (field->kind == MANY) {
			const struct rows *list = &row->lists[row->layout->fields[f].list];
			for (size_t i = 0; i < list->count; i++)
				want_level(graph, list->row[i], at);
		}
	}
}

/* Follows the views whose rows and lists are there; those ask for more, and what of that is there
   already is followed in the same go. */
static void follow_all(struct graph *graph)
{
	size_t kept = 0;
	for (size_t i = 0; i < graph->want_count; i++)
		graph->wants[i].waits = false;
	for (size_t i = 0; i < graph->want_count; i++) {
		struct want want = graph->wants[i];
		if (want.waits)
			graph->wants[kept++] = want;
		else if (want.row->result != NULL)
			follow(graph, want.row, want.level);
		else if (!want.row->missing)
			graph->wants[kept++] = want;
	}
	graph->want_count = kept;
}

/* --- One level: ask for all queues, then read the answers in the same order. --- */

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

/* The next result, which the graph keeps: its rows point into it. */
static PGresult *keep_result(struct graph *graph, struct session *session, struct error *error)
{
	PGresult *result = session_result(session, error);
	if (result == NULL)
		return NULL;
	if (graph->result_count == graph->result_capacity)
		graph->results = grow(graph->results, &graph->result_capacity, sizeof(PGresult *));
	graph->results[graph->result_count++] = result;
	graph->row_count += (size_t)PQntuples(result);
	return result;
}

/* Reads the first `asked` rows of the resource's queue; those behind them are of the next level. */
static bool read_rows(struct graph *graph, const struct resource *resource, size_t asked,
		      struct session *session, struct error *error)
{
	PGresult *result = keep_result(graph, session, error);
	if (result == NULL)
		return false;
	for (int line = 0; line < PQntuples(result); line++) {
		struct key key = read_key(PQgetvalue(result, line, 0), resource->uuid);
		struct row *row = shelf_find(&graph->shelves[resource->index], key);
		row->result = result;
		row->line = line;
	}
	struct queue *queue = &graph->fetch[resource->index];
	for (size_t i = 0; i < asked; i++)
		queue->row[i]->missing = queue->row[i]->result == NULL;
	queue->count -= asked;
	memmove(queue->row, queue->row + asked, queue->count * sizeof(struct row *));
	return true;
}

static struct row *list_item(struct graph *graph, const struct resource *of, PGresult *result, int line)
{
	if (!of->keyless)
		return find_or_add(graph, of, read_key(PQgetvalue(result, line, 1), of->uuid));
	struct row *row = new_row(graph, of);
	row->result = result;
	row->line = line;
	return row;
}

/* The rows of a list's result come owner by owner, in the list's order. */
static bool read_lists(struct graph *graph, const struct resource *owner, size_t f, struct session *session,
		       struct error *error)
{
	PGresult *result = keep_result(graph, session, error);
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
		struct key key = read_key(PQgetvalue(result, line, 0), owner->uuid);
		struct rows *list = &shelf_find(&graph->shelves[owner->index], key)->lists[number];
		if (list->count == 0)
			list->row = items + line;
		items[line] = list_item(graph, of, result, line);
		list->count++;
	}
	queue->count = 0;
	return true;
}

static bool read_level(struct graph *graph, struct session *session, struct error *error)
{
	/* Reading a list adds its items to the queues of the next level. */
	size_t asked[RESOURCE_COUNT];
	for (size_t r = 0; r < resource_count; r++)
		asked[r] = graph->fetch[r].count;
	for (size_t r = 0; r < resource_count; r++) {
		if (asked[r] > 0 && !read_rows(graph, resources[r], asked[r], session, error))
			return false;
		for (size_t f = 0; f < resources[r]->field_count; f++)
			if (graph->lists[r][f].count > 0 &&
			    !read_lists(graph, resources[r], f, session, error))
				return false;
	}
	return session_finish(session, error);
}

static bool anything_to_read(const struct graph *graph)
{
	for (size_t r = 0; r < resource_count; r++) {
		if (graph->fetch[r].count > 0)
			return true;
		for (size_t f = 0; f < resources[r]->field_count; f++)
			if (graph->lists[r][f].count > 0)
				return true;
	}
	return false;
}

bool graph_load(struct graph *graph, struct session *session, struct error *error)
{
	size_t before = graph->row_count;
	while (anything_to_read(graph)) {
		if (!send_level(graph, session, error) || !read_level(graph, session, error)) {
			struct error ignored = {""};
			(void)!(session_alive(session) && session_finish(session, &ignored));
			return false;
		}
		follow_all(graph);
	}
	metric_add(METRIC_db_rows_total, (int64_t)(graph->row_count - before));
	return true;
}

/* --- What the serializer reads. --- */
static const struct field_layout *field_layout_of(const struct row *row, const struct field *field)
{
	return &row->layout->fields[field_index(row->resource, field)];
}

struct value row_value(const struct row *row, const struct field *field)
{
	int column = field_layout_of(row, field)->column;
	if (row->result == NULL || PQgetisnull(row->result, row->line, column))
		return (struct value){NULL, 0};
	return (struct value){PQgetvalue(row->result, row->line, column),
			      (size_t)PQgetlength(row->result, row->line, column)};
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

struct row *row_reference(const struct graph *graph, const struct row *row, const struct field *field)
{
	struct value value = row_value(row, field);
	if (value.data == NULL)
		return NULL;
	struct row *referred = shelf_find(&graph->shelves[field->of->index],
					  read_key(value.data, field->of->uuid));
	return referred != NULL && referred->result != NULL ? referred : NULL;
}

const struct rows *row_list(const struct row *row, const struct field *field, bool *is_null)
{
	const struct field_layout *lies = field_layout_of(row, field);
	*is_null = column_is_true(row, lies->null_column);
	return &row->lists[lies->list];
}

size_t graph_row_count(const struct graph *graph)
{
	return graph->row_count;
}
