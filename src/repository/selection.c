/* Writes and runs the statements that select rows. In them `t` is the endpoint's row; the rows that a field path
   goes over have the path up to there as their alias: "launch", "launch__mission". */
#include "repository/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "repository/session.h"
#include "repository/wire.h"

#define PARAMETERS (FILTERS_MAX + 1 + SELECTION_TERMS_MAX)
_Static_assert(PARAMETERS <= PARAMETERS_MAX, "each filter at once, a key and a search");

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

/* Texts are ordered by their first 255 characters and by code point, as in their indexes. */
static void write_sort_key(const struct field_path *path, const char *table, struct strbuf *sql)
{
	const struct field *field = field_path_end(path);
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

/* `column = $n`, or, where the path goes on, `column IN (SELECT id ... WHERE ...)`. */
static void write_condition(const struct field_path *path, size_t step, size_t parameter,
                            struct strbuf *sql)
{
	const struct field *field = path->step[step];
	const char *table = step == 0 ? "t." : "";
	if (step + 1 == path->count) {
		if (field->kind == TEXT) /* by the index of its beginning */
			strbuf_printf(sql, "left(%s%s, 255) COLLATE \"C\" = left($%zu, 255) AND ",
			              table, field->column, parameter);
		strbuf_printf(sql, "%s%s = $%zu", table, field->column, parameter);
		return;
	}
	strbuf_printf(sql, "%s%s IN (SELECT id FROM %s WHERE ", table, field->column,
	              field->of->name);
	write_condition(path, step + 1, parameter, sql);
	strbuf_char(sql, ')');
}

static void write_conditions(const struct selection *selection, struct strbuf *sql)
{
	for (size_t i = 0; i < selection->condition_count; i++) {
		struct field_path path = field_path_of(selection->endpoint->resource,
		                                       selection->conditions[i].filter->path);
		strbuf_str(sql, " AND ");
		write_condition(&path, 0, i + 1, sql);
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

/* The rows in which all terms are found, once for all parts of the statement. As conditions of each part they
   would be joins of many subqueries, slow to plan and slower where planned badly. */
static void write_found(const struct selection *selection, struct strbuf *sql)
{
	size_t first = selection->condition_count + (selection->key != NULL) + 1;
	strbuf_str(sql, "WITH found AS MATERIALIZED (");
	for (size_t i = 0; i < selection->term_count; i++) {
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
	return field_path_of(selection->endpoint->resource, ordering ? ordering->term : "id");
}

static void write_order(const struct selection *selection, size_t first, struct strbuf *sql)
{
	for (size_t i = first; i < selection->sort_count; i++) {
		struct field_path path = sort_path(selection, i);
		strbuf_str(sql, i == first ? " ORDER BY " : ", ");
		write_sort_key(&path, NULL, sql);
		if (selection->sorts[i].descending)
			strbuf_str(sql, " DESC");
	}
}

/* Whether an earlier sort has joined the table that this one refers to at that step. */
static bool is_joined(const struct selection *selection, size_t sort, size_t step)
{
	struct field_path path = sort_path(selection, sort);
	for (size_t i = 0; i < sort; i++) {
		struct field_path before = sort_path(selection, i);
		if (before.count > step + 1 &&
		    memcmp(before.step, path.step, (step + 1) * sizeof(path.step[0])) == 0)
			return true;
	}
	return false;
}

static void write_joins(const struct selection *selection, size_t first, struct strbuf *sql)
{
	for (size_t i = first; i < selection->sort_count; i++) {
		struct field_path path = sort_path(selection, i);
		for (size_t step = 0; step + 1 < path.count; step++)
			if (!is_joined(selection, i, step))
				write_join(&path, step, sql);
	}
}

/* --- Pages. An order follows the index of its first column. Where that is the row's own column, one query does.
   Where it is another table's, the query goes from that table to the rows, and rows without a value there come
   before or after, from a second query. A boolean has so many rows a value that its index puts nothing in order:
   the rows of true, of false and without a value are three queries by id. --- */

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
	write_sort_key(path, NULL, sql);
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
			write_sort_key(path, owner->name, sql);
		strbuf_printf(sql, " FROM %s ORDER BY 1 DESC LIMIT 1) IS NULL", owner->name);
	}
	strbuf_char(sql, ')');
}

/* The rows that have one value there, or none: `IS NULL`. */
static void write_one_value(const struct selection *selection, const struct field_path *path,
                            const char *is, struct strbuf *sql)
{
	strbuf_printf(sql, "(SELECT t.id FROM %s t", selection->endpoint->resource->name);
	write_joins(selection, 0, sql);
	strbuf_str(sql, " WHERE ");
	write_sort_key(path, NULL, sql);
	strbuf_printf(sql, " %s", is);
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
	static const char *const of_boolean[] = {"IS FALSE", "IS TRUE", "IS NULL"};
	static const char *const of_others[] = {NULL, "IS NULL"}; /* NULL: those with a value */
	bool boolean = field_path_end(path)->kind == BOOLEAN;
	const char *const *parts = boolean ? of_boolean : of_others;
	int count = boolean ? 3 : 2;

	for (int i = 0; i < count; i++) {
		const char *is = parts[selection->sorts[0].descending ? count - 1 - i : i];

		if (i > 0)
			strbuf_str(sql, " UNION ALL ");
		if (is != NULL)
			write_one_value(selection, path, is, sql);
		else
			write_with_value(selection, path, sql);
	}
}

static void write_page(const struct selection *selection, struct strbuf *sql)
{
	struct field_path path = sort_path(selection, 0);
	if (path.count == 1) {
		strbuf_printf(sql, "SELECT t.id FROM %s t", selection->endpoint->resource->name);
		write_joins(selection, 0, sql);
		strbuf_str(sql, " WHERE true");
		write_conditions(selection, sql);
		write_order(selection, 0, sql);
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

static void bind_condition(struct binding *binding, const struct resource *resource,
                           const struct condition *condition, struct strbuf *value)
{
	struct field_path path = field_path_of(resource, condition->filter->path);
	const struct field *field = field_path_end(&path);
	switch (condition->filter->match) {
	case MATCH_CHOICE:
		wire_put_key(value, field->of->uuid, condition->key);
		bind(binding, wire_key_type(field->of->uuid), value);
		break;
	case MATCH_BOOLEAN:
		strbuf_char(value, condition->truth);
		bind(binding, WIRE_BOOLEAN, value);
		break;
	case MATCH_TEXT:
		strbuf_add(value, condition->text.data, condition->text.length);
		bind(binding, WIRE_TEXT, value);
		break;
	}
}

/* `%term%`, with the term's wildcards escaped. */
static void write_pattern(struct text term, struct strbuf *pattern)
{
	strbuf_char(pattern, '%');
	for (size_t i = 0; i < term.length; i++) {
		if (strchr("%_\\", term.data[i]) != NULL)
			strbuf_char(pattern, '\\');
		strbuf_char(pattern, term.data[i]);
	}
	strbuf_char(pattern, '%');
}

static void bind_parameters(struct binding *binding, const struct selection *selection)
{
	const struct resource *resource = selection->endpoint->resource;
	struct strbuf value = STRBUF_INIT;
	for (size_t i = 0; i < selection->condition_count; i++) {
		strbuf_reset(&value);
		bind_condition(binding, resource, &selection->conditions[i], &value);
	}
	if (selection->key != NULL) {
		strbuf_reset(&value);
		wire_put_key(&value, resource->uuid, *selection->key);
		bind(binding, wire_key_type(resource->uuid), &value);
	}
	for (size_t i = 0; i < selection->term_count; i++) {
		strbuf_reset(&value);
		write_pattern(selection->terms[i], &value);
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
