/* Writes what stands beside the answer: the flights of a list, or a flight's facts and pictures. */
#include "page_parts.h"

#include "base/embed.h"
#include "page_facts.h"
#include "page_figures.h"

struct view {
	const struct page *page;
	struct figure figures[FIGURES_MOST];
	size_t count;
	const struct figure *figure; /* of this round, as are the next */
	const char *fact;
	size_t fact_next;
	struct strbuf value;
};

static bool is_list(const struct view *view)
{
	return view->page->kind == PAGE_LIST;
}

static void write_label(struct strbuf *out, void *context)
{
	strbuf_str(out, is_list(context) ? "Flights on this page" : "The flight in short");
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
	struct view *view = context;

	if (number == 0)
		view->fact_next = 0;
	for (;;) {
		size_t at = view->fact_next++;

		view->fact = fact_label(at);
		strbuf_reset(&view->value);
		if (!view->fact || fact_write(&view->value, at, view->page->json))
			return view->fact != NULL;
	}
}

static void write_fact_label(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_str(out, view->fact);
}

static void write_fact_value(struct strbuf *out, void *context)
{
	const struct view *view = context;

	strbuf_add(out, view->value.data, view->value.length);
}

static bool has_figures(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && view->count > 0;
}

static bool next_figure(void *context, size_t number)
{
	struct view *view = context;

	if (number >= view->count)
		return false;
	view->figure = &view->figures[number];
	return true;
}

static bool has_link(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && figure_is_url(view->figure->link);
}

static void write_link_url(struct strbuf *out, void *context)
{
	const struct view *view = context;

	scan_write_string(out, view->figure->link);
}

static bool has_picture(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 && figure_is_url(view->figure->thumbnail);
}

static void write_thumbnail(struct strbuf *out, void *context)
{
	const struct view *view = context;

	scan_write_string(out, view->figure->thumbnail);
}

static void write_description(struct strbuf *out, void *context)
{
	const struct view *view = context;

	scan_write_string(out, view->figure->description);
}

static void write_caption(struct strbuf *out, void *context)
{
	const struct view *view = context;
	size_t begin = out->length;

	scan_write_string(out, view->figure->caption);
	if (out->length == begin)
		strbuf_str(out, "Unnamed");
}

static bool has_note(void *context, size_t number)
{
	const struct view *view = context;

	return number == 0 &&
	       (scan_is_string(view->figure->note) || scan_is_string(view->figure->moment));
}

/* A flight's mission and the day of its launch, or a picture's credit. */
static void write_note(struct strbuf *out, void *context)
{
	const struct view *view = context;
	size_t begin = out->length;

	scan_write_string(out, view->figure->note);
	if (!scan_is_string(view->figure->moment))
		return;
	if (out->length > begin)
		strbuf_str(out, ", ");
	fact_write_day(out, view->figure->moment);
}

EMBED(page_beside_html, "src/http/page_beside.html");

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

const struct markup page_beside_markup = {page_beside_html, page_beside_html_end, slots,
                                          sizeof(slots) / sizeof(slots[0])};

void page_beside_write(const struct page *page, struct strbuf *out)
{
	struct view view = {.page = page};

	if (!page_is_good(page))
		return;
	if (is_list(&view))
		view.count = figures_of_list(page->json, view.figures);
	else
		view.count = figures_of_flight(page->json, view.figures);
	if (is_list(&view) && view.count == 0)
		return;
	markup_write(&page_beside_markup, &view, out);
	strbuf_fini(&view.value);
}
