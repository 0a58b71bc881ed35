/* A space programme, and mission patches. */
#include "fields.h"

static const struct field program_fields[] = {
	RESPONSE_MODE(ALL_VIEWS),
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	REFERENCE(image, image, AS(NORMAL)),
	SCALAR(info_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(wiki_url, TEXT, ALL_VIEWS, NULLABLE),
	SCALAR(description, TEXT, FROM_NORMAL, NULLABLE),
	LIST_OF(agencies, program_agencies, agency, FROM(NORMAL, LIST)),
	SCALAR(start_date, TIME, FROM_NORMAL, NULLABLE),
	SCALAR(end_date, TIME, FROM_NORMAL, NULLABLE),
	LIST_OF(mission_patches, program_mission_patches, mission_patch, FROM(NORMAL, NORMAL)),
	REFERENCE(type, program_type, FROM(NORMAL, NORMAL)),
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
	REFERENCE(agency, agency, AS(LIST) FROM(DETAILED, DETAILED)),
	RESPONSE_MODE(ALL_VIEWS),
	ROWS_OF(launches, launch, mission_patches, FROM(DETAILED, NORMAL), .description = "The launches with the patch."),
	ROWS_OF(expeditions, expedition, mission_patches, FROM(DETAILED, NORMAL), .description = "The expeditions with the patch."),
	ROWS_OF(program, program, mission_patches, FROM(DETAILED, NORMAL), .description = "The programs with the patch."),
};

const struct resource resource_mission_patch = {
	NAMED(mission_patch),
	VIEW(NORMAL, "MissionPatch", "normal"),
	VIEW(DETAILED, "MissionPatchDetailed", "detailed"),
	FIELDS(mission_patch_fields),
};
