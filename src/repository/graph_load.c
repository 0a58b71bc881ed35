/* Loads a graph level by level: asks for all that is queued, then reads the answers in the same order. */
#include <string.h>

#include "base/memory.h"
#include "base/metrics.h"
#include "graph_internal.h"

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
		graph->results =
			grow_array(graph->results, &graph->result_capacity, sizeof(PGresult *));
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
		struct key key = wire_get_key(PQgetvalue(result, line, 0), resource->uuid);
		struct row *row = graph_find(graph, resource, key);
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

static struct row *list_item(struct graph *graph, const struct resource *of, PGresult *result,
                             int line)
{
	if (!of->keyless)
		return graph_find_or_add(graph, of,
		                         wire_get_key(PQgetvalue(result, line, 1), of->uuid));
	struct row *row = graph_new_row(graph, of);
	row->result = result;
	row->line = line;
	return row;
}

/* The rows of a list's result come owner by owner, in the list's order. */
static bool read_lists(struct graph *graph, const struct resource *owner, size_t f,
                       struct session *session, struct error *error)
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
		struct key key = wire_get_key(PQgetvalue(result, line, 0), owner->uuid);
		struct rows *list = &graph_find(graph, owner, key)->lists[number];
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
			(void)!(session_alive(session) && session_finish(session, error));
			return false;
		}
		graph_follow(graph);
	}
	metric_add(METRIC_db_rows_total, (int64_t)(graph->row_count - before));
	return true;
}
