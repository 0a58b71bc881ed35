/* An expedition aboard a space station. */
#include "fields.h"

static const struct field expedition_fields[] = {
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(start, TIME, ALL_VIEWS, .description = "When the expedition began."),
	SCALAR(end, TIME, ALL_VIEWS, NULLABLE, .description = "When it ended or is planned to end."),
	RESPONSE_MODE(FROM_NORMAL),
	REFERENCE(spacestation, space_station, FROM(NORMAL, NORMAL) FROM(DETAILED, DETAILED), .description = "The space station that it is aboard."),
	LIST_OF(mission_patches, expedition_mission_patches, mission_patch, FROM(NORMAL, NORMAL)),
	ROWS_OF(spacewalks, spacewalk, expedition, FROM(NORMAL, LIST), .description = "The spacewalks of the expedition."),
	LIST_OF(crew, expedition_crew, astronaut_flight, FROM(DETAILED, NORMAL), .description = "Who takes part."),
};

const struct resource resource_expedition = {
	NAMED(expedition),
	.path = "expeditions",
	VIEW(MINI, "ExpeditionMini", NULL),
	VIEW(NORMAL, "ExpeditionNormal", "normal"),
	VIEW(DETAILED, "ExpeditionDetailed", "detailed"),
	OTHER_VIEW(FOR_SPACEWALK, "ExpeditionNormalSerializerForSpacewalk", NULL, NORMAL, WITHOUT("response_mode", "spacewalks")),
	FIELDS(expedition_fields),
};
