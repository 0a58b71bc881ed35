/* News about a launch, an event or a program. */
#include "fields.h"

static const struct field update_fields[] = {
	ID,
	SCALAR(profile_image, TEXT, ALL_VIEWS, NULLABLE, .description = "Where the picture of who wrote it is."),
	SCALAR(comment, TEXT, ALL_VIEWS, NULLABLE, .description = "What is new."),
	SCALAR(info_url, TEXT, ALL_VIEWS, NULLABLE, .description = "Where a page about it is."),
	SCALAR(created_by, TEXT, ALL_VIEWS, NULLABLE, .description = "Who wrote it."),
	SCALAR(created_on, TIME, ALL_VIEWS, .description = "When it was written."),
	/* For paths alone. */
	REFERENCE(launch, launch, NEVER),
	REFERENCE(event, event, NEVER),
	REFERENCE(program, program, NEVER),
};

const struct resource resource_update = {
	NAMED(update),
	VIEW(NORMAL, "Update", NULL),
	FIELDS(update_fields),
};

static const struct filter filters[] = {
	FILTER(MATCH_MOMENT, created_on, "Created on"),
	FILTER(MATCH_CHOICE, launch, "Launch"),
	FILTER(MATCH_CHOICE, launch__launch_service_provider, "Launch launch provider"),
	FILTER(MATCH_CHOICE, program, "Program"),
};

static const struct ordering orderings[] = {
	BY_TIME(created_on, "Created on"),
};

static const struct fact facts[] = {
	FACT_MOMENT("Written", created_on),
	FACT("By", created_by),
	FACT("News", comment),
	FACT_LINK("Page", info_url),
};

const struct endpoint endpoint_update = {
	.resource = &resource_update,
	.path = "updates",
	.model = "Update",
	.title = "Update",
	.titles = "Updates",
	.noun = "update",
	.nouns = "updates",
	.signature = {"comment", "created_on"},
	.one = NORMAL,
	FILTERS(filters),
	ORDERINGS(orderings),
	.example = "launch__launch_service_provider=121",
	FACTS(facts),
	.upkeep = {.ordering = "created_on", .rank = FILLED_LAST, .recent = RECENT_NEWEST, .by = "created_on", .every = 2, .unhurried = true},
};
