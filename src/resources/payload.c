/* A payload, and its own flight. */
#include "fields.h"

static const struct field payload_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(type, payload_type, AS(NORMAL)),
	REFERENCE(manufacturer, agency, AS(LIST) FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED)),
	REFERENCE(operator, agency, AS(LIST) FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED)),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(wiki_link, TEXT, FROM_NORMAL),
	SCALAR(info_link, TEXT, FROM_NORMAL),
	LIST_OF(program, payload_program, program, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL)),
	SCALAR(cost, INTEGER, FROM_NORMAL, NULLABLE, .title = "Cost (USD)", .description = "Cost in US dollars."),
	SCALAR(mass, DOUBLE, FROM_NORMAL, NULLABLE, .title = "Mass (kg)", .description = "Mass in kilograms."),
	SCALAR(description, TEXT, FROM_NORMAL),
};

const struct resource resource_payload = {
	NAMED(payload),
	VIEW(LIST, "PayloadMini", "list"),
	VIEW(NORMAL, "PayloadNormal", "normal"),
	VIEW(DETAILED, "PayloadDetailed", "detailed"),
	FIELDS(payload_fields),
};

static const struct field payload_flight_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(destination, TEXT, ALL_VIEWS, NULLABLE, .description = "Where the payload goes."),
	SCALAR(amount, INTEGER, ALL_VIEWS, .description = "How many of the payload were carried."),
	REFERENCE(payload, payload, AS(LIST) FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED)),
	REFERENCE(launch, launch, AS(MINI) FROM(NORMAL, NORMAL)),
	REFERENCE(landing, landing, AS(MINI)),
	ROWS_OF(docking_events, docking_event, payload_flight_chaser, FROM(DETAILED, FOR_CHASER), .description = "Where the payload docked in this flight."),
};

const struct resource resource_payload_flight = {
	NAMED(payload_flight),
	.path = "payload_flights",
	VIEW(LIST, "PayloadFlightMini", "list"),
	VIEW(NORMAL, "PayloadFlightNormal", "normal"),
	VIEW(DETAILED, "PayloadFlightDetailed", "detailed"),
	OTHER_VIEW(LIST_NO_LANDING, "PayloadFlightMiniSerializerNoLanding", "list", LIST, WITHOUT("landing")),
	OTHER_VIEW(NORMAL_NO_LANDING, "PayloadFlightNormalSerializerNoLanding", "normal", NORMAL, WITHOUT("landing")),
	OTHER_VIEW(DETAILED_NO_LANDING, "PayloadFlightDetailedSerializerNoLanding", "detailed", DETAILED, WITHOUT("landing")),
	OTHER_VIEW(NO_LAUNCH, "PayloadFlightSerializerNoLaunch", "detailed", DETAILED, WITHOUT("launch")),
	FIELDS(payload_flight_fields),
};
