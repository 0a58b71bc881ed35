/* A space station. */
#include "fields.h"

static const struct field space_station_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(image, image_id, image, NORMAL, NORMAL, ABSENT),
	REFERENCE(status, status_id, space_station_status, ABSENT, NORMAL, ABSENT),
	SCALAR(founded, DATE, FROM_NORMAL, .description = "Day on which the space station was founded."),
	SCALAR(deorbited, DATE, FROM_NORMAL, NULLABLE, .description = "Day on which it was deorbited; null before that."),
	SCALAR(description, TEXT, FROM_NORMAL),
	SCALAR(orbit, TEXT, FROM_NORMAL, NULLABLE, .description = "The orbit in words."),
	REFERENCE(type, type_id, space_station_type, ABSENT, NORMAL, ABSENT),
};

const struct resource resource_space_station = {
	NAMED(space_station),
	.path = "space_stations",
	VIEW(LIST, "SpaceStationMini", NULL),
	VIEW(NORMAL, "SpaceStationNormal", NULL),
	FIELDS(space_station_fields),
};
