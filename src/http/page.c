/* Writes the browsable page: the parts in their places. */
#include "http/page.h"

#include <inttypes.h>

#include "base/embed.h"
#include "http/page_json.h"
#include "http/percent.h"
#include "page_frame.h"
#include "page_parts.h"

struct view {
	const struct page *page;
	const struct page_header *header; /* of this round */
};

/* The names that the original makes of its views' classes. */
static const char *const names[] = {
	[PAGE_LIST] = "Spacecraft Flight List",
	[PAGE_FLIGHT] = "Spacecraft Flight Instance",
	[PAGE_THROTTLE] = "API Throttle",
};

static void write_name(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, names[view->page->kind]);
}

static bool is_about_flights(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->page->kind != PAGE_THROTTLE;
}

static bool has_count(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->page->kind == PAGE_LIST && page_is_good(view->page);
}

/* "Flights 11 to 20 of 250" */
static void write_count(struct strbuf *out, void *context)
{
	const struct view *view = context;
	const struct query *query = view->page->query;
	int64_t count = view->page->count;
	int64_t end = query->offset < count - query->limit ? query->offset + query->limit : count;

	if (count == 0)
		strbuf_str(out, "No flights");
	else if (query->offset >= count)
		strbuf_printf(out, "No more flights than %" PRId64, count);
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

EMBED(page_html, "src/http/page.html");

static const struct markup_slot slots[] = {
	{"name", .text = write_name},
	{"counted", .round = has_count},
	{"count", .text = write_count},
	{"same_url", .text = write_same_url},
	{"json_url", .text = write_json_url},
	{"api_url", .text = write_api_url},
	{"filters", .html = write_filters},
	{"about", .round = is_about_flights},
	{"beside", .html = write_beside},
	{"pages", .html = write_pages},
	{"method", .text = write_method},
	{"status", .text = write_status},
	{"tone", .text = write_tone},
	{"header", .round = next_header},
	{"header_name", .text = write_header_name},
	{"header_value", .text = write_header_value},
	{"json", .html = write_json},
};

const struct markup page_markup = {page_html, page_html_end, slots,
                                   sizeof(slots) / sizeof(slots[0])};

static void write_main(struct strbuf *out, void *context)
{
	markup_write(&page_markup, context, out);
}

/* The list and, below it, the flight; of formats that were asked for the urls keep it. */
static void add_crumbs(struct page_frame *frame, const struct page *page, const char *list_url,
                       const char *own_url)
{
	if (page->kind != PAGE_THROTTLE)
		frame->crumbs[frame->crumb_count++] =
			(struct page_crumb){names[PAGE_LIST], list_url};
	if (page->kind != PAGE_LIST)
		frame->crumbs[frame->crumb_count++] =
			(struct page_crumb){names[page->kind], own_url};
}

void page_write(const struct page *page, struct strbuf *out)
{
	struct view view = {.page = page};
	struct strbuf title = STRBUF_INIT;
	struct strbuf list_url = STRBUF_INIT;
	struct strbuf own_url = STRBUF_INIT;
	struct page_frame frame = {.skip = "response", .write_main = write_main, .context = &view};

	strbuf_printf(&title, "%s – Django REST framework", names[page->kind]);
	page_write_list_url(page, &list_url);
	percent_encode_path(&own_url, page->link->path);
	strbuf_str(&own_url, query_url_suffix(page->query));
	frame.title = title.data;
	add_crumbs(&frame, page, list_url.data, own_url.data);
	page_frame_write(&frame, out);
	strbuf_fini(&title);
	strbuf_fini(&list_url);
	strbuf_fini(&own_url);
}
