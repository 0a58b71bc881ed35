/* A spacecraft flight: the resource that this server is for. */
#include "fields.h"

static const struct field spacecraft_flight_fields[] = {
	ID,
	OWN_URL,
	SCALAR(destination, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(mission_end, TIME, ALL_VIEWS, NULLABLE),
	REFERENCE(spacecraft, spacecraft_id, spacecraft, ABSENT, NORMAL, DETAILED),
	REFERENCE(launch, launch_id, launch, ABSENT, NORMAL, NORMAL),
	REFERENCE(landing, landing_id, landing, ABSENT, NORMAL, NORMAL),
	COMPUTED(duration, ELAPSED, NULLABLE),
	SCALAR(turn_around_time, DURATION, ALL_VIEWS, NULLABLE),
	RESPONSE_MODE,
	LIST_OF(launch_crew, spacecraft_flight_launch_crew, astronaut_flight, ABSENT, ABSENT, NORMAL),
	LIST_OF(onboard_crew, spacecraft_flight_onboard_crew, astronaut_flight, ABSENT, ABSENT, NORMAL),
	LIST_OF(landing_crew, spacecraft_flight_landing_crew, astronaut_flight, ABSENT, ABSENT, NORMAL),
	LIST_OF(docking_events, spacecraft_flight_docking_events, docking_event, ABSENT, ABSENT, NORMAL),
};

const struct resource resource_spacecraft_flight = {
	NAMED(spacecraft_flight),
	.path = "spacecraft_flights",
	VIEW(NORMAL, "SpacecraftFlightNormal", "normal"),
	VIEW(DETAILED, "SpacecraftFlightDetailed", "detailed"),
	FIELDS(spacecraft_flight_fields),
};

static const struct filter filters[] = {
	FILTER(MATCH_CHOICE, spacecraft, "Spacecraft", .indexed = true),
};

static const struct ordering orderings[] = {
	ORDERING(launch__net, "Launch", "earliest first", "latest first", .descending_first = true),
	ORDERING(mission_end, "Mission end", "earliest first", "latest first", .descending_first = true),
	ORDERING(spacecraft__name, "Spacecraft", "A to Z", "Z to A"),
	ORDERING(destination, "Destination", "A to Z", "Z to A"),
	ORDERING(landing__success, "Landing", "failures first", "successes first", .descending_first = true),
	ORDERING(spacecraft, "Spacecraft number", "lowest first", "highest first"),
};

static const char *const search[] = {
	"destination",
	"spacecraft__name",
	"spacecraft__serial_number",
	"launch__name",
	"launch__mission__name",
};

static const struct fact facts[] = {
	{"Spacecraft", "spacecraft__name", NULL, FACT_TEXT},
	{"Destination", "destination", NULL, FACT_TEXT},
	{"Launch", "launch__name", NULL, FACT_TEXT},
	{"Lift-off", "launch__net", NULL, FACT_MOMENT},
	{"Mission end", "mission_end", NULL, FACT_MOMENT},
	{"Duration", "duration", NULL, FACT_DURATION},
	{"Crew", "launch_crew", "astronaut__name", FACT_NAMES},
};

const struct endpoint endpoint_spacecraft_flight = {
	.resource = &resource_spacecraft_flight,
	.model = "SpacecraftFlight",
	.title = "Spacecraft Flight",
	.titles = "Spacecraft Flights",
	.noun = "flight",
	.nouns = "flights",
	.signature = {"spacecraft", "launch"},
	.modes = {{"normal", NORMAL}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	SEARCH(search),
	.search_hint = "Spacecraft, serial number, launch, mission, destination",
	.example = "spacecraft=289",
	FACTS(facts),
	.card = {
		.caption = "spacecraft__name",
		.note = "launch__mission__name",
		.moment = "launch__net",
		.image = "spacecraft__image",
	},
};
