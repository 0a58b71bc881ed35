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

static const struct filter filters[] = {
	FILTER(MATCH_BOOLEAN, attempt, "Attempt"),
	FILTER_AT(MATCH_UUIDS, firststage_launch__ids, firststage__launch__id, "First stage launch numbers"),
	FILTER_AT(MATCH_NUMBERS, landing_location__ids, landing_location__id, "Landing location numbers"),
	FILTER_AT(MATCH_NUMBERS, landing_type__ids, type__id, "Landing type numbers"),
	FILTER_AT(MATCH_NUMBERS, launcher__ids, firststage__launcher__id, "Launcher numbers"),
	FILTER_AT(MATCH_NUMBERS, launcher_config__ids, firststage__launcher__launcher_config__id, "Launcher type numbers"),
	FILTER_AT(MATCH_TEXTS, launcher_serial_numbers, firststage__launcher__serial_number, "Launcher serial numbers"),
	FILTER_AT(MATCH_NUMBERS, spacecraft__ids, spacecraftflight__spacecraft__id, "Spacecraft numbers"),
	FILTER_AT(MATCH_NUMBERS, spacecraft_config__ids, spacecraftflight__spacecraft__spacecraft_config__id, "Spacecraft type numbers"),
	FILTER_AT(MATCH_UUIDS, spacecraft_launch__ids, spacecraftflight__launch__id, "Spacecraft launch numbers"),
	FILTER(MATCH_BOOLEAN, success, "Success"),
};

static const struct ordering orderings[] = {
	BY_NUMBER(downrange_distance, "Downrange distance"),
};

static const char *const search[] = {"firststage__launcher__launcher_config__name", "firststage__launcher__serial_number", "firststage__launch__name", "landing_location__abbrev", "landing_location__name", "spacecraftflight__launch__name", "spacecraftflight__spacecraft__name", "spacecraftflight__spacecraft__serial_number", "spacecraftflight__spacecraft__spacecraft_config__name"};

static const struct fact facts[] = {
	FACT("Type", type),
	FACT("Location", landing_location),
	FACT_TRUTH("Attempted", attempt),
	FACT_TRUTH("Successful", success),
	FACT("Downrange (km)", downrange_distance),
	FACT("First stage", firststage__launcher),
	FACT("Spacecraft", spacecraftflight__spacecraft),
	FACT("Payload", payloadflight__payload),
	FACT("Description", description),
};

const struct endpoint endpoint_landing = {
	.resource = &resource_landing,
	.path = "landings",
	.model = "Landing",
	.title = "Landing",
	.titles = "Landings",
	.noun = "landing",
	.nouns = "landings",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Launcher type, launcher serial number, launch, landing location abbreviation, landing location, spacecraft, spacecraft serial number, spacecraft type",
	.example = "spacecraft__ids=39,37",
	FACTS(facts),
	.upkeep = {.mode = "list", .rank = FILLED_BEHIND_LAUNCHES, .recent = RECENT_NEWEST, .by = "id", .every = 3},
};

CONFIG(landing_location, "landing_locations", "LandingLocation", "Landing Location", "Landing Locations", "landing location", "landing locations", NUMBER, FACT("Abbreviation", abbrev), FACT_TRUTH("Active", active), FACT("Location", location), FACT("On", celestial_body), FACT("Landings attempted", attempted_landings), FACT("Landings successful", successful_landings), FACT("Landings failed", failed_landings), FACT("Latitude", latitude), FACT("Longitude", longitude), FACT("Description", description));
