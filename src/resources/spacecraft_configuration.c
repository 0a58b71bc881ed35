/* The type that a spacecraft is of, and the families that types belong to. */
#include "fields.h"

static const struct field spacecraft_configuration_fields[] = {
	RESPONSE_MODE,
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(type, type_id, spacecraft_configuration_type, ABSENT, NORMAL, NORMAL),
	REFERENCE(agency, agency_id, agency, ABSENT, LIST, NORMAL),
	NULLABLE_LIST_OF(family, spacecraft_configuration_families, spacecraft_configuration_family,
                         ABSENT, NORMAL, DETAILED),
	SCALAR(in_use, BOOLEAN, ALL_VIEWS),
	REFERENCE(image, image_id, image, ABSENT, NORMAL, NORMAL),
	SCALAR(capability, TEXT, FROM_DETAILED),
	SCALAR(history, TEXT, FROM_DETAILED),
	SCALAR(details, TEXT, FROM_DETAILED),
	SCALAR(maiden_flight, DATE, FROM_DETAILED, NULLABLE),
	SCALAR(height, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Length (m)"),
	SCALAR(diameter, DOUBLE, FROM_DETAILED, NULLABLE, .title = "Diameter (m)"),
	SCALAR(human_rated, BOOLEAN, FROM_DETAILED),
	SCALAR(crew_capacity, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(payload_capacity, INTEGER, FROM_DETAILED, NULLABLE, .title = "Payload Capacity (kg)"),
	SCALAR(payload_return_capacity, INTEGER, FROM_DETAILED, NULLABLE,
               .title = "Payload Return Capacity (kg)"),
	SCALAR(flight_life, TEXT, FROM_DETAILED, NULLABLE),
	SCALAR(wiki_link, TEXT, FROM_DETAILED),
	SCALAR(info_link, TEXT, FROM_DETAILED),
	SCALAR(spacecraft_flown, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(total_launch_count, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(attempted_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(fastest_turnaround, DURATION, FROM_DETAILED, NULLABLE),
};

const struct resource resource_spacecraft_configuration = {
	NAMED(spacecraft_configuration),
	.path = "spacecraft_configurations",
	VIEW(NORMAL, "SpacecraftConfigNormal", "normal"),
	VIEW(DETAILED, "SpacecraftConfigDetailed", "detailed"),
	FIELDS(spacecraft_configuration_fields),
};

static const struct field spacecraft_configuration_family_fields[] = {
	RESPONSE_MODE,
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(description, TEXT, FROM_NORMAL),
	REFERENCE(manufacturer, manufacturer_id, agency, ABSENT, LIST, NORMAL),
	REFERENCE(parent, parent_id, spacecraft_configuration_family, ABSENT, LIST, NORMAL),
	SCALAR(maiden_flight, DATE, FROM_NORMAL, NULLABLE, .title = "Maiden Flight Date"),
	SCALAR(spacecraft_flown, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(total_launch_count, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_launches, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(attempted_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(successful_landings, INTEGER, FROM_DETAILED, NULLABLE),
	SCALAR(failed_landings, INTEGER, FROM_DETAILED, NULLABLE),
};

const struct resource resource_spacecraft_configuration_family = {
	NAMED(spacecraft_configuration_family),
	VIEW(LIST, "SpacecraftConfigFamilyMini", "list"),
	VIEW(NORMAL, "SpacecraftConfigFamilyNormal", "normal"),
	VIEW(DETAILED, "SpacecraftConfigFamilyDetailed", "normal"),
	FIELDS(spacecraft_configuration_family_fields),
};
