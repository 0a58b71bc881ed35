/* A spacewalk. */
#include "fields.h"

static const struct field spacewalk_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(start, TIME, ALL_VIEWS, NULLABLE, .description = "When the spacewalk began."),
	SCALAR(end, TIME, ALL_VIEWS, NULLABLE, .description = "When it ended."),
	SCALAR(duration, DURATION, ALL_VIEWS, NULLABLE, .description = "How long it lasted."),
	SCALAR(location, TEXT, ALL_VIEWS, NULLABLE, .description = "Where it was, in words."),
	LIST_OF(crew, spacewalk_crew, astronaut_flight, FROM(NORMAL, NORMAL), .description = "Who took part."),
	REFERENCE(spacestation, space_station, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL), .description = "The space station that it was made from, if it was one."),
	REFERENCE(expedition, expedition, FROM(NORMAL, MINI) FROM(DETAILED, FOR_SPACEWALK), .description = "The expedition that it belongs to."),
	REFERENCE(spacecraft_flight, spacecraft_flight, FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED), .description = "The flight of the spacecraft that it was made from, if it was one."),
	REFERENCE(event, event, FROM(NORMAL, MINI) FROM(DETAILED, PLAIN), .description = "The event that announces it."),
	LIST_OF(program, spacewalk_program, program, FROM(NORMAL, LIST) FROM(DETAILED, NORMAL), .description = "The programs that the spacewalk belongs to."),
};

const struct resource resource_spacewalk = {
	NAMED(spacewalk),
	.path = "spacewalks",
	VIEW(LIST, "SpacewalkList", "list"),
	VIEW(NORMAL, "SpacewalkEndpointNormal", "normal"),
	VIEW(DETAILED, "SpacewalkEndpointDetailed", "detailed"),
	OTHER_VIEW(WITH_CREW, "SpacewalkNormal", "list", LIST, WITH({"crew", NORMAL})),
	FIELDS(spacewalk_fields),
};
