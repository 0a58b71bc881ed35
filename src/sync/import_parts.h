/* What the files of the importer share: the import, and the reading of one text into it. */
#ifndef IMPORT_PARTS_H
#define IMPORT_PARTS_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "import_path.h"
#include "import_rows.h"
#include "sync/import.h"
#include "sync/reader.h"

/* A row that a flight's document reaches. */
struct touch {
	struct import_row *row;
};

/* A flight's document. */
struct flight {
	struct import_row *row;
	size_t touched; /* where the rows that it reaches begin in `touched` */
	bool tells_moment;
	int64_t moment; /* when it was true, if it tells that */
};

struct import {
	struct arena arena;   /* rows and what they hold */
	struct arena scratch; /* what the flight under way is read into */
	struct table *tables; /* by the resource's index */
	/* Arrays, in the bytes of buffers. */
	struct strbuf flights; /* struct flight */
	struct strbuf touched; /* struct touch */
	struct unknown unknown;
	bool as_of_given;
	int64_t as_of; /* that was given, or the time of the import */
};

static inline size_t flight_count(const struct import *import)
{
	return import->flights.length / sizeof(struct flight);
}

static inline struct flight *flight_at(const struct import *import, size_t i)
{
	return &((struct flight *)(void *)import->flights.data)[i];
}

/* One text while it is read. When reading fails, the path is left where that was. */
struct reading {
	struct import *import;
	struct reader reader;
	struct path path;
};

/* Reads a value of a scalar field. */
bool value_read(struct reading *reading, const struct slot *slot,
                struct import_value *value) MUST_CHECK;
bool key_read(struct reading *reading, const struct shape *shape, struct key *key) MUST_CHECK;

/* Says that a name came for the second time in its object. Always returns false. */
bool name_repeated(struct reader *reader, struct slice name);

/* Reads one flight, with all that it refers to, and notes which rows those are. */
bool flight_read(struct reading *reading) MUST_CHECK;

#endif
