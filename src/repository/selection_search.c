/* Writes searches. Where a table has all texts of a row in one, terms are looked for there. Else each field is searched by
   its own index, and the rows are those that any field has a term in, for all terms. Of lists the original joins the
   rows and wants all terms in one combination of them: two terms that only two owners of a station have find
   nothing. That is checked among the rows that have all terms. */
#include <string.h>

#include "selection_parts.h"

static void bind_terms(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	struct strbuf pattern = STRBUF_INIT;
	for (size_t i = 0; i < selection->term_count; i++) {
		strbuf_reset(&pattern);
		pattern_write(selection->terms[i], &pattern);
		/* What parts the fields of a search table is a space in their texts, and so it is here. */
		for (size_t k = 0; selection->endpoint->search_table && k < pattern.length; k++)
			if (pattern.data[k] == SEARCH_SEPARATOR)
				pattern.data[k] = ' ';
		writer->terms[i] = statement_bind(writer->statement, WIRE_TEXT, &pattern);
	}
	strbuf_fini(&pattern);
}

/* The rows in whose one text all terms are found. */
static void write_text_search(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	strbuf_printf(writer->sql, "SELECT id FROM %s WHERE true",
	              selection->endpoint->search_table);
	for (size_t i = 0; i < selection->term_count; i++)
		strbuf_printf(writer->sql, " AND text LIKE lower($%d)", writer->terms[i]);
	writer_key(writer, "id");
}

/* The rows in which a term is found. */
static void write_term(struct writer *writer, int parameter)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	for (size_t i = 0; i < endpoint->search_count; i++) {
		strbuf_printf(writer->sql, "%sSELECT t.id FROM %s t WHERE ", i > 0 ? " UNION " : "",
		              endpoint->resource->name);
		condition_write_term(endpoint->resource, endpoint->search[i], parameter,
		                     writer->sql);
		writer_key(writer, "t.id");
	}
}

static void write_all_terms(struct writer *writer)
{
	for (size_t i = 0; i < writer->selection->term_count; i++) {
		strbuf_str(writer->sql, i > 0 ? " INTERSECT (" : "(");
		write_term(writer, writer->terms[i]);
		strbuf_char(writer->sql, ')');
	}
}

/* --- Combinations of rows. --- */

static bool goes_through_list(const struct field_path *path)
{
	for (size_t i = 0; i + 1 < path->count; i++)
		if (path->step[i]->kind != ONE && path->step[i]->kind != BY_NAME)
			return true;
	return false;
}

static bool has_combinations(const struct selection *selection)
{
	const struct endpoint *endpoint = selection->endpoint;
	bool any = false;
	for (size_t i = 0; i < endpoint->search_count; i++) {
		struct field_path path = field_path_of(endpoint->resource, endpoint->search[i]);
		any = any || goes_through_list(&path);
	}
	return any && selection->term_count > 1;
}

#define ALIAS_SIZE 48

/* The row that the first `steps` steps of a search path lead to: `x2_1`, where 2 is the first path that begins so; `r` is the row itself. */
static void alias_of(const struct endpoint *endpoint, size_t search, size_t steps,
                     char alias[static ALIAS_SIZE])
{
	struct field_path path = field_path_of(endpoint->resource, endpoint->search[search]);
	size_t first = 0;
	if (steps == 0) {
		snprintf(alias, ALIAS_SIZE, "r");
		return;
	}
	for (; first < search; first++) {
		struct field_path before =
			field_path_of(endpoint->resource, endpoint->search[first]);
		if (before.count > steps &&
		    memcmp(before.step, path.step, steps * sizeof(const struct field *)) == 0)
			break;
	}
	snprintf(alias, ALIAS_SIZE, "x%zu_%zu", first, steps);
}

/* Joins the rows of a search path that those before it have not joined. */
static void write_joins(struct writer *writer, size_t search)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	struct field_path path = field_path_of(endpoint->resource, endpoint->search[search]);
	char from[ALIAS_SIZE], as[ALIAS_SIZE], own[ALIAS_SIZE];
	for (size_t step = 0; step + 1 < path.count; step++) {
		alias_of(endpoint, search, step, from);
		alias_of(endpoint, search, step + 1, as);
		snprintf(own, sizeof(own), "x%zu_%zu", search, step + 1);
		if (strcmp(as, own) == 0)
			path_write_join(field_path_owner(endpoint->resource, &path, step),
			                path.step[step], from, as, writer->sql);
	}
}

static void write_combined_term(struct writer *writer, int parameter)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	char row[ALIAS_SIZE];
	strbuf_str(writer->sql, " AND (false");
	for (size_t i = 0; i < endpoint->search_count; i++) {
		struct field_path path = field_path_of(endpoint->resource, endpoint->search[i]);
		const struct field *field = field_path_end(&path);
		alias_of(endpoint, i, path.count - 1, row);
		strbuf_printf(writer->sql, " OR %s.%s%s ILIKE $%d", row, field->column,
		              field->kind == TEXT ? "" : "::text", parameter);
	}
	strbuf_char(writer->sql, ')');
}

static void write_combinations(struct writer *writer)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	strbuf_printf(writer->sql, "SELECT DISTINCT r.id FROM %s r", endpoint->resource->name);
	for (size_t i = 0; i < endpoint->search_count; i++)
		write_joins(writer, i);
	strbuf_str(writer->sql, " WHERE r.id IN (SELECT id FROM candidates)");
	for (size_t i = 0; i < writer->selection->term_count; i++)
		write_combined_term(writer, writer->terms[i]);
}

/* Once for all parts of the statement: as conditions of each part, terms would take long to plan and longer when
   planned badly. */
void writer_found(struct writer *writer)
{
	const struct selection *selection = writer->selection;
	bind_terms(writer);
	strbuf_str(writer->sql, "WITH ");
	if (has_combinations(selection)) {
		strbuf_str(writer->sql, "candidates AS MATERIALIZED (");
		write_all_terms(writer);
		strbuf_str(writer->sql, "), found AS MATERIALIZED (");
		write_combinations(writer);
	} else {
		strbuf_str(writer->sql, "found AS MATERIALIZED (");
		if (selection->endpoint->search_table != NULL)
			write_text_search(writer);
		else
			write_all_terms(writer);
	}
	strbuf_str(writer->sql, ") ");
}
