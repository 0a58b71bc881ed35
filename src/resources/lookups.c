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
CONFIG(agency_type, "agency_types", "AgencyType", "Agency Type", "Agency Types", "agency type", "agency types", NUMBER);
LOOKUP(astronaut_status, "AstronautStatus", NAME);
CONFIG(astronaut_status, "astronaut_statuses", "AstronautStatus", "Astronaut Status", "Astronaut Statuses", "astronaut status", "astronaut statuses", NUMBER);
LOOKUP(astronaut_type, "AstronautType", NAME);
CONFIG(astronaut_type, "astronaut_types", "AstronautType", "Astronaut Type", "Astronaut Types", "astronaut type", "astronaut types", NUMBER);
LOOKUP(celestial_body_type, "CelestialBodyType", NAME);
CONFIG(celestial_body_type, "celestial_body_types", "CelestialBodyType", "Celestial Body Type", "Celestial Body Types", "celestial body type", "celestial body types", NUMBER);
LOOKUP(country, "Country", NAME,
       SCALAR(alpha_2_code, TEXT, ALL_VIEWS, .title = "ISO 3166-1 alpha-2", .description = "ISO 3166-1 code of two letters."),
       SCALAR(alpha_3_code, TEXT, ALL_VIEWS, .title = "ISO 3166-1 alpha-3", .description = "ISO 3166-1 code of three letters."),
       SCALAR(nationality_name, TEXT, ALL_VIEWS, .title = "e.g. French", .description = "Nationality, such as French."),
       SCALAR(nationality_name_composed, TEXT, ALL_VIEWS, .title = "e.g. Franco", .description = "Nationality in compound words, such as Franco."));
CONFIG(country, "countries", "Country", "Country", "Countries", "country", "countries", NUMBER, FACT("Code of two letters", alpha_2_code), FACT("Code of three letters", alpha_3_code), FACT("Nationality", nationality_name));
LOOKUP(event_type, "EventType", NAME);
CONFIG(event_type, "event_types", "EventType", "Event Type", "Event Types", "event type", "event types", NUMBER);
LOOKUP(first_stage_type, "FirstStageType", NAME);
CONFIG(first_stage_type, "first_stage_types", "FirstStageType", "First Stage Type", "First Stage Types", "first stage type", "first stage types", NUMBER);
LOOKUP(image_variant_type, "ImageVariantType", NAME);
CONFIG(image_variant_type, "image_variant_types", "ImageVariantType", "Image Variant Type", "Image Variant Types", "image variant type", "image variant types", NUMBER);
LOOKUP(info_url_type, "InfoURLType", NAME);
CONFIG(info_url_type, "infourl_types", "InfoURLType", "Info URL Type", "Info URL Types", "page type", "page types", NUMBER);
LOOKUP(landing_type, "LandingType", NAME, ABBREV, DESCRIPTION(NULLABLE));
CONFIG(landing_type, "landing_types", "LandingType", "Landing Type", "Landing Types", "landing type", "landing types", NUMBER, FACT("Abbreviation", abbrev), FACT("Description", description));
LOOKUP(language, "Language", NAME,
       SCALAR(code, TEXT, ALL_VIEWS, .title = "ISO 639-1 (two-letter) code", .description = "ISO 639-1 code of two letters."));
CONFIG(language, "languages", "Language", "Language", "Languages", "language", "languages", NUMBER, FACT("Code", code));
LOOKUP(launch_status, "LaunchStatus", NAME, ABBREV, DESCRIPTION());
CONFIG(launch_status, "launch_statuses", "LaunchStatus", "Launch Status", "Launch Statuses", "launch status", "launch statuses", NUMBER, FACT("Abbreviation", abbrev), FACT("Description", description));
LOOKUP(launcher_status, "LauncherStatus", NAME);
CONFIG(launcher_status, "launcher_statuses", "LauncherStatus", "Launcher Status", "Launcher Statuses", "launcher status", "launcher statuses", NUMBER);
LOOKUP(mission_type, "MissionType", NAME);
CONFIG(mission_type, "mission_types", "MissionType", "Mission Type", "Mission Types", "mission type", "mission types", NUMBER);
LOOKUP(net_precision, "NetPrecision", NAME, ABBREV, DESCRIPTION());
CONFIG(net_precision, "net_precisions", "NetPrecision", "Net Precision", "Net Precisions", "net precision", "net precisions", NUMBER, FACT("Abbreviation", abbrev), FACT("Description", description));
LOOKUP(notice_type, "NoticeType", NAME);
CONFIG(notice_type, "notice_types", "NoticeType", "Notice Type", "Notice Types", "notice type", "notice types", NUMBER);
LOOKUP(payload_type, "PayloadType", NAME);
CONFIG(payload_type, "payload_types", "PayloadType", "Payload Type", "Payload Types", "payload type", "payload types", NUMBER);
LOOKUP(program_type, "ProgramType", NAME);
CONFIG(program_type, "program_types", "ProgramType", "Program Type", "Program Types", "program type", "program types", NUMBER);
LOOKUP(road_closure_status, "RoadClosureStatus", NAME);
CONFIG(road_closure_status, "road_closure_statuses", "RoadClosureStatus", "Road Closure Status", "Road Closure Statuses", "road closure status", "road closure statuses", NUMBER);
LOOKUP(space_station_status, "SpaceStationStatus", NAME);
CONFIG(space_station_status, "space_station_statuses", "SpaceStationStatus", "Space Station Status", "Space Station Statuses", "space station status", "space station statuses", NUMBER);
LOOKUP(space_station_type, "SpaceStationType", NAME);
LOOKUP(spacecraft_configuration_type, "SpacecraftConfigType", NAME);
CONFIG(spacecraft_configuration_type, "spacecraft_configuration_types", "SpacecraftConfigurationType", "Spacecraft Configuration Type", "Spacecraft Configuration Types", "spacecraft configuration type", "spacecraft configuration types", NUMBER);
LOOKUP(spacecraft_status, "SpacecraftStatus", NAME);
CONFIG(spacecraft_status, "spacecraft_statuses", "SpacecraftStatus", "Spacecraft Status", "Spacecraft Statuses", "spacecraft status", "spacecraft statuses", NUMBER);
LOOKUP(timeline_event_type, "TimelineEventType", ABBREV, DESCRIPTION());
CONFIG(timeline_event_type, "timeline_event_types", "TimelineEventType", "Timeline Event Type", "Timeline Event Types", "timeline event type", "timeline event types", NUMBER, FACT("Abbreviation", abbrev), FACT("Description", description));
LOOKUP(vid_url_type, "VidURLType", NAME);
CONFIG(vid_url_type, "vidurl_types", "VidURLType", "Video URL Type", "Video URL Types", "video type", "video types", NUMBER);
