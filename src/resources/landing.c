/* A landing and where it was or will be. */
#include "fields.h"

static const struct field landing_fields[] = {
	ID,
	OWN_URL,
	SCALAR(attempt, BOOLEAN, ALL_VIEWS, .description = "Whether a landing is or was attempted."),
	SCALAR(success, BOOLEAN, ALL_VIEWS, NULLABLE, .description = "Whether the landing succeeded; null where that is not known."),
	SCALAR(description, TEXT, ALL_VIEWS),
	SCALAR(downrange_distance, DOUBLE, ALL_VIEWS, NULLABLE, .title = "Downrange distance (km)", .description = "Distance from the launch site, in kilometres."),
	REFERENCE(landing_location, landing_location, AS(NORMAL)),
	REFERENCE(type, landing_type, AS(NORMAL)),
	RESPONSE_MODE(FROM_LIST),
	ROW_OF(firststage, first_stage, landing, FROM(LIST, LIST) FROM(NORMAL, NORMAL_NO_LANDING) FROM(DETAILED, DETAILED_NO_LANDING), .description = "The stage that lands, if it is one."),
	ROW_OF(spacecraftflight, spacecraft_flight, landing, FROM(LIST, LIST_NO_LANDING) FROM(NORMAL, NORMAL_NO_LANDING) FROM(DETAILED, DETAILED_NO_LANDING), .description = "The flight of the spacecraft that lands, if it is one."),
	ROW_OF(payloadflight, payload_flight, landing, FROM(LIST, LIST_NO_LANDING) FROM(NORMAL, NORMAL_NO_LANDING) FROM(DETAILED, DETAILED_NO_LANDING), .description = "The flight of the payload that lands, if it is one."),
};

const struct resource resource_landing = {
	NAMED(landing),
	.path = "landings",
	VIEW(MINI, "Landing", NULL),
	VIEW(LIST, "LandingEndpointList", "list"),
	VIEW(NORMAL, "LandingEndpointNormal", "normal"),
	VIEW(DETAILED, "LandingEndpointDetailed", "detailed"),
	FIELDS(landing_fields),
};

static const struct field landing_location_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(active, BOOLEAN, ALL_VIEWS),
	SCALAR(abbrev, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(location, location, AS(NO_CELESTIAL_BODY)),
	SCALAR(longitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(latitude, DOUBLE, ALL_VIEWS, NULLABLE),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(successful_landings, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(attempted_landings, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(failed_landings, INTEGER, ALL_VIEWS, NULLABLE),
	REFERENCE(celestial_body, celestial_body, AS(NORMAL)),
};

const struct resource resource_landing_location = {
	NAMED(landing_location),
	VIEW(NORMAL, "LandingLocation", NULL),
	FIELDS(landing_location_fields),
};
