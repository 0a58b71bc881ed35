/* Writes the frame that all pages share, with the style sheet, and holds the policy that permits it. */
#include "base/embed.h"
#include "base/version.h"
#include "page_internal.h"

/* The Makefile defines it: the hash of page.css in the form of a Content-Security-Policy. */
#ifndef PAGE_STYLE_SHA256
#define PAGE_STYLE_SHA256 ""
#endif

EMBED(layout_html, "src/browsable/layout.html");
EMBED(page_css, "src/browsable/page.css");
EMBED(icon_svg, "src/browsable/icon.svg");

const char *const page_icon = icon_svg;

const char page_policy[] = "default-src 'none'; style-src 'sha256-" PAGE_STYLE_SHA256 "'; "
			   "img-src https: http: data:; form-action 'self'; base-uri 'none'; "
			   "frame-ancestors 'none'";

struct layout_slots {
	const struct layout *layout;
	struct text title, description, prefix, skip, skip_first, version;
	struct text crumb_name, crumb_url;
	bool crumbs; /* there are any */
	bool last;   /* of the crumbs */
};

/* Unescaped, since the policy names the hash of these bytes. */
static void write_style(struct strbuf *out, const void *context)
{
	(void)context;
	strbuf_str(out, page_css);
}

static bool next_crumb(void *context, size_t index)
{
	struct layout_slots *slots = context;
	const struct layout *layout = slots->layout;

	if (index >= layout->crumb_count)
		return false;
	slots->crumb_name = text_of(layout->crumbs[index].name);
	slots->crumb_url = text_of(layout->crumbs[index].url);
	slots->last = index + 1 == layout->crumb_count;
	return true;
}

static void write_main(struct strbuf *out, const void *context)
{
	const struct layout_slots *slots = context;

	markup_write(slots->layout->main, slots->layout->main_context, slots->layout->clock, out);
}

static const struct markup_slot slot_table[] = {
	MARKUP_TEXT(struct layout_slots, title),      MARKUP_TEXT(struct layout_slots, description),
	MARKUP_TEXT(struct layout_slots, prefix),     {"style", .html = write_style},
	MARKUP_TEXT(struct layout_slots, skip),       MARKUP_TEXT(struct layout_slots, skip_first),
	MARKUP_FLAG(struct layout_slots, crumbs),     {"crumb", .each = next_crumb},
	MARKUP_TEXT(struct layout_slots, crumb_name), MARKUP_TEXT(struct layout_slots, crumb_url),
	MARKUP_FLAG(struct layout_slots, last),       {"main", .html = write_main},
	MARKUP_TEXT(struct layout_slots, version),
};

const struct markup layout_markup = MARKUP(layout_html, slot_table);

void layout_write(const struct layout *layout, struct strbuf *out)
{
	struct layout_slots slots = {
		.layout = layout,
		.title = text_of(layout->title),
		.description = text_of(layout->description),
		.prefix = layout->prefix,
		.crumbs = layout->crumb_count > 0,
		.skip = text_of(layout->skip_to),
		.skip_first = text_of(layout->skip_first),
		.version = text_of(VERSION),
	};

	markup_write(&layout_markup, &slots, NULL, out);
}
