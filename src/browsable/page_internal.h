/* What the files of the browsable page share. */
#ifndef PAGE_INTERNAL_H
#define PAGE_INTERNAL_H

#include "browsable/page.h"
#include "markup.h"

/* --- The parts of the page, each with a template of its own. --- */

/* Appends the form with filters, search, ordering, mode and limit of a list. Nothing for other pages. */
void filter_form_write(const struct page *page, struct strbuf *out);

/* Appends the links to the other pages of a list. Nothing if all rows are on this one. */
void pager_write(const struct page *page, struct strbuf *out);

/* Appends the summary beside the JSON: a card per row of a list, or the facts and pictures of a row.
   Nothing for errors, empty lists and pages without an endpoint. */
void summary_write(const struct page *page, struct strbuf *out);

/* --- Properties of a page. --- */

/* Errors have none of the parts above. */
static inline bool page_is_ok(const struct page *page)
{
	return page->status == 200;
}

static inline bool page_is_list(const struct page *page)
{
	return page->decision->route == ROUTE_LIST;
}

/* NULL on the page of the throttle. */
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

/* Appends the path of an endpoint's list below the prefix. */
static inline void endpoint_write_list_url(const struct endpoint *endpoint, struct text prefix,
                                           struct strbuf *out)
{
	strbuf_add(out, prefix.data, prefix.length);
	strbuf_printf(out, VERSION_PATH "%s/", endpoint->resource->path);
}

/* Appends the name of that page. */
static inline void endpoint_write_list_name(const struct endpoint *endpoint, struct strbuf *out)
{
	strbuf_printf(out, "%s List", endpoint->title);
}

/* Appends the path of the list, with the `format` of the request if it had one. */
static inline void page_write_list_url(const struct page *page, struct strbuf *out)
{
	endpoint_write_list_url(page_endpoint(page), page_link(page)->prefix, out);
	strbuf_str(out, query_url_suffix(page_query(page)));
}

/* Appends a noun at the beginning of a sentence. */
void page_write_capitalized(const char *noun, struct strbuf *out);

/* All templates, for the test that checks them against their slots. */
extern const struct markup layout_markup, page_markup, filter_form_markup, pager_markup,
	summary_markup, docs_markup;

#endif
