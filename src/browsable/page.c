/* Writes the browsable page: the parts in their places. */
#include "browsable/page.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/embed.h"
#include "json_html.h"
#include "protocol/percent.h"
#include "layout.h"
#include "page_internal.h"

struct page_context {
	const struct page *page;
	const struct page_header *header; /* of this round */
};

/* The name that the original makes of its view's class. */
static void write_page_name(const struct page *page, bool of_list, struct strbuf *out)
{
	const struct endpoint *endpoint = page_endpoint(page);

	if (endpoint)
		strbuf_printf(out, "%s %s", endpoint->title, of_list ? "List" : "Instance");
	else
		strbuf_str(out, "API Throttle");
}

static void write_name(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	write_page_name(self->page, page_is_list(self->page), out);
}

static bool has_endpoint(void *context, size_t number)
{
	const struct page_context *self = context;

	return number == 0 && page_endpoint(self->page);
}

static bool has_count(void *context, size_t number)
{
	const struct page_context *self = context;

	return number == 0 && page_is_list(self->page) && page_is_good(self->page);
}

/* "Flights 11 to 20 of 250" */
static void write_count(struct strbuf *out, void *context)
{
	const struct page_context *self = context;
	const char *nouns = page_endpoint(self->page)->nouns;
	const struct query *query = page_query(self->page);
	int64_t count = self->page->count;
	int64_t end = query->offset < count - query->limit ? query->offset + query->limit : count;

	if (count == 0)
		strbuf_printf(out, "No %s", nouns);
	else if (query->offset >= count)
		strbuf_printf(out, "No more %s than %" PRId64, nouns, count);
	else
		strbuf_printf(out, "%c%s %" PRId64 " to %" PRId64 " of %" PRId64,
		              toupper((unsigned char)nouns[0]), nouns + 1, query->offset + 1, end,
		              count);
}

static void write_path(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	strbuf_str(out, page_endpoint(self->page)->resource->path);
}

static void write_example(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	strbuf_str(out, page_endpoint(self->page)->example);
}

/* The names of the filters, as the original lists them. */
static void write_filter_names(struct strbuf *out, void *context)
{
	const struct page_context *self = context;
	const struct endpoint *endpoint = page_endpoint(self->page);

	for (size_t i = 0; i < endpoint->filter_count; i++)
		strbuf_printf(out, "%s<code>%s</code>", i > 0 ? ", " : "", endpoint->filters[i].name);
}

static void write_same_url(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	link_write_as_sent(out, page_link(self->page));
}

static void write_format_url(struct strbuf *out, const struct page_context *self, const char *format)
{
	struct link_change change = {query_parameter_keys[QUERY_FORMAT], format};

	link_write(out, page_link(self->page), &change, 1);
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
	const struct page_context *self = context;

	page_filters_write(self->page, out);
}

static void write_beside(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	page_beside_write(self->page, out);
}

static void write_pages(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	page_pages_write(self->page, out);
}

static void write_method(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	strbuf_str(out, self->page->method);
}

static void write_status(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	strbuf_printf(out, "%d %s", self->page->status, self->page->reason);
}

/* Only for the colour. */
static void write_tone(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	strbuf_str(out, self->page->status < 400 ? "good" : "bad");
}

static bool next_header(void *context, size_t number)
{
	struct page_context *self = context;

	if (number >= self->page->header_count)
		return false;
	self->header = &self->page->headers[number];
	return true;
}

static void write_header_name(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	strbuf_str(out, self->header->name);
}

static void write_header_value(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	strbuf_str(out, self->header->value);
}

static void write_json(struct strbuf *out, void *context)
{
	const struct page_context *self = context;

	page_json_write(out, self->page->json);
}

EMBED(page_html, "src/browsable/page.html");

static const struct markup_slot slots[] = {
	{"name", .text = write_name},
	{"counted", .round = has_count},
	{"count", .text = write_count},
	{"same_url", .text = write_same_url},
	{"json_url", .text = write_json_url},
	{"api_url", .text = write_api_url},
	{"filters", .html = write_filters},
	{"about", .round = has_endpoint},
	{"path", .text = write_path},
	{"example", .text = write_example},
	{"filter_names", .html = write_filter_names},
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

/* The list and, below it, the row; of formats that were asked for the urls keep it. */
static void add_crumbs(struct page_frame *frame, const struct page *page, const char *list_name,
                       const char *list_url, const char *own_name, const char *own_url)
{
	if (page_endpoint(page))
		frame->crumbs[frame->crumb_count++] = (struct page_crumb){list_name, list_url};
	if (!page_is_list(page))
		frame->crumbs[frame->crumb_count++] = (struct page_crumb){own_name, own_url};
}

void page_write(const struct page *page, struct strbuf *out)
{
	struct page_context self = {.page = page};
	struct strbuf title = STRBUF_INIT;
	struct strbuf list_name = STRBUF_INIT, own_name = STRBUF_INIT;
	struct strbuf list_url = STRBUF_INIT, own_url = STRBUF_INIT;
	struct page_frame frame = {.skip = "response", .write_main = write_main, .context = &self};

	write_page_name(page, page_is_list(page), &own_name);
	strbuf_printf(&title, "%s – Django REST framework", own_name.data);
	if (page_endpoint(page)) {
		write_page_name(page, true, &list_name);
		page_write_list_url(page, &list_url);
	}
	percent_encode_path(&own_url, page_link(page)->path);
	strbuf_str(&own_url, query_url_suffix(page_query(page)));
	frame.title = title.data;
	add_crumbs(&frame, page, list_name.data, list_url.data, own_name.data, own_url.data);
	page_frame_write(&frame, out);
	strbuf_fini(&title);
	strbuf_fini(&list_name);
	strbuf_fini(&own_name);
	strbuf_fini(&list_url);
	strbuf_fini(&own_url);
}
