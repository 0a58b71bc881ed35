/* Routes paths. */
#include "http/path.h"

#include "http/percent.h"
#include "resources/all.h"

enum slash {
	SLASH_NEVER,
	SLASH_ADDED, /* without it, a redirect leads there */
	SLASH_ALWAYS,
};

static const struct {
	const char *bare; /* without a final slash */
	enum slash slash;
	enum route route;
} fixed_routes[] = {
	{"", SLASH_ALWAYS, ROUTE_ROOT},
	{"/2.3.0", SLASH_ALWAYS, ROUTE_ROOT}, /* without it the original knows nothing, nor do we */
	{"/2.3.0/schema", SLASH_ADDED, ROUTE_SCHEMA},
	{"/2.3.0/docs", SLASH_ADDED, ROUTE_DOCS},
	{"/2.3.0/api-throttle", SLASH_ADDED, ROUTE_THROTTLE},
	{"/favicon.ico", SLASH_NEVER, ROUTE_FAVICON},
	{"/robots.txt", SLASH_NEVER, ROUTE_ROBOTS},
	{"/health", SLASH_NEVER, ROUTE_HEALTH},
	{"/metrics", SLASH_NEVER, ROUTE_METRICS},
};

static enum route fixed_route(struct text bare, bool slash_there, bool *slash_missing)
{
	for (size_t i = 0; i < sizeof(fixed_routes) / sizeof(fixed_routes[0]); i++) {
		enum slash slash = fixed_routes[i].slash;

		if (!text_is(bare, fixed_routes[i].bare) ||
		    (slash != SLASH_ADDED && slash_there != (slash == SLASH_ALWAYS)))
			continue;
		*slash_missing = slash == SLASH_ADDED && !slash_there;
		return fixed_routes[i].route;
	}
	return ROUTE_NONE;
}

static const struct resource *resource_at(struct text name)
{
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i]->path && text_is(name, resources[i]->path))
			return resources[i];
	return NULL;
}

static bool is_id(struct text text)
{
	return text.length > 0 && !text_has(text, '/') && !text_has(text, '.');
}

/* VERSION_PATH, the resource's path and, but for a list, an id. */
static enum route resource_route(struct text bare, struct text *id)
{
	const size_t version_length = strlen(VERSION_PATH);
	const struct resource *resource;
	struct text name;

	if (bare.length < version_length || memcmp(bare.data, VERSION_PATH, version_length) != 0)
		return ROUTE_NONE;
	*id = text_from(bare, version_length);
	text_split(id, '/', &name);
	resource = resource_at(name);
	if (!resource || (id->data && !is_id(*id)))
		return ROUTE_NONE;
	if (resource != &resource_spacecraft_flight)
		return ROUTE_UNSERVED;
	return id->data ? ROUTE_FLIGHT : ROUTE_LIST;
}

struct path path_route(struct arena *arena, struct text raw)
{
	struct path path = {.decoded = percent_decode_path(arena, raw)};
	struct text bare = path.decoded;
	bool slash_there = bare.length > 0 && bare.data[bare.length - 1] == '/';

	if (slash_there)
		bare.length--;
	path.route = resource_route(bare, &path.id);
	if (path.route != ROUTE_NONE)
		path.slash_missing = !slash_there;
	else
		path.route = fixed_route(bare, slash_there, &path.slash_missing);
	return path;
}

static bool has_scheme(struct text target)
{
	return (target.length >= 7 && strncasecmp(target.data, "http://", 7) == 0) ||
	       (target.length >= 8 && strncasecmp(target.data, "https://", 8) == 0);
}

void path_split_target(struct text target, struct text *path, struct text *query)
{
	struct text before;

	*query = target;
	text_split(query, '?', path);
	if (!has_scheme(*path))
		return;
	text_split(path, ':', &before);
	*path = text_from(*path, 2);
	text_split(path, '/', &before);
	/* The slash is part of the path; `http://host` and `http://host?query` mean it too. */
	*path = path->data ? (struct text){path->data - 1, path->length + 1} : text_of("/");
}
