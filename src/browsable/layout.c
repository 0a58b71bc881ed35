/* Writes what all pages have around what they are about. */
#include "layout.h"

#include "base/embed.h"
#include "base/version.h"
#include "style.h"

struct layout_context {
	const struct page_frame *frame;
	size_t crumb; /* of this round */
};

static void write_title(struct strbuf *out, void *context)
{
	const struct layout_context *self = context;

	strbuf_str(out, self->frame->title);
}

static void write_style(struct strbuf *out, void *context)
{
	(void)context;
	page_style_write(out);
}

static void write_skip(struct strbuf *out, void *context)
{
	const struct layout_context *self = context;

	strbuf_str(out, self->frame->skip);
}

static bool next_crumb(void *context, size_t number)
{
	struct layout_context *self = context;

	self->crumb = number;
	return number < self->frame->crumb_count;
}

static bool is_last(void *context, size_t number)
{
	const struct layout_context *self = context;

	return number == 0 && self->crumb + 1 == self->frame->crumb_count;
}

static void write_crumb_name(struct strbuf *out, void *context)
{
	const struct layout_context *self = context;

	strbuf_str(out, self->frame->crumbs[self->crumb].name);
}

static void write_crumb_url(struct strbuf *out, void *context)
{
	const struct layout_context *self = context;

	strbuf_str(out, self->frame->crumbs[self->crumb].url);
}

static void write_main(struct strbuf *out, void *context)
{
	const struct layout_context *self = context;

	self->frame->write_main(out, self->frame->context);
}

static void write_version(struct strbuf *out, void *context)
{
	(void)context;
	strbuf_str(out, VERSION);
}

EMBED(layout_html, "src/browsable/layout.html");

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

const struct markup page_frame_markup = {layout_html, layout_html_end, slots,
                                         sizeof(slots) / sizeof(slots[0])};

void page_frame_write(const struct page_frame *frame, struct strbuf *out)
{
	struct layout_context self = {.frame = frame};

	markup_write(&page_frame_markup, &self, out);
}
