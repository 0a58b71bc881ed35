/* Writes rows and lists: all statements of an import in one pipeline, the rows of a table as arrays. */
#include "import_internal.h"

/* A batch is full with so many rows or so much text: arrays should fit in caches on both sides, and never
   come near PostgreSQL's limit of 1 GB. */
#define BATCH_ROWS 4096
#define BATCH_TEXT ((size_t)4 << 20)

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

/* Rows on their way into a statement. */
struct batch {
	const struct write *write;
	struct sent sent;
	struct wire_array arrays[PARAMETERS_MAX]; /* of the parameters */
	size_t rows, text;
};

static void batch_init(struct batch *batch, const struct write *write, struct sent sent)
{
	batch->write = write;
	batch->sent = sent;
	batch->rows = batch->text = 0;
	for (int i = 0; i < write->statement.parameter_count; i++)
		wire_array_init(&batch->arrays[i], write->types[i]);
}

static void batch_fini(struct batch *batch)
{
	for (int i = 0; i < batch->write->statement.parameter_count; i++)
		wire_array_fini(&batch->arrays[i]);
}

/* Sends the rows, if there are any, and empties the batch. */
static bool batch_send(struct storing *storing, struct batch *batch)
{
	const struct statement *statement = &batch->write->statement;
	struct parameters parameters = {.count = statement->parameter_count};
	bool sent;

	if (batch->rows == 0)
		return true;
	for (int i = 0; i < parameters.count; i++) {
		wire_array_finish(&batch->arrays[i]);
		parameters.data[i] = batch->arrays[i].bytes.data;
		parameters.length[i] = (int)batch->arrays[i].bytes.length;
	}
	strbuf_add(&storing->sent, &batch->sent, sizeof(batch->sent));
	sent = session_send(storing->session, statement, &parameters, storing->error);
	batch_fini(batch);
	batch_init(batch, batch->write, batch->sent);
	return sent;
}

/* A row was added: sends the batch once it is full. */
static bool batch_added(struct storing *storing, struct batch *batch)
{
	batch->rows++;
	return (batch->rows < BATCH_ROWS && batch->text < BATCH_TEXT) || batch_send(storing, batch);
}

/* Sends what is left, unless something failed before. */
static bool batch_finish(struct storing *storing, struct batch *batch, bool done)
{
	done = done && batch_send(storing, batch);
	batch_fini(batch);
	return done;
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

static const struct import_row *first_row(const struct storing *storing, const struct shape *shape)
{
	return storing->import->tables[shape->resource->index].first;
}

static void put_as_of(struct wire_array *array, const struct import_row *row)
{
	if (!row->live_by) {
		wire_element_null(array);
		return;
	}
	wire_element_begin(array);
	wire_put_moment(&array->bytes, row->as_of);
	wire_element_end(array);
}

static bool send_rows(struct storing *storing, const struct shape *shape)
{
	struct batch batch;
	bool done = true;

	batch_init(&batch, &shape->put, (struct sent){shape, true});
	for (const struct import_row *row = first_row(storing, shape); row && done;
	     row = row->next) {
		put_key(&batch.arrays[0], row);
		put_bits(&batch.arrays[1], row->known);
		put_columns(&batch, &batch.arrays[2], row);
		if (shape->resource->as_of)
			put_as_of(&batch.arrays[shape->put.statement.parameter_count - 1], row);
		done = batch_added(storing, &batch);
	}
	return batch_finish(storing, &batch, done);
}

/* The row's list; NULL where it is not known. */
static const struct import_list *known_list(const struct import_row *row, const struct slot *slot)
{
	size_t i = slot_index(row->shape, slot);

	return row->known >> i & 1 ? &row->values[i].list : NULL;
}

static bool send_lengths(struct storing *storing, const struct shape *shape,
                         const struct slot *slot)
{
	struct batch batch;
	bool done = true;

	batch_init(&batch, &slot->trim, (struct sent){shape, false});
	for (const struct import_row *row = first_row(storing, shape); row && done;
	     row = row->next) {
		const struct import_list *list = known_list(row, slot);

		if (!list)
			continue;
		put_key(&batch.arrays[0], row);
		put_integer(&batch.arrays[1], (int64_t)list->count);
		done = batch_added(storing, &batch);
	}
	return batch_finish(storing, &batch, done);
}

static void put_item(struct batch *batch, const struct import_row *owner, size_t position,
                     const struct import_row *item)
{
	put_key(&batch->arrays[0], owner);
	put_integer(&batch->arrays[1], (int64_t)position);
	if (item->shape->resource->keyless)
		put_columns(batch, &batch->arrays[2], item);
	else
		put_key(&batch->arrays[2], item);
}

static bool send_items(struct storing *storing, const struct shape *shape, const struct slot *slot)
{
	struct batch batch;
	bool done = true;

	batch_init(&batch, &slot->put, (struct sent){shape, false});
	for (const struct import_row *row = first_row(storing, shape); row && done;
	     row = row->next) {
		const struct import_list *list = known_list(row, slot);

		for (size_t i = 0; list && i < list->count && done; i++) {
			put_item(&batch, row, i, list->items[i]);
			done = batch_added(storing, &batch);
		}
	}
	return batch_finish(storing, &batch, done);
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

static const struct statement take_lock = {IMPORT_LOCK_SQL, 0, NULL};

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
		counts->of[row->shape->resource->index] += row->outcome > 0;
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
