/* An expedition aboard a space station. */
#include "fields.h"

static const struct field expedition_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(start, TIME, ALL_VIEWS, .description = "When the expedition began."),
	SCALAR(end, TIME, ALL_VIEWS, NULLABLE, .description = "When it ended or is planned to end."),
	RESPONSE_MODE(FROM_NORMAL),
	REFERENCE(spacestation, space_station, FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED), .description = "The space station that it is aboard."),
	LIST_OF(mission_patches, expedition_mission_patches, mission_patch, FROM(NORMAL, NORMAL)),
	ROWS_OF(spacewalks, spacewalk, expedition, FROM(NORMAL, LIST), .description = "The spacewalks of the expedition."),
	LIST_OF(crew, expedition_crew, astronaut_flight, FROM(DETAILED, NORMAL), .description = "Who takes part."),
};

const struct resource resource_expedition = {
	NAMED(expedition),
	.path = "expeditions",
	VIEW(MINI, "ExpeditionMini", NULL),
	VIEW(NORMAL, "ExpeditionNormal", "normal"),
	VIEW(DETAILED, "ExpeditionDetailed", "detailed"),
	OTHER_VIEW(FOR_SPACEWALK, "ExpeditionNormalSerializerForSpacewalk", NULL, NORMAL, WITHOUT("response_mode", "spacewalks")),
	FIELDS(expedition_fields),
};

static const struct filter filters[] = {
	FILTER(MATCH_CHOICE, crew__astronaut, "Astronaut"),
	FILTER(MATCH_CHOICE, crew__astronaut__agency, "Astronaut agency"),
	FILTERS_RANGE(MATCH_MOMENT, end, "End", .us_dates = true),
	FILTER_AT(MATCH_BOOLEAN, is_active, end, "Active", .lookup = LOOKUP_PAST, .negated = true),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER_AT(MATCH_CHOICE, space_station, spacestation, "Space station"),
	FILTERS_RANGE(MATCH_MOMENT, start, "Start", .us_dates = true),
};

static const struct ordering orderings[] = {
	BY_TIME(end, "End"),
	BY_TIME(start, "Start"),
};

static const char *const search[] = {"crew__astronaut__agency__abbrev", "crew__astronaut__agency__name", "crew__astronaut__name", "crew__astronaut__nationality__nationality_name", "name"};

static const struct fact facts[] = {
	FACT("Space station", spacestation),
	FACT_MOMENT("Start", start),
	FACT_MOMENT("End", end),
	FACT_OF_EACH("Crew", crew, astronaut),
	FACT("Spacewalks", spacewalks),
};

const struct endpoint endpoint_expedition = {
	.resource = &resource_expedition,
	.path = "expeditions",
	.model = "Expedition",
	.title = "Expedition",
	.titles = "Expeditions",
	.noun = "expedition",
	.nouns = "expeditions",
	.modes = {{"normal", NORMAL}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Astronaut agency abbreviation, astronaut agency, astronaut, astronaut nationality, name",
	.example = "space_station=18",
	FACTS(facts),
	.card = {.caption = "name", .moment = "start"},
	.upkeep = {.rank = FILLED_WITH_FLIGHTS, .recent = RECENT_NEWEST, .by = "id", .every = 6},
};
