/* A flight's landing and where it was or will be. */
#include "fields.h"

static const struct field landing_fields[] = {
	ID,
	OWN_URL,
	SCALAR(attempt, BOOLEAN, ALL_VIEWS, .description = "Whether a landing is or was attempted."),
	SCALAR(success, BOOLEAN, ALL_VIEWS, NULLABLE, .description = "Whether the landing succeeded; null where that is not known."),
	SCALAR(description, TEXT, ALL_VIEWS),
	SCALAR(downrange_distance, DOUBLE, ALL_VIEWS, NULLABLE, .title = "Downrange distance (km)", .description = "Distance from the launch site, in kilometres."),
	REFERENCE(landing_location, landing_location_id, landing_location, ABSENT, NORMAL, ABSENT),
	REFERENCE(type, type_id, landing_type, ABSENT, NORMAL, ABSENT),
};

const struct resource resource_landing = {
	NAMED(landing),
	.path = "landings",
	VIEW(NORMAL, "Landing", NULL),
	FIELDS(landing_fields),
};

static const struct field landing_location_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(active, BOOLEAN, ALL_VIEWS),
	SCALAR(abbrev, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(location, location_id, location, ABSENT, NORMAL, ABSENT),
	SCALAR(longitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(latitude, DOUBLE, ALL_VIEWS, NULLABLE),
	REFERENCE(image, image_id, image, ABSENT, NORMAL, ABSENT),
	SCALAR(successful_landings, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(attempted_landings, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(failed_landings, INTEGER, ALL_VIEWS, NULLABLE),
	REFERENCE(celestial_body, celestial_body_id, celestial_body, ABSENT, NORMAL, ABSENT),
};

const struct resource resource_landing_location = {
	NAMED(landing_location),
	VIEW(NORMAL, "LandingLocation", NULL),
	FIELDS(landing_location_fields),
};
