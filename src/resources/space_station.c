/* A space station. */
#include "fields.h"

static const struct field space_station_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(image, image, AS(NORMAL)),
	REFERENCE(status, space_station_status, FROM(NORMAL, NORMAL)),
	SCALAR(founded, DATE, FROM_NORMAL, .description = "Day on which the space station was founded."),
	SCALAR(deorbited, DATE, FROM_NORMAL, NULLABLE, .description = "Day on which it was deorbited; null before that."),
	SCALAR(description, TEXT, FROM_NORMAL),
	SCALAR(orbit, TEXT, FROM_NORMAL, NULLABLE, .description = "The orbit in words."),
	REFERENCE(type, space_station_type, FROM(NORMAL, NORMAL)),
	NULLABLE_LIST_OF(owners, space_station_owners, agency, FROM(DETAILED, NORMAL), .description = "The agencies that own it."),
	RESPONSE_MODE(FROM_FULL),
	ROWS_OF(active_expeditions, expedition, spacestation, FROM(FULL, MINI), UNDER_WAY, .description = "The expeditions that are under way."),
	SCALAR(height, DOUBLE, FROM_FULL, NULLABLE, .title = "Height (m)", .description = "Height in metres."),
	SCALAR(width, DOUBLE, FROM_FULL, NULLABLE, .title = "Width (m)", .description = "Width in metres."),
	SCALAR(mass, DOUBLE, FROM_FULL, NULLABLE, .title = "Mass (T)", .description = "Mass in tonnes."),
	SCALAR(volume, INTEGER, FROM_FULL, NULLABLE, .title = "Volume (m^3)", .description = "Volume in cubic metres."),
	SCALAR(onboard_crew, INTEGER, FROM_FULL, NULLABLE, .description = "How many people are aboard."),
	SCALAR(docked_vehicles, INTEGER, FROM_FULL, NULLABLE, .description = "How many vehicles are docked."),
	ROWS_OF(docking_location, docking_location, spacestation, FROM(FULL, FOR_STATION), .description = "Its ports."),
	ROWS_OF(active_docking_events, docking_event, space_station_target, FROM(FULL, FOR_CHASER), DOCKED_NOW, .description = "The dockings of the vehicles that are there now."),
	/* For paths alone. */
	NAMED_IN(orbit_by_name, orbit, orbit),
};

const struct resource resource_space_station = {
	NAMED(space_station),
	.path = "space_stations",
	VIEW(LIST, "SpaceStationMini", NULL),
	VIEW(NORMAL, "SpaceStationNormal", NULL),
	VIEW(DETAILED, "SpaceStationDetailed", NULL),
	VIEW(FULL, "SpaceStationDetailedEndpoint", "detailed"),
	OTHER_VIEW(WITH_EXPEDITIONS, "SpaceStationEndpoint", "normal", DETAILED, WITH({"response_mode", NORMAL}, {"active_expeditions", MINI})),
	FIELDS(space_station_fields),
};

static const struct filter filters[] = {
	NUMBER_COMPARE(docked_vehicles, "Docked vehicles"),
	FILTER(MATCH_NUMBER, id, "Number"),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER_BY(MATCH_TEXT, name, CONTAINS, "Name contains"),
	NUMBER_COMPARE(onboard_crew, "Onboard crew"),
	FILTER_AT(MATCH_CHOICE, orbit, orbit_by_name, "Orbit"),
	FILTER_AT(MATCH_NUMBERS, owner__ids, owners__id, "Owner numbers"),
	FILTER(MATCH_CHOICES, owners, "Owners"),
	FILTER(MATCH_CHOICE, status, "Status"),
	FILTER_AT(MATCH_NUMBERS, status__ids, status__id, "Status numbers"),
	FILTER(MATCH_CHOICE, type, "Type"),
};

static const struct ordering orderings[] = {
	BY_NUMBER(docked_vehicles, "Docked vehicles"),
	BY_TIME(founded, "Founded"),
	BY_TEXT(name, "Name"),
	BY_NUMBER(onboard_crew, "Onboard crew"),
	BY_NUMBER(status, "Status"),
	BY_NUMBER(type, "Type"),
	BY_NUMBER(volume, "Volume"),
};

static const char *const search[] = {"name", "owners__abbrev", "owners__name"};

static const struct fact facts[] = {
	FACT("Status", status),
	FACT("Type", type),
	FACT("Orbit", orbit),
	FACT_DAY("Founded", founded),
	FACT_DAY("Deorbited", deorbited),
	FACT("Owners", owners),
	FACT("People aboard", onboard_crew),
	FACT("Expeditions", active_expeditions),
	FACT("Vehicles docked", docked_vehicles),
	FACT_OF_EACH("Ports", docking_location, name),
	FACT("Mass (t)", mass),
	FACT("Volume (m³)", volume),
	FACT("Height (m)", height),
	FACT("Width (m)", width),
};

const struct endpoint endpoint_space_station = {
	.resource = &resource_space_station,
	.path = "space_stations",
	.model = "SpaceStation",
	.title = "Space Station",
	.titles = "Space Stations",
	.noun = "space station",
	.nouns = "space stations",
	.modes = {{"normal", WITH_EXPEDITIONS}, {"detailed", FULL}},
	.one = FULL,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Name, owners abbreviation, owners",
	.example = "onboard_crew__gte=1",
	FACTS(facts),
	.card = {.caption = "name", .image = "image"},
	.upkeep = {.recent = RECENT_WHOLE, .every = 6},
};
