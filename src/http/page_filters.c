/* Writes the form that filters, orders and searches a list. */
#include "page_parts.h"

#include <inttypes.h>

#include "base/embed.h"
#include "http/percent.h"

struct ordering {
	const char *term;
	const char *label;
};

struct view {
	const struct page *page;
	const struct page_spacecraft *spacecraft; /* of this round, as is the next */
	const struct ordering *ordering;
};

static const struct ordering orderings[] = {
	{"-launch__net", "Launch, latest first"},
	{"launch__net", "Launch, earliest first"},
	{"-mission_end", "Mission end, latest first"},
	{"mission_end", "Mission end, earliest first"},
	{"spacecraft__name", "Spacecraft, A to Z"},
	{"-spacecraft__name", "Spacecraft, Z to A"},
	{"destination", "Destination, A to Z"},
	{"-destination", "Destination, Z to A"},
	{"-landing__success", "Landing, successes first"},
	{"landing__success", "Landing, failures first"},
	{"spacecraft", "Spacecraft number, lowest first"},
	{"-spacecraft", "Spacecraft number, highest first"},
	{"id", "Flight number, lowest first"},
	{"-id", "Flight number, highest first"},
};

#define ORDERING_COUNT (sizeof(orderings) / sizeof(orderings[0]))

static struct text given(const struct view *view, enum query_parameter parameter)
{
	return view->page->query->given[parameter];
}

static bool is_given(const struct view *view, enum query_parameter parameter)
{
	return given(view, parameter).length > 0;
}

/* The form is open where it holds something. */
static bool is_filtered(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && (is_given(view, QUERY_SPACECRAFT) || is_given(view, QUERY_SEARCH) ||
	                       is_given(view, QUERY_ORDERING) || is_given(view, QUERY_MODE) ||
	                       is_given(view, QUERY_LIMIT));
}

static void write_action(struct strbuf *out, void *context)
{
	const struct view *view = context;

	percent_encode_path(out, view->page->link->path);
}

static bool has_format(void *context, size_t number)
{
	return number == 0 && is_given(context, QUERY_FORMAT);
}

static void write_format(struct strbuf *out, void *context)
{
	strbuf_add(out, given(context, QUERY_FORMAT).data, given(context, QUERY_FORMAT).length);
}

static bool next_spacecraft(void *context, size_t number)
{
	struct view *view = context;

	if (number >= view->page->spacecraft_count)
		return false;
	view->spacecraft = &view->page->spacecraft[number];
	return true;
}

static bool is_chosen(void *context, size_t number)
{
	const struct view *view = context;
	const struct query *query = view->page->query;

	return number == 0 && query->filter == QUERY_FILTER_ONE &&
	       query->spacecraft == view->spacecraft->id;
}

static void write_spacecraft_id(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_printf(out, "%" PRId64, view->spacecraft->id);
}

static void write_spacecraft_name(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->spacecraft->name);
}

static void write_search(struct strbuf *out, void *context)
{
	if (is_given(context, QUERY_SEARCH))
		strbuf_add(out, given(context, QUERY_SEARCH).data,
		           given(context, QUERY_SEARCH).length);
}

static bool next_ordering(void *context, size_t number)
{
	struct view *view = context;

	if (number >= ORDERING_COUNT)
		return false;
	view->ordering = &orderings[number];
	return true;
}

static bool is_ordered(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && text_is(given(view, QUERY_ORDERING), view->ordering->term);
}

/* By several terms, or by one that means nothing: what was asked for stays as it is. */
static bool is_ordered_otherwise(void *context, size_t number)
{
	if (number > 0 || !is_given(context, QUERY_ORDERING))
		return false;
	for (size_t i = 0; i < ORDERING_COUNT; i++)
		if (text_is(given(context, QUERY_ORDERING), orderings[i].term))
			return false;
	return true;
}

static void write_ordering_term(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->ordering->term);
}

static void write_ordering_label(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->ordering->label);
}

static void write_ordering_given(struct strbuf *out, void *context)
{
	strbuf_add(out, given(context, QUERY_ORDERING).data, given(context, QUERY_ORDERING).length);
}

static bool is_detailed(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->page->query->detailed;
}

static void write_limit(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_printf(out, "%d", view->page->query->limit);
}

static void write_clear_url(struct strbuf *out, void *context)
{
	const struct view *view = context;

	page_write_list_url(view->page, out);
}

EMBED(page_filters_html, "src/http/page_filters.html");

static const struct markup_slot slots[] = {
	{"filtered", .round = is_filtered},
	{"action", .text = write_action},
	{"format", .round = has_format},
	{"format_value", .text = write_format},
	{"spacecraft", .round = next_spacecraft},
	{"spacecraft_id", .text = write_spacecraft_id},
	{"spacecraft_name", .text = write_spacecraft_name},
	{"chosen", .round = is_chosen},
	{"search", .text = write_search},
	{"ordering", .round = next_ordering},
	{"ordering_term", .text = write_ordering_term},
	{"ordering_label", .text = write_ordering_label},
	{"ordered", .round = is_ordered},
	{"ordered_otherwise", .round = is_ordered_otherwise},
	{"ordering_given", .text = write_ordering_given},
	{"detailed", .round = is_detailed},
	{"limit", .text = write_limit},
	{"clear_url", .text = write_clear_url},
};

const struct markup page_filters_markup = {page_filters_html, page_filters_html_end, slots,
                                           sizeof(slots) / sizeof(slots[0])};

void page_filters_write(const struct page *page, struct strbuf *out)
{
	struct view view = {.page = page};

	if (page->kind == PAGE_LIST && page_is_good(page))
		markup_write(&page_filters_markup, &view, out);
}
