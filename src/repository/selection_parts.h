/* What the files that write the statements of selections share. In them `t` is the endpoint's row. */
#ifndef SELECTION_PARTS_H
#define SELECTION_PARTS_H

#include "repository/selection.h"
#include "repository/wire.h"
#include "resources/endpoint.h"

/* A statement being written. Its parameters are bound once and have these numbers then; 0: not bound. */
struct writer {
	const struct selection *selection;
	struct selection_statement *statement;
	struct strbuf *sql; /* the statement's */
	int conditions[CONDITIONS_MOST];
	int terms[SELECTION_TERMS_MAX];
	int key, window, now, offset, limit;
};

/* --- selection.c --- */

/* Adds a parameter and returns its number. */
int statement_bind(struct selection_statement *statement, enum wire_type type,
                   const struct strbuf *value);

/* Appends a parameter, which is bound at first. */
void writer_moment(struct writer *writer, int *parameter, int64_t moment);
void writer_number(struct writer *writer, int *parameter, int64_t number);

/* Appends ` AND condition` for the part of the rows that the list has. */
void writer_window(struct writer *writer);

/* Appends ` AND condition` for all that rows must meet. */
void writer_conditions(struct writer *writer);

/* Appends ` AND column = key`, where only one row is selected. */
void writer_key(struct writer *writer, const char *column);

/* --- selection_search.c --- */

/* Begins the statement with a WITH of what a search has to find before all else; false: nothing. */
bool writer_search(struct writer *writer);

/* Appends the query of the ids of the rows in which all terms are found. */
void writer_found(struct writer *writer);

/* --- selection_page.c --- */

/* Appends the query of the rows in their order, without its limit and offset. */
void writer_page(struct writer *writer);

/* --- selection_path.c: paths as subqueries. --- */

#define COLUMN_NAME_SIZE 96

/* The column that a path ends at, where the subqueries that lead there are open. */
struct path_column {
	char name[COLUMN_NAME_SIZE]; /* `t.net`, `s2.name` */
	const struct field *field;
	bool is_key; /* it has keys: of the field's resource, or of what the field refers to */
	bool uuid;   /* and these are uuids */
	int depth;   /* subqueries */
};

/* Begins a condition on the end of a path: opens a subquery for each reference and list on the way. */
void path_open(const struct resource *resource, const struct field_path *path, struct strbuf *sql,
               struct path_column *column);
void path_close(const struct path_column *column, struct strbuf *sql);

/* Joins what a step of a path leads to, whatever there is, to rows that have the alias `from`, as `as`. */
void path_write_join(const struct resource *resource, const struct field *field, const char *from,
                     const char *as, struct strbuf *sql);

/* The greatest or least value behind a path that begins with a list of rows that refer to `t`. */
void path_write_extreme(const struct field_path *path, bool greatest, struct strbuf *sql);

/* --- selection_conditions.c --- */

/* Appends a condition. Its parameter is bound at first, *parameter being 0, and used again where the statement has the
   condition again; some conditions need none. */
void condition_write(struct selection_statement *statement, const struct selection *selection,
                     const struct condition *condition, int *parameter);

/* Appends that the field at the end of a path has a text in it, in any case; the parameter is a pattern of LIKE. */
void condition_write_term(const struct resource *resource, const char *path, int parameter,
                          struct strbuf *sql);

/* Appends `%text%`, with what LIKE takes for its own escaped. */
void pattern_write(struct text text, struct strbuf *pattern);

#endif
