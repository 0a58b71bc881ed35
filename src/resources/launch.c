/* A launch, and what happens when in its countdown and flight. */
#include "fields.h"

static const struct field launch_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	RESPONSE_MODE(FROM_LIST),
	SCALAR(slug, TEXT, FROM_LIST),
	SCALAR(launch_designator, TEXT, FROM_LIST, NULLABLE),
	REFERENCE(status, launch_status, FROM(LIST, NORMAL)),
	SCALAR(last_updated, TIME, FROM_LIST, .description = "When the record of the launch was last changed."),
	SCALAR(net, TIME, FROM_LIST, .description = "When the launch is or was, no earlier than that."),
	REFERENCE(net_precision, net_precision, FROM(LIST, NORMAL), .description = "How precise `net` is."),
	SCALAR(window_end, TIME, FROM_LIST, .description = "When the launch window closes."),
	SCALAR(window_start, TIME, FROM_LIST, .description = "When the launch window opens."),
	REFERENCE(image, image, FROM(LIST, NORMAL)),
	SCALAR(infographic, TEXT, FROM_LIST, NULLABLE, .description = "Where an infographic about the launch is."),
	SCALAR(probability, INTEGER, FROM_NORMAL, NULLABLE, .description = "Probability of the launch, in percent."),
	SCALAR(weather_concerns, TEXT, FROM_NORMAL, NULLABLE),
	SCALAR(failreason, TEXT, FROM_NORMAL, NULLABLE, .description = "Why the launch failed."),
	SCALAR(hashtag, TEXT, FROM_NORMAL, NULLABLE),
	REFERENCE(launch_service_provider, agency, FROM(NORMAL, LIST) FROM(DETAILED, DETAILED)),
	REFERENCE(rocket, rocket, FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED)),
	REFERENCE(mission, mission, FROM(NORMAL, NORMAL)),
	REFERENCE(pad, pad, FROM(NORMAL, NORMAL)),
	SCALAR(webcast_live, BOOLEAN, FROM_NORMAL, .description = "Whether a webcast is under way."),
	NULLABLE_LIST_OF(program, launch_program, program, FROM(NORMAL, NORMAL), .description = "The programs that the launch belongs to."),
	SCALAR(orbital_launch_attempt_count, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among all orbital launch attempts."),
	SCALAR(location_launch_attempt_count, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among the launch attempts at its location."),
	SCALAR(pad_launch_attempt_count, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among the launch attempts from its pad."),
	SCALAR(agency_launch_attempt_count, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among the launch attempts of its agency."),
	SCALAR(orbital_launch_attempt_count_year, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among all orbital launch attempts in its year."),
	SCALAR(location_launch_attempt_count_year, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among the launch attempts at its location in its year."),
	SCALAR(pad_launch_attempt_count_year, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among the launch attempts from its pad in its year."),
	SCALAR(agency_launch_attempt_count_year, INTEGER, FROM_NORMAL, NULLABLE, .description = "Its number among the launch attempts of its agency in its year."),
	SCALAR(flightclub_url, TEXT, FROM_DETAILED, NULLABLE, .description = "Where a simulation of the flight is."),
	LIST_OF(updates, launch_updates, update, FROM(DETAILED, NORMAL), .description = "News about the launch, in the order of the original."),
	LIST_OF(info_urls, launch_info_urls, info_url, FROM(DETAILED, NORMAL), .description = "Pages about the launch."),
	LIST_OF(vid_urls, launch_vid_urls, vid_url, FROM(DETAILED, NORMAL), .description = "Videos about the launch."),
	LIST_OF(timeline, launch_timeline, timeline_event, FROM(DETAILED, NORMAL), .description = "What happens when, from the countdown on."),
	SCALAR(pad_turnaround, DURATION, FROM_DETAILED, NULLABLE, .description = "Time since the launch before this one from the same pad."),
	LIST_OF(mission_patches, launch_mission_patches, mission_patch, FROM(DETAILED, NORMAL), .description = "The mission patches of the launch."),
};

const struct resource resource_launch = {
	NAMED(launch),
	.path = "launches",
	.uuid = true,
	VIEW(MINI, "LaunchMini", NULL),
	VIEW(LIST, "LaunchBasic", "list"),
	VIEW(NORMAL, "LaunchNormal", "normal"),
	VIEW(DETAILED, "LaunchDetailed", "detailed"),
	FIELDS(launch_fields),
};

static const struct field timeline_event_fields[] = {
	REFERENCE(type, timeline_event_type, AS(NORMAL)),
	SCALAR(relative_time, DURATION, ALL_VIEWS, NULLABLE, .description = "When it happens, from liftoff on; negative before that."),
};

const struct resource resource_timeline_event = {
	NAMED(timeline_event),
	.keyless = true,
	VIEW(NORMAL, "TimelineEvent", NULL),
	FIELDS(timeline_event_fields),
};
