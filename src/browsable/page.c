/* Writes the browsable page of a response. */
#include "browsable/pages.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdint.h>

#include "base/embed.h"
#include "json_scan.h"
#include "page_internal.h"
#include "protocol/pagination.h"

struct page_slots {
	const struct page *page;
	struct text kicker, name, prefix, count, same_url, json_url, api_url;
	struct text state, state_class;          /* of a flight */
	struct text path, example, mode_example; /* of the endpoint's help */
	struct text method, status, tone;
	struct text header_name, header_value; /* of the current header */
};

const char *page_capitalized(struct arena *arena, const char *noun)
{
	return arena_printf(arena, "%c%s", toupper((unsigned char)noun[0]), noun + 1);
}

/* --- The heading. --- */

/* What kind of page it is, as Django REST framework derives it from the name of the original's view class. */
static const char *kind_name(struct arena *arena, const struct page *page)
{
	const struct endpoint *endpoint = page->decision->endpoint;

	if (!endpoint)
		return page->decision->route == ROUTE_ROOT ? "API Root" : "API Throttle";
	return page_is_list(page) ? endpoint_list_name(arena, endpoint)
	                          : arena_printf(arena, "%s Instance", endpoint->title);
}

/* What the page is about: a row by its name, where it has one. */
static const char *page_name(struct arena *arena, const struct page *page, const char *kind)
{
	const char *name = NULL;

	if (page_is_ok(page) && page->decision->route == ROUTE_ROW)
		name = page_is_of_flights(page)
		               ? flight_name(arena, page->json)
		               : scan_string(arena, scan_at(page->json, "name")).data;
	return name && name[0] ? name : kind;
}

/* "Flights 11 to 20 of 250" and the like; NULL: the page is not of a list. */
static const char *count_text(struct arena *arena, const struct page *page)
{
	const struct query *query = &page->decision->query;
	int64_t count = page->count;
	int64_t end = query->offset < count - query->limit ? query->offset + query->limit : count;

	if (!page_is_list(page) || !page_is_ok(page))
		return NULL;
	if (count == 0)
		return arena_printf(arena, "No %s", page->decision->endpoint->nouns);
	if (query->offset >= count)
		return arena_printf(arena, "No more %s than %" PRId64,
		                    page->decision->endpoint->nouns, count);
	return arena_printf(arena, "%s %" PRId64 " to %" PRId64 " of %" PRId64,
	                    page_capitalized(arena, page->decision->endpoint->nouns),
	                    query->offset + 1, end, count);
}

static struct text url_with_format(struct arena *arena, const struct page *page, const char *format)
{
	struct link_change change = {query_parameter_keys[QUERY_FORMAT], format};
	struct strbuf url = STRBUF_INIT;

	link_write(&url, &page->decision->link, &change, 1);
	return page_text(arena, &url);
}

static void write_filter_form(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	filter_form_write(slots->page, out);
}

/* --- The endpoint's help. --- */

static void write_code(struct strbuf *out, const char *separator, const char *name)
{
	strbuf_printf(out, "%s<code>%s</code>", separator, name);
}

static void write_mode_names(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;
	const struct mode *modes = slots->page->decision->endpoint->modes;

	for (size_t i = 0; i < MODES_MAX && modes[i].name; i++)
		write_code(out, i > 0 ? ", " : "", modes[i].name);
}

static void write_filter_names(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;
	const struct endpoint *endpoint = slots->page->decision->endpoint;

	for (size_t i = 0; i < endpoint->filter_count; i++)
		if (!endpoint->filters[i].own)
			write_code(out, i > 0 ? ", " : "", endpoint->filters[i].name);
}

/* For the example: unlike the first, it is not the default. */
static const char *last_mode(const struct endpoint *endpoint)
{
	size_t last = 0;

	if (!endpoint->modes[0].name)
		return NULL;
	while (last + 1 < MODES_MAX && endpoint->modes[last + 1].name)
		last++;
	return endpoint->modes[last].name;
}

/* --- The links to the other pages of a list. --- */

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
	const struct link *link = &page->decision->link;
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

static const struct markup_slot pager_slot_table[] = {
	MARKUP_TEXT(struct pager_slots, previous_url), {"link", .each = next_link},
	MARKUP_FLAG(struct pager_slots, gap),          MARKUP_FLAG(struct pager_slots, current),
	MARKUP_TEXT(struct pager_slots, url),          MARKUP_TEXT(struct pager_slots, number),
	MARKUP_TEXT(struct pager_slots, next_url),
};

const struct markup pager_markup = MARKUP(pager_html, pager_slot_table);

/* Nothing if all rows are on this page. */
static void write_pager(struct strbuf *out, const void *context)
{
	const struct page *page = ((const struct page_slots *)context)->page;
	const struct query *query = &page->decision->query;
	struct strbuf previous = STRBUF_INIT, next = STRBUF_INIT;
	struct arena arena;
	struct pager_slots slots = {.page = page, .arena = &arena};

	if (!page_is_list(page) || !page_is_ok(page) || page->count <= query->limit)
		return;
	arena_init(&arena);
	slots.link_count =
		(size_t)pagination_list(page->count, query->limit, query->offset, slots.links);
	(void)pagination_write_previous(&previous, &page->decision->link, query);
	slots.previous_url = page_text(&arena, &previous);
	(void)pagination_write_next(&next, &page->decision->link, query, page->count);
	slots.next_url = page_text(&arena, &next);
	markup_write(&pager_markup, &slots, NULL, out);
	arena_fini(&arena);
}

/* --- The response. --- */

static void write_story(struct strbuf *out, const void *context)
{
	const struct page *page = ((const struct page_slots *)context)->page;

	if (!page_has_story(page))
		return;
	if (page_is_list(page))
		flight_list_write(page, out);
	else
		flight_write(page, out);
}

static void write_summary(struct strbuf *out, const void *context)
{
	const struct page *page = ((const struct page_slots *)context)->page;

	if (page_is_ok(page) && page->decision->endpoint && !page_has_story(page))
		summary_write(page, out);
}

static bool next_header(void *context, size_t index)
{
	struct page_slots *slots = context;

	if (index >= slots->page->header_count)
		return false;
	slots->header_name = text_of(slots->page->headers[index].name);
	slots->header_value = text_of(slots->page->headers[index].value);
	return true;
}

/* Levels of the JSON that are open at first: of a list its rows, whose references are closed; of a row all, so
   that what is copied from the page is the whole document. */
#define OPEN_IN_LISTS 2

static void write_json(struct strbuf *out, const void *context)
{
	const struct page *page = ((const struct page_slots *)context)->page;

	highlight_write(out, page->json, page_is_list(page) ? OPEN_IN_LISTS : SIZE_MAX);
}

EMBED(page_html, "src/browsable/page.html");

static const struct markup_slot slot_table[] = {
	MARKUP_TEXT(struct page_slots, kicker),
	MARKUP_TEXT(struct page_slots, name),
	MARKUP_TEXT(struct page_slots, state),
	MARKUP_TEXT(struct page_slots, state_class),
	{"story", .html = write_story},
	MARKUP_TEXT(struct page_slots, count),
	MARKUP_TEXT(struct page_slots, same_url),
	MARKUP_TEXT(struct page_slots, json_url),
	MARKUP_TEXT(struct page_slots, api_url),
	{"filter_form", .html = write_filter_form},
	MARKUP_TEXT(struct page_slots, prefix),
	MARKUP_TEXT(struct page_slots, path),
	{"mode_names", .html = write_mode_names},
	MARKUP_TEXT(struct page_slots, mode_example),
	{"filter_names", .html = write_filter_names},
	MARKUP_TEXT(struct page_slots, example),
	{"summary", .html = write_summary},
	{"pager", .html = write_pager},
	MARKUP_TEXT(struct page_slots, method),
	MARKUP_TEXT(struct page_slots, status),
	MARKUP_TEXT(struct page_slots, tone),
	{"header", .each = next_header},
	MARKUP_TEXT(struct page_slots, header_name),
	MARKUP_TEXT(struct page_slots, header_value),
	{"json", .html = write_json},
};

const struct markup page_markup = MARKUP(page_html, slot_table);

static struct text state_as(struct arena *arena, const struct page *page, const char *format)
{
	if (!page_has_story(page) || page_is_list(page))
		return (struct text){NULL, 0};
	return format_value(arena, text_of(format), page->json, page->clock);
}

static void fill_in(struct page_slots *slots, const struct page *page, struct arena *arena)
{
	const struct endpoint *endpoint = page->decision->endpoint;
	const char *kind = kind_name(arena, page), *name = page_name(arena, page, kind);
	struct strbuf same_url = STRBUF_INIT;

	link_write_as_sent(&same_url, &page->decision->link);
	*slots = (struct page_slots){
		.page = page,
		.kicker = text_of(name != kind ? kind : NULL),
		.name = text_of(name),
		.state = state_as(arena, page, "state"),
		.state_class = state_as(arena, page, "state-class"),
		.prefix = page->decision->link.prefix,
		.count = text_of(count_text(arena, page)),
		.same_url = page_text(arena, &same_url),
		.json_url = url_with_format(arena, page, "json"),
		.api_url = url_with_format(arena, page, "api"),
		.method = text_of(page->method),
		.status = text_of(arena_printf(arena, "%d %s", page->status, page->reason)),
		.tone = text_of(page->status < 400 ? "good"
	                                           : "bad"), /* the class that colours it */
	};
	if (!endpoint)
		return;
	slots->path = text_of(endpoint->path);
	slots->example = text_of(endpoint->example);
	slots->mode_example = text_of(last_mode(endpoint));
}

/* The path of a page that is not a list. */
static const char *own_url(struct arena *arena, const struct page *page)
{
	struct strbuf url = STRBUF_INIT;

	link_write_path(&url, &page->decision->link);
	strbuf_str(&url, query_url_suffix(&page->decision->query));
	return page_text(arena, &url).data;
}

/* The list that led to a row's page, or that of its endpoint; of a list, itself. */
static const char *list_url(struct arena *arena, const struct page *page)
{
	const struct decision *decision = page->decision;
	struct strbuf url = STRBUF_INIT;

	strbuf_str(&url, endpoint_list_url(arena, decision->link.prefix, decision->endpoint));
	strbuf_char(&url, '?');
	if (decision->route == ROUTE_ROW &&
	    link_write_query_in(&url, PAGE_LIST_PARAMETER, &decision->link))
		return page_text(arena, &url).data;
	strbuf_fini(&url);
	return page_list_url(arena, page);
}

/* "Crew Dragon Endurance, Crew-10: Docked", a sentence on a list. */
static const char *description_of(struct arena *arena, const struct page_slots *slots)
{
	if (slots->count.length > 0)
		return arena_printf(arena, "%s, from Launch Library 2.", slots->count.data);
	if (slots->state.length > 0)
		return arena_printf(arena, "%s: %s.", slots->name.data, slots->state.data);
	return slots->name.data;
}

void page_write(const struct page *page, struct strbuf *out)
{
	struct page_slots slots;
	struct layout layout = {.skip_to = "response",
	                        .main = &page_markup,
	                        .main_context = &slots,
	                        .clock = page->clock};
	struct arena arena;

	arena_init(&arena);
	fill_in(&slots, page, &arena);
	layout.prefix = slots.prefix;
	layout.title = arena_printf(&arena, "%s – " PAGE_BRAND, slots.name.data);
	layout.description = description_of(&arena, &slots);
	if (page_has_story(page))
		layout.skip_first = page_is_list(page) ? page->decision->endpoint->nouns
		                                       : page->decision->endpoint->noun;
	if (page->decision->endpoint)
		layout.crumbs[layout.crumb_count++] =
			(struct layout_crumb){endpoint_list_name(&arena, page->decision->endpoint),
		                              list_url(&arena, page)};
	if (!page_is_list(page))
		layout.crumbs[layout.crumb_count++] =
			(struct layout_crumb){slots.name.data, own_url(&arena, page)};
	layout_write(&layout, out);
	arena_fini(&arena);
}
