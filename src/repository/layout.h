/* The statements that load each resource's rows, and which columns of their results have which fields: generated
   from the tables of fields, once, on first use. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "repository/session.h"
#include "resources/resource.h"

/* A catalog of more rows than that has no names. */
#define CATALOG_NAMES_MAX 1000

struct field_layout {
	int column;      /* in the result of `load`; -1: none */
	int null_column; /* MANY: of its null flag; -1: none */
	int grows;       /* LIVE_DURATION: of its grows_if; -1: none */
	int list;        /* its number among the lists that are loaded by owner; -1: it is none */
	struct statement
		load_list; /* of a list: (owner, item) or (owner, the item's columns), by owners */
};

struct layout {
	int as_of; /* column; -1: none */
	int list_count;
	struct statement load; /* the rows of the ids in $1; column 0 is the id */
	struct statement
		catalog; /* of all rows by id: the id, what indexed filters compare, the order's field, the
		            name */
	struct field_layout fields[RESOURCE_FIELDS_MAX];
};

/* The layout of a resource, by its index. Any thread. */
const struct layout *layout_of(size_t resource);

#endif
