/* Writes the links to the other pages of a list. */
#include "page_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/embed.h"
#include "http/pages.h"

struct view {
	const struct page *page;
	struct page_link links[PAGES_MOST];
	int count;
	const struct page_link *link; /* of this round */
	struct strbuf url;            /* of the previous or next page */
};

static bool find_previous(void *context, size_t number)
{
	struct view *view = context;

	strbuf_reset(&view->url);
	return number == 0 && link_write_previous(&view->url, view->page->link, view->page->query);
}

static bool find_next(void *context, size_t number)
{
	struct view *view = context;

	strbuf_reset(&view->url);
	return number == 0 &&
	       link_write_next(&view->url, view->page->link, view->page->query, view->page->count);
}

static bool has_no_previous(void *context, size_t number)
{
	return number == 0 && !find_previous(context, 0);
}

static bool has_no_next(void *context, size_t number)
{
	return number == 0 && !find_next(context, 0);
}

static void write_found_url(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_add(out, view->url.data, view->url.length);
}

static bool next_place(void *context, size_t number)
{
	struct view *view = context;

	if (number >= (size_t)view->count)
		return false;
	view->link = &view->links[number];
	return true;
}

static bool is_gap(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->link->gap;
}

static bool is_page(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && !view->link->gap && !view->link->current;
}

static bool is_current(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->link->current;
}

/* Only the offset changes: a limit that was not asked for stays away. */
static void write_url(struct strbuf *out, void *context)
{
	const struct view *view = context;
	const struct link *link = view->page->link;
	char offset[24];
	struct link_change change = {query_parameter_keys[QUERY_OFFSET], NULL};

	snprintf(offset, sizeof(offset), "%" PRId64, view->link->offset);
	if (view->link->number > 1)
		change.value = offset;
	strbuf_add(out, link->base.data, link->base.length);
	link_write(out, link, &change, 1);
}

static void write_number(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_printf(out, "%" PRId64, view->link->number);
}

EMBED(page_pages_html, "src/http/page_pages.html");

static const struct markup_slot slots[] = {
	{"previous", .round = find_previous},
	{"previous_url", .text = write_found_url},
	{"no_previous", .round = has_no_previous},
	{"place", .round = next_place},
	{"gap", .round = is_gap},
	{"page", .round = is_page},
	{"current", .round = is_current},
	{"url", .text = write_url},
	{"number", .text = write_number},
	{"next", .round = find_next},
	{"next_url", .text = write_found_url},
	{"no_next", .round = has_no_next},
};

const struct markup page_pages_markup = {page_pages_html, page_pages_html_end, slots,
                                         sizeof(slots) / sizeof(slots[0])};

void page_pages_write(const struct page *page, struct strbuf *out)
{
	struct view view = {.page = page};

	if (page->kind != PAGE_LIST || !page_is_good(page) || page->count <= page->query->limit)
		return;
	view.count = pages_list(page->count, page->query->limit, page->query->offset, view.links);
	markup_write(&page_pages_markup, &view, out);
	strbuf_fini(&view.url);
}
