/* Writes paths of fields as SQL: each reference and each list on the way is a subquery of the form
   `x IN (SELECT y FROM ...`, which PostgreSQL joins from whichever end has fewer rows, and which finds a row once
   however many rows of a list match. In each `t` is the row that the path has come to. */
#include "selection_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a path has come to: a row of a resource, or only a column with its key. A subquery for the row itself is opened
   where a field of it is needed. */
struct place {
	const struct resource *resource;
	char key[COLUMN_NAME_SIZE];
	bool reached; /* the row is there, as `t` */
	int depth;    /* subqueries that are open */
};

/* A name that does not fit is a mistake in a table. */
__attribute__((format(printf, 2, 3))) static void compose(char out[static COLUMN_NAME_SIZE],
                                                          const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(out, COLUMN_NAME_SIZE, format, arguments) >= COLUMN_NAME_SIZE)
		abort();
	va_end(arguments);
}

/* `key IN (SELECT inner FROM tables t WHERE ` */
static void open_subquery(struct place *place, const char *outer, const char *inner,
                          const char *tables, struct strbuf *sql)
{
	strbuf_printf(sql, "%s IN (SELECT %s FROM %s WHERE ", outer, inner, tables);
	place->depth++;
}

static void come_to(struct place *place, const struct resource *resource, const char *key,
                    bool reached)
{
	place->resource = resource;
	place->reached = reached;
	compose(place->key, "t.%s", key);
}

static void reach_row(struct place *place, struct strbuf *sql)
{
	char tables[COLUMN_NAME_SIZE];

	if (place->reached)
		return;
	compose(tables, "%s t", place->resource->name);
	open_subquery(place, place->key, "t.id", tables, sql);
	come_to(place, place->resource, "id", true);
}

static void column_of(const char *row, const char *column, char out[static COLUMN_NAME_SIZE])
{
	compose(out, "%s.%s", row, column);
}

static void key_of_link(const struct resource *resource, char out[static COLUMN_NAME_SIZE])
{
	compose(out, "%s_id", resource->name);
}

/* --- Lists. --- */

static void enter_links(struct place *place, const struct field *field, struct strbuf *sql)
{
	char tables[COLUMN_NAME_SIZE], owner[COLUMN_NAME_SIZE], inner[COLUMN_NAME_SIZE];

	key_of_link(place->resource, owner);
	column_of("t", owner, inner);
	compose(tables, "%s t", field->column);
	open_subquery(place, place->key, inner, tables, sql);
	if (field->of->keyless) {
		come_to(place, field->of, "position", true);
	} else {
		key_of_link(field->of, owner);
		come_to(place, field->of, owner, false);
	}
}

/* Joins a step of the way from an item back to its owner, and writes where the key is that it leads to. */
static void write_step_back(const struct field_path *path, size_t step, const struct resource *from,
                            struct strbuf *tables, char key[static COLUMN_NAME_SIZE])
{
	const struct field *field = path->step[step];
	char row[COLUMN_NAME_SIZE], link[COLUMN_NAME_SIZE];

	if (step == 0)
		compose(row, "t");
	else
		compose(row, "n%zu", step - 1);
	if (field->kind == ONE) {
		column_of(row, field->column, key);
	} else if (field->kind == MANY) {
		strbuf_printf(tables, " JOIN %s l%zu ON l%zu.%s_id = %s.id", field->column, step,
		              step, from->name, row);
		compose(row, "l%zu", step);
		key_of_link(field->of, link);
		column_of(row, link, key);
	} else {
		abort(); /* a way back over rows that point there: no filter needs one */
	}
	if (step + 1 < path->count)
		strbuf_printf(tables, " JOIN %s n%zu ON n%zu.id = %s", field->of->name, step, step,
		              key);
}

/* The tables of the rows from which a way leads back, those as `t`, and the column with the key that it leads to. */
static void write_way_back(const struct field *field, struct strbuf *tables,
                           char key[static COLUMN_NAME_SIZE])
{
	struct field_path back = field_path_of(field->of, field->back);

	strbuf_printf(tables, "%s t", field->of->name);
	for (size_t i = 0; i < back.count; i++)
		write_step_back(&back, i, field_path_owner(field->of, &back, i), tables, key);
	if (field->where != NULL || field->from != NULL)
		abort(); /* a list of some of these rows: no filter needs one */
}

static void enter_rows(struct place *place, const struct field *field, struct strbuf *sql)
{
	struct strbuf tables = STRBUF_INIT;
	char inner[COLUMN_NAME_SIZE];

	write_way_back(field, &tables, inner);
	open_subquery(place, place->key, inner, tables.data, sql);
	come_to(place, field->of, "id", true);
	strbuf_fini(&tables);
}

/* --- All steps. --- */

static void enter_named(struct place *place, const struct field *field, struct strbuf *sql)
{
	char tables[COLUMN_NAME_SIZE], outer[COLUMN_NAME_SIZE];

	reach_row(place, sql);
	column_of("t", field->column, outer);
	compose(tables, "%s t", field->of->name);
	open_subquery(place, outer, "t.name", tables, sql);
	come_to(place, field->of, "id", true);
}

/* Goes on to what a field refers to. */
static void enter(struct place *place, const struct field *field, struct strbuf *sql)
{
	switch (field->kind) {
	case ONE:
		reach_row(place, sql);
		come_to(place, field->of, field->column, false);
		break;
	case BY_NAME:
		enter_named(place, field, sql);
		break;
	case MANY:
		enter_links(place, field, sql);
		break;
	default:
		enter_rows(place, field, sql);
	}
}

void path_open(const struct resource *resource, const struct field_path *path, struct strbuf *sql,
               struct path_column *column)
{
	struct place place = {.resource = resource, .key = "t.id", .reached = true};
	const struct field *field = field_path_end(path);

	for (size_t i = 0; i + 1 < path->count; i++)
		enter(&place, path->step[i], sql);
	if (field->of != NULL)
		enter(&place, field, sql);
	column->field = field;
	column->is_key = field->of != NULL || field->kind == KEY;
	column->uuid = column->is_key && place.resource->uuid;
	if (column->is_key) {
		memcpy(column->name, place.key, sizeof(column->name));
	} else {
		reach_row(&place, sql);
		column_of("t", field->column, column->name);
	}
	column->depth = place.depth;
}

void path_close(const struct path_column *column, struct strbuf *sql)
{
	for (int i = 0; i < column->depth; i++)
		strbuf_char(sql, ')');
}

/* --- Joins. --- */

static void join_links(const struct resource *resource, const struct field *field, const char *from,
                       const char *as, struct strbuf *sql)
{
	const char *links = field->of->keyless ? "" : "_links";

	strbuf_printf(sql, " LEFT JOIN %s %s%s ON %s%s.%s_id = %s.id", field->column, as, links, as,
	              links, resource->name, from);
	if (!field->of->keyless)
		strbuf_printf(sql, " LEFT JOIN %s %s ON %s.id = %s_links.%s_id", field->of->name,
		              as, as, as, field->of->name);
}

static void join_rows(const struct field *field, const char *from, const char *as,
                      struct strbuf *sql)
{
	struct strbuf tables = STRBUF_INIT;
	char inner[COLUMN_NAME_SIZE];

	write_way_back(field, &tables, inner);
	strbuf_printf(sql, " LEFT JOIN LATERAL (SELECT t.* FROM %s WHERE %s = %s.id) %s ON true",
	              tables.data, inner, from, as);
	strbuf_fini(&tables);
}

void path_write_join(const struct resource *resource, const struct field *field, const char *from,
                     const char *as, struct strbuf *sql)
{
	switch (field->kind) {
	case ONE:
	case BY_NAME:
		strbuf_printf(sql, " LEFT JOIN %s %s ON %s.%s = %s.%s", field->of->name, as, as,
		              field->kind == ONE ? "id" : "name", from, field->column);
		break;
	case MANY:
		join_links(resource, field, from, as, sql);
		break;
	default:
		join_rows(field, from, as, sql);
	}
}

/* --- The extreme of a list. --- */

/* Joins what the steps behind the list refer to, as `x1`, `x2`, ...; the list's row is `x0`. */
static void write_references(const struct field_path *path, struct strbuf *sql)
{
	for (size_t i = 1; i + 1 < path->count; i++) {
		if (path->step[i]->kind != ONE)
			abort(); /* a mistake in a table: only the first step may be a list */
		strbuf_printf(sql, " JOIN %s x%zu ON x%zu.id = x%zu.%s", path->step[i]->of->name, i,
		              i, i - 1, path->step[i]->column);
	}
}

void path_write_extreme(const struct field_path *path, bool greatest, struct strbuf *sql)
{
	const struct field *list = path->step[0], *field = field_path_end(path);
	struct field_path back;

	if (list->kind != REVERSE)
		abort(); /* likewise: no order goes through a list of links */
	back = field_path_of(list->of, list->back);
	if (back.count != 1 || back.step[0]->kind != ONE)
		abort();
	strbuf_printf(sql, "(SELECT %s(x%zu.%s) FROM %s x0", greatest ? "max" : "min",
	              path->count - 2, field->column, list->of->name);
	write_references(path, sql);
	strbuf_printf(sql, " WHERE x0.%s = t.id)", back.step[0]->column);
}
