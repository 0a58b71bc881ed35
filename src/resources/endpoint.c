/* The list of endpoints and look-ups in it. */
#include "resources/endpoint.h"

#include "resources/all.h"

const struct endpoint *const endpoints[] = {
#define X(name) &endpoint_##name,
	ENDPOINTS(X)
#undef X
};

const size_t endpoint_count = sizeof(endpoints) / sizeof(endpoints[0]);

const struct endpoint *endpoint_of(const struct resource *resource)
{
	for (size_t i = 0; i < endpoint_count; i++)
		if (endpoints[i]->resource == resource)
			return endpoints[i];
	return NULL;
}

const struct endpoint *endpoint_at(struct text path)
{
	for (size_t i = 0; i < endpoint_count; i++)
		if (text_is(path, endpoints[i]->resource->path))
			return endpoints[i];
	return NULL;
}
