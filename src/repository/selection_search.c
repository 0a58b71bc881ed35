/* Writes searches. Where a table has all texts of a row in one, terms are looked for there. Else each field is searched by
   its own index, and the rows are those that any field has a term in, for all terms. Of lists the original joins the
   rows and wants all terms in one combination of them: two terms that only two owners of a station have find
   nothing. That is checked among the rows that have all terms, which are candidates until then: all of them, or those
   that a table of texts has several combinations of. */
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
	strbuf_printf(writer->sql, "SELECT s.id FROM %s s WHERE true",
	              selection->endpoint->search_table);
	for (size_t i = 0; i < selection->term_count; i++)
		strbuf_printf(writer->sql, " AND s.text LIKE lower($%d)", writer->terms[i]);
	writer_key(writer, "s.id");
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

/* What of it is to be checked in the rows' own fields. */
enum check {
	CHECK_NONE,
	CHECK_SEVERAL, /* candidates of which the table has several combinations */
	CHECK_ALL, /* all candidates: the list searches fewer fields than the table has, or there is no table */
};

static enum check check_of(const struct selection *selection)
{
	const struct endpoint *endpoint = selection->endpoint;
	if (endpoint->search_table == NULL)
		return has_combinations(selection) ? CHECK_ALL : CHECK_NONE;
	if (endpoint->whole != NULL && endpoint->search_count < endpoint->whole->search_count)
		return CHECK_ALL;
	return has_combinations(selection) ? CHECK_SEVERAL : CHECK_NONE;
}

static void write_candidates(struct writer *writer, enum check check)
{
	if (writer->selection->endpoint->search_table == NULL) {
		write_all_terms(writer);
		return;
	}
	write_text_search(writer);
	if (check == CHECK_SEVERAL) {
		strbuf_str(writer->sql, " AND s.several");
	} else {
		strbuf_printf(writer->sql, " AND s.id IN (SELECT t.id FROM %s t WHERE true",
		              writer->selection->endpoint->resource->name);
		writer_window(writer);
		strbuf_char(writer->sql, ')');
	}
}

static void write_combinations(struct writer *writer)
{
	const struct endpoint *endpoint = writer->selection->endpoint;
	/* First what is few: PostgreSQL keeps the written order of so many joins. */
	strbuf_printf(writer->sql, "SELECT DISTINCT r.id FROM candidates JOIN %s r USING (id)",
	              endpoint->resource->name);
	for (size_t i = 0; i < endpoint->search_count; i++)
		write_joins(writer, i);
	strbuf_str(writer->sql, " WHERE true");
	for (size_t i = 0; i < writer->selection->term_count; i++)
		write_combined_term(writer, writer->terms[i]);
}

/* Whether the rows found are those of the CTE `found`, rather than looked for in the table of texts by each part of the
   statement: then the database can go through rows in their order and look at the text of each, which is faster where a
   term is in many, or look for the texts first, where it is in few. */
static bool is_found_first(const struct selection *selection)
{
	return selection->endpoint->search_table == NULL || check_of(selection) == CHECK_ALL;
}

/* Once for all parts of the statement: as conditions of each part, terms in many fields would take long to plan and longer
   when planned badly. */
bool writer_search(struct writer *writer)
{
	enum check check = check_of(writer->selection);
	bind_terms(writer);
	if (check != CHECK_NONE) {
		strbuf_str(writer->sql, "WITH candidates AS MATERIALIZED (");
		write_candidates(writer, check);
		strbuf_str(writer->sql, "), found AS MATERIALIZED (");
		write_combinations(writer);
	} else if (is_found_first(writer->selection)) {
		strbuf_str(writer->sql, "WITH found AS MATERIALIZED (");
		write_all_terms(writer);
	} else {
		return false;
	}
	strbuf_str(writer->sql, ") ");
	return true;
}

void writer_found(struct writer *writer)
{
	if (is_found_first(writer->selection)) {
		strbuf_str(writer->sql, "SELECT id FROM found");
		return;
	}
	write_text_search(writer);
	if (check_of(writer->selection) == CHECK_SEVERAL)
		strbuf_str(writer->sql, " AND (NOT s.several OR s.id IN (SELECT id FROM found))");
}
