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

static const struct filter mission_patch_filters[] = {
	FILTER(MATCH_NUMBER, agency__id, "Agency number"),
	FILTER(MATCH_TEXT, agency__name, "Agency name"),
	FILTER_BY(MATCH_TEXT, agency__name, CONTAINS, "Agency name contains"),
	FILTER(MATCH_NUMBER, id, "Number"),
	FILTER_AT(MATCH_NUMBERS, ids, id, "Numbers"),
	FILTER(MATCH_TEXT, name, "Name"),
	FILTER_BY(MATCH_TEXT, name, CONTAINS, "Name contains"),
};

static const struct ordering mission_patch_orderings[] = {
	BY_TEXT(agency__name, "Agency name"),
	BY_TEXT(name, "Name"),
	BY_NUMBER(priority, "Priority"),
};

static const char *const mission_patch_search[] = {"agency__name", "name"};

static const struct fact mission_patch_facts[] = {
	FACT("Agency", agency),
	FACT("Launches", launches),
	FACT("Expeditions", expeditions),
	FACT("Programs", program),
	FACT_LINK("Picture", image_url),
};

const struct endpoint endpoint_mission_patch = {
	.resource = &resource_mission_patch,
	.path = "mission_patches",
	.model = "MissionPatch",
	.title = "Mission Patch",
	.titles = "Mission Patches",
	.noun = "mission patch",
	.nouns = "mission patches",
	.signature = {"image_url", "agency"},
	.modes = {{"normal", NORMAL}, {"detailed", DETAILED}},
	.one = DETAILED,
	FILTERS(mission_patch_filters),
	ORDERINGS(mission_patch_orderings),
	.orders_by_id = true,
	SEARCH(mission_patch_search),
	.search_hint = "Agency, name",
	.example = "agency__id=147",
	FACTS(mission_patch_facts),
	.card = {.caption = "name"},
	.upkeep = {.mode = "normal", .rank = FILLED_BEHIND_LAUNCHES},
};

static const struct fact facts[] = {
	FACT("Type", type),
	FACT("Agencies", agencies),
	FACT_DAY("Begun", start_date),
	FACT_DAY("Ended", end_date),
	FACT_LINK("Page", info_url),
	FACT_LINK("Wikipedia", wiki_url),
};

const struct endpoint endpoint_program = {
	.resource = &resource_program,
	.path = "programs",
	.model = "Program",
	.title = "Program",
	.titles = "Programs",
	.noun = "program",
	.nouns = "programs",
	.modes = {{"normal", NORMAL}, {"list", LIST}},
	.one = NORMAL,
	.orders_by_id = true,
	.orders_by_all_fields = true,
	FACTS(facts),
	.card = {.caption = "name", .image = "image"},
};
