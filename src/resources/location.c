/* A launch or landing site: what pads are in. */
#include "fields.h"

static const struct field location_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(celestial_body, celestial_body, AS(DETAILED)),
	SCALAR(active, BOOLEAN, ALL_VIEWS),
	REFERENCE(country, country, AS(NORMAL)),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(map_image, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(longitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(latitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(timezone_name, TEXT, ALL_VIEWS),
	SCALAR(total_launch_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(total_landing_count, INTEGER, ALL_VIEWS, NULLABLE),
	ROWS_OF(pads, pad, location, FROM(DETAILED, NO_LOCATION), .description = "The pads of the location."),
};

const struct resource resource_location = {
	NAMED(location),
	.path = "locations",
	VIEW(NORMAL, "Location", "normal"),
	VIEW(DETAILED, "LocationSerializerWithPads", "detailed"),
	OTHER_VIEW(NO_CELESTIAL_BODY, "LocationSerializerNoCelestialBody", "normal", NORMAL, WITHOUT("celestial_body")),
	FIELDS(location_fields),
};

static const struct filter filters[] = {
	FILTER(MATCH_BOOLEAN, active, "Active"),
	FILTER_AT(MATCH_TEXT, country_code, country__alpha_3_code, "Country code"),
	FILTER(MATCH_NUMBER, id, "Number"),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER_BY(MATCH_TEXT, name, CONTAINS, "Name contains"),
	NUMBER_COMPARE(total_landing_count, "Total landing count"),
	NUMBER_COMPARE(total_launch_count, "Total launch count"),
};

static const struct ordering orderings[] = {
	BY_TEXT(name, "Name"),
	BY_NUMBER(total_landing_count, "Total landing count"),
	BY_NUMBER(total_launch_count, "Total launch count"),
};

static const char *const search[] = {"country__alpha_3_code", "name"};

static const struct fact facts[] = {
	FACT_TRUTH("Active", active),
	FACT("Country", country),
	FACT("On", celestial_body),
	FACT("Pads", pads),
	FACT("Launches", total_launch_count),
	FACT("Landings", total_landing_count),
	FACT("Time zone", timezone_name),
	FACT("Latitude", latitude),
	FACT("Longitude", longitude),
};

const struct endpoint endpoint_location = {
	.resource = &resource_location,
	.path = "locations",
	.model = "Location",
	.title = "Location",
	.titles = "Locations",
	.noun = "location",
	.nouns = "locations",
	.modes = {{"normal", NORMAL}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	SEARCH(search),
	.search_hint = "Country alpha 3 code, name",
	.example = "country_code=NZL",
	FACTS(facts),
	.card = {.caption = "name", .image = "image"},
	.upkeep = {.mode = "normal", .ordering = "name"},
};
