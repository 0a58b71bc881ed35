/* The browsable API: HTML pages for browsers. A page is one response, with its style sheet in it; only
   pictures are loaded from elsewhere. */
#ifndef BROWSABLE_PAGES_H
#define BROWSABLE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "protocol/decision.h"

/* The moment that a text is read at, and for how long it says what it says. */
struct format_clock {
	int64_t now;
	int64_t good_for; /* microseconds from `now`; INT64_MAX: for ever */
};

/* What is written with this clock is good for that long at most. */
static inline void format_good_for(struct format_clock *clock, int64_t microseconds)
{
	if (microseconds < clock->good_for)
		clock->good_for = microseconds;
}

struct page_header {
	const char *name;
	const char *value;
};

/* A row that the value of a MATCH_CHOICE filter may refer to. */
struct page_choice {
	struct key key;
	const char *name;
};

struct page_choices {
	struct page_choice *choice;
	size_t count;
};

/* A JSON response and its request, to be shown as a page. The route is one of an endpoint or that of the
   throttle; the response may be an error. All of it is borrowed. */
struct page {
	const struct decision *decision; /* final */
	const char *method;              /* to be shown */
	int status;
	const char *reason; /* "OK", "Not Found" */
	/* The headers of the JSON response, sorted by name. */
	const struct page_header *headers;
	size_t header_count;
	struct text json; /* the body, compact */
	struct text
		data; /* what the page shows beside it, as page_data_read has it; data NULL: nothing */
	/* Only of a list with status 200: the number of rows on all its pages and, for each filter of the
	   endpoint, what may be chosen, in the order of the form (`choice` NULL: not known). */
	int64_t count;
	const struct page_choices *choices;
	struct format_clock *clock; /* what the page says of times is true at its moment */
};

/* Appends the page, and shortens how long its clock says that it is good for. Any thread. */
void page_write(const struct page *page, struct strbuf *out);

/* Append what is made of page data alone, `data` of the page: the page of what is in space (PAGE_DATA_SPACE), and the
   feeds of what happens to flights, as iCalendar (PAGE_DATA_CALENDAR) and Atom (PAGE_DATA_FEED). Of the page they
   read decision, data and clock, which they shorten as page_write does. Any thread. */
void page_write_space(const struct page *page, struct strbuf *out);
void page_write_calendar(const struct page *page, struct strbuf *out);
void page_write_feed(const struct page *page, struct strbuf *out);

/* For how long a feed is good: something may happen, as it was planned, at any time. */
#define PAGE_FEED_GOOD_FOR (INT64_C(300) * 1000000)

/* The Content-Security-Policy of all these pages: no scripts, the page's own style, pictures from
   anywhere. */
extern const char page_policy[];

/* Appends the documentation page, which is generated from the OpenAPI document. */
void page_write_docs(struct strbuf *out);

/* The icon of the pages, as SVG, for /favicon.ico. */
extern const char *const page_icon;

#endif
