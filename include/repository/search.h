/* Which flights a search finds, and in which order: answered by the database's indexes. */
#ifndef REPOSITORY_SEARCH_H
#define REPOSITORY_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct session;

enum search_column {
	SEARCH_BY_ID,
	SEARCH_BY_DESTINATION,
	SEARCH_BY_MISSION_END,
	SEARCH_BY_SPACECRAFT,
	SEARCH_BY_SPACECRAFT_NAME,
	SEARCH_BY_LAUNCH_NET,
	SEARCH_BY_LANDING_SUCCESS,
	SEARCH_COLUMNS
};

struct search_order {
	enum search_column column;
	bool descending; /* nulls come first then, else last */
};

struct search_term {
	const char *text; /* UTF-8 without NUL; matched in any case, anywhere in a text */
	size_t length;
};

#define SEARCH_TERMS_MAX 16

struct search {
	const int64_t *spacecraft; /* only its flights; or NULL */
	const int64_t *flight;     /* only this one; or NULL */
	const struct search_order *order;
	size_t order_count; /* ends with SEARCH_BY_ID */
	const struct search_term
		*terms; /* all must match the spacecraft's name or serial number, the
	                                    launch's or mission's name, or the destination */
	size_t term_count;
	int64_t offset;
	size_t limit;
};

/* Finds a page's flights in the session's snapshot. `ids` has room for limit; *found of them are
   filled. Where there are terms, *count tells how many match in all; of orders alone the catalog knows.
   One round trip. */
bool search_flights(struct session *session, const struct search *search, int64_t *ids,
                    size_t *found, size_t *count, struct error *error) MUST_CHECK;

/* Appends the statement itself, for tests of its plan. */
struct strbuf;
void search_write_sql(const struct search *search, struct strbuf *sql);

#endif
