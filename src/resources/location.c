/* A launch or landing site: the place that pads are in. */
#include "fields.h"

static const struct field location_fields[] = {
	RESPONSE_MODE,
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(celestial_body, celestial_body_id, celestial_body, ABSENT, ABSENT, DETAILED),
	SCALAR(active, BOOLEAN, ALL_VIEWS),
	REFERENCE(country, country_id, country, ABSENT, NORMAL, NORMAL),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(image, image_id, image, ABSENT, NORMAL, NORMAL),
	SCALAR(map_image, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(longitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(latitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(timezone_name, TEXT, ALL_VIEWS),
	SCALAR(total_launch_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(total_landing_count, INTEGER, ALL_VIEWS, NULLABLE),
};

const struct resource resource_location = {
	NAMED(location),
	.path = "locations",
	VIEW(NORMAL, "LocationSerializerNoCelestialBody", "normal"),
	VIEW(DETAILED, "Location", "normal"),
	FIELDS(location_fields),
};
