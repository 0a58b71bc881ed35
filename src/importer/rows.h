/* Rows in memory while documents are read: one for each key of each resource, with what is known of it. */
#ifndef ROWS_H
#define ROWS_H

#include "base/arena.h"
#include "base/hash_table.h"
#include "shape.h"

struct import_row;

struct import_list {
	size_t count;
	struct import_row **items;
};

/* A value of a field, by its kind. */
struct import_value {
	union {
		int64_t integer; /* INTEGER, BOOLEAN, times, dates, durations */
		double real;
		const char *text;
		struct import_row *row;
		struct import_list list; /* a null list is an empty one */
	};
	uint32_t length; /* of a text */
	bool null;
};

enum row_state { ROW_SAME, ROW_CHANGED, ROW_CREATED };

#define MOMENT_NEVER INT64_MIN

struct import_row {
	const struct shape *shape;
	struct hash_node node; /* of its table, unless keyless */
	struct key key;
	uint64_t known; /* slots that have a value, by bits; a part of the shape's `kept` */
	struct import_value *values; /* by slot; NULL while none is known */
	struct import_row *next;     /* of its table, in the order of appearance */
	size_t reached_by;           /* the last document that reached it; counts from 1 */
	int64_t moment;              /* when the latest document that reached it was true */
	bool live;                   /* some document had its live durations */
	int64_t as_of;               /* when those were true */
	/* Once compared with what is stored. */
	int64_t document_stored; /* when the last document of this row was true; MOMENT_NEVER: none */
	bool newer_stored;       /* the row has been changed by a later document */
	bool older;              /* it is not to be written */
	enum row_state state;    /* once stored */
	int outcome; /* while documents are counted: what became of the row's (store.c) */
};

/* The rows of one resource, by key and in a list. */
struct table {
	struct hash_table by_key;
	struct import_row *first, *last;
};

void table_fini(struct table *table); /* of all zeros too */

/* The row of a key; NULL where there is none. */
struct import_row *table_find(const struct table *table, struct key key);

/* The same; a new one where there is none. */
struct import_row *table_add(struct table *table, const struct shape *shape, struct key key,
                             struct arena *arena) __attribute__((returns_nonnull));

/* Puts the values of the slots in `known` into the row, as a document says them that was true at that moment:
   those that a later one has said stay. Returns the slots that were taken. What values borrow is copied into
   the arena, but only where the row has another value, so that a thousand views of one resource take the memory
   of one. */
uint64_t row_merge(struct import_row *row, const struct import_value *values, uint64_t known,
                   int64_t moment, struct arena *arena);

#endif
