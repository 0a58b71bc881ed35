/* A spacecraft: one vehicle, flown once or often. */
#include "fields.h"

/* Whether a flight of the spacecraft is docked somewhere and has not left. */
#define DOCKED \
	"EXISTS (SELECT FROM spacecraft_flight f" \
	" JOIN spacecraft_flight_docking_events l ON l.spacecraft_flight_id = f.id" \
	" JOIN docking_event e ON e.id = l.docking_event_id" \
	" WHERE f.spacecraft_id = t.id AND e.departure IS NULL)"

static const struct field spacecraft_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(serial_number, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(is_placeholder, BOOLEAN, ALL_VIEWS, .description = "Whether it stands for a spacecraft that is not known yet."),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(in_space, BOOLEAN, ALL_VIEWS),
	SCALAR(time_in_space, LIVE_DURATION, ALL_VIEWS, NULLABLE),
	SCALAR(time_docked, LIVE_DURATION, ALL_VIEWS, NULLABLE, .grows_if = DOCKED, .description = "Time that the spacecraft has spent docked."),
	SCALAR(flights_count, INTEGER, ALL_VIEWS, NULLABLE, .description = "How many flights the spacecraft has made."),
	SCALAR(mission_ends_count, INTEGER, ALL_VIEWS, NULLABLE, .description = "How many of its missions have ended."),
	REFERENCE(status, spacecraft_status, AS(NORMAL)),
	SCALAR(description, TEXT, ALL_VIEWS),
	REFERENCE(spacecraft_config, spacecraft_configuration, AS(NORMAL) FROM(DETAILED, DETAILED), .description = "What type of spacecraft it is."),
	SCALAR(fastest_turnaround, DURATION, ALL_VIEWS, NULLABLE),
	ROWS_OF(flights, spacecraft_flight, spacecraft, FROM(FULL, NORMAL), .description = "All flights of the spacecraft."),
};

const struct resource resource_spacecraft = {
	NAMED(spacecraft),
	.path = "spacecraft",
	.as_of = true,
	VIEW(NORMAL, "SpacecraftNormal", "normal"),
	VIEW(DETAILED, "SpacecraftDetailed", "normal"),
	VIEW(FULL, "SpacecraftEndpointDetailed", "detailed"),
	FIELDS(spacecraft_fields),
};

static const struct filter filters[] = {
	FILTER(MATCH_BOOLEAN, in_space, "In space"),
	FILTER(MATCH_BOOLEAN, is_placeholder, "Placeholder"),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER(MATCH_CHOICE, spacecraft_config, "Type"),
	FILTER(MATCH_CHOICE, status, "Status"),
};

static const struct ordering orderings[] = {
	ORDERING(flights_count, "Flights", "fewest first", "most first", .descending_first = true),
	ORDERING(mission_ends_count, "Missions ended", "fewest first", "most first", .descending_first = true),
	ORDERING(time_docked, "Time docked", "shortest first", "longest first", .descending_first = true),
	ORDERING(time_in_space, "Time in space", "shortest first", "longest first", .descending_first = true),
};

static const char *const search[] = {"name", "spacecraft_config__name"};

static const struct fact facts[] = {
	FACT("Type", spacecraft_config),
	FACT("Operator", spacecraft_config__agency),
	FACT("Serial number", serial_number),
	FACT("Status", status),
	FACT_TRUTH("In space", in_space),
	FACT_DURATION("Time in space", time_in_space),
	FACT_DURATION("Time docked", time_docked),
	FACT("Flights made", flights_count),
	FACT("Missions ended", mission_ends_count),
	FACT_DURATION("Fastest turnaround", fastest_turnaround),
	FACT_OF_EACH("Flights", flights, launch),
};

const struct endpoint endpoint_spacecraft = {
	.resource = &resource_spacecraft,
	.path = "spacecraft",
	.model = "Spacecraft",
	.title = "Spacecraft",
	.titles = "Spacecraft",
	.noun = "spacecraft",
	.nouns = "spacecraft",
	.signature = {"in_space", "spacecraft_config"},
	.modes = {{"normal", NORMAL}, {"detailed", FULL}},
	.one = FULL,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Name, type",
	.example = "is_placeholder=True",
	FACTS(facts),
	.card = {.caption = "name", .note = "spacecraft_config__name", .image = "image"},
	.upkeep = {.mode = "normal", .rank = FILLED_WITH_FLIGHTS, .recent = RECENT_SUBSET, .by = "in_space", .every = 2},
};
