/* Rows of resources and their references: all that the documents of a page show, loaded breadth first with
   one statement a table and level, and one round trip a level. One thread at a time. */
#ifndef REPOSITORY_GRAPH_H
#define REPOSITORY_GRAPH_H

#include <stdint.h>

#include "base/error.h"
#include "base/hash_table.h"
#include "repository/wire.h"
#include "resources/resource.h"

struct graph;
struct layout;
struct session;

/* A row of a resource, one a key however many others refer to it. Lives as long as its graph. */
struct row {
	struct hash_node node; /* among the resource's rows, by key */
	const struct resource *resource;
	const struct layout *layout; /* which columns of the result have its values */
	struct key key;
	const void *result;    /* has its values; NULL: not loaded, or missing */
	int line;              /* of the result */
	bool missing;          /* the database has no such row */
	unsigned views;        /* wanted ones: bits 1 << view */
	struct rows *lists;    /* NULL: no wanted view has any */
	void *user[VIEWS_MAX]; /* for the caller, by view - 1; NULL at first */
};

struct rows {
	struct row **row; /* in the list's order */
	size_t count;
};

struct graph *graph_new(void) __attribute__((returns_nonnull));
void graph_free(struct graph *graph); /* NULL is fine */

/* Wants a view of a row, with all that it refers to; graph_load loads it. */
struct row *graph_want(struct graph *graph, const struct resource *resource, struct key key,
                       enum view_id view) __attribute__((returns_nonnull));

/* Loads what is wanted and not loaded yet. The session must be in a snapshot (REPEATABLE READ), or documents
   may mix two states of the data. On failure the graph is only good for graph_free. */
bool graph_load(struct graph *graph, struct session *session, struct error *error) MUST_CHECK;

/* A value in PostgreSQL's binary format, followed by a NUL that `length` does not count. Data NULL: SQL NULL. */
struct value {
	const char *data;
	size_t length;
};

/* The value of a field that has a column; borrowed from the graph. NaN and infinities, which JSON cannot
   express, come as SQL NULL. */
struct value row_value(const struct row *row, const struct field *field);

/* For resources with as_of: when the row's live durations were true (false: unknown), and whether that
   LIVE_DURATION of it grows. */
bool row_as_of(const struct row *row, int64_t *moment);
bool row_grows(const struct row *row, const struct field *field);

/* The row that a ONE or REVERSE_ONE field refers to; NULL: none, or it is missing. */
struct row *row_reference(const struct graph *graph, const struct row *row,
                          const struct field *field);

/* The rows of a MANY or REVERSE field that a wanted view of the row shows; *is_null: null, not an empty list. */
const struct rows *row_list(const struct row *row, const struct field *field, bool *is_null);

#endif
