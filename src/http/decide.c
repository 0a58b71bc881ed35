/* Applies the rules to a request, one after the other. */
#include "http/decide.h"

#include "http/host.h"
#include "http/integer.h"
#include "http/percent.h"

const struct decision_row decision_rows[DECISION_COUNT] = {
#define X(kind, status, form, text) [DECISION_##kind] = {status, form, text},
	DECISIONS(X)
#undef X
};

static const char *upper_case(struct arena *arena, const char *method)
{
	char *upper;

	if (strpbrk(method, "abcdefghijklmnopqrstuvwxyz") == NULL)
		return method;
	upper = arena_string(arena, method);
	for (char *c = upper; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return upper;
}

/* Sends the client to what was asked for, with something before and behind the path. */
static enum decision_kind redirect(struct decision *decision, enum decision_kind kind,
                                   const char *before, const char *behind, struct arena *arena)
{
	const struct link *link = &decision->link;
	struct strbuf out = STRBUF_INIT;

	strbuf_str(&out, before);
	percent_encode_path(&out, link->path);
	strbuf_str(&out, behind);
	if (link->query.length > 0)
		strbuf_char(&out, '?');
	percent_encode_query(&out, link->query);
	if (out.length <= DECIDE_LOCATION_MOST)
		decision->location = arena_copy(arena, out.data, out.length);
	else
		kind = DECISION_LONG_TARGET;
	strbuf_fini(&out);
	return kind;
}

static bool is_preflight(const struct request *request, const char *method)
{
	return strcmp(method, "OPTIONS") == 0 && request->origin && request->preflight_method;
}

/* Those that the original's framework serves: they negotiate. */
static bool negotiates(enum route route)
{
	return route == ROUTE_LIST || route == ROUTE_FLIGHT || route == ROUTE_THROTTLE;
}

static bool is_throttled(enum route route)
{
	return route == ROUTE_LIST || route == ROUTE_FLIGHT;
}

static enum decision_kind decide_representation(struct decision *decision, const char *accept,
                                                struct arena *arena)
{
	if (!query_parse(arena, decision->link.query, &decision->query))
		return DECISION_TOO_MANY_FIELDS;
	switch (negotiate(decision->query.format, accept, &decision->negotiation)) {
	case NEGOTIATED_BAD_FORMAT:
		return DECISION_BAD_FORMAT;
	case NEGOTIATED_NOT_ACCEPTABLE:
		return DECISION_NOT_ACCEPTABLE;
	case NEGOTIATED:
		break;
	}
	return DECISION_SERVED;
}

/* The filters, which one flight has to pass as well, and then its id. */
static enum decision_kind decide_rows(struct decision *decision, struct text id)
{
	const struct query *query = &decision->query;

	switch (query->filter) {
	case QUERY_FILTER_NUL:
		return DECISION_NUL_SPACECRAFT;
	case QUERY_FILTER_INVALID:
		return DECISION_BAD_SPACECRAFT;
	case QUERY_FILTER_ONE:
		decision->needs_spacecraft = true;
		break;
	case QUERY_FILTER_NONE:
		break;
	}
	if (query->search_nul)
		return DECISION_NUL_SEARCH;
	if (query->term_count > QUERY_TERMS_MOST)
		return DECISION_LONG_SEARCH;
	if (decision->route == ROUTE_FLIGHT && !integer_parse(id, &decision->flight_id))
		return DECISION_BAD_ID;
	return DECISION_SERVED;
}

static enum decision_kind decide_path(struct decision *decision, const struct path *path,
                                      const struct decide_rules *rules, struct arena *arena)
{
	if (path->route == ROUTE_NONE || (path->route == ROUTE_UNSERVED && !rules->upstream))
		return DECISION_NO_ROUTE;
	if (path->slash_missing)
		return redirect(decision, DECISION_MOVED, "", "/", arena);
	if (path->route == ROUTE_ROOT) {
		decision->location = PATH_LIST;
		return DECISION_TO_LIST;
	}
	if (path->route == ROUTE_UNSERVED)
		return redirect(decision, DECISION_TO_UPSTREAM, rules->upstream, "", arena);
	return DECISION_SERVED;
}

static struct text base_of(const struct decision *decision, const struct request *request,
                           const struct decide_rules *rules, struct arena *arena)
{
	char *base;

	if (rules->public_url[0] != '\0')
		return text_of(rules->public_url);
	base = arena_alloc(arena, strlen("https://") + strlen(request->host) + 1);
	stpcpy(stpcpy(base, decision->client.https ? "https://" : "http://"), request->host);
	return text_of(base);
}

static enum decision_kind decide_kind(struct decision *decision, const struct request *request,
                                      const struct decide_rules *rules, struct arena *arena)
{
	struct path path;
	struct text raw_path;
	enum decision_kind kind;

	if (!request->host || !host_is_allowed(text_of(request->host), rules->allowed_hosts))
		return DECISION_BAD_HOST;
	if (is_preflight(request, decision->method))
		return DECISION_PREFLIGHT;
	path_split_target(request->target, &raw_path, &decision->link.query);
	path = path_route(arena, raw_path);
	decision->route = path.route;
	decision->link.path = path.decoded;
	decision->link.base = base_of(decision, request, rules, arena);
	kind = decide_path(decision, &path, rules, arena);
	if (kind == DECISION_SERVED && negotiates(path.route))
		kind = decide_representation(decision, request->accept, arena);
	if (kind != DECISION_SERVED)
		return kind;
	decision->throttled = is_throttled(path.route);
	if (strcmp(decision->method, "GET") != 0 && strcmp(decision->method, "HEAD") != 0)
		return DECISION_BAD_METHOD;
	return is_throttled(path.route) ? decide_rows(decision, path.id) : DECISION_SERVED;
}

void decide(struct decision *decision, const struct request *request,
            const struct decide_rules *rules, struct arena *arena)
{
	*decision = (struct decision){
		.method = upper_case(arena, request->method),
		.client = client_of(request->peer, &rules->trusted_proxies, request->forwarded_for,
	                            request->forwarded_proto),
	};
	decision->kind = decide_kind(decision, request, rules, arena);
}
