/* Writes the links to the other pages of a list. */
#include "page_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/embed.h"
#include "protocol/pagination.h"

struct pager_context {
	const struct page *page;
	struct page_link links[PAGES_MOST];
	int count;
	const struct page_link *link; /* of this round */
	struct strbuf url;            /* of the previous or next page */
};

static bool find_previous(void *context, size_t number)
{
	struct pager_context *self = context;

	strbuf_reset(&self->url);
	return number == 0 && pagination_write_previous(&self->url, page_link(self->page), page_query(self->page));
}

static bool find_next(void *context, size_t number)
{
	struct pager_context *self = context;

	strbuf_reset(&self->url);
	return number == 0 &&
	       pagination_write_next(&self->url, page_link(self->page), page_query(self->page), self->page->count);
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
	const struct pager_context *self = context;

	strbuf_add(out, self->url.data, self->url.length);
}

static bool next_place(void *context, size_t number)
{
	struct pager_context *self = context;

	if (number >= (size_t)self->count)
		return false;
	self->link = &self->links[number];
	return true;
}

static bool is_gap(void *context, size_t number)
{
	const struct pager_context *self = context;

	return number == 0 && self->link->gap;
}

static bool is_page(void *context, size_t number)
{
	const struct pager_context *self = context;

	return number == 0 && !self->link->gap && !self->link->current;
}

static bool is_current(void *context, size_t number)
{
	const struct pager_context *self = context;

	return number == 0 && self->link->current;
}

/* Only the offset changes: a limit that was not asked for stays away. */
static void write_url(struct strbuf *out, void *context)
{
	const struct pager_context *self = context;
	const struct link *link = page_link(self->page);
	char offset[24];
	struct link_change change = {query_parameter_keys[QUERY_OFFSET], NULL};

	snprintf(offset, sizeof(offset), "%" PRId64, self->link->offset);
	if (self->link->number > 1)
		change.value = offset;
	strbuf_add(out, link->base.data, link->base.length);
	link_write(out, link, &change, 1);
}

static void write_number(struct strbuf *out, void *context)
{
	const struct pager_context *self = context;

	strbuf_printf(out, "%" PRId64, self->link->number);
}

EMBED(pager_html, "src/browsable/pager.html");

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

const struct markup pager_markup = {pager_html, pager_html_end, slots,
                                         sizeof(slots) / sizeof(slots[0])};

void page_pages_write(const struct page *page, struct strbuf *out)
{
	struct pager_context self = {.page = page};

	if (!page_is_list(page) || !page_is_good(page) || page->count <= page_query(page)->limit)
		return;
	self.count = pagination_list(page->count, page_query(page)->limit, page_query(page)->offset, self.links);
	markup_write(&pager_markup, &self, out);
	strbuf_fini(&self.url);
}
