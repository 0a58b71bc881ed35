/* Writes the table of flights above a list's JSON. */
#include "base/embed.h"
#include "json_scan.h"
#include "page_internal.h"

struct flight_list_slots {
	const struct page *page;
	struct arena *arena;
	struct text flights; /* their documents */
	struct text from;    /* behind a flight's url, so that its page leads back to this one */
	/* Of the current column. */
	struct text column_name, column_url, sorted;
};

/* What the heads of columns sort by. */
static const struct {
	const char *name, *term;
	bool descending_first;
} columns[] = {
	{"Spacecraft", "spacecraft__name", false}, {"Mission", "launch__name", false},
	{"Launch", "launch__net", true},           {"Duration", "duration", true},
	{"Destination", "destination", false},
};

/* The order by that column that the list has not got now; the page begins anew with it. */
static bool next_column(void *context, size_t index)
{
	struct flight_list_slots *slots = context;
	const struct link *link = &slots->page->decision->link;
	struct text ordering = slots->page->decision->query.given[QUERY_ORDERING];
	struct strbuf url = STRBUF_INIT;
	bool rising, falling;
	const char *down;

	if (index >= sizeof(columns) / sizeof(columns[0]))
		return false;
	down = arena_printf(slots->arena, "-%s", columns[index].term);
	rising = text_is(ordering, columns[index].term);
	falling = text_is(ordering, down);
	link_write(&url, link,
	           (const struct link_change[]){
			   {"ordering", (columns[index].descending_first ? !falling : rising)
	                                        ? down
	                                        : columns[index].term},
			   {"offset", NULL}},
	           2);
	slots->column_name = text_of(columns[index].name);
	slots->column_url = page_text(slots->arena, &url);
	slots->sorted = text_of(rising ? "ascending" : falling ? "descending" : NULL);
	return true;
}

/* Behind the urls of rows: the list's query as a parameter, unless it has none. */
static struct text reference_to(struct arena *arena, const struct decision *decision)
{
	bool first = query_url_suffix(&decision->query)[0] == '\0';
	struct strbuf out = STRBUF_INIT;

	if (decision->link.query.length == 0)
		return (struct text){NULL, 0};
	strbuf_char(&out, first ? '?' : '&');
	link_write_query_as(&out, PAGE_LIST_PARAMETER, &decision->link);
	return page_text(arena, &out);
}

EMBED(flight_list_html, "src/browsable/flight_list.html");

static const struct markup_slot slot_table[] = {
	{"column", .each = next_column},
	MARKUP_TEXT(struct flight_list_slots, column_name),
	MARKUP_TEXT(struct flight_list_slots, column_url),
	MARKUP_TEXT(struct flight_list_slots, sorted),
	MARKUP_JSON(struct flight_list_slots, flights),
	MARKUP_TEXT(struct flight_list_slots, from),
};

const struct markup flight_list_markup = MARKUP(flight_list_html, slot_table);

void flight_list_write(const struct page *page, struct strbuf *out)
{
	struct arena arena;
	struct flight_list_slots slots = {
		.page = page, .arena = &arena, .flights = scan_at(page->json, "results")};

	arena_init(&arena);
	slots.from = reference_to(&arena, page->decision);
	markup_write(&flight_list_markup, &slots, page->clock, out);
	arena_fini(&arena);
}
