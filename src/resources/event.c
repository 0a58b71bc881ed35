/* An event: what is worth to watch and is no launch. */
#include "fields.h"

static const struct field event_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	LIST_OF(info_urls, event_info_urls, info_url, AS(NORMAL), .description = "Pages about the event."),
	LIST_OF(vid_urls, event_vid_urls, vid_url, AS(NORMAL), .description = "Videos about the event."),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(date, TIME, ALL_VIEWS, .description = "When the event is or was."),
	SCALAR(slug, TEXT, FROM_LIST),
	REFERENCE(type, event_type, FROM(LIST, NORMAL)),
	SCALAR(description, TEXT, FROM_LIST),
	SCALAR(webcast_live, BOOLEAN, FROM_LIST, .description = "Whether a webcast is under way."),
	SCALAR(location, TEXT, FROM_LIST, NULLABLE, .description = "Where it is, in words."),
	REFERENCE(date_precision, net_precision, FROM(LIST, NORMAL), .description = "How precise `date` is."),
	RESPONSE_MODE(FROM_LIST),
	SCALAR(duration, DURATION, FROM_LIST, NULLABLE, .description = "How long the event lasts."),
	LIST_OF(updates, event_updates, update, FROM(NORMAL, NORMAL), .back = "event", .description = "News about the event, in the order of the original."),
	SCALAR(last_updated, TIME, FROM_NORMAL, .description = "When the record of the event was last changed."),
	LIST_OF(agencies, event_agencies, agency, FROM(DETAILED, LIST), .description = "The agencies that take part."),
	LIST_OF(launches, event_launches, launch, FROM(DETAILED, LIST), .description = "The launches that belong to it."),
	LIST_OF(expeditions, event_expeditions, expedition, FROM(DETAILED, NORMAL), .description = "The expeditions that it belongs to."),
	LIST_OF(spacestations, event_spacestations, space_station, FROM(DETAILED, NORMAL), .description = "The space stations that it is about."),
	NULLABLE_LIST_OF(program, event_program, program, FROM(DETAILED, NORMAL), .description = "The programs that the event belongs to."),
	NULLABLE_LIST_OF(astronauts, event_astronauts, astronaut, FROM(DETAILED, MINI), .description = "The astronauts who take part."),
};

const struct resource resource_event = {
	NAMED(event),
	.path = "events",
	VIEW(MINI, "EventMini", NULL),
	VIEW(LIST, "EventEndpointList", "list"),
	VIEW(NORMAL, "EventEndpointNormal", "normal"),
	VIEW(DETAILED, "EventEndpointDetailed", "detailed"),
	OTHER_VIEW(PLAIN, "EventNormal", NULL, LIST, WITHOUT("response_mode", "duration")),
	FIELDS(event_fields),
};

/* The last is of the upcoming ones alone. */
static const struct filter filters[] = {
	FILTER_AT(MATCH_NUMBERS, agency__ids, agencies__id, "Agency numbers"),
	FILTERS_RANGE(MATCH_MOMENT, date, "Date", .us_dates = true),
	FILTER_AT(MATCH_NUMBERS, day, date, "Day", .lookup = LOOKUP_DAY),
	FILTER_AT(MATCH_NUMBERS, expedition__ids, expeditions__id, "Expedition numbers"),
	FILTER(MATCH_NUMBERS, id, "Number"),
	FILTER_BY(MATCH_MOMENT, last_updated, GTE, "Last updated from", .us_dates = true),
	FILTER_BY(MATCH_MOMENT, last_updated, LTE, "Last updated until", .us_dates = true),
	FILTER_AT(MATCH_UUIDS, launch__ids, launches__id, "Launch numbers"),
	FILTER_AT(MATCH_NUMBERS, month, date, "Month", .lookup = LOOKUP_MONTH),
	FILTER(MATCH_CHOICES, program, "Program"),
	FILTER_AT(MATCH_NUMBERS, program__ids, program__id, "Program numbers"),
	FILTER(MATCH_TEXT, slug, "Slug"),
	FILTER_AT(MATCH_NUMBERS, spacestation__ids, spacestations__id, "Space station numbers"),
	FILTER(MATCH_CHOICE, type, "Type"),
	FILTER_AT(MATCH_NUMBERS, type__ids, type__id, "Type numbers"),
	FILTER_AT(MATCH_TEXTS, video_url, vid_urls__url, "Video address"),
	FILTER_AT(MATCH_NUMBERS, year, date, "Year", .lookup = LOOKUP_YEAR),
	FILTER_AT(MATCH_BOOLEAN, hide_recent_previous, date, "Hide recent previous", .lookup = LOOKUP_PAST, .negated = true, .filters = FILTERS_TRUE),
};

static const struct ordering orderings[] = {
	BY_TIME(date, "Date"),
	BY_TIME(last_updated, "Last updated"),
};

static const char *const search[] = {"name"};

static const struct fact facts[] = {
	FACT_MOMENT("Date", date),
	FACT("Precise to", date_precision),
	FACT("Type", type),
	FACT_DURATION("Duration", duration),
	FACT("Where", location),
	FACT_TRUTH("Webcast live", webcast_live),
	FACT("Agencies", agencies),
	FACT("Launches", launches),
	FACT("Expeditions", expeditions),
	FACT("Space stations", spacestations),
	FACT("Astronauts", astronauts),
	FACT("Programs", program),
	FACT("Pages", info_urls),
	FACT("Videos", vid_urls),
};

const struct endpoint endpoint_event = {
	.resource = &resource_event,
	.path = "events",
	.order = "date",
	.model = "Events",
	.title = "Event",
	.titles = "Events",
	.noun = "event",
	.nouns = "events",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	.filters = filters,
	.filter_count = COUNT(filters) - 1,
	ORDERINGS(orderings),
	SEARCH(search),
	.search_hint = "Name",
	.example = "type__ids=2,8",
	FACTS(facts),
	.card = {.caption = "name", .moment = "date", .image = "image"},
	.upkeep = {.ordering = "date", .rank = FILLED_BEHIND_LAUNCHES, .recent = RECENT_SINCE, .by = "last_updated", .every = 2},
};

const struct endpoint endpoint_event_upcoming = {
	.resource = &resource_event,
	.path = "events/upcoming",
	.whole = &endpoint_event,
	.order = "date",
	.window = WINDOW_FROM,
	.window_shift = -24 * 3600 * INT64_C(1000000), /* a day more */
	.model = "Events",
	.title = "Upcoming Event",
	.titles = "Upcoming Events",
	.noun = "upcoming event",
	.nouns = "upcoming events",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	SEARCH(search),
	.search_hint = "Name",
	.example = "type__ids=2,8",
	FACTS(facts),
	.card = {.caption = "name", .moment = "date", .image = "image"},
};

const struct endpoint endpoint_event_previous = {
	.resource = &resource_event,
	.path = "events/previous",
	.whole = &endpoint_event,
	.order = "date",
	.latest_first = true,
	.window = WINDOW_UNTIL,
	.model = "Events",
	.title = "Previous Event",
	.titles = "Previous Events",
	.noun = "past event",
	.nouns = "past events",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	.filters = filters,
	.filter_count = COUNT(filters) - 1,
	ORDERINGS(orderings),
	SEARCH(search),
	.search_hint = "Name",
	.example = "type__ids=2,8",
	FACTS(facts),
	.card = {.caption = "name", .moment = "date", .image = "image"},
};
