/* Small resources that only name something: statuses, types, countries, languages. */
#include "fields.h"

/* LOOKUP(its name, schema of the contract, fields behind the id...) */
#define LOOKUP(lookup, schema, ...) \
	static const struct field lookup##_fields[] = {ID, __VA_ARGS__}; \
	const struct resource resource_##lookup = { \
		NAMED(lookup), \
		VIEW(NORMAL, schema, NULL), \
		FIELDS(lookup##_fields), \
	}

#define NAME SCALAR(name, TEXT, ALL_VIEWS)
#define ABBREV SCALAR(abbrev, TEXT, ALL_VIEWS)
#define DESCRIPTION(...) SCALAR(description, TEXT, ALL_VIEWS, __VA_ARGS__)

LOOKUP(agency_type, "AgencyType", NAME);
LOOKUP(astronaut_status, "AstronautStatus", NAME);
LOOKUP(astronaut_type, "AstronautType", NAME);
LOOKUP(celestial_body_type, "CelestialBodyType", NAME);
LOOKUP(country, "Country", NAME,
       SCALAR(alpha_2_code, TEXT, ALL_VIEWS, .title = "ISO 3166-1 alpha-2", .description = "ISO 3166-1 code of two letters."),
       SCALAR(alpha_3_code, TEXT, ALL_VIEWS, .title = "ISO 3166-1 alpha-3", .description = "ISO 3166-1 code of three letters."),
       SCALAR(nationality_name, TEXT, ALL_VIEWS, .title = "e.g. French", .description = "Nationality, such as French."),
       SCALAR(nationality_name_composed, TEXT, ALL_VIEWS, .title = "e.g. Franco", .description = "Nationality in compound words, such as Franco."));
LOOKUP(event_type, "EventType", NAME);
LOOKUP(first_stage_type, "FirstStageType", NAME);
LOOKUP(image_variant_type, "ImageVariantType", NAME);
LOOKUP(info_url_type, "InfoURLType", NAME);
LOOKUP(landing_type, "LandingType", NAME, ABBREV, DESCRIPTION(NULLABLE));
LOOKUP(language, "Language", NAME,
       SCALAR(code, TEXT, ALL_VIEWS, .title = "ISO 639-1 (two-letter) code", .description = "ISO 639-1 code of two letters."));
LOOKUP(launch_status, "LaunchStatus", NAME, ABBREV, DESCRIPTION());
LOOKUP(launcher_status, "LauncherStatus", NAME);
LOOKUP(mission_type, "MissionType", NAME);
LOOKUP(net_precision, "NetPrecision", NAME, ABBREV, DESCRIPTION());
LOOKUP(notice_type, "NoticeType", NAME);
LOOKUP(payload_type, "PayloadType", NAME);
LOOKUP(program_type, "ProgramType", NAME);
LOOKUP(road_closure_status, "RoadClosureStatus", NAME);
LOOKUP(space_station_status, "SpaceStationStatus", NAME);
LOOKUP(space_station_type, "SpaceStationType", NAME);
LOOKUP(spacecraft_configuration_type, "SpacecraftConfigType", NAME);
LOOKUP(spacecraft_status, "SpacecraftStatus", NAME);
LOOKUP(timeline_event_type, "TimelineEventType", ABBREV, DESCRIPTION());
LOOKUP(vid_url_type, "VidURLType", NAME);
