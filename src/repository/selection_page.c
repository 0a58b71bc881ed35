/* Writes the pages of selections: their order, and the tables that it is read from. The rows that an ordering's path
   goes over have the path up to there as their alias: "launch", "launch__mission". */
#include <string.h>

#include "selection_parts.h"

/* --- Paths. --- */

/* The alias of the row that has the field of that step. */
static void write_alias(const struct field_path *path, size_t step, struct strbuf *sql)
{
	if (step == 0) {
		strbuf_char(sql, 't');
		return;
	}
	strbuf_char(sql, '"');
	for (size_t i = 0; i < step; i++)
		strbuf_printf(sql, "%s%s", i > 0 ? "__" : "", path->step[i]->name);
	strbuf_char(sql, '"');
}

static void write_column(const struct field_path *path, size_t step, struct strbuf *sql)
{
	write_alias(path, step, sql);
	strbuf_printf(sql, ".%s", path->step[step]->column);
}

/* What a flight's duration is from and to. */
#define ELAPSED_FROM "launch__net"
#define ELAPSED_TO "mission_end"

/* A flight's duration, as documents show it: none before it begins, up to now while it is under way. */
static void write_elapsed(struct writer *writer)
{
	struct field_path from = field_path_of(writer->selection->endpoint->resource, ELAPSED_FROM);
	int64_t now = writer->selection->now;
	strbuf_str(writer->sql, "CASE WHEN ");
	write_column(&from, from.count - 1, writer->sql);
	strbuf_str(writer->sql, " <= ");
	writer_moment(writer, &writer->now, now);
	strbuf_str(writer->sql, " OR t." ELAPSED_TO " <= ");
	writer_moment(writer, &writer->now, now);
	strbuf_str(writer->sql, " THEN least(t." ELAPSED_TO ", ");
	writer_moment(writer, &writer->now, now);
	strbuf_str(writer->sql, ") - ");
	write_column(&from, from.count - 1, writer->sql);
	strbuf_str(writer->sql, " END");
}

/* Texts are ordered by code point, and by the first 255 characters, as their indexes are. */
static void write_sort_key(struct writer *writer, const struct field_path *path, const char *table)
{
	const struct field *field = field_path_end(path);
	if (field->kind == ELAPSED) {
		write_elapsed(writer);
		return;
	}
	if (field->kind == TEXT)
		strbuf_str(writer->sql, "left(");
	if (table != NULL)
		strbuf_printf(writer->sql, "%s.%s", table, field->column);
	else
		write_column(path, path->count - 1, writer->sql);
	if (field->kind == TEXT)
		strbuf_str(writer->sql, ", 255) COLLATE \"C\"");
}

/* `launch "launch" ON "launch".id = t.launch_id` */
static void write_join(const struct field_path *path, size_t step, struct strbuf *sql)
{
	strbuf_printf(sql, " LEFT JOIN %s ", path->step[step]->of->name);
	write_alias(path, step + 1, sql);
	strbuf_str(sql, " ON ");
	write_alias(path, step + 1, sql);
	strbuf_str(sql, ".id = ");
	write_column(path, step, sql);
}

/* The same path from its end: the last table and, joined to it one by one, those before it. */
static void write_joins_back(struct writer *writer, const struct field_path *path)
{
	const struct resource *resource = writer->selection->endpoint->resource;
	struct strbuf *sql = writer->sql;
	size_t last = path->count - 1;
	strbuf_printf(sql, "%s ", field_path_owner(resource, path, last)->name);
	write_alias(path, last, sql);
	for (size_t step = last; step-- > 0;) {
		strbuf_printf(sql, " JOIN %s ", field_path_owner(resource, path, step)->name);
		write_alias(path, step, sql);
		strbuf_str(sql, " ON ");
		write_column(path, step, sql);
		strbuf_str(sql, " = ");
		write_alias(path, step + 1, sql);
		strbuf_str(sql, ".id");
	}
}

/* --- Order. --- */

static struct field_path sort_path(const struct writer *writer, size_t sort)
{
	const struct ordering *ordering = writer->selection->sorts[sort].ordering;
	return field_path_of(writer->selection->endpoint->resource,
	                     ordering ? ordering_path(ordering) : "id");
}

/* What the sort's field is read from: a path that has to be joined; of one through a list only its key. */
static struct field_path joined_path(const struct writer *writer, size_t sort)
{
	struct field_path path = sort_path(writer, sort);
	if (field_path_end(&path)->kind == ELAPSED)
		return field_path_of(writer->selection->endpoint->resource, ELAPSED_FROM);
	if (kind_is_list(path.step[0]->kind))
		path.count = 1;
	return path;
}

static void write_order(struct writer *writer, size_t first)
{
	const struct selection *selection = writer->selection;
	for (size_t i = first; i < selection->sort_count; i++) {
		struct field_path path = sort_path(writer, i);
		bool descending = selection->sorts[i].descending;
		strbuf_str(writer->sql, i == first ? " ORDER BY " : ", ");
		if (kind_is_list(path.step[0]->kind))
			path_write_extreme(&path, descending, writer->sql);
		else
			write_sort_key(writer, &path, NULL);
		if (descending)
			strbuf_str(writer->sql, " DESC");
	}
}

/* Whether an earlier sort has joined the table that this one refers to at that step. */
static bool is_joined(const struct writer *writer, size_t sort, size_t step)
{
	struct field_path path = joined_path(writer, sort);
	for (size_t i = 0; i < sort; i++) {
		struct field_path before = joined_path(writer, i);
		if (before.count > step + 1 &&
		    memcmp(before.step, path.step, (step + 1) * sizeof(const struct field *)) == 0)
			return true;
	}
	return false;
}

static void write_joins(struct writer *writer, size_t first)
{
	for (size_t i = first; i < writer->selection->sort_count; i++) {
		struct field_path path = joined_path(writer, i);
		for (size_t step = 0; step + 1 < path.count; step++)
			if (!is_joined(writer, i, step))
				write_join(&path, step, writer->sql);
	}
}

/* --- Pages. Where an index has an order, rows come in it by the index of its first column. A column of their own
   has one; another table's column leads from there to the rows, while those without a value there come before or
   after and take a query of their own; and where it is a boolean, each of its values is shared by so many rows that
   an index puts nothing in order, so that the rows of either, and those without, are three lists by id. --- */

static void write_part_limit(struct writer *writer)
{
	strbuf_str(writer->sql, " LIMIT ");
	writer_number(writer, &writer->offset, writer->selection->offset);
	strbuf_str(writer->sql, " + ");
	writer_number(writer, &writer->limit, (int64_t)writer->selection->limit);
	strbuf_char(writer->sql, ')');
}

/* The rows that have a value in another table's column, by that table's index. */
static void write_with_value(struct writer *writer, const struct field_path *path)
{
	strbuf_str(writer->sql, "(SELECT t.id FROM ");
	write_joins_back(writer, path);
	write_joins(writer, 1);
	strbuf_str(writer->sql, " WHERE ");
	write_sort_key(writer, path, NULL);
	strbuf_str(writer->sql, " IS NOT NULL");
	writer_conditions(writer);
	write_order(writer, 0);
	write_part_limit(writer);
}

/* A condition that is true where some rows may have no value there, by the last entries of the indexes. Mostly all
   have one, and the database need not read any row to find out. */
static void write_some_without(struct writer *writer, const struct field_path *path)
{
	struct strbuf *sql = writer->sql;
	strbuf_str(sql, " AND (");
	for (size_t step = 0; step < path->count; step++) {
		const struct resource *owner =
			field_path_owner(writer->selection->endpoint->resource, path, step);
		strbuf_printf(sql, "%s(SELECT ", step > 0 ? " OR " : "");
		if (step + 1 < path->count)
			strbuf_str(sql, path->step[step]->column);
		else
			write_sort_key(writer, path, owner->name);
		strbuf_printf(sql, " FROM %s ORDER BY 1 DESC LIMIT 1) IS NULL", owner->name);
	}
	strbuf_char(sql, ')');
}

/* That there is no value, or nothing that could have one: this follows from the other by the joins, but the
   planner, who does not see so, counts on few rows where only references are null. */
static void write_no_value(struct writer *writer, const struct field_path *path)
{
	strbuf_char(writer->sql, '(');
	for (size_t step = 0; step + 1 < path->count; step++) {
		write_column(path, step, writer->sql);
		strbuf_str(writer->sql, " IS NULL OR ");
	}
	write_sort_key(writer, path, NULL);
	strbuf_str(writer->sql, " IS NULL)");
}

/* The rows that have one value there; NULL: those that have none. */
static void write_one_value(struct writer *writer, const struct field_path *path, const char *is)
{
	strbuf_printf(writer->sql, "(SELECT t.id FROM %s t",
	              writer->selection->endpoint->resource->name);
	write_joins(writer, 0);
	strbuf_str(writer->sql, " WHERE ");
	if (is == NULL) {
		write_no_value(writer, path);
	} else {
		write_sort_key(writer, path, NULL);
		strbuf_printf(writer->sql, " %s", is);
	}
	if (field_path_end(path)->kind != BOOLEAN)
		write_some_without(writer, path);
	writer_conditions(writer);
	write_order(writer, 1);
	write_part_limit(writer);
}

/* UNION ALL keeps the order of its parts. */
static void write_parts(struct writer *writer, const struct field_path *path)
{
	static const char *const of_boolean[] = {"IS FALSE", "IS TRUE", NULL};
	bool boolean = field_path_end(path)->kind == BOOLEAN;
	int count = boolean ? 3 : 2;

	for (int i = 0; i < count; i++) {
		int part = writer->selection->sorts[0].descending ? count - 1 - i : i;

		if (i > 0)
			strbuf_str(writer->sql, " UNION ALL ");
		if (boolean || part == 1)
			write_one_value(writer, path, boolean ? of_boolean[part] : NULL);
		else
			write_with_value(writer, path);
	}
}

/* All rows that meet the conditions, in order: by an index of their own where there is one. */
static void write_whole(struct writer *writer)
{
	strbuf_printf(writer->sql, "SELECT t.id FROM %s t",
	              writer->selection->endpoint->resource->name);
	write_joins(writer, 0);
	strbuf_str(writer->sql, " WHERE true");
	writer_conditions(writer);
	write_order(writer, 0);
}

void writer_page(struct writer *writer)
{
	const struct ordering *ordering = writer->selection->sorts[0].ordering;
	struct field_path path = sort_path(writer, 0);
	if (path.count == 1 || ordering->unindexed || kind_is_list(path.step[0]->kind))
		write_whole(writer);
	else
		write_parts(writer, &path);
}
