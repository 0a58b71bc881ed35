/* What each resource of the API is, said once, as data: the importer, the loader, the serializer and
   the OpenAPI document walk these tables; sql/ holds their columns, and a test compares the two.

   A resource is shown in views, which all have its fields in the one order of its table. Base views grow:
   a larger one has all that a smaller one has, and a field says from which one on it is there, and what it
   shows of another resource from which one on. Every other view is said as one of these without some
   fields, or with some. */
#ifndef RESOURCES_RESOURCE_H
#define RESOURCES_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

#define VERSION_PATH "/2.3.0/"

/* A view of a resource by its number; 0 stands for a field that a view does not have. The base views
   come first, from the smallest on; a resource has those of them that it needs. The numbers of other views are
   the resource's own: those behind a comment are of the resources that it names. */
enum view_id {
	ABSENT,
	MINI,
	LIST,
	NORMAL,
	DETAILED,
	FULL,
	OTHER_VIEWS,
	/* spacecraft_flight, payload_flight, first_stage: as another resource shows them that is left out */
	LIST_NO_LANDING = OTHER_VIEWS,
	NORMAL_NO_LANDING,
	DETAILED_NO_LANDING,
	NO_LAUNCH,
	FOR_DOCKING,
	/* docking_event, docking_location: as the station shows them, or who docked */
	FOR_STATION = OTHER_VIEWS,
	FOR_CHASER,
	NO_MANUFACTURER = OTHER_VIEWS,   /* launcher_configuration */
	NO_CELESTIAL_BODY = OTHER_VIEWS, /* location */
	NO_LOCATION = OTHER_VIEWS,       /* pad */
	FOR_SPACEWALK = OTHER_VIEWS,     /* expedition */
	PLAIN = OTHER_VIEWS,             /* event */
	WITH_CREW = OTHER_VIEWS,         /* spacewalk */
	WITH_EXPEDITIONS = OTHER_VIEWS,  /* space_station */
};

#define BASE_VIEWS (OTHER_VIEWS - 1)
#define VIEWS_MAX FOR_DOCKING /* numbers go from 1 to this */
#define RESOURCE_FIELDS_MAX 64
#define RESOURCES_MAX 128

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
	LIVE_DURATION,  /* interval that grows from as_of on, while in_space and grows_if say so */
	ELAPSED,        /* a flight's own duration, from launch.net to mission_end; no column */
	ONE,            /* another resource, or null: a foreign key */
	BY_NAME, /* another resource, whose name is in a text column of this one: no view shows it, but
	                   paths go over it */
	MANY,    /* a list of another resource, in order: a table of links, or of its own rows
	                   where that resource has no key */
	REVERSE, /* the rows of another resource from which a way leads to this one, by their id */
	REVERSE_ONE, /* the last of such rows, or null */
	FIELD_KINDS
};

struct resource;

#define SHOWN_MAX 4

struct field {
	const char *name; /* in JSON */
	enum kind kind;
	/* ONE, scalars: the column. MANY: the table of the list, whose columns are <owner>_id, position
	   and <item>_id (or the item's own). */
	const char *column;
	const struct resource *of; /* ONE, BY_NAME, lists: what it refers to */
	/* The base views that have the field: from one on, in the order of views. */
	struct {
		enum view_id from, view; /* view: that of `of`; for scalars anything but ABSENT */
	} shown[SHOWN_MAX];
	/* REVERSE, REVERSE_ONE: the way from an item back to its owner, a path as field_path_of takes it. Its
	   first step, if it is a ONE, is set by what has the list, where the item's document does not have it.
	   MANY: a ONE of the item that is set so. */
	const char *back;
	const char *
		where; /* REVERSE, REVERSE_ONE: an SQL condition that rows `t` have to meet; or NULL */
	/* REVERSE: the items' fields, each a TIME, from which on a row is in the list and until when; a row without
	   the latter stays. NULL: rows always are. */
	const char *from, *until;
	/* MANY: a column of the owner that is true where the list is null rather than empty; else NULL. */
	const char *null_column;
	/* MANY: a column of the owner that is true once a document has told of the list: one that has no items
	   before that is not known, rather than empty. */
	const char *known_column;
	/* LIVE_DURATION: an SQL condition over the row `t`, beside in_space, under which it grows; or NULL. */
	const char *grows_if;
	bool nullable; /* as the contract and real answers have it; every column can be null all the same */
	const char *title; /* the original's words in its OpenAPI document, or NULL */
	/* For the OpenAPI document: what the name does not say, in a sentence; or NULL. */
	const char *description;
};

/* Fields, at most, in which a view differs from its base. */
#define VIEW_CHANGES_MAX 8

struct view_change {
	const char *field;
	enum view_id view; /* of what the field refers to; any but ABSENT for scalars */
};

struct view {
	const char *schema; /* its name in the OpenAPI document; NULL: there is no such view */
	const char *mode;   /* the value of response_mode, or NULL where the view has none */
	/* Views from OTHER_VIEWS on: the base view that they differ from, and how. */
	enum view_id base;
	const char *without[VIEW_CHANGES_MAX];
	struct view_change with[VIEW_CHANGES_MAX];
};

struct resource {
	const char *name;             /* also its table's */
	size_t index;                 /* in `resources` */
	const char *path;             /* below VERSION_PATH, for its url; NULL: has none */
	bool uuid;                    /* the key is a uuid */
	bool keyless;                 /* rows of a list, known by their owner and position alone */
	bool as_of;                   /* has a column as_of: when its live durations were true */
	struct view views[VIEWS_MAX]; /* by number - 1 */
	const struct field *fields;   /* in JSON order */
	size_t field_count;
};

/* Every resource, so that what a row refers to may come before or after it. */
extern const struct resource *const resources[];
extern const size_t resource_count;

static inline const struct view *resource_view(const struct resource *resource, enum view_id view)
{
	return &resource->views[view - 1];
}

/* The field of that JSON name, or NULL. */
const struct field *resource_field(const struct resource *resource, const char *name);

/* Whether and how a view shows a field of its resource: ABSENT, or the view of what the field refers to;
   for scalars anything but ABSENT. Any thread, cheap. */
enum view_id field_shown(const struct resource *resource, const struct field *field,
                         enum view_id view);

/* Whether any view has the field; others are for paths alone. Any thread, cheap. */
bool field_in_documents(const struct resource *resource, const struct field *field);

/* A way from a resource to one of its fields, or to a field of what it refers to: `launch__mission__name`
   goes over two references to a scalar. The last step may be a reference or a list too, which stands for the
   keys of its rows. Filters, orderings and searches take paths; a field that they need and no document has is in
   the table as any, but in no view. */
#define FIELD_PATH_MAX 6

struct field_path {
	size_t count; /* of steps, 1 or more */
	const struct field *step[FIELD_PATH_MAX];
};

/* Follows names with `__` between them. A way that does not exist is a mistake in a table: ends the
   process. */
struct field_path field_path_of(const struct resource *resource, const char *names);

/* The last step. */
static inline const struct field *field_path_end(const struct field_path *path)
{
	return path->step[path->count - 1];
}

/* The resource that has the field of that step. */
static inline const struct resource *field_path_owner(const struct resource *resource,
                                                      const struct field_path *path, size_t step)
{
	return step == 0 ? resource : path->step[step - 1]->of;
}

/* Whether a field has a column in the resource's own table. */
bool kind_has_column(enum kind kind);

/* Whether a field is a list of another resource. */
static inline bool kind_is_list(enum kind kind)
{
	return kind == MANY || kind == REVERSE;
}

/* Whether a field is another resource, or null. */
static inline bool kind_is_one(enum kind kind)
{
	return kind == ONE || kind == REVERSE_ONE;
}

/* The type of that column in PostgreSQL; NULL for kinds without one. */
const char *field_sql_type(const struct resource *resource, const struct field *field);

#endif
