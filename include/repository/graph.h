/* Rows of resources and how they hang together: what a page of documents needs, loaded breadth first
   with one statement a table and level, all of a level in one round trip. One thread at a time. */
#ifndef REPOSITORY_GRAPH_H
#define REPOSITORY_GRAPH_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "repository/wire.h"
#include "resources/resource.h"

struct graph;
struct layout;
struct session;

/* A row of a resource, one for each key however often it is referred to; lives as long as its graph. */
struct row {
	const struct resource *resource;
	const struct layout *layout; /* how its values lie in the result */
	struct key key;
	const void *result; /* where its values are; NULL: not there (yet) */
	int line;
	bool missing;    /* asked for, and no such row */
	unsigned views; /* bits 1 << view: which of them are wanted, with all they refer to */
	struct rows *lists;  /* once a wanted view has a list */
	void *slots[VIEWS_MAX]; /* for the user, by view - 1; NULL at first */
};

struct rows {
	struct row **row; /* in the list's order */
	size_t count;
};

struct graph *graph_new(void) __attribute__((returns_nonnull));
void graph_free(struct graph *graph); /* NULL is fine */

/* Asks for a view of a row, with all that it refers to; it is there after graph_load. */
struct row *graph_want(struct graph *graph, const struct resource *resource, struct key key,
                       enum view_id view) __attribute__((returns_nonnull));

/* Loads all that is wanted and not there yet. To be called in a transaction that sees one state of the
   database (REPEATABLE READ), or documents may mix two. */
bool graph_load(struct graph *graph, struct session *session, struct error *error) MUST_CHECK;

/* The row's values. A field must have a column. NULL data means SQL NULL; text has no NUL behind it
   counted and is followed by one. Borrowed from the graph. */
struct value {
	const char *data;
	size_t length;
};
/* NaN and infinities, for which documents have no words, are NULLs. */
struct value row_value(const struct row *row, const struct field *field);

/* When the row's live durations were true, and whether that field of it grows. For resources with as_of. */
bool row_as_of(const struct row *row, int64_t *moment);
bool row_grows(const struct row *row, const struct field *field);

/* What a ONE field refers to, or NULL. */
struct row *row_reference(const struct graph *graph, const struct row *row,
                          const struct field *field);

/* A MANY field's rows, of a row whose wanted views have it; *is_null tells a null list. */
const struct rows *row_list(const struct row *row, const struct field *field, bool *is_null);

#endif
