/* The query string of a request, parsed. */
#ifndef PROTOCOL_QUERY_H
#define PROTOCOL_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "resources/endpoint.h"

#define QUERY_FIELDS_MOST 1000
#define QUERY_LIMIT_DEFAULT 10
#define QUERY_LIMIT_MOST 100
#define QUERY_TERMS_MOST 16   /* of a search */
#define QUERY_SEARCH_MOST 200 /* characters of all of it */

/* X(NAME, "key"): the parameters that every endpoint has. Beside them it has its filters; all others are
   only repeated in links. */
#define QUERY_PARAMETERS(X) \
	X(MODE, "mode") \
	X(LIMIT, "limit") \
	X(OFFSET, "offset") \
	X(FORMAT, "format") \
	X(ORDERING, "ordering") \
	X(SEARCH, "search")

enum query_parameter {
#define X(name, key) QUERY_##name,
	QUERY_PARAMETERS(X)
#undef X
		QUERY_PARAMETER_COUNT
};

extern const char *const query_parameter_keys[QUERY_PARAMETER_COUNT];

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
	const struct text *filters_given; /* likewise, by the endpoint's filters */
	enum view_id view;                /* of a list; a single row has the endpoint's */
	int limit;                        /* 1 to QUERY_LIMIT_MOST */
	int64_t offset;                   /* 0 to INTEGER_LARGEST */
	enum query_format format;
	/* The filters that were given a value, in the endpoint's order. A choice may not exist. */
	struct condition *conditions;
	size_t condition_count; /* may exceed CONDITIONS_MOST */
	/* By the endpoint's filters: what is wrong with the value, as the inside of a JSON string; NULL: nothing. */
	const char **errors;
	bool has_errors;
	/* No ordering twice; ends with the id, which decides all ties. */
	struct sort *sorts;
	size_t sort_count;
	const struct text *terms; /* none empty */
	size_t term_count;        /* may exceed QUERY_TERMS_MOST */
	bool search_long; /* it has more characters than QUERY_SEARCH_MOST, and no terms therefore */
	bool search_nul;  /* the search holds a NUL, and no terms therefore; an error */
};

/* Reads a query as it was sent; `endpoint` NULL: only the common parameters mean something. What it holds is
   the arena's, or the raw query's itself. False, with *query void: more than QUERY_FIELDS_MOST fields. */
bool query_parse(struct arena *arena, struct text raw, const struct endpoint *endpoint,
                 struct query *query);

/* "", "?format=", "?format=json" or "?format=api": what the urls of resources end with. */
const char *query_url_suffix(const struct query *query);

#endif
