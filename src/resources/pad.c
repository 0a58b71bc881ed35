/* A launch pad. */
#include "fields.h"

static const struct field pad_fields[] = {
	ID,
	OWN_URL,
	SCALAR(active, BOOLEAN, ALL_VIEWS),
	LIST_OF(agencies, pad_agencies, agency, AS(NORMAL)),
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(description, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(info_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(wiki_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(map_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(latitude, DOUBLE, ALL_VIEWS, NULLABLE),
	SCALAR(longitude, DOUBLE, ALL_VIEWS, NULLABLE),
	REFERENCE(country, country, AS(NORMAL)),
	SCALAR(map_image, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(total_launch_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(orbital_launch_attempt_count, INTEGER, ALL_VIEWS, NULLABLE),
	SCALAR(fastest_turnaround, DURATION, ALL_VIEWS, NULLABLE),
	REFERENCE(location, location, AS(NORMAL)),
};

const struct resource resource_pad = {
	NAMED(pad),
	.path = "pads",
	VIEW(NORMAL, "Pad", NULL),
	OTHER_VIEW(NO_LOCATION, "PadSerializerNoLocation", NULL, NORMAL, WITH({"agencies", LIST}), WITHOUT("location")),
	FIELDS(pad_fields),
};

static const struct filter filters[] = {
	FILTER(MATCH_BOOLEAN, active, "Active"),
	FILTER_AT(MATCH_NUMBERS, agencies_ids, agencies__id, "Agencies numbers"),
	FILTER(MATCH_NUMBER, id, "Number"),
	FILTER_BY(MATCH_NUMBER, id, CONTAINS, "Number contains"),
	NUMBER_RANGE(latitude, "Latitude"),
	FILTER(MATCH_NUMBER, location__id, "Location number"),
	FILTER(MATCH_TEXT, location__name, "Location name"),
	FILTER_BY(MATCH_TEXT, location__name, CONTAINS, "Location name contains"),
	NUMBER_RANGE(longitude, "Longitude"),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER_BY(MATCH_TEXT, name, CONTAINS, "Name contains"),
	NUMBER_COMPARE(orbital_launch_attempt_count, "Orbital launch attempt count"),
	NUMBER_COMPARE(total_launch_count, "Total launch count"),
};

static const struct ordering orderings[] = {
	BY_NUMBER(location__id, "Location number"),
	BY_TEXT(location__name, "Location name"),
	BY_TEXT(name, "Name"),
	BY_NUMBER(orbital_launch_attempt_count, "Orbital launch attempt count"),
	BY_NUMBER(total_launch_count, "Total launch count"),
};

static const char *const search[] = {"location__name", "name", "orbital_launch_attempt_count", "total_launch_count"};

static const struct fact facts[] = {
	FACT_TRUTH("Active", active),
	FACT("Location", location),
	FACT("Country", country),
	FACT("Agencies", agencies),
	FACT("Launches", total_launch_count),
	FACT("Orbital launch attempts", orbital_launch_attempt_count),
	FACT_DURATION("Fastest turnaround", fastest_turnaround),
	FACT("Latitude", latitude),
	FACT("Longitude", longitude),
	FACT_LINK("Map", map_url),
	FACT_LINK("Page", info_url),
	FACT_LINK("Wikipedia", wiki_url),
};

const struct endpoint endpoint_pad = {
	.resource = &resource_pad,
	.path = "pads",
	.model = "Pad",
	.title = "Pad",
	.titles = "Pads",
	.noun = "pad",
	.nouns = "pads",
	.one = NORMAL,
	FILTERS(filters),
	ORDERINGS(orderings),
	.orders_by_id = true,
	SEARCH(search),
	.search_hint = "Location, name, orbital launch attempt count, total launch count",
	.example = "location__id=11",
	FACTS(facts),
	.card = {.caption = "name", .image = "image"},
};
