/* Writes rows and lists: all statements of an import in one pipeline, the rows of a table as arrays. */
#include "import_internal.h"

/* A batch is full with so many rows or so much text: arrays should fit in caches on both sides, and never
   come near PostgreSQL's limit of 1 GB. */
#define BATCH_ROWS 4096
#define BATCH_TEXT ((size_t)4 << 20)

/* One execution of a statement that writes rows: an array a parameter, an element a row. */
struct batch {
	const struct statement *statement;
	struct wire_array arrays[PARAMETERS_MAX];
	int count; /* of arrays */
	size_t rows, text;
};

static void batch_init(struct batch *batch, const struct statement *statement)
{
	batch->statement = statement;
	batch->count = 0;
	batch->rows = batch->text = 0;
}

static void batch_fini(struct batch *batch)
{
	for (int i = 0; i < batch->count; i++)
		wire_array_fini(&batch->arrays[i]);
}

static bool batch_is_full(const struct batch *batch)
{
	return batch->rows >= BATCH_ROWS || batch->text >= BATCH_TEXT;
}

static void add_array(struct batch *batch, enum wire_type type)
{
	wire_array_init(&batch->arrays[batch->count++], type);
}

static void add_column_arrays(struct batch *batch, const struct shape *shape)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->slots[i].column)
			add_array(batch, shape->slots[i].type);
}

static void put_integer(struct wire_array *array, int64_t value)
{
	wire_element_begin(array);
	wire_put32(&array->bytes, (uint32_t)value);
	wire_element_end(array);
}

static void put_bits(struct wire_array *array, uint64_t value)
{
	wire_element_begin(array);
	wire_put64(&array->bytes, value);
	wire_element_end(array);
}

static void put_key(struct wire_array *array, const struct import_row *row)
{
	wire_element_key(array, row->shape->resource->uuid, row->key);
}

static void put_bare(struct strbuf *out, const struct slot *slot, const struct import_value *value)
{
	switch (slot->type) {
	case WIRE_BOOLEAN:
		strbuf_char(out, (char)value->integer);
		break;
	case WIRE_INTEGER:
		wire_put32(out, (uint32_t)value->integer);
		break;
	case WIRE_TEXT:
		strbuf_add(out, value->text, value->length);
		break;
	case WIRE_DOUBLE:
		wire_put_double(out, value->real);
		break;
	case WIRE_DATE:
		wire_put_date(out, (int32_t)value->integer);
		break;
	case WIRE_TIMESTAMPTZ:
		wire_put_moment(out, value->integer);
		break;
	case WIRE_INTERVAL:
		wire_put_interval(out, value->integer);
		break;
	default: /* of a column's type, only keys are left */
		wire_put_key(out, value->row->shape->resource->uuid, value->row->key);
	}
}

/* Of a list the column is a flag: whether it is null. */
static void put_value(struct batch *batch, struct wire_array *array, const struct slot *slot,
                      const struct import_value *value)
{
	struct import_value flag = {.integer = value->null};

	if (slot->field->kind == MANY) {
		value = &flag;
	} else if (value->null) {
		wire_element_null(array);
		return;
	}
	wire_element_begin(array);
	put_bare(&array->bytes, slot, value);
	wire_element_end(array);
	if (slot->type == WIRE_TEXT)
		batch->text += value->length;
}

/* What is not known is null here; a row's mask tells the two apart. */
static void put_columns(struct batch *batch, struct wire_array *array, const struct import_row *row)
{
	for (size_t i = 0; i < row->shape->count; i++) {
		const struct slot *slot = &row->shape->slots[i];

		if (!slot->column)
			continue;
		if (row->known >> i & 1)
			put_value(batch, array, slot, &row->values[i]);
		else
			wire_element_null(array);
		array++;
	}
}

static void batch_row_arrays(struct batch *batch, const struct shape *shape)
{
	add_array(batch, wire_key_type(shape->resource->uuid));
	add_array(batch, WIRE_BIGINT);
	add_column_arrays(batch, shape);
	if (shape->resource->as_of)
		add_array(batch, WIRE_TIMESTAMPTZ);
}

static void batch_add_row(struct batch *batch, const struct import_row *row)
{
	struct wire_array *as_of = &batch->arrays[batch->count - 1];

	put_key(&batch->arrays[0], row);
	put_bits(&batch->arrays[1], row->known);
	put_columns(batch, &batch->arrays[2], row);
	if (row->shape->resource->as_of && row->live_by) {
		wire_element_begin(as_of);
		wire_put_moment(&as_of->bytes, row->as_of);
		wire_element_end(as_of);
	} else if (row->shape->resource->as_of) {
		wire_element_null(as_of);
	}
	batch->rows++;
}

static void batch_length_arrays(struct batch *batch, const struct shape *owner)
{
	add_array(batch, wire_key_type(owner->resource->uuid));
	add_array(batch, WIRE_INTEGER);
}

static void batch_add_length(struct batch *batch, const struct import_row *owner,
                             const struct slot *slot)
{
	const struct import_list *list = &owner->values[slot_index(owner->shape, slot)].list;

	put_key(&batch->arrays[0], owner);
	put_integer(&batch->arrays[1], (int64_t)list->count);
	batch->rows++;
}

static void batch_item_arrays(struct batch *batch, const struct shape *owner,
                              const struct slot *slot)
{
	add_array(batch, wire_key_type(owner->resource->uuid));
	add_array(batch, WIRE_INTEGER);
	if (slot->of->resource->keyless)
		add_column_arrays(batch, slot->of);
	else
		add_array(batch, wire_key_type(slot->of->resource->uuid));
}

static void batch_add_item(struct batch *batch, const struct import_row *owner,
                           const struct slot *slot, size_t position)
{
	const struct import_list *list = &owner->values[slot_index(owner->shape, slot)].list;
	const struct import_row *item = list->items[position];

	put_key(&batch->arrays[0], owner);
	put_integer(&batch->arrays[1], (int64_t)position);
	if (item->shape->resource->keyless)
		put_columns(batch, &batch->arrays[2], item);
	else
		put_key(&batch->arrays[2], item);
	batch->rows++;
}

static bool batch_send(struct batch *batch, struct session *session, struct error *error)
{
	struct parameters parameters = {.count = batch->count};

	for (int i = 0; i < batch->count; i++) {
		wire_array_finish(&batch->arrays[i]);
		parameters.data[i] = batch->arrays[i].bytes.data;
		parameters.length[i] = (int)batch->arrays[i].bytes.length;
	}
	return session_send(session, batch->statement, &parameters, error);
}

/* A statement that was sent; its result names rows of this resource. */
struct sent {
	const struct shape *shape;
	bool has_new; /* has a second column: whether the row is new */
};

struct storing {
	struct import *import;
	struct session *session;
	struct strbuf sent; /* struct sent, in order */
	struct import_counts *counts;
	struct error *error;
};

static const struct statement take_lock = {IMPORT_LOCK_SQL, 0, NULL};

static bool send(struct storing *storing, struct batch *batch, const struct shape *shape,
                 bool has_new)
{
	struct sent sent = {shape, has_new};

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

static bool knows_list(const struct import_row *row, const struct slot *slot)
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
			if (knows_list(row, slot))
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
	while (*row && (!knows_list(*row, slot) ||
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
static void mark_written(struct storing *storing, const struct sent *sent, const PGresult *result)
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
		if (sent->has_new && *PQgetvalue(result, i, 1) != 0)
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
			mark_written(storing, &sent[i], result);
		else
			error_prefix(storing->error, "storing %s", sent[i].shape->resource->name);
		PQclear(result);
	}
	return result != NULL;
}

static bool send_all(struct storing *storing)
{
	if (!session_send(storing->session, &take_lock, NULL, storing->error))
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

static bool reaches_change(const struct import *import, size_t document)
{
	struct import_row *const *reached = (struct import_row **)(void *)import->reached.data;
	size_t end = document + 1 < document_count(import)
	                     ? document_at(import, document + 1)->reached
	                     : reached_count(import);

	for (size_t i = document_at(import, document)->reached; i < end; i++)
		if (reached[i]->state != ROW_SAME)
			return true;
	return false;
}

/* Several documents may be of one row, which counts once: as created, else as changed if any was. */
static void count_documents(const struct import *import, struct import_counts *counts)
{
	size_t by_outcome[2 + ROW_CREATED] = {0};

	for (size_t i = 0; i < document_count(import); i++) {
		struct import_row *row = document_at(import, i)->row;
		unsigned outcome = 1 + row->state;

		if (row->state == ROW_SAME && reaches_change(import, i))
			outcome = 1 + ROW_CHANGED;
		if (outcome > row->outcome)
			row->outcome = outcome;
	}
	for (size_t i = 0; i < document_count(import); i++) {
		struct import_row *row = document_at(import, i)->row;

		by_outcome[row->outcome]++;
		row->outcome = 0;
	}
	counts->unchanged = by_outcome[1 + ROW_SAME];
	counts->changed = by_outcome[1 + ROW_CHANGED];
	counts->created = by_outcome[1 + ROW_CREATED];
	counts->documents = counts->unchanged + counts->changed + counts->created;
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
		count_documents(import, counts);
	return done;
}
