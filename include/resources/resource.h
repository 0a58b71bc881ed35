/* What each resource of the API is, said once, as data: the importer, the loader, the serializer and
   the OpenAPI document walk these tables; sql/ holds their columns, and a test compares the two.

   A resource is served in up to three views (list, normal, detailed); a larger view has the fields of
   the smaller ones and more, in one order. A field names the views that it is in and, where it refers
   to another resource, the view of that resource that it shows there. */
#ifndef RESOURCES_RESOURCE_H
#define RESOURCES_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

#define VERSION_PATH "/2.3.0/"

enum level { ABSENT, LIST, NORMAL, DETAILED };

#define LEVELS 3
#define RESOURCE_FIELDS_MAX 64

enum kind {
	MODE,           /* response_mode: the view's label; no column */
	KEY,            /* the id: bigint, or uuid where the resource says so */
	URL,            /* of the resource itself, made from its path and id; no column */
	TEXT,           /* text */
	INTEGER,        /* integer: 32 bits */
	BOOLEAN,        /* boolean */
	DOUBLE,         /* double precision */
	TIME,           /* timestamptz */
	DATE,           /* date */
	DURATION,       /* interval, written as P1DT2H */
	CLOCK_DURATION, /* interval, written as 1 02:00:00 */
	LIVE_DURATION, /* interval that goes on growing from as_of while the resource's `grows` says so */
	ELAPSED, /* a flight's own duration, computed from mission_end and launch.net; no column */
	ONE,     /* another resource, or null: a foreign key */
	MANY,    /* a list of another resource, in order: a table of links, or of its own rows where
	                   that resource has no key */
	FIELD_KINDS
};

struct resource;

struct field {
	const char *name; /* in JSON */
	enum kind kind;
	/* ONE, scalars: the column. MANY: the table of the list, whose columns are <owner>_id, position
	   and <item>_id (or the item's own). */
	const char *column;
	const struct resource *of; /* ONE, MANY: what it refers to */
	/* By view (LIST - 1 and so on) of the resource that has the field: ABSENT, or the view of `of`
	   that is shown there; for scalars any level but ABSENT. */
	enum level at[LEVELS];
	/* MANY: a column of the owner that is true where the list is null rather than empty; else NULL. */
	const char *null_column;
	/* LIVE_DURATION: an SQL condition over the row `t`, beside in_space, under which it grows; or NULL. */
	const char *grows_if;
	bool nullable; /* as the contract and real answers have it; every column can be null all the same */
	const char *title; /* for the OpenAPI document, or NULL */
};

struct view {
	const char *schema; /* the contract's name for it */
	const char *mode;   /* the value of response_mode, or NULL where the view has none */
};

struct resource {
	const char *name;           /* also its table's */
	size_t index;               /* in `resources` */
	const char *path;           /* below VERSION_PATH, for its url; NULL: has none */
	bool uuid;                  /* the key is a uuid */
	bool keyless;               /* rows of a list, known by their owner and position alone */
	bool as_of;                 /* has a column as_of: when its live durations were true */
	struct view views[LEVELS];  /* schema NULL: has no such view */
	const struct field *fields; /* in JSON order */
	size_t field_count;
};

/* Every resource, so that what a row refers to may come before or after it. */
extern const struct resource *const resources[];
extern const size_t resource_count;

/* The field of that JSON name, or NULL. */
const struct field *resource_field(const struct resource *resource, const char *name);

static inline enum level field_at(const struct field *field, enum level level)
{
	return level == ABSENT ? ABSENT : field->at[level - LIST];
}

/* Whether a field has a column in the resource's own table. */
bool kind_has_column(enum kind kind);

/* The type of that column in PostgreSQL; NULL for kinds without one. */
const char *field_sql_type(const struct resource *resource, const struct field *field);

#endif
