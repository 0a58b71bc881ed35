/* Writes the links to the other pages of a list. */
#include <inttypes.h>

#include "base/embed.h"
#include "page_internal.h"
#include "protocol/pagination.h"

struct pager_slots {
	const struct page *page;
	struct arena *arena;
	struct page_link links[PAGES_MOST];
	size_t link_count;
	struct text previous_url, next_url; /* empty: there is no such page */
	/* Of the current link. */
	bool gap, current;
	struct text url, number;
};

/* The request's url with another offset; a limit is added only to previous and next, as the original
   does it. */
static struct text url_of(struct arena *arena, const struct page *page, const struct page_link *to)
{
	const struct link *link = page_link(page);
	struct link_change change = {query_parameter_keys[QUERY_OFFSET], NULL};
	struct strbuf url = STRBUF_INIT;

	if (to->number > 1)
		change.value = arena_printf(arena, "%" PRId64, to->offset);
	link_write_url(&url, link, &change, 1);
	return page_text(arena, &url);
}

static bool next_link(void *context, size_t index)
{
	struct pager_slots *slots = context;
	const struct page_link *link = &slots->links[index];

	if (index >= slots->link_count)
		return false;
	slots->gap = link->gap;
	slots->current = link->current;
	slots->url = url_of(slots->arena, slots->page, link);
	slots->number = text_of(arena_printf(slots->arena, "%" PRId64, link->number));
	return true;
}

EMBED(pager_html, "src/browsable/pager.html");

static const struct markup_slot slot_table[] = {
	MARKUP_TEXT(struct pager_slots, previous_url), {"link", .each = next_link},
	MARKUP_FLAG(struct pager_slots, gap),          MARKUP_FLAG(struct pager_slots, current),
	MARKUP_TEXT(struct pager_slots, url),          MARKUP_TEXT(struct pager_slots, number),
	MARKUP_TEXT(struct pager_slots, next_url),
};

const struct markup pager_markup = {pager_html, pager_html_end, slot_table,
                                    sizeof(slot_table) / sizeof(slot_table[0])};

void pager_write(const struct page *page, struct strbuf *out)
{
	const struct query *query = page_query(page);
	struct strbuf previous = STRBUF_INIT, next = STRBUF_INIT;
	struct arena arena;
	struct pager_slots slots = {.page = page, .arena = &arena};

	if (!page_is_list(page) || !page_is_ok(page) || page->count <= query->limit)
		return;
	arena_init(&arena);
	slots.link_count =
		(size_t)pagination_list(page->count, query->limit, query->offset, slots.links);
	(void)pagination_write_previous(&previous, page_link(page), query);
	slots.previous_url = page_text(&arena, &previous);
	(void)pagination_write_next(&next, page_link(page), query, page->count);
	slots.next_url = page_text(&arena, &next);
	markup_write(&pager_markup, &slots, out);
	arena_fini(&arena);
}
