/* Documents as jansson values, made from a loaded graph of rows by walking the tables of fields.

   Two kinds of values are not final, since documents outlive requests: a resource's own url is the
   string of its path ("/2.3.0/agencies/88/"), without host and format; a duration that goes on growing
   is an array of three integers: the moment that it counts from (microseconds since 1970), the unit
   that it counts in (microseconds) and the moment that it ends at. template.h fills them in. */
#ifndef SERIALIZER_DOCUMENT_H
#define SERIALIZER_DOCUMENT_H

#include <jansson.h>

#include "repository/graph.h"

/* Makes values of one graph's rows; a row that is referred to often is made once a view. */
struct document_maker {
	const struct graph *graph; /* borrowed */
	json_t **made;             /* owned: every row's value */
	size_t count, capacity;
};

void document_maker_init(struct document_maker *maker, const struct graph *graph);
void document_maker_fini(struct document_maker *maker);

/* The row's value in that view: an object with the view's fields in their order, or null for a row that
   is not there. Borrowed from the maker, shared between the documents that have it: not to be changed. */
json_t *document_value(struct document_maker *maker, struct row *row, enum view_id view);

#endif
