/* A space programme and its mission patches. */
#include "fields.h"

static const struct field program_fields[] = {
	RESPONSE_MODE,
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(image, image_id, image, NORMAL, NORMAL, ABSENT),
	SCALAR(info_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(wiki_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(description, TEXT, FROM_NORMAL, NULLABLE),
	LIST_OF(agencies, program_agencies, agency, ABSENT, LIST, ABSENT),
	SCALAR(start_date, TIME, FROM_NORMAL, NULLABLE),
	SCALAR(end_date, TIME, FROM_NORMAL, NULLABLE),
	LIST_OF(mission_patches, program_mission_patches, mission_patch, ABSENT, NORMAL, ABSENT),
	REFERENCE(type, type_id, program_type, ABSENT, NORMAL, ABSENT),
};

const struct resource resource_program = {
	NAMED(program),
	.path = "programs",
	VIEW(LIST, "ProgramMini", "list"),
	VIEW(NORMAL, "ProgramNormal", "normal"),
	FIELDS(program_fields),
};

static const struct field mission_patch_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(priority, INTEGER, ALL_VIEWS),
	SCALAR(image_url, TEXT, ALL_VIEWS, .description = "Where the picture of the patch is."),
	REFERENCE(agency, agency_id, agency, ABSENT, LIST, ABSENT),
	RESPONSE_MODE,
};

const struct resource resource_mission_patch = {
	NAMED(mission_patch),
	VIEW(NORMAL, "MissionPatch", "normal"),
	FIELDS(mission_patch_fields),
};
