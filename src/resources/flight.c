/* A spacecraft flight. */
#include "fields.h"

static const struct field spacecraft_flight_fields[] = {
	ID,
	OWN_URL,
	SCALAR(destination, TEXT, ALL_VIEWS, NULLABLE, .description = "Where the flight goes."),
	SCALAR(mission_end, TIME, ALL_VIEWS, NULLABLE, .description = "When the mission ended or is planned to end."),
	REFERENCE(spacecraft, spacecraft, AS(NORMAL) FROM(DETAILED, DETAILED)),
	REFERENCE(launch, launch, AS(MINI) FROM(NORMAL, NORMAL)),
	REFERENCE(landing, landing, AS(MINI)),
	COMPUTED(duration, ELAPSED, ALL_VIEWS, NULLABLE, .description = "How long the flight is."),
	SCALAR(turn_around_time, DURATION, ALL_VIEWS, NULLABLE, .description = "Time since the spacecraft's flight before this one."),
	RESPONSE_MODE(FROM_NORMAL),
	LIST_OF(launch_crew, spacecraft_flight_launch_crew, astronaut_flight, FROM(DETAILED, NORMAL), .description = "Who is aboard at launch."),
	LIST_OF(onboard_crew, spacecraft_flight_onboard_crew, astronaut_flight, FROM(DETAILED, NORMAL), .description = "Who is aboard in flight."),
	LIST_OF(landing_crew, spacecraft_flight_landing_crew, astronaut_flight, FROM(DETAILED, NORMAL), .description = "Who is aboard at landing."),
	LIST_OF(docking_events, spacecraft_flight_docking_events, docking_event, FROM(DETAILED, FOR_CHASER), .back = "flight_vehicle_chaser", .description = "Where the spacecraft docked in this flight."),
};

const struct resource resource_spacecraft_flight = {
	NAMED(spacecraft_flight),
	.path = "spacecraft_flights",
	VIEW(LIST, "SpacecraftFlightMini", NULL),
	VIEW(NORMAL, "SpacecraftFlightNormal", "normal"),
	VIEW(DETAILED, "SpacecraftFlightDetailed", "detailed"),
	OTHER_VIEW(LIST_NO_LANDING, "SpacecraftFlightMiniSerializerNoLanding", NULL, LIST, WITHOUT("landing")),
	OTHER_VIEW(NORMAL_NO_LANDING, "SpacecraftFlightNormalSerializerNoLanding", "normal", NORMAL, WITHOUT("landing")),
	OTHER_VIEW(DETAILED_NO_LANDING, "SpacecraftFlightDetailedSerializerNoLanding", "detailed", DETAILED, WITHOUT("landing")),
	OTHER_VIEW(NO_LAUNCH, "SpacecraftFlightDetailedSerializerNoLaunch", "detailed", DETAILED, WITHOUT("launch")),
	OTHER_VIEW(FOR_DOCKING, "SpacecraftFlightForDockingEvent", NULL, LIST, WITH({"spacecraft", DETAILED}, {"launch", NORMAL}), WITHOUT("destination", "mission_end", "landing", "duration", "turn_around_time")),
	FIELDS(spacecraft_flight_fields),
};

/* The original has the first; its version 2.4.0 has those of mission_end, too. */
static const struct filter filters[] = {
	FILTER(MATCH_CHOICE, spacecraft, "Spacecraft", .indexed = true),
	FILTER(MATCH_MOMENT, mission_end, "Mission end", OURS),
	FILTER_BY(MATCH_NUMBERS, mission_end, DAY, "Mission end, day", OURS),
	FILTER_BY(MATCH_MOMENT, mission_end, GT, "Mission end after", OURS),
	FILTER_BY(MATCH_MOMENT, mission_end, GTE, "Mission end from", OURS),
	FILTER_BY(MATCH_MOMENT, mission_end, LT, "Mission end before", OURS),
	FILTER_BY(MATCH_MOMENT, mission_end, LTE, "Mission end until", OURS),
	FILTER_BY(MATCH_NUMBERS, mission_end, MONTH, "Mission end, month", OURS),
	FILTER_BY(MATCH_NUMBERS, mission_end, YEAR, "Mission end, year", OURS),
	FILTER(MATCH_BOOLEAN, spacecraft__in_space, "In space", OURS),
	FILTER_BY(MATCH_MOMENT, launch__net, GT, "Launch after", OURS),
	FILTER_BY(MATCH_MOMENT, launch__net, GTE, "Launch from", OURS),
	FILTER_BY(MATCH_MOMENT, launch__net, LT, "Launch before", OURS),
	FILTER_BY(MATCH_MOMENT, launch__net, LTE, "Launch until", OURS),
};

/* Offered for a choice; lists can be ordered by any other scalar field as well. */
static const struct ordering orderings[] = {
	ORDERING(launch__net, "Launch", "earliest first", "latest first", .descending_first = true),
	ORDERING(launch__name, "Launch name", "A to Z", "Z to A"),
	ORDERING(mission_end, "Mission end", "earliest first", "latest first", .descending_first = true),
	ORDERING(duration, "Duration", "shortest first", "longest first", .descending_first = true,
                 .unindexed = true),
	ORDERING(turn_around_time, "Turn-around time", "shortest first", "longest first"),
	ORDERING(spacecraft__name, "Spacecraft", "A to Z", "Z to A"),
	ORDERING(spacecraft__serial_number, "Serial number", "A to Z", "Z to A"),
	ORDERING(destination, "Destination", "A to Z", "Z to A"),
	ORDERING(landing__success, "Landing", "failures first", "successes first", .descending_first = true),
	ORDERING(spacecraft, "Spacecraft number", "lowest first", "highest first"),
	ORDERING(spacecraft__in_space, "In space", "others first", "in space first", .descending_first = true, .unindexed = true),
};

/* Whether a flight can change by itself: it is to come, under way, or ended less than a week ago, while landing and
   recovery are still worked on. An end that has been missing for more than a month after launch means nothing once
   the spacecraft is known to be down. */
#define ACTIVE \
	"(NOT EXISTS (SELECT FROM launch l WHERE l.id = t.launch_id AND l.net <= $1::timestamptz)" \
	" OR t.mission_end > $1 - interval '7 days'" \
	" OR t.mission_end IS NULL" \
	" AND (NOT EXISTS (SELECT FROM spacecraft s WHERE s.id = t.spacecraft_id AND NOT s.in_space)" \
	"  OR EXISTS (SELECT FROM launch l WHERE l.id = t.launch_id AND l.net > $1 - interval '30 days')))"

const struct endpoint endpoint_spacecraft_flight = {
	.resource = &resource_spacecraft_flight,
	.path = "spacecraft_flights",
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
	.orders_by_id = true,
	.orders_by_all_fields = true,
	.search_table = "spacecraft_flight_search",
	.own_search = true,
	.search_hint = "Spacecraft, launch, mission, destination, agency, crew",
	.example = "spacecraft=289",
	.card = {
		.caption = "spacecraft__name",
		.note = "launch__mission__name",
		.moment = "launch__net",
		.image = "spacecraft__image",
	},
	.upkeep = {.rank = FILLED_WITH_FLIGHTS, .recent = RECENT_ACTIVE, .by = ACTIVE},
};
