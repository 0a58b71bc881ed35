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
