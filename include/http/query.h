/* What a request asks for behind the `?`. */
#ifndef HTTP_QUERY_H
#define HTTP_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "http/text.h"

#define QUERY_FIELDS_MOST 1000
#define QUERY_LIMIT_DEFAULT 10
#define QUERY_LIMIT_MOST 100
#define QUERY_TERMS_MOST 16 /* of a search */

/* X(NAME, "key"): the parameters that mean something; the others are only echoed in links. */
#define QUERY_PARAMETERS(X) \
	X(MODE, "mode") \
	X(SPACECRAFT, "spacecraft") \
	X(LIMIT, "limit") \
	X(OFFSET, "offset") \
	X(FORMAT, "format") \
	X(ORDERING, "ordering") \
	X(SEARCH, "search")

/* X(NAME, "term"): what flights can be ordered by. */
#define QUERY_COLUMNS(X) \
	X(ID, "id") \
	X(DESTINATION, "destination") \
	X(MISSION_END, "mission_end") \
	X(SPACECRAFT, "spacecraft") \
	X(SPACECRAFT_NAME, "spacecraft__name") \
	X(LAUNCH_NET, "launch__net") \
	X(LANDING_SUCCESS, "landing__success")

enum query_parameter {
#define X(name, key) QUERY_##name,
	QUERY_PARAMETERS(X)
#undef X
		QUERY_PARAMETER_COUNT
};

enum query_column {
#define X(name, term) QUERY_BY_##name,
	QUERY_COLUMNS(X)
#undef X
		QUERY_COLUMN_COUNT
};

extern const char *const query_parameter_keys[QUERY_PARAMETER_COUNT];
extern const char *const query_column_terms[QUERY_COLUMN_COUNT];

struct query_order {
	enum query_column column;
	bool descending; /* NULLs sort first then, else last */
};

enum query_filter { QUERY_FILTER_NONE, QUERY_FILTER_ONE, QUERY_FILTER_INVALID, QUERY_FILTER_NUL };

enum query_format {
	QUERY_FORMAT_ABSENT,
	QUERY_FORMAT_BLANK, /* `format=`: as if absent, but for the urls, which repeat it */
	QUERY_FORMAT_JSON,
	QUERY_FORMAT_API,
	QUERY_FORMAT_OTHER,
};

struct query {
	/* The last value of each parameter, decoded; data NULL: not given. */
	struct text given[QUERY_PARAMETER_COUNT];
	bool detailed;  /* of a list; one flight always is */
	int limit;      /* 1 to QUERY_LIMIT_MOST */
	int64_t offset; /* 0 to INTEGER_LARGEST */
	enum query_format format;
	enum query_filter filter; /* by spacecraft */
	int64_t spacecraft;       /* QUERY_FILTER_ONE: its id, which may not exist */
	/* No column twice; ends with the id, which decides all ties. */
	struct query_order order[QUERY_COLUMN_COUNT];
	size_t order_count;
	const struct text *terms; /* none empty */
	size_t term_count;        /* may exceed QUERY_TERMS_MOST */
	bool search_nul;          /* the search holds a NUL, and no terms therefore; an error */
};

/* Reads a query as it was sent. What it holds is the arena's, or the raw query's itself. False,
   with *query void: more than QUERY_FIELDS_MOST fields. */
bool query_parse(struct arena *arena, struct text raw, struct query *query);

/* "", "?format=", "?format=json" or "?format=api": what the urls of resources end with. */
const char *query_url_suffix(const struct query *query);

#endif
