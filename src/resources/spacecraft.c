/* A spacecraft: one vehicle, flown once or often. */
#include "fields.h"

/* Whether a flight of the spacecraft is docked somewhere and has not left. */
#define DOCKED \
	"EXISTS (SELECT FROM spacecraft_flight f" \
	" JOIN spacecraft_flight_docking_events l ON l.spacecraft_flight_id = f.id" \
	" JOIN docking_event e ON e.id = l.docking_event_id" \
	" WHERE f.spacecraft_id = t.id AND e.departure IS NULL)"

static const struct field spacecraft_fields[] = {
	RESPONSE_MODE,
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(serial_number, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(is_placeholder, BOOLEAN, ALL_VIEWS),
	REFERENCE(image, image_id, image, ABSENT, NORMAL, NORMAL),
	SCALAR(in_space, BOOLEAN, ALL_VIEWS),
	SCALAR(time_in_space, LIVE_DURATION, ALL_VIEWS, NULLABLE),
	SCALAR(time_docked, LIVE_DURATION, ALL_VIEWS, NULLABLE, .grows_if = DOCKED),
	SCALAR(flights_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(mission_ends_count, INTEGER, ALL_VIEWS, NULLABLE),
	REFERENCE(status, status_id, spacecraft_status, ABSENT, NORMAL, NORMAL),
	SCALAR(description, TEXT, ALL_VIEWS),
	REFERENCE(spacecraft_config, spacecraft_config_id, spacecraft_configuration, ABSENT, NORMAL, DETAILED),
	SCALAR(fastest_turnaround, DURATION, ALL_VIEWS, NULLABLE),
};

const struct resource resource_spacecraft = {
	NAMED(spacecraft),
	.path = "spacecraft",
	.as_of = true,
	VIEW(NORMAL, "SpacecraftNormal", "normal"),
	VIEW(DETAILED, "SpacecraftDetailed", "normal"),
	FIELDS(spacecraft_fields),
};
