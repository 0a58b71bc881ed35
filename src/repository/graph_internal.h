/* What the files of the graph share: its insides. */
#ifndef GRAPH_INTERNAL_H
#define GRAPH_INTERNAL_H

#include "base/arena.h"
#include "layout.h"
#include "repository/graph.h"
#include "repository/session.h"
#include "resources/all.h"

/* The rows of one resource by key: open addressing, a power of two of places. */
struct shelf {
	struct row **places;
	size_t place_count;
	size_t used;
};

/* A growing list of rows. */
struct queue {
	struct row **row;
	size_t count, capacity;
};

/* A view of a row that is wanted and not yet followed. */
struct want {
	struct row *row;
	enum view_id view;
	bool waits; /* for a list that is asked for but not there */
};

struct graph {
	struct arena arena;
	struct shelf *shelves; /* by resource_index */
	struct queue *fetch;   /* by resource_index: rows to be read at the next level */
	struct queue (*lists)[RESOURCE_FIELDS_MAX]; /* and owners whose lists are to be read */
	struct want *wants;
	size_t want_count, want_capacity;
	PGresult **results;
	size_t result_count, result_capacity;
	size_t row_count;
};

/* A row that is in no shelf: an item of a list of rows without keys. */
struct row *graph_new_row(struct graph *graph, const struct resource *resource);

/* The key's row; a new one is to be read at the next level. */
struct row *graph_find_or_add(struct graph *graph, const struct resource *resource, struct key key);

/* The key's row, or NULL. */
struct row *graph_find(const struct graph *graph, const struct resource *resource, struct key key);

/* Follows the views whose rows and lists are there; those ask for more, and what of that is there
   already is followed in the same go. */
void graph_follow(struct graph *graph);

#endif
