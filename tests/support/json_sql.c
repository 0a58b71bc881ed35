/* Writes that statement, a subselect for each reference and list: joins for the references were tried and
   took longer. */
#include "support/json_sql.h"

#include <stdio.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"

struct writer {
	struct strbuf *out;
	const char *base, *suffix, *now;
	int rows; /* so many aliases t0, t1, ... have been given */
};

static void write_object(struct writer *writer, const struct resource *resource, enum view_id view,
                         int row);

/* The condition is written for a row `t`. */
static void write_condition(struct writer *writer, const char *condition, int row)
{
	for (const char *at = condition; *at != '\0'; at++) {
		strbuf_char(writer->out, *at);
		if (strncmp(at, "t.", 2) == 0 && (at == condition || strchr(" (", at[-1])))
			strbuf_printf(writer->out, "%d", row);
	}
}

static void write_live(struct writer *writer, const struct field *field, int row)
{
	strbuf_printf(writer->out, "CASE WHEN t%d.in_space", row);
	if (field->grows_if != NULL) {
		strbuf_str(writer->out, " AND ");
		write_condition(writer, field->grows_if, row);
	}
	strbuf_printf(writer->out,
	              " THEN t%d.%s + date_trunc('second', timestamptz '%s' - t%d.as_of)", row,
	              field->column, writer->now, row);
	strbuf_printf(writer->out, " ELSE t%d.%s END", row, field->column);
}

static void write_elapsed(struct writer *writer, int row)
{
	strbuf_printf(
		writer->out,
		"(SELECT CASE WHEN t%d.mission_end <= timestamptz '%s' THEN t%d.mission_end - l.net"
		" WHEN l.net <= timestamptz '%s' THEN timestamptz '%s' - l.net END"
		" FROM launch l WHERE l.id = t%d.launch_id)",
		row, writer->now, row, writer->now, writer->now, row);
}

static void write_one(struct writer *writer, const struct field *field, enum view_id at, int row)
{
	int referred = ++writer->rows;

	strbuf_str(writer->out, "(SELECT ");
	write_object(writer, field->of, at, referred);
	strbuf_printf(writer->out, " FROM %s t%d WHERE t%d.id = t%d.%s)", field->of->name, referred,
	              referred, row, field->column);
}

static void write_many(struct writer *writer, const struct resource *owner,
                       const struct field *field, enum view_id at, int row)
{
	int item = ++writer->rows;

	if (field->null_column != NULL)
		strbuf_printf(writer->out, "CASE WHEN NOT t%d.%s THEN ", row, field->null_column);
	strbuf_str(writer->out, "(SELECT coalesce(json_agg(");
	write_object(writer, field->of, at, item);
	if (field->of->keyless)
		strbuf_printf(writer->out, " ORDER BY t%d.position), '[]'::json) FROM %s t%d", item,
		              field->column, item);
	else
		strbuf_printf(writer->out,
		              " ORDER BY l%d.position), '[]'::json) FROM %s l%d JOIN %s t%d"
		              " ON t%d.id = l%d.%s_id",
		              item, field->column, item, field->of->name, item, item, item,
		              field->of->name);
	strbuf_printf(writer->out, " WHERE %c%d.%s_id = t%d.id)", field->of->keyless ? 't' : 'l',
	              item, owner->name, row);
	if (field->null_column != NULL)
		strbuf_str(writer->out, " END");
}

/* The way from an item back to its owner, as joins from the last step on; the last one's key is the owner's. */
static void write_way_back(struct writer *writer, const struct field *field, int item)
{
	struct field_path path = field_path_of(field->of, field->back);
	int from = item;

	for (size_t i = 0; i + 1 < path.count; i++) {
		int next = ++writer->rows;

		strbuf_printf(writer->out, " JOIN %s t%d ON t%d.id = t%d.%s",
		              path.step[i]->of->name, next, next, from, path.step[i]->column);
		from = next;
	}
	strbuf_printf(writer->out, " WHERE t%d.%s = ", from, field_path_end(&path)->column);
}

/* Whether a row is in the list now. */
static void write_presence(struct writer *writer, const struct field *field, int row)
{
	const char *from = resource_field(field->of, field->from)->column;
	const char *until = resource_field(field->of, field->until)->column;

	strbuf_printf(writer->out, " AND t%d.\"%s\" <= timestamptz '%s'", row, from, writer->now);
	strbuf_printf(writer->out, " AND (t%d.\"%s\" > timestamptz '%s') IS NOT FALSE", row, until,
	              writer->now);
}

/* Rows that point here, over references alone. */
static void write_reverse(struct writer *writer, const struct field *field, enum view_id at,
                          int row)
{
	bool one = field->kind == REVERSE_ONE;
	int item = ++writer->rows;

	strbuf_str(writer->out, one ? "(SELECT " : "(SELECT coalesce(json_agg(");
	write_object(writer, field->of, at, item);
	if (!one)
		strbuf_printf(writer->out, " ORDER BY t%d.id), '[]'::json)", item);
	strbuf_printf(writer->out, " FROM %s t%d", field->of->name, item);
	write_way_back(writer, field, item);
	strbuf_printf(writer->out, "t%d.id", row);
	if (field->where != NULL) {
		strbuf_str(writer->out, " AND (");
		write_condition(writer, field->where, item);
		strbuf_char(writer->out, ')');
	}
	if (field->from != NULL)
		write_presence(writer, field, item);
	if (one)
		strbuf_printf(writer->out, " ORDER BY t%d.id DESC LIMIT 1", item);
	strbuf_char(writer->out, ')');
}

static void write_value(struct writer *writer, const struct resource *resource,
                        const struct field *field, enum view_id view, int row)
{
	enum view_id at = field_shown(resource, field, view);

	switch (field->kind) {
	case MODE:
		strbuf_printf(writer->out, "'%s'", resource_view(resource, view)->mode);
		break;
	case URL:
		strbuf_printf(writer->out, "'%s" VERSION_PATH "%s/' || t%d.id || '/%s'",
		              writer->base, resource->path, row, writer->suffix);
		break;
	case LIVE_DURATION:
		write_live(writer, field, row);
		break;
	case ELAPSED:
		write_elapsed(writer, row);
		break;
	case ONE:
		write_one(writer, field, at, row);
		break;
	case MANY:
		write_many(writer, resource, field, at, row);
		break;
	case REVERSE:
	case REVERSE_ONE:
		write_reverse(writer, field, at, row);
		break;
	default:
		strbuf_printf(writer->out, "t%d.\"%s\"", row, field->column);
	}
}

static void write_object(struct writer *writer, const struct resource *resource, enum view_id view,
                         int row)
{
	const char *before = "json_build_object(";

	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];

		if (field_shown(resource, field, view) == ABSENT)
			continue;
		strbuf_printf(writer->out, "%s'%s',", before, field->name);
		write_value(writer, resource, field, view, row);
		before = ",";
	}
	strbuf_char(writer->out, ')');
}

void json_sql_write(struct strbuf *out, const struct endpoint *endpoint, enum view_id view,
                    const char *base, const char *suffix, const char *now)
{
	const struct resource *resource = endpoint->resource;
	struct writer writer = {out, base, suffix, now, 0};

	strbuf_str(out, "SELECT ");
	write_object(&writer, resource, view, 0);
	strbuf_printf(out, " FROM %s t0 WHERE t0.id = ANY($1::%s[]) ORDER BY ", resource->name,
	              resource->uuid ? "uuid" : "bigint");
	if (endpoint->order != NULL)
		strbuf_printf(out, "t0.%s, ", endpoint->order);
	strbuf_str(out, "t0.id");
}

/* --- Comparing --- */

/* `2024-11-15T15:13:18+00:00` */
static bool same_moment(const char *ours, const char *theirs)
{
	int64_t a;
	int64_t b;

	return moment_parse(ours, &a) && moment_parse(theirs, &b) && a == b;
}

static bool same_duration(enum kind kind, const char *ours, const char *theirs)
{
	int64_t a;
	int64_t b;
	bool read =
		kind == CLOCK_DURATION ? clock_duration_parse(ours, &a) : duration_parse(ours, &a);

	return read && duration_parse(theirs, &b) && a == b;
}

static bool same_scalar(enum kind kind, const json_t *ours, const json_t *theirs)
{
	switch (kind) {
	case DOUBLE:
		return json_number_value(ours) == json_number_value(theirs);
	case TIME:
		return same_moment(json_string_value(ours), json_string_value(theirs));
	case DURATION:
	case CLOCK_DURATION:
	case LIVE_DURATION:
	case ELAPSED:
		return same_duration(kind, json_string_value(ours), json_string_value(theirs));
	default:
		return json_equal(ours, theirs);
	}
}

static bool same_value(const struct field *field, enum view_id at, const json_t *ours,
                       const json_t *theirs)
{
	if (json_is_null(ours) || json_is_null(theirs))
		return json_is_null(ours) && json_is_null(theirs);
	if (kind_is_one(field->kind))
		return json_sql_same(field->of, at, ours, theirs);
	if (!kind_is_list(field->kind))
		return same_scalar(field->kind, ours, theirs);
	if (json_array_size(ours) != json_array_size(theirs))
		return false;
	for (size_t i = 0; i < json_array_size(ours); i++)
		if (!json_sql_same(field->of, at, json_array_get(ours, i),
		                   json_array_get(theirs, i)))
			return false;
	return true;
}

bool json_sql_same(const struct resource *resource, enum view_id view, const json_t *ours,
                   const json_t *theirs)
{
	if (json_object_size(ours) != json_object_size(theirs))
		return false;
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		enum view_id at = field_shown(resource, field, view);

		if (at == ABSENT)
			continue;
		if (!same_value(field, at, json_object_get(ours, field->name),
		                json_object_get(theirs, field->name))) {
			fprintf(stderr, "%s.%s differs\n", resource->name, field->name);
			return false;
		}
	}
	return true;
}
