/* Astronauts and their parts in a flight's crews. */
#include "fields.h"

static const struct field astronaut_flight_fields[] = {
	ID,
	REFERENCE(role, role_id, astronaut_role, ABSENT, NORMAL, ABSENT),
	REFERENCE(astronaut, astronaut_id, astronaut, ABSENT, DETAILED, ABSENT),
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
	REFERENCE(status, status_id, astronaut_status, ABSENT, ABSENT, NORMAL),
	REFERENCE(agency, agency_id, agency, ABSENT, ABSENT, LIST),
	REFERENCE(image, image_id, image, ABSENT, ABSENT, NORMAL),
	RESPONSE_MODE,
	REFERENCE(type, type_id, astronaut_type, ABSENT, ABSENT, NORMAL),
	SCALAR(in_space, BOOLEAN, ALL_VIEWS),
	SCALAR(time_in_space, LIVE_DURATION, ALL_VIEWS, NULLABLE),
	SCALAR(eva_time, DURATION, ALL_VIEWS, .description = "Time spent on spacewalks."),
	SCALAR(age, INTEGER, ALL_VIEWS, NULLABLE, .description = "Age in years."),
	SCALAR(date_of_birth, DATE, ALL_VIEWS, NULLABLE),
	SCALAR(date_of_death, DATE, ALL_VIEWS, NULLABLE),
	LIST_OF(nationality, astronaut_nationality, country, ABSENT, ABSENT, NORMAL),
	SCALAR(bio, TEXT, ALL_VIEWS),
	SCALAR(wiki, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(last_flight, TIME, ALL_VIEWS, NULLABLE, .description = "When the last flight began."),
	SCALAR(first_flight, TIME, ALL_VIEWS, NULLABLE, .description = "When the first flight began."),
	LIST_OF(social_media_links, astronaut_social_media_links, social_media_link, ABSENT, ABSENT, NORMAL),
};

const struct resource resource_astronaut = {
	NAMED(astronaut),
	.path = "astronauts",
	.as_of = true,
	VIEW(DETAILED, "AstronautDetailed", "list"),
	FIELDS(astronaut_fields),
};
