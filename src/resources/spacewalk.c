/* A spacewalk. */
#include "fields.h"

static const struct field spacewalk_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(start, TIME, ALL_VIEWS, NULLABLE, .description = "When the spacewalk began."),
	SCALAR(end, TIME, ALL_VIEWS, NULLABLE, .description = "When it ended."),
	SCALAR(duration, DURATION, ALL_VIEWS, NULLABLE, .description = "How long it lasted."),
	SCALAR(location, TEXT, ALL_VIEWS, NULLABLE, .description = "Where it was, in words."),
	LIST_OF(crew, spacewalk_crew, astronaut_flight, FROM(NORMAL, NORMAL), .description = "Who took part."),
	REFERENCE(spacestation, space_station, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL), .description = "The space station that it was made from, if it was one."),
	REFERENCE(expedition, expedition, FROM(NORMAL, MINI) FROM(DETAILED, FOR_SPACEWALK), .description = "The expedition that it belongs to."),
	REFERENCE(spacecraft_flight, spacecraft_flight, FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED), .description = "The flight of the spacecraft that it was made from, if it was one."),
	REFERENCE(event, event, FROM(NORMAL, MINI) FROM(DETAILED, PLAIN), .description = "The event that announces it."),
	LIST_OF(program, spacewalk_program, program, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL), .description = "The programs that the spacewalk belongs to."),
};

const struct resource resource_spacewalk = {
	NAMED(spacewalk),
	.path = "spacewalks",
	VIEW(LIST, "SpacewalkList", "list"),
	VIEW(NORMAL, "SpacewalkEndpointNormal", "normal"),
	VIEW(DETAILED, "SpacewalkEndpointDetailed", "detailed"),
	OTHER_VIEW(WITH_CREW, "SpacewalkNormal", "list", LIST, WITH({"crew", NORMAL})),
	FIELDS(spacewalk_fields),
};

static const struct filter filters[] = {
	FILTER_AT(MATCH_NUMBERS, astronaut__ids, crew__astronaut__id, "Astronaut numbers"),
	FILTER_AT(MATCH_NUMBERS, day, start, "Day", .lookup = LOOKUP_DAY),
	FILTERS_COMPARE(MATCH_MOMENT, end, "End"),
	FILTER_AT(MATCH_NUMBERS, event__ids, event__id, "Event numbers"),
	FILTER(MATCH_NUMBER, id, "Number"),
	FILTER_AT(MATCH_NUMBERS, ids, id, "Numbers"),
	FILTER_AT(MATCH_UUIDS, launch__ids, spacecraft_flight__launch__id, "Launch numbers"),
	FILTER_AT(MATCH_NUMBERS, month, start, "Month", .lookup = LOOKUP_MONTH),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER_BY(MATCH_TEXT, name, CONTAINS, "Name contains"),
	FILTER_AT(MATCH_NUMBERS, owner__ids, spacestation__owners__id, "Owner numbers"),
	FILTER_AT(MATCH_NUMBERS, program__ids, program__id, "Program numbers"),
	FILTER(MATCH_TEXT, program__name, "Program name"),
	FILTER_BY(MATCH_TEXT, program__name, CONTAINS, "Program name contains"),
	FILTER_AT(MATCH_NUMBERS, spacestation__ids, spacestation__id, "Space station numbers"),
	FILTERS_RANGE(MATCH_MOMENT, start, "Start"),
	FILTER_AT(MATCH_NUMBERS, year, start, "Year", .lookup = LOOKUP_YEAR),
};

static const struct ordering orderings[] = {
	BY_DURATION(duration, "Duration"),
	BY_TIME(end, "End"),
	BY_TEXT(name, "Name"),
	BY_TIME(start, "Start"),
};

static const char *const search[] = {"crew__astronaut__name", "location", "name", "program__name"};

static const struct fact facts[] = {
	FACT_MOMENT("Start", start),
	FACT_MOMENT("End", end),
	FACT_DURATION("Duration", duration),
	FACT("Where", location),
	FACT("Space station", spacestation),
	FACT("Expedition", expedition),
	FACT("Spacecraft", spacecraft_flight__spacecraft),
	FACT_OF_EACH("Crew", crew, astronaut),
	FACT("Event", event),
	FACT("Programs", program),
};

const struct endpoint endpoint_spacewalk = {
	.resource = &resource_spacewalk,
	.path = "spacewalks",
	.model = "Spacewalk",
	.title = "Spacewalk",
	.titles = "Spacewalks",
	.noun = "spacewalk",
	.nouns = "spacewalks",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Astronaut, location, name, program",
	.example = "program__name=Apollo",
	FACTS(facts),
	.card = {.caption = "name", .moment = "start"},
	.upkeep = {.mode = "normal", .rank = FILLED_BEHIND_LAUNCHES},
};
