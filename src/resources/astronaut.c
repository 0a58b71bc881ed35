/* Astronauts and their parts in crews. */
#include "fields.h"

static const struct field astronaut_flight_fields[] = {
	ID,
	REFERENCE(role, astronaut_role, AS(NORMAL)),
	REFERENCE(astronaut, astronaut, AS(LIST)),
};

const struct resource resource_astronaut_flight = {
	NAMED(astronaut_flight),
	VIEW(NORMAL, "AstronautFlight", NULL),
	FIELDS(astronaut_flight_fields),
};

static const struct field astronaut_role_fields[] = {
	ID,
	SCALAR(role, TEXT, ALL_VIEWS, .description = "What the crew member does."),
	SCALAR(priority, INTEGER, ALL_VIEWS),
};

const struct resource resource_astronaut_role = {
	NAMED(astronaut_role),
	VIEW(NORMAL, "AstronautRole", NULL),
	FIELDS(astronaut_role_fields),
};

static const struct field astronaut_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(status, astronaut_status, AS(NORMAL)),
	REFERENCE(agency, agency, AS(LIST)),
	REFERENCE(image, image, AS(NORMAL)),
	RESPONSE_MODE(FROM_LIST),
	REFERENCE(type, astronaut_type, FROM(LIST, NORMAL)),
	SCALAR(in_space, BOOLEAN, FROM_LIST),
	SCALAR(time_in_space, LIVE_DURATION, FROM_LIST, NULLABLE),
	SCALAR(eva_time, DURATION, FROM_LIST, .description = "Time spent on spacewalks."),
	SCALAR(age, INTEGER, FROM_LIST, NULLABLE, .description = "Age in years."),
	SCALAR(date_of_birth, DATE, FROM_LIST, NULLABLE),
	SCALAR(date_of_death, DATE, FROM_LIST, NULLABLE),
	LIST_OF(nationality, astronaut_nationality, country, FROM(LIST, NORMAL)),
	SCALAR(bio, TEXT, FROM_LIST),
	SCALAR(wiki, TEXT, FROM_LIST, NULLABLE),
	SCALAR(last_flight, TIME, FROM_LIST, NULLABLE, .description = "When the last flight began."),
	SCALAR(first_flight, TIME, FROM_LIST, NULLABLE, .description = "When the first flight began."),
	LIST_OF(social_media_links, astronaut_social_media_links, social_media_link, FROM(LIST, NORMAL)),
	SCALAR(flights_count, INTEGER, FROM_NORMAL, NULLABLE, .description = "How many flights the astronaut has made."),
	SCALAR(landings_count, INTEGER, FROM_NORMAL, NULLABLE, .description = "How often the astronaut has landed."),
	SCALAR(spacewalks_count, INTEGER, FROM_NORMAL, NULLABLE, .description = "How many spacewalks the astronaut has made."),
	ROWS_OF(flights, launch, rocket__spacecraft_stage__launch_crew__astronaut, FROM(DETAILED, NORMAL), .description = "The launches with the astronaut aboard."),
	ROWS_OF(landings, spacecraft_flight, landing_crew__astronaut, FROM(DETAILED, NORMAL), .description = "The flights that the astronaut landed with."),
	ROWS_OF(spacewalks, spacewalk, crew__astronaut, FROM(DETAILED, WITH_CREW), .description = "The spacewalks of the astronaut."),
};

const struct resource resource_astronaut = {
	NAMED(astronaut),
	.path = "astronauts",
	.as_of = true,
	VIEW(MINI, "AstronautNormal", NULL),
	VIEW(LIST, "AstronautDetailed", "list"),
	VIEW(NORMAL, "AstronautEndpointNormal", "normal"),
	VIEW(DETAILED, "AstronautEndpointDetailed", "detailed"),
	FIELDS(astronaut_fields),
};

static const struct filter filters[] = {
	NUMBER_COMPARE(age, "Age"),
	FILTER_AT(MATCH_NUMBERS, agency_ids, agency__id, "Agency numbers"),
	FILTERS_COMPARE(MATCH_DATE, date_of_birth, "Date of birth"),
	FILTERS_COMPARE(MATCH_DATE, date_of_death, "Date of death"),
	FILTERS_COMPARE(MATCH_MOMENT, first_flight, "First flight"),
	NUMBER_COMPARE(flights_count, "Flights count"),
	FILTER_AT(MATCH_BOOLEAN, has_flown, flights_count, "Has flown", .lookup = LOOKUP_POSITIVE),
	FILTER(MATCH_BOOLEAN, in_space, "In space"),
	FILTER_AT(MATCH_BOOLEAN, is_human, type__name, "Human", .lookup = LOOKUP_NAMED, .text = "Non-Human", .negated = true),
	NUMBER_COMPARE(landings_count, "Landings count"),
	FILTERS_COMPARE(MATCH_MOMENT, last_flight, "Last flight"),
	FILTER_AT(MATCH_TEXT, nationality, nationality__nationality_name, "Nationality"),
	FILTER_AT(MATCH_NUMBERS, status_ids, status__id, "Status numbers"),
	FILTER(MATCH_NUMBER, type__id, "Type number"),
};

static const struct ordering orderings[] = {
	BY_NUMBER(age, "Age"),
	BY_TIME(date_of_birth, "Date of birth"),
	BY_DURATION(eva_time, "Spacewalk time"),
	BY_NUMBER(flights_count, "Flights count"),
	BY_NUMBER(landings_count, "Landings count"),
	BY_TIME(last_flight, "Last flight"),
	BY_TEXT(name, "Name"),
	BY_NUMBER(spacewalks_count, "Spacewalks count"),
	BY_NUMBER(status, "Status"),
	BY_DURATION(time_in_space, "Time in space"),
};

static const char *const search[] = {"agency__abbrev", "agency__name", "name", "nationality__nationality_name"};

static const struct fact facts[] = {
	FACT("Status", status),
	FACT("Agency", agency),
	FACT("Type", type),
	FACT_OF_EACH("Nationality", nationality, nationality_name),
	FACT_DAY("Born", date_of_birth),
	FACT_DAY("Died", date_of_death),
	FACT("Age", age),
	FACT_TRUTH("In space", in_space),
	FACT_DURATION("Time in space", time_in_space),
	FACT_DURATION("Time on spacewalks", eva_time),
	FACT_DAY("First flight", first_flight),
	FACT_DAY("Last flight", last_flight),
	FACT("Flights made", flights_count),
	FACT("Flights", flights),
	FACT("Landed", landings_count),
	FACT_OF_EACH("Landed with", landings, spacecraft),
	FACT("Spacewalks made", spacewalks_count),
	FACT("Spacewalks", spacewalks),
	FACT_LINK("Wikipedia", wiki),
};

const struct endpoint endpoint_astronaut = {
	.resource = &resource_astronaut,
	.path = "astronauts",
	.model = "Astronaut",
	.title = "Astronaut",
	.titles = "Astronauts",
	.noun = "astronaut",
	.nouns = "astronauts",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Agency abbreviation, agency, name, nationality",
	.example = "has_flown=true",
	FACTS(facts),
	.card = {.caption = "name", .image = "image"},
	.upkeep = {.mode = "normal", .rank = FILLED_WITH_FLIGHTS, .recent = RECENT_SUBSET, .by = "in_space", .every = 2},
};

CONFIG(astronaut_role, "astronaut_roles", "AstronautRole", "Astronaut Role", "Astronaut Roles", "astronaut role", "astronaut roles", NUMBER, FACT("Role", role));
