/* A launch's rocket, its configuration and the families of those. */
#include "fields.h"

static const struct field rocket_fields[] = {
	ID,
	REFERENCE(configuration, configuration_id, launcher_configuration, ABSENT, LIST, ABSENT),
};

const struct resource resource_rocket = {
	NAMED(rocket),
	VIEW(NORMAL, "RocketNormal", NULL),
	FIELDS(rocket_fields),
};

static const struct field launcher_configuration_fields[] = {
	RESPONSE_MODE,
	ID,
	OWN_URL,
	SCALAR(name, TEXT, ALL_VIEWS),
	NULLABLE_LIST_OF(families, launcher_configuration_families, launcher_configuration_family,
                         LIST, ABSENT, ABSENT),
	SCALAR(full_name, TEXT, ALL_VIEWS),
	SCALAR(variant, TEXT, ALL_VIEWS),
};

const struct resource resource_launcher_configuration = {
	NAMED(launcher_configuration),
	.path = "launcher_configurations",
	VIEW(LIST, "LauncherConfigList", "list"),
	FIELDS(launcher_configuration_fields),
};

static const struct field launcher_configuration_family_fields[] = {
	RESPONSE_MODE,
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
};

const struct resource resource_launcher_configuration_family = {
	NAMED(launcher_configuration_family),
	VIEW(LIST, "LauncherConfigFamilyMini", "list"),
	FIELDS(launcher_configuration_family_fields),
};
