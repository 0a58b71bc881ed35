/* Writes the links to the other pages of a list. */
#include <inttypes.h>
#include <stdio.h>

#include "base/embed.h"
#include "page_internal.h"
#include "protocol/pagination.h"

struct pager_slots {
	const struct page *page;
	struct page_link links[PAGES_MOST];
	int link_count;
	const struct page_link *link;       /* the current one */
	struct text previous_url, next_url; /* empty: there is no such page */
};

static bool has_previous(const void *context)
{
	const struct pager_slots *slots = context;

	return slots->previous_url.length > 0;
}

static bool has_no_previous(const void *context)
{
	return !has_previous(context);
}

static bool has_next(const void *context)
{
	const struct pager_slots *slots = context;

	return slots->next_url.length > 0;
}

static bool has_no_next(const void *context)
{
	return !has_next(context);
}

static bool next_link(void *context, size_t index)
{
	struct pager_slots *slots = context;

	if (index >= (size_t)slots->link_count)
		return false;
	slots->link = &slots->links[index];
	return true;
}

static bool is_gap(const void *context)
{
	const struct pager_slots *slots = context;

	return slots->link->gap;
}

static bool is_current(const void *context)
{
	const struct pager_slots *slots = context;

	return !slots->link->gap && slots->link->current;
}

static bool is_other(const void *context)
{
	return !is_gap(context) && !is_current(context);
}

/* The request's url with another offset; a limit is added only to previous and next, as the original
   does it. */
static void write_url(struct strbuf *out, const void *context)
{
	const struct pager_slots *slots = context;
	const struct link *link = page_link(slots->page);
	char offset[24];
	struct link_change change = {query_parameter_keys[QUERY_OFFSET], NULL};

	snprintf(offset, sizeof(offset), "%" PRId64, slots->link->offset);
	if (slots->link->number > 1)
		change.value = offset;
	link_write_url(out, link, &change, 1);
}

static void write_number(struct strbuf *out, const void *context)
{
	const struct pager_slots *slots = context;

	strbuf_printf(out, "%" PRId64, slots->link->number);
}

EMBED(pager_html, "src/browsable/pager.html");

static const struct markup_slot slot_table[] = {
	{"previous", .when = has_previous},
	{"previous_url", .member = MARKUP_MEMBER(struct pager_slots, previous_url)},
	{"no_previous", .when = has_no_previous},
	{"link", .each = next_link},
	{"gap", .when = is_gap},
	{"other", .when = is_other},
	{"current", .when = is_current},
	{"url", .text = write_url},
	{"number", .text = write_number},
	{"next", .when = has_next},
	{"next_url", .member = MARKUP_MEMBER(struct pager_slots, next_url)},
	{"no_next", .when = has_no_next},
};

const struct markup pager_markup = {pager_html, pager_html_end, slot_table,
                                    sizeof(slot_table) / sizeof(slot_table[0])};

void pager_write(const struct page *page, struct strbuf *out)
{
	const struct query *query = page_query(page);
	struct strbuf previous = STRBUF_INIT, next = STRBUF_INIT;
	struct pager_slots slots = {.page = page};

	if (!page_is_list(page) || !page_is_ok(page) || page->count <= query->limit)
		return;
	slots.link_count = pagination_list(page->count, query->limit, query->offset, slots.links);
	if (pagination_write_previous(&previous, page_link(page), query))
		slots.previous_url = (struct text){previous.data, previous.length};
	if (pagination_write_next(&next, page_link(page), query, page->count))
		slots.next_url = (struct text){next.data, next.length};
	markup_write(&pager_markup, &slots, out);
	strbuf_fini(&previous);
	strbuf_fini(&next);
}
