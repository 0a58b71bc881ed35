/* What each endpoint of the API is, said once, as data beside its resource: router, query string, selection
   of rows, catalog, browsable page, OpenAPI document, import and sync walk these tables. */
#ifndef RESOURCES_ENDPOINT_H
#define RESOURCES_ENDPOINT_H

#include <stdint.h>

#include "resources/key.h"
#include "resources/resource.h"

/* How the value of a parameter is read; what is wrong with it is an error, or no filter at all. */
enum match {
	MATCH_CHOICE, /* a reference: the key of a row that must exist, or the filter is refused */
	MATCH_CHOICES, /* likewise, in a list, and the parameter may be repeated: any of them matches */
	MATCH_BOOLEAN, /* true or false; any other value is no filter */
	MATCH_TEXT,    /* a text, trimmed */
	MATCH_NUMBER,  /* a decimal number */
	MATCH_DATE,    /* a day */
	MATCH_MOMENT,  /* a date and time; UTC where it has no offset */
	/* Lists, with commas between their values: any of them matches. Keys in them need not exist. */
	MATCH_NUMBERS,
	MATCH_UUIDS,
	MATCH_TEXTS,
};

/* Whether rows with the values' keys must exist. */
static inline bool match_chooses(enum match match)
{
	return match == MATCH_CHOICE || match == MATCH_CHOICES;
}

/* How it is compared with the field. */
enum lookup {
	LOOKUP_EXACT,
	LOOKUP_CONTAINS,  /* texts; numbers by the text of either */
	LOOKUP_ICONTAINS, /* texts, in any case */
	LOOKUP_GT,        /* numbers, dates and moments */
	LOOKUP_GTE,
	LOOKUP_LT,
	LOOKUP_LTE,
	LOOKUP_DAY, /* MATCH_NUMBERS, of a date or a moment: the day of the month, in UTC */
	LOOKUP_MONTH,
	LOOKUP_YEAR,
	/* MATCH_BOOLEAN: whether this holds for the row; where there is no value, it does not. */
	LOOKUP_EXISTS,   /* there is a value; for lists, any row */
	LOOKUP_POSITIVE, /* the number is above zero */
	LOOKUP_PAST,     /* the moment has passed */
	LOOKUP_NAMED,    /* the text is the filter's `text` */
};

/* A parameter that filters the rows of a list; a single row must pass it as well.

   Its path may go through lists, of links as well as of other resources' rows: a row passes if any of the
   rows there does, and is listed once. A path that ends with a reference or a list, or with `__id` behind one,
   compares keys: `pad__location` and `pad__location__id` are the same, but only the first can be a choice. */
struct filter {
	const char *name;  /* the parameter */
	const char *path;  /* of the field, as field_path_of takes it */
	const char *label; /* in the form of the browsable page */
	enum match match;
	enum lookup lookup;
	/* MATCH_BOOLEAN with a lookup of its own: true asks for the opposite (`docked`: departure does not exist);
	   and the value that is no filter (`include_suborbital=true`), where there is one. */
	bool negated;
	enum { FILTERS_BOTH, FILTERS_TRUE, FILTERS_FALSE } filters;
	const char *text; /* LOOKUP_NAMED */
	bool us_dates; /* MATCH_MOMENT: takes 8/25/2025 11:05 and the like, too; `declared` in the contract */
	bool own; /* not the original's: left out of the page's help, which is the original's */
	bool indexed; /* MATCH_CHOICE of a bigint: the catalog knows which rows match, so that no database is
	                 asked */
};

/* A term of the parameter `ordering`. A path through a list puts a row where its greatest value does, or in
   ascending order its least. */
struct ordering {
	const char *term;
	const char *path; /* of the field; NULL: the term is its path */
	const char *
		label; /* in the form of the browsable page: "Launch"; NULL: it is not offered there */
	const char *ascending, *descending; /* what either order is called there: "latest first" */
	bool descending_first;              /* which of the two comes first there */
	bool unindexed;                     /* no index has this order: all rows are sorted */
};

static inline const char *ordering_path(const struct ordering *ordering)
{
	return ordering->path ? ordering->path : ordering->term;
}

/* The part of a resource's rows that a list has, by the moment of `order`; those without one are in none. */
enum window {
	WINDOW_ALL,
	WINDOW_FROM,  /* not earlier than `window_shift` after now (a negative shift: before) */
	WINDOW_UNTIL, /* not later than that */
};

/* A value of the parameter `mode` and the view that it shows. */
struct mode {
	const char *name;
	enum view_id view;
};

/* A line beside the JSON of a row's page, where the document has a value for it. An object is shown by its name,
   which leads to its url, and a list by those of its items. */
struct fact {
	const char *label;
	const char *path; /* of the member in the document, with `__`; empty: the document itself */
	const char *
		item; /* of an object, or each item of a list, the path to what is named; NULL: itself */
	const char *
		format; /* how the pages show the value, as browsable/format.h names it; NULL: as above */
};

/* Where a row's card in the list of the browsable page finds its texts and its picture: paths in the
   document, NULL where the cards have none. */
struct card {
	const char *caption, *note, *moment, *image;
};

/* What a recent pass reads. The upstream ignores without a word what it does not know: each is checked. */
enum recent {
	RECENT_NONE,  /* there are none: all is read, each sync.full_interval */
	RECENT_WHOLE, /* all of a short list */
	RECENT_ACTIVE, /* the pages with the rows for which `by` holds, an SQL condition over the row `t` and
	                  the time $1; only of lists in the order of ids, whose end it reads as well */
	RECENT_SINCE, /* the rows whose time `by` is not before the latest one read; a filter `by`__gte */
	RECENT_NEWEST, /* the first page by `by`, descending, and more while they bring rows that are new, or end
	                  with one that has no such value */
	RECENT_SUBSET, /* the rows with the filter and field `by` true, and those that had it */
};

/* In which order lists come that have never been read. */
enum fill_rank {
	FILLED_FIRST, /* what flights refer to */
	FILLED_WITH_FLIGHTS,
	FILLED_WITH_LOOKUPS, /* small ones, which documents bring along */
	FILLED_WITH_LAUNCHES,
	FILLED_BEHIND_LAUNCHES,
	FILLED_LAST, /* many rows that nothing refers to */
};

/* How sync keeps a list of the upstream: how all of it is read, and how what has changed is seen without that. */
struct upkeep {
	/* The smallest mode that has all that no other list tells; NULL: that of a single row. */
	const char *mode;
	/* By which pages of the whole list fit together; NULL: id, where the list has that order, else its first. */
	const char *ordering;
	const char *filling; /* the same of the first full pass, where it differs */
	enum fill_rank rank;
	enum recent recent;
	const char *by;
	bool unhurried; /* full passes over it have time: other lists' documents show its rows */
	int every;      /* recent passes come each so many sync.interval; 0: each */
};

#define MODES_MAX 3
#define SIGNATURE_MAX 3
#define FILTERS_MAX 128
#define ENDPOINTS_MAX 64

/* Parts the fields in the texts of a search table; there it counts as a space within them, and in a term. */
#define SEARCH_SEPARATOR '\x1F'

/* A list, with a route for each of its rows. A resource may have several: one of all its rows, and parts of it
   that share its tables. */
struct endpoint {
	const struct resource *resource;
	const char *path; /* below VERSION_PATH: "launches/upcoming", "config/orbits" */
	/* The list of all rows that this is a part of; NULL: it is one. Documents are always of the whole list:
	   their urls, and what import and sync do with them. */
	const struct endpoint *whole;
	/* The field, a TIME of the row, that puts rows in order where a request does not, and the direction; ties
	   by id, in the same direction. NULL: by id. It must be among the orderings, and have an index with the id
	   behind it. */
	const char *order;
	bool latest_first;
	enum window window;       /* only of lists with an order */
	int64_t window_shift;     /* microseconds */
	const char *model;        /* in the text of a 404: "SpacecraftFlight" */
	const char *title;        /* "Spacecraft Flight", before List and Instance */
	const char *titles;       /* "Spacecraft Flights", in the OpenAPI document */
	const char *noun, *nouns; /* "flight", "flights", within sentences */
	/* Fields of its documents that those of no other endpoint have together: a document without an url
	   is known by them. Ends with NULL. */
	const char *signature[SIGNATURE_MAX];
	/* Of the list; the first is the default; ends with name NULL. None: the list has no `mode` and shows `one`. */
	struct mode modes[MODES_MAX];
	enum view_id one;             /* the view of a single row, whatever `mode` says */
	const struct filter *filters; /* in the order in which errors name them */
	size_t filter_count;
	const struct ordering *orderings; /* without the id */
	size_t ordering_count;
	bool orders_by_id; /* `ordering=id`, which not all lists of the original know */
	/* Lists can also be ordered by every other scalar field of the row, and of what it refers to: where the
	   contract names no ordering fields. */
	bool orders_by_all_fields;
	/* In what `search` finds its terms: paths of fields, through lists too, numbers by their text; and a table
	   that has all of a row's texts in one, in lower case and parted by SEARCH_SEPARATOR: columns id and text, and,
	   where there are paths, several: whether a list on these ways has several rows. A part of a list that has fewer
	   paths shares its table. Neither paths nor table: the parameter means nothing. */
	const char *const *search;
	size_t search_count;
	const char *search_table;
	bool own_search; /* the original ignores the parameter here: terms are split by this project's rules */
	const char *search_hint; /* what `search` finds, in the form of the browsable page */
	const char *example;     /* a query for the help on filters: "spacecraft=289" */
	const struct fact *facts;
	size_t fact_count;
	struct card card;
	struct upkeep upkeep; /* of a whole list */
};

/* What so many of its rows are called. */
static inline const char *endpoint_noun(const struct endpoint *endpoint, int64_t count)
{
	return count == 1 ? endpoint->noun : endpoint->nouns;
}

/* The view of a list without the parameter `mode`. */
static inline enum view_id endpoint_default_view(const struct endpoint *endpoint)
{
	return endpoint->modes[0].name ? endpoint->modes[0].view : endpoint->one;
}

extern const struct endpoint *const endpoints[];
extern const size_t endpoint_count;

/* The list of all rows of a resource; NULL: it is not served. */
const struct endpoint *endpoint_of(const struct resource *resource);

/* The endpoint whose path below VERSION_PATH is that; NULL: there is none. */
const struct endpoint *endpoint_at(struct text path);

/* All terms by which the endpoint's lists can be ordered but the id: those of its table first. Valid for
   ever; any thread, cheap. */
const struct ordering *endpoint_orderings(const struct endpoint *endpoint, size_t *count);

/* --- What a request makes of these tables. --- */

/* A decimal number, as far as fields can be compared with it. */
struct decimal {
	int64_t integer; /* cut toward zero; beyond +-10^18 that */
	bool fraction;   /* something was cut off */
	double real;
	/* As Python writes it where it has neither sign nor exponent nor point; else empty: no integer's text has it
	   within. */
	struct text digits;
};

/* Values in a list or of a repeated parameter, and filters that a request may have at once. */
#define CONDITION_VALUES_MOST 100
#define CONDITIONS_MOST 40

/* A filter and the value that it was given. */
struct condition {
	const struct filter *filter;
	struct key key;        /* MATCH_CHOICE */
	bool truth;            /* MATCH_BOOLEAN */
	struct text text;      /* MATCH_TEXT; UTF-8 without NUL */
	struct decimal number; /* MATCH_NUMBER */
	int32_t date;          /* MATCH_DATE: days since 1970 */
	int64_t moment; /* MATCH_MOMENT: microseconds since 1970, some hours beyond the years 1 to 9999 */
	/* The values of a list: up to CONDITION_VALUES_MOST; 0: no row matches. */
	size_t count;
	const int64_t *integers;     /* MATCH_NUMBERS: cut toward zero, as above */
	const struct key *keys;      /* MATCH_UUIDS, MATCH_CHOICES */
	const struct text *texts;    /* MATCH_TEXTS */
	const char *const *refusals; /* MATCH_CHOICES: the error where no row has that key */
};

/* A term of an order. */
struct sort {
	const struct ordering *ordering; /* NULL: by id */
	bool descending;                 /* nulls come first then, else last */
};

#endif
