/* Makes the shapes of all resources from their tables of fields, and the statements that write their rows and lists.
   Each statement takes arrays, a row an element, and compares them with what is stored before it touches a row: one
   that does not differ is neither locked nor written. What rows leave out is a bit that is missing in their mask, so
   that one statement a table serves every view of a resource. */
#include "shape.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "resources/endpoint.h"

/* --- Statements. --- */

/* The types of a statement's parameters while it is built. */
struct types {
	enum wire_type elements[PARAMETERS_MAX];
	int count;
};

static void types_add(struct types *types, enum wire_type type)
{
	if (types->count == PARAMETERS_MAX)
		abort(); /* a resource with too many fields: a mistake in its table */
	types->elements[types->count++] = type;
}

static struct write make_write(struct strbuf *sql, const struct types *types)
{
	size_t count = (size_t)types->count;
	Oid *arrays = must(calloc(count, sizeof(*arrays)));
	enum wire_type *elements = must(calloc(count, sizeof(*elements)));
	size_t length;

	memcpy(elements, types->elements, count * sizeof(*elements));
	for (size_t i = 0; i < count; i++)
		arrays[i] = (Oid)wire_array_of(elements[i]);
	return (struct write){{strbuf_steal(sql, &length), types->count, arrays}, elements};
}

/* ` FROM unnest($1, $2, ...) AS n(p1, p2, ...)` */
static void from_parameters(struct strbuf *sql, int count)
{
	strbuf_str(sql, " unnest(");
	for (int i = 1; i <= count; i++)
		strbuf_printf(sql, "%s$%d", i > 1 ? ", " : "", i);
	strbuf_str(sql, ") AS n(");
	for (int i = 1; i <= count; i++)
		strbuf_printf(sql, "%sp%d", i > 1 ? ", " : "", i);
	strbuf_str(sql, ")");
}

/* Whether the parameter differs from the stored value. Doubles by their bytes: -0.0 is not 0.0. */
static void differs(struct strbuf *sql, const struct slot *slot, int parameter)
{
	const char *bytes = slot->type == WIRE_DOUBLE ? "float8send" : "";

	strbuf_printf(sql, "%s(n.p%d) IS DISTINCT FROM %s(o.\"%s\")", bytes, parameter, bytes,
	              slot->column);
}

/* Writes something for each column of the resource's row; parameters count from `first`. */
typedef void column_writer(struct strbuf *sql, const struct shape *shape, const struct slot *slot,
                           int parameter);

static void each_column(struct strbuf *sql, const struct shape *shape, int first,
                        column_writer *write)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->slots[i].column)
			write(sql, shape, &shape->slots[i], first++);
}

static void column_name(struct strbuf *sql, const struct shape *shape, const struct slot *slot,
                        int parameter)
{
	(void)shape;
	(void)parameter;
	strbuf_printf(sql, ", \"%s\"", slot->column);
}

static long long slot_bit(const struct shape *shape, const struct slot *slot)
{
	return (long long)(UINT64_C(1) << slot_index(shape, slot));
}

/* The new value where it is known, else the stored one; a flag is never null. */
static void column_merged(struct strbuf *sql, const struct shape *shape, const struct slot *slot,
                          int parameter)
{
	bool flag = slot->field->kind == MANY;

	strbuf_printf(sql, ", %sCASE WHEN n.p2 & %lld <> 0 THEN n.p%d ELSE o.\"%s\" END%s",
	              flag ? "coalesce(" : "", slot_bit(shape, slot), parameter, slot->column,
	              flag ? ", false)" : "");
}

/* The parameter of as_of, behind those of the columns. */
static int as_of_parameter(const struct shape *shape)
{
	int parameter = 3;

	for (size_t i = 0; i < shape->count; i++)
		if (shape->slots[i].column)
			parameter++;
	return parameter;
}

/* A live duration that is as much longer as time has passed is the one that is stored. Both moments are
   those of answers, to the second, and many durations are too. */
static void unless_grown(struct strbuf *sql, const struct shape *shape, const struct slot *slot,
                         int parameter)
{
	int as_of = as_of_parameter(shape);

	strbuf_printf(
		sql,
		" AND (o.in_space AND n.p%d > o.as_of + interval '10 s' AND"
		" abs(extract(epoch FROM n.p%d - o.\"%s\" - (n.p%d - o.as_of))) < 2) IS NOT TRUE",
		as_of, parameter, slot->column, as_of);
}

static void column_differs_where_known(struct strbuf *sql, const struct shape *shape,
                                       const struct slot *slot, int parameter)
{
	strbuf_printf(sql, " OR n.p2 & %lld <> 0 AND ", slot_bit(shape, slot));
	differs(sql, slot, parameter);
	if (slot->field->kind == LIVE_DURATION)
		unless_grown(sql, shape, slot, parameter);
}

static void column_set(struct strbuf *sql, const struct shape *shape, const struct slot *slot,
                       int parameter)
{
	(void)shape;
	(void)parameter;
	strbuf_printf(sql, ", \"%s\" = excluded.\"%s\"", slot->column, slot->column);
}

/* Keys are left out: an update that names one locks harder. */
static void columns_set(struct strbuf *sql, const struct shape *shape)
{
	size_t comma = sql->length;

	each_column(sql, shape, 0, column_set);
	sql->data[comma] = ' ';
}

static void column_taken(struct strbuf *sql, const struct shape *shape, const struct slot *slot,
                         int parameter)
{
	(void)shape;
	(void)slot;
	strbuf_printf(sql, ", n.p%d", parameter);
}

static void column_differs(struct strbuf *sql, const struct shape *shape, const struct slot *slot,
                           int parameter)
{
	(void)shape;
	strbuf_str(sql, " OR ");
	differs(sql, slot, parameter);
}

static void column_types(struct types *types, const struct shape *shape)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->slots[i].column)
			types_add(types, shape->slots[i].type);
}

/* --- Whether lists are known: each has a flag in its owner's row, which only ever becomes true. --- */

/* Writes something for each list of the resource. */
typedef void list_writer(struct strbuf *sql, const struct shape *shape, const struct slot *slot);

static void each_list(struct strbuf *sql, const struct shape *shape, list_writer *write)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->slots[i].field->kind == MANY)
			write(sql, shape, &shape->slots[i]);
}

static void known_name(struct strbuf *sql, const struct shape *shape, const struct slot *slot)
{
	(void)shape;
	strbuf_printf(sql, ", %s", slot->field->known_column);
}

static void known_merged(struct strbuf *sql, const struct shape *shape, const struct slot *slot)
{
	strbuf_printf(sql, ", n.p2 & %lld <> 0 OR coalesce(o.%s, false)", slot_bit(shape, slot),
	              slot->field->known_column);
}

static void known_differs(struct strbuf *sql, const struct shape *shape, const struct slot *slot)
{
	strbuf_printf(sql, " OR n.p2 & %lld <> 0 AND NOT o.%s", slot_bit(shape, slot),
	              slot->field->known_column);
}

static void known_set(struct strbuf *sql, const struct shape *shape, const struct slot *slot)
{
	(void)shape;
	strbuf_printf(sql, ", %s = excluded.%s", slot->field->known_column,
	              slot->field->known_column);
}

static void put_types(struct types *types, const struct shape *shape)
{
	types_add(types, wire_key_type(shape->resource->uuid));
	types_add(types, WIRE_BIGINT);
	column_types(types, shape);
	if (shape->resource->as_of)
		types_add(types, WIRE_TIMESTAMPTZ);
	types_add(types, WIRE_TIMESTAMPTZ);
}

static void shape_put_statement(struct shape *shape)
{
	const struct resource *resource = shape->resource;
	struct strbuf sql = STRBUF_INIT;
	struct types types = {.count = 0};

	put_types(&types, shape);
	strbuf_printf(&sql, "INSERT INTO %s AS s (id", resource->name);
	each_column(&sql, shape, 3, column_name);
	each_list(&sql, shape, known_name);
	strbuf_str(&sql, resource->as_of ? ", as_of" : "");
	strbuf_str(&sql, ", stated_at) SELECT n.p1");
	each_column(&sql, shape, 3, column_merged);
	each_list(&sql, shape, known_merged);
	if (resource->as_of)
		strbuf_printf(&sql, ", coalesce(n.p%d, o.as_of)", as_of_parameter(shape));
	strbuf_printf(&sql, ", n.p%d FROM", types.count);
	from_parameters(&sql, types.count);
	strbuf_printf(&sql, " LEFT JOIN %s o ON o.id = n.p1 WHERE o.id IS NULL", resource->name);
	each_column(&sql, shape, 3, column_differs_where_known);
	each_list(&sql, shape, known_differs);
	strbuf_str(&sql, " ON CONFLICT (id) DO UPDATE SET stated_at = excluded.stated_at");
	each_column(&sql, shape, 3, column_set);
	each_list(&sql, shape, known_set);
	if (resource->as_of)
		strbuf_str(&sql, ", as_of = excluded.as_of");
	/* A row that was there before has been locked by us: its xmax is set. */
	strbuf_str(&sql, " RETURNING s.id, s.xmax = 0");
	shape->put = make_write(&sql, &types);
}

/* --- When documents were true. --- */

/* A moment of a clock that was ahead must not keep documents out until it is reached. */
#define CREDIBLE(moment) moment " <= now() + interval '1 hour'"

static void shape_find_newer(struct shape *shape)
{
	struct strbuf sql = STRBUF_INIT;
	struct types types = {.count = 0};

	types_add(&types, wire_key_type(shape->resource->uuid));
	types_add(&types, WIRE_TIMESTAMPTZ);
	strbuf_str(&sql, "SELECT n.p1 FROM");
	from_parameters(&sql, types.count);
	strbuf_printf(&sql,
	              " JOIN %s o ON o.id = n.p1 WHERE o.stated_at >= n.p2 + interval '%d s'"
	              " AND " CREDIBLE("o.stated_at"),
	              shape->resource->name, OLDER_SECONDS);
	shape->find_newer = make_write(&sql, &types);
}

/* A row that was deleted may come again, whatever its documents were. */
static void shape_find_documents(struct shape *shape)
{
	const char *name = shape->resource->name;
	struct strbuf sql = STRBUF_INIT;
	struct types types = {.count = 0};

	types_add(&types, wire_key_type(shape->resource->uuid));
	strbuf_str(&sql, "SELECT n.p1, d.as_of FROM");
	from_parameters(&sql, types.count);
	strbuf_printf(&sql,
	              " JOIN %s o ON o.id = n.p1 JOIN import_document d ON d.resource = '%s'"
	              " AND d.key = n.p1::text WHERE " CREDIBLE("d.as_of"),
	              name, name);
	shape->find_documents = make_write(&sql, &types);
}

static void shape_put_documents(struct shape *shape)
{
	struct strbuf sql = STRBUF_INIT;
	struct types types = {.count = 0};

	types_add(&types, wire_key_type(shape->resource->uuid));
	types_add(&types, WIRE_TIMESTAMPTZ);
	strbuf_printf(&sql,
	              "INSERT INTO import_document AS d (resource, key, as_of)"
	              " SELECT '%s', n.p1::text, n.p2 FROM",
	              shape->resource->name);
	from_parameters(&sql, types.count);
	strbuf_str(&sql, " ON CONFLICT (resource, key) DO UPDATE SET as_of = excluded.as_of"
	                 " WHERE d.as_of <> excluded.as_of");
	shape->put_documents = make_write(&sql, &types);
}

/* --- Lists. --- */

static struct write trim_statement(const struct shape *owner, const struct slot *slot)
{
	struct strbuf sql = STRBUF_INIT;
	struct types types = {.count = 0};

	types_add(&types, wire_key_type(owner->resource->uuid));
	types_add(&types, WIRE_INTEGER);
	strbuf_printf(&sql, "DELETE FROM %s o USING", slot->field->column);
	from_parameters(&sql, types.count);
	strbuf_printf(&sql, " WHERE o.%s_id = n.p1 AND o.position >= n.p2 RETURNING n.p1",
	              owner->resource->name);
	return make_write(&sql, &types);
}

/* An item that has a key is known by it; one that has none is its columns. */
static void put_items(struct strbuf *sql, struct types *types, const struct shape *owner,
                      const struct slot *slot)
{
	const char *name = owner->resource->name;
	const char *item = slot->of->resource->name;
	bool keyless = slot->of->resource->keyless;

	if (keyless)
		each_column(sql, slot->of, 3, column_name);
	else
		strbuf_printf(sql, ", %s_id", item);
	strbuf_str(sql, ") SELECT n.p1, n.p2");
	if (keyless)
		each_column(sql, slot->of, 3, column_taken);
	else
		strbuf_str(sql, ", n.p3");
	strbuf_str(sql, " FROM");
	from_parameters(sql, types->count);
	strbuf_printf(sql,
	              " LEFT JOIN %s o ON o.%s_id = n.p1 AND o.position = n.p2"
	              " WHERE o.position IS NULL",
	              slot->field->column, name);
	if (keyless)
		each_column(sql, slot->of, 3, column_differs);
	else
		strbuf_printf(sql, " OR n.p3 <> o.%s_id", item);
	strbuf_printf(sql, " ON CONFLICT (%s_id, position) DO UPDATE SET", name);
	if (keyless)
		columns_set(sql, slot->of);
	else
		strbuf_printf(sql, " %s_id = excluded.%s_id", item, item);
}

static void shape_list_statements(const struct shape *owner, struct slot *slot)
{
	struct strbuf sql = STRBUF_INIT;
	struct types types = {.count = 0};

	slot->trim = trim_statement(owner, slot);
	types_add(&types, wire_key_type(owner->resource->uuid));
	types_add(&types, WIRE_INTEGER);
	if (slot->of->resource->keyless)
		column_types(&types, slot->of);
	else
		types_add(&types, wire_key_type(slot->of->resource->uuid));
	strbuf_printf(&sql, "INSERT INTO %s AS s (%s_id, position", slot->field->column,
	              owner->resource->name);
	put_items(&sql, &types, owner, slot);
	strbuf_printf(&sql, " RETURNING s.%s_id", owner->resource->name);
	slot->put = make_write(&sql, &types);
}

/* --- Shapes. --- */

static struct shape *shapes;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const enum wire_type types[FIELD_KINDS] = {
	[TEXT] = WIRE_TEXT,
	[INTEGER] = WIRE_INTEGER,
	[BOOLEAN] = WIRE_BOOLEAN,
	[DOUBLE] = WIRE_DOUBLE,
	[TIME] = WIRE_TIMESTAMPTZ,
	[DATE] = WIRE_DATE,
	[DURATION] = WIRE_INTERVAL,
	[CLOCK_DURATION] = WIRE_INTERVAL,
	[LIVE_DURATION] = WIRE_INTERVAL,
};

/* A field that no document has is found by no name. */
static void init_slot(struct slot *slot, const struct field *field, bool documented)
{
	slot->field = field;
	slot->name_length = documented ? strlen(field->name) : 0;
	if (field->kind == ONE) {
		slot->column = field->column;
		slot->type = wire_key_type(field->of->uuid);
	} else if (field->kind == MANY) {
		slot->column = field->null_column;
		slot->type = WIRE_BOOLEAN;
	} else if (types[field->kind]) {
		slot->column = field->column;
		slot->type = types[field->kind];
	}
	if (field->of)
		slot->of = &shapes[field->of->index];
}

static void init_shape(struct shape *shape, const struct resource *resource)
{
	shape->resource = resource;
	shape->count = shape->key = resource->field_count;
	shape->slots = must(calloc(shape->count, sizeof(*shape->slots)));
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &resource->fields[i];
		uint64_t bit = UINT64_C(1) << i;

		init_slot(&shape->slots[i], field, field_in_documents(resource, field));
		if (field->kind == KEY)
			shape->key = i;
		if (field->kind == LIVE_DURATION)
			shape->live |= bit;
		if (field->kind == ELAPSED)
			shape->elapsed |= bit;
		if (shape->slots[i].column || field->kind == MANY)
			shape->kept |= bit;
	}
	shape->kept |= shape->elapsed;
}

/* A way back that leads over references alone is set by what is around the item. */
static void init_back(struct slot *slot)
{
	const struct field *field = slot->field;
	struct field_path path;

	if (!field->back)
		return;
	path = field_path_of(field->of, field->back);
	for (size_t i = 0; i < path.count; i++)
		if (path.step[i]->kind != ONE)
			return;
	slot->back = &slot->of->slots[path.step[0] - field->of->fields];
	slot->back_distance = path.count;
}

static void init_shapes(void)
{
	shapes = must(calloc(resource_count, sizeof(*shapes)));
	for (size_t i = 0; i < resource_count; i++)
		init_shape(&shapes[i], resources[i]);
	for (size_t i = 0; i < resource_count; i++) {
		if (!resources[i]->keyless) {
			shape_put_statement(&shapes[i]);
			shape_find_newer(&shapes[i]);
		}
		if (endpoint_of(resources[i])) {
			shape_find_documents(&shapes[i]);
			shape_put_documents(&shapes[i]);
		}
		for (size_t s = 0; s < shapes[i].count; s++) {
			init_back(&shapes[i].slots[s]);
			if (shapes[i].slots[s].field->kind == MANY)
				shape_list_statements(&shapes[i], &shapes[i].slots[s]);
		}
	}
}

const struct shape *shape_of(const struct resource *resource)
{
	pthread_once(&once, init_shapes);
	return &shapes[resource->index];
}

const struct slot *shape_find(const struct shape *shape, const char *name, size_t length,
                              size_t *expected)
{
	size_t i = *expected;

	for (size_t tried = 0; tried < shape->count; tried++, i++) {
		const struct slot *slot;

		if (i >= shape->count)
			i = 0;
		slot = &shape->slots[i];
		if (slot->name_length == length && memcmp(slot->field->name, name, length) == 0) {
			*expected = i + 1;
			return slot;
		}
	}
	return NULL;
}
