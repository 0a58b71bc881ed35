/* A celestial body: where orbits, sites and landings are. */
#include "fields.h"

static const struct field celestial_body_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(type, celestial_body_type, FROM(NORMAL, NORMAL)),
	SCALAR(diameter, DOUBLE, FROM_NORMAL, NULLABLE, .title = "m", .description = "Diameter in metres."),
	SCALAR(mass, DOUBLE, FROM_NORMAL, NULLABLE, .title = "kg", .description = "Mass in kilograms."),
	SCALAR(gravity, DOUBLE, FROM_NORMAL, NULLABLE, .title = "m/s^2", .description = "Gravity in metres per second squared."),
	SCALAR(length_of_day, CLOCK_DURATION, FROM_NORMAL, NULLABLE),
	SCALAR(atmosphere, BOOLEAN, FROM_NORMAL, .description = "Whether it has an atmosphere."),
	REFERENCE(image, image, FROM(NORMAL, NORMAL)),
	SCALAR(description, TEXT, FROM_NORMAL, NULLABLE),
	SCALAR(wiki_url, TEXT, FROM_NORMAL, NULLABLE),
	SCALAR(total_attempted_launches, INTEGER, FROM_DETAILED),
	SCALAR(successful_launches, INTEGER, FROM_DETAILED),
	SCALAR(failed_launches, INTEGER, FROM_DETAILED),
	SCALAR(total_attempted_landings, INTEGER, FROM_DETAILED),
	SCALAR(successful_landings, INTEGER, FROM_DETAILED),
	SCALAR(failed_landings, INTEGER, FROM_DETAILED),
	ROWS_OF(locations, location, celestial_body, FROM(FULL, NO_CELESTIAL_BODY), .description = "The launch and landing sites on it."),
};

const struct resource resource_celestial_body = {
	NAMED(celestial_body),
	VIEW(LIST, "CelestialBodyMini", "list"),
	VIEW(NORMAL, "CelestialBodyNormal", "normal"),
	VIEW(DETAILED, "CelestialBodyDetailed", "normal"),
	VIEW(FULL, "CelestialBodyEndpointDetailed", "detailed"),
	FIELDS(celestial_body_fields),
};

static const struct ordering orderings[] = {
	BY_TEXT(name, "Name"),
};

static const char *const search[] = {"name", "type__name"};

static const struct fact facts[] = {
	FACT("Type", type),
	FACT("Diameter (m)", diameter),
	FACT("Mass (kg)", mass),
	FACT("Gravity (m/s²)", gravity),
	FACT("Length of day", length_of_day),
	FACT_TRUTH("Atmosphere", atmosphere),
	FACT("Launches attempted", total_attempted_launches),
	FACT("Launches successful", successful_launches),
	FACT("Landings attempted", total_attempted_landings),
	FACT("Landings successful", successful_landings),
	FACT("Locations", locations),
	FACT_LINK("Wikipedia", wiki_url),
};

const struct endpoint endpoint_celestial_body = {
	.resource = &resource_celestial_body,
	.path = "celestial_bodies",
	.model = "CelestialBody",
	.title = "Celestial Body",
	.titles = "Celestial Bodies",
	.noun = "celestial body",
	.nouns = "celestial bodies",
	.signature = {"atmosphere", "gravity"},
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", FULL}},
	.one = FULL,
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Name, type",
	FACTS(facts),
	.card = {.caption = "name"},
};
