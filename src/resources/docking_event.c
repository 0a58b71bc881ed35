/* A flight's docking, and the port where it was. */
#include "fields.h"

static const struct field docking_event_fields[] = {
	ID,
	OWN_URL,
	SCALAR(docking, TIME, ALL_VIEWS, .description = "When it docked."),
	SCALAR(departure, TIME, ALL_VIEWS, NULLABLE, .description = "When it left; null before that."),
	REFERENCE(docking_location, docking_location_id, docking_location, ABSENT, NORMAL, ABSENT, .description = "The port."),
	REFERENCE(space_station_target, space_station_target_id, space_station, ABSENT, NORMAL, ABSENT, .description = "The space station that it docked with, if it was one."),
	REFERENCE(flight_vehicle_target, flight_vehicle_target_id, spacecraft_flight, ABSENT, NORMAL, ABSENT, .description = "The flight whose spacecraft it docked with, if it was one."),
	REFERENCE(payload_flight_target, payload_flight_target_id, payload_flight, ABSENT, NORMAL, ABSENT, .description = "The payload that it docked with, if it was one."),
};

const struct resource resource_docking_event = {
	NAMED(docking_event),
	.path = "docking_events",
	VIEW(NORMAL, "DockingEventForChaserNormal", NULL),
	FIELDS(docking_event_fields),
};

static const struct field docking_location_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(spacestation, spacestation_id, space_station, ABSENT, LIST, ABSENT, .description = "The space station that has it, if one does."),
	REFERENCE(spacecraft, spacecraft_configuration_id, spacecraft_configuration, ABSENT, NORMAL, ABSENT, .description = "The type of spacecraft that has it, if one does."),
	REFERENCE(payload, payload_id, payload, ABSENT, LIST, ABSENT, .description = "The payload that has it, if one does."),
};

const struct resource resource_docking_location = {
	NAMED(docking_location),
	VIEW(NORMAL, "DockingLocation", NULL),
	FIELDS(docking_location_fields),
};
