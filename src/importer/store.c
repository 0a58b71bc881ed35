/* Writes rows and lists: all statements of an import in one pipeline, the rows of a table as arrays.

   An older document must not overwrite what a newer one has said. Two times are stored for that: when the
   document was true that last changed a row, and when the last document of a row of an endpoint was true. The
   second moves with each document, also where nothing differed, and so is not in the row, whose every change
   makes servers load it again. What is older than it is left out altogether; of all other documents those rows
   are, that a later one has changed. Nearly always nothing stored is later than what comes, and a glance at the
   latest time of all is enough to know it. */
#include "import_internal.h"
#include "base/temporal.h"
#include "repository/execute.h"
#include "resources/endpoint.h"

/* A batch is full with so many rows or so much text: arrays should fit in caches on both sides, and never
   come near PostgreSQL's limit of 1 GB. */
#define BATCH_ROWS 4096
#define BATCH_TEXT ((size_t)4 << 20)

/* What the result of a statement says of the rows that it names. */
enum result {
	RESULT_WRITTEN,     /* they were written */
	RESULT_WRITTEN_NEW, /* the same; a second column: whether the row is new */
	RESULT_NEWER,       /* a later document has changed them */
	RESULT_DOCUMENTS,   /* a second column: when their last document was true */
};

/* A statement that was sent; its result is about rows of this resource. */
struct sent {
	const struct shape *shape;
	enum result result;
};

struct storing {
	struct import *import;
	struct session *session;
	struct strbuf sent; /* struct sent, in order, of the current batch */
	int64_t latest; /* of all times of stored documents, then of these; MOMENT_NEVER: none */
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

static void put_moment(struct wire_array *array, int64_t moment)
{
	wire_element_begin(array);
	wire_put_moment(&array->bytes, moment);
	wire_element_end(array);
}

static void put_as_of(struct wire_array *array, const struct import_row *row)
{
	if (row->live)
		put_moment(array, row->as_of);
	else
		wire_element_null(array);
}

/* The rows of a resource. */
static struct import_row *first_row(const struct storing *storing, const struct shape *shape)
{
	return storing->import->tables[shape->resource->index].first;
}

/* The rows of a resource that are to be written. */
static const struct import_row *skip_older(const struct import_row *row)
{
	while (row && row->older)
		row = row->next;
	return row;
}

static const struct import_row *first_written(const struct storing *storing,
                                              const struct shape *shape)
{
	return skip_older(first_row(storing, shape));
}

static const struct import_row *next_written(const struct import_row *row)
{
	return skip_older(row->next);
}

static bool send_rows(struct storing *storing, const struct shape *shape)
{
	int last = shape->put.statement.parameter_count - 1;
	struct batch batch;
	bool done = true;

	batch_init(&batch, &shape->put, (struct sent){shape, RESULT_WRITTEN_NEW});
	for (const struct import_row *row = first_written(storing, shape); row;
	     row = next_written(row)) {
		put_key(&batch.arrays[0], row);
		put_bits(&batch.arrays[1], row->known);
		put_columns(&batch, &batch.arrays[2], row);
		if (shape->resource->as_of)
			put_as_of(&batch.arrays[last - 1], row);
		put_moment(&batch.arrays[last], row->moment);
		done = done && batch_added(storing, &batch);
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

	batch_init(&batch, &slot->trim, (struct sent){shape, RESULT_WRITTEN});
	for (const struct import_row *row = first_written(storing, shape); row;
	     row = next_written(row)) {
		const struct import_list *list = known_list(row, slot);

		if (!list)
			continue;
		put_key(&batch.arrays[0], row);
		put_integer(&batch.arrays[1], (int64_t)list->count);
		done = done && batch_added(storing, &batch);
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

	batch_init(&batch, &slot->put, (struct sent){shape, RESULT_WRITTEN});
	for (const struct import_row *row = first_written(storing, shape); row;
	     row = next_written(row)) {
		const struct import_list *list = known_list(row, slot);

		for (size_t i = 0; list && i < list->count && done; i++) {
			put_item(&batch, row, i, list->items[i]);
			done = batch_added(storing, &batch);
		}
	}
	return batch_finish(storing, &batch, done);
}

/* A document's row is not to be stored by it, or only what it has of others is. */
static bool is_older(const struct document *document)
{
	return document->older || document->row->older;
}

/* Stores when the documents of the resource's rows were true: of several of one row, the last. */
static bool send_documents(struct storing *storing, const struct shape *shape)
{
	const struct import *import = storing->import;
	struct batch batch;
	bool done = true;

	batch_init(&batch, &shape->put_documents, (struct sent){shape, RESULT_WRITTEN});
	for (size_t i = 0; i < document_count(import); i++) {
		const struct document *document = document_at(import, i);

		if (document->row->shape == shape && !is_older(document) &&
		    document->moment > document->row->document_stored)
			document->row->document_stored = document->moment;
	}
	for (struct import_row *row = first_row(storing, shape); row; row = row->next) {
		if (row->older || row->document_stored == MOMENT_NEVER)
			continue;
		put_key(&batch.arrays[0], row);
		put_moment(&batch.arrays[1], row->document_stored);
		done = done && batch_added(storing, &batch);
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
	return !endpoint_of(shape->resource) || send_documents(storing, shape);
}

/* --- What comes back. --- */

static struct key read_key(const struct resource *resource, const char *data)
{
	return wire_get_key(data, resource->uuid);
}

static void take_row(const struct sent *sent, struct import_row *row, const PGresult *result,
                     int line)
{
	switch (sent->result) {
	case RESULT_WRITTEN:
	case RESULT_WRITTEN_NEW:
		if (sent->result == RESULT_WRITTEN_NEW && result_boolean(result, line, 1))
			row->state = ROW_CREATED;
		else if (row->state == ROW_SAME)
			row->state = ROW_CHANGED;
		break;
	case RESULT_NEWER:
		row->newer_stored = true;
		break;
	case RESULT_DOCUMENTS:
		row->document_stored = result_moment(result, line, 1);
		break;
	}
}

static void take_result(struct storing *storing, const struct sent *sent, const PGresult *result)
{
	const struct resource *resource = sent->shape->resource;
	const struct table *table = &storing->import->tables[resource->index];
	bool written = sent->result == RESULT_WRITTEN || sent->result == RESULT_WRITTEN_NEW;

	storing->counts->rows += written ? (size_t)PQntuples(result) : 0;
	for (int i = 0; i < PQntuples(result); i++)
		take_row(sent, table_find(table, read_key(resource, PQgetvalue(result, i, 0))),
		         result, i);
}

static bool receive(struct storing *storing)
{
	const struct sent *sent = (const struct sent *)(const void *)storing->sent.data;
	size_t count = storing->sent.length / sizeof(*sent);
	bool received = true;

	for (size_t i = 0; received && i < count; i++) {
		PGresult *result = session_result(storing->session, storing->error);

		received = result != NULL;
		if (result)
			take_result(storing, &sent[i], result);
		else
			error_prefix(storing->error, "storing %s", sent[i].shape->resource->name);
		PQclear(result);
	}
	return received;
}

/* --- The exchange with PostgreSQL. --- */

typedef bool exchange_half(struct storing *storing);

/* One batch. Also after a failure the pipeline is brought to its end, so that the session can go on. */
static bool exchange(struct storing *storing, exchange_half *send, exchange_half *take)
{
	bool done;

	strbuf_reset(&storing->sent);
	done = send(storing);
	if (!session_sync(storing->session, storing->error))
		return false;
	done = done && take(storing);
	return session_finish(storing->session, storing->error) && done;
}

static const struct statement take_lock = {IMPORT_LOCK_SQL, 0, NULL};
static const struct statement select_latest = {"SELECT as_of FROM import_latest", 0, NULL};
static const struct statement update_latest = {
	"UPDATE import_latest SET as_of = $1 WHERE as_of < $1 OR as_of IS NULL", 1,
	(const Oid[]){WIRE_TIMESTAMPTZ}};

static bool send_lock(struct storing *storing)
{
	return session_send(storing->session, &take_lock, NULL, storing->error) &&
	       session_send(storing->session, &select_latest, NULL, storing->error);
}

static bool receive_latest(struct storing *storing)
{
	PGresult *result = session_result(storing->session, storing->error);

	PQclear(result); /* the lock's */
	if (!result)
		return false;
	result = session_result(storing->session, storing->error);
	if (result && PQntuples(result) == 1 && !PQgetisnull(result, 0, 0))
		storing->latest = wire_get_moment(PQgetvalue(result, 0, 0));
	PQclear(result);
	return result != NULL;
}

/* Asks about all rows of a resource, by their keys and, where the statement takes them, their times. */
static bool send_question(struct storing *storing, const struct shape *shape,
                          const struct write *write, enum result result)
{
	struct batch batch;
	bool done = true;

	batch_init(&batch, write, (struct sent){shape, result});
	for (const struct import_row *row = first_row(storing, shape); row; row = row->next) {
		put_key(&batch.arrays[0], row);
		if (write->statement.parameter_count > 1)
			put_moment(&batch.arrays[1], row->moment);
		done = done && batch_added(storing, &batch);
	}
	return batch_finish(storing, &batch, done);
}

static bool send_comparison(struct storing *storing)
{
	for (size_t i = 0; i < resource_count; i++) {
		const struct shape *shape = shape_of(resources[i]);

		if (resources[i]->keyless)
			continue;
		if (!send_question(storing, shape, &shape->find_newer, RESULT_NEWER) ||
		    (endpoint_of(resources[i]) &&
		     !send_question(storing, shape, &shape->find_documents, RESULT_DOCUMENTS)))
			return false;
	}
	return true;
}

static void mark_reached(const struct import *import, size_t document, bool older)
{
	struct import_row *const *reached = (struct import_row **)(void *)import->reached.data;

	for (size_t i = document_at(import, document)->reached; i < reached_end(import, document);
	     i++)
		reached[i]->older = older;
}

/* Which documents and rows are older than what is stored, as far as that is known. */
static void mark_older(const struct import *import)
{
	for (size_t i = 0; i < document_count(import); i++) {
		struct document *document = document_at(import, i);
		int64_t stored = document->row->document_stored;

		document->older = stored != MOMENT_NEVER &&
		                  document->moment <= stored - OLDER_SECONDS * MICROSECONDS;
		if (document->older)
			mark_reached(import, i, true);
	}
	for (size_t i = 0; i < document_count(import); i++)
		if (!document_at(import, i)->older)
			mark_reached(import, i, false);
	for (size_t i = 0; i < resource_count; i++)
		for (struct import_row *row = import->tables[i].first; row; row = row->next)
			row->older = row->older || row->newer_stored;
}

/* Whether anything stored may be later than some document. */
static bool may_be_older(const struct storing *storing)
{
	for (size_t i = 0; i < document_count(storing->import) && storing->latest != MOMENT_NEVER;
	     i++)
		if (document_at(storing->import, i)->moment <=
		    storing->latest - OLDER_SECONDS * MICROSECONDS)
			return true;
	return false;
}

/* When the last of the documents was true that are stored; MOMENT_NEVER: none is. */
static int64_t latest_document(const struct import *import)
{
	int64_t latest = MOMENT_NEVER;

	for (size_t i = 0; i < document_count(import); i++) {
		const struct document *document = document_at(import, i);

		if (!is_older(document) && document->moment > latest)
			latest = document->moment;
	}
	return latest;
}

static bool send_latest(struct storing *storing)
{
	struct strbuf bytes = STRBUF_INIT;
	struct parameters parameters = {.count = 1};
	bool sent;

	wire_put_moment(&bytes, storing->latest);
	parameters.data[0] = bytes.data;
	parameters.length[0] = (int)bytes.length;
	sent = session_send(storing->session, &update_latest, &parameters, storing->error);
	strbuf_fini(&bytes);
	return sent;
}

static bool send_all(struct storing *storing)
{
	storing->latest = latest_document(storing->import);
	if (storing->latest != MOMENT_NEVER && !send_latest(storing))
		return false;
	for (size_t i = 0; i < resource_count; i++)
		if (!resources[i]->keyless && !send_resource(storing, shape_of(resources[i])))
			return false;
	return true;
}

static bool receive_all(struct storing *storing)
{
	PGresult *result;

	if (storing->latest == MOMENT_NEVER)
		return receive(storing);
	result = session_result(storing->session, storing->error);
	PQclear(result); /* of send_latest */
	return result && receive(storing);
}

/* --- Counts. --- */

static bool reaches_change(const struct import *import, size_t document)
{
	struct import_row *const *reached = (struct import_row **)(void *)import->reached.data;

	for (size_t i = document_at(import, document)->reached; i < reached_end(import, document);
	     i++)
		if (reached[i]->state != ROW_SAME)
			return true;
	return false;
}

/* What became of a document; of several of one row the highest counts. */
enum outcome { NOT_COUNTED, OLDER, UNCHANGED, CHANGED, CREATED, OUTCOMES };

static enum outcome outcome_of(const struct import *import, size_t i)
{
	const struct document *document = document_at(import, i);

	if (is_older(document))
		return OLDER;
	if (document->row->state == ROW_CREATED)
		return CREATED;
	return document->row->state == ROW_CHANGED || reaches_change(import, i) ? CHANGED
	                                                                        : UNCHANGED;
}

static void count_documents(const struct import *import, struct import_counts *counts)
{
	size_t by_outcome[OUTCOMES] = {0};

	for (size_t i = 0; i < document_count(import); i++) {
		struct import_row *row = document_at(import, i)->row;
		enum outcome outcome = outcome_of(import, i);

		if ((int)outcome > row->outcome)
			row->outcome = (int)outcome;
	}
	for (size_t i = 0; i < document_count(import); i++) {
		struct import_row *row = document_at(import, i)->row;

		by_outcome[row->outcome]++;
		counts->of[row->shape->resource->index] += row->outcome != NOT_COUNTED;
		row->outcome = NOT_COUNTED;
	}
	counts->older = by_outcome[OLDER];
	counts->unchanged = by_outcome[UNCHANGED];
	counts->changed = by_outcome[CHANGED];
	counts->created = by_outcome[CREATED];
	counts->documents = document_count(import) - by_outcome[NOT_COUNTED];
}

bool import_store(struct import *import, struct session *session, struct import_counts *counts,
                  struct error *error)
{
	struct storing storing = {.import = import,
	                          .session = session,
	                          .latest = MOMENT_NEVER,
	                          .counts = counts,
	                          .error = error};
	bool done;

	*counts = (struct import_counts){0};
	done = exchange(&storing, send_lock, receive_latest);
	if (done && may_be_older(&storing)) {
		done = exchange(&storing, send_comparison, receive);
		mark_older(import);
	}
	done = done && exchange(&storing, send_all, receive_all);
	strbuf_fini(&storing.sent);
	if (done)
		count_documents(import, counts);
	return done;
}
