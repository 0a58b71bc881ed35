/* A flight's docking, and the port where it was. */
#include "fields.h"

static const struct field docking_event_fields[] = {
	ID,
	OWN_URL,
	SCALAR(docking, TIME, ALL_VIEWS),
	SCALAR(departure, TIME, ALL_VIEWS, NULLABLE),
	REFERENCE(docking_location, docking_location_id, docking_location, ABSENT, NORMAL, ABSENT),
	REFERENCE(space_station_target, space_station_target_id, space_station, ABSENT, NORMAL, ABSENT),
	REFERENCE(flight_vehicle_target, flight_vehicle_target_id, spacecraft_flight, ABSENT, NORMAL, ABSENT),
	REFERENCE(payload_flight_target, payload_flight_target_id, payload_flight, ABSENT, NORMAL, ABSENT),
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
	REFERENCE(spacestation, spacestation_id, space_station, ABSENT, LIST, ABSENT),
	REFERENCE(spacecraft, spacecraft_configuration_id, spacecraft_configuration, ABSENT, NORMAL, ABSENT),
	REFERENCE(payload, payload_id, payload, ABSENT, LIST, ABSENT),
};

const struct resource resource_docking_location = {
	NAMED(docking_location),
	VIEW(NORMAL, "DockingLocation", NULL),
	FIELDS(docking_location_fields),
};
