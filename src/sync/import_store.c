/* Writes rows and lists: all statements of an import in one pipeline, the rows of a table as arrays. */
#include "import_batch.h"
#include "import_parts.h"
#include "import_shapes.h"
#include "resources/resource.h"

/* A statement that was sent; its result names rows of this resource. */
struct sent {
	const struct shape *shape;
	bool tells_new; /* has a second column: whether the row is new */
};

struct storing {
	struct import *import;
	struct session *session;
	struct strbuf sent; /* struct sent, in order */
	struct import_counts *counts;
	struct error *error;
};

static const struct statement lock = {IMPORT_LOCK_SQL, 0, NULL};

static bool send(struct storing *storing, struct batch *batch, const struct shape *shape,
                 bool tells_new)
{
	struct sent sent = {shape, tells_new};

	strbuf_add(&storing->sent, &sent, sizeof(sent));
	return batch_send(batch, storing->session, storing->error);
}

static bool send_rows(struct storing *storing, const struct shape *shape)
{
	const struct import_row *row = storing->import->tables[shape->resource->index].first;

	while (row) {
		struct batch batch;
		bool done;

		batch_init(&batch, &shape->put);
		batch_row_arrays(&batch, shape);
		for (; row && !batch_is_full(&batch); row = row->next)
			batch_add_row(&batch, row);
		done = send(storing, &batch, shape, true);
		batch_fini(&batch);
		if (!done)
			return false;
	}
	return true;
}

static bool knows(const struct import_row *row, const struct slot *slot)
{
	return row->known >> slot_index(row->shape, slot) & 1;
}

static bool send_lengths(struct storing *storing, const struct shape *shape,
                         const struct slot *slot)
{
	const struct import_row *row = storing->import->tables[shape->resource->index].first;

	while (row) {
		struct batch batch;
		bool done;

		batch_init(&batch, &slot->trim);
		batch_length_arrays(&batch, shape);
		for (; row && !batch_is_full(&batch); row = row->next)
			if (knows(row, slot))
				batch_add_length(&batch, row, slot);
		done = batch.rows == 0 || send(storing, &batch, shape, false);
		batch_fini(&batch);
		if (!done)
			return false;
	}
	return true;
}

/* The next item of a list in the table, over owners and positions. */
static bool next_item(const struct import_row **row, const struct slot *slot, size_t *position)
{
	while (*row && (!knows(*row, slot) ||
	                *position >= (*row)->values[slot_index((*row)->shape, slot)].list.count)) {
		*row = (*row)->next;
		*position = 0;
	}
	return *row != NULL;
}

static bool send_items(struct storing *storing, const struct shape *shape, const struct slot *slot)
{
	const struct import_row *row = storing->import->tables[shape->resource->index].first;
	size_t position = 0;

	while (next_item(&row, slot, &position)) {
		struct batch batch;
		bool done;

		batch_init(&batch, &slot->put);
		batch_item_arrays(&batch, shape, slot);
		for (; next_item(&row, slot, &position) && !batch_is_full(&batch); position++)
			batch_add_item(&batch, row, slot, position);
		done = send(storing, &batch, shape, false);
		batch_fini(&batch);
		if (!done)
			return false;
	}
	return true;
}

static bool send_resource(struct storing *storing, const struct shape *shape)
{
	if (!send_rows(storing, shape))
		return false;
	for (size_t i = 0; i < shape->count; i++) {
		const struct slot *slot = &shape->slots[i];

		if (slot->field->kind == MANY &&
		    (!send_lengths(storing, shape, slot) || !send_items(storing, shape, slot)))
			return false;
	}
	return true;
}

/* The rows that a result names were written. */
static void note_written(struct storing *storing, const struct sent *sent, const PGresult *result)
{
	const struct table *table = &storing->import->tables[sent->shape->resource->index];

	storing->counts->rows += (size_t)PQntuples(result);
	for (int i = 0; i < PQntuples(result); i++) {
		const char *id = PQgetvalue(result, i, 0);
		struct key key = {0, 0};
		struct import_row *row;

		if (sent->shape->resource->uuid) {
			key.high = wire_get64(id);
			id += 8;
		}
		key.low = wire_get64(id);
		row = table_find(table, key);
		if (sent->tells_new && *PQgetvalue(result, i, 1) != 0)
			row->state = ROW_CREATED;
		else if (row->state == ROW_SAME)
			row->state = ROW_CHANGED;
	}
}

static bool receive(struct storing *storing)
{
	const struct sent *sent = (const struct sent *)(const void *)storing->sent.data;
	size_t count = storing->sent.length / sizeof(*sent);
	PGresult *result = session_result(storing->session, storing->error);

	PQclear(result); /* the lock's */
	for (size_t i = 0; result && i < count; i++) {
		result = session_result(storing->session, storing->error);
		if (result)
			note_written(storing, &sent[i], result);
		else
			error_prefix(storing->error, "storing %s", sent[i].shape->resource->name);
		PQclear(result);
	}
	return result != NULL;
}

static bool send_all(struct storing *storing)
{
	if (!session_send(storing->session, &lock, NULL, storing->error))
		return false;
	for (size_t i = 0; i < resource_count; i++)
		if (!resources[i]->keyless && !send_resource(storing, shape_of(resources[i])))
			return false;
	return true;
}

/* Also after a failure the pipeline is brought to its end, so that the session can go on. */
static bool exchange(struct storing *storing)
{
	bool done = send_all(storing);

	if (!session_sync(storing->session, storing->error))
		return false;
	done = done && receive(storing);
	return session_finish(storing->session, storing->error) && done;
}

static bool reaches_change(const struct import *import, size_t flight)
{
	const struct touch *touched = (const struct touch *)(const void *)import->touched.data;
	size_t end = import->touched.length / sizeof(*touched);

	if (flight + 1 < flight_count(import))
		end = flight_at(import, flight + 1)->touched;
	for (size_t i = flight_at(import, flight)->touched; i < end; i++)
		if (touched[i].row->state != ROW_SAME)
			return true;
	return false;
}

/* A flight may have had several documents: it counts once, as what most became of it. */
static void count_flights(const struct import *import, struct import_counts *counts)
{
	size_t by_outcome[2 + ROW_CREATED] = {0};

	for (size_t i = 0; i < flight_count(import); i++) {
		struct import_row *row = flight_at(import, i)->row;
		unsigned outcome = 1 + row->state;

		if (row->state == ROW_SAME && reaches_change(import, i))
			outcome = 1 + ROW_CHANGED;
		if (outcome > row->outcome)
			row->outcome = outcome;
	}
	for (size_t i = 0; i < flight_count(import); i++) {
		struct import_row *row = flight_at(import, i)->row;

		by_outcome[row->outcome]++;
		row->outcome = 0;
	}
	counts->unchanged = by_outcome[1 + ROW_SAME];
	counts->changed = by_outcome[1 + ROW_CHANGED];
	counts->created = by_outcome[1 + ROW_CREATED];
	counts->flights = counts->unchanged + counts->changed + counts->created;
}

bool import_store(struct import *import, struct session *session, struct import_counts *counts,
                  struct error *error)
{
	struct storing storing = {
		.import = import, .session = session, .counts = counts, .error = error};
	bool done;

	*counts = (struct import_counts){0};
	done = exchange(&storing);
	strbuf_fini(&storing.sent);
	if (done)
		count_flights(import, counts);
	return done;
}
