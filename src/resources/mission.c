/* A launch's mission, its orbit and the addresses of pages and videos about it. */
#include "fields.h"

static const struct field mission_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(type, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, ALL_VIEWS),
	REFERENCE(image, image, AS(NORMAL)),
	REFERENCE(orbit, orbit, AS(NORMAL)),
	LIST_OF(agencies, mission_agencies, agency, AS(DETAILED)),
	LIST_OF(info_urls, mission_info_urls, info_url, AS(NORMAL), .description = "Pages about the mission."),
	LIST_OF(vid_urls, mission_vid_urls, vid_url, AS(NORMAL), .description = "Videos about the mission."),
};

const struct resource resource_mission = {
	NAMED(mission),
	VIEW(NORMAL, "Mission", NULL),
	FIELDS(mission_fields),
};

static const struct field orbit_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(abbrev, TEXT, ALL_VIEWS),
	REFERENCE(celestial_body, celestial_body, AS(LIST)),
};

const struct resource resource_orbit = {
	NAMED(orbit),
	VIEW(NORMAL, "Orbit", NULL),
	FIELDS(orbit_fields),
};

static const struct field info_url_fields[] = {
	SCALAR(priority, INTEGER, ALL_VIEWS),
	SCALAR(source, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(title, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(feature_image, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(url, TEXT, ALL_VIEWS),
	REFERENCE(type, info_url_type, AS(NORMAL)),
	REFERENCE(language, language, AS(NORMAL)),
};

const struct resource resource_info_url = {
	NAMED(info_url),
	.keyless = true,
	VIEW(NORMAL, "InfoURL", NULL),
	FIELDS(info_url_fields),
};

static const struct field vid_url_fields[] = {
	SCALAR(priority, INTEGER, ALL_VIEWS),
	SCALAR(source, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(publisher, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(title, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(feature_image, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(url, TEXT, ALL_VIEWS),
	REFERENCE(type, vid_url_type, AS(NORMAL)),
	REFERENCE(language, language, AS(NORMAL)),
	SCALAR(start_time, TIME, ALL_VIEWS, NULLABLE),
	SCALAR(end_time, TIME, ALL_VIEWS, NULLABLE),
	SCALAR(live, BOOLEAN, ALL_VIEWS, .description = "Whether the video is live."),
};

const struct resource resource_vid_url = {
	NAMED(vid_url),
	.keyless = true,
	VIEW(NORMAL, "VidURL", NULL),
	FIELDS(vid_url_fields),
};

CONFIG(orbit, "orbits", "Orbit", "Orbit", "Orbits", "orbit", "orbits", NUMBER, FACT("Abbreviation", abbrev), FACT("Around", celestial_body));
