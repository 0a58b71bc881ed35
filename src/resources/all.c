/* The arrays of all resources and endpoints. */
#include "resources/all.h"

const struct resource *const resources[] = {
#define X(name) &resource_##name,
	RESOURCES(X)
#undef X
};

const size_t resource_count = sizeof(resources) / sizeof(resources[0]);

_Static_assert(RESOURCE_COUNT <= RESOURCES_MAX, "there is room for the views of all");

const struct endpoint *const endpoints[] = {
#define X(name) &endpoint_##name,
	ENDPOINTS(X)
#undef X
};

const size_t endpoint_count = sizeof(endpoints) / sizeof(endpoints[0]);

_Static_assert(sizeof(endpoints) / sizeof(endpoints[0]) <= ENDPOINTS_MAX,
               "there is room for the orderings of all");
