/* Which of the server's routes a path leads to. Paths are matched as they are decoded; nothing is
   collapsed, and upper and lower case differ. */
#ifndef HTTP_PATH_H
#define HTTP_PATH_H

#include <stdbool.h>

#include "base/arena.h"
#include "http/text.h"

#define PATH_LIST "/2.3.0/spacecraft_flights/"

enum route {
	ROUTE_NONE,
	ROUTE_LIST,
	ROUTE_FLIGHT,
	ROUTE_THROTTLE,
	ROUTE_ROOT, /* leads to the list */
	ROUTE_SCHEMA,
	ROUTE_DOCS,
	ROUTE_FAVICON,
	ROUTE_ROBOTS,
	ROUTE_HEALTH,
	ROUTE_METRICS,
	ROUTE_UNSERVED, /* a resource, or a list of them, that only the upstream serves */
};

struct path {
	enum route route;
	bool slash_missing;  /* only with a `/` behind it does the path lead there */
	struct text decoded; /* without that slash */
	struct text id;      /* of ROUTE_FLIGHT: not empty, without `/` and `.`, else any text */
};

/* Parts a request's target, of either form (`/path?query`, `http://host/path?query`). The query's
   data is NULL where there is no `?`. */
void path_split_target(struct text target, struct text *path, struct text *query);

/* Finds the route of a path as it was sent. What the result holds is the arena's or the raw path's.
   */
struct path path_route(struct arena *arena, struct text raw);

#endif
