/* A launch pad. */
#include "fields.h"

static const struct field pad_fields[] = {
	ID,
	OWN_URL,
	SCALAR(active, BOOLEAN, ALL_VIEWS),
	LIST_OF(agencies, pad_agencies, agency, ABSENT, NORMAL, ABSENT),
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(image, image_id, image, ABSENT, NORMAL, ABSENT),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(info_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(wiki_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(map_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(latitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(longitude, DOUBLE, ALL_VIEWS, NULLABLE),
	REFERENCE(country, country_id, country, ABSENT, NORMAL, ABSENT),
	SCALAR(map_image, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(total_launch_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(orbital_launch_attempt_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(fastest_turnaround, DURATION, ALL_VIEWS, NULLABLE),
	REFERENCE(location, location_id, location, ABSENT, DETAILED, ABSENT),
};

const struct resource resource_pad = {
	NAMED(pad),
	.path = "pads",
	VIEW(NORMAL, "Pad", NULL),
	FIELDS(pad_fields),
};
