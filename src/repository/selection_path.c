/* Writes paths of fields as SQL: each reference and each list on the way is a subquery of the form
   `x IN (SELECT y FROM ...`, which PostgreSQL joins from whichever end has fewer rows, and which finds a row once
   however many rows of a list match. */
#include "selection_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIAS_SIZE 13

/* Where a path has come to: a row of a resource, in the subquery of that depth. */
struct place {
	const struct resource *resource;
	int depth;
	/* The row itself is not there yet, but a link to it, which has its key. */
	bool link;
};

static void alias(int depth, char out[static ALIAS_SIZE])
{
	if (depth == 0)
		strcpy(out, "t");
	else
		snprintf(out, ALIAS_SIZE, "s%d", depth);
}

static void column_of(const struct place *place, const char *column, char out[COLUMN_NAME_SIZE])
{
	char of[ALIAS_SIZE];

	alias(place->depth, of);
	snprintf(out, COLUMN_NAME_SIZE, "%s.%s", of, column);
}

static void key_column(const struct place *place, char out[COLUMN_NAME_SIZE])
{
	char column[COLUMN_NAME_SIZE - ALIAS_SIZE];

	snprintf(column, sizeof(column), "%s%s", place->link ? place->resource->name : "",
	         place->link ? "_id" : "id");
	column_of(place, column, out);
}

/* `outer IN (SELECT s1.inner FROM table s1 WHERE ` */
static void open_subquery(struct place *place, const char *outer, const char *inner,
                          const char *table, struct strbuf *sql)
{
	char of[ALIAS_SIZE];

	alias(++place->depth, of);
	strbuf_printf(sql, "%s IN (SELECT %s.%s FROM %s %s WHERE ", outer, of, inner, table, of);
	place->link = false;
}

/* From a link to the row. */
static void reach_row(struct place *place, struct strbuf *sql)
{
	char outer[COLUMN_NAME_SIZE];

	if (!place->link)
		return;
	key_column(place, outer);
	open_subquery(place, outer, "id", place->resource->name, sql);
}

static void enter_list(struct place *place, const struct field *field, struct strbuf *sql)
{
	char outer[COLUMN_NAME_SIZE], inner[COLUMN_NAME_SIZE];

	key_column(place, outer);
	if (field->kind == REVERSE) {
		open_subquery(place, outer, field->column, field->of->name, sql);
	} else {
		snprintf(inner, sizeof(inner), "%s_id", place->resource->name);
		open_subquery(place, outer, inner, field->column, sql);
		place->link = !field->of->keyless;
	}
}

static void enter_reference(struct place *place, const struct field *field, struct strbuf *sql)
{
	char outer[COLUMN_NAME_SIZE];

	reach_row(place, sql);
	column_of(place, field->column, outer);
	open_subquery(place, outer, field->kind == BY_NAME ? "name" : "id", field->of->name, sql);
}

/* Goes on to what a field refers to. */
static void enter(struct place *place, const struct field *field, struct strbuf *sql)
{
	if (kind_is_list(field->kind))
		enter_list(place, field, sql);
	else
		enter_reference(place, field, sql);
	place->resource = field->of;
}

/* The last step that needs a column of its own: `pad__id` is pad's column. */
static size_t last_step(const struct field_path *path)
{
	size_t last = path->count - 1;

	return last > 0 && path->step[last]->kind == KEY ? last - 1 : last;
}

void path_open(const struct resource *resource, const struct field_path *path, struct strbuf *sql,
               struct path_column *column)
{
	struct place place = {.resource = resource};
	size_t last = last_step(path);
	const struct field *field = path->step[last];

	for (size_t i = 0; i < last; i++)
		enter(&place, path->step[i], sql);
	column->field = field;
	column->is_key = field->kind == KEY || field->of != NULL;
	column->uuid = field->of ? field->of->uuid : place.resource->uuid;
	if (field->kind == KEY) {
		key_column(&place, column->name);
	} else if (field->of != NULL && field->kind != ONE) {
		enter(&place, field, sql);
		key_column(&place, column->name);
	} else {
		reach_row(&place, sql);
		column_of(&place, field->column, column->name);
	}
	column->depth = place.depth;
}

void path_close(const struct path_column *column, struct strbuf *sql)
{
	for (int i = 0; i < column->depth; i++)
		strbuf_char(sql, ')');
}

/* --- The extreme of a list. --- */

/* `JOIN launch s2 ON s2.id = s1.launch_id` */
static void write_join(struct place *place, const char *key, const struct resource *resource,
                       struct strbuf *sql)
{
	char of[ALIAS_SIZE];

	alias(++place->depth, of);
	strbuf_printf(sql, " JOIN %s %s ON %s.id = %s", resource->name, of, of, key);
	place->resource = resource;
	place->link = false;
}

static void join_step(struct place *place, const struct field *field, struct strbuf *sql)
{
	char key[COLUMN_NAME_SIZE];

	if (field->kind != ONE)
		abort(); /* a mistake in a table: only the first step may be a list */
	column_of(place, field->column, key);
	write_join(place, key, field->of, sql);
}

void path_write_extreme(const struct resource *resource, const struct field_path *path,
                        bool greatest, struct strbuf *sql)
{
	const struct field *list = path->step[0];
	struct place place = {list->of, 1, list->kind == MANY};
	struct strbuf joins = STRBUF_INIT;
	char key[COLUMN_NAME_SIZE];
	bool text = field_path_end(path)->kind == TEXT;

	strbuf_str(&joins, "");
	key_column(&place, key);
	if (place.link)
		write_join(&place, key, list->of, &joins);
	for (size_t i = 1; i + 1 < path->count; i++)
		join_step(&place, path->step[i], &joins);
	column_of(&place, field_path_end(path)->column, key);
	strbuf_printf(sql, "(SELECT %s(%s%s%s) FROM %s s1%s WHERE s1.", greatest ? "max" : "min",
	              text ? "left(" : "", key, text ? ", 255) COLLATE \"C\"" : "",
	              list->kind == MANY ? list->column : list->of->name, joins.data);
	if (list->kind == MANY)
		strbuf_printf(sql, "%s_id = t.id)", resource->name);
	else
		strbuf_printf(sql, "%s = t.id)", list->column);
	strbuf_fini(&joins);
}
