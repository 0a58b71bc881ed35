/* News about a launch, an event or a program. */
#include "fields.h"

static const struct field update_fields[] = {
	ID,
	SCALAR(profile_image, TEXT, ALL_VIEWS, NULLABLE, .description = "Where the picture of who wrote it is."),
	SCALAR(comment, TEXT, ALL_VIEWS, NULLABLE, .description = "What is new."),
	SCALAR(info_url, TEXT, ALL_VIEWS, NULLABLE, .description = "Where a page about it is."),
	SCALAR(created_by, TEXT, ALL_VIEWS, NULLABLE, .description = "Who wrote it."),
	SCALAR(created_on, TIME, ALL_VIEWS, .description = "When it was written."),
};

const struct resource resource_update = {
	NAMED(update),
	VIEW(NORMAL, "Update", NULL),
	FIELDS(update_fields),
};
