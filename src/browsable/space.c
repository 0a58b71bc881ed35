/* Writes the page of what is in space now: stations, what is docked there and who is aboard, other craft, what comes
   next and what came home last. */
#include "base/embed.h"
#include "drawing.h"
#include "json_scan.h"
#include "page_internal.h"

struct space_slots {
	const struct page *page;
	struct text space; /* the data */
	struct text prefix, flights_path;
	/* Of the current group of flights. */
	struct text group_name, group_id, group_flights;
};

/* Of the groups those that have flights. */
static bool next_group(void *context, size_t index)
{
	static const struct {
		const char *name, *list;
	} groups[] = {
		{"On their way", "on_their_way"}, {"Docked elsewhere", "docked_elsewhere"},
		{"Flying free", "flying_free"},   {"Next", "next"},
		{"Home again", "home"},
	};
	struct space_slots *slots = context;
	size_t found = 0;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		slots->group_name = text_of(groups[i].name);
		slots->group_id = text_of(groups[i].list);
		slots->group_flights = scan_at(slots->space, groups[i].list);
		if (scan_is_array(slots->group_flights) && found++ == index)
			return true;
	}
	return false;
}

static void write_ports(struct strbuf *out, const void *context, struct text station)
{
	const struct space_slots *slots = context;

	draw_ports(out, scan_at(station, "ports"), slots->flights_path, slots->page->clock);
}

static void write_timeline(struct strbuf *out, const void *context)
{
	const struct space_slots *slots = context;

	draw_timeline(out, scan_at(slots->space, "bars"), slots->flights_path, slots->page->clock);
}

EMBED(space_html, "src/browsable/space.html");

static const struct markup_slot slot_table[] = {
	MARKUP_JSON(struct space_slots, space),
	MARKUP_TEXT(struct space_slots, prefix),
	MARKUP_TEXT(struct space_slots, flights_path),
	{"ports_drawing", .html_of = write_ports},
	{"group", .each = next_group},
	MARKUP_TEXT(struct space_slots, group_name),
	MARKUP_TEXT(struct space_slots, group_id),
	MARKUP_JSON(struct space_slots, group_flights),
	{"timeline_drawing", .html = write_timeline},
};

const struct markup space_markup = MARKUP(space_html, slot_table);

void page_write_space(const struct page *page, struct strbuf *out)
{
	struct arena arena;
	struct space_slots slots = {
		.page = page, .space = page->data, .prefix = page->decision->link.prefix};
	struct layout layout = {
		.title = "In space now – " PAGE_BRAND,
		.description = "What is docked where, who is aboard, what comes next.",
		.prefix = slots.prefix,
		.skip_to = "story",
		.main = &space_markup,
		.main_context = &slots,
		.clock = page->clock,
	};

	arena_init(&arena);
	slots.flights_path = text_of(endpoint_list_url(&arena, slots.prefix, FLIGHT_ENDPOINT));
	layout_write(&layout, out);
	arena_fini(&arena);
}
