/* Writes a flight's story above its JSON: course, facts, crews, pictures, and the spacecraft's other flights. */
#include <inttypes.h>

#include "base/embed.h"
#include "drawing.h"
#include "json_scan.h"
#include "page_internal.h"

struct flight_slots {
	const struct page *page;
	struct arena *arena;
	struct text flight; /* its document */
	struct text outcome, programs;
	/* Of the current crew. */
	struct text crew_heading, crew_member;
	bool pictures;
	struct picture_list *found;
	struct picture picture; /* the current one */
	/* Flights of the spacecraft, beside this one others; below which path; their list. Empty: not known. */
	struct text others, path, flights_url;
};

/* --- The flight's name. --- */

const char *flight_name(struct arena *arena, struct text flight)
{
	struct text craft = scan_string(arena, scan_at(flight, "spacecraft__name"));
	struct text mission = scan_string(arena, scan_at(flight, "launch__mission__name"));

	if (!mission.length)
		mission = scan_string(arena, scan_at(flight, "launch__name"));
	if (!craft.length || !mission.length)
		return craft.length ? craft.data : mission.data;
	return arena_printf(arena, "%s, %s", craft.data, mission.data);
}

/* --- Facts. --- */

static struct text outcome_of(struct text flight)
{
	struct text success = scan_at(flight, "landing__success");

	if (text_is(success, "true"))
		return text_of("successful.");
	return text_of(text_is(success, "false") ? "failed." : NULL);
}

static void write_course(struct strbuf *out, const void *context)
{
	const struct flight_slots *slots = context;

	draw_course(out, slots->flight, slots->page->clock);
}

/* --- Crews. --- */

/* Of the three crews those that have members: a flight without landing yet has none that landed. */
static bool next_crew(void *context, size_t index)
{
	static const struct {
		const char *heading, *list;
	} crews[] = {{"Launched aboard", "launch_crew"},
	             {"Aboard", "onboard_crew"},
	             {"Landed aboard", "landing_crew"}};
	struct flight_slots *slots = context;
	size_t found = 0;

	for (size_t i = 0; i < sizeof(crews) / sizeof(crews[0]); i++) {
		slots->crew_heading = text_of(crews[i].heading);
		slots->crew_member = scan_at(slots->flight, crews[i].list);
		if (slots->crew_member.length > 2 && found++ == index)
			return true;
	}
	return false;
}

static bool next_picture(void *context, size_t index)
{
	struct flight_slots *slots = context;

	if (index < slots->found->count)
		slots->picture = slots->found->picture[index];
	return index < slots->found->count;
}

/* --- Flights of the spacecraft. --- */

static void set_others(struct flight_slots *slots)
{
	struct text craft = scan_at(slots->flight, "spacecraft__id");
	const struct decision *decision = slots->page->decision;

	if (!slots->page->data.length || !craft.length)
		return;
	slots->others = slots->page->data;
	slots->path =
		text_of(endpoint_list_url(slots->arena, decision->link.prefix, decision->endpoint));
	slots->flights_url = text_of(arena_printf(slots->arena, "%s?spacecraft=%.*s",
	                                          slots->path.data, (int)craft.length, craft.data));
}

EMBED(flight_html, "src/browsable/flight.html");

static const struct markup_slot slot_table[] = {
	{"course", .html = write_course},
	MARKUP_JSON(struct flight_slots, flight),
	MARKUP_TEXT(struct flight_slots, outcome),
	MARKUP_TEXT(struct flight_slots, programs),
	{"crew", .each = next_crew},
	MARKUP_TEXT(struct flight_slots, crew_heading),
	MARKUP_JSON(struct flight_slots, crew_member),
	MARKUP_FLAG(struct flight_slots, pictures),
	{"picture", .each = next_picture},
	MARKUP_TEXT(struct flight_slots, picture.link),
	MARKUP_TEXT(struct flight_slots, picture.thumbnail),
	MARKUP_TEXT(struct flight_slots, picture.alt),
	MARKUP_TEXT(struct flight_slots, picture.caption),
	MARKUP_TEXT(struct flight_slots, picture.note),
	MARKUP_TEXT(struct flight_slots, flights_url),
	MARKUP_JSON(struct flight_slots, others),
	MARKUP_TEXT(struct flight_slots, path),
};

const struct markup flight_markup = MARKUP(flight_html, slot_table);

void flight_write(const struct page *page, struct strbuf *out)
{
	struct arena arena;
	struct flight_slots slots = {.page = page, .arena = &arena, .flight = page->json};

	arena_init(&arena);
	slots.outcome = outcome_of(page->json);
	slots.programs = format_names(&arena, scan_at(page->json, "launch__program"), "name");
	slots.found = pictures_of(&arena, page->json);
	slots.pictures = slots.found->count > 0;
	set_others(&slots);
	markup_write(&flight_markup, &slots, page->clock, out);
	arena_fini(&arena);
}
