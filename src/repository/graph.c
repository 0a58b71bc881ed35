/* The rows of a graph: by key, with what is wanted of each, and their values. */
#include "repository/graph.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "graph_internal.h"

static void queue_add(struct queue *queue, struct row *row)
{
	if (queue->count == queue->capacity)
		queue->row = grow_array(queue->row, &queue->capacity, sizeof(struct row *));
	queue->row[queue->count++] = row;
}

struct graph *graph_new(void)
{
	struct graph *graph = must(calloc(1, sizeof(*graph)));
	arena_init(&graph->arena);
	graph->shelves = must(calloc(resource_count, sizeof(*graph->shelves)));
	graph->fetch = must(calloc(resource_count, sizeof(*graph->fetch)));
	graph->lists = must(calloc(resource_count, sizeof(*graph->lists)));
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
	larger.places = must(calloc(larger.place_count, sizeof(struct row *)));
	for (size_t i = 0; i < shelf->place_count; i++)
		if (shelf->places[i] != NULL)
			*shelf_place(&larger, shelf->places[i]->key) = shelf->places[i];
	free(shelf->places);
	*shelf = larger;
}

struct row *graph_find(const struct graph *graph, const struct resource *resource, struct key key)
{
	const struct shelf *shelf = &graph->shelves[resource->index];
	return shelf->place_count ? *shelf_place(shelf, key) : NULL;
}

struct row *graph_new_row(struct graph *graph, const struct resource *resource)
{
	struct row *row = arena_alloc(&graph->arena, sizeof(*row));
	row->resource = resource;
	row->layout = layout_of(resource->index);
	return row;
}

struct row *graph_find_or_add(struct graph *graph, const struct resource *resource, struct key key)
{
	struct shelf *shelf = &graph->shelves[resource->index];
	if (2 * shelf->used >= shelf->place_count)
		shelf_grow(shelf);
	struct row **place = shelf_place(shelf, key);
	if (*place == NULL) {
		*place = graph_new_row(graph, resource);
		(*place)->key = key;
		shelf->used++;
		queue_add(&graph->fetch[resource->index], *place);
	}
	return *place;
}

/* The lists of a view are asked for by the owner's key, so in the same round trip as the owner, or at
   the next where the owner is there already. Returns whether any must be waited for. */
static bool want_lists(struct graph *graph, struct row *row, enum view_id view)
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
		if (!kind_is_list(field->kind) || field_shown(resource, field, view) == ABSENT)
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
	struct row *row = graph_find_or_add(graph, resource, key);
	want_view(graph, row, view);
	return row;
}

/* Asks for what a wanted view of a row refers to, now that the row is there. */
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
		} else if (kind_is_list(field->kind)) {
			const struct rows *list = &row->lists[row->layout->fields[f].list];
			for (size_t i = 0; i < list->count; i++)
				want_view(graph, list->row[i], at);
		}
	}
}

void graph_follow(struct graph *graph)
{
	size_t kept = 0;
	for (size_t i = 0; i < graph->want_count; i++)
		graph->wants[i].waits = false;
	for (size_t i = 0; i < graph->want_count; i++) {
		struct want want = graph->wants[i];
		if (!want.waits && want.row->result != NULL)
			follow(graph, want.row, want.view);
		else if (want.waits || !want.row->missing)
			graph->wants[kept++] = want;
	}
	graph->want_count = kept;
}

/* --- Values. --- */

static const struct field_layout *field_layout_of(const struct row *row, const struct field *field)
{
	return &row->layout->fields[field_index(row->resource, field)];
}

/* What JSON and the original have no word for, and only an edit by hand can bring in: NaN, infinities. */
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
	struct value value = row_value(row, field);
	if (value.data == NULL)
		return NULL;
	struct row *referred =
		graph_find(graph, field->of, wire_get_key(value.data, field->of->uuid));
	return referred != NULL && referred->result != NULL ? referred : NULL;
}

const struct rows *row_list(const struct row *row, const struct field *field, bool *is_null)
{
	const struct field_layout *lies = field_layout_of(row, field);
	*is_null = column_is_true(row, lies->null_column);
	return &row->lists[lies->list];
}
