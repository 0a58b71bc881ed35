/* The parts of the browsable page, each with a template of its own. A part that a page has not appends
   nothing. */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "base/markup.h"
#include "http/page.h"
#include "http/path.h"

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

/* Appends the list's path; a format that was asked for stays. */
static inline void page_write_list_url(const struct page *page, struct strbuf *out)
{
	strbuf_str(out, PATH_LIST);
	strbuf_str(out, query_url_suffix(page->query));
}

/* The templates with their slots, for a test that holds one against the other. */
extern const struct markup page_markup, page_filters_markup, page_pages_markup, page_beside_markup;

#endif
