/* A launch pad. */
#include "fields.h"

static const struct field pad_fields[] = {
	ID,
	OWN_URL,
	SCALAR(active, BOOLEAN, ALL_VIEWS),
	LIST_OF(agencies, pad_agencies, agency, AS(NORMAL)),
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(info_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(wiki_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(map_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(latitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(longitude, DOUBLE, ALL_VIEWS, NULLABLE),
	REFERENCE(country, country, AS(NORMAL)),
	SCALAR(map_image, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(total_launch_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(orbital_launch_attempt_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(fastest_turnaround, DURATION, ALL_VIEWS, NULLABLE),
	REFERENCE(location, location, AS(NORMAL)),
};

const struct resource resource_pad = {
	NAMED(pad),
	.path = "pads",
	VIEW(NORMAL, "Pad", NULL),
	OTHER_VIEW(NO_LOCATION, "PadSerializerNoLocation", NULL, NORMAL, WITH({"agencies", LIST}), WITHOUT("location")),
	FIELDS(pad_fields),
};
