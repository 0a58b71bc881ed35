/* What each endpoint of the API is, said once, as data beside its resource: router, query string, selection
   of rows, catalog, browsable page, OpenAPI document, import and sync walk these tables. */
#ifndef RESOURCES_ENDPOINT_H
#define RESOURCES_ENDPOINT_H

#include <stdint.h>

#include "resources/key.h"
#include "resources/resource.h"

/* How the value of a parameter is read; what is wrong with it is an error, or no filter at all. */
enum match {
	MATCH_CHOICE,  /* a reference: the key of a row that must exist */
	MATCH_BOOLEAN, /* true or false; any other value is no filter */
	MATCH_TEXT,    /* a text, trimmed */
	MATCH_NUMBER,  /* a decimal number */
	MATCH_NUMBERS, /* a list of them, any of which matches */
	MATCH_DATE,    /* a day */
	MATCH_MOMENT,  /* a date and time; UTC where it has no offset */
};

/* How it is compared with the field. */
enum lookup {
	LOOKUP_EXACT,
	LOOKUP_GT, /* numbers, dates and moments */
	LOOKUP_GTE,
	LOOKUP_LT,
	LOOKUP_LTE,
	LOOKUP_DAY, /* MATCH_NUMBERS, of a date or a moment: the day of the month, in UTC */
	LOOKUP_MONTH,
	LOOKUP_YEAR,
};

/* A parameter that filters the rows of a list; a single row must pass it as well. */
struct filter {
	const char *name;  /* the parameter */
	const char *path;  /* of the field, as field_path_of takes it */
	const char *label; /* in the form of the browsable page */
	enum match match;
	enum lookup lookup;
	bool own; /* not the original's: left out of the page's help, which is the original's */
	bool indexed; /* MATCH_CHOICE: the catalog knows which rows match, so that no database is asked */
};

/* A term of the parameter `ordering`, which is the path of the field too. */
struct ordering {
	const char *term;
	const char *
		label; /* in the form of the browsable page: "Launch"; NULL: it is not offered there */
	const char *ascending, *descending; /* what either order is called there: "latest first" */
	bool descending_first;              /* which of the two comes first there */
	bool unindexed;                     /* no index has this order: all rows are sorted */
};

/* A value of the parameter `mode` and the view that it shows. */
struct mode {
	const char *name;
	enum view_id view;
};

/* How a fact in the summary of the browsable page is shown. */
enum fact_format {
	FACT_TEXT,
	FACT_MOMENT,
	FACT_DURATION,
	FACT_NAMES, /* of the members of a list: the path goes on in each */
};

struct fact {
	const char *label;
	const char
		*path; /* of the member in the JSON document, with `__`; FACT_NAMES: of the list */
	const char *item; /* FACT_NAMES: the path in each item; else NULL */
	enum fact_format format;
};

/* Where a row's card in the list of the browsable page finds its texts and its picture: paths in the
   document, NULL where the cards have none. */
struct card {
	const char *caption, *note, *moment, *image;
};

#define MODES_MAX 3
#define SIGNATURE_MAX 3
#define FILTERS_MAX 64
#define ENDPOINTS_MAX 64

/* Parts the fields in the texts of a search table; there it counts as a space within them, and in a term. */
#define SEARCH_SEPARATOR '\x1F'

struct endpoint {
	const struct resource *resource;
	const char *model;        /* in the text of a 404: "SpacecraftFlight" */
	const char *title;        /* "Spacecraft Flight", before List and Instance */
	const char *titles;       /* "Spacecraft Flights", in the OpenAPI document */
	const char *noun, *nouns; /* "flight", "flights", within sentences */
	/* Fields of its documents that those of no other endpoint have together: a document without an url
	   is known by them. Ends with NULL. */
	const char *signature[SIGNATURE_MAX];
	struct mode
		modes[MODES_MAX]; /* of the list; the first is the default; ends with name NULL */
	enum view_id one;         /* the view of a single row, whatever `mode` says */
	const struct filter *filters; /* in the order in which errors name them */
	size_t filter_count;
	const struct ordering *orderings; /* beside these, all lists can be ordered by id */
	size_t ordering_count;
	/* Lists can also be ordered by every other scalar field of the row, and of what it refers to. */
	bool orders_by_all_fields;
	/* In what `search` finds its terms: paths of fields, or a table that has all of a row's texts in one,
	   in lower case and parted by SEARCH_SEPARATOR: columns id and text. */
	const char *const *search;
	size_t search_count;
	const char *search_table;
	const char *search_hint; /* what `search` finds, in the form of the browsable page */
	const char *example;     /* a query for the help on filters: "spacecraft=289" */
	const struct fact *facts;
	size_t fact_count;
	struct card card;
};

extern const struct endpoint *const endpoints[];
extern const size_t endpoint_count;

/* The endpoint of a resource; NULL: it is not served. */
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
};

#define CONDITION_NUMBERS_MOST 100

/* A filter and the value that it was given. */
struct condition {
	const struct filter *filter;
	struct key key;          /* MATCH_CHOICE */
	bool truth;              /* MATCH_BOOLEAN */
	struct text text;        /* MATCH_TEXT; UTF-8 without NUL */
	struct decimal number;   /* MATCH_NUMBER */
	const int64_t *integers; /* MATCH_NUMBERS: cut toward zero, as above */
	size_t integer_count;    /* up to CONDITION_NUMBERS_MOST; 0: no row matches */
	int32_t date;            /* MATCH_DATE: days since 1970 */
	int64_t moment; /* MATCH_MOMENT: microseconds since 1970, some hours beyond the years 1 to 9999 */
};

/* A term of an order. */
struct sort {
	const struct ordering *ordering; /* NULL: by id */
	bool descending;                 /* nulls come first then, else last */
};

#endif
