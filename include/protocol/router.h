/* Which of the server's routes a path leads to. Paths are matched as they are decoded; nothing is
   collapsed, and upper and lower case differ. */
#ifndef PROTOCOL_ROUTER_H
#define PROTOCOL_ROUTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "resources/endpoint.h"

enum route {
	ROUTE_NONE,
	ROUTE_LIST, /* of an endpoint */
	ROUTE_ROW,  /* one row of an endpoint */
	ROUTE_THROTTLE,
	ROUTE_ROOT, /* which lists there are */
	ROUTE_SPACE, /* the page of what is in space; programs are led to the first endpoint's list */
	ROUTE_CALENDAR,
	ROUTE_FEED,
	ROUTE_SCHEMA,
	ROUTE_DOCS,
	ROUTE_FAVICON,
	ROUTE_ROBOTS,
	ROUTE_HEALTH,
	ROUTE_LIVE,
	ROUTE_READY,
	ROUTE_METRICS,
	ROUTE_UNSERVED, /* a resource, a list or another version that only the upstream serves */
	ROUTE_COUNT
};

struct routed {
	enum route route;
	const struct endpoint *endpoint; /* of ROUTE_LIST and ROUTE_ROW; else NULL */
	bool slash_missing;              /* only with a `/` behind it does the path lead there */
	struct text decoded;             /* the path below the prefix, without that slash */
	struct text id; /* of ROUTE_ROW: not empty, without `/` and `.`, else any text */
};

/* Splits a request's target, of either form (`/path?query`, `http://host/path?query`). The query's
   data is NULL where there is no `?`. */
void target_split(struct text target, struct text *path, struct text *query);

/* Finds the route of a path as it was sent, with or without the prefix, which proxies may take off. What the
   result holds is the arena's or the raw path's. */
struct routed route_path(struct arena *arena, struct text prefix, struct text raw);

/* Whether its answers are made of page data alone (repository/page_data.h), rather than of documents. */
static inline bool route_is_of_page_data(enum route route)
{
	return route == ROUTE_SPACE || route == ROUTE_CALENDAR || route == ROUTE_FEED;
}

/* Whether it is for operators alone, who may have a port of their own for it. */
static inline bool route_is_admin(enum route route)
{
	return route == ROUTE_LIVE || route == ROUTE_READY || route == ROUTE_METRICS;
}

/* Appends what the paths of a route have in common, as counts of requests name it: `/health`,
   `/2.3.0/spacecraft/{id}/`; `upstream` and `other` for ROUTE_UNSERVED and ROUTE_NONE. */
void route_write_pattern(struct strbuf *out, enum route route, const struct endpoint *endpoint);

#endif
