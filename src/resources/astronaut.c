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
