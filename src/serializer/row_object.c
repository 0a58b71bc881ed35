/* Makes JSON objects of rows by walking the tables of fields. */
#include "row_object.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/temporal.h"
#include "json_new.h"
#include "resources/all.h"

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

/* INT64_MAX: none. */
static json_t *make_moment(int64_t moment)
{
	return moment == INT64_MAX ? json_null() : json_integer(moment);
}

static json_t *make_growing(int64_t since, int64_t step, int64_t until, bool null_before)
{
	json_t *duration = must(json_object());
	object_set(duration, "since", json_integer(since));
	object_set(duration, "step", json_integer(step));
	object_set(duration, "until", make_moment(until));
	object_set(duration, "null_before", json_boolean(null_before));
	return duration;
}

/* A flight's duration: final once the mission has ended, else growing from the launch. An end in the future is
   where it will stop. */
static json_t *make_elapsed(const struct row_objects *objects, const struct row *flight)
{
	const struct field *launch = resource_field(&resource_spacecraft_flight, "launch");
	const struct row *launched = row_reference(objects->graph, flight, launch);
	if (launched == NULL)
		return json_null();
	struct value net = row_value(launched, resource_field(&resource_launch, "net"));
	struct value end =
		row_value(flight, resource_field(&resource_spacecraft_flight, "mission_end"));
	if (net.data == NULL)
		return json_null();
	int64_t since = wire_get_moment(net.data);
	int64_t until = end.data == NULL ? INT64_MAX : wire_get_moment(end.data);
	if (until > clock_now())
		return make_growing(since, 1, until, true);
	char text[TEMPORAL_TEXT_SIZE];
	return json_stringn_nocheck(text, duration_format(until - since, text));
}

/* A duration of whole seconds grows by whole seconds. */
static json_t *make_live(const struct row *row, const struct field *field, int64_t duration)
{
	int64_t as_of;
	char text[TEMPORAL_TEXT_SIZE];
	if (!row_grows(row, field) || !row_as_of(row, &as_of))
		return json_stringn_nocheck(text, duration_format(duration, text));
	int64_t step = duration % MICROSECONDS == 0 ? MICROSECONDS : 1;
	return make_growing(as_of - duration, step, INT64_MAX, false);
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

/* New. */
static json_t *make_reference(struct row_objects *objects, struct row *row, enum view_id view)
{
	const struct row_object *object = row ? row_object_use(objects, row, view) : NULL;
	return object ? json_incref(object->json) : json_null();
}

static int64_t moment_of(const struct row *row, const char *field)
{
	struct value value = row_value(row, resource_field(row->resource, field));
	return value.data == NULL ? INT64_MAX : wire_get_moment(value.data);
}

/* An item that is there for a time; nothing where it never is. */
static void append_listed(struct row_objects *objects, json_t *list, struct row *row,
                          const struct field *field, enum view_id at)
{
	int64_t from = moment_of(row, field->from);
	if (from == INT64_MAX)
		return;
	json_t *item = must(json_object());
	object_set(item, "from", json_integer(from));
	object_set(item, "until", make_moment(moment_of(row, field->until)));
	object_set(item, "item", make_reference(objects, row, at));
	array_append(list, item);
}

static json_t *make_list(struct row_objects *objects, const struct row *row,
                         const struct field *field, enum view_id at)
{
	bool is_null;
	const struct rows *rows = row_list(row, field, &is_null);
	if (is_null)
		return json_null();
	json_t *list = must(json_array());
	for (size_t i = 0; i < rows->count; i++)
		if (field->from != NULL)
			append_listed(objects, list, rows->row[i], field, at);
		else
			array_append(list, make_reference(objects, rows->row[i], at));
	return list;
}

static json_t *make_field(struct row_objects *objects, const struct row *row,
                          const struct field *field, enum view_id view, enum view_id at)
{
	switch (field->kind) {
	case MODE:
		return make_mode(row, view);
	case KEY:
		return make_key(row);
	case URL:
		return make_url(row);
	case ELAPSED:
		return make_elapsed(objects, row);
	case ONE:
	case REVERSE_ONE:
		return make_reference(objects, row_reference(objects->graph, row, field), at);
	case MANY:
	case REVERSE:
		return make_list(objects, row, field, at);
	default:
		return make_scalar(row, field);
	}
}

static bool is_omitted(const struct row_objects *objects, const struct row *row,
                       const struct field *field)
{
	bool is_null;
	return objects->omits != NULL && field->kind == MANY &&
	       row_list(row, field, &is_null)->count == 0 && !is_null &&
	       objects->omits(objects->omits_context, row, field);
}

static json_t *make_json(struct row_objects *objects, const struct row *row, enum view_id view)
{
	json_t *object = must(json_object());
	for (size_t f = 0; f < row->resource->field_count; f++) {
		const struct field *field = &row->resource->fields[f];
		enum view_id at = field_shown(row->resource, field, view);
		if (at != ABSENT && !is_omitted(objects, row, field))
			object_set(object, field->name, make_field(objects, row, field, view, at));
	}
	return object;
}

/* --- One object a row and view. --- */

void row_objects_init(struct row_objects *objects, const struct graph *graph)
{
	*objects = (struct row_objects){.graph = graph};
	hash_table_init(&objects->by_json);
	arena_init(&objects->arena);
}

void row_objects_fini(struct row_objects *objects)
{
	for (struct row_object *object = objects->newest; object != NULL; object = object->older) {
		json_decref(object->json);
		template_free(object->text);
	}
	hash_table_fini(&objects->by_json);
	arena_fini(&objects->arena);
}

static struct row_object *make_object(struct row_objects *objects, struct row *row,
                                      enum view_id view)
{
	struct row_object *object = arena_alloc(&objects->arena, sizeof(*object));
	*object = (struct row_object){
		.resource = row->resource,
		.view = view,
		.json = make_json(objects, row, view),
	};
	object->older = objects->newest;
	objects->newest = object;
	hash_table_add(&objects->by_json, &object->node, hash_pointer(object->json));
	return object;
}

struct row_object *row_object_use(struct row_objects *objects, struct row *row, enum view_id view)
{
	struct row_object *object = row->user[view - 1];
	if (row->result == NULL)
		return NULL;
	if (object == NULL)
		row->user[view - 1] = object = make_object(objects, row, view);
	object->uses++;
	return object;
}

struct row_object *row_object_of(const struct row_objects *objects, const json_t *json)
{
	struct hash_node *node = hash_table_first(&objects->by_json, hash_pointer(json));
	while (CONTAINER_OF(node, struct row_object, node)->json != json)
		node = hash_table_next(node);
	return CONTAINER_OF(node, struct row_object, node);
}
