/* What the files of the browsable page share. */
#ifndef PAGE_INTERNAL_H
#define PAGE_INTERNAL_H

#include "base/arena.h"
#include "browsable/pages.h"
#include "markup.h"
#include "resources/all.h"

/* --- The frame that all pages share: head, header with breadcrumb, footer. --- */

/* In the titles of all pages. */
#define PAGE_BRAND "Launch Library"

#define LAYOUT_CRUMBS_MAX 2

struct layout_crumb {
	const char *name;
	const char *url;
};

struct layout {
	const char *title;
	struct text prefix;                            /* of the paths that the frame links to */
	struct layout_crumb crumbs[LAYOUT_CRUMBS_MAX]; /* the last is the page itself */
	size_t crumb_count;
	const char *skip_to; /* the id that the skip link leads to */
	const char
		*skip_first; /* NULL, or what the skip link to #story before it names: "flights" */
	const struct markup *main;
	void *main_context;
	struct format_clock *clock; /* as markup_write takes it */
	const char *description;    /* for search engines and link previews */
};

/* Appends the whole page. Everything is borrowed. */
void layout_write(const struct layout *layout, struct strbuf *out);

/* --- The parts of the page, each with a template of its own. --- */

/* Appends the form with filters, search, ordering, mode and limit of a list. Nothing for other pages. */
void filter_form_write(const struct page *page, struct strbuf *out);

/* Appends the summary beside the JSON of an endpoint's page: a card per row of a list, or the facts and
   pictures of a row. Nothing for empty lists. */
void summary_write(const struct page *page, struct strbuf *out);

/* --- Flights: what their pages have above the JSON instead of the summary beside it. --- */

/* Appends a flight's story. */
void flight_write(const struct page *page, struct strbuf *out);

/* Appends the table of a list's flights; nothing if it is empty. */
void flight_list_write(const struct page *page, struct strbuf *out);

/* "Crew Dragon Endurance, Crew-10", in the arena; NULL: the document has no names. */
const char *flight_name(struct arena *arena, struct text flight);

/* --- Pictures. --- */

/* Rows of a page; more pictures than that are left out. */
#define PICTURES_MAX QUERY_LIMIT_MOST

/* A picture with a caption: of a row, or the card of one. Texts are empty where there are none. */
struct picture {
	struct text caption, note, link, thumbnail, alt;
};

struct picture_list {
	size_t count;
	struct picture picture[PICTURES_MAX];
};

/* All images in a document, each once; in the arena. */
struct picture_list *pictures_of(struct arena *arena, struct text document);

/* --- JSON with syntax highlighting and folding. --- */

/* Appends compact JSON as HTML. Its text content is the same JSON indented by four spaces, as Python's
   json.dumps writes it; numbers and strings keep their bytes. Web addresses in strings are links.

   Elements have short names, since a page may have a hundred thousand of them: <b> is a key, <i> a
   number, <u> one of true, false and null; strings and brackets have none. An object or array inside
   another is a <details>, whose <summary> is its first line; open in the outermost `open_depth` levels. */
void highlight_write(struct strbuf *out, struct text json, size_t open_depth);

/* Appends the inside of a JSON string as HTML in which web addresses are links: words that begin with http://,
   https:// or www., and names such as nasa.gov. Punctuation around an address is no part of it. */
void linkify(struct strbuf *out, struct text text);

/* --- Properties of a page. --- */

/* The parameter by which a row's page knows the list that led to it: it holds the list's query. */
#define PAGE_LIST_PARAMETER "list"

/* Whether the page is of a flight, or of flights. */
static inline bool page_is_of_flights(const struct page *page)
{
	return page->decision->endpoint == FLIGHT_ENDPOINT;
}

/* Errors have none of the parts above. */
static inline bool page_is_ok(const struct page *page)
{
	return page->status == 200;
}

static inline bool page_is_list(const struct page *page)
{
	return page->decision->route == ROUTE_LIST;
}

/* Whether there are flights to be shown above the JSON: an empty list has none. */
static inline bool page_has_story(const struct page *page)
{
	return page_is_ok(page) && page_is_of_flights(page) &&
	       (!page_is_list(page) || page->count > page->decision->query.offset);
}

/* --- Texts of pages, in the arena. --- */

/* The path of an endpoint's list below the prefix. */
static inline const char *endpoint_list_url(struct arena *arena, struct text prefix,
                                            const struct endpoint *endpoint)
{
	return arena_printf(arena, "%.*s" VERSION_PATH "%s/", (int)prefix.length, prefix.data,
	                    endpoint->path);
}

/* The name of that page. */
static inline const char *endpoint_list_name(struct arena *arena, const struct endpoint *endpoint)
{
	return arena_printf(arena, "%s List", endpoint->title);
}

/* The path of the list, with the `format` of the request if it had one. */
static inline const char *page_list_url(struct arena *arena, const struct page *page)
{
	return arena_printf(
		arena, "%s%s",
		endpoint_list_url(arena, page->decision->link.prefix, page->decision->endpoint),
		query_url_suffix(&page->decision->query));
}

/* A noun at the beginning of a sentence. */
const char *page_capitalized(struct arena *arena, const char *noun);

/* All templates, for the test that checks them against their slots. */
extern const struct markup layout_markup, page_markup, filter_form_markup, filter_fields_markup,
	pager_markup, summary_markup, flight_markup, flight_list_markup, space_markup,
	calendar_markup, feed_markup, docs_markup;

#endif
