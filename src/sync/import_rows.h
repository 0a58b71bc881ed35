/* Rows in memory while documents are read: one for each key of each resource, with what is known of it. */
#ifndef IMPORT_ROWS_H
#define IMPORT_ROWS_H

#include "base/arena.h"
#include "import_shape.h"

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

struct import_row {
	const struct shape *shape;
	struct key key;
	uint64_t known;              /* which slots have a value, by bits; never more than `kept` */
	struct import_value *values; /* by slot; NULL while none is known */
	struct import_row *next;     /* of its table, in the order of appearance */
	size_t touched_by;           /* the last flight that reached it; counts from 1 */
	size_t live_by;              /* the last flight that told its live durations; from 1 */
	int64_t as_of;               /* once live_by is set and its text is read */
	enum row_state state;        /* once stored */
	unsigned outcome; /* while flights are counted: 0, or 1 + what became of this one */
};

/* The rows of one resource: a hash by key, and a chain. */
struct table {
	struct import_row **places;
	size_t capacity, count;
	struct import_row *first, *last;
};

void table_fini(struct table *table);

/* The row of a key; NULL where there is none. */
struct import_row *table_find(const struct table *table, struct key key);

/* The same, made where there is none. */
struct import_row *table_add(struct table *table, const struct shape *shape, struct key key,
                             struct arena *arena) __attribute__((returns_nonnull));

/* Takes the values of the slots in `known` over into the row; copies what they borrow into the arena,
   but only where the row has it not yet, so that a thousand views of one resource take the room of one. */
void row_merge(struct import_row *row, const struct import_value *values, uint64_t known,
               struct arena *arena);

#endif
