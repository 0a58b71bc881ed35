/* Writes what all pages have around what they are about. */
#include "page_frame.h"

#include "base/embed.h"
#include "base/version.h"
#include "page_style.h"

struct view {
	const struct page_frame *frame;
	size_t crumb; /* of this round */
};

static void write_title(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->frame->title);
}

static void write_style(struct strbuf *out, void *context)
{
	(void)context;
	page_style_write(out);
}

static void write_skip(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->frame->skip);
}

static bool next_crumb(void *context, size_t number)
{
	struct view *view = context;

	view->crumb = number;
	return number < view->frame->crumb_count;
}

static bool is_last(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->crumb + 1 == view->frame->crumb_count;
}

static void write_crumb_name(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->frame->crumbs[view->crumb].name);
}

static void write_crumb_url(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->frame->crumbs[view->crumb].url);
}

static void write_main(struct strbuf *out, void *context)
{
	const struct view *view = context;

	view->frame->write_main(out, view->frame->context);
}

static void write_version(struct strbuf *out, void *context)
{
	(void)context;
	strbuf_str(out, VERSION);
}

EMBED(page_frame_html, "src/http/page_frame.html");

static const struct markup_slot slots[] = {
	{"title", .text = write_title},
	{"style", .html = write_style},
	{"skip", .text = write_skip},
	{"crumb", .round = next_crumb},
	{"crumb_name", .text = write_crumb_name},
	{"crumb_url", .text = write_crumb_url},
	{"last", .round = is_last},
	{"main", .html = write_main},
	{"version", .text = write_version},
};

const struct markup page_frame_markup = {page_frame_html, page_frame_html_end, slots,
                                         sizeof(slots) / sizeof(slots[0])};

void page_frame_write(const struct page_frame *frame, struct strbuf *out)
{
	struct view view = {.frame = frame};

	markup_write(&page_frame_markup, &view, out);
}
