/* A launcher: one vehicle, and its part in a launch as a first stage. */
#include "fields.h"

static const struct field launcher_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(flight_proven, BOOLEAN, ALL_VIEWS, .description = "Whether it has flown."),
	SCALAR(serial_number, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(is_placeholder, BOOLEAN, ALL_VIEWS, .description = "Whether it stands for a launcher that is not known yet."),
	REFERENCE(status, launcher_status, AS(NORMAL)),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(details, TEXT, FROM_NORMAL, .description = "Text about the launcher."),
	SCALAR(successful_landings, INTEGER, FROM_NORMAL, NULLABLE),
	SCALAR(attempted_landings, INTEGER, FROM_NORMAL, NULLABLE),
	SCALAR(flights, INTEGER, FROM_NORMAL, NULLABLE, .description = "How many flights it has made."),
	SCALAR(last_launch_date, TIME, FROM_NORMAL, NULLABLE, .description = "When its last launch was."),
	SCALAR(first_launch_date, TIME, FROM_NORMAL, NULLABLE, .description = "When its first launch was."),
	SCALAR(fastest_turnaround, DURATION, FROM_NORMAL, NULLABLE),
	REFERENCE(launcher_config, launcher_configuration, FROM(DETAILED, LIST), .description = "What type of launcher it is."),
};

const struct resource resource_launcher = {
	NAMED(launcher),
	.path = "launchers",
	VIEW(LIST, "LauncherMini", "list"),
	VIEW(NORMAL, "LauncherNormal", "normal"),
	VIEW(DETAILED, "LauncherDetailed", "detailed"),
	FIELDS(launcher_fields),
};

static const struct field first_stage_fields[] = {
	ID,
	SCALAR(type, TEXT, ALL_VIEWS, .description = "What the stage is: a core or a booster."),
	SCALAR(reused, BOOLEAN, ALL_VIEWS, NULLABLE, .description = "Whether the launcher had flown before."),
	SCALAR(launcher_flight_number, INTEGER, ALL_VIEWS, NULLABLE, .description = "The number of this flight among the launcher's."),
	REFERENCE(launcher, launcher, AS(LIST) FROM(NORMAL, NORMAL)),
	SCALAR(previous_flight_date, TIME, ALL_VIEWS, NULLABLE, .description = "When the launcher's flight before this one was."),
	SCALAR(turn_around_time, DURATION, ALL_VIEWS, NULLABLE, .description = "Time since the launcher's flight before this one."),
	REFERENCE(landing, landing, FROM(NORMAL, MINI)),
	REFERENCE(previous_flight, launch, FROM(NORMAL, MINI), .description = "The launch of the launcher's flight before this one."),
};

const struct resource resource_first_stage = {
	NAMED(first_stage),
	VIEW(LIST, "FirstStageMini", NULL),
	VIEW(NORMAL, "FirstStageNormal", NULL),
	OTHER_VIEW(NORMAL_NO_LANDING, "FirstStageNormalSerializerNoLanding", NULL, NORMAL, WITHOUT("landing")),
	OTHER_VIEW(DETAILED_NO_LANDING, "FirstStageDetailedSerializerNoLanding", NULL, NORMAL, WITH({"previous_flight", NORMAL}), WITHOUT("landing")),
	FIELDS(first_stage_fields),
};
