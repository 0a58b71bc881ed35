/* Writes what stands beside the answer: the flights of a list, or a flight's facts and pictures. */
#include "page_internal.h"

#include <ctype.h>


#include "base/embed.h"
#include "facts.h"
#include "figures.h"

struct summary_context {
	const struct page *page;
	struct figure figures[FIGURES_MOST];
	size_t count;
	const struct figure *figure; /* of this round, as are the next */
	const char *fact;
	size_t fact_next;
	struct strbuf value;
};

static bool is_list(const struct summary_context *self)
{
	return page_is_list(self->page);
}

static void write_label(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;
	const struct endpoint *endpoint = page_endpoint(self->page);

	if (is_list(self))
		strbuf_printf(out, "%c%s on this page", toupper((unsigned char)endpoint->nouns[0]),
		              endpoint->nouns + 1);
	else
		strbuf_printf(out, "The %s in short", endpoint->noun);
}

static void write_class(struct strbuf *out, void *context)
{
	strbuf_str(out, is_list(context) ? "flights" : "pictures");
}

static bool has_facts(void *context, size_t number)
{
	return number == 0 && !is_list(context);
}

/* The next fact that the flight has. */
static bool next_fact(void *context, size_t number)
{
	struct summary_context *self = context;
	const struct endpoint *endpoint = page_endpoint(self->page);

	if (number == 0)
		self->fact_next = 0;
	for (;;) {
		size_t at = self->fact_next++;

		strbuf_reset(&self->value);
		if (at >= endpoint->fact_count)
			return false;
		self->fact = endpoint->facts[at].label;
		if (fact_write(&self->value, &endpoint->facts[at], self->page->json))
			return true;
	}
}

static void write_fact_label(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;

	strbuf_str(out, self->fact);
}

static void write_fact_value(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;

	strbuf_add(out, self->value.data, self->value.length);
}

static bool has_figures(void *context, size_t number)
{
	const struct summary_context *self = context;

	return number == 0 && self->count > 0;
}

static bool next_figure(void *context, size_t number)
{
	struct summary_context *self = context;

	if (number >= self->count)
		return false;
	self->figure = &self->figures[number];
	return true;
}

static bool has_link(void *context, size_t number)
{
	const struct summary_context *self = context;

	return number == 0 && figure_is_url(self->figure->link);
}

static void write_link_url(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;

	scan_write_string(out, self->figure->link);
}

static bool has_picture(void *context, size_t number)
{
	const struct summary_context *self = context;

	return number == 0 && figure_is_url(self->figure->thumbnail);
}

static void write_thumbnail(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;

	scan_write_string(out, self->figure->thumbnail);
}

static void write_description(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;

	scan_write_string(out, self->figure->description);
}

static void write_caption(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;
	size_t begin = out->length;

	scan_write_string(out, self->figure->caption);
	if (out->length == begin)
		strbuf_str(out, "Unnamed");
}

static bool has_note(void *context, size_t number)
{
	const struct summary_context *self = context;

	return number == 0 &&
	       (scan_is_string(self->figure->note) || scan_is_string(self->figure->moment));
}

/* A flight's mission and the day of its launch, or a picture's credit. */
static void write_note(struct strbuf *out, void *context)
{
	const struct summary_context *self = context;
	size_t begin = out->length;

	scan_write_string(out, self->figure->note);
	if (!scan_is_string(self->figure->moment))
		return;
	if (out->length > begin)
		strbuf_str(out, ", ");
	fact_write_day(out, self->figure->moment);
}

EMBED(summary_html, "src/browsable/summary.html");

static const struct markup_slot slots[] = {
	{"label", .text = write_label},
	{"facts", .round = has_facts},
	{"fact", .round = next_fact},
	{"fact_label", .text = write_fact_label},
	{"fact_value", .text = write_fact_value},
	{"figures", .round = has_figures},
	{"class", .text = write_class},
	{"figure", .round = next_figure},
	{"link", .round = has_link},
	{"link_url", .text = write_link_url},
	{"picture", .round = has_picture},
	{"thumbnail", .text = write_thumbnail},
	{"description", .text = write_description},
	{"caption", .text = write_caption},
	{"note", .round = has_note},
	{"note_text", .text = write_note},
};

const struct markup summary_markup = {summary_html, summary_html_end, slots,
                                          sizeof(slots) / sizeof(slots[0])};

void page_beside_write(const struct page *page, struct strbuf *out)
{
	struct summary_context self = {.page = page};

	if (!page_is_good(page) || !page_endpoint(page))
		return;
	if (is_list(&self))
		self.count = figures_of_list(&page_endpoint(page)->card, page->json, self.figures);
	else
		self.count = figures_of_row(page->json, self.figures);
	if (is_list(&self) && self.count == 0)
		return;
	markup_write(&summary_markup, &self, out);
	strbuf_fini(&self.value);
}
