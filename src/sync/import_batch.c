/* Puts rows and lists into arrays in PostgreSQL's binary form. */
#include "import_batch.h"

#define BATCH_ROWS 4096
#define BATCH_TEXT ((size_t)4 << 20)

void batch_init(struct batch *batch, const struct statement *statement)
{
	batch->statement = statement;
	batch->count = 0;
	batch->rows = batch->text = 0;
}

void batch_fini(struct batch *batch)
{
	for (int i = 0; i < batch->count; i++)
		wire_array_fini(&batch->arrays[i]);
}

bool batch_is_full(const struct batch *batch)
{
	return batch->rows >= BATCH_ROWS || batch->text >= BATCH_TEXT;
}

static void array_add(struct batch *batch, enum wire_type type)
{
	wire_array_init(&batch->arrays[batch->count++], type);
}

static void column_arrays(struct batch *batch, const struct shape *shape)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->slots[i].column)
			array_add(batch, shape->slots[i].type);
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

void batch_row_arrays(struct batch *batch, const struct shape *shape)
{
	array_add(batch, wire_key_type(shape->resource->uuid));
	array_add(batch, WIRE_BIGINT);
	column_arrays(batch, shape);
	if (shape->resource->as_of)
		array_add(batch, WIRE_TIMESTAMPTZ);
}

void batch_add_row(struct batch *batch, const struct import_row *row)
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

void batch_length_arrays(struct batch *batch, const struct shape *owner)
{
	array_add(batch, wire_key_type(owner->resource->uuid));
	array_add(batch, WIRE_INTEGER);
}

void batch_add_length(struct batch *batch, const struct import_row *owner, const struct slot *slot)
{
	const struct import_list *list = &owner->values[slot_index(owner->shape, slot)].list;

	put_key(&batch->arrays[0], owner);
	put_integer(&batch->arrays[1], (int64_t)list->count);
	batch->rows++;
}

void batch_item_arrays(struct batch *batch, const struct shape *owner, const struct slot *slot)
{
	array_add(batch, wire_key_type(owner->resource->uuid));
	array_add(batch, WIRE_INTEGER);
	if (slot->of->resource->keyless)
		column_arrays(batch, slot->of);
	else
		array_add(batch, wire_key_type(slot->of->resource->uuid));
}

void batch_add_item(struct batch *batch, const struct import_row *owner, const struct slot *slot,
                    size_t position)
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

bool batch_send(struct batch *batch, struct session *session, struct error *error)
{
	struct parameters parameters = {.count = batch->count};

	for (int i = 0; i < batch->count; i++) {
		wire_array_finish(&batch->arrays[i]);
		parameters.data[i] = batch->arrays[i].bytes.data;
		parameters.length[i] = (int)batch->arrays[i].bytes.length;
	}
	return session_send(session, batch->statement, &parameters, error);
}
