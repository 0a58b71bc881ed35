/* The page that people read: what a browser gets instead of bare JSON, made in one piece, with all but
   the pictures in it. Answers of the list, of one flight and of the throttle, errors among them. */
#ifndef HTTP_PAGE_H
#define HTTP_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "http/link.h"
#include "http/query.h"
#include "http/text.h"

enum page_kind { PAGE_LIST, PAGE_FLIGHT, PAGE_THROTTLE };

struct page_header {
	const char *name;
	const char *value;
};

struct page_spacecraft {
	int64_t id;
	const char *name;
};

/* All of it is borrowed. */
struct page {
	enum page_kind kind;     /* also of errors: where the request went */
	const char *method;      /* the request's own */
	const struct link *link; /* the request's url */
	const struct query *query;
	int status;
	const char *reason; /* "OK", "Not Found" */
	/* Those of the answer within the page (its Content-Type is application/json), sorted by name. */
	const struct page_header *headers;
	size_t header_count;
	struct text json; /* the answer, compact */
	/* Of a list with status 200: the rows that there are, of which the query's limit and offset cut
	   the page, and the spacecraft that can be chosen, in the order of the choice. */
	int64_t count;
	const struct page_spacecraft *spacecraft;
	size_t spacecraft_count;
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
