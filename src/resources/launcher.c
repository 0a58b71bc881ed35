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
	/* For paths alone. */
	REFERENCE(launch, launch, NEVER),
};

const struct resource resource_first_stage = {
	NAMED(first_stage),
	VIEW(LIST, "FirstStageMini", NULL),
	VIEW(NORMAL, "FirstStageNormal", NULL),
	OTHER_VIEW(NORMAL_NO_LANDING, "FirstStageNormalSerializerNoLanding", NULL, NORMAL, WITHOUT("landing")),
	OTHER_VIEW(DETAILED_NO_LANDING, "FirstStageDetailedSerializerNoLanding", NULL, NORMAL, WITH({"previous_flight", NORMAL}), WITHOUT("landing")),
	FIELDS(first_stage_fields),
};

static const struct filter filters[] = {
	NUMBER_COMPARE(attempted_landings, "Attempted landings"),
	FILTER(MATCH_MOMENT, first_launch_date, "First launch date"),
	FILTER(MATCH_BOOLEAN, flight_proven, "Flight proven"),
	NUMBER_COMPARE(flights, "Flights"),
	FILTER(MATCH_NUMBER, id, "Number"),
	FILTER_BY(MATCH_NUMBER, id, CONTAINS, "Number contains"),
	FILTER(MATCH_BOOLEAN, is_placeholder, "Placeholder"),
	FILTER(MATCH_MOMENT, last_launch_date, "Last launch date"),
	FILTER_AT(MATCH_NUMBERS, launcher_config__ids, launcher_config__id, "Launcher type numbers"),
	FILTER(MATCH_TEXT, launcher_config__manufacturer__name, "Launcher type manufacturer name"),
	FILTER_BY(MATCH_TEXT, launcher_config__manufacturer__name, CONTAINS, "Launcher type manufacturer name contains"),
	FILTER(MATCH_TEXT, serial_number, "Serial number"),
	FILTER_BY(MATCH_TEXT, serial_number, CONTAINS, "Serial number contains"),
	FILTER(MATCH_CHOICE, status, "Status"),
	NUMBER_COMPARE(successful_landings, "Successful landings"),
};

static const struct ordering orderings[] = {
	BY_NUMBER(attempted_landings, "Attempted landings"),
	BY_TRUTH(flight_proven, "Flight proven"),
	BY_NUMBER(flights, "Flights"),
	BY_NUMBER(successful_landings, "Successful landings"),
};

static const char *const search[] = {"serial_number", "status__name"};

static const struct fact facts[] = {
	FACT("Serial number", serial_number),
	FACT("Type", launcher_config),
	FACT("Status", status),
	FACT_TRUTH("Has flown", flight_proven),
	FACT("Flights", flights),
	FACT_DAY("First launch", first_launch_date),
	FACT_DAY("Last launch", last_launch_date),
	FACT("Landings attempted", attempted_landings),
	FACT("Landings successful", successful_landings),
	FACT_DURATION("Fastest turnaround", fastest_turnaround),
};

const struct endpoint endpoint_launcher = {
	.resource = &resource_launcher,
	.path = "launchers",
	.model = "Launcher",
	.title = "Launcher",
	.titles = "Launchers",
	.noun = "launcher",
	.nouns = "launchers",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Serial number, status",
	.example = "is_placeholder=True",
	FACTS(facts),
	.card = {.image = "image"},
	.upkeep = {.rank = FILLED_BEHIND_LAUNCHES},
};
