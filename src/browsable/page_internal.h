/* The parts of the browsable page, each with a template of its own. A part that a page has not appends
   nothing. */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "markup.h"
#include "browsable/page.h"

/* Of a list: the form that filters, orders and searches. */
void page_filters_write(const struct page *page, struct strbuf *out);

/* Of a list of more than one page: links to the others. */
void page_pages_write(const struct page *page, struct strbuf *out);

/* Beside the answer: the flights of a list, or a flight's facts and pictures. */
void page_beside_write(const struct page *page, struct strbuf *out);

/* Whether the page shows what was asked for: the parts above belong to such pages alone. */
static inline bool page_is_good(const struct page *page)
{
	return page->status == 200;
}

static inline bool page_is_list(const struct page *page)
{
	return page->decision->route == ROUTE_LIST;
}

/* NULL: the page of the throttle. */
static inline const struct endpoint *page_endpoint(const struct page *page)
{
	return page->decision->endpoint;
}

static inline const struct query *page_query(const struct page *page)
{
	return &page->decision->query;
}

static inline const struct link *page_link(const struct page *page)
{
	return &page->decision->link;
}

/* Appends the list's path; a format that was asked for stays. */
static inline void page_write_list_url(const struct page *page, struct strbuf *out)
{
	strbuf_printf(out, VERSION_PATH "%s/%s", page_endpoint(page)->resource->path,
	              query_url_suffix(page_query(page)));
}

/* The templates with their slots, for a test that holds one against the other. */
extern const struct markup page_markup, filter_form_markup, pager_markup, summary_markup;

#endif
