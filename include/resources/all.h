/* The list of all resources and endpoints; each is defined in a file of this room. */
#ifndef RESOURCES_ALL_H
#define RESOURCES_ALL_H

#include "resources/endpoint.h"
#include "resources/resource.h"

#define RESOURCES(X) \
	X(spacecraft_flight) \
	X(spacecraft) \
	X(spacecraft_status) \
	X(spacecraft_configuration) \
	X(spacecraft_configuration_type) \
	X(spacecraft_configuration_family) \
	X(launch) \
	X(launch_status) \
	X(net_precision) \
	X(rocket) \
	X(launcher_configuration) \
	X(launcher_configuration_family) \
	X(mission) \
	X(orbit) \
	X(info_url) \
	X(info_url_type) \
	X(vid_url) \
	X(vid_url_type) \
	X(language) \
	X(agency) \
	X(agency_type) \
	X(country) \
	X(social_media_link) \
	X(social_media) \
	X(image) \
	X(image_license) \
	X(image_variant) \
	X(image_variant_type) \
	X(pad) \
	X(location) \
	X(celestial_body) \
	X(celestial_body_type) \
	X(program) \
	X(program_type) \
	X(mission_patch) \
	X(landing) \
	X(landing_location) \
	X(landing_type) \
	X(astronaut_flight) \
	X(astronaut_role) \
	X(astronaut) \
	X(astronaut_status) \
	X(astronaut_type) \
	X(docking_event) \
	X(docking_location) \
	X(space_station) \
	X(space_station_status) \
	X(space_station_type) \
	X(payload) \
	X(payload_type) \
	X(payload_flight) \
	X(launcher) \
	X(launcher_status) \
	X(first_stage) \
	X(first_stage_type) \
	X(timeline_event) \
	X(timeline_event_type) \
	X(expedition) \
	X(spacewalk) \
	X(event) \
	X(event_type) \
	X(update) \
	X(mission_type) \
	X(notice_type) \
	X(road_closure_status)

enum resource_index {
#define X(name) INDEX_##name,
	RESOURCES(X)
#undef X
		RESOURCE_COUNT
};

#define X(name) extern const struct resource resource_##name;
RESOURCES(X)
#undef X

/* In the order in which documents list them. */
#define ENDPOINTS(X) \
	X(spacecraft_flight) \
	X(spacecraft) \
	X(docking_event) \
	X(landing) \
	X(spacecraft_configuration) \
	X(spacecraft_configuration_family) \
	X(space_station) \
	X(astronaut) \
	X(launch) \
	X(launch_upcoming) \
	X(launch_previous) \
	X(agency) \
	X(pad) \
	X(location) \
	X(program) \
	X(payload) \
	X(payload_flight) \
	X(launcher) \
	X(launcher_configuration) \
	X(launcher_configuration_family) \
	X(celestial_body) \
	X(expedition) \
	X(spacewalk) \
	X(event) \
	X(event_upcoming) \
	X(event_previous) \
	X(update) \
	X(mission_patch) \
	X(agency_type) \
	X(astronaut_role) \
	X(astronaut_status) \
	X(astronaut_type) \
	X(celestial_body_type) \
	X(country) \
	X(docking_location) \
	X(event_type) \
	X(first_stage_type) \
	X(image_license) \
	X(image_variant_type) \
	X(info_url_type) \
	X(landing_location) \
	X(landing_type) \
	X(language) \
	X(launch_status) \
	X(launcher_status) \
	X(mission_type) \
	X(net_precision) \
	X(notice_type) \
	X(orbit) \
	X(payload_type) \
	X(program_type) \
	X(road_closure_status) \
	X(space_station_status) \
	X(spacecraft_configuration_type) \
	X(spacecraft_status) \
	X(timeline_event_type) \
	X(vid_url_type)

#define X(name) extern const struct endpoint endpoint_##name;
ENDPOINTS(X)
#undef X

/* What the pages tell of, beyond their documents, and where programs are led that ask for no list. */
#define FLIGHT_ENDPOINT (&endpoint_spacecraft_flight)

#endif
