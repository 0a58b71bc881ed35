/* A docking, and the port where it was. */
#include "fields.h"

static const struct field docking_event_fields[] = {
	ID,
	OWN_URL,
	SCALAR(docking, TIME, ALL_VIEWS, .description = "When it docked."),
	SCALAR(departure, TIME, ALL_VIEWS, NULLABLE, .description = "When it left; null before that."),
	REFERENCE(docking_location, docking_location, AS(NORMAL), .description = "The port."),
	REFERENCE(space_station_target, space_station, AS(LIST), .description = "The space station that it docked with, if it was one."),
	REFERENCE(flight_vehicle_target, spacecraft_flight, AS(LIST), .description = "The flight whose spacecraft it docked with, if it was one."),
	REFERENCE(payload_flight_target, payload_flight, AS(LIST), .description = "The payload that it docked with, if it was one."),
	RESPONSE_MODE(ALL_VIEWS),
	REFERENCE(flight_vehicle_chaser, spacecraft_flight, AS(LIST) FROM(DETAILED, NORMAL), .description = "The flight whose spacecraft docked, if it was one."),
	REFERENCE(space_station_chaser, space_station, AS(LIST) FROM(DETAILED, NORMAL), .description = "The space station that docked, if it was one."),
	REFERENCE(payload_flight_chaser, payload_flight, AS(LIST) FROM(DETAILED, NORMAL), .description = "The payload that docked, if it was one."),
};

const struct resource resource_docking_event = {
	NAMED(docking_event),
	.path = "docking_events",
	VIEW(NORMAL, "DockingEventEndpointNormal", "normal"),
	VIEW(DETAILED, "DockingEventEndpointDetailed", "detailed"),
	OTHER_VIEW(FOR_CHASER, "DockingEventForChaserNormal", NULL, DETAILED, WITH({"space_station_target", NORMAL}, {"flight_vehicle_target", NORMAL}, {"payload_flight_target", NORMAL}), WITHOUT("response_mode", "flight_vehicle_chaser", "space_station_chaser", "payload_flight_chaser")),
	OTHER_VIEW(FOR_STATION, "DockingEventDetailedSerializerForSpacestation", NULL, DETAILED, WITH({"flight_vehicle_chaser", FOR_DOCKING}), WITHOUT("docking_location", "space_station_target", "flight_vehicle_target", "payload_flight_target", "response_mode")),
	FIELDS(docking_event_fields),
};

static const struct field docking_location_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(spacestation, space_station, AS(LIST), .description = "The space station that has it, if one does."),
	REFERENCE_BY(spacecraft, spacecraft_configuration_id, spacecraft_configuration, AS(NORMAL), .description = "The type of spacecraft that has it, if one does."),
	REFERENCE(payload, payload, AS(LIST), .description = "The payload that has it, if one does."),
	ROW_OF(currently_docked, docking_event, docking_location, NEVER, DOCKED_NOW, .description = "The docking of what is there now; null where the port is free."),
};

const struct resource resource_docking_location = {
	NAMED(docking_location),
	VIEW(NORMAL, "DockingLocation", NULL),
	OTHER_VIEW(FOR_STATION, "DockingLocationSerializerForSpacestation", NULL, NORMAL, WITH({"currently_docked", FOR_STATION}), WITHOUT("spacestation", "spacecraft", "payload")),
	FIELDS(docking_location_fields),
};

static const struct filter filters[] = {
	FILTER_AT(MATCH_BOOLEAN, docked, departure, "Docked", .lookup = LOOKUP_EXISTS, .negated = true),
	FILTERS_RANGE(MATCH_MOMENT, docking, "Docking", .us_dates = true),
	FILTER(MATCH_NUMBER, docking_location__id, "Docking location number"),
	FILTER(MATCH_NUMBER, flight_vehicle_chaser__id, "Docking flight number"),
	FILTER(MATCH_NUMBER, space_station_target__id, "Target station number"),
};

static const struct ordering orderings[] = {
	BY_TIME(departure, "Departure"),
	BY_TIME(docking, "Docking"),
};

static const char *const search[] = {"docking_location__name", "flight_vehicle_chaser__spacecraft__name", "flight_vehicle_target__spacecraft__name", "payload_flight_chaser__payload__name", "payload_flight_target__payload__name", "space_station_chaser__name", "space_station_target__name"};

static const struct fact facts[] = {
	FACT("Spacecraft", flight_vehicle_chaser__spacecraft),
	FACT("Launch", flight_vehicle_chaser__launch),
	FACT("Space station that docked", space_station_chaser),
	FACT("Payload that docked", payload_flight_chaser__payload),
	FACT("With space station", space_station_target),
	FACT("With spacecraft", flight_vehicle_target__spacecraft),
	FACT("With payload", payload_flight_target__payload),
	FACT("Port", docking_location),
	FACT_MOMENT("Docking", docking),
	FACT_MOMENT("Departure", departure),
};

const struct endpoint endpoint_docking_event = {
	.resource = &resource_docking_event,
	.path = "docking_events",
	.model = "DockingEvent",
	.title = "Docking Event",
	.titles = "Docking Events",
	.noun = "docking",
	.nouns = "dockings",
	.modes = {{"normal", NORMAL}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	SEARCH(search),
	.search_hint = "Docking location, docking spacecraft, target spacecraft, docking payload, target payload, docking station, target station",
	.example = "space_station_target__id=6",
	FACTS(facts),
	.card = {.moment = "docking"},
	.upkeep = {.mode = "normal", .ordering = "docking", .rank = FILLED_WITH_FLIGHTS, .recent = RECENT_NEWEST, .by = "departure"},
};

CONFIG(docking_location, "docking_locations", "DockingLocation", "Docking Location", "Docking Locations", "docking location", "docking locations", NUMBER, FACT("Space station", spacestation), FACT("Type of spacecraft", spacecraft), FACT("Payload", payload));
