/* Walks the tables of fields over a graph of rows. */
#include "serializer/document.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/temporal.h"
#include "json_made.h"
#include "resources/all.h"

void document_maker_init(struct document_maker *maker, const struct graph *graph)
{
	*maker = (struct document_maker){.graph = graph};
}

void document_maker_fini(struct document_maker *maker)
{
	for (size_t i = 0; i < maker->count; i++)
		json_decref(maker->made[i]);
	free(maker->made);
}

static json_t *make_url(const struct row *row)
{
	char id[KEY_TEXT_SIZE], path[128];
	key_format(row->resource->uuid, row->key, id);
	int length = snprintf(path, sizeof(path), VERSION_PATH "%s/%s/", row->resource->path, id);
	return json_stringn_nocheck(path, (size_t)length);
}

static json_t *make_key(const struct row *row)
{
	char id[KEY_TEXT_SIZE];
	if (!row->resource->uuid)
		return json_integer((json_int_t)row->key.low);
	return json_stringn_nocheck(id, key_format(true, row->key, id));
}

static json_t *make_mode(const struct row *row, enum view_id view)
{
	return json_string_nocheck(resource_view(row->resource, view)->mode);
}

static json_t *make_growing(int64_t origin, int64_t unit, int64_t end)
{
	return json_pack("[I, I, I]", (json_int_t)origin, (json_int_t)unit, (json_int_t)end);
}

/* A flight's duration: final once it has ended, else growing from the launch. An end that is known
   beforehand is still to come. */
static json_t *make_elapsed(struct document_maker *maker, const struct row *flight)
{
	const struct field *launch = resource_field(&resource_spacecraft_flight, "launch");
	const struct row *launched = row_reference(maker->graph, flight, launch);
	if (launched == NULL)
		return json_null();
	struct value net = row_value(launched, resource_field(&resource_launch, "net"));
	struct value end =
		row_value(flight, resource_field(&resource_spacecraft_flight, "mission_end"));
	if (net.data == NULL)
		return json_null();
	int64_t begins = wire_get_moment(net.data);
	int64_t ends = end.data == NULL ? INT64_MAX : wire_get_moment(end.data);
	if (ends > clock_now())
		return make_growing(begins, 1, ends);
	char text[TEMPORAL_TEXT_SIZE];
	return json_stringn_nocheck(text, duration_format(ends - begins, text));
}

/* Whole seconds stay whole. */
static json_t *make_live(const struct row *row, const struct field *field, int64_t duration)
{
	int64_t as_of;
	char text[TEMPORAL_TEXT_SIZE];
	if (!row_grows(row, field) || !row_as_of(row, &as_of))
		return json_stringn_nocheck(text, duration_format(duration, text));
	int64_t unit = duration % MICROSECONDS == 0 ? MICROSECONDS : 1;
	return make_growing(as_of - duration, unit, INT64_MAX);
}

static json_t *make_scalar(const struct row *row, const struct field *field)
{
	struct value value = row_value(row, field);
	char text[TEMPORAL_TEXT_SIZE];
	if (value.data == NULL)
		return json_null();
	switch (field->kind) {
	case TEXT:
		return json_stringn_nocheck(value.data, value.length);
	case INTEGER:
		return json_integer((int32_t)wire_get32(value.data));
	case BOOLEAN:
		return json_boolean(value.data[0]);
	case DOUBLE:
		return json_real(wire_get_double(value.data));
	case TIME:
		return json_stringn_nocheck(text, moment_format(wire_get_moment(value.data), text));
	case DATE:
		return json_stringn_nocheck(text, date_format(wire_get_date(value.data), text));
	case DURATION:
		return json_stringn_nocheck(text,
		                            duration_format(wire_get_interval(value.data), text));
	case CLOCK_DURATION:
		return json_stringn_nocheck(
			text, clock_duration_format(wire_get_interval(value.data), text));
	case LIVE_DURATION:
		return make_live(row, field, wire_get_interval(value.data));
	default:
		abort(); /* no scalar: a mistake in the program */
	}
}

static json_t *make_list(struct document_maker *maker, const struct row *row,
                         const struct field *field, enum view_id at)
{
	bool is_null;
	const struct rows *rows = row_list(row, field, &is_null);
	if (is_null)
		return json_null();
	json_t *list = must(json_array());
	for (size_t i = 0; i < rows->count; i++)
		if (json_array_append(list, document_value(maker, rows->row[i], at)) != 0)
			out_of_memory();
	return list;
}

/* New. */
static json_t *make_field(struct document_maker *maker, const struct row *row,
                          const struct field *field, enum view_id view)
{
	struct row *referred;
	switch (field->kind) {
	case MODE:
		return make_mode(row, view);
	case KEY:
		return make_key(row);
	case URL:
		return make_url(row);
	case ELAPSED:
		return make_elapsed(maker, row);
	case ONE:
		referred = row_reference(maker->graph, row, field);
		return referred ? json_incref(
					  document_value(maker, referred, field_shown(row->resource, field, view)))
		                : json_null();
	case MANY:
	case REVERSE:
		return make_list(maker, row, field, field_shown(row->resource, field, view));
	default:
		return make_scalar(row, field);
	}
}

static void keep(struct document_maker *maker, json_t *value)
{
	if (maker->count == maker->capacity)
		maker->made = grow_array(maker->made, &maker->capacity, sizeof(json_t *));
	maker->made[maker->count++] = value;
}

json_t *document_value(struct document_maker *maker, struct row *row, enum view_id view)
{
	if (row->result == NULL)
		return json_null();
	if (row->user[view - 1] != NULL)
		return row->user[view - 1];
	json_t *object = must(json_object());
	for (size_t f = 0; f < row->resource->field_count; f++) {
		const struct field *field = &row->resource->fields[f];
		if (field_shown(row->resource, field, view) == ABSENT)
			continue;
		object_set(object, field->name, make_field(maker, row, field, view));
	}
	keep(maker, object);
	row->user[view - 1] = object;
	return object;
}
