/* A launch's rocket, its configuration and the families of those. */
#include "fields.h"

static const struct field rocket_fields[] = {
	ID,
	REFERENCE(configuration, launcher_configuration, AS(LIST) FROM(DETAILED, DETAILED)),
	LIST_OF(launcher_stage, rocket_launcher_stage, first_stage, FROM(DETAILED, NORMAL), .description = "The launchers of its first stage."),
	ROWS_OF(spacecraft_stage, spacecraft_flight, launch__rocket, FROM(DETAILED, NO_LAUNCH), .description = "The spacecraft aboard."),
	ROWS_OF(payloads, payload_flight, launch__rocket, FROM(DETAILED, NO_LAUNCH), .description = "The payloads aboard."),
};

const struct resource resource_rocket = {
	NAMED(rocket),
	VIEW(NORMAL, "RocketNormal", NULL),
	VIEW(DETAILED, "RocketDetailed", NULL),
	FIELDS(rocket_fields),
};

static const struct field launcher_configuration_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	NULLABLE_LIST_OF(families, launcher_configuration_families, launcher_configuration_family, AS(LIST) FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED)),
	SCALAR(full_name, TEXT, ALL_VIEWS),
	SCALAR(variant, TEXT, ALL_VIEWS),
	SCALAR(active, BOOLEAN, FROM_NORMAL, .description = "Whether it is in use."),
	SCALAR(is_placeholder, BOOLEAN, FROM_NORMAL, .description = "Whether it stands for a launcher that is not known yet."),
	REFERENCE(manufacturer, agency, FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED)),
	LIST_OF(program, launcher_configuration_program, program, FROM(NORMAL, NORMAL), .description = "The programs that it belongs to."),
	SCALAR(reusable, BOOLEAN, FROM_NORMAL, .description = "Whether it can fly again."),
	REFERENCE(image, image, FROM(NORMAL, NORMAL)),
	SCALAR(info_url, TEXT, FROM_NORMAL, NULLABLE),
	SCALAR(wiki_url, TEXT, FROM_NORMAL, NULLABLE),
	SCALAR(description, TEXT, FROM_DETAILED),
	SCALAR(alias, TEXT, FROM_DETAILED, .description = "Another name of it."),
	SCALAR(min_stage, INTEGER, FROM_DETAILED, NULLABLE, .description = "How few stages it has."),
	SCALAR(max_stage, INTEGER, FROM_DETAILED, NULLABLE, .description = "How many stages it has, at most."),
	SCALAR(length, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Length (m)", .description = "Length in metres."),
	SCALAR(diameter, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Max Diameter (m)", .description = "Largest diameter in metres."),
	SCALAR(maiden_flight, DATE, FROM_DETAILED, NULLABLE, .title = "Maiden Flight Date", .description = "Day of the first flight."),
	SCALAR(launch_cost, INTEGER, FROM_DETAILED, NULLABLE, .title = "Launch Cost (USD)", .description = "Cost of a launch in US dollars."),
	SCALAR(launch_mass, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Mass at Launch (T)", .description = "Mass at launch in tonnes."),
	SCALAR(leo_capacity, DOUBLE, FROM_DETAILED, NULLABLE, .title = "LEO Capacity (kg)", .description = "Payload to low Earth orbit in kilograms."),
	SCALAR(gto_capacity, DOUBLE, FROM_DETAILED, NULLABLE, .title = "GTO Capacity (kg)", .description = "Payload to geostationary transfer orbit in kilograms."),
	SCALAR(geo_capacity, DOUBLE, FROM_DETAILED, NULLABLE, .title = "GEO Capacity (kg)", .description = "Payload to geostationary orbit in kilograms."),
	SCALAR(sso_capacity, DOUBLE, FROM_DETAILED, NULLABLE, .title = "SSO Capacity (kg)", .description = "Payload to Sun-synchronous orbit in kilograms."),
	SCALAR(to_thrust, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Thrust at Liftoff (kN)", .description = "Thrust at liftoff in kilonewtons."),
	SCALAR(apogee, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Apogee - Sub-Orbital Only (km)", .description = "Apogee of suborbital flights in kilometres."),
	SCALAR(total_launch_count, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(consecutive_successful_launches, INTEGER, FROM_DETAILED, NULLABLE, .description = "Launches in a row that succeeded."),
	SCALAR(successful_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(pending_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(attempted_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(consecutive_successful_landings, INTEGER, FROM_DETAILED, NULLABLE, .description = "Landings in a row that succeeded."),
	SCALAR(fastest_turnaround, DURATION, FROM_DETAILED, NULLABLE),
};

const struct resource resource_launcher_configuration = {
	NAMED(launcher_configuration),
	.path = "launcher_configurations",
	VIEW(LIST, "LauncherConfigList", "list"),
	VIEW(NORMAL, "LauncherConfigNormal", "normal"),
	VIEW(DETAILED, "LauncherConfigDetailed", "detailed"),
	OTHER_VIEW(NO_MANUFACTURER, "LauncherConfigDetailedSerializerNoManufacturer", "detailed", DETAILED, WITHOUT("manufacturer")),
	FIELDS(launcher_configuration_fields),
};

static const struct field launcher_configuration_family_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	NULLABLE_LIST_OF(manufacturer, launcher_configuration_family_manufacturer, agency, FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED), .description = "Who makes it."),
	REFERENCE(parent, launcher_configuration_family, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL), .description = "The family that it belongs to."),
	SCALAR(description, TEXT, FROM_DETAILED),
	SCALAR(active, BOOLEAN, FROM_DETAILED, .description = "Whether it is in use."),
	SCALAR(maiden_flight, DATE, FROM_DETAILED, NULLABLE, .title = "Maiden Flight Date", .description = "Day of the first flight."),
	SCALAR(total_launch_count, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(consecutive_successful_launches, INTEGER, FROM_DETAILED, NULLABLE, .description = "Launches in a row that succeeded."),
	SCALAR(successful_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(pending_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(attempted_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(consecutive_successful_landings, INTEGER, FROM_DETAILED, NULLABLE, .description = "Landings in a row that succeeded."),
};

const struct resource resource_launcher_configuration_family = {
	NAMED(launcher_configuration_family),
	VIEW(LIST, "LauncherConfigFamilyMini", "list"),
	VIEW(NORMAL, "LauncherConfigFamilyNormal", "normal"),
	VIEW(DETAILED, "LauncherConfigFamilyDetailed", "detailed"),
	FIELDS(launcher_configuration_family_fields),
};
