/* Small resources that only name something: statuses, types, countries, languages. */
#include "fields.h"

static const struct field spacecraft_status_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_spacecraft_status = {
	NAMED(spacecraft_status),
	VIEW(NORMAL, "SpacecraftStatus", NULL),
	FIELDS(spacecraft_status_fields),
};

static const struct field spacecraft_configuration_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_spacecraft_configuration_type = {
	NAMED(spacecraft_configuration_type),
	VIEW(NORMAL, "SpacecraftConfigType", NULL),
	FIELDS(spacecraft_configuration_type_fields),
};

static const struct field launch_status_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(abbrev, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, ALL_VIEWS),
};

const struct resource resource_launch_status = {
	NAMED(launch_status),
	VIEW(NORMAL, "LaunchStatus", NULL),
	FIELDS(launch_status_fields),
};

static const struct field net_precision_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(abbrev, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, ALL_VIEWS),
};

const struct resource resource_net_precision = {
	NAMED(net_precision),
	VIEW(NORMAL, "NetPrecision", NULL),
	FIELDS(net_precision_fields),
};

static const struct field info_url_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_info_url_type = {
	NAMED(info_url_type),
	VIEW(NORMAL, "InfoURLType", NULL),
	FIELDS(info_url_type_fields),
};

static const struct field vid_url_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_vid_url_type = {
	NAMED(vid_url_type),
	VIEW(NORMAL, "VidURLType", NULL),
	FIELDS(vid_url_type_fields),
};

static const struct field language_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(code, TEXT, ALL_VIEWS, .title = "ISO 639-1 (two-letter) code"),
};

const struct resource resource_language = {
	NAMED(language),
	VIEW(NORMAL, "Language", NULL),
	FIELDS(language_fields),
};

static const struct field agency_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_agency_type = {
	NAMED(agency_type),
	VIEW(NORMAL, "AgencyType", NULL),
	FIELDS(agency_type_fields),
};

static const struct field country_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(alpha_2_code, TEXT, ALL_VIEWS, .title = "ISO 3166-1 alpha-2"),
	SCALAR(alpha_3_code, TEXT, ALL_VIEWS, .title = "ISO 3166-1 alpha-3"),
	SCALAR(nationality_name, TEXT, ALL_VIEWS, .title = "e.g. French"),
	SCALAR(nationality_name_composed, TEXT, ALL_VIEWS, .title = "e.g. Franco"),
};

const struct resource resource_country = {
	NAMED(country),
	VIEW(NORMAL, "Country", NULL),
	FIELDS(country_fields),
};

static const struct field image_variant_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_image_variant_type = {
	NAMED(image_variant_type),
	VIEW(NORMAL, "ImageVariantType", NULL),
	FIELDS(image_variant_type_fields),
};

static const struct field celestial_body_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_celestial_body_type = {
	NAMED(celestial_body_type),
	VIEW(NORMAL, "CelestialBodyType", NULL),
	FIELDS(celestial_body_type_fields),
};

static const struct field program_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_program_type = {
	NAMED(program_type),
	VIEW(NORMAL, "ProgramType", NULL),
	FIELDS(program_type_fields),
};

static const struct field landing_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(abbrev, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
};

const struct resource resource_landing_type = {
	NAMED(landing_type),
	VIEW(NORMAL, "LandingType", NULL),
	FIELDS(landing_type_fields),
};

static const struct field astronaut_status_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_astronaut_status = {
	NAMED(astronaut_status),
	VIEW(NORMAL, "AstronautStatus", NULL),
	FIELDS(astronaut_status_fields),
};

static const struct field astronaut_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_astronaut_type = {
	NAMED(astronaut_type),
	VIEW(NORMAL, "AstronautType", NULL),
	FIELDS(astronaut_type_fields),
};

static const struct field space_station_status_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_space_station_status = {
	NAMED(space_station_status),
	VIEW(NORMAL, "SpaceStationStatus", NULL),
	FIELDS(space_station_status_fields),
};

static const struct field space_station_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_space_station_type = {
	NAMED(space_station_type),
	VIEW(NORMAL, "SpaceStationType", NULL),
	FIELDS(space_station_type_fields),
};

static const struct field payload_type_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_payload_type = {
	NAMED(payload_type),
	VIEW(NORMAL, "PayloadType", NULL),
	FIELDS(payload_type_fields),
};
