/* Writes and runs the statements that select rows. In them `t` is the endpoint's row; the rows that a field path
   goes over have the path up to there as their alias: "launch", "launch__mission". */
#include "repository/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/temporal.h"
#include "repository/session.h"
#include "repository/wire.h"
#include "selection_parts.h"

#define PARAMETERS (CONDITIONS_MOST + 1 + SELECTION_TERMS_MAX)
_Static_assert(PARAMETERS <= PARAMETERS_MAX, "all conditions, a key and a search");

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
static void write_elapsed(const struct selection *selection, struct strbuf *sql)
{
	struct field_path from = field_path_of(selection->endpoint->resource, ELAPSED_FROM);
	char now[TEMPORAL_TEXT_SIZE];
	moment_format(selection->now, now);
	strbuf_str(sql, "CASE WHEN ");
	write_column(&from, from.count - 1, sql);
	strbuf_printf(sql,
	              " <= '%s' OR t." ELAPSED_TO " <= '%s' THEN least(t." ELAPSED_TO ", '%s') - ",
	              now, now, now);
	write_column(&from, from.count - 1, sql);
	strbuf_str(sql, " END");
}

/* Texts are ordered by code point, and by the first 255 characters, as their indexes are. */
static void write_sort_key(const struct selection *selection, const struct field_path *path,
                           const char *table, struct strbuf *sql)
{
	const struct field *field = field_path_end(path);
	if (field->kind == ELAPSED) {
		write_elapsed(selection, sql);
		return;
	}
	if (field->kind == TEXT)
		strbuf_str(sql, "left(");
	if (table != NULL)
		strbuf_printf(sql, "%s.%s", table, field->column);
	else
		write_column(path, path->count - 1, sql);
	if (field->kind == TEXT)
		strbuf_str(sql, ", 255) COLLATE \"C\"");
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
static void write_joins_back(const struct selection *selection, const struct field_path *path,
                             struct strbuf *sql)
{
	const struct resource *resource = selection->endpoint->resource;
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

/* --- Conditions. --- */

static void write_conditions(const struct selection *selection, struct strbuf *sql)
{
	for (size_t i = 0; i < selection->condition_count; i++) {
		strbuf_str(sql, " AND ");
		condition_write_sql(selection->endpoint->resource, &selection->conditions[i], i + 1,
		                    sql);
	}
	if (selection->key != NULL)
		strbuf_printf(sql, " AND t.id = $%zu", selection->condition_count + 1);
	if (selection->term_count > 0)
		strbuf_str(sql, " AND t.id IN (SELECT id FROM found)");
}

/* --- Search. --- */

/* The rows in which a term is found, each text by its own index. */
static void write_term(const struct selection *selection, size_t parameter, struct strbuf *sql)
{
	const struct endpoint *endpoint = selection->endpoint;
	for (size_t i = 0; i < endpoint->search_count; i++) {
		struct field_path path = field_path_of(endpoint->resource, endpoint->search[i]);
		strbuf_printf(sql, "%sSELECT t.id FROM ", i > 0 ? " UNION " : "");
		write_joins_back(selection, &path, sql);
		strbuf_str(sql, " WHERE ");
		write_column(&path, path.count - 1, sql);
		strbuf_printf(sql, " ILIKE $%zu", parameter);
	}
}

/* The rows in whose one text all terms are found. */
static void write_text_search(const struct selection *selection, size_t first, struct strbuf *sql)
{
	strbuf_printf(sql, "SELECT id FROM %s WHERE true", selection->endpoint->search_table);
	for (size_t i = 0; i < selection->term_count; i++)
		strbuf_printf(sql, " AND text LIKE lower($%zu)", first + i);
	if (selection->key != NULL)
		strbuf_printf(sql, " AND id = $%zu", selection->condition_count + 1);
}

/* The rows in which all terms are found, once for all parts of the statement. As conditions of each part
   they would take long to plan and longer when planned badly. */
static void write_found(const struct selection *selection, struct strbuf *sql)
{
	size_t first = selection->condition_count + (selection->key != NULL) + 1;
	strbuf_str(sql, "WITH found AS MATERIALIZED (");
	if (selection->endpoint->search_table != NULL)
		write_text_search(selection, first, sql);
	for (size_t i = 0; i < selection->term_count && !selection->endpoint->search_table; i++) {
		strbuf_str(sql, i > 0 ? " INTERSECT (" : "(");
		write_term(selection, first + i, sql);
		strbuf_char(sql, ')');
	}
	strbuf_str(sql, ") ");
}

/* --- Order. --- */

static struct field_path sort_path(const struct selection *selection, size_t sort)
{
	const struct ordering *ordering = selection->sorts[sort].ordering;
	return field_path_of(selection->endpoint->resource,
	                     ordering ? ordering_path(ordering) : "id");
}

/* What the sort's field is read from: a path that has to be joined. */
static struct field_path joined_path(const struct selection *selection, size_t sort)
{
	struct field_path path = sort_path(selection, sort);
	if (field_path_end(&path)->kind == ELAPSED)
		return field_path_of(selection->endpoint->resource, ELAPSED_FROM);
	return path;
}

static void write_order(const struct selection *selection, size_t first, struct strbuf *sql)
{
	for (size_t i = first; i < selection->sort_count; i++) {
		struct field_path path = sort_path(selection, i);
		strbuf_str(sql, i == first ? " ORDER BY " : ", ");
		write_sort_key(selection, &path, NULL, sql);
		if (selection->sorts[i].descending)
			strbuf_str(sql, " DESC");
	}
}

/* Whether an earlier sort has joined the table that this one refers to at that step. */
static bool is_joined(const struct selection *selection, size_t sort, size_t step)
{
	struct field_path path = joined_path(selection, sort);
	for (size_t i = 0; i < sort; i++) {
		struct field_path before = joined_path(selection, i);
		if (before.count > step + 1 &&
		    memcmp(before.step, path.step, (step + 1) * sizeof(const struct field *)) == 0)
			return true;
	}
	return false;
}

static void write_joins(const struct selection *selection, size_t first, struct strbuf *sql)
{
	for (size_t i = first; i < selection->sort_count; i++) {
		struct field_path path = joined_path(selection, i);
		for (size_t step = 0; step + 1 < path.count; step++)
			if (!is_joined(selection, i, step))
				write_join(&path, step, sql);
	}
}

/* --- Pages. Where an index has an order, rows come in it by the index of its first column. A column of their own has one; another
   table's column leads from there to the rows, while those without a value there come before or after and
   take a query of their own; and where it is a boolean, each of its values is shared by so many rows that an
   index puts nothing in order, so that the rows of either, and those without, are three lists by id. --- */

static void write_part_limit(const struct selection *selection, struct strbuf *sql)
{
	strbuf_printf(sql, " LIMIT %lld)",
	              (long long)selection->offset + (long long)selection->limit);
}

/* The rows that have a value in another table's column, by that table's index. */
static void write_with_value(const struct selection *selection, const struct field_path *path,
                             struct strbuf *sql)
{
	strbuf_str(sql, "(SELECT t.id FROM ");
	write_joins_back(selection, path, sql);
	write_joins(selection, 1, sql);
	strbuf_str(sql, " WHERE ");
	write_sort_key(selection, path, NULL, sql);
	strbuf_str(sql, " IS NOT NULL");
	write_conditions(selection, sql);
	write_order(selection, 0, sql);
	write_part_limit(selection, sql);
}

/* A condition that is true where some rows may have no value there, by the last entries of the indexes. Mostly all
   have one, and the database need not read any row to find out. */
static void write_some_without(const struct selection *selection, const struct field_path *path,
                               struct strbuf *sql)
{
	strbuf_str(sql, " AND (");
	for (size_t step = 0; step < path->count; step++) {
		const struct resource *owner =
			field_path_owner(selection->endpoint->resource, path, step);
		strbuf_printf(sql, "%s(SELECT ", step > 0 ? " OR " : "");
		if (step + 1 < path->count)
			strbuf_str(sql, path->step[step]->column);
		else
			write_sort_key(selection, path, owner->name, sql);
		strbuf_printf(sql, " FROM %s ORDER BY 1 DESC LIMIT 1) IS NULL", owner->name);
	}
	strbuf_char(sql, ')');
}

/* That there is no value, or nothing that could have one: this follows from the other by the joins, but the
   planner, who does not see so, counts on few rows where only references are null. */
static void write_no_value(const struct selection *selection, const struct field_path *path,
                           struct strbuf *sql)
{
	strbuf_char(sql, '(');
	for (size_t step = 0; step + 1 < path->count; step++) {
		write_column(path, step, sql);
		strbuf_str(sql, " IS NULL OR ");
	}
	write_sort_key(selection, path, NULL, sql);
	strbuf_str(sql, " IS NULL)");
}

/* The rows that have one value there; NULL: those that have none. */
static void write_one_value(const struct selection *selection, const struct field_path *path,
                            const char *is, struct strbuf *sql)
{
	strbuf_printf(sql, "(SELECT t.id FROM %s t", selection->endpoint->resource->name);
	write_joins(selection, 0, sql);
	strbuf_str(sql, " WHERE ");
	if (is == NULL) {
		write_no_value(selection, path, sql);
	} else {
		write_sort_key(selection, path, NULL, sql);
		strbuf_printf(sql, " %s", is);
	}
	if (field_path_end(path)->kind != BOOLEAN)
		write_some_without(selection, path, sql);
	write_conditions(selection, sql);
	write_order(selection, 1, sql);
	write_part_limit(selection, sql);
}

/* UNION ALL keeps the order of its parts. */
static void write_parts(const struct selection *selection, const struct field_path *path,
                        struct strbuf *sql)
{
	static const char *const of_boolean[] = {"IS FALSE", "IS TRUE", NULL};
	bool boolean = field_path_end(path)->kind == BOOLEAN;
	int count = boolean ? 3 : 2;

	for (int i = 0; i < count; i++) {
		int part = selection->sorts[0].descending ? count - 1 - i : i;

		if (i > 0)
			strbuf_str(sql, " UNION ALL ");
		if (boolean || part == 1)
			write_one_value(selection, path, boolean ? of_boolean[part] : NULL, sql);
		else
			write_with_value(selection, path, sql);
	}
}

/* All rows that meet the conditions, in order: by an index of their own where there is one. */
static void write_whole(const struct selection *selection, struct strbuf *sql)
{
	strbuf_printf(sql, "SELECT t.id FROM %s t", selection->endpoint->resource->name);
	write_joins(selection, 0, sql);
	strbuf_str(sql, " WHERE true");
	write_conditions(selection, sql);
	write_order(selection, 0, sql);
}

/* Whether a search alone selects the rows, by id. */
static bool is_found_by_id(const struct selection *selection)
{
	return selection->term_count > 0 && selection->condition_count == 0 &&
	       selection->key == NULL && selection->sorts[0].ordering == NULL;
}

static void write_page(const struct selection *selection, struct strbuf *sql)
{
	const struct ordering *ordering = selection->sorts[0].ordering;
	struct field_path path = sort_path(selection, 0);
	if (is_found_by_id(selection)) {
		strbuf_str(sql, "SELECT t.id FROM found t");
		write_order(selection, 0, sql);
	} else if (path.count == 1 || ordering->unindexed) {
		write_whole(selection, sql);
	} else {
		write_parts(selection, &path, sql);
	}
	strbuf_printf(sql, " LIMIT %zu OFFSET %lld", selection->limit,
	              (long long)selection->offset);
}

/* The page is joined to the count, not the reverse, since a page may be empty; a join without a condition keeps
   its order. */
void selection_write_sql(const struct selection *selection, struct strbuf *sql)
{
	if (selection->term_count > 0)
		write_found(selection, sql);
	if (!selection->counted) {
		write_page(selection, sql);
		return;
	}
	strbuf_str(sql, "SELECT page.id, selected.count FROM (SELECT count(*) FROM ");
	if (selection->condition_count > 0 || selection->key != NULL) {
		strbuf_printf(sql, "%s t WHERE true", selection->endpoint->resource->name);
		write_conditions(selection, sql);
	} else {
		strbuf_str(sql, "found");
	}
	strbuf_str(sql, ") selected LEFT JOIN (");
	write_page(selection, sql);
	strbuf_str(sql, ") page ON true");
}

/* --- Parameters. --- */

struct binding {
	struct arena arena;
	struct parameters parameters;
	Oid types[PARAMETERS];
};

static void bind(struct binding *binding, enum wire_type type, const struct strbuf *value)
{
	int i = binding->parameters.count++;
	binding->types[i] = (Oid)type;
	binding->parameters.data[i] = arena_copy(&binding->arena, value->data, value->length);
	binding->parameters.length[i] = (int)value->length;
}

/* `%term%`, with what LIKE takes for its own escaped. What parts the fields of a search table is a space in
   their texts, and so it is here. */
static void write_pattern(const struct endpoint *endpoint, struct text term, struct strbuf *pattern)
{
	strbuf_char(pattern, '%');
	for (size_t i = 0; i < term.length; i++) {
		bool separator = endpoint->search_table != NULL && term.data[i] == SEARCH_SEPARATOR;
		if (strchr("%_\\", term.data[i]) != NULL)
			strbuf_char(pattern, '\\');
		strbuf_char(pattern, separator ? ' ' : term.data[i]);
	}
	strbuf_char(pattern, '%');
}

static void bind_parameters(struct binding *binding, const struct selection *selection)
{
	const struct resource *resource = selection->endpoint->resource;
	struct strbuf value = STRBUF_INIT;
	for (size_t i = 0; i < selection->condition_count; i++) {
		strbuf_reset(&value);
		enum wire_type type =
			condition_put_value(resource, &selection->conditions[i], &value);
		bind(binding, type, &value);
	}
	if (selection->key != NULL) {
		strbuf_reset(&value);
		wire_put_key(&value, resource->uuid, *selection->key);
		bind(binding, wire_key_type(resource->uuid), &value);
	}
	for (size_t i = 0; i < selection->term_count; i++) {
		strbuf_reset(&value);
		write_pattern(selection->endpoint, selection->terms[i], &value);
		bind(binding, WIRE_TEXT, &value);
	}
	strbuf_fini(&value);
}

/* --- The round trip. --- */

/* A rare term and a common one need different plans, so that this statement is planned for its values. */
static const struct statement plan_for_values = {"SET LOCAL plan_cache_mode = force_custom_plan", 0,
                                                 NULL};
static const struct statement plan_generic = {"SET LOCAL plan_cache_mode = force_generic_plan", 0,
                                              NULL};

static bool send_selection(struct session *session, const struct selection *selection,
                           struct error *error)
{
	struct binding binding = {.parameters = {.count = 0}};
	struct strbuf sql = STRBUF_INIT;
	arena_init(&binding.arena);
	bind_parameters(&binding, selection);
	selection_write_sql(selection, &sql);
	struct statement statement = {sql.data, binding.parameters.count, binding.types};
	bool sent = session_send(session, &plan_for_values, NULL, error) &&
	            session_send_once(session, &statement, &binding.parameters, error) &&
	            session_send(session, &plan_generic, NULL, error) &&
	            session_sync(session, error);
	strbuf_fini(&sql);
	arena_fini(&binding.arena);
	return sent;
}

/* Each row has a key and, where the selection is counted, the count; an empty page has a count and no key. */
static void read_page(const PGresult *page, bool uuid, struct key *keys, size_t *found,
                      size_t *count)
{
	int rows = PQntuples(page);
	*found = 0;
	for (int i = 0; i < rows && !PQgetisnull(page, i, 0); i++)
		keys[(*found)++] = wire_get_key(PQgetvalue(page, i, 0), uuid);
	if (rows > 0 && PQnfields(page) > 1)
		*count = (size_t)wire_get64(PQgetvalue(page, 0, 1));
}

bool selection_read(struct session *session, const struct selection *selection, struct key *keys,
                    size_t *found, size_t *count, struct error *error)
{
	if (selection->term_count > SELECTION_TERMS_MAX)
		return error_set(error, "more than %d search terms", SELECTION_TERMS_MAX);
	if (!send_selection(session, selection, error))
		return false;
	PGresult *set = session_result(session, error);
	PGresult *page = set ? session_result(session, error) : NULL;
	bool done = page != NULL;
	if (done)
		read_page(page, selection->endpoint->resource->uuid, keys, found, count);
	PQclear(set);
	PQclear(page);
	return session_finish(session, error) && done;
}
