/* Routes paths. */
#include "protocol/router.h"

#include "number.h"
#include "percent.h"

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
	{"", SLASH_ALWAYS, ROUTE_SPACE},
	{"/calendar.ics", SLASH_NEVER, ROUTE_CALENDAR},
	{"/feed.atom", SLASH_NEVER, ROUTE_FEED},
	{"/2.3.0", SLASH_ALWAYS, ROUTE_ROOT}, /* the original does not redirect to it */
	{"/2.3.0/schema", SLASH_ADDED, ROUTE_SCHEMA},
	{"/2.3.0/docs", SLASH_ADDED, ROUTE_DOCS},
	{"/2.3.0/api-throttle", SLASH_ADDED, ROUTE_THROTTLE},
	{"/2.3.0/dashboard/starship", SLASH_ADDED, ROUTE_UNSERVED}, /* no list */
	{"/favicon.ico", SLASH_NEVER, ROUTE_FAVICON},
	{"/robots.txt", SLASH_NEVER, ROUTE_ROBOTS},
	{"/health", SLASH_NEVER, ROUTE_HEALTH},
	{"/live", SLASH_NEVER, ROUTE_LIVE},
	{"/ready", SLASH_NEVER, ROUTE_READY},
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

static void write_fixed_pattern(struct strbuf *out, enum route route)
{
	size_t i = 0;

	while (fixed_routes[i].route != route)
		i++;
	strbuf_printf(out, "%s%s", fixed_routes[i].bare,
	              fixed_routes[i].slash == SLASH_NEVER ? "" : "/");
}

void route_write_pattern(struct strbuf *out, enum route route, const struct endpoint *endpoint)
{
	if (route == ROUTE_LIST || route == ROUTE_ROW)
		strbuf_printf(out, VERSION_PATH "%s/%s", endpoint->path,
		              route == ROUTE_ROW ? "{id}/" : "");
	else if (route == ROUTE_NONE || route == ROUTE_UNSERVED)
		strbuf_str(out, route == ROUTE_NONE ? "other" : "upstream");
	else
		write_fixed_pattern(out, route);
}

static bool is_id(struct text text)
{
	return text.length > 0 && !text_has(text, '/') && !text_has(text, '.');
}

/* The part before the last slash, and in *last what is behind it; data NULL: there is no slash. */
static struct text split_last(struct text path, struct text *last)
{
	struct text before = {NULL, 0};

	for (size_t i = path.length; i-- > 0 && before.data == NULL;)
		if (path.data[i] == '/') {
			before = (struct text){path.data, i};
			*last = text_from(path, i + 1);
		}
	return before;
}

/* A list, or one of its rows, below VERSION_PATH; a list at that path wins. */
static void route_endpoint(struct text bare, struct routed *routed)
{
	const size_t version_length = strlen(VERSION_PATH);
	struct text path, list;

	if (bare.length < version_length || memcmp(bare.data, VERSION_PATH, version_length) != 0)
		return;
	path = text_from(bare, version_length);
	routed->route = ROUTE_LIST;
	routed->endpoint = endpoint_at(path);
	if (routed->endpoint)
		return;
	list = split_last(path, &routed->id);
	if (list.data && is_id(routed->id))
		routed->endpoint = endpoint_at(list);
	routed->route = routed->endpoint ? ROUTE_ROW : ROUTE_NONE;
}

/* `/2.2.0/` and what is below it: another version of the API, which only the upstream serves. */
static bool is_other_version(struct text path)
{
	struct text part;
	int64_t minor;

	return text_split(&path, '/', &part) && part.length == 0 && text_split(&path, '.', &part) &&
	       text_is(part, "2") && text_split(&path, '.', &part) && integer_parse(part, &minor) &&
	       minor != 3 && text_split(&path, '/', &part) && text_is(part, "0") && path.data;
}

static struct routed route_decoded(struct text decoded)
{
	struct routed routed = {.decoded = decoded};
	struct text bare = decoded;
	bool slash_there = bare.length > 0 && bare.data[bare.length - 1] == '/';

	if (slash_there)
		bare.length--;
	route_endpoint(bare, &routed);
	if (routed.route != ROUTE_NONE)
		routed.slash_missing = !slash_there;
	else if (is_other_version(routed.decoded))
		routed.route = ROUTE_UNSERVED;
	else
		routed.route = fixed_route(bare, slash_there, &routed.slash_missing);
	return routed;
}

/* Takes the prefix off a path that begins with it; false, with nothing done: it does not. */
static bool take_prefix(struct text *path, struct text prefix)
{
	if (prefix.length == 0 || path->length < prefix.length ||
	    memcmp(path->data, prefix.data, prefix.length) != 0)
		return false;
	if (path->length == prefix.length)
		*path = text_of("/");
	else if (path->data[prefix.length] == '/')
		*path = text_from(*path, prefix.length);
	else
		return false;
	return true;
}

struct routed route_path(struct arena *arena, struct text prefix, struct text raw)
{
	struct text decoded = percent_decode_path(arena, raw);
	struct routed routed = route_decoded(decoded);

	/* Only now: a prefix of /2.3.0 takes no path away from a proxy that has taken it off already. */
	if (routed.route == ROUTE_NONE && take_prefix(&decoded, prefix))
		routed = route_decoded(decoded);
	return routed;
}

static bool has_scheme(struct text target)
{
	return (target.length >= 7 && strncasecmp(target.data, "http://", 7) == 0) ||
	       (target.length >= 8 && strncasecmp(target.data, "https://", 8) == 0);
}

void target_split(struct text target, struct text *path, struct text *query)
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
