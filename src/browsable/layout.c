/* Writes the frame that all pages share, with the style sheet, and holds the policy that permits it. */
#include "layout.h"

#include "base/embed.h"
#include "base/version.h"
#include "browsable/page.h"
#include "page_internal.h"

/* The Makefile defines it: the hash of page.css in the form of a Content-Security-Policy. */
#ifndef PAGE_STYLE_SHA256
#define PAGE_STYLE_SHA256 ""
#endif

EMBED(layout_html, "src/browsable/layout.html");
EMBED(page_css, "src/browsable/page.css");
EMBED(page_icon, "src/browsable/icon.svg");

const char page_policy[] = "default-src 'none'; style-src 'sha256-" PAGE_STYLE_SHA256 "'; "
			   "img-src https: http: data:; form-action 'self'; base-uri 'none'; "
			   "frame-ancestors 'none'";

void page_write_icon(struct strbuf *out)
{
	strbuf_str(out, page_icon);
}

struct layout_slots {
	const struct layout *layout;
	struct text title, prefix, skip, version;
	struct text crumb_name, crumb_url;
	bool crumb_is_last;
};

/* Unescaped, since the policy names the hash of these bytes. */
static void write_style(struct strbuf *out, const void *context)
{
	(void)context;
	strbuf_str(out, page_css);
}

/* The brand leads to the first endpoint. */
static void write_home_url(struct strbuf *out, const void *context)
{
	const struct layout_slots *slots = context;

	endpoint_write_list_url(endpoints[0], slots->prefix, out);
}

static bool next_crumb(void *context, size_t index)
{
	struct layout_slots *slots = context;
	const struct layout *layout = slots->layout;

	if (index >= layout->crumb_count)
		return false;
	slots->crumb_name = text_of(layout->crumbs[index].name);
	slots->crumb_url = text_of(layout->crumbs[index].url);
	slots->crumb_is_last = index + 1 == layout->crumb_count;
	return true;
}

static bool is_last_crumb(const void *context)
{
	const struct layout_slots *slots = context;

	return slots->crumb_is_last;
}

static void write_main(struct strbuf *out, const void *context)
{
	const struct layout_slots *slots = context;

	markup_write(slots->layout->main, slots->layout->main_context, out);
}

static const struct markup_slot slot_table[] = {
	{"title", .member = MARKUP_MEMBER(struct layout_slots, title)},
	{"prefix", .member = MARKUP_MEMBER(struct layout_slots, prefix)},
	{"style", .html = write_style},
	{"skip", .member = MARKUP_MEMBER(struct layout_slots, skip)},
	{"home_url", .text = write_home_url},
	{"crumb", .each = next_crumb},
	{"crumb_name", .member = MARKUP_MEMBER(struct layout_slots, crumb_name)},
	{"crumb_url", .member = MARKUP_MEMBER(struct layout_slots, crumb_url)},
	{"last", .when = is_last_crumb},
	{"main", .html = write_main},
	{"version", .member = MARKUP_MEMBER(struct layout_slots, version)},
};

const struct markup layout_markup = {layout_html, layout_html_end, slot_table,
                                     sizeof(slot_table) / sizeof(slot_table[0])};

void layout_write(const struct layout *layout, struct strbuf *out)
{
	struct layout_slots slots = {
		.layout = layout,
		.title = text_of(layout->title),
		.prefix = layout->prefix,
		.skip = text_of(layout->skip_to),
		.version = text_of(VERSION),
	};

	markup_write(&layout_markup, &slots, out);
}
