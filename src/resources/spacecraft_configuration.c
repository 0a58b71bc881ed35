/* The type that a spacecraft is of, and the families that types belong to. */
#include "fields.h"

static const struct field spacecraft_configuration_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(type, spacecraft_configuration_type, AS(NORMAL), .description = "What kind of spacecraft it is."),
	REFERENCE(agency, agency, AS(LIST) FROM(DETAILED, NORMAL)),
	NULLABLE_LIST_OF(family, spacecraft_configuration_families, spacecraft_configuration_family, AS(NORMAL) FROM(DETAILED, DETAILED), .description = "The families that it belongs to."),
	SCALAR(in_use, BOOLEAN, ALL_VIEWS),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(capability, TEXT, FROM_DETAILED),
	SCALAR(history, TEXT, FROM_DETAILED),
	SCALAR(details, TEXT, FROM_DETAILED),
	SCALAR(maiden_flight, DATE, FROM_DETAILED, NULLABLE, .description = "Day of the first flight."),
	SCALAR(height, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Length (m)", .description = "Length in metres."),
	SCALAR(diameter, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Diameter (m)", .description = "Diameter in metres."),
	SCALAR(human_rated, BOOLEAN, FROM_DETAILED, .description = "Whether it is rated to carry people."),
	SCALAR(crew_capacity, INTEGER, FROM_DETAILED, NULLABLE, .description = "How many people it carries."),
	SCALAR(payload_capacity, INTEGER, FROM_DETAILED, NULLABLE, .title = "Payload Capacity (kg)", .description = "Payload that it carries up, in kilograms."),
	SCALAR(payload_return_capacity, INTEGER, FROM_DETAILED, NULLABLE, .title = "Payload Return Capacity (kg)", .description = "Payload that it brings back, in kilograms."),
	SCALAR(flight_life, TEXT, FROM_DETAILED, NULLABLE, .description = "How often or how long one can fly."),
	SCALAR(wiki_link, TEXT, FROM_DETAILED),
	SCALAR(info_link, TEXT, FROM_DETAILED),
	SCALAR(spacecraft_flown, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(total_launch_count, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(attempted_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(fastest_turnaround, DURATION, FROM_DETAILED, NULLABLE),
};

const struct resource resource_spacecraft_configuration = {
	NAMED(spacecraft_configuration),
	.path = "spacecraft_configurations",
	VIEW(NORMAL, "SpacecraftConfigNormal", "normal"),
	VIEW(DETAILED, "SpacecraftConfigDetailed", "detailed"),
	FIELDS(spacecraft_configuration_fields),
};

static const struct field spacecraft_configuration_family_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, FROM_NORMAL),
	REFERENCE(manufacturer, agency, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL)),
	REFERENCE(parent, spacecraft_configuration_family, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL)),
	SCALAR(maiden_flight, DATE, FROM_NORMAL, NULLABLE, .title = "Maiden Flight Date", .description = "Day of the first flight."),
	SCALAR(spacecraft_flown, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(total_launch_count, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(attempted_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_landings, INTEGER, FROM_DETAILED, NULLABLE),
	ROWS_OF(spacecraft, spacecraft_configuration, family, FROM(FULL, NORMAL), .description = "The types of spacecraft of the family."),
};

const struct resource resource_spacecraft_configuration_family = {
	NAMED(spacecraft_configuration_family),
	VIEW(LIST, "SpacecraftConfigFamilyMini", "list"),
	VIEW(NORMAL, "SpacecraftConfigFamilyNormal", "normal"),
	VIEW(DETAILED, "SpacecraftConfigFamilyDetailed", "normal"),
	VIEW(FULL, "SpacecraftConfigFamilyEndpointDetailed", "detailed"),
	FIELDS(spacecraft_configuration_family_fields),
};

static const struct filter configuration_family_filters[] = {
	FILTER(MATCH_CHOICE, manufacturer, "Manufacturer"),
	FILTER(MATCH_TEXT, name, "Name"),
};

static const struct ordering configuration_family_orderings[] = {
	BY_TEXT(name, "Name"),
};

static const char *const configuration_family_search[] = {"manufacturer__abbrev", "manufacturer__name", "name"};

static const struct fact family_facts[] = {
	FACT("Manufacturer", manufacturer),
	FACT("Part of", parent),
	FACT_DAY("First flight", maiden_flight),
	FACT("Spacecraft flown", spacecraft_flown),
	FACT("Launches", total_launch_count),
	FACT("Successful", successful_launches),
	FACT("Failed", failed_launches),
	FACT("Landings attempted", attempted_landings),
	FACT("Landings successful", successful_landings),
	FACT("Types", spacecraft),
};

const struct endpoint endpoint_spacecraft_configuration_family = {
	.resource = &resource_spacecraft_configuration_family,
	.path = "spacecraft_configuration_families",
	.model = "SpacecraftConfigFamily",
	.title = "Spacecraft Config Family",
	.titles = "Spacecraft Configuration Families",
	.noun = "spacecraft family",
	.nouns = "spacecraft families",
	.signature = {"spacecraft_flown", "parent"},
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", FULL}},
	.one = FULL,
	FILTERS(configuration_family_filters),
	ORDERINGS(configuration_family_orderings),
	SEARCH(configuration_family_search),
	.search_hint = "Manufacturer abbreviation, manufacturer, name",
	.example = "manufacturer=121",
	FACTS(family_facts),
	.card = {.caption = "name"},
	.upkeep = {.ordering = "name"},
};

static const struct filter configuration_filters[] = {
	FILTER(MATCH_CHOICE, agency, "Agency"),
	FILTER(MATCH_BOOLEAN, human_rated, "Human rated"),
	FILTER(MATCH_BOOLEAN, in_use, "In use"),
	FILTER(MATCH_TEXT, name, "Name"),
};

static const struct ordering configuration_orderings[] = {
	BY_TEXT(name, "Name"),
};

static const char *const configuration_search[] = {"agency__abbrev", "agency__name", "name"};

static const struct fact facts[] = {
	FACT("Type", type),
	FACT("Agency", agency),
	FACT("Families", family),
	FACT_TRUTH("In use", in_use),
	FACT("Capability", capability),
	FACT_TRUTH("Carries people", human_rated),
	FACT("Crew capacity", crew_capacity),
	FACT_DAY("First flight", maiden_flight),
	FACT("Spacecraft flown", spacecraft_flown),
	FACT("Launches", total_launch_count),
	FACT("Successful", successful_launches),
	FACT("Failed", failed_launches),
	FACT("Landings attempted", attempted_landings),
	FACT("Landings successful", successful_landings),
	FACT("Length (m)", height),
	FACT("Diameter (m)", diameter),
	FACT("Payload (kg)", payload_capacity),
	FACT("Payload returned (kg)", payload_return_capacity),
	FACT("Flight life", flight_life),
	FACT_DURATION("Fastest turnaround", fastest_turnaround),
	FACT_LINK("Page", info_link),
	FACT_LINK("Wikipedia", wiki_link),
};

const struct endpoint endpoint_spacecraft_configuration = {
	.resource = &resource_spacecraft_configuration,
	.path = "spacecraft_configurations",
	.model = "SpacecraftConfiguration",
	.title = "Spacecraft Configuration",
	.titles = "Spacecraft Configurations",
	.noun = "spacecraft type",
	.nouns = "spacecraft types",
	.modes = {{"normal", NORMAL}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(configuration_filters),
	ORDERINGS(configuration_orderings),
	SEARCH(configuration_search),
	.search_hint = "Agency abbreviation, agency, name",
	.example = "human_rated=True",
	FACTS(facts),
	.card = {.caption = "name", .image = "image"},
	.upkeep = {.ordering = "name"},
};
