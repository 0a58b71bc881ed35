/* The pages that people read: what a browser gets instead of bare JSON, made in one piece, with everything but
   the pictures in it. */
#ifndef BROWSABLE_PAGE_H
#define BROWSABLE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "protocol/decision.h"

struct page_header {
	const char *name;
	const char *value;
};

/* A row that a filter can choose. */
struct page_choice {
	struct key key;
	const char *name;
};

struct page_choices {
	struct page_choice *choice;
	size_t count;
};

/* The page of an answer of an endpoint or of the throttle, errors among them. All of it is borrowed. */
struct page {
	const struct decision *decision; /* final */
	const char *method;              /* as it is shown */
	int status;
	const char *reason; /* "OK", "Not Found" */
	/* Those of the answer within the page (its Content-Type is application/json), sorted by name. */
	const struct page_header *headers;
	size_t header_count;
	struct text json; /* the answer, compact */
	/* Of a list with status 200: the rows that there are, of which the query's limit and offset cut
	   the page, and by the endpoint's filters the rows that can be chosen, in the order of the choice. */
	int64_t count;
	const struct page_choices *choices;
};

/* Appends the page. Any thread. */
void page_write(const struct page *page, struct strbuf *out);

/* The Content-Security-Policy for each page below: nothing runs, and nothing is loaded but pictures and
   what is in the page itself. */
extern const char page_policy[];

/* Appends the page that documents the API, from the OpenAPI document. */
void page_write_docs(struct strbuf *out);

/* Appends the pages' icon, an SVG picture, for those who ask for it by itself. */
void page_write_icon(struct strbuf *out);

#endif
