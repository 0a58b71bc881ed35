/* Rows as JSON objects. Three kinds of fields are not final in them, since documents outlive requests:

   - a resource's own url is its path ("/2.3.0/agencies/88/"), without host and format;
   - a duration that grows is an object: {"since": MOMENT, "step": DURATION, "until": MOMENT or null,
     "null_before": whether it is null before `since`, rather than negative}, integers of microseconds;
   - a list of rows that are in it for a time has {"from": MOMENT, "until": MOMENT or null, "item": ROW} for each.

   document.c makes holes of them. */
#ifndef ROW_OBJECT_H
#define ROW_OBJECT_H

#include <jansson.h>

#include "base/arena.h"
#include "base/hash_table.h"
#include "repository/graph.h"
#include "serializer/template.h"

/* A row in a view: one object, however many others contain it. */
struct row_object {
	struct hash_node node;    /* by the address of `json` */
	struct row_object *older; /* in the order of making */
	const struct resource *resource;
	enum view_id view;
	json_t *json; /* the view's fields in their order; owned, never changed once made */
	size_t uses;  /* objects and documents that contain it */
	/* Its text, rendered once for all that contain it; NULL: not rendered yet. Owned. */
	struct text_template *text;
};

struct row_objects {
	const struct graph *graph; /* borrowed */
	/* Which lists without items are left out; NULL: none. */
	bool (*omits)(void *context, const struct row *row, const struct field *field);
	void *omits_context;
	struct hash_table by_json;
	struct row_object *newest;
	struct arena arena;
};

void row_objects_init(struct row_objects *objects, const struct graph *graph);
void row_objects_fini(struct row_objects *objects);

/* The row's object in a loaded view, for one more use of it; the first makes it, with all that it contains.
   NULL: the row is missing. */
struct row_object *row_object_use(struct row_objects *objects, struct row *row, enum view_id view);

/* The record of an object. */
struct row_object *row_object_of(const struct row_objects *objects, const json_t *json)
	__attribute__((returns_nonnull));

#endif
