/* An event: what is worth to watch and is no launch. */
#include "fields.h"

static const struct field event_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	LIST_OF(info_urls, event_info_urls, info_url, AS(NORMAL), .description = "Pages about the event."),
	LIST_OF(vid_urls, event_vid_urls, vid_url, AS(NORMAL), .description = "Videos about the event."),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(date, TIME, ALL_VIEWS, .description = "When the event is or was."),
	SCALAR(slug, TEXT, FROM_LIST),
	REFERENCE(type, event_type, FROM(LIST, NORMAL)),
	SCALAR(description, TEXT, FROM_LIST),
	SCALAR(webcast_live, BOOLEAN, FROM_LIST, .description = "Whether a webcast is under way."),
	SCALAR(location, TEXT, FROM_LIST, NULLABLE, .description = "Where it is, in words."),
	REFERENCE(date_precision, net_precision, FROM(LIST, NORMAL), .description = "How precise `date` is."),
	RESPONSE_MODE(FROM_LIST),
	SCALAR(duration, DURATION, FROM_LIST, NULLABLE, .description = "How long the event lasts."),
	LIST_OF(updates, event_updates, update, FROM(NORMAL, NORMAL), .description = "News about the event, in the order of the original."),
	SCALAR(last_updated, TIME, FROM_NORMAL, .description = "When the record of the event was last changed."),
	LIST_OF(agencies, event_agencies, agency, FROM(DETAILED, LIST), .description = "The agencies that take part."),
	LIST_OF(launches, event_launches, launch, FROM(DETAILED, LIST), .description = "The launches that belong to it."),
	LIST_OF(expeditions, event_expeditions, expedition, FROM(DETAILED, NORMAL), .description = "The expeditions that it belongs to."),
	LIST_OF(spacestations, event_spacestations, space_station, FROM(DETAILED, NORMAL), .description = "The space stations that it is about."),
	NULLABLE_LIST_OF(program, event_program, program, FROM(DETAILED, NORMAL), .description = "The programs that the event belongs to."),
	NULLABLE_LIST_OF(astronauts, event_astronauts, astronaut, FROM(DETAILED, MINI), .description = "The astronauts who take part."),
};

const struct resource resource_event = {
	NAMED(event),
	.path = "events",
	VIEW(MINI, "EventMini", NULL),
	VIEW(LIST, "EventEndpointList", "list"),
	VIEW(NORMAL, "EventEndpointNormal", "normal"),
	VIEW(DETAILED, "EventEndpointDetailed", "detailed"),
	OTHER_VIEW(PLAIN, "EventNormal", NULL, LIST, WITHOUT("response_mode", "duration")),
	FIELDS(event_fields),
};
