/* The launch that a flight began with. */
#include "fields.h"

static const struct field launch_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	RESPONSE_MODE,
	SCALAR(slug, TEXT, ALL_VIEWS),
	SCALAR(launch_designator, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(status, status_id, launch_status, ABSENT, NORMAL, ABSENT),
	SCALAR(last_updated, TIME, ALL_VIEWS),
	SCALAR(net, TIME, ALL_VIEWS),
	REFERENCE(net_precision, net_precision_id, net_precision, ABSENT, NORMAL, ABSENT),
	SCALAR(window_end, TIME, ALL_VIEWS),
	SCALAR(window_start, TIME, ALL_VIEWS),
	REFERENCE(image, image_id, image, ABSENT, NORMAL, ABSENT),
	SCALAR(infographic, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(probability, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(weather_concerns, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(failreason, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(hashtag, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(launch_service_provider, launch_service_provider_id, agency, ABSENT, LIST, ABSENT),
	REFERENCE(rocket, rocket_id, rocket, ABSENT, NORMAL, ABSENT),
	REFERENCE(mission, mission_id, mission, ABSENT, NORMAL, ABSENT),
	REFERENCE(pad, pad_id, pad, ABSENT, NORMAL, ABSENT),
	SCALAR(webcast_live, BOOLEAN, ALL_VIEWS),
	NULLABLE_LIST_OF(program, launch_program, program, ABSENT, NORMAL, ABSENT),
	SCALAR(orbital_launch_attempt_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(location_launch_attempt_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(pad_launch_attempt_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(agency_launch_attempt_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(orbital_launch_attempt_count_year, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(location_launch_attempt_count_year, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(pad_launch_attempt_count_year, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(agency_launch_attempt_count_year, INTEGER, ALL_VIEWS, NULLABLE),
};

const struct resource resource_launch = {
	NAMED(launch),
	.path = "launches",
	.uuid = true,
	.views = {
		[NORMAL - 1] = {"LaunchNormal", "normal"},
	},
	FIELDS(launch_fields),
};
