/* Looks up endpoints. */
#include "resources/endpoint.h"

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
