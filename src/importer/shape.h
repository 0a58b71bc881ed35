/* How documents of a resource go into its tables, made once from its table of fields: what is stored of
   each field and the statements that write it. */
#ifndef SHAPE_H
#define SHAPE_H

#include "repository/session.h"
#include "repository/wire.h"
#include "resources/resource.h"

struct shape;

/* Documents of one second are of the same age: answers tell their time in whole seconds. */
#define OLDER_SECONDS 1

/* A statement that writes rows: each parameter is an array, with an element a row. */
struct write {
	struct statement statement;
	const enum wire_type *types; /* of the elements */
};

/* A field. */
struct slot {
	const struct field *field;
	size_t name_length;
	const struct shape *of; /* ONE, lists */
	/* Lists: the slot of the item that refers back to what has it, so many objects around it; NULL: none. */
	const struct slot *back;
	size_t back_distance;
	const char *column;  /* in the resource's own row; NULL: none, or the key */
	enum wire_type type; /* of that column */
	/* MANY. Both return the owners that they changed. */
	struct write trim; /* (owners, lengths): deletes items beyond the length */
	/* (owners, positions, items or the items' columns): writes the items that differ. */
	struct write put;
};

/* A resource. All statements are empty where it is keyless. */
struct shape {
	const struct resource *resource;
	size_t count; /* of slots, in the order of the resource's fields */
	struct slot *slots;
	size_t key;       /* which slot is the id; count where keyless */
	uint64_t live;    /* slots that as_of is about, by bits */
	uint64_t elapsed; /* slots of a duration that the resource computes */
	uint64_t
		kept; /* slots that rows in memory keep: all that are stored, and those of `elapsed` */
	/* (ids, bits of the slots that are known, each column, as_of where the resource has one, when the
	   documents were true): writes the rows that differ; returns (id, whether it is new). */
	struct write put;
	/* (ids, when the documents were true): returns the ids of rows that a later document has changed. */
	struct write find_newer;
	/* Where the resource has an endpoint: (ids): returns (id, when its last document was true); and
	   (ids, when the documents were true): stores that. */
	struct write find_documents, put_documents;
};

/* The resource's shape, made at first use and kept until the process ends. Any thread. */
const struct shape *shape_of(const struct resource *resource);

/* The slot of that name, or NULL. *expected says where to look first, 0 at the beginning of an object;
   as documents have their fields in order, that is nearly always right. */
const struct slot *shape_find(const struct shape *shape, const char *name, size_t length,
                              size_t *expected);

static inline size_t slot_index(const struct shape *shape, const struct slot *slot)
{
	return (size_t)(slot - shape->slots);
}

#endif
