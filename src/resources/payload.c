/* A payload, and its own flight: what a spacecraft may dock with. */
#include "fields.h"

static const struct field payload_fields[] = {
	RESPONSE_MODE,
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(type, type_id, payload_type, NORMAL, NORMAL, ABSENT),
	REFERENCE(manufacturer, manufacturer_id, agency, LIST, NORMAL, ABSENT),
	REFERENCE(operator, operator_id, agency, LIST, NORMAL, ABSENT),
	REFERENCE(image, image_id, image, NORMAL, NORMAL, ABSENT),
	SCALAR(wiki_link, TEXT, FROM_NORMAL),
	SCALAR(info_link, TEXT, FROM_NORMAL),
	LIST_OF(program, payload_program, program, ABSENT, LIST, ABSENT),
	SCALAR(cost, INTEGER, FROM_NORMAL, NULLABLE, .title = "Cost (USD)", .description = "Cost in US dollars."),
	SCALAR(mass, DOUBLE, FROM_NORMAL, NULLABLE, .title = "Mass (kg)", .description = "Mass in kilograms."),
	SCALAR(description, TEXT, FROM_NORMAL),
};

const struct resource resource_payload = {
	NAMED(payload),
	VIEW(LIST, "PayloadMini", "list"),
	VIEW(NORMAL, "PayloadNormal", "normal"),
	FIELDS(payload_fields),
};

static const struct field payload_flight_fields[] = {
	RESPONSE_MODE,
	ID,
	OWN_URL,
	SCALAR(destination, TEXT, ALL_VIEWS, NULLABLE, .description = "Where the payload goes."),
	SCALAR(amount, INTEGER, ALL_VIEWS, .description = "How many of the payload were carried."),
	REFERENCE(payload, payload_id, payload, ABSENT, NORMAL, ABSENT),
	REFERENCE(launch, launch_id, launch, ABSENT, NORMAL, ABSENT),
	REFERENCE(landing, landing_id, landing, ABSENT, NORMAL, ABSENT),
};

const struct resource resource_payload_flight = {
	NAMED(payload_flight),
	.path = "payload_flights",
	VIEW(NORMAL, "PayloadFlightNormal", "normal"),
	FIELDS(payload_flight_fields),
};
