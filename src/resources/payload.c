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
	/* For paths alone. */
	ROWS_OF(payloadflight, payload_flight, payload, NEVER),
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

static const struct filter payload_flight_filters[] = {
	FILTER(MATCH_CHOICE, payload, "Payload"),
};

static const struct fact flight_facts[] = {
	FACT("Payload", payload),
	FACT("Amount", amount),
	FACT("Operator", payload__operator),
	FACT("Manufacturer", payload__manufacturer),
	FACT("Destination", destination),
	FACT("Launch", launch),
	{.label = "Launch time", .path = "launch", .format = "net"},
	FACT("Landing", landing__type),
	FACT_OF_EACH("Docked with", docking_events, space_station_target),
};

const struct endpoint endpoint_payload_flight = {
	.resource = &resource_payload_flight,
	.path = "payload_flights",
	.model = "PayloadFlight",
	.title = "Payload Flight",
	.titles = "Payload Flights",
	.noun = "payload flight",
	.nouns = "payload flights",
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(payload_flight_filters),
	.orders_by_id = true,
	.orders_by_all_fields = true,
	.example = "payload=2",
	FACTS(flight_facts),
	.upkeep = {.mode = "normal", .rank = FILLED_BEHIND_LAUNCHES},
};

static const struct filter payload_filters[] = {
	FILTER(MATCH_NUMBER, manufacturer__id, "Manufacturer number"),
	FILTER(MATCH_TEXT, manufacturer__name, "Manufacturer name"),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER(MATCH_CHOICE, operator, "Operator"),
	FILTER(MATCH_NUMBER, operator__id, "Operator number"),
	FILTER(MATCH_TEXT, operator__name, "Operator name"),
	FILTER(MATCH_NUMBER, program__id, "Program number"),
};

static const struct ordering payload_orderings[] = {
	BY_TEXT(name, "Name"),
	BY_TIME_AT(payloadflight__rocket__launch__net, payloadflight__launch__net, "Launch launch time"),
};

static const char *const payload_search[] = {"manufacturer__name", "name", "operator__name", "payloadflight__destination", "payloadflight__launch__name"};

static const struct fact facts[] = {
	FACT("Type", type),
	FACT("Operator", operator),
	FACT("Manufacturer", manufacturer),
	FACT("Mass (kg)", mass),
	FACT("Cost (USD)", cost),
	FACT("Programs", program),
	FACT_LINK("Page", info_link),
	FACT_LINK("Wikipedia", wiki_link),
};

const struct endpoint endpoint_payload = {
	.resource = &resource_payload,
	.path = "payloads",
	.model = "Payload",
	.title = "Payload",
	.titles = "Payloads",
	.noun = "payload",
	.nouns = "payloads",
	.signature = {"operator", "manufacturer"},
	.modes = {{"normal", NORMAL}, {"list", LIST}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(payload_filters),
	ORDERINGS(payload_orderings),
	.orders_by_id = true,
	SEARCH(payload_search),
	.search_hint = "Manufacturer, name, operator, destination, launch",
	.example = "program__id=18",
	FACTS(facts),
	.card = {.caption = "name", .image = "image"},
};
