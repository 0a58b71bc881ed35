/* How the lists of the upstream are requested. */
#ifndef LISTS_H
#define LISTS_H

#include "resources/endpoint.h"
#include "upstream/url.h"

/* The ordering of full passes; `id` where the upstream takes it. */
const char *list_ordering(const struct endpoint *list, bool filled);

static inline bool ordering_is_id(const char *ordering)
{
	return ordering[0] == 'i' && ordering[1] == 'd' && ordering[2] == '\0';
}

/* How all of it is requested; the path, without an ordering and a filter. The path's bytes are the caller's. */
#define LIST_PATH_SIZE 128
struct url_list list_request(const struct endpoint *list, const char *upstream,
                             char path[static LIST_PATH_SIZE]);

#endif
