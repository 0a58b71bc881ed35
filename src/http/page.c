/* Writes the browsable page: its frame, and the parts in their places. */
#include "http/page.h"

#include <inttypes.h>

#include "base/embed.h"
#include "base/version.h"
#include "http/page_json.h"
#include "http/path.h"
#include "http/percent.h"
#include "page_parts.h"
#include "page_style.h"

struct view {
	const struct page *page;
	const struct page_header *header; /* of this round */
};

/* The names that the original makes of its views' classes. */
static void write_name(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->page->kind == PAGE_LIST ? "Spacecraft Flight List"
	                                              : "Spacecraft Flight Instance");
}

static void write_style(struct strbuf *out, void *context)
{
	(void)context;
	page_style_write(out);
}

void page_write_list_url(const struct page *page, struct strbuf *out)
{
	strbuf_str(out, PATH_LIST);
	strbuf_str(out, query_url_suffix(page->query));
}

static void write_list_url(struct strbuf *out, void *context)
{
	const struct view *view = context;

	page_write_list_url(view->page, out);
}

static bool is_list(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->page->kind == PAGE_LIST;
}

static bool is_flight(void *context, size_t number)
{
	return number == 0 && !is_list(context, number);
}

static void write_flight_url(struct strbuf *out, void *context)
{
	const struct view *view = context;

	percent_encode_path(out, view->page->link->path);
	strbuf_str(out, query_url_suffix(view->page->query));
}

static bool has_count(void *context, size_t number)
{
	const struct view *view = context;

	return is_list(context, number) && page_is_good(view->page);
}

/* "Flights 11 to 20 of 250" */
static void write_count(struct strbuf *out, void *context)
{
	const struct view *view = context;
	const struct query *query = view->page->query;
	int64_t count = view->page->count;
	int64_t end = query->offset < count - query->limit ? query->offset + query->limit : count;

	if (query->offset >= count)
		strbuf_printf(out, "No flights here, of %" PRId64, count);
	else
		strbuf_printf(out, "Flights %" PRId64 " to %" PRId64 " of %" PRId64,
		              query->offset + 1, end, count);
}

static void write_same_url(struct strbuf *out, void *context)
{
	const struct view *view = context;

	link_write_as_sent(out, view->page->link);
}

static void write_format_url(struct strbuf *out, const struct view *view, const char *format)
{
	struct link_change change = {query_parameter_keys[QUERY_FORMAT], format};

	link_write(out, view->page->link, &change, 1);
}

static void write_json_url(struct strbuf *out, void *context)
{
	write_format_url(out, context, "json");
}

static void write_api_url(struct strbuf *out, void *context)
{
	write_format_url(out, context, "api");
}

static void write_filters(struct strbuf *out, void *context)
{
	const struct view *view = context;

	page_filters_write(view->page, out);
}

static void write_beside(struct strbuf *out, void *context)
{
	const struct view *view = context;

	page_beside_write(view->page, out);
}

static void write_pages(struct strbuf *out, void *context)
{
	const struct view *view = context;

	page_pages_write(view->page, out);
}

static void write_method(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->page->method);
}

static void write_status(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_printf(out, "%d %s", view->page->status, view->page->reason);
}

/* Only for the colour. */
static void write_tone(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->page->status < 400 ? "good" : "bad");
}

static bool next_header(void *context, size_t number)
{
	struct view *view = context;

	if (number >= view->page->header_count)
		return false;
	view->header = &view->page->headers[number];
	return true;
}

static void write_header_name(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->header->name);
}

static void write_header_value(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->header->value);
}

static void write_json(struct strbuf *out, void *context)
{
	const struct view *view = context;

	page_json_write(out, view->page->json);
}

static void write_version(struct strbuf *out, void *context)
{
	(void)context;
	strbuf_str(out, VERSION);
}

EMBED(page_html, "src/http/page.html");

static const struct markup_slot slots[] = {
	{"name", .text = write_name},
	{"style", .html = write_style},
	{"list_url", .text = write_list_url},
	{"list", .round = is_list},
	{"flight", .round = is_flight},
	{"flight_url", .text = write_flight_url},
	{"counted", .round = has_count},
	{"count", .text = write_count},
	{"same_url", .text = write_same_url},
	{"json_url", .text = write_json_url},
	{"api_url", .text = write_api_url},
	{"filters", .html = write_filters},
	{"beside", .html = write_beside},
	{"pages", .html = write_pages},
	{"method", .text = write_method},
	{"status", .text = write_status},
	{"tone", .text = write_tone},
	{"header", .round = next_header},
	{"header_name", .text = write_header_name},
	{"header_value", .text = write_header_value},
	{"json", .html = write_json},
	{"version", .text = write_version},
};

const struct markup page_frame_markup = {page_html, page_html_end, slots,
                                         sizeof(slots) / sizeof(slots[0])};

void page_write(const struct page *page, struct strbuf *out)
{
	struct view view = {.page = page};

	markup_write(&page_frame_markup, &view, out);
}
