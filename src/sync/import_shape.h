/* What the importer needs to know of each resource, made from its table of fields once: names to look
   up, what is stored of a field, and the statements that write it. */
#ifndef IMPORT_SHAPE_H
#define IMPORT_SHAPE_H

#include "repository/session.h"
#include "repository/wire.h"
#include "resources/resource.h"

struct shape;

/* A field. */
struct slot {
	const struct field *field;
	size_t name_length;
	const struct shape *of; /* ONE, MANY */
	const char *column;     /* in the resource's own row; NULL: none, or the key */
	enum wire_type type;    /* of that column */
	/* MANY. Both return the owners that they changed. */
	struct statement trim; /* (owners, lengths): deletes what lies beyond */
	struct statement
		put; /* (owners, positions, items or the items' columns): writes what differs */
};

struct shape {
	const struct resource *resource;
	size_t count; /* of slots, in the order of the resource's fields */
	struct slot *slots;
	size_t key;    /* which slot is the id; count where keyless */
	uint64_t live; /* which slots as_of is about, by bits */
	uint64_t kept; /* which are kept in memory: all that are stored, and a flight's duration */
	/* (ids, bits of the slots that are known, each column, as_of where the resource has one): writes
	   the rows that differ; returns (id, whether it is new). NULL sql where keyless. */
	struct statement put;
};

/* The slot of that name, or NULL. *expected says where to look first, 0 at the beginning of an object;
   as documents have their fields in order, that is nearly always the place. */
const struct slot *shape_find(const struct shape *shape, const char *name, size_t length,
                              size_t *expected);

static inline size_t slot_index(const struct shape *shape, const struct slot *slot)
{
	return (size_t)(slot - shape->slots);
}

/* The slot of a field that is known to be there. */
size_t shape_slot(const struct shape *shape, const char *name);

#endif
