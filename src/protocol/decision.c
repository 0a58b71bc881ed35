/* Applies the rules to a request, one after the other. */
#include "protocol/decision.h"

#include "filter_error.h"
#include "filter_value.h"
#include "host.h"
#include "number.h"
#include "percent.h"
#include "resources/all.h"

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

/* Seconds after which a client may come again to a server that is busy or has no database. */
#define DECISION_RETRY_SECONDS 5

/* Redirects to the requested path and query, with something before and behind the path. */
static enum decision_kind redirect(struct decision *decision, enum decision_kind kind,
                                   struct text before, const char *behind, struct arena *arena)
{
	const struct link *link = &decision->link;
	struct strbuf out = STRBUF_INIT;

	strbuf_add(&out, before.data, before.length);
	percent_encode_path(&out, link->path);
	strbuf_str(&out, behind);
	if (link->query.length > 0)
		strbuf_char(&out, '?');
	percent_encode_query(&out, link->query);
	if (out.length <= DECISION_LOCATION_MOST)
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

/* Routes that the original's framework serves negotiate. */
static bool negotiates(const struct routed *routed)
{
	return routed->endpoint || routed->route == ROUTE_THROTTLE || routed->route == ROUTE_ROOT;
}

static enum decision_kind decide_representation(struct decision *decision, const char *accept,
                                                struct arena *arena)
{
	if (!query_parse(arena, decision->link.query, decision->endpoint, &decision->query))
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

static bool has_choice(const struct query *query)
{
	for (size_t i = 0; i < query->condition_count; i++)
		if (match_chooses(query->conditions[i].filter->match))
			return true;
	return false;
}

/* The filters, which a single row has to pass as well, the search, and then the row's id. */
static enum decision_kind decide_rows(struct decision *decision, struct text id,
                                      struct arena *arena)
{
	const struct query *query = &decision->query;
	int64_t integer;

	if (query->condition_count > CONDITIONS_MOST)
		return DECISION_MANY_FILTERS;
	decision->needs_data = has_choice(query);
	if (query->has_errors)
		return DECISION_BAD_FILTER;
	if (query->search_nul)
		return DECISION_NUL_SEARCH;
	if (query->search_long || query->term_count > QUERY_TERMS_MOST)
		return DECISION_LONG_SEARCH;
	if (decision->route == ROUTE_ROW) {
		if (decision->endpoint->resource->uuid) {
			if (!uuid_read(arena, id, &decision->key))
				return DECISION_BAD_ID;
		} else {
			if (!integer_parse(id, &integer))
				return DECISION_BAD_ID;
			decision->key = key_of_integer(integer);
		}
	}
	decision->needs_data = true;
	return DECISION_SERVED;
}

static enum decision_kind redirect_to_list(struct decision *decision, struct arena *arena)
{
	decision->location =
		arena_printf(arena, "%.*s" VERSION_PATH "%s/", (int)decision->link.prefix.length,
	                     decision->link.prefix.data, FLIGHT_ENDPOINT->path);
	return DECISION_TO_LIST;
}

/* The page of what is in space is for browsers; programs are led to the list. */
static enum decision_kind decide_space(struct decision *decision, const char *accept,
                                       struct arena *arena)
{
	enum decision_kind kind = decide_representation(decision, accept, arena);

	if (kind == DECISION_TOO_MANY_FIELDS)
		return kind;
	return kind == DECISION_SERVED && decision->negotiation.renderer == RENDERER_HTML
	               ? DECISION_SERVED
	               : redirect_to_list(decision, arena);
}

/* A calendar may be of one station. */
static enum decision_kind decide_calendar(struct decision *decision, struct arena *arena)
{
	struct text station = link_field(&decision->link, "station", arena);
	int64_t id = 0;

	if (station.length > 0 && (!integer_parse(station, &id) || id == 0))
		return DECISION_BAD_STATION;
	decision->key = key_of_integer(id);
	return DECISION_SERVED;
}

static enum decision_kind decide_page_data(struct decision *decision, const char *accept,
                                           struct arena *arena)
{
	enum decision_kind kind = DECISION_SERVED;

	if (decision->route == ROUTE_SPACE)
		kind = decide_space(decision, accept, arena);
	else if (decision->route == ROUTE_CALENDAR)
		kind = decide_calendar(decision, arena);
	return kind;
}

static enum decision_kind decide_path(struct decision *decision, const struct routed *path,
                                      const struct decision_rules *rules, struct arena *arena)
{
	if (path->route == ROUTE_NONE || (path->route == ROUTE_UNSERVED && !rules->upstream) ||
	    (rules->admin_apart && route_is_admin(path->route)))
		return DECISION_NO_ROUTE;
	if (path->slash_missing)
		return redirect(decision, DECISION_MOVED, decision->link.prefix, "/", arena);
	if (path->route == ROUTE_UNSERVED)
		return redirect(decision, DECISION_TO_UPSTREAM, text_of(rules->upstream), "",
		                arena);
	return DECISION_SERVED;
}

/* Scheme, host and prefix of all urls: those of the settings, else those of the request. */
static void set_base(struct link *link, const struct request *request,
                     const struct decision_rules *rules, struct arena *arena)
{
	const char *base = rules->public_url;
	const char *host;

	if (base[0] == '\0')
		base = arena_printf(arena, "%s%s%.*s",
		                    request->client.https ? "https://" : "http://", request->host,
		                    (int)request->client.prefix.length,
		                    request->client.prefix.data);
	host = strstr(base, "://") + strlen("://");
	link->base = text_of(base);
	link->prefix = text_of(host + strcspn(host, "/"));
}

static enum decision_kind decide_kind(struct decision *decision, const struct request *request,
                                      const struct decision_rules *rules, struct arena *arena)
{
	struct routed path;
	struct text raw_path;
	enum decision_kind kind;

	if (!request->host || !host_is_allowed(text_of(request->host), rules->allowed_hosts))
		return DECISION_BAD_HOST;
	if (is_preflight(request, decision->method))
		return DECISION_PREFLIGHT;
	target_split(request->target, &raw_path, &decision->link.query);
	set_base(&decision->link, request, rules, arena);
	path = route_path(arena, decision->link.prefix, raw_path);
	decision->route = path.route;
	decision->endpoint = path.endpoint;
	decision->link.path = path.decoded;
	kind = decide_path(decision, &path, rules, arena);
	if (kind == DECISION_SERVED && negotiates(&path))
		kind = decide_representation(decision, request->accept, arena);
	else if (kind == DECISION_SERVED && route_is_of_page_data(path.route))
		kind = decide_page_data(decision, request->accept, arena);
	if (kind != DECISION_SERVED)
		return kind;
	decision->throttled = path.endpoint != NULL || route_is_of_page_data(path.route);
	if (strcmp(decision->method, "GET") != 0 && strcmp(decision->method, "HEAD") != 0)
		return DECISION_BAD_METHOD;
	decision->needs_data = route_is_of_page_data(path.route);
	return path.endpoint ? decide_rows(decision, path.id, arena) : DECISION_SERVED;
}

void decide(struct decision *decision, const struct request *request,
            const struct decision_rules *rules, struct arena *arena)
{
	bool acceptable;

	*decision = (struct decision){
		.method = upper_case(arena, request->method),
		.client = request->client,
	};
	decision->kind = decide_kind(decision, request, rules, arena);
	decision->encoding = encoding_choose(request->accept_encoding, &acceptable);
	if (acceptable || decision->kind != DECISION_SERVED)
		return;
	decision->kind = DECISION_NOT_ACCEPTABLE;
	decision->needs_data = false;
	decision->negotiation = (struct negotiation){RENDERER_JSON, 0};
}

/* Adds an error for each choice that names no row. */
static void reject_choices(struct decision *decision, const size_t *unknown)
{
	struct query *query = &decision->query;

	for (size_t i = 0; i < query->condition_count; i++) {
		const struct condition *condition = &query->conditions[i];
		const struct filter *filter = condition->filter;

		if (unknown[i] == 0)
			continue;
		query->errors[filter - decision->endpoint->filters] =
			filter->match == MATCH_CHOICES ? condition->refusals[unknown[i] - 1]
						       : QUERY_NOT_A_CHOICE;
		query->has_errors = true;
	}
}

void decision_conclude(struct decision *decision, const struct findings *findings)
{
	if (decision->throttled && findings->throttle_wait > 0) {
		decision->kind = DECISION_THROTTLED;
		decision->wait = findings->throttle_wait;
	} else if (findings->busy || findings->no_database) {
		decision->kind = findings->busy ? DECISION_BUSY : DECISION_NO_DATABASE;
		decision->wait = DECISION_RETRY_SECONDS;
	} else if (decision->kind >= DECISION_BAD_FILTER) {
		if (findings->unknown_choice)
			reject_choices(decision, findings->unknown_choice);
		if (decision->query.has_errors)
			decision->kind = DECISION_BAD_FILTER;
		else if (decision->kind == DECISION_SERVED && findings->row_missing)
			decision->kind = decision->endpoint ? DECISION_NO_ROW : DECISION_NO_STATION;
	}
	decision->needs_data = false;
}

enum view_id decision_view(const struct decision *decision)
{
	return decision->route == ROUTE_ROW ? decision->endpoint->one : decision->query.view;
}
