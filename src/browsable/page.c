/* Writes the browsable page of a response. */
#include "browsable/page.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/embed.h"
#include "highlight.h"
#include "layout.h"
#include "page_internal.h"

struct page_slots {
	const struct page *page;
	struct text name, method, prefix;
	struct text path, example, mode_example; /* of the endpoint's help */
	struct text header_name, header_value;   /* of the current header */
};

void page_write_capitalized(const char *noun, struct strbuf *out)
{
	strbuf_char(out, (char)toupper((unsigned char)noun[0]));
	strbuf_str(out, noun + 1);
}

/* --- The heading. --- */

/* As Django REST framework derives it from the name of the original's view class. */
static void write_page_name(const struct page *page, struct strbuf *out)
{
	const struct endpoint *endpoint = page_endpoint(page);

	if (!endpoint)
		strbuf_str(out, "API Throttle");
	else if (page_is_list(page))
		endpoint_write_list_name(endpoint, out);
	else
		strbuf_printf(out, "%s Instance", endpoint->title);
}

static bool has_count(const void *context)
{
	const struct page_slots *slots = context;

	return page_is_list(slots->page) && page_is_ok(slots->page);
}

/* "Flights 11 to 20 of 250" and the like. */
static void write_count(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;
	const char *nouns = page_endpoint(slots->page)->nouns;
	const struct query *query = page_query(slots->page);
	int64_t count = slots->page->count;
	int64_t end = query->offset < count - query->limit ? query->offset + query->limit : count;

	if (count == 0) {
		strbuf_printf(out, "No %s", nouns);
	} else if (query->offset >= count) {
		strbuf_printf(out, "No more %s than %" PRId64, nouns, count);
	} else {
		page_write_capitalized(nouns, out);
		strbuf_printf(out, " %" PRId64 " to %" PRId64 " of %" PRId64, query->offset + 1,
		              end, count);
	}
}

static void write_same_url(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	link_write_as_sent(out, page_link(slots->page));
}

static void write_format_url(struct strbuf *out, const struct page_slots *slots, const char *format)
{
	struct link_change change = {query_parameter_keys[QUERY_FORMAT], format};

	link_write(out, page_link(slots->page), &change, 1);
}

static void write_json_url(struct strbuf *out, const void *context)
{
	write_format_url(out, context, "json");
}

static void write_api_url(struct strbuf *out, const void *context)
{
	write_format_url(out, context, "api");
}

static void write_filter_form(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	filter_form_write(slots->page, out);
}

/* --- The endpoint's help. --- */

static bool has_endpoint(const void *context)
{
	const struct page_slots *slots = context;

	return page_endpoint(slots->page);
}

static void write_code(struct strbuf *out, const char *separator, const char *name)
{
	strbuf_printf(out, "%s<code>%s</code>", separator, name);
}

static void write_mode_names(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;
	const struct mode *modes = page_endpoint(slots->page)->modes;

	for (size_t i = 0; i < MODES_MAX && modes[i].name; i++)
		write_code(out, i > 0 ? ", " : "", modes[i].name);
}

static void write_filter_names(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;
	const struct endpoint *endpoint = page_endpoint(slots->page);

	for (size_t i = 0; i < endpoint->filter_count; i++)
		write_code(out, i > 0 ? ", " : "", endpoint->filters[i].name);
}

/* --- The response. --- */

static void write_summary(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	summary_write(slots->page, out);
}

static void write_pager(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	pager_write(slots->page, out);
}

static void write_status(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	strbuf_printf(out, "%d %s", slots->page->status, slots->page->reason);
}

/* The class that colours the status. */
static void write_tone(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	strbuf_str(out, slots->page->status < 400 ? "good" : "bad");
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

static void write_json(struct strbuf *out, const void *context)
{
	const struct page_slots *slots = context;

	highlight_write(out, slots->page->json);
}

EMBED(page_html, "src/browsable/page.html");

static const struct markup_slot slot_table[] = {
	{"name", .member = MARKUP_MEMBER(struct page_slots, name)},
	{"counted", .when = has_count},
	{"count", .text = write_count},
	{"same_url", .text = write_same_url},
	{"json_url", .text = write_json_url},
	{"api_url", .text = write_api_url},
	{"filter_form", .html = write_filter_form},
	{"help", .when = has_endpoint},
	{"prefix", .member = MARKUP_MEMBER(struct page_slots, prefix)},
	{"path", .member = MARKUP_MEMBER(struct page_slots, path)},
	{"mode_names", .html = write_mode_names},
	{"mode_example", .member = MARKUP_MEMBER(struct page_slots, mode_example)},
	{"filter_names", .html = write_filter_names},
	{"example", .member = MARKUP_MEMBER(struct page_slots, example)},
	{"summary", .html = write_summary},
	{"pager", .html = write_pager},
	{"method", .member = MARKUP_MEMBER(struct page_slots, method)},
	{"status", .text = write_status},
	{"tone", .text = write_tone},
	{"header", .each = next_header},
	{"header_name", .member = MARKUP_MEMBER(struct page_slots, header_name)},
	{"header_value", .member = MARKUP_MEMBER(struct page_slots, header_value)},
	{"json", .html = write_json},
};

const struct markup page_markup = {page_html, page_html_end, slot_table,
                                   sizeof(slot_table) / sizeof(slot_table[0])};

/* For the example: unlike the first, it is not the default. */
static const char *last_mode(const struct endpoint *endpoint)
{
	size_t last = 0;

	while (last + 1 < MODES_MAX && endpoint->modes[last + 1].name)
		last++;
	return endpoint->modes[last].name;
}

static struct page_slots slots_of(const struct page *page, const char *name)
{
	const struct endpoint *endpoint = page_endpoint(page);
	struct page_slots slots = {
		.page = page,
		.name = text_of(name),
		.method = text_of(page->method),
		.prefix = page_link(page)->prefix,
	};

	if (endpoint) {
		slots.path = text_of(endpoint->resource->path);
		slots.example = text_of(endpoint->example);
		slots.mode_example = text_of(last_mode(endpoint));
	}
	return slots;
}

void page_write(const struct page *page, struct strbuf *out)
{
	struct strbuf title = STRBUF_INIT;
	struct strbuf list_name = STRBUF_INIT, own_name = STRBUF_INIT;
	struct strbuf list_url = STRBUF_INIT, own_url = STRBUF_INIT;
	struct page_slots slots;
	struct layout layout = {
		.skip_to = "response", .main = &page_markup, .main_context = &slots};

	write_page_name(page, &own_name);
	strbuf_printf(&title, "%s – Django REST framework", own_name.data);
	layout.title = title.data;
	layout.prefix = page_link(page)->prefix;
	if (page_endpoint(page)) {
		endpoint_write_list_name(page_endpoint(page), &list_name);
		page_write_list_url(page, &list_url);
		layout.crumbs[layout.crumb_count++] =
			(struct layout_crumb){list_name.data, list_url.data};
	}
	if (!page_is_list(page)) {
		link_write_path(&own_url, page_link(page));
		strbuf_str(&own_url, query_url_suffix(page_query(page)));
		layout.crumbs[layout.crumb_count++] =
			(struct layout_crumb){own_name.data, own_url.data};
	}
	slots = slots_of(page, own_name.data);
	layout_write(&layout, out);
	strbuf_fini(&title);
	strbuf_fini(&list_name);
	strbuf_fini(&own_name);
	strbuf_fini(&list_url);
	strbuf_fini(&own_url);
}
